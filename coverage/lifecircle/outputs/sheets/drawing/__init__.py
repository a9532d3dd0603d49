"""Drawing a sheet: the map, what stands on it, and what stands around it.

- ``fonts``: the system's font, cut down; ``canvas``: the page to draw on
- ``ground``, ``surfaces``, ``symbols``: the layers; ``prepared``: all of them, made ready once
- ``labels``, ``marks``: what is printed on the map; ``inset``: the town, where it is small
- ``panel``, ``legend``: the column beside it; ``frame``: title, grid, north, scale, foot
- ``sheet``: one sheet, whole; ``listing``: the list of drawings
"""
