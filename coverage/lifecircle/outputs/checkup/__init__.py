"""What is wrong with a study.

- ``ledger_copy``: the officer's ledgers back, their cells marked
- ``page``: ``check.html``
"""
