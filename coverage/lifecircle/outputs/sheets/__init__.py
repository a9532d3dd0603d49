"""Map sheets on paper: A3, to scale, for the planning file.

Reading order: ``draw`` (the whole), ``contents`` with ``reach``, ``clauses`` and ``atlas`` (what
each sheet shows), ``sheet`` (one sheet drawn), ``paper`` (millimetres and scale), ``frame``,
``panel``, ``ground``, ``surfaces``, ``symbols``, ``labels``, ``inset``, ``looks``, ``fonts``.

matplotlib (extra ``plot``) is imported here and nowhere else.
"""

from lifecircle.outputs.sheets.draw import FORMATS, SheetSet, draw_sheets

__all__ = ["FORMATS", "SheetSet", "draw_sheets"]
