"""What a county's own document may say: a size, beds per thousand, a share that must be covered."""

from __future__ import annotations

import datetime as dt

import pytest

import lifecircle as lc
from lifecircle.model.inputs.layers import Layer
from lifecircle.outputs.words.banners import asked
from lifecircle.outputs.words.wording import Wording
from lifecircle.standards import check_standard

HEAD = """
id = "own"
title = { zh = "某县办法", en = "Own" }
issuer = "某县"
number = "1号"
county = "370999"
issued = 2024-01-01
compared_on = 2024-01-01
"""
CLAUSE = """
[clauses.OW-{n:02}]
title = {{ zh = "条", en = "clause" }}
section = "一"
quote = "条文"
category = "AC"
force = "条"
{body}
[[clauses.OW-{n:02}.versions]]
valid_from = 2024-01-01
value = {value}
references = [{{ title = "某县办法", clause = "一" }}]
"""
CENTRES = """
measure = "unit_coverage"
subject = "units"
unit = "%"
where = { unit_level = ["township"] }
kinds = ["township_centre"]
comparison = "="
official = "units"
options = { floor_area_at_least = 1000 }
"""
BEDS = """
measure = "ratio"
subject = "county"
unit = "/1000p"
kinds = ["care_home"]
comparison = ">="
options = { numerator = "beds", denominator = "units.elders" }
"""
REACH = """
measure = "radius"
subject = "residential"
unit = "m"
kinds = ["group:community"]
comparison = "<="
official = "areas"
options = { covered_at_least = COVERED }
"""


@pytest.fixture
def judged(tmp_path, town, make_layer):
    """Judge one clause of an own document on facilities and areas, id → (metres east, columns)."""

    def judge(body, value, facilities, areas=None, elders=None):
        path = tmp_path / "own.toml"
        path.write_text(HEAD + CLAUSE.format(n=1, body=body, value=value), encoding="utf-8")
        assert check_standard(path) == ()
        rows = {
            key: (x, {**row, "kinds": frozenset(row["kinds"])})
            for key, (x, row) in facilities.items()
        }
        given = {"facilities": make_layer("facilities", rows, stage="in_use")}
        areas = {"R1": (0, {})} if areas is None else areas
        given["residential"] = make_layer("residential", areas, **AREA)
        study = town(standards=(str(path),), as_of=dt.date(2024, 6, 30), **given)
        if elders is not None:
            frame = study.units.frame.copy()
            frame["elders"] = frame.index.map(elders)
            study = town(standards=(str(path),), units=Layer("units", frame), **given)
        return lc.assess(study)

    return judge


AREA = {"age_class": "existing", "setting": "urban", "stage": "in_use", "households": 100}


def centre(unit, m2):
    return {"kinds": {"township_centre"}, "unit": unit, "floor_area_m2": m2}


@pytest.mark.parametrize(
    ("m2", "status", "reason"),
    [
        (1000.0, "compliant", "unit_has"),
        (999.9, "deficient", "unit_too_small"),
        (None, "not_assessed", "unit_qualified_missing"),
    ],
)
def test_a_centre_of_a_size(judged, m2, status, reason):
    """1000 m² in the street; in the town as much, a little less, or nobody knows."""
    rows = {"A": (0, centre("370999001", 1200.0)), "B": (0, centre("370999101", m2))}
    found = judged(CENTRES, 100, rows)
    assert found.clause("OW-01").status == status
    told = found.findings.set_index(["clause", "id"])["reason"]["OW-01", "370999101"]
    assert str(told.code) == reason


@pytest.mark.parametrize(
    ("beds", "elders", "status", "value"),
    [
        (60.0, {"370999001": 1000.0, "370999101": 500.0}, "compliant", 40.0),  # 60 / 1.5
        (59.0, {"370999001": 1000.0, "370999101": 500.0}, "deficient", 59 / 1.5),
        (60.0, {"370999001": 1000.0}, "not_assessed", None),  # at most 60 per 1000
        (30.0, {"370999001": 1000.0}, "deficient", None),  # at most 30 per 1000
        (None, {"370999001": 1000.0, "370999101": 500.0}, "not_assessed", None),
    ],
)
def test_beds_per_thousand(judged, beds, elders, status, value):
    rows = {"H": (0, {"kinds": {"care_home"}, "beds": beds})}
    rows["N"] = (0, {"kinds": {"nursing_institution"}, "beds": 500.0})  # not of the kinds
    result = judged(BEDS, 40, rows, elders=elders).clause("OW-01")
    assert (result.status, result.value) == (status, value)


@pytest.mark.parametrize(("least", "status"), [(50, "compliant"), (51, "deficient")])
def test_a_share_that_must_be_within_reach(judged, least, status):
    """Two areas of four lie within 1000 m, one of them at 1000 m exactly: 50 %."""
    rows = {"F": (0, {"kinds": {"day_care"}})}
    areas = {"R1": (0, {}), "R2": (1000, {}), "R3": (1001, {}), "R4": (9000, {})}
    found = judged(REACH.replace("COVERED", str(least)), 1000, rows, areas)
    result = found.clause("OW-01")
    assert result.status == status
    assert result.counts == {"compliant": 2, "deficient": 2}
    words = Wording.of(found)
    assert asked(result, words) == f"不大于 1,000 米，覆盖率不低于 {least} %"


@pytest.mark.parametrize(
    ("least", "status"), [(33, "compliant"), (50, "not_assessed"), (67, "deficient")]
)
def test_a_facility_that_may_be_closed_leaves_a_share_open(judged, least, status):
    """One of three is within, one if the second station is open: 33.3 % to 66.7 %."""
    rows = {
        "F": (0, {"kinds": {"day_care"}, "stage": "in_use"}),
        "G": (9000, {"kinds": {"day_care"}, "stage": None}),
    }
    areas = {"R1": (0, {}), "R2": (9000, {}), "R3": (20_000, {})}
    found = judged(REACH.replace("COVERED", str(least)), 1000, rows, areas)
    assert found.clause("OW-01").status == status


def test_a_share_is_at_most_all(tmp_path):
    path = tmp_path / "own.toml"
    body = REACH.replace("COVERED", "101")
    path.write_text(HEAD + CLAUSE.format(n=1, body=body, value=1000), encoding="utf-8")
    assert any("options.covered_at_least" in line for line in check_standard(path))


@pytest.mark.parametrize("official", ["areas", "households", "elders"])
def test_a_share_of_areas_that_are_perhaps_no_subjects_is_open(judged, official):
    """Of old areas alone: one out of reach misses it, one of another class is nobody's matter."""
    rows = {"F": (0, {"kinds": {"day_care"}})}
    body = REACH.replace("COVERED", "50").replace('official = "areas"', f'official = "{official}"')
    body = body.replace('unit = "m"', 'unit = "m"\nwhere = { age_class = ["old"] }')

    def told(*classes):
        facts = {"households": 100, "elders": 30}
        areas = {f"R{n}": (9000 + n, facts | {"age_class": one}) for n, one in enumerate(classes)}
        return judged(body, 1000, rows, areas).clause("OW-01").status

    assert {one: told(one) for one in ("old", "existing")} == {
        "old": "deficient",
        "existing": "not_applicable",
    }
    assert told(None) == told(None, None) == told(None, "existing") == "not_assessed"
    assert told(None, "old") == "deficient"


QUOTA = """
measure = "provision"
subject = "residential"
unit = "m2/100hh"
comparison = ">="
official = "areas"
options = {{ sharing = "none" }}
where = {{ age_class = ["existing", "old"]{setting} }}
"""
RATE = """
measure = "compliance_rate"
subject = "residential"
unit = "%"
comparison = "="
official = "areas"
options = { clauses = ["OW-01", "OW-02"] }
"""


@pytest.mark.parametrize(
    ("m2", "setting", "status"),
    [
        # 100 homes: 5 m² wherever they are, 20 m² in the town
        (20, None, "compliant"),
        (5, None, "not_assessed"),  # enough in the country alone
        (4, None, "deficient"),  # too little either way
        (5, "urban", "deficient"),
        (5, "rural", "compliant"),
    ],
)
def test_a_rate_beside_a_clause_that_asks_only_some(
    town, make_layer, tmp_path, m2, setting, status
):
    bodies = (QUOTA.format(setting=""), QUOTA.format(setting=', setting = ["urban"]'), RATE)
    clauses = zip((1, 2, 3), bodies, (5, 20, 100), strict=True)
    path = tmp_path / "own.toml"
    told = (CLAUSE.format(n=n, body=body, value=value) for n, body, value in clauses)
    path.write_text(HEAD + "".join(told), encoding="utf-8")
    assert check_standard(path) == ()
    room = {"kinds": frozenset({"day_care"}), "floor_area_m2": float(m2)}
    study = town(
        standards=(str(path),),
        as_of=dt.date(2024, 6, 30),
        residential=make_layer("residential", {"R1": (0, {})}, **AREA | {"setting": setting}),
        facilities=make_layer("facilities", {"F1": (0, room)}, stage="in_use"),
    )
    assert lc.assess(study).clause("OW-03").status == status
