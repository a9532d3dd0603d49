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
