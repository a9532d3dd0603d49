"""Coverage of units by facilities of three decimals: firm only where no border is within that.

Here 0.001° are 90 m east and 111 m north, and a place of three decimals lies up to 72 m off. The
border of the two streets is drawn so many metres west of the one facility.
"""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely
from pyproj import Transformer
from tests.two_ledgers import STUDY

import lifecircle as lc

DEGREES = Transformer.from_crs("EPSG:4490", "EPSG:4548", always_xy=True)
LON, LAT = 117.003, 36.178
EAST, NORTH = DEGREES.transform(LON, LAT)
FOLLOWS = 'coordinates = "cgcs2000"\n'
MET, SHORT, OPEN = "compliant", "deficient", "not_assessed"
ONE, TWO = "370124001", "370124002"


@pytest.mark.parametrize(
    ("west", "unit", "status"),
    [
        (100, "", [SHORT, MET]),
        (60, "", [OPEN, OPEN]),
        (60, "锦水街道", [SHORT, MET]),  # said, wherever it lies
        (20_060, "", [SHORT, OPEN]),  # 60 m beyond the county line
        (20_100, "", [SHORT, SHORT]),
    ],
)
def test_what_is_rounded_over_a_border_covers_neither_unit_for_certain(
    tmp_path, west, unit, status
):
    line, (south, north) = EAST - west, (NORTH - 9000, NORTH + 9000)
    towns = {
        ONE: ("榆山街道", shapely.box(line - 20_000, south, line, north)),
        TWO: ("锦水街道", shapely.box(line, south, line + 20_000, north)),
    }
    rows = [{"代码": code, "名称": name, "geometry": land} for code, (name, land) in towns.items()]
    gpd.GeoDataFrame(rows, crs=4548).to_file(tmp_path / "u.gpkg")
    homes = "编号,小区名称,户数,类别,城乡,经度,纬度\n"
    for n in range(20):
        homes += (
            f"R{n},园{n}号,500,已建成,城镇,{116.95123 + 0.005 * n:.6f},{36.17123 + n / 1e3:.6f}\n"
        )
    (tmp_path / "r.csv").write_text(homes, encoding="utf-8")
    rooms = "编号,设施名称,设施类型,状态,建筑面积,所属镇街,经度,纬度\n"
    rooms += f"F1,颐康站,乡镇综合养老服务中心,运营,800,{unit},{LON},{LAT}\n"
    (tmp_path / "f.csv").write_text(rooms, encoding="utf-8")
    text = STUDY.replace('crs = "EPSG:4548"\n', "", 1).replace('crs = "EPSG:4548"\n', FOLLOWS)
    text = text.replace("371721", "370124").replace("caoxian-2023", "pingyin-2022")
    (tmp_path / "study.toml").write_text(f'{text}\n[layers.units]\npath = "u.gpkg"\n', "utf-8")
    found = lc.assess(lc.read_study(tmp_path / "study.toml")).findings
    rows = found[found["clause"] == "PY-03"].set_index("id").loc[[ONE, TWO]]
    assert list(map(str, rows["status"])) == status
    told = [str(reason.code) == "unit_rounded" for reason in rows["reason"]]
    assert told == [one == OPEN for one in status]
