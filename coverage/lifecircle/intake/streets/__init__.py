"""Streets into a study.

- ``study_streets``: which streets a study names, and whose they are
- ``named_place``: downloaded by the name of a place
- ``lines``: read, put right in datum, projected, joined
"""
