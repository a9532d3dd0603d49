"""Needs and reads: which columns a clause cannot be judged without, and which a rule looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.model.cell import marks_of
from lifecircle.model.dictionary import INSTITUTIONS, columns, unread
from lifecircle.model.rules.measures import ACCOUNT_READS, MEASURES
from lifecircle.model.rules.options import option_fields

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lifecircle.model.rules.clause import Clause
    from lifecircle.model.rules.options import Options
    from lifecircle.model.rules.rule import Rule

__all__ = ["SUBJECT_READS", "fields_of", "over_units", "reads_of", "weights_of"]

_WHERE = {"unit_type": "code", "unit_level": "code", "unit": "code"}
_STANDING = {"existing", "old"}
_FIGURES = {f"facilities.{name}" for name, spec in columns("facilities").items() if spec.doubtful}
"""Columns of facilities of which it is told what is written and cannot be read."""
_TABLES = {"residential": "areas", "facilities": "facilities", "units": "units"}

SUBJECT_READS: Mapping[str, tuple[str, ...]] = {
    "residential": (
        "areas.lived_in",
        "areas.stage",
        "areas.counted",
        "areas.population",
        "areas.elders",
        "areas.land_area_m2",
        "areas.setting",
        "areas.unit",
        "areas.lead",
    ),
    "units": ("units.unit_type", "units.level", "units.parent", "units.unlisted"),
    "facilities": (
        "facilities.kinds",
        "facilities.day_service",
        "facilities.day_service_unread",
        "facilities.open",
    ),
    "county": (),
}
"""What decides whether a clause applies to a subject, and what its rates are weighed by."""

_WEIGHTS = frozenset({"areas.counted", "areas.population", "areas.elders", "areas.land_area_m2"})
"""What rates of areas are weighed by. Of ``counted`` a finding asks only whether it is 0."""


def fields_of(clause: Clause, clauses: Mapping[str, Clause]) -> tuple[str, ...]:
    """Return ``layer.column`` of all that ``clause`` needs, by its measure, filter and options.

    Typed figures are ``indicators.<id>``, papers ``evidence.<item>``. A clause on others needs
    what they need.
    """
    own = MEASURES[clause.measure].fields
    if (clause.measure == "count" and clause.options.about) or over_units(clause.options):
        own = ()
    found = [*own, *_filter(clause), *_options(clause.options)]
    if clause.measure == "provision":
        found += _base(clause)
    if clause.measure == "unit_coverage":
        local = "community" in clause.where.get("unit_level", ())
        found.append("facilities.community" if local else "facilities.unit")
    if INSTITUTIONS in clause.kinds:
        found.append("facilities.beds")
    for name in clause.options.about:
        found += fields_of(clauses[name], clauses)
    return tuple(dict.fromkeys(found))


def reads_of(rule: Rule[Options]) -> frozenset[str]:
    """Return ``table.column``, and whole tables by name, of all that judging ``rule`` looks at.

    By its measure, subject, filter and options; a rule on others reads their findings.
    """
    return frozenset(_own_reads(rule)).union(SUBJECT_READS[rule.subject])


def weights_of(rule: Rule[Options]) -> frozenset[str]:
    """Return ``table.column`` of what only weighs the rates of ``rule``: no finding hangs on it.

    But for ``areas.counted``: to an area without households nothing applies.
    """
    return _WEIGHTS - _own_reads(rule) if rule.subject == "residential" else frozenset()


def _own_reads(rule: Rule[Options]) -> set[str]:
    """Return what a rule looks at by its measure, filter and options."""
    found = {*rule.spec.reads}
    table = _TABLES.get(rule.subject)
    names = {"unit_level": "level", "unit": "level"}
    found |= {f"{table}.{names.get(field, field)}" for field in rule.where if table}
    if "age_class" in rule.where:
        found |= {"areas.class_days"}
    found |= {_as_table(field) for field in _options(rule.options)}
    found |= {unread(read) for read in found if read in _FIGURES}
    parted = [read.partition(".") for read in found]
    found |= {f"{of}.{mark}" for of, _, column in parted for mark in marks_of(column)}
    if INSTITUTIONS in rule.kinds:
        found |= {"facilities.beds", "facilities.full_care"}
    if rule.spec.account:
        found |= set(ACCOUNT_READS)
    return found


def _as_table(field: str) -> str:
    """Return a column of a layer as one of the judged tables; typed figures are one table."""
    layer, _, column = field.partition(".")
    return f"{_TABLES[layer]}.{column}" if layer in _TABLES else layer


def _filter(clause: Clause) -> Iterator[str]:
    for field in clause.where:
        if clause.subject in {"residential", "units"}:
            yield f"{clause.subject}.{_WHERE.get(field, field)}"


def over_units(options: Options) -> bool:
    """Return whether all that is added up are columns of the units, not of the facilities."""
    fields = option_fields(type(options)).items()
    sources = {getattr(options, name) for name, field in fields if field.form == "source"} - {""}
    return bool(sources) and all("." in source for source in sources)


def _base(clause: Clause) -> Iterator[str]:
    """Yield what a quota is counted from: people, dwellings planned, dwellings built."""
    classes = set(clause.where.get("age_class", ("existing", "new")))
    if clause.unit == "m2/1000p":
        if classes & _STANDING:
            yield "residential.population"
        if classes - _STANDING:
            yield "residential.population_planned"
        return
    if classes & _STANDING:
        yield "residential.households"
    if classes - _STANDING:
        yield "residential.households_planned"


def _options(options: Options) -> Iterator[str]:
    """Yield ``layer.column`` of what the options that are given make a measure read."""
    for name, field in option_fields(type(options)).items():
        given = getattr(options, name)
        if not given:
            continue
        for read in field.reads:
            layer, _, column = read.partition(".")
            if column != "*":
                yield read
            else:
                named = [given] if isinstance(given, str) else given
                yield from (one if "." in one else f"{layer}.{one}" for one in named)
