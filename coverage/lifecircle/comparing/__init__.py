"""Comparing: two assessments side by side: what changed, and why.

- ``pairing``: which subject and clause of one side is which of the other
- ``differences``: settings, files and rows that differ; ``directions``: which way a status went
- ``support``: what findings rest on, on both sides
- ``causes``: why one changed
- ``findings``, ``clauses``, ``units``: those that changed
- ``compare`` puts them together
"""
