"""A point that a record, or the unit of its row, contradicts by 20 km is none to measure from."""

from __future__ import annotations

import json
import re

import pytest
from tests.two_ledgers import STUDY, written

from lifecircle import assess, check_study
from lifecircle.model.problem import ProblemCode as P

TOWNS = {"A": ("庄寨镇", 480_000), "B": ("韩集镇", 510_000)}
"""Two towns 30 km apart, each of six areas 1.5 km apart; five have a station, 300 m off where a
record says whose it is, else 30 m."""
TOLD = (P.POSITION_CONTRADICTED, P.POSITION_OF_RECORD)


def tables(by, slipped=None, east=0, north=0, **cells):
    """Return both ledgers; ``by``: what says where rows belong; ``slipped``: one of them lies off.

    ``cells``: what single cells say instead, by row and column (``F_A1_remark``).
    """
    areas, rooms = ["编号,小区名称,户数,类别,城乡,所属镇街,X,Y,备注"], []
    for town, (name, x) in TOWNS.items():
        for n in range(6):
            off = 30 if by == "unit" else 300
            at = [(x + 1500 * n, 3_850_000), (x + 1500 * n + off, 3_850_000)]
            for one, key in enumerate((f"R_{town}{n}", f"F_{town}{n}")):
                if key == slipped:
                    at[one] = (at[one][0] + east, at[one][1] + north)
            remarks = (cells.get(f"{k}_{town}{n}_remark", "") for k in "RF")
            units = (cells.get(f"{k}_{town}{n}_unit", name) if by == "unit" else "" for k in "RF")
            rest = zip(units, at, remarks, strict=True)
            area, room = (f"{unit},{x},{y},{remark}" for unit, (x, y), remark in rest)
            areas.append(f"R_{town}{n},{town}苑{n}号,500,已建成,城镇,{area}")
            serves = cells.get(f"F_{town}{n}_serves", f"R_{town}{n}" if by == "record" else "")
            kind = cells.get(f"F_{town}{n}_kind", "日间照料中心")
            if n < 5:
                called = cells.get(f"F_{town}{n}_name", f"{town}站{n}")
                rooms.append(f"F_{town}{n},{called},{kind},运营,80,{serves},{room}")
    head = "编号,设施名称,设施类型,状态,建筑面积,服务小区,所属镇街,X,Y,备注"
    return {"r": "\n".join(areas) + "\n", "f": "\n".join([head, *rooms]) + "\n"}


def read(folder, *of, **cells):
    study, problems = check_study(written(folder, STUDY, **tables(*of, **cells)) / "study.toml")
    lost = {*study.residential.frame.index[~study.residential.located]}
    lost |= {*study.facilities.frame.index[~study.facilities.located]}
    return study, lost, [p for p in problems if p.code in TOLD]


def verdicts(study):
    found = assess(study).findings
    found = found[found["clause"].isin(["CX-03", "CX-06", "CX-07"])]
    return {(row.clause, row.id): str(row.status) for row in found.itertuples()}


@pytest.fixture(scope="module")
def right(tmp_path_factory):
    """What comes out where every position is right."""
    found = {}
    for by in ("record", "unit"):
        study, lost, told = read(tmp_path_factory.mktemp(by), by)
        assert not lost
        assert not told
        found[by] = verdicts(study)
    assert found["record"]["CX-06", "R_A5"] == "deficient"
    assert found["record"]["CX-03", "R_A0"] == "compliant"
    return found


@pytest.mark.parametrize("by", ["record", "unit"])
@pytest.mark.parametrize(
    ("slipped", "east", "north"),
    [
        ("F_A0", 37_400, 0),  # 200 m from 韩集's area without a station
        ("F_A0", 0, -50_000),
        ("R_A5", 28_510, 0),  # beside 韩集's last but one, and its station
        ("R_A1", 0, 30_000),
    ],
)
def test_a_slip_leaves_nothing_firm_that_is_wrong(tmp_path, right, by, slipped, east, north):
    study, lost, told = read(tmp_path, by, slipped, east, north)
    if (by, slipped) == ("record", "R_A5"):  # no record names it: nothing contradicts it
        assert not lost
        return
    assert slipped in lost
    # of a record among places on both sides nobody knows which end is wrong
    assert lost <= {slipped, *({"F_A0", "R_A0", "F_A1", "R_A1"} if by == "record" else ())}
    assert len(told) == len(lost)
    for at, status in verdicts(study).items():
        assert status in {right[by][at], "not_assessed"}, at


@pytest.mark.parametrize(
    ("by", "cells"),
    [
        ("unit", {"F_A0_unit": "韩集镇"}),
        ("unit", {"R_A1_unit": "韩集镇"}),
        ("record", {"F_A0_serves": "R_B0"}),
    ],
)
def test_if_the_position_is_right_nothing_firm_is_wrong_either(tmp_path, right, by, cells):
    """The town or the record is the slip then; whom rooms are said to serve the record decides."""
    study, lost, _ = read(tmp_path, by, **cells)
    assert lost
    for at, status in verdicts(study).items():
        if by == "unit" or at[0] == "CX-06":
            assert status in {right[by][at], "not_assessed"}, at


def test_a_name_that_agrees_with_the_record_does_not_make_it_sure(tmp_path):
    """The place may be right all the same, and the rooms another estate's of that name."""
    study, lost, _ = read(tmp_path, "record", "F_A0", 0, -50_000, F_A0_name="A苑0号养老服务站")
    assert lost == {"F_A0"}
    assert verdicts(study)["CX-03", "R_A0"] == "not_assessed"


def test_it_is_told_with_what_contradicts_it_and_how_far_that_is(tmp_path):
    _, lost, told = read(tmp_path, "record", "F_A0", 0, -50_000)
    assert lost == {"F_A0"}  # that lies alone
    (one,) = told
    assert (one.layer, one.row, one.value) == ("facilities", 2, "R_A0")
    assert (one.params["other"], one.params["distance_km"]) == ("A苑0号", 50)


@pytest.mark.parametrize("words", ["坐标已核实", "民办。位置无误", "经纬度经现场核实无误"])
def test_a_remark_confirms_it(tmp_path, words):
    """Then it is the other end of the record that is not known, if anything."""
    assert read(tmp_path, "unit", "R_A0", 0, 30_000, R_A0_remark=words)[1] == set()
    lost = read(tmp_path, "record", "F_A0", 0, -50_000, F_A0_remark=words)[1]
    assert lost == {"R_A0"}


@pytest.mark.parametrize(
    "cells",
    [
        {"F_A0_serves": "R_A0、R_B0"},  # it stands by the one; the other by its own station
        {"F_A0_serves": "R_B5", "F_A0_kind": "县级综合养老服务中心"},
        {"F_A0_serves": "R_B5", "F_A0_kind": "区域性养老服务中心"},
    ],
)
def test_what_lies_by_something_else_or_serves_a_county_is_where_it_is(tmp_path, cells):
    assert read(tmp_path, "record", **cells)[1] == set()


def moved(rows, north, *keys):
    """Return both ledgers with some rows of town A so many metres north."""
    for key in keys:
        table = key[0].lower()
        rows[table] = re.sub(rf"({key},.*),3850000,", rf"\1,{3_850_000 + north},", rows[table])
    return rows


@pytest.mark.parametrize(
    ("by", "keys", "north", "gone"),
    [
        # two rooms with one slip in common lie by each other, 50 km off the rest of their town
        ("unit", ("F_A0", "F_A1"), 50_000, {"F_A0", "F_A1"}),
        ("unit", ("R_A0", "R_A1"), 50_000, {"R_A0", "R_A1"}),
        # three say where they are, and so do an estate and its station
        ("unit", ("F_A0", "F_A1", "F_A2"), 50_000, set()),
        ("unit", ("R_A0", "F_A0"), 50_000, set()),
        ("unit", ("F_A0", "F_A1"), 15_000, set()),  # no farther than a town may be wide
        # by records alone nobody knows which end is wrong
        ("record", ("F_A0", "F_A1"), 50_000, {"F_A0", "F_A1", "R_A0", "R_A1"}),
    ],
)
def test_two_rows_with_one_slip_do_not_vouch_for_each_other(tmp_path, right, by, keys, north, gone):
    rows = moved(tables(by), north, *keys)
    study, _ = check_study(written(tmp_path, STUDY, **rows) / "study.toml")
    lost = {
        key
        for layer in (study.residential, study.facilities)
        for key in layer.frame.index[~layer.located]
    }
    assert lost == gone
    for at, status in verdicts(study).items() if gone else ():
        assert status in {right[by][at], "not_assessed"}, at


@pytest.mark.parametrize("seats", [2, 3])
def test_of_two_and_two_nobody_knows_which_are_right(tmp_path, seats):
    """Two estates of a town, two stations by record 50 km off: three estates say where it is."""
    head = {"r": "编号,小区名称,户数,类别,城乡,所属镇街,X,Y\n"}
    head["f"] = "编号,设施名称,设施类型,状态,建筑面积,服务小区,所属镇街,X,Y\n"
    for n in range(seats):
        x = 480_000 + 1500 * n
        head["r"] += f"R{n},苑{n}号,500,已建成,城镇,庄寨镇,{x},3850000\n"
        if n < 2:
            head["f"] += f"F{n},站{n},日间照料中心,运营,80,R{n},庄寨镇,{x + 30},3900000\n"
    study, _ = check_study(written(tmp_path, STUDY, **head) / "study.toml")
    assert not study.facilities.located.any()
    assert study.residential.located.tolist() == [False] * 2 if seats == 2 else [True] * 3
    found = assess(study).findings.set_index(["clause", "id"])["status"].astype(str)
    for n in range(2):
        assert (found["CX-03", f"R{n}"], found["CX-06", f"R{n}"]) == ("not_assessed",) * 2


@pytest.mark.parametrize("words", ["坐标未核实", "位置待核实无误"])
def test_words_that_confirm_nothing(tmp_path, words):
    assert "R_A0" in read(tmp_path, "unit", "R_A0", 0, 30_000, R_A0_remark=words)[1]


def test_a_county_of_wide_towns_has_rows_far_from_the_others_of_their_town(tmp_path):
    """Three of 22 rows 30 km from the rest of their town are none that slipped."""
    rows = tables("unit")
    for n, key in enumerate(("R_A0", "R_A3", "R_B1")):
        rows["r"] = re.sub(rf"({key},.*),3850000,", rf"\1,{3_880_000 + 30_000 * n},", rows["r"])
    study, _ = check_study(written(tmp_path, STUDY, **rows) / "study.toml")
    assert study.residential.located.all()


def test_the_cell_is_told_that_says_the_unit_that_contradicts(tmp_path):
    # outlines of communities: the town beside them is right, and not what speaks against the point
    drawn = [("371721100001", "东关社区", 480_000), ("371721101001", "西关社区", 510_000)]
    rows, outlines = ["编号,小区名称,户数,类别,城乡,所属镇街,社区,X,Y"], []
    for code, name, x in drawn:
        ring = [(x + e, 3_850_000 + n) for e, n in ((-3000, -3000), (9000, -3000), (9000, 3000))]
        shape = {"type": "Polygon", "coordinates": [[*ring, (x - 3000, 3_853_000), ring[0]]]}
        about = {"code": code, "name": name}
        outlines.append({"type": "Feature", "properties": about, "geometry": shape})
        of = f"500,已建成,城镇,{code[:9]},{name}"
        rows += [f"{code}-{n},{name}{n}苑,{of},{x + 1500 * n},3850000" for n in range(4)]
    room = (
        "编号,设施名称,设施类型,状态,建筑面积,所属镇街,社区,X,Y\n"
        "F1,甲站,日间照料中心,运营,80,371721100,东关社区,511000,3850000\n"
    )
    study = STUDY + '[layers.units]\npath = "u.geojson"\ncrs = "EPSG:4548"\n'
    written(tmp_path, study, r="\n".join(rows) + "\n", f=room)
    made = json.dumps({"type": "FeatureCollection", "features": outlines}, ensure_ascii=False)
    (tmp_path / "u.geojson").write_text(made, encoding="utf-8")
    _, problems = check_study(tmp_path / "study.toml")
    told = [p for p in problems if p.code in TOLD]
    assert [(p.column, p.value, p.params["other"]) for p in told] == [
        ("社区", "东关社区", "东关社区")
    ]
