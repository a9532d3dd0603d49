"""An opinion that waits says for what: of a phase, of an exemption; the list is never empty."""

from __future__ import annotations

import re

import pytest
from tests.reviewing.new_homes import LET_OFF, PLAN, ROOMS, X0, Y0
from tests.two_ledgers import STUDY, WITH_EXEMPTIONS, written

import lifecircle as lc
from lifecircle.intake.said_against import named_phases
from lifecircle.model.problem import ProblemCode
from lifecircle.model.results.review import Verdict
from lifecircle.outputs.opinion.rows import opinion_of

pytestmark = pytest.mark.one_in(2)  # words and layers in many combinations

HOMES = "编号,小区名称,户数,类别,城乡,阶段,X,Y,项目编号\n"


def _reviewed(folder, project, study=STUDY, **tables):
    read = lc.read_study(written(folder, study, **tables))
    (folder / "plan.toml").write_text(PLAN.format(project=project, m2=100), encoding="utf-8")
    return lc.review(read, lc.read_proposal(folder / "plan.toml", read))


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("东园,全部,会议纪要,拆迁,待定", "until"),
        ("东园,,会议纪要,拆迁,", "clause"),
        ("东园,某某,会议纪要,拆迁,", "clause"),
        ("东园,全部,,拆迁,", "reference"),
    ],
)
def test_an_exemption_that_leaves_a_neighbour_open_is_asked_for(tmp_path, row, field):
    """东园 needs 75 m² and loses them: whether it is let off is what the opinion waits for."""
    review = _reviewed(
        tmp_path,
        '"拆除设施" = "东园站"',
        WITH_EXEMPTIONS,
        r=f"{HOMES}R01,东园,500,已建成,城镇,入住,{X0},{Y0},\n",
        f=f"{ROOMS}F1,东园站,社区养老服务站,{X0},{Y0 + 20},运营,75\n",
        e=f"{LET_OFF}{row}\n",
    )
    assert review.verdict is Verdict.SUPPLY
    asked = [(s.layer, s.name, s.field) for s in review.supplements]
    assert asked == [("exemptions", "东园", field)]
    (told,) = opinion_of(review).supplements
    assert told.startswith("豁免清单“东园”：")


@pytest.mark.parametrize(
    ("phase", "field"),
    [
        ("兰苑一期,300,,城镇,入住", "age_class"),
        ("兰苑一期,300,新建,,入住", "setting"),
        ("兰苑一期,300,新建,城镇,？", "stage"),
    ],
)
def test_what_another_phase_lacks_is_asked_of_it(tmp_path, phase, field):
    """Whether 500 or 800 households are asked hangs on the other phase, which has 30 m²."""
    review = _reviewed(
        tmp_path,
        '"项目编号" = "LY"',
        r=f"{HOMES}R01,{phase},{X0},{Y0},LY\n",
        f=f"{ROOMS}F1,兰苑站,社区养老服务站,{X0},{Y0 + 20},运营,30\n",
    )
    assert review.verdict is Verdict.SUPPLY
    asked = [(s.layer, s.name, s.field) for s in review.supplements]
    assert asked == [("residential", "兰苑一期", field)]


@pytest.mark.parametrize(
    ("of_plot", "of_rooms", "layer", "verdict"),
    [
        ("分期", "与住宅同步建设，独立出入口", None, Verdict.AGREE),
        ("", "本期不建", "planned", Verdict.SUPPLY),
        ("", "面积达标，由二期统一建设", "planned", Verdict.SUPPLY),
        ("", "不在本次报建范围内", "planned", Verdict.SUPPLY),
        ("", "已取消", "planned", Verdict.SUPPLY),
        ("远期建设", "", "plots", Verdict.SUPPLY),
        ("二期", "", None, Verdict.AGREE),  # which phase the plot is
        ("二期工程", "二期建设", None, Verdict.AGREE),  # its own phase, and so are the rooms
        ("二期", "一期不配建，二期配建", None, Verdict.AGREE),
        ("二期", "随二期同步建设", None, Verdict.AGREE),
        ("二期", "二期不配建", "planned", Verdict.SUPPLY),
        ("一期", "由二期统一建设", "planned", Verdict.SUPPLY),
        ("二期", "放到三期", "planned", Verdict.SUPPLY),
        ("二期", "本期不建", "planned", Verdict.SUPPLY),
        ("一期", "1-3期不配建", "planned", Verdict.SUPPLY),
        ("一期", "一期、二期不配建", "planned", Verdict.SUPPLY),
        ("一期", "二、三期不配建", None, Verdict.AGREE),
        ("一、二期", "由1-2期统一建设", None, Verdict.AGREE),
    ],
)
def test_what_its_own_remark_puts_off_is_not_taken_as_built(
    tmp_path, of_plot, of_rooms, layer, verdict
):
    """500 households need 100 m², and 100 are drawn: whether they come with the homes is asked."""
    read = lc.read_study(
        written(
            tmp_path,
            STUDY,
            r=f"{HOMES}R01,东园,500,已建成,城镇,入住,{X0},{Y0},\n",
            f=f"{ROOMS}F1,东园站,社区养老服务站,{X0},{Y0 + 20},运营,75\n",
        )
    )
    plan = PLAN.format(project="", m2=100) + f'"备注" = "{of_rooms}"\n'
    plan = plan.replace('"规划户数"', f'"备注" = "{of_plot}"\n"规划户数"')
    (tmp_path / "plan.toml").write_text(plan, encoding="utf-8")
    review = lc.review(read, lc.read_proposal(tmp_path / "plan.toml", read))
    assert review.verdict is verdict
    assert [(s.layer, s.field) for s in review.supplements if s.field == "stage"] == (
        [] if layer is None else [(layer, "stage")]
    )
    told = [p.layer for p in review.problems if p.code is ProblemCode.REMARK_CONTRADICTS]
    assert told == ([] if layer is None else [layer])


@pytest.mark.parametrize("name", ["新苑二期", "新苑（二期）", "新苑第2期"])
@pytest.mark.parametrize(("rooms", "verdict"), [("二", Verdict.AGREE), ("三", Verdict.SUPPLY)])
def test_a_plan_is_not_put_off_to_its_own_phase(tmp_path, name, rooms, verdict):
    study = written(
        tmp_path,
        STUDY,
        r=f"{HOMES}R01,东园,500,已建成,城镇,入住,{X0},{Y0},\n",
        f=f"{ROOMS}F1,东园站,社区养老服务站,{X0},{Y0 + 20},运营,75\n",
    )
    read = lc.read_study(study)
    plan = PLAN.format(project="", m2=100)
    plan = plan.replace('"规划户数"', f'"小区名称" = "{name}"\n"规划户数"')
    plan = re.sub('"设施名称" = ".*?"', f'"设施名称" = "新苑养老用房（{rooms}期）"', plan)
    (tmp_path / "plan.toml").write_text(plan, encoding="utf-8")
    assert lc.review(read, lc.read_proposal(tmp_path / "plan.toml", read)).verdict is verdict


@pytest.mark.parametrize(
    ("remark", "shown"),
    [
        ("另行选址建设", True),
        ("建设时序听候通知", True),
        ("与住宅同步建设", False),
        ("本期建设", False),
        ("无", False),
        ("本期不建", False),  # understood, and waited for
    ],
)
def test_what_a_plan_remarks_and_nothing_understands_is_shown(tmp_path, remark, shown):
    study = written(
        tmp_path,
        STUDY,
        r=f"{HOMES}R01,东园,500,已建成,城镇,入住,{X0},{Y0},\n",
        f=f"{ROOMS}F1,东园站,社区养老服务站,{X0},{Y0 + 20},运营,75\n",
    )
    read = lc.read_study(study)
    plan = PLAN.format(project="", m2=100) + f'"备注" = "{remark}"\n'
    (tmp_path / "plan.toml").write_text(plan, encoding="utf-8")
    review = lc.review(read, lc.read_proposal(tmp_path / "plan.toml", read))
    notes = [note for note in opinion_of(review, "zh").notes if remark in note]
    assert len(notes) == shown


@pytest.mark.parametrize(("number", "verdict"), [("1.0", Verdict.AMEND), ("2", Verdict.AGREE)])
def test_a_plan_is_of_the_project_that_the_study_spells_otherwise(tmp_path, number, verdict):
    """500 homes need 100 m² (0.2 a home) and plan 100; with 300 of project 1 160, and it has 30."""
    review = _reviewed(
        tmp_path,
        f'"项目编号" = "{number}"',
        r=f"{HOMES}R01,兰苑一期,300,新建,城镇,入住,{X0},{Y0},1\n",
        f=f"{ROOMS}F1,兰苑站,社区养老服务站,{X0},{Y0 + 20},运营,30\n",
    )
    assert review.verdict is verdict


@pytest.mark.parametrize(
    ("name", "phases"),
    [
        ("新苑二期", {2}),
        ("新苑1-3期", {1, 2, 3}),
        ("新苑１～３期", {1, 2, 3}),
        ("新苑一、二期", {1, 2}),
        ("新苑一期至三期", {1, 2, 3}),
        ("新苑一期和三期", {1, 3}),
        ("新苑一至三期、五期", {1, 2, 3, 5}),
        ("新苑一二期", {1, 2}),
        ("新苑十二期", {12}),
        ("新苑二十期", {20}),
        ("新苑二十三期、三十期", {23, 30}),
        ("新苑十至十二期", {10, 11, 12}),
        ("2024-1期", {1}),
        ("3号楼", set()),
    ],
)
def test_a_name_speaks_of_all_phases_it_lists(name, phases):
    assert named_phases([name]) == phases
