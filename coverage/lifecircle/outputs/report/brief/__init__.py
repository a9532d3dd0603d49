"""The one page: what fails, the worst places, what is not known, what it takes, and where.

- ``situation``: its map
- ``suppliers``: who is asked for what is not known
- ``told``: its words
- ``page``: as a page to print; ``document``: for Word
"""
