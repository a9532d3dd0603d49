"""Office: what the products write with.

- ``colours``: of statuses, severities and reach groups; ``chart``: curves as SVG
- ``excel``: workbooks, their worksheets and cells
- ``word``: documents and their tables
- ``page``: HTML out of the templates
"""
