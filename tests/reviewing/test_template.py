"""``init --proposal``: a workbook to fill in, that ``review`` reads as it stands."""

from __future__ import annotations

import openpyxl
import pytest
from typer.testing import CliRunner

import lifecircle as lc
from lifecircle.cli import app
from lifecircle.model.dictionary import columns
from lifecircle.model.results.review import Verdict

FACTS = {
    "项目名称": "示例新苑",
    "受理编号": "受2024-17",
    "坐标系": "EPSG:4548",
    "城乡": "城镇",
    "规划总户数": 850,
    "规划人口": 2295,
}


def init(*args):
    return CliRunner().invoke(app, ["init", *map(str, args)], env={"LIFECIRCLE_LANG": "zh"})


def put(worksheet, values):
    """Fill in row 2 by the headers, whatever unit stands behind them."""
    heads = {str(c.value).partition("（")[0]: c.column for c in worksheet[1]}
    for name, value in values.items():
        worksheet.cell(2, heads[name]).value = value


@pytest.fixture
def filled(tmp_path):
    def fill(m2):
        assert init(tmp_path, "--proposal").exit_code == 0
        path = tmp_path / "方案.xlsx"
        book = openpyxl.load_workbook(path)
        for row in book["项目"].iter_rows(min_row=2):
            row[1].value = FACTS.get(row[0].value, row[1].value)
        put(book["地块"], {"地块编号": "D1", "规划户数": 850, "经度": 500_500, "纬度": 3_850_050})
        room = {
            "设施编号": "N1",
            "设施名称": "养老用房",
            "设施类型": "社区养老服务站",
            "建筑面积": m2,
        }
        put(book["设施"], {**room, "所在楼层": "1层"})
        book.save(path)
        return path

    return fill


@pytest.mark.parametrize(("m2", "verdict"), [(170, Verdict.AGREE), (169, Verdict.AMEND)])
def test_init_fill_review(study_of, filled, m2, verdict):
    study = study_of("caoxian-2023")
    proposal = lc.read_proposal(filled(m2), study)
    assert [str(p.code) for p in proposal.problems if p.severity != "info"] == []
    assert (proposal.name, proposal.facts["acceptance_no"]) == ("示例新苑", "受2024-17")
    review = lc.review(study, proposal)
    quota = next(c for c in review.clauses if c.id == "CX-01")
    # 850 × 20 / 100 = 170
    assert (quota.required, quota.provided, review.verdict) == (170.0, float(m2), verdict)


def test_every_column_of_the_dictionary_has_a_cell_with_a_note(tmp_path):
    assert init(tmp_path, "--proposal", "--coordinates", "gcj02").exit_code == 0
    book = openpyxl.load_workbook(tmp_path / "方案.xlsx")
    assert book.sheetnames == ["填写说明", "项目", "地块", "设施", "选项"]
    assert book["选项"].sheet_state == "hidden"
    facts = {row[0].value: row for row in book["项目"].iter_rows(min_row=2)}
    asked = [s for s in columns("project").values() if s.name != "illustrative"]
    assert list(facts) == [s.aliases[0] for s in asked]
    assert facts["坐标系"][1].value == "gcj02"
    assert all(row[3].value for row in facts.values())
    for part, name in (("plots", "地块"), ("planned", "设施")):
        heads = book[name][1]
        assert len(heads) == len([s for s in columns(part) if s != "illustrative"])
        assert all(cell.comment for cell in heads)
        assert book[name].data_validations.dataValidation


def test_one_that_is_there_is_never_overwritten(tmp_path):
    assert init(tmp_path, "--proposal").exit_code == 0
    first = (tmp_path / "方案.xlsx").read_bytes()
    again = init(tmp_path, "--proposal")
    assert again.exit_code == 2
    assert "不覆盖" in again.stderr
    assert (tmp_path / "方案.xlsx").read_bytes() == first


def test_a_study_still_needs_its_standard(tmp_path):
    done = init(tmp_path / "new")
    assert done.exit_code == 2
    assert "--standard" in done.stderr
    assert not (tmp_path / "new").exists()


def test_the_datum_that_nobody_chose_is_said(tmp_path):
    """A plot picked on another map than the sheet says is hundreds of metres off."""
    for args, said in (((), "CGCS2000"), (("--coordinates", "gcj02"), "GCJ-02")):
        of_plots = init("--proposal", tmp_path / f"方案{said}", *args)
        of_county = init(tmp_path / f"县{said}", "--standard", "jinxiang-2023", *args)
        assert f"坐标系填的是 {said}" in of_plots.output.replace("\n", "")
        assert f"经纬度按 {said}" in of_county.output.replace("\n", "")
