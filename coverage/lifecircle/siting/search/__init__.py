"""What every model of siting searches with.

- ``swapping``: choices by adding and exchanging sites; ``walks``: the same for walks
- ``branching``: walks with few sites, branch by branch
- ``part_search``: places and sizes of one part; ``sizing``: sizes as a programme
- ``reduction``: smaller matrices with the same answers
- ``programme``: integer programmes, handed to the solver
- ``allowance``: how much may be built; ``effort``: how far a search goes
"""
