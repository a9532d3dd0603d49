"""A position that is none decides nothing: it is unknown, and told."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import lifecircle as lc
from lifecircle.intake.study import check_study
from lifecircle.model.problem import ProblemCode as P

INPUTS = Path(__file__).parent


@pytest.fixture
def given(tmp_path):
    """Return a function that copies an input, writes files over it, and reads and judges it."""

    def judge(name, **files):
        folder = shutil.copytree(INPUTS / name, tmp_path / "in", dirs_exist_ok=True)
        for file, text in files.items():
            (folder / file.replace("_", ".")).write_text(text, encoding="utf-8")
        study, problems = check_study(folder)
        assert study is not None, problems
        return lc.assess(study), study, problems

    return judge


def said(problems, code):
    return [p for p in problems if p.code is code]


def radii(assessment):
    return assessment.layers["residential"]["radius_status"].map(str).to_dict()


def place(layer, row):
    """Return easting and northing in metres; None: unknown."""
    shape = layer.frame.geometry[row]
    return None if shape is None else (shape.x, shape.y)


# three places of different names on one point

AREAS = "编号,小区名称,项目编号,户数,小区类别,城乡,经度,纬度\n"


def areas(*names, project="", at="117.0000000,35.0487385"):
    return AREAS + "".join(
        f"R{i},{name},{project},100,已建成,城镇,{at}\n" for i, name in enumerate(names, 1)
    )


def test_areas_that_a_geocoder_put_on_one_point_are_nowhere(given):
    found, study, problems = given("geocode-fallback")
    (told,) = said(problems, P.PLACES_STACKED)
    assert (told.layer, told.params["count"]) == ("residential", 8)
    assert set(radii(found).values()) == {"not_assessed"}
    assert study.residential.located.sum() == 0


@pytest.mark.parametrize("names", [("东园", "西园", "北园"), ("小区1", "小区2", "小区3", "小区1")])
def test_three_names_are_enough(names, given):
    found, _, problems = given("geocode-fallback", r_csv=areas(*names))
    assert said(problems, P.PLACES_STACKED)[0].params["count"] == 3
    assert set(radii(found).values()) == {"not_assessed"}


@pytest.mark.parametrize(
    "names",
    [
        ("东园", "西园"),
        ("锦绣城一期", "锦绣城二期", "锦绣城三期"),
        ("锦绣城（一期）", "锦绣城二期A区", "锦绣城B区", "锦绣城"),
        ("锦绣城1号楼", "锦绣城2号楼", "锦绣城3号楼"),
    ],
)
def test_phases_of_one_estate_and_two_neighbours_may_share_a_point(names, given):
    found, _, problems = given("geocode-fallback", r_csv=areas(*names))
    assert not said(problems, P.PLACES_STACKED)
    assert set(radii(found).values()) == {"compliant"}  # 50 m


def test_areas_of_one_project_are_one_place_whatever_their_names(given):
    found, _, problems = given(
        "geocode-fallback", r_csv=areas("东园", "西园", "北园", project="X1")
    )
    assert not said(problems, P.PLACES_STACKED)
    assert set(radii(found).values()) == {"compliant"}


STOCK = "编号,设施名称,设施类型,场所编号,建筑面积,状态,经度,纬度\n"


def stock(*names, site=""):
    row = "{},{},日间照料中心,{},300,运营,117.0000000,35.0482878\n"
    return STOCK + "".join(row.format(f"F{i}", n, site) for i, n in enumerate(names, 1))


def test_facilities_stacked_on_a_point_cover_nobody(given):
    found, _, problems = given(
        "geocode-fallback",
        r_csv=areas("东园"),
        facilities_csv=stock("甲日间照料中心", "乙日间照料中心", "丙日间照料中心"),
    )
    assert said(problems, P.PLACES_STACKED)[0].layer == "facilities"
    assert radii(found) == {"R1": "not_assessed"}


@pytest.mark.parametrize(
    ("names", "site"),
    [
        (("甲日间照料中心", "乙日间照料中心", "丙日间照料中心"), "S1"),
        (("东关社区日间照料中心", "东关养老院", "东关社区幸福院"), ""),
    ],
)
def test_services_of_one_house_are_one_place(names, site, given):
    found, _, problems = given(
        "geocode-fallback", r_csv=areas("东园"), facilities_csv=stock(*names, site=site)
    )
    assert not said(problems, P.PLACES_STACKED)
    assert radii(found) == {"R1": "compliant"}


# every other row in another datum, told by the area it names


def test_rows_that_lie_as_another_datum_are_named(given):
    _, _, problems = given("mixed-datum-rows")
    (told,) = said(problems, P.DATUM_MIXED)
    assert (told.params["datum"], told.params["count"], told.params["total"]) == ("gcj02", 6, 12)
    assert told.params["names"] == ["F0", "F2", "F4", "F6", "F8", "F10"]
