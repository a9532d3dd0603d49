"""Measures of the county as a whole.

- ``count``, ``sum``, ``ratio``: from the ledgers
- ``indicator``, ``document``: typed, and ticked
"""
