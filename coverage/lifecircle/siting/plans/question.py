"""What is asked: which clause of which study, for whom, of what weight, with which candidates."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from lifecircle.case.bench import open_bench
from lifecircle.case.case import open_case
from lifecircle.counting.projects import leads
from lifecircle.errors import SitingError, UnknownNameError
from lifecircle.judge.decision import decide
from lifecircle.model.problem.round_figures import round_figures
from lifecircle.model.reason import PERHAPS_EXEMPT, Reason
from lifecircle.model.results.siting_plan import WEIGHTS
from lifecircle.model.status import StageView, Status
from lifecircle.siting.plans.candidates import Offered, candidates_of, kind_for
from lifecircle.siting.plans.generating import own_plots, street_positions
from lifecircle.siting.plans.ground import laid
from lifecircle.standards import read_standard

if TYPE_CHECKING:
    from lifecircle.case.bench import Bench
    from lifecircle.model.inputs.study import Study
    from lifecircle.model.rules.options import Options
    from lifecircle.model.rules.rule import Rule
    from lifecircle.siting.plans.candidates import Candidate
    from lifecircle.siting.search.effort import Watch

__all__ = ["Question", "Wish", "by_m2", "cured", "met", "perhaps_exempt", "pose", "status_of"]

_WEIGHT_COLUMNS = {"households": "counted", "population": "population", "elders": "elders"}
_MEASURES = ("radius", "walk")


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asks, as :func:`lifecircle.siting.planning.site` has it."""

    clause: str
    sites: int | None = None
    budget: float | None = None
    model: str | None = None
    weight: str = "households"
    kind: str | None = None
    standard: str | None = None
    view: StageView | str = StageView.NOW
    include_undecided: bool = False
    cheapest: bool = False
    generate: bool = False
    close: bool = False


@dataclass(slots=True)
class Question:
    """A wish, put to a study.

    Parameters
    ----------
    kind
        That is planned.
    whole
        The bench with every candidate in use.
    areas
        Planned for; ``weights`` are theirs, ``unweighted`` those whose weight is missing.
    """

    wish: Wish
    study: Study
    bench: Bench
    rule: Rule[Options]
    kind: str
    offered: Offered
    whole: Bench
    areas: list[str]
    weights: dict[str, float]
    unweighted: tuple[str, ...] = ()
    watch: Watch = field(kw_only=True)

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """Where something can be built, in the order of their ids."""
        return self.offered.candidates

    @property
    def everybody(self) -> list[str]:
        """Areas that the clause is about: those judged, and those 待核实 where asked for."""
        told = {str(Status.COMPLIANT), str(Status.DEFICIENT)}
        found = status_of(self.bench, self.wish.clause)
        return [a for a, status in found.items() if status in told or a in self.weights]

    def weights_of(self, areas: list[str]) -> dict[str, float]:
        """Return the weight of each area; 0 where it is missing."""
        return _weights(self.bench, areas, self.wish.weight)[0]


def pose(study: Study, wish: Wish, watch: Watch) -> Question:
    """Return the question.

    Raises
    ------
    SitingError
        The clause cannot be planned for, or there is nowhere to build.
    UnknownNameError
        There is no such clause or weight.
    """
    if wish.weight not in WEIGHTS:
        raise UnknownNameError("weight", wish.weight, WEIGHTS)
    case = open_case(study, wish.view)
    bench = open_bench(case, read_standard(wish.standard or study.standards[0]), references=True)
    rule = _rule(bench, wish.clause)
    if rule.measure == "assignment":  # nothing is built
        return Question(wish, study, bench, rule, "", Offered(), bench, [], {}, watch=watch)
    kind = kind_for(rule, wish.kind)
    areas = _planned_for(bench, wish)
    offered = candidates_of(study, bench, rule)
    _note_perhaps_exempt(bench, rule, areas, offered)
    if by_m2(rule):
        lead = leads(bench.bare.areas)
        offered.note("rounded", _rounded(study, bench, areas))
        offered.add(own_plots(bench, dict.fromkeys(str(lead[area]) for area in areas)))
    if wish.generate:
        offered.add(street_positions(bench, areas, _within_m(study, rule)))
    whole = laid(bench, offered, kind)
    if areas and not offered.candidates and not by_m2(rule):
        raise SitingError("no_candidates")
    weights, unweighted = _weights(bench, areas, wish.weight)
    return Question(
        wish, study, bench, rule, kind, offered, whole, areas, weights, unweighted, watch=watch
    )


def status_of(bench: Bench, clause: str) -> dict[str, str]:
    """Return subject → status."""
    found = bench.one(clause).findings["status"]
    return {str(name): str(status) for name, status in found.items()}


def met(bench: Bench, clause: str) -> dict[str, bool]:
    """Return subject → whether its figure meets the clause, be it the clause's subject or not.

    An area is 待核实 for its figure, or because nobody knows whether the clause is about it: only
    the figure can be mended by building. Of a phase that is perhaps exempt it is what is asked at
    most.
    """
    one = bench.one(clause)
    found, comparison = one.findings, one.rule.comparison
    told = found["decided"].copy()
    open_ = (told == Status.NOT_ASSESSED) & perhaps_exempt(found)
    if by_m2(one.rule) and one.rule.options.about:
        told[open_] = [_quotas_met(bench, one.rule, name) for name in found.index[open_]]
    elif comparison is not None and open_.any():
        told[open_] = decide(found[open_], comparison)
    return {str(name): str(status) == str(Status.COMPLIANT) for name, status in told.items()}


def _quotas_met(bench: Bench, rule: Rule[Options], area: str) -> Status:
    """Return whether an area meets the quotas that a rate is of, those that ask about it."""
    asked = [n for n in rule.options.about if status_of(bench, n)[area] != Status.NOT_APPLICABLE]
    fine = all(met(bench, name)[area] for name in asked)
    return Status.COMPLIANT if fine else Status.NOT_ASSESSED


def perhaps_exempt(findings: pd.DataFrame) -> pd.Series:
    """Return which findings are open since nobody knows whether an exemption holds."""
    told = [isinstance(why, Reason) and why.code in PERHAPS_EXEMPT for why in findings["reason"]]
    return pd.Series(told, findings.index, dtype=bool) & (findings["status"] == Status.NOT_ASSESSED)


def cured(bench: Bench, clause: str, areas: list[str]) -> set[str]:
    """Return those of some areas that are compliant: not who would be if it is asked at all."""
    found = status_of(bench, clause)
    return {area for area in areas if found[area] == str(Status.COMPLIANT)}


def by_m2(rule: Rule[Options]) -> bool:
    """Return whether a clause is a quota of floor area, or the rate of quotas."""
    return rule.measure in {"provision", "compliance_rate"}


def _rule(bench: Bench, clause: str) -> Rule[Options]:
    if not bench.has(clause):
        known = [rule.id for rule in (*bench.rules, *bench.references)]
        raise UnknownNameError("clause", clause, known)
    rule = bench.rule(clause)
    if by_m2(rule):
        about = rule.options.about
        quotas = [n for n in about if n in bench.rules and bench.rules[n].measure == "provision"]
        if len(quotas) == len(about):
            return rule
        if quotas:  # the rate rests on more than rooms can mend: its quotas are planned one by one
            raise SitingError("more_than_quotas", clause=clause, quotas=quotas)
    if rule.measure == "assignment":
        return rule
    if rule.measure not in _MEASURES or rule.value is None:
        raise SitingError("not_reach", clause=clause)
    if rule.readings.get("A14", "point") != "point":
        raise SitingError("by_share", clause=clause)
    return rule


def _within_m(study: Study, rule: Rule[Options]) -> float:
    """Return how far from an area's point a place may be of use to it, metres."""
    limit, parameters = float(rule.value or 0.0), study.parameters
    if by_m2(rule):
        return parameters.sharing_radius_m or parameters.recorded_sharing_note_m
    return limit if rule.measure == "radius" else limit * parameters.walk_speed_m_s * 60.0


def _planned_for(bench: Bench, wish: Wish) -> list[str]:
    """Return the areas that do not meet the clause, and those that may not where asked."""
    asked = {str(Status.DEFICIENT)}
    if wish.include_undecided:
        asked.add(str(Status.NOT_ASSESSED))
    fine = met(bench, wish.clause)
    found = status_of(bench, wish.clause)
    return [area for area, status in found.items() if status in asked and not fine[area]]


def _note_perhaps_exempt(
    bench: Bench, rule: Rule[Options], areas: list[str], offered: Offered
) -> None:
    """Say of which areas short of the clause it is open whether they are exempt.

    Some are planned for, or counted in what a project's other phase is planned for; others not.
    """
    fine = met(bench, rule.id)
    found = perhaps_exempt(bench.one(rule.id).findings)
    open_ = [str(area) for area in found.index[found] if not fine[str(area)]]
    counted = set(areas)
    if by_m2(rule):
        lead = leads(bench.bare.areas)
        mine = {lead[area] for area in areas}
        counted |= {area for area in open_ if lead[area] in mine}
    offered.note("exempt_counted", [area for area in open_ if area in counted])
    offered.note("exempt_open", [area for area in open_ if area not in counted])


def _rounded(study: Study, bench: Bench, areas: list[str]) -> set[str]:
    """Return the rows with round figures by which it is reckoned what areas lack.

    Those of the areas and of the other phases of their projects, and of the rooms they have.
    """
    lead = leads(bench.bare.areas)
    mine = {lead[area] for area in areas}
    places = bench.account.places
    rooms = set(places.loc[places["residential"].isin(mine), "facility"])
    rows = {"residential": set(lead.index[lead.isin(mine)]), "facilities": rooms}
    told = round_figures(study.problems)
    return {str(one.row) for one in told if one.row in rows.get(one.layer, ())}


def _weights(
    bench: Bench, areas: list[str], weight: str
) -> tuple[dict[str, float], tuple[str, ...]]:
    """Return the weight of each area planned for, and those without one."""
    if weight == "areas":
        return dict.fromkeys(areas, 1.0), ()
    column: pd.Series = bench.bare.areas[_WEIGHT_COLUMNS[weight]].astype(float)
    unknown = tuple(area for area in areas if pd.isna(column[area]))
    return {a: 0.0 if pd.isna(column[a]) else float(column[a]) for a in areas}, unknown
