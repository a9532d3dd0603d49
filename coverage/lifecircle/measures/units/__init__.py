"""Measures of administrative units.

- ``unit_coverage``: a facility of one's own; ``placing``: whose a facility is
- ``assignment``: service districts; ``hosts``: the facilities that serve them
"""
