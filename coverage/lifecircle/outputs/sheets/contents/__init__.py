"""What stands on the sheets, before anything is drawn.

- ``content``: what one sheet is; ``lists``: its tables
- ``now``, ``reach``, ``gap``, ``clauses``, ``atlas``: a kind of sheets each
- ``order``: all of them, as in a file
"""
