"""Scoring: the 100-point self-assessment form, filled in.

- ``answers``: the evidence, part by part; ``relations``: answers that hang on others
- ``parts``: the points of one part; ``score``: the whole form
- ``rounded``: clauses of the form's own that hang on a round figure
"""
