"""Streets into a study.

- ``study_streets``: which streets a study names, and whose they are
- ``named_place``: downloaded by the name of a place
- ``crossings``: where streets drawn as lines meet without a junction
- ``words``: which of its words are known
- ``lines``: read, put right in datum, projected, joined
"""
