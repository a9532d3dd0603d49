"""What rests on positions that look like another datum.

- ``homes``: the study with those positions where the other datum has them
- ``positions``: clauses marked that rest on them, and open where they decide; ``reach``: so is it
"""
