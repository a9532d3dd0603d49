"""Cells that contradict an area's class, and figures that stand in for a blank one: told."""

from __future__ import annotations

import re

import pytest
from tests.two_ledgers import STUDY, written

import lifecircle as lc
from lifecircle.model.problem import describe

ROOMS = "编号,设施名称,设施类型,状态,建筑面积,X,Y\nF1,站,日间照料中心,运营,80,500005,3850000\n"


@pytest.mark.parametrize(
    ("age", "homes", "year", "granted", "told"),
    [
        ("新建", ("500", "500"), "2024", "2023-05-01", set()),
        ("新建", ("500", "500"), "2008", "", {"class_year"}),
        ("新建", ("620", "500"), "", "", {"homes_beyond_plan"}),
        ("新建", ("400", "500"), "", "", set()),  # half of it stands
        ("新建", ("500", ""), "", "", {"homes_stand_in"}),
        ("新建", ("500", "若干"), "", "", set()),  # then nothing stands in
        ("已建成", ("620", "500"), "", "", set()),
        ("已建成", ("", "500"), "", "", {"homes_stand_in"}),
        ("已建成", ("500", ""), "2010", "2007-01-01", set()),
        ("已建成", ("500", ""), "", "2025-03-01", {"class_granted"}),  # judged on 2025-12-31
        ("已建成", ("500", ""), "", "2025年3月", {"class_granted"}),
        ("老旧", ("500", ""), "", "2025", {"class_granted"}),
        ("已建成", ("500", ""), "", "2024", set()),
    ],
)
def test_what_contradicts_a_class_is_told(tmp_path, age, homes, year, granted, told):
    text = "编号,小区名称,户数,规划户数,类别,建成年份,土地出让日期,城乡,X,Y\n"
    text += f"R1,东园,{homes[0]},{homes[1]},{age},{year},{granted},城镇,500000,3850000\n"
    study = lc.read_study(written(tmp_path, STUDY, r=text, f=ROOMS))
    asked = {"class_year", "class_granted", "homes_beyond_plan", "homes_stand_in"}
    assert {str(p.code) for p in study.problems} & asked == told


@pytest.mark.parametrize(
    ("reading", "told"),
    [
        ("by_age_class", {"households_planned": ["新苑"], "households": ["旧园"]}),
        ("planned", {"households_planned": ["新苑", "今园"]}),  # whose only figure is 户数
        ("built", {"households": ["旧园", "后园"]}),
    ],
)
def test_which_figure_stands_in_is_told_as_the_study_reads_it(tmp_path, reading, told):
    text = "编号,小区名称,户数,规划户数,类别,城乡,X,Y\n"
    rows = ["新苑,500,,新建", "今园,500,,已建成", "旧园,,500,已建成", "后园,,500,新建"]
    for n, row in enumerate(rows):
        text += f"R{n},{row},城镇,{500_000 + 1000 * n},3850000\n"
    study = f'{STUDY}[readings]\nA6 = "{reading}"\n'
    study = lc.read_study(written(tmp_path, study, r=text, f=ROOMS))
    found = [p for p in study.problems if p.code == "homes_stand_in"]
    assert {p.params["field"]: p.params["names"] for p in found} == told
    for problem in study.problems:  # every column is called as a planner does
        for language in ("zh", "en"):
            said = " ".join(describe(problem, language).values())
            keys = re.findall(r"(?<![\w.])(?:households\w*|\w+_planned|\w+_m2)(?!\w)", said)
            assert [key for key in keys if language == "zh" or "_" in key] == []
