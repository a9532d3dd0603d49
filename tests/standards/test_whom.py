"""Whom each clause counts, house by house: one ledger, and by hand who of it a clause is about.

The ledger has every kind once, in use and with whatever clauses ask; a centre with beds, without,
and with its beds left blank; a house of unknown kind and one of no kind; and the kind that a
clause is about at every stage. ``COUNTED`` says, clause by clause, which kinds its sentence speaks
of. All else counts nowhere, and a house of which nobody knows is never settled.
"""

from __future__ import annotations

import datetime as dt
import math

import pytest

from lifecircle.model.rules.measures import MEASURES
from lifecircle.outputs.words.wording import Wording
from lifecircle.standards import library, read_standard

DAY = dt.date(2025, 6, 30)

KINDS = {
    "县中心": {"kinds": ["county_centre"]},
    "区域有床": {"kinds": ["regional_centre"], "beds": 30},
    "区域无床": {"kinds": ["regional_centre"], "beds": 0},
    "区域未填": {"kinds": ["regional_centre"]},
    "综合有床": {"kinds": ["township_centre"], "beds": 30},
    "综合无床": {"kinds": ["township_centre"], "beds": 0},
    "综合未填": {"kinds": ["township_centre"]},
    "敬老院": {"kinds": ["care_home"]},
    "养老院": {"kinds": ["nursing_institution"]},
    "日间": {"kinds": ["day_care"]},
    "服务站": {"kinds": ["community_station"]},
    "幸福院": {"kinds": ["happiness_home"]},
    "食堂": {"kinds": ["canteen"]},
    "家庭床位": {"kinds": ["family_bed"]},
    "活动室": {"kinds": ["activity_centre"]},
    "老年大学": {"kinds": ["elder_university"]},
    "学习点": {"kinds": ["learning_point"]},
    "租赁点": {"kinds": ["aid_rental"]},
    "卫生院": {"kinds": ["health_centre"]},
    "卫生室": {"kinds": ["health"]},
    "两类": {"kinds": ["care_home", "township_centre"], "beds": 10},
    "其他": {"kinds": ["other"]},
    "未填": {"kinds": "?"},
}
UNKNOWN = {"其他", "未填"}
STAGES = {
    "规划": "planned",
    "在建": "under_construction",
    "验收": "accepted",
    "移交": "handed_over",
    "闲置": "idle",
    "挪用": "misused",
    "停用": "closed",
    "阶段未填": "?",
}

REGIONAL = {"区域有床", "区域无床", "区域未填"}
TOWNSHIP = {"综合有床", "综合无床", "综合未填", "两类"}
HOMES = {"敬老院", "两类"}
CENTRES = REGIONAL | TOWNSHIP
URBAN, HAPPY = {"日间", "服务站"}, {"幸福院"}
# 养老机构: houses of beds by their kind, centres with beds; beds left blank: may be one (A16)
HOUSES = {"县中心", "区域有床", "综合有床", "两类", "敬老院", "养老院"}
MAYBE = {"区域未填", "综合未填"}
ROOMS = {"日间", "服务站", "食堂", "活动室"}
"""Kinds whose whole floor area serves the community (A10, A16)."""

INSTITUTIONS = (HOUSES, MAYBE)
# 养老服务机构 (PY-11) and 养老服务设施 (PY-50) are wider than 养老机构
SERVING = (HOUSES | MAYBE | CENTRES | URBAN | {"幸福院"}, set())

COUNTED = {
    "weishan-2023": {
        # 县级综合养老服务中心 · 区域性养老服务中心 (not 综合: A22 as named)
        "WS-01": {"县中心"},
        "WS-01b": REGIONAL,
        "WS-09b": REGIONAL,
        # 改造提升…敬老院; a host that has become 区域性养老服务中心 was one (WS-24)
        "WS-09": HOMES | REGIONAL,
        # 敬老院（社区日间照料中心）
        "WS-05": HOMES | {"日间"},
        # 社区日间照料中心、农村幸福院和社区服务站, as the sentence goes on
        "WS-10": URBAN | {"幸福院"},
        "WS-12": INSTITUTIONS,
        "WS-13": INSTITUTIONS,
        "WS-14": INSTITUTIONS,
        "WS-15": INSTITUTIONS,
        "WS-16": INSTITUTIONS,
        "WS-18": INSTITUTIONS,
        "WS-32": INSTITUTIONS,
        # 敬老院…改造提升为区域性养老服务中心 · 敬老院按照…综合养老服务中心职能
        "WS-24": REGIONAL,
        "WS-25": HOMES | TOWNSHIP,
        "WS-28": CENTRES,
        "WS-29": HOMES,
    },
    "caoxian-2023": {
        "CX-10": INSTITUTIONS,
        "CX-11": INSTITUTIONS,
        "CX-14": {"家庭床位"},
        "CX-17": CENTRES,
        # 社区老年人日间照料中心、农村幸福院、社区服务站
        "CX-18": URBAN | {"幸福院"},
        "CX-19": {"食堂"},
    },
    "jinxiang-2023": {
        "JX-11": {"县中心"},
        # 综合养老服务中心 alone is named
        "JX-12": TOWNSHIP,
        "JX-13": TOWNSHIP,
        # 幸福院 and 食堂 stand beside in the sentence
        "JX-14": URBAN,
        "JX-15": {"幸福院"},
        "JX-18": {"卫生院"},
        "JX-19": INSTITUTIONS,
        "JX-20": INSTITUTIONS,
        "JX-21": INSTITUTIONS,
        "JX-23": INSTITUTIONS,
    },
    "pingyin-2022": {
        "PY-02": {"县中心"},
        **dict.fromkeys(("PY-03", "PY-19", "PY-32", "PY-35", "PY-45"), CENTRES),
        "PY-06": URBAN,
        "PY-22": URBAN,
        "PY-35b": {"日间"},
        **dict.fromkeys(("PY-06b", "PY-23", "PY-34", "PY-35c"), HAPPY),
        **dict.fromkeys(("PY-09", "PY-10", "PY-21", "PY-57"), INSTITUTIONS),
        "PY-11": SERVING,
        "PY-12": {"学习点"},
        "PY-30": {"老年大学"},
        "PY-30c": {"租赁点"},
        "PY-38": URBAN | {"食堂"},
        "PY-39": CENTRES,
        # 街道（镇）级养老服务场所: the centres, and 镇级敬老院
        "PY-40": CENTRES | HOMES,
        "PY-58": CENTRES | HOMES,
        "PY-41": HOMES,
        "PY-42": CENTRES,
        "PY-43": URBAN,
        "PY-44": {"幸福院"},
        "PY-47": {"活动室"},
        "PY-50": (SERVING[0] | {"食堂"}, set()),
    },
}
CASES = [(standard, name) for standard, found in COUNTED.items() for name in found]
TAKES = {"count", "facility_share", "unit_coverage", "co_location"}
"""Measures that ask of each house whether it is one."""
BY_TENURE = {"CX-04"}  # asks by what deed rooms are held, of whatever counts for reach
BY_FINDING = {"JX-05"}  # counts areas


def whom(standard, name):
    """Return who counts for sure and who may."""
    told = COUNTED[standard][name]
    sure, maybe = told if isinstance(told, tuple) else (told, set())
    return set(sure), maybe | UNKNOWN


def crowd(clause):
    """Return the ledger: every kind, and the clause's own at every stage, with what it asks."""
    options = clause.options
    ask = dict.fromkeys((*told(options, "all_of"), *told(options, "any_of")), True)
    ask |= dict.fromkeys(told(options, "among"), True)
    ask |= dict.fromkeys(told(options, "without"), False)
    if getattr(options, "star_at_least", None) is not None:
        ask["star"] = options.star_at_least
    if getattr(options, "qualified", None):
        ask["qualified"] = True
    first = min(whom(clause.standard, clause.id)[0])
    rows = {name: {**row, **ask} for name, row in KINDS.items()}
    own = rows[first]
    return rows | {name: {**own, "stage": stage} for name, stage in STAGES.items()}


def told(options, name):
    return getattr(options, name, ())


@pytest.mark.parametrize(("standard", "name"), CASES)
def test_the_clause_counts_whom_its_sentence_names(judge_case, standard, name):
    clause = read_standard(standard).clauses[name]
    sure, maybe = whom(standard, name)
    found = ASKED[clause.measure](judge_case, clause, crowd(clause))
    assert found == (sure, maybe | {"阶段未填"})


def test_every_clause_that_counts_houses_is_in_the_table():
    every = {
        (standard, clause.id)
        for standard in COUNTED
        for clause in read_standard(standard).clauses.values()
        if clause.standard == standard and clause.measure in TAKES
    }
    assert {name for _, name in every - set(CASES)} == BY_TENURE | BY_FINDING
    assert set(CASES) <= every
    assert set(COUNTED) <= set(library())
    assert MEASURES.keys() >= TAKES


def share(judge_case, clause, rows):
    """Return who is in the denominator for sure, and who may be."""
    found = judge_case(clause.standard, DAY, {"clause": clause.id, "facilities": rows}).findings
    met = "reported" if clause.comparison is None else "compliant"
    sure = {name for name, status in found["status"].items() if str(status) == met}
    open_ = {
        name
        for name, reason in found["reason"].items()
        if reason is not None and str(reason.code) in {"kind_unknown", "stage_unknown"}
    }
    return sure - open_, open_


def counted(judge_case, clause, rows):
    """Return who is counted and who may be: the expected sets, if the counts say that it is they.

    Three ledgers settle it: those alone who count, those alone who may, and all.
    """
    more = {"units": {"370124102201": {"unit_type": "village"}}} if clause.options.setting else {}
    place = {"community": "370124102201", "unit": "370124102"} if more else {}

    def count(names):
        houses = {name: {**rows[name], **place} for name in names}
        case = {"clause": clause.id, "facilities": houses, **more}
        found = judge_case(clause.standard, DAY, case).result
        return found.low, found.high

    sure, maybe = whom(clause.standard, clause.id)
    maybe |= {"阶段未填"}
    assert count(sure) == (len(sure), len(sure))
    assert count(maybe) == (0, len(maybe))
    assert count(rows) == (len(sure), len(sure) + len(maybe))
    return sure, maybe


def covering(judge_case, clause, rows):
    """Return whose unit has one for sure, and whose may: every house has a unit to itself."""
    where = {key: set(values) for key, values in clause.where.items()}
    if "unit" in where:
        codes = sorted(where["unit"])
    else:
        kind = min(where.get("unit_type", {"town"}))
        stem, step = ("370124102", 200) if kind == "village" else ("370124101", 1)
        local = "community" in where.get("unit_level", set())
        codes = [f"{stem}{step + n:03d}" if local else f"{370124101 + n}" for n in range(99)]
    sure, maybe, names = set(), set(), list(rows)
    for at in range(0, len(names), len(codes)):
        home = dict(zip(names[at : at + len(codes)], codes, strict=False))
        units = {}
        for code in home.values():
            local = len(code) == 12
            types = where.get("unit_type", {"community" if local else "town"})
            units[code] = {"unit_type": min(types)}
            if "setting" in where:
                units[code]["setting"] = "urban"
        field = "community" if len(codes[0]) == 12 else "unit"
        houses = {
            name: {**rows[name], field: code, "unit": code[:9]} for name, code in home.items()
        }
        case = {"clause": clause.id, "facilities": houses, "units": units}
        found = judge_case(clause.standard, DAY, case).findings
        low, high = found["low"], found["high"]
        sure |= {name for name, code in home.items() if low[code] == 1}
        maybe |= {name for name, code in home.items() if low[code] < high[code]}
    return sure, maybe


ASKED = {
    "facility_share": share,
    "co_location": share,
    "count": counted,
    "unit_coverage": covering,
}


# of the estates of a county, those that a sentence is about; the rest is 不适用
AREAS = {
    "新建": {"age_class": "new"},
    "已批": {"age_class": "approved"},
    "已建": {"age_class": "existing"},
    "老旧": {"age_class": "old"},
    "类别未填": {"age_class": "?"},
    "村": {"setting": "rural"},
    "新村": {"setting": "rural", "age_class": "new"},
    "城乡未填新": {"setting": "?", "age_class": "new"},
    "城乡未填旧": {"setting": "?"},
    "在建": {"stage": "under_construction", "age_class": "new"},
    "规划": {"stage": "planned", "age_class": "new"},
    "移交": {"stage": "handed_over"},
    "停用": {"stage": "closed"},
    "阶段未填": {"stage": "?"},
    "零户": {"households": 0},
}
SAME = {"households": 100, "households_planned": 100, "population_planned": 300}
SAME |= {"built_year": 1995, "renovated": True, "population": 300, "elders": 60}
NEW = ({"新建", "已批"}, {"类别未填", "城乡未填新"})
BUILT = ({"已建", "老旧", "移交", "阶段未填"}, {"类别未填", "城乡未填旧"})
URBAN_AREAS = (NEW[0] | BUILT[0] | {"类别未填"}, {"城乡未填新", "城乡未填旧"})
ABOUT = {
    "shandong": {"SD-01": NEW, "SD-02": BUILT},
    # 新建小区 · the rest by A12 · 配建达标率 of both
    "weishan-2023": {"WS-02": NEW, "WS-03": NEW, "WS-30b": BUILT, "WS-30": URBAN_AREAS},
    # 对新建住宅小区 · 对老旧小区、已建成小区…覆盖半径不大于1000米 · 始终保持配建达标率
    "caoxian-2023": {
        "CX-01": NEW,
        "CX-02": NEW,
        "CX-03": BUILT,
        "CX-05": BUILT,
        "CX-06": BUILT,
        "CX-07": URBAN_AREAS,
    },
    # 新建城镇居住区 · 已建成城镇居住区 · 老旧小区
    "jinxiang-2023": {
        "JX-03": NEW,
        "JX-06": BUILT,
        "JX-07": URBAN_AREAS,
        "JX-08": NEW,
        "JX-09": BUILT,
        "JX-09b": BUILT,
        "JX-29": BUILT,
    },
    # 新建小区 · 老旧小区设施欠账 · 社区“15分钟养老生活圈”, of whatever age
    "pingyin-2022": {
        "PY-24": URBAN_AREAS,
        "PY-31": NEW,
        "PY-33": ({"老旧"}, {"类别未填"}),
        "PY-33b": BUILT,
        "PY-36": URBAN_AREAS,
    },
}
BY_PLACE = {"JX-04"}
"""About the places of new areas: without one it is 不适用, and JX-03 is missed."""


@pytest.mark.parametrize(
    ("standard", "name"), [(standard, name) for standard, found in ABOUT.items() for name in found]
)
def test_the_clause_is_about_the_areas_its_sentence_names(judge_case, standard, name):
    rows = {area: {**SAME, **row} for area, row in AREAS.items()}
    found = judge_case(standard, DAY, {"clause": name, "areas": rows}).findings
    clause = read_standard(standard).clauses[name]
    open_ = {area for area, applies in found["applies"].items() if applies != applies}  # noqa: PLR0124
    if clause.measure == "compliance_rate":  # whether a quota applies is in its verdict
        open_ |= set(found.index[found["status"] == "not_assessed"])
    sure = set(found.index[found["applies"] == 1]) - open_
    assert (sure, open_) == ABOUT[standard][name]


# of the units of a county
UNITS = {
    "370124001": {"unit_type": "street"},
    "370124102": {"unit_type": "town"},
    "370124201": {"unit_type": "township"},
    "370124401": {"unit_type": "special"},
    "370124001001": {"unit_type": "community", "setting": "urban"},
    "370124102001": {"unit_type": "community", "setting": "rural"},
    "370124102201": {"unit_type": "village", "setting": "rural"},
    "370124001201": {"unit_type": "village", "setting": "urban"},
}
STREETS, TOWNS = {"370124001"}, {"370124102", "370124201"}
URBAN_COMMUNITIES = {"370124001001"}
COMMUNITIES = URBAN_COMMUNITIES | {"370124102001"}
VILLAGES = {"370124102201", "370124001201"}
OF_UNITS = {
    # 社区…配建率 (A26) · 乡 as 镇 (A19)
    "weishan-2023": {"WS-10": COMMUNITIES, "WS-28": STREETS | TOWNS},
    # 社区(村)层面
    "caoxian-2023": {
        "CX-17": STREETS | TOWNS,
        "CX-18": COMMUNITIES | VILLAGES,
        "CX-19": COMMUNITIES | VILLAGES,
    },
    # 街道 · 镇 · 社区 · 农村
    "jinxiang-2023": {
        "JX-12": STREETS,
        "JX-13": TOWNS,
        "JX-14": COMMUNITIES,
        "JX-15": VILLAGES,
    },
    # 街道（镇） · 城市社区, by the statistical code and not by the street (A26) · 行政村 (A27)
    "pingyin-2022": {
        **dict.fromkeys(("PY-03", "PY-19", "PY-30", "PY-30c", "PY-32", "PY-35"), STREETS | TOWNS),
        "PY-45": STREETS | TOWNS,
        **dict.fromkeys(("PY-06", "PY-22", "PY-35b"), URBAN_COMMUNITIES),
        **dict.fromkeys(("PY-06b", "PY-23", "PY-34", "PY-35c"), VILLAGES),
    },
}
BY_NAME = {"WS-09c", "WS-20", "WS-21", "WS-22", "WS-23", "WS-24", "WS-25"}
"""About units that the document names: see test_word_by_word.py."""


@pytest.mark.parametrize(
    ("standard", "name"),
    [(standard, name) for standard, found in OF_UNITS.items() for name in found],
)
def test_the_clause_is_about_the_units_its_sentence_names(judge_case, standard, name):
    found = judge_case(standard, DAY, {"clause": name, "units": UNITS}).findings
    assert set(found.index[found["applies"] == 1]) == OF_UNITS[standard][name]


def test_every_clause_on_areas_or_units_is_in_a_table():
    for standard in library():
        if standard == "quotas-by-province":  # its clauses have the filters of shandong's
            continue
        clauses = read_standard(standard).clauses.values()
        own = [one for one in clauses if one.standard == standard]
        areas = {one.id for one in own if one.subject == "residential"}
        assert areas - BY_PLACE == set(ABOUT.get(standard, ()))
        units = {one.id for one in own if one.subject == "units"}
        assert units - BY_NAME == set(OF_UNITS.get(standard, ()))


# of the houses inside an estate of 100 households, each of 1000 m² in all, those whose rooms are
# the estate's: by yes or no (whatever reaches the community, or has rooms that count), by m² (A16)
ASIDE = {
    "敬老院单列": {"kinds": ["care_home"], "floor_area_m2": 3000, "community_area_m2": 1000},
    "综合单列": {"kinds": ["township_centre"], "floor_area_m2": 3000, "community_area_m2": 0},
    "面积未填": {"kinds": ["day_care"]},
}
# how much of a house of beds, of a village's house, or of a town's school, is the estate's: unsaid
BED_SPACE = {"县中心", "敬老院", "养老院", "幸福院", "老年大学", "学习点"}
BUILT_STAGES = {"验收", "移交"}  # A17: accepted or handed over is as good as in use
PRESENT = (CENTRES | ROOMS | BUILT_STAGES | {"敬老院单列", "面积未填"}, BED_SPACE)
FLOOR = (ROOMS | BUILT_STAGES | {"敬老院单列"}, BED_SPACE | CENTRES | {"面积未填"})
IN_ROOMS = {
    "shandong": {"SD-01": FLOOR, "SD-02": FLOOR},
    "weishan-2023": {"WS-03": PRESENT, "WS-30b": PRESENT},
    "caoxian-2023": {"CX-01": FLOOR, "CX-03": FLOOR},
    "jinxiang-2023": {"JX-03": FLOOR, "JX-04": FLOOR, "JX-06": FLOOR},
    "pingyin-2022": {"PY-31": FLOOR, "PY-33b": PRESENT},
}


@pytest.mark.parametrize(
    ("standard", "name"),
    [(standard, name) for standard, found in IN_ROOMS.items() for name in found],
)
def test_the_rooms_that_count_are_those_of_the_reading(judge_case, standard, name):
    day_care = {**KINDS["日间"], "floor_area_m2": 1000}
    rows = {house: {**row, "floor_area_m2": 1000} for house, row in KINDS.items()}
    rows |= {house: {**day_care, "stage": stage} for house, stage in STAGES.items()} | ASIDE
    age = read_standard(standard).clauses[name].where["age_class"][0]
    case = {
        "clause": name,
        "areas": {f"{house}旁": {**SAME, "age_class": age} for house in rows},
        "facilities": rows,
        "near": [[house, f"{house}旁", 0, 10] for house in rows],
    }
    status = judge_case(standard, DAY, case).findings["status"]
    sure = {house for house in rows if status[f"{house}旁"] == "compliant"}
    maybe = {house for house in rows if status[f"{house}旁"] == "not_assessed"}
    expected, unsure = IN_ROOMS[standard][name]
    assert (sure, maybe) == (expected, unsure | UNKNOWN | {"阶段未填"})


def test_every_clause_on_rooms_is_in_the_table():
    asked = {"provision", "single_minimum", "has_facility"}
    for standard, found in IN_ROOMS.items():
        clauses = read_standard(standard).clauses.values()
        own = {c.id for c in clauses if c.standard == standard and c.measure in asked}
        assert set(found) == own


RATIOS = {"weishan-2023": ["WS-27"], "caoxian-2023": ["CX-16"], "jinxiang-2023": ["JX-17"]}
RATIOS |= {"pingyin-2022": ["PY-08", "PY-20"]}


@pytest.mark.parametrize("elsewhere", [0, 100])
@pytest.mark.parametrize(
    ("standard", "name"), [(standard, name) for standard, found in RATIOS.items() for name in found]
)
def test_the_share_of_nursing_beds_is_of_institutions(judge_case, standard, name, elsewhere):
    """65 of 100 beds in every 养老机构 in use; what else has beds would move it (A24)."""
    beds = {"beds": 100, "nursing_beds": 65}
    other = {"beds": 100, "nursing_beds": elsewhere}
    centres = {"区域无床", "综合无床", "区域未填", "综合未填"}
    rows = {
        house: {**row, **(beds if house in HOUSES else other)}
        for house, row in KINDS.items()
        if house not in centres | UNKNOWN
    }
    closed = {stage for stage in STAGES if stage != "阶段未填"}
    rows |= {stage: {**rows["敬老院"], **other, "stage": STAGES[stage]} for stage in closed}
    found = judge_case(standard, DAY, {"clause": name, "facilities": rows}).result
    assert (str(found.status), found.value) == ("compliant", 65)
    # a centre whose beds are blank may have any number of beds, none of them for nursing
    rows["区域未填"] = dict(KINDS["区域未填"])
    open_ = judge_case(standard, DAY, {"clause": name, "facilities": rows}).result
    assert str(open_.status) == "not_assessed"


@pytest.mark.parametrize(
    ("standard", "name"),
    [
        ("weishan-2023", "WS-11"),
        ("caoxian-2023", "CX-09"),
        ("jinxiang-2023", "JX-16"),
        ("jinxiang-2023", "JX-16b"),
    ],
)
def test_family_beds_count_wherever_they_are_run_from(judge_case, standard, name):
    """One bed from every house in use, whatever its kind: a home may run them for its town."""
    in_2023 = {"opened_year": 2023, "family_beds": 1}  # JX-16 asks for those of that year
    rows = {house: {**row, **in_2023} for house, row in KINDS.items()}
    bed = {"kinds": ["family_bed"], **in_2023}
    rows |= {name: {**bed, "stage": stage} for name, stage in STAGES.items()}
    found = judge_case(standard, DAY, {"clause": name, "facilities": rows}).result
    assert (found.low, found.high) == (len(KINDS), len(KINDS) + 1)  # 阶段未填 may be in use


@pytest.mark.parametrize("name", ["PY-04", "PY-05"])
def test_beds_for_all_are_those_of_houses_in_use(judge_case, name):
    """100 beds in each of 10 houses: 达1000 is met, 超过1000 is not."""
    houses = [{"kinds": [kind]} for kind in ("county_centre", "care_home", "nursing_institution")]
    rows = {f"院{n}": {**houses[n % 3], "beds": 100, "public_beds": 100} for n in range(10)}
    rows |= {
        said: {**rows["院1"], "stage": stage} for said, stage in STAGES.items() if stage != "?"
    }
    found = judge_case("pingyin-2022", DAY, {"clause": name, "facilities": rows}).result
    expected = "compliant" if name == "PY-04" else "deficient"
    assert (str(found.status), found.value) == (expected, 1000)
    # one more house whose figure is blank has between 0 and its 50 beds of them
    rows["未填院"] = {"kinds": ["care_home"], "beds": 50}
    found = judge_case("pingyin-2022", DAY, {"clause": name, "facilities": rows}).result
    assert (found.low, found.high) == (1000, 1050)


def test_what_stands_out_of_use_is_of_the_kinds_of_community_rooms(judge_case):
    """CX-08, 社区养老服务设施: one of each kind idle; those of the m² are it (A16)."""
    rows = {house: {**row, "stage": "idle"} for house, row in KINDS.items()}
    found = judge_case("caoxian-2023", DAY, {"clause": "CX-08", "facilities": rows}).result
    sure = URBAN | {"食堂", "活动室"}
    assert (found.low, found.high) == (len(sure), len(sure | UNKNOWN))


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ({"F1": {"stage": "in_use"}}, "台账中没有闲置、挪用、停用的设施"),
        (
            {"F1": {"stage": "in_use"}, "F2": {"stage": "?"}},
            "台账中没有闲置、挪用、停用的设施；另有 1 处状态或类型不明",
        ),
        (
            {"F1": {"stage": "idle", "floor_area_m2": 80}},
            "闲置 1 处、挪用 0 处、停用 0 处（F1），建筑面积合计 80 m²",
        ),
        (
            {"F1": {"stage": "idle", "floor_area_m2": 80}, "F2": {"stage": "closed"}},
            (
                "闲置 1 处、挪用 0 处、停用 1 处（F1、F2），建筑面积合计 80 m²；"
                "其中 1 处没有可用的面积数"
            ),
        ),
        (  # what nobody has is not 0 m²
            {"F1": {"stage": "idle"}},
            "闲置 1 处、挪用 0 处、停用 0 处（F1），建筑面积合计不详；其中 1 处没有可用的面积数",
        ),
    ],
)
def test_what_there_is_none_of_besides_is_not_told(judge_case, rows, told):
    """CX-08: "另有 0 处" says nothing, and a total of blanks is not known."""
    blank = {"floor_area_m2": math.nan}
    rows = {house: blank | {"kinds": ["day_care"]} | row for house, row in rows.items()}
    found = judge_case("caoxian-2023", DAY, {"clause": "CX-08", "facilities": rows}).result
    assert Wording("zh").reason(found.said) == told
