"""What would not be seen: positions of which nothing says in which datum they are.

- ``halves``: would it show if half of a ledger lay in another datum?
- ``untested``: of which positions nothing says whether they lie right
"""
