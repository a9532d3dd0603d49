"""score() from files to points: the full county, the empty one, and one thing taken away."""

from __future__ import annotations

import dataclasses
import math
import shutil

import pytest

import lifecircle as lc
from lifecircle.errors import UnknownNameError
from lifecircle.model.problem import ProblemCode as P
from lifecircle.model.problem import describe
from lifecircle.model.results.score import Origin, WhyCode
from lifecircle.model.rules.form import PartKind
from lifecircle.model.status import Flag
from lifecircle.outputs.form.phrases import marks_line
from lifecircle.outputs.words.problems import group_problems
from lifecircle.outputs.words.wording import Wording
from lifecircle.scoring.score import unread_answers
from lifecircle.standards import forms, read_form, read_standard, unread_papers

pytestmark = pytest.mark.one_in(2)  # words and layers in many combinations

COMPUTED = {"2.2a", "3.3b", "4.1a", "4.1b", "4.2a", "4.2b"} | {
    "5.1b",
    "5.2a",
    "5.2b",
    "5.5a",
    "5.5b",
    "6.1a",
}
"""What data decide: 14 points."""


def scored(county, form=None):
    study = lc.read_study(county.finish())
    return lc.score(study, lc.assess(study), form)


def part(result, name):
    return next(p for i in result.items for p in i.parts if p.part.id == name)


@pytest.mark.parametrize("form", forms())
def test_a_county_with_everything_has_100(form_county, form):
    result = scored(form_county(form))
    assert (result.settled, result.assessed_points, result.points) == (100.0, 100.0, 100.0)
    assert (result.low, result.high, result.to_confirm) == (100.0, 100.0, 0.0)
    assert result.problems == ()
    assert (result.form.id, result.borrowed) == (form, False)
    assert all(item.score == item.item.points for item in result.items)
    computed = {p.part.id for i in result.items for p in i.parts if p.origin is Origin.COMPUTED}
    assert computed == COMPUTED
    assert math.fsum(part(result, name).part.points for name in computed) == 14.0


@pytest.mark.parametrize("form", forms())
def test_an_empty_county_has_0_of_0(form_county, form):
    county = form_county(form)
    county.evidence, county.indicators, county.facilities = [], {}, [{"名称": "x", "类型": "y"}]
    study = lc.read_study(county.finish())
    bare = study.facilities.frame.iloc[:0]
    study = dataclasses.replace(
        study,
        facilities=dataclasses.replace(study.facilities, frame=bare),
        sharing=study.sharing.iloc[:0],
    )
    result = lc.score(study, lc.assess(study))
    assert (result.settled, result.assessed_points) == (0.0, 0.0)
    assert (result.low, result.high) == (0.0, 100.0)
    assert all(item.score is None for item in result.items)
    assert all(p.score is None or p.part.points == 0 for i in result.items for p in i.parts)


MISSED = {
    "护理型床位": 64,  # of 100
    "星级": 1,
    "registered": "否",
    "pass_safety": "否",
    "pass_quality": "否",
    "has_clinic": "否",
    "medical_contract": "否",
    "dementia_zone": "否",
}


@pytest.mark.parametrize("form", forms())
def test_just_below_every_threshold_the_data_give_nothing(form_county, form):
    county = form_county(form)
    county.home.update(MISSED)
    county.units.append({"代码": f"{county.county}102", "名称": "乙镇"})  # no centre there
    county.facilities[2]["状态"] = "停用"
    county.indicators = {
        "monthly_visits": (39, 40),
        "staff_training": (49, 50),
        "skill_certificates": (89, 100),
    }
    result = scored(county)
    for name in COMPUTED:
        one = part(result, name)
        assert (one.score, one.origin, one.why.code) == (
            0.0,
            Origin.COMPUTED,
            WhyCode.CLAUSE_MISSED,
        )
        assert one.clauses
    # 2.2a is 1, so that all 14 points of the data are gone; 3 are claimed for towns whose rooms one
    # operator runs, and no town has any
    denied = part(result, "6.3b")
    assert (denied.low, denied.high, denied.why.code) == (0.0, 3.0, WhyCode.FIGURES_NONE)
    assert [p.params["item"] for p in result.problems if p.code == "evidence_denied"] == ["6.3b"]
    assert (result.settled, result.assessed_points) == (83.0, 97.0)
    assert (result.low, result.high) == (83.0, 86.0)


@pytest.mark.parametrize("form", forms())
def test_what_is_blank_is_open_and_no_zero(form_county, form):
    county = form_county(form)
    county.home.update(dict.fromkeys(MISSED))
    county.facilities[1]["qualified"] = None
    county.facilities[2]["建筑面积"] = county.facilities[2]["状态"] = None
    county.indicators = {"social_workers": (1, 1)}
    result = scored(county)
    for name in COMPUTED:
        one = part(result, name)
        assert (one.score, one.origin) == (None, Origin.OPEN), name
        assert (one.low, one.high, one.why.code) == (0.0, one.part.points, WhyCode.CLAUSE_OPEN)
    assert (result.settled, result.assessed_points) == (86.0, 86.0)
    assert (result.low, result.high) == (86.0, 100.0)


def test_figures_without_a_formula_are_for_a_person(form_county):
    county = form_county("caoxian")
    county.evidence = [r for r in county.evidence if r["条目编号"] not in {"3.7b", "4.5b", "6.3b"}]
    county.home["家庭养老床位"] = 30
    county.indicators["homes_adapted_progress"] = (600, 750)
    county.indicators["units_run_by_one"] = (1, 4)
    result = scored(county)
    progress, beds, units = (part(result, name) for name in ("3.7b", "4.5b", "6.3b"))
    assert progress.clauses[0].value == pytest.approx(80.0)
    assert units.clauses[0].value == pytest.approx(25.0)
    assert beds.clauses[0].value == pytest.approx(30.0)
    assert {p.origin for p in (progress, beds, units)} == {Origin.SUGGESTED}
    assert (result.to_confirm, result.settled, result.low, result.high) == (6.0, 94.0, 94.0, 100.0)


def test_the_ledger_wins_over_typed_figures_that_only_help_to_grade(form_county):
    """One station, entrusted, and one home that is not: 1 of 1 and 0 of 1, whatever is typed."""
    county = form_county("weishan")
    county.evidence = [r for r in county.evidence if r["条目编号"] not in {"6.3b", "6.4a"}]
    county.facilities[2] |= {"运营单位": "甲养老服务公司", "委托运营": "是"}
    county.home["委托运营"] = "否"
    county.indicators |= {"units_run_by_one": (0, 4), "care_homes_entrusted": (9, 10)}
    result = scored(county)
    units, homes = (part(result, name).clauses[0] for name in ("6.3b", "6.4a"))
    assert (units.value, str(units.said.code)) == (100.0, "ledger_decides")
    assert (homes.value, str(homes.said.code)) == (0.0, "ledger_decides")
    assert {part(result, name).origin for name in ("6.3b", "6.4a")} == {Origin.SUGGESTED}


def test_a_county_without_a_form_chooses_and_it_is_borrowed(form_county):
    county = form_county("weishan")
    county.county, county.standard = "370828", "jinxiang-2023"
    for row in county.facilities:
        row["所属镇街"] = "370828101"
    county.units = [{"代码": "370828101", "名称": "甲镇"}]
    study = lc.read_study(county.finish())
    assessment = lc.assess(study)
    with pytest.raises(UnknownNameError) as caught:
        lc.score(study, assessment)
    assert (caught.value.what, caught.value.name) == ("form_of", "jinxiang-2023")
    assert caught.value.known == ("caoxian", "weishan")
    result = lc.score(study, assessment, "weishan")
    assert result.borrowed
    # the compliance rate is the county's own, everything else the form asks is judged on the study
    assert part(result, "2.2a").clauses[0].id == "JX-07"
    assert part(result, "4.1b").clauses[0].id == "WS-27"
    assert part(result, "5.2a").clauses[0].standard == "weishan"
    assert result.settled == 100.0


def test_what_is_wrong_with_the_evidence_names_its_cell(form_county):
    county = form_county("caoxian")
    county.evidence[0]["填报结果"] = "部分"
    county.evidence.append({"条目编号": "8.1a", "填报结果": "是"})
    county.evidence.append({"条目编号": "3.3b", "填报结果": "否"})
    result = scored(county)
    found = {p.code: p for p in result.problems}
    assert set(found) == {P.EVIDENCE_VALUE, P.EVIDENCE_UNKNOWN, P.EVIDENCE_DIFFERS}
    value = found[P.EVIDENCE_VALUE]
    assert (value.file, value.sheet, value.row) == ("台账.xlsx", "佐证材料", 2)
    # the cell of what is wrong: of an answer the answer's, of a key that nobody knows the key's
    headers = list(dict.fromkeys(name for row in county.evidence for name in row))
    letter = {name: "ABCDEFGH"[n] for n, name in enumerate(headers)}
    last = len(county.evidence) + 1
    cells = {code: (one.cell, one.column) for code, one in found.items()}
    assert cells == {
        P.EVIDENCE_VALUE: (f"{letter['填报结果']}2", "填报结果"),
        P.EVIDENCE_UNKNOWN: (f"{letter['条目编号']}{last - 1}", "条目编号"),
        P.EVIDENCE_DIFFERS: (cells[P.EVIDENCE_DIFFERS][0], "填报结果"),
    }
    assert found[P.EVIDENCE_DIFFERS].params["points"] == 1.0
    assert part(result, "1.1a").score is None
    assert part(result, "3.3b").score == 1.0


@pytest.mark.parametrize("answer", [None, "正在制定"])
@pytest.mark.parametrize("form", forms())
def test_an_answer_that_was_missing_takes_no_settled_points(form_county, form, answer):
    county = form_county(form)
    for row in county.evidence:
        if row["条目编号"] in BASES:
            row["填报结果"] = answer
    before = scored(county)
    for row in county.evidence:
        if row["条目编号"] in BASES:
            row["填报结果"] = "否"
    after = scored(county)
    # 79 of 100 do not rest on the bases, as below: whatever these are answered, no more is settled
    assert (before.settled, before.low, before.high) == (63.0, 63.0, 100.0)
    pairs = zip(parts_of(before), parts_of(after), strict=True)
    assert all(one.low <= other.low <= other.high <= one.high for one, other in pairs)


def parts_of(result):
    return [p for i in result.items for p in i.parts]


UNDER_WAY = ("正在制定", "部分完成", "拟印发")


@pytest.mark.parametrize("word", UNDER_WAY)
@pytest.mark.parametrize("form", forms())
def test_words_that_say_neither_are_asked_about_and_earn_nothing(form_county, form, word):
    county = form_county(form)
    for row in county.evidence:
        row |= {"填报结果": word, "自评得分": None}
    result = scored(county)
    # only what data decide may have points; a veto that is not denied leaves its part open too
    given = [p.part.id for i in result.items for p in i.parts if p.score is not None]
    assert set(given) <= COMPUTED
    assert result.low == result.settled
    asked = {p.params["item"] for p in result.problems}
    assert asked == {row["条目编号"] for row in county.evidence}
    assert asked == {p.params["item"] for p in unread_answers(lc.read_study(county.folder))}


def test_a_paper_that_is_an_answer_too_is_asked_about_once(form_county):
    county = form_county("caoxian")
    row = next(row for row in county.evidence if row["条目编号"] == "2.1c")
    row |= {"条目编号": "layout_plan", "填报结果": "拟印发"}
    result = scored(county)
    assert [p.code for p in result.problems] == [P.EVIDENCE_VALUE]
    study = lc.read_study(county.folder)
    papers = unread_papers(study.materials, [read_standard("caoxian-2023")])
    assert [p.code for p in papers] == [P.PAPER_VALUE]
    assert [p.code for p in unread_answers(study, papers)] == [P.EVIDENCE_VALUE]


@pytest.mark.parametrize("form", forms())
def test_one_paper_of_two_that_is_not_ready_leaves_the_part_open(form_county, form):
    county = form_county(form)
    extra = {"填报结果": "部分完成", "材料名称": "另一份"}
    county.evidence += [{"条目编号": p.id, **extra} for p in read_form(form).parts.values()]
    result = scored(county)
    for one in (p for i in result.items for p in i.parts):
        full = one.part.kind is PartKind.PER_ITEM  # the other works reach the cap already
        decided = one.part.id in COMPUTED
        assert (one.score is not None) <= (full or decided), one.part.id
        assert one.high == one.part.points


BASES = [f"{item}a" for item in ("1.1", "1.2", "3.1", "3.2", "3.4", "3.5", "3.6", "3.7", "3.8")]
BASES += ["3.1c", "4.5a", "5.4a", "6.2a"]


@pytest.mark.parametrize("form", forms())
def test_what_rests_on_a_no_is_questioned_and_not_given(form_county, form):
    county = form_county(form)
    for row in county.evidence:
        if row["条目编号"] in BASES:
            row["填报结果"] = "否"
    result = scored(county)
    # the bases are worth 2+2+1+0.5+1+2+1.5+1.5+1+0.5+1+1+1 = 16; what rests on them, 14 parts,
    # 1+1+6+1+0.5+2+1+0.5+0.5+1+1.5+2+1+2 = 21: open, so that 79 of 100 are assessed
    assert (result.settled, result.assessed_points) == (63.0, 79.0)
    assert (result.low, result.high) == (63.0, 84.0)
    assert [p.code for p in result.problems] == [P.EVIDENCE_DEPENDS] * 14
    assert {p.params["other"] for p in result.problems} == set(BASES)


def test_an_answer_that_cannot_be_read_and_contradicts_is_listed_once(form_county):
    """No joint meeting, and 是 for who chairs it: neither of the options, and of no meeting."""
    county = form_county("caoxian")
    for row in county.evidence:
        if row["条目编号"] in {"1.1a", "1.1b"}:
            row |= {"填报结果": "否" if row["条目编号"] == "1.1a" else "是", "自评得分": None}
    result = scored(county)
    told = [(p.code, p.params["item"]) for p in result.problems]
    assert told == [(P.EVIDENCE_VALUE, "1.1b"), (P.EVIDENCE_DEPENDS, "1.1c")]
    assert part(result, "1.1b").why.code is WhyCode.DEPENDS


@pytest.mark.parametrize("form", forms())
def test_the_fire_inspections_of_the_same_run_decide_5_3(form_county, form):
    county = form_county(form)
    county.home.update({"消防达标": "否"})
    result = scored(county)
    one = part(result, "5.3a")
    assert (one.score, one.origin, one.why.code) == (0.0, Origin.COMPUTED, WhyCode.CLAUSE_MISSED)
    assert [c.id for c in one.clauses] == [{"weishan": "WS-15", "caoxian": "CXF-53a"}[form]]
    assert (result.settled, result.assessed_points) == (98.0, 100.0)
    assert [p.code for p in result.problems] == [P.EVIDENCE_DIFFERS]


@pytest.mark.parametrize(
    ("nursing", "marked"), [("约65", True), ("约69", False), ("约64", True), ("65", False)]
)
def test_points_that_hang_on_a_round_figure_say_so(form_county, nursing, marked):
    """65 of 100 beds are asked for: 61.75, 65.55, and 60.8 to 67.2 of them."""
    county = form_county("caoxian")
    county.home["护理型床位"] = nursing
    result = scored(county)
    one = part(result, "4.1b")
    assert one.score == (0.0 if nursing == "约64" else one.part.points)
    told = marks_line(result, Wording("zh", "score"))
    assert told == ("条目 4.1 所依据的结论标有：取约数，据实可能翻转。" if marked else None)


@pytest.mark.parametrize(
    "case",
    [
        # CXF-55b: 90 % of 100 with a certificate, 85.5 to 94.5
        ("skill_certificates", "5.5", "约90", 100, True),
        ("skill_certificates", "5.5", "约95", 100, False),  # 90.25
        ("skill_certificates", "5.5", "约88", 100, True),  # none: 92.4 would do
        ("skill_certificates", "5.5", 90, "约100", True),  # of 105 it is 85.7 %
        # CXF-33b: all of 40 visited each month
        ("monthly_visits", "3.3", "约40", 40, True),
        ("monthly_visits", "3.3", 40, 40, False),
    ],
)
def test_a_clause_of_the_form_s_own_that_hangs_on_a_round_figure(form_county, case):
    name, item, top, bottom, marked = case
    county = form_county("caoxian")
    county.indicators[name] = (top, bottom)
    told = marks_line(scored(county), Wording("zh", "score"))
    said = f"条目 {item} 所依据的结论标有：取约数，据实可能翻转。"
    assert told == (said if marked else None)


def test_each_part_of_an_item_has_its_marks_told(form_county):
    """5.5 has two clauses: the first one's mark stands though the second has another."""
    result = scored(form_county("caoxian"))
    marks = {"CXF-55a": (Flag.UNVERIFIED,), "CXF-55b": (Flag.APPROXIMATE,)}

    def flagged(one):
        own = (dataclasses.replace(c, flags=marks.get(c.id, c.flags)) for c in one.clauses)
        return dataclasses.replace(one, clauses=tuple(own))

    items = (dataclasses.replace(i, parts=tuple(map(flagged, i.parts))) for i in result.items)
    told = marks_line(dataclasses.replace(result, items=tuple(items)), Wording("zh", "score"))
    assert told == "条目 5.5 所依据的结论标有：数据来源未核实、取约数，据实可能翻转。"


def test_two_claims_that_are_wrong_are_told_apart(form_county):
    county = form_county("caoxian")
    for row in county.evidence:
        row["自评得分"] = {"4.3a": 4.3, "6.1b": 1.5}.get(row["条目编号"], row.get("自评得分"))
    result = scored(county)
    claims = [p for p in result.problems if p.code is P.EVIDENCE_CLAIM]
    assert {p.column for p in claims} == {"自评得分"}
    assert [p.params["points"] for p in claims] == [
        [0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0],
        [2.0, 1.0, 0.5, 0.0],
    ]
    groups = group_problems(claims)
    assert [len(group) for group in groups] == [1, 1]
    told = [describe(group.first, "zh")["remedy"] for group in groups]
    assert told == [
        "按评分标准填写；允许的分值：0、0.5、1、1.5、2、2.5、3。",
        "按评分标准填写；允许的分值：2、1、0.5、0。",
    ]


def test_an_answer_to_the_form_is_an_answer_to_the_clause_and_back(form_county):
    county = form_county("caoxian")
    county.evidence = [
        {"条目编号": "2.1b", "填报结果": "是", "文号": "1号"},
        {"条目编号": "layout_plan", "填报结果": "是", "文号": "2号"},
    ]
    study = lc.read_study(county.finish())
    assessment = lc.assess(study)
    assert assessment.clause("CX-13").value == 2.0  # both plans, by whatever name
    result = lc.score(study, assessment)
    assert [part(result, name).score for name in ("2.1b", "2.1c")] == [2.0, 3.0]


def test_the_form_of_a_future_judges_what_its_document_lacks_with_the_places_built(
    short_county, tmp_path
):
    # one town, without a centre today; the plan makes the old school one. Weishan's form asks for
    # it (4.2a, WS-28), which Caoxian's document does not have
    home = shutil.copytree(short_county, tmp_path / "县")
    text = (home / "study.toml").read_text(encoding="utf-8")
    units = '[layers.units]\npath = "镇街.csv"\ncomplete = true\n'
    (home / "study.toml").write_text(text + units, encoding="utf-8")
    (home / "镇街.csv").write_text("行政区划代码,名称\n370827101,东镇\n", encoding="utf-8")
    offered = (home / "候选.csv").read_text(encoding="utf-8").replace("编号,", "镇街,编号,")
    lines = [f"370827101,{line}" for line in offered.splitlines()[1:]]
    (home / "候选.csv").write_text("\n".join([offered.splitlines()[0], *lines]), encoding="utf-8")
    study = lc.read_study(home / "study.toml")
    plan = lc.site(study, "CX-06", sites=1, kind="township_centre")
    assert [(one.candidate, one.unit) for one in plan.places] == [("K1", "370827101")]
    today = part(lc.score(study, lc.assess(study), "weishan"), "4.2a")
    future = part(lc.score(study, lc.assess(study, sites=plan), "weishan"), "4.2a")
    assert (today.low, today.high) == (0.0, 0.0)
    # there is one then; whether it is up to standard (达到标准) nobody has said
    assert (future.low, future.high, future.part.points) == (0.0, 2.0, 2.0)
