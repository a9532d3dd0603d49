"""Many counties side by side.

- ``folder``: the files of a province, together
- ``workbook``: clauses × counties, for filtering and printing
- ``document``: the same as JSON
"""
