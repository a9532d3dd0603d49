"""score.xlsx and score.json: the document's own table, whole, escaped, the same twice."""

from __future__ import annotations

import dataclasses
import importlib.util
import json
import re
import runpy
import zipfile
from pathlib import Path

import jsonschema
import openpyxl
import pytest

import lifecircle as lc
from lifecircle.model.inputs.exemption import Exemption, ExemptionState
from lifecircle.model.results.score import Origin, WhyCode
from lifecircle.model.rules.form import PartKind
from lifecircle.outputs.form.phrases import points_text
from lifecircle.outputs.saved.schemas import shipped_schema
from lifecircle.outputs.saved.score_json import score_document
from lifecircle.standards import forms
from lifecircle.texts import LANGUAGES, catalogue

OPEN = {"1.1c", "3.7b", "7.1a"}
CRUEL = '=HYPERLINK("http://x","<b>")'


@pytest.fixture(scope="module", params=forms())
def result(request, tmp_path_factory):
    """A county that lacks three answers, and whose texts are not harmless."""
    spec = importlib.util.spec_from_file_location("c", Path(__file__).with_name("conftest.py"))
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    county = made.FormCounty(tmp_path_factory.mktemp("county"), request.param, name="=手工县")
    county.evidence = [r for r in county.evidence if r["条目编号"] not in OPEN]
    county.evidence[0] |= {"材料名称": CRUEL, "文号": "+1号", "材料文件": "@盒1", "说明": "-2"}
    county.evidence.append({"条目编号": "8.8a", "填报结果": "=1+1"})
    study = lc.read_study(county.finish())
    return lc.score(study, lc.assess(study))


@pytest.fixture(scope="module")
def book(result, tmp_path_factory):
    written = lc.write_score(result, tmp_path_factory.mktemp("out"))
    return openpyxl.load_workbook(written["form"])


def table(sheet, result):
    """Return the items' rows as the sheet shows them: column key → value, merged ones filled."""
    columns = [c.key for c in result.form.columns]
    header = next(r for r in range(1, 9) if sheet.cell(r, 1).value == result.form.columns[0].words)
    deep = any(c.above for c in result.form.columns)
    merged = {}
    for area in sheet.merged_cells.ranges:
        first = sheet.cell(area.min_row, area.min_col).value
        merged |= {(r, c): first for r, c, *_ in (cell for row in area.rows for cell in row)}
    rows = []
    for at in range(header + 1 + deep, header + 1 + deep + len(result.items)):
        cells = [merged.get((at, n), sheet.cell(at, n).value) for n in range(1, len(columns) + 1)]
        rows.append(dict(zip(columns, cells, strict=True)))
    return rows


def test_the_hand_in_sheet_is_the_documents_table(result, book):
    sheet = book["自评表"]
    form = result.form
    assert [sheet["A1"].value, sheet["A2"].value] == [form.heading, form.title["zh"]]
    rows = table(sheet, result)
    groups = {g.id: g.words for g in form.groups}
    for row, one in zip(rows, result.items, strict=True):
        item = one.item
        assert row["item"] == item.words
        assert row["points"] == item.points
        assert row["rule"] == item.rule
        assert row["group"].replace("\n", "") == groups[item.group]
        if item.lead:
            assert row["check"].split("\n") == list(item.check)
            assert row["responsible"] == f"牵头单位：{item.lead}\n责任单位：{item.units}"
        else:
            assert row["number"] == int(item.group)
    deep = [c.words for c in form.columns if c.above]
    if deep:
        assert sheet["B4"].value == "指标体系"
        assert [sheet["B5"].value, sheet["C5"].value] == deep == ["一级指标", "二级指标"]
    assert sheet.page_setup.orientation == "landscape"
    assert int(sheet.page_setup.paperSize) == 9  # A4
    assert sheet.print_title_rows
    assert all(0 < (sheet.row_dimensions[r].height or 15) <= 409 for r in range(1, sheet.max_row))


def test_one_score_an_item_and_open_is_no_zero(result, book):
    for row, one in zip(table(book["自评表"], result), result.items, strict=True):
        if one.item.id in {"1.1", "3.7", "7.1"}:
            assert one.score is None
            assert str(row["score"]).startswith("待定\n")
        else:
            assert row["score"] == one.score == one.item.points
    by_id = dict(zip([i.item.id for i in result.items], table(book["自评表"], result), strict=True))
    assert by_id["1.1"]["score"] == "待定\n3～4"
    assert by_id["7.1"]["score"] == "待定\n0～10"
    assert CRUEL + "（+1号）" in by_id["1.1"]["material"].split("\n")
    assert "台账核算：" in by_id["4.1"]["material"]
    assert "65.0 %" in by_id["4.1"]["material"]
    texts = [c.value for row in book["自评表"].iter_rows() for c in row if isinstance(c.value, str)]
    assert (
        "已评 88 分中得 88 分；其余 12 分未评，不计为零分，总分在 88～100 分之间（满分 100 分）。"
        in texts
    )


def test_nothing_is_a_formula(book):
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                if isinstance(cell.value, str) and cell.value[:1] in {"=", "+", "-", "@"}:
                    assert cell.quotePrefix


def test_the_working_sheet_says_where_each_point_comes_from(result, book):
    sheet = book["得分来源"]
    head = next(r for r in range(1, 20) if sheet.cell(r, 1).value == "条目")
    rows = {row[0]: row for row in sheet.iter_rows(min_row=head + 1, values_only=True)}
    parts = {p.part.id: p for i in result.items for p in i.parts}
    assert list(rows) == list(parts)
    for name, part in parts.items():
        words = {
            Origin.COMPUTED: "数据判定",
            Origin.TYPED: "填报",
            Origin.SUGGESTED: "待人打分",
            Origin.OPEN: "未评",
        }
        assert rows[name][7] == words[part.origin]
        assert rows[name][4] == part.score
        assert rows[name][12] == part.part.quote
    assert rows["4.1b"][9].startswith("护理型床位占比 65.0 %")
    assert rows["1.1c"][8] == "尚未填报"
    assert sheet["A3"].value == "数据判定：12 个得分点，14 分中得 14 分"


def test_what_points_rest_on_is_marked(result, book):
    """WS-30 stands on SD-01, whose 20 m² are only told of; nothing of Caoxian's is unverified."""
    weishan = result.form.id == "weishan"
    unverified = "数据来源未核实"
    told = "条目 2.2 所依据的结论标有：数据来源未核实。"
    for sheet in ("自评表", "得分来源"):
        texts = [c.value for row in book[sheet].iter_rows() for c in row if c.value is not None]
        assert (told in texts) is weishan
        marked = [t for t in map(str, texts) if "（WS-30）" in t]
        assert all(t.endswith(f"（WS-30）（{unverified}）") for t in marked)
        assert bool(marked) is weishan
    parts = {p["id"]: p for i in score_document(result)["items"] for p in i["parts"]}
    flagged = {n for n, p in parts.items() if any("unverified" in c["flags"] for c in p["clauses"])}
    assert bool(flagged) is weishan


def test_each_row_of_the_working_sheet_stands_once_and_has_its_colour(result, tmp_path):
    path = lc.write_score(result, tmp_path)["form"]
    with zipfile.ZipFile(path) as archive:
        sheets = [n for n in archive.namelist() if n.startswith("xl/worksheets/sheet")]
        texts = [archive.read(name).decode() for name in sheets]
    for text in texts:
        rows = list(map(int, re.findall(r'<row r="(\d+)"', text)))
        assert rows == sorted(set(rows))
    ranges = openpyxl.load_workbook(path)["得分来源"].conditional_formatting
    (rules,) = (found.rules for found in ranges)
    assert {rule.formula[0].strip('"') for rule in rules} == {
        "数据判定",
        "填报",
        "待人打分",
        "未评",
    }


def test_the_catalogue_lists_every_paper_once(result, book):
    sheet = book["佐证材料目录"]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
    words = next(iter(result.form.parts.values())).words["zh"]
    assert rows[0] == (1, "1.1a", words, None, CRUEL, "+1号", "@盒1", "-2")
    assert len(rows) == sum(p.named for i in result.items for s in i.parts for p in s.materials)


def test_what_is_wrong_stands_with_its_cell(book):
    (row,) = book["问题"].iter_rows(min_row=2, values_only=True)
    assert "8.8a" in row[2]
    assert "佐证材料" in row[1]


def test_the_json_follows_its_schema_and_rounds_nothing(result, tmp_path):
    validator = jsonschema.Draft202012Validator(shipped_schema("score"))
    validator.check_schema(shipped_schema("score"))
    exempt = Exemption("R1", "CX-01", "拆迁", "1号", result.as_of, ExemptionState.APPLIED)
    third = dataclasses.replace(result, settled=1 / 3, exemptions=(exempt,))
    path = lc.write_score(third, tmp_path)["json"]
    read = json.loads(path.read_text(encoding="utf-8"))
    assert [e.message for e in validator.iter_errors(read)] == []
    assert read["settled"] == 1 / 3
    assert read["exemptions"][0]["until"] == "2023-10-10"
    assert next(i for i in read["items"] if i["id"] == "7.1")["score"] is None
    for spoiled in ({"invented": 1}, {"items": [{**read["items"][0], "invented": 1}]}):
        assert list(validator.iter_errors(read | spoiled))


def test_same_score_same_bytes(result, tmp_path):
    first = lc.write_score(result, tmp_path / "a")
    again = lc.write_score(result, tmp_path / "b")
    for name, path in first.items():
        assert path.read_bytes() == again[name].read_bytes()


def test_in_english_the_table_stays_the_documents(result, tmp_path):
    english = dataclasses.replace(result, language="en")
    book = openpyxl.load_workbook(lc.write_score(english, tmp_path)["form"])
    assert book.sheetnames[:3] == ["Form", "Where points come from", "Papers"]
    assert book["Form"]["A2"].value == result.form.title["zh"]
    assert table(book["Form"], english)[0]["score"] == "open\n3–4"


def test_exemptions_and_a_borrowed_form_are_said(result, tmp_path):
    exempt = Exemption("R1", "CX-01", "拆迁", "=1号", None, ExemptionState.APPLIED)
    changed = dataclasses.replace(result, exemptions=(exempt,), borrowed=True, to_confirm=3.0)
    book = openpyxl.load_workbook(lc.write_score(changed, tmp_path)["form"])
    assert [c.value for c in book["豁免"][2]][2:] == ["拆迁", "=1号", "未设期限", "已适用"]
    texts = [c.value for row in book["自评表"].iter_rows() for c in row if isinstance(c.value, str)]
    assert any(t.startswith("借用外县评分表") for t in texts)
    assert any("另有 3 分的数据已核算" in t for t in texts)


@pytest.mark.parametrize(
    ("points", "told"),
    [(4.0, "4"), (0.5, "0.5"), (2.7, "2.7"), (99.999, "99.99"), (0.001, "0.01"), (1 / 3, "0.33")],
)
def test_points_are_never_rounded_to_a_whole_they_are_not(points, told):
    assert points_text(points) == told


def test_every_code_has_words_in_both_languages(result):
    zh, en = (catalogue("score", language) for language in LANGUAGES)
    assert zh.keys() == en.keys()
    wanted = {f"why.{code}" for code in WhyCode} | {f"kind.{kind}" for kind in PartKind}
    wanted |= {f"{group}.{origin}" for origin in Origin for group in ("origin", "by_origin")}
    assert wanted <= zh.keys()
    assert score_document(result)["schema"] == 1


def test_the_form_keeps_the_schemas_of_office(result, tmp_path, office_faults):
    assert office_faults(lc.write_score(result, tmp_path)["form"]) == []


def test_every_number_of_the_form_is_saved(result, tmp_path):
    tracing = runpy.run_path(str(Path(__file__).parents[1] / "outputs" / "tracing.py"))
    form = dataclasses.asdict(result.form)  # the document's own words
    saved = tracing["Saved"].of_documents(score_document(result), form, domains=("score",))
    told = tracing["told_in_book"](lc.write_score(result, tmp_path)["form"])
    assert saved.untraced(told.replace("\n(", "(")) == []  # a heading in two lines
