"""Of a few places in degrees, with nothing beside them, it is said that nothing was tested."""

from __future__ import annotations

import pytest
from tests.two_ledgers import STUDY, written

from lifecircle.intake import check_study
from lifecircle.model.problem import ProblemCode as P

DEGREES = STUDY.replace('.csv"\ncrs = "EPSG:4548"\n', '.csv"\ncoordinates = "cgcs2000"\n')
# a village is some hundred metres wide: GCJ-02 would move all of it out of sight
AREAS = [f"R{n},{n}号院,100,已建成,城镇,{115.54 + n / 1000:.6f},34.830000" for n in range(19)]
PLACES = ["F1,甲站,日间照料中心,运营,60,115.540000,34.830000"]


@pytest.mark.parametrize("count", [4, 5, 12, 19])
def test_few_places_beside_nothing_are_not_tested(tmp_path, count):
    files = {
        "r": "\n".join(["编号,小区名称,户数,类别,城乡,经度,纬度", *AREAS[:count], ""]),
        "f": "\n".join(["编号,设施名称,设施类型,状态,建筑面积,经度,纬度", *PLACES, ""]),
    }
    study, problems = check_study(written(tmp_path, DEGREES, **files))
    assert study is not None, problems
    notes = [p for p in problems if p.code is P.DATUM_UNTESTED]
    # four are looked up in a map
    assert [p.layer for p in notes] == (["residential"] if count > 4 else [])
    assert not [p for p in problems if p.code in {P.DATUM_MIXED, P.DATUM_SUSPECTED, P.DATUM_ASKED}]
