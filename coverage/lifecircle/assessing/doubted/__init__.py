"""What rests on positions that look like another datum.

- ``positions``: clauses marked that rest on them, and open where they decide; ``reach``: so is it
"""
