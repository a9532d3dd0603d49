"""Ledgers: headers, values and rows of the officers' tables, normalised.

- ``mojibake``: text that was garbled before
- ``columns``: which header is which column; ``cuts``: headers that a shapefile cut
- ``cells``, ``values``: what one cell means
- ``examples``: the rows of a template; ``remarks``: notes and totals
- ``furniture``: column numbers, units, headers and tables below; ``sums``: what a total adds up
- ``groups``: a town that may be written once; ``uneven``: lines with too many cells or too few
- ``numbering``: codes that begin anew on every sheet
- ``records``: which lines are records, by all of these
- ``repeats``: ids that are missing or taken, and what a repeated row says
- ``rows``: all of them; what cannot be used is set aside
"""
