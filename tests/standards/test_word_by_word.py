"""Clauses read word by word: whom they speak of, and what of them, by the grammar of the document.

Each line is read off the quote by hand. 养老机构 is one set; a centre is one by its beds.
"""

from __future__ import annotations

import datetime as dt

import pytest

from lifecircle.model.dictionary import INSTITUTIONS
from lifecircle.standards import library, read_form, read_standard
from lifecircle.texts import say

SETS = (INSTITUTIONS,)
CENTRES = ("regional_centre", "township_centre")

CLAUSES = {
    # 养老机构…率: all of them, the centres with beds too (A16)
    "weishan-2023": {
        "WS-13": {"kinds": SETS},
        "WS-14": {"kinds": SETS},
        "WS-15": {"kinds": SETS},
        "WS-16": {"kinds": SETS},
        "WS-27": {"kinds": SETS},
        "WS-32": {"kinds": SETS},
        # 未设立医疗机构的，…签约率: of those without a clinic, with a contract alone
        "WS-18": {"kinds": SETS, "without": ("has_clinic",), "all_of": ("medical_contract",)},
        # 民办养老机构设置失智专区: of the private ones
        "WS-12": {"kinds": SETS, "among": ("private",), "all_of": ("dementia_zone",)},
        # 配建率: whatever has countable rooms
        "WS-03": {"kinds": ("group:community",), "countable_m2": True},
        "WS-30b": {"kinds": ("group:community",), "countable_m2": True},
        # 县级综合养老服务中心
        "WS-01": {"kinds": ("county_centre",)},
        # 全部敬老院
        "WS-29": {"kinds": ("care_home",), "star_at_least": 2},
        # 保障片区内特困人员集中供养: each host's beds against its district's people
        "WS-09c": {"kinds": ("regional_centre",), "demand": "tekun", "value": 100.0},
        # 村（社区）层面，社区养老服务设施 … 社区老年人日间照料中心、农村幸福院和社区服务站: the
        # three are what the sentence means; the rate is of communities (A26)
        "WS-10": {
            "kinds": ("day_care", "community_station", "happiness_home"),
            "where": {"unit_level": ("community",), "unit_type": ("community",)},
        },
        # 配建达标率: SD-01 for new areas, a facility at all for the others (A12)
        "WS-30": {"clauses": ("SD-01", "WS-30b"), "comparison": "=", "value": 100.0},
        # 区域性养老服务中心或乡镇综合养老服务中心, 达到标准的
        "WS-28": {"kinds": CENTRES, "qualified": True},
    },
    "caoxian-2023": {
        "CX-10": {"kinds": SETS},
        "CX-11": {"kinds": SETS, "deadline": None},
        "CX-12": {"deadline": None},
        # two plans compiled; no day is set, and 纳入总体规划 is not in the clause's words
        "CX-13": {
            "deadline": None,
            "items": ("elderly_care_plan", "layout_plan"),
            "comparison": ">=",
            "value": 2.0,
        },
        "CX-16": {"kinds": SETS},
    },
    "jinxiang-2023": {
        # 1处…达到二星级的县级特困人员供养机构; 以…为主 is for a person to check
        "JX-11": {
            "kinds": ("county_centre",),
            "star_at_least": 2,
            "comparison": ">=",
            "value": 1.0,
            "deadline": None,
        },
        # 2023年，建设家庭养老床位90张。2025年底前…达到270张以上: two steps, two days
        "JX-16": {
            "field": "family_beds",
            "opened_in": 2023,
            "value": 90.0,
            "deadline": dt.date(2023, 12, 31),
        },
        "JX-16b": {"field": "family_beds", "value": 270.0, "deadline": dt.date(2025, 12, 31)},
        "JX-17": {"kinds": SETS},
        "JX-19": {"kinds": SETS},
        "JX-20": {"kinds": SETS},
        "JX-21": {"kinds": SETS},
        "JX-23": {"kinds": SETS},
    },
    "pingyin-2022": {
        "PY-09": {"kinds": SETS},
        "PY-10": {"kinds": SETS},
        "PY-21": {"kinds": SETS},
        "PY-57": {"kinds": SETS},
        # 老年大学镇级覆盖率: streets and towns are one level
        "PY-30": {
            "kinds": ("elder_university",),
            "where": {"unit_level": ("township",)},
            "comparison": "=",
            "value": 100.0,
        },
        # 新建小区按每千人不少于100平方米: planned people, new areas, no sharing
        "PY-31": {
            "unit": "m2/1000p",
            "comparison": ">=",
            "value": 100.0,
            "where": {"age_class": ("new", "approved"), "setting": ("urban",)},
            "sharing": "none",
        },
        # 农村区域综合性照护中心: in the country alone
        "PY-42": {"kinds": CENTRES, "setting": "rural"},
        # 社区嵌入式医养综合体, 街道（镇）全覆盖: either name of a centre (A22), with medicine
        "PY-45": {"kinds": CENTRES, "any_of": ("has_clinic", "medical_contract")},
    },
}
READ = [(standard, name) for standard, found in CLAUSES.items() for name in found]


@pytest.mark.parametrize(("standard", "name"), READ)
def test_whom_a_clause_speaks_of(standard, name):
    clause = read_standard(standard).clauses[name]
    for what, expected in CLAUSES[standard][name].items():
        holder = clause.versions[0] if what == "value" else clause
        holder = holder if hasattr(holder, what) else clause.options
        assert getattr(holder, what) == expected, what


# 南部片区…3个, 中部片区…4个, 微北片区…4个, 湖西片区…4个乡镇（街道）; codes are those of 2023
DISTRICTS = {
    "WS-20": ("南部片区", "韩庄镇敬老院", {"101", "111", "002"}),
    "WS-21": ("中部片区", "夏镇街道敬老院", {"001", "003", "102", "106"}),
    "WS-22": ("微北片区", "鲁桥镇敬老院", {"107", "104", "108", "103"}),
    "WS-23": ("湖西片区", "赵庙镇敬老院", {"110", "112", "109", "206"}),
}
SEATS = {"WS-20": "101", "WS-21": "001", "WS-22": "104", "WS-23": "109"}
"""韩庄镇, 夏镇街道, 鲁桥镇 and 赵庙镇: each host stands in the unit whose name it has."""


@pytest.mark.parametrize("name", DISTRICTS)
def test_each_district_has_the_units_and_the_host_that_its_sentence_names(name):
    standard = read_standard("weishan-2023")
    clause = standard.clauses[name]
    (district,) = clause.options.districts
    called, host, units = DISTRICTS[name]
    assert (district.name, district.host) == (called, host)
    assert set(district.units) == {f"370826{unit}" for unit in units}
    assert district.host_unit == f"370826{SEATS[name]}"
    assert f"{called}以{host}为依托" in clause.quote
    assert f"{len(units)}个乡镇" in clause.quote
    # beds are asked of the same four (WS-09c)
    assert district in standard.clauses["WS-09c"].options.districts


def test_the_four_districts_are_the_fifteen_units_once_each():
    every = [u for _, _, units in DISTRICTS.values() for u in units]
    assert (len(every), len(set(every))) == (15, 15)
    beds = read_standard("weishan-2023").clauses["WS-09c"].options
    assert len(beds.districts) == 4


@pytest.mark.parametrize(
    ("standard", "name", "reading", "words"),
    [
        ("pingyin-2022", "PY-30", "A41", "街道和镇都算"),
        ("jinxiang-2023", "JX-11", "A42", "由人工核对"),
    ],
)
def test_what_the_words_leave_open_is_printed(standard, name, reading, words):
    choice = read_standard(standard).clauses[name].readings[reading]
    assert words in say("standards", f"reading.{reading}.{choice}", "zh")


def test_py_11_takes_every_house_that_serves_old_people():
    """养老服务机构 is wider than 养老机构: day-care centres are some."""
    clause = read_standard("pingyin-2022").clauses["PY-11"]
    assert {"day_care", "community_station", "happiness_home", *CENTRES} <= set(clause.kinds)


@pytest.mark.parametrize("form", ["weishan", "caoxian"])
def test_the_form_s_institutions_are_the_clauses(form):
    """消防验收, 标准, 登记, 医疗: 养老机构 again, wherever a form has a clause of its own."""
    mine = [
        clause
        for clause in read_form(form).clauses.values()
        if clause.measure in {"facility_share", "count"} and "养老机构" in clause.quote
    ]
    assert mine
    assert {clause.kinds for clause in mine} == {SETS}


def test_whoever_speaks_of_institutions_speaks_of_the_same_ones():
    """养老机构 and their beds: one set in every document and form, but where 敬老院 are told of.

    PY-41: 敬老院 that 达到二级养老机构水平 are the 敬老院.
    """
    files = [read_standard(name) for name in library()]
    files += [read_form(form) for form in ("weishan", "caoxian")]
    told = {
        name: clause.kinds
        for file in files
        for name, clause in file.clauses.items()
        if clause.kinds and ("养老机构" in clause.quote or "护理型床位" in clause.quote)
    }
    assert len(told) >= 20
    assert {name for name, kinds in told.items() if kinds != SETS} == {"PY-41"}
