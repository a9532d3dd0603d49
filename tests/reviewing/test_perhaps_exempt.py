"""A review beside areas that are perhaps exempt: it waits where the answer hangs on that alone."""

from __future__ import annotations

import pytest
from tests.reviewing.new_homes import LET_OFF, PLAN, ROOMS, X0, Y0
from tests.two_ledgers import WITH_EXEMPTIONS, written

import lifecircle as lc
from lifecircle.model.results.review import Verdict
from lifecircle.outputs.opinion.rows import opinion_of

pytestmark = pytest.mark.one_in(2)  # words and layers in many combinations

HOMES = "编号,小区名称,户数,类别,城乡,阶段,X,Y,项目编号,镇街\n"
GONE = '"拆除设施" = "F1"'
EAST = f"R01,东园,500,已建成,城镇,入住,{X0},{Y0},,曹城街道\n"
NORTH = (
    f"R01,北苑一期,300,已建成,城镇,入住,{X0},{Y0},BY,\n"
    f"R02,北苑二期,200,已建成,城镇,入住,{X0 + 100},{Y0},BY,\n"
)
HELD, NONE, PERHAPS = "会议纪要,拆迁,2030-01-01", "会议纪要,拆迁,2020-01-01", "会议纪要,拆迁,待定"
UNCLEAR = [
    "东园,某某,会议纪要,拆迁,",
    "东园,全部,待补充,拆迁,",
    f"东园,全部,{PERHAPS}",
    "曹城街道,全部,会议纪要,拆迁,",
    "老旧小区,全部,会议纪要,拆迁,",
]


def _reviewed(folder, homes, rooms, exemption, project="", m2=100):
    """Review 500 households with ``m2``; ``rooms``: m² of F1, F2, … beside the first area."""
    places = [
        f"F{n},{n}号站,社区养老服务站,{X0},{Y0 + 25 * (-1) ** n},运营,{size}\n"
        for n, size in enumerate(rooms, start=1)
    ]
    tables = {"r": HOMES + homes, "f": ROOMS + "".join(places), "e": f"{LET_OFF}{exemption}\n"}
    study = lc.read_study(written(folder, WITH_EXEMPTIONS, **tables))
    (folder / "plan.toml").write_text(PLAN.format(project=project, m2=m2), encoding="utf-8")
    return lc.review(study, lc.read_proposal(folder / "plan.toml", study))


@pytest.mark.parametrize(
    ("exemption", "rooms", "verdict"),
    [
        *((one, (75, 0), Verdict.SUPPLY) for one in UNCLEAR),  # it met 75 m², or was asked nothing
        (UNCLEAR[2], (40, 0), Verdict.AGREE),  # it missed them before, or is asked for nothing
        (UNCLEAR[3], (100, 100), Verdict.AGREE),  # 100 are left
    ],
)
def test_a_loss_is_waited_for_where_it_is_one_if_the_area_is_not_exempt(
    tmp_path, exemption, rooms, verdict
):
    """F1 beside 东园 is pulled down; 500 households ask for 75 m²."""
    review = _reviewed(tmp_path, EAST, rooms, exemption, GONE)
    (effect,) = review.side_effects
    assert (effect.change_m2, effect.blocking) == (-float(rooms[0]), False)
    assert (review.verdict, effect.open) == (verdict, verdict is Verdict.SUPPLY)
    assert bool(review.supplements) is effect.open


@pytest.mark.parametrize(
    ("phase", "rooms"),
    [
        ("北苑一期", (75, 0)),  # missed then either way
        ("北苑一期", (75, 30)),  # enough for the second phase alone
        ("北苑二期", (75, 75)),
        ("北苑二期", (20, 0)),  # missed before already
    ],
)
def test_a_project_of_which_a_phase_is_perhaps_exempt_loses_what_it_does_either_way(
    tmp_path, rooms, phase
):
    """Asked are 75 m² of both phases, 30 or 45 of the one that is not exempt: all endings tried."""
    ends = {
        end: _reviewed(tmp_path, NORTH, rooms, f"{phase},CX-03,{end}", GONE).verdict
        for end in (HELD, NONE, PERHAPS)
    }
    same = ends[HELD] is ends[NONE]
    assert ends[PERHAPS] is (ends[HELD] if same else Verdict.SUPPLY)


@pytest.mark.parametrize(
    ("end", "m2", "verdict", "line"),
    [
        (NONE, 100, Verdict.AMEND, "同一项目另有兰苑一期：300 户，与本方案合并计算配建面积"),
        (HELD, 100, Verdict.AGREE, "同一项目另有兰苑一期：300 户，已豁免，户数不计入应配面积"),
        (
            PERHAPS,
            100,
            Verdict.SUPPLY,
            "同一项目另有兰苑一期：300 户，是否豁免待核实，户数是否计入应配面积未定",
        ),
    ],
)
def test_the_exemption_of_another_phase_is_told_as_that_ones(tmp_path, end, m2, verdict, line):
    """The plot of 500 asks for 100 m², with the 300 of the other phase for 160."""
    phase = f"R01,兰苑一期,300,新建,城镇,入住,{X0},{Y0},LY,\n"
    project = '"项目编号" = "LY"'
    review = _reviewed(tmp_path, phase, (0,), f"兰苑一期,CX-01,{end}", project, m2)
    opinion = opinion_of(review)
    (quota,) = [one for one in review.clauses if one.measure == "provision"]
    assert review.verdict is verdict
    assert line in [told for _, lines in opinion.wide for told in lines]
    told = {step.code: dict(step.params) for step in quota.working}
    asked = {NONE: 800.0, HELD: 500.0}.get(end)
    assert told.get("working.households", {}).get("households") == asked
    phases = {"plots": 500.0, "others": 300.0, "households": 800.0}
    assert told.get("working.phases") == (phases if end is NONE else None)
    waits = opinion.supplements
    assert waits == (("豁免清单“兰苑一期”：有效期至",) if end is PERHAPS else ())
    whose = "；这是同一项目中兰苑一期的豁免，本期应配多少随它而定"
    assert (whose in str(opinion.clauses)) is (end is PERHAPS)
