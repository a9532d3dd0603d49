"""PDF by a browser that is installed: which is found, what is said without, how many pages."""

import dataclasses
import datetime as dt
import re
import shutil
import stat
import subprocess
import sys

import pandas as pd
import pytest

from lifecircle.errors import OutputError
from lifecircle.outputs.office import browser
from lifecircle.outputs.office.browser import VARIABLE, find_browser, print_pdf
from lifecircle.outputs.report.page.document import render_report
from lifecircle.outputs.report.papers import write_papers

DAY = dt.date(2025, 12, 31)


def program(folder, name, script="#!/bin/sh\nexit 3\n"):
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text(script)
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return file


@pytest.mark.skipif(sys.platform == "win32", reason="programs are told by their ending there")
def test_a_browser_is_found_by_name_path_and_usual_places(tmp_path):
    nothing = {"PATH": str(tmp_path / "none")}
    chrome = program(tmp_path / "pf" / "Google/Chrome/Application", "chrome.exe")
    edge = program(tmp_path / "x86" / "Microsoft/Edge/Application", "msedge.exe")
    assert find_browser(nothing | {"PROGRAMFILES(X86)": str(tmp_path / "x86")}) == edge
    both = {"PROGRAMFILES": str(tmp_path / "pf"), "PROGRAMFILES(X86)": str(tmp_path / "x86")}
    assert find_browser(nothing | both) == chrome
    there = program(tmp_path / "bin", "microsoft-edge")
    assert find_browser(both | {"PATH": str(tmp_path / "bin")}) == there
    own = program(tmp_path / "own", "brave")
    named = {"PATH": str(tmp_path / "bin"), VARIABLE: str(own)}
    assert find_browser(named) == own
    # one that is named and not there is not replaced by another
    assert find_browser(named | {VARIABLE: str(tmp_path / "gone")}) is None


def test_without_a_browser_it_is_said_what_to_do(briefed, tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(tmp_path / "none"))
    with pytest.raises(OutputError, match=f"Ctrl.P.*{VARIABLE}"):
        write_papers(briefed, tmp_path / "out", pdf=True)
    assert not (tmp_path / "out").exists()
    assert set(write_papers(briefed, tmp_path / "out")) == {"report", "summary", "chapter"}


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands in for a browser")
def test_a_browser_that_fails_is_quoted(tmp_path, monkeypatch):
    failing = program(tmp_path, "b", "#!/bin/sh\necho no display >&2\nexit 3\n")
    monkeypatch.setenv(VARIABLE, str(failing))
    with pytest.raises(OutputError, match="no display"):
        print_pdf(tmp_path / "page.html", tmp_path / "page.pdf", DAY, "en")
    assert not (tmp_path / "page.pdf").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands in for a browser")
def test_half_a_pdf_is_none(tmp_path, monkeypatch):
    """As a browser leaves it that is stopped, or whose disk is full."""
    script = """#!/bin/sh
for one in "$@"; do
  case "$one" in --print-to-pdf=*) printf '%%PDF-1.4 half' > "${one#--print-to-pdf=}";; esac
done
echo no space >&2
"""
    monkeypatch.setenv(VARIABLE, str(program(tmp_path, "b", script)))
    with pytest.raises(OutputError, match="no space"):
        print_pdf(tmp_path / "page.html", tmp_path / "page.pdf", DAY, "en")
    assert not (tmp_path / "page.pdf").exists()


def test_parts_are_counted_from_one_wherever_the_browser_began():
    """Two prints of a page differ in where its own count began: at 61 or at 62."""
    one, other = (
        b"/ID (node%08d)>> /Headers [(node%08d)] (node%08d)" % (n, n, n + 3) for n in (61, 62)
    )
    found = browser._recounted(one)
    assert found == b"/ID (node00000001)>> /Headers [(node00000001)] (node00000002)"
    assert browser._recounted(other) == found
    assert browser._recounted(b"no part") == b"no part"


def test_the_times_of_a_pdf_are_the_day():
    made = b"%PDF /CreationDate (D:20261129033001+00'00')\n/ModDate (D:20261129033001+00'00')>>"
    found = browser._without_clock(made, DAY)
    assert len(found) == len(made)
    assert found.count(b"(D:20251231000000Z      )") == 2


def pages(pdf):
    command = [shutil.which("pdfinfo"), pdf]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    return int(re.search(r"Pages:\s+(\d+)", told)[1])


@pytest.mark.browser
@pytest.mark.skipif(find_browser() is None, reason="no browser is installed")
@pytest.mark.skipif(shutil.which("pdfinfo") is None, reason="nothing counts a PDF's pages")
def test_the_summary_is_one_page_and_the_same_twice(briefed, tmp_path):
    first = write_papers(briefed, tmp_path / "a", pdf=True)
    again = write_papers(briefed, tmp_path / "b", pdf=True)
    assert pages(first["summary_pdf"]) == 1
    assert 2 <= pages(first["report_pdf"]) <= 15
    for name, path in first.items():
        assert path.read_bytes() == again[name].read_bytes(), name


@pytest.mark.browser
@pytest.mark.skipif(find_browser() is None, reason="no browser is installed")
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="nothing reads a PDF's text")
def test_of_a_long_table_the_first_rows_are_printed_and_it_is_said(briefed, tmp_path):
    """Four areas of the sample are short: of fifty times as many, 200, the worst forty stand."""
    areas = briefed.layers["residential"]
    more = [areas.set_axis([f"{i}-{n}" for i in areas.index]) for n in range(1, 50)]
    layers = {**briefed.layers, "residential": pd.concat([areas, *more])}
    page = tmp_path / "report.html"
    page.write_text(render_report(dataclasses.replace(briefed, layers=layers)), encoding="utf-8")
    print_pdf(page, tmp_path / "report.pdf", DAY, "zh")
    command = [shutil.which("pdftotext"), "-layout", tmp_path / "report.pdf", "-"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    assert "共 200 行，打印只列前 40 行；在网页中点“连同附表打印”可印全部" in told
    # on paper a heading has something below it, or says where that is
    headings = [line.strip() for line in told.splitlines() if "对象（" in line]
    assert headings
    assert all(line.endswith("（打印时收起，见网页）") for line in headings)
    assert "附：各口径比率" not in told
    assert pages(tmp_path / "report.pdf") <= 15
    assert "R03-49" in page.read_text(encoding="utf-8")  # the page itself has them all
