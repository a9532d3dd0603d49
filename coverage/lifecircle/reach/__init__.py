"""Pure spatial work: geometry in, tables out. After this part a judgement knows no geometry.

In the order of the work:

- ``network``: the streets as a graph of one profile
- ``search``: positions on it, and the cheapest ways between them
- ``areas``: where people walk from, what a radius covers, how far the streets carry
- ``diagnosis``: what may be wrong with the streets; ``journeys``: times to a district's host (A33)
- ``leaving``: by which gates people leave an area
- ``context``: what all groups of facilities share, prepared once
- ``walks``, ``table``: the reach of one group of facilities, over the unknowns; ``doubts``: what of
  the streets leaves it open; ``given``: walks from a table that the study hands in
- ``rounded``: the same over all that few decimals of coordinates leave open
- ``again``: the same after a change of some facilities, of the areas it touches
- ``alone``: the way from every area to every place of a choice
- ``mending``: gates to find and gaps to join, as the study asks
"""
