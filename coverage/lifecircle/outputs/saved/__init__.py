"""Saved results: JSON, GeoPackage and PostGIS, written and read back.

- ``assessment_json``, ``review_json``, ``score_json``, ``comparison_json``, ``plans``: each
  document's type, and how a result becomes one; ``json_text`` writes it
- ``described``: JSON read and checked by a type, and described as a JSON Schema; ``schemas``: those
  that ship
- ``geopackage``, ``qgis_styles``, ``postgis``: layers and tables; ``gpkg``: how what is long stays
  small
- ``files``: the two files of an assessment; ``digests``: what makes them one
- ``restoring``: an Assessment of them; ``refusals``: why they cannot be one
"""
