"""Exempting phases of projects, against arithmetic by hand: the others are judged by themselves.

Projects stand three kilometres apart, their phases 600 m, each with its rooms on its own ground.
"""

from __future__ import annotations

import datetime as dt
import importlib.util
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

_SPEC = importlib.util.spec_from_file_location(
    "open_by_hand", Path(__file__).with_name("test_open_by_hand.py")
)
hand = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(hand)

LATER = (dt.date(2030, 1, 1), False)
PHASE = st.tuples(st.integers(1, 5), st.sampled_from([0, 15, 30, 45, 60]), st.booleans())
"""Hundreds of households, m² that stand there, whether it is exempt from CX-03 and CX-01."""


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(PHASE, min_size=1, max_size=3), min_size=1, max_size=3))
def test_who_is_exempt_asks_for_nothing_and_takes_nothing_away(projects):
    """CX-03: 15 m² for each hundred households that are asked, of all that stand in the project."""
    areas, rooms, exempt, told, met = {}, {}, [], {}, []
    for p, phases in enumerate(projects):
        asked = 15 * sum(hundreds for hundreds, _, out in phases if not out)
        there = sum(m2 for _, m2, _ in phases)
        for n, (hundreds, m2, out) in enumerate(phases):
            name, at = f"R{p}{n}", (600 * n, 3000 * p)
            households = {"households": 100 * hundreds, "households_planned": 100 * hundreds}
            areas[name] = hand.area(at, project=f"P{p}", **households)
            rooms[f"F{p}{n}"] = hand.room(m2, at)
            if out:
                exempt.append([name, "CX-03", "改造", "会议纪要", *LATER])
            told[name] = "exempt" if out else "compliant" if there >= asked else "deficient"
        if asked:
            met.append(there >= asked)
    bench = hand.county("caoxian-2023", areas, rooms, exemptions=exempt)
    assert {name: hand.status(bench, "CX-03", name) for name in areas} == told
    if met:
        rate = bench.one("CX-07").result.official
        assert (rate.numerator, rate.denominator) == (sum(met), len(met))
    assert hand.status(bench, "CX-07") == (
        ("compliant" if all(met) else "deficient") if met else "exempt"
    )


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.sampled_from([0, 15, 30]), min_size=1, max_size=3),
    st.lists(st.sampled_from(["stage", "setting", "households", "place"]), min_size=1, max_size=2),
)
def test_an_exempt_area_is_in_no_rate_whatever_is_not_known_of_it(rooms, unknown):
    """Areas of 100 households with so many m², and exempt ones of which one thing is not known."""
    gaps = {
        "stage": {"stage": None, "stage_unread": True},
        "setting": {"setting": None},
        "households": {"households": float("nan")},
        "place": {},
    }
    areas = {f"R{n}": hand.area((3000 * n, 0)) for n in range(len(rooms))}
    exempt = []
    for n, gap in enumerate(unknown):
        at = None if gap == "place" else (3000 * n, 9000)
        areas[f"X{n}"] = hand.area(at, **gaps[gap])
        exempt.append([f"X{n}", "CX-03", "改造", "会议纪要", *LATER])
    there = {f"F{n}": hand.room(m2, (3000 * n, 0)) for n, m2 in enumerate(rooms)}
    bench = hand.county("caoxian-2023", areas, there, exemptions=exempt)
    met = sum(m2 >= 15 for m2 in rooms)
    result = bench.one("CX-07").result
    assert {hand.status(bench, "CX-07", f"X{n}") for n in range(len(unknown))} == {"exempt"}
    assert result.counts["exempt"] == len(unknown)
    rate = result.official
    assert (rate.numerator, rate.denominator, rate.not_assessed) == (met, len(rooms), 0)
    assert (rate.low, rate.high) == (met / len(rooms),) * 2
    assert result.status == ("compliant" if met == len(rooms) else "deficient")
