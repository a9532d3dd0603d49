"""Exemptions as people write them: several areas in a cell, and an end under any usual header."""

from __future__ import annotations

import pytest
from tests.two_ledgers import WITH_EXEMPTIONS, written

import lifecircle as lc
from lifecircle.model.problem import ProblemCode as P
from lifecircle.model.problem import describe

AREAS = (
    "编号,小区名称,户数,类别,城乡,X,Y\n"
    "R1,东园,300,已建成,城镇,500000,3850000\n"
    "R2,西园,300,已建成,城镇,503000,3850000\n"
    "R3,南湖,300,已建成,城镇,506000,3850000\n"
)
PLACES = "编号,设施名称,设施类型,状态,建筑面积,X,Y\nF1,甲站,日间照料中心,运营,1,509000,3850000\n"


@pytest.fixture
def statuses(tmp_path):
    """Return a function from areas, and the lines of exemptions, to CX-03 and what is asked."""

    def judge(*lines, areas=AREAS):
        written(tmp_path, WITH_EXEMPTIONS, r=areas, f=PLACES, e="\n".join(lines))
        found = lc.assess(lc.read_study(tmp_path / "study.toml"))
        rows = found.findings[found.findings["clause"] == "CX-03"]
        asked = [p.value for p in found.problems if p.code is P.REFERENCE_UNKNOWN]
        return [*map(str, rows["status"])], asked

    return judge


EXEMPT, SHORT, OPEN = "exempt", "deficient", "not_assessed"


@pytest.mark.parametrize(
    ("said", "expected", "asked"),
    [
        ("R1、R2", [EXEMPT, EXEMPT, SHORT], False),
        ("R1;R3", [EXEMPT, SHORT, EXEMPT], False),
        ("东园；南湖", [EXEMPT, SHORT, EXEMPT], False),
        ("东园/R2", [EXEMPT, EXEMPT, SHORT], False),
        ("R1、R9", [OPEN, SHORT, SHORT], True),  # nobody is R9: the list may be another county's
        ("东园、北苑", [OPEN, SHORT, SHORT], True),
    ],
)
def test_a_cell_that_lists_areas_exempts_each_of_them(statuses, said, expected, asked):
    found = statuses("编号,条款,理由,依据", f"{said},CX-03,无房,县政府〔2025〕1号")
    assert found == (expected, [said] if asked else [])


def test_a_list_of_ids_that_the_program_made_exempts_nobody(statuses):
    bare = "\n".join(line.partition(",")[2] for line in AREAS.splitlines()) + "\n"
    found, asked = statuses("编号,条款,理由,依据", "R2、R3,CX-03,无房,1号", areas=bare)
    assert (found, asked) == ([SHORT] * 3, ["R2、R3"])


@pytest.mark.one_in(4)
@pytest.mark.parametrize(
    "header",
    ["有效期至", "有效期限", "截止日期", "到期日期", "到期时间", "失效日期", "豁免期限", "期限"],
)
@pytest.mark.parametrize(("until", "status"), [("2025-12-30", SHORT), ("2025-12-31", EXEMPT)])
def test_an_exemption_ends_whatever_its_end_is_called(statuses, header, until, status):
    found, _ = statuses(f"编号,条款,理由,依据,{header}", f"R1,CX-03,无房,1号,{until}")
    assert found == [status, SHORT, SHORT]


@pytest.mark.parametrize(
    ("until", "status"),
    [
        *[(said, SHORT) for said in ("2024年底前", "2025年11月底以前", "至2024年末前有效")],
        *[(said, EXEMPT) for said in ("2025年底前", "2025年12月底之前")],
    ],
)
def test_by_the_end_of_a_year_or_a_month_is_its_last_day(statuses, until, status):
    found, _ = statuses("编号,条款,理由,依据,有效期", f"R1,CX-03,无房,1号,{until}")
    assert found == [status, SHORT, SHORT]


@pytest.mark.parametrize("header", ["小区名称", "名称", "豁免对象名称"])
def test_a_blank_subject_is_whom_another_column_names(statuses, header):
    rows = ",东园,CX-03,无房,1号", "R2,南湖,CX-03,无房,1号"  # an id that is there goes first
    assert statuses(f"编号,{header},条款,理由,依据", *rows) == ([EXEMPT, EXEMPT, SHORT], [])


def test_a_row_that_names_nobody_exempts_nobody_and_is_an_error(tmp_path, statuses):
    """One blank cell does not open a county: it is to be mended before anything is signed."""
    found, _ = statuses("编号,条款,理由,依据", "R1,CX-03,无房,1号", ",CX-03,无房,1号")
    assert found == [EXEMPT, SHORT, SHORT]
    (told,) = (
        p for p in lc.read_study(tmp_path / "study.toml").problems if p.code is P.VALUE_MISSING
    )
    assert (told.row, str(told.severity)) == (3, "error")
    assert "谁" in describe(told, "zh")["remedy"]
