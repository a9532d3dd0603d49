"""Joins: what belongs to what, by code, name and reference.

- ``names``: one name under several spellings, and near misses
- ``lists``: several names in one cell, and those that share a beginning or an end
- ``boundaries``: a table and a file of outlines, by name
- ``units``: which unit a row belongs to
- ``code_lists``: what a list of units lacks of its county, by the shipped lists or the ledgers
- ``named_units``: which unit a row is of by its own name, where nothing else says
- ``said_units``: which unit a row's cells say, wherever it lies
- ``elders``: persons of a community shared out to its areas
- ``portions``: what part of the rooms a record gives an area, however it is written
- ``served``: several areas written into one cell, and what a cell that was cut leaves of them
- ``beyond``: records that say more than they name
- ``references``: who serves whom, whose gate
- ``earlier_names``: what a facility was called when a document named it
- ``made_ids``: references to ids that are row numbers; who is exempt
- ``places``: positions that the rows themselves show to be nobody's
- ``study_layers``: all layers of a study, joined in turn
"""
