import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecircle.intake.positions import datum

# (lon, lat) WGS 84, (lon, lat) GCJ-02: the test vectors of eviltransform and coordtransform.
WGS_GCJ = [
    ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
    ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
    ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    ((116.404, 39.915), (116.41024449916938, 39.91640428150164)),
]
# Points of four counties: WGS 84, GCJ-02, BD-09, printed to eight decimals.
COUNTIES = [
    ((117.13, 34.81), (117.13591634, 34.8092795), (117.14235508, 34.81551844)),
    ((115.54, 34.83), (115.54559123, 34.8289954), (115.55203422, 34.83525374)),
    ((116.46, 36.29), (116.46572635, 36.29019181), (116.47233974, 36.29586092)),
    ((116.31, 35.07), (116.31554679, 35.06944731), (116.32209606, 35.07535316)),
]


def near(found, expected, degrees):
    assert np.abs(np.array(found, float).ravel() - np.array(expected)).max() <= degrees


@pytest.mark.parametrize(("wgs", "gcj"), WGS_GCJ)
def test_gcj02_agrees_with_the_published_vectors_both_ways(wgs, gcj):
    near(datum.wgs84_to_gcj02(*wgs), gcj, 1e-12)
    near(datum.gcj02_to_wgs84(*gcj), wgs, 1e-9)


def test_gcj02_to_bd09_agrees_with_coordtransform():
    near(datum.gcj02_to_bd09(116.404, 39.915), (116.41036949371029, 39.92133699351021), 1e-12)


def test_the_iterated_inverse_beats_the_one_step_formula():
    near(datum.gcj02_to_wgs84(116.404, 39.915), (116.39775575457485, 39.913596235609404), 1e-12)


def test_bd09_to_gcj02_is_within_the_closed_forms_own_error():
    # The published value is the closed form's, which is 0.08 to 0.10 m (about 1e-6 degrees) off.
    found = datum.bd09_to_gcj02(116.404, 39.915)
    near(found, (116.39762729119315, 39.90865673957631), 2e-6)
    near(datum.gcj02_to_bd09(*found), (116.404, 39.915), 1e-9)


@pytest.mark.parametrize(("wgs", "gcj", "bd"), COUNTIES)
def test_the_four_counties(wgs, gcj, bd):
    near(datum.wgs84_to_gcj02(*wgs), gcj, 6e-9)
    near(datum.gcj02_to_bd09(*gcj), bd, 2e-8)
    near(datum.to_wgs84(*gcj, "gcj02"), wgs, 2e-8)
    near(datum.to_wgs84(*bd, "bd09"), wgs, 2e-8)
    for same in ("wgs84", "cgcs2000"):
        near(datum.to_wgs84(*wgs, same), wgs, 0)


@given(st.floats(75, 134), st.floats(4, 53))
def test_the_inverses_return_every_point_of_china(lon, lat):
    gcj = datum.wgs84_to_gcj02(lon, lat)
    near(datum.to_wgs84(*gcj, "gcj02"), (lon, lat), 1e-9)
    near(datum.to_wgs84(*datum.gcj02_to_bd09(*gcj), "bd09"), (lon, lat), 1e-9)


def test_no_shift_outside_china_and_unknown_stays_unknown():
    near(datum.wgs84_to_gcj02(24.94, 60.17), (24.94, 60.17), 0)
    lon, lat = datum.to_wgs84(np.array([np.nan, 116.3]), np.array([35.0, 35.0]), "bd09")
    assert np.isnan(lon[0])
    assert np.isfinite([lon[1], lat[1]]).all()
