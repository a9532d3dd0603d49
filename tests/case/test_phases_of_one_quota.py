"""Phases of one project under one quota are one account, whichever class word each has (A1)."""

from __future__ import annotations

import pytest
from tests.two_ledgers import STUDY, written

import lifecircle as lc

AREAS = "编号,小区名称,户数,规划户数,类别,城乡,项目编号,X,Y\n"
ROOMS = "编号,设施名称,设施类型,状态,建筑面积,X,Y\n"
OPEN, MET, SHORT, NONE = "not_assessed", "compliant", "deficient", "not_applicable"

CASES = {  # classes of 600 and 400 dwellings; m² in the second phase; CX-03 of both
    ("老旧", "已建成", 165): (MET, MET),  # 150 for both
    ("老旧", "已建成", 135): (SHORT, SHORT),
    ("已建成", "老旧", 150): (MET, MET),
    ("已建成", "已建成", 149): (SHORT, SHORT),
    ("新建", "老旧", 165): (NONE, MET),  # two quotas: 60 for the second
    ("新建", "已建成", 59): (NONE, SHORT),
    ("", "老旧", 59): (OPEN, SHORT),  # alone, or with the first
    ("", "老旧", 150): (OPEN, MET),
    ("", "老旧", 149): (OPEN, OPEN),
}


def study_of(folder, cases, text=STUDY):
    areas, rooms = AREAS, ROOMS
    for n, (*kinds, m2) in enumerate(cases):
        for part, homes, kind in zip("AB", (600, 400), kinds, strict=True):
            x = 500_000 + 5000 * n + 300 * "AB".index(part)
            areas += f"{part}{n},城{n}号{part}期,{homes},{homes},{kind},城镇,P{n},{x},3850000\n"
        rooms += f"F{n},站{n},日间照料中心,运营,{m2},{x + 5},3850000\n"
    return lc.read_study(written(folder, text, r=areas, f=rooms))


def verdicts(result, clause):
    found = result.findings[result.findings["clause"] == clause]
    return {row.id: str(row.status) for row in found.itertuples()}


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    return lc.assess(study_of(tmp_path_factory.mktemp("s"), CASES))


@pytest.mark.parametrize("n", range(len(CASES)), ids=[*map(str, CASES)])
def test_one_account_for_one_quota(judged, n):
    found = verdicts(judged, "CX-03")
    assert (found[f"A{n}"], found[f"B{n}"]) == [*CASES.values()][n]


@pytest.mark.parametrize("kinds", [("已建成", "老旧"), ("老旧", "已建成")])
def test_a_rule_on_old_estates_alone_counts_the_old_phase(tmp_path, kinds):
    """PY-33 asks of 老旧小区, whichever phase the project's account stands under."""
    text = STUDY.replace("371721", "370124").replace("caoxian-2023", "pingyin-2022")
    text = text.replace("2025-12-31", "2025-06-30")
    result = lc.assess(study_of(tmp_path, [(*kinds, 150)], text))
    told = {r.basis: r for r in result.clause("PY-33").rates if r.scope == "county"}
    assert (told["areas"].numerator, told["areas"].denominator) == (1, 1)
