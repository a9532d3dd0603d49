"""Map sheets on paper: A3, to scale, for the planning file.

matplotlib (extra ``plot``) is imported here and nowhere else.

- ``paper``: millimetres and scale; ``projection``: scale and system of coordinates in words
- ``looks``: fills and hatches that survive a black-and-white copy
- ``contents``: what each sheet shows
- ``drawing``: one sheet drawn
- ``draw``: all of them, as files
- ``field_forms``: a place on one A4, as its ``place_form`` says, with its ``field_sketch``, in
  the ``faces`` of office papers
"""

from lifecircle.outputs.sheets.draw import FORMATS, SheetSet, check_sheets, draw_sheets

__all__ = ["FORMATS", "SheetSet", "check_sheets", "draw_sheets"]
