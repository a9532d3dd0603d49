"""Layers of a result, drawn when they are asked for.

- ``results``: areas, facilities, units and sites with all that was found
- ``verdicts``: which clause stands for an area, and how it came out
- ``lists``: where radius and walk disagree, and what would flip; ``routes``: the walks too long
- ``planned``: facilities that a siting plan builds
- ``districts``: service districts, a line each, and as they are drawn
- ``strung``: very many streets in few rows
- ``shapes``: what is drawn only; ``diagnosis``, ``stray``, ``unknown_ways``: what the streets may
  have wrong
"""
