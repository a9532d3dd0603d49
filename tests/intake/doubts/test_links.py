"""Rows say a town or a village; outlines are those of towns, of villages, or of both.

Two towns, each a square of 2 km: the western of two villages, 1 km wide, the eastern of one.
"""

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from lifecircle.intake.doubts.links import Link, Off, level, members, once
from lifecircle.intake.joins.said_units import said_units
from lifecircle.intake.joins.units import UnitIndex
from lifecircle.model.inputs.layers import Layer

CRS = "EPSG:4548"
WEST, EAST = "370828101", "370828102"
SHAPES = {
    WEST: shapely.box(0, 0, 2000, 2000),
    EAST: shapely.box(2000, 0, 4000, 2000),
    f"{WEST}201": shapely.box(0, 0, 1000, 2000),
    f"{WEST}202": shapely.box(1000, 0, 2000, 2000),
    f"{EAST}201": shapely.box(2000, 0, 4000, 2000),
}
NAMES = dict(zip(SHAPES, ["西镇", "东镇", "甲村", "乙村", "丙村"], strict=True))
PLACES = [(500, 500), (1500, 500), (3000, 500)]
VILLAGES = [f"{WEST}201", f"{WEST}202", f"{EAST}201"]
TOWNS = [WEST, WEST, EAST]
NONE = [None, None, None]


def units(*outlined):
    """Return the units, with the outlines of towns (9 digits) or villages (12), or both."""
    frame = gpd.GeoDataFrame(
        {
            "name": NAMES.values(),
            "level": ["township", "township", *["community"] * 3],
            "unit_type": ["town", "town", *["village"] * 3],
        },
        geometry=[shape if len(code) in outlined else None for code, shape in SHAPES.items()],
        index=pd.Index(SHAPES, name="id"),
        crs=CRS,
    )
    return Layer("units", frame)


def rows(unit, community):
    frame = gpd.GeoDataFrame(
        {"unit": pd.Series(unit, dtype=object), "community": pd.Series(community, dtype=object)},
        geometry=shapely.points(PLACES),
        crs=CRS,
    )
    return Layer("facilities", frame.set_axis(pd.Index(["F0", "F1", "F2"], name="id")))


def areas(unit, community, *outlined):
    """Return the km² of the territory that each row is held against."""
    layers = {"units": units(*outlined), "facilities": rows(unit, community)}
    said = said_units(layers["facilities"].frame, UnitIndex(layers["units"]))
    found = list(members(layers, {"facilities": said}))
    return [round(shape.area / 1e6, 6) for link in found for shape in link.targets]


@pytest.mark.parametrize(
    ("unit", "community"),
    [
        (TOWNS, NONE),
        (["西镇", "西镇", "东镇"], NONE),
        (NONE, TOWNS),
        (VILLAGES, NONE),
        (NONE, VILLAGES),
        (NONE, ["甲村", "乙村", "丙村"]),
        (TOWNS, VILLAGES),
        ([WEST, VILLAGES[1], None], [None, None, "丙村"]),
    ],
)
@pytest.mark.parametrize("outlined", [(9,), (12,), (9, 12)])
def test_however_a_row_says_its_unit_it_is_held_against_it(unit, community, outlined):
    """A town without an outline is its villages; a village without one says its town."""
    cells = zip(unit, community, strict=True)
    village = [bool({*VILLAGES, "甲村", "乙村", "丙村"} & {*both}) for both in cells]
    narrow = {True: (2.0, 2.0, 4.0), False: (4.0, 4.0, 4.0)}
    expected = [narrow[said and 12 in outlined][n] for n, said in enumerate(village)]
    assert areas(unit, community, *outlined) == expected


def test_a_town_of_which_one_village_has_no_outline_is_not_known():
    """What lies in the village that is missing would seem to lie outside its town."""
    layers = {"units": units(12), "facilities": rows(TOWNS, NONE)}
    layers["units"].frame.loc[VILLAGES[0], "geometry"] = None
    said = said_units(layers["facilities"].frame, UnitIndex(layers["units"]))
    (link,) = members(layers, {"facilities": said})
    assert link.rows.tolist() == [2]  # of the eastern town all villages are known


def test_what_no_unit_bears_says_nothing_though_it_lies_in_one():
    """A unit found by the position would agree with it, wherever it lies."""
    cells = pd.DataFrame(
        {"unit": ["北镇", None, f"{WEST}999"], "community": [None, "丁村", None]}, dtype=object
    )
    said = said_units(cells, UnitIndex(units(9, 12)))
    assert said.to_numpy().tolist() == [[None, None], [None, None], [WEST, None]]


def test_a_layer_without_columns_of_units_says_nothing_there():
    """Gates have neither; candidate sites may have the town alone."""
    known = UnitIndex(units(9, 12))
    bare = said_units(pd.DataFrame({"name": ["北门", "南门"]}, dtype=object), known)
    assert bare.to_numpy().tolist() == [[None, None], [None, None]]
    towns = said_units(pd.DataFrame({"unit": [WEST]}, dtype=object), known)
    assert towns.to_numpy().tolist() == [[WEST, None]]


def test_facilities_of_one_office_count_once_together():
    """Two of a unit 50 m from each other, one of another between them, one 70 m off."""
    points = np.array([(0, 0), (50, 0), (20, 0), (120, 0)], dtype=float)
    units = np.array(["1", "1", "2", "1"], dtype=object)
    assert once(points, units).tolist() == [0.5, 0.5, 1.0, 1.0]


@pytest.mark.parametrize(("away", "counts"), [(60.0, [0.5, 0.5]), (60.1, [1.0, 1.0])])
def test_an_office_is_sixty_metres_wide(away, counts):
    points, units = np.array([(0, 0), (away, 0)]), np.array(["1", "1"], dtype=object)
    assert once(points, units).tolist() == counts


def drawn(off, here=lambda _: 0.0, times=2):
    """Return homes of nine squares of 1 km, and outlines ``off`` m east.

    ``times`` as many as three in each, 100 m from the west border, in the middle, 100 m from the
    east; ``here``: how far east of that the home of a number was read.
    """
    corners = [(1000.0 * i, 1000.0 * j) for i in range(3) for j in range(3)]
    shapes = [shapely.box(x + off, y, x + off + 1000, y + 1000) for x, y in corners]
    places = [(x + east, y + 500) for x, y in corners for east in (100, 500, 900)]
    points = np.array([(x + here(n), y) for n, (x, y) in enumerate(places)])
    targets = np.tile(np.array(shapes, dtype=object).repeat(3), times)
    rows = np.arange(27 * times)
    points = np.tile(points, (times, 1))
    return Link("residential", "units", rows, points, targets, np.zeros(27 * times))


def levelled(link, datum_m, *more):
    """Return how many rows are in their unit as read, and then; a datum lies so far east.

    ``more``: links of other ledgers to the outlines.
    """
    read = {"residential": "wgs84", "units": "wgs84"}

    def vectors(points, _, real):
        return np.tile([datum_m if real == "gcj02" else 9000.0, 0.0], (len(points), 1))

    (found, *_), off = level([link, *more], read | {one.layer: "wgs84" for one in more}, vectors)
    assert (off is None) == (found is link)
    if off is not None and not more:
        assert (off.total, off.out, off.come, off.left) == (54, 18, 18, 0) or off.total < 28
    none = np.zeros(2)
    return int(link.fits(none, 40.0).sum()), int(found.fits(none, 40.0).sum())


@pytest.mark.parametrize(
    ("case", "datum_m", "expected"),
    [
        ({"off": 0}, 600.0, (54, 54)),
        ({"off": 60}, 600.0, (54, 54)),  # within a line's width
        ({"off": 250}, 600.0, (36, 54)),  # 18 of the west are out; no datum brings them all
        ({"off": 250}, -600.0, (36, 54)),
        ({"off": 250, "times": 1}, 600.0, (18, 18)),  # nine: as well some that a datum brings
        ({"off": 250, "times": 1}, 1200.0, (18, 27)),  # which this does not
        ({"off": 250}, 250.0, (36, 36)),  # as a datum would have them: it is asked
        ({"off": 250}, -250.0, (36, 36)),  # as one of the homes would
        # every other home 250 m east: of the middle and the west none leaves, of the east half
        ({"off": 0, "here": lambda n: 250.0 * (n % 2)}, 600.0, (46, 46)),
        ({"off": 0, "here": lambda n: 250.0 * (n // 3 % 2)}, 600.0, (46, 46)),
    ],
)
def test_outlines_that_all_lie_off_are_put_right_before_a_datum_is_asked(case, datum_m, expected):
    assert levelled(drawn(**case), datum_m) == expected


@pytest.mark.parametrize(("west", "then"), [(5, 18), (6, 24)])
def test_six_rows_that_come_into_their_unit_are_enough(west, then):
    """Of nine near the west border so many are in the ledger, with all others of 250 m."""
    whole = drawn(250, times=1)
    kept = np.array([n % 3 > 0 or n // 3 < west for n in range(27)])
    some = dataclasses.replace(
        whole, rows=whole.rows[kept], points=whole.points[kept], targets=whole.targets[kept]
    )
    some = dataclasses.replace(some, reach=some.reach[kept])
    assert levelled(some, 9000.0) == (18, then)


@pytest.mark.parametrize(("east_m", "then"), [(1000.0, 18), (600.0, 27)])
def test_outlines_stay_where_more_rows_of_one_ledger_would_leave_than_come(east_m, then):
    """One facility of the first square, which lies from 250 to 1250 m: it is in it, and leaves."""
    homes = drawn(250, times=1)
    at = np.array([[250.0 + east_m, 500.0]])
    rooms = Link("facilities", "units", np.arange(1), at, homes.targets[:1], np.zeros(1))
    assert levelled(homes, 9000.0, rooms) == (18, then)


@pytest.mark.parametrize("turn", range(8))
def test_outlines_that_lie_off_are_told_with_their_side(turn):
    """Each side as the compass has it, clockwise from north."""
    angle = np.radians(90 - 45 * turn)
    told = Off(250 * np.cos(angle), 250 * np.sin(angle), 54, 18, 18, 0).told("界.gpkg")
    assert told.params["side"] == ("n", "ne", "e", "se", "s", "sw", "w", "nw")[turn]
    assert told.params["offset_m"] == 250
    assert (told.layer, told.file) == ("units", "界.gpkg")


def test_who_crosses_a_border_is_counted_by_where_it_comes_from():
    """Two of one home's square in the next to the east, one in that to the north; one leaves."""
    west, east = shapely.box(0, 0, 1000, 1000), shapely.box(1000, 0, 2000, 1000)
    north = shapely.box(0, 1000, 1000, 2000)
    targets = np.array([west, west, west, west, east, north], dtype=object)
    points = np.array(
        [(1100, 500), (1200, 500), (500, 1100), (500, 500), (1100, 500), (500, 1500)], dtype=float
    )
    link = Link("residential", "units", np.arange(6), points, targets, np.zeros(6))
    count, left = link.crossing(np.zeros(2), np.array([-300.0, -300.0]))
    assert (sorted(count.tolist()), left) == ([1, 2], 1)
