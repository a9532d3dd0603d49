"""Needs: which columns of which tables a clause cannot be judged without."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.model.rules.clause import measure_specs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lifecircle.model.rules.clause import Clause

__all__ = ["fields_of"]

_WHERE = {"unit_type": "code", "unit_level": "code", "unit": "code"}
_STANDING = {"existing", "old"}


def fields_of(clause: Clause, clauses: Mapping[str, Clause]) -> tuple[str, ...]:
    """Return ``layer.column`` of all that ``clause`` needs, by its measure, filter and options.

    Typed figures are ``indicators.<id>``, papers ``evidence.<item>``. A clause on others needs
    what they need.
    """
    found = [*measure_specs()[clause.measure].fields, *_filter(clause), *_options(clause)]
    if clause.measure == "provision":
        found += _base(clause)
    if clause.measure == "unit_coverage":
        local = "community" in clause.where.get("unit_level", ())
        found.append("facilities.community" if local else "facilities.unit")
    for key in ("clauses", "of_clauses"):
        for name in clause.options.get(key, ()):
            found += fields_of(clauses[name], clauses)
    if clause.measure == "count" and "of_clauses" in clause.options:
        found = [f for f in found if f not in measure_specs()["count"].fields]
    return tuple(dict.fromkeys(found))


def _filter(clause: Clause) -> Iterator[str]:
    for field in clause.where:
        if clause.subject in {"residential", "units"}:
            yield f"{clause.subject}.{_WHERE.get(field, field)}"


def _base(clause: Clause) -> Iterator[str]:
    """Yield what a quota is counted from: people, dwellings planned, dwellings built."""
    classes = set(clause.where.get("age_class", ("existing", "new")))
    if clause.unit == "m2/1000p":
        yield "residential.population"
        return
    if classes & _STANDING:
        yield "residential.households"
    if classes - _STANDING:
        yield "residential.households_planned"


def _options(clause: Clause) -> Iterator[str]:
    options = clause.options
    for key in ("all_of", "any_of"):
        yield from (f"facilities.{name}" for name in options.get(key, ()))
    for key in ("field", "numerator", "denominator"):
        if key in options:
            yield f"facilities.{options[key]}"
    for key, name in (("star_at_least", "star"), ("tenure", "tenure"), ("qualified", "qualified")):
        if options.get(key):
            yield f"facilities.{name}"
    if "demand" in options:
        yield f"units.{options['demand']}"
        yield "facilities.beds"
    if options.get("civil_affairs"):
        yield from ("residential.civil_affairs_review", "residential.civil_affairs_acceptance")
    yield from (f"indicators.{name}" for name in options.get("indicators", ()))
    yield from (f"evidence.{name}" for name in options.get("items", ()))
