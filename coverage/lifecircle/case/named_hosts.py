"""Named hosts: which row of the ledger is the house a document rests a district on (A20)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.errors import LifecircleError
from lifecircle.measures.units.hosts import host_found
from lifecircle.model.problem import Problem, ProblemCode, Severity
from lifecircle.model.rules.options import AssignmentOptions
from lifecircle.standards import clauses_in_force, read_standard

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lifecircle.model.inputs.study import Study
    from lifecircle.model.rules.clause import Standard
    from lifecircle.model.rules.options import District

__all__ = ["host_problems", "standards_of"]

_TOLD = {
    "former": (ProblemCode.HOST_FORMER, Severity.INFO),
    "unit": (ProblemCode.HOST_GUESSED, Severity.INFO),
    "": (ProblemCode.HOST_LOST, Severity.WARNING),
}


def host_problems(study: Study, standards: Iterable[Standard]) -> tuple[Problem, ...]:
    """Return a note for each district whose host the ledger does not have under that very name.

    Told by its earlier name, or taken as the only house of its unit: a note. Not told at all: a
    warning. Each house once, however many clauses rest on it.
    """
    frame = study.facilities.frame
    told: dict[str, Problem] = {}
    for district in _districts(study, standards):
        host, way = host_found(frame, district)
        if way == "name" or district.host in told:
            continue
        code, severity = _TOLD[way]
        params = {"district": district.name, "host": district.host}
        if host is not None:
            params["facility"] = str(frame.at[host, "name"] or host)
        told[district.host] = Problem(code, severity, params=params, layer="facilities")
    return tuple(told.values())


def standards_of(study: Study) -> tuple[Standard, ...]:
    """Return the standards a study names; one that cannot be read is told elsewhere."""
    found = []
    for name in study.standards:
        try:
            found.append(read_standard(name))
        except (LifecircleError, OSError):
            continue
    return tuple(found)


def _districts(study: Study, standards: Iterable[Standard]) -> Iterator[District]:
    for standard in standards:
        for clause in clauses_in_force(standard, study.as_of):
            if isinstance(clause.options, AssignmentOptions):
                yield from clause.options.districts
