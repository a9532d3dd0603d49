"""The street network of one profile.

- ``walkable``: which ways people may use
- ``posts``: gates and walls on ways, which cut them
- ``squares``: their rim, and the straight ways across
- ``profiles``: what a metre of each costs, on foot and by car
- ``ferries``: joined to the streets they land at
- ``graph``: lines to a graph
- ``kept``: what of both is kept between runs
- ``islands``: parts that water cuts off
"""
