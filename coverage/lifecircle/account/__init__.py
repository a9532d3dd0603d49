"""The m² account: what each area requires and has, each m² once.

- ``requirement``: what a quota asks; ``estates``: which of them a name speaks of
- ``naming``: what place, name and record say, and in how many ways a name can be read
- ``ownership``: whose rooms are whose (A39); ``places``: own rooms, place by place
- ``records``: what service records make own or shared, however a name in them is read
- ``terms``: who may take m² of others, how far, from how large a place; ``sums``: m² added up
- ``prepared``: the account up to what is shared; ``account``: the whole of it
- ``parts``: what is linked, and the part of a county that a change can touch
- ``doubts``: what the unknowns leave open; ``waits``: who waits for rooms that may be others' too
- ``gaps``: the least that cures a lack; ``notes``: what stands near and does not count
"""
