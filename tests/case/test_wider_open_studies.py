"""Open studies against their completions, with all that a county may have beside its two ledgers.

As ``test_open_studies``, of the counties that ``wider_counties`` draws.
"""

from __future__ import annotations

import copy
import datetime as dt
import importlib.util
import math
import os
import random
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lifecircle.case.bench import open_bench
from lifecircle.case.case import open_case
from lifecircle.errors import StandardError, UnknownNameError
from lifecircle.model.inputs.layers import Layer
from lifecircle.model.inputs.parameters import Parameters
from lifecircle.model.inputs.streets import TAGS, StreetLines
from lifecircle.model.inputs.study import Study, likely_table
from lifecircle.standards import apply_scenario, read_standard

_SPEC = importlib.util.spec_from_file_location(
    "wider_counties", Path(__file__).with_name("wider_counties.py")
)
wider = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(wider)

base, counties = wider.base, wider
NAN, CROSSINGS = math.nan, wider.CROSSINGS
SEEDS = range(5000, 5800 if os.environ.get("LARGE") else 5005)


def _units(world):
    frame = base.units().frame.copy()
    for name in ("elders", "population", "tekun"):
        frame[name] = [float(world.people.get(code, {}).get(name, NAN)) for code in frame.index]
    frame["unlisted"] = frame.index.isin(sorted(world.unlisted))
    frame.loc[frame["unlisted"], "setting"] = None
    return Layer("units", frame[~frame.index.isin(sorted(world.gone))])


def _streets(drawn):
    """Return two long streets, with cross streets between them, in pieces of 300 m."""
    if drawn is None:
        return None
    number = {at: n for n, at in enumerate(CROSSINGS)}
    ways = [(a, (a[0] + 300, a[1])) for a in CROSSINGS if (a[0] + 300, a[1]) in number]
    ways += [(a, (a[0], 800)) for a in CROSSINGS if a[1] == 100 and a[0] % 900 == 0]
    ways = [w for w in ways if number[w[0]] not in drawn["gaps"]]
    frame = pd.DataFrame(None, index=range(len(ways)), columns=list(TAGS), dtype=object)
    frame["highway"] = "residential"
    odd = set(drawn["odd"] or ())
    frame["foot"] = ["谁知道" if number[a] in odd else None for a, _ in ways]
    frame = frame.where(frame.notna(), None)
    xy = np.asarray([(base.X0 + x, base.Y0 + y) for x, y in CROSSINGS], dtype=float)
    vertex = np.asarray([[number[a], number[b]] for a, b in ways], dtype=np.int64).ravel()
    start = np.arange(0, 2 * len(ways) + 1, 2)
    return StreetLines(base.CRS, xy, start, vertex, frame)


def furnished(study, _world):
    """Return a study with what only other counties have beside it."""
    return study


def bench_of(world):
    """Return the bench of a world, with the checks beside the document too."""
    typed = [(name, *told, "年报") for name, told in sorted(world.figures.items())]
    ends = ["id", "clause", "reason", "reference", "until", "until_unread", "written"]
    exempt = [[*row, None][:7] for row in world.exemptions]
    study = Study(
        name="试县",
        county=getattr(world, "county", "370999"),
        standards=(world.standard,),
        as_of=getattr(world, "as_of", dt.date(2024, 6, 30)),
        crs=base.CRS,
        residential=base.layer("residential", world.areas),
        facilities=base.layer("facilities", world.facilities),
        units=_units(world),
        sharing=pd.DataFrame(world.sharing, columns=["facility", "residential", "m2"]),
        likely=likely_table(world.likely),
        exemptions=pd.DataFrame(exempt, columns=ends),
        travel=getattr(world, "travel", None),
        indicators=pd.DataFrame(typed, columns=["id", "numerator", "denominator", "source"]),
        evidence=world.evidence,
        parameters=Parameters().having(**world.parameters),
        readings=world.readings,
        streets=_streets(world.streets),
    )
    study = furnished(study, world)
    standard = read_standard(world.standard)
    if world.scenario:
        standard = apply_scenario(standard, world.scenario, "试算")
    walked = study.streets is not None or study.travel is not None
    case = open_case(study, world.view, walked=walked)
    return open_bench(case, standard, references=True, arranging=False)


def _at_odds(world):
    """Return whether a reading asks for what is blank."""
    # what is typed stands in for the committee's code
    return world.readings == {"A26": "committee"} and any(
        row["community"] is None for row in world.areas.values()
    )


def opened(seed):
    """Return the open world of a seed, its bench and how it is filled; None: nothing is open."""
    rng = random.Random(seed)  # noqa: S311 - a seeded sample
    world = counties.draw(rng)
    ways = counties.hide(rng, world)
    if not ways or base.clash(world.areas, world.facilities) or _at_odds(world):
        return None
    try:
        return rng, world, bench_of(world), ways
    except (UnknownNameError, StandardError):  # a reading that no clause of the document acts on
        return None


def completed(rng, world, ways):
    """Return one completion of a world; None where it came out against what is written."""
    mine = copy.deepcopy(world)
    for fill in ways:
        fill(rng, mine)
    base.at_home(world.facilities, mine.facilities)
    at = [row["at"] for row in mine.areas.values()]
    amiss = len(set(at)) < len(at) or getattr(mine, "amiss", False)
    return None if amiss or base.clash(mine.areas, mine.facilities) else mine


def contradictions(seed, tries=3, clauses=10):
    """Return what a world of a seed says firmly that a completion says otherwise."""
    drawn = opened(seed)
    if drawn is None:
        return []
    rng, world, bench, ways = drawn
    names = [rule.id for rule in bench.rules]
    if clauses < len(names):
        names = rng.sample(names, k=clauses)
    names += [rule.id for rule in bench.references]
    found = []
    for _ in range(tries):
        mine = completed(rng, world, ways)
        if mine is not None:
            whole = bench_of(mine)
            open_, known = ({n: one.one(n) for n in names} for one in (bench, whole))
            found += [(world.standard, *one) for one in base.wrong(open_, known)]
    return found


FOUND = {
    5082: "rooms by another area's point, named after one without a place, which may lie far off",
}
"""Counties of which something firm once came out otherwise, and what."""


@pytest.mark.parametrize("seed", FOUND)
def test_what_was_once_firm_by_mistake_is_open(seed):
    assert contradictions(seed, tries=1, clauses=1000) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_firm_comes_out_otherwise_once_all_is_known(seed):
    assert contradictions(seed, tries=1, clauses=6) == []
