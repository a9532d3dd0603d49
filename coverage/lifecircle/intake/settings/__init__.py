"""The study file: its closed keys and its paths.

- ``schema``: the keys, as pydantic models
- ``paths``: where its paths may lead
- ``old_datums``: which systems it may not name
- ``file``: the file read, every mistake at once
"""
