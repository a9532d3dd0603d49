"""Where to build, and how big: choices on tables of costs, and plans of a study.

From the question up:

- ``planning``: a plan of a study, judged before and after; ``plans``: what it is made from
- ``ranking``: the next best choices, the order of building, what each site gains
- ``answering``: which model is asked, and what its choice is worth by the table
- ``cover_all``, ``cover_most``, ``least_walking``, ``worst_off``: the four textbook models
- ``districts``: which unit goes to which host
- ``provision``: places and their sizes, for deficits in m²
- ``search``: what all of them search with
"""
