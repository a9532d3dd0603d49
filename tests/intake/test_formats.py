"""The same study, whatever format its layers come in."""

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely

from lifecircle.intake import check_study
from lifecircle.model.problem import ProblemCode as P
from lifecircle.model.problem import Severity

ROWS = {
    "编号": ["R1", "R2", "R3"],
    "小区名称": ["东园小区", "西园", "南园（二期）"],
    "社区": ["370828001001", "370828001002", None],
    "户数": [100, 250, 0],
    "类别": ["新建", "老旧", None],
}
POINTS = [shapely.Point(117 + x, 35.0512) for x in (0.0, 0.01, 0.02)]


def vector():
    return gpd.GeoDataFrame(ROWS, geometry=POINTS, crs=4490)


def table():
    place = {"经度": [p.x for p in POINTS], "纬度": [p.y for p in POINTS]}
    return pd.DataFrame(ROWS | place)


def as_gpkg(folder):
    vector().to_file(folder / "a.gpkg")
    return 'path = "a.gpkg"'


def as_geojson(folder):
    vector().to_crs(4326).to_file(folder / "a.geojson")
    return 'path = "a.geojson"'


def as_shapefile(folder):
    vector().to_file(folder / "a.shp", encoding="GBK")
    return 'path = "a.shp"'


def as_bare_shapefile(folder):
    as_shapefile(folder)
    (folder / "a.cpg").unlink()
    return 'path = "a.shp"'


def as_declared_shapefile(folder):
    as_bare_shapefile(folder)
    return 'path = "a.shp"\nencoding = "GBK"'


def as_csv(folder, encoding="gbk"):
    (folder / "a.csv").write_bytes(table().to_csv(index=False).encode(encoding))
    return 'path = "a.csv"\ncoordinates = "cgcs2000"'


def as_csv_with_mark(folder):
    return as_csv(folder, "utf-8-sig")


def as_workbook(folder):
    table().to_excel(folder / "a.xlsx", index=False, sheet_name="小区")
    return 'path = "a.xlsx"\nsheet = "小区"\ncoordinates = "cgcs2000"'


def as_workbook_of_numbers(folder):
    """Codes as a spreadsheet's numbers, a title above the header, units in the headers."""
    book = openpyxl.Workbook()
    page = book.active
    page.append(["金乡县小区台账"])
    page.append(["编号", "小区名称", "社区", "户数（户）", "类别", "经度（°）", "纬度（°）"])
    for row in table().itertuples(index=False):
        values = [None if pd.isna(v) else v for v in row]
        values[2] = int(values[2]) if values[2] else None
        page.append(values)
    book.save(folder / "a.xlsx")
    return 'path = "a.xlsx"\ncoordinates = "cgcs2000"'


@pytest.mark.parametrize(
    "write",
    [
        as_gpkg,
        as_geojson,
        as_shapefile,
        as_bare_shapefile,
        as_declared_shapefile,
        as_csv,
        as_csv_with_mark,
        as_workbook,
        as_workbook_of_numbers,
    ],
)
def test_every_format_gives_the_same_layer(county, write):
    county.heading += 'crs = "EPSG:4548"\n'
    county.layers["residential"] = write(county.folder)
    study, problems = check_study(county.finish())
    assert [p for p in problems if p.severity is not Severity.INFO] == []
    said = {p.code for p in problems} - {P.AREAS_AS_POINTS, P.ESTATES_EMPTY, P.HOMES_STAND_IN}
    assert said == ({P.ENCODING_CHOSEN} if write in {as_csv, as_bare_shapefile} else set())
    (empty,) = (p for p in problems if p.code is P.ESTATES_EMPTY)
    assert empty.params["count"] == 1
    frame = study.residential.frame
    assert list(frame.index) == ROWS["编号"]
    assert list(frame["name"]) == ROWS["小区名称"]
    assert list(frame["community"]) == ROWS["社区"]
    assert list(frame["unit"]) == ["370828001", "370828001", None]
    assert list(frame["households"]) == [100.0, 250.0, 0.0]
    assert list(frame["age_class"]) == ["new", "old", None]
    expected = gpd.GeoSeries(POINTS, crs=4490).to_crs(4548)
    assert shapely.distance(expected.to_numpy(), frame.geometry.to_numpy()).max() < 1e-6


@pytest.mark.parametrize(("datum", "metres"), [("gcj02", (480, 560)), ("bd09", (1200, 1300))])
@pytest.mark.parametrize("write", [as_gpkg, as_csv_with_mark])
def test_a_declared_datum_is_undone_on_tables_and_on_maps(county, write, datum, metres):
    county.heading += 'crs = "EPSG:4548"\n'
    lines = write(county.folder).replace('\ncoordinates = "cgcs2000"', "")
    county.layers["residential"] = f'{lines}\ncoordinates = "{datum}"'
    study, _ = check_study(county.finish())
    plain = gpd.GeoSeries(POINTS, crs=4490).to_crs(4548).to_numpy()
    moved = shapely.distance(plain, study.residential.frame.geometry.to_numpy())
    assert metres[0] < moved.min()
    assert moved.max() < metres[1]


@pytest.mark.filterwarnings("ignore:Normalized", "ignore:Column names longer")
def test_headers_cut_by_the_shapefile_are_understood(county):
    frame = gpd.GeoDataFrame(
        {"name": ["甲"], "kinds": ["托老所"], "floor_area_m2": [120.0], "nursing_beds": [7]},
        geometry=[POINTS[0]],
        crs=4490,
    )
    frame.to_file(county.folder / "f.shp")
    county.layers["facilities"] = 'path = "f.shp"'
    study, _ = check_study(county.finish())
    frame = study.facilities.frame
    assert (frame["floor_area_m2"].iloc[0], frame["nursing_beds"].iloc[0]) == (120.0, 7.0)


def test_projected_coordinates_in_columns(county):
    text = "name,kinds,X,Y\n甲,托老所,500000,3880000\n"
    county.write("facilities.csv", text)
    county.layers["facilities"] = 'path = "facilities.csv"\ncrs = "EPSG:4548"'
    county.heading += 'crs = "EPSG:4548"\n'
    study, problems = check_study(county.finish())
    assert problems == ()
    assert study.facilities.frame.geometry.iloc[0].equals(shapely.Point(500000, 3880000))


def test_the_third_dimension_is_dropped(county):
    frame = gpd.GeoDataFrame(
        {"name": ["甲"], "kinds": ["托老所"]},
        geometry=[shapely.Point(500_000, 3_880_000, 37)],
        crs=4548,
    )
    frame.to_file(county.folder / "f.gpkg")
    county.layers["facilities"] = 'path = "f.gpkg"'
    study, _ = check_study(county.finish())
    assert not study.facilities.frame.geometry.iloc[0].has_z


DXF = (
    "0\nSECTION\n2\nHEADER\n9\n$ACADVER\n1\nAC1015\n9\n$DWGCODEPAGE\n3\nANSI_936\n0\nENDSEC\n"
    "0\nSECTION\n2\nENTITIES\n"
    "0\nTEXT\n8\n托老所\n10\n500050\n20\n3880050\n40\n2.5\n1\n东园站\n"
    "0\nLINE\n8\n路\n10\n500000\n20\n3880000\n11\n500100\n21\n3880000\n0\nENDSEC\n0\nEOF\n"
)


def test_a_drawing_needs_its_crs_and_then_gives_facilities_and_streets(county):
    (county.folder / "a.dxf").write_bytes(DXF.encode("gbk"))
    drawn = 'path = "a.dxf"\ncolumns = { name = "Text", kinds = "Layer" }'
    county.layers["facilities"] = drawn
    study, problems = check_study(county.finish())
    assert study is None
    assert P.CRS_MISSING in {p.code for p in problems}
    county.layers["facilities"] = f'{drawn}\ncrs = "EPSG:4548"'
    county.layers["streets"] = 'path = "a.dxf"\ncrs = "EPSG:4548"'
    study, _ = check_study(county.finish())
    frame = study.facilities.frame
    assert (list(frame["name"]), list(frame["kinds"])) == (["东园站"], [frozenset({"day_care"})])
    assert frame.geometry.iloc[0].equals(shapely.Point(500_050, 3_880_050))
    assert len(study.streets) == 1
