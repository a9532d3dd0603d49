"""What several commands print or say.

- ``side_by_side``: the clauses of several documents; ``site_plan``: where to build
- ``failures``: what could not be written, printed or foreseen, and the exit codes of it
- ``spared``: parts of libraries that are not loaded where nothing asks for them
"""
