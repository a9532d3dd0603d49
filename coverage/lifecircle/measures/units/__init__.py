"""Measures of administrative units.

- ``unit_coverage``: a facility of one's own; ``placing``: whose a facility is;
  ``passed_over``: what stands there and does not count
- ``one_operator``: all of its facilities entrusted to one organisation
- ``assignment``: service districts; ``hosts``: the facilities that serve them
"""
