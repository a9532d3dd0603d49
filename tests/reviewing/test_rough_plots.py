"""Plots whose coordinates were rounded to three decimals: what they decide is open within 73 m.

0.0005° are 55.66 m of latitude, and at 34.8° 45.7 m of longitude: a corner 72.03 m off, told as 73.
The shared station stands 849, 941, 1032 and 1124 m from the plots at 117.012 … 117.015 (projected).
"""

import pytest

import lifecircle as lc

ROUGH = ["117.012", "117.013", "117.014", "117.015"]
FINE = [f"{lon}01" for lon in ROUGH]
HEAD = 'name = "新苑"\n"坐标系" = "CGCS2000"\n"城乡" = "城镇"\n'
RADIUS = "REF-radius-community"
MET, OPEN, SHORT = "compliant", "not_assessed", "deficient"


def plots_at(lons, lat):
    return "\n".join(
        f'[[plots]]\nid = "D{n}"\n"地块名称" = "{n}号地"\n"规划户数" = 600\n'
        f'"经度" = {lon}\n"纬度" = {lat}\n'
        for n, lon in enumerate(lons, start=1)
    )


@pytest.mark.parametrize(
    ("lons", "lat", "wanted"),
    [(ROUGH, "34.778", [MET, OPEN, OPEN, SHORT]), (FINE, "34.77801", [MET, MET, SHORT, SHORT])],
)
def test_a_radius_from_a_rounded_plot_is_open_within_its_rounding(
    study_of, tmp_path, lons, lat, wanted
):
    study, path = study_of("caoxian-2023"), tmp_path / "方案.toml"
    path.write_text(f"[project]\n{HEAD}\n{plots_at(lons, lat)}", encoding="utf-8")
    review = lc.review(study, lc.read_proposal(path, study))
    told = {p: str(c.status) for c in review.clauses if c.id == RADIUS for p in c.plots}
    assert [told[f"D{n}"] for n in range(1, 5)] == wanted
