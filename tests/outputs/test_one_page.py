"""The one page is one page, whatever a county's names, numbers and gaps are, in both languages."""

import dataclasses
import io
import math
import re
import shutil
import subprocess
import zipfile

import pytest
from shapely.geometry import box

from lifecircle.model.finding import Rate
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.results.counted.brief import MissingData, Needed, PlannedWork, Shortfall
from lifecircle.model.status import Flag, Status
from lifecircle.outputs.office.browser import find_browser, print_pdf
from lifecircle.outputs.report.brief.document import summary_bytes
from lifecircle.outputs.report.brief.page import render_summary
from lifecircle.outputs.report.brief.suppliers import suppliers
from lifecircle.outputs.report.brief.told import one_page
from lifecircle.outputs.report.chapter.document import chapter_bytes
from lifecircle.outputs.words.wording import Wording

LONG = "某某经济技术开发区滨江新城第二十七街坊（原国营第三棉纺织厂职工家属院及配套用房）"
FLAGS = (Flag.UNVERIFIED, Flag.OVERDUE, Flag.NOT_DUE, Flag.EXPIRED, Flag.SCENARIO)
OFFICE = shutil.which("soffice")
COUNTER = shutil.which("pdfinfo")
FONTS = shutil.which("fc-match")
CODES = ("flags_missing", "quota_undecided", "value_missing", "documents_open", "reach_unknown",
         "position_missing", "households_missing", "kind_unknown")  # fmt: skip


@pytest.fixture(scope="module")
def longest(briefed):
    """Everything at its longest: names, titles, targets, rates, more rows than the page takes."""
    areas = briefed.layers["residential"].copy()
    areas["name"], areas["unit"] = LONG, "370828001"
    areas["households"] = 123456.0
    areas["required_m2"] = areas["deficit_m2"] = areas["own_m2"] = 23456.75
    areas["recorded_m2"] = 23456.75
    # a map as tall as it may be
    corners = ((n % 4 * 300.0, n // 4 * 300.0) for n in range(len(areas)))
    areas = areas.set_geometry([box(x, y, x + 200, y + 200) for x, y in corners], crs=areas.crs)
    units = briefed.layers["units"].copy()
    units["name"] = LONG
    rate = Rate("areas", "county", 28765.0, 38765.0, 9876.0, 0.123, 0.987, 0.742)
    title = {"zh": LONG, "en": "Rooms for elderly care in areas approved before the document " * 2}
    clauses = tuple(
        dataclasses.replace(c, title=title, official=rate, covered_at_least=80.0, flags=FLAGS)
        for c in briefed.clauses
    )
    brief = dataclasses.replace(
        briefed.brief,
        shortfalls=(Shortfall("caoxian-2023", "CX-03", 28765, "m2", 876543.25, 23456.75),) * 9,
        worst=tuple(areas.index[:5]),
        missing=tuple(MissingData("residential", code, ("CX-03",), 28765) for code in CODES),
        needed=Needed(28765, 876543.25, 1234, 76543.5, 27531, 799999.75, 999999.5, undecided=12345),
        planned=PlannedWork(1234, 876543.25, 5678),
    )
    return dataclasses.replace(
        briefed,
        study=LONG * 3,
        banners=(LONG * 4,) * 6,
        standards=("caoxian-2023", "jinxiang-2023", "pingyin-2022"),
        clauses=clauses,
        brief=brief,
        layers={**briefed.layers, "residential": areas, "units": units},
    )


@pytest.fixture(scope="module")
def unknown(briefed):
    """Nothing but unknowns: no household, no position, every clause open."""
    areas = briefed.layers["residential"]
    rows = dict.fromkeys(("households", "required_m2", "own_m2", "deficit_m2"), math.nan)
    empty = areas.assign(**rows, verdict="not_assessed").set_geometry([None] * len(areas))
    open_ = {Status.NOT_ASSESSED: len(areas)}
    none = Rate("areas", "county", 0.0, 0.0, float(len(areas)), 0.0, 1.0, None)
    clauses = tuple(
        dataclasses.replace(c, status=Status.NOT_ASSESSED, counts=open_, official=none, value=None)
        for c in briefed.clauses
    )
    brief = dataclasses.replace(
        briefed.brief,
        shortfalls=(),
        worst=(),
        missing=tuple(MissingData("residential", code, ("CX-03",), 12) for code in CODES),
        needed=Needed(),
    )
    layers = {**briefed.layers, "residential": empty.set_crs(areas.crs)}
    return dataclasses.replace(briefed, clauses=clauses, brief=brief, layers=layers)


@pytest.fixture(scope="module")
def papers(longest, unknown):
    return {
        f"{name}-{language}": dataclasses.replace(one, language=language)
        for name, one in (("longest", longest), ("unknown", unknown))
        for language in ("zh", "en")
    }


def pages(pdf):
    told = subprocess.run([COUNTER, pdf], capture_output=True, text=True, check=True).stdout  # noqa: S603
    return int(re.search(r"Pages:\s+(\d+)", told)[1])


def test_no_text_of_the_page_is_longer_than_its_room(papers):
    """Characters of the longest that each has room for; a Latin letter takes three fifths."""
    for one in papers.values():
        told = one_page(one)
        rows = [*told.fails, *told.worst, *told.missing]
        assert len(told.fails) <= 6
        assert len(told.missing) <= 6
        texts = [t for row in rows for t in dataclasses.astuple(row) if isinstance(t, str)]
        wide = [sum(1.0 if ord(c) > 0x2E7F else 0.6 for c in text) for text in texts]
        assert max(wide) <= 43
        assert len(told.banners) <= 3


def test_who_is_asked_for_one_table_is_one_line(briefed):
    """Three areas wait for the ledger of facilities, one of them for two reasons of it."""
    told = (("X", "kind_unknown"), ("Y", "kind_unknown"), ("Y", "reach_unknown"),
            ("Z", "reach_unknown"))  # fmt: skip
    some = briefed.findings.iloc[[0] * len(told)].assign(
        id=[name for name, _ in told],
        clause=["CX-03" if code == "kind_unknown" else "CX-06" for _, code in told],
        layer="residential",
        status=Status.NOT_ASSESSED,
        reason=[Reason(ReasonCode(code)) for _, code in told],
    )
    missing = (
        MissingData("residential", "kind_unknown", ("CX-03",), 2),
        MissingData("residential", "reach_unknown", ("CX-06",), 2),
        MissingData("facilities", "kind_unknown", ("CX-03",), 5),
    )
    brief = dataclasses.replace(briefed.brief, missing=missing)
    one = dataclasses.replace(briefed, findings=some, brief=brief, language="zh")
    found = suppliers(one, Wording.of(one, "brief"))
    assert found == (
        ("民政部门（设施台账）", "facilities", 5, ("CX-03",)),
        ("民政部门（设施台账）", "residential", 3, ("CX-03", "CX-06")),
    )


def test_what_is_signed_says_on_whose_figures_it_rests_and_its_day(briefed):
    """A headline on an unverified figure, before its day: on the page and in the chapter."""
    flags = (Flag.UNVERIFIED, Flag.NOT_DUE, Flag.CLOSE_CALL)
    clauses = tuple(dataclasses.replace(c, flags=flags) for c in briefed.clauses)
    marked = dataclasses.replace(briefed, clauses=clauses, language="zh")
    told, mark = one_page(marked), "（数据来源未核实、未到期限）"
    assert told.verdict[0].endswith(f"{mark}。")
    assert told.fails
    assert all(row.required.endswith(mark) for row in told.fails)
    chapter = zipfile.ZipFile(io.BytesIO(chapter_bytes(marked))).read("word/document.xml").decode()
    assert f"不达标{mark}" in chapter
    bare = tuple(dataclasses.replace(c, flags=()) for c in briefed.clauses)
    plain = one_page(dataclasses.replace(marked, clauses=bare))
    assert "未核实" not in str((plain.verdict, plain.fails))


def as_wide_as_in_word():
    """Return whether letters are as wide as those of the font that the file asks for."""
    if FONTS is None:
        return False
    command = [FONTS, "Times New Roman", "family"]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stdout  # noqa: S603
    return any(name in told for name in ("Times New Roman", "Liberation Serif", "Tinos"))


@pytest.mark.skipif(OFFICE is None or COUNTER is None, reason="no LibreOffice, or no pdfinfo")
@pytest.mark.skipif(not as_wide_as_in_word(), reason="no font as wide as Times New Roman")
def test_in_word_it_is_one_page(papers, tmp_path):
    for name, one in papers.items():
        (tmp_path / f"{name}.docx").write_bytes(summary_bytes(one))
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    command = [OFFICE, home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    files = sorted(map(str, tmp_path.glob("*.docx")))
    subprocess.run([*command, *files], capture_output=True, check=True, timeout=300)  # noqa: S603
    assert {name: pages(tmp_path / f"{name}.pdf") for name in papers} == dict.fromkeys(papers, 1)


@pytest.mark.browser
@pytest.mark.skipif(find_browser() is None or COUNTER is None, reason="no browser, or no pdfinfo")
def test_printed_by_a_browser_it_is_one_page(papers, tmp_path):
    found = {}
    for name, one in papers.items():
        page = tmp_path / f"{name}.html"
        page.write_text(render_summary(one), encoding="utf-8")
        print_pdf(page, tmp_path / f"{name}.pdf", one.as_of, one.language)
        found[name] = pages(tmp_path / f"{name}.pdf")
    assert found == dict.fromkeys(papers, 1)
