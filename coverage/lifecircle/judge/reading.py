"""Readings taken: what a switch does to a clause, and what each switch would change (A1–A40)."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from lifecircle.errors import UnknownNameError
from lifecircle.standards import readings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lifecircle.model.clause import Clause, Standard
    from lifecircle.model.status import Status
    from lifecircle.standards import ReadingSpec

__all__ = [
    "alternatives",
    "as_read",
    "check_switches",
    "differing",
    "service_districts",
    "switched",
]

_CENTRES = ("regional_centre", "township_centre")


def check_switches(choices: Mapping[str, str]) -> None:
    """Refuse what no measure acts on: a choice that were printed but not computed would be a lie.

    Raises
    ------
    UnknownNameError
        A reading that cannot be switched, or a choice that is not among its own.
    """
    specs = {name: spec for name, spec in readings().items() if spec.switch}
    for name, choice in choices.items():
        if name not in specs:
            raise UnknownNameError("switchable reading", name, specs)
        if choice not in specs[name].switchable:
            raise UnknownNameError(f"choice of {name}", choice, specs[name].switchable)


def switched(standard: Standard, choices: Mapping[str, str]) -> Standard:
    """Return a standard whose clauses take ``choices`` wherever their measure acts on them."""
    clauses = {}
    for name, clause in standard.clauses.items():
        mine = {
            reading: choice
            for reading, choice in choices.items()
            if reading in clause.readings
            and choice in readings()[reading].switch.get(clause.measure, ())
        }
        clauses[name] = dataclasses.replace(clause, readings={**clause.readings, **mine})
    changed = dataclasses.replace(standard, clauses=clauses)
    read = {name: as_read(clause, changed) for name, clause in clauses.items()}
    return dataclasses.replace(changed, clauses=read)


def as_read(clause: Clause, standard: Standard) -> Clause:
    """Return a clause as its readings take it; reading it twice changes nothing more."""
    taken, change = clause.readings, dict[str, Any]()
    if clause.measure == "compliance_rate":
        if taken.get("A1", "areas") != "areas":
            change["official"] = taken["A1"]
        if taken.get("A35") == "with_radius":
            named = clause.options["clauses"]
            radii = (c.id for c in standard.clauses.values() if c.measure == "radius")
            more = tuple(c for c in radii if c not in named and not standard.clauses[c].reference)
            change["options"] = {**clause.options, "clauses": (*named, *more)}
    if clause.measure == "radius" and taken.get("A35") == "all_urban":
        change["where"] = {k: v for k, v in clause.where.items() if k != "age_class"}
    if clause.measure == "unit_coverage" and taken.get("A20") == "assigned":
        change["options"] = {**clause.options, "districts": service_districts(standard)}
    if taken.get("A22") == "either" and set(_CENTRES) & set(clause.kinds):
        change["kinds"] = tuple(dict.fromkeys((*clause.kinds, *_CENTRES)))
    if clause.measure == "ratio" and taken.get("A24") == "all_beds":
        change["kinds"] = ()
    if clause.measure == "sum" and taken.get("A25") == "more_than":
        change["comparison"] = ">"
    return dataclasses.replace(clause, **change) if change else clause


def service_districts(standard: Standard) -> tuple[dict[str, Any], ...]:
    """Return the service districts of a standard's clauses, each once."""
    found = {
        district["name"]: district
        for clause in standard.clauses.values()
        if clause.measure == "assignment"
        for district in clause.options["districts"]
    }
    return tuple(found.values())


def alternatives(standard: Standard) -> Iterator[tuple[ReadingSpec, str, Standard, list[str]]]:
    """Yield every switch that changes a clause: its reading, choice, the standard then, clauses.

    Readings that change the tables themselves (A6, A17) are left to a run of their own.
    """
    for spec in readings().values():
        if spec.of_tables:
            continue
        for choice in spec.told or spec.switchable:
            other = switched(standard, {spec.id: choice})
            changed = [
                name for name, clause in other.clauses.items() if clause != standard.clauses[name]
            ]
            # a standard without districts has nobody assigned
            if choice == "assigned" and not service_districts(standard):
                continue
            if changed:
                yield spec, choice, other, changed


def differing(before: Mapping[str, Status], after: Mapping[str, Status]) -> int:
    """Return how many subjects have another status; one that appears or goes has one too."""
    return sum(before.get(key) != after.get(key) for key in before.keys() | after.keys())
