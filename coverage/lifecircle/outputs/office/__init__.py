"""Office: what the products write with.

- ``colours``: of statuses, severities and reach groups; ``chart``: curves as SVG
- ``excel``: workbooks and their worksheets; ``cells``; ``bulk``: rows written without a cell each
- ``typeface``: fonts, sizes and margins; ``word``: forms and their tables
- ``manuscript``: papers, written from top to bottom; ``styles``: theirs
- ``picture``: polygons and lines as PNG
- ``page``: HTML out of the templates; ``browser``: PDF of it
"""
