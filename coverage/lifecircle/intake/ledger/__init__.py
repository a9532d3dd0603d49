"""Ledgers: headers, values and rows of the officers' tables, normalised.

- ``mojibake``: text that was garbled before
- ``columns``: which header is which column; ``cuts``: headers that a shapefile cut
- ``degrees``, ``values``: what one cell means
- ``examples``: the rows of a template; ``remarks``: rows that are no records
- ``rows``: all of them; what cannot be used is set aside
"""
