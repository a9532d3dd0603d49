"""Facilities over the county line (A18) count for nobody, and reasons on reach name the nearer."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lifecircle as lc
from lifecircle.model.problem import ProblemCode, describe
from lifecircle.outputs.words.wording import Wording

STUDY = """
[study]
name = "边界小县"
county = "371721"
standard = "caoxian-2023"
as_of = 2024-06-30
crs = "EPSG:4548"
[layers.residential]
path = "areas.csv"
crs = "EPSG:4548"
[layers.facilities]
path = "facilities.csv"
crs = "EPSG:4548"
"""
HOMES = "编号,小区名称,户数,类别,城乡,阶段,乡镇街道,X,Y\n"
ROOMS = "编号,设施名称,设施类型,X,Y,状态,建筑面积,乡镇街道\n"
INSIDE, OUTSIDE = "青菏街道", "371722001"


def reasons(home, homes, rooms, clause="CX-06"):
    """Return area → reason; homes by x, rooms by x, stage and unit, all on one line."""
    told = HOMES + "".join(
        f"{name},{name},300,已建成,城镇,入住,{INSIDE},{500_000 + x},3850000\n"
        for name, x in homes.items()
    )
    (home / "areas.csv").write_text(told, encoding="utf-8")
    told = ROOMS + "".join(
        f"{name},{name},日间照料中心,{500_000 + x},3850000,{stage},150,{unit}\n"
        for name, (x, stage, unit) in rooms.items()
    )
    (home / "facilities.csv").write_text(told, encoding="utf-8")
    (home / "study.toml").write_text(STUDY, encoding="utf-8")
    result = lc.assess(lc.read_study(home / "study.toml"))
    words, found = Wording.of(result), result.findings
    return {
        row["id"]: (row["status"], words.reason(row["reason"]))
        for _, row in found[(found["clause"] == clause).to_numpy(dtype=bool)].iterrows()
    }


def test_a_nearer_facility_over_the_line_is_named_with_its_reason(tmp_path):
    rooms = {
        "一站": (1500, "运营", INSIDE),
        "外站": (300, "运营", OUTSIDE),
        "外院": (-100, "闲置", OUTSIDE),  # not in use: it would not count here either
    }
    found = reasons(tmp_path, {"甲苑": 0, "乙苑": 800, "丙苑": 3000}, rooms)
    nearer = "更近的外站（直线距离 {} 米）在县界之外，不计入"
    assert found == {
        "甲苑": ("deficient", f"最近设施一站直线距离 1500 米，超过 1000 米；{nearer.format(300)}"),
        "乙苑": ("compliant", f"最近设施一站直线距离 700 米，在 1000 米以内；{nearer.format(500)}"),
        "丙苑": ("deficient", "最近设施一站直线距离 1500 米，超过 1000 米"),
    }


def test_where_none_counts_at_all(tmp_path):
    found = reasons(tmp_path, {"甲苑": 0}, {"外站": (1000, "运营", OUTSIDE)})
    assert found["甲苑"][0] == "deficient"
    assert found["甲苑"][1].endswith("更近的外站（直线距离 1000 米）在县界之外，不计入")


@pytest.mark.one_in(5)
@pytest.mark.parametrize(
    ("unit", "over"),
    [
        ("371722", True),  # 成武县, of no town
        ("371722000000", True),
        ("410225001", True),  # over the line of the province
        ("371721", False),  # this county, of no town
        ("371721000000", False),
        ("272000", False),  # a postal code says nothing of a county
        ("青菏街道", False),
        ("成武县", True),  # no list knows its code; its name says that it is another county
        ("菏泽市成武县天宫庙镇", True),
        ("微山县王集镇", True),  # not 曹县's own 王集镇
        ("韩庄镇", True),  # the lists have it in 微山 alone
        ("邻县", True),
        ("曹县", False),
        ("山东省菏泽市曹县", False),
        ("王集镇", False),
        ("全县", False),
        ("县直", False),
    ],
)
def test_a_bare_code_of_a_county_says_which_it_is(tmp_path, unit, over):
    """150 m² at the door of 300 households: 45 m² are asked of them (CX-03)."""
    told = reasons(tmp_path, {"甲苑": 0}, {"外站": (10, "运营", unit)}, "CX-03")["甲苑"]
    assert told[0] == ("deficient" if over else "compliant")
    assert ("在县界之外" in told[1]) is over


@pytest.mark.parametrize("unit", ["成武县", "371722", "371722001", "韩庄镇", "金乡县鱼山街道"])
def test_an_area_of_another_county_counts_in_no_rate(tmp_path, unit):
    """甲苑 stands at the room, 乙苑 3000 m away and is another county's: 1 of 1 is covered."""
    reasons(tmp_path, {"甲苑": 0, "乙苑": 3000}, {"一站": (10, "运营", INSIDE)})
    areas = tmp_path / "areas.csv"
    head, first, second = areas.read_text(encoding="utf-8").split("\n")[:3]
    second = second.replace(INSIDE, unit)
    areas.write_text(f"{head}\n{first}\n{second}\n", encoding="utf-8")
    study = lc.read_study(tmp_path / "study.toml")
    (said,) = (p for p in study.problems if p.code is ProblemCode.AREA_OVER_LINE)
    assert (said.row, said.params["name"]) == (3, "乙苑")
    (counted,) = (one for one in study.inputs if one.layer == "residential")
    assert (counted.rows, counted.used, counted.set_aside) == (2, 1, 1)
    judged = lc.assess(study).clause("CX-06")
    assert (judged.official.numerator, judged.official.denominator) == (1, 1)


def test_where_every_area_is_another_county_s_the_study_s_code_is_mistyped(tmp_path):
    """Nothing is set aside then, and the county is asked about, with the shipped list beside."""
    reasons(tmp_path, {"甲苑": 0}, {"一站": (10, "运营", "370828003")})
    areas = tmp_path / "areas.csv"
    told = areas.read_text(encoding="utf-8").replace(INSIDE, "370828003")
    areas.write_text(told, encoding="utf-8")
    study = lc.read_study(tmp_path / "study.toml")
    codes = [problem.code for problem in study.problems]
    assert len(study.residential.frame) == 1
    assert ProblemCode.COUNTY_OF_NONE in codes
    assert ProblemCode.AREA_OVER_LINE not in codes


@pytest.mark.parametrize("unit", ["成武县", "韩庄镇"])
def test_beds_of_a_house_named_in_another_county_are_not_this_one_s(tmp_path, unit):
    """CX-16 asks for 65 % nursing beds: 40 of 100 here, and 100 of 100 over the line."""
    reasons(tmp_path, {"甲苑": 0}, {"一站": (10, "运营", INSIDE)})
    head = "编号,设施名称,设施类型,X,Y,状态,床位数,护理型床位,乡镇街道\n"
    row = "{0},{0},养老院,500000,3850000,运营,100,{1},{2}\n"
    rows = row.format("院内", 40, INSIDE) + row.format("院外", 100, unit)
    (tmp_path / "facilities.csv").write_text(head + rows, encoding="utf-8")
    result = lc.assess(lc.read_study(tmp_path / "study.toml"))
    judged = result.clause("CX-16")
    assert (judged.status, judged.value) == ("deficient", 40.0)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("line")


@settings(max_examples=4, deadline=None)
@given(
    outside=st.lists(st.integers(-1500, 1500), min_size=1, max_size=3),
    inside=st.integers(0, 1500),
)
def test_it_is_named_exactly_where_it_would_be_the_nearest_within_the_limit(home, outside, inside):
    """And whatever stands over the line changes no verdict."""
    counted = {"一站": (inside, "运营", INSIDE)}
    beyond = {f"外{k}站": (x, "运营", OUTSIDE) for k, x in enumerate(outside)}
    status, said = reasons(home, {"甲苑": 0}, counted | beyond)["甲苑"]
    nearest = min(map(abs, outside))
    assert ("在县界之外" in said) == (nearest <= 1000 and nearest < inside)
    assert status == ("compliant" if inside <= 1000 else "deficient")


def judged(home, rooms, reading=""):
    """Return the result for 300 households at 0 and 300 at 3000; rooms by x and unit."""
    reasons(
        home,
        {"甲苑": 0, "乙苑": 3000},
        {name: (x, "运营", unit) for name, (x, unit) in rooms.items()},
    )
    with (home / "study.toml").open("a", encoding="utf-8") as stream:
        stream.write(f'[readings]\nA18 = "{reading}"\n' if reading else "")
    return lc.assess(lc.read_study(home / "study.toml"))


def statuses(result):
    """Return (clause, subject) → status."""
    rows = result.findings
    keys = zip(rows["clause"], rows["id"], strict=True)
    return dict(zip(keys, map(str, rows["status"]), strict=True))


@pytest.mark.parametrize(
    ("radius_m", "zh", "en"),
    [
        # 外站 stands 300 m from 甲苑 and 2700 m from 乙苑
        (None, "1,000 米以内有 1 个居住区：甲苑", "1 area within 1,000 m of it: 甲苑"),
        (250, "250 米以内没有居住区", "no area is within 250 m of it"),
        (3000, "3,000 米以内有 2 个居住区：甲苑、乙苑", "2 areas within 3,000 m of it: 甲苑, 乙苑"),
    ],
)
def test_the_note_tells_the_radius_that_it_looked_within(tmp_path, radius_m, zh, en):
    reasons(tmp_path, {"甲苑": 0, "乙苑": 3000}, {"外站": (300, "运营", OUTSIDE)})
    if radius_m:
        with (tmp_path / "study.toml").open("a", encoding="utf-8") as stream:
            stream.write(f"[parameters]\nreference_radius_m = {radius_m}\n")
    found = lc.assess(lc.read_study(tmp_path / "study.toml"))
    (note,) = [p for p in found.problems if p.code == ProblemCode.FACILITY_OVER_LINE]
    assert zh in describe(note, "zh")["what"]
    assert en in describe(note, "en")["what"]


def test_a_study_may_let_its_people_walk_over_the_line(tmp_path):
    """外站 stands 300 m from 甲苑 and has 150 m², where CX-03 asks 甲苑 for 45."""
    rooms = {"外站": (300, OUTSIDE)}
    plain, switched = judged(tmp_path, rooms), judged(tmp_path, rooms, "for_distance")
    found = [statuses(one)[clause, "甲苑"] for one in (plain, switched) for clause in ASKED]
    # within 1000 m, and no square metre more; without streets nobody knows the walk
    assert found == [
        "deficient",
        "deficient",
        "deficient",
        "compliant",
        "deficient",
        "not_assessed",
    ]
    assert statuses(switched)["CX-06", "乙苑"] == "deficient"  # 2700 m
    told = {s.clause: s for s in plain.switches if s.id == "A18"}
    assert set(told) == {"CX-05", "CX-06"}
    assert (told["CX-06"].status, told["CX-06"].differing) == ("deficient", 1)
    back = {s.choice for s in switched.switches if s.id == "A18"}
    assert back == {"not_counted"}
    words = Wording.of(switched)
    reason = switched.findings.set_index(["clause", "id"])["reason"]["CX-06", "甲苑"]
    assert words.reason(reason) == "最近设施外站直线距离 300 米，在 1000 米以内"
    codes = {problem.code for problem in switched.problems}
    assert ProblemCode.FACILITY_OVER_LINE_NEAR in codes
    assert ProblemCode.FACILITY_OVER_LINE not in codes


ASKED = ("CX-06", "CX-03", "CX-05")


def test_where_nothing_stands_over_the_line_no_switch_is_told(tmp_path):
    assert not [s for s in judged(tmp_path, {"一站": (300, INSIDE)}).switches if s.id == "A18"]


@settings(max_examples=4, deadline=None)
@given(
    places=st.lists(
        st.tuples(st.integers(-1500, 4500), st.sampled_from([INSIDE, OUTSIDE])),
        min_size=1,
        max_size=4,
    )
)
def test_the_line_is_walked_over_and_nothing_else_crosses_it(home, places):
    """Distances come out as if all were this county's, every other clause as by default."""
    rooms = {f"站{n}号": place for n, place in enumerate(places)}
    plain, switched = judged(home, rooms), judged(home, rooms, "for_distance")
    own = judged(home, {name: (x, INSIDE) for name, (x, _) in rooms.items()})
    measures = {one.id: one.measure for one in plain.clauses}
    told, before, inside = statuses(switched), statuses(plain), statuses(own)
    reach = {key for key in told if measures[key[0]] in {"radius", "walk"}}
    assert {key: told[key] for key in reach} == {key: inside[key] for key in reach}
    # a facility over the line is asked nothing, and one of its own is: areas and the county alone
    rest = told.keys() & before.keys() - reach
    assert {key: told[key] for key in rest} == {key: before[key] for key in rest}
