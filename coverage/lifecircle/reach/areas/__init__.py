"""Areas: where people walk from, what a radius covers, how far the streets carry.

- ``demand``: demand points and gates of an area
- ``inside``: walks that need no street
- ``shares``: straight lines and exact shares
- ``service_area``: what the map shows
"""
