"""Hand-over: what goes to towns, archives and other systems, out of a result.

- ``visits``: what has to be looked at on site, place by place
- ``forms``: the field sheets, as a PDF and as a workbook
- ``schedule``: what every town reports month by month; ``evidence``: which papers stand behind what
- ``findings_csv``: every finding as a table; ``exchange``: shapefiles and a file geodatabase
- ``folder``: all of them, named for the archive
"""
