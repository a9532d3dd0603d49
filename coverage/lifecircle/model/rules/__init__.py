"""What a document asks.

- ``clause``: documents, their clauses and dated versions
- ``options``: what a clause gives its measure, typed; ``measures``: each declared once, as data
  (``measure_spec``), with what the m² account reads (``account_reads``)
- ``rule``: clauses in force on a day, as their readings take them
- ``needs``: which columns a clause cannot be judged without, and which a rule reads
- ``own_checks``: the ids of checks of ours, which stand in no document
- ``form``: the 100-point form
"""
