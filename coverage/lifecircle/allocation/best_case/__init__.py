"""Best case: who may be met at once by rooms of which nobody knows whom they serve.

- ``waiting``: who waits for such rooms
- ``ways``: what would meet them
- ``most_met``: how many of them can be met at once; ``every_set``: of few by looking at every set
"""
