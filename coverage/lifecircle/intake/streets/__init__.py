"""Streets into a study.

- ``study_streets``: which streets a study names, and whose they are
- ``named_place``: downloaded by the name of a place
- ``crossings``: where streets drawn as lines meet without a junction
- ``squares``: which stretches may lie on one another or cross
- ``days``: which ways are there on the day of judging
- ``words``: which of its words are known
- ``building``: a file put into the form that needs no parsing
- ``kept``: taken from the cache where the same was read before
- ``lines``: read, put right in datum, projected, joined
"""
