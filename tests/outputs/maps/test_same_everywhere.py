"""One result, one answer: what the map, JSON, GeoPackage, CSV, workbook and papers say is the same.

Read from the files as a reader has them, study by study: two that ship, a county of points as an
officer fills it in, and a ledger in which much cannot be read.
"""

from __future__ import annotations

import csv
import html
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
import geopandas as gpd
import openpyxl
import pytest

import lifecircle as lc
from lifecircle.model.reason import Reason
from lifecircle.outputs import write_outputs
from lifecircle.outputs.handover.findings_csv import write_findings_csv
from lifecircle.outputs.words.banners import banner_lines
from lifecircle.outputs.words.showing import NO_GAP
from lifecircle.outputs.words.wording import Wording

DATA = Path(__file__).parents[3] / "data"
STUDY = """
[study]
name = "散点县"
county = "371721"
standard = "caoxian-2023"
as_of = 2025-06-30
[layers.residential]
path = "小区.csv"
coordinates = "cgcs2000"
[layers.facilities]
path = "设施.csv"
coordinates = "cgcs2000"
"""
AREAS = """编号,小区名称,镇街,户数,常住人口,类别,城乡,阶段,经度,纬度
R1,青云花园,青菏街道,四百多,2400,新建,城镇,入住,115.547,34.836
R2,望湖雅居（一期）,,850,,,城镇,二期那个,115.548,34.827
R3,望湖雅居（二期）,,300,900,已建成,城镇,,115.547,34.825
R4,和谐家园,磐石街道,1200,900,已建成,城镇,入住,,
R5,金鼎世纪城,曹城街道,1200,2400,老旧,城镇,入住,115.5465,34.849
R6,丁楼村,青菏街道,200,800,,乡村,入住,115.557,34.826
R7,粮食局宿舍,曹城街道,1201,,已建成,城镇,入住,115.549,34.829
R8,东关新村,曹城街道,300,700,老旧,城镇,入住,115.551,34.847
"""
HOMES = """编号,设施名称,设施类型,镇街,运营状态,建筑面积,社区服务面积,床位数,服务小区,经度,纬度
F1,青云日间照料中心,日间照料中心,,运营,300,300,,,115.551,34.8472
F2,曹城街道综合养老服务中心,综合养老服务中心,曹城街道,运营,1200,,30,,115.558,34.838
F3,东关助老食堂,助老食堂,曹城街道,好像开着,120,,,,,
F4,金鼎用房,养老服务用房,,已移交,约200,,,金鼎世纪城：120,115.5466,34.849
F5,老年之家,老年之家什么的,磐石街道,运营,150,150,,,115.562,34.849
F6,磐石驿站,社区养老服务站,,闲置,80,80,,望湖雅居,115.5471,34.8251
F7,粮食局用房,社区养老服务站,曹城街道,运营,60.04,60.04,,,115.5491,34.829
"""


@dataclass(frozen=True)
class Written:
    """A result and its files, read."""

    result: lc.Assessment
    folder: Path
    saved: dict[str, Any]
    page: dict[str, Any]
    lines: dict[tuple[str, ...], dict[str, str]]
    table: dict[tuple[str, ...], dict[str, Any]]

    @property
    def words(self):
        """The words that all outputs have in common."""
        return Wording.of(self.result)

    def sheet(self, name):
        """Return a worksheet's rows as header → value, without those below its table."""
        book = openpyxl.load_workbook(self.folder / "report.xlsx")
        head, *rows = book[name].iter_rows(values_only=True)
        return [dict(zip(head, row, strict=True)) for row in rows]


def _study(name, tmp):
    if name == "points":
        for file, text in (("study.toml", STUDY), ("小区.csv", AREAS), ("设施.csv", HOMES)):
            (tmp / file).write_text(text, encoding="utf-8")
        return tmp / "study.toml"
    return DATA / name / "study.toml"


@pytest.fixture(scope="module", params=["points", "weishan", "guixi", "wudaokou"])
def written(request, tmp_path_factory, data_of):
    folder = tmp_path_factory.mktemp("same")
    if request.param == "weishan":
        result = request.getfixturevalue("weishan")
    else:
        result = lc.assess(lc.read_study(_study(request.param, folder)))
    write_outputs(result, folder / "out")
    folder /= "out"
    told = write_findings_csv(result, folder / "findings.csv", Wording.of(result, "handover"))
    layers = {"全县": "county"} | {
        Wording.of(result).word("layer", one): one for one in ("residential", "facilities", "units")
    }
    with told.open(encoding="utf-8-sig", newline="") as stream:
        lines = {
            (one["文件"], one["条款"], layers[one["对象类别"]], one["编号"], one["部分"]): one
            for one in csv.DictReader(stream)
        }
    table = gpd.read_file(folder / "assessment.gpkg", layer="findings").to_dict("records")
    return Written(
        result,
        folder,
        json.loads((folder / "assessment.json").read_text(encoding="utf-8")),
        data_of(folder / "map.html"),
        lines,
        {tuple(_text(one[name]) for name in KEY): one for one in table},
    )


KEY = ("standard", "clause", "layer", "id", "part")
FIGURES = {"required": "要求", "measured": "现值", "deficit": "缺口", "low": "下限", "high": "上限"}


def _text(value):
    return "" if value is None or value != value else str(value)  # noqa: PLR0124 - NaN


def _number(value):
    return None if value in {None, ""} or value != value else float(value)  # noqa: PLR0124 - NaN


def test_findings_are_the_same_in_geopackage_and_csv(written):
    findings = written.result.findings.to_dict("records")
    keys = [tuple(_text(one[name]) for name in KEY) for one in findings]
    assert set(keys) == set(written.table) == set(written.lines)
    for key, one in zip(keys, findings, strict=True):
        row, line = written.table[key], written.lines[key]
        assert str(one["status"]) == row["status"] == line["结论代码"], key
        for name, head in FIGURES.items():
            value, kept, told = _number(one[name]), _number(row[name]), _number(line[head])
            assert kept == value, (key, name)
            assert told == (None if value is None else pytest.approx(value, abs=1e-6)), (key, name)
        reason = None if not _text(row["reason"]) else Reason.loads(row["reason"])
        assert line["原因"].lstrip("'") == written.words.reason(reason).lstrip("'"), key


def test_the_map_tells_of_every_subject_what_its_finding_says(written):
    page = written.page
    ids = {
        "residential": page["areas"]["id"],
        "facilities": [one["i"] for one in page["facilities"]],
        "units": [one["i"] for one in page["units"]["features"]],
    }
    told = 0
    for clause in page["clauses"]:
        subjects = ids.get(clause["subject"], [])
        for n, key in enumerate(subjects if "status" in clause else []):
            status = page["status"][clause["status"][n]]
            found = (clause["standard"], clause["id"], clause["subject"], key, "")
            line = written.lines.get(found)
            if line is None:  # a clause in parts, or not about it
                continue
            told += 1
            assert status == line["结论代码"], found
            assert (clause["reason"][n] or "") == line["原因"], found
            for name in ("required", "measured", "deficit"):
                if name in clause:
                    shown, value = clause[name][n], _number(line[FIGURES[name]])
                    assert (shown is None) == (value is None), (found, name)
                    near = 0.51 if clause["unit_code"] == "m" else 0.1  # 0.008 is told as 0.1, no 0
                    assert value is None or shown == pytest.approx(value, abs=near), (found, name)
    assert told > 0


def test_areas_are_the_same_on_map_sheet_and_geopackage(written):
    areas, words = written.page["areas"], written.words
    layer = gpd.read_file(written.folder / "assessment.gpkg", layer="residential")
    rows = {one["id"]: one for one in layer.to_dict("records")}
    sheet = {str(one["编号"]): one for one in written.sheet("居住区") if one["编号"]}
    assert set(areas["id"]) == set(rows) == set(sheet)
    columns = {"required_m2": "应配（m²）", "own_m2": "自有（m²）", "deficit_m2": "缺口（m²）"}
    columns |= {"recorded_m2": "已登记共享（m²）", "arrangeable_m2": "可调剂（m²）"}
    for n, key in enumerate(areas["id"]):
        row, line = rows[key], sheet[key]
        verdict = written.page["status"][areas["status"][n]]
        assert verdict == (_text(row["verdict"]) or "none"), key
        assert _text(line["结论"]) == ("" if verdict == "none" else words.word("status", verdict))
        assert (areas["reason"][n] or "") == _text(line["原因"]), key
        assert (areas["remedy"][n] or "") == _text(line["处置"]), key
        assert (areas["unread"][n] or "") == _text(line.get("写了但没有采用的内容")), key
        for name, head in columns.items():
            value, shown = _number(row[name]), areas[name][n]
            if name == "deficit_m2" and verdict in NO_GAP:
                assert (shown, line[head]) == (None, None), key
                continue
            assert shown == (None if value is None else pytest.approx(value, abs=0.051)), name
            if isinstance(line[head], int | float):
                assert value == pytest.approx(line[head], abs=0.01), (key, name)
            elif line[head] is None:
                assert value is None, (key, name)


def test_clauses_are_told_alike_by_json_sheet_map_page_and_papers(written):
    words = written.words
    sheet = {
        # behind the document that is judged by whose quota stands in
        (one["文件"].partition("；")[0], one["条款"], one["内容"]): one
        for one in written.sheet("条款")
        if one["条款"]
    }
    page = html.unescape((written.folder / "report.html").read_text(encoding="utf-8"))
    told = _paper(written.folder / "report.docx")
    shown = {(one["standard"], one["id"]): one for one in written.page["clauses"]}
    saved = {(one["standard"], one["id"]): one for one in written.saved["clauses"]}
    for clause in written.result.clauses:
        key = clause.standard, clause.id
        one = saved[key]
        title = words.title(written.result.standard_titles[clause.standard])
        row = sheet[title, words.clause(clause.id), words.title(clause.title, clause.id)]
        assert one["status"] == str(clause.status)
        assert row["结论"] == words.status_word(str(clause.status), clause.flags)
        for status, head in (("compliant", "达标"), ("deficient", "不达标")):
            assert (row[head] or 0) == one["counts"].get(status, 0), (key, head)
        if key in shown and shown[key]["scopes"].get("county", {}).get("status"):
            assert shown[key]["scopes"]["county"]["status"] == one["status"], key
        rate = clause.official
        if rate is None:
            continue
        for name, head in (("low", "比率下限"), ("high", "比率上限")):
            end = one["official"][name]
            assert row[head] == (None if end is None else pytest.approx(end)), (key, head)
        assert row["正式口径比率"] == (None if rate.told is None else pytest.approx(rate.told)), key
        assert words.rate(rate) in page, key
        if "reference" not in one["flags"]:
            assert words.rate(rate) in told, key
        if key in shown and "county" in shown[key]["scopes"]:
            assert shown[key]["scopes"]["county"]["rate"] in {words.share(rate), "–"}, key
            assert (shown[key]["scopes"]["county"]["rate"] == "–") == (words.share(rate) == "–")


def test_readings_and_banners_are_the_same(written):
    words = written.words
    page = html.unescape((written.folder / "report.html").read_text(encoding="utf-8"))
    sheet = [
        one
        for one in written.sheet("依据")
        if one["种类"] == Wording.of(written.result, "workbook").say("sort.reading")
    ]
    taken = {(one["clause"], one["id"]): one["choice"] for one in written.saved["readings"]}
    assert {one["编号"] for one in sheet} == {reading for _, reading in taken}
    for clause in written.saved["clauses"]:
        for reading, choice in clause["reading"].items():
            assert taken.get((clause["id"], reading), choice) == choice
    banners = banner_lines(written.result, words)
    first = openpyxl.load_workbook(written.folder / "report.xlsx").worksheets[0]
    cells = "\n".join(str(c) for row in first.iter_rows(values_only=True) for c in row if c)
    for text in banners:
        assert text in page
        assert text in cells
        assert text in written.page["banners"]
        assert text in _paper(written.folder / "report.docx")
        assert text[:12] in _paper(written.folder / "summary.docx")  # one page has less room


def _paper(path):
    """Return all that a Word file says."""
    paper = docx.Document(path)
    cells = (c.text for table in paper.tables for row in table.rows for c in row.cells)
    return "\n".join([*(one.text for one in paper.paragraphs), *cells])
