"""What is counted of a result for people, before anything is written.

- ``tally``: how many clauses came to what
- ``brief``: what one page says
- ``references``: what stands there for reference only
"""
