"""Figures in words: the same wherever they stand, and never rounded into a pass."""

import math
import re
from pathlib import Path
from string import Formatter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle import texts
from lifecircle.model.finding import Rate
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.results.counted.brief import Shortfall
from lifecircle.model.rules.rule import COUNTED
from lifecircle.outputs.report.brief.told import gap_of
from lifecircle.outputs.words.names import Names
from lifecircle.outputs.words.quantities import straight, walk
from lifecircle.outputs.words.showing import titled
from lifecircle.outputs.words.wording import Wording
from lifecircle.texts import _DIGITS, _shown, _worded, catalogue
from lifecircle.texts.unsaid import UNKNOWN

ZH = Wording("zh", names=Names({"facilities": {"F1": "东门站"}}))
EN = Wording("en")


@pytest.mark.parametrize(
    ("share", "told"),
    [
        (1.0, "100 %"),
        (0.9996, "99.9 %"),  # A2: 99.96 % is not 100 %
        (0.0004, "0.1 %"),
        (0.0, "0 %"),
        (45 / 70, "64.3 %"),
        (0.6, "60.0 %"),
        (None, "–"),
    ],
)
def test_percent_is_whole_only_where_exact(share, told):
    assert ZH.percent(share) == told


def test_rate_with_its_range():
    rate = Rate("areas", "county", 45, 70, 3, 45 / 73, 48 / 73, 45 / 70)
    assert ZH.rate(rate) == "45/70 = 64.3 %（待核实 3，范围 61.6–65.8 %）"
    assert EN.rate(rate) == "45/70 = 64.3 % (3 not assessed, range 61.6–65.8 %)"


@pytest.mark.parametrize(
    ("rate", "told"),
    [
        (Rate("areas", "county", 4, 4, 0, 1.0, 1.0, 1.0), "4/4 = 100 %"),
        (Rate("areas", "county", 0, 0, 0, None, None, None), "无适用对象"),
        (Rate("areas", "county", 0, 0, 2, 0.0, 1.0, None), "均待核实（待核实 2，范围 0–100 %）"),
        # 12 of 22 at most: the range alone decides, beside 不达标 nothing is 均待核实
        (Rate("units", "county", 0, 0, 22, 0.0, 12 / 22, None), "范围 0–54.5 %（待核实 22）"),
        (
            Rate("households", "county", 10, 20, 5, 0.4, None, 0.5),
            "10/20 = 50.0 %（待核实或缺数 5，不计范围）",
        ),
        (None, "–"),
    ],
)
def test_rate_at_the_edges(rate, told):
    assert ZH.rate(rate) == told


@pytest.mark.parametrize(
    ("comparison", "target", "unit", "told"),
    [
        (">=", 15.0, "m2/100hh", "不低于 15 m²/百户"),
        ("<=", 1000.0, "m", "不大于 1,000 米"),
        (">", 60.0, "%", "大于 60 %"),
        (None, None, "facilities", "未定数量要求"),
    ],
)
def test_target(comparison, target, unit, told):
    assert ZH.target(comparison, target, unit) == told


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        (math.nan, "m2", "–"),
        (None, "m2", "–"),
        (math.inf, "m", "无"),
        (math.inf, "m2", "不详"),
        (170.0, "m2", "170 m²"),
        (4.456, "m2", "4.46 m²"),
        (1234.6, "m", "1,235 米"),
        (14.96, "min", "15 分钟"),
    ],
)
def test_value(value, unit, told):
    assert ZH.value(value, unit) == told


@pytest.mark.parametrize(
    ("margin", "unit", "told"),
    [
        (-12.0, "m", "富余 12 米"),  # a limit: less is better
        (18.0, "m", "超出 18 米"),
        (0.177722, "min", "超出 0.2 分钟"),
        (-0.04, "min", "富余 不到 0.1 分钟"),
        (0.0, "min", "恰好相等"),
        (1.5, "m2", "富余 1.5 m²"),  # a quota: more is better
        (-0.5, "m2", "不足 0.5 m²"),
        (math.nan, "m", "–"),
    ],
)
def test_margin_has_a_word_and_no_sign(margin, unit, told):
    assert ZH.margin(margin, unit) == told


def test_a_check_of_no_document_has_no_number():
    words = Wording("zh", names=Names(nameless=frozenset({"REF-walk-canteen"})))
    assert [words.clause(c) for c in ("CX-05", "REF-walk-canteen", None)] == ["CX-05", "参考", "–"]


def test_housing_is_not_in_operation():
    reason = Reason(ReasonCode.NOT_YET_LIVED_IN, {"stage": "handed_over"})
    assert ZH.reason(reason) == "处于已交付阶段，不在现状统计范围"


def test_reason_names_the_facility():
    reason = Reason(ReasonCode.UNIT_HAS, {"facility": "F1"})
    assert ZH.reason(reason) == "已有东门站"


def test_reason_with_a_missing_figure_still_speaks():
    reason = Reason(
        ReasonCode.BEYOND_RADIUS, {"facility": "F1", "distance_m": None, "limit_m": 1000.0}
    )
    assert ZH.reason(reason) == "最近设施东门站直线距离不详，超过 1000 米"


def test_reason_that_lacks_a_parameter_shows_its_code():
    assert ZH.reason(Reason(ReasonCode.UNIT_HAS, {"m2": 3})) == "unit_has m2=3"


def test_kinds_and_groups():
    assert ZH.kinds("day_care;canteen") == "日间照料中心、助老食堂"
    assert ZH.kind("group:community") == "社区养老服务设施"
    assert ZH.kinds(None) == "–"


def test_an_id_in_two_layers_keeps_both_names():
    names = Names({"residential": {"1": "东门里"}, "facilities": {"1": "东门站"}})
    words = Wording("zh", names=names)
    assert words.name("1", "facilities") == "东门站"
    assert words.name("1", "residential") == "东门里"
    assert words.name("1", "units") == "1"
    reason = Reason(
        ReasonCode.WITHIN_RADIUS, {"facility": "1", "distance_m": 90.0, "limit_m": 1000.0}
    )
    assert words.reason(reason).startswith("最近设施东门站")


def test_an_id_of_no_layer_is_not_given_the_name_of_any():
    names = Names({"facilities": {"1": "东门站", "2": "西门站"}, "residential": {"1": "东门里"}})
    words = Wording("zh", names=names)
    assert words.name("1") == "1"
    assert words.name("2") == "西门站"


def test_a_domain_speaks_before_the_one_behind_it():
    """column.number: in 评分 nowhere, on the sheets 图号 and the like; the report's is another."""
    for domain, asked in (("sheets", "sheets"), ("report", "report"), ("score", "report")):
        told = catalogue(asked, "zh")["column.unit"]
        assert Wording("zh", domain).say("column.unit") == told
    # the sheets say as the map what they have no word for, and as the report what both have not
    assert Wording("zh", "sheets").say("kind_unknown") == catalogue("map", "zh")["kind_unknown"]
    assert Wording("zh", "sheets").say("target.none") == catalogue("report", "zh")["target.none"]
    assert not Wording("zh", "map").knows("covered.compliant")
    with pytest.raises(KeyError):
        Wording("zh", "map").say("covered.compliant")


@pytest.mark.parametrize("gap", [None, math.nan, ""])
def test_an_empty_cell_is_a_dash_or_nothing(gap):
    assert (ZH.word("stage", gap), ZH.name(gap, "facilities")) == ("–", "–")
    assert ZH.word_or_none("stage", gap) is None
    assert ZH.name_or_none(gap, "facilities") is None


def test_a_walk_is_told_by_what_is_known():
    words = Wording("zh", "map", search_limit_m=3000.0)
    assert walk(850.0, 14.16, words) == "850 米 · 14.2 分钟"
    assert walk(None, 14.16, words) == "14.2 分钟"
    assert walk(None, None, words) == words.say("unknown")
    assert "3,000" in walk(math.inf, math.inf, words)
    assert walk(math.inf, None, Wording("zh", "map")) == words.say("beyond")
    assert (straight(math.inf, words), straight(None, words)) == (
        words.say("none"),
        words.say("unknown"),
    )


@pytest.mark.parametrize(
    ("low", "high", "unit", "told"),
    [
        (0.0, math.inf, "homes", "未填报"),  # "0 户 起" would be read as none
        (0.0, None, "homes", "未填报"),
        (5.0, math.inf, "homes", "5 户 起"),
        (0.0, 3.0, "homes", "0–3 户"),
        (0.0, math.inf, "%", "未填报"),  # a share of a whole that nobody typed
        (5.0, math.inf, "%", "5.0 % 起"),
        (0.0, 3.0, "%", "0–3.0 %"),
    ],
)
def test_a_figure_of_which_nothing_is_known_is_no_zero(low, high, unit, told):
    assert ZH.span(low, high, unit) == told


@pytest.mark.parametrize(
    ("met", "missed", "open_", "told"),
    [
        (0, 2, 1, "范围 0–33.3 %（待核实 1）"),  # without streets nobody can pass, only fail
        (0, 0, 3, "均待核实（待核实 3，范围 0–100 %）"),
        (0, 3, 0, "0/3 = 0 %"),
        (1, 1, 1, "1/2 = 50.0 %（待核实 1，范围 33.3–66.7 %）"),
    ],
)
def test_a_rate_that_only_failures_decided_is_its_range(met, missed, open_, told):
    whole = met + missed + open_
    decided = met + missed
    rate = Rate(
        basis="areas",
        scope="county",
        numerator=met,
        denominator=decided,
        not_assessed=open_,
        low=met / whole,
        high=(met + open_) / whole,
        rate=met / decided if decided else None,
    )
    assert ZH.rate(rate) == told


@pytest.mark.parametrize(
    ("rate", "zh", "en"),
    [
        # one misses it, of the other it is open whether it is asked: 0 of 1 or 0 of 2
        (
            Rate("areas", "county", 0, 1, 1, 0.0, 0.0, 0.0),
            "0 %（待核实 1，不影响比率）",
            "0 % (1 not assessed, the same either way)",
        ),
        # 1 of 1 or 2 of 2
        (
            Rate("areas", "county", 1, 1, 1, 1.0, 1.0, 1.0),
            "1/1 = 100 %（待核实 1，不影响比率）",
            "1/1 = 100 % (1 not assessed, the same either way)",
        ),
        # met if it is asked at all: 1 of 1 or nobody
        (
            Rate("areas", "county", 0, 0, 1, 1.0, 1.0, None),
            "均待核实（待核实 1，只可能是 100 %）",
            "none decided (1 not assessed, 100 % either way)",
        ),
    ],
)
def test_a_rate_that_the_open_ones_leave_as_it_is_has_no_range(rate, zh, en):
    assert (ZH.rate(rate), EN.rate(rate)) == (zh, en)


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (1 / 3, 1 / 3, "33.3 %"),
        (0.33331, 0.33334, "33.331–33.334 %"),  # 33.3–33.3 % would be none
        (0.9996, 0.99985, "99.96–99.98 %"),
        (0.0001, 0.0004, "0.01–0.04 %"),
        (0.9999, 1.0, "99.9–100 %"),
        (0.0, 0.0004, "0–0.1 %"),
    ],
)
def test_ends_of_a_range_that_differ_are_told_apart(low, high, told):
    assert ZH.range(low, high) == told


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_range_has_one_figure_only_where_its_ends_are_one(one, other):
    low, high = sorted((one, other))
    told = ZH.range(low, high).removesuffix(" %").split("–")
    assert (len(set(told)) == 1) == (len(told) == 1) == (high - low <= 1e-6)
    assert [float(end) for end in told] == sorted(float(end) for end in told)


def test_a_step_of_a_plan_is_told_as_which_and_not_as_how_many():
    assert (ZH.value(2.0, "steps"), EN.value(2.0, "steps")) == ("第 2 阶段", "step 2")


def test_papers_nobody_answered_are_named():
    params = {"count": 1.0, "most": 2.0, "total": 2.0, "papers": ["layout_plan"]}
    told = ZH.reason(Reason(ReasonCode.DOCUMENTS_OPEN, params))
    assert "养老服务设施布局规划（应有 2 项，已登记 1 项）" in told
    assert "佐证材料" in told


def test_a_figure_nobody_typed_is_asked_for_where_it_is_typed():
    """An officer has the sheet 指标; the study file is for whoever has none (B3)."""
    told = ZH.reason(Reason(ReasonCode.NOT_TYPED, {"indicator": "social_workers"}))
    assert told.startswith("未填报：")
    assert told.index("“指标”表中填分子、分母和来源") < told.index("study.toml")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_whoever_can_supply_is_named_for_every_reason_that_asks(language):
    said = catalogue("report", language)
    open_ = ("_missing", "_unknown", "_open", "_unclear", "_unread", "_unplaced")
    asked = {c for c in ReasonCode if c.endswith(open_) or c == "not_typed"}
    assert {c for c in asked if f"supplier.{c}" not in said} == set()


@pytest.mark.parametrize(
    ("shortfall", "zh", "en"),
    [
        ((1, "%", None, 2.5), "差 2.5 个百分点", "2.5 percentage points"),
        ((1, "beds", 840.0, 840.0), "缺 840 张", "840 beds"),
        ((5, "min", None, 13.5), "最多超出 13.5 分钟", None),
    ],
)
def test_what_a_share_lacks_is_told_in_points(shortfall, zh, en):
    one = Shortfall("s", "C", *shortfall)
    assert gap_of(one, ZH.in_domain("brief")) == zh
    assert en is None or en in gap_of(one, EN.in_domain("brief"))


def test_the_day_of_judging_has_one_name():
    said = [
        word
        for path in Path(texts.__file__).parent.glob("zh/*.po")
        for word in re.findall("评估(?:基准)?日", path.read_text(encoding="utf-8"))
    ]
    assert said == []


def test_a_rate_outside_its_range_is_its_range():
    """One met, three open of which two hang on one room: at best 3 of 4, never 1/1 = 100 %."""
    rate = Rate("areas", "county", 1, 1, 3, 0.25, 0.75, 1.0)
    assert (rate.told, ZH.share(rate)) == (None, "25.0–75.0 %")
    assert ZH.rate(rate) == "范围 25.0–75.0 %（待核实 3）"
    # one of four met, two open of which one is sure to be met too: never 1/4 = 25 %
    least = Rate("areas", "county", 1, 4, 2, 0.5, 0.75, 0.25)
    assert ZH.share(least) == "50.0–75.0 %"
    inside = Rate("areas", "county", 1, 1, 3, 0.25, 1.0, 1.0)
    assert ZH.rate(inside) == "1/1 = 100 %（待核实 3，范围 25.0–100 %）"


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (0.0, 0.8, "0–80.0 %"),  # a fifth can never be met: that alone misses 90 %
        (0.25, 1.0, "25.0–100 %"),
        (0.5, 0.5, "50.0 %"),
        (0.0, 1.0, "–"),
        (None, None, "–"),
        (None, 0.5, "–"),
    ],
)
def test_of_a_rate_of_which_nothing_is_decided_the_range_is_told(low, high, told):
    assert ZH.share(Rate("areas", "county", 0, 0, 5, low, high, None)) == told


def test_rows_of_one_name_are_told_apart():
    """Two estates 书香苑 are told by their ids, two 一社区 by their towns, or by their codes."""
    rows = {
        "residential": {"R1": "书香苑", "R2": "书香苑", "R3": "丙苑"},
        "units": {
            "371721001": "甲街道",
            "371721100": "乙镇",
            "371721001001": "一社区",
            "371721100001": "一社区",
            "371721001002": "二社区",
            "371721001003": "二社区",
        },
    }
    zh, en = (Wording(language, names=Names(rows)) for language in ("zh", "en"))
    may_be = Reason(
        ReasonCode.RECORD_UNCLEAR,
        {"facility": "F1", "written": ["书香苑"], "areas": ["R1", "R2", "R3"]},
    )
    assert "书香苑（R1）、书香苑（R2）、丙苑" in zh.reason(may_be)
    assert "书香苑 (R1), 书香苑 (R2), 丙苑" in en.reason(may_be)
    assert zh.name("371721001001", "units") == "一社区（甲街道）"
    assert zh.name("371721001002", "units") == "二社区（371721001002）"
    assert zh.name("371721001", "units") == "甲街道"
    assert zh.name("R9", "residential") == "R9"


NAN, INF = math.nan, math.inf
UNCOUNTED = (
    "F1, unknown m², on record for this area, does not count: "
    "an unknown distance away, beyond 1,000 m"
)
NEW_GATE = (
    "with a new gate on the 东 side, the walk to F1 is an unknown distance, 12.0 min: compliant"
)


@pytest.mark.parametrize(
    ("code", "figures", "zh", "en"),
    [
        (
            "quota_undecided",
            {"required_low_m2": 75.0, "required_m2": 80.0, "low_m2": 0.0, "high_m2": INF},
            "应配 75–80 m²，可计入面积不详，待核实",
            "required 75 to 80 m², countable unknown m²: to be verified",
        ),
        (
            "quota_undecided",
            {"required_low_m2": 75.0, "required_m2": NAN, "low_m2": 30.0, "high_m2": INF},
            "应配不少于 75 m²，可计入不少于 30 m²，待核实",
            "required at least 75 m², countable at least 30 m²: to be verified",
        ),
        (
            "quota_undecided",
            {"required_low_m2": 75.0, "required_m2": 75.0, "low_m2": 0.0, "high_m2": 60.0},
            "应配 75 m²，可计入 0–60 m²，待核实",
            "required 75 m², countable 0 to 60 m²: to be verified",
        ),
        (
            "aside_beyond",
            {"facility": "F1", "m2": NAN, "distance_m": NAN, "limit_m": 1000.0},
            "另有东门站（面积不详）未计入：登记服务本居住区，但距离不详，超过 1000 米",
            UNCOUNTED,
        ),
        (
            "beyond_walk",
            {"facility": "F1", "walk_m": INF, "walk_min": INF, "limit_min": 15.0},
            "步行至东门站不可达，超过 15 分钟",
            "the walk to F1 is out of reach, over 15 min",
        ),
        (
            "unit_too_small",
            {"facility": "F1", "place_m2": NAN, "minimum_m2": 750.0},
            "辖区内的东门站建筑面积不详，不足 750 m²，不计",
            "F1 is there, but with unknown m² of floor area, less than 750: it does not count",
        ),
        (
            "share_covered",
            {"low_percent": NAN, "percent": NAN, "least_percent": 65.0},
            "在范围内的比例不详，要求不低于 65%",
            "an unknown share is within, 65 % is asked for",
        ),
        (
            "elder_share",
            {"people": 900.0, "elders": NAN, "percent": NAN},
            "900 人中 60 岁及以上人数不详，占比不详",
            "unknown of 900 are 60 or older, an unknown share",
        ),
        (
            "remedy_new_gate",
            {"side": "东", "facility": "F1", "walk_m": NAN, "walk_min": 12.0},
            "在东侧增开出入口后步行至东门站距离不详、12.0 分钟，达标",
            NEW_GATE,
        ),
    ],
)
def test_a_figure_that_nobody_knows_is_said_in_words(code, figures, zh, en):
    reason = Reason(ReasonCode(code), figures)
    assert [ZH.reason(reason), EN.reason(reason)] == [zh, en]


@settings(max_examples=60)
@given(data=st.data(), language=st.sampled_from(texts.LANGUAGES))
def test_what_is_not_known_has_no_unit_and_is_said_once(data, language):
    """Of no figure known: no unit beside 不详, no 面积面积不详, nothing about unknown."""
    code = data.draw(st.sampled_from(sorted(catalogue("reasons", "zh"))))
    template = catalogue("reasons", language)[code]
    named = {name for _, name, _, _ in Formatter().parse(template) if name}
    said = texts.say("reasons", code, language, **dict.fromkeys(named, NAN))
    awkward = r"不详 ?(?:m²|米|分钟|公里|%|张|人|户|天)|面积面积|比例比例|床位张数|约 ?\S?不详"
    awkward += r"|unknown ?(?:%|km)|about an? unknown|unknown(?:–| to )unknown"
    assert not re.search(awkward, said)


@settings(max_examples=60)
@given(data=st.data(), language=st.sampled_from(texts.LANGUAGES))
def test_no_text_prints_a_mark_for_a_figure(data, language):
    """Whatever figures of a reason are unknown or endless: neither ``?`` nor ``∞`` is printed."""
    code = data.draw(st.sampled_from(sorted(catalogue("reasons", "zh"))))
    template = catalogue("reasons", language)[code]
    named = {name for _, name, _, _ in Formatter().parse(template) if name}
    figure = st.sampled_from([NAN, INF, 0.0, 12.5, None])
    figures = {name: data.draw(figure) for name in sorted(named)}
    said = texts.say("reasons", code, language, **figures)
    assert not set(said) & {"?", "∞", UNKNOWN}


@pytest.mark.parametrize(
    ("counted", "zh", "en"),
    [
        ("communities", "3 个社区要靠", "of the communities, 3 can"),
        ("villages", "3 个村要靠", "of the villages, 3 can"),
        ("townships", "3 个镇街要靠", "of the subdistricts and towns, 3 can"),
        ("units", "3 个行政单元要靠", "of the units, 3 can"),
    ],
)
def test_units_are_named_by_their_kind(counted, zh, en):
    figures = {"count": 2, "waiting": 3, "most": 2, "counted": counted}
    reason = Reason(ReasonCode.UNITS_AT_MOST, figures)
    assert ZH.reason(reason).startswith(zh)
    assert EN.reason(reason).startswith(en)


def test_every_kind_of_unit_that_a_clause_counts_has_a_word():
    known = {key.removeprefix("counted.") for key in catalogue("words", "zh")}
    assert {*COUNTED, "units"} <= known


def test_facilities_of_a_group_are_many_in_english():
    none = Reason(ReasonCode.NO_FACILITY, {"reach_group": "canteen"})
    said = "the county has no canteens that count for certain and whose position is known"
    assert EN.reason(none) == said
    one = {"reach_group": "canteen", "facility": "F1", "count": 1}
    said = EN.reason(Reason(ReasonCode.REACH_UNPLACED, one))
    assert said.startswith("canteens: 1 without a usable position (such as F1)")


def test_a_range_of_countable_things_is_plural():
    words = Wording("en")
    assert words.span(0.0, 1.0, "places") == "0–1 places"
    assert words.span(2.0, 5.0, "beds") == "2–5 beds"
    assert Wording("zh").span(0.0, 1.0, "places") == "0–1 处"
    assert words.value(1.0, "places") == "1 place"


@pytest.mark.parametrize(
    ("place", "minimum", "shown"),
    [
        (199.999, 200, "199.999 m²，低于下限 200 m²"),
        (199.99, 200, "199.99 m²，低于下限 200 m²"),
        (199.99999, 200, "199.99999 m²，低于下限 200 m²"),
        (180, 200, "180 m²，低于下限 200 m²"),
        (200.0, 200, "200 m²，低于下限 200 m²"),  # nobody says so: they meet
        (199.9999999, 200, "200 m²，低于下限 200 m²"),  # nor of these
    ],
)
def test_figures_beside_each_other_can_be_told_apart(place, minimum, shown):
    params = {"facility": "甲站", "place_m2": place, "minimum_m2": minimum}
    assert (
        texts.say("reasons", "place_below_minimum", "zh", **params) == f"甲站单处建筑面积 {shown}"
    )


@pytest.mark.parametrize(
    ("deficit", "shown"),
    [
        (0.004, "缺 0.004 m²"),
        (0.0004, "缺 0.0004 m²"),
        (0.01, "缺 0.01 m²"),
        (5.0, "缺 5 m²"),
        (0.0000005, "缺 0 m²"),  # nobody says so: it meets
    ],
)
def test_what_is_missed_by_a_hair_lacks_something(deficit, shown):
    params = {"required_m2": 100.05, "provided_m2": 100.05 - deficit, "deficit_m2": deficit}
    assert texts.say("reasons", "quota_short", "zh", **params).endswith(shown)
    alone = texts.say("reasons", "remedy_add", "zh", deficit_m2=deficit)
    assert alone == f"新增不少于{shown.removeprefix('缺')} 用房（购置、置换、租赁或新建）"


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        (0.004, 2, "0.004"),
        (-0.004, 2, "-0.004"),
        (0.000021, 2, "0.00002"),
        (0.0000005, 2, "0"),  # what thresholds take as none
        (0.0, 2, "0"),
        (0.005001, 2, "0.01"),
        (0.3, 0, "0"),  # metres and minutes have the decimals of their unit
        (0.04, 1, "0"),
    ],
)
def test_a_little_of_something_is_no_0(value, digits, shown):
    assert texts.number(value, digits) == shown


def test_so_can_figures_of_different_decimals():
    params = {"facility": "甲站", "walk_m": 1002.7, "walk_min": 15.04, "limit_min": 15.0}
    told = texts.say("reasons", "beyond_walk", "zh", **params)
    assert told == "步行至甲站 1003 米、15.04 分钟，超过 15 分钟"


@given(
    low=st.floats(0, 2000),
    gap=st.floats(2e-6, 3.0),
    language=st.sampled_from(texts.LANGUAGES),
)
def test_what_is_short_of_a_limit_never_looks_like_it(low, gap, language):
    """Whatever stands before "below" is shown as another figure than what stands behind it."""
    params = {"facility": "X", "place_m2": low, "minimum_m2": low + gap}
    told = texts.say("reasons", "place_below_minimum", language, **params)
    first, second = re.findall(r"[0-9][0-9,.]*(?= m²)", told)
    assert float(first.replace(",", "")) < float(second.replace(",", ""))


@pytest.mark.parametrize(
    ("count", "told"),
    [(8, "A0、A1、A2、A3、A4、A5、A6、A7，"), (9, "A0、A1、A2、A3、A4、A5、A6、A7等 9 个，")],
)
def test_a_long_list_of_areas_is_told_by_its_first_and_their_number(count, told):
    params = {"facility": "甲站", "written": ["全镇"], "areas": [f"A{n}" for n in range(count)]}
    assert f"可能指{told}" in texts.say("reasons", "record_unclear", "zh", **params)


@pytest.mark.parametrize(
    ("met", "all_", "told"),
    [
        (4_560_670.54, 4_615_883.68, "4,560,671/4,615,884 = 98.8 %"),  # m² of land
        (22_630.11, 22_820.0, "22,630/22,820 = 99.2 %"),  # shares of areas times households
        (2.5, 4.0, "2.5/4 = 62.5 %"),
        (1_999.9, 2_000.0, "1,999.9/2,000 = 99.9 %"),  # a part is not the whole
        (2_000.0, 2_000.0, "2,000/2,000 = 100 %"),
    ],
)
def test_a_rate_of_thousands_has_no_hundredths(met, all_, told):
    rate = Rate("land_area", "county", met, all_, 0.0, met / all_, met / all_, met / all_)
    assert Wording("en").rate(rate) == told


_VALUE = st.one_of(
    st.integers(-(10**6), 10**6),
    st.floats(-1e6, 1e6),
    st.sampled_from([0.0, -0.0, math.inf, math.nan, None, True, "1,350", "", np.float64(12.5)]),
)


@given(_VALUE, st.sampled_from([*_DIGITS, ".3f", "place|places"]))
def test_a_figure_is_shown_the_short_way_as_it_is_the_long_way(value, spec):
    def shown(way):
        try:
            return way()
        except texts.NO_TEXT as refused:
            return type(refused)

    long = shown(lambda: format(_worded("walk_m", value, "zh"), spec))
    assert shown(lambda: _shown("walk_m", value, spec, "zh")) == long


@pytest.mark.parametrize(
    ("value", "plain", "one", "grouped"),
    [(1234.5, "1,234.5", "1234.5", "1,234"), (7, "7", "7.0", "7"), (0.125, "0.12", "0.1", "0")],
)
def test_a_figure_has_the_decimals_of_its_format(value, plain, one, grouped):
    told = tuple(_shown("walk_m", value, spec, "zh") for spec in ("", ".1f", ",.0f"))
    assert told == (plain, one, grouped)


@pytest.mark.parametrize(
    "place", ["银川市", "湖北省", "贵州省（2022年）", "江苏省（2022年征求意见稿）"]
)
def test_a_place_is_no_title_of_a_document(place):
    assert titled(place, ZH) == place


@pytest.mark.parametrize("title", ["山东省养老服务条例（2020年）", "《曹县方案》"])
def test_a_title_stands_in_its_marks_once(title):
    plain = title.strip("《》")
    assert (titled(title, ZH), titled(title, EN)) == (f"《{plain}》", plain)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_step_is_no_metres_because_it_is_no_minutes(language):
    """0.0002 m on foot are 0 m and 0.0 minutes: figures of two units need not be told apart."""
    told = {"facility": "F", "walk_m": 0.0002, "walk_min": 3.7e-6, "limit_min": 15.0}
    text = texts.say("reasons", "within_walk", language, **told)
    assert "0.000" not in text
    near = {"facility": "F", "distance_m": 1000.0004, "limit_m": 1000.0}
    assert "1000.0004" in texts.say("reasons", "beyond_radius", language, **near).replace(",", "")
