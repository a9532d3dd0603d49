"""The one page: in words, its map, and as a page of HTML."""

import base64
import dataclasses
import io
import re

import numpy as np
import pytest
from PIL import Image

from lifecircle.model.results.counted.brief import (
    Brief,
    MissingData,
    Needed,
    PlannedWork,
    Shortfall,
)
from lifecircle.outputs.office.colours import MAP_FILLS
from lifecircle.outputs.report.brief.page import render_summary
from lifecircle.outputs.report.brief.situation import COVERAGE_LOOK, draw_situation, verdict_look
from lifecircle.outputs.report.brief.told import one_page

BRIEF = Brief(
    shortfalls=(
        Shortfall("caoxian-2023", "CX-03", 3, "m2", 114.5, 60.0),
        Shortfall("caoxian-2023", "CX-07", 4, "", None, None),
    ),
    worst=("R03", "R05"),
    missing=(MissingData("residential", "households_missing", ("CX-03",), 1),),
    needed=Needed(4, 284.5, 1, 50.0, 3, 234.5, 300.0),
)


@pytest.fixture
def told(shared_sample):
    return one_page(dataclasses.replace(shared_sample, brief=BRIEF))


def test_the_figures_are_those_of_the_result(told):
    assert [(r.subjects, r.gap) for r in told.fails] == [
        ("3 个居住区", "共缺 114.5 m²，最多一处缺 60 m²"),
        ("4 个居住区", "–"),
    ]
    assert [(r.number, r.required, r.provided, r.deficit) for r in told.worst] == [
        (1, "170", "0", "170"),
        (2, "120", "60", "60"),
    ]
    assert [r.subjects for r in told.missing] == ["1 个居住区"]
    assert told.missing[0].supplier.startswith("镇街或住建部门")
    assert told.needed == (
        "4 个居住区缺配建面积，共 284.5 m²。",
        "把现有设施的富余面积统筹起来，可补 50 m²，补足 1 个。",
        (
            "仍缺 3 个、234.5 m²，须新增或改建；"
            "逐个居住区单独补建，共 3 处、300 m²（不小于单处下限）。"
        ),
    )


def test_a_plan_is_told_first(shared_sample):
    brief = dataclasses.replace(BRIEF, planned=PlannedWork(2, 180.0, 5))
    told = one_page(dataclasses.replace(shared_sample, brief=brief))
    assert told.needed[0] == "本结果已计入选址方案：2 处、180 m²，使 5 个居住区达标。"


def test_an_empty_brief_says_so(shared_sample):
    html = render_summary(dataclasses.replace(shared_sample, brief=Brief()))
    for sentence in ("没有不达标的条款", "没有不达标的居住区", "没有待核实的事项", "没有居住区缺"):
        assert sentence in html


def test_long_lists_are_cut_and_it_is_said(shared_sample):
    many = dataclasses.replace(BRIEF, shortfalls=BRIEF.shortfalls * 9, missing=BRIEF.missing * 9)
    told = one_page(dataclasses.replace(shared_sample, brief=many))
    assert (len(told.fails), len(told.missing)) == (7, 6)
    assert told.more == {"fails", "missing"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_is_whole_and_escaped(shared_sample, language):
    html = render_summary(dataclasses.replace(shared_sample, brief=BRIEF, language=language))
    assert "</script><b" not in html
    assert html == render_summary(
        dataclasses.replace(shared_sample, brief=BRIEF, language=language)
    )
    picture = base64.b64decode(re.search(r"base64,([^\"]+)", html)[1])
    assert Image.open(io.BytesIO(picture)).size[0] == 1000
    if language == "en":  # but for what the data themselves say
        said = re.sub(r"<td>.*?</td>|<h1>.*?</h1>|<title>.*?</title>|<li>.*?</li>", "", html)
        assert not re.search("[，。；：（）、]", said)


def test_areas_have_the_colours_of_the_map(shared_sample):
    drawn = draw_situation(shared_sample, verdict_look(), ("R03",))
    seen = np.asarray(Image.open(io.BytesIO(drawn.png))).reshape(-1, 3).astype(int)
    for value in drawn.shown:
        inks = [int(MAP_FILLS[value][at : at + 2], 16) for at in (1, 3, 5)]
        # surfaces are laid on white with 0.92 of their strength, points as they are
        looks = (np.array([s * ink + (1 - s) * 255 for ink in inks]) for s in (0.92, 1.0))
        assert any((np.abs(seen - look).max(axis=1) <= 2).any() for look in looks), value
    assert drawn.unplaced == 1
    assert draw_situation(shared_sample, COVERAGE_LOOK).shown


def test_without_positions_there_is_no_map(shared_sample):
    areas = shared_sample.layers["residential"]
    nowhere = areas.set_geometry([None] * len(areas), crs=areas.crs)
    layers = {**shared_sample.layers, "residential": nowhere}
    told = one_page(dataclasses.replace(shared_sample, brief=BRIEF, layers=layers))
    assert told.situation is None
    assert told.notes == ("居住区都没有位置，不能成图。",)
