"""Comparing: nothing changed, what one facility can reach, and every sort of cause.

The street is one straight line through the middle of every area, so that a walk is the straight
line and both are differences of x.
"""

from __future__ import annotations

import dataclasses
import json
import re
from functools import cache
from importlib.resources import files

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import lifecircle as lc
from lifecircle.comparing.differences import COMPARED, uncompared
from lifecircle.comparing.directions import direction_of
from lifecircle.comparing.pairing import pair_subjects
from lifecircle.model.dictionary import columns as dictionary_columns
from lifecircle.model.inputs.layers import Layer
from lifecircle.model.results.assessment import LAYER_COLUMNS
from lifecircle.model.results.comparison import CauseCode, CauseKind, Direction
from lifecircle.outputs.words.causes import cause_text
from lifecircle.outputs.words.changes import subject_text, summary_lines
from lifecircle.outputs.words.wording import Wording

pytestmark = pytest.mark.one_in(2)  # words and layers in many combinations

X0, Y0, CRS = 500_000, 3_850_000, "EPSG:4548"
AREAS = {"A1": 0, "A2": 700, "A3": 1400, "A4": 2100, "A5": 2800, "A6": 3500}
# id: (kind, x, m², tenure); each stands in the area whose middle is within 50 m
KEPT = {f"CX-0{n}" for n in range(1, 8)}
FACILITIES = {
    "S1": ("社区养老服务站", 10, 30, "自建"),
    "S2": ("社区养老服务站", 1440, 30, "租赁"),
    "S3": ("社区养老服务站", 3460, 15, "移交"),
    "S4": ("社区养老服务站", 3540, 15, "自建"),
    "C1": ("助老食堂", 2120, 30, "自建"),
}
STUDY = """
[study]
name = "小县"
county = "370827"
standard = "{standard}"
as_of = {as_of}
crs = "EPSG:4548"
{more}
[layers.residential]
path = "小区.geojson"
[layers.facilities]
path = "设施.csv"
crs = "EPSG:4548"
[layers.streets]
path = "道路.geojson"
"""


def _few_clauses():
    """Seven clauses of Caoxian's document, word for word: judging them is quicker."""
    library = files("lifecircle.standards") / "library" / "caoxian-2023.toml"
    head, *clauses = library.read_text(encoding="utf-8").split("\n[clauses.")
    kept = [head, *(c for c in clauses if c[:5] in KEPT)]
    text = "\n[clauses.".join(kept).replace('id = "caoxian-2023"', 'id = "small"', 1)
    return re.sub(r"^(inherits|overrides) = .*$", "", text, flags=re.MULTILINE)


@pytest.fixture(scope="module")
def make(tmp_path_factory):
    """Write and read a small study; every part can be given otherwise."""
    tmp_path = tmp_path_factory.mktemp("studies")

    def write(
        facilities=FACILITIES,
        areas=AREAS,
        *,
        households=None,
        ids=None,
        numbers=None,
        serves=None,
        columns=None,
        stages=None,
        street=(-300, 4200),
        standard="small.toml",
        as_of="2024-06-30",
        more="",
    ):
        folder = tmp_path / f"study{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        table = {
            "编号": [(ids or {}).get(k, k) for k in areas],
            "小区名称": [f"{k}苑" for k in areas],
            "户数": [(households or {}).get(k, 200) for k in areas],
            "类别": ["已建成"] * len(areas),
            "城乡": ["城镇"] * len(areas),
            "阶段": ["入住"] * len(areas),
        } | (columns or {})
        boxes = [shapely.box(X0 + x - 50, Y0 - 50, X0 + x + 50, Y0 + 50) for x in areas.values()]
        homes = gpd.GeoDataFrame(table, geometry=boxes, crs=CRS)
        homes.to_file(folder / "小区.geojson", driver="GeoJSON")
        line = shapely.LineString([(X0 + street[0], Y0), (X0 + street[1], Y0)])
        roads = gpd.GeoDataFrame({"name": ["大街"]}, geometry=[line], crs=CRS)
        roads.to_file(folder / "道路.geojson", driver="GeoJSON")
        rows = ["编号,设施名称,设施类型,X,Y,状态,建筑面积,取得方式,日间或上门服务,服务小区"]
        for key, (kind, x, m2, tenure) in facilities.items():
            stage, own = (stages or {}).get(key, "运营"), (numbers or {}).get(key, key)
            served = "；".join((ids or {}).get(k, k) for k in (serves or {}).get(key, ()))
            rows.append(f"{own},{key}站,{kind},{X0 + x},{Y0},{stage},{m2},{tenure},否,{served}")
        (folder / "设施.csv").write_text("\n".join(rows), encoding="utf-8")
        (folder / "small.toml").write_text(_few_clauses(), encoding="utf-8")
        text = STUDY.format(standard=standard, as_of=as_of, more=more)
        (folder / "study.toml").write_text(text, encoding="utf-8")
        return lc.read_study(folder)

    return write


@pytest.fixture(scope="module")
def study(make):
    return make()


@pytest.fixture(scope="module")
def whole(study):
    return lc.assess(study)


@pytest.fixture(scope="module")
def unfinished(make):
    """The study with S2 under construction."""
    return make(stages={"S2": "在建"})


@pytest.fixture(scope="module")
def building(unfinished):
    return lc.assess(unfinished)


@pytest.fixture(scope="module")
def without(make):
    """The assessment without one facility."""

    @cache
    def assessed(facility):
        return lc.assess(make({k: row for k, row in FACILITIES.items() if k != facility}))

    return assessed


def _changed(comparison):
    """(clause id, subject id) of the findings that changed."""
    found = set()
    for f in comparison.findings:
        clause = comparison.clauses[f.clause]
        found.add(((clause.after or clause.before).id, f.id_after or f.id_before))
    assert len(found) == len(comparison.findings)
    return found


def _causes(comparison, clause, subject=None):
    """Codes of the causes of one clause's changes, of one subject or of all."""
    return {
        cause.code
        for f in comparison.findings
        if comparison.clauses[f.clause].after.id == clause
        and subject in {None, f.id_after or f.id_before}
        for cause in f.causes
    }


def _reached_by(facility):
    """What a facility can reach, by trying every area against every facility.

    Radius and walk change where it is the nearest of its group; the m² where it stands; the rate
    over the m² there too; the count of facilities where its tenure is one that is counted.
    """
    kind, place, _, tenure = FACILITIES[facility]
    group = [k for k, row in FACILITIES.items() if row[0] == kind]
    clauses = ("CX-06", "CX-05") if kind == "社区养老服务站" else (
        "REF-radius-canteen", "REF-walk-canteen",
    )  # fmt: skip
    found = set()
    for area, x in AREAS.items():
        if min(group, key=lambda k: abs(FACILITIES[k][1] - x)) == facility:
            found |= {(clause, area) for clause in clauses}
        if abs(place - x) <= 50:
            found |= {("CX-03", area), ("CX-07", area)}
    if tenure in {"移交", "租赁", "协调"} and kind == "社区养老服务站":
        found.add(("CX-04", "county"))
    return found


def test_an_assessment_does_not_differ_from_itself(whole, tmp_path):
    lc.write_outputs(whole, tmp_path / "out", only=("json", "gpkg"))
    saved = lc.read_assessment(tmp_path / "out")
    for one, other in ((whole, whole), (whole, saved), (saved, whole)):
        comparison = lc.compare(one, other)
        assert comparison.empty
        assert comparison.findings == comparison.settings == comparison.subjects == ()
        assert not any(c.changed for c in comparison.clauses)
        assert {a.direction for a in comparison.areas} == {Direction.SAME}


@pytest.mark.parametrize("facility", FACILITIES)
def test_one_facility_changes_what_it_can_reach_and_nothing_else(whole, without, facility):
    fewer = without(facility)
    gone, come = lc.compare(whole, fewer), lc.compare(fewer, whole)
    assert _changed(gone) == _changed(come) == _reached_by(facility)
    for comparison, code in ((gone, "facility_removed"), (come, "facility_added")):
        for finding in comparison.findings:
            own = [c for c in finding.causes if c.code is not CauseCode.CLAUSES]
            ids = {"before": facility, "after": None}
            if code == "facility_added":
                ids = {"before": None, "after": facility}
            assert [(c.code, c.params["facility"]) for c in own] == [(code, ids)]
            assert not own[0].eliminated
    (subject,) = gone.subjects
    assert (subject.layer, subject.change, subject.id_before) == ("facilities", "removed", facility)


def test_rates_side_by_side(whole, without):
    comparison = lc.compare(whole, without("S2"))
    clause = next(c for c in comparison.clauses if c.after.id == "CX-03")
    # A1, A3, A4 and A6 have the 30 m² that 200 households need; without S2 A3 has not
    assert clause.official.before.rate == pytest.approx(4 / 6)
    assert clause.official.after.rate == pytest.approx(3 / 6)
    assert clause.official.change == pytest.approx(-1 / 6)
    areas = {a.id_after: a.direction for a in comparison.areas}
    assert [k for k, way in areas.items() if way is Direction.WORSE] == ["A3"]


def test_spare_m2_reaches_the_areas_it_is_suggested_for(make, without):
    """S2 has 30 m² more than A3 needs: A2, 740 m away, could be met; A5, 1360 m away, not."""
    spare = lc.assess(make(FACILITIES | {"S2": ("社区养老服务站", 1440, 60, "租赁")}))
    comparison = lc.compare(spare, without("S2"))
    mine = {k for k in _changed(comparison) if k[0] == "CX-03"}
    assert mine == {("CX-03", "A3"), ("CX-03", "A2")}
    assert _causes(comparison, "CX-03") == {CauseCode.FACILITY_REMOVED}


def test_moved(make, whole):
    away = FACILITIES | {"S2": ("社区养老服务站", 1800, 30, "租赁")}
    comparison = lc.compare(whole, lc.assess(make(away)))
    assert ("CX-06", "A3") in _changed(comparison)
    assert _causes(comparison, "CX-06") == {CauseCode.FACILITY_MOVED}
    moved = {
        c.params["metres"]
        for f in comparison.findings for c in f.causes if c.code is CauseCode.FACILITY_MOVED
    }  # fmt: skip
    assert moved == {360.0}


def test_stage_of_a_facility(building, whole):
    comparison = lc.compare(building, whole)
    assert _changed(comparison) == _reached_by("S2")
    (cause,) = {c.code for f in comparison.findings if f.layer != "county" for c in f.causes} - {
        CauseCode.CLAUSES
    }
    assert cause is CauseCode.FACILITY_STAGE


def test_stage_view(unfinished, building):
    comparison = lc.compare(building, lc.assess(unfinished, view="plan"))
    assert _changed(comparison) == _reached_by("S2")
    kinds = {c.kind for f in comparison.findings for c in f.causes}
    assert kinds == {CauseKind.STAGE, CauseKind.FOLLOWS}
    assert [(s.what, s.name, s.before, s.after) for s in comparison.settings] == [
        ("setting", "stage", "now", "plan")
    ]


def test_scenario_names_the_target(study, whole):
    varied = lc.assess(study, scenario=("二十", {"CX-03.value": 20}))
    comparison = lc.compare(whole, varied)
    # every area needs 40 m² instead of 30
    assert {k for k in _changed(comparison) if k[0] == "CX-03"} == {("CX-03", a) for a in AREAS}
    assert {CauseCode.TARGET, CauseCode.SCENARIO} <= _causes(comparison, "CX-03")
    (target,) = {
        (c.params["before"], c.params["after"])
        for f in comparison.findings for c in f.causes if c.code is CauseCode.TARGET
    }  # fmt: skip
    assert target == (15, 20)
    assert not {k for k in _changed(comparison) if k[0] in {"CX-05", "CX-06"}}


def test_reading(make):
    study = make(households={"A1": 210})
    ceil = lc.assess(dataclasses.replace(study, readings={"A5": "ceil"}))
    comparison = lc.compare(lc.assess(study), ceil)
    # 210 households: 31.5 m² by parts of a hundred, 45 by started hundreds; all others 200
    assert {k for k in _changed(comparison) if k[0] == "CX-03"} == {("CX-03", "A1")}
    assert _causes(comparison, "CX-03") == {CauseCode.READING}


def test_parameter_of_the_walk(study, whole):
    slow = dataclasses.replace(study, parameters=study.parameters.having(walk_speed_m_s=0.8))
    comparison = lc.compare(whole, lc.assess(slow))
    # all walks but those of 0 m take longer; nothing else is about speed
    assert {clause for clause, _ in _changed(comparison)} <= {"CX-05", "REF-walk-canteen"}
    assert _causes(comparison, "CX-05") == {CauseCode.PARAMETER}


def test_streets(make, whole):
    # the street ends between A1 and A2: A1 keeps S1, A2 cannot walk there any more
    comparison = lc.compare(whole, lc.assess(make(street=(400, 4200))))
    assert ("CX-05", "A2") in _changed(comparison)
    assert not {k for k in _changed(comparison) if k[0] in {"CX-03", "CX-06"}}
    assert _causes(comparison, "CX-05") == {CauseCode.INPUT_FILE}


def test_households_of_an_area(make, whole):
    comparison = lc.compare(whole, lc.assess(make(households={"A1": 300})))
    assert _changed(comparison) == {("CX-03", "A1"), ("CX-07", "A1")}
    assert _causes(comparison, "CX-03") == {CauseCode.AREA_CHANGED}
    assert _causes(comparison, "CX-07") == {CauseCode.CLAUSES, CauseCode.AREA_CHANGED}


def test_another_planning_condition_is_a_cause_of_its_own(make):
    """A result does not keep 规划条件应配面积; what it asks of the area shows it."""
    asked = [{"规划条件应配面积": [m2, *[None] * 5]} for m2 in (30, 40)]
    before, after = (lc.assess(make(columns=columns)) for columns in asked)
    comparison = lc.compare(before, after)
    assert _changed(comparison) == {("CX-03", "A1"), ("CX-07", "A1")}
    (cause,) = (c for f in comparison.findings[:1] for c in f.causes)
    figures = {"before": 30.0, "after": 40.0, "measure_unit": "m2"}
    assert (cause.code, dict(cause.params)) == (CauseCode.AREA_QUOTA, figures)
    assert not cause.eliminated


def test_several_causes_hold_at_once(make, whole):
    both = FACILITIES | {"S1": ("社区养老服务站", 10, 40, "自建")}
    comparison = lc.compare(whole, lc.assess(make(both, households={"A1": 300})))
    assert _causes(comparison, "CX-03", "A1") == {
        CauseCode.AREA_CHANGED,
        CauseCode.FACILITY_CHANGED,
    }


def test_by_elimination_and_not_told_apart(make):
    """The dates of 四同步 stand in the ledger's file only."""
    new = {"类别": ["新建"] * 6}
    dates = {
        f"{what}{step}日期": ["2024-01-01"] * 6
        for what in ("住宅", "养老用房")
        for step in ("规划", "建设", "验收", "交付")
    } | {"民政参与规划": ["是"] * 6, "民政参与验收": ["是"] * 6}
    before = lc.assess(make(columns=new))
    dated = lc.compare(before, lc.assess(make(columns=new | dates)))
    told = [
        c for f in dated.findings for c in f.causes if dated.clauses[f.clause].after.id == "CX-02"
    ]
    assert len(told) == 6
    assert all(c == told[0] for c in told)
    cause = told[0]
    assert (cause.code, dict(cause.params)) == (CauseCode.INPUT_FILE, {"layer": "residential"})
    assert cause.eliminated
    later = make(columns=new | dates, as_of="2024-07-31")
    both = lc.compare(before, lc.assess(later))
    causes = {
        (c.code, tuple(c.params["candidates"]))
        for f in both.findings
        for c in f.causes
        if both.clauses[f.clause].after.id == "CX-02"
    }
    assert causes == {(CauseCode.SEVERAL, ("residential", "as_of"))}
    assert {c.kind for f in both.findings for c in f.causes
            if both.clauses[f.clause].after.id == "CX-02"} == {CauseKind.UNTOLD}  # fmt: skip


def test_two_documents(make):
    study = make(standard="caoxian-2023")
    comparison = lc.compare(lc.assess(study), lc.assess(study, standards=["jinxiang-2023"]))
    pairs = {
        (c.before.id, c.after.id)
        for c in comparison.clauses
        if c.before is not None and c.after is not None and c.after.quote
    }
    assert {("CX-03", "JX-06"), ("CX-07", "JX-07"), ("CX-01", "JX-03")} <= pairs
    # Caoxian 15, Jinxiang 20 m² a hundred households: 30 and 40 m² required of every area
    rows = [f for f in comparison.findings if comparison.clauses[f.clause].after.id == "JX-06"]
    assert {(f.before.required, f.after.required) for f in rows} == {(30.0, 40.0)}
    assert {CauseCode.OTHER_CLAUSE, CauseCode.TARGET} <= _causes(comparison, "JX-06")
    alone = [c for c in comparison.clauses if c.before is None or c.after is None]
    assert alone
    assert all(c.changed for c in alone)


def test_a_village_that_no_main_clause_is_about_is_in_none_of_the_counts(make):
    """A1 has 30 of 30 m², then 30 of 40; A2 has none; V1 is a village, asked by neither side."""
    study = make(
        areas={"A1": 0, "A2": 700, "V1": 1400},
        facilities={"S1": FACILITIES["S1"]},
        columns={"城乡": ["城镇", "城镇", "乡村"]},
        standard="caoxian-2023",
    )
    comparison = lc.compare(lc.assess(study), lc.assess(study, standards=["jinxiang-2023"]))
    ways = {area.id_after: area.direction for area in comparison.areas}
    assert (ways["A1"], ways["A2"]) == (Direction.MISSED_ANEW, Direction.SAME)
    lines = summary_lines(comparison, Wording("zh", "compare"))
    assert "居住区按主要条款：转为达标 0，转为不达标 0，其他变化 0，结论未变 1" in lines
    assert any(line.startswith("另有 1 个居住区，前后的主要条款都不是对它") for line in lines)


def test_verdicts_told_by_clauses_that_are_no_pair_are_neither_better_nor_worse(whole):
    """A1's verdict is told by a clause that the later side has in no pair: not asked the same."""
    layer = whole.layers["residential"]
    home = next(key for key, way in layer["verdict"].items() if way == "compliant")
    other = layer.copy()
    other.loc[home, ["clause", "verdict"]] = ["XX-99", "deficient"]
    later = dataclasses.replace(whole, layers={**whole.layers, "residential": other})
    ways = {area.id_after: area.direction for area in lc.compare(whole, later).areas}
    assert ways.pop(home) is Direction.MISSED_ANEW
    assert set(ways.values()) == {Direction.SAME}


def test_subjects_added_removed_and_renumbered(make):
    fewer = {k: x for k, x in AREAS.items() if k != "A2"}
    # ids are row numbers on both sides: all that follow the missing row are shifted
    numbers = [{k: str(n) for n, k in enumerate(side, start=1)} for side in (AREAS, fewer)]
    comparison = lc.compare(
        lc.assess(make(ids=numbers[0])), lc.assess(make(areas=fewer, ids=numbers[1]))
    )
    told = {(s.change, s.id_before, s.id_after, s.name) for s in comparison.subjects}
    assert told == {("removed", "2", None, "A2苑")} | {
        ("renumbered", str(n), str(n - 1), f"A{n}苑") for n in range(3, 7)
    }
    assert {f.name for f in comparison.findings if f.layer == "residential"} == {"A2苑"}
    assert {c.code for f in comparison.findings for c in f.causes if f.layer == "residential"} <= {
        CauseCode.AREA_REMOVED,
        CauseCode.CLAUSES,
    }


def test_estates_of_one_name_are_told_by_their_place_when_ids_shift(make):
    """A1 and A4 are both called 书香苑; before A1 a row was added, so that A1 has A0's number."""
    more = {"A0": 4200, **AREAS}
    sides = []
    for areas in ({k: AREAS[k] for k in ("A1", "A4", "A6")}, more):
        names = ["书香苑" if k in {"A1", "A4"} else f"{k}苑" for k in areas]
        # numbers such that the doubled ones trade theirs
        ids = (
            dict(zip(areas, "123", strict=False))
            if len(areas) == 3
            else {"A0": "1", "A4": "4", "A1": "2", "A2": "5", "A3": "6", "A5": "7", "A6": "3"}
        )
        sides.append(lc.assess(make(areas=areas, ids=ids, columns={"小区名称": names})))
    pairs = lc.compare(*sides)
    told = {(s.change, s.id_before, s.id_after) for s in pairs.subjects if s.layer == "residential"}
    # A1 is 1, then 2; A4 was 2, then 4: by the id alone A4 would be taken for A1
    assert {("renumbered", "1", "2"), ("renumbered", "2", "4")} <= told
    assert {one for one in told if one[0] == "removed"} == set()


@pytest.mark.parametrize(
    ("kind", "x", "same"),
    [
        ("社区养老服务站", 1440 + 1500, True),  # renamed, its place taken anew in another datum
        ("社区养老服务站", 1440 + 2100, False),  # closed; another was opened and has its number
        ("助老食堂", 1440 + 90, True),  # another use of the same house
        ("助老食堂", 1440 + 110, False),
    ],
)
def test_a_number_that_was_used_again_is_another_facility(make, whole, kind, x, same):
    other = {("N9" if k == "S2" else k): row for k, row in FACILITIES.items()}
    other["N9"] = (kind, x, 30, "租赁")
    comparison = lc.compare(whole, lc.assess(make(other, numbers={"N9": "S2"})))
    told = {(s.change, s.name) for s in comparison.subjects}
    assert told == ({("changed", "N9站")} if same else {("removed", "S2站"), ("added", "N9站")})


UNTIED = FACILITIES | {"S3": ("社区养老服务站", 3470, 15, "移交")}
"""S3 and S4 are not as far from A6 as each other: a tie is for the lower id."""
SERVES = {"S1": ("A1", "A2"), "S2": ("A3", "A2"), "S4": ("A6",)}


def _shifted(metres):
    return {k: (kind, x + metres, m2, own) for k, (kind, x, m2, own) in UNTIED.items()}


def test_places_a_few_decimetres_off_are_where_they_were(make):
    """A ledger in another datum, or with a decimal less, is off by centimetres everywhere."""
    before = lc.assess(make(UNTIED))
    comparison = lc.compare(before, lc.assess(make(_shifted(0.4))))
    assert comparison.findings == comparison.subjects == comparison.units == ()
    # 3 m east: nearer by 3 m or farther by 3 m, from A1 13 m instead of 10
    far = lc.compare(before, lc.assess(make(_shifted(3))))
    rows = {f.id_after: f for f in far.findings if far.clauses[f.clause].after.id == "CX-06"}
    assert set(rows) == set(AREAS)
    found = (rows["A1"].before.measured, rows["A1"].after.measured)
    assert found == pytest.approx((10.0, 13.0), abs=0.01)


def _numbered(make, facilities, areas):
    """Assess the study with these rows only, in this order, their ids the numbers of the rows."""
    facilities, areas = ({k: all_[k] for k in kept} for all_, kept in (
        (UNTIED, facilities), (AREAS, areas),
    ))  # fmt: skip
    return lc.assess(
        make(
            facilities,
            areas,
            ids={k: str(n) for n, k in enumerate(areas, start=1)},
            numbers={k: str(n) for n, k in enumerate(facilities, start=1)},
            serves={k: [a for a in some if a in areas] for k, some in SERVES.items()},
        )
    )


@pytest.fixture(scope="module")
def rows_counted(make):
    return _numbered(make, FACILITIES, AREAS)


def test_other_numbers_of_the_same_rows_change_nothing(make, rows_counted):
    other = _numbered(make, list(reversed(FACILITIES)), list(reversed(AREAS)))
    comparison = lc.compare(rows_counted, other)
    assert comparison.findings == ()
    assert {s.change for s in comparison.subjects} == {"renumbered"}
    # five rows have a middle, six have not: the third facility keeps its number
    assert len(comparison.subjects) == len(FACILITIES) - 1 + len(AREAS)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(facilities=list(FACILITIES), areas=list(AREAS), fewer=(1, 0), came=False)
@example(facilities=list(FACILITIES), areas=list(AREAS), fewer=(1, 1), came=True)
@given(
    facilities=st.permutations(list(FACILITIES)),
    areas=st.permutations(list(AREAS)),
    fewer=st.tuples(st.integers(1, 3), st.integers(0, 2)),
    came=st.booleans(),
)
def test_every_name_is_of_the_side_it_is_said_of(
    make, rows_counted, facilities, areas, fewer, came
):
    """Rows that are gone and others in another order: a number is another place on each side."""
    rest = facilities[fewer[0] :], areas[fewer[1] :]
    gone, kept = ({f"{k}站" for k in some} for some in (facilities[: fewer[0]], rest[0]))
    sides = [rows_counted, _numbered(make, *rest)][:: -1 if came else 1]
    comparison = lc.compare(*sides)
    words = Wording.of_both(comparison)
    way = CauseCode.FACILITY_ADDED if came else CauseCode.FACILITY_REMOVED
    for cause in {str(c): c for f in comparison.findings for c in f.causes}.values():
        named = {name for name in gone | kept if name in cause_text(cause, words)}
        if cause.code in {CauseCode.FACILITY_ADDED, CauseCode.FACILITY_REMOVED}:
            assert cause.code is way
            assert len(named & gone) == len(named) == 1
        elif cause.params.keys() & {"facility", "facilities"}:
            assert named
            assert named <= kept
    for finding in comparison.findings:
        ids = finding.id_before, finding.id_after
        for key, side in zip(ids, sides, strict=True):
            if key is not None and finding.layer != "county":
                assert finding.name == side.layers[finding.layer].at[key, "name"]


def test_the_first_row_is_named_when_it_is_gone(make, rows_counted, tmp_path):
    """Its number is the second row's on the other side, and its area has that number too."""
    comparison = lc.compare(rows_counted, _numbered(make, list(FACILITIES)[1:], AREAS))
    book = openpyxl.load_workbook(lc.write_comparison(comparison, tmp_path)["workbook"])
    header, *rows = book["结论变化"].iter_rows(values_only=True)
    rows = [dict(zip(header, row, strict=True)) for row in rows]
    radius = {row["名称"]: row for row in rows if row["条款"] == "CX-06"}
    # S1 at 10 m was the nearest of A1 at 0 m and A2 at 700 m; now it is S2 at 1440 m
    assert radius.keys() == {"A1苑", "A2苑"}
    for row in radius.values():
        assert (row["设施（前）"], row["设施（后）"]) == ("S1站", "S2站")
        assert row["原因"] == "设施S1站不再列入"


def test_served_areas_are_named_by_their_side(make, rows_counted):
    """A2 is gone: S1 served A1 and A2, ids 1 and 2; S2 served A3 and A2, ids 3 and 2."""
    comparison = lc.compare(
        rows_counted, _numbered(make, FACILITIES, [a for a in AREAS if a != "A2"])
    )
    words = Wording.of_both(comparison)
    told = {s.name: subject_text(s, words) for s in comparison.subjects if s.layer == "facilities"}
    assert told == {
        "S1站": "服务居住区：A1苑、A2苑 → A1苑",
        "S2站": "服务居住区：A2苑、A3苑 → A3苑",
    }


def test_gates_closed(study):
    at = study.residential.frame.geometry["A2"]
    gates = gpd.GeoDataFrame(
        {"residential": ["A2", "A2"], "name": ["西门", "东门"], "open": [True, True]},
        geometry=[shapely.Point(at.bounds[0], Y0), shapely.Point(at.bounds[2], Y0)],
        index=pd.Index(["G1", "G2"], name="id"),
        crs=CRS,
    )
    shut = gates.assign(open=[False, True])
    sides = [lc.assess(dataclasses.replace(study, gates=Layer("gates", g))) for g in (gates, shut)]
    comparison = lc.compare(*sides)
    # S1 lies to the west: from 640 m straight at the west gate to 740 m at the east gate
    assert _changed(comparison) >= {("CX-06", "A2")}
    assert {area for _, area in _changed(comparison)} == {"A2"}
    assert _causes(comparison, "CX-06") == {CauseCode.GATES}


@pytest.mark.parametrize(
    ("before", "after", "way"),
    [
        ("deficient", "compliant", "better"),
        ("compliant", "deficient", "worse"),
        ("not_assessed", "compliant", "decided"),
        ("not_assessed", "deficient", "decided"),
        ("compliant", "not_assessed", "undecided"),
        ("deficient", "not_assessed", "undecided"),
        ("deficient", "exempt", "other"),
        ("not_applicable", "compliant", "other"),
        (None, "compliant", "other"),
        ("compliant", "compliant", "same"),
    ],
)
def test_directions(before, after, way):
    assert direction_of(before, after) == way


@pytest.mark.parametrize(
    ("before", "after", "pairs"),
    [
        ({"1": "甲"}, {"1": "甲"}, {("1", "1")}),
        ({"1": "甲", "2": "乙"}, {"1": "乙"}, {("1", None), ("2", "1")}),
        ({"1": "甲"}, {"1": "乙"}, {("1", "1")}),  # renamed
        ({"1": "甲"}, {"2": "甲"}, {("1", "2")}),
        ({"1": "甲", "2": "甲"}, {"3": "甲"}, {("1", None), ("2", None), (None, "3")}),
        ({"1": None}, {"2": None}, {("1", None), (None, "2")}),
        ({}, {"1": "甲"}, {(None, "1")}),
    ],
)
def test_pairs(before, after, pairs):
    found = pair_subjects(*(pd.Series(side, dtype=object) for side in (before, after)))
    assert set(found.rows) == pairs
    assert len(found.rows) == len(pairs)


@given(
    *(
        st.dictionaries(
            st.sampled_from("123456"), st.one_of(st.none(), st.sampled_from("甲乙丙丁")), max_size=6
        )
        for _ in range(2)
    )
)
def test_pairing_takes_every_subject_once(before, after):
    found = pair_subjects(*(pd.Series(side, dtype=object) for side in (before, after)))
    old, new = ([key for key in side if key is not None] for side in zip(*found.rows, strict=True)
                ) if found.rows else ([], [])  # fmt: skip
    assert sorted(old) == sorted(before)
    assert sorted(new) == sorted(after)
    for a, b in found.rows:
        if a is not None and b is not None and a != b:
            assert before[a] == after[b] is not None
    for key in before.keys() & after.keys():  # what is the same on both sides is a pair
        if before[key] == after[key]:
            assert (key, key) in found.rows


def test_compared_columns_are_columns_of_the_layers():
    for name, columns in COMPARED.items():
        assert set(columns) <= set(LAYER_COLUMNS[name])


def test_it_is_plain_data(whole, without):
    comparison = lc.compare(whole, without("S2"))
    params = [dict(c.params) for f in comparison.findings for c in f.causes]
    assert json.loads(json.dumps(params)) == params


@pytest.mark.parametrize(("language", "named"), [("zh", "取得方式"), ("en", "tenure")])
def test_columns_that_a_result_does_not_keep_are_said_not_to_be_compared(
    make, whole, tmp_path, language, named
):
    """S4 was 自建 and is 租赁: one facility more in CX-04, and no word on it among the objects."""
    rented = FACILITIES | {"S4": ("社区养老服务站", 3540, 15, "租赁")}
    sides = (whole, lc.assess(make(rented)))
    comparison = lc.compare(*(dataclasses.replace(side, language=language) for side in sides))
    assert _changed(comparison) == {("CX-04", "county")}
    assert comparison.subjects == ()
    assert set(comparison.uncompared) == {"facilities"}
    lc.write_comparison(comparison, tmp_path / "out")
    summary = openpyxl.load_workbook(tmp_path / "out" / "compare.xlsx").worksheets[0]
    told = [row[0] for row in summary.iter_rows(values_only=True) if named in str(row[0])]
    assert len(told) == 1
    document = json.loads((tmp_path / "out" / "compare.json").read_text("utf-8"))
    assert "tenure" in document["uncompared"]["facilities"]
    assert lc.compare(whole, whole).uncompared == {}


def test_every_column_of_a_ledger_is_compared_or_said_not_to_be():
    placed = {"id", "code", "lon", "lat", "datum", "address", "illustrative"}
    for layer, compared in COMPARED.items():
        left = set(dictionary_columns(layer)) - set(compared) - placed
        assert set(uncompared(layer)) == left
        kept = set(LAYER_COLUMNS[layer]) - {"required_m2"}  # there it is what a clause asks
        assert not left & kept, "a result keeps it: compare it"
