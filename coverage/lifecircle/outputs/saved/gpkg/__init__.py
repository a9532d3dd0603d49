"""How ``assessment.gpkg`` keeps what is long, so that a large county's file stays small.

- ``shared_texts``: tables whose texts come again: rows, each text once, and a view of both
- ``packed_lines``: lines of very many vertices, as one packed cell a row
- ``verified``: whether everything that was to be written is in the file
"""
