"""The one page: what fails, the worst places, what is not known, what it takes, and where.

- ``situation``: its map
- ``told``: its words
- ``page``: as a page to print; ``document``: for Word
"""
