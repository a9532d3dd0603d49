"""The shipped study, written out and read back: what holds for the sample holds for real data."""

import dataclasses
import re
import runpy
import zlib
from pathlib import Path
from zipfile import ZipFile

import jsonschema
import openpyxl
import pandas as pd
import pytest

import lifecircle as lc
from lifecircle.cli.console import _cells, _value
from lifecircle.outputs.report.brief.document import summary_bytes
from lifecircle.outputs.report.chapter.document import chapter_bytes
from lifecircle.outputs.report.page.document import render_report
from lifecircle.outputs.saved.assessment_json import document
from lifecircle.outputs.saved.schemas import shipped_schema
from lifecircle.outputs.words.wording import Wording
from lifecircle.texts import LANGUAGES

DATA = Path(__file__).parents[2] / "data"
STUDY = DATA / "guixi" / "study.toml"
PUBLISHED = DATA.parent / "maps"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def assessment():
    return lc.assess(lc.read_study(STUDY))


@pytest.fixture(scope="module")
def folder(assessment, tmp_path_factory):
    made = tmp_path_factory.mktemp("guixi")
    lc.write_outputs(assessment, made, only=("json", "gpkg", "workbook"))
    return made


def test_follows_the_schema(assessment):
    jsonschema.validate(document(assessment), shipped_schema("assessment"))


def test_comes_back_equal_and_writes_the_same_bytes(assessment, folder, tmp_path):
    read = lc.read_assessment(folder)
    assert document(read) == document(assessment)
    for column in ("flags", "reason", "status"):
        assert read.findings[column].tolist() == assessment.findings[column].tolist()
    pd.testing.assert_series_equal(
        read.layers["residential"]["walk_m"],
        assessment.layers["residential"]["walk_m"],
        check_index_type=False,
    )
    for path in lc.write_outputs(read, tmp_path, only=("json", "gpkg", "workbook")).values():
        assert path.read_bytes() == (folder / path.name).read_bytes(), path.name


@pytest.mark.parametrize(("name", "language"), [("README.md", "en"), ("README.zh.md", "zh")])
def test_the_readme_quotes_what_the_demo_prints(assessment, name, language):
    words = Wording.of(assessment).in_language(language)
    rows = (
        _cells(clause, _value(clause, words, language)[0], words, language)
        for clause in assessment.clauses
    )
    printed = {"".join("".join(map(str, row[:5])).split()) for row in rows}
    lines = (DATA.parent / name).read_text(encoding="utf-8").splitlines()
    quoted = ["".join(line.split()) for line in lines if re.match(r"CX-\d\d +", line)]
    assert len(quoted) == 6
    assert set(quoted) - printed == set()


def test_report_is_the_same_from_the_saved_assessment(assessment, folder):
    assert render_report(lc.read_assessment(folder)) == render_report(assessment)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_of_the_papers_is_saved(assessment, language):
    tracing = runpy.run_path(str(Path(__file__).parent / "tracing.py"))
    saved, one = tracing["Saved"](assessment), dataclasses.replace(assessment, language=language)
    for data in (summary_bytes(one), chapter_bytes(one)):
        assert saved.untraced(tracing["told_in_word"](data)) == []
    assert saved.untraced(tracing["told_on_page"](render_report(one))) == []


def test_workbook_lists_every_area_and_no_formula(assessment, folder):
    book = openpyxl.load_workbook(folder / "report.xlsx")
    assert book["居住区"].max_row == 1 + len(assessment.layers["residential"])
    for sheet in book:
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


@pytest.mark.browser
def test_the_map_shows_the_numbers_of_the_json(assessment, chromium, tmp_path):
    """Clause by clause, the headline's rate and the legend's counts."""
    path = lc.draw_map(assessment, tmp_path / "map.html")
    assert path.stat().st_size < 1_000_000
    told = {(c["standard"], c["id"]): c for c in document(assessment)["clauses"]}
    tab = chromium.new_page(viewport={"width": 1366, "height": 768})
    asked = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(path.as_uri())
    tab.wait_for_selector("html[data-ready=yes]")
    shown = tab.evaluate("lifecircle.keys")
    assert len(shown) > 20
    statuses = tab.evaluate("lifecircle.statuses")
    for number, key in enumerate(shown):
        clause = told[tuple(key)]
        tab.select_option("#lc-clause", str(number))
        rate = clause["official"]
        figure = tab.locator(".lc-figure b").inner_text()
        if rate is not None and rate["rate"] is not None and rate["rate"] > rate["high"]:
            # not all that is open can turn out well: what is decided says too much (CX-05, 51/53)
            ends = [float(end) for end in figure.removesuffix(" %").split("–")]
            assert ends == pytest.approx([100 * rate["low"], 100 * rate["high"]], abs=0.051)
        elif rate is not None and rate["rate"] is not None:
            assert float(figure.removesuffix(" %")) == pytest.approx(100 * rate["rate"], abs=0.051)
            fraction = tab.locator(".lc-figure span").inner_text().split("（")[0]
            numerator, denominator = (float(n.replace(",", "")) for n in fraction.split("/"))
            assert (numerator, denominator) == (rate["numerator"], rate["denominator"])
        elif clause["value"] is not None:
            assert figure.startswith(f"{clause['value']:,.0f}")
        rows = tab.locator("#lc-legend .lc-row")
        counts = dict(
            zip(
                rows.locator("input").evaluate_all("all => all.map(b => b.dataset.layer.slice(7))"),
                rows.locator(".lc-count:not(.lc-households)").all_inner_texts(),
                strict=True,
            )
        )
        if clause["subject"] == "county":
            assert counts == {}
            continue
        for status in statuses:
            # a rate over clauses counts only whom it is about; the map shows the others too
            if status == "none" or (number == 0 and status in {"not_applicable", "exempt"}):
                continue
            assert counts.get(status, "0") == f"{clause['counts'].get(status, 0):,}", key
    assert asked == [path.as_uri()]
    tab.close()


def contents(path):
    """Return what a file holds, whichever program compressed it."""
    if path.suffix == ".xlsx":
        with ZipFile(path) as book:
            return {name: book.read(name) for name in book.namelist()}
    page = path.read_text(encoding="utf-8")
    start, found, rest = page.partition('<script type="text/plain" id="lc-data">')
    data, _, end = rest.partition("</script>")
    return start, zlib.decompressobj().decompress(stream(data)) if found else b"", end


def stream(text):
    """Return the bytes that 91 letters stand for, 13 bits a pair (``maps.pack``)."""
    letters = [chr(n) for n in range(33, 127) if chr(n) not in "<>&"]
    high, low = ([letters.index(c) for c in text[k::2]] for k in (0, 1))
    bits = "".join(f"{91 * a + b:013b}" for a, b in zip(high, low, strict=True))
    return int(bits[: len(bits) // 8 * 8], 2).to_bytes(len(bits) // 8, "big")


@pytest.mark.parametrize("study", ["guixi", "wudaokou"])
def test_the_published_examples_are_what_the_code_makes_now(study, assessment, tmp_path):
    if study != "guixi":
        assessment = lc.assess(lc.read_study(DATA / study / "study.toml"))
    made = lc.write_outputs(assessment, tmp_path, only=("map", "report", "workbook"))
    stale = [
        path.name
        for path in made.values()
        if contents(path) != contents(PUBLISHED / study / path.name)
    ]
    assert not stale, f"maps/{study}: {stale} are stale: run `make maps` (and `make pictures`)"
