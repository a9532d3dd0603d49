"""Every item of both forms, by hand: what its rows and clauses come to."""

from __future__ import annotations

import dataclasses
import math
import tomllib
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.intake.evidence import evidence_table
from lifecircle.intake.settings.schema import Evidence
from lifecircle.model.results.assessment import ClauseResult
from lifecircle.model.results.score import Origin
from lifecircle.model.rules.form import PartKind
from lifecircle.model.status import Status
from lifecircle.scoring.answers import answered, chosen
from lifecircle.scoring.parts import questioned, score_part, unledgered
from lifecircle.scoring.relations import related, vetoed
from lifecircle.standards import forms, read_form, read_standard

HERE = Path(__file__).parent
CASES = tomllib.loads((HERE / "items.toml").read_text(encoding="utf-8"))["case"]
FORMS = {name: read_form(name) for name in forms()}
STANDARDS = {form.standard: read_standard(form.standard) for form in FORMS.values()}
KNOWN = {"item", "name", "forms", "evidence", "clauses", "parts", "origins", "problems"}
KNOWN |= {"score", "range", "why", "whys"}


def result(form, clause_id, said):
    """Return a clause's result: a status, or a value that is only reported."""
    own = {**STANDARDS[form.standard].clauses, **form.clauses}[clause_id]
    value = said if isinstance(said, int | float) else None
    return ClauseResult(
        standard=own.standard,
        id=own.id,
        title=own.title,
        section=own.section,
        quote=own.quote,
        force=own.force,
        references=(),
        deadline=None,
        measure=own.measure,
        subject=own.subject,
        kinds=own.kinds,
        comparison=own.comparison,
        target=None,
        unit=own.unit,
        value=value,
        low=value,
        high=value,
        reading={},
        status=Status.REPORTED if value is not None else Status(said),
        flags=(),
        counts={},
        official=None,
        rates=(),
    )


def evidence(rows):
    typed = {}
    for row in rows:
        one = Evidence(**{k: v for k, v in row.items() if k != "item"})
        typed.setdefault(row["item"], []).append(one)
    return evidence_table(typed, None, "study.toml")


def scored(form, item, case):
    answers, problems = answered(form, evidence(case.get("evidence", [])), ())
    found, problems = {}, list(problems)
    for part in item.parts:
        said = case.get("clauses", {}).get(part.id)
        clauses = () if said is None else tuple(result(form, c, said) for c in part.clauses)
        found[part.id], more = score_part(part, answers[part.id], clauses, "zh")
        problems += more
    found, more = related(found, answers)
    return found, problems + more


def variants():
    for case in CASES:
        for name in case.get("forms", FORMS):
            yield pytest.param(FORMS[name], case, id=f"{name} {case['item']} {case['name']}")


@pytest.mark.parametrize(("form", "case"), list(variants()))
def test_by_hand(form, case):
    assert case.keys() <= KNOWN
    item = next(i for i in form.items if i.id == case["item"])
    parts, problems = scored(form, item, case)
    for name, expected in case["parts"].items():
        one = parts[name]
        if isinstance(expected, int | float):
            assert one.score == pytest.approx(expected, abs=1e-12), name
            assert (one.low, one.high) == (one.score, one.score)
            assert one.origin in {Origin.COMPUTED, Origin.TYPED}
        else:
            low, high = (0, one.part.points) if expected == "?" else expected
            assert (one.score, one.low, one.high) == (None, low, high), name
            assert one.origin in {Origin.SUGGESTED, Origin.OPEN}
    assert parts.keys() == case["parts"].keys()
    for name, origin in case.get("origins", {}).items():
        assert parts[name].origin == origin
    for name, code in case.get("whys", {}).items():
        assert parts[name].why.code == code
    assert [str(p.code) for p in problems] == case.get("problems", [])
    low, high = (math.fsum(getattr(p, end) for p in parts.values()) for end in ("low", "high"))
    if "score" in case:
        assert all(p.score is not None for p in parts.values())
        assert (low, high) == pytest.approx((case["score"], case["score"]), abs=1e-12)
    else:
        assert any(p.score is None for p in parts.values())
        assert [low, high] == pytest.approx(case["range"], abs=1e-12)


@pytest.mark.parametrize("name", FORMS)
def test_every_part_has_a_case_with_points(name):
    mine = [c for c in CASES if name in c.get("forms", FORMS)]
    assert {c["item"] for c in mine} == {item.id for item in FORMS[name].items}
    full = {
        part
        for case in mine
        for part, expected in case["parts"].items()
        if isinstance(expected, int | float) and expected > 0
    }
    worth = {p.id for p in FORMS[name].parts.values() if p.points > 0}
    assert worth - full == set()


def test_rows_without_evidence_are_no_mistake():
    found, problems = answered(FORMS["caoxian"], None, ())
    assert problems == ()
    assert set(found.values()) == {()}
    found, problems = answered(FORMS["caoxian"], pd.DataFrame(evidence([])), ())
    assert problems == ()


def test_a_part_that_is_not_in_the_form_names_the_nearest():
    table = evidence([{"item": "4.1d", "value": "是"}, {"item": "价格机制", "value": "是"}])
    _, (first, second) = answered(FORMS["caoxian"], table, ())
    assert first.params["nearest"] in {"4.1a", "4.1b", "4.1c"}
    assert (second.value, second.params["nearest"]) == ("价格机制", None)
    _, problems = answered(FORMS["caoxian"], table, ("价格机制",))
    assert [p.value for p in problems] == ["4.1d"]


ROWS = [
    {"item": part.id, "value": value, "claimed": claimed, "work": work, "title": title}
    for part in FORMS["weishan"].parts.values()
    for value in (None, "是", "否")
    for claimed in (None, part.points, 99.0)
    for work in (None, "甲")
    for title in (None, "材料")
]


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(st.sampled_from(ROWS), max_size=60), seed=st.randoms())
def test_whatever_is_typed_the_points_stay_in_bounds_and_in_any_order(rows, seed):
    form = FORMS["weishan"]

    def totals(given_rows):
        answers, _ = answered(form, evidence(given_rows), ())
        parts = {p.id: score_part(p, answers[p.id], (), "zh")[0] for p in form.parts.values()}
        return [(p.score, p.low, p.high) for p in vetoed(parts).values()]

    found = totals(rows)
    for (score, low, high), part in zip(found, form.parts.values(), strict=True):
        assert 0 <= low <= high <= part.points
        assert score is None or score == low == high
    shuffled = list(rows)
    seed.shuffle(shuffled)
    assert totals(shuffled) == found


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(st.sampled_from(ROWS), max_size=60))
def test_a_no_never_adds_points_to_what_presupposes_it(rows):
    """Nor does it take the claim away: the most that the part can come to stays."""
    form = FORMS["weishan"]

    def totals(given_rows):
        answers, _ = answered(form, evidence(given_rows), ())
        parts = {p.id: score_part(p, answers[p.id], (), "zh")[0] for p in form.parts.values()}
        return related(parts, answers)[0]

    bases = {p.depends for p in form.parts.values() if p.depends}
    before = totals([r for r in rows if r["item"] not in bases])
    after = totals(
        [r for r in rows if r["item"] not in bases]
        + [{"item": b, "value": "否", "title": "材料"} for b in sorted(bases)]
    )
    for part in form.parts.values():
        if part.depends:
            assert after[part.id].low == 0.0
            assert after[part.id].high == before[part.id].high


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(st.sampled_from(ROWS), max_size=60))
def test_nothing_stands_for_certain_on_what_may_earn_nothing(rows):
    form = FORMS["weishan"]
    answers, _ = answered(form, evidence(rows), ())
    parts = {p.id: score_part(p, answers[p.id], (), "zh")[0] for p in form.parts.values()}
    found = related(parts, answers)[0]
    for part in form.parts.values():
        if part.depends and found[part.depends].low == 0.0:
            assert found[part.id].low == 0.0


@pytest.mark.parametrize("name", FORMS)
def test_a_number_of_no_part_means_no_part_of_another_item(name):
    form = FORMS[name]
    absent = [{"item": one, "value": "是"} for one in ("8.1a", "2.9a", "1.1z")]
    _, problems = answered(form, evidence(absent), ())
    assert [p.params["nearest"] for p in problems][:2] == [None, None]
    assert problems[2].params["nearest"] in {"1.1a", "1.1b", "1.1c"}


@pytest.mark.parametrize("claimed", [0.0, 1.0])
@pytest.mark.parametrize("figure", [0.0, 80.0])
@pytest.mark.parametrize("empty", [True, False])
def test_points_claimed_against_a_figure_of_nothing_are_questioned(claimed, figure, empty):
    form = FORMS["weishan"]
    part = form.parts["4.5b"]
    rows = evidence([{"item": "4.5b", "claimed": claimed, "note": "x"}])
    answers = answered(form, rows, ())[0]["4.5b"]
    clauses = tuple(result(form, name, figure) for name in part.clauses)
    one = score_part(part, answers, clauses, "zh")[0]
    found, problems = questioned(one, answers, empty=empty)
    if claimed and not figure and not empty:
        assert (found.score, found.low, found.high) == (None, 0.0, claimed)
        assert [p.code for p in problems] == ["evidence_denied"]
    else:
        assert (found.score, problems) == (claimed, [])


_SAID = [Status.COMPLIANT, Status.DEFICIENT, Status.NOT_ASSESSED, Status.EXEMPT]


@pytest.mark.parametrize("first", _SAID)
@pytest.mark.parametrize("second", _SAID)
@pytest.mark.parametrize("kind", [PartKind.RATE, PartKind.COUNT, PartKind.BOOL_AND])
def test_a_part_of_two_clauses_asks_for_both(kind, first, second):
    """One that is missed takes the points, whatever the other; else one that is open leaves it."""
    form = FORMS["caoxian"]
    parts = (part for item in form.items for part in item.parts)
    part = next(p for p in parts if p.kind is kind and p.points)
    both = tuple(result(form, "CX-18", str(said)) for said in (first, second))
    yes = evidence([{"item": part.id, "value": "是", "number": "1号"}])
    answers, _ = answered(form, yes, ())
    said = answers[part.id] if kind is PartKind.BOOL_AND else ()
    found, _ = score_part(part, said, both, "zh")
    wanted = None
    if Status.DEFICIENT in {first, second}:
        wanted = 0.0
    elif {first, second} == {Status.COMPLIANT}:
        wanted = part.points
    assert found.score == wanted


def test_works_are_told_with_those_named_twice_and_what_they_would_come_to():
    form = FORMS["caoxian"]
    part = form.parts["7.1a"]
    rows = [("甲", 2.0), ("甲", 0.5), ("甲", 2.0), *((str(n), 2.0) for n in range(5))]
    typed = [{"item": "7.1", "work": work, "claimed": m, "number": "1"} for work, m in rows]
    answers, _ = answered(form, evidence(typed), ())
    found, _ = score_part(part, answers["7.1a"], (), "zh")
    # six works at 2 points, 甲 twice more; the form stops at 10
    assert found.score == 10.0
    assert found.why.params == {"count": 6, "repeated": 2, "uncapped": 12.0}


def test_points_that_several_options_have_name_none_of_them():
    form = FORMS["caoxian"]
    part = form.parts["1.1b"]
    first, *rest = part.options
    twins = dataclasses.replace(part, options=(first, dataclasses.replace(first, key="x"), *rest))
    table = evidence([{"item": "1.1b", "claimed": first.points}])
    (row,) = answered(form, table, ())[0]["1.1b"]
    assert chosen(part, row, "zh") == (first, [])
    option, problems = chosen(twins, row, "zh")
    assert option is None
    assert [str(p.code) for p in problems] == ["evidence_claim"]


@pytest.mark.parametrize(("names", "stays"), [(("5.5a",), True), (("5.5a", "5.1b"), False)])
def test_without_a_ledger_only_typed_figures_decide(names, stays):
    """Training (5.5a) is typed; how many are registered (5.1b) is counted in the ledger."""
    form = FORMS["caoxian"]
    part = form.parts["5.5a"]
    clauses = tuple(result(form, form.parts[n].clauses[0], "compliant") for n in names)
    found, _ = score_part(part, (), clauses, "zh")
    assert found.score == part.points
    assert unledgered(found).score == (part.points if stays else None)


def answer(value=None, claimed=None, work=None, title="材料"):
    return {"value": value, "claimed": claimed, "work": work, "title": title}


@pytest.mark.parametrize(
    ("part", "rows", "told"),
    [
        ("1.1a", [answer("是"), answer("否")], [("是", "否")]),
        # the row that claims all points agrees with the yes
        ("1.1a", [answer("是"), answer("否"), answer(claimed=2)], [("是", "否")]),
        ("1.1a", [answer("是"), answer(claimed=2)], []),
        ("1.1b", [answer("主要负责同志"), answer("负责同志")], [("主要负责同志", "负责同志")]),
        # two works of two levels are no contradiction, and a word for none is one
        (
            "7.1a",
            [answer("省级媒体", work="甲"), answer("无"), answer("中央媒体", work="乙")],
            [("省级媒体", "无")],
        ),
        ("2.3a", [answer(work="甲"), answer("无")], [("甲", "无")]),
        ("7.1a", [answer("省级媒体", work="甲"), answer("中央媒体", work="乙")], []),
        # points claimed beside one word
        ("3.7b", [answer("是", 1.0), answer("是", 0.5)], [("1", "0.5")]),
        ("3.7b", [answer("否", 1.0)], [("1", "否")]),
        ("3.7b", [answer("是", 1.0), answer("是", 1.0)], []),
    ],
)
def test_a_contradiction_names_the_two_that_contradict(part, rows, told):
    form = FORMS["caoxian"]
    answers, _ = answered(form, evidence([{"item": part, **row} for row in rows]), ())
    one, problems = score_part(form.parts[part], answers[part], (), "zh")
    found = [(p.params["first"], p.value) for p in problems if p.code == "evidence_conflict"]
    assert found == told
    assert (str(one.why.code) == "conflict") == bool(told)
