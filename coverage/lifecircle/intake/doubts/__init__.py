"""Doubts: what the layers say about each other that can hardly be right; nothing is changed.

- ``overlaps``: outlines over each other
- ``plausibility``: rows far off, outside, entered twice, stacked
- ``scrutiny``: both, for all layers of a study
- ``wholes``: parts of a row larger than their whole, these alone are taken as not known; canteens
  of whose services nobody said a word
- ``suspicion``: whether a layer lies in another datum than it says
- ``paired``: the same, row by row, of rows that say where they belong; ``ledgers``: those under
  every choice of datums
- ``links``: rows that say where they belong, ``crowd``: places around them, ``models``: of both,
  ``weights``: what is thought of a layer by them, and of homes and facilities together
- ``orders``: which rows of a ledger came from another source; ``towns``: did a town send in all of
  its rows so; ``strays``: how far rows lie from their unit
- ``unseen``: of which positions nothing says whether they lie right, and of which half
- ``bonds``: what must be true of two layers that lie right, for that
"""
