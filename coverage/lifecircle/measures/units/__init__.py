"""Measures of administrative units.

- ``unit_coverage``: a facility of one's own; ``placing``: whose a facility is
- ``one_operator``: all of its facilities entrusted to one organisation
- ``assignment``: service districts; ``hosts``: the facilities that serve them
"""
