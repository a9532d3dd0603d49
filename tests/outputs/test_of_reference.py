"""m² that no clause in judgment asks are marked wherever they stand, and added up apart.

Weishan asks existing areas for a facility; the province's 15 m² per 100 households stand beside
for reference. New areas are asked for 20 m² per 100 households.

- A, existing, 500 households, a station of 10 m²: reference, 75 required, 10 there, 65 short
- B, new, 200 households: asked, 40 required and short
- C, existing, 300 households: reference, 45
- D, existing, 100 households, in the town: reference, 15
"""

import geopandas as gpd
import openpyxl

from lifecircle.model.results.counted.references import reckoned_for_reference
from lifecircle.outputs.handover.folder import write_handover
from lifecircle.outputs.maps.draw import draw_map
from lifecircle.outputs.report.chapter.results import results
from lifecircle.outputs.report.workbook.book import write_workbook
from lifecircle.outputs.saved.geopackage import write_geopackage
from lifecircle.outputs.words.wording import Wording

MARKED = '#,##0.00"（参考）"'


def _by(sheet, key, *columns, head=1):
    """Return key → (value, number format) of some columns of a worksheet."""
    # a paper sets its headings in two lines
    at = {str(cell.value).replace("\n", ""): cell.column - 1 for cell in sheet[head]}
    return {
        row[at[key]].value: [(row[at[c]].value, row[at[c]].number_format) for c in columns]
        for row in sheet.iter_rows(min_row=head + 1)
    }


def test_sums_hold_what_is_asked_and_what_is_of_reference_apart(weishan):
    sums = weishan.provision.set_index("scope")
    asked = ["areas", "required_m2", "own_m2", "deficit_m2", "deficit_if_arranged_m2"]
    assert sums.loc["county", asked].tolist() == [1, 40, 0, 40, 40]
    assert sums.loc["370826101", asked].tolist() == [0, 0, 0, 0, 0]
    aside = ["areas", "required_m2", "own_m2", "recorded_m2", "deficit_m2"]
    names = [f"reference_{name}" for name in aside]
    assert sums.loc["county", names].tolist() == [3, 75 + 45 + 15, 10, 0, 65 + 45 + 15]
    assert sums.loc["370826001", names].tolist() == [2, 120, 10, 0, 110]
    assert sums.loc["370826101", names].tolist() == [1, 15, 0, 0, 15]


def test_an_area_that_a_judged_quota_exempts_is_asked(weishan):
    aside = reckoned_for_reference(weishan.clauses, weishan.findings)
    assert aside == {"A", "C", "D"}
    # 不适用 asks nothing; 豁免 asks and lets off
    findings = weishan.findings.copy()
    row = (findings["clause"] == "SD-01") & (findings["id"] == "D")
    assert findings.loc[row, "status"].tolist() == ["not_applicable"]
    findings.loc[row, "status"] = "exempt"
    assert reckoned_for_reference(weishan.clauses, findings) == {"A", "C"}


def test_a_row_of_the_geopackage_says_so_itself(weishan, tmp_path):
    """甲苑 is compliant under WS-30b and 65 m² short of what the province asks, side by side."""
    frame = gpd.read_file(write_geopackage(weishan, tmp_path / "a.gpkg"), layer="residential")
    rows = frame.set_index("id")[["required_m2", "own_m2", "deficit_m2", "m2_for_reference"]]
    assert {key: tuple(row) for key, *row in rows.itertuples()} == {
        "A": (75, 10, 65, True),
        "B": (40, 0, 40, False),
        "C": (45, 0, 45, True),
        "D": (15, 0, 15, True),
    }
    assert frame.set_index("id").loc["A", ["clause", "verdict"]].tolist() == ["WS-30b", "compliant"]


def test_worksheets_and_schedule_mark_them(weishan, tmp_path):
    book = openpyxl.load_workbook(write_workbook(weishan, tmp_path / "report.xlsx"))
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

    written = write_handover(weishan, tmp_path / "handover", ["schedule"])
    book = openpyxl.load_workbook(written["schedule"])
    towns = _by(book.worksheets[0], "镇街", "缺口（m²）", "参考：缺口（m²）", head=4)
    assert [value for value, _ in towns["夏镇街道"]] == [40, 110]
    assert [value for value, _ in towns["韩庄镇"]] == [0, 15]
    tasks = _by(book.worksheets[1], "核查地点", "缺口（m²）", head=4)
    assert (tasks["乙苑"], tasks["丙苑"]) == ([(40, plain)], [(45, MARKED)])


def test_the_maps_cards_mark_them(weishan, tmp_path, chromium):
    """A: 75 asked and 65 short for reference, 10 there; B: 40 asked and short."""
    tab = chromium.new_page()
    tab.goto(draw_map(weishan, tmp_path / "map.html").as_uri())
    tab.wait_for_selector("html[data-ready=yes]", timeout=10_000)
    cards = {}
    for name in ("甲苑", "乙苑"):
        tab.fill("#lc-search", name)
        tab.press("#lc-search", "Enter")
        card = tab.locator(".lc-popup")
        told = zip(
            card.locator("dt").all_inner_texts(), card.locator("dd").all_inner_texts(), strict=True
        )
        cards[name] = dict(told)
    tab.close()
    assert (cards["甲苑"]["应配面积"], cards["甲苑"]["缺口"]) == ("75 m²（参考）", "65 m²（参考）")
    assert cards["甲苑"]["自有"] == "10 m²"
    assert (cards["乙苑"]["要求"], cards["乙苑"]["缺口"]) == ("40 m²", "40 m²")


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


def test_the_table_of_towns_has_them_beside(weishan):
    for language, beside, note in (
        ("zh", "40（另参考 110）", "另参考"),
        ("en", "40 (reference: 110 more)", "reference"),
    ):
        paper = _Paper()
        results(paper, weishan, Wording.of(weishan, "chapter").in_language(language))
        assert any(row[-1] == beside for table in paper.tables for row in table)
        assert any(note in line for line in paper.notes)
