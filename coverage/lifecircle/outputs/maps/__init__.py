"""Maps as one HTML file each, which opens by double click and asks the network for nothing.

- ``shapes``: coordinates; ``pack``, ``columns``: long columns as binary arrays
- ``labels``: rows of popups
- ``areas``, ``facilities``, ``clauses``, ``overlays``, ``proposed``: what is said of each feature
- ``ground``: streets, barriers, reach; ``summary``: the card
- ``page``: folium, the vendored assets, the refusal of anything external
- ``draw``: the gap map; ``difference``: the map of a comparison
"""

from lifecircle.outputs.maps.draw import draw_map

__all__ = ["draw_map"]
