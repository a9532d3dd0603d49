"""A plan that has ended: its last value is told and marked, what stands in the province applies."""

from __future__ import annotations

import datetime as dt

import pytest

import lifecircle as lc
from lifecircle.model.status import Flag


@pytest.mark.parametrize(("day", "ended"), [("2025-12-31", False), ("2026-01-01", True)])
def test_pingyin_after_2025(make_layer, town, day, ended):
    """600 households, 1,680 planned people, 130 m².

    PY-31 asks 1680 × 100 / 1000 = 168 m²: 38 are missing. The province's SD-01 asks
    600 × 20 / 100 = 120 m², and is met.
    """
    areas = make_layer(
        "residential",
        {"N": (0, {"households_planned": 600, "population_planned": 1680, "age_class": "new"})},
        setting="urban",
        stage="in_use",
    )
    rooms = make_layer(
        "facilities",
        {"F": (0, {"kinds": frozenset({"community_station"}), "floor_area_m2": 130})},
        stage="in_use",
    )
    study = town(
        standards=("pingyin-2022",),
        residential=areas,
        facilities=rooms,
        as_of=dt.date.fromisoformat(day),
    )
    result = lc.assess(study)
    quota = result.clause("PY-31")
    assert quota.status == "deficient"
    found = result.findings.set_index("clause").loc["PY-31"]
    assert (found["required"], found["deficit"]) == (168.0, 38.0)
    # the area is told by the quota that its verdict names, not by none of the two
    told = result.layers["residential"].loc["N"]
    assert (told["clause"], told["reason"].params["deficit_m2"]) == ("PY-31", 38.0)
    figures = told[["required_m2", "own_m2", "deficit_m2", "surplus_m2"]]
    assert figures.tolist() == [168.0, 130.0, 38.0, 0.0]
    county = result.provision.set_index("scope").loc["county"]
    assert (county["areas"], county["required_m2"], county["deficit_m2"]) == (1, 168.0, 38.0)
    assert (Flag.EXPIRED in quota.flags) is ended
    # the rate that rests on it, and the headline's banner
    assert (Flag.EXPIRED in result.clause("PY-24").flags) is ended
    assert ("ended_clauses" in result.banners) is ended
    province = [c for c in result.clauses if c.id == "SD-01"]
    assert bool(province) is ended
    for one in province:
        assert one.status == "compliant"
        assert Flag.UNVERIFIED in one.flags
        assert Flag.REFERENCE not in one.flags
        assert Flag.EXPIRED not in one.flags
        asked = result.findings.set_index("clause").loc["SD-01"]
        assert (asked["required"], asked["measured"]) == (120.0, 130.0)


@pytest.mark.parametrize(
    ("m2", "clause", "figures"),
    [
        (100, "PY-31", [168.0, 68.0, 0.0]),  # under both: by the document's own
        (130, "PY-31", [168.0, 38.0, 0.0]),
        (200, "PY-31", [168.0, 0.0, 32.0]),
    ],
)
def test_an_area_is_told_by_the_quota_that_its_verdict_names(make_layer, town, m2, clause, figures):
    more = {"households_planned": 600, "population_planned": 1680, "age_class": "new"}
    rooms = {"kinds": frozenset({"community_station"}), "floor_area_m2": m2}
    study = town(
        standards=("pingyin-2022",),
        residential=make_layer("residential", {"N": (0, more)}, setting="urban", stage="in_use"),
        facilities=make_layer("facilities", {"F": (0, rooms)}, stage="in_use"),
        as_of=dt.date(2026, 6, 30),
    )
    told = lc.assess(study).layers["residential"].loc["N"]
    assert told["clause"] == clause
    assert told[["required_m2", "deficit_m2", "surplus_m2"]].tolist() == figures


def test_before_a_documents_day_the_provinces_quotas_tell_of_each_area(make_layer, town):
    """Jinxiang's is of 12 July 2023: on 1 January SD-01 (20) and SD-02 (15 m² for 100) stand.

    500 households each: of 75 m² A has 80 and B 20, of 100 m² the new N has 110; a village is
    asked for nothing, and of C, without households, nothing is known.
    """
    more = {"age_class": "existing", "setting": "urban"}
    areas = make_layer(
        "residential",
        {
            "A": (0, more | {"households": 500}),
            "B": (3000, more | {"households": 500}),
            "N": (6000, more | {"households_planned": 500, "age_class": "new"}),
            "V": (9000, more | {"households": 500, "setting": "rural"}),
            "C": (12000, more),
        },
        stage="in_use",
    )
    kind = {"kinds": frozenset({"community_station"})}
    places = {"F": (0, 80), "G": (3000, 20), "H": (6000, 110)}
    rooms = make_layer(
        "facilities",
        {name: (x, kind | {"floor_area_m2": m2}) for name, (x, m2) in places.items()},
        stage="in_use",
    )
    day = dt.date(2023, 1, 1)
    study = town(standards=("jinxiang-2023",), residential=areas, facilities=rooms, as_of=day)
    result = lc.assess(study)
    assert result.clause("JX-07").status == "not_in_force"
    assert "not_yet" in result.banners
    told = result.layers["residential"]
    assert {a: (told.at[a, "clause"], told.at[a, "verdict"]) for a in "ABNC"} == {
        "A": ("SD-02", "compliant"),
        "B": ("SD-02", "deficient"),
        "N": ("SD-01", "compliant"),
        "C": ("SD-02", "not_assessed"),
    }
    assert told.at["V", "verdict"] == "not_applicable"
    # the page says no longer that nothing is missing, below a clause that misses 55 m²
    assert result.brief.worst == ("B",)
    assert (result.brief.needed.areas, result.brief.needed.m2) == (1, 55.0)
    assert told.at["B", "remedy"].code == "remedy_enlarge"
