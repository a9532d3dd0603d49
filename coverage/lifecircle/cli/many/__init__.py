"""``lifecircle batch``: many counties, one errand each.

- ``command``: the command; ``summary``: what it prints at the end; ``bar``: while it runs
"""
