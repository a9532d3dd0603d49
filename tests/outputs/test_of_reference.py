"""m² that no clause in judgment asks are marked wherever they stand, and added up apart.

Weishan asks existing areas for a facility; the province's 15 m² per 100 households stand beside
for reference. New areas are asked for 20 m² per 100 households.

- A, existing, 500 households, a station of 10 m²: reference, 75 required, 10 there, 65 short
- B, new, 200 households: asked, 40 required and short
- C, existing, 300 households: reference, 45
- D, existing, 100 households, in the town: reference, 15
"""

import openpyxl
import pytest

import lifecircle as lc
from lifecircle.model.results.counted.references import reckoned_for_reference
from lifecircle.outputs.handover.folder import write_handover
from lifecircle.outputs.report.chapter.results import results
from lifecircle.outputs.report.workbook.book import write_workbook
from lifecircle.outputs.words.wording import Wording

_STUDY = """
[study]
name = "仅供参考"
county = "370826"
standard = "weishan-2023"
as_of = 2024-06-30
crs = "EPSG:4548"
[layers.residential]
path = "小区.csv"
crs = "EPSG:4548"
[layers.facilities]
path = "设施.csv"
crs = "EPSG:4548"
"""
_AREAS = """编号,小区名称,户数,类别,城乡,阶段,街道,X,Y
A,甲苑,500,已建成,城镇,入住,370826001,511000,3850000
B,乙苑,200,新建,城镇,入住,370826001,513000,3850000
C,丙苑,300,已建成,城镇,入住,370826001,516000,3850000
D,丁苑,100,已建成,城镇,入住,370826101,520000,3850000
"""
_FACILITIES = """编号,设施名称,设施类型,X,Y,状态,建筑面积
F1,一站,社区养老服务站,511000,3850000,运营,10
"""
MARKED = '#,##0.00"（参考）"'


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    folder = tmp_path_factory.mktemp("weishan")
    for name, text in (("study.toml", _STUDY), ("小区.csv", _AREAS), ("设施.csv", _FACILITIES)):
        (folder / name).write_text(text, encoding="utf-8")
    return lc.assess(lc.read_study(folder))


def _by(sheet, key, *columns, head=1):
    """Return key → (value, number format) of some columns of a worksheet."""
    # a paper sets its headings in two lines
    at = {str(cell.value).replace("\n", ""): cell.column - 1 for cell in sheet[head]}
    return {
        row[at[key]].value: [(row[at[c]].value, row[at[c]].number_format) for c in columns]
        for row in sheet.iter_rows(min_row=head + 1)
    }


def test_sums_hold_what_is_asked_and_what_is_of_reference_apart(result):
    sums = result.provision.set_index("scope")
    asked = ["areas", "required_m2", "own_m2", "deficit_m2", "deficit_if_arranged_m2"]
    assert sums.loc["county", asked].tolist() == [1, 40, 0, 40, 40]
    assert sums.loc["370826101", asked].tolist() == [0, 0, 0, 0, 0]
    aside = ["areas", "required_m2", "own_m2", "recorded_m2", "deficit_m2"]
    names = [f"reference_{name}" for name in aside]
    assert sums.loc["county", names].tolist() == [3, 75 + 45 + 15, 10, 0, 65 + 45 + 15]
    assert sums.loc["370826001", names].tolist() == [2, 120, 10, 0, 110]
    assert sums.loc["370826101", names].tolist() == [1, 15, 0, 0, 15]


def test_an_area_that_a_judged_quota_exempts_is_asked(result):
    aside = reckoned_for_reference(result.clauses, result.findings)
    assert aside == {"A", "C", "D"}
    # 不适用 asks nothing; 豁免 asks and lets off
    findings = result.findings.copy()
    row = (findings["clause"] == "SD-01") & (findings["id"] == "D")
    assert findings.loc[row, "status"].tolist() == ["not_applicable"]
    findings.loc[row, "status"] = "exempt"
    assert reckoned_for_reference(result.clauses, findings) == {"A", "C"}


def test_worksheets_and_schedule_mark_them(result, tmp_path):
    book = openpyxl.load_workbook(write_workbook(result, tmp_path / "report.xlsx"))
    plain = "#,##0.00"
    for title, key in (("居住区", "名称"), ("整改清单", "小区")):
        rows = _by(book[title], key, "应配（m²）", "缺口（m²）")
        assert rows["乙苑"] == [(40, plain), (40, plain)]
        assert rows["丙苑"] == [(45, MARKED), (45, MARKED)]
        assert rows["丁苑"] == [(15, MARKED), (15, MARKED)]
    # 甲苑 has a facility and is 达标: what it would lack is not what it has to build
    assert _by(book["居住区"], "名称", "应配（m²）", "已配（m²）", "缺口（m²）")["甲苑"] == [
        (75, MARKED),
        (10, plain),
        (65, MARKED),
    ]
    units = _by(
        book["行政单元"], "名称", "应配（m²）", "缺口（m²）", "参考：应配（m²）", "参考：缺口（m²）"
    )
    assert [value for value, _ in units["夏镇街道"]] == [40, 40, 120, 110]
    assert [value for value, _ in units["韩庄镇"]] == [0, 0, 15, 15]
    told = [str(cell.value) for cell in book.worksheets[0]["C"]]
    assert sum("仅供参考" in line or "另列在“参考”" in line for line in told) == 2

    written = write_handover(result, tmp_path / "handover", ["schedule"])
    book = openpyxl.load_workbook(written["schedule"])
    towns = _by(book.worksheets[0], "镇街", "缺口（m²）", "参考：缺口（m²）", head=4)
    assert [value for value, _ in towns["夏镇街道"]] == [40, 110]
    assert [value for value, _ in towns["韩庄镇"]] == [0, 15]
    tasks = _by(book.worksheets[1], "核查地点", "缺口（m²）", head=4)
    assert (tasks["乙苑"], tasks["丙苑"]) == ([(40, plain)], [(45, MARKED)])


class _Paper:
    """Keeps what is written on it."""

    def __init__(self):
        self.tables, self.notes = [], []

    def table(self, _widths, _header, rows, **_):
        self.tables.append(list(rows))

    def note(self, text, *_):
        self.notes.append(text)

    def __getattr__(self, _name):
        return lambda *_args, **_kwargs: None


def test_the_table_of_towns_has_them_beside(result):
    for language, beside, note in (
        ("zh", "40（另参考 110）", "另参考"),
        ("en", "40 (reference: 110 more)", "reference"),
    ):
        paper = _Paper()
        results(paper, result, Wording.of(result, "chapter").in_language(language))
        assert any(row[-1] == beside for table in paper.tables for row in table)
        assert any(note in line for line in paper.notes)
