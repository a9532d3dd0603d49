"""What a study says of its maps.

- ``basemap``: tiles behind the page, where it asks for them
- ``map_settings``: who made the map, and its numbers
"""
