"""Pure spatial work: geometry in, tables out. After this part a judgement knows no geometry.

In the order of the work: ``walkable``, ``network``, ``snapping``, ``travel`` (streets), ``demand``
(where people are), ``shares`` (straight lines), ``context`` (all of it prepared once), ``table``
(the reach of one group of facilities), ``diagnosis`` and ``service_area`` (what the map shows).
"""
