"""Where to build, and how big: choices on tables of costs, without a map.

From the question up:

- ``answering``: which model is asked, and what its choice is worth by the table
- ``cover_all``, ``cover_most``, ``least_walking``, ``worst_off``: the four textbook models
- ``provision``: places and their sizes, for deficits in m²
- ``swapping``: choices by adding and exchanging sites; ``walks``: the same for walks
- ``branching``: walks with few sites, branch by branch
- ``reduction``: smaller matrices with the same answers
- ``sizing``: sizes as a programme
- ``programme``: integer programmes, handed to the solver
- ``allowance``: how much may be built; ``effort``: how far a search goes
"""
