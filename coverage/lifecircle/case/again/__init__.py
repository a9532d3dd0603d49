"""Again: what a change of a case leaves as it is, and what has to be judged again.

- ``made_from``: whether tables, or quotas, are made from the same
- ``touched``: of which areas a rule may find something else
- ``redrawn``: the m² account of the part of a county that a change can touch
"""
