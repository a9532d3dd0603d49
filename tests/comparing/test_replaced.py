"""Clauses that take the place of others: a county's own of the base's, a later step of an earlier.

One document builds on another and replaces its only clause from 2024 on, by 20 m² a hundred
households, from 2025 on by 25; its plan ends with 2026. The base asks 15. Areas of 200 households
so need 30, 40 and 50 m².
"""

from __future__ import annotations

import itertools
import json
from types import SimpleNamespace

import openpyxl
import pytest

import lifecircle as lc
from lifecircle.comparing.directions import direction_of
from lifecircle.comparing.pairing import pair_clauses
from lifecircle.model.results.comparison import CauseCode, Direction
from lifecircle.model.status import Flag, Status
from lifecircle.outputs.words.changes import change_text, summary_lines
from lifecircle.outputs.words.wording import Wording

_HEAD = """
id = "{id}"
title = {{ zh = "{id}", en = "{id}" }}
issuer = "某县"
number = "1"
county = "370827"
issued = 2020-01-01
compared_on = 2024-01-01
headline = "{headline}"
{more}
[clauses.{headline}]
title = {{ zh = "配置", en = "Floor area" }}
section = "一"
quote = "每百户不少于若干平方米"
category = "PR"
force = "不少于"
measure = "provision"
subject = "residential"
unit = "m2/100hh"
where = {{ age_class = ["existing", "old"], setting = ["urban"] }}
comparison = ">="
options = {{ sharing = "recorded", sharing_radius_m = 1000 }}
readings = {{ A3 = "recorded", A5 = "pro_rata", A6 = "by_age_class", A16 = "floor_area_kinds", A17 = "accepted", A26 = "statistical_code", A29 = "condition_date", A38 = "set_of_kinds", A39 = "record_then_place" }}
official = "areas"
{own}
"""  # noqa: E501
_VERSION = """
[[clauses.{clause}.versions]]
valid_from = {day}
value = {value}
references = [{{ title = "文件", clause = "一" }}]
"""
_BASE = _HEAD.format(id="base", headline="BA-01", more="", own="") + _VERSION.format(
    clause="BA-01", day="2020-01-01", value=15
)
_OWN = (
    _HEAD.format(
        id="own",
        headline="OW-01",
        more='inherits = "base.toml"',
        own='expires = 2026-12-31\noverrides = "BA-01"',
    )
    + _VERSION.format(clause="OW-01", day="2024-01-01", value=20)
    + _VERSION.format(clause="OW-01", day="2025-01-01", value=25)
)
_STUDY = """
[study]
name = "小县"
county = "370827"
standard = "own.toml"
as_of = {day}
crs = "EPSG:4548"
[layers.residential]
path = "小区.csv"
crs = "EPSG:4548"
[layers.facilities]
path = "设施.csv"
crs = "EPSG:4548"
"""
_ROOMS = {"A1": 30, "A2": 45, "A3": 60, "A4": 0}


@pytest.fixture(scope="module")
def on(tmp_path_factory):
    """Assess four areas of 200 households on a day; rooms: ``_ROOMS``, or others."""

    def assessed(day, rooms=None):
        folder = tmp_path_factory.mktemp("study")
        homes, places = (
            ["编号,小区名称,X,Y,户数,类别,城乡,阶段"],
            ["编号,设施名称,设施类型,X,Y,状态,建筑面积,服务小区"],
        )
        for n, (area, m2) in enumerate((rooms or _ROOMS).items()):
            x = 500_000 + 5_000 * n
            homes.append(f"{area},{area}苑,{x},3850000,200,已建成,城镇,入住")
            if m2:
                places.append(f"F{n},{area}站,社区养老服务站,{x},3850000,运营,{m2},{area}")
        (folder / "小区.csv").write_text("\n".join(homes), encoding="utf-8")
        (folder / "设施.csv").write_text("\n".join(places), encoding="utf-8")
        (folder / "base.toml").write_text(_BASE, encoding="utf-8")
        (folder / "own.toml").write_text(_OWN, encoding="utf-8")
        (folder / "study.toml").write_text(_STUDY.format(day=day), encoding="utf-8")
        return lc.assess(lc.read_study(folder))

    return assessed


@pytest.fixture(scope="module")
def by_day(on):
    return {year: on(f"{year}-06-30") for year in (2023, 2024, 2025, 2027)}


def _sides(comparison):
    """Both ids of every clause that a document has."""
    return [
        (c.before and c.before.id, c.after and c.after.id)
        for c in comparison.clauses
        if not (c.before or c.after).id.startswith("REF-")
    ]


def _required(comparison, ids):
    """Area → what is required before and after, by the pair of clauses ``ids``."""
    return {
        f.id_after: (f.before.required, f.after.required, str(f.direction))
        for f in comparison.findings
        if (comparison.clauses[f.clause].before.id, comparison.clauses[f.clause].after.id) == ids
    }


def test_a_clause_newly_in_force_is_paired_with_the_one_it_replaces(by_day):
    comparison = lc.compare(by_day[2023], by_day[2024])
    assert _sides(comparison) == [("BA-01", "OW-01")]
    # 30 m² needed before, 40 after: 30 sufficed and no longer do, 45 and 60 do both times
    assert _required(comparison, ("BA-01", "OW-01")) == {
        "A1": (30.0, 40.0, "missed_anew"),
        "A2": (30.0, 40.0, "same"),
        "A3": (30.0, 40.0, "same"),
        "A4": (30.0, 40.0, "same"),
    }
    codes = {cause.code for f in comparison.findings for cause in f.causes}
    assert codes == {CauseCode.REPLACED, CauseCode.TARGET, CauseCode.DAY}
    (change,) = (c for c in comparison.clauses if c.after.id == "OW-01")
    assert change.asked_otherwise


def test_and_back(by_day):
    comparison = lc.compare(by_day[2024], by_day[2023])
    assert _sides(comparison) == [("OW-01", "BA-01")]
    assert _required(comparison, ("OW-01", "BA-01"))["A1"] == (40.0, 30.0, "met_anew")


def test_a_later_step_is_the_same_clause_and_no_decline(by_day):
    comparison = lc.compare(by_day[2024], by_day[2025])
    assert _sides(comparison) == [("OW-01", "OW-01")]
    # 40 and 50 m²: 45 sufficed before
    assert _required(comparison, ("OW-01", "OW-01"))["A2"] == (40.0, 50.0, "missed_anew")
    areas = {a.id_after: a.direction for a in comparison.areas}
    assert areas["A2"] is Direction.MISSED_ANEW
    assert comparison.headline_otherwise


def test_an_ended_plan_stands_beside_the_clause_that_holds_again(by_day):
    comparison = lc.compare(by_day[2025], by_day[2027])
    assert sorted(_sides(comparison)) == [("OW-01", "BA-01"), ("OW-01", "OW-01")]
    # 50 before, 30 after by the base: 30 and 45 m² suffice again
    again = _required(comparison, ("OW-01", "BA-01"))
    assert {k: v[2] for k, v in again.items()} == {
        "A1": "met_anew", "A2": "met_anew", "A3": "same", "A4": "same",
    }  # fmt: skip
    told = _required(comparison, ("OW-01", "OW-01"))
    assert {v[:2] for v in told.values()} <= {(50.0, 50.0)}


def test_the_ground_alone_is_still_better_or_worse(on, by_day):
    comparison = lc.compare(by_day[2024], on("2024-06-30", {**_ROOMS, "A1": 40, "A3": 39}))
    ways = {a.id_after: a.direction for a in comparison.areas}
    assert ways["A1"] is Direction.BETTER
    assert ways["A3"] is Direction.WORSE
    assert not comparison.headline_otherwise
    assert not any(c.asked_otherwise for c in comparison.clauses)


@pytest.mark.parametrize("years", list(itertools.permutations((2023, 2024, 2025, 2027), 2)))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_output_calls_another_rule_better_or_worse(by_day, years, language, tmp_path):
    """The same rooms on any two days: whatever differs is what is asked."""
    comparison = lc.compare(*(by_day[year] for year in years))
    told = {Direction.BETTER, Direction.WORSE}
    assert not told & {f.direction for f in comparison.findings}
    assert not told & {a.direction for a in comparison.areas}
    assert not told & {c.direction for c in comparison.clauses}
    words = Wording.of_both(comparison).in_language(language)
    for change in comparison.clauses:
        if change.before and change.after and change.before.id != change.after.id:
            assert not set("+−%") & set(change_text(change, words))
    marked = comparison.headline_otherwise
    lines = summary_lines(comparison, words)
    assert any("OW-01" in line for line in lines) == marked
    lc.write_comparison(comparison, tmp_path / "out")
    document = json.loads((tmp_path / "out" / "compare.json").read_text(encoding="utf-8"))
    assert document["headline_otherwise"] == marked
    book = openpyxl.load_workbook(tmp_path / "out" / "compare.xlsx")
    rates = list(book.worksheets[1].values)
    head = next(n for n, row in enumerate(rates) if "条款" in row)
    both = [dict(zip(rates[head], row, strict=True)) for row in rates[head + 1 :]]
    moved = [row for row in both if "→" in str(row["条款"])]
    assert all(row["变化（百分点）"] is None and row["要求是否相同"] for row in moved)


def test_the_result_says_what_a_clause_replaces(by_day, tmp_path):
    lc.write_outputs(by_day[2024], tmp_path, only=("json", "gpkg"))
    assert lc.read_assessment(tmp_path).clause("OW-01").replaces == ("BA-01",)
    assert by_day[2023].clause("BA-01").replaces == ()


_STATES = {
    "absent": None,
    "early": (Status.NOT_IN_FORCE, ()),
    "holds": (Status.DEFICIENT, ()),
    "ended": (Status.DEFICIENT, (Flag.EXPIRED,)),
}


def _side(base, own):
    clauses = [
        SimpleNamespace(
            standard="own", id=name, status=_STATES[state][0], flags=_STATES[state][1],
            replaces=replaces, topic="provision.existing", measure="provision",
            subject="residential",
        )
        for name, state, replaces in (("OW-01", own, ("BA-01",)), ("BA-01", base, ()))
        if _STATES[state] is not None
    ]  # fmt: skip
    return SimpleNamespace(standards=("own",), clauses=tuple(clauses))


_ALL = list(itertools.product(("absent", "holds"), _STATES))


@pytest.mark.parametrize(("before", "after"), list(itertools.product(_ALL, _ALL)))
def test_pairs_of_clauses(before, after):
    """In every state of both sides: nothing told is lost, and what holds meets what held."""
    old, new = _side(*before), _side(*after)
    pairs = pair_clauses(old, new)
    for which, side in enumerate((old, new)):
        shown = [id(pair[which]) for pair in pairs]
        for clause in side.clauses:
            assert id(clause) in shown or clause.status == Status.NOT_IN_FORCE
    ids = {tuple(c and c.id for c in pair) for pair in pairs}
    assert len(ids) == len(pairs)
    assert (None, None) not in ids
    holding = [
        {c.id for c in side.clauses if c.status == Status.DEFICIENT and not c.flags}
        for side in (old, new)
    ]
    if holding == [{"BA-01"}, {"OW-01"}] and after[0] == "absent":
        assert ids == {("BA-01", "OW-01")} | (
            {("OW-01", "OW-01")} if before[1] == "ended" else set()
        )
    for key in holding[0] & holding[1]:
        assert (key, key) in ids


@pytest.mark.parametrize(("before", "after"), list(itertools.product([*Status, None], repeat=2)))
def test_what_is_asked_otherwise_is_never_better_or_worse(before, after):
    way = direction_of(before, after, asked_otherwise=True)
    plain = direction_of(before, after)
    anew = {Direction.BETTER: Direction.MET_ANEW, Direction.WORSE: Direction.MISSED_ANEW}
    assert way is anew.get(plain, plain)
