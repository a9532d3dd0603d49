"""What a document asks.

- ``clause``: documents, their clauses and dated versions
- ``needs``: which columns a clause cannot be judged without
- ``form``: the 100-point form
"""
