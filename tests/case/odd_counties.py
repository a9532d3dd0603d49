"""Counties of what is rarely blank: phases of several classes, hosts, shared rooms, half figures.

As ``wider_counties``, with the codes of a county whose document fixes service districts, phases
that differ, planned figures other than today's, places of two services and exemptions twice over.
"""

from __future__ import annotations

import datetime as dt
import importlib.util
import math
from pathlib import Path

_SPEC = importlib.util.spec_from_file_location(
    "wider_open_studies", Path(__file__).with_name("test_wider_open_studies.py")
)
wide = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(wide)

wider, base = wide.wider, wide.base
NAN = math.nan
base.COUNTY = COUNTY = "370826"
base.STREET, base.TOWN = STREET, TOWN = "370826002", "370826101"
base.COMMUNITIES = COMMUNITIES = {
    f"{STREET}001": STREET,
    f"{STREET}002": STREET,
    f"{TOWN}001": TOWN,
    f"{TOWN}200": TOWN,
    f"{TOWN}201": TOWN,
}
HOST = "韩庄镇敬老院"
CODES = ("unit", "community")
BEDS = {"beds": (0, 20, 60, 300), "nursing_beds": (0, 10, 40, 80), "star": (1, 2, 3)}
DAYS = (
    dt.date(2022, 6, 30),
    dt.date(2023, 6, 30),
    dt.date(2023, 12, 31),
    dt.date(2024, 6, 30),
    dt.date(2024, 6, 30),
    dt.date(2026, 1, 10),
)
STAGES = ("in_use", "accepted", "planned", "idle", "under_construction", "closed")


def draw(rng):
    """Return a county as ``wider_counties.draw`` does, with more that is unusual in it."""
    world = wider.draw(rng)
    world.county, world.as_of = COUNTY, rng.choice(DAYS)
    if rng.random() < 0.4:
        world.standard = "weishan-2023"
        world.readings, world.scenario = rng.choice(({}, {}, {"A20": "assigned"})), {}
        world.figures, world.evidence, world.exemptions = {}, {}, []
        wider._papers(rng, world, _rules(world))
    for row in world.areas.values():
        if rng.random() < 0.5:
            row["households_planned"] = row["households"] * rng.choice((1, 2, 3))
            row["population_planned"] = 3 * row["households_planned"]
    names = sorted(world.areas)
    if len(names) > 1 and rng.random() < 0.5:
        for name in rng.sample(names, k=min(len(names), rng.choice((2, 2, 3)))):
            world.areas[name]["project"] = "P"
            if rng.random() < 0.6:
                first = world.areas[names[0]]
                told = ("age_class", "setting", "required_m2")
                world.areas[name] |= {k: first[k] for k in told}
    for row in world.facilities.values():
        row["nursing_beds"] = min(rng.choice(BEDS["nursing_beds"]), row["beds"])
        row["public_beds"] = min(row["public_beds"], row["beds"])
    _house(rng, world)
    _one_place(rng, world)
    _exempt(rng, world)
    if world.streets is None and rng.random() < 0.25:
        world.streets = {"gaps": rng.sample(range(len(wider.CROSSINGS)), k=3), "odd": None}
    return world


def _rules(world):
    return list(base.read_standard(world.standard).clauses.values())


def _house(rng, world):
    """Name a house of the town as the document does, as it did once, or not at all."""
    if rng.random() < 0.4:
        return
    row = base._facility(rng, world.areas)
    row["kinds"] = frozenset({rng.choice(("care_home", "regional_centre"))})
    code = rng.choice([c for c, u in COMMUNITIES.items() if u == TOWN])
    row |= {"community": code, "unit": TOWN, "at": (2700.0 + rng.choice((0, 20_000)), 450.0)}
    row |= {name: rng.choice((True, False)) for name in wider.YES_NO}
    row |= {"family_beds": 0, "public_beds": 0, "operator": "甲", "tenure": "移交"}
    row["community_area_m2"] = rng.choice((0.0, 50.0))
    row |= rng.choice(({"name": HOST}, {"name": "某养老院", "former_name": HOST}, {"name": "某院"}))
    world.facilities["H"] = row


def _one_place(rng, world):
    """Put two services into one house, one of them without figures, or not in use."""
    facilities = world.facilities
    apart = sorted(f for f, row in facilities.items() if not row.get("site"))
    if len(apart) < 2 or len(apart) < len(facilities) or rng.random() < 0.5:
        return
    one, other = rng.sample(apart, k=2)
    facilities[other] |= {k: facilities[one][k] for k in ("at", "community", "unit")}
    facilities[one]["site"] = facilities[other]["site"] = "S"
    facilities[other]["stage"] = rng.choice(("in_use", facilities[one]["stage"], *STAGES))
    if rng.random() < 0.4:
        facilities[other] |= {"floor_area_m2": NAN, "community_area_m2": NAN}


def _exempt(rng, world):
    """Exempt an area twice, one of them over; for no reason; from a clause that is none's."""
    quotas = [c.id for c in _rules(world) if c.measure in {"provision", "has_facility", "radius"}]
    if not quotas or rng.random() < 0.6:
        return
    area, clause = rng.choice(sorted(world.areas)), rng.choice(quotas)
    for until in rng.choice(
        ((dt.date(2020, 1, 1), None), (dt.date(2030, 1, 1), dt.date(2020, 1, 1)), (None,))
    ):
        world.exemptions.append([area, clause, rng.choice(("改造", None)), None, until, False])
    if rng.random() < 0.3:
        world.exemptions.append([area, "XX-99", "改造", "会议纪要", None, False])


def hide(rng, world):
    """Empty some cells as ``wider_counties.hide`` does, or what only stands here."""
    ways = wider.hide(rng, world) if rng.random() < 0.5 else []
    _leave_houses(world)
    more = rng.sample(sorted(HIDING), k=rng.choice((1, 2, 2, 3)))
    ways += [way for name in more if (way := HIDING[name](rng, world)) is not None]
    return [*ways, _agreed(world)] if ways else []


def _leave_houses(world):
    """Part rows of one house of which other places or codes are written by now.

    Moved over the county line, or near another area: one house is in one place, so that no
    completion has both what its place says and what they say themselves.
    """
    inside = [row for row in world.facilities.values() if row.get("site")]
    if any(len({row[c] for row in inside} - {None}) > 1 for c in ("at", *CODES)):
        for row in inside:
            row["site"] = None


def _agreed(world):
    """Return how what is filled is made to agree: one house is in one place, parts in wholes."""
    inside = [f for f, row in world.facilities.items() if row.get("site")]
    known = [f for f in inside if world.facilities[f]["at"] is not None]
    coded = [f for f in inside if world.facilities[f]["unit"] is not None]
    parts = {
        f: [row[n] for n in ("nursing_beds", "public_beds") if row[n] == row[n]]
        for f, row in world.facilities.items()
    }

    bedless = {f for f, row in world.facilities.items() if math.isnan(row["beds"])}

    def fill(_rng, mine):
        rooms = mine.facilities
        for name, row in rooms.items():
            if name in bedless:  # no fewer than those of them that are typed
                row["beds"] = max([row["beds"], *parts[name]])
            row["nursing_beds"] = min(row["nursing_beds"], row["beds"])
            row["public_beds"] = min(row["public_beds"], row["beds"])
        for first, names in (((known or inside)[:1], ("at",)), ((coded or inside)[:1], CODES)):
            for one in inside if first else ():
                rooms[one] |= {k: rooms[first[0]][k] for k in names}

    return fill


def _phases(world):
    found = [a for a, row in world.areas.items() if row.get("project")]
    return sorted(found or world.areas)


def _hide_phase(names, values):
    """Empty cells of one phase, or of an area where there is no project."""

    def hidden(rng, world):
        area = rng.choice(_phases(world))
        world.areas[area] |= names
        if "age_class" in names:
            world.areas[area] |= {"built_year": NAN, "condition_on": None, "accepted_on": None}
        return lambda rng, mine: mine.areas[area].update(rng.choice(values))

    return hidden


def _hide_cell(names, values):
    def hidden(rng, world):
        facility = rng.choice(sorted(world.facilities))
        world.facilities[facility] |= names
        return lambda rng, mine: mine.facilities[facility].update(rng.choice(values))

    return hidden


def _hide_of_house(what):
    def hidden(_rng, world):
        if "H" not in world.facilities:
            return None
        empty, fill = what
        world.facilities["H"] |= empty
        return lambda rng, mine: mine.facilities["H"].update(rng.choice(fill))

    return hidden


def _hide_of_site(rng, world):
    """Empty the stage, the kind or the m² of one of two services of a house."""
    inside = [f for f, row in world.facilities.items() if row.get("site")]
    if not inside:
        return None
    facility = rng.choice(inside)
    row, what = world.facilities[facility], rng.choice(sorted(OF_SITE))
    empty, filled = OF_SITE[what]
    if what == "part" and not row["kinds"] & set(base.HOUSES):
        return None  # the floor area counts
    if what in {"m2", "part"} and math.isnan(row["floor_area_m2"]):
        return None  # a second service: none is written, nor a part of them
    row |= empty
    return lambda rng, mine: mine.facilities[facility].update(rng.choice(filled))


def _two(first, second, ones, others):
    return tuple({first: a, second: b} for a in ones for b in others)


OF_SITE = {
    "stage": ({"stage": None}, [{"stage": one} for one in STAGES]),
    "kinds": ({"kinds": frozenset()}, [{"kinds": one} for one in base.KINDS]),
    "part": (
        {"community_area_m2": NAN},
        [{"community_area_m2": m2} for m2 in (0.0, 15.0, 40.0)],
    ),
    "m2": (
        {"floor_area_m2": NAN, "community_area_m2": NAN, "floor_area_m2_unread": True},
        [
            {"floor_area_m2": float(m2), "community_area_m2": part, "floor_area_m2_unread": False}
            for m2 in base.M2
            for part in (NAN, 10.0)
        ],
    ),
}
HOMES = (100, 300, 1000)
HIDING = {
    "phase_class": _hide_phase(
        {"age_class": None}, [{"age_class": c} for c in sorted(set(base.CLASSES))]
    ),
    "phase_setting": _hide_phase({"setting": None}, [{"setting": "urban"}, {"setting": "rural"}]),
    "phase_both": _hide_phase(
        {"setting": None, "age_class": None},
        _two("setting", "age_class", ("urban", "rural"), sorted(set(base.CLASSES))),
    ),
    "phase_stage": _hide_phase(
        {"stage": None, "stage_unread": True},
        _two("stage", "stage_unread", ("in_use", "planned", "idle"), (False,)),
    ),
    "phase_planned": _hide_phase(
        {"population_planned": NAN}, [{"population_planned": 3.0 * n} for n in HOMES]
    ),
    "phase_homes": _hide_phase(
        {"households": NAN, "households_planned": NAN},
        _two("households", "households_planned", HOMES, HOMES),
    ),
    "phase_people": _hide_phase({"population": NAN}, [{"population": 3.0 * n} for n in HOMES]),
    "phase_elders": _hide_phase({"elders": NAN}, [{"elders": n} for n in HOMES]),
    "beds": _hide_cell(
        {"beds": NAN, "nursing_beds": NAN},
        _two("beds", "nursing_beds", BEDS["beds"], BEDS["nursing_beds"]),
    ),
    "all_beds": _hide_cell({"beds": NAN}, [{"beds": n} for n in BEDS["beds"]]),
    "nursing": _hide_cell(
        {"nursing_beds": NAN}, [{"nursing_beds": n} for n in BEDS["nursing_beds"]]
    ),
    "star": _hide_cell({"star": NAN}, [{"star": n} for n in BEDS["star"]]),
    "entrusted": _hide_cell(
        {"entrusted": None, "operator": None},
        _two("entrusted", "operator", (True, False), ("甲", "乙")),
    ),
    "private": _hide_cell({"private": None}, [{"private": True}, {"private": False}]),
    "house_kind": _hide_of_house(({"kinds": frozenset()}, [{"kinds": one} for one in base.KINDS])),
    "house_beds": _hide_of_house(({"beds": NAN}, [{"beds": n} for n in BEDS["beds"]])),
    "house_stage": _hide_of_house(({"stage": None}, [{"stage": s} for s in STAGES])),
    "house_codes": _hide_of_house(
        (
            {"community": None, "unit": None},
            [{"community": c, "unit": u} for c, u in COMMUNITIES.items()],
        )
    ),
    "house_community": _hide_of_house(
        ({"community": None}, [{"community": c} for c, u in COMMUNITIES.items() if u == TOWN])
    ),
    "site": _hide_of_site,
    "site_again": _hide_of_site,
}
