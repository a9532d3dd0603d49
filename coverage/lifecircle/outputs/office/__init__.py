"""Office: what the products write with.

- ``colours``: of statuses, severities and reach groups; ``chart``: curves as SVG
- ``excel``: workbooks and their worksheets; ``cells``; ``bulk``: rows written without a cell each
- ``word``: documents and their tables
- ``picture``: polygons and lines as PNG
- ``page``: HTML out of the templates
"""
