"""Measures of residential areas.

- ``renovated``: old areas renovated; ``elder_share``: how many are old
- ``radius``, ``walk``: how far it is; ``extent``: other ways to be covered
- ``provision``, ``single_minimum``: m² of the account; ``has_facility``: yes or no
- ``stages``: 四同步; ``compliance_rate``: over other clauses
"""
