"""Counties with several gaps in one place: half known records, rows of a name alone, gates.

As ``loose_counties``, with service records of two areas of which little is known, facilities and
areas of which the ledger has no more than a name, blank communities of known units, exemptions of
unclear names and of the very day, gates of which nobody knows whether they open, walks handed in,
streets over half of the county, addresses for names, and several readings and figures at once.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import importlib.util
import math
from pathlib import Path

import geopandas as gpd
import pandas as pd
from shapely import Point

from lifecircle.model.inputs.layers import Layer
from lifecircle.model.reach import TravelTable, perhaps_table

_SPEC = importlib.util.spec_from_file_location(
    "loose_counties", Path(__file__).with_name("loose_counties.py")
)
loose = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(loose)

odd, wide, wider, base = loose.odd, loose.wide, loose.wider, loose.base
NAN = math.nan
FIGURES = (
    {"own_tolerance_m": 10.0},
    {"own_tolerance_m": 100.0},
    {"snap_limit_m": 50.0},
    {"search_limit_m": 900.0},
    {"search_limit_m": 1500.0},
    {"walk_speed_m_s": 0.8},
    {"recorded_sharing_note_m": 500.0},
    {"stage_tolerance_days": 0.0},
    {"reference_walk_min": 10.0},
    {"sharing_radius_m": 700.0},
)
WALK_M = 3000.0
"""Metres up to which walks are handed in."""


def draw(rng):
    """Return a county as ``loose_counties.draw`` does, with more beside its ledgers."""
    world = loose.draw(rng)
    world.gates, world.walks, world.perhaps_walked = {}, None, {}
    _records(rng, world)
    if rng.random() < 0.3:
        world.readings = {**world.readings, **rng.choice(wider.READINGS)}
    if rng.random() < 0.4:
        world.parameters |= rng.choice(FIGURES)
    if rng.random() < 0.3:
        _scenario(rng, world)
    if rng.random() < 0.3:
        _exempt_today(rng, world)
    if rng.random() < 0.25:
        _walks(rng, world)
    else:
        _streets(rng, world)
    return world


def _records(rng, world):
    """Let a record name two areas: of m², of none, or of more than there is."""
    free = sorted(f for f, row in world.facilities.items() if f != "H" and not row.get("site"))
    told = {row[0] for row in world.sharing}
    if len(world.areas) < 2 or not free or rng.random() < 0.4:
        return
    facility = rng.choice([f for f in free if f not in told] or free)
    world.sharing = [row for row in world.sharing if row[0] != facility]
    m2 = rng.choice(((NAN, NAN), (NAN, 30.0), (30.0, 60.0), (300.0, NAN), (200.0, 300.0)))
    for area, one in zip(rng.sample(sorted(world.areas), k=2), m2, strict=True):
        world.sharing.append((facility, area, one))
    if rng.random() < 0.7:
        world.facilities[facility] |= {
            "kinds": frozenset({rng.choice(base.ROOMS)}),
            "stage": rng.choice(("in_use", "in_use", "accepted")),
        }


def _scenario(rng, world):
    """Change two numbers of the document, up or down."""
    numbered = [c for c in odd._rules(world) if any(v.value for v in c.versions)]
    for one in rng.sample(numbered, k=min(2, len(numbered))):
        value = next(v.value for v in one.versions if v.value)
        world.scenario[f"{one.id}.value"] = value * rng.choice((0.5, 0.8, 1.25))


def _exempt_today(rng, world):
    """Exempt an area until the day of the assessment, or the day before."""
    quotas = [
        c.id for c in odd._rules(world) if c.measure in {"provision", "has_facility", "radius"}
    ]
    if quotas:
        until = world.as_of - dt.timedelta(days=rng.choice((0, 1)))
        area = rng.choice(sorted(world.areas))
        world.exemptions.append([area, rng.choice(quotas), "改造", "会议纪要", until, False])


def _walks(rng, world):
    """Hand in walks, none shorter than the straight line."""
    world.streets, world.walks = None, {}
    for a, home in world.areas.items():
        for f, row in world.facilities.items():
            if home["at"] and row["at"]:
                metres = math.dist(home["at"], row["at"]) * rng.choice((1.0, 1.2, 1.6))
                if metres <= WALK_M and rng.random() < 0.8:
                    world.walks[a, f] = metres


def _streets(rng, world):
    """Cut the streets off where the county is half over, and put gates to areas."""
    if world.streets is None and rng.random() < 0.5:
        world.streets = {"gaps": [], "odd": None}
    if not world.streets:
        return
    if "meet" not in world.streets and rng.random() < 0.4:
        edge = rng.choice((900, 1800, 2700))
        gone = [n for n, (x, _) in enumerate(wider.CROSSINGS) if x >= edge]
        world.streets["gaps"] = sorted({*world.streets["gaps"], *gone})
    drawn = sorted(a for a, row in world.areas.items() if row["at"] and not row["point"])
    for area in drawn if rng.random() < 0.5 else ():
        sides = rng.sample(((-60, 0), (60, 0), (0, -60), (0, 60)), k=rng.choice((1, 2, 3)))
        world.gates[area] = [[side, rng.choice((True, True, False, None))] for side in sides]


def hide(rng, world):
    """Empty some cells as ``loose_counties.hide`` does, or what only stands here."""
    ways = loose.hide(rng, world) if rng.random() < 0.4 else []
    odd._leave_houses(world)
    more = rng.sample(sorted(HIDING), k=rng.choice((1, 2, 2, 3)))
    ways += [way for name in more if (way := HIDING[name](rng, world)) is not None]
    world.gates = {a: told for a, told in world.gates.items() if world.areas[a]["at"]}
    return [*ways, odd._agreed(world), _not_shorter] if ways else []


def _not_shorter(_rng, world):
    """Tell a completion amiss in which a walk is shorter than the straight line."""
    told = [*(world.walks or {}).items(), *world.perhaps_walked.items()]
    for (a, f), metres in told:
        home, row = world.areas[a], world.facilities[f]
        if home["at"] and row["at"] and math.dist(home["at"], row["at"]) > metres + 1e-6:
            world.amiss = True


def _free(world):
    """Return the facilities that share no house and are no host's."""
    return sorted(f for f, row in world.facilities.items() if f != "H" and not row.get("site"))


def _hide_facility(rng, world):
    """A facility of which there is a name, and perhaps its town."""
    free = _free(world)
    if not free:
        return None
    name = rng.choice(free)
    row = world.facilities[name]
    codes = rng.choice(((None, None), (row["unit"], None), (row["unit"], row["community"])))
    if row["at"] is None or row["unit"] in {None, "370998001"}:
        return None  # another hand has been there
    empty = {"at": None, "unit": codes[0], "community": codes[1], "kinds": frozenset()}
    empty |= {"stage": None, "floor_area_m2": NAN, "community_area_m2": NAN}
    flags = [n for n in wider.YES_NO if n not in {"day_service", "full_care"}]
    empty |= dict.fromkeys(flags) | {"beds": NAN, "nursing_beds": NAN, "public_beds": NAN}
    inside = [a for f, a, _ in world.sharing if f == name]
    kept = [n for n in empty if rng.random() < 0.8 or n in {"unit", "community"}]
    row |= {n: empty[n] for n in kept}

    def fill(rng, mine):
        own = mine.facilities[name]
        if "at" in kept or own["at"] is None:  # another hand has been there since
            own |= base.stand(rng, mine.areas, codes=codes, inside=inside)
        else:
            _fill_codes(rng, mine, own, codes)
        for part in ("kinds", "stage"):
            own |= base._typed(rng, part, "beds") if part in kept else {}
        if "floor_area_m2" in kept or "community_area_m2" in kept:
            typed = base._typed(rng, "floor_area_m2", "beds")
            own |= {n: v for n, v in typed.items() if n in kept}
        own |= {n: rng.choice((True, False)) for n in flags if n in kept}
        figures = {"beds": (0, 20, 60), "nursing_beds": (0, 10), "public_beds": (0, 10)}
        own |= {n: rng.choice(some) for n, some in figures.items() if n in kept}

    return fill


def _fill_codes(rng, mine, own, codes):
    """Fill blank codes of a row that has a place: those of an area it is in or beside."""
    beside = [
        home
        for home in mine.areas.values()
        if home["at"] and max(abs(a - b) for a, b in zip(own["at"], home["at"], strict=True)) <= 120
    ]
    unit, community = codes
    fits = [c for c, u in base.COMMUNITIES.items() if unit in {u, None} and community in {c, None}]
    code = rng.choice(fits)
    own |= {"community": code, "unit": base.COMMUNITIES[code]}
    if beside and community is None and unit in {beside[0]["unit"], None}:
        own |= {c: beside[0][c] for c in odd.CODES}


def _hide_area(rng, world):
    """An area of which there is a name, and perhaps its community."""
    name = rng.choice(sorted(world.areas))
    row = world.areas[name]
    if row["at"] is None or row["age_class"] is None or row["community"] is None:
        return None  # another hand has been there
    empty = {
        "at": {"at": base.SLOTS},
        "age_class": {"age_class": base.CLASSES},
        "setting": {"setting": ("urban", "rural")},
        "households": {"households": odd.HOMES, "households_planned": odd.HOMES},
        "population": {"population": (300, 3000), "population_planned": (300, 3000)},
        "elders": {"elders": (30, 500)},
    }
    lost = rng.sample(sorted(empty), k=rng.randint(2, len(empty)))
    told = {column: values for one in lost for column, values in empty[one].items()}
    row |= {n: None if n in {"at", "age_class", "setting"} else NAN for n in told}
    if "age_class" in told:
        row |= {"built_year": NAN, "built_year_days": None}
        row |= {"condition_on": None, "accepted_on": None}
    return lambda rng, mine: mine.areas[name].update(
        {n: rng.choice(values) for n, values in told.items()}
    )


def _hide_recorded(rng, world):
    """Two things of a record of two areas: of its rooms, or of what it names."""
    named = {}
    for f, a, _ in world.sharing:
        named.setdefault(f, []).append(a)
    several = sorted(f for f, some in named.items() if len(some) > 1)
    if not several:
        return None
    facility = rng.choice(several)
    rooms, homes = OF_ROOMS, OF_HOMES
    ways = []
    for where, name in (
        (world.facilities, facility) if rng.random() < 0.6 else (None, None),
        (world.areas, rng.choice(named[facility])),
    ):
        if where is None:
            continue
        parts = rooms if where is world.facilities else homes
        empty, values = parts[rng.choice(sorted(parts))]
        if where is world.facilities and where[name].get("site"):
            continue  # one house has one place, and perhaps one figure
        where[name] |= empty
        if "age_class" in empty:
            where[name] |= {"built_year": NAN, "condition_on": None, "accepted_on": None}
        side = "facilities" if where is world.facilities else "areas"
        ways.append((side, name, values))

    def fill(rng, mine):
        for side, name, values in ways:
            getattr(mine, side)[name].update(rng.choice(values))

    return fill if ways else None


def _hide_community(rng, world):
    """A community of which the town is known, of an area or of a facility far from all."""
    rows = [*world.areas.values(), *world.facilities.values()]
    rows = [r for r in rows if r["unit"] in {base.STREET, base.TOWN} and not r.get("site")]
    if not rows:
        return None
    row = rng.choice(rows)
    side = "areas" if row in world.areas.values() else "facilities"
    name = next(n for n, one in getattr(world, side).items() if one is row)
    was, row["community"] = row["community"], None
    codes = [c for c, u in base.COMMUNITIES.items() if u == row["unit"]]
    fills = [*codes, was] if was else codes
    return lambda rng, mine: getattr(mine, side)[name].update({"community": rng.choice(fills)})


def _hide_exempt(rng, world):
    """An exemption of a name that two areas have, or that nearly agrees with one's."""
    quotas = [
        c.id for c in odd._rules(world) if c.measure in {"provision", "has_facility", "radius"}
    ]
    if not quotas:
        return None
    clause, fits = rng.choice(quotas), rng.random() < 0.5 and len(world.areas) > 1
    may = rng.sample(sorted(world.areas), k=2 if fits else 1)
    told = [clause, "改造", "会议纪要", rng.choice((None, world.as_of)), False]
    rows = [[area, *told, "书香苑"] for area in may]
    world.exemptions += rows

    def fill(rng, mine):
        chosen = rng.choice(may if fits else [*may, None])
        mine.exemptions = [row for row in mine.exemptions if row not in rows]
        if chosen:
            mine.exemptions.append([chosen, *told])

    return fill


def _hide_gates(rng, world):
    """Whether some gates are open."""
    gates = [(a, n) for a, told in sorted(world.gates.items()) for n in range(len(told))]
    if not gates:
        return None
    odd_ones = rng.sample(gates, k=min(len(gates), rng.choice((1, 2, 3))))
    for a, n in odd_ones:
        world.gates[a][n][1] = "?"

    def fill(rng, mine):
        for a, n in odd_ones:
            if a in mine.gates:
                mine.gates[a][n][1] = rng.choice((True, False))

    return fill


def _hide_walk(rng, world):
    """A walk handed in of which the name fits two areas, or nearly agrees with one's."""
    if not world.walks:
        return None
    pair = rng.choice(sorted(world.walks))
    metres, facility = world.walks.pop(pair), pair[1]
    others = [a for a in sorted(world.areas) if a != pair[0] and (a, facility) not in world.walks]
    others = [
        a
        for a in others
        if world.areas[a]["at"]
        and world.facilities[facility]["at"]
        and math.dist(world.areas[a]["at"], world.facilities[facility]["at"]) <= metres
    ]
    may = [pair, *((a, facility) for a in others[:1] if rng.random() < 0.6)]
    fits = len(may) > 1
    world.perhaps_walked = dict.fromkeys(may, metres)
    world.fits = fits

    def fill(rng, mine):
        mine.perhaps_walked = {}
        chosen = rng.choice(may if fits else [*may, None])
        if chosen:
            mine.walks[chosen] = metres

    return fill


def _hide_address(rng, world):
    """A facility that only its address places, beside an area it names."""
    told = {row[0] for row in (*world.sharing, *world.likely)}
    free = [f for f in _free(world) if f not in told and not world.facilities[f].get("name")]
    if not free:
        return None
    name, area = rng.choice(free), rng.choice(sorted(world.areas))
    home, row = world.areas[area], world.facilities[name]
    row |= {"at": None, "name": "养老服务站", "address": f"{home['name']}北门"}
    codes = rng.choice(((home["unit"], home["community"]), (home["unit"], None), (None, None)))
    row["unit"], row["community"] = codes
    return lambda rng, mine: mine.facilities[name].update(
        base.stand(rng, mine.areas, codes=codes, inside=[area])
    )


def _hide_two_named(rng, world):
    """A facility without a place whose name holds the names of two areas."""
    told = {row[0] for row in (*world.sharing, *world.likely)}
    free = [f for f in _free(world) if f not in told and not world.facilities[f].get("name")]
    alike = {unit: [] for unit in (base.STREET, base.TOWN)}
    for a, row in sorted(world.areas.items()):
        alike.get(row["unit"], []).append(a)
    several = [some for some in alike.values() if len(some) > 1]
    if not free or not several:
        return None
    name, may = rng.choice(free), rng.sample(rng.choice(several), k=2)
    homes = [world.areas[a] for a in may]
    if any(home["at"] is None or home["name"][1:] != "苑小区" for home in homes):
        return None  # another hand has been there
    unit = rng.choice((None, homes[0]["unit"]))
    world.facilities[name] |= {"at": None, "unit": unit, "community": None}
    world.facilities[name]["name"] = "".join(home["name"] for home in homes) + "养老服务站"
    return lambda rng, mine: mine.facilities[name].update(
        base.stand(rng, mine.areas, codes=(unit, None), inside=may)
    )


def _hide_house(rng, world):
    """Two services of one house, of which a record speaks, and a cell of one of them."""
    inside = sorted(f for f, row in world.facilities.items() if row.get("site"))
    if not inside:
        free = [f for f in _free(world) if world.facilities[f]["at"]]
        free = [f for f in free if world.facilities[f]["unit"] in {base.STREET, base.TOWN}]
        if len(free) < 2:
            return None
        inside = rng.sample(free, k=2)
        one, other = (world.facilities[f] for f in inside)
        other |= {k: one[k] for k in ("at", *odd.CODES)}
        one["site"] = other["site"] = "S"
        if rng.random() < 0.5:
            other |= {"floor_area_m2": NAN, "community_area_m2": NAN}
    for f in rng.sample(inside, k=rng.choice((0, 1, 1, 2))):
        area, m2 = rng.choice(sorted(world.areas)), rng.choice((NAN, NAN, 30.0, 300.0))
        if (f, area) not in {row[:2] for row in world.sharing}:
            world.sharing.append((f, area, m2))
    return odd._hide_of_site(rng, world)


def _hide_phase(rng, world):
    """A phase of a project of several classes: its class, its record or its rooms' place."""
    names = sorted(world.areas)
    if len(names) < 2:
        return None
    one, other = rng.sample(names, k=2)
    for name in (one, other):
        world.areas[name]["project"] = "Q"
    first, second = world.areas[one], world.areas[other]
    if first["age_class"] is None or second["age_class"] is None:
        return None  # another hand has been there
    first["age_class"], second["age_class"] = rng.sample(("existing", "new", "approved"), k=2)
    if rng.random() < 0.3:
        first["required_m2"] = 90.0
    free = [f for f in _free(world) if world.facilities[f]["at"]]
    if free and rng.random() < 0.7:
        facility = rng.choice(free)
        world.sharing = [row for row in world.sharing if row[0] != facility]
        world.sharing.append((facility, one, rng.choice((NAN, 60.0))))
    empty, values = OF_HOMES[rng.choice(sorted(OF_HOMES))]
    second |= empty
    if "age_class" in empty:
        second |= {"built_year": NAN, "condition_on": None, "accepted_on": None}
    return lambda rng, mine: mine.areas[other].update(rng.choice(values))


OF_ROOMS = {
    "kinds": ({"kinds": frozenset()}, [{"kinds": one} for one in base.KINDS]),
    "stage": ({"stage": None}, [{"stage": one} for one in odd.STAGES]),
    "m2": odd.OF_SITE["m2"],
}
OF_HOMES = {
    "place": ({"at": None}, [{"at": spot} for spot in base.SLOTS]),
    "class": ({"age_class": None}, loose._CLASSES),
    "setting": ({"setting": None}, loose._SETTINGS),
    "stage": ({"stage": None, "stage_unread": True}, loose._STAGES),
    "homes": (
        {"households": NAN, "households_planned": NAN},
        odd._two("households", "households_planned", odd.HOMES, odd.HOMES),
    ),
}
HIDING = {
    "facility": _hide_facility,
    "area": _hide_area,
    "recorded": _hide_recorded,
    "recorded_again": _hide_recorded,
    "community": _hide_community,
    "exempt": _hide_exempt,
    "gates": _hide_gates,
    "walk": _hide_walk,
    "address": _hide_address,
    "two_named": _hide_two_named,
    "house": _hide_house,
    "phase": _hide_phase,
}


def furnished(study, world):
    """Return a study with the gates of a world, and the walks that are handed in."""
    if world.gates:
        study = dataclasses.replace(study, gates=_gates(world))
    if world.walks is None:
        return study
    rows = [(*pair, metres) for pair, metres in sorted(world.walks.items())]
    frame = pd.DataFrame(rows, columns=["demand", "facility", "cost"]).astype({"cost": float})
    perhaps = [
        (0, a, f, metres, "书香苑", world.fits)
        for (a, f), metres in sorted(world.perhaps_walked.items())
    ]
    travel = TravelTable(frame, "m", WALK_M, "given", perhaps_table(perhaps))
    return dataclasses.replace(study, travel=travel)


def _gates(world):
    rows = [
        (a, open_, base.X0 + home["at"][0] + x, base.Y0 + home["at"][1] + y)
        for a, told in sorted(world.gates.items())
        for (x, y), open_ in told
        if (home := world.areas[a])["at"]
    ]
    index = pd.Index([f"G{n}" for n in range(len(rows))], name="id", dtype=object)
    frame = gpd.GeoDataFrame(
        {"residential": [row[0] for row in rows], "name": index},
        geometry=[Point(*row[2:]) for row in rows],
        crs=base.CRS,
        index=index,
    )
    said = [None if row[1] == "?" else row[1] for row in rows]
    unknown = [row[1] == "?" for row in rows]
    return Layer(
        "gates",
        frame.assign(open=pd.Series(said, index, dtype=object), open_unknown=unknown),
    )


wide.furnished = furnished
