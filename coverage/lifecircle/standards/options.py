"""Options of a clause: each has its type, and a measure says which it takes and requires."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any

from lifecircle.model.dictionary import columns, kinds
from lifecircle.model.rules.options import District, Field, Options, Step, option_fields
from lifecircle.standards.mistakes import Mistake, shown, unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from lifecircle.model.rules.clause import Clause
    from lifecircle.model.rules.measures import MeasureSpec
    from lifecircle.standards.mistakes import Place
    from lifecircle.standards.raw import RawTable

__all__ = [
    "HIGHEST_STAR",
    "LISTS",
    "UNIT_CODE",
    "asked_kinds",
    "check_named_clauses",
    "known_words",
    "raw_options",
    "read_options",
    "renamed_clauses",
]

HIGHEST_STAR = 5
_ALL = 100.0
LISTS = frozenset({"texts", "clauses", "cited", "flags", "kinds", "districts", "steps"})
"""Forms of an option that is a list."""
UNIT_CODE = re.compile(r"\d{9}(?:\d{3})?")
"""A street's or town's code, or a community's."""


def asked_kinds() -> tuple[str, ...]:
    """Return the kinds that a clause may ask for; 助餐, which may be one, is none of them."""
    return tuple(key for key, kind in kinds().items() if not kind.perhaps)


def known_words(field: Field) -> tuple[str, ...] | None:
    """Return the closed list that an option is out of; None: any text, or no text at all."""
    if field.form == "choice":
        return field.choices
    if field.form == "kinds":
        return asked_kinds()
    if field.form == "source":
        units = (f"units.{c.name}" for c in columns("units").values() if c.type in _NUMBERS)
        own = (c.name for c in columns("facilities").values() if c.type in _NUMBERS)
        return (*own, *(name for name in units if name.partition(".")[2] not in _PLACE))
    if field.form not in _COLUMNS:
        return None
    layer, types = _COLUMNS[field.form]
    return tuple(c.name for c in columns(layer).values() if c.type in types)


_NUMBERS = frozenset({"number", "integer"})
_PLACE = frozenset({"lon", "lat"})
_COLUMNS: Mapping[str, tuple[str, frozenset[str]]] = {
    "flags": ("facilities", frozenset({"bool"})),
    "unit_figure": ("units", frozenset({"number"})),
}
"""Form of an option → the layer, and the types of the columns it may name."""


def _text(raw: RawTable, key: str, field: Field) -> str | None:
    known = known_words(field)
    return raw.text(key) if known is None else raw.choice(key, known)


def _texts(raw: RawTable, key: str, field: Field) -> tuple[str, ...]:
    return raw.texts(key, known_words(field))


def _districts(raw: RawTable, key: str) -> tuple[District, ...]:
    """Return service districts: each unit in one of them only."""
    found, seen = [], set[str]()
    for row in raw.tables(key):
        row.accept(("name", "host", "units", "host_unit"))
        units = row.texts("units")
        for code in units:
            if not UNIT_CODE.fullmatch(code):
                row.blame("unit_code", "units", value=shown(code))
            elif code in seen:
                row.blame("unit_twice", "units", value=code)
            seen.add(code)
        seat = row.text("host_unit", required=False)
        if seat and seat not in units:
            row.blame("unit_code", "host_unit", value=shown(seat))
        found.append(District(row.text("name"), row.text("host"), units, seat))
        if "units" not in row:
            row.blame("key_missing", "units")
    return tuple(found)


def _steps(raw: RawTable, key: str) -> tuple[Step, ...]:
    """Return the steps of a schedule, each ending after the one before it."""
    found: list[Step] = []
    for row in raw.tables(key):
        row.accept(("name", "until"))
        name, until = row.text("name"), row.date("until", required=True)
        if until and found and until <= found[-1].until:
            row.blame("versions_order", "until", value=str(until), before=str(found[-1].until))
        if until:
            found.append(Step(name, until))
    return tuple(found)


def _positive(raw: RawTable, key: str) -> float | None:
    value = raw.number(key)
    if value == 0:
        raw.blame("number_positive", key)
    return value


def _star(raw: RawTable, key: str) -> int | None:
    value = raw.number(key)
    if value is not None and value not in range(1, HIGHEST_STAR + 1):
        raw.blame("star_range", key, value=shown(value))
    return None if value is None else int(value)


def _percent(raw: RawTable, key: str) -> float | None:
    value = _positive(raw, key)
    if value is not None and value > _ALL:
        raw.blame("percent_range", key, value=value)
    return value


_READERS: Mapping[str, Callable[[RawTable, str, Field], Any]] = {
    "positive": lambda raw, key, _: _positive(raw, key),
    "percent": lambda raw, key, _: _percent(raw, key),
    "flag": lambda raw, key, _: raw.flag(key),
    "star": lambda raw, key, _: _star(raw, key),
    "districts": lambda raw, key, _: _districts(raw, key),
    "steps": lambda raw, key, _: _steps(raw, key),
    **dict.fromkeys(("text", "clause", "choice", "source", "unit_figure"), _text),
    **dict.fromkeys(LISTS - {"districts", "steps"}, _texts),
}
"""How an option is written (``Field.form``) to what reads it."""

_NAMING = {"clause", "clauses"}
_RENAMED = {*_NAMING, "cited"}


def read_options(raw: RawTable, spec: MeasureSpec) -> Options:
    """Return the options a clause gives its measure, checked by type and completeness.

    What is missing or wrong has harmless values in its place.
    """
    fields = option_fields(spec.options)
    raw.accept(sorted(fields))
    required = {f.name for f in dataclasses.fields(spec.options) if _must_be_given(f)}
    for key in sorted(required - raw.raw.keys()):
        raw.blame("key_missing", key)
    known = {
        key: _READERS[fields[key].form](raw, key, fields[key]) for key in raw.raw if key in fields
    }
    lacking = {key: () if fields[key].form in LISTS else "" for key in required}
    return spec.options(**{**lacking, **{k: v for k, v in known.items() if v is not None}})


def _must_be_given(field: dataclasses.Field[Any]) -> bool:
    missing = dataclasses.MISSING
    return field.default is missing and field.default_factory is missing


def raw_options(options: Options) -> dict[str, Any]:
    """Return options as the table they were read from."""
    return {key: _plain(value) for key, value in options.given.items()}


def _plain(value: Any) -> Any:
    """Return a value as TOML has it: tuples as lists, districts and steps as tables."""
    if isinstance(value, District | Step):
        told = {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return {name: one for name, one in told.items() if one != ""}
    return [_plain(inner) for inner in value] if isinstance(value, tuple) else value


def check_named_clauses(
    clause: Clause, place: Place, clauses: Mapping[str, Clause]
) -> list[Mistake]:
    """Return a mistake for every clause that ``clause`` names and that cannot be meant."""
    mistakes = []
    for key, field in _naming(clause.options).items():
        given = getattr(clause.options, key)
        for name in (given,) if isinstance(given, str) else given or ():
            if not name:
                continue
            at = place.at(f"options.{key}")
            named = clauses.get(name)
            if named is None or name == clause.id:
                others = [other for other in clauses if other != clause.id]
                mistakes.append(unknown("clause_unknown", at, name, others))
            elif _is_unfit(named, field):
                params = {"value": name, "measure": named.measure}
                mistakes.append(Mistake("clause_unfit", at, params))
    return mistakes


def _is_unfit(named: Clause, field: Field) -> bool:
    """Return whether a clause that is named is of another kind than can be meant.

    Of one whose subject or measure is missing or misspelt nobody knows yet; that is told itself.
    """
    if not (named.measure and named.subject):
        return False
    return named.subject != "residential" or bool(field.measure and named.measure != field.measure)


def _naming(options: Options, forms: Collection[str] = _NAMING) -> dict[str, Field]:
    """Return the options that name clauses, and how."""
    fields = option_fields(type(options)).items()
    return {key: field for key, field in fields if field.form in forms}


def renamed_clauses(options: Options, instead: Mapping[str, Sequence[str]]) -> Options:
    """Return ``options`` with the clauses they name replaced by those that stand in for them.

    One name cannot become several: it is left, for :func:`check_named_clauses` to find.
    """
    change: dict[str, Any] = {}
    for key in _naming(options, _RENAMED):
        given = getattr(options, key)
        if isinstance(given, str):
            others = instead.get(given, [given])
            change[key] = others[0] if len(others) == 1 else given
        elif given:
            change[key] = tuple(other for name in given for other in instead.get(name, [name]))
    return dataclasses.replace(options, **change) if change else options
