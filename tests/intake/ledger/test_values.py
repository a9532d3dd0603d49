import datetime as dt
import math

import pytest

from lifecircle.intake.ledger.cells.dates import days_of_year
from lifecircle.intake.ledger.cells.round_figures import interval, round_span
from lifecircle.intake.ledger.values import read_under, read_value, split_serves
from lifecircle.model.dictionary import LAYERS, PROPOSAL_PARTS, columns, kinds, negated
from lifecircle.model.problem import ProblemCode as P
from lifecircle.model.problem import Severity

AREAS, FACILITIES = columns("residential"), columns("facilities")
M2, HOUSEHOLDS, STAR = FACILITIES["floor_area_m2"], AREAS["households"], FACILITIES["star"]


@pytest.mark.parametrize("raw", [None, "", " ", "-", "——", "/", "N/A", "nan", float("nan")])
def test_blank_marks_are_missing_without_a_word(raw):
    for spec in (M2, STAR):
        read = read_value(spec, raw)
        assert math.isnan(read.value)
        assert read.code is None
    assert read_value(FACILITIES["kinds"], raw).value == frozenset()
    assert read_value(FACILITIES["name"], raw).value is None


@pytest.mark.parametrize(
    ("spec", "raw", "value"),
    [
        (M2, "200", 200),
        (M2, 200, 200),
        (M2, 12.5, 12.5),
        (M2, "1e3", 1000),
        (M2, "0", 0),
        (STAR, "3", 3),
        (FACILITIES["lon"], "-0.12", -0.12),
        (AREAS["built_year"], dt.datetime.fromisoformat("2005-06-01"), 2005),
    ],
)
def test_plain_numbers(spec, raw, value):
    read = read_value(spec, raw)
    assert (read.value, read.code) == (value, None)


@pytest.mark.parametrize(
    ("spec", "raw", "value"),
    [
        (M2, "1,200", 1200),
        (M2, "345,678.5", 345678.5),
        (M2, "２００", 200),
        (M2, "约200", 200),
        (M2, "200平米", 200),
        (M2, "200㎡左右", 200),
        (M2, "200余平方米", 200),
        (M2, "200平", 200),
        (M2, "200个平方", 200),
        (M2, "200（㎡）", 200),
        (M2, "200m^2", 200),
        (M2, "约200多平", 200),
        (M2, "大概200上下", 200),
        (M2, "≈200", 200),
        (M2, "～200平", 200),
        (M2, "1.2万平", 12000),
        (HOUSEHOLDS, "500(户)", 500),
        (M2, "1.2万", 12000),
        (M2, "1.2万㎡", 12000),
        (HOUSEHOLDS, "1,200户", 1200),
        (FACILITIES["beds"], "50张", 50),
        (STAR, "三星级", 3),
        (STAR, "未评定", 0),
        (AREAS["built_year"], "2005年", 2005),
        (AREAS["built_year"], "2005年6月", 2005),
        (AREAS["built_year"], "2005-06", 2005),
        (AREAS["built_year"], "2005年6月1号", 2005),
        (AREAS["built_year"], "20050601", 2005),
        (AREAS["built_year"], 20050601.0, 2005),
        (AREAS["built_year"], "2005年竣工", 2005),
        (AREAS["built_year"], "约2005年", 2005),
        (AREAS["built_year"], "约2005年底", 2005),
        (AREAS["built_year"], "1999年底", 1999),
        (AREAS["built_year"], "1999年底建成", 1999),
        (AREAS["built_year"], "1999年初", 1999),
        (AREAS["built_year"], "１９９９年末", 1999),
        (AREAS["built_year"], "2008年上半年竣工", 2008),
        (FACILITIES["opened_year"], "2008年上半年", 2008),
        (FACILITIES["opened_year"], "2023年三季度", 2023),
        (FACILITIES["opened_year"], "2023年第4季度", 2023),
        (FACILITIES["lon"], "116.31°E", 116.31),
    ],
)
def test_numbers_read_with_goodwill_say_so(spec, raw, value):
    read = read_value(spec, raw)
    assert read.value == pytest.approx(value, rel=1e-15)
    assert (read.code, read.severity) == (P.NUMBER_READ_AS, Severity.INFO)
    told = str(value) if spec.name.endswith("_year") else read.value  # 2026, not 2,026
    assert read.params == {"read": told}


@pytest.mark.parametrize(
    ("spec", "raw"),
    [
        (M2, "很大"),
        (M2, "200～"),
        (M2, "100-500"),  # five times as much: nothing is known
        (M2, "220-180"),
        (HOUSEHOLDS, "1-2"),  # buildings
        (STAR, "2-3"),
        (M2, "200（含地下50）"),
        (M2, "200/300"),
        (M2, "3亩"),
        (M2, "200户"),
        (M2, "1,20"),
        (M2, "无"),
        (M2, "inf"),
        (M2, float("inf")),
        (M2, "1e999"),
        (M2, True),
        (M2, dt.datetime.fromisoformat("2005-06-01")),
        (STAR, "2.5"),
        (AREAS["built_year"], "20051301"),
        (AREAS["built_year"], "2005年开工"),
        (AREAS["built_year"], "2025年前"),
        (AREAS["built_year"], "2005年五季度"),
        (AREAS["built_year"], "2015-2024年"),
        (AREAS["built_year"], 98),
    ],
)
def test_what_is_no_number_is_missing_and_said(spec, raw):
    read = read_value(spec, raw)
    assert math.isnan(read.value)
    assert (read.code, read.severity) == (P.NUMBER_UNREADABLE, Severity.WARNING)


@pytest.mark.parametrize(
    ("spec", "raw", "span"),
    [
        (M2, "180-220", (200, 180, 220)),
        (M2, "180～220㎡", (200, 180, 220)),
        (M2, "约180至220平", (200, 180, 220)),
        (M2, "1.2-1.5万㎡", (13500, 12000, 15000)),
        (HOUSEHOLDS, "300户-351户", (325, 300, 351)),
        (M2, "75以上", (75, 75, 750)),
        (M2, "超过75平", (75, 75, 750)),
        (M2, "75平以内", (75, 7.5, 75)),
        (M2, "不足75平", (74.99, 7.5, 74.99)),  # never 75
        (HOUSEHOLDS, "不足500户", (499, 50, 499)),
        (FACILITIES["beds"], "20-30张", (25, 20, 30)),
        (M2, "约200", None),
    ],
)
def test_a_range_or_a_limit_is_no_figure_of_a_column(spec, raw, span):
    """Nobody has counted: of a part in a record it is what the part lies between, else unknown."""
    assert interval(raw, spec.unit) == span
    code = P.NUMBER_UNREADABLE if span else P.NUMBER_READ_AS
    assert read_value(spec, raw).code == code


def test_planning_conditions_that_set_a_limit_ask_for_it():
    told = read_value(AREAS["required_m2"], "不少于300")
    assert (told.value, told.code) == (300, P.NUMBER_READ_AS)
    assert round_span(AREAS["required_m2"], "不少于300", told.value) is None


@pytest.mark.parametrize(
    ("written", "months"),
    [
        *((f"2023年{half}半年", months) for half, months in (("上", (1, 6)), ("下", (7, 12)))),
        *((f"2023年{n}季度", (3 * k + 1, 3 * k + 3)) for k, n in enumerate("一二三四")),
        *((f"2023年第{n}季度", (3 * n - 2, 3 * n)) for n in range(1, 5)),
        *((f"2023年{part}", None) for part in ("度", "")),  # any day of it
        *((f"2023年{part}", (10, 12)) for part in ("底", "末", "年底")),
        ("2023年初", (1, 3)),
        *((f"约2023年{part}", None) for part in ("底", "三季度")),
    ],
)
def test_a_year_told_by_a_part_of_it_is_known_and_its_days_too(written, months):
    spec = AREAS["built_year"]
    assert read_value(spec, written).value == 2023
    span = (2021, 2025) if written.startswith("约") else None  # two years to either side
    assert round_span(spec, written, 2023) == span
    days = days_of_year(spec, written)
    told = None if days is None else (days.first.month, days.last.month)
    assert told == months


@pytest.mark.parametrize("raw", [-5, "-5", "-5户", "－５"])
def test_a_negative_number_never_counts(raw):
    read = read_value(HOUSEHOLDS, raw)
    assert math.isnan(read.value)
    assert (read.code, read.severity) == (P.NUMBER_NEGATIVE, Severity.ERROR)


@pytest.mark.parametrize(
    ("raw", "value", "code"),
    [
        ("370828001001", "370828001001", None),
        (370828001001, "370828001001", None),
        ("３７０８２８００１", "370828001", None),
        (370828001001.0, "370828001001", P.CODE_FLOAT),
        ("370828001001.0", "370828001001", P.CODE_FLOAT),
        ("3.70828001001E+11", "370828001001", P.CODE_FLOAT),
        ("3.70828E+11", None, P.CODE_FLOAT),
        ("东关社区", "东关社区", None),
    ],
)
def test_codes_keep_their_digits(raw, value, code):
    read = read_value(FACILITIES["community"], raw)
    assert (read.value, read.code) == (value, code)
    if code:
        assert (read.severity, read.params) == (Severity.WARNING, {"read": value})


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("2025-12-31", dt.date(2025, 12, 31)),
        ("2025/1/2", dt.date(2025, 1, 2)),
        ("2025年1月2日", dt.date(2025, 1, 2)),
        ("2025年1月2号", dt.date(2025, 1, 2)),
        ("20250102", dt.date(2025, 1, 2)),
        ("20250102.0", dt.date(2025, 1, 2)),
        (20250102.0, dt.date(2025, 1, 2)),
        (dt.datetime.fromisoformat("2025-01-02T03:00"), dt.date(2025, 1, 2)),
        (dt.date(2025, 1, 2), dt.date(2025, 1, 2)),
        ("二〇二五年一月二日", dt.date(2025, 1, 2)),
        ("二零二四年二月二十九日", dt.date(2024, 2, 29)),
        ("二〇二五年十二月三十一日", dt.date(2025, 12, 31)),
        # GIS files keep hours in UTC: the day is the one that it is in China
        ("2025-01-01T16:00:00Z", dt.date(2025, 1, 2)),
        ("2025-01-01 16:00:00+00:00", dt.date(2025, 1, 2)),
        ("2025-01-01T15:59:59.999Z", dt.date(2025, 1, 1)),
        ("2025-01-02T00:00:00+0800", dt.date(2025, 1, 2)),
        (dt.datetime.fromisoformat("2025-01-01T16:00:00+00:00"), dt.date(2025, 1, 2)),
        (dt.datetime.fromisoformat("2025-01-02T00:00:00+08:00"), dt.date(2025, 1, 2)),
    ],
)
def test_dates(raw, value):
    read = read_value(columns("exemptions")["until"], raw)
    assert (read.value, read.code) == (value, None)


@pytest.mark.parametrize("raw", [1735747200000, "1735747200000.0", 1735833599999])
def test_milliseconds_of_arcgis_are_the_day_in_china(raw):
    """2025-01-01T16:00Z is 20 089 days and 16 hours after 1970: the midnight of 2 January here."""
    read = read_value(columns("residential")["condition_on"], raw)
    assert (read.value, read.code) == (dt.date(2025, 1, 2), P.DATE_READ_AS)


def test_a_year_with_a_naught_behind_it_is_no_month():
    read = read_value(columns("residential")["condition_on"], "2023.0")
    assert str(read.value) == "2023-01-01/2023-12-31"


def test_the_year_of_an_hour_is_the_one_in_china():
    moment = dt.datetime.fromisoformat("2004-12-31T16:00:00+00:00")
    assert read_value(AREAS["built_year"], moment).value == 2005


@pytest.mark.parametrize("raw", [2025, 2025.0, "2025", "2025.0", "2025年"])
def test_a_last_day_that_is_a_year_is_its_last(raw):
    read = read_value(columns("exemptions")["until"], raw)
    assert (read.value, read.code) == (dt.date(2025, 12, 31), P.DATE_READ_AS)


@pytest.mark.parametrize(
    "raw",
    [
        "2025-13-01",
        "三年",
        "二〇二五年二月三十日",
        "2025-02-30T16:00:00Z",
        2025.1,  # January or October
        4500,
        "2025-01-01至2026-01-01",
    ],
)
def test_what_is_no_date(raw):
    read = read_value(columns("exemptions")["until"], raw)
    assert (read.value, read.code) == (None, P.DATE_UNREADABLE)


@pytest.mark.parametrize(
    ("raw", "value", "code", "params"),
    [
        ("日间照料中心、助老食堂", {"day_care", "canteen"}, None, {}),
        ("day_care;canteen", {"day_care", "canteen"}, None, {}),
        ("其他", {"other"}, None, {}),
        ("日间照顾中心", {"other"}, P.KIND_UNKNOWN, {"nearest": "日间照料中心"}),
        ("xyz", {"other"}, P.KIND_UNKNOWN, {"nearest": None}),
        # a home that serves several towns is a home: the county's own says 县
        ("中心敬老院", {"care_home"}, None, {}),
        ("鲁桥镇中心敬老院", {"care_home"}, None, {}),
        ("县级中心敬老院", {"county_centre"}, None, {}),
        ("县级敬老院", {"county_centre"}, None, {}),
        # the centre of a community, of a street or town, of several, of the county
        ("社区综合养老服务中心", {"community_station"}, None, {}),
        ("东关社区综合养老服务中心", {"community_station"}, None, {}),
        ("街道综合养老服务中心", {"township_centre"}, None, {}),
        ("区域性中心敬老院", {"regional_centre"}, None, {}),
        ("县级综合养老服务中心", {"county_centre"}, None, {}),
    ],
)
def test_kinds(raw, value, code, params):
    read = read_value(FACILITIES["kinds"], raw)
    assert (read.value, read.code, dict(read.params)) == (value, code, params)


@pytest.mark.parametrize(
    ("spec", "raw", "value", "code"),
    [
        (FACILITIES["stage"], "正常运营", "in_use", None),
        (FACILITIES["stage"], "正常运营了", None, P.STAGE_UNKNOWN),
        (AREAS["setting"], 111, "urban", None),
        (AREAS["setting"], 220.0, "rural", None),
        (AREAS["setting"], "郊区", None, P.WORD_UNKNOWN),
        (AREAS["age_class"], "老旧小区", "old", None),
        (AREAS["age_class"], "是", "new", None),  # under 是否新建
        (AREAS["age_class"], "否", "existing", None),
        (FACILITIES["qualified"], "是", True, None),
        (FACILITIES["qualified"], 0, False, None),
        (FACILITIES["qualified"], True, True, None),
        (FACILITIES["qualified"], "部分", None, P.WORD_UNKNOWN),
    ],
)
def test_words_of_closed_vocabularies(spec, raw, value, code):
    read = read_value(spec, raw)
    assert (read.value, read.code) == (value, code)


@pytest.mark.parametrize(
    ("raw", "nearest"),
    [
        ("停用（2023年）", "停用"),
        ("2023年停用", "停用"),
        ("在建（2025年完工）", "在建"),
        ("在建，预计2025年12月完工", "在建"),
        # which of the two holds, or that it ended, no single word says
        ("运营（2024年1月停用）", None),
        ("运营至2023年", None),
    ],
)
def test_a_stage_with_a_date_is_asked_about_by_its_word(raw, nearest):
    # the day it holds from may lie after the day that is judged
    read = read_value(FACILITIES["stage"], raw)
    assert (read.value, read.code) == (None, P.STAGE_UNKNOWN)
    assert read.params["nearest"] == nearest


def test_the_nearest_stage_is_named():
    assert read_value(FACILITIES["stage"], "正常运营了").params == {"nearest": "正常运营"}


@pytest.mark.parametrize(
    ("raw", "value"),
    [(3, "3"), (3.0, "3"), (" 甲  乙 ", "甲 乙"), ("甲\x00乙", "甲乙"), ("=1+1", "=1+1")],
)
def test_text_is_data(raw, value):
    assert read_value(FACILITIES["name"], raw).value == value


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("R03:60；R04", [("R03", "60"), ("R04", None)]),
        (
            "R03：60㎡、东园,西园，南园|北园",
            [("R03", "60㎡"), ("东园", None), ("西园", None), ("南园", None), ("北园", None)],
        ),
        ("101,102,103", [("101", None), ("102", None), ("103", None)]),
        ("R03:1,200；R04", [("R03", "1,200"), ("R04", None)]),
        ("；；", []),
    ],
)
def test_served_areas(text, parts):
    assert split_serves(text) == parts


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        ("closed", "歇业 停业 停用 已停用 关停 已关闭 撤销 暂停运营 已拆除 停止运营"),
        ("planned", "筹建 拟建 筹建中 待建"),
        ("idle", "闲置 已闲置"),
        ("misused", "改作他用 已改作他用"),
        ("in_use", "已投用 已投入使用"),
        ("in_use", "正常 营业 营业中 正常营业 正在运营 投入运营 建成投用 已开业"),
        ("in_use", "部分入住"),
        ("handed_over", "已竣工交付"),
        ("under_construction", "在建中 正在建设"),
        ("planned", "未建"),
        ("under_construction", "已封顶 主体完工"),
        ("closed", "已取缔 已拆"),
        # in use by the doors, not by the paper; rooms that count, perhaps: a person says
        (None, "试运营 未启用 未投用 未运营 停业整顿 试营业 未营业 装修中"),
    ],
)
@pytest.mark.parametrize("spec", [FACILITIES["stage"], AREAS["stage"]])
def test_words_of_stages(spec, stage, said):
    assert [read_value(spec, word).value for word in said.split()] == [stage] * len(said.split())


@pytest.mark.parametrize(
    ("spec", "value", "said"),
    [
        (FACILITIES["registered"], True, "已备案 符合 ✓ ☑ 已达标 已签约"),
        (FACILITIES["registered"], True, "已印发 已出台 已制定 已编制 已开展"),
        (FACILITIES["registered"], False, "未印发 未出台 未制定 未编制 未开展"),
        (FACILITIES["registered"], False, "没有 不达标 未备案 不符合 未签约 ✗"),
        (FACILITIES["registered"], None, "部分 正在办理 拟备案 待定 X"),  # X: ticked, or none
        (AREAS["setting"], "urban", "城区 县城 镇区 城市社区 主城区"),
        (AREAS["setting"], "rural", "农村社区 村庄"),
        (AREAS["setting"], None, "乡镇 城中村 城乡结合部"),
        (AREAS["age_class"], "existing", "存量 已建成居住区"),
        (AREAS["age_class"], "old", "老小区"),
        (AREAS["age_class"], None, "次新 回迁 在建"),
        (AREAS["stage"], "handed_over", "交付使用 已交房"),
        (FACILITIES["stage"], None, "交付使用 已交房"),  # whether it serves it does not say
    ],
)
def test_words_that_ledgers_have(spec, value, said):
    assert [read_value(spec, word).value for word in said.split()] == [value] * len(said.split())


@pytest.mark.parametrize(
    "sign", ["未", "非", "不", "无", "没有", "停", "暂停", "待", "已停止", "尚未"]
)
@pytest.mark.parametrize("word", ["运营", "使用", "入住", "验收", "移交", "开放", "在用"])
def test_the_opposite_is_never_proposed(sign, word):
    read = read_value(FACILITIES["stage"], sign + word)
    nearest = read.params.get("nearest")
    assert read.value in {None, "idle", "closed"}
    assert nearest is None or negated(nearest)


def test_a_word_that_denies_nothing_has_no_denial_proposed():
    assert read_value(FACILITIES["stage"], "试运营").params == {"nearest": "运营", "trial": True}
    assert read_value(FACILITIES["stage"], "使用了").params == {"nearest": "使用"}
    assert read_value(FACILITIES["kinds"], "非敬老园").params == {"nearest": None}
    assert not negated("under_construction")
    assert negated("not in use")
    assert negated("unused")


HOME, DAY = frozenset({"nursing_institution"}), frozenset({"day_care"})


@pytest.mark.parametrize(
    ("raw", "kinds", "named", "over"),
    [
        ("养老院s", HOME, "养老院", "s"),
        ("2养老院", HOME, "养老院", "2"),
        ("养老院食堂", HOME, "养老院", "食堂"),
        ("敬老院改建日间照料中心", DAY, "日间照料中心", "敬老院、改建"),
    ],
)
def test_what_stands_beside_a_kinds_name_is_told(raw, kinds, named, over):
    read = read_value(FACILITIES["kinds"], raw)
    assert (read.value, read.code, read.severity) == (kinds, P.KIND_READ_AS, Severity.INFO)
    assert read.params == {"named": named, "over": over}


@pytest.mark.parametrize(
    "raw",
    [
        "养老院？",
        "日间照料中心?",
        "疑似日间照料中心",
        "可能是助老食堂",
        "日间照料中心（存疑）",
        "日间照料中心待核实",
    ],
)
def test_a_kind_that_is_doubted_is_not_known(raw):
    read = read_value(FACILITIES["kinds"], raw)
    assert (read.value, read.code) == (frozenset({"other"}), P.KIND_UNKNOWN)


@pytest.mark.parametrize(
    "raw", ["儿童福利院", "曹县儿童社会福利院", "残疾人日间照料中心", "幼儿日间照料中心"]
)
def test_a_house_for_others_is_no_kind_of_ours(raw):
    read = read_value(FACILITIES["kinds"], raw)
    assert (read.value, read.code) == (frozenset({"other"}), P.KIND_UNKNOWN)


@pytest.mark.parametrize(
    ("raw", "kinds"),
    [
        ("社会福利院", HOME),
        ("护养院", HOME),
        ("养老驿站", frozenset({"community_station"})),
        ("日照中心", DAY),
        ("长者餐厅", frozenset({"canteen"})),
        ("东关镇养老院", HOME),  # a place
        ("养老机构（民办）", HOME),  # who runs it
        ("生活服务;养老院", HOME),  # a map's classes
        ("日间照料中心服务点", DAY),
        ("日间照料中心二期", DAY),
        ("养老院、日间照料中心", HOME | DAY),
        ("day_care", DAY),
        ("原种场日间照料中心", DAY),
        ("日间照料中心（非养老机构）", DAY),  # a kind that is denied is none
        ("日间照料中心、康复理疗、助浴", DAY),  # what is done there is no kind
        ("日间照料、日托、短托、护理、心理慰藉", DAY),
        ("日间照料中心；文化活动", DAY),
        ("助老食堂、助餐", {"canteen"}),  # nor is it doubtful where the kind is named
        ("日间照料中心（不含助餐）", DAY),
    ],
)
def test_what_is_no_part_of_a_kind_is_not(raw, kinds):
    read = read_value(FACILITIES["kinds"], raw)
    assert (read.value, read.code) == (kinds, None)


@pytest.mark.parametrize(
    "turned", ["改为", "转为", "改建为", "改造为", "变更为", "，现为", "后改成"]
)
def test_what_a_house_was_is_told_and_not_counted(turned):
    """A 敬老院 stays one beside what it was turned into (A38); what is only planned is not yet."""
    read = read_value(FACILITIES["kinds"], f"日间照料中心{turned}助老食堂")
    assert (read.value, read.code) == (frozenset({"canteen"}), P.KIND_READ_AS)
    assert "日间照料中心" in read.params["over"]
    read = read_value(FACILITIES["kinds"], f"敬老院{turned}区域性养老服务中心")
    assert read.value == frozenset({"care_home", "regional_centre"})
    read = read_value(FACILITIES["kinds"], f"日间照料中心{turned}超市")
    assert (read.value, read.code) == (frozenset({"other"}), P.KIND_UNKNOWN)


@pytest.mark.parametrize(
    ("raw", "kinds"),
    [
        ("助老食堂（原日间照料中心）", {"canteen"}),
        ("助老食堂（由日间照料中心改建）", {"canteen"}),
        ("区域性养老服务中心（原敬老院）", {"care_home", "regional_centre"}),
        ("日间照料中心拟改为助老食堂", DAY),
        ("日间照料中心兼助老食堂", DAY | {"canteen"}),
        ("日间照料中心提升为街道综合养老服务中心", DAY | {"township_centre"}),
        # a 敬老院 stays one as a centre or a home (A38), and is none as a canteen
        ("敬老院改为助老食堂", {"canteen"}),
        ("原敬老院，现日间照料中心", DAY),
        ("敬老院改为食堂", {"other"}),
        ("区域性养老服务中心（前身为敬老院）", {"care_home", "regional_centre"}),
        ("由日间照料中心改造为助餐点", {"canteen"}),
        ("原日间照料中心现助餐点", {"canteen"}),
        ("日间照料中心→助餐点", {"canteen"}),
        ("日间照料中心已改助老食堂", {"canteen"}),
        ("助老食堂（前身为日间照料中心）", {"canteen"}),
        ("助老食堂（日间照料中心改造）", {"canteen"}),
        ("利用原日间照料中心改建的助老食堂", {"canteen"}),
        ("敬老院旧址改建日间照料中心", DAY),
        ("日间照料中心与助老食堂合并为综合养老服务中心", {"township_centre"}),
        ("日间照料中心改食堂", {"other"}),
        # what is to be added is not there, nor what is no more
        ("日间照料中心（拟改助老食堂）", DAY),
        ("日间照料中心（计划增设助老食堂）", DAY),
        ("日间照料中心（助老食堂在建）", DAY),
        ("日间照料中心（助老食堂已停用）", DAY),
        ("日间照料中心（已取消助老食堂）", DAY),
        # works, places and what there is say nothing of another kind
        ("日间照料中心改造", DAY),
        ("日间照料中心（改造提升）", DAY),
        ("敬老院改建", {"care_home"}),
        ("日间照料中心（现有助老食堂）", DAY | {"canteen"}),
        ("助老食堂、高原日间照料中心", DAY | {"canteen"}),
        ("日间照料中心（规划路助老食堂）", DAY | {"canteen"}),
    ],
)
def test_what_a_house_is_besides_or_is_to_be(raw, kinds):
    assert read_value(FACILITIES["kinds"], raw).value == kinds


@pytest.mark.parametrize(
    ("raw", "kinds", "named", "over"),
    [
        ("日间照料中心、孝善食堂", DAY, "日间照料中心", "孝善食堂"),
        ("日间照料中心、全托", DAY, "日间照料中心", "全托"),  # perhaps a home
        (
            "敬老院、孝善食堂、东街日间照料中心",
            DAY | {"care_home"},
            "敬老院、日间照料中心",
            "孝善食堂",
        ),
    ],
)
def test_an_item_of_a_list_that_nobody_knows_may_be_any_kind(raw, kinds, named, over):
    read = read_value(FACILITIES["kinds"], raw)
    told = kinds | {"other"}
    assert (read.value, read.code, read.severity) == (told, P.KIND_LISTED, Severity.WARNING)
    assert read.params == {"named": named, "over": over}


@pytest.mark.parametrize(
    ("raw", "services"),
    [
        ("日间照料中心、助餐", "助餐"),
        ("助餐+日间照料中心、助浴", "助餐"),
        ("日间照料中心（含助餐、配餐）", "助餐、配餐"),
        ("日间照料中心兼送餐服务", "送餐"),
    ],
)
def test_meals_beside_a_kind_are_a_canteen_or_a_service_of_the_house(raw, services):
    read = read_value(FACILITIES["kinds"], raw)
    told = (DAY | {"meals"}, P.KIND_PERHAPS, Severity.INFO)
    assert (read.value, read.code, read.severity) == told
    assert read.params == {"services": services}


@pytest.mark.parametrize("raw", ["助餐", "助餐、助浴"])
def test_meals_alone_name_no_kind(raw):
    read = read_value(FACILITIES["kinds"], raw)
    assert (read.value, read.code) == ({"other"}, P.KIND_UNKNOWN)


@pytest.mark.parametrize(
    "raw",
    [
        "敬老院、东街日间照料中心",
        "曹县、敬老院",
        "养老机构、公办",
        "养老机构/公建民营",
        "日间照料中心、敬老院等",
    ],
)
def test_a_place_an_owner_and_a_known_kind_are_no_items_passed_over(raw):
    assert read_value(FACILITIES["kinds"], raw).code is None


@pytest.mark.parametrize("raw", ["非养老机构", "不是敬老院", "不含日间照料中心", "原日间照料中心"])
def test_a_kind_that_is_denied_is_unknown(raw):
    read = read_value(FACILITIES["kinds"], raw)
    assert (read.value, read.code) == (frozenset({"other"}), P.KIND_UNKNOWN)


def test_a_letter_put_to_any_name_of_a_kind_is_told():
    for spec in kinds().values():
        for name in () if spec.perhaps else spec.aliases:
            for raw in (f"{name}s", f"x{name}"):
                if raw in spec.aliases:
                    continue  # several of an English name
                read = read_value(FACILITIES["kinds"], raw)
                assert (read.value, read.code) == ({spec.key}, P.KIND_READ_AS), raw


@pytest.mark.parametrize(
    ("layer", "header", "field"),
    [
        ("residential", "竣工时间", "built_year"),
        ("residential", "建筑年代", "built_year"),
        ("facilities", "投用时间", "opened_year"),
        ("facilities", "建成投用时间", "opened_year"),
    ],
)
def test_a_year_under_the_heading_of_a_date(layer, header, field):
    (spec,) = [spec for spec in columns(layer).values() if header in spec.aliases]
    assert spec.name == field
    assert read_value(spec, "2021.5.1").value == 2021
    assert read_value(spec, "2019年3月").value == 2019


@pytest.mark.parametrize(
    ("raw", "value", "known"),
    [
        ("租赁", "租赁", True),
        ("Leased", "租赁", True),
        ("handed over", "移交", True),
        ("无偿移交", "移交", True),
        ("购买", "购置", True),
        ("划拨", "划拨", False),  # a document may call it so: kept, and asked
        ("租赁、自建", "租赁、自建", False),
    ],
)
def test_how_rooms_are_held_is_a_word_in_both_languages(raw, value, known):
    read = read_value(FACILITIES["tenure"], raw)
    assert (read.value, read.code is None) == (value, known)


@pytest.mark.parametrize(
    ("raw", "spec", "number"),
    [
        ("about 300", HOUSEHOLDS, 300),
        ("approx. 1,250 households", HOUSEHOLDS, 1250),
        ("~300", HOUSEHOLDS, 300),
        ("320 sq m", M2, 320),
        ("320 square metres", M2, 320),
        ("60 beds", FACILITIES["beds"], 60),
        ("about", HOUSEHOLDS, None),
        ("300 beds", HOUSEHOLDS, None),  # of something else
        ("3 acres", M2, None),
    ],
)
def test_english_figures_are_read_with_the_goodwill_of_chinese_ones(raw, spec, number):
    read = read_value(spec, raw)
    if number is None:
        assert (math.isnan(read.value), read.code) == (True, P.NUMBER_UNREADABLE)
    else:
        assert (read.value, read.code) == (number, P.NUMBER_READ_AS)
        round_ = raw.startswith(("about", "approx", "~"))
        assert (round_span(spec, raw, number) is not None) == round_


@pytest.mark.parametrize(
    ("spec", "raw", "span"),
    [
        (HOUSEHOLDS, "约200", (190, 210)),
        (HOUSEHOLDS, "200户左右", (190, 210)),
        (HOUSEHOLDS, "大概200上下", (190, 210)),
        (HOUSEHOLDS, "～200户", (190, 210)),
        (HOUSEHOLDS, "近200户", (190, 200)),  # fewer than that, and not many
        (HOUSEHOLDS, "将近200", (190, 200)),
        (HOUSEHOLDS, "nearly 200 households", (190, 200)),
        (HOUSEHOLDS, "200余户", (200, 299)),  # never fewer; of 300 one says 300
        (HOUSEHOLDS, "200多户", (200, 299)),
        (HOUSEHOLDS, "200户余", (200, 299)),
        (HOUSEHOLDS, "200+", (200, 299)),
        (HOUSEHOLDS, "250余户", (250, 259)),
        (HOUSEHOLDS, "1,200余户", (1200, 1299)),
        (HOUSEHOLDS, "1000余户", (1000, 1999)),
        (HOUSEHOLDS, "1.2万余户", (12000, 12999)),
        (HOUSEHOLDS, "约200余户", (190, 299)),
        (HOUSEHOLDS, "近200余户", (190, 299)),
        (M2, "200余平方米", (200, 299.99)),
        (M2, "200.5余", (200.5, 200.59)),
        (HOUSEHOLDS, "200户", None),
        (HOUSEHOLDS, "1,200", None),
        (HOUSEHOLDS, 200, None),
        (AREAS["built_year"], "约2005年", (2003, 2007)),
        (AREAS["built_year"], "近2010年", (2008, 2010)),
    ],
)
def test_between_what_the_exact_one_of_a_round_figure_lies(spec, raw, span):
    read = read_value(spec, raw).value
    found = round_span(spec, raw, read)
    assert found == (span if span is None else pytest.approx(span))


@pytest.mark.parametrize("spec", [HOUSEHOLDS, FACILITIES["beds"]])
@pytest.mark.parametrize(
    ("cell", "factor", "asked"),
    [
        (500.5, 1.0, True),
        ("500.5", 1.0, True),
        (500, 1.0, False),
        (500.0, 1.0, False),
        (0.05005, 10_000.0, True),  # 500.5 of 万户
        (0.0123, 10_000.0, False),  # 123.00000000000001 is 123
        (1, 1.0, False),
    ],
)
def test_a_count_with_a_part_of_one_is_asked_about_and_used(spec, cell, factor, asked):
    read = read_value(spec, cell, factor)
    assert read.value == pytest.approx(float(cell) * factor)
    assert (read.code, read.severity) == (P.NUMBER_PARTED if asked else None, Severity.WARNING)


def test_square_metres_may_have_parts():
    assert read_value(M2, 12.5).code is None


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        *dict.fromkeys(("民办", "民办非企业", "社会力量举办", "是"), True).items(),
        *dict.fromkeys(("公办", "公建公营", "否"), False).items(),
        # owned by the public and run by others, or a word that says neither: not for us to say
        *dict.fromkeys(("公建民营", "公办民营", "嵌入式"), None).items(),
    ],
)
def test_who_runs_a_house_is_read_from_its_nature(raw, value):
    """机构性质 says 民办 or 公办, as civil affairs' ledgers do, where WS-12 asks 是否民办."""
    read = read_value(FACILITIES["private"], raw)
    assert (None if read.value is None else bool(read.value)) is value
    assert (read.code is None) is (value is not None)
    offered = read.params.get("allowed", [])
    assert offered == ([] if read.code is None else ["是", "true", "否", "false", "民办", "公办"])


_KINDS = ("age_class", "setting", "stage", "tenure", "kinds")


@pytest.mark.parametrize("answer", ["是", "否", "有", "无", "√", "×", "yes", "no", "1", "0"])
def test_a_yes_under_a_header_that_names_a_kind_is_told_as_none(answer):
    """是 under 类别 is no 新建: only a header that asks (是否新建) is answered by it."""
    for layer in (*LAYERS, *PROPOSAL_PARTS):
        for spec in columns(layer).values():
            named = [h for h in spec.aliases if "是否" not in h]
            if spec.name == "private":
                named = [h for h in named if h.endswith("性质")]
            elif spec.type not in _KINDS:
                continue
            for header in named:
                assert read_under(spec, header, answer).code is not None, (layer, header)


@pytest.mark.parametrize(
    ("header", "cell", "expected"),
    [("类别", "是", None), ("小区性质", "否", None), ("是否新建", "是", "new"),
     ("是否为新建小区", "否", "existing"), ("类别", "非新建", "existing")],
)  # fmt: skip
def test_yes_answers_only_who_asks(header, cell, expected):
    assert read_under(columns("residential")["age_class"], header, cell).value == expected
