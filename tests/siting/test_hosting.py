"""Units to hosts of service districts, beside the document's own: a row of towns on one road."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import box

import lifecircle as lc
from lifecircle.errors import SitingError
from lifecircle.model.dictionary import columns
from lifecircle.model.inputs.layers import Layer
from lifecircle.model.inputs.streets import TAGS, StreetLines

NORTH = ("370826107", "370826104", "370826108", "370826103")  # rest on 鲁桥镇敬老院 in …104
WEST = ("370826110", "370826112", "370826109", "370826206")  # rest on 赵庙镇敬老院 in …109
STEP = 5000.0
ROW = ("370826104", "370826107", "370826110", "370826108", "370826103", "370826112", "370826206")
ROW += ("370826109",)
"""From the north's host to the west's; 110 is the west's and lies among the north's."""


def units(drawn):
    seats = {code: k * STEP for k, code in enumerate(ROW)}
    rows = [
        {
            **dict.fromkeys(columns("units")),
            "code": code,
            "name": code,
            "unit_type": "town",
            "level": "township",
            "parent": None,
            "setting": None,
            "seat_x": 500_000.0 + x,
            "seat_y": 3_850_000.0,
        }
        for code, x in seats.items()
    ]
    half = STEP / 2
    shapes = [
        box(500_000 + x - half, 3_849_000, 500_000 + x + half, 3_851_000) for x in seats.values()
    ]
    index = pd.Index(list(seats), name="id", dtype=object)
    geometry = shapes if drawn else [None] * len(rows)
    return Layer("units", gpd.GeoDataFrame(pd.DataFrame(rows, index), geometry=geometry, crs=4548))


def road(study_crs):
    xs = np.arange(-1000.0, 8 * STEP, 100.0)
    tags = pd.DataFrame({name: [None] for name in TAGS}, dtype=object)
    tags["highway"] = "residential"
    return StreetLines(
        study_crs,
        np.column_stack([500_000.0 + xs, np.full(len(xs), 3_850_000.0)]),
        np.array([0, len(xs)], dtype=np.int64),
        np.arange(len(xs), dtype=np.int64),
        tags,
    )


@pytest.fixture
def lake(line):
    def make(*, drawn=True, **changes):
        home = {"kinds": frozenset({"regional_centre"}), "beds": 100.0}
        return line(
            {"A": (0, {"households": 100})},
            facilities={
                "F1": (0, {**home, "name": "鲁桥镇敬老院", "unit": "370826104"}),
                "F2": (7 * STEP, {**home, "name": "赵庙镇敬老院", "unit": "370826109"}),
            },
            county="370826",
            standards=("weishan-2023",),
            units=units(drawn),
            **{"streets": road("EPSG:4548"), **changes},
        )

    return make


def test_each_town_goes_to_the_nearer_host_beside_the_document(lake):
    plan = lc.site(lake(), "WS-22")
    found = plan.districts
    assert {one.unit: one.host for one in found.units} == {
        code: "F1" if k < 4 else "F2" for k, code in enumerate(ROW)
    }
    assert {one.unit: one.planned_host for one in found.units} == {
        code: "F1" if code in NORTH else "F2" for code in ROW
    }
    # by road: 0 1 2 3 and 3 2 1 0 steps; the document has 110 five steps off, 103 four
    step = next(one.minutes for one in found.units if one.unit == ROW[1])
    assert found.objective == pytest.approx(12 * step, rel=1e-3)
    assert found.planned == pytest.approx((0 + 1 + 5 + 3 + 4 + 2 + 1 + 0) * step, rel=1e-3)
    assert (found.proven, found.borders, found.unreachable) == (True, True, ())
    assert plan.places == ()
    assert set(WEST) | set(NORTH) == {one.unit for one in found.units}


def test_units_that_are_not_drawn_need_not_hang_together(lake):
    found = lc.site(lake(drawn=False), "WS-22").districts
    assert not found.borders
    assert found.objective == pytest.approx(lc.site(lake(), "WS-22").districts.objective)


def test_one_host_alone(lake):
    found = lc.site(lake(), "WS-22", sites=1).districts
    assert len({one.host for one in found.units}) == 1


def test_without_roads_there_is_no_answer(lake):
    with pytest.raises(SitingError, match="no_ways"):
        lc.site(lake(streets=None), "WS-22")
