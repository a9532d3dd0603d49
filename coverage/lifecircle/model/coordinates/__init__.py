"""Points as pairs of numbers.

- ``projecting``: ways between coordinate systems
- ``near_points``: which points lie near which, of few and of many
"""
