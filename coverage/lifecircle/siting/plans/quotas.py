"""Places and sizes for quotas of floor area, and the proof that they are worth what they say."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lifecircle.account.gaps import gaps
from lifecircle.case.built import with_built, with_records
from lifecircle.errors import SitingError
from lifecircle.measures.areas.provision import credited
from lifecircle.model.results.siting_plan import CurvePoint
from lifecircle.model.siting.provision import provision_task
from lifecircle.siting.plans.apart import cost_of, told_apart
from lifecircle.siting.plans.candidates import as_built
from lifecircle.siting.plans.question import cured, met
from lifecircle.siting.plans.records import planned_records
from lifecircle.siting.plans.sharing_out import shared_out
from lifecircle.siting.plans.shortage import Shortage, shortage_of
from lifecircle.siting.plans.telling import Share, called, of_projects, told_places
from lifecircle.siting.provision import Provision
from lifecircle.siting.search.sizing import in_hundredths

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lifecircle.case.bench import Bench
    from lifecircle.model.results.siting import ProvisionAnswer
    from lifecircle.model.results.siting_plan import Alternative, PlannedPlace, PlannedRecord
    from lifecircle.model.rules.options import ProvisionOptions
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.siting.provision import Offer
    from lifecircle.siting.plans.candidates import Candidate
    from lifecircle.siting.plans.question import Question

__all__ = ["Provided", "arranges", "plan_quota", "quotas_of"]

_ALTERNATIVES = 5
_CENT = 100
_PAYS = 0.1
"""A further place pays that serves this share of what the first served."""


@dataclass(frozen=True, slots=True)
class Provided:
    """A plan for quotas, proven; ``after`` is the bench with its places in use."""

    after: Bench
    answer: ProvisionAnswer
    places: tuple[PlannedPlace, ...]
    records: tuple[PlannedRecord, ...]
    deficits: dict[str, tuple[float | None, float | None]]
    area_by_area: tuple[int, float]
    alternatives: tuple[Alternative, ...]
    curve: tuple[CurvePoint, ...]
    found: Provision


def plan_quota(question: Question) -> Provided:
    """Choose places and sizes so that every deficit is met, and put them through the judgement.

    Raises
    ------
    SitingError
        The plan as judged differs from the plan as chosen.
    """
    wish = question.wish
    if wish.sites or wish.budget is not None:
        raise SitingError("quota_all", clause=wish.clause)
    rules = quotas_of(question)
    short = shortage_of(question, rules)
    question.offered.note("size_unknown", short.unsized)
    alone = _area_by_area(question, rules, short)
    found = _chosen(question, short, alone)
    question.offered.note("beyond_alone", found.beyond_alone)
    answer = found.answer
    given = _given(short, answer.sizes, answer.spare)
    built = _built(question, short, answer.sizes, given)
    records = planned_records(question, short, given)
    always = arranges(rules)
    after = question.bench.changed(
        facilities=with_built(question.study, as_built([one for one, _ in built], question.kind)),
        sharing=with_records(question.study.sharing, records),
        arranging=always,
    )
    left = _left(short, given)
    _prove(question, rules, after, short, left)
    places = _places(question, short, after, built, given, left)
    return Provided(
        after=after,
        answer=dataclasses.replace(
            answer,
            **_as_built(short, built, given),
            shares=tuple(sorted((a, p, m2 / _CENT) for (a, p), m2 in given.items())),
            unmet={area: m2 / _CENT for area, m2 in left.items() if m2 > 0},
        ),
        places=places,
        records=records,
        deficits=_deficits(question, short, left),
        area_by_area=(len(alone), math.fsum(alone.values())),
        alternatives=_alternatives(question, short, found, left),
        curve=_curve(places),
        found=found,
    )


def quotas_of(question: Question) -> dict[str, Rule[ProvisionOptions]]:
    """Return the quotas that a clause is, or speaks of."""
    rule: Rule[Any] = question.rule
    if rule.measure == "provision":
        return {rule.id: rule}
    return {name: question.bench.rules[name] for name in rule.options.about}  # type: ignore[misc]


def arranges(rules: Mapping[str, Rule[ProvisionOptions]]) -> bool:
    """Return whether the judgement itself arranges what is spare (A3)."""
    return any(rule.readings.get("A3") == "allocated" for rule in rules.values())


def _chosen(question: Question, short: Shortage, alone: Mapping[str, float]) -> Provision:
    offers = short.offers
    if question.wish.sites == 0:  # nothing is to be built: what is spare may be arranged
        offers = {name: one for name, one in offers.items() if one.existing}
    pairs = [pair for pair in short.pairs if pair[1] in offers]
    if not question.wish.cheapest:
        task = provision_task(short.deficit, offers, pairs)
        return Provision(task, question.watch, remedies=alone)
    unpriced = {one.id for one in question.candidates if one.cost(0.0) is None} & offers.keys()
    question.offered.note("price_missing", unpriced)
    task = provision_task(short.deficit, _priced(short, offers, unpriced), pairs)
    return Provision(task, question.watch, count_first=False)


def _priced(short: Shortage, offers: Mapping[str, Offer], unpriced: set[str]) -> dict[str, Offer]:
    """Return the offers with places of unknown cost dearer than all the others together."""
    most = sum(short.deficit.values())
    whole = sum(
        one.fixed + one.per_m2 * min(one.most_m2, most + one.least_m2)
        for name, one in offers.items()
        if name not in unpriced
    )
    return {
        name: dataclasses.replace(one, fixed=whole + 1.0) if name in unpriced else one
        for name, one in offers.items()
    }


def _given(
    short: Shortage, sizes: Mapping[str, float], spare: Mapping[str, float]
) -> dict[tuple[str, str], int]:
    """Return area and site → hundredths of an m²: what the chosen sizes can serve."""
    whole = dict(spare)
    for site, m2 in sizes.items():
        offer = short.offers[site]
        whole[site] = min(m2 + offer.standing_m2, offer.most_m2)
    lacks = {area: round(m2 * _CENT) for area, m2 in short.deficit.items()}
    # sizes carry the solver's last digits; none is larger than offered
    gives = {
        site: min(math.ceil(m2 * _CENT - 1e-2), _cents(short.offers[site].most_m2))
        for site, m2 in whole.items()
    }
    return shared_out(lacks, gives, short.pairs)


def _cents(m2: float) -> int:
    return 2**31 - 1 if math.isinf(m2) else round(m2 * _CENT)


def _size(offer: Offer, given: int) -> float:
    """Return the m² of a place that gives so much: no smaller than the least."""
    return max(given / _CENT, offer.least_m2, offer.standing_m2)


def _built(
    question: Question,
    short: Shortage,
    sizes: Mapping[str, float],
    given: Mapping[tuple[str, str], int],
) -> list[tuple[Candidate, float]]:
    """Return the candidates as they are built, each as large as planned, and its m² to build."""
    by_id = {one.id: one for one in question.candidates}
    total: dict[str, int] = {}
    for (_, site), m2 in given.items():
        total[site] = total.get(site, 0) + m2
    found = []
    for site in sizes:
        if not total.get(site):
            continue
        one, offer = by_id[site], short.offers[site]
        size = _size(offer, total[site])
        more = size - offer.standing_m2 if one.nature == "expand" else size
        found.append((dataclasses.replace(one, floor_area_m2=more), more))
    return found


def _as_built(
    short: Shortage, built: list[tuple[Candidate, float]], given: Mapping[tuple[str, str], int]
) -> dict[str, Any]:
    """Return what an answer says of its places, as they are built: whole hundredths of an m²."""
    total: dict[str, int] = {}
    for (_, site), m2 in sorted(given.items()):
        total[site] = total.get(site, 0) + m2
    sizes = {}
    for one, _ in built:  # what stands need not be built
        offer = short.offers[one.id]
        sizes[one.id] = in_hundredths(_size(offer, total[one.id]) - offer.standing_m2)
    return {
        "sizes": dict(sorted(sizes.items())),
        "spare": {s: m2 / _CENT for s, m2 in total.items() if short.offers[s].existing},
        "places": len(sizes),
        "m2": in_hundredths(math.fsum(sizes.values())),
    }


def _left(short: Shortage, given: Mapping[tuple[str, str], int]) -> dict[str, int]:
    """Return what stays unmet of every deficit, hundredths of an m²."""
    left = {area: round(m2 * _CENT) for area, m2 in short.deficit.items()}
    for (area, _), m2 in given.items():
        left[area] -= m2
    return left


def _prove(
    question: Question,
    rules: Mapping[str, Rule[ProvisionOptions]],
    after: Bench,
    short: Shortage,
    left: Mapping[str, int],
) -> None:
    """Hold the plan to the judgement: who is met, by how much others are short, nobody worse.

    Raises
    ------
    SitingError
        They differ.
    """
    clause = question.wish.clause
    old, new = met(question.bench, clause), met(after, clause)
    wrong = [area for area, fine in old.items() if fine and not new[area]]
    frame = after.account.frame
    for area in question.areas:
        lead = str(short.lead[area])
        if lead not in left:
            continue
        if new[area] != (left[lead] == 0):
            wrong.append(area)
            continue
        for name, rule in rules.items():
            if (
                left[lead]
                and (lead, name) in frame.index
                and rule.readings.get("A3") != "allocated"
            ):
                row = frame.loc[[(lead, name)]]
                lacks = float((row["required_high"] - credited(row, rule)["low"]).iloc[0])
                if abs(lacks - left[lead] / _CENT) > 2 / _CENT:
                    wrong.append(area)
    if wrong:
        names = sorted(set(wrong))
        raise SitingError("proof", clause=clause, names=names, count=len(names))


def _places(
    question: Question,
    short: Shortage,
    after: Bench,
    built: list[tuple[Candidate, float]],
    given: Mapping[tuple[str, str], int],
    left: Mapping[str, int],
) -> tuple[PlannedPlace, ...]:
    """Return the places in the order of building: whoever has most households met goes first."""
    shares: dict[str, list[Share]] = {}
    for (area, site), m2 in sorted(given.items()):
        own = short.homes.get(site) == area
        cost = None if own else short.pairs[area, site]
        shares.setdefault(site, []).append(Share(area, m2 / _CENT, cost))
    weights = _weights(question, short, question.areas)
    fine = {area for area, m2 in left.items() if m2 == 0}
    order = _order([one for one, _ in built], shares, weights, fine, given)
    size = {one.id: m2 for one, m2 in built}
    by_id = {one.id: one for one in question.candidates}
    met_then = cured(after, question.wish.clause, question.areas)
    names = called(short.deficit, short.lead, question.areas, met_then)
    for name in order:
        shares[name] = [dataclasses.replace(one, area=names[one.area]) for one in shares[name]]
    return told_places(
        [(by_id[name], size[name], shares[name]) for name in order],
        of_projects(question.bench),
        {names[lead]: weight for lead, weight in _weights(question, short, met_then).items()},
        kind=question.kind,
        crs=question.study.crs,
        gained={names[lead] for lead in fine} & met_then,
        by_m2=True,
    )


def _weights(question: Question, short: Shortage, areas: Iterable[str]) -> dict[str, float]:
    """Return the weight of each project: what those of its phases weigh that are given."""
    weights = dict.fromkeys(short.deficit, 0.0)
    for area in areas:
        lead = str(short.lead[area])
        if lead in weights:
            weights[lead] += question.weights[area]
    return weights


def _order(
    built: list[Candidate],
    shares: Mapping[str, list[Share]],
    weights: Mapping[str, float],
    fine: set[str],
    given: Mapping[tuple[str, str], int],
) -> list[str]:
    """Return places so that each next one completes most weight, then gives most m²."""
    todo = {one.id for one in built}
    waits: dict[str, set[str]] = {area: set() for area in fine}
    for area, site in given:
        if area in waits and site in todo:
            waits[area].add(site)
    order = []
    while todo:

        def gain(name: str) -> tuple[float, float, str]:
            whole = [s.area for s in shares[name] if waits.get(s.area) == {name}]
            m2 = sum(share.m2 or 0.0 for share in shares[name])
            return (-sum(weights[area] for area in whole), -m2, name)

        name = min(todo, key=gain)
        todo.remove(name)
        for share in shares[name]:
            waits.get(share.area, set()).discard(name)
        order.append(name)
    return order


def _deficits(
    question: Question, short: Shortage, left: Mapping[str, int]
) -> dict[str, tuple[float | None, float | None]]:
    found: dict[str, tuple[float | None, float | None]] = {}
    for area in question.areas:
        lead = str(short.lead[area])
        known = lead in left
        found[area] = (short.deficit[lead], left[lead] / _CENT) if known else (None, None)
    return found


def _area_by_area(
    question: Question, rules: Mapping[str, Rule[ProvisionOptions]], short: Shortage
) -> dict[str, float]:
    """Return area → m², if every short area built the least that cures it alone."""
    frame = question.bench.account.frame
    m2: dict[str, float] = {}
    for name, rule in rules.items():
        rows = frame[frame.index.get_level_values("clause") == name]
        rows = rows[rows.index.get_level_values("id").isin(list(short.deficit))]
        # what cures for certain: at most what is asked, in places that count whatever is asked
        alone = rows.assign(required_low=rows["required_high"], least_place=rows["minimum"])
        for (area, _), least in gaps(alone, credited(rows, rule)["low"]).items():
            whole = math.ceil(float(least) * _CENT - 1e-6) / _CENT  # as deficits are
            m2[str(area)] = max(m2.get(str(area), 0.0), whole)
    return m2


def _alternatives(
    question: Question, short: Shortage, found: Provision, left: Mapping[str, int]
) -> tuple[Alternative, ...]:
    """Return the next best plans that meet as much, the best first; shared out as the plan is."""
    if question.watch.stop:
        return ()
    here = _cured(question, short, left)
    told = []
    for one in found.others(_ALTERNATIVES):
        given = _given(short, one.sizes, one.spare)
        cost = cost_of(_built(question, short, one.sizes, given))
        met_there = _cured(question, short, _left(short, given))
        told.append(
            told_apart(one.m2, one.sites, found.answer.sizes, cost=cost, met=(met_there, here))
        )
    return tuple(told)


def _cured(question: Question, short: Shortage, left: Mapping[str, int]) -> list[str]:
    """Return the areas planned for of which nothing stays unmet; a phase has its project's."""
    return [area for area in question.areas if left.get(str(short.lead[area])) == 0]


def _curve(places: tuple[PlannedPlace, ...]) -> tuple[CurvePoint, ...]:
    """Return the m² that the first places serve, in the order of building."""
    curve: list[CurvePoint] = []
    total = 0.0
    for count, place in enumerate(places, start=1):
        gain = float(sum(one.m2 or 0.0 for one in place.serves))
        total += gain
        pays = not curve or gain >= _PAYS * curve[0].gain
        curve.append(CurvePoint(count, total, gain, proven=False, pays=pays))
    return tuple(curve)
