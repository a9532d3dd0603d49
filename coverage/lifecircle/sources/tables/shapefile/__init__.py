"""What a shapefile's own files say that the library which reads them does not.

- ``dbf``: its table: encoding, records marked as deleted, texts that fill their field
- ``carried``: what of that goes along where rows are cut out of it
- ``prj``: its coordinate system in whatever encoding
"""
