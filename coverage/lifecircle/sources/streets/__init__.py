"""Street lines of every kind of file.

- ``lines``: what is a street, what a barrier, and how lines are packed
- ``osm``, ``graphml``, ``layer``: OpenStreetMap files, OSMnx's graphs, line layers
- ``packed``: lines as a file of arrays, which needs no parsing
- ``layer_tags``: what the columns of a line layer say
- ``day_columns``: which of them tell the day of a way's opening or closing
- ``place_download``: a named place, downloaded and kept
"""
