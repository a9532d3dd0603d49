"""What is wrong with a study.

- ``ledger_copy``: the officer's ledgers back, their cells marked
- ``take``: a corrected copy handed back; ``patch``: cells of a workbook changed in place; ``grid``:
  what stands in them
- ``rows``: whole rows taken out or put in
- ``page``: ``check.html``
"""
