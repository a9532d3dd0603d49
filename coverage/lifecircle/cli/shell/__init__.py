"""What several commands print or say.

- ``side_by_side``: the clauses of several documents
- ``failures``: what could not be written, printed or foreseen, and the exit codes of it
"""
