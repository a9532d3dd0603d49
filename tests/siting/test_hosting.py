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


def units(drawn, *, water=False, **figures):
    """Towns in a row; ``water``: 400 m of it between the third and the fourth."""
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
            **figures,
        }
        for code, x in seats.items()
    ]
    half = STEP / 2
    shapes = [
        box(500_000 + x - half, 3_849_000, 500_000 + x + half, 3_851_000) for x in seats.values()
    ]
    if water:
        west, _, east, _ = shapes[3].bounds
        shapes[3] = box(west + 400, 3_849_000, east, 3_851_000)
    index = pd.Index(list(seats), name="id", dtype=object)
    geometry = shapes if drawn else [None] * len(rows)
    return Layer("units", gpd.GeoDataFrame(pd.DataFrame(rows, index), geometry=geometry, crs=4548))


def road(study_crs, *, ferry=False):
    """A road through all; ``ferry``: an hour over the water besides, landing by the road."""
    xs = np.arange(-1000.0, 8 * STEP, 100.0)
    spots = [(500_000.0 + x, 3_850_000.0) for x in xs]
    landings = [(512_400.0, 3_850_000.0), (513_000.0, 3_850_000.0)]
    ways = [list(range(len(spots)))]
    if ferry:
        ways.append([spots.index(one) for one in landings])
    tags = pd.DataFrame({name: [None] * len(ways) for name in TAGS}, dtype=object)
    tags["highway"] = ["residential", None][: len(ways)]
    tags["route"] = [None, "ferry"][: len(ways)]
    tags["duration"] = [None, "60"][: len(ways)]
    return StreetLines(
        study_crs,
        np.array(spots),
        np.cumsum([0, *(len(way) for way in ways)]).astype(np.int64),
        np.array([k for way in ways for k in way], dtype=np.int64),
        tags,
    )


@pytest.fixture
def lake(line):
    def make(*, drawn=True, beds=100.0, layer=None, **changes):
        home = {"kinds": frozenset({"regional_centre"}), "beds": beds}
        return line(
            {"A": (0, {"households": 100})},
            facilities={
                "F1": (0, {**home, "name": "鲁桥镇敬老院", "unit": "370826104"}),
                "F2": (7 * STEP, {**home, "name": "赵庙镇敬老院", "unit": "370826109"}),
            },
            county="370826",
            standards=("weishan-2023",),
            units=units(drawn) if layer is None else layer,
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


def test_a_district_is_in_one_piece_over_borders_and_ferries(lake):
    """The fourth town is nearer to F1, and water lies between: a ferry makes it F1's."""
    step = next(
        one.minutes for one in lc.site(lake(), "WS-22").districts.units if one.unit == ROW[1]
    )
    parted = lc.site(lake(layer=units(drawn=True, water=True)), "WS-22").districts
    assert {one.unit for one in parted.units if one.host == "F1"} == set(ROW[:3])
    # 0 1 2 steps, and 4 3 2 1 0
    assert parted.objective == pytest.approx(13 * step, rel=1e-3)
    assert (parted.borders, parted.proven) == (True, True)
    crossed = lake(layer=units(drawn=True, water=True), streets=road("EPSG:4548", ferry=True))
    found = lc.site(crossed, "WS-22").districts
    assert {one.unit for one in found.units if one.host == "F1"} == set(ROW[:4])
    assert found.objective == pytest.approx(12 * step, rel=1e-3)


def test_a_host_takes_no_more_than_its_beds(lake):
    """Each town has 30 people to take in; F1 with 100 beds takes three, the document gives four."""
    people = {"tekun": 30.0}
    found = lc.site(lake(layer=units(drawn=True, **people), beds=180.0), "WS-22").districts
    assert {host.facility: (host.load, host.planned_load) for host in found.hosts} == {
        "F1": (120.0, 120.0),
        "F2": (120.0, 120.0),
    }
    study = lake(layer=units(drawn=True, **people), beds=180.0)
    study.facilities.frame.loc["F1", "beds"] = 100.0
    found = lc.site(study, "WS-22").districts
    assert {one.unit for one in found.units if one.host == "F1"} == set(ROW[:3])
    loads = {host.facility: (host.beds, host.load, host.planned_load) for host in found.hosts}
    assert loads == {"F1": (100.0, 90.0, 120.0), "F2": (180.0, 150.0, 120.0)}
    assert (found.room, found.proven) == (True, True)
    # too few for all: no districts, and said so
    found = lc.site(lake(layer=units(drawn=True, **people), beds=100.0), "WS-22").districts
    assert found.objective is None
    assert {one.host for one in found.units} == {None}


def test_the_next_best_districts_and_what_tells_them_apart(lake, tmp_path):
    """Each district is in one piece, so that F1 has the first so many of the eight towns.

    Four are best, by twelve steps. The fourth at F2 is 4 - 3 steps farther, the fifth at F1 too;
    the third and fourth are 3 + 1, so are the fifth and sixth; the last three or first three 9.
    """
    plan = lc.site(lake(), "WS-22")
    step = next(one.minutes for one in plan.districts.units if one.unit == ROW[1])
    more = [one.objective / step - 12 for one in plan.alternatives]
    assert more == pytest.approx([1, 1, 4, 4, 9], rel=1e-2)
    first = {tuple(sorted(one.moves.items())) for one in plan.alternatives[:2]}
    assert first == {((ROW[3], "F2"),), ((ROW[4], "F1"),)}
    assert {frozenset(one.moves) for one in plan.alternatives[2:4]} == {
        frozenset(ROW[2:4]),
        frozenset(ROW[4:6]),
    }
    assert all(set(one.loses) == set(one.moves) for one in plan.alternatives)
    assert not any(one.gains or one.besides or one.instead_of for one in plan.alternatives)
    assert plan.variants == ()
    assert [note.code for note in plan.notes] == ["hosts_given", "speeds_not_asked"]
    page = lc.write_sites(plan, tmp_path)["page"].read_text(encoding="utf-8")
    assert f"<td>{ROW[3]} → F2</td><td>–</td><td>{ROW[3]}</td>" in page
    assert "未试算增减处数" in page
    assert lc.read_sites(tmp_path) == plan


def test_other_hosts_and_one_more_or_less_where_a_number_is_asked(lake):
    plan = lc.site(lake(), "WS-22", sites=1)
    # 0 + 1 + … + 7 steps from either end
    assert len(plan.alternatives) == 1
    (other,) = plan.alternatives
    assert other.objective == pytest.approx(plan.districts.objective, rel=1e-2)
    assert (set(other.sites), other.instead_of) == ({"F1", "F2"} - set(plan.chosen), plan.chosen)
    assert set(other.moves) == set(ROW)
    assert len(other.gains) == len(other.loses) == 4
    (more,) = plan.variants  # one less would be none
    assert (more.asked, more.value, more.sites, more.stay) == (
        "hosts",
        2,
        ("F1", "F2"),
        plan.chosen,
    )
    assert more.objective == pytest.approx(plan.districts.objective * 12 / 28, rel=1e-2)
    assert [note.code for note in plan.notes] == ["speeds_not_asked"]
    both = lc.site(lake(), "WS-22", sites=2)
    assert [len(one.sites) for one in both.alternatives] == [1, 1]
    assert [one.value for one in both.variants] == [1]  # a third gains nothing: there is none


def test_which_districts_of_the_document_are_not_in_one_piece(lake):
    """Towns in a row: 110, of the west, lies among the north's."""
    north, west = (one for one in lc.assess(lake()).districts if one.district[0] in "微湖")
    assert north.apart == (ROW[3], ROW[4])
    assert west.apart == (ROW[2],)
    # of the north's the fourth and fifth town are 3 and 4 steps from F1, as from F2 4 and 3
    assert north.nearer == {ROW[4]: "F2"}
    assert west.nearer == {ROW[2]: "F1"}
    undrawn = lc.assess(lake(drawn=False)).districts
    assert {one.apart for one in undrawn} == {None}
