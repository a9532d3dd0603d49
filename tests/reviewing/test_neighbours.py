"""Side effects by hand: E1 400 户 needs 60 (30 own, 30 of S1), E2 and E3 200 户 need 30 each."""

import dataclasses
import datetime as dt
import itertools
import json

import geopandas as gpd
import pandas as pd
import pytest
from tests.reviewing.conftest import FACILITIES, X0, Y0, toml, write_study

import lifecircle as lc
from lifecircle.model.results.review import Verdict
from lifecircle.outputs.opinion.rows import opinion_of

pytestmark = pytest.mark.one_in(2)  # words and layers in many combinations


@pytest.mark.parametrize("said", ["", "无", "不涉及", "/"])
def test_a_proposal_that_takes_nothing_has_no_side_effects(reviewed, said):
    project = f'"拆除设施" = "{said}"\n"替代小区" = "{said}"\n' if said else ""
    review = reviewed("caoxian-2023", [(120, "1")], project=project)
    assert (review.side_effects, review.verdict) == ((), Verdict.AGREE)


def test_what_is_pulled_down_is_missed(reviewed):
    review = reviewed("caoxian-2023", [(120, "1")], project='"拆除设施" = "S1"\n')
    one = {e.residential: e for e in review.side_effects}
    # E2 has 30 of its own, which is enough: S1's 50 were beyond what it needs
    east = one["E1"]
    assert (east.clause, east.facilities) == ("CX-03", ("S1",))
    assert (east.before_m2, east.after_m2, east.change_m2) == (60.0, 30.0, -30.0)
    assert (str(east.status_before), str(east.status_after)) == ("compliant", "deficient")
    assert east.blocking
    assert east.curable
    assert (east.remedy.code, east.remedy.params["m2"]) == ("remedy_plan_for", 30.0)
    assert review.verdict is Verdict.AMEND


def test_rooms_promised_to_the_neighbour_cure_it(reviewed):
    room = (
        'id = "N1"\n"设施名称" = "用房"\n"设施类型" = "社区养老服务用房"\n'
        '"建筑面积" = 150\n"服务小区" = "东苑:30"\n'
    )
    review = reviewed("caoxian-2023", [room], project='"拆除设施" = "共享站"\n')
    assert review.verdict is Verdict.AGREE
    assert [e for e in review.side_effects if e.blocking] == []


@pytest.mark.parametrize(
    ("serves", "told"),
    [
        ("远苑:30", [("E3", "aside_beyond", 30.0, 1000.0)]),  # 2500 m off and more
        ("东苑:30", []),  # near: it is told what it gains
        ("", []),
    ],
)
def test_rooms_promised_in_vain_are_told(reviewed, serves, told):
    # 600 户 x 20 / 100 = 120 of the 150 m²
    room = (
        'id = "N1"\n"设施名称" = "用房"\n"设施类型" = "社区养老服务用房"\n'
        f'"建筑面积" = 150\n"服务小区" = "{serves}"\n'
    )
    review = reviewed("caoxian-2023", [room])
    vain = [e for e in review.side_effects if e.change_m2 == 0]
    effects = [
        (e.residential, e.remedy.code, e.remedy.params["m2"], e.remedy.params["limit_m"])
        for e in vain
    ]
    assert (effects, review.verdict) == (told, Verdict.AGREE)
    rows = [row for row in opinion_of(review).effects if row.name == "远苑"]
    assert len(rows) == len(told)
    assert all("登记服务本居住区" in row.because and "不再提供" not in row.because for row in rows)


def test_what_is_too_far_to_make_up_is_refused(reviewed):
    review = reviewed("caoxian-2023", [(120, "1")], project='"拆除设施" = "F3"\n')
    far, none_near = review.side_effects
    assert (far.residential, far.change_m2, far.curable) == ("E3", -30.0, False)
    assert far.remedy.code == "remedy_none_inside"
    assert review.verdict is Verdict.REFUSE
    # the next station is F2, 1,900 m and more away
    assert (none_near.residential, none_near.clause) == ("E3", "CX-06")
    assert (none_near.facilities, none_near.curable) == (("F3",), False)
    assert none_near.remedy.code == "remedy_none_within"
    told = [row.because for row in opinion_of(review).effects if row.clause == "CX-06"]
    assert told == ["远苑站不再提供；远苑因此 1000 米以内没有设施，在本地块内无法弥补，须另行安置"]


@pytest.mark.parametrize(
    ("kind", "standard", "lost"),
    [
        ("老年活动室", "caoxian-2023", {"E1", "E2"}),  # 600 户 x 20 are met by its 150 m²
        ("社区养老服务站", "caoxian-2023", {"E2"}),  # 450 and 1,050 m from the middle of the plot
        ("老年活动室", "jinxiang-2023", set()),  # no radius is asked
    ],
)
def test_a_neighbour_that_is_left_without_one_within_the_radius_is_in_the_way(
    reviewed, kind, standard, lost
):
    review = reviewed(standard, [(150, "1")], kind=kind, project='"拆除设施" = "F1；F2；S1"\n')
    found = {e.residential: e for e in review.side_effects if e.clause == "CX-06"}
    assert found.keys() == lost
    assert {(e.remedy.code, e.blocking, e.curable) for e in found.values()} == (
        {("remedy_plan_within", True, True)} if lost else set()
    )


def test_an_area_that_gives_way_needs_nothing_more(reviewed):
    # the plot takes the place of E1 and its station
    project = '"替代小区" = "东苑"\n"拆除设施" = ["F1", "S1"]\n'
    review = reviewed("caoxian-2023", [(120, "1")], at=(0, 0), project=project)
    assert [e.residential for e in review.side_effects if e.blocking] == []
    assert review.verdict is Verdict.AGREE
    assert [p.code for p in review.proposal.problems if p.code == "plot_over_area"] == []


def test_an_area_under_the_plot_is_pointed_out(reviewed):
    review = reviewed("caoxian-2023", [(120, "1")], at=(50, 0))
    (told,) = [p for p in review.proposal.problems if p.code == "plot_over_area"]
    assert (told.params["residential"], told.params["area_m2"]) == ("东苑", 5000.0)
    assert "over_area" in [m.code for m in review.manual_checks]
    assert review.clauses[0].provided == 120.0  # the rooms stay the plot's own


def test_a_clause_that_counts_facilities_lacks_no_m2(tmp_path, propose):
    """WS-03 asks a new area for a facility: without its own it is not "1 m² short"."""
    path = write_study(tmp_path / "审查县", "weishan-2023")
    homes = gpd.read_file(path.parent / "小区.gpkg").assign(类别="新建", 规划户数=200)
    homes.to_file(path.parent / "小区.gpkg", layer="小区")
    study = lc.read_study(path)
    plan = propose([(120, "1")], project='"拆除设施" = "F3"\n')
    review = lc.review(study, lc.read_proposal(plan, study))
    lost = next(e for e in review.side_effects if e.clause == "WS-03")
    assert (str(lost.remedy.code), lost.curable, lost.blocking) == (
        "remedy_none_of_own",
        False,
        True,
    )
    told = next(e for e in opinion_of(review).effects if e.clause == "WS-03")
    assert "m²" not in told.before + told.after + told.change + told.because


_STAGES = ("运营", "停用", "待定")
"""In use for certain, out of use for certain, and a word that nobody knows."""


@pytest.mark.parametrize(
    ("stages", "pulled", "verdict", "east"),
    [
        # E1 asks for 60 m²; R1 and R2 have 60 each, on its ground
        ("运营 停用", "R1", "amend", ("compliant", "deficient", True, False)),
        ("待定 停用", "R1", "supply", ("not_assessed", "deficient", False, True)),
        ("运营 待定", "R1", "supply", ("compliant", "not_assessed", False, True)),
        ("待定 待定", "R1", "supply", ("not_assessed", "not_assessed", False, True)),
        ("待定 运营", "R1", "agree", None),  # 60 stand there for certain, before and after
        ("停用 待定", "R1", "agree", None),  # what is open stays as it was
        ("停用 停用", "R1", "agree", None),
    ],
)
def test_what_a_neighbour_may_lose_is_waited_for(tmp_path, stages, pulled, verdict, east, propose):
    path = _with_rooms(tmp_path, stages.split())
    study = lc.read_study(path)
    plan = propose([(120, "1")], project=f'"拆除设施" = "{pulled}"\n')
    review = lc.review(study, lc.read_proposal(plan, study))
    assert str(review.verdict) == verdict
    effects = [e for e in review.side_effects if e.residential == "E1"]
    told = [(e.status_before, e.status_after, e.blocking, e.open) for e in effects]
    assert [(str(a), str(b), c, d) for a, b, c, d in told] == ([] if east is None else [east])
    if verdict == "supply":
        asked = {(s.layer, s.field) for s in review.supplements if s.layer != "planned"}
        assert asked == {("facilities", "stage")}
        assert effects[0].facilities == ("R1",)


@pytest.mark.one_in(7)
@pytest.mark.parametrize("stages", [*itertools.product(_STAGES, repeat=2)], ids="-".join)
def test_an_opinion_holds_however_the_unknown_turns_out(tmp_path, stages, propose):
    """What is agreed, or sent back, is so in every way that the stages may turn out."""

    def verdict(folder, said):
        study = lc.read_study(_with_rooms(folder, said))
        plan = propose([(120, "1")], project='"拆除设施" = "R1"\n')
        return lc.review(study, lc.read_proposal(plan, study)).verdict

    known = [[one] if one != "待定" else ["运营", "停用"] for one in stages]
    ways = {verdict(tmp_path / f"way{n}", way) for n, way in enumerate(itertools.product(*known))}
    told = verdict(tmp_path / "open", stages)
    assert told in (ways if len(ways) == 1 else {Verdict.SUPPLY})


@pytest.mark.parametrize(
    ("pulled", "verdict"), [("R1", "supply"), ("R2", "supply"), ("R1、R2", "amend")]
)
def test_one_of_two_rows_that_may_be_one_house_takes_the_other_along(
    tmp_path, propose, pulled, verdict
):
    """Two houses leave the 60 m² that E1 asks for, one leaves none: nobody knows which it is."""
    path = _with_rooms(tmp_path, ("运营", "运营"), apart=0)
    study = lc.read_study(path)
    plan = propose([(120, "1")], project=f'"拆除设施" = {json.dumps(pulled.split("、"))}\n')
    review = lc.review(study, lc.read_proposal(plan, study))
    assert str(review.verdict) == verdict
    (effect,) = [e for e in review.side_effects if e.residential == "E1" and e.clause == "CX-03"]
    assert str(effect.status_before) == "compliant"
    assert effect.open is (verdict == "supply")
    if verdict == "supply":
        asked = {(s.layer, s.field) for s in review.supplements if s.layer != "planned"}
        assert asked == {("facilities", "site")}


def _with_rooms(folder, stages, apart=30):
    """Return a study in which E1 has two rooms of 60 m² alone, of these stages."""
    path = write_study(folder / "审查县", "caoxian-2023")
    rows = [
        f"R{n},站{n},社区养老服务站,{X0 + apart * n},{Y0 + 50},{stage},60,"
        for n, stage in enumerate(stages, start=1)
    ]
    header, _, *rest = FACILITIES
    others = [row for row in rest if not row.startswith("S1")]
    text = "\n".join([header, *rows, *others])
    (path.parent / "设施.csv").write_text(text, encoding="utf-8-sig")
    return path


def test_what_another_phase_lacks_is_asked_of_that_phase(tmp_path, propose):
    path = write_study(tmp_path / "审查县", "jinxiang-2023")
    homes = gpd.read_file(path.parent / "小区.gpkg").assign(项目编号=[None, None, "PJ"])
    homes["类别"] = ["已建成", "已建成", "新建"]
    homes.loc[2, "户数"] = None
    homes.to_file(path.parent / "小区.gpkg", layer="小区")
    study = lc.read_study(path)
    plan = propose([(200, "1")], project='"项目编号" = "PJ"\n')
    review = lc.review(study, lc.read_proposal(plan, study))
    assert review.verdict is Verdict.SUPPLY
    asked = [(s.layer, s.name, s.field) for s in review.supplements if s.layer != "planned"]
    assert asked == [("residential", "远苑", "households_planned")]


@pytest.mark.parametrize(
    ("stages", "agreed", "verdict"),
    [
        ("运营 停用", 30, "amend"),
        ("待定 停用", 30, "supply"),  # 60 m² that may count go, 30 that count for certain come
        ("待定 停用", 60, "agree"),  # as many come
        ("停用 停用", 30, "agree"),  # it had nothing to lose
        ("停用 待定", 30, "agree"),  # nor has it here: what may count stays
        ("待定 待定", 30, "supply"),
    ],
)
def test_what_comes_instead_of_what_may_count_may_be_less(
    tmp_path, stages, agreed, verdict, propose
):
    """Rooms on the plot are agreed to serve E1, which asks for 60 m², and R1 is pulled down."""
    study = lc.read_study(_with_rooms(tmp_path, stages.split()))
    room = f'"设施名称" = "新站"\n"设施类型" = "社区养老服务站"\n"服务小区" = "E1:{agreed}"'
    plan = propose([f'id = "N1"\n"建筑面积" = 200\n{room}'], project='"拆除设施" = "R1"\n')
    review = lc.review(study, lc.read_proposal(plan, study))
    assert str(review.verdict) == verdict


@pytest.mark.parametrize(
    ("until", "verdict", "east", "waits"),
    [
        (
            (None, False),
            "agree",
            ("exempt", "exempt"),
            False,
        ),  # asked for nothing, it misses nothing
        ((dt.date(2000, 1, 1), False), "amend", ("compliant", "deficient"), False),
        ((None, True), "supply", ("not_assessed", "not_assessed"), True),
    ],
)
def test_an_exempt_neighbour_is_in_nobodys_way(study_of, propose, until, verdict, east, waits):
    """E1 needs 60, 30 of S1, which is pulled down; it is exempt, was, or nobody knows."""
    study = study_of()
    columns = ["id", "clause", "reason", "reference", "until", "until_unread"]
    row = ["E1", "CX-03", "改造", "会议纪要", *until]
    study = dataclasses.replace(study, exemptions=pd.DataFrame([row], columns=columns))
    plan = propose([(120, "1")], project='"拆除设施" = "S1"\n')
    review = lc.review(study, lc.read_proposal(plan, study))
    assert str(review.verdict) == verdict
    (one,) = [e for e in review.side_effects if e.residential == "E1"]
    assert (str(one.status_before), str(one.status_after)) == east
    assert (one.change_m2, one.open) == (-30.0, waits)
    assert one.blocking is (verdict == "amend")


def test_a_plot_has_no_exemption_of_what_it_takes_the_place_of(study_of, propose):
    """The plot of 100 households with 10 m² misses its 15, though its id is one of the table."""
    study = study_of()
    plan = propose([(10, "1")])
    columns = ["id", "clause", "reason", "reference", "until", "until_unread"]
    plots = lc.read_proposal(plan, study).plots.frame.index
    rows = [[plot, "CX-01", "改造", "会议纪要", None, False] for plot in plots]
    exempting = dataclasses.replace(study, exemptions=pd.DataFrame(rows, columns=columns))
    told = [
        {row.id: str(row.status) for row in lc.review(s, lc.read_proposal(plan, s)).clauses}
        for s in (study, exempting)
    ]
    assert told[0] == told[1]
    assert told[1]["CX-01"] == "deficient"


@pytest.mark.parametrize(
    ("beside", "pulled", "verdict", "then"),
    [
        ("", "F3", Verdict.REFUSE, "deficient"),
        ("497550,运营,,S9", "F3", Verdict.SUPPLY, "not_assessed"),  # a second service of its rooms
        ("497550,运营,30,S9", "F3", Verdict.SUPPLY, "not_assessed"),  # another sign on its house
        (",运营,30,S9", "F3", Verdict.SUPPLY, "not_assessed"),  # it stands where its place does
        ("497590,运营,40,S9", "F3", Verdict.AGREE, None),  # another building of the site
        ("497550,运营,40,S9", "F3", Verdict.AGREE, None),  # other rooms in it
        ("497550,运营,,S9", "F4", Verdict.AGREE, None),  # the rooms stay
        ("497550,运营,30,S8", "F3", Verdict.AGREE, None),  # another place, as typed
    ],
)
def test_what_is_in_the_rooms_that_go_may_go_with_them(tmp_path, beside, pulled, verdict, then):
    """E3 has F3 alone within 1000 m, or F4 of the same 场所编号."""
    path = write_study(tmp_path / "审查县", "caoxian-2023")
    rows = [f"{FACILITIES[0]},场所编号", *(f"{row}," for row in FACILITIES[1:3])]
    rows.append(f"F3,远苑站,社区养老服务站,{X0 - 2450},{Y0 + 50},运营,30,,S9")
    if beside:
        x, stage, m2, site = beside.split(",")
        where = f"{x},{Y0 + 50}" if x else ","
        rows.append(f"F4,远苑照料,日间照料中心,{where},{stage},{m2},,{site}")
    rows.append("S1,共享站,日间照料中心,500250,3850000,运营,80,E1:30;E2:50,")
    (path.parent / "设施.csv").write_text("\n".join(rows), encoding="utf-8")
    study = lc.read_study(path)
    (tmp_path / "plan.toml").write_text(
        toml([(120, "1")], project=f'"拆除设施" = "{pulled}"\n'), encoding="utf-8"
    )
    review = lc.review(study, lc.read_proposal(tmp_path / "plan.toml", study))
    told = [str(e.status_after) for e in review.side_effects if e.clause == "CX-06"]
    assert (review.verdict, told) == (verdict, [] if then is None else [then])
