"""Options of a clause: each has its type, and a measure says which it takes and requires."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lifecircle.model.dictionary import columns, kinds
from lifecircle.standards.mistakes import Mistake, shown, unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lifecircle.model.rules.clause import Clause, MeasureSpec
    from lifecircle.standards.mistakes import Place
    from lifecircle.standards.raw import RawTable

__all__ = ["check_named_clauses", "read_options", "renamed_clauses"]

_HIGHEST_STAR = 5
_UNIT = re.compile(r"\d{9}(?:\d{3})?")


def _bool_columns(raw: RawTable, key: str) -> tuple[str, ...]:
    return raw.texts(key, [c.name for c in columns("facilities").values() if c.type == "bool"])


def _unit_column(raw: RawTable, key: str) -> str | None:
    return raw.choice(key, [c.name for c in columns("units").values() if c.type == "number"])


def _districts(raw: RawTable, key: str) -> tuple[dict[str, Any], ...]:
    """Return service districts: each unit in one of them only."""
    found, seen = [], set[str]()
    for row in raw.tables(key):
        row.accept(("name", "host", "units"))
        units = row.texts("units")
        for code in units:
            if not _UNIT.fullmatch(code):
                row.blame("unit_code", "units", value=shown(code))
            elif code in seen:
                row.blame("unit_twice", "units", value=code)
            seen.add(code)
        found.append({"name": row.text("name"), "host": row.text("host"), "units": units})
        if "units" not in row:
            row.blame("key_missing", "units")
    return tuple(found)


def _number_column(raw: RawTable, key: str) -> str | None:
    numeric = [c.name for c in columns("facilities").values() if c.type in {"number", "integer"}]
    return raw.choice(key, numeric)


def _positive(raw: RawTable, key: str) -> float | None:
    value = raw.number(key)
    if value == 0:
        raw.blame("number_positive", key)
    return value


def _star(raw: RawTable, key: str) -> int | None:
    value = raw.number(key)
    if value is not None and value not in range(1, _HIGHEST_STAR + 1):
        raw.blame("star_range", key, value=shown(value))
    return None if value is None else int(value)


_READERS: Mapping[str, Callable[[RawTable, str], Any]] = {
    "minimum_m2": _positive,
    "sharing": lambda raw, key: raw.choice(key, ("none", "recorded")),
    "sharing_radius_m": _positive,
    "approved_between": lambda raw, key: raw.text(key),
    "quota": lambda raw, key: raw.text(key),
    "qualified": lambda raw, key: raw.flag(key),
    "clauses": lambda raw, key: raw.texts(key),
    "clauses_without_quota": lambda raw, key: raw.texts(key),
    "of_clauses": lambda raw, key: raw.texts(key),
    "star_at_least": _star,
    "tenure": lambda raw, key: raw.texts(key),
    "field": _number_column,
    "numerator": _number_column,
    "denominator": _number_column,
    "all_of": _bool_columns,
    "any_of": _bool_columns,
    "near_kinds": lambda raw, key: raw.texts(key, [*kinds()]),
    "within_m": _positive,
    "districts": _districts,
    "demand": _unit_column,
    "indicators": lambda raw, key: raw.texts(key),
    "items": lambda raw, key: raw.texts(key),
    "civil_affairs": lambda raw, key: raw.flag(key),
}
_NAMED_CLAUSES: Mapping[str, str] = {
    "approved_between": "provision",
    "quota": "provision",
    "clauses": "",
    "clauses_without_quota": "",
    "of_clauses": "",
}
"""Options that name clauses → the measure those must have; blank: any that judges areas."""


def read_options(raw: RawTable, spec: MeasureSpec) -> dict[str, Any]:
    """Return the options a clause gives its measure, checked by type and completeness."""
    raw.accept(sorted(spec.options))
    for key in sorted(spec.required - raw.raw.keys()):
        raw.blame("key_missing", key)
    known = {key: _READERS[key](raw, key) for key in raw.raw if key in spec.options}
    return {key: value for key, value in known.items() if value is not None}


def check_named_clauses(
    clause: Clause, place: Place, clauses: Mapping[str, Clause]
) -> list[Mistake]:
    """Return a mistake for every clause that ``clause`` names and that cannot be meant."""
    mistakes = []
    for key, measure in _NAMED_CLAUSES.items():
        given = clause.options.get(key, ())
        for name in (given,) if isinstance(given, str) else given:
            at = place.at(f"options.{key}")
            named = clauses.get(name)
            if named is None or name == clause.id:
                others = [other for other in clauses if other != clause.id]
                mistakes.append(unknown("clause_unknown", at, name, others))
            elif named.subject != "residential" or (measure and named.measure != measure):
                params = {"value": name, "measure": named.measure or "?"}
                mistakes.append(Mistake("clause_unfit", at, params))
    return mistakes


def renamed_clauses(
    options: Mapping[str, Any], instead: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """Return ``options`` with the clauses they name replaced by those that stand in for them.

    One name cannot become several: it is left, for :func:`check_named_clauses` to find.
    """
    found = dict(options)
    for key in _NAMED_CLAUSES.keys() & options.keys():
        given = options[key]
        if isinstance(given, str):
            others = instead.get(given, [given])
            found[key] = others[0] if len(others) == 1 else given
        else:
            found[key] = tuple(other for name in given for other in instead.get(name, [name]))
    return found
