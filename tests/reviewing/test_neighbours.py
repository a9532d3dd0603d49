"""Side effects by hand: E1 400 户 needs 60 (30 own, 30 of S1), E2 and E3 200 户 need 30 each."""

import geopandas as gpd
from tests.reviewing.conftest import write_study

import lifecircle as lc
from lifecircle.model.results.review import Verdict
from lifecircle.outputs.opinion.rows import opinion_of


def test_a_proposal_that_takes_nothing_has_no_side_effects(reviewed):
    assert reviewed("caoxian-2023", [(120, "1")]).side_effects == ()


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


def test_what_is_too_far_to_make_up_is_refused(reviewed):
    review = reviewed("caoxian-2023", [(120, "1")], project='"拆除设施" = "F3"\n')
    (far,) = review.side_effects
    assert (far.residential, far.change_m2, far.curable) == ("E3", -30.0, False)
    assert far.remedy.code == "remedy_none_inside"
    assert review.verdict is Verdict.REFUSE


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
