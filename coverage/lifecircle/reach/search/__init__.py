"""Searches: positions on streets, and the cheapest ways between them.

- ``snapping``: places to positions on edges
- ``rough``: the streets that may be nearest to a place
- ``posted``: places beside gates: who steps through, who is kept behind
- ``legs``: from a position to its edge's ends, and along it
- ``near``: the nodes that a walk may touch
- ``order``: sorting by several keys
- ``pairs``: all pairs within a limit
- ``travel``: the nearest facility
- ``route``: the way a walk takes
"""
