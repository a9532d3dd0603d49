"""Many counties side by side.

- ``folder``: the files of a province, together
- ``drawing``: the map, by county and by street and town; ``parquet``: the same as GeoParquet
- ``workbook``: clauses × counties, for filtering and printing
- ``told``: how a clause is named in both
- ``document``: the same as JSON
"""
