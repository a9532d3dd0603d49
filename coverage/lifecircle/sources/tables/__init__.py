"""Tables of every kind, raw: ledgers, layers, databases.

- ``sheet``: sheets of CSV, Excel, WPS and LibreOffice files
- ``choice``: which of a file's sheets or layers are read; ``said``: what is said of the others
- ``header``: where a sheet's header stands
- ``kml``: what is particular to KML
- ``vector``, ``parquet``, ``postgis``: features by GDAL, of Parquet files, of a database
- ``drawing``: DXF, with the encoding and the layers it has
- ``shapefile``: what the files of one say: its table byte by byte, its .prj in GBK
- ``postgis_extra``: that last reader, opened where it is installed
- ``features``: which of them a source asks for
- ``joined``: several tables as one
- ``files``: any table, with every way a file can fail
"""
