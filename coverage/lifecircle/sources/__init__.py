"""The only reader of files: raw tables, street lines and saved assessments with their provenance.

Nothing here knows what a column means or whether a value is right: that is ``intake``'s.
"""
