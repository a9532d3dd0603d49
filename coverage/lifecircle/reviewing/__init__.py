"""Reviewing: one development proposal judged as if it were built.

- ``review``: the whole of it; ``rows``: clause by clause; ``planned``: what stands on the drawing
- ``cures``: the smallest change that helps; ``neighbours``: what it does to others
- ``rooms``: places enlarged or put together; ``single``: until none is too small
- ``tried``: what such a change would make of every clause on rooms
- ``reached``: radius and walk of the plots, wherever on its plot a room stands
- ``doubted``: what is open where positions look like another datum
- ``rounded``: what hangs on a figure that was given about
- ``sketch``: what its sketch shows, and which facilities count
- ``conditions``: what is to be kept to; ``working``: how a required floor area comes about
"""
