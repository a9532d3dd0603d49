"""120 nursing beds of 100: one of the two is wrong, and nobody knows which."""

from __future__ import annotations

import math

import pytest
from tests.on_a_line import NAN, county, rules_of
from tests.two_ledgers import STUDY, written

import lifecircle as lc
from lifecircle.counting.figures import ledger_figure
from lifecircle.measures.county.ratio import ratio
from lifecircle.measures.county.sum import total
from lifecircle.model.cell import PART_OF, marks_of, most_of

INF = math.inf


def homes(*rows):
    """Return the tables of care homes in use: (beds, nursing beds, public beds) as written."""
    kept = {}
    for n, (beds, *parts) in enumerate(rows):
        kept[f"H{n}"] = {"x": 0, "kinds": frozenset({"care_home"}), "beds": beds}
        for name, part in zip(("nursing_beds", "public_beds"), parts, strict=True):
            kept[f"H{n}"][name] = NAN if part > beds else part
    tables = county({}, kept)
    for at, name in enumerate(("nursing_beds", "public_beds"), start=1):
        most = [row[at] if row[at] > row[0] else NAN for row in rows]
        if any(row[at] > row[0] for row in rows):
            tables.facilities[most_of(name)] = most
    return tables


@pytest.mark.parametrize(
    ("rows", "public", "nursing", "beds"),
    [
        # public beds (PY-04), per cent of nursing beds (PY-08), beds: at least and at most
        ([(100, 65, 90), (100, 55, 80)], (170, 170), (60, 60), (200, 200)),
        # 125 of 100: none to 125; and 100 beds or more, 65 of them for nursing
        ([(100, 65, 125), (100, 55, 80)], (80, 205), (0, 60), (100 + 100, INF)),
        ([(100, 65, 125)] * 8, (0, 1000), (0, 65), (800, INF)),
        # 120 nursing beds of 100: at best all of 120, with 55 of 100 beside them
        ([(100, 120, 90), (100, 55, 80)], (170, 170), (0, 100 * 175 / 220), (200, INF)),
        # both parts are more: 130 beds at least, if the beds are the slip
        ([(100, 120, 130)], (0, 130), (0, 100), (100, INF)),
    ],
)
def test_either_of_the_two_may_be_the_slip(rows, public, nursing, beds):
    tables = homes(*rows)
    rules = rules_of("pingyin-2022")
    (whole,) = total(tables, rules["PY-04"], None)[["low", "high"]].to_numpy().tolist()
    (share,) = ratio(tables, rules["PY-08"], None)[["low", "high"]].to_numpy().tolist()
    assert (*whole,) == public
    assert (*share,) == pytest.approx(nursing)
    told = ledger_figure(tables, "beds", ["care_home"])
    assert (told.low, told.high) == beds


def test_what_is_more_is_kept_beside_the_row_and_given_up_with_it(tmp_path):
    rooms = "编号,设施名称,设施类型,状态,床位数,护理型床位数,X,Y\n"
    rooms += "F1,甲,敬老院,运营,100,120,500000,3850000\nF2,乙,敬老院,运营,100,60,503000,3850000\n"
    areas = "编号,小区名称,户数,类别,城乡,X,Y\nR1,园,300,已建成,城镇,500000,3850000\n"
    study = lc.read_study(written(tmp_path, STUDY, r=areas, f=rooms))
    assert study.facilities.frame["nursing_beds_most"].tolist() == pytest.approx(
        [120, NAN], nan_ok=True
    )
    clause = lc.assess(study).clause("CX-16")
    assert clause.status == "not_assessed"


def test_a_part_and_its_whole_are_told_by_one_mark():
    assert [*marks_of("beds")] == ["nursing_beds_most", "public_beds_most"]
    assert [*marks_of("elders")] == [*marks_of("population")] == ["elders_most"]
    assert [*marks_of("floor_area_m2")] == []
    assert set(PART_OF.values()) == {"beds", "population"}
