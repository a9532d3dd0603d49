"""One clause: its TOML table checked field by field and turned into a ``Clause``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lifecircle.model.dictionary import INSTITUTIONS, REACH_GROUPS, group_kinds, is_group
from lifecircle.model.finding import BASES
from lifecircle.model.rules.clause import Clause, Reference, Version
from lifecircle.model.rules.measures import MEASURES, MeasureSpec, bases_of
from lifecircle.model.rules.needs import over_units
from lifecircle.model.rules.options import Options
from lifecircle.model.rules.own_checks import is_own_check
from lifecircle.model.status import AgeClass, Setting
from lifecircle.standards.mistakes import Mistake, shown
from lifecircle.standards.options import UNIT_CODE, asked_kinds, raw_options, read_options
from lifecircle.standards.readings import needed_readings, readings

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from lifecircle.standards.raw import RawTable

__all__ = [
    "CATEGORIES",
    "CLAUSE_ID",
    "CLAUSE_KEYS",
    "FILTERS",
    "OPERATORS",
    "REFERENCE_KINDS",
    "raw_clause",
    "read_clause",
]

CLAUSE_KEYS = (
    "title",
    "section",
    "quote",
    "category",
    "force",
    "measure",
    "subject",
    "where",
    "kinds",
    "comparison",
    "unit",
    "options",
    "readings",
    "official",
    "deadline",
    "expires",
    "reference",
    "overrides",
    "repeats",
    "versions",
)
CATEGORIES = ("SP", "PR", "AC", "CB", "AS", "ST", "FQ", "SV", "DS")
REFERENCE_KINDS = ("policy", "regulation", "standard", "practice")
CLAUSE_ID = re.compile(r"[A-Z]{2,6}-\d{2,3}[a-z]?")
"""What a clause's id looks like."""
OPERATORS = (">=", ">", "<=", "<", "=")
FILTERS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "residential": {"age_class": tuple(AgeClass), "setting": tuple(Setting)},
    "units": {
        "unit_type": ("street", "town", "township", "special", "community", "village"),
        "unit_level": ("township", "community"),
        "unit": (),
        "setting": tuple(Setting),
    },
}
"""Subject → what its filter may ask for: field → the words it takes; none: codes of units."""
_PERCENT = 100.0


def read_clause(name: str, raw: RawTable, standard: str) -> Clause:
    """Return the clause ``name``; what is wrong with it goes to the table's mistakes.

    A clause with mistakes is returned with harmless values in their place, never to be judged.
    """
    raw.accept(CLAUSE_KEYS)
    if not CLAUSE_ID.fullmatch(name) or is_own_check(name):
        raw.mistakes.append(Mistake("clause_id", raw.place, {"value": shown(name)}))
    measure = raw.choice("measure", MEASURES) or ""
    spec = MEASURES.get(measure)
    subject, unit = _subject_and_unit(raw, spec)
    comparison = _comparison(raw, spec)
    where = _where(raw, subject or (spec.subject if spec else ""))
    versions = _versions(raw, unit, numbered=comparison is not None)
    options = read_options(raw.table("options"), spec) if spec else Options()
    quoted = any(ref.verified for version in versions for ref in version.references)
    return Clause(
        id=name,
        title=raw.words("title"),
        section=raw.text("section"),
        quote=raw.text("quote", required=quoted or not versions),
        category=raw.choice("category", CATEGORIES) or "",
        force=raw.text("force"),
        measure=measure,
        subject=subject,
        unit=unit,
        versions=versions,
        comparison=comparison,
        where=where,
        kinds=_kinds(raw, spec),
        options=options,
        readings=_readings(raw, "" if over_units(options) else measure, where),
        official=_official(raw, spec),
        deadline=raw.date("deadline"),
        expires=raw.date("expires"),
        reference=raw.flag("reference"),
        repeats=raw.text("repeats", required=False),
        standard=standard,
    )


def _subject_and_unit(raw: RawTable, spec: MeasureSpec | None) -> tuple[str, str]:
    subject, unit = raw.text("subject"), raw.text("unit")
    if spec:
        asked = (("subject", subject, (spec.subject,)), ("unit", unit, spec.units))
        for key, value, allowed in asked:
            if value and value not in allowed:
                _refuse(raw, key, value, spec.name, sorted(allowed))
    return subject, unit


def _refuse(raw: RawTable, key: str, value: str, measure: str, allowed: list[str]) -> None:
    raw.blame("not_for_measure", key, value=shown(value), measure=measure, allowed=allowed)


def _comparison(raw: RawTable, spec: MeasureSpec | None) -> str | None:
    numbered = () if spec is None else spec.numbered
    comparison = raw.choice("comparison", OPERATORS, required=bool(numbered))
    if spec and comparison and numbered and comparison not in numbered:
        _refuse(raw, "comparison", comparison, spec.name, list(numbered))
    return comparison


def _official(raw: RawTable, spec: MeasureSpec | None) -> str | None:
    """Return the basis of the official rate: one that the measure has, else nothing decides."""
    basis = raw.choice("official", BASES, required=spec is not None and spec.yes_no)
    if spec and spec.yes_no and basis and basis not in bases_of(spec):
        _refuse(raw, "official", basis, spec.name, list(bases_of(spec)))
    return basis


def _where(raw: RawTable, subject: str) -> dict[str, tuple[str, ...]]:
    below = raw.table("where")
    fields = FILTERS.get(subject, {})
    if subject:  # else nobody knows what it may say: the missing subject is told
        below.accept(fields)
    found = {
        key: below.texts(key, allowed or None) for key, allowed in fields.items() if key in below
    }
    for code in found.get("unit", ()):
        if not UNIT_CODE.fullmatch(code):
            below.blame("unit_code", "unit", value=shown(code))
    return found


def _kinds(raw: RawTable, spec: MeasureSpec | None) -> tuple[str, ...]:
    groups = [kind for group in REACH_GROUPS for kind in group_kinds(group)]
    found = raw.texts("kinds", [*asked_kinds(), INSTITUTIONS, *groups])
    if len(found) > 1 and any(is_group(kind) for kind in found):
        raw.blame("kinds_group", "kinds")
    if spec and spec.of_kinds and "kinds" not in raw:
        raw.blame("key_missing", "kinds")
    return found


def _readings(raw: RawTable, measure: str, where: Iterable[str]) -> dict[str, str]:
    below, found = raw.table("readings"), needed_readings(measure, where)
    below.accept(readings())
    for name, spec in readings().items():
        choice = below.choice(name, spec.choices, required=False)
        if choice is not None:
            found[name] = choice
    return {name: found[name] for name in readings() if name in found}


def _versions(raw: RawTable, unit: str, *, numbered: bool) -> tuple[Version, ...]:
    rows = raw.tables("versions")
    if not rows and ("versions" not in raw or raw.raw["versions"] == []):
        raw.blame("versions_missing", "versions")
    found, before = [], None
    for row in rows:
        row.accept(("valid_from", "value", "repealed", "note", "deadline", "references"))
        start, repealed = row.date("valid_from", required=True), row.flag("repealed")
        value = row.number("value")
        _check_value(row, value, unit, numbered=numbered, repealed=repealed)
        if start and before and start <= before:
            row.blame("versions_order", "valid_from", value=str(start), before=str(before))
        note = row.text("note", required=False)
        references = _references(row)
        if start:
            deadline = row.date("deadline")
            found.append(Version(start, value, references, repealed, note, deadline))
            before = start
    return tuple(found)


def _check_value(
    row: RawTable, value: float | None, unit: str, *, numbered: bool, repealed: bool
) -> None:
    wanted = numbered and not repealed
    if wanted and "value" not in row:
        row.blame("value_missing", "value")
    elif "value" in row and repealed:
        row.blame("value_repealed", "value")
    elif "value" in row and not wanted:
        row.blame("value_without_comparison", "value")
    elif value is not None and unit == "%" and value > _PERCENT:
        row.blame("percent_range", "value", value=value)


def _references(row: RawTable) -> tuple[Reference, ...]:
    rows = row.tables("references")
    if not rows and ("references" not in row or row.raw["references"] == []):
        row.blame("reference_missing", "references")
    found = []
    for below in rows:
        below.accept(("title", "clause", "href", "kind", "verified"))
        found.append(
            Reference(
                title=below.text("title"),
                clause=below.text("clause"),
                href=below.text("href", required=False),
                kind=below.choice("kind", REFERENCE_KINDS, required=False) or "policy",
                verified=below.flag("verified", default=True),
            )
        )
    return tuple(found)


def raw_clause(clause: Clause) -> dict[str, Any]:
    """Return a clause as the table it was read from, so that a changed copy can be read again."""
    table: dict[str, Any] = {
        "title": dict(clause.title),
        "section": clause.section,
        "quote": clause.quote,
        "category": clause.category,
        "force": clause.force,
        "measure": clause.measure,
        "subject": clause.subject,
        "unit": clause.unit,
        "where": {key: list(values) for key, values in clause.where.items()},
        "kinds": list(clause.kinds),
        "comparison": clause.comparison,
        "options": raw_options(clause.options),
        "readings": dict(clause.readings),
        "official": clause.official,
        "deadline": clause.deadline,
        "expires": clause.expires,
        "reference": clause.reference,
        "repeats": clause.repeats or None,
        "versions": [_raw_version(version) for version in clause.versions],
    }
    return {key: value for key, value in table.items() if value not in (None, [], {})}


def _raw_version(version: Version) -> dict[str, Any]:
    start: dt.date = version.valid_from
    table: dict[str, Any] = {
        "valid_from": start,
        "repealed": version.repealed,
        "note": version.note,
        "references": [
            {name: getattr(ref, name) for name in ref.__slots__} for ref in version.references
        ],
    }
    if version.deadline is not None:
        table["deadline"] = version.deadline
    return table if version.value is None else {**table, "value": version.value}
