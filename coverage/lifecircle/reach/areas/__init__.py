"""Areas: where people walk from, what a radius covers, how far the streets carry.

- ``demand``: demand points and gates of an area
- ``exits``: private gates and ways, for those who live behind them
- ``inside``: walks that need no street
- ``shares``: straight lines and exact shares
- ``trails``: lines laid end to end
- ``faces``: blocks that lines enclose
- ``surface``: what lies beside streets
- ``service_area``: what the map shows
"""
