"""Why a finding changed: what it rests on, compared piece by piece.

A cause is told where a difference lies on the finding's own ground: its clause, its subject, the
facility it reached, the m² it was credited. Several can hold at once, and how much each did is
not told. Where none is found, the only difference that can matter to the measure is the cause by
elimination, since the same input gives the same result; of several, none is named.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lifecircle.comparing.differences import same
from lifecircle.comparing.support import Ground, clause_group
from lifecircle.model.results.comparison import Cause, CauseCode
from lifecircle.model.rules.measures import MEASURES
from lifecircle.model.status import Flag, Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lifecircle.model.results.assessment import ClauseResult
    from lifecircle.model.results.comparison import FindingState, SubjectChange

__all__ = ["Changed", "causes_of", "rule_causes"]

_TERMS = ("comparison", "kinds", "unit", "measure", "subject", "counted", "covered_at_least")
_APPLICABLE = ("age_class", "setting")
_AREA_COLUMNS = {
    "radius": ("place",),
    "walk": ("place",),
    "provision": ("place", "households", "population", "name"),
    "single_minimum": ("place", "name"),
    "has_facility": ("place", "name"),
}
"""Columns of an area a measure reads, beside those that say whether the clause applies."""

_REACH_READS = ("kinds", "reach_groups", "place")
_QUOTA_READS = ("kinds", "floor_area_m2", "community_area_m2", "serves", "site", "place")
_FACILITY_COLUMNS = {
    "radius": _REACH_READS,
    "walk": _REACH_READS,
    "provision": _QUOTA_READS,
    "single_minimum": _QUOTA_READS,
    "has_facility": ("kinds", "serves", "place"),
    "unit_coverage": ("kinds", "unit", "community", "place"),
}
"""Columns of a facility a measure reads beside its stage; not named here: any."""

_PARAMETERS = {
    "walk": (
        "walk_speed_m_s",
        "search_limit_m",
        "snap_limit_m",
        "short_fragment_m",
        "repair_gap_m",
        "steps_factor",
        "incline_factor",
        "steep_slope",
        "ferry_speed_kmh",
        "ferry_wait_min",
        "demand_points",
    ),
    "radius": ("demand_points",),
    "provision": (
        "own_tolerance_m",
        "positional_error_m",
        "sharing_radius_m",
        "persons_per_household",
        "recorded_sharing_note_m",
    ),
    "single_minimum": ("own_tolerance_m", "positional_error_m", "sharing_radius_m"),
    "has_facility": ("own_tolerance_m", "positional_error_m"),
    "stages": ("stage_tolerance_days",),
    "co_location": ("co_location_m",),
}
"""Parameters a measure reads; one that sets the threshold of a check shows in its target."""

_FILES = {
    "radius": ("residential", "facilities", "gates"),
    "walk": ("residential", "facilities", "gates", "streets", "travel", "buildings"),
    "provision": ("residential", "facilities", "units"),
    "single_minimum": ("residential", "facilities", "units"),
    "has_facility": ("residential", "facilities", "units"),
    "unit_coverage": ("units", "facilities"),
    "assignment": ("units", "facilities", "streets", "residential"),
    "compliance_rate": ("residential", "facilities", "gates", "streets", "travel", "units"),
    "count": ("facilities", "residential"),
    "sum": ("facilities", "units"),
    "ratio": ("facilities", "units"),
    "facility_share": ("facilities", "indicators"),
    "one_operator": ("units", "facilities", "indicators"),
    "renovated": ("residential", "indicators"),
    "elder_share": ("residential", "units"),
    "idle_sites": ("candidates",),
    "out_of_use": ("facilities",),
    "shared_rooms": ("facilities", "residential"),
    "schedule": (),
    "co_location": ("facilities",),
    "stages": ("residential",),
    "indicator": ("indicators", "facilities", "units", "residential", "study"),
    "document": ("evidence", "study"),
}
"""Layers whose files a measure reads; by elimination only."""

_OF_THE_QUOTA = {
    CauseCode.OTHER_CLAUSE,
    CauseCode.REPLACED,
    CauseCode.TARGET,
    CauseCode.TERMS,
    CauseCode.READING,
    CauseCode.PARAMETER,
}
_HOMES = {"households", "population", "age_class", "setting", "project"}
"""What may change how much is asked of an area: causes, and columns of the area."""
_WALKED = ("streets", "travel", "buildings")


@dataclass(frozen=True, slots=True)
class Changed:
    """A finding that changed, as far as its causes need it; ``row``: of its layer's pairs."""

    clause: int
    layer: str
    row: int
    before: FindingState | None
    after: FindingState | None


def causes_of(
    finding: Changed,
    clauses: tuple[ClauseResult, ClauseResult],
    ground: Ground,
    followed: Mapping[str, tuple[Cause, ...]],
) -> tuple[Cause, ...]:
    """Return the causes of a change, those on the finding's own ground first.

    Parameters
    ----------
    followed
        For a rate over other clauses: clause id → the causes of what changed there for the same
        subject.
    """
    found = [
        *_by_rule(finding, clauses, ground),
        *_by_subject(finding, clauses[1], ground),
        *_by_facilities(finding, clauses[1], ground),
        *_by_parameters(finding, clauses[1], ground),
    ]
    found += _by_quota(finding, clauses[1], found)
    if followed:
        found.append(Cause(CauseCode.CLAUSES, {"clauses": list(followed)}))
        found += [cause for causes in followed.values() for cause in causes]
    told: list[Cause] = []
    for cause in found:
        if cause not in told:
            told.append(cause)
    return tuple(told) or (_by_elimination(clauses[1], ground),)


def rule_causes(old: ClauseResult, new: ClauseResult, *, of_each: bool) -> Iterator[Cause]:
    """Return what two clauses ask otherwise.

    ``of_each``: of a finding of one subject, whom the target of a rate does not bind.
    """
    if (old.standard, old.id) != (new.standard, new.id):
        ids = [f"{c.standard} {c.id}" for c in (old, new)]
        instead = old.id in new.replaces or new.id in old.replaces
        code = CauseCode.REPLACED if instead else CauseCode.OTHER_CLAUSE
        yield Cause(code, {"before": ids[0], "after": ids[1]})
    rated = of_each and all(MEASURES[c.measure].yes_no for c in (old, new))
    if not rated and not same(old.target, new.target):
        figures = {"before": old.target, "after": new.target, "measure_unit": new.unit}
        yield Cause(CauseCode.TARGET, figures)
    terms = [name for name in _TERMS if getattr(old, name) != getattr(new, name)]
    if terms:
        yield Cause(CauseCode.TERMS, {"columns": terms})
    for name in sorted(old.reading.keys() & new.reading.keys()):
        if old.reading[name] != new.reading[name]:
            choices = {"before": old.reading[name], "after": new.reading[name]}
            yield Cause(CauseCode.READING, {"reading": name, **choices})


def _by_rule(
    finding: Changed, clauses: tuple[ClauseResult, ClauseResult], ground: Ground
) -> Iterator[Cause]:
    found = list(rule_causes(*clauses, of_each=finding.layer != "county"))
    target = any(cause.code is CauseCode.TARGET for cause in found)
    terms = any(cause.code is CauseCode.TERMS for cause in found)
    yield from found
    if (target or terms) and ground.scenario is not None:
        yield Cause(CauseCode.SCENARIO, ground.scenario)
    if ground.day is not None and _dated(finding, target=target and ground.scenario is None):
        yield Cause(CauseCode.DAY, ground.day)


def _dated(finding: Changed, *, target: bool) -> bool:
    """Return whether a clause's dates show: its target, its force, its deadline."""
    sides = [s for s in (finding.before, finding.after) if s is not None]
    flags = [{Flag.OVERDUE, Flag.EXPIRED} & set(s.flags) for s in sides]
    force = [s.status == Status.NOT_IN_FORCE for s in sides]
    return target or flags[0] != flags[-1] or force[0] != force[-1]


def _by_subject(finding: Changed, clause: ClauseResult, ground: Ground) -> Iterator[Cause]:
    change = ground.subjects.get((finding.layer, finding.row))
    exempt = [s is not None and s.status == Status.EXEMPT for s in (finding.before, finding.after)]
    if exempt[0] != exempt[1]:
        yield Cause(CauseCode.EXEMPTION)
    if finding.layer == "residential" and clause.measure in {"radius", "walk"}:
        gates = ground.gates.get(finding.row)
        if gates is not None:
            yield Cause(CauseCode.GATES, {"before": gates[0], "after": gates[1]})
    if change is None:
        return
    if finding.layer == "facilities":
        yield from ground.facility(finding.row)
    elif finding.layer == "units":
        yield Cause(CauseCode.UNIT_CHANGED, {"columns": list(change.columns)})
    elif finding.layer == "residential":
        yield from _by_area(finding, clause, change)


def _by_area(finding: Changed, clause: ClauseResult, change: SubjectChange) -> Iterator[Cause]:
    if change.change in {"added", "removed"}:
        added = change.change == "added"
        yield Cause(CauseCode.AREA_ADDED if added else CauseCode.AREA_REMOVED)
        return
    sides = (finding.before, finding.after)
    applied = [s is not None and s.status != Status.NOT_APPLICABLE for s in sides]
    reads = [*_APPLICABLE, *_AREA_COLUMNS.get(clause.measure, ())]
    if applied[0] != applied[1]:  # no households, no subject
        reads.append("households")
    columns = [name for name in change.columns if name in reads]
    if columns:
        yield Cause(CauseCode.AREA_CHANGED, {"columns": columns})
    if "stage" in change.columns:
        old, new = change.columns["stage"]
        yield Cause(CauseCode.AREA_STAGE, {"before": old, "after": new})


def _by_quota(finding: Changed, clause: ClauseResult, found: Sequence[Cause]) -> Iterator[Cause]:
    """Return that something else is asked of an area, where no cause yet tells why.

    A result does not keep what is written of 规划条件, nor planned people, nor other phases' homes.
    """
    old, new = finding.before, finding.after
    if clause.measure != "provision" or old is None or new is None:
        return
    if None in {old.required, new.required} or same(old.required, new.required):
        return
    told = any(
        cause.code in _OF_THE_QUOTA
        or (cause.code is CauseCode.AREA_CHANGED and _HOMES & set(cause.params["columns"]))
        for cause in found
    )
    if not told:
        figures = {"before": old.required, "after": new.required, "measure_unit": new.unit}
        yield Cause(CauseCode.AREA_QUOTA, figures)


def _by_facilities(finding: Changed, clause: ClauseResult, ground: Ground) -> Iterator[Cause]:
    """Return what changed at the facilities a finding rests on."""
    rows = _rested_on(finding, clause, ground)
    reads = _FACILITY_COLUMNS.get(clause.measure)
    told = [cause for row in rows for cause in ground.facility(row, reads)]
    yield from told
    if clause.measure in {"provision", "single_minimum"} and not told:
        shared = ground.shared.get(finding.row, ())
        if not shared and _by_suggestion(finding):
            shared = ground.suggested.get(finding.row, ())
        if shared:
            yield Cause(CauseCode.SHARED, {"facilities": [ground.facility_ids(r) for r in shared]})


def _rested_on(finding: Changed, clause: ClauseResult, ground: Ground) -> list[int]:
    """Return the facilities (rows of the pairs) behind a finding, on either side."""
    if clause.measure in {"radius", "walk"}:
        reached = [None if s is None else s.facility for s in (finding.before, finding.after)]
        rows = [ground.facility_row(side, f) for side, f in enumerate(reached) if f is not None]
        found = [row for row in rows if row is not None]
        return list(dict.fromkeys([*found, *ground.doubtful(clause_group(clause))]))
    if clause.measure in {"provision", "single_minimum", "has_facility"}:
        return ground.credited(finding.row, suggested=_by_suggestion(finding))
    if clause.measure in {"unit_coverage", "assignment"}:
        return ground.in_unit(finding.row, clause.kinds)
    if clause.measure in {"count", "ratio"}:
        return ground.of_kinds(clause.kinds)
    if clause.measure == "sum":  # every row that has the figure counts, whatever its kind
        return ground.of_figure(clause.topic.rpartition(".")[2])
    return []


def _by_suggestion(finding: Changed) -> bool:
    """Return whether all that changed of the verdict is whether it could be met by sharing."""
    sides = [s for s in (finding.before, finding.after) if s is not None]
    marked = {Flag.ADJUSTABLE in s.flags for s in sides}
    return len({s.status for s in sides}) == 1 and len(marked) > 1


def _by_parameters(finding: Changed, clause: ClauseResult, ground: Ground) -> Iterator[Cause]:
    names = set(_PARAMETERS.get(clause.measure, ()))
    sides = [s for s in (finding.before, finding.after) if s is not None]
    if len({Flag.CLOSE_CALL in s.flags for s in sides}) > 1:
        names |= {"positional_error_m", "close_call_share"}
    for name, (old, new) in ground.parameters.items():
        if name in names:
            yield Cause(CauseCode.PARAMETER, {"parameter": name, "before": old, "after": new})
    if clause.measure == "walk":
        for layer in _WALKED:
            if layer in ground.files:
                yield Cause(CauseCode.INPUT_FILE, {"layer": layer})


def _by_elimination(clause: ClauseResult, ground: Ground) -> Cause:
    """Return the one difference left that can matter, or that several or none are."""
    reads = (*_FILES.get(clause.measure, ()), "exemptions")
    left: list[tuple[str, Cause]] = [
        (layer, Cause(CauseCode.INPUT_FILE, {"layer": layer}, eliminated=True))
        for layer in reads
        if layer in ground.files or layer in ground.contents
    ]
    # what the study file says of documents and typed figures shows in its checksum alone
    if "study" in ground.files and "study" not in reads and not ground.settled:
        cause = Cause(CauseCode.INPUT_FILE, {"layer": "study"}, eliminated=True)
        left.append(("study", cause))
    named: list[tuple[str, CauseCode, Any]] = [
        ("stage", CauseCode.STAGE_VIEW, ground.view),
        ("scenario", CauseCode.SCENARIO, ground.scenario),
        ("sites", CauseCode.PLAN, ground.plan),
        ("as_of", CauseCode.DAY, ground.day),
        ("crs", CauseCode.PARAMETER, ground.crs),
    ]
    left += [(name, Cause(code, p, eliminated=True)) for name, code, p in named if p is not None]
    left += [
        (
            name,
            Cause(
                CauseCode.PARAMETER, {"parameter": name, "before": a, "after": b}, eliminated=True
            ),
        )
        for name, (a, b) in ground.parameters.items()
    ]
    left += [
        (
            name,
            Cause(CauseCode.READING, {"reading": name, "before": a, "after": b}, eliminated=True),
        )
        for name, (a, b) in ground.readings.items()
    ]
    if len(left) == 1:
        return left[0][1]
    if not left:
        return Cause(CauseCode.NOTHING)
    return Cause(CauseCode.SEVERAL, {"candidates": [name for name, _ in left]})
