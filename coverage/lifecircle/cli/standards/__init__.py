"""``lifecircle standards``: the documents with their clauses, quotes and values.

- ``library``: the commands
- ``one_clause``: a clause with its words and what it needs; ``option_words``: its options, told
"""
