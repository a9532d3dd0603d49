"""What is asked of siting, without a map.

- ``task``: demand, sites and costs; ``provision``: with sizes
- ``words``: how models and states of an answer are called
"""
