"""Positions: where the rows of a layer are, in one projected CRS.

- ``systems``: which coordinate system a layer's numbers are in
- ``datum``: the shift of Chinese web maps, undone
- ``row_datums``: the datum of each row, where a column says it
- ``decimals``: degrees with too few of them
- ``packed``: degrees, minutes and seconds written as one number
- ``locating``: the shapes of the rows, as the file has them
- ``outlying``: rows and layers where no county can have them
- ``projection``: the one CRS of a study
- ``shapes``: the shapes in it, repaired
- ``of_sites``: rows without a position, where the others of their sites stand
- ``seats``: the points of administrative units
"""
