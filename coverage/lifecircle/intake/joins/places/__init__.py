"""Positions that the rows themselves show to be nobody's.

- ``stacks``: places of different names on one point
- ``contradicted``: places far from where the row says that it belongs
"""
