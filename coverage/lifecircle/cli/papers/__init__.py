"""Papers: what is written of results that are there.

- ``report``: ``lifecircle report``
"""
