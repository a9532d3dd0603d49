"""What stands on the sheets, before anything is drawn.

- ``content``: what one sheet is; ``lists``: its tables
- ``now``, ``reach``, ``gap``, ``planned``, ``clauses``, ``atlas``: a kind of sheets each
- ``extent``: how much ground they show, and what lies beyond it
- ``order``: all of them, as in a file
"""
