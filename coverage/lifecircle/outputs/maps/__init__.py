"""The gap map: one HTML file that opens by double click and asks the network for nothing.

Reading order: ``draw`` (the whole), ``summary`` and ``areas``, ``facilities``, ``others`` (what is
said of each feature), ``wording`` (numbers and codes in words), ``shapes`` (coordinates), ``page``
(folium, the vendored assets, the refusal of anything external).
"""

from lifecircle.outputs.maps.draw import draw_map

__all__ = ["draw_map"]
