"""Projects: phases of one project count as one residential area towards its quota (A1, A29)."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING

import pandas as pd

from lifecircle.counting.eligibility import number_of
from lifecircle.counting.lacking import first_lacking, lacking, people_of_phases
from lifecircle.counting.neighbourhood import beside_leads
from lifecircle.model.dictionary import fold, unread
from lifecircle.model.status import Stage

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from lifecircle.model.tables import Tables

__all__ = [
    "by_project",
    "homes",
    "leads",
    "named_projects",
    "of_projects",
    "perhaps_asked",
    "perhaps_homes",
    "perhaps_phases",
    "perhaps_together",
    "project_homes",
    "project_leads",
    "unread_conditions",
    "wandering",
]

_AHEAD = frozenset({Stage.PLANNED, Stage.UNDER_CONSTRUCTION, Stage.ACCEPTED})
_SUMMED = (
    "counted",
    "counted_if_new",
    "counted_if_existing",
    "population",
    "population_planned",
    "elders",
    "required_m2",
    "required_most_m2",
)


def project_leads(areas: pd.DataFrame) -> pd.Series:
    """Return for every area the phase that carries its project's account: its id, or another's.

    Phases are areas of one project id that one quota speaks of: of age classes that it asks the
    same of (``quota_class``: 老旧 and 已建成 mostly) and of one setting, none of which is blank
    (two blanks may turn out otherwise: :func:`perhaps_together`), lived in for certain, with
    households; a typed requirement all have or none. The phase with most households leads, of those
    that are not exempt from their quota (``quota_exempt``) where there are any. Areas without a
    project id stand for themselves.

    Parameters
    ----------
    areas
        With ``project``, ``age_class``, ``setting``, ``counted``, ``lived_in`` and, where the
        ledger has it, ``required_m2``.
    """
    alone = pd.Series(areas.index, index=areas.index, dtype=object)
    if "project" not in areas:
        return alone
    named = named_projects(areas)
    if not any(named):
        return alone
    age_class, setting = _words(areas)
    work = pd.DataFrame(
        {
            "project": named,
            "age_class": age_class,
            "setting": setting,
            "typed": number_of(areas, "required_m2").notna(),
            "counted": areas["counted"].astype(float),
            "exempt": _exempt(areas),
            "name": areas["name"].astype(str),
            "lead": areas.index,
        },
        index=pd.Index(areas.index, name=None),
    )
    known = (work["age_class"] != "") & (work["setting"] != "")  # two blanks may differ
    known &= ~_doubted(areas)
    work = work[(work["project"] != "") & known & (areas["lived_in"] == 1) & (work["counted"] != 0)]
    order = {"exempt": True, "counted": False, "name": True, "lead": True}
    work = work.sort_values(list(order), ascending=list(order.values()))
    first = work.groupby(["project", "age_class", "setting", "typed"], sort=False)["lead"]
    return first.transform("first").reindex(areas.index).fillna(alone)


def project_homes(areas: pd.DataFrame, lead: pd.Series) -> pd.Series:
    """Return for every area whose account the rooms that stand there are in: mostly its ``lead``'s.

    What stands on the ground of a phase that nobody lives in yet is the project's own (A1): of the
    phases of the same age class and setting that are lived in, where they have one account; not
    where one of which something is open may turn out to have another.
    """
    if "project" not in areas:
        return lead
    named = pd.Series(named_projects(areas), index=areas.index, dtype=object)
    settled = (areas["lived_in"] == 1) & (areas["counted"] != 0)
    empty = _not_yet(areas) & ~_doubted(areas) & (named != "") & named.isin(set(named[settled]))
    if not empty.any():
        return lead
    theirs = named.isin(set(named[empty]))
    told = _told(areas[theirs], named[theirs])
    owners: dict[tuple[object, ...], set[object]] = {}
    for area, one in lead[settled & theirs].items():
        owners.setdefault(told[area][:3], set()).add(one)
    maybe = theirs & (areas["lived_in"] != 0) & (areas["counted"] != 0)
    doubted = [told[area] for area in areas.index[maybe & _blank(areas)]]
    home = lead.copy()
    for area in areas.index[empty]:
        mine = told[area][:3]
        some = owners.get(mine, set())
        if len(some) == 1 and "" not in mine:
            one = next(iter(some))
            apart = [t for t in doubted if t[0] == mine[0] and t[3] != told[one][3]]
            if not any(_may_be(t[1:3], mine[1:]) for t in apart):
                home[area] = one
    return home


def _words(areas: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return which quota speaks of each area: its class and setting; blank where it is untold."""
    age_class = areas.get("quota_class", areas["age_class"])
    return age_class.astype(object).fillna(""), areas["setting"].astype(object).fillna("")


def _told(areas: pd.DataFrame, named: pd.Series) -> dict[Hashable, tuple[object, ...]]:
    """Return of every area its project, class and setting (blank: not told), and if it is typed."""
    typed = number_of(areas, "required_m2").notna()
    return dict(zip(areas.index, zip(named, *_words(areas), typed, strict=True), strict=True))


def _blank(areas: pd.DataFrame) -> pd.Series:
    """Return of which areas it is open if they count at all, as what, or with which others."""
    blank = areas[["age_class", "setting", "lived_in"]].isna().any(axis=1) | _doubted(areas)
    return blank | areas.index.isin(unread_conditions(areas))


def _doubted(areas: pd.DataFrame) -> pd.Series:
    """Return which areas are perhaps of no project, though a word for one stands there."""
    none = pd.Series(data=False, index=areas.index)
    return areas.get(unread("project"), none).astype(bool)


def _may_be(one: Sequence[object], other: Sequence[object]) -> bool:
    """Return whether class and setting of two areas may turn out alike."""
    return all(a == b or "" in {a, b} for a, b in zip(one, other, strict=True))


def _not_yet(areas: pd.DataFrame) -> pd.Series:
    """Return which areas nobody lives in yet: planned or being built; idle ones are given up."""
    stage = areas.get("stage", pd.Series(None, areas.index, dtype=object))
    return (areas["lived_in"] == 0) & stage.isin(_AHEAD)


def perhaps_homes(areas: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Return area → the phases of its project that may be empty and of its class.

    Some class or setting is blank, or a stage cannot be read. What stands on their ground may be
    its own then (:func:`project_homes`); of those that may be one with it if they are lived in
    (:func:`perhaps_together`) it is told there. ``areas``: one a project as far as that is known
    (:func:`by_project`).
    """
    if "project" not in areas:
        return {}
    named = pd.Series(named_projects(areas), index=areas.index, dtype=object)
    if not any(named):
        return {}
    unread = areas["lived_in"].isna()
    ahead = (_not_yet(areas) | unread) & (named != "")
    if not ahead.any():
        return {}
    blank = _blank(areas)
    settled = (areas["lived_in"] != 0) & (areas["counted"] != 0) & (named != "")
    empty = areas.index[ahead & (blank | named.isin(set(named[blank])))]
    by_name = named[empty].groupby(named[empty]).groups
    project = named.isin(by_name.keys())
    told = _told(areas[project], named[project])
    firm = {told[area] for area in areas.index[settled & project & ~blank]}
    found: dict[str, tuple[str, ...]] = {}
    for area in areas.index[settled & project]:
        mine = told[area]
        theirs = [
            str(e)
            for e in by_name[mine[0]]
            if e != area
            and _may_be(told[e][1:3], mine[1:3])
            # two accounts for certain have neither's; a phase that may be one with it is told so
            and (*told[e][:3], not mine[3]) not in firm
            and not (unread[e] and told[e][3] == mine[3])
        ]
        if theirs:
            found[str(area)] = tuple(theirs)
    return found


def named_projects(areas: pd.DataFrame) -> list[str]:
    """Return the project each area is of by its id; blank where it has none."""
    if "project" not in areas:
        return [""] * len(areas)
    return [fold(p) if isinstance(p, str) else "" for p in areas["project"]]


def perhaps_together(areas: pd.DataFrame, *, apart: bool = True) -> dict[str, tuple[str, ...]]:
    """Return area → the others of its project that may be phases with it, once all is known.

    Their age class or setting is blank, or their stage cannot be read, or its own; what is written
    agrees. ``areas``: one a project as far as known (:func:`by_project`). ``apart``: without
    those whose m² are reckoned apart, since one of the two has a typed requirement; one that is
    written and cannot be read may be none.
    """
    if "project" not in areas:
        return {}
    named = named_projects(areas)
    if not any(named) or len(set(named)) == len(named):
        return {}
    some = (areas["lived_in"] != 0) & (areas["counted"] != 0)
    typed = number_of(areas, "required_m2").notna() & apart
    lost = areas.index.isin(unread_conditions(areas)) & apart
    rows = zip(areas.index, named, some, typed, lost, *_words(areas), strict=True)
    groups: dict[tuple[str, bool], list[tuple[str, object, object]]] = {}
    for area, project, counts, own, either, age_class, setting in rows:
        for kind in (own, not own)[: 1 + either] if project and counts else ():
            groups.setdefault((project, kind), []).append((str(area), age_class, setting))
    return _alike(groups.values())


def _alike(groups: Iterable[Sequence[tuple[str, object, object]]]) -> dict[str, tuple[str, ...]]:
    """Return area → the others of its groups whose class and setting may turn out as its own."""
    found: dict[str, dict[str, None]] = {}
    for mine in groups:
        for area, *told in mine:
            others = (one for one, *theirs in mine if one != area and _may_be(told, theirs))
            found.setdefault(area, {}).update(dict.fromkeys(others))
    return {area: tuple(others) for area, others in found.items() if others}


def unread_conditions(areas: pd.DataFrame) -> pd.Index:
    """Return the areas whose planning conditions are written and cannot be read."""
    least, most = (number_of(areas, name) for name in ("required_m2", "required_most_m2"))
    return areas.index[least < most]


def perhaps_phases(areas: pd.DataFrame) -> frozenset[str]:
    """Return the areas that may turn out to be phases of another, and then count with it as one.

    Of those that may be one the first counts for certain: the one that would lead them all, if it
    is known which that is (:func:`project_leads`).
    """
    if "project" not in areas:
        return frozenset()
    blank = _blank(areas) & areas["project"].notna()
    if not blank.any():
        return frozenset()
    mine = areas[(leads(areas) == areas.index) & of_projects(areas, areas.index[blank])]
    rank = dict(zip(mine.index, _ranks(mine), strict=True))
    found = set()
    for area, others in perhaps_together(mine).items():
        first = [_before(rank[area], rank[other]) for other in others]
        if not all(first):
            found.add(area)
    return frozenset(found)


def wandering(areas: pd.DataFrame) -> frozenset[str]:
    """Return the phases of projects of which it is not known whose unit they count in.

    The one with most households leads, of those that are not exempt: where some are blank, or it
    is open who is exempt, it may be another than is taken.
    """
    lead = leads(areas)
    phases = lead[lead != lead.index]
    if phases.empty:
        return frozenset()
    mine = areas[lead.isin(phases)]
    of = lead[mine.index]
    unknown = mine["counted"].isna()
    if "quota_exempt_perhaps" in mine:
        unknown |= mine["quota_exempt_perhaps"].astype(bool)
    unknown = unknown.groupby(of).transform("any")
    places = mine["unit"].astype(object).fillna("").groupby(of).transform("nunique")
    return frozenset(map(str, mine.index[unknown & (places > 1)]))


def of_projects(areas: pd.DataFrame, some: pd.Index) -> pd.Series:
    """Return which areas are of a project, by its id, that one of ``some`` is of too."""
    named = pd.Series(named_projects(areas), index=areas.index, dtype=object)
    return named.isin(set(named[named.index.isin(some)]) - {""})


def _ranks(areas: pd.DataFrame) -> list[tuple[bool, float, str, str]]:
    """Return what decides, of each area, whether it leads others: the least does."""
    counted, names = areas["counted"].astype(float), areas["name"].astype(str)
    return list(zip(_exempt(areas), -counted, names, map(str, areas.index), strict=True))


def _before(one: tuple[bool, float, str, str], other: tuple[bool, float, str, str]) -> bool:
    """Return whether one leads the other for certain: blank households may be any number."""
    known = not (math.isnan(one[1]) or math.isnan(other[1]))
    return one < other if known or one[0] != other[0] else False


def _exempt(areas: pd.DataFrame) -> pd.Series:
    if "quota_exempt" not in areas:
        return pd.Series(data=False, index=areas.index)
    return areas["quota_exempt"].astype(bool)


def perhaps_asked(tables: Tables) -> Tables | None:
    """Return what :func:`by_project` does if every phase is exempt that may be; None: none may.

    What is exempt asks for nothing, the leading phase and a whole project too.
    """
    areas = tables.areas
    if "quota_exempt_perhaps" not in areas or not areas["quota_exempt_perhaps"].any():
        return None
    asked = ~areas["quota_exempt_perhaps"].astype(bool)
    columns = {name: number_of(areas, name).where(asked, 0.0) for name in _SUMMED if name in areas}
    return by_project(dataclasses.replace(tables, areas=areas.assign(**columns)))


def leads(areas: pd.DataFrame) -> pd.Series:
    """Return the leading phase of every area; each its own where nothing is prepared."""
    if "lead" in areas:
        return areas["lead"]
    return pd.Series(areas.index, index=areas.index, dtype=object)


def homes(areas: pd.DataFrame) -> pd.Series:
    """Return whose account the rooms of every area are in (:func:`project_homes`)."""
    return areas["home"] if "home" in areas else leads(areas)


def by_project(tables: Tables) -> Tables:
    """Return the tables with one residential area a project: what the m² account is drawn up on.

    Households, people and typed requirements are summed (unknown if one phase's is; those of an
    exempt phase ask for nothing where another is judged; ``lacking``: which; ``counted_least``:
    households of those known). Of a phase without people its dwellings speak, where the people
    of another are given (A9); where the two contradict each other the people are between both
    (``planned_least``, ``planned_most``). Positions are the lead's, distances the nearest phase's;
    ``named`` are the m² that a record names for some phase at least, whatever it leaves unsaid of
    another; ``names`` holds the names of all phases, ``beside`` what is known of where the others
    are: unit, community, x and id of each. A phase that nobody lives in yet asks for nothing, and
    what stands there is the others'.
    """
    lead, home = leads(tables.areas), homes(tables.areas)
    if (home == home.index).all():
        return tables
    areas = tables.areas[home == home.index].copy()
    # where the lead is exempt every phase is, and the project stands as a whole
    asked = ~_exempt(tables.areas) | _exempt(tables.areas).reindex(lead).to_numpy()
    people = people_of_phases(tables.areas, tables.parameters.persons_per_household, lead, asked)
    for column in (*_SUMMED, *sorted(people.keys() - set(_SUMMED))):
        if column in tables.areas or column in people:
            value = people.get(column, number_of(tables.areas, column))[asked]
            total = value.groupby(lead[asked]).sum(min_count=1)
            gaps = value.isna().groupby(lead[asked]).any()
            areas[column] = total.mask(gaps).reindex(areas.index)
            if gaps.any():
                areas[lacking(column)] = first_lacking(value, lead[asked]).reindex(areas.index)
            if column == "counted":
                areas["counted_least"] = total.fillna(0.0).reindex(areas.index)
    for mark in map(unread, ("population", "population_planned")):
        if mark in areas:
            lost = tables.areas[mark].eq(other=True)[asked].groupby(lead[asked]).any()
            areas[mark] = lost.reindex(areas.index, fill_value=False)
    areas["names"] = tables.areas["name"].groupby(home).agg(tuple).reindex(areas.index)
    areas["beside"] = beside_leads(tables.areas, home).reindex(areas.index)
    near = tables.containment.assign(residential=tables.containment["residential"].map(home))
    sharing = tables.sharing.assign(
        residential=tables.sharing["residential"].map(home).fillna(tables.sharing["residential"]),
        m2=tables.sharing["m2"].astype(float),
    )
    likely = tables.likely.assign(
        residential=tables.likely["residential"].map(home).fillna(tables.likely["residential"])
    )
    pair = ["facility", "residential"]
    agreed = sharing.groupby(pair, sort=False, as_index=False)["m2"]
    return dataclasses.replace(
        tables,
        areas=areas,
        containment=near.groupby(pair, sort=False, as_index=False).min(),
        # of one phase named, of another not: what is named is agreed, and there may be more
        sharing=agreed.agg(lambda m2: m2.sum(skipna=False)).assign(named=agreed.sum()["m2"]),
        likely=likely.drop_duplicates(["facility", "written", "residential", "m2"]),
    )
