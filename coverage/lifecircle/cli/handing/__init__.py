"""What is made of a result that is there, or of a study judged for it.

- ``results``: the result, saved or judged now
- ``export``: ``lifecircle export``: files for towns, archives and other systems
- ``report``: ``lifecircle report``: page, Word and PDF
"""
