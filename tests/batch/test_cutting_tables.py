"""The tables beside the ledgers cut by county: gates, buildings, exemptions, figures, walks.

County A lies west of x = 510000, B east of it; C is listed and has nothing. What is expected is
read off the rows below.
"""

from __future__ import annotations

import csv
import json
import shutil

import geopandas as gpd
import pytest
from shapely import box

import lifecircle as lc
from lifecircle.batch import county
from lifecircle.batch.batch import run_batch
from lifecircle.batch.cutting.cut import STUDIES
from lifecircle.batch.cutting.naming import counties_meant
from lifecircle.batch.cutting.telling import LEFT_OUT, OF_TWO
from lifecircle.batch.roster import read_roster
from lifecircle.model.dictionary import fold

A, B, C = "370827", "370828", "370829"
LIST = f"""
[study]
name = "三县"
standard = "caoxian-2023"
as_of = 2024-06-30
crs = "EPSG:4548"
[cut]
outlines = "县界.gpkg"
[layers.travel]
path = "步行.csv"
unit = "m"
limit = 3000
[[county]]
code = "{A}"
name = "甲县"
[[county]]
code = "{B}"
name = "乙县"
[[county]]
code = "{C}"
name = "丙县"
"""
TABLES = {
    "units": f"""区划代码,名称
{A}001,东街道
{B}001,西街道
""",
    "residential": """编号,小区名称,户数,类别,城乡,阶段,县区,X,Y
R1,甲苑,100,已建成,城镇,入住,,501000,3851000
R1,丙苑,300,已建成,城镇,入住,,511000,3851000
R4,丁苑,400,已建成,城镇,入住,甲县,512000,3851000
""",
    "facilities": """编号,设施名称,设施类型,状态,建筑面积,X,Y
F1,一站,社区养老服务站,运营,30,501000,3851100
F2,二站,社区养老服务站,运营,60,511000,3851100
F3,三站,社区养老服务站,运营,30,501000,3851050
F4,四站,社区养老服务站,运营,30,511000,3851050
""",
    "gates": """编号,小区,X,Y
G1,R1,501050,3851000
G2,丙苑,509990,3851000
G3,R1,,
G4,无此小区,,
G5,,501050,3851000
""",
    "exemptions": f"""编号,条款,理由,依据
丙苑,CX-03,已批,乙政〔2020〕1号
{A}001,CX-05,在建,甲政〔2020〕1号
F2,CX-03,改造,乙政〔2020〕2号
R1,CX-03,不明,某号
R4、甲苑,CX-05,在建,甲政〔2020〕3号
R4/丙苑,CX-05,在建,某号
""",
    "indicators": """指标代码,分子,分母,来源,区县
staff_training,1,2,报表,370827
staff_training,3,4,报表,济宁市乙县
staff_training,5,6,报表,丙县
staff_training,7,8,报表,
staff_training,9,10,报表,丁县
""",
    "evidence": """条目编号,填报结果,所属县区
1.1a,是,甲县
1.1a,否,乙县
""",
    "travel": """小区,设施,距离
甲苑,F1,100
丙苑,F2,120
R1,F2,130
某苑,F1,140
,F2,150
R1,F9,160
某苑,F9,170
""",
}
FILES = {"travel": "步行", "units": "区划", "residential": "小区", "facilities": "设施"}


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    """The folder of the results, with the studies cut into it."""
    home = tmp_path_factory.mktemp("全省")
    shapes = [box(x, 3_850_000, x + 10_000, 3_860_000) for x in (500_000, 510_000)]
    rows = {"区划代码": [A, B], "名称": ["甲县", "乙县"]}
    gpd.GeoDataFrame(rows, geometry=shapes, crs="EPSG:4548").to_file(home / "县界.gpkg")
    text = LIST
    for name, table in TABLES.items():
        file = f"{FILES.get(name, name)}.csv"
        (home / file).write_text(table, encoding="utf-8")
        if name != "travel":
            crs = 'crs = "EPSG:4548"\n' if ",X,Y" in table else ""
            text = text.replace("[cut]", f'[layers.{name}]\npath = "{file}"\n{crs}[cut]')
    homes = {"编号": ["B1", "B2"], "小区": [None, "甲苑"], "层数": [6, 3]}
    feet = [box(x, 3_851_000, x + 10, 3_851_010) for x in (511_010, 501_010)]
    gpd.GeoDataFrame(homes, geometry=feet, crs="EPSG:4548").to_file(home / "楼栋.gpkg")
    text = text.replace("[cut]", '[layers.buildings]\npath = "楼栋.gpkg"\n[cut]')
    (home / "清单.toml").write_text(text, encoding="utf-8")
    read_roster(home / "清单.toml", home=home / "out")
    return home / "out"


def cells(out, code, layer, column):
    """Return a column of a table of a county; None where the county has no such table."""
    file = out / STUDIES / code / f"{layer}.csv"
    if file.with_suffix(".gpkg").exists():
        return gpd.read_file(file.with_suffix(".gpkg"))[column].tolist()
    if not file.exists():
        return None
    with file.open(encoding="utf-8") as stream:
        return [row[column] for row in csv.DictReader(stream)]


@pytest.mark.parametrize(
    ("layer", "column", "of_a", "of_b"),
    [
        ("residential", "小区名称", ["甲苑", "丁苑"], ["丙苑"]),  # a column says it before a place
        # two have R1: the place; one has 丙苑: the name; one has none: the place
        ("gates", "编号", ["G1", "G5"], ["G2"]),
        ("buildings", "编号", ["B2"], ["B1"]),
        # one has both of R4、甲苑; two have R1, and one of R4/丙苑 each
        (
            "exemptions",
            "编号",
            [f"{A}001", "R1", "R4、甲苑", "R4/丙苑"],
            ["丙苑", "F2", "R1", "R4/丙苑"],
        ),
        ("indicators", "分子", ["1"], ["3"]),
        ("evidence", "填报结果", ["是"], ["否"]),
        # one county alone has both ends; nobody's people walk to F1; blank; two have R1
        ("travel", "距离", ["100", "140", "160"], ["120", "130", "150", "160"]),
    ],
)
def test_each_row_is_of_the_county_that_it_names_or_lies_in(out, layer, column, of_a, of_b):
    assert cells(out, A, layer, column) == of_a
    assert cells(out, B, layer, column) == of_b
    assert cells(out, C, layer, column) == (["5"] if layer == "indicators" else None)


def test_what_is_no_countys_is_listed_with_the_reason_and_what_is_of_two_with_both(out):
    def told(name):
        lines = (out / STUDIES / name).read_text("utf-8-sig").splitlines()
        return [tuple(row[1:]) for row in csv.reader(lines[1:])]

    several = "没有代码，所写的名称或编号几个县都有，位置也定不了"
    unknown = "没有县区、代码和位置，所指的居住区（对象）在各县台账中都找不到"
    assert told(LEFT_OUT) == [
        ("gates.csv", "4", "G3", several),
        ("gates.csv", "5", "G4", unknown),
        ("indicators.csv", "5", "staff_training", "没有县区列或未填县区，无从判断属于哪个县"),
        ("indicators.csv", "6", "staff_training", "属于清单以外的县"),
        ("步行.csv", "8", "某苑", unknown),
    ]
    assert told(OF_TWO) == [
        ("小区.csv", "4", "丁苑", A, B),
        ("gates.csv", "3", "G2", B, A),
        ("exemptions.csv", "5", "R1", A, B),
        ("exemptions.csv", "7", "R4/丙苑", A, B),
        ("步行.csv", "7", "R1", A, B),
    ]


@pytest.mark.parametrize("code", [A, B])
def test_walks_of_a_cut_say_no_more_than_all_the_rows_do_to_the_county_itself(out, code, tmp_path):
    """What may be a walk of the county's own by all rows may be one by those that were cut."""
    alone = shutil.copytree(out / STUDIES / code, tmp_path / code)
    (alone / "travel.csv").write_text(TABLES["travel"], encoding="utf-8")
    cut, own = (lc.read_study(folder).travel for folder in (out / STUDIES / code, alone))

    def pairs(frame, *more):
        return set(zip(*(frame[name] for name in ("demand", "facility", *more)), strict=True))

    assert len(own.perhaps)
    assert pairs(cut.frame, "cost") <= pairs(own.frame, "cost")
    assert pairs(own.perhaps) <= pairs(cut.perhaps)


def test_a_study_that_was_cut_has_what_its_office_would_have(out):
    study = lc.read_study(out / STUDIES / B)
    assert study.gates.frame["residential"].tolist() == ["R1"]  # 丙苑 by its id in B
    assert len(study.buildings.frame) == 1
    named = study.exemptions[["id", "denied"]].fillna("").values.tolist()
    said = "是否适用：几个县都有，属于哪个县不明"
    assert named == [["R1", ""], ["F2", ""], ["R1", said], ["R1", said]]
    assert study.indicators["numerator"].tolist() == [3.0]
    assert study.evidence == {"1.1a": False}
    assert study.travel.frame["cost"].tolist() == [120.0]  # the shorter of two


def test_a_county_without_rows_is_named_with_what_lies_missing(here, out, tmp_path, monkeypatch):
    monkeypatch.setattr(county, "_judged", lambda *_: ())
    errands = read_roster(out.parent / "清单.toml", home=out)  # as it was cut before
    runs = {run.name: run for run in run_batch(errands, tmp_path, here())}
    assert {name: str(run.state) for name, run in runs.items()} == {
        "甲县": "failed",  # judged, and nothing was written by this test
        "乙县": "failed",
        "丙县": "failed",
    }
    (line,) = runs["丙县"].lines
    assert "丙县，370829" in line
    assert "居住区、养老服务设施" in line
    assert "小区.csv" in line
    assert "设施.csv" in line
    record = json.loads((tmp_path / "batch.json").read_text("utf-8"))
    assert [one["reason"] for one in record["counties"] if one["name"] == "丙县"] == ["study"]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("鱼台县", {"1"}),
        ("济宁市鱼台县", {"1"}),
        ("鱼台", {"1"}),
        (" 鱼台县 ", {"1"}),
        ("市中区", {"2", "3"}),  # two cities have one
        ("济宁", set()),
        ("北鱼台县", set()),
        ("", set()),
    ],
)
def test_a_county_is_meant_by_its_name_with_or_without_what_is_around_it(said, meant):
    known = {"鱼台县": {"1"}, "市中区": {"2", "3"}}
    names = {fold(name): frozenset(codes) for name, codes in known.items()}
    assert counties_meant(said, names) == meant


@pytest.mark.parametrize(
    ("row", "open_in"),
    [
        ("R1,,CX-03,拆迁,某号", [A, B]),  # two have one
        ("R1、X9,,CX-03,拆迁,某号", [A, B]),  # X9 is nobody's
        ("甲苑、丙苑,,CX-03,拆迁,某号", [A, B]),  # one of each
        ("全县,,CX-03,拆迁,某号", [A, B]),
        ("全部,,CX-03,拆迁,某号", [A, B]),
        ("老旧小区,,CX-03,拆迁,某号", [A, B]),
        (",甲苑,CX-03,拆迁,某号", []),  # A's for certain
        ("甲苑,,CX-03,拆迁,某号", []),
        ("R1、R2,,CX-03,拆迁,某号", [A, B]),  # both have both
        ("R1；R2,,CX-03,拆迁,某号", [A, B]),
        ("东苑、R1,,CX-03,拆迁,某号", [A, B]),
        (",东苑,CX-03,拆迁,某号", [A, B]),
    ],
)
def test_an_exemption_of_a_province_says_no_more_than_it_does_to_each_county(
    tmp_path, row, open_in
):
    """R1 is 甲苑 in A and 丙苑 in B, both without rooms: 不达标, exempt, or nobody knows.

    R2 is 东苑 in both.
    """
    homes = "编号,小区名称,户数,类别,城乡,阶段,县区,X,Y\n" + "".join(
        f"R1,{name},500,已建成,城镇,入住,{county},{x},3851000\n"
        for name, county, x in (("甲苑", "甲县", 501000), ("丙苑", "乙县", 511000))
    )
    homes += "".join(
        f"R2,东苑,500,已建成,城镇,入住,{county},{x},3853000\n"
        for county, x in (("甲县", 501000), ("乙县", 511000))
    )
    rooms = "编号,设施名称,设施类型,状态,建筑面积,县区,X,Y\n" + "".join(
        f"F1,远站,社区养老服务站,运营,30,{county},{x},3859000\n"
        for county, x in (("甲县", 501000), ("乙县", 511000))
    )
    text = '[study]\nname = "两县"\nstandard = "caoxian-2023"\nas_of = 2024-06-30\n'
    text += 'crs = "EPSG:4548"\n'
    tables = {
        "residential": homes,
        "facilities": rooms,
        "exemptions": f"编号,小区名称,条款,理由,依据\n{row}\n",
    }
    for name, table in tables.items():
        (tmp_path / f"{name}.csv").write_text(table, encoding="utf-8")
        crs = 'crs = "EPSG:4548"\n' if ",X,Y" in table else ""
        text += f'[layers.{name}]\npath = "{name}.csv"\n{crs}'
    text += "".join(
        f'[[county]]\ncode = "{c}"\nname = "{n}"\n' for c, n in ((A, "甲县"), (B, "乙县"))
    )
    (tmp_path / "清单.toml").write_text(text, encoding="utf-8")
    read_roster(tmp_path / "清单.toml", home=tmp_path / "out")
    found = {}
    for code in (A, B):
        told = lc.assess(lc.read_study(tmp_path / "out" / STUDIES / code)).findings
        who = "R2" if row.startswith(",东苑") else "R1"
        (found[code],) = told.loc[(told["clause"] == "CX-03") & (told["id"] == who), "status"]
    alone = {A: "exempt", B: "deficient"}  # of 甲苑, which A alone has
    assert found == {c: "not_assessed" if c in open_in else alone[c] for c in (A, B)}
