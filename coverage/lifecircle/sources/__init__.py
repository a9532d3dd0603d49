"""The only reader of files: raw tables, street lines and features with their provenance.

Nothing here knows what a column means or whether a value is right: that is ``intake``'s. From the
file up:

- ``raw``: what a table reader hands over; ``database``: what names a database
- ``guarded_toml``: settings and rules that a stranger may have written
- ``guards``: whether a file may be opened at all; ``geojson``, ``xml_files``,
  ``flatgeobuf``, ``geopackage``: what GDAL would fetch, drop or dawdle over; ``archives``:
  layers packed into one file
- ``books``: worksheets of every kind of workbook
- ``osm_file``: what the OpenStreetMap reader opens
- ``tables``: ledgers, layers and database tables
- ``streets``: street lines of every kind of file
- ``proposal_file``: a proposal; ``proposal_layers``: one of sheets or layers
- ``rule_sheet``: a county's own rules in Excel
- ``osm_features``: what OpenStreetMap knows of facilities and housing
"""
