"""A figure given about (约200) that decides is marked and put to a person; so is a plan of nothing.

Jinxiang: 30 m² per 100 households, one place of 200 m² at least. 5 % of 200 m² is 10 m².
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import shutil
from pathlib import Path

import geopandas as gpd
import pytest

import lifecircle as lc
from lifecircle.model.status import Flag
from lifecircle.outputs import write_review

pytestmark = pytest.mark.one_in(2)  # words and layers in many combinations

ROOM = 'id = "N1"\n"设施名称" = "用房"\n"设施类型" = "社区养老服务用房"\n"建筑面积" = {}\n'


@pytest.mark.parametrize(
    ("m2", "households", "people", "marked"),
    [
        ('"约200"', 600, "", {"JX-03", "JX-04"}),  # 190 m² would be too small a place
        ('"约195"', 600, "", {"JX-03", "JX-04"}),  # 204.75 m² would do
        ('"约211"', 600, "", set()),  # 200.45 m² still do
        ('"约189"', 600, "", set()),  # 198.45 m² still fail
        (211, '"约700"', "", {"JX-03"}),  # 735 households ask for 220.5 m²
        (211, '"约650"', "", set()),  # 682.5 ask for 204.75
        (211, 700, '"规划总户数" = "约700"\n', {"JX-03"}),
        (200, 600, "", set()),
        (209, '"600余"', "", {"JX-03"}),  # 699 ask for 209.7
        (210, '"600余"', "", set()),
        ('"200余"', 600, "", set()),  # never less
        ('"近200"', 600, "", {"JX-03", "JX-04"}),
        (210, '"近700"', "", set()),  # never more
    ],
)
def test_the_clauses_that_hang_on_it(reviewed_in, tmp_path, m2, households, people, marked):
    found = reviewed_in(
        tmp_path, "jinxiang-2023", [ROOM.format(m2)], households=households, project=people
    )
    assert {row.id for row in found.clauses if Flag.APPROXIMATE in row.flags} == marked
    assert {c.subject for c in found.manual_checks if c.code == "rounded"} == marked


def test_people_planned_about(reviewed_in, tmp_path):
    """3000 people ask for 300 m² in Pingyin, 3150 for 315."""
    for m2, marked in ((310, {"PY-31"}), (315, set())):
        found = reviewed_in(
            tmp_path,
            "pingyin-2022",
            [ROOM.format(m2)],
            households=1000,
            plot='"规划人口" = "约3000"\n',
        )
        assert {row.id for row in found.clauses if Flag.APPROXIMATE in row.flags} == marked


@pytest.mark.parametrize(
    ("setting", "said"), [("城镇", "所列条款全部符合"), ("农村", "没有适用于本方案的条款")]
)
def test_a_plan_that_no_clause_is_about_is_not_told_to_meet_all(
    reviewed_in, tmp_path, setting, said
):
    head = f'name = "新苑"\n"坐标系" = "EPSG:4548"\n"城乡" = "{setting}"\n'
    found = reviewed_in(tmp_path, "jinxiang-2023", [ROOM.format(210)], head=head)
    assert any(row.decides for row in found.clauses) is (setting == "城镇")
    page = write_review(found, tmp_path / setting)["html"].read_text(encoding="utf-8")
    assert re.findall("所列条款全部符合|没有适用于本方案的条款", page) == [said]


@pytest.mark.parametrize(
    ("m2", "said"),
    [
        (130, "现行有效的条款全部符合。期满条款 PY-31 未达到"),  # 168 m² of the ended plan
        (168, "所列条款全部符合"),
    ],
)
def test_what_an_ended_plan_misses_is_not_told_as_met(study_of, propose, tmp_path, m2, said):
    """Pingyin after 2025: 600 × 2.8 people ask for 168 m²; the province for 120."""
    study = dataclasses.replace(
        study_of("pingyin-2022", "persons_per_household = 2.8"), as_of=dt.date(2026, 6, 30)
    )
    found = lc.review(study, lc.read_proposal(propose([ROOM.format(m2)]), study))
    assert str(found.verdict) == "agree"
    page = write_review(found, tmp_path / "out")["html"].read_text(encoding="utf-8")
    told = re.findall(r"现行有效的条款全部符合。期满条款 PY-31 未达到|所列条款全部符合", page)
    assert told == [said]


@pytest.mark.parametrize(
    ("named", "marked"),
    [
        ("210", set()),  # as 700 households ask
        ("约210", {"JX-03"}),  # 199.5 m² at least
        ("约222", set()),  # 210.9 m² at least
        ("210余", set()),  # never less
        ("约201", {"JX-03"}),  # 211.05 m² at most
        ("约199", set()),  # 208.95 m² are too few too
    ],
)
def test_what_a_record_names_about_is_taken_at_its_ends(reviewed_in, tmp_path, named, marked):
    room = ROOM.format(260) + f'"服务小区" = "D1:{named}"\n'
    found = reviewed_in(tmp_path, "jinxiang-2023", [room], households=700)
    assert {row.id for row in found.clauses if Flag.APPROXIMATE in row.flags} == marked
    assert {c.subject for c in found.manual_checks if c.code == "rounded"} == marked


@pytest.mark.parametrize(
    "case",
    [
        # phase 1 stands with 210 m², 200 are planned: 410 of (300 + 600) × 0.3 = 270
        ("210", "300", 600, set()),
        ("约210", "300", 600, {"JX-03", "JX-04"}),  # 199.5 m² count for nothing: 200 of 270
        ("约211", "300", 600, set()),  # 200.45 still count
        ("210", "约300", 1060, {"JX-03"}),  # 408 of 410; 315 homes ask for 412.5
        ("210", "约300", 1050, set()),  # 409.5 at most
        ("300,P1:约210", "300", 1050, {"JX-03"}),  # of (300 + 1050) × 0.3 = 405: 399.5 at least
        ("300,P1:约216", "300", 1050, set()),  # 405.2 at least
    ],
)
def test_a_round_figure_of_another_phase(phased, propose, tmp_path, case):
    m2, homes, households, marked = case
    folder = Path(shutil.copytree(phased.path.parent, tmp_path / "审查县"))
    rooms = folder / "设施.csv"
    written = m2 if ":" in m2 else f"{m2},P1"
    text = rooms.read_text(encoding="utf-8").replace("运营,210,P1", f"运营,{written}")
    rooms.write_text(text, encoding="utf-8")
    areas = gpd.read_file(folder / "小区.gpkg")
    for column in ("户数", "规划户数"):
        first = areas["编号"] == "P1"
        areas[column] = areas[column].astype(object).where(~first, homes).astype(str)
    areas = areas.replace("nan", None)
    (folder / "小区.gpkg").unlink()
    areas.to_file(folder / "小区.gpkg", layer="小区")
    study = lc.read_study(folder / phased.path.name)
    plan = propose([ROOM.format(200)], households=households, project='"项目编号" = "PJ1"\n')
    found = lc.review(study, lc.read_proposal(plan, study))
    assert {row.id for row in found.clauses if Flag.APPROXIMATE in row.flags} == marked
    assert {c.subject for c in found.manual_checks if c.code == "rounded"} == marked
    assert found.verdict == "agree"
