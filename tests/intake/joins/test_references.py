import datetime as dt

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from lifecircle.intake import check_study
from lifecircle.intake.joins.references import IdIndex
from lifecircle.judge.exemptions import exemptions_under
from lifecircle.judge.readings import put_in_force
from lifecircle.model.inputs.mapping.map_settings import MapSettings
from lifecircle.model.problem import ProblemCode as P
from lifecircle.model.problem import Severity
from lifecircle.standards import read_standard


def point(x, y=3_880_000):
    return shapely.Point(x, y)


def problems_of(found, layer):
    return [(p.code, p.severity, p.row, p.value) for p in found if p.layer == layer]


def test_recorded_sharing_by_id_and_name(county):
    county.write(
        "facilities.csv",
        "id,name,kinds,lon,lat,服务小区\n"
        "F1,甲,托老所,117,35.0500,R1：60.5㎡；西园\n"
        "F2,乙,托老所,117.001,35.05,R1:10、R1:5\n"
        "F3,丙,托老所,117.001,35.05,\n"
        "F4,丁,托老所,117,35.0500,R1:-3\n",
    )
    study, problems = check_study(county.finish())
    assert list(study.sharing.columns) == ["facility", "residential", "m2"]
    assert study.sharing.fillna(-1).to_numpy().tolist() == [
        ["F1", "R1", 60.5],
        ["F1", "R2", -1.0],
        ["F2", "R1", 15.0],
        ["F4", "R1", -1.0],
    ]
    assert problems_of(problems, "facilities") == [
        (P.SERVES_TWICE, Severity.WARNING, 3, "R1"),  # two rooms, or one written again
        (P.NUMBER_NEGATIVE, Severity.WARNING, 5, "R1:-3"),
    ]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (["150,,,R1:90；R2:90"], {2: (180, 150)}),
        (["300,,,R1:400"], {2: (400, 300)}),
        (["150,,,R1:90；R2:60"], {}),  # exactly what there is
        (["150,,,R1:90；R2"], {}),  # of R2 no figure is promised
        ([",,,R1:90"], {}),  # how large it is nobody says
        (["300,80,,R1:90"], {2: (90, 80)}),  # what serves the community, not the whole house
        (["150,,,R1:90-100；R2:60"], {}),
        (["150,,,R1:90-100；R2:61"], {2: (151, 150)}),  # with the least of the range
        (["150,,,R01x:90；R02x:90"], {2: (180, 150)}),  # whomever the names may mean
        (["150,,,R1:若干；R2"], {}),
        # the rooms of one place: 100 + 50
        (["100,,S,R1:140", "50,,S,"], {}),
        (["100,,S,R1:160", "50,,S,"], {2: (160, 150)}),
        (["100,,S,R1:100", "50,,S,R2:100"], {2: (200, 150)}),
        (["100,,S,", "50,,S,R2:100；R1:60"], {3: (160, 150)}),
        (["100,,S,R1:160", ",,S,"], {}),
    ],
)
def test_a_record_that_promises_more_than_the_place_has_is_told(county, rows, told):
    lines = [f"F{n},站{n},托老所,117,35.0500,{row}\n" for n, row in enumerate(rows)]
    head = "id,name,kinds,lon,lat,建筑面积,社区服务面积,场所编号,服务小区\n"
    county.write("facilities.csv", "".join([head, *lines]))
    _, problems = check_study(county.finish())
    found = {
        p.row: (p.params["promised_m2"], p.params["m2"])
        for p in problems
        if p.code is P.RECORD_EXCEEDS_ROOM
    }
    assert found == told


@pytest.mark.parametrize(
    ("names", "written", "likely", "code", "nearest"),
    [
        (("西苑二区", "东园"), "西范二区:60", [("R1", 60.0, False)], P.NAME_NEAR, "西苑二区"),
        # of those one character off the one that differs in how the number is written only
        (("西苑一区", "西苑二区"), "西范二区", [("R2", -1.0, False)], P.NAME_NEAR, "西苑二区"),
        (
            ("西苑一区", "西苑二区"),
            "西苑三区",
            [("R1", -1.0, False), ("R2", -1.0, False)],
            P.REFERENCE_UNKNOWN,
            "西苑一区、西苑二区",
        ),
        (
            ("金色家园", "金色家园"),
            "金色家园",
            [("R1", -1.0, True), ("R2", -1.0, True)],
            P.REFERENCE_UNKNOWN,
            "R1、R2",
        ),
        # an estate for its parts, a part for the estate; one part is not another
        (
            ("书香苑一期", "书香苑（二期）"),
            "书香苑",
            [("R1", -1.0, False), ("R2", -1.0, False)],
            P.REFERENCE_UNKNOWN,
            "书香苑一期、书香苑（二期）",
        ),
        (("书香苑小区", "东园"), "书香苑东区", [("R1", -1.0, False)], P.NAME_NEAR, "书香苑小区"),
        (("书香苑东区", "东园"), "书香苑第12期", [("", -1.0, False)], P.REFERENCE_UNKNOWN, None),
        (("西苑二区", "东园"), "南海花苑", [("", -1.0, False)], P.REFERENCE_UNKNOWN, None),
    ],
)
def test_a_name_that_is_no_ones_for_certain(county, names, written, likely, code, nearest):
    county.areas(name=list(names)).to_file(county.folder / "areas.gpkg")
    county.write(
        "facilities.csv", f"id,name,kinds,lon,lat,服务小区\nF1,甲,托老所,117,35.05,{written}\n"
    )
    study, problems = check_study(county.finish())
    told = study.likely.fillna({"m2": -1.0})
    assert list(told[["residential", "m2", "fits"]].itertuples(index=False, name=None)) == likely
    assert set(told["written"]) <= {written.split(":")[0]}
    assert study.sharing.empty
    (problem,) = (p for p in problems if p.layer == "facilities" and p.column == "服务小区")
    assert (problem.code, problem.params.get("nearest")) == (code, nearest)


@pytest.mark.parametrize(
    ("written", "sharing", "likely", "code"),
    [
        # several areas one after the other, however they are parted
        ("东园/西园", {"R1": -1, "R2": -1}, [], P.NAME_READ_AS),
        ("东园和西园", {"R1": -1, "R2": -1}, [], P.NAME_READ_AS),
        ("东园 西园", {"R1": -1, "R2": -1}, [], P.NAME_READ_AS),
        ('"东园\n西园"', {"R1": -1, "R2": -1}, [], P.NAME_READ_AS),
        ("东园75㎡ 西园 30 平", {"R1": 75, "R2": 30}, [], P.NAME_READ_AS),
        ("东园（75平方米）、西园（30㎡）", {"R1": 75, "R2": 30}, [], P.NAME_READ_AS),
        ("和苑", {"R3": -1}, [], None),  # a name that has 和 in it
        ("和苑与东园", {"R3": -1, "R1": -1}, [], P.NAME_READ_AS),
        # a piece that is nobody's: any of those it has in it may be meant
        ("东园和南海", {}, ["R1"], P.REFERENCE_UNKNOWN),
        ("东园75", {}, ["R1"], P.REFERENCE_UNKNOWN),  # 75 m², or a part of the name
        ("东园三期西园四期", {}, ["R1", "R2"], P.REFERENCE_UNKNOWN),
        # m² that cannot be read: none of the room, or all of it
        ("东园:60%", {"R1": -1}, ["R1", "R1"], P.NUMBER_UNREADABLE),
        ("东园:-5", {"R1": -1}, ["R1", "R1"], P.NUMBER_NEGATIVE),
        ("东园:一半；西园:30", {"R1": -1, "R2": 30}, ["R1", "R1"], P.NUMBER_UNREADABLE),
    ],
)
def test_whom_a_cell_names(county, written, sharing, likely, code):
    shapes = [shapely.box(x, 3_880_000, x + 200, 3_880_200) for x in (500_000, 501_000, 502_000)]
    areas = {"id": ["R1", "R2", "R3"], "name": ["东园", "西园", "和苑"], "households": [100] * 3}
    gpd.GeoDataFrame(areas, geometry=shapes, crs=4548).to_file(county.folder / "areas.gpkg")
    county.write(
        "facilities.csv", f"id,name,kinds,lon,lat,服务小区\nF1,甲,托老所,117,35.05,{written}\n"
    )
    study, problems = check_study(county.finish())
    told = study.sharing.fillna({"m2": -1.0})
    assert dict(zip(told["residential"], told["m2"], strict=True)) == sharing
    assert list(study.likely["residential"]) == likely
    codes = {p.code for p in problems if p.column == "服务小区"}
    assert codes == (set() if code is None else {code})


@pytest.mark.one_in(5)
@pytest.mark.parametrize(
    ("written", "sharing", "likely"),
    [
        # F1 stands in R1; R2 is 800 m from it, R3 1800 m: near is 1000 m
        ("东园等", ["R1"], ["R2"]),
        ("东园等3个小区", ["R1"], ["R2"]),
        ("东园及周边小区", ["R1"], ["R2"]),
        ("和苑等", ["R3"], ["R1", "R2"]),  # the record goes before the place
        ("和苑、西园等", ["R3", "R2"], ["R1"]),
        ("和苑和西园等", ["R3", "R2"], ["R1"]),
        ("西园等:60", [], ["R2", "R1"]),  # 60 m² of both: nobody knows how many of each
        ("周边小区", ["R1"], ["R2"]),  # where it stands it serves
        ("附近居民及老人", ["R1"], ["R2"]),
        ("周边3公里", ["R1"], ["R2"]),
        ("全镇", ["R1"], ["R3"]),  # of R1's town is R3, whose town is blank; R2 is of another
        ("青菏街道各小区", ["R1"], ["R3"]),
        ("郑庄街道", ["R1"], ["R2", "R3"]),
        ("全县", ["R1"], ["R2", "R3"]),
        ("除东园外", [], ["R2"]),  # who is named is who is not meant
        ("不含东园", [], ["R2"]),
        ("除和苑以外的小区", ["R1"], ["R2"]),
        ("R2-R3", ["R1"], ["R2", "R3"]),  # ids from one to another
        ("r1至r3", ["R1"], ["R2", "R3"]),
        ("R1-2", ["R1"], ["R2"]),
        ("R1-R9", [], [""]),  # there is no R9: no word for more
        ("平等里", [], [""]),  # nobody's: perhaps somebody's who is not listed
        ("东园、平等里:60", ["R1"], [""]),
        ("平等里:0", [], []),
        *((word, [], []) for word in ("本小区", "无", "暂无", "不详", "待补充", "未填写", "？")),
        ("一期项目", [], ["R1"]),  # a project's name
        # people, a part of town, words for what is written elsewhere: whoever is near
        ("不限", ["R1"], ["R2"]),
        ("全体老年人", ["R1"], ["R2"]),
        ("失能、半失能老人", ["R1"], ["R2", "R2"]),
        ("60岁以上老年人", ["R1"], ["R2"]),
        ("老城片区", ["R1"], ["R2"]),
        # kept elsewhere, or told but by how many: whether it names R1, nobody knows
        *((one, [], ["R1", "R2", ""]) for one in ("见附件", "另附", "如图", "清单附后", "按协议")),
        *((one, [], ["R1", "R2", ""]) for one in ("3个", "若干", "以规划为准", "同附件")),
        ("和苑、见附件", ["R3"], ["R1", "R2", ""]),
        ("同上", [], ["R1", "R2", ""]),  # nothing stands above
        ("待定", ["R1"], ["R2"]),
        ("3个小区", ["R1"], ["R2"]),
        ("面向社会", ["R1"], ["R2"]),
        ("和苑、老城片区", ["R3"], ["R1", "R2"]),
        ("本辖区老年人", ["R1"], ["R3"]),  # of its unit
        ("街道内老人", ["R1"], ["R3"]),
        ("西园居民", [], ["R2"]),  # those of R2, it may be
    ],
)
def test_a_record_that_says_more_than_it_names(county, written, sharing, likely):
    county.heading = county.heading.replace("370827", "371721")
    shapes = [shapely.box(x, 3_880_000, x + 200, 3_880_200) for x in (499_900, 500_800, 501_800)]
    areas = {"id": ["R1", "R2", "R3"], "name": ["东园", "西园", "和苑"], "households": [100] * 3}
    areas |= {"unit": ["青菏街道", "郑庄街道", None], "project": ["一期项目", None, None]}
    gpd.GeoDataFrame(areas, geometry=shapes, crs=4548).to_file(county.folder / "areas.gpkg")
    county.write(
        "facilities.csv",
        f"id,name,kinds,X,Y,镇街,服务小区\nF1,甲,托老所,500000,3880100,青菏街道,{written}\n",
    )
    county.layers["facilities"] = 'path = "facilities.csv"\ncrs = "EPSG:4548"'
    study, problems = check_study(county.finish())
    assert list(study.sharing["residential"]) == sharing
    assert list(study.likely["residential"]) == likely
    assert not study.likely["fits"].any()
    said = {p.code for p in problems if p.column == "服务小区"}
    more = any(likely) and written not in {"西园居民", "一期项目"}
    quiet = written == "无"  # says no more than a blank
    assert said == ({P.SERVES_MORE} if more else set() if quiet else {P.REFERENCE_UNKNOWN})


@pytest.mark.parametrize(
    ("written", "m2", "told"),
    [
        ("东园:60；东园:40", 100.0, True),
        ("东园:60；R1:60", 120.0, True),  # by its name and by its id
        ("东园:60；东园", 60.0, False),
        ("东园；东园", -1.0, False),
        ("东园:60；西园:40", 60.0, False),
    ],
)
def test_m2_of_one_area_written_twice_are_asked_about(county, written, m2, told):
    county.write(
        "facilities.csv", f"id,name,kinds,lon,lat,服务小区\nF1,甲,托老所,117,35.05,{written}\n"
    )
    study, problems = check_study(county.finish())
    assert study.sharing.fillna({"m2": -1.0})["m2"].iloc[0] == m2
    assert any(p.code is P.SERVES_TWICE for p in problems) == told


def test_a_record_of_its_own_unit_names_no_stranger(county):
    """What units there are nobody says: 大河社区 is the facility's own, 小河社区 is not known."""
    county.write(
        "facilities.csv",
        "id,name,kinds,lon,lat,社区,服务小区\nF1,甲,托老所,117,35.05,大河社区,大河社区\n"
        "F2,乙,托老所,117,35.05,大河社区,小河社区\n",
    )
    study, _ = check_study(county.finish())
    assert study.likely[["facility", "residential"]].to_numpy().tolist() == [["F2", ""]]


def test_a_confirmed_name_is_plain(county):
    county.write(
        "facilities.csv", "id,name,kinds,lon,lat,服务小区\nF1,甲,托老所,117,35.05,西园二\n"
    )
    study, _ = check_study(county.finish())
    assert (study.sharing.empty, list(study.likely["residential"])) == (True, ["R2"])
    county.extra = '[aliases.residential]\n"西园二" = "R2"\n'
    study, _ = check_study(county.finish())
    assert (list(study.sharing["residential"]), study.likely.empty) == (["R2"], True)


def test_gates_need_an_area_and_a_place(county):
    gpd.GeoDataFrame(
        {"residential": ["R1", "西园", "南园", "R2"]},
        geometry=[point(500_000), point(501_000), point(503_000), None],
        crs=4548,
    ).to_file(county.folder / "gates.gpkg")
    county.layers["gates"] = 'path = "gates.gpkg"'
    study, problems = check_study(county.finish())
    assert list(study.gates.frame["residential"]) == ["R1", "R2"]
    assert list(study.gates.frame.index) == ["G1", "G2"]
    assert problems_of(problems, "gates") == [
        (P.GEOMETRY_MISSING, Severity.ERROR, 4, None),
        (P.REFERENCE_UNKNOWN, Severity.ERROR, 3, "南园"),
    ]
    record = next(i for i in study.inputs if i.layer == "gates")
    assert (record.rows, record.used, record.set_aside) == (4, 2, 2)


def test_buildings_belong_to_the_area_they_stand_in(county):
    shapes = [shapely.box(x, 3_880_010, x + 10, 3_880_020) for x in (500_010, 501_010, 509_000)]
    gpd.GeoDataFrame(
        {"所属小区": ["西园", None, None], "层数": [6, 11, None]}, geometry=shapes, crs=4548
    ).to_file(county.folder / "buildings.gpkg")
    county.layers["buildings"] = 'path = "buildings.gpkg"'
    study, _ = check_study(county.finish())
    assert list(study.buildings.frame["residential"]) == ["R2", "R2", None]
    assert list(study.buildings.frame["floors"])[:2] == [6.0, 11.0]


def test_exemptions(county):
    county.write(
        "exemptions.csv",
        "编号,条款,理由,依据,有效期至\nR1,JX-04,拆迁,金政〔2024〕1号,2026年1月1日\nR9,JX-04,拆迁,x,\nR2,,y,z,\n",
    )
    county.layers["exemptions"] = 'path = "exemptions.csv"'
    study, problems = check_study(county.finish())
    assert study.exemptions.iloc[:, :5].to_numpy().tolist() == [
        ["R1", "JX-04", "拆迁", "金政〔2024〕1号", dt.date(2026, 1, 1)],
        ["R9", "JX-04", "拆迁", "x", None],
        ["R2", None, "y", "z", None],  # of which clause is not known
    ]
    assert set(problems_of(problems, "exemptions")) == {
        (P.VALUE_MISSING, Severity.WARNING, 4, None),
        (P.REFERENCE_UNKNOWN, Severity.WARNING, 3, "R9"),
    }


def test_an_exemption_may_name_several_clauses_in_one_cell(county):
    county.write(
        "exemptions.csv",
        '编号,条款,理由,依据\nR1,JX-04、JX-06,拆迁,x\nR2,"ＪＸ－０４, JX—06；",拆迁,y\n',
    )
    county.layers["exemptions"] = 'path = "exemptions.csv"'
    study, problems = check_study(county.finish())
    rules = put_in_force(read_standard("jinxiang-2023"), dt.date(2025, 6, 30), {})
    meant = exemptions_under(study.exemptions, rules, lambda _: False)
    assert meant[["id", "clause", "reference"]].to_numpy().tolist() == [
        ["R1", "JX-04", "x"],
        ["R1", "JX-06", "x"],
        ["R2", "JX-04", "y"],
        ["R2", "JX-06", "y"],
    ]
    assert meant["row"].tolist() == [2, 2, 3, 3]
    assert meant["clause_said"].isna().all()
    assert problems_of(problems, "exemptions") == []


def test_an_exemption_may_give_the_name(county):
    county.write("exemptions.csv", "编号,条款,理由,依据\n西园,JX-04,拆迁,x\n")
    county.layers["exemptions"] = 'path = "exemptions.csv"'
    study, problems = check_study(county.finish())
    assert study.exemptions["id"].tolist() == ["R2"]
    assert problems_of(problems, "exemptions") == []


@pytest.mark.parametrize(("written", "near"), [("R22", "R2"), ("南园花苑", None)])
def test_an_exemption_of_nobody_names_who_may_be_meant(county, written, near):
    text = f"编号,条款,理由,依据\n{written},JX-04,拆迁,x\n"
    county.write("exemptions.csv", text)
    county.layers["exemptions"] = 'path = "exemptions.csv"'
    _, problems = check_study(county.finish())
    (problem,) = (p for p in problems if p.layer == "exemptions")
    assert (problem.code, problem.params["nearest"]) == (P.REFERENCE_UNKNOWN, near)


@pytest.mark.parametrize(
    ("names", "written", "meant"),
    [
        (("金色家园", "金色家园"), "金色家园", ["R1", "R2"]),
        (("金色家园", "金色佳园"), "金色嘉园", ["R1", "R2"]),
        (("金色家园", "东园"), "金色佳园", ["R1"]),
        (("金色家园", "金色家园"), "R2", ["R2"]),
        (("金色家园", "东园"), "南海花苑", ["南海花苑"]),
        (("金色家园", "东园"), "全部小区", ["全部小区", "R1", "R2"]),  # of all of them
        (("金色家园", "东园"), "所有老旧小区", ["所有老旧小区", "R1", "R2"]),
        (("金色家园", "东园"), "R1-R2", ["R1", "R2"]),
        (("金色家园", "东园"), "r2至r5", ["R2"]),
        (("金苑一期", "金苑二期"), "金苑一、二期", ["R1", "R2"]),
        (("金苑一期", "金苑二期"), "金苑二、三期", ["R2"]),
        (("金色家园", "东园"), "棚改1号", ["R2"]),  # its project
    ],
)
def test_whom_an_unclear_exemption_may_mean(county, names, written, meant):
    areas = county.areas(name=list(names)).assign(项目编号=[None, "棚改1号"])
    areas.to_file(county.folder / "areas.gpkg")
    county.write("exemptions.csv", f"编号,条款,理由,依据\n{written},JX-04,拆迁,x\n")
    county.layers["exemptions"] = 'path = "exemptions.csv"'
    study, problems = check_study(county.finish())
    assert study.exemptions["id"].tolist() == meant
    plain = meant == [written]
    own = [None if plain or key == written or "棚改" in written else written for key in meant]
    assert study.exemptions["written"].tolist() == own
    (problem,) = [p for p in problems if p.layer == "exemptions"] or [None]
    if written == "R2" or written.startswith(("全部", "所有", "棚改")):
        assert problem is None  # plain, or told with the clauses
    else:
        assert problem.code is P.REFERENCE_UNKNOWN
        if "金色" in written or plain:
            assert problem.params["nearest"] == (None if plain else "、".join(meant))


def test_a_ready_travel_table(county):
    county.write(
        "travel.csv",
        "居住区,设施,时间\nR1,甲,12\n西园,甲,31\nR1,甲,11.5\n南园,甲,1\nR2,甲,-1\nR2,甲,30\n",
    )
    county.layers["travel"] = 'path = "travel.csv"\nunit = "min"\nlimit = 30'
    study, problems = check_study(county.finish())
    facility = study.facilities.frame.index[0]
    assert study.travel.frame.to_numpy().tolist() == [
        ["R1", facility, 11.5],
        ["R2", facility, 30.0],
    ]
    assert (study.travel.unit, study.travel.limit, study.travel.method) == ("min", 30, "given")
    assert problems_of(problems, "travel") == [
        (P.NUMBER_NEGATIVE, Severity.ERROR, 6, "-1"),
        (P.REFERENCE_UNKNOWN, Severity.ERROR, 5, "南园"),
    ]
    record = next(i for i in study.inputs if i.layer == "travel")
    assert (record.rows, record.used, record.set_aside) == (6, 5, 1)  # -1 is a walk nobody knows


def test_a_row_of_the_travel_table_whose_names_are_unclear_says_what_it_may_mean(county):
    """Two areas are called 书香苑, two facilities 甲; 西范二区 is nearly R3, 北园 none."""
    county.write(
        "residential.csv",
        "id,name,households,lon,lat\n"
        "R1,书香苑,200,117,35.05\nR2,书香苑,200,117.001,35.05\nR3,西苑二区,9,117.002,35.05\n",
    )
    county.write(
        "facilities.csv",
        "id,name,kinds,lon,lat\nF1,甲,托老所,117,35.05\n"
        "F2,甲,托老所,117.01,35.05\nF3,乙,托老所,117,35.05\n",
    )
    county.layers["residential"] = 'path = "residential.csv"\ncoordinates = "cgcs2000"'
    county.write(
        "travel.csv",
        "居住区,设施,时间\n书香苑,F3,12\nR1,甲,13\n西范二区,甲,14\n书香苑小区,乙,15\n"
        "书香苑,F3,31\n北园,F3,1\nR3,F3,16\n",
    )
    county.layers["travel"] = 'path = "travel.csv"\nunit = "min"\nlimit = 30'
    study, problems = check_study(county.finish())
    assert study.travel.frame.to_numpy().tolist() == [["R3", "F3", 16.0]]
    assert study.travel.perhaps.drop(columns="unread").to_numpy().tolist() == [
        [0, "R1", "F3", 12.0, "书香苑", True],
        [0, "R2", "F3", 12.0, "书香苑", True],
        [1, "R1", "F1", 13.0, "甲", True],
        [1, "R1", "F2", 13.0, "甲", True],
        [2, "R3", "F1", 14.0, "西范二区、甲", False],
        [2, "R3", "F2", 14.0, "西范二区、甲", False],
        [3, "R1", "F3", 15.0, "书香苑小区", True],
        [3, "R2", "F3", 15.0, "书香苑小区", True],
        # 1 minute is 120 m at most, and 300 of a point: R2 is 91 m off, R3 has a row of its own
        [5, "R1", "F3", 1.0, "北园→F3", False],
        [5, "R2", "F3", 1.0, "北园→F3", False],
    ]
    told = [(p.code, p.severity, p.params["nearest"]) for p in problems if p.layer == "travel"]
    assert (P.REFERENCE_UNKNOWN, Severity.WARNING, "R1、R2") in told
    assert (P.REFERENCE_UNKNOWN, Severity.WARNING, "F1、F2") in told
    assert (P.NAME_NEAR, Severity.WARNING, "西苑二区") in told
    assert (P.REFERENCE_UNKNOWN, Severity.ERROR, None) in told
    record = next(i for i in study.inputs if i.layer == "travel")
    assert (record.rows, record.used, record.set_aside) == (7, 7, 0)


def test_typed_indicators_and_settings_reach_the_study(county):
    county.heading += 'banners = "仅供演示"\nheadline = "JX-04"\n'
    county.extra = """
[readings]
A5 = "ceil"
[indicators]
x = { numerator = 1, denominator = 2, source = "局" }
[evidence]
a = 1
[map]
prepared_by = "县民政局"
sheet_prefix = "养老-"
"""
    study, _ = check_study(county.finish())
    assert study.map == MapSettings(prepared_by="县民政局", sheet_prefix="养老-")
    assert study.indicators.to_numpy().tolist() == [["x", 1.0, 2.0, "局"]]
    assert (study.banners, study.headline, dict(study.readings)) == (
        ("仅供演示",),
        "JX-04",
        {"A5": "ceil"},
    )


def test_where_the_gates_come_from(county):
    gpd.GeoDataFrame(
        {"居住区": ["东园", "西园"], "出入口名称": ["北门", None], "是否开放": ["否", None]},
        geometry=gpd.points_from_xy([500_100, 501_100], [3_880_200, 3_880_200]),
        crs=4548,
    ).to_file(county.folder / "gates.gpkg")
    county.layers["gates"] = 'path = "gates.gpkg"'
    study, problems = check_study(county.finish())
    assert problems_of(problems, "gates") == []
    assert study.gates_from == "given"
    assert study.gates.frame["name"].tolist()[0] == "北门"
    assert study.gates.frame["open"].tolist()[0] == False  # noqa: E712 - a bool of its column
    county.heading += 'gates = "none"\n'
    assert check_study(county.finish())[0].gates_from == "none"


def test_gates_need_what_they_are_taken_from(county):
    for choice, layer in (("given", "gates"), ("osm", "streets"), ("infer", "streets")):
        county.heading = county.heading.split("gates =")[0] + f'gates = "{choice}"\n'
        study, problems = check_study(county.finish())
        assert study is None
        (problem,) = problems
        assert (problem.code, problem.params["key"]) == ("study_key_missing", f"layers.{layer}")
    county.heading = county.heading.split("gates =")[0] + 'gates = "everywhere"\n'
    (problem,) = check_study(county.finish())[1]
    assert (problem.code, problem.params["key"]) == ("study_value", "study.gates")
    assert problem.params["allowed"] == ["given", "osm", "infer", "none"]


@pytest.mark.parametrize(
    ("ids", "written", "meant"),
    [
        (("0101", "0102"), "101", "0101"),
        (("0101", "0102"), "101.0", "0101"),
        (("101", "102"), "0101", "101"),
        (("0101", "101"), "00101", None),  # either
        (("0101", "101"), "101", None),  # exactly one's: found, and nothing to be said
        (("0101",), "1010", None),
        (("R0101",), "101", None),
        (("0101",), "1.01", None),
        (("000",), "0", None),
    ],
)
def test_zeros_that_a_spreadsheet_dropped_are_put_back_and_told(ids, written, meant):
    names = IdIndex(pd.DataFrame({"name": [f"{id_}苑" for id_ in ids]}, index=list(ids)))
    found = names.likely(written)
    if meant is None:
        assert found is None or found.key is None or names.find(written) == written
    else:
        assert names.find(written) is None
        assert (found.key, found.code, found.params) == (meant, P.NAME_READ_AS, {"read": meant})


def test_a_number_that_several_ids_have_may_be_each_of_them():
    ids = ["A1", "A-1", "A01", "A2"]
    names = IdIndex(pd.DataFrame({"name": list("甲乙丙丁")}, index=ids))
    assert names.perhaps("A001") == (ids[:3], True)
    assert [names.find(one) for one in ids] == ids


@pytest.mark.parametrize(
    ("written", "meant"),
    [("101", "0101"), ("101.0", "0101"), ("0102", "0102"), ("201", None), ("1010", None)],
)
def test_lists_beside_the_ledgers_lose_zeros_as_those_do(county, written, meant):
    """0101 is one area; 0201 an area and a facility, so that nobody knows whom 201 exempts."""
    county.write(
        "residential.csv",
        "id,name,households,lon,lat\n"
        "0101,东园,200,117,35.05\n0102,西园,200,117.001,35.05\n0201,南园,200,117.002,35.05\n",
    )
    county.write(
        "facilities.csv",
        "id,name,kinds,lon,lat\n0201,甲,托老所,117,35.05\n0001,乙,托老所,117,35.05\n",
    )
    county.layers["residential"] = 'path = "residential.csv"\ncoordinates = "cgcs2000"'
    county.write("exemptions.csv", f"编号,条款,理由,依据\n{written},JX-04,拆迁,x\n")
    county.layers["exemptions"] = 'path = "exemptions.csv"'
    county.write("travel.csv", f"居住区,设施,时间\n{written},1,12\n")
    county.layers["travel"] = 'path = "travel.csv"\nunit = "min"\nlimit = 30'
    study, problems = check_study(county.finish())
    assert study.exemptions["id"].tolist() == [meant or written]
    said = [p for p in problems if p.layer == "exemptions"]
    if meant is None:
        assert [p.code for p in said] == [P.REFERENCE_UNKNOWN]
    else:
        assert [(p.code, p.params["read"]) for p in said] == (
            [] if written == meant else [(P.NAME_READ_AS, meant)]
        )
    # a pair names an area in one column and a facility in the other
    walked = {"201": "0201"}.get(written, meant)
    pairs = study.travel.frame[["demand", "facility"]].to_numpy().tolist()
    assert pairs == ([] if walked is None else [[walked, "0001"]])
