"""Estates: which of them a facility's name or address speaks of.

- ``beside``: whether what stands beside a name leaves it the estate's
- ``claims``: which areas place or name speak for, and how well
- ``cures``: what is the matter where it is open whose rooms are
- ``names``: the names of estates, looked up in what facilities are called
- ``twice``: estates that may stand on two rows: whose rooms are if they are one, and if two
"""
