"""Positions and outlines that were read rightly before, and one mistyped longitude."""

from __future__ import annotations

from pathlib import Path

import pytest

import lifecircle as lc
from lifecircle.intake.study import check_study
from lifecircle.model.problem import ProblemCode as P
from lifecircle.model.problem import Severity

INPUTS = Path(__file__).parent


def judged(name):
    study, problems = check_study(INPUTS / name)
    rows = lc.assess(study).layers["residential"]
    told = [(p.code, p.row) for p in problems if p.severity is not Severity.INFO]
    return study, rows, told


def test_the_old_crs_member_of_geojson_is_obeyed():
    _, rows, _ = judged("ok-geojson-crs-member")
    assert rows.at["R1", "radius_m"] == pytest.approx(50, abs=0.1)


def test_outlines_are_repaired_and_told_and_a_degenerate_one_has_no_place():
    study, rows, told = judged("ok-polygons-bowtie-hole-reversed")
    assert (P.GEOMETRY_REPAIRED, 1) in told
    assert (P.GEOMETRY_TYPE, 4) in told
    areas = study.residential.frame.geometry.area
    assert areas.iloc[0] == pytest.approx(5000, abs=2)
    assert str(rows["radius_status"].iloc[3]) == "not_assessed"
    assert rows["radius_status"].map(str).tolist()[:3] == ["compliant"] * 3


def test_the_radius_is_inclusive():
    _, rows, _ = judged("ok-radius-at-equality")
    # exactly 1,000 m, and 2 cm more
    assert rows.loc[["R2", "R3"], "radius_status"].map(str).tolist() == ["compliant", "deficient"]
    assert rows.at["R2", "radius_m"] == pytest.approx(1000, abs=1e-6)
    assert rows.at["R3", "radius_m"] == pytest.approx(1000.02, abs=1e-6)


def test_one_mistyped_longitude_moves_nobody_else():
    study, rows, told = judged("typo-moves-projection")
    assert study.crs == "EPSG:4548"
    # told as far away, or as rounded: the row is named, and its place is nobody's
    assert {(P.POSITION_FAR, 5), (P.POSITION_COARSE, 5)} & set(told)
    assert rows.at["R2", "radius_m"] == pytest.approx(995, abs=1)
    status = rows["radius_status"].map(str)
    assert status[["R2", "R3", "R4"]].tolist() == ["compliant", "deficient", "not_assessed"]


@pytest.mark.parametrize("typed", ["17.0", "0", "101.7", "11.70", "-117.0", "1170"])
def test_whatever_was_typed(typed, tmp_path):
    for file in (INPUTS / "typo-moves-projection").iterdir():
        text = file.read_text(encoding="utf-8-sig")
        changed = text.replace(",17.0,", f",{typed},") if file.name == "r.csv" else text
        (tmp_path / file.name).write_text(changed, encoding="utf-8")
    study, _ = check_study(tmp_path)
    assert study.crs == "EPSG:4548"
    rows = lc.assess(study).layers["residential"]
    assert rows.at["R2", "radius_m"] == pytest.approx(995, abs=1)
