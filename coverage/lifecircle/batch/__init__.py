"""Many counties: one errand each, on the processors of this machine or on a Dask cluster.

- ``batch``: the whole run: what is to be done, done and reported
- ``province``: the results put side by side, rates summed
- ``outlines``: the shapes by which a province is drawn
- ``cluster``: on Dask; ``pool``: in processes of the standard library
- ``record``: the states of all counties, kept for the next run
- ``county``: one county read, judged and written, on whatever machine
- ``standing``: what a county's result rests on, and whether it is there already
- ``troubles``: why a county has no result, in words
- ``roster``: the list of the counties
- ``cutting``: files of a whole province, cut into one study a county
"""
