"""What one cell means, where it takes more than a number or a word.

- ``cell_value``: what reading one gives; ``dates``: dates, and the days that a month or a year
  leaves open, as ``days_written`` reads them, ends of something too;
- ``degrees``: longitudes and latitudes as people write them; ``kinds``: the kinds named, and what
  is said beside; ``pairs``: longitude and latitude in one cell;
  ``ended``: words that a place is no more, or not yet; ``clauses``: what stands around such a
  word: its cause, a doubt, what takes it back; ``remarked``: where they, and others
  against a row, stand; ``shut_gates``: against an open gate;
  ``figure_names``: rows told by name, without a code; ``cut_texts``: those that fill a shapefile's
  field; ``zeros``: those that are blanks; ``header_units``: units that headings name;
  ``round_figures``: how far off 约200 may be, and what 不少于300 asks for
"""
