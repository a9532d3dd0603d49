"""Pure spatial work: geometry in, tables out. After this part a judgement knows no geometry.

In the order of the work: ``walkable``, ``profiles``, ``ferries``, ``network``, ``islands`` (the
streets), ``snapping``, ``legs``, ``travel``, ``pairs``, ``route`` (walks), ``demand`` (where
people are), ``shares`` (straight lines), ``context`` (all of it prepared once), ``walks`` and
``table`` (the reach of one group of facilities), ``gates``, ``gaps``, ``repair``, ``diagnosis``
(what may be wrong with the streets) and ``service_area`` (what the map shows).
"""
