"""A province's own files cut into one study a county.

- ``cut``: all of it: read once, a folder a county, what belongs to none listed
- ``streets``: the streets within a county's reach
- ``tables``: rows of a table written as a file of their own
- ``telling``: rows that are no county's, rows of two, counties without rows
- ``homes``: which county each row belongs to, by code, by name, by what it names, by place
- ``unsettled``: rows that several may have, left open in each
- ``naming``: a column for the county, and what only one county has
- ``order``: the list that names the files and the counties; ``study_text``: a study file written
"""
