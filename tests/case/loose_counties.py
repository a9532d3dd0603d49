"""Counties of what is told loosely: months, phases that nobody lives in, houses half placed.

As ``odd_counties``, with dates that only tell a month or a year, rooms on the ground of phases
still to come, phases whose people nobody counted, sites of which one row has no position, rooms
beside an area and named after another whose place is not known, and streets drawn across each
other.
"""

from __future__ import annotations

import calendar
import datetime as dt
import importlib.util
import math
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from lifecircle.model.days import DaySpan
from lifecircle.model.inputs.streets import TAGS, StreetLines

_SPEC = importlib.util.spec_from_file_location(
    "odd_counties", Path(__file__).with_name("odd_counties.py")
)
odd = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(odd)

wide, wider, base = odd.wide, odd.wider, odd.base
NAN = math.nan
AHEAD = ("planned", "under_construction", "accepted")
EMPTY_STAGES = (*AHEAD, "idle")
FARTHEST, TOLERANCE = 1000.0, 50.0
"""Metres from which on a name says nothing, and up to which a place says all."""
CROSSING = range(-150, 4500, 600)
"""Where cross streets meet the two long ones, or pass over them."""


def draw(rng):
    """Return a county as ``odd_counties.draw`` does, with phases to come and rooms on them."""
    world = odd.draw(rng)
    world.empty = None
    if rng.random() < 0.6:
        _project(rng, world)
    if rng.random() < 0.3:
        world.streets = {"meet": rng.choice((True, False)), "gaps": [], "odd": None}
    return world


def _project(rng, world):
    """Draw a project with a phase that nobody lives in, and perhaps rooms on its ground."""
    names = sorted(world.areas)
    phases = rng.sample(names, k=min(len(names), rng.choice((2, 2, 3))))
    if len(phases) < 2:
        return
    first = world.areas[phases[0]]
    for name in phases:
        row = world.areas[name]
        row["project"] = "P"
        if rng.random() < 0.8:
            row |= {k: first[k] for k in ("age_class", "setting", "required_m2")}
        if rng.random() < 0.4:
            row["population"] = row["population_planned"] = NAN
    world.empty = rng.choice(phases)
    row = world.areas[world.empty]
    row["stage"] = rng.choice(EMPTY_STAGES)
    for name in phases:
        if name != world.empty:
            world.areas[name]["stage"] = "in_use"
    if rng.random() < 0.8:
        free = sorted(f for f, r in world.facilities.items() if not r.get("site") and f != "H")
        if free:
            x, y = row["at"]
            own = {"at": (x + rng.choice((0.0, 40.0, 80.0)), y), "stage": "in_use"}
            own |= {k: row[k] for k in odd.CODES}
            one = world.facilities[rng.choice(free)]
            one |= own
            if rng.random() < 0.8:
                one |= {"kinds": frozenset({rng.choice(base.ROOMS)})}


def hide(rng, world):
    """Empty some cells as ``odd_counties.hide`` does, or what only stands here."""
    ways = odd.hide(rng, world) if rng.random() < 0.4 else []
    odd._leave_houses(world)
    more = rng.sample(sorted(HIDING), k=rng.choice((1, 2, 2, 3)))
    ways += [way for name in more if (way := HIDING[name](rng, world)) is not None]
    return [*ways, odd._agreed(world)] if ways else []


def _span(rng, years=(2019, 2024)):
    """Return the days of a month, or of a year."""
    year, month = rng.randint(*years), rng.randint(1, 12)
    if rng.random() < 0.3:
        return DaySpan(dt.date(year, 1, 1), dt.date(year, 12, 31))
    last = calendar.monthrange(year, month)[1]
    return DaySpan(dt.date(year, month, 1), dt.date(year, month, last))


def _day(rng, span):
    return span.first + dt.timedelta(days=rng.randint(0, (span.last - span.first).days))


def _hide_day_of_class(rng, world):
    """An area whose class the dates tell, and the dates tell a month."""
    area = rng.choice(sorted(world.areas))
    row = world.areas[area]
    if row["age_class"] is None:
        return None  # another hand tells it
    row |= {"age_class": None, "built_year": NAN, "condition_on": None, "accepted_on": None}
    spans = {n: _span(rng, (2021, 2024)) for n in ("condition_on", "accepted_on")}
    told = rng.choice((("condition_on",), ("accepted_on",), tuple(spans)))
    row |= {name: spans[name] for name in told}

    def fill(rng, mine):
        if any(world.areas[area][name] is not spans[name] for name in told):
            return  # another hand has been there
        for _ in range(50):
            days = [_day(rng, spans[name]) for name in told]
            if days == sorted(days):  # conditions go before what is built by them
                mine.areas[area] |= dict(zip(told, days, strict=True))
                return

    return fill


def _hide_day_of_year(rng, world):
    """An area whose class the year of its cell tells, with a month."""
    area = rng.choice(sorted(world.areas))
    row, span = world.areas[area], _span(rng, (2021, 2024))
    if row["age_class"] is None:
        return None
    row |= {"age_class": None, "condition_on": None, "accepted_on": None}
    row |= {"built_year": float(span.first.year), "built_year_days": span}

    def fill(rng, mine):
        if math.isnan(row["built_year"]):
            return  # another hand has been there
        day = _day(rng, span)
        mine.areas[area] |= {"built_year": float(day.year), "built_year_days": DaySpan(day, day)}

    return fill


def _hide_days_of_stages(rng, world):
    """The days of some stages of an area and its rooms."""
    area = rng.choice(sorted(world.areas))
    row = world.areas[area]
    if row["age_class"] is None:
        return None  # they may tell the class too
    spans = {}
    for name in rng.sample(wider.AREA_DAYS, k=rng.choice((1, 2, 4))):
        day = row.get(name)
        if isinstance(day, dt.date):
            last = calendar.monthrange(day.year, day.month)[1]
            spans[name] = DaySpan(day.replace(day=1), day.replace(day=last))
        else:
            spans[name] = _span(rng, (2021, 2024))
    row |= spans
    return lambda rng, mine: mine.areas[area].update(
        {name: _day(rng, span) for name, span in spans.items() if row[name] is span}
    )


def _hide_of_empty(empty, values):
    def hidden(_rng, world):
        if world.empty is None:
            return None
        area = world.empty
        world.areas[area] |= empty
        if "age_class" in empty:
            world.areas[area] |= {"built_year": NAN, "condition_on": None, "accepted_on": None}
        return lambda rng, mine: mine.areas[area].update(rng.choice(values))

    return hidden


def _hide_of_settled(empty, values):
    """Empty cells of a phase that somebody lives in, beside one that nobody does."""

    def hidden(rng, world):
        phases = [a for a, r in world.areas.items() if r.get("project") == "P" and a != world.empty]
        if world.empty is None or not phases:
            return None
        area = rng.choice(phases)
        world.areas[area] |= empty
        if "age_class" in empty:
            world.areas[area] |= {"built_year": NAN, "condition_on": None, "accepted_on": None}
        return lambda rng, mine: mine.areas[area].update(rng.choice(values))

    return hidden


def _hide_place_of_empty(_rng, world):
    """Where the phase that nobody lives in stands."""
    if world.empty is None:
        return None
    area = world.empty
    world.areas[area]["at"] = None
    return lambda rng, mine: mine.areas[area].update({"at": rng.choice(base.SLOTS)})


def _hide_place_in_site(rng, world):
    """The position of one row of a house of several, with its codes or without."""
    facilities = world.facilities
    inside = sorted(f for f, row in facilities.items() if row.get("site"))
    if not inside:
        apart = sorted(facilities)
        if len(apart) < 2:
            return None
        inside = rng.sample(apart, k=2)
        one, other = (facilities[f] for f in inside)
        if one["at"] is None or one.get("unit") == "370998001":
            return None
        other |= {k: one[k] for k in ("at", *odd.CODES)}
        one["site"] = other["site"] = "S"
    lost = rng.choice(inside)
    others = [f for f in inside if f != lost and facilities[f]["at"] is not None]
    if not others:
        return None
    told = {name: facilities[others[0]][name] for name in ("at", *odd.CODES)}
    if None in told.values():
        return None
    facilities[lost]["at"] = None
    if rng.random() < 0.5:
        facilities[lost] |= dict.fromkeys(odd.CODES)

    def fill(_rng, mine):
        for one in inside:
            mine.facilities[one] |= told

    return fill


def _hide_named_otherwise(rng, world):
    """Rooms beside one area and named after another, whose place is not known."""
    placed = sorted(a for a, row in world.areas.items() if row["at"] is not None)
    free = sorted(
        f for f, r in world.facilities.items() if not r.get("site") and f != "H" and r["at"]
    )
    if len(placed) < 2 or not free:
        return None
    one, other = rng.sample(placed, k=2)
    here, there = world.areas[one], world.areas[other]
    if here["unit"] is None:
        return None
    here["point"] = rng.random() < 0.8
    x, y = here["at"]
    room = world.facilities[rng.choice(free)]
    room |= {"at": (x + rng.choice((10.0, 40.0, 100.0)), y), "name": f"{there['name']}养老服务站"}
    room |= {k: here[k] for k in odd.CODES}
    there |= {"at": None, "point": rng.random() < 0.3}
    there |= {k: here[k] for k in odd.CODES}
    door = room["at"]
    spots = [(x + 100.0, y), (x + 200.0, y + 30.0), *base.SLOTS]

    def fill(rng, mine):
        spot = rng.choice(spots)
        # of rooms beside no area the name is all there is: they are near what it means
        beside = any(map(partial(_beside, door), world.areas.values()))
        far = math.dist(door, spot) > FARTHEST
        mine.areas[other]["at"] = spots[1] if far and not beside else spot

    return fill


def _beside(spot, area):
    """Return whether a place is in an area that has one, or within the tolerance of it."""
    if area["at"] is None:
        return False
    half = 0.0 if area.get("point") else base.HALF
    away = (max(0.0, abs(a - b) - half) for a, b in zip(spot, area["at"], strict=True))
    return math.hypot(*away) <= TOLERANCE


def _hide_whether_they_meet(_rng, world):
    """Whether streets that are drawn across each other meet."""
    if not world.streets or "meet" not in world.streets:
        return None
    world.streets["meet"] = None
    return lambda rng, mine: mine.streets.update(meet=rng.choice((True, False)))


def streets(drawn):
    """Return the streets of a world: those that cross each other, or as ``wider_counties`` has."""
    if not drawn or "meet" not in drawn:
        return _PLAIN(drawn)
    apart, joined = (_lines(meet=meet) for meet in (False, True))
    if drawn["meet"] is None:
        return StreetLines(
            apart.crs, apart.vertex_xy, apart.way_start, apart.way_vertex, apart.tags, joined=joined
        )
    return joined if drawn["meet"] else apart


def _lines(*, meet):
    """Return two long streets and what crosses them, with junctions there or without."""
    across = [(x, y) for y in (100, 800) for x in CROSSING] if meet else []
    ways = [
        sorted([(x, y) for x in (-300, 4500)] + [c for c in across if c[1] == y])
        for y in (100, 800)
    ]
    ways += [[(x, -100), *((x, y) for y in (100, 800) if meet), (x, 1000)] for x in CROSSING]
    places = sorted({spot for way in ways for spot in way})
    number = {spot: n for n, spot in enumerate(places)}
    frame = pd.DataFrame(None, index=range(len(ways)), columns=list(TAGS), dtype=object)
    frame["highway"] = "residential"
    return StreetLines(
        base.CRS,
        np.asarray([(base.X0 + x, base.Y0 + y) for x, y in places], dtype=float),
        np.concatenate([[0], np.cumsum([len(way) for way in ways])]).astype(np.int64),
        np.asarray([number[spot] for way in ways for spot in way], dtype=np.int64),
        frame.where(frame.notna(), None),
    )


_PLAIN = wide._streets
wide._streets = streets
_CLASSES = [{"age_class": c} for c in sorted(set(base.CLASSES))]
_SETTINGS = [{"setting": "urban"}, {"setting": "rural"}]
_STAGES = [{"stage": s, "stage_unread": False} for s in ("in_use", *EMPTY_STAGES)]
HIDING = {
    "day_of_class": _hide_day_of_class,
    "day_of_year": _hide_day_of_year,
    "days_of_stages": _hide_days_of_stages,
    "empty_class": _hide_of_empty({"age_class": None}, _CLASSES),
    "empty_setting": _hide_of_empty(
        {"setting": None}, [{"setting": "urban"}, {"setting": "rural"}]
    ),
    "empty_stage": _hide_of_empty({"stage": None, "stage_unread": True}, _STAGES),
    "empty_homes": _hide_of_empty(
        {"households": NAN, "households_planned": NAN},
        odd._two("households", "households_planned", odd.HOMES, odd.HOMES),
    ),
    "empty_place": _hide_place_of_empty,
    "settled_class": _hide_of_settled({"age_class": None}, _CLASSES),
    "settled_setting": _hide_of_settled({"setting": None}, _SETTINGS),
    "settled_stage": _hide_of_settled({"stage": None, "stage_unread": True}, _STAGES),
    "settled_homes": _hide_of_settled(
        {"households": NAN, "households_planned": NAN},
        odd._two("households", "households_planned", odd.HOMES, odd.HOMES),
    ),
    "site_place": _hide_place_in_site,
    "named_otherwise": _hide_named_otherwise,
    "meet": _hide_whether_they_meet,
}
