"""The one page: in words, its map, and as a page of HTML."""

import base64
import dataclasses
import io
import re

import numpy as np
import pytest
from PIL import Image

from lifecircle.model.finding import Rate
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.results.counted.brief import Brief, PlannedWork, Shortfall
from lifecircle.outputs.office.colours import MAP_FILLS
from lifecircle.outputs.report.brief.page import render_summary
from lifecircle.outputs.report.brief.situation import COVERAGE_LOOK, draw_situation, verdict_look
from lifecircle.outputs.report.brief.suppliers import Supplied
from lifecircle.outputs.report.brief.told import cut, one_page


@pytest.fixture
def told(briefed):
    return one_page(briefed)


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
        "把现有设施的富余面积统筹起来，可补 50 m²，补足 1 个居住区。",
        (
            "仍缺 3 个、234.5 m²，须新增或改建；"
            "逐个居住区单独补建，共 3 处、300 m²（不小于单处下限）。"
        ),
    )


@pytest.mark.parametrize(
    ("language", "provided"), [("zh", "0（另有 160 不计）"), ("en", "0 (160 more do not count)")]
)
def test_rooms_below_the_single_minimum_are_told_beside_what_counts(briefed, language, provided):
    """Of 200 m² asked 40 are short: 160 stand in a place too small to count."""
    areas = briefed.layers["residential"].copy()
    first = briefed.brief.worst[0]
    params = {"required_m2": 200.0, "provided_m2": 0.0, "deficit_m2": 40.0}
    params |= {"standing_m2": 160.0, "below_m2": 160.0, "minimum_m2": 200.0}
    areas.at[first, "reason"] = Reason(ReasonCode.QUOTA_SHORT_SMALL, params)
    layers = {**briefed.layers, "residential": areas}
    told = one_page(dataclasses.replace(briefed, layers=layers, language=language))
    assert [row.provided for row in told.worst] == [provided, "60"]


@pytest.mark.parametrize(
    ("rate", "least", "language", "subjects", "result"),
    [
        (
            (1.0, 1.0, 11.0, 1 / 12, 8 / 12),
            4,
            "zh",
            "至少 4 个居住区（尚不能指明是哪几个）",
            "8.3–66.7 %",
        ),
        (
            (1.0, 1.0, 11.0, 1 / 12, 8 / 12),
            4,
            "en",
            "residential areas: at least 4 (not known which)",
            "8",
        ),
        ((0.0, 0.0, 3.0, 0.0, 2 / 3), 1, "zh", "至少 1 个居住区（尚不能指明是哪几个）", "0–66.7 %"),
    ],
)
def test_a_clause_missed_by_counting_says_how_many_must_fail(
    briefed, rate, least, language, subjects, result
):
    met, decided, *open_ = rate
    official = Rate("areas", "county", met, decided, *open_, met / decided if decided else None)
    clauses = [
        dataclasses.replace(one, official=official, value=100.0) if one.id == "CX-07" else one
        for one in briefed.clauses
    ]
    brief = dataclasses.replace(
        briefed.brief, shortfalls=(Shortfall("caoxian-2023", "CX-07", 0, "", None, None, least),)
    )
    told = one_page(
        dataclasses.replace(briefed, brief=brief, clauses=tuple(clauses), language=language)
    )
    (fails,) = told.fails
    assert (fails.subjects, fails.result[: len(result)]) == (subjects, result)


@pytest.mark.parametrize(
    ("language", "result"),
    [("zh", "67.3 %（61.7–70.0 %）"), ("en", "67.3 % (61.7–70.0 %)")],
)
def test_a_result_is_not_cut_off_in_its_range(briefed, language, result):
    """37/55 = 67.3 % (5 not assessed, range 61.7–70.0 %) has no room: its share and range do."""
    rate = Rate("areas", "county", 37.0, 55.0, 5.0, 37 / 60, 42 / 60, 37 / 55)
    clauses = tuple(
        dataclasses.replace(c, value=None, official=rate) if c.id == "CX-03" else c
        for c in briefed.clauses
    )
    brief = dataclasses.replace(
        briefed.brief, shortfalls=(Shortfall("caoxian-2023", "CX-03", 18, "m2", 779.0, 202.5),)
    )
    told = one_page(dataclasses.replace(briefed, clauses=clauses, brief=brief, language=language))
    assert [one.result for one in told.fails] == [result]


@pytest.mark.parametrize(("language", "word"), [("zh", "至少"), ("en", "at least ")])
def test_a_sum_with_a_least_gap_in_it_is_one_at_least(briefed, language, word):
    """One of three lacks 60 m², or more: of all three it is 114.5 m² or more."""

    def told(at_least):
        brief, first = briefed.brief, briefed.brief.shortfalls[0]
        shortfalls = (dataclasses.replace(first, at_least=at_least), *brief.shortfalls[1:])
        needed = dataclasses.replace(brief.needed, at_least=at_least)
        brief = dataclasses.replace(brief, shortfalls=shortfalls, needed=needed)
        page = one_page(dataclasses.replace(briefed, brief=brief, language=language))
        return page.fails[0].gap, *page.needed

    for one in told(at_least=False):
        assert word not in one
    gap, short, *rest = told(at_least=True)
    assert gap.startswith(word)
    assert "114.5 m²" in gap
    assert word in short
    assert word in rest[-1]


def test_a_plan_is_told_first(briefed):
    brief = dataclasses.replace(briefed.brief, planned=PlannedWork(2, 180.0, 5))
    told = one_page(dataclasses.replace(briefed, brief=brief))
    assert told.needed[0] == "本结果已计入选址方案：2 处、180 m²，使 5 个居住区达标。"


def test_an_empty_brief_says_so(briefed):
    html = render_summary(dataclasses.replace(briefed, brief=Brief()))
    for sentence in ("没有不达标的条款", "没有不达标的居住区", "没有待核实的事项", "没有居住区缺"):
        assert sentence in html


def test_nothing_falls_short_for_certain_where_something_is_to_be_verified(briefed):
    """All 待核实 is no clean bill: the page says what is certain, and of streets if it has any."""
    open_ = Brief(missing=briefed.brief.missing)
    layers = {name: one for name, one in briefed.layers.items() if name != "streets"}
    bare = dataclasses.replace(briefed, brief=open_, layers=layers)
    html = render_summary(bare)
    for sentence in (
        "没有确定不达标的条款；待核实的见下。",
        "没有确定不达标的居住区；待核实的见下。",
        "没有居住区确定缺配建面积",
        "深色圆点为计入的设施。",
    ):
        assert sentence in html
    assert "灰线" not in html
    assert "没有不达标的" not in html


def test_long_lists_are_cut_and_it_is_said(briefed, monkeypatch):
    one = briefed.brief
    asked = tuple(Supplied(f"office {n}", "residential", 9 - n, ("CX-03",)) for n in range(9))
    monkeypatch.setattr("lifecircle.outputs.report.brief.told.suppliers", lambda *_: asked)
    many = dataclasses.replace(one, shortfalls=one.shortfalls * 9)
    page = one_page(dataclasses.replace(briefed, brief=many))
    assert (len(page.fails), len(page.missing)) == (6, 6)
    assert page.more == {"fails", "missing"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_is_whole_and_escaped(briefed, language):
    html = render_summary(dataclasses.replace(briefed, language=language))
    assert "</script><b" not in html
    assert html == render_summary(dataclasses.replace(briefed, language=language))
    picture = base64.b64decode(re.search(r"base64,([^\"]+)", html)[1])
    assert Image.open(io.BytesIO(picture)).size[0] == 1000
    if language == "en":  # but for what the data themselves say
        said = re.sub(r"<td>.*?</td>|<h1>.*?</h1>|<title>.*?</title>|<li>.*?</li>", "", html)
        assert not re.search("[，。；：（）、]", said)


def test_areas_have_the_colours_of_the_map(briefed):
    drawn = draw_situation(briefed, verdict_look(), ("R03",))
    seen = np.asarray(Image.open(io.BytesIO(drawn.png))).reshape(-1, 3).astype(int)
    for value in drawn.shown:
        inks = [int(MAP_FILLS[value][at : at + 2], 16) for at in (1, 3, 5)]
        # surfaces are laid on white with 0.92 of their strength, points as they are
        looks = (np.array([s * ink + (1 - s) * 255 for ink in inks]) for s in (0.92, 1.0))
        assert any((np.abs(seen - look).max(axis=1) <= 2).any() for look in looks), value
    assert drawn.unplaced == 1
    assert draw_situation(briefed, COVERAGE_LOOK).shown


def test_without_positions_there_is_no_map(briefed):
    areas = briefed.layers["residential"]
    nowhere = areas.set_geometry([None] * len(areas), crs=areas.crs)
    layers = {**briefed.layers, "residential": nowhere}
    told = one_page(dataclasses.replace(briefed, layers=layers))
    assert told.situation is None
    assert told.notes == ("居住区都没有位置，不能成图。",)


def test_texts_are_cut_by_the_room_they_take():
    assert cut("十个汉字的居住区名称", 10) == "十个汉字的居住区名称"
    assert cut("十一个汉字的居住区名称", 10) == "十一个汉字的居住区…"
    # 16 letters of three fifths take 9.6
    assert cut("abcdefghijklmnop", 10) == "abcdefghijklmnop"
    assert cut("abcdefghijklmnopq", 10) == "abcdefghijklmno…"


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [
        # the room ends within 67.5, whose phrase began in the second half
        ("改建候选场所旧小学，补足 67.5 m²", 14, "改建候选场所旧小学…"),
        # a comma within brackets ends no phrase, and no bracket stays open
        ("建成，居住区内的一站（闲置，200 m²）恢复使用", 17, "建成，居住区内的一站…"),
        ("居住区自建用房补足 67.5 m²", 12, "居住区自建用房补足…"),
        ("Convert the old school, which adds 67.5 m²", 18, "Convert the old school…"),
        ("Convert the former primary school", 14, "Convert the former…"),
    ],
)
def test_no_figure_word_or_phrase_is_parted(text, most, shown):
    assert cut(text, most) == shown


def test_the_longest_names_leave_it_one_page(briefed):
    long = dataclasses.replace(briefed, study="很长的项目名称" * 9, banners=("横幅" * 99,) * 5)
    told = one_page(long)
    assert len(told.study) == 28
    assert [len(banner) for banner in told.banners] == [56] * 3


@pytest.mark.parametrize(("areas", "at_least"), [(4, False), (4, True), (0, False)])
def test_how_many_areas_the_sum_does_not_have_is_said(briefed, areas, at_least):
    needed = dataclasses.replace(briefed.brief.needed, areas=areas, at_least=at_least, undecided=7)
    brief = dataclasses.replace(briefed.brief, needed=needed)
    for language, said in (("zh", "另有 7 个待核实，未计入"), ("en", "7 more to be verified")):
        told = one_page(dataclasses.replace(briefed, brief=brief, language=language))
        assert said in told.needed[0] or (areas == 0 and "7 to be verified" in told.needed[0])
