"""Rows cut out of a shapefile of a whole province are read as a shapefile of those rows is."""

import geopandas as gpd
import pyogrio
import pytest
import shapely
from pandas.testing import assert_frame_equal

from lifecircle.batch.cutting.tables import write_rows
from lifecircle.intake import check_study
from lifecircle.model.problem import ProblemCode as P
from lifecircle.sources.tables.files import read_table

pytestmark = pytest.mark.filterwarnings("ignore:Column names longer", "ignore:Normalized")

ROOMS = {  # the record of the first two is cut, of the second in the middle of a character
    "设施名称": (80, ["一站", "二站", "三站"]),
    "设施类型": (80, ["日间照料中心"] * 3),
    "状态": (8, ["运营"] * 3),
    "社区服务面积": (12, [1200, 0, 300]),
    "床位数": (12, [10, 0, 5]),
    "服务小区": (50, ["；".join(["东园"] * 20), "A" + "；".join(["西园"] * 20), "东园"]),
}


def written(folder, name, as_dbf, table, at=(0, 1, 2)):
    count = len(at)
    points = [shapely.Point(500_100 + 300 * n, 3_880_100) for n in at]
    path = folder / f"{name}.shp"
    gpd.GeoDataFrame({"a": [1] * count}, geometry=points, crs=4548).to_file(path)
    as_dbf(path, table)
    return path


def studied(county, path):
    county.areas().to_file(county.folder / "residential.gpkg")
    county.layers["residential"] = 'path = "residential.gpkg"'
    county.layers["facilities"] = f'path = "{path.name}"'
    return check_study(county.finish())


def told(problems):
    """What is said, but for the letters of a sheet and the encoding, which only a .dbf has."""
    mine = [p for p in problems if p.layer == "facilities" and p.code is not P.ENCODING_CHOSEN]
    return sorted((str(p.code), str(p.row), str(p.column), str(p.value)) for p in mine)


@pytest.mark.parametrize("at", [[0], [1], [1, 2], [0, 1, 2]])
@pytest.mark.parametrize("blank", [False, True])
def test_a_cut_is_read_as_a_shapefile_of_its_rows(county, as_dbf, at, blank):
    table = dict(ROOMS)
    if blank:  # the program that wrote the file knows blanks: its zeros are figures
        table["床位数"] = (12, [10, 0, None])
    whole, _ = read_table(written(county.folder, "whole", as_dbf, table), name="facilities")
    cut = county.folder / write_rows(whole, at, county.folder, "cut")
    mine = {name: (width, [cells[n] for n in at]) for name, (width, cells) in table.items()}
    alone, said = studied(county, written(county.folder, "alone", as_dbf, mine, at))
    found, heard = studied(county, cut)
    columns = [c for c in found.facilities.frame if c not in {"lon", "lat"}]
    if blank and 2 not in at:  # of these rows alone nobody could tell that a 0 is one
        zeros = found.facilities.frame["beds"] == 0
        assert zeros.tolist() == [n == 1 for n in at]
        columns = [c for c in columns if not c.startswith(("beds", "community_area"))]
    else:
        assert told(heard) == told(said)
    left, right = (s.facilities.frame[columns].reset_index(drop=True) for s in (found, alone))
    assert_frame_equal(left, right)
    cuts = [p.row for p in heard if p.code is P.SERVES_CUT]
    assert len(cuts) == len({0, 1} & set(at))


def test_a_cut_of_a_cut_still_knows_it(county, as_dbf):
    whole, _ = read_table(written(county.folder, "whole", as_dbf, ROOMS), name="facilities")
    for name, at in (("once", [1, 2]), ("twice", [0])):
        path = county.folder / write_rows(whole, at, county.folder, name)
        whole, _ = read_table(path, name="facilities")
    assert whole.header_bytes == 10
    assert list(whole.full["服务小区"]) == [0]
    assert whole.full["服务小区"][0].halved


def test_what_is_completed_in_a_cut_is_whole(county, as_dbf):
    """As `check` asks for: 二站 is completed; then 一站 is taken out, and its place is 二站's."""
    whole, _ = read_table(written(county.folder, "whole", as_dbf, ROOMS), name="facilities")
    path = county.folder / write_rows(whole, [0, 1, 2], county.folder, "cut")
    note = pyogrio.read_info(path)["layer_metadata"]
    layer = gpd.read_file(path)
    layer.loc[1, "服务小区"] = "A" + "；".join(["西园"] * 20) + "；东园"
    for rows, full in ((layer, [0]), (layer.iloc[1:], [])):
        pyogrio.write_dataframe(rows, path, layer="cut", layer_metadata=note)
        again, _ = read_table(path, name="facilities")
        assert list(again.full["服务小区"]) == full


def test_what_is_no_shapefile_has_no_note(county):
    path = county.folder / "residential.gpkg"
    county.areas().to_file(path)
    whole, _ = read_table(path, name="residential")
    again, _ = read_table(
        county.folder / write_rows(whole, [1], county.folder, "cut"), name="residential"
    )
    assert (again.header_bytes, dict(again.full)) == (None, {})


def test_the_same_rows_are_the_same_bytes(county, as_dbf):
    whole, _ = read_table(written(county.folder, "whole", as_dbf, ROOMS), name="facilities")
    written_twice = []
    for name in ("a", "b"):
        (county.folder / name).mkdir()
        path = county.folder / name / write_rows(whole, [0, 2], county.folder / name, "cut")
        written_twice.append(path.read_bytes())
    one, other = written_twice
    assert one == other
    assert "服务小区".encode() in one
