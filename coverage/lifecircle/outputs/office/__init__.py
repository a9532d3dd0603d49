"""Office: what the products write with.

- ``colours``: of statuses, severities and reach groups; ``chart``: curves as SVG
- ``excel``: workbooks and their worksheets; ``cells``; ``bulk``: rows written without a cell each
- ``printing``: worksheets on paper
- ``paper``: how papers look, and what writes them for Word
- ``map_looks``: how every map draws facilities and streets
- ``picture``: polygons and lines as PNG; ``furniture``: scale bar and north arrow on it
- ``page``: HTML out of the templates; ``browser``: PDF of it
"""
