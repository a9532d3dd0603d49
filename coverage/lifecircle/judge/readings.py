"""Readings taken: what a switch does to a clause, and what each switch would change (A1–A40)."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from lifecircle.errors import UnknownNameError
from lifecircle.standards import readings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lifecircle.model.rules.clause import Clause, Standard
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
    change: dict[str, Any] = {}
    for read in (_rate, _area_clause, _minimum, _coverage, _sum):
        change |= read(dataclasses.replace(clause, **change), standard)
    return dataclasses.replace(clause, **change) if change else clause


def _rate(clause: Clause, standard: Standard) -> dict[str, Any]:
    """Return what A1, A11, A12 and A35 change of a compliance rate."""
    taken, options = clause.readings, clause.options
    if clause.measure != "compliance_rate":
        return {}
    change: dict[str, Any] = {}
    if taken.get("A1", "areas") != "areas":
        change["official"] = taken["A1"]
    named = options["clauses"]
    if _without_quota(clause):
        named = options["clauses_without_quota"]
    if taken.get("A35") == "with_radius":
        radii = (c.id for c in standard.clauses.values() if c.measure == "radius")
        more = (c for c in radii if c not in named and not standard.clauses[c].reference)
        named = (*named, *more)
    return (
        change
        if named == options["clauses"]
        else {**change, "options": {**options, "clauses": named}}
    )


def _without_quota(clause: Clause) -> bool:
    """Return whether a rate counts by yes or no where its document has no figure (A11, A12)."""
    if "clauses_without_quota" not in clause.options:
        return False
    return "has_facility" in {clause.readings.get("A11"), clause.readings.get("A12")}


def _area_clause(clause: Clause, standard: Standard) -> dict[str, Any]:
    """Return what A35 changes of a radius, and A11 and A12 of the clauses a rate may stand on.

    Those that are counted belong to the verdict, those left out are references.
    """
    if clause.measure == "radius" and clause.readings.get("A35") == "all_urban":
        return {"where": {k: v for k, v in clause.where.items() if k != "age_class"}}
    for rate in standard.clauses.values():
        if rate.measure == "compliance_rate" and _without_quota(rate):
            counted = rate.options["clauses_without_quota"]
            if clause.id in {*counted, *rate.options["clauses"]}:
                return {"reference": clause.id not in counted}
    return {}


def _minimum(clause: Clause, standard: Standard) -> dict[str, Any]:
    """Return what A8 changes: the single minimum for existing areas too, or small areas pooling."""
    if clause.measure not in {"provision", "single_minimum"}:
        return {}
    least = [c for c in standard.clauses.values() if "minimum_m2" in c.options]
    taken = {c.readings.get("A8") for c in least}
    options = clause.options
    if clause.measure == "single_minimum" and clause.readings.get("A8") == "all_areas":
        where = {k: v for k, v in clause.where.items() if k != "age_class"}
        quotas = (c.id for c in standard.clauses.values() if c.measure == "provision")
        return {"where": where, "options": {**options, "quotas": tuple(quotas)}}
    if clause.measure == "provision" and "all_areas" in taken and "minimum_m2" not in options:
        return {"options": {**options, "minimum_m2": least[0].options["minimum_m2"]}}
    if "minimum_m2" in options and clause.readings.get("A8") == "pooled":
        return {"options": {**options, "sharing": "recorded", "pooled": True}}
    return {}


def _coverage(clause: Clause, standard: Standard) -> dict[str, Any]:
    """Return what A20, A22, A26 and A27 change of whose units are covered by what."""
    taken, change = clause.readings, dict[str, Any]()
    if taken.get("A22") == "either" and set(_CENTRES) & set(clause.kinds):
        change["kinds"] = tuple(dict.fromkeys((*clause.kinds, *_CENTRES)))
    if clause.measure != "unit_coverage":
        return change
    if taken.get("A20") == "assigned":
        change["options"] = {**clause.options, "districts": service_districts(standard)}
    if taken.get("A26") == "committee":
        change["where"] = {k: v for k, v in clause.where.items() if k != "setting"}
    elif taken.get("A26") == "statistical_code" and clause.where.get("unit_type") == ("community",):
        change["where"] = {**clause.where, "setting": ("urban",)}
    if taken.get("A27") == "natural_villages":
        change |= {"measure": "has_facility", "subject": "residential", "official": "areas"}
        change |= {"where": {"setting": ("rural",)}, "options": {}}
    return change


def _sum(clause: Clause, standard: Standard) -> dict[str, Any]:
    """Return what A24 and A25 change of a ratio and a sum."""
    del standard
    if clause.measure == "ratio" and clause.readings.get("A24") == "all_beds":
        return {"kinds": ()}
    if clause.measure == "sum" and clause.readings.get("A25") == "more_than":
        return {"comparison": ">"}
    return {}


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

    A clause whose reading says nothing new, and stays as it is but for the choice, is not among
    them, unless the reading is one of the tables.
    """
    for spec in readings().values():
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
