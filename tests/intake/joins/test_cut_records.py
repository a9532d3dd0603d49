"""Records that a shapefile cut: whom they name after the last byte nobody knows."""

import itertools
import math

import geopandas as gpd
import numpy as np
import pytest
import shapely

from lifecircle.assessing.assess import assess
from lifecircle.intake import check_study
from lifecircle.intake.positions.datum import wgs84_to_gcj02
from lifecircle.model.problem import ProblemCode as P
from lifecircle.model.problem import describe
from lifecircle.outputs.words.wording import Wording

NAMES = ["甲苑", "乙苑", "丙苑"]
SQUARES = [shapely.box(x, 3_880_000, x + 100, 3_880_100) for x in (500_000, 500_400, 503_000)]
GROUPS = "；".join(f"第{n:02d}单元楼座:0" for n in range(20))

pytestmark = pytest.mark.filterwarnings(
    "ignore:Column names longer", "ignore:Normalized", "ignore:Value"
)


def written(
    county, as_dbf, serves, width, *, names=NAMES, at=SQUARES, points=False, gcj02=False, **how
):
    """Write areas and 1,200 m² in the first of them, with a record in a field of so many bytes.

    500 households are asked for 100 m².
    """
    shapes = [square.centroid if points else square for square in at[: len(names)]]
    columns = {"小区名称": names, "户数": [500] * len(names), "类别": ["已建成"] * len(names)}
    areas = gpd.GeoDataFrame(columns | {"城乡": ["城镇"] * len(names)}, geometry=shapes, crs=4548)
    if gcj02:  # the homes as 高德 has them, the rooms as they are, both declared
        areas = areas.to_crs(4326)
        areas.geometry = shapely.transform(areas.geometry.array, shifted)
    areas.to_file(county.folder / "residential.gpkg")
    county.layers["residential"] = 'path = "residential.gpkg"' + gcj02 * '\ncoordinates = "gcj02"'
    path = county.folder / "facilities.shp"
    rooms = gpd.GeoDataFrame({"a": [1]}, geometry=[at[0].centroid], crs=4548)
    (rooms.to_crs(4326) if gcj02 else rooms).to_file(path)
    table = {
        "设施名称": (80, ["一站"]),
        "设施类型": (80, ["日间照料中心"]),
        "状态": (8, ["运营"]),
        "建筑面积": (12, [1200.0]),
        "服务小区": (width, [serves]),
    }
    as_dbf(path, table, **how)
    county.layers["facilities"] = f'path = "{path.name}"' + gcj02 * '\ncoordinates = "wgs84"'
    return check_study(county.finish())


def shifted(points):
    return np.column_stack(wgs84_to_gcj02(points[:, 0], points[:, 1]))


def statuses(study):
    found = assess(study).findings
    return [str(s) for s in found[found.clause == "JX-06"].status]


def codes(problems):
    return [p.code for p in problems if p.code in {P.SERVES_CUT, P.SERVES_MORE}]


BOTH = [P.SERVES_CUT, P.SERVES_MORE]


@pytest.mark.parametrize("how", [{}, {"points": True}, {"gcj02": True}])
@pytest.mark.parametrize("width", [50, 80, 254])
def test_what_a_field_cut_off_may_have_named_an_area_nearby(county, as_dbf, width, how):
    """Of 甲苑:100；…；乙苑:100 the end is lost; 丙苑 is 3 km off."""
    study, problems = written(county, as_dbf, f"甲苑:100；{GROUPS}；乙苑:100", width, **how)
    assert codes(problems) == BOTH
    assert statuses(study) == ["compliant", "not_assessed", "deficient"]
    (said,) = (p for p in problems if p.code is P.SERVES_CUT)
    assert f"{width} 个字节" in describe(said, "zh")["what"]
    assert f"{width} bytes" in describe(said, "en")["what"]
    (more,) = (p for p in problems if p.code is P.SERVES_MORE)
    assert more.value.endswith("…")  # not 等, which the record does not say
    assert "等" not in set(study.likely.written)
    reason = assess(study).findings.set_index(["clause", "id"]).at[("JX-06", "R2"), "reason"]
    assert f"写作{more.value}" in Wording("zh").reason(reason)


def test_a_cut_record_that_says_more_itself_is_told_of_it_once(county, as_dbf):
    """15 bytes of 甲苑；丙苑等；丙苑 end in the middle of the last name; 乙苑 is near."""
    study, problems = written(county, as_dbf, "甲苑；丙苑等；丙苑", 15)
    assert codes(problems) == BOTH
    assert [p.value for p in problems if p.code is P.SERVES_MORE] == ["丙苑等"]
    assert set(study.residential.frame.name[study.likely.residential]) == {"乙苑"}
    assert set(study.likely.written) == {"丙苑等", "丙苑等…"}


def test_a_record_with_room_to_spare_is_whole(county, as_dbf):
    """甲苑:100；丙苑:100 has 21 bytes in GBK."""
    study, problems = written(county, as_dbf, "甲苑:100；丙苑:100", 80)
    assert codes(problems) == []
    assert statuses(study) == ["compliant", "deficient", "compliant"]


def test_a_field_as_wide_as_its_longest_record_cut_nothing(county, as_dbf):
    """甲苑；丙苑 has 10 bytes, as fields that somebody makes; 甲苑;丙苑 has 9, as none of these."""
    study, problems = written(county, as_dbf, "甲苑;丙苑", 9)
    assert codes(problems) == []
    assert "deficient" in statuses(study)
    assert codes(written(county, as_dbf, "甲苑；丙苑", 10)[1]) == BOTH


def test_what_was_read_otherwise_in_it_is_told_all_the_same(county, as_dbf):
    """15 bytes of 甲苑和乙苑；丙苑 end in the middle of the last character."""
    study, problems = written(county, as_dbf, "甲苑和乙苑；丙苑", 15)
    assert codes(problems) == BOTH
    assert study.residential.frame.name[study.sharing.residential].tolist() == ["甲苑", "乙苑"]
    assert [p.value for p in problems if p.code is P.NAME_READ_AS] == ["甲苑和乙苑"]


def test_one_that_breaks_off_was_cut_however_wide_it_is(county, as_dbf):
    """13 bytes of 甲苑；丙苑；乙苑 end in the middle of 乙."""
    study, problems = written(county, as_dbf, "甲苑；丙苑；乙苑", 13)
    assert codes(problems) == BOTH
    shares = study.sharing.residential.tolist()
    assert [study.residential.frame.name[key] for key in shares] == ["甲苑", "丙苑"]


def test_the_beginning_of_several_names_is_none_of_them(county, as_dbf):
    """12 bytes of 甲苑；书香苑东区 end with 书香苑, an area and the beginning of another."""
    names = ["甲苑", "书香苑", "书香苑东区"]
    study, problems = written(county, as_dbf, "甲苑；书香苑东区", 12, names=names)
    assert study.residential.frame.name[study.sharing.residential].tolist() == ["甲苑"]
    may = study.likely[study.likely.written == "书香苑"].residential
    assert study.residential.frame.name[may].tolist() == ["书香苑", "书香苑东区"]
    (lost,) = (p for p in problems if p.code is P.REFERENCE_UNKNOWN)
    assert lost.params["nearest"] == "书香苑、书香苑东区"


def test_rooms_of_whose_record_only_a_beginning_is_left_serve_nobody_for_certain(county, as_dbf):
    """8 bytes of 书香苑东区、乙苑 are 书香苑东; the rooms stand in 甲苑."""
    study, _ = written(
        county, as_dbf, "书香苑东区、乙苑", 8, names=["甲苑", "书香苑东区", "书香苑"]
    )
    assert not len(study.sharing)
    may = set(study.residential.frame.name[study.likely.residential])
    assert {"甲苑", "书香苑东区"} <= may


def test_square_metres_that_were_cut_are_any(county, as_dbf):
    """15 bytes of 甲苑:50；乙苑:100 leave 乙苑:1 of its 100 m²."""
    study, problems = written(county, as_dbf, "甲苑:50；乙苑:100", 15)
    named = dict(zip(study.sharing.residential, study.sharing.m2, strict=True))
    first, second = study.residential.frame.index[:2]
    assert named[first] == 50
    assert math.isnan(named[second])
    assert P.NUMBER_UNREADABLE in {p.code for p in problems}


WIDTHS = (10, 15, 16, 20, 25, 30, 32, 40, 50, 60, 64, 70)


@pytest.mark.one_in(5)
@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
def test_whatever_the_width_nothing_that_was_lost_is_known_not_to_be_meant(
    county, as_dbf, encoding, whole
):
    """Whoever the whole record names is named by what is left of it, or may be.

    Areas within 1000 m of the rooms: farther ones a record that says no more than 等 does not mean.
    """
    names = ["甲", "甲苑", "甲苑北区", "丁香花园", "丁香", "湖畔人家", "湖"]
    west = [500_000 + 50 * n for n in range(len(names))]
    places = [shapely.box(x, 3_880_000, x + 40, 3_880_040) for x in west]
    given = {"names": names, "at": places, "encoding": encoding, "whole": whole}
    meant = [*names[1:4], names[5], names[0], names[4]]
    for width, marks in itertools.product(WIDTHS, ("", ":10")):
        record = "；".join(f"{name}{marks}" for name in meant)
        study, _ = written(county, as_dbf, record, width, **given)
        name = study.residential.frame.name
        sure, may = set(name[study.sharing.residential]), set(name[study.likely.residential])
        assert sure <= set(meant), (width, marks)
        assert set(meant) <= sure | may, (width, marks)
        assert set(study.sharing.m2.dropna()) <= {10.0}, (width, marks)
