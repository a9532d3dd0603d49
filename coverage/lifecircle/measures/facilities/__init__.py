"""Measures of facilities.

- ``facility_share``: what each must have; ``co_location``: what stands beside it
"""
