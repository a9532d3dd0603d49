"""Plans as they are saved.

- ``siting_json``: where to build; ``edits_json``: what a person tried
- ``reading``: a saved document, read by its type or refused in words
"""
