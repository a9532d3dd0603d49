"""Plans as they are saved.

- ``siting_json``: where to build
- ``reading``: a saved document, read by its type or refused in words
"""
