"""Pure spatial work: geometry in, tables out. After this part a judgement knows no geometry.

In the order of the work: ``walkable``, ``network``, ``snapping``, ``travel`` (streets), ``places``
and ``demand`` (where people are), ``shares`` (straight lines), ``table`` (all of it, per group of
facilities), ``service_area`` and ``diagnosis`` (what the map shows).
"""
