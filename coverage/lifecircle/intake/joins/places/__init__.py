"""Positions that the rows themselves show to be nobody's.

- ``stacks``: places of different names on one point
- ``pool``: the rows of areas and facilities together
- ``slipped``: places some kilometres outside the unit of their row, and alone there
- ``contradicted``: places far from where the row says that it belongs
- ``rough``: rooms of rounded coordinates that may stand by an area all the same
"""
