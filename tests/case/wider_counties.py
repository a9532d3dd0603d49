"""Counties drawn with all that may stand beside the two ledgers, emptied in places, and filled.

Points among polygons, streets, dates, readings, parameters, exemptions, typed figures and papers,
names that are unclear, units that the list lacks: some of it blank, and filled again in every way
that contradicts nothing written. What ``test_open_studies`` draws and hides is the ground.
"""

from __future__ import annotations

import copy
import datetime as dt
import importlib.util
import math
from pathlib import Path
from types import SimpleNamespace

from lifecircle.model.dictionary import columns
from lifecircle.model.rules.options import DocumentOptions, IndicatorOptions
from lifecircle.standards import read_standard

_SPEC = importlib.util.spec_from_file_location(
    "open_studies", Path(__file__).with_name("test_open_studies.py")
)
base = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(base)

NAN = math.nan
READINGS = (
    {"A1": "households"},
    {"A1": "population"},
    {"A3": "own"},
    {"A3": "allocated"},
    {"A5": "ceil"},
    {"A6": "planned"},
    {"A8": "all_areas"},
    {"A8": "pooled"},
    {"A11": "has_facility"},
    {"A12": "has_facility"},
    {"A14": "whole"},
    {"A14": "share>=0.5"},
    {"A14": "network"},
    {"A16": "reach_kinds"},
    {"A17": "in_use"},
    {"A20": "assigned"},
    {"A22": "either"},
    {"A24": "all_beds"},
    {"A26": "committee"},
    {"A28": "or_radius"},
    {"A35": "with_radius"},
    {"A35": "all_urban"},
)
YES_NO = tuple(
    n for n, c in columns("facilities").items() if c.type == "bool" and n != "illustrative"
)
DAYS = tuple(dt.date(2021, 3, 1) + dt.timedelta(days=60 * n) for n in range(18))
AREA_DAYS = tuple(
    f"{care}{stage}_on"
    for stage in ("planned", "built", "accepted", "delivered")
    for care in ("", "care_")
)
CROSSINGS = [(x, y) for y in (100, 800) for x in range(-300, 4501, 300)]


def draw(rng):
    """Return a county: areas, facilities and all that stands beside them, some of it unusual."""
    areas, facilities, sharing = base.draw(rng)
    world = SimpleNamespace(
        standard=rng.choice(base.STANDARDS),
        areas=areas,
        facilities=facilities,
        sharing=sharing,
        likely=[],
        exemptions=[],
        figures={},
        evidence={},
        people={},
        unlisted=set(),
        gone=set(),
        readings=rng.choice(({}, {}, *READINGS)),
        parameters={},
        scenario={},
        view=rng.choice(("now", "now", "now", "plan")),
        streets=None,
    )
    for row in areas.values():
        row["point"] = rng.random() < 0.3
        row |= {name: rng.choice(DAYS) for name in AREA_DAYS if rng.random() < 0.8}
        row["civil_affairs_review"] = rng.choice((True, False))
        row["civil_affairs_acceptance"] = rng.choice((True, False))
        row["condition_on"] = rng.choice((None, dt.date(2015, 1, 1), dt.date(2024, 1, 1)))
    for row in facilities.values():
        row |= {name: rng.choice((True, False)) for name in YES_NO}
        row |= {"family_beds": rng.choice((0, 50, 100)), "public_beds": row["beds"] // 2}
        row |= {"operator": rng.choice("甲乙"), "tenure": rng.choice(("移交", "租赁", "自有"))}
    _surroundings(rng, world)
    return world


def _surroundings(rng, world):
    """Draw what is beside the ledgers of a county."""
    if rng.random() < 0.7:
        world.parameters["persons_per_household"] = 2.6
    if rng.random() < 0.3:
        world.parameters["sharing_radius_m"] = rng.choice((500.0, 1000.0))
    if rng.random() < 0.2:
        world.parameters["reference_radius_m"] = rng.choice((500.0, 700.0))
    for code in (base.STREET, base.TOWN, *base.COMMUNITIES):
        whole = code in {base.STREET, base.TOWN}
        many = rng.choice((300, 700, 1500)) * (3 if whole else 1)
        world.people[code] = {"elders": many, "population": 4 * many, "tekun": many // 20}
    if rng.random() < 0.25:
        world.streets = {"gaps": rng.sample(range(len(CROSSINGS)), k=3), "odd": None}
    rules = list(read_standard(world.standard).clauses.values())
    _papers(rng, world, rules)
    quotas = [c.id for c in rules if c.measure in {"provision", "has_facility", "radius"}]
    for area in world.areas:
        if rng.random() < 0.15 and quotas:
            until = rng.choice((None, dt.date(2030, 1, 1), dt.date(2020, 1, 1)))
            world.exemptions.append([area, rng.choice(quotas), "改造", "会议纪要", until, False])


def _papers(rng, world, rules):
    """Draw what is typed and ticked, and a number of the document that a scenario changes."""
    typed = {
        name
        for c in rules
        if isinstance(c.options, IndicatorOptions)
        for name in c.options.indicators
        # what is typed of a sum that a ledger has would say what the ledger's gaps are
        if not (c.options.numerator or c.options.denominator or c.options.room)
    }
    for name in sorted(typed):
        world.figures[name] = rng.choice((20, 60, 90, 100)), 100.0
    items = {i for c in rules if isinstance(c.options, DocumentOptions) for i in c.options.items}
    for name in sorted(items):
        world.evidence[name] = rng.choice((True, False))
    numbered = [c for c in rules if any(v.value for v in c.versions)]
    if numbered and rng.random() < 0.3:
        one = rng.choice(numbered)
        value = next(v.value for v in one.versions if v.value)
        world.scenario = {f"{one.id}.value": value * rng.choice((0.4, 0.5, 0.8))}


def hide(rng, world):
    """Empty some cells, and return how each is filled: a function of a world."""
    areas, facilities, sharing = world.areas, world.facilities, world.sharing
    ways = [_of_ledgers(w) for w in base.hide(rng, areas, facilities, sharing)]
    for row in areas.values():
        if row["age_class"] is None:  # no date tells it either
            row |= {"condition_on": None, "accepted_on": None}
    for row in facilities.values():
        if row["at"] and row["unit"] and rng.random() < 0.05:  # over the county line
            row |= {"unit": "370998001", "community": "370998001001"}
            row["at"] = row["at"][0] + base.APART / 2, row["at"][1] + 450
    more = rng.sample(sorted(HIDING), k=rng.choice((1, 1, 2, 3)))
    return ways + [way for name in more if (way := HIDING[name](rng, world)) is not None]


def _of_ledgers(fill):
    return lambda rng, world: fill(rng, world.areas, world.facilities)


def _hide_name(rng, world):
    """A record whose name nearly agrees with its area, or fits two."""
    alone = [row for row in world.sharing if [s[0] for s in world.sharing].count(row[0]) == 1]
    if not alone:
        return None
    row = rng.choice(alone)
    world.sharing.remove(row)
    facility, area, m2 = row
    fits = rng.random() < 0.5 and len(world.areas) > 1
    may = [area]
    if fits:
        may += rng.sample([a for a in sorted(world.areas) if a != area], k=1)
    world.likely = [(facility, one, m2, "某小区", fits) for one in may]
    if fits:
        may = _said(world.facilities[facility], {one: world.areas[one] for one in may})

    def fill(rng, mine):
        mine.likely = []
        chosen = rng.choice(may if fits else [*may, None])
        if chosen:
            mine.sharing.append((facility, chosen, m2))

    return fill


def _said(row, named):
    """Return which of the areas of one name a record means: where it stands, else of its codes."""
    for area, home in named.items():
        if row["at"] and home["at"]:
            half = 0 if home.get("point") else 60  # areas are 120 m a side and 600 m apart
            beside = (max(0, abs(a - b) - half) for a, b in zip(row["at"], home["at"], strict=True))
            if math.hypot(*beside) <= 50:
                return [area]
    codes = ("unit", "community")
    fits = [a for a in named if all(row[c] is None or named[a][c] in {row[c], None} for c in codes)]
    return fits or list(named)


def _hide_which(rng, world):
    """A facility's own name, which two areas have."""
    told = {row[0] for row in (*world.sharing, *world.likely)}
    way = base.double(rng, world.areas, world.facilities, told)
    return None if way is None else _of_ledgers(way)


def _hide_dates(rng, world):
    area = rng.choice(sorted(world.areas))
    row, name = world.areas[area], rng.choice(AREA_DAYS)
    row[name] = None

    def fill(rng, mine):
        if name != "accepted_on" or mine.areas[area]["age_class"]:  # it may tell the class
            mine.areas[area][name] = rng.choice(DAYS)

    return fill


def _hide_class(rng, world):
    """An area whose class only its dates tell, and some of them are blank."""
    area = rng.choice(sorted(world.areas))
    row = world.areas[area]
    days, done = rng.random() < 0.6, rng.random() < 0.6
    row |= {"age_class": None, "accepted_on": None}
    if days:
        row["condition_on"] = None
    if done:
        row["built_year"] = NAN

    def fill(rng, mine):
        own = mine.areas[area]
        if days and done and rng.random() < 0.5:
            own["age_class"] = rng.choice(base.CLASSES)
            return
        if days:
            later = (*DAYS, dt.date(2024, 2, 1)) if done else (dt.date(1985, 1, 1),)
            own["condition_on"] = rng.choice((None, *later))
        if done:
            day = rng.choice(DAYS)
            told = {"accepted_on": day}, {"built_year": day.year}
            old = () if own["condition_on"] else ({"built_year": 1990},)
            own |= rng.choice((*told, told[0] | told[1], *old))

    return fill


def _hide_area_stage(rng, world):
    area = rng.choice(sorted(world.areas))
    world.areas[area] |= {"stage": None, "stage_unread": True}

    def fill(rng, mine):
        stage = rng.choice(("in_use", "handed_over", "planned", "under_construction", "idle"))
        mine.areas[area] |= {"stage": stage, "stage_unread": False}

    return fill


def _hide_of_area(name, values):
    def hidden(rng, world):
        area = rng.choice(sorted(world.areas))
        world.areas[area][name] = None if name in {"renovated", "project"} else NAN
        return lambda rng, mine: mine.areas[area].update({name: rng.choice(values)})

    return hidden


def _hide_flag(rng, world):
    facility = rng.choice(sorted(world.facilities))
    row = world.facilities[facility]
    # of community rooms a blank 全日托养 is a no (A16)
    names = [n for n in YES_NO if n not in {"day_service", "full_care"}]
    for name in rng.sample(names, k=4):
        row[name] = None
    lost = [n for n in names if row[n] is None]
    return lambda rng, mine: mine.facilities[facility].update(
        {n: rng.choice((True, False)) for n in lost}
    )


def _hide_service(rng, world):
    facility = rng.choice(sorted(world.facilities))
    world.facilities[facility] |= {"day_service": None, "day_service_unread": True}
    return lambda rng, mine: mine.facilities[facility].update(
        {"day_service": rng.choice((True, False)), "day_service_unread": False}
    )


def _hide_of_facility(name, values):
    def hidden(rng, world):
        facility = rng.choice(sorted(world.facilities))
        if name == "public_beds" and not world.facilities[facility]["kinds"] & set(base.HOUSES):
            return None  # who has no beds has none of the public's
        world.facilities[facility][name] = None if isinstance(values[0], str) else NAN

        def fill(rng, mine):
            row = mine.facilities[facility]
            row[name] = rng.choice(values)
            if name == "public_beds":
                row[name] = min(row[name], row["beds"] if row["beds"] == row["beds"] else 0)

        return fill

    return hidden


def _hide_figure(rng, world):
    if not world.figures:
        return None
    name = rng.choice(sorted(world.figures))
    del world.figures[name]
    return lambda rng, mine: mine.figures.update({name: (rng.choice((0, 50, 90, 100)), 100.0)})


def _hide_paper(rng, world):
    if not world.evidence:
        return None
    name = rng.choice(sorted(world.evidence))
    del world.evidence[name]
    return lambda rng, mine: mine.evidence.update({name: rng.choice((True, False))})


def _hide_people(rng, world):
    code, what = rng.choice(sorted(world.people)), rng.choice(("elders", "population", "tekun"))
    world.people[code].pop(what)
    whole = code in {base.STREET, base.TOWN}

    def fill(rng, mine):
        if whole and what != "tekun":  # the sum of its communities, where each has one
            parts = [mine.people[c].get(what) for c, u in base.COMMUNITIES.items() if u == code]
            if None not in parts:
                mine.people[code][what] = sum(parts)
                return
        mine.people[code][what] = rng.choice((30, 300, 3000))

    return fill


def _hide_unit(rng, world):
    code = rng.choice(sorted(base.COMMUNITIES))
    world.unlisted.add(code)
    rows = [*world.areas.values(), *world.facilities.values()]
    mentioned = any(row["community"] == code for row in rows)

    def fill(rng, mine):
        mine.unlisted.discard(code)
        if not mentioned and rng.random() < 0.5:
            rows = [*mine.areas.values(), *mine.facilities.values()]
            if not any(row["community"] == code for row in rows):
                mine.gone.add(code)

    return fill


def _hide_end(rng, world):
    if not world.exemptions:
        return None
    at = rng.randrange(len(world.exemptions))
    world.exemptions[at][4:] = None, True

    def fill(rng, mine):
        mine.exemptions[at][4:] = rng.choice((dt.date(2030, 1, 1), dt.date(2020, 1, 1))), False

    return fill


def _hide_household_size(_rng, world):
    world.parameters.pop("persons_per_household", None)
    return lambda rng, mine: mine.parameters.update(persons_per_household=rng.choice((2.2, 3.2)))


def _hide_way(rng, world):
    """A street of which nobody knows whether it may be walked; or all streets."""
    if world.streets is None:
        return None
    drawn = copy.deepcopy(world.streets)
    if rng.random() < 0.3:
        world.streets = None
        return lambda _rng, mine: setattr(mine, "streets", drawn)
    world.streets["odd"] = rng.sample(range(len(CROSSINGS)), k=4)
    odd = list(world.streets["odd"])

    def fill(rng, mine):
        mine.streets["gaps"] = mine.streets["gaps"] + [n for n in odd if rng.random() < 0.5]
        mine.streets["odd"] = None

    return fill


HIDING = {
    "name": _hide_name,
    "which": _hide_which,
    "dates": _hide_dates,
    "class": _hide_class,
    "stage": _hide_area_stage,
    "year": _hide_of_area("built_year", (1990, 2003, 2015)),
    "renovated": _hide_of_area("renovated", (True, False)),
    "flag": _hide_flag,
    "service": _hide_service,
    "beds": _hide_of_facility("beds", (20, 60, 500)),
    "public": _hide_of_facility("public_beds", (0, 10, 20)),
    "star": _hide_of_facility("star", (1, 2, 3)),
    "operator": _hide_of_facility("operator", ("甲", "乙")),
    "tenure": _hide_of_facility("tenure", ("移交", "租赁", "自有")),
    "figure": _hide_figure,
    "paper": _hide_paper,
    "people": _hide_people,
    "unit": _hide_unit,
    "end": _hide_end,
    "size": _hide_household_size,
    "way": _hide_way,
}
