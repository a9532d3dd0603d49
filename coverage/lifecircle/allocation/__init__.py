"""Allocation: who gets whose spare m², as far as it goes, and proof of how well.

- ``exchange``: spare m² and areas still short, as a network
- ``certain``: who is filled in every best distribution, or in none
- ``served``: which areas to fill where there is not enough
- ``classes``: the areas of one part that are alike; ``limits``: sets of facilities with too little;
  ``climbing``: areas taken in turn and exchanged, ``closing``: exchanges that come to the bound;
  ``programme``: the integer programme, and ``flows``: the same with its flows written out
- ``solver``: HiGHS; ``silence``: what a library prints
- ``outright``: the same of small parts, set by set; ``remembered``: parts seen before
- ``best_case``: who may be met at once by rooms of which nobody knows whom they serve
- ``sharing``: the whole of it, the same whatever order the rows come in
"""
