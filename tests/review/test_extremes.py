"""Figures and names that no project has: told as problems, and no other file suffers."""

import json

import openpyxl
import pytest
from docx import Document
from typer.testing import CliRunner

import lifecircle as lc
import lifecircle.judge as judging
from lifecircle.cli import app
from lifecircle.errors import ProposalError
from lifecircle.intake.values import read_value
from lifecircle.model.dictionary import columns
from lifecircle.model.problem import ProblemCode, Severity, describe
from lifecircle.outputs import write_review


@pytest.mark.parametrize(("column", "most"), [("households_planned", 1e7), ("floor_area_m2", 1e8)])
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
    assert ["boom" in one.get("error", "") for one in told] == [True, False]
    rows = list(openpyxl.load_workbook(out / "summary.xlsx").active.iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == ["乙.toml", "甲.toml"]
    assert "OverflowError" in rows[1][4]
