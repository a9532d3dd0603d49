"""Figures and names that no project has: told as problems, and no other file suffers."""

import dataclasses
import json
import re

import openpyxl
import pytest
from docx import Document
from typer.testing import CliRunner

import lifecircle as lc
import lifecircle.reviewing.review as judging
from lifecircle.cli import app
from lifecircle.errors import ProposalError
from lifecircle.intake.ledger.values import read_value
from lifecircle.model.dictionary import columns
from lifecircle.model.inputs.layers import Layer
from lifecircle.model.problem import ProblemCode, Severity, describe
from lifecircle.outputs import write_review


@pytest.mark.parametrize(("column", "most"), [("households_planned", 2e5), ("floor_area_m2", 1e6)])
def test_more_than_any_place_has_is_an_error(column, most):
    spec = columns("planned" if column == "floor_area_m2" else "plots")[column]
    assert read_value(spec, most).value == most
    read = read_value(spec, most + 1)
    assert read.value != read.value
    assert (read.code, read.severity) == (ProblemCode.NUMBER_TOO_LARGE, Severity.ERROR)


def test_an_integer_of_four_hundred_digits_is_unreadable(study_of, propose):
    room = f'id = "N1"\n"设施类型" = "社区养老服务用房"\n"建筑面积" = {"9" * 400}\n'
    with pytest.raises(ProposalError) as refused:
        lc.read_proposal(propose([room]), study_of())
    assert ProblemCode.NUMBER_UNREADABLE in [p.code for p in refused.value.problems]


def test_too_many_households_name_row_and_value(study_of, propose):
    with pytest.raises(ProposalError) as refused:
        lc.read_proposal(propose(households=123456789), study_of())
    (told,) = [p for p in refused.value.problems if p.code is ProblemCode.NUMBER_TOO_LARGE]
    assert (told.row, told.value) == (1, "123456789")
    for language in ("zh", "en"):
        assert "123456789" in describe(told, language)["what"]


def test_a_long_name_with_control_characters_is_written(study_of, propose, tmp_path):
    name = "长" * 300 + "\\u0001\\u000b\\uFFFE\\uFFFF尾"
    study = study_of()
    path = propose(head=f'name = "{name}"\n"坐标系" = "EPSG:4548"\n"城乡" = "城镇"\n')
    files = write_review(lc.review(study, lc.read_proposal(path, study)), tmp_path / "out")
    assert len(Document(files["docx"]).core_properties.title) <= 255
    page = files["html"].read_text(encoding="utf-8")
    assert "长" * 300 + "尾" in page
    assert not {"\x01", "\x0b", "\ufffe", "\uffff"} & set(page)


def test_one_failing_file_leaves_the_others_judged(study_of, propose, tmp_path, monkeypatch):
    study = study_of()
    folder = tmp_path / "many"
    for name in ("甲", "乙"):
        propose(file=f"many/{name}.toml", head=f'name = "{name}"\n"坐标系" = "EPSG:4548"\n')
    true = judging.review

    def failing(study, proposal, **words):
        if proposal.name == "乙":
            raise OverflowError("boom")
        return true(study, proposal, **words)

    monkeypatch.setattr(judging, "review", failing)
    monkeypatch.setattr("lifecircle.intake.read_study", lambda _path: study)
    out = tmp_path / "out"
    ran = CliRunner().invoke(
        app, ["review", str(tmp_path), str(folder), "--out", str(out), "--json"]
    )
    assert ran.exit_code == 2, ran.output
    told = json.loads(ran.stdout)
    assert ["OverflowError" in one.get("error", "") for one in told] == [True, False]
    rows = list(openpyxl.load_workbook(out / "summary.xlsx").active.iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == ["乙.toml", "甲.toml"]
    assert "OverflowError" in rows[1][4]


def codes(path, study):
    return {str(p.code): p for p in lc.check_proposal(path, study)[1]}


def test_what_stands_on_the_plot_already_is_not_the_projects(study_of, propose):
    # F1 stands in E1 and in this plot, which has more households; no name or record says whose
    study = study_of()
    frame = study.facilities.frame.copy()
    frame.loc["F1", ["name", "floor_area_m2"]] = ["老站", 500.0]
    study = dataclasses.replace(study, facilities=Layer("facilities", frame))
    review = lc.review(study, lc.read_proposal(propose((), at=(0, 0)), study))
    mine = [c for c in review.clauses if c.provided is not None]
    assert [c.provided for c in mine if c.id == "CX-01"] == [0.0]


def test_a_plot_of_more_than_ten_km2_is_an_error(study_of, propose):
    study = study_of()
    path = propose()
    text = path.read_text(encoding="utf-8")
    x, y = 498_000.0, 3_848_000.0
    for height, told in ((2500.0, False), (2501.0, True)):  # x 4000 m: 10 km², and over it
        ring = [[x, y], [x + 4000, y], [x + 4000, y + height], [x, y + height], [x, y]]
        path.write_text(re.sub("outline = .*", f"outline = {ring}", text), encoding="utf-8")
        assert ("plot_too_large" in codes(path, study)) == told


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ('"总建筑面积" = 200\n', set()),
        ('"总建筑面积" = 199\n', {"rooms_exceed"}),
        ('"总建筑面积" = 10000\n"用地面积" = 5000\n"容积率" = 2.1\n', set()),
        ('"总建筑面积" = 10000\n"用地面积" = 5000\n"容积率" = 2.2\n', {"ratio_differs"}),
    ],
)
def test_floor_areas_that_contradict(facts, told, study_of, propose):
    found = codes(propose(project=facts), study_of())
    assert found.keys() & {"rooms_exceed", "ratio_differs"} == told


def the_impossible(path, study):
    asked = {"ratio_unlikely", "ratio_below", "share_impossible", "shares_exceed"}
    return codes(path, study).keys() & {*asked, "dwelling_size"}


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        # 600 dwellings of the proposal: 20 and 400 m² each are the limits
        ('"住宅建筑面积" = 5000\n', {"dwelling_size"}),
        ('"住宅建筑面积" = 11999\n', {"dwelling_size"}),
        ('"住宅建筑面积" = 12000\n', set()),
        ('"住宅建筑面积" = 240000\n', set()),
        ('"住宅建筑面积" = 240001\n', {"dwelling_size"}),
        ('"住宅建筑面积" = 600000\n', {"dwelling_size"}),
        # the whole may hold shops besides, but no fewer m² than its dwellings
        ('"总建筑面积" = 5000\n', {"dwelling_size"}),
        ('"总建筑面积" = 500000\n', set()),
        ('"建筑密度" = "130%"\n', {"share_impossible"}),
        ('"建筑密度" = 1.3\n', {"share_impossible"}),
        ('"建筑密度" = "100%"\n', set()),
        ('"建筑密度" = 0\n', {"share_impossible"}),
        ('"建筑密度" = "≤30%"\n"绿地率" = "不低于35％"\n', set()),
        ('"建筑密度" = "符合规划条件"\n', set()),
        ('"绿地率" = 150\n', {"share_impossible"}),
        ('"绿地率" = 0\n', set()),
        ('"建筑密度" = 0.4\n"绿地率" = "61%"\n', {"shares_exceed"}),
        ('"建筑密度" = 40\n"绿地率" = "60%"\n', set()),
        ('"容积率" = 10\n', set()),
        ('"容积率" = 21\n', {"ratio_unlikely"}),
        ('"容积率" = 0\n', {"ratio_unlikely"}),
        ('"容积率" = 0.2\n"建筑密度" = "30%"\n', {"ratio_below"}),
        ('"容积率" = 0.3\n"建筑密度" = "30%"\n', set()),
    ],
)
def test_facts_that_no_project_has_are_put_to_a_person(facts, told, study_of, propose):
    assert the_impossible(propose(project=facts), study_of()) == told


@pytest.mark.parametrize(
    ("floor", "told"),
    [
        ("1层", None),
        ("1-3层", None),
        ("二楼", None),
        ("首层", None),
        ("2F", None),
        ("屋顶", "floor_unreadable"),
        ("999", "floor_unreadable"),
        ("-1层", "floor_underground"),
        ("地下一层", "floor_underground"),
    ],
)
def test_floors_for_a_person_to_check(floor, told, study_of, propose):
    room = f'id = "N1"\n"设施类型" = "社区养老服务用房"\n"建筑面积" = 200\n"所在楼层" = "{floor}"\n'
    found = codes(propose([room]), study_of())
    assert found.keys() & {"floor_unreadable", "floor_underground"} == ({told} - {None})


@pytest.mark.parametrize(
    ("plot", "told"),
    [
        ('"类别" = "已建成"\n', True),  # a plan without a stage is planned
        ('"类别" = "老旧"\n"阶段" = "在建"\n', True),
        ('"类别" = "已建成"\n"阶段" = "入住"\n', False),  # what stands, and stays
        ('"类别" = "已批未建成"\n', False),
        ("", False),
    ],
)
def test_a_plan_under_the_quota_of_what_stands_is_put_to_a_person(plot, told, study_of, propose):
    assert ("class_stage" in codes(propose(plot=plot), study_of())) == told


@pytest.mark.parametrize(
    ("dates", "told"),
    [
        ({"住宅规划日期": "2025-03-01", "住宅验收日期": "2024-01-01"}, True),
        ({"养老设施建设日期": "2025-03-01", "养老设施交付日期": "2025-02-28"}, True),
        ({"住宅规划日期": "2025-03-01", "住宅建设日期": "2025-03-01"}, False),
        # two series: rooms may be planned before the housing is, and after it
        ({"住宅规划日期": "2025-03-01", "养老设施建设日期": "2024-01-01"}, False),
    ],
)
def test_dates_that_cannot_follow_each_other_are_put_to_a_person(dates, told, study_of, propose):
    facts = "".join(f'"{name}" = "{day}"\n' for name, day in dates.items())
    assert ("dates_reversed" in codes(propose(project=facts), study_of())) == told


def test_a_fact_said_twice_names_both_rows(study_of, tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "项目"
    for line in (("指标", "数值"), ("规划总户数", 500), ("容积率", 2), ("规划总户数", 300)):
        sheet.append(line)
    book.save(tmp_path / "方案.xlsx")
    told = codes(tmp_path / "方案.xlsx", study_of())["fact_twice"]
    assert (told.row, told.params["first_row"], told.severity) == (4, 2, Severity.ERROR)


def test_a_formula_without_a_value_is_no_blank(study_of, tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "项目"
    for line in (("指标", "数值"), ("规划总户数", "=200+300")):
        book.active.append(line)
    book.save(tmp_path / "方案.xlsx")
    told = codes(tmp_path / "方案.xlsx", study_of())["formula_empty"]
    assert (told.cell, told.value, told.severity) == ("B2", "=200+300", Severity.ERROR)
