"""A point some kilometres outside the unit that its row names, and alone there, is none."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.two_ledgers import STUDY, written

from lifecircle import assess, check_study
from lifecircle.model.problem import ProblemCode as P

TOWNS = {"A": "庄寨镇", "B": "韩集镇"}
WITH_UNITS = STUDY + '[layers.units]\npath = "u.geojson"\ncrs = "EPSG:4548"\n'
Y = 3_850_000
BOXES = {"A": (480_000, 488_000), "B": (488_000, 496_000)}
"""Two towns side by side, 8 km square, with six areas each 1.2 km apart; all but the last have a
station 30 m off."""


def study_of(folder, moved=(), *, outlines=True, more=(), **cells):
    """Write the study; ``moved``: row → metres east and north; ``more``: rows of facilities."""
    moved = dict(moved)
    areas, rooms = ["编号,小区名称,户数,类别,城乡,所属镇街,社区,X,Y,备注"], []
    for town, name in TOWNS.items():
        for n in range(6):
            local = "" if outlines else f"{name[:2]}{n // 3}村"
            for key, off in ((f"R_{town}{n}", 0), (f"F_{town}{n}", 30)):
                east, north = moved.get(key, (0, 0))
                at = BOXES[town][0] + 1000 + 1200 * n + off + east, Y + north
                end = f"{cells.get(f'{key}_unit', name)},{local},{at[0]},{at[1]},"
                end += cells.get(f"{key}_remark", "")
                if key[0] == "R":
                    areas.append(f"{key},{town}苑{n}号,500,已建成,城镇,{end}")
                elif n < 5:
                    serves = cells.get(f"{key}_serves", "")
                    rooms.append(f"{key},{town}站{n},日间照料中心,运营,80,{serves},{end}")
    head = "编号,设施名称,设施类型,状态,建筑面积,服务小区,所属镇街,社区,X,Y,备注"
    tables = {"r": "\n".join(areas) + "\n", "f": "\n".join([head, *rooms, *more]) + "\n"}
    shapes = []
    for town, (west, east) in BOXES.items():
        ring = [(west, Y - 4000), (east, Y - 4000), (east, Y + 4000), (west, Y + 4000)]
        about = {"code": f"37172110{'AB'.index(town) + 1}", "name": TOWNS[town]}
        shape = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
        shapes.append({"type": "Feature", "properties": about, "geometry": shape})
    if outlines:
        made = json.dumps({"type": "FeatureCollection", "features": shapes}, ensure_ascii=False)
        (folder / "u.geojson").write_text(made, encoding="utf-8")
    return written(folder, WITH_UNITS if outlines else STUDY, **tables)


def read(folder, *args, **cells):
    study, problems = check_study(study_of(folder, *args, **cells) / "study.toml")
    lost = {*study.residential.frame.index[~study.residential.located]}
    lost |= {*study.facilities.frame.index[~study.facilities.located]}
    return study, lost, [p for p in problems if p.code is P.POSITION_CONTRADICTED]


def verdicts(study):
    found = assess(study).findings
    found = found[found["clause"].isin(["CX-03", "CX-06"])]
    return {(row.clause, row.id): str(row.status) for row in found.itertuples()}


@pytest.mark.parametrize(
    ("key", "slip", "lost"),
    [
        ("F_A0", (0, 0), False),
        ("F_A0", (0, 9_000), True),  # 5 km over the border
        ("F_A0", (0, 5_500), False),  # 1.5 km over it: told, but it may be drawn so
        ("R_A5", (0, -9_000), True),
        ("F_B4", (-14_000, 0), True),  # among those of the other town
        ("F_A0", (3_000, 0), False),  # in its town
    ],
)
def test_a_point_far_from_its_own_town_is_none(tmp_path, key, slip, lost):
    study, gone, told = read(tmp_path, {key: slip})
    assert gone == ({key} if lost else set())
    assert len(told) == lost
    if key[0] == "F" and lost:  # its area lacks it as it lies: nobody knows
        assert verdicts(study)["CX-03", key.replace("F", "R")] == "not_assessed"


@pytest.mark.parametrize(
    "cells",
    [
        {"F_A0_remark": "坐标已核实"},
        {"more": ["F9,甲站,日间照料中心,运营,80,,庄寨镇,,481300,3859100,"]},  # an exclave
        {"F_A0_unit": ""},
    ],
)
def test_what_says_that_a_far_point_is_right_is_heard(tmp_path, cells):
    assert read(tmp_path, {"F_A0": (0, 9_000)}, **cells)[1:] == (set(), [])


def test_an_area_that_lies_with_the_rooms_of_its_record_is_right(tmp_path):
    moved = {"F_A0": (0, 9_000), "R_A0": (0, 9_000)}
    assert read(tmp_path, moved, F_A0_serves="R_A0", R_A0_unit="")[1:] == (set(), [])


def test_many_that_lie_so_are_no_slips(tmp_path):
    moved = {f"F_A{n}": (0, 9_000 + 3_000 * n) for n in range(3)}
    assert read(tmp_path, moved)[1:] == (set(), [])


@pytest.mark.parametrize(("slip", "lost"), [(4_000, False), (15_000, True), (60_000, True)])
def test_without_outlines_the_rows_of_a_community_say_where_it_is(tmp_path, slip, lost):
    """Those of a village lie up to 2.4 km apart here: four times as far is no part of it."""
    _, gone, told = read(tmp_path, {"F_A0": (0, slip)}, outlines=False)
    assert gone == ({"F_A0"} if lost else set())
    # from 20 km on it is told of its town
    cell = ("社区", "庄寨0村") if slip < 20_000 else ("所属镇街", "庄寨镇")
    assert [(one.column, one.value) for one in told] == ([cell] if lost else [])


@settings(settings.get_profile("costly"))
@given(
    key=st.sampled_from(["F_A0", "F_B2", "R_B5"]),
    east=st.integers(-18_000, 18_000),
    north=st.integers(-18_000, 18_000),
)
def test_a_slip_makes_no_verdict_firm_that_says_otherwise(tmp_path_factory, key, east, north):
    """Of a point that was taken for none, what is firm is what holds where it was right."""
    right = verdicts(read(tmp_path_factory.mktemp("right"))[0])
    study, lost, _ = read(tmp_path_factory.mktemp("slip"), {key: (east, north)})
    if lost:
        told = verdicts(study)
        for which, status in told.items():
            assert status in {"not_assessed", right[which]}, which


@pytest.mark.parametrize("north", [15_000, 30_000, 90_000])
def test_of_two_rows_of_a_town_far_apart_neither_is_known(tmp_path, north):
    """The town has one area and its station, the rest of 22 rows are of the other town."""
    rows = "编号,小区名称,户数,类别,城乡,所属镇街,X,Y\n" + "".join(
        f"R{n},{n}苑,500,已建成,城镇,韩集镇,{500_000 + 1000 * n},3850000\n" for n in range(24)
    )
    rows += f"R_A,甲苑,500,已建成,城镇,庄寨镇,505000,{3_850_000 + north}\n"
    room = "编号,设施名称,设施类型,状态,建筑面积,所属镇街,X,Y\n"
    room += "F_A,甲站,日间照料中心,运营,80,庄寨镇,505000,3851200\n"
    study, _ = check_study(written(tmp_path, STUDY, r=rows, f=room) / "study.toml")
    apart = north > 20_000
    assert study.residential.located["R_A"] != apart
    assert study.facilities.located["F_A"] != apart
