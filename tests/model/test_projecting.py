"""Ways between coordinate systems: those of pyproj, each looked up once."""

import pytest
from pyproj import CRS, Transformer

from lifecircle.model.coordinates.projecting import way_between

PAIRS = [
    ("EPSG:4326", "EPSG:4548"),
    ("EPSG:4548", "EPSG:4490"),
    ("EPSG:4326", "EPSG:4490"),
    ("EPSG:4548", "EPSG:4326"),
    ("EPSG:4490", "EPSG:4326"),
    ("EPSG:4326", "EPSG:4507"),
]


@pytest.mark.parametrize(("origin", "target"), PAIRS)
def test_a_way_is_the_one_that_pyproj_knows(origin, target):
    place = (480_000.0, 3_850_000.0) if origin == "EPSG:4548" else (116.8, 34.8)
    own = Transformer.from_crs(origin, target, always_xy=True)
    found = way_between(origin, target)
    assert found.transform(*place) == own.transform(*place)
    assert found.definition == own.definition  # also where PROJ is spared its search


def test_a_way_is_looked_up_once_however_its_ends_are_named():
    named = way_between("EPSG:4326", "EPSG:4548")
    assert way_between(CRS(4326), CRS("EPSG:4548")) is named
    assert way_between("EPSG:4548", "EPSG:4326") is not named
