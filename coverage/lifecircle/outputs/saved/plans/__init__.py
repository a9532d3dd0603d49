"""Plans as they are saved.

- ``siting_json``: where to build
"""
