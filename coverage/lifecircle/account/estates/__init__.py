"""Estates: which of them a facility's name or address speaks of.

- ``beside``: whether what stands beside a name leaves it the estate's
- ``names``: the names of estates, looked up in what facilities are called
"""
