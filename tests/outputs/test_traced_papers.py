"""Every number of the table of projects, the schedule and the papers' list is one that is saved."""

import dataclasses
import json
import re
import runpy
from pathlib import Path

import pytest

import lifecircle as lc
from lifecircle.outputs import write_handover
from lifecircle.outputs.project.told import plan_told
from lifecircle.outputs.sites.document import sites_bytes
from lifecircle.texts import LANGUAGES

_TRACING = runpy.run_path(str(Path(__file__).parent / "tracing.py"))
Saved, told_in_word, told_on_page, told_in_book = (
    _TRACING[name] for name in ("Saved", "told_in_word", "told_on_page", "told_in_book")
)


def in_language(plan, language):
    return dataclasses.replace(plan, origin=dataclasses.replace(plan.origin, language=language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_of_a_plan_is_saved(short_plan, tmp_path, language):
    plan = in_language(short_plan, language)
    files = lc.write_sites(plan, tmp_path)
    saved = Saved.of_documents(
        json.loads(files["json"].read_text(encoding="utf-8")), domains=("sites",)
    )
    assert saved.untraced(told_in_word(sites_bytes(plan))) == []
    assert saved.untraced(told_on_page(files["page"].read_text(encoding="utf-8"))) == []
    assert saved.untraced(told_in_book(files["workbook"])) == []


def test_a_number_of_a_plan_that_is_not_saved_is_found(short_plan, tmp_path):
    files = lc.write_sites(short_plan, tmp_path)
    saved = Saved.of_documents(json.loads(files["json"].read_text("utf-8")), domains=("sites",))
    first, *rest = short_plan.places
    wrong = dataclasses.replace(short_plan, places=(dataclasses.replace(first, beds=777.0), *rest))
    assert plan_told(wrong).rows[0].beds == 777.0
    assert saved.untraced(told_in_word(sites_bytes(wrong))) == ["777"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_that_is_handed_over_is_saved(briefed, tmp_path, language):
    one = dataclasses.replace(briefed, language=language)
    written = write_handover(one, tmp_path, ["schedule", "evidence", "csv"])
    saved = Saved(one)
    for part in ("schedule", "evidence"):
        assert saved.untraced(told_in_book(written[part])) == []
    # the table has its numbers as they are saved, to the last figure
    told = re.sub(r"(?<=\d)e-\d+", "", written["csv"].read_text(encoding="utf-8-sig"))
    assert saved.untraced(told.replace(",", "\n")) == []
