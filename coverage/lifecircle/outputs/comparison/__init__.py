"""Two assessments side by side, for offices; the map of them is drawn by the maps' room.

- ``workbook``: ``compare.xlsx``
"""
