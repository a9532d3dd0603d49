"""Quotas that are a range: what is asked and what is missing tell the same, in every output.

Under ``caoxian-2023`` an approved area is asked 15 to 20 m² a 100 households: of 900 these are
135 to 180 m². 甲苑 has nothing and lacks 135 at least; 乙苑 has 150 and is open. 丙苑 is asked 150
and has 20, and perhaps 30 of a room whose stage nobody knows: it lacks 100 at least.
"""

import docx
import openpyxl
import pytest

import lifecircle as lc
from lifecircle.outputs import read_assessment, write_outputs
from lifecircle.outputs.words.showing import is_least

STUDY = """
[study]
name = "规划小县"
county = "371721"
standard = "caoxian-2023"
as_of = 2024-06-30
crs = "EPSG:4548"
[layers.residential]
path = "areas.csv"
crs = "EPSG:4548"
[layers.facilities]
path = "facilities.csv"
crs = "EPSG:4548"
"""
AREAS = """编号,小区名称,户数,类别,城乡,阶段,乡镇街道,X,Y
R1,甲苑,900,已批未建,城镇,验收,青菏街道,500000,3850000
R2,乙苑,900,已批未建,城镇,验收,青菏街道,510000,3850000
R3,丙苑,1000,已建成,城镇,入住,青菏街道,520000,3850000
"""
ROOMS = """编号,设施名称,设施类型,X,Y,状态,建筑面积,乡镇街道
F1,一站,日间照料中心,510000,3850000,运营,150,青菏街道
F2,二站,日间照料中心,520000,3850000,运营,20,青菏街道
F3,三站,日间照料中心,520010,3850000,,30,青菏街道
"""


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    home = tmp_path_factory.mktemp("approved")
    for name, text in (("study.toml", STUDY), ("areas.csv", AREAS), ("facilities.csv", ROOMS)):
        (home / name).write_text(text, encoding="utf-8")
    result = lc.assess(lc.read_study(home / "study.toml"), view="plan")
    write_outputs(result, home / "out")
    return home / "out"


def tables(path):
    return [
        [cell.text for cell in row.cells]
        for table in docx.Document(path).tables
        for row in table.rows
    ]


def test_page_and_papers(written):
    page = (written / "report.html").read_text(encoding="utf-8")
    row = page[page.index("甲苑<small>") :].partition("</tr>")[0]
    assert '<td class="n">135–180</td>' in row
    assert '<td class="n big">≥ 135</td>' in row
    assert "应配 135–180 m²，至多可计入 0 m²，至少缺 135 m²" in row
    row = page[page.index("丙苑<small>") :].partition("</tr>")[0]
    assert '<td class="n">150</td>' in row
    assert '<td class="n big">≥ 100</td>' in row
    assert '<td class="n">≥ 100</td>' in row  # what is left after arranging is the least, too
    for paper in ("summary", "report"):
        rows = [row for row in tables(written / f"{paper}.docx") if "甲苑" in row]
        assert any({"135–180", "≥ 135"} <= set(row) for row in rows), paper
        rows = [row for row in tables(written / f"{paper}.docx") if "丙苑" in row]
        assert any({"150", "≥ 100"} <= set(row) for row in rows), paper


def test_workbook(written):
    sheet = openpyxl.load_workbook(written / "report.xlsx")["居住区"]
    head, *rows = sheet.iter_rows(min_row=1, max_col=8)
    at = {cell.value: place for place, cell in enumerate(head)}
    cells = {row[0].value: row for row in rows}
    assert cells["R1"][at["应配（m²）"]].value == "135–180"
    assert cells["R2"][at["应配（m²）"]].value == "135–180"
    short = cells["R1"][at["缺口（m²）"]]
    assert (short.value, short.number_format.startswith('"≥ "')) == (135, True)
    assert cells["R2"][at["缺口（m²）"]].value is None
    assert cells["R3"][at["应配（m²）"]].value == 150
    short = cells["R3"][at["缺口（m²）"]]
    assert (short.value, short.number_format.startswith('"≥ "')) == (100, True)


def test_rectification_list(written):
    (path,) = (written / "rectification").glob("*.xlsx")
    sheet = openpyxl.load_workbook(path).worksheets[0]
    (row,) = (row for row in sheet.iter_rows(max_col=9) if row[3].value == "甲苑")
    assert [row[6].value, row[7].value, row[8].value] == ["135–180", 0, 135]
    assert row[8].number_format.startswith('"≥ "')
    (row,) = (row for row in sheet.iter_rows(max_col=9) if row[3].value == "丙苑")
    assert [row[6].value, row[8].value] == [150, 100]
    assert row[8].number_format.startswith('"≥ "')


def test_a_clause_lacks_at_least_where_one_area_may_lack_more(written):
    result = read_assessment(written)
    rows = list(zip(*(result.findings[c] for c in ("clause", "status", "reason")), strict=True))
    told = {}
    for one in result.brief.shortfalls:
        mine = [
            reason
            for clause, status, reason in rows
            if (clause, status) == (one.clause, "deficient")
        ]
        assert one.at_least is any(map(is_least, mine)), one.clause
        told[one.clause] = one.at_least
    assert set(told.values()) == {True, False}, told
