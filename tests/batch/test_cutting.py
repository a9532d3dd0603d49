"""A province's own files cut by county: each study as if cut by hand, and nothing lost."""

from __future__ import annotations

import csv
import dataclasses
import shutil

import geopandas as gpd
import numpy as np
import osmium
import pandas as pd
import pytest
from openpyxl import Workbook
from pandas.testing import assert_frame_equal
from pyproj import Transformer
from shapely import LineString, Point, box
from typer.testing import CliRunner

import lifecircle as lc
from lifecircle.batch import batch
from lifecircle.batch.cutting.cut import STUDIES
from lifecircle.batch.cutting.study_text import study_text
from lifecircle.batch.cutting.telling import LEFT_OUT
from lifecircle.batch.roster import read_roster
from lifecircle.cli import app
from lifecircle.errors import BatchError
from lifecircle.intake.streets.lines import read_streets
from lifecircle.sources.guarded_toml import parse_toml
from lifecircle.texts import say

CRS = "EPSG:4548"
A, B = "370827", "370828"
# county A lies west of x = 510000, county B east of it; both from y = 3850000 on, 10 km wide
SQUARES = {
    f"{A}001": ("城关街道", box(500_000, 3_850_000, 505_000, 3_860_000)),
    f"{A}100": ("西镇", box(505_000, 3_850_000, 510_000, 3_860_000)),
    f"{B}001": ("城关街道", box(510_000, 3_850_000, 520_000, 3_860_000)),
}
AREAS = [  # id, name, households, unit, x, y, county
    ("R1", "甲苑", 100, f"{A}001", 501_000, 3_851_000, A),
    ("R2", "乙苑", 200, "西镇", 509_000, 3_851_000, A),
    ("R1", "丙苑", 300, "", 511_000, 3_851_000, B),
    ("R4", "丁苑", 400, "城关街道", 512_000, 3_851_000, B),
    ("R5", "戊苑", 500, "", 600_000, 3_851_000, None),
    ("R6", "己苑", 600, "371000001", 503_000, 3_851_000, None),
]
PLACES = [  # id, name, unit, x, y, m2, county
    ("F1", "甲站", f"{A}001", 501_100, 3_851_000, "30", A),
    ("F2", "乙站", f"{B}001", 510_500, 3_851_000, "60", B),
    ("F3", "丙站", "", 519_000, 3_859_000, "", B),
    ("F4", "丁站", "没有的镇", "", "", "20", None),
]
LIST = """
[study]
name = "两县"
standard = "caoxian-2023"
as_of = 2024-06-30
crs = "EPSG:4548"
[layers.units]
path = "区划.gpkg"
[layers.residential]
path = "小区.gpkg"
[layers.facilities]
path = "设施.csv"
crs = "EPSG:4548"
[layers.streets]
path = "道路.osm.pbf"
[cut]
margin_m = 1000
[[county]]
code = "370827"
name = "甲县"
[[county]]
code = "370828"
name = "乙县"
"""
STREETS = {  # way → x of its vertices along y = 3851000, and the counties that get it
    1: ((500_500, 501_500, 508_999), {A}),  # ends 1001 m before the line of B
    2: ((508_999, 510_500), {A, B}),
    3: ((510_999, 511_500), {A, B}),  # 999 m beyond the line of A
    4: ((511_002, 519_500), {B}),  # 1002 m beyond it
    5: ((530_000, 531_000), set()),
}


def degrees(x, y):
    return Transformer.from_crs(CRS, "EPSG:4326", always_xy=True).transform(x, y)


def write_streets(path, ways):
    seen = sorted({x for way in ways for x in STREETS[way][0]})
    with osmium.SimpleWriter(str(path)) as writer:
        for x in seen:
            tags = {"barrier": "gate"} if x == 501_500 else {}
            node = osmium.osm.mutable.Node(id=x, location=degrees(x, 3_851_000), tags=tags)
            writer.add_node(node)
        for way in ways:
            tags = {"highway": "residential", "name": f"路{way}"}
            writer.add_way(osmium.osm.mutable.Way(id=way, nodes=STREETS[way][0], tags=tags))


def write_units(path, codes):
    rows = {"区划代码": codes, "名称": [SQUARES[c][0] for c in codes]}
    shapes = [SQUARES[c][1] for c in codes]
    gpd.GeoDataFrame(rows, geometry=shapes, crs=CRS).to_file(path, layer="units")


def write_areas(path, rows):
    frame = pd.DataFrame(rows, columns=["编号", "小区名称", "户数", "所属镇街", "x", "y", "county"])
    shapes = [box(x, y, x + 100, y + 100) for x, y in zip(frame["x"], frame["y"], strict=True)]
    frame = frame.drop(columns=["x", "y", "county"]).assign(类别="已建成", 城乡="城镇", 阶段="入住")
    gpd.GeoDataFrame(frame, geometry=shapes, crs=CRS).to_file(path, layer="residential")


def write_places(path, rows):
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream, lineterminator="\n")
        out.writerow(["编号", "设施名称", "所属镇街", "X", "Y", "建筑面积", "设施类型", "状态"])
        for *cells, _ in rows:
            out.writerow([*cells, "社区养老服务站", "运营"])


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Return the province's own files, written once."""
    home = tmp_path_factory.mktemp("written")
    write_units(home / "区划.gpkg", list(SQUARES))
    write_areas(home / "小区.gpkg", AREAS)
    write_places(home / "设施.csv", PLACES)
    write_streets(home / "道路.osm.pbf", STREETS)
    (home / "清单.toml").write_text(LIST, encoding="utf-8")
    return home


@pytest.fixture
def province(written, tmp_path):
    return shutil.copytree(written, tmp_path / "全省")


def by_hand(folder, county):
    """Write a study with files cut by hand: what this county's office would hold."""
    folder.mkdir(parents=True)
    write_units(folder / "区划.gpkg", [c for c in SQUARES if c.startswith(county)])
    write_areas(folder / "小区.gpkg", [row for row in AREAS if row[-1] == county])
    # F2 is of B and stands 500 m over the line of A; F1 is 9 km from B
    own = [row for row in PLACES if row[-1] == county or (county == A and row[0] == "F2")]
    write_places(folder / "设施.csv", own)
    write_streets(folder / "道路.osm.pbf", [w for w, (_, of) in STREETS.items() if county in of])
    heading, _, rest = LIST.partition("[layers.units]")
    name = {A: "甲县", B: "乙县"}[county]
    text = heading.replace('"两县"', f'"{name}"\ncounty = "{county}"')
    (folder / "study.toml").write_text(
        text + "[layers.units]" + rest.partition("[cut]")[0], encoding="utf-8"
    )
    return folder


@pytest.mark.parametrize("county", [A, B])
def test_a_county_is_what_its_files_cut_by_hand_give(province, tmp_path, county):
    read_roster(province / "清单.toml", home=tmp_path / "out")
    made = lc.read_study(tmp_path / "out" / STUDIES / county)
    given = lc.read_study(by_hand(tmp_path / "hand", county))
    expected = [row[1] for row in AREAS if row[-1] == county]
    assert made.residential.frame["name"].tolist() == expected
    for layer in ("residential", "facilities", "units"):
        one, other = (getattr(study, layer).frame for study in (made, given))
        assert_frame_equal(pd.DataFrame(one), pd.DataFrame(other))
    for name in ("vertex_xy", "way_start", "way_vertex"):
        one, other = getattr(made.streets, name), getattr(given.streets, name)
        assert np.array_equal(one, other)
    assert_frame_equal(made.streets.tags, given.streets.tags)
    assert made.attribution == given.attribution
    cut, own = lc.assess(made), lc.assess(given)
    assert_frame_equal(cut.findings, own.findings)
    assert_frame_equal(cut.reach, own.reach)
    assert [(c.id, c.status, c.value) for c in cut.clauses] == [
        (c.id, c.status, c.value) for c in own.clauses
    ]


def test_every_row_is_of_one_county_or_listed(province, tmp_path):
    read_roster(province / "清单.toml", home=tmp_path / "out")
    text = (tmp_path / "out" / STUDIES / LEFT_OUT).read_text("utf-8-sig")
    left = list(csv.reader(text.splitlines()))[1:]
    assert [(row[3], row[4]) for row in left] == [
        ("戊苑", "没有代码，位置不在任何县界内"),
        ("己苑", "属于清单以外的县"),
        ("丁站", "没有代码，也没有位置"),
    ]
    assert [row[2] for row in left] == ["5", "6", "5"]  # features from 1; the header is row 1
    found = [
        lc.read_study(tmp_path / "out" / STUDIES / county).residential.frame["name"].tolist()
        for county in (A, B)
    ]
    assert sorted([*found[0], *found[1], "戊苑", "己苑"]) == sorted(row[1] for row in AREAS)


def test_nothing_is_cut_again_while_nothing_changed(province, tmp_path):
    out = tmp_path / "out"

    def state():
        files = sorted((out / STUDIES).rglob("*.*"))
        return {f.name + f.parent.name: (f.stat().st_mtime_ns, f.read_bytes()) for f in files}

    read_roster(province / "清单.toml", home=out)
    first = state()
    read_roster(province / "清单.toml", home=out)
    assert state() == first
    write_places(
        province / "设施.csv", [*PLACES, ("F9", "九站", A + "001", 502_000, 3_851_000, "9", A)]
    )
    read_roster(province / "清单.toml", home=out)
    again = state()
    changed = {name for name in first if again[name][1] != first[name][1]}
    assert changed == {f"facilities.csv{A}", "cut.json" + STUDIES}  # the other county stands


def test_cells_merged_over_two_counties_are_of_none(province, tmp_path):
    book = Workbook()
    sheet = book.active
    sheet.append(["编号", "设施名称", "所属镇街", "X", "Y", "建筑面积", "设施类型", "状态"])
    units = [f"{A}001", f"{A}001", f"{A}001", f"{B}001", "合计"]
    for n, unit in enumerate(units, start=1):
        kind, x = "社区养老服务站", 500_000 + n if unit.startswith(A) else 519_000
        sheet.append([f"F{n}", f"{n}站", unit, x, 3_851_000, 10 * n, kind, "运营"])
    sheet.merge_cells("F2:F3")  # 10 for the first two of A
    sheet.merge_cells("F4:F5")  # 30 for one of A and one of B
    book.save(province / "设施.xlsx")
    text = LIST.replace("设施.csv", "设施.xlsx")
    (province / "清单.toml").write_text(text, encoding="utf-8")
    read_roster(province / "清单.toml", home=tmp_path / "out")
    left = (tmp_path / "out" / STUDIES / LEFT_OUT).read_text("utf-8-sig").splitlines()
    assert any("建筑面积" in line and "合并单元格跨县" in line for line in left)
    study = lc.read_study(tmp_path / "out" / STUDIES / A)
    frame = study.facilities.frame
    assert frame["name"].tolist() == ["1站", "2站", "3站"]
    assert frame["floor_area_m2"].isna().all()  # one figure for two is of neither
    assert lc.read_study(tmp_path / "out" / STUDIES / B).facilities.frame[
        "floor_area_m2"
    ].isna().tolist() == [True]


def test_outlines_of_their_own_tell_places_where_units_are_a_list(province, tmp_path):
    pd.DataFrame(
        {"区划代码": list(SQUARES), "名称": [name for name, _ in SQUARES.values()]}
    ).to_csv(province / "区划.csv", index=False)
    shapes = {A: box(500_000, 3_850_000, 510_000, 3_860_000), B: SQUARES[f"{B}001"][1]}
    rows = {"区划代码": list(shapes), "名称": ["甲县", "乙县"]}
    gpd.GeoDataFrame(rows, geometry=list(shapes.values()), crs=CRS).to_file(province / "县界.gpkg")
    text = LIST.replace("区划.gpkg", "区划.csv").replace("[cut]", '[cut]\noutlines = "县界.gpkg"')
    (province / "清单.toml").write_text(text, encoding="utf-8")
    read_roster(province / "清单.toml", home=tmp_path / "out")
    study = lc.read_study(tmp_path / "out" / STUDIES / B)
    assert study.residential.frame["name"].tolist() == ["丙苑", "丁苑"]


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ('code = "370828"', 'code = "3708"', ["code_wrong"]),
        ('code = "370828"', 'code = "370827"', ["code_twice"]),
        ("margin_m = 1000", "margin_m = -1", ["margin_wrong"]),
        ("margin_m = 1000", "margin = 1000", ["shared_key"]),
        ("[layers.streets]\npath", "[layers.streets]\nplace", ["shared_source"]),
        ("[layers.streets]", "[layers.shapes]", ["shared_layer"]),
        ('name = "乙县"', 'colour = "乙县"', ["key_unknown"]),
        ('standard = "caoxian-2023"', "standard = 5", ["shared_study"]),
    ],
)
def test_a_list_that_cannot_be_used_says_why(province, tmp_path, old, new, codes):
    (province / "清单.toml").write_text(LIST.replace(old, new), encoding="utf-8")
    with pytest.raises(BatchError) as raised:
        read_roster(province / "清单.toml", home=tmp_path / "out")
    assert [code for code, _ in raised.value.mistakes] == codes
    for language in ("zh", "en"):
        for code, about in raised.value.mistakes:
            assert say("batch", f"mistake.{code}", language, **about)
    assert not (tmp_path / "out").exists()


def test_a_shared_file_that_is_missing_is_named(province, tmp_path):
    (province / "设施.csv").unlink()
    with pytest.raises(BatchError) as raised:
        read_roster(province / "清单.toml", home=tmp_path / "out")
    assert raised.value.mistakes


def test_the_command_tells_where_what_is_left_stands(here, province, tmp_path, monkeypatch):
    monkeypatch.setenv("LIFECIRCLE_LANG", "zh")
    monkeypatch.setattr(batch, "choose_engine", lambda *_: here())
    text = LIST.replace('[[county]]\ncode = "370827"\nname = "甲县"\n', "")
    (province / "清单.toml").write_text(text, encoding="utf-8")
    out = tmp_path / "out"
    done = CliRunner().invoke(app, ["batch", str(province / "清单.toml"), "--out", str(out), "-q"])
    assert done.exit_code == 0, done.output
    assert "未归入任何县的行" in done.output
    assert (out / "乙县" / "assessment.json").is_file()


def test_a_study_file_is_written_as_it_is_read():
    content = {
        "study": {"name": '引"号\\ 与\n行', "banners": ["一", "二"], "crs": "EPSG:4548"},
        "layers": {
            "facilities": {
                "path": "a.csv",
                "columns": {"设施类型": {"value": True}, "x": "东 坐标"},
            }
        },
        "parameters": {"snap_limit_m": 200.0, "n": -3, "big": 1e22},
        "readings": {},
    }
    assert parse_toml(study_text(content).encode()) == content


def test_streets_are_read_back_as_they_were_cut(province, tmp_path):
    read_roster(province / "清单.toml", home=tmp_path / "out")
    built = tmp_path / "out" / STUDIES / A / "streets.streets"
    lines, _ = read_streets(built, crs=CRS)
    assert sorted(set(lines.tags["osm_id"])) == ["1", "2", "3"]
    assert len(lines.gates) == len(lines.posts) == 1
    assert lines.gates.geometry[0].distance(Point(501_500, 3_851_000)) < 0.02
    assert LineString(lines.vertex_xy).length > 0
    assert dataclasses.replace(lines).mark is None
