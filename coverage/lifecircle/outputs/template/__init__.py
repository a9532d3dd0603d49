"""An empty study to fill in.

- ``columns``: which columns, their headers and notes
- ``guide``: the first worksheet
- ``book``: the workbook
- ``proposal``: the workbook of a development proposal, which is of no study
- ``files``: it and ``study.toml`` on disk
"""
