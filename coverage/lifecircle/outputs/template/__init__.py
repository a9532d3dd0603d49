"""An empty study to fill in.

- ``columns``: which columns, their headers and notes
- ``guide``: the first worksheet
- ``book``: the workbook
- ``files``: it and ``study.toml`` on disk
"""
