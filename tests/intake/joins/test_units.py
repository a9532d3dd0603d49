import geopandas as gpd
import pytest
import shapely

from lifecircle import assess
from lifecircle.intake import check_study
from lifecircle.intake.positions.projection import zone_crs
from lifecircle.model.gazetteer import canonical_code, unit_level, unit_type
from lifecircle.model.problem import ProblemCode as P


@pytest.mark.parametrize(
    ("code", "name", "level", "kind"),
    [
        ("370828", "金乡县", "county", "county"),
        ("370828001", "金乡街道", "township", "street"),
        ("370828099", "", "township", "street"),
        ("370828100", "", "township", "town"),
        ("370828199", "", "township", "town"),
        ("370826206", "高楼乡", "township", "township"),
        ("370828399", "", "township", "township"),
        ("370828400", "开发区", "township", "special"),
        ("370828599", "", "township", "special"),
        ("370828600", "", "township", "special"),
        ("370828001001", "东关社区", "community", "community"),
        ("370828001199", "", "community", "community"),
        ("370828001200", "西村", "community", "village"),
        ("370828001399", "", "community", "village"),
        ("370828001498", "某生活区", "community", "special"),
        ("370828401001", "园区社区", "community", "special"),
        ("370828001200", "某虚拟社区", "community", "special"),
    ],
)
def test_what_a_code_says(code, name, level, kind):
    assert (unit_level(code), unit_type(code, name)) == (level, kind)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("370828001000", "370828001"),
        ("370828000000", "370828"),
        ("370828000", "370828"),
        ("370828001001", "370828001001"),
        ("3708", None),
        ("37082800100", None),
        ("３７０８２８", None),
        ("东关社区", None),
    ],
)
def test_codes_at_their_own_length(text, code):
    assert canonical_code(text) == code


@pytest.mark.parametrize(
    ("lon", "code"),
    [
        (117.13, 4548),
        (116.46, 4548),
        (115.54, 4548),
        (114.0, 4547),
        (120.2, 4549),
        (75, 4534),
        (135, 4554),
    ],
)
def test_three_degree_zones(lon, code):
    assert zone_crs(lon, 35) == f"EPSG:{code}"


def test_outside_the_zones_utm():
    assert zone_crs(24.94, 60.17) == "EPSG:32635"


UNITS = """区划代码,名称,城乡分类代码
370828001000,金乡街道,
370828002,鱼山街道,
370828001001,东关社区居民委员会,
370828001200,西村村民委员会,
370828002001,东关社区居民委员会,220
370828002498,虚拟生活区,
abc,错码,
370828002001,重复,
"""


def test_the_units_layer(county):
    county.write("units.csv", UNITS)
    county.layers["units"] = 'path = "units.csv"'
    study, problems = check_study(county.finish())
    frame = study.units.frame
    assert list(frame.index) == [
        "370828001",
        "370828002",
        "370828001001",
        "370828001200",
        "370828002001",
        "370828002498",
    ]
    kinds = ["street", "street", "community", "village", "community", "special"]
    assert list(frame["unit_type"]) == kinds
    assert list(frame["level"]) == ["township"] * 2 + ["community"] * 4
    assert list(frame["parent"]) == [None, None, *["370828001"] * 2, *["370828002"] * 2]
    # 002001 says 220 itself; a street says nothing, nor does a special unit.
    assert list(frame["setting"]) == [None, None, "urban", "rural", "rural", None]
    found = [(p.code, p.row, p.cell) for p in problems if p.layer == "units"]
    assert found == [
        (P.ID_DUPLICATE, 9, "A9"),
        (P.CODE_UNKNOWN, 8, "A8"),
        (P.SETTING_INFERRED, None, None),
    ]
    record = next(i for i in study.inputs if i.layer == "units")
    assert (record.rows, record.used, record.set_aside) == (8, 6, 2)


def test_units_of_other_counties_count_in_no_rate_and_are_over_the_line(county):
    """A layer of the whole city: 371721001 is no street of 370828, whoever stands in it is out."""
    shapes = [shapely.box(x, 3_879_000, x + 1_000, 3_881_000) for x in (499_500, 500_500)]
    names, codes = ["金乡街道", "曹城街道"], ["370828001", "371721001"]
    county.heading = county.heading.replace("370827", "370828")
    gpd.GeoDataFrame({"code": codes, "name": names}, geometry=shapes, crs=4548).to_file(
        county.folder / "units.gpkg"
    )
    county.layers["units"] = 'path = "units.gpkg"'
    county.areas(unit=[None, None]).to_file(county.folder / "areas.gpkg")
    study, problems = check_study(county.finish())
    (said,) = (p for p in problems if p.code is P.UNITS_BEYOND)
    assert said.params == {"count": 1, "names": ["曹城街道"]}
    assert study.units.frame.loc[codes, "unit_type"].tolist() == ["street", "special"]
    assert study.residential.frame["unit"].tolist() == codes
    result = assess(study)
    rows = result.findings
    mine = rows[rows["id"].isin(codes) & (rows["clause"] == "JX-12")].set_index("id")["status"]
    assert mine["371721001"] == "not_applicable"
    assert mine["370828001"] != "not_applicable"
    # a list of another county alone is a wrong county code, and no rate is emptied by it
    county.areas(unit=[None, None]).to_file(county.folder / "areas.gpkg")
    gpd.GeoDataFrame({"code": codes[1:], "name": names[1:]}, geometry=shapes[1:], crs=4548).to_file(
        county.folder / "units.gpkg"
    )
    assert check_study(county.finish())[0].units.frame.at[codes[1], "unit_type"] == "street"


def test_units_are_found_by_code_by_name_and_by_position(county):
    shapes = [shapely.box(x, 3_879_000, x + 1_000, 3_881_000) for x in (499_500, 500_500)]
    gpd.GeoDataFrame(
        {"code": ["370828001", "370828002"], "name": ["金乡街道", "鱼山街道"]},
        geometry=shapes,
        crs=4548,
    ).to_file(county.folder / "units.gpkg")
    county.layers["units"] = 'path = "units.gpkg"'
    # R1 and R2 stand in different streets; a written name beats the position.
    county.areas(unit=[None, "金乡街道"]).to_file(county.folder / "areas.gpkg")
    study, _ = check_study(county.finish())
    assert list(study.residential.frame["unit"]) == ["370828001", "370828001"]
    county.areas(unit=[None, None]).to_file(county.folder / "areas.gpkg")
    study, _ = check_study(county.finish())
    assert list(study.residential.frame["unit"]) == ["370828001", "370828002"]
    assert list(study.facilities.frame["unit"]) == ["370828001"]


def test_a_community_name_that_two_streets_share_needs_its_street(county):
    county.write("units.csv", UNITS)
    county.layers["units"] = 'path = "units.csv"'
    county.areas(unit=["鱼山街道", None], community=["东关社区", "东关社区"]).to_file(
        county.folder / "areas.gpkg"
    )
    study, problems = check_study(county.finish())
    frame = study.residential.frame
    assert list(frame["community"]) == ["370828002001", None]
    assert list(frame["unit"]) == ["370828002", None]
    assert list(frame["setting"]) == ["rural", None]
    lost = [
        (p.row, p.value) for p in problems if p.code is P.CODE_UNKNOWN and p.layer == "residential"
    ]
    assert lost == [(2, "东关社区")]


def test_a_community_code_alone_gives_the_street_and_the_setting(county):
    county.write("units.csv", UNITS)
    county.layers["units"] = 'path = "units.csv"'
    county.areas(community=["370828001200", "西村"], setting=[None, "城镇"]).to_file(
        county.folder / "areas.gpkg"
    )
    study, _ = check_study(county.finish())
    frame = study.residential.frame
    assert list(frame["unit"]) == ["370828001", "370828001"]
    assert list(frame["community"]) == ["370828001200", "370828001200"]
    assert list(frame["setting"]) == ["rural", "urban"]


def test_a_street_code_in_the_community_column_says_the_street(county):
    county.write("units.csv", UNITS)
    county.layers["units"] = 'path = "units.csv"'
    county.areas(行政区划代码=["370828001", "370828002000"]).to_file(county.folder / "areas.gpkg")
    study, problems = check_study(county.finish())
    assert list(study.residential.frame["unit"]) == ["370828001", "370828002"]
    assert list(study.residential.frame["community"]) == [None, None]
    assert [p for p in problems if p.layer == "residential"] == []


def test_without_a_units_layer_codes_stand_as_given(county):
    county.areas(community=["370828001200", "西村"]).to_file(county.folder / "areas.gpkg")
    study, _ = check_study(county.finish())
    assert list(study.residential.frame["unit"]) == ["370828001", None]
    assert list(study.residential.frame["community"]) == ["370828001200", "西村"]


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        # no column of codes at all, a blank one, the name in its place; 羊山 is 羊山镇's stem
        ("名称\n金乡街道\n羊山\n", ["370828001", "370828101"]),
        ("代码,名称\n,金乡街道\n370828101,羊山镇\n", ["370828001", "370828101"]),
        ("代码,名称\n金乡街道,金乡街道\n370828101,羊山镇\n", ["370828001", "370828101"]),
    ],
)
def test_units_without_codes_are_taken_by_name_from_the_shipped_list(county, table, codes):
    county.heading = county.heading.replace("370827", "370828")
    county.write("units.csv", table)
    county.layers["units"] = 'path = "units.csv"'
    county.areas(unit=["羊山镇", None]).to_file(county.folder / "areas.gpkg")
    study, problems = check_study(county.finish())
    own = study.units.frame
    assert own.index[~own["unlisted"].to_numpy(dtype=bool)].tolist() == codes
    assert study.residential.frame["unit"].tolist()[0] == "370828101"
    (said,) = (p for p in problems if p.code is P.UNITS_BY_NAME)
    assert said.params["count"] == len(codes) - table.count("370828101")


def test_a_name_that_the_list_does_not_have_is_refused_as_before(county):
    county.heading = county.heading.replace("370827", "370828")
    county.write("units.csv", "名称\n金乡街道\n某某镇\n")
    county.layers["units"] = 'path = "units.csv"'
    study, problems = check_study(county.finish())
    assert "370828001" in study.units.frame.index
    assert [(p.code, p.row) for p in problems if p.layer == "units" and p.row] == [
        (P.CODE_UNKNOWN, 3)
    ]


def test_without_codes_and_without_a_shipped_list_the_column_is_missing(county):
    county.write("units.csv", "名称\n甲街道\n乙镇\n")
    county.layers["units"] = 'path = "units.csv"'
    study, problems = check_study(county.finish())
    assert study.units is None
    assert P.COLUMN_MISSING in [p.code for p in problems if p.layer == "units"]
