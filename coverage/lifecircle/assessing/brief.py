"""The brief: what fails and by how much, the worst places, what is not known, what it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lifecircle.assessing.accounts import known_accounts
from lifecircle.model.cell import listed, text_or_none
from lifecircle.model.dictionary import kinds
from lifecircle.model.finding import meets
from lifecircle.model.reason import SHORT_AT_LEAST, Reason, ReasonCode
from lifecircle.model.results.counted.brief import (
    SUMMABLE,
    Applied,
    Brief,
    ClassCount,
    KindCount,
    MissingData,
    NamedSite,
    Needed,
    PlannedWork,
    Present,
    Shortfall,
)
from lifecircle.model.results.counted.references import asked_of_nobody
from lifecircle.model.rules.measures import MEASURES
from lifecircle.model.status import AgeClass, Flag, Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from lifecircle.model.results.assessment import ClauseResult
    from lifecircle.model.results.siting_plan import SitingPlan

__all__ = ["brief_of"]

_WORST = 5
_ONE_BY_ONE = ("areas", "units", "facilities")
"""Bases of a rate that counts subjects."""


def brief_of(
    results: Sequence[ClauseResult],
    findings: pd.DataFrame,
    layers: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame],
    least: Mapping[str, float],
    plan: SitingPlan | None = None,
    lead: Mapping[str, str] | None = None,
) -> Brief:
    """Return what one page says of a result.

    Parameters
    ----------
    results
        Every clause; reference checks and clauses that repeat another's fact are left out.
    findings
        Columns of ``FINDING_COLUMNS``.
    layers
        Residential areas, facilities and candidate sites.
    least
        Area → the smallest single place that counts, m².
    plan
        Whose places are taken as built.
    lead
        Area → the phase whose account it shares: what a project lacks, it lacks once.
    """
    asked = [c for c in results if Flag.REFERENCE not in c.flags and not c.repeated]
    residential, facilities, sites = layers
    judged = ~residential.index.astype(str).isin(asked_of_nobody(results, findings))
    return Brief(
        present=_present(residential, facilities),
        applied=tuple(_applied(clause) for clause in asked),
        shortfalls=_shortfalls(asked, findings, lead or {}),
        worst=_worst(residential),
        missing=_missing(asked, findings),
        needed=_needed(residential[judged], least, _undecided(asked, findings, lead or {})),
        sites=_named(residential["remedy"], sites.index),
        planned=None if plan is None else _planned(plan),
    )


def _present(areas: pd.DataFrame, facilities: pd.DataFrame) -> Present:
    households = areas["households"].to_numpy(dtype=float)
    counting = (
        (facilities["reach_counts"] == "yes") | (facilities["quota_counts"] == "yes")
    ).to_numpy(dtype=bool)
    return Present(
        areas=len(areas),
        households=_sum(areas["households"]),
        without_households=int(np.isnan(households).sum()),
        population=_sum(areas["population"]),
        elders=_sum(areas["elders"]),
        classes=_classes(areas["age_class"], areas["households"].astype(float)),
        facilities=len(facilities),
        counting=int(counting.sum()),
        floor_area_m2=_sum(facilities["floor_area_m2"]),
        beds=_sum(facilities["beds"]),
        kinds=_kinds(facilities["kinds"], counting),
    )


def _sum(values: pd.Series) -> float | None:
    known = _known(values)
    return float(known.sum()) if len(known) else None


def _classes(column: pd.Series, households: pd.Series) -> tuple[ClassCount, ...]:
    told = np.array([text_or_none(one) or "" for one in column], dtype=object)
    order = [str(one) for one in AgeClass]
    found = [*order, *sorted(set(told) - {*order, ""}), ""]
    return tuple(_class(one, households[told == one]) for one in found if (told == one).any())


def _class(name: str, households: pd.Series) -> ClassCount:
    return ClassCount(name, len(households), _sum(households), int(households.isna().sum()))


def _kinds(column: pd.Series, counting: Any) -> tuple[KindCount, ...]:
    counted: dict[str, list[int]] = {}
    for joined, counts in zip(column, counting, strict=True):
        text = text_or_none(joined)
        for kind in listed(text) if text else ("",):
            both = counted.setdefault(kind, [0, 0])
            both[0], both[1] = both[0] + 1, both[1] + int(counts)
    order = [kind for kind in kinds() if kind in counted]
    rest = sorted(counted.keys() - {*order, ""})
    last = [""] if "" in counted else []
    return tuple(KindCount(kind, *counted[kind]) for kind in (*order, *rest, *last))


def _applied(clause: ClauseResult) -> Applied:
    aside = {Status.NOT_APPLICABLE, Status.NOT_IN_FORCE}
    counts = (n for status, n in clause.counts.items() if Status(status) not in aside)
    return Applied(clause.standard, clause.id, sum(counts))


def _shortfalls(
    asked: Sequence[ClauseResult], findings: pd.DataFrame, lead: Mapping[str, str]
) -> tuple[Shortfall, ...]:
    missed = findings[(findings["status"].astype(str) == str(Status.DEFICIENT)).to_numpy()]
    groups = dict(iter(missed.groupby(["standard", "clause"], sort=False)))
    found = []
    for clause in asked:
        if clause.status is not Status.DEFICIENT:
            continue
        rows = groups.get((clause.standard, clause.id))
        if rows is not None and (spec := MEASURES.get(clause.measure)) and spec.per_project:
            rows = rows[~rows["id"].map(lambda one: lead.get(one, one)).duplicated()]
        unit = "" if rows is None else str(rows["unit"].iloc[0])
        deficits = np.empty(0) if rows is None or not unit else _known(rows["deficit"])
        found.append(
            Shortfall(
                standard=clause.standard,
                clause=clause.id,
                subjects=0 if rows is None else len(rows),
                unit=unit,
                total=float(deficits.sum()) if len(deficits) and unit in SUMMABLE else None,
                largest=float(deficits.max()) if len(deficits) else None,
                least=_least(clause) if rows is None else None,
                at_least=rows is not None and any(map(_at_least, rows["reason"])),
            )
        )
    return tuple(found)


def _at_least(reason: Any) -> bool:
    return isinstance(reason, Reason) and reason.code in SHORT_AT_LEAST


def _least(clause: ClauseResult) -> int | None:
    """Return how many subjects will miss a clause for which none does for certain."""
    rate = clause.official
    if rate is None or rate.high is None or rate.basis not in _ONE_BY_ONE:
        return None
    return max(1, round((1.0 - rate.high) * (rate.denominator + rate.not_assessed)))


def _known(values: pd.Series) -> Any:
    figures = values.to_numpy(dtype=float)
    return figures[np.isfinite(figures)]


def _worst(residential: pd.DataFrame) -> tuple[str, ...]:
    missed = residential[(residential["verdict"].astype(str) == str(Status.DEFICIENT)).to_numpy()]
    order = missed.assign(
        _m2=-missed["deficit_m2"].astype(float).fillna(0.0),
        _households=-missed["households"].astype(float).fillna(0.0),
        _id=missed.index.astype(str),
    ).sort_values(["_m2", "_households", "_id"])
    return tuple(map(str, order.index[:_WORST]))


def _missing(asked: Sequence[ClauseResult], findings: pd.DataFrame) -> tuple[MissingData, ...]:
    place = {(c.standard, c.id): number for number, c in enumerate(asked)}
    open_ = findings[(findings["status"].astype(str) == str(Status.NOT_ASSESSED)).to_numpy()]
    subjects: dict[tuple[str, str], set[str]] = {}
    clauses: dict[tuple[str, str], set[int]] = {}
    columns = ["standard", "clause", "layer", "id", "reason"]
    for standard, clause, layer, name, reason in open_[columns].itertuples(index=False):
        number = place.get((standard, clause))
        if number is None:
            continue
        key = (str(layer), str(reason.code) if isinstance(reason, Reason) else "")
        # the county is one subject of each clause: what is counted of it are its clauses
        subjects.setdefault(key, set()).add(str(clause if layer == "county" else name))
        clauses.setdefault(key, set()).add(number)
    told = {(str(s), str(c)) for s, c in open_[["standard", "clause"]].itertuples(index=False)}
    for number, clause in enumerate(asked):  # those of which no finding says what is missing
        silent = clause.status is Status.NOT_ASSESSED and clause.said is not None
        silent = silent and not clause.at_most
        if silent and (clause.standard, clause.id) not in told:
            key = ("county", str(clause.said.code) if clause.said else "")
            subjects.setdefault(key, set()).add(str(clause.id))
            clauses.setdefault(key, set()).add(number)
    found = [
        MissingData(
            layer=layer,
            code=code,
            clauses=tuple(dict.fromkeys(asked[n].id for n in sorted(clauses[layer, code]))),
            subjects=len(names),
        )
        for (layer, code), names in subjects.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.subjects, one.layer, one.code)))


def _undecided(
    asked: Sequence[ClauseResult], findings: pd.DataFrame, lead: Mapping[str, str]
) -> set[str]:
    """Return the areas, the leading phase of a project, of which a quota is not decided."""
    quotas = {(c.standard, c.id) for c in asked if c.measure == "provision"}
    open_ = findings[(findings["status"].astype(str) == str(Status.NOT_ASSESSED)).to_numpy()]
    rows = open_[["standard", "clause", "id"]].astype(str).itertuples(index=False)
    return {lead.get(one.id, one.id) for one in rows if (one.standard, one.clause) in quotas}


def _needed(residential: pd.DataFrame, least: Mapping[str, float], undecided: set[str]) -> Needed:
    deficient = residential["verdict"].astype(str) == str(Status.DEFICIENT)
    short = meets(residential["deficit_m2"].astype(float), ">", 0.0)
    rows = residential[np.asarray(deficient & short, dtype=bool)]
    lacking = rows["deficit_m2"].to_numpy(dtype=float)
    after = rows["deficit_if_arranged_m2"].astype(float).fillna(rows["deficit_m2"]).to_numpy()
    left = np.asarray(meets(after, ">", 0.0), dtype=bool)
    single = np.array([least.get(str(area), 0.0) for area in rows.index], dtype=float)
    return Needed(
        areas=len(rows),
        m2=float(lacking.sum()),
        arranged_areas=int((~left).sum()),
        arranged_m2=float((lacking - after).sum()),
        build_areas=int(left.sum()),
        build_m2=float(after[left].sum()),
        places_m2=float(np.maximum(after, single)[left].sum()),
        at_least=not known_accounts(rows).all(),
        undecided=len(undecided - set(map(str, rows.index))),
    )


def _named(remedies: pd.Series, sites: pd.Index) -> tuple[NamedSite, ...]:
    """Return the sites that a remedy says to convert, each with all m² it is named for."""
    m2: dict[str, float] = {}
    for remedy in remedies:
        if isinstance(remedy, Reason) and remedy.code == ReasonCode.REMEDY_CONVERT:
            site = str(remedy.params["site"])
            m2[site] = m2.get(site, 0.0) + float(remedy.params["deficit_m2"])
    return tuple(NamedSite(site, m2[site]) for site in map(str, sites) if site in m2)


def _planned(plan: SitingPlan) -> PlannedWork:
    sizes = [place.size_m2 for place in plan.places if place.size_m2 is not None]
    gained = {area for place in plan.places for area in place.gains}
    return PlannedWork(len(plan.places), float(sum(sizes)) if sizes else None, len(gained))
