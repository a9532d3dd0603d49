"""Tags of a line layer by columns: what is asked once a kind is what every row says."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.model.inputs.street_words import state_of, words
from lifecircle.sources.streets.layer_tags import _numbered, layer_tags

CELL = st.sampled_from([None, "", "yes", "no", "residential", "railway", "支路", 1, 1.0, True, "F"])
COLUMNS = ("highway", "disused", "disused:highway", "impassable", "bridge", "other_tags")
PACKED = st.sampled_from([None, '"highway"=>"steps","bridge"=>"yes"', '{"disused": "no"}'])
ROW = st.tuples(*[CELL] * (len(COLUMNS) - 1), PACKED)


@given(st.lists(ROW, max_size=12))
@settings(deadline=None)
def test_a_kind_says_what_each_of_its_rows_says(rows):
    told = layer_tags(pd.DataFrame(rows, columns=list(COLUMNS), dtype=object))
    kind, kinds = told.kinds((*COLUMNS, "railway", "highway"))
    assert len(kind) == len(rows)
    for at in range(len(rows)):
        mine = told.row(at)
        assert {tag: mine.get(tag) for tag in kinds[kind[at]]} == kinds[kind[at]]
        assert state_of(kinds[kind[at]]) == state_of(mine)
        alone = layer_tags(pd.DataFrame([rows[at]], columns=list(COLUMNS), dtype=object)).row(0)
        assert {t: v for t, v in mine.items() if v} == {t: v for t, v in alone.items() if v}


def test_equal_numbers_of_another_type_are_other_words():
    frame = pd.DataFrame({"highway": ["steps"] * 3, "layer": [1, 1.0, True]}, dtype=object)
    assert layer_tags(frame).told("layer").tolist() == ["1", "1", "True"]


def test_one_tag_can_be_set_for_some_rows():
    told = layer_tags(pd.DataFrame({"highway": ["steps", "path"]}, dtype=object))
    rows = told.has("highway") & (told.told("highway") == "path")
    assert told.with_tag("area", rows, "yes").told("area").tolist() == [None, "yes"]
    assert told.has("area").tolist() == [False, False]


@pytest.mark.parametrize("most", [1, 4, 90, 10_000])
def test_kinds_are_numbered_as_by_sorting_all_rows(most):
    rng = np.random.default_rng(most)
    for count in (0, 1, 2, 57):
        code = rng.integers(0, most, count)
        _, first, number = np.unique(code, return_index=True, return_inverse=True)
        found = _numbered(code)
        assert (found[0].tolist(), found[1].tolist()) == (number.tolist(), first.tolist())


@pytest.mark.parametrize("header", ["人行", "是否人行", "是否步行", "能否步行"])
@pytest.mark.parametrize(("no", "walked"), [("否", False), ("禁止行人", False), ("是", True)])
def test_who_may_pass_in_chinese_is_read(header, no, walked):
    told = layer_tags(pd.DataFrame({header: [no, None]}))
    assert passable(told.told("foot")[0]) is walked
    assert told.told("foot")[1] is None


@pytest.mark.parametrize("word", ["双向", "单向", "双向通行", "单向通行", "机非混行", "人车混行"])
def test_how_cars_pass_bars_nobody_on_foot(word):
    assert passable(layer_tags(pd.DataFrame({"通行": [word]})).told("access")[0]) is True
    assert word in words("access", "allowed")


def passable(word):
    """Whether people on foot pass a way that says so; None: nobody knows."""
    return True if word in words("access", "allowed") else word not in words("access", "shut")


@pytest.mark.parametrize(
    ("header", "cells", "told"),
    [
        ("是否现状", ["是", "否"], True),
        ("禁行", ["是", None], True),
        ("禁行", [None, None], False),
        ("规划情况", ["甲", "甲"], False),  # the same for all: it parts nothing
        ("规划红线宽度", ["30", "20"], False),
        ("路面类型", ["沥青", "水泥"], False),
        ("建设单位", ["县", "乡"], False),
        ("备注说明", ["甲", "乙"], False),
    ],
)
def test_a_header_that_hints_at_who_may_pass_is_told(header, cells, told):
    frame = pd.DataFrame({header: cells}, dtype=object)
    assert layer_tags(frame).unread == ((header,) if told else ())


def test_a_remark_of_an_opening_is_heard_and_its_other_words_are_told():
    told = ["2030年通车", "规划", None]
    tags = layer_tags(pd.DataFrame({"备注": told, "建成年份": [None, 2019, None]}))
    assert tags.told("days").tolist() == ["opens:备注=2030年", "opens:建成年份=2019", None]
    assert tags.unread == ("备注",)
