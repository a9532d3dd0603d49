"""Every number that Word, page and PDF tell is one of the saved result, rounded as written."""

import dataclasses
import re
import runpy
import shutil
import subprocess
from pathlib import Path

import pytest

from lifecircle.outputs.office.browser import find_browser
from lifecircle.outputs.report.brief.document import summary_bytes
from lifecircle.outputs.report.chapter.document import chapter_bytes
from lifecircle.outputs.report.page.document import render_report
from lifecircle.outputs.report.papers import write_papers
from lifecircle.texts import LANGUAGES

_TRACING = runpy.run_path(str(Path(__file__).parent / "tracing.py"))
Saved, told_in_word, told_on_page = (
    _TRACING[name] for name in ("Saved", "told_in_word", "told_on_page")
)


@pytest.fixture(scope="module")
def results(briefed, short_future):
    return {"sample": briefed, "future": short_future}


@pytest.fixture(scope="module")
def saved(results):
    return {name: Saved(one) for name, one in results.items()}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["sample", "future"])
def test_every_number_is_saved(results, saved, name, language):
    one = dataclasses.replace(results[name], language=language)
    assert saved[name].untraced(told_in_word(summary_bytes(one))) == []
    assert saved[name].untraced(told_in_word(chapter_bytes(one))) == []
    assert saved[name].untraced(told_on_page(render_report(one))) == []


def test_a_number_that_is_not_saved_is_found(results, saved):
    brief = results["sample"].brief
    wrong = dataclasses.replace(brief, needed=dataclasses.replace(brief.needed, m2=98765.25))
    one = dataclasses.replace(results["sample"], brief=wrong)
    for text in (told_in_word(summary_bytes(one)), told_on_page(render_report(one))):
        assert "98,765.25" in saved["sample"].untraced(text)


@pytest.mark.browser
@pytest.mark.skipif(find_browser() is None, reason="no browser is installed")
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="nothing reads a PDF's text")
def test_every_number_of_the_pdf_is_saved(results, saved, tmp_path):
    written = write_papers(results["future"], tmp_path, pdf=True)
    for name in ("summary_pdf", "report_pdf"):
        command = [shutil.which("pdftotext"), "-raw", written[name], "-"]
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
        # a row's number stands alone before its name; the footer has the program's version
        text = re.sub(r"(?m)^\d+ (?=\S)|lifecircle [\d.]+|（数据格式 \d+）", "", text)
        found = saved["future"].untraced(text.replace("\n", ""))
        assert found == []
