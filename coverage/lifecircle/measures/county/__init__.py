"""Measures of the county as a whole.

- ``count``, ``sum``, ``ratio``: from the ledgers
- ``idle_sites``, ``out_of_use``, ``shared_rooms``: what there is besides, told in m²
- ``schedule``: which step of a plan runs
- ``indicator``, ``document``: typed, and ticked
"""
