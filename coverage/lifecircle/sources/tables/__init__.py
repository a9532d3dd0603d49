"""Tables of every kind, raw: ledgers, layers, databases.

- ``sheet``: sheets of CSV, Excel, WPS and LibreOffice files
- ``header``: where a sheet's header stands; ``formula_cells``: formulas never computed
- ``vector``, ``parquet``, ``postgis``: features by GDAL, of Parquet files, of a database
- ``postgis_extra``: that last reader, opened where it is installed
- ``features``: which of them a source asks for
- ``files``: any table, with every way a file can fail
"""
