"""What is short of m², and who could give: the task of a quota plan.

An area counts as served by a place where the account would credit it: as its own where it is the
place's home, else by a record, for areas that may take, within the sharing radius, from a place of
the single minimum. The account itself is asked whose a place would be.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.account.ownership import ownership
from lifecircle.account.terms import sharing_radius
from lifecircle.counting.projects import by_project, leads
from lifecircle.measures.areas.provision import credited
from lifecircle.model.finding import meets
from lifecircle.model.siting.provision import Offer
from lifecircle.siting.plans.candidates import YUAN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lifecircle.account.ownership import Ownership
    from lifecircle.model.rules.options import ProvisionOptions
    from lifecircle.model.rules.rule import Rule
    from lifecircle.siting.plans.candidates import Candidate
    from lifecircle.siting.plans.question import Question

__all__ = ["SPARE", "Shortage", "shortage_of"]

SPARE = "spare of "
"""What the spare m² of a place in use are called among the sites of a task, before its id."""
_CENT = 100.0
_NEW_LAND = 2
"""A place on land that nobody offered counts as so many: what stands empty goes first."""


@dataclass(slots=True)
class Shortage:
    """What is short, and what is offered.

    Parameters
    ----------
    lead
        Area → the phase that has its project's account.
    deficit
        Lead → m² that must yet earn credit for certain, whole hundredths.
    unsized
        Leads whose requirement is not known.
    offers
        Site → what it can give: a candidate's id, or :data:`SPARE` and a facility's.
    pairs
        Area and site → straight line, metres.
    homes
        Candidate's facility → the area whose own its rooms would be.
    alone
        Rooms for one area alone that are its own where they stand.
    kept
        Facility in use → its records as they must stand beside those of a plan.
    radius
        Clause → how far m² may be shared, metres.
    """

    lead: pd.Series
    deficit: dict[str, float] = field(default_factory=dict)
    unsized: list[str] = field(default_factory=list)
    offers: dict[str, Offer] = field(default_factory=dict)
    pairs: dict[tuple[str, str], float] = field(default_factory=dict)
    homes: dict[str, str] = field(default_factory=dict)
    alone: set[str] = field(default_factory=set)
    kept: dict[str, list[tuple[str, float | None]]] = field(default_factory=dict)
    radius: dict[str, float] = field(default_factory=dict)


def shortage_of(question: Question, rules: Mapping[str, Rule[ProvisionOptions]]) -> Shortage:
    """Return what is short under some quotas, and who could give how much to whom."""
    bench = question.bench
    found = Shortage(leads(bench.bare.areas))
    areas = list(dict.fromkeys(str(found.lead[area]) for area in question.areas))
    terms = _terms(question, rules, areas)
    for area in areas:
        need = float(terms.rows.loc[[area], "need"].max())
        if math.isinf(need) or math.isnan(need):
            found.unsized.append(area)
        else:
            found.deficit[area] = math.ceil(need * _CENT - 1e-6) / _CENT
    found.radius = terms.radius
    within = _within(question, terms, list(found.deficit))
    look = _Lookup(terms, within, _owned_by(question, within))
    _from_candidates(question, found, look)
    _from_spare(question, found, look)
    return found


@dataclass(frozen=True, slots=True)
class _Terms:
    """``rows``: by area, ``clause``, ``need``, ``minimum``; ``taking``: areas that may share."""

    rows: pd.DataFrame
    taking: frozenset[str]
    radius: dict[str, float]


def _terms(
    question: Question, rules: Mapping[str, Rule[ProvisionOptions]], areas: list[str]
) -> _Terms:
    bench, prepared = question.bench, question.bench.prepared
    frame = bench.account.frame
    wanted = set(areas)
    keys = [key for key in frame.index if key[0] in wanted and key[1] in rules]
    rows = frame.loc[keys].copy()
    low = pd.Series(0.0, rows.index)
    for name, rule in rules.items():
        mine = rows.index.get_level_values("clause") == name
        low[mine] = credited(rows[mine], rule)["low"]
    rows["need"] = (rows["required_high"] - low).clip(lower=0.0)
    rows = rows.reset_index("clause")[["clause", "need", "minimum"]]
    several = set(rows.index[rows.index.duplicated()])
    own_only = {name for name, rule in rules.items() if rule.readings.get("A3") == "own"}
    taking = {
        str(area)
        for area, clause in prepared.taking["clause"].items()
        if clause in rules and clause not in own_only and area not in several
    }
    tables = prepared.tables
    note = tables.parameters.recorded_sharing_note_m
    radius = {}
    for name, rule in rules.items():
        asked = sharing_radius(rule, tables)
        limit = prepared.limits.get(name, math.inf)
        radius[name] = min(limit, asked) if asked is not None else min(limit, note)
    return _Terms(rows, frozenset(taking), radius)


def _within(question: Question, terms: _Terms, areas: list[str]) -> pd.DataFrame:
    """Return pairs of facility and short area within the sharing radius, straight line."""
    pairs = by_project(question.whole.bare).containment
    pairs = pairs[pairs["residential"].isin(areas)]
    reach = terms.rows["clause"].map(terms.radius).groupby(level=0).min()
    radius = pairs["residential"].map(reach).astype(float)
    close = np.asarray(meets(pairs["straight_m"], "<=", radius))
    return pairs.loc[close, ["facility", "residential", "straight_m"]].reset_index(drop=True)


def _owned_by(question: Question, within: pd.DataFrame) -> Ownership:
    """Return whose all places would be if each had a record of every area that it may serve.

    Rooms for one area alone have none: they are where they stand.
    """
    tables, pair = by_project(question.whole.bare), ["facility", "residential"]
    fresh = {one.facility for one in question.candidates if one.nature != "expand"}
    givers = fresh | set(_givers(question))
    alone = {one.facility for one in question.candidates if one.only is not None}
    alone -= set(map(str, unassigned(question).loc[lambda left: left > 0].index))
    now = question.bench.prepared.whose.own
    parts = [
        tables.sharing[~tables.sharing["facility"].isin(fresh)],
        now.loc[now["facility"].isin(givers - fresh), pair].assign(m2=np.nan),
        within.loc[within["facility"].isin(givers - alone), pair].assign(m2=np.nan),
    ]
    records = pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)
    records = records.drop_duplicates(pair).reset_index(drop=True)
    changed = dataclasses.replace(tables, sharing=records)
    return ownership(changed, question.bench.prepared.pooling)


def unassigned(question: Question) -> pd.Series:
    """Return the m² by facility that neither its own area needs nor a record names."""
    left = question.bench.account.unassigned
    return pd.Series(dtype=float) if left is None else left


def _givers(question: Question) -> Iterable[str]:
    """Return the facilities in use that have m² to share, or offer more."""
    left = unassigned(question)
    larger = [one.facility for one in question.candidates if one.nature == "expand"]
    return [*map(str, left.index[left > 0]), *larger]


class _Lookup:
    """Pairs, homes and minimums, looked up place by place."""

    def __init__(self, terms: _Terms, within: pd.DataFrame, owned: Ownership) -> None:
        self.terms = terms
        self.near: dict[str, list[tuple[str, float]]] = {}
        for place, area, far in within.itertuples(index=False):
            self.near.setdefault(str(place), []).append((str(area), float(far)))
        sure = owned.own[owned.own["sure"].astype(bool)]
        self.own = sure.groupby("facility")["residential"].agg(frozenset).to_dict()
        table = owned.recorded
        self.recorded = set(zip(table["facility"], table["residential"], strict=True))
        self.minimum = terms.rows["minimum"].groupby(level=0).max().to_dict()

    def served(self, place: str) -> dict[str, float]:
        """Return area → metres, of the areas that the account would credit the place to."""
        home = self.own.get(place, frozenset())
        return {
            area: far
            for area, far in self.near.get(place, ())
            if area in home or (area in self.terms.taking and (place, area) in self.recorded)
        }


def _from_candidates(question: Question, found: Shortage, look: _Lookup) -> None:
    """Enter what the candidates offer, and tell of those that cannot give anything."""
    unknown, small = [], []
    for one in question.candidates:
        home, served = _whose(one, found, look)
        if not served:
            continue
        most = _most(one)
        if most is None:
            unknown.append(one.id)
            continue
        counts_now = one.nature == "expand" and _counts_now(question, one, served, look)
        whole = most + one.standing_m2 if one.nature == "expand" else most
        fit = {a: far for a, far in served.items() if meets(look.minimum[a], "<=", whole)}
        if not fit:
            small.append(one.id)
            continue
        least = max(look.minimum[area] for area in fit)
        found.offers[one.id] = _offer(one, most, least, counts_now=counts_now)
        found.pairs |= {(area, one.id): far for area, far in fit.items()}
        for area in home & fit.keys():
            found.homes[one.facility] = area
        if one.nature == "expand":
            found.kept[one.facility] = _kept(question, one.facility, found, counts_now=counts_now)
    question.offered.note("offer_unknown", unknown)
    question.offered.note("below_minimum", small)


def _whose(
    one: Candidate, found: Shortage, look: _Lookup
) -> tuple[frozenset[str], dict[str, float]]:
    """Return whose own a place's rooms would be, and area → metres of all that it may serve."""
    home = look.own.get(one.facility, frozenset())
    if one.only is None:
        return home, look.served(one.facility)
    if one.only in home:  # else another area's plot covers the point: a record says whose
        found.alone.add(one.facility)
    mine = frozenset({one.only} & found.deficit.keys())
    return mine, dict.fromkeys(mine, 0.0)


def _most(one: Candidate) -> float | None:
    """Return the m² that a candidate offers at most; None where nothing is said of it."""
    if one.only is not None or one.source == "streets":
        return math.inf
    offered = one.standing_m2 if one.nature == "reuse" else one.floor_area_m2
    return None if offered is None else math.floor(offered * _CENT + 1e-6) / _CENT


def _counts_now(
    question: Question, one: Candidate, served: dict[str, float], look: _Lookup
) -> bool:
    """Return whether a facility's own m² count as they stand: only what is added is new then."""
    places = question.bench.prepared.places
    mine = places[places["facility"] == one.facility]
    if len(mine):
        return bool(mine["credited_low"].all())
    return all(meets(one.standing_m2, ">=", look.minimum[area]) for area in served)


def _offer(one: Candidate, most: float, least: float, *, counts_now: bool) -> Offer:
    fixed, per_m2 = one.price or 0.0, (one.per_m2 or 0.0) / YUAN
    new_land = one.source in {"residential", "streets"}
    if one.nature == "expand" and counts_now:
        least, stands = max(0.0, least - one.standing_m2), 0.0
    elif one.nature == "expand":
        stands = math.floor(one.standing_m2 * _CENT) / _CENT
        most += stands
    else:
        stands = most if one.nature == "reuse" else 0.0
    counts = _NEW_LAND if new_land else 1
    return Offer(most, least, fixed, per_m2, standing_m2=stands, counts=counts)


def _from_spare(question: Question, found: Shortage, look: _Lookup) -> None:
    """Enter the spare m² of places in use that a record could give to others."""
    bench = question.bench
    if any(rule.readings.get("A3") == "allocated" for rule in bench.rules.of("provision")):
        return  # the judgement has arranged them already
    left, facts = unassigned(question), bench.prepared.tables.facilities
    site = facts["site"].where(facts["site"].notna(), facts.index.to_series())
    whole = facts["quota_m2_low"].groupby(site).transform("sum")
    now = bench.prepared.whose.own.groupby("facility")["residential"].agg(frozenset).to_dict()
    for place in map(str, left.index[left > 0]):
        m2 = math.floor(float(left[place]) * _CENT + 1e-6) / _CENT
        owners = now.get(place, frozenset())
        if m2 <= 0 or owners != look.own.get(place, frozenset()):
            continue  # a record for others would take its rooms from their own area
        served = {
            area: far
            for area, far in look.served(place).items()
            if area not in owners and meets(look.minimum[area], "<=", float(whole[place]))
        }
        if not served:
            continue
        found.offers[SPARE + place] = Offer(m2, existing=True)
        found.pairs |= {(area, SPARE + place): far for area, far in served.items()}
        if place not in found.kept:
            found.kept[place] = _kept(question, place, found, counts_now=True)


def _kept(
    question: Question, place: str, found: Shortage, *, counts_now: bool
) -> list[tuple[str, float | None]]:
    """Return the records that a facility in use has, or needs so that its area keeps its rooms."""
    raw = question.study.sharing
    mine = raw[raw["facility"] == place]
    records = [
        (str(area), None if pd.isna(m2) else float(m2))
        for area, m2 in zip(mine["residential"], mine["m2"], strict=True)
    ]
    named = {str(found.lead.get(area, area)) for area, _ in records}
    own = question.bench.prepared.own
    own = own[own["facility"] == place].groupby("residential")["m2"].max()
    owners = question.bench.prepared.whose.own
    for area in owners.loc[owners["facility"] == place, "residential"]:
        if area in named:
            continue
        # a short area has all of it; it must not take what is planned for others
        used = float(own.get(area, 0.0)) if counts_now else 0.0
        records.append((str(area), used if area in found.deficit else None))
    return records
