"""Scenarios: named changes over a standard, never edits of it."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lifecircle.model.rules.clause import ChangedTerm
from lifecircle.standards.clauses import raw_clause, read_clause
from lifecircle.standards.mistakes import Mistake, Place, stop_at, unknown
from lifecircle.standards.options import check_named_clauses
from lifecircle.standards.raw import RawTable, load_toml

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

    from lifecircle.model.rules.clause import Clause, Standard

__all__ = ["apply_scenario", "changed_terms", "read_scenario"]

_WHOLE = ("value", "comparison", "kinds", "official", "deadline", "expires", "reference")
_INSIDE = ("where", "options", "readings")
_CHANGEABLE = (*_WHOLE, *(f"{key}.<name>" for key in _INSIDE))


def read_scenario(path: str | Path, language: str = "zh") -> tuple[str, dict[str, Any]]:
    """Return the name and the changes of a scenario file, for :func:`apply_scenario`.

    The file is TOML: ``name = "…"`` and a table ``set`` of path → value, as in
    ``set = { "JX-03.value" = 20 }``.

    Raises
    ------
    StandardError
        The file cannot be read, or is no scenario; every reason at once.
    """
    file, mistakes = Path(path), list[Mistake]()
    loaded = load_toml(file, mistakes)
    stop_at(mistakes, str(path), language)
    raw = RawTable(loaded or {}, Place(file.name), mistakes)
    raw.accept(("name", "set"))
    name, changes = raw.text("name"), raw.table("set", required=True)
    if isinstance(raw.raw.get("set"), dict) and not changes.raw:
        raw.blame("scenario_empty", "set")
    stop_at(mistakes, str(path), language)
    return name, dict(_paths(changes.raw))


def _paths(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Yield dotted path → value; TOML nests ``JX-03.value = 20`` where the path is not quoted."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _paths(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value


def apply_scenario(
    standard: Standard, changes: Mapping[str, Any], name: str, language: str = "zh"
) -> Standard:
    """Return a copy of ``standard`` with ``changes`` made and ``scenario`` set to ``name``.

    Parameters
    ----------
    changes
        Path → new value as in a TOML file. A path is the clause's id and one of ``value`` (of
        every version that has one), ``comparison``, ``kinds``, ``official``, ``deadline``,
        ``expires``, ``reference``, ``options.<name>``, ``readings.<id>``, ``where.<field>``. The
        document's own words (title, section, quote, force, references) are never changed.

    Raises
    ------
    StandardError
        A path leads nowhere, or the standard would no longer be sound; every reason at once.
    """
    mistakes: list[Mistake] = []
    tables: dict[str, dict[str, Any]] = {}
    for path, value in changes.items():
        clause_id, _, key = path.partition(".")
        if clause_id not in standard.clauses:
            mistakes.append(unknown("clause_unknown", Place(name), clause_id, standard.clauses))
            continue
        table = tables.setdefault(clause_id, raw_clause(standard.clauses[clause_id]))
        mistakes.extend(_change(table, key, value, Place(name, clause_id)))
    clauses = dict(standard.clauses)
    for clause_id, table in tables.items():
        raw = RawTable(table, Place(name, clause_id), mistakes)
        original = clauses[clause_id].published or clauses[clause_id]
        read = read_clause(clause_id, raw, original.standard)
        read = dataclasses.replace(read, replaces=original.replaces)
        changed = dataclasses.replace(read, published=original)
        clauses[clause_id] = original if read == original else changed
    for clause_id in tables:
        place = Place(name, clause_id)
        mistakes.extend(check_named_clauses(clauses[clause_id], place, clauses))
    stop_at(mistakes, name, language)
    return dataclasses.replace(standard, clauses=clauses, scenario=name)


def changed_terms(clause: Clause, day: dt.date) -> tuple[ChangedTerm, ...]:
    """Return what a scenario asks of a clause on ``day`` otherwise than the document; () if none.

    Terms are named as in a scenario file; several values stand as one text, joined by ``;``.
    """
    if clause.published is None:
        return ()
    before, after = (_terms(one, day) for one in (clause.published, clause))
    return tuple(
        ChangedTerm(term, before.get(term), after.get(term))
        for term in dict.fromkeys((*before, *after))
        if before.get(term) != after.get(term)
    )


def _terms(clause: Clause, day: dt.date) -> dict[str, float | str]:
    """Return every term of a clause that a scenario may change → what it says on ``day``."""
    table, version = raw_clause(clause), clause.version_on(day)
    found: dict[str, float | str] = {}
    if version is not None and version.value is not None:
        found["value"] = version.value
    for key in _WHOLE[1:]:
        if key in table:
            found[key] = _told(table[key])
    for outer in _INSIDE:
        found |= {f"{outer}.{key}": _told(value) for key, value in table.get(outer, {}).items()}
    return found


def _told(value: Any) -> float | str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return float(value)
    return ";".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _change(table: dict[str, Any], key: str, value: Any, place: Place) -> list[Mistake]:
    """Write ``value`` at ``key`` of a clause's table; return what forbids it."""
    outer, _, inner = key.partition(".")
    if key == "value":
        numbered = [version for version in table["versions"] if "value" in version]
        for version in numbered:
            version["value"] = value
        return [] if numbered else [Mistake("value_without_comparison", place.at(key))]
    if key in _WHOLE:
        table[key] = value
    elif outer in _INSIDE and inner:
        table[outer] = {**table.get(outer, {}), inner: value}
    else:
        return [unknown("scenario_key", place, key, _CHANGEABLE)]
    return []
