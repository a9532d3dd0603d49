"""One proposal in four formats: the same review."""

import json

import geopandas as gpd
import openpyxl
import pytest
import shapely

import lifecircle as lc
from lifecircle.intake.positions.datum import wgs84_to_gcj02

PLOT = shapely.box(500_400, 3_850_000, 500_600, 3_850_100)
ROOM = shapely.Point(500_500, 3_850_050)
CRS = "EPSG:4548"


def facts(review):
    return [(c.id, c.required, c.provided, str(c.status)) for c in review.clauses]


def judged(study, path):
    return lc.review(study, lc.read_proposal(path, study))


@pytest.fixture
def expected(study_of, propose):
    room = (
        'id = "N1"\n"设施名称" = "用房"\n"设施类型" = "社区养老服务用房"\n"建筑面积" = 110\n'
        "lon = 500500\nlat = 3850050\n"
    )
    return judged(study_of(), propose([room]))


def test_geojson_in_degrees(study_of, tmp_path, expected):
    plot, room = gpd.GeoSeries([PLOT, ROOM], crs=CRS).to_crs("EPSG:4326")
    content = {
        "type": "FeatureCollection",
        "项目": {"项目名称": "新苑", "城乡": "城镇"},
        "features": [
            {
                "type": "Feature",
                "properties": {"地块编号": "D1", "规划户数": 600},
                "geometry": shapely.geometry.mapping(plot),
            },
            {
                "type": "Feature",
                "properties": {"设施名称": "用房", "设施类型": "社区养老服务用房", "建筑面积": 110},
                "geometry": shapely.geometry.mapping(room),
            },
        ],
    }
    path = tmp_path / "方案.geojson"
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    found = facts(judged(study_of(), path))
    assert [f[0] for f in found] == [f[0] for f in facts(expected)]
    for mine, other in zip(found, facts(expected), strict=True):
        assert mine[3] == other[3]
        assert mine[2] == pytest.approx(other[2], abs=0.02)


def test_geopackage(study_of, tmp_path, expected):
    path = tmp_path / "方案.gpkg"
    gpd.GeoDataFrame({"地块编号": ["D1"], "规划户数": [600]}, geometry=[PLOT], crs=CRS).to_file(
        path, layer="地块"
    )
    gpd.GeoDataFrame(
        {"设施名称": ["用房"], "设施类型": ["社区养老服务用房"], "建筑面积": [110.0]},
        geometry=[ROOM],
        crs=CRS,
    ).to_file(path, layer="设施")
    facts_layer = gpd.GeoDataFrame(
        {"项目名称": ["新苑"], "城乡": ["城镇"]}, geometry=[None], crs=CRS
    )
    facts_layer.to_file(path, layer="项目")
    assert facts(judged(study_of(), path)) == facts(expected)


def workbook(path, *, facts_rows, plots, facilities):
    book = openpyxl.Workbook()
    for number, (title, rows) in enumerate(
        {"项目": facts_rows, "地块": plots, "设施": facilities}.items()
    ):
        sheet = book.active if number == 0 else book.create_sheet()
        sheet.title = title
        for row in rows:
            sheet.append(row)
    book.save(path)


FACTS = [
    ["××项目经济技术指标表", None, None],
    ["指标", "数值", "单位"],
    ["项目名称", "新苑", None],
    ["坐标系", "EPSG:4548", None],
    ["城乡", "城镇", None],
    ["用地面积", 2.0, "公顷"],
    ["容积率", 2.2, "/"],
]
PLOTS = [["地块编号", "规划户数", "X", "Y"], ["D1", 600, 500_500, 3_850_050]]
ROOMS = [
    ["设施名称", "设施类型", "建筑面积（㎡）"],
    ["用房", "社区养老服务用房", 110],
]


def test_workbook_with_facts_one_a_line(study_of, tmp_path):
    path = tmp_path / "方案.xlsx"
    workbook(path, facts_rows=FACTS, plots=PLOTS, facilities=ROOMS)
    proposal = lc.read_proposal(path, study_of())
    assert (proposal.name, proposal.facts["land_area_m2"]) == ("新苑", 20_000.0)
    assert proposal.facts["floor_area_ratio"] == 2.2
    review = lc.review(study_of(), proposal)
    quota = review.clauses[0]
    assert (quota.id, quota.required, quota.provided, quota.deficit) == ("CX-01", 120, 110, 10)


def test_a_wrong_fact_names_its_cell(study_of, tmp_path):
    path = tmp_path / "方案.xlsx"
    wrong = [*FACTS[:-1], ["容积率", "很高", None], ["拆除设施", "无此站", None]]
    workbook(path, facts_rows=wrong, plots=PLOTS, facilities=ROOMS)
    _, problems = lc.check_proposal(path, study_of())
    told = {str(p.code): p for p in problems}
    assert (told["number_unreadable"].cell, told["number_unreadable"].row) == ("B7", 7)
    assert told["reference_unknown"].cell == "B8"


def test_a_wrong_figure_names_sheet_and_cell(study_of, tmp_path):
    path = tmp_path / "方案.xlsx"
    rooms = [ROOMS[0], ["用房", "社区养老服务用房", "约一百"]]
    workbook(path, facts_rows=FACTS, plots=PLOTS, facilities=rooms)
    _, problems = lc.check_proposal(path, study_of())
    (told,) = [p for p in problems if str(p.code) == "number_unreadable"]
    assert (told.file, told.sheet, told.cell, told.value) == ("方案.xlsx", "设施", "C2", "约一百")


def test_a_declared_datum_is_undone(study_of, tmp_path):
    # the plot's place in GCJ-02, some 500 m off: declared, it lies where it should
    (spot,) = gpd.GeoSeries([ROOM], crs=CRS).to_crs("EPSG:4490")
    lon, lat = wgs84_to_gcj02(spot.x, spot.y)
    path = tmp_path / "方案.xlsx"
    facts_rows = [["坐标系", "火星坐标系"] if r[0] == "坐标系" else r for r in FACTS]
    plots = [["地块编号", "规划户数", "经度", "纬度"], ["D1", 600, float(lon), float(lat)]]
    workbook(path, facts_rows=facts_rows, plots=plots, facilities=ROOMS)
    proposal = lc.read_proposal(path, study_of())
    assert proposal.plots.frame.geometry.iloc[0].distance(ROOM) < 0.1


def test_a_feature_of_an_unknown_layer_is_told(study_of, tmp_path):
    (plot,) = gpd.GeoSeries([PLOT], crs=CRS).to_crs("EPSG:4326")
    feature = {
        "type": "Feature",
        "properties": {"图层": "随便", "地块编号": "D1", "规划户数": 600},
        "geometry": shapely.geometry.mapping(plot),
    }
    content = {"type": "FeatureCollection", "项目": {"项目名称": "新苑"}, "features": [feature]}
    path = tmp_path / "方案.geojson"
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    _, problems = lc.check_proposal(path, study_of())
    (told,) = [p for p in problems if p.code == "word_unknown"]
    assert (told.severity, told.row, told.column, told.value) == ("warning", 1, "图层", "随便")
    assert told.params["allowed"] == ["地块", "设施"]


def test_tables_of_one_part_by_two_names_are_read_together(study_of, propose, tmp_path, expected):
    """[[facilities]] and [[设施]] are one list, [project] and [项目] one sheet of facts."""
    half = '"设施类型" = "社区养老服务用房"\n"场所编号" = "S1"\nlon = 500500\nlat = 3850050\n'
    rooms = [f'"设施名称" = "用房{n}"\n"建筑面积" = {m2}\n{half}' for n, m2 in ((1, 60), (2, 50))]
    text = propose(rooms[:1]).read_text(encoding="utf-8")
    path = tmp_path / "两名.toml"
    more = '["项目"]\n"建设单位" = "某公司"\n[["设施"]]\n'
    path.write_text(f"{text}\n{more}{rooms[1]}", encoding="utf-8")
    study = study_of()
    assert facts(judged(study, path)) == facts(expected)
    assert lc.read_proposal(path, study).facts["developer"] == "某公司"
    path.write_text(f'{text}\n["项目"]\n"城乡" = "乡村"\n', encoding="utf-8")
    assert "fact_twice" in {p.code for p in lc.check_proposal(path, study)[1]}
    wrong = rooms[1].replace("= 50\n", '= "五十"\n')
    path.write_text(f'{text}\n[["设施"]]\n{wrong}', encoding="utf-8")
    problems = lc.check_proposal(path, study)[1]
    (problem,) = (p for p in problems if p.value == "五十")
    assert (problem.sheet, problem.row) == ("facilities", 2)  # as the file calls it
