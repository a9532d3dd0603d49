"""建成年份 in words of many years: what is long past was built, whichever year it was."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import many_worlds as many
from tests.two_ledgers import STUDY, written

import lifecircle as lc
from lifecircle.intake.ledger.cells.dates import past_days
from lifecircle.model.problem import ProblemCode as P

ROOM = "编号,设施名称,设施类型,状态,建筑面积,X,Y\nF1,甲站,日间照料中心,运营,100,500010,3850000\n"
SHORT, MET, OPEN, NONE = "deficient", "compliant", "not_assessed", "not_applicable"


def judged(folder, built, standard="caoxian"):
    homes = "编号,小区名称,户数,城乡,建成年份,是否改造,X,Y\n"
    homes += f"R1,东园,600,城镇,{built},否,500000,3850000\n"
    study = STUDY.replace("caoxian", standard)
    result = lc.assess(lc.read_study(written(folder, study, r=homes, f=ROOM)))
    found = result.findings.set_index("clause")["status"].map(str)
    return found, [p.code for p in result.problems if p.column == "建成年份"]


@pytest.mark.parametrize(
    "built",
    [
        *("90年代", "2000年以前", "九十年代末", "上世纪80年代", "1990年代", "二十世纪九十年代"),
        *("八九十年代", "1998-2002", "1998年至2002年", "2000年前后", "2000年代", "2005年之前"),
    ],
)
def test_what_was_built_long_ago_is_an_existing_area(tmp_path, built):
    """曹县's document is of 2023: 90 of 100 m² are asked of 600 households."""
    found, told = judged(tmp_path, built)
    assert (found["CX-01"], found["CX-03"]) == (NONE, MET)
    assert told == [P.DATE_TO_MONTH]


@pytest.mark.parametrize("built", ["2010年后", "2020年代", "2015-2024", "预计2018-2019", "不详"])
def test_what_may_be_yet_to_come_tells_no_class(tmp_path, built):
    assert judged(tmp_path, built)[0]["CX-03"] == OPEN


LOOSE = {
    "1998-2002": OPEN,
    "2000年左右": OPEN,
    "约2000年": OPEN,
    "近2000年": OPEN,
    "2001年前后": OPEN,
    "1999年左右": OPEN,
    "2000年代": NONE,
    "2003年左右": NONE,
    "2002": NONE,
    "1997年左右": SHORT,
    "90年代": SHORT,
    "1985-1990": SHORT,
}


def test_of_a_year_told_loosely_every_one_has_to_agree(tmp_path):
    """金乡 JX-09 asks of what was built before 2000, two years to either side of 2000年左右."""
    areas = [{"建成年份": built, "类别": "老旧", "是否改造": "否"} for built in LOOSE]
    worlds = [([area], [{}]) for area in areas]
    told, _ = many.judged(tmp_path, worlds, standard="jinxiang-2023", clause="JX-09")
    assert {built: one for built, [one] in zip(LOOSE, told, strict=True)} == LOOSE


@given(st.integers(0, 11))
def test_a_decade_is_its_ten_years(number):
    decade = 1900 + 10 * number
    days = past_days(f"{decade}年代")
    assert (days.first, days.last) == (dt.date(decade, 1, 1), dt.date(decade + 9, 12, 31))
    if 1950 <= decade < 2000:
        tens = "五六七八九"[(decade - 1950) // 10]
        assert past_days(f"{tens}十年代") == past_days(f"上世纪{decade % 100}年代") == days


@given(st.integers(1980, 2040), st.integers(0, 40))
def test_of_two_years_both_are_heard(first, more):
    days = past_days(f"{first}-{first + more}")
    assert (days is not None) == (more > 0 and first + more <= 2020)
