"""Rules in force: clauses as the readings take them (A1–A42), and what each switch changes."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from lifecircle.errors import UnknownNameError
from lifecircle.model.finding import holds_on
from lifecircle.model.rules.options import (
    AssignmentOptions,
    CoverageOptions,
    MinimumOptions,
    PresenceOptions,
    ProvisionOptions,
    RateOptions,
)
from lifecircle.model.rules.rule import Rule, Rules, published
from lifecircle.model.status import AgeClass
from lifecircle.standards import readings

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping

    from lifecircle.model.rules.clause import Clause, Standard
    from lifecircle.model.rules.options import District, Options
    from lifecircle.model.status import Status
    from lifecircle.standards import ReadingSpec

    _Drafts = Mapping[str, Rule[Options]]

__all__ = ["alternatives", "check_switches", "differing", "put_in_force", "service_districts"]

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


def put_in_force(
    standard: Standard, day: dt.date, choices: Mapping[str, str] | None = None
) -> Rules:
    """Return every clause of a standard as it is in force on ``day``.

    ``choices``: the readings a study sets; each is taken wherever the clause's measure acts on it.
    """
    taken = choices or {}
    standing = {name: published(clause, day) for name, clause in _standing(standard, day)}
    useful = {name: choice for name, choice in taken.items() if _useful(choice, standing)}
    drafts = {
        name: dataclasses.replace(rule, readings={**rule.readings, **_acted_on(rule, useful)})
        for name, rule in standing.items()
    }
    rules = {name: _as_read(rule, drafts) for name, rule in drafts.items()}
    rules = {name: _together(_between(rule, rules), rules) for name, rule in rules.items()}
    rules = {name: _marked(rule, rules) for name, rule in rules.items()}
    return Rules(standard, day, dict(taken), rules)


def _useful(choice: str, rules: _Drafts) -> bool:
    """Return whether a document has what a choice speaks of: districts (A20), a radius (A35)."""
    if choice == "assigned":
        return bool(service_districts(rules.values()))
    if choice == "with_radius":
        return any(rule.measure == "radius" and not rule.reference for rule in rules.values())
    return True


def _standing(standard: Standard, day: dt.date) -> Iterator[tuple[str, Clause]]:
    """Yield the clauses of a standard, and those of the base that nothing stands in for that day.

    What a county's clause overrides holds until that clause has a version in force, and again once
    it is repealed or its plan has ended: an ended clause is told with its last value, and what
    stands in the province applies.
    """
    yield from standard.clauses.items()
    for name, (clause, instead) in standard.overridden.items():
        own = [standard.clauses[other] for other in instead if other in standard.clauses]
        if name not in standard.clauses and not any(_in_force(one, day) for one in own):
            yield name, clause


def _in_force(clause: Clause, day: dt.date) -> bool:
    return clause.version_on(day) is not None and holds_on(clause.expires, day)


def _marked(rule: Rule[Options], rules: _Drafts) -> Rule[Options]:
    """Return a rule with the marks of all that it rests on, however far down."""
    marks, seen, waiting = set(rule.marks), {rule.id}, list(rule.options.rests_on)
    while waiting:
        name = waiting.pop()
        if name in rules and name not in seen:
            seen.add(name)
            marks |= rules[name].marks
            waiting += rules[name].options.rests_on
    return dataclasses.replace(rule, marks=frozenset(marks))


def _acted_on(rule: Rule[Options], choices: Mapping[str, str]) -> dict[str, str]:
    specs = readings()
    return {
        name: choice
        for name, choice in choices.items()
        if name in rule.readings
        and choice in specs[name].switch.get(rule.measure, ())
        # A20 says nothing of clauses on named units: the hosts themselves, the other homes
        and not (name == "A20" and "unit" in rule.where)
    }


def _as_read(rule: Rule[Options], drafts: _Drafts) -> Rule[Options]:
    """Return a rule as its readings, and those of its neighbours, take it."""
    for change in (_rate, _area_clause, _minimum, _coverage, _sum):
        found = change(rule, drafts)
        rule = dataclasses.replace(rule, **found) if found else rule
    return rule


def _between(rule: Rule[Options], drafts: _Drafts) -> Rule[Options]:
    """Return a quota with what the clause below it asks, for approved areas (A29)."""
    options = rule.options
    if not isinstance(options, ProvisionOptions) or options.approved_between is None:
        return rule
    below = drafts.get(options.approved_between)
    if below is None:  # pragma: no cover - the reader refuses what is not there
        return rule
    least = below.options.minimum_m2 if isinstance(below.options, ProvisionOptions) else 0.0
    found = dataclasses.replace(
        options,
        approved_rate=below.value,
        approved_unit=below.unit,
        approved_minimum_m2=least,
    )
    return dataclasses.replace(rule, options=found)


def _together(rule: Rule[Options], drafts: _Drafts) -> Rule[Options]:
    """Return a rate with the clauses that one and the same area is held to, by its kind."""
    options = rule.options
    if not isinstance(options, RateOptions):
        return rule
    held = {name: drafts[name].where for name in options.clauses if name in drafts}
    found: dict[tuple[str, ...], None] = {}
    for age in rule.where.get("age_class", tuple(AgeClass)):
        of_age = [name for name, where in held.items() if age in where.get("age_class", (age,))]
        if not of_age:
            found[()] = None
        for setting in ("urban", "rural"):
            mine = [name for name in of_age if setting in held[name].get("setting", (setting,))]
            if mine:
                found[tuple(mine)] = None
    return dataclasses.replace(rule, options=dataclasses.replace(options, together=tuple(found)))


def _rate(rule: Rule[Options], drafts: _Drafts) -> dict[str, Any]:
    """Return what A1, A11, A12 and A35 change of a compliance rate."""
    taken, options = rule.readings, rule.options
    if not isinstance(options, RateOptions):
        return {}
    change: dict[str, Any] = {}
    if taken.get("A1", "areas") != "areas":
        change["official"] = taken["A1"]
    named = options.clauses_without_quota if _without_quota(rule) else options.clauses
    if taken.get("A35") == "with_radius":
        radii = (c for c in drafts.values() if c.measure == "radius" and not c.reference)
        named = (*named, *(c.id for c in radii if c.id not in named))
    if named != options.clauses:
        change["options"] = dataclasses.replace(options, clauses=named)
    return change


def _without_quota(rule: Rule[Options]) -> bool:
    """Return whether a rate counts by yes or no where its document has no figure (A11, A12)."""
    if not isinstance(rule.options, RateOptions) or not rule.options.clauses_without_quota:
        return False
    return "has_facility" in {rule.readings.get("A11"), rule.readings.get("A12")}


def _area_clause(rule: Rule[Options], drafts: _Drafts) -> dict[str, Any]:
    """Return what A35 changes of a radius, and A11 and A12 of the clauses a rate may stand on.

    Those that are counted belong to the verdict, those left out are references.
    """
    if rule.measure == "radius" and rule.readings.get("A35") == "all_urban":
        return {"where": {k: v for k, v in rule.where.items() if k != "age_class"}}
    for rate in drafts.values():
        if isinstance(rate.options, RateOptions) and _without_quota(rate):
            counted = rate.options.clauses_without_quota
            if rule.id in {*counted, *rate.options.clauses}:
                return {"reference": rule.id not in counted}
    return {}


def _minimum(rule: Rule[Options], drafts: _Drafts) -> dict[str, Any]:
    """Return what A8 changes: the single minimum for existing areas too, or small areas pooling."""
    taken, options = rule.readings.get("A8"), rule.options
    if isinstance(options, MinimumOptions):
        quotas: tuple[str, ...] = (options.quota,)
        if taken != "all_areas":
            return {"options": dataclasses.replace(options, quotas=quotas)}
        quotas = tuple(c.id for c in drafts.values() if c.measure == "provision")
        where = {k: v for k, v in rule.where.items() if k != "age_class"}
        return {"where": where, "options": dataclasses.replace(options, quotas=quotas)}
    if not isinstance(options, ProvisionOptions):
        return {}
    if options.minimum_m2:
        if taken != "pooled":
            return {}
        return {"options": dataclasses.replace(options, sharing="recorded", pooled=True)}
    least = _everywhere(drafts)
    return {"options": dataclasses.replace(options, minimum_m2=least)} if least else {}


def _everywhere(drafts: _Drafts) -> float | None:
    """Return the single minimum that A8 ``all_areas`` lets hold for every quota, or None."""
    found = [
        (rule.options.minimum_m2, rule.readings.get("A8"))
        for rule in drafts.values()
        if isinstance(rule.options, ProvisionOptions) and rule.options.minimum_m2
    ]
    return found[0][0] if "all_areas" in {taken for _, taken in found} else None


def _coverage(rule: Rule[Options], drafts: _Drafts) -> dict[str, Any]:
    """Return what A20, A22, A26 and A27 change of whose units are covered by what."""
    taken, change = rule.readings, dict[str, Any]()
    if taken.get("A22") == "either" and set(_CENTRES) & set(rule.kinds):
        change["kinds"] = tuple(dict.fromkeys((*rule.kinds, *_CENTRES)))
    options = rule.options
    if rule.measure != "unit_coverage" or not isinstance(options, CoverageOptions):
        return change
    if taken.get("A20") == "assigned":
        districts = service_districts(drafts.values())
        change["options"] = dataclasses.replace(options, districts=districts)
    if taken.get("A26") == "committee":
        change["where"] = {k: v for k, v in rule.where.items() if k != "setting"}
    elif taken.get("A26") == "statistical_code" and rule.where.get("unit_type") == ("community",):
        change["where"] = {**rule.where, "setting": ("urban",)}
    if taken.get("A27") == "natural_villages":
        change |= {"measure": "has_facility", "subject": "residential", "official": "areas"}
        change |= {"where": {"setting": ("rural",)}, "options": PresenceOptions()}
    return change


def _sum(rule: Rule[Options], drafts: _Drafts) -> dict[str, Any]:
    """Return what A24 and A25 change of a ratio and a sum."""
    del drafts
    if rule.measure == "ratio" and rule.readings.get("A24") == "all_beds":
        return {"kinds": ()}
    if rule.measure == "sum" and rule.readings.get("A25") == "more_than":
        return {"comparison": ">"}
    return {}


def service_districts(rules: Iterable[Rule[Options]]) -> tuple[District, ...]:
    """Return the service districts of the rules that assign units to hosts, each once."""
    found = {
        district.name: district
        for rule in rules
        if isinstance(rule.options, AssignmentOptions)
        for district in rule.options.districts
    }
    return tuple(found.values())


def alternatives(rules: Rules) -> Iterator[tuple[ReadingSpec, str, Rules, list[str]]]:
    """Yield every switch that changes a rule: its reading, choice, the rules then, which of them.

    A rule whose reading says nothing new, and stays as it is but for the choice, is not among
    them, unless the reading is one of the tables.
    """
    for spec in readings().values():
        for choice in spec.told or spec.switchable:
            mine = {spec.id: choice}
            if not any(_acted_on(rule, mine) for rule in rules):
                continue  # no measure acts on it: every rule stays as it is
            other = put_in_force(rules.standard, rules.day, {**rules.choices, **mine})
            changed = [rule.id for rule in other if rule != rules[rule.id]]
            if changed:
                yield spec, choice, other, changed


def differing(before: Mapping[str, Status], after: Mapping[str, Status]) -> int:
    """Return how many subjects have another status; one that appears or goes has one too."""
    return sum(before.get(key) != after.get(key) for key in before.keys() | after.keys())
