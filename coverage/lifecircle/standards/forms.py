"""Reading a form: strictly, and only if its points add up and its quotes are the rule's own."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from importlib.resources import files
from math import fsum, gcd
from pathlib import Path
from typing import TYPE_CHECKING

from lifecircle.errors import StandardError, UnknownNameError
from lifecircle.model.finding import meets
from lifecircle.model.rules.form import (
    FULL_POINTS,
    Form,
    FormColumn,
    FormGroup,
    FormItem,
    FormOption,
    FormPart,
    PartKind,
)
from lifecircle.standards.clauses import read_clause
from lifecircle.standards.mistakes import Mistake, Place, stop_at, unknown
from lifecircle.standards.raw import RawTable, load_toml
from lifecircle.standards.reader import library, read_standard

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from importlib.resources.abc import Traversable

    from lifecircle.model.rules.clause import Clause

__all__ = ["form_of", "forms", "read_form"]

_KEYS = (
    "id",
    "title",
    "heading",
    "number",
    "county",
    "standard",
    "issued",
    "compared_on",
    "source",
)
_TABLES = ("columns", "groups", "items", "clauses")
_COLUMNS = (
    "number",
    "group",
    "item",
    "points",
    "rule",
    "check",
    "responsible",
    "material",
    "score",
)
_ITEM_KEYS = ("group", "words", "points", "rule", "check", "lead", "units", "parts")
_PART_KEYS = ("id", "kind", "points", "quote", "words")
_OF_KIND: Mapping[str, tuple[str, ...]] = {
    PartKind.BOOL: ("document", "clauses"),
    PartKind.BOOL_AND: ("clauses!", "county_own"),
    PartKind.CHOICE: ("options!",),
    PartKind.RATE: ("clauses!",),
    PartKind.COUNT: ("clauses!",),
    PartKind.PER_ITEM: ("options!",),
    PartKind.TIERS: ("bands",),
    PartKind.GRADED: ("clauses",),
    PartKind.JUDGED: (),
    PartKind.VETO: ("vetoes!",),
}
"""Kind → what else its parts may say; ``!``: must say."""
_CENTS = 100
_ITEM_ID = re.compile(r"[1-9]\.[1-9]\d?")


def forms() -> tuple[str, ...]:
    """Return the ids of the forms that ship with the package, in order."""
    names = (entry.name for entry in (files("lifecircle.standards") / "forms").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def form_of(standard: str) -> str | None:
    """Return the form that belongs to a standard of the library; None without one."""
    return next((name for name in forms() if read_form(name).standard == standard), None)


def read_form(source: str | Path, language: str = "zh") -> Form:
    """Return a form of the library, or of a TOML file of the user's (a path that ends so).

    Raises
    ------
    StandardError
        The file says something it may not say; ``mistakes`` holds every reason.
    UnknownNameError
        ``source`` is neither an id of the library nor a path.
    """
    if str(source).endswith(".toml"):
        return _sound(Path(source), str(source), language)
    if source not in forms():
        raise UnknownNameError("form", str(source), forms())
    return _shipped(str(source), language)


@cache
def _shipped(name: str, language: str) -> Form:
    """Return a form of the library: read once, since it never changes."""
    return _sound(files("lifecircle.standards") / "forms" / f"{name}.toml", name, language)


def _sound(file: Traversable, source: str, language: str) -> Form:
    mistakes: list[Mistake] = []
    form = _read(file, mistakes)
    stop_at(mistakes, source, language)
    if form is None:  # pragma: no cover - without a form there is a mistake
        raise StandardError(source)
    return form


def _read(file: Traversable, mistakes: list[Mistake]) -> Form | None:
    loaded = load_toml(file, mistakes)
    if loaded is None:
        return None
    raw = RawTable(loaded, Place(file.name), mistakes)
    raw.accept((*_KEYS, *_TABLES))
    name, standard = raw.text("id"), raw.choice("standard", library()) or ""
    clauses = _clauses(raw, name)
    known = {*clauses, *(read_standard(standard).clauses if standard else ())}
    groups = tuple(_group(key, below) for key, below in _below(raw, "groups"))
    items = tuple(_item(key, below, groups, known) for key, below in _below(raw, "items"))
    _check_vetoes(raw, items)
    _check_depends(raw, items)
    items = _stepped(items)
    for group in groups:
        own = [item.points for item in items if item.group == group.id]
        _check_sum(raw, f"groups.{group.id}", own, group.points)
    _check_sum(raw, "groups", [group.points for group in groups], FULL_POINTS)
    issued, compared = raw.date("issued", required=True), raw.date("compared_on", required=True)
    if issued is None or compared is None:
        return None
    return Form(
        id=name,
        title=raw.words("title"),
        heading=raw.text("heading"),
        number=raw.text("number"),
        county=raw.text("county"),
        standard=standard,
        issued=issued,
        compared_on=compared,
        source=raw.text("source"),
        columns=tuple(_column(row) for row in raw.tables("columns")),
        groups=groups,
        items=items,
        clauses=clauses,
    )


def _below(raw: RawTable, key: str) -> Iterable[tuple[str, RawTable]]:
    """Yield the tables of a table, each named in the mistakes as a clause is."""
    table = raw.table(key, required=True)
    for name in table.raw:
        below = table.table(name)
        below.place = Place(raw.place.file, name)
        yield name, below


def _clauses(raw: RawTable, name: str) -> dict[str, Clause]:
    table = raw.table("clauses")
    found = {}
    for key in table.raw:
        below = table.table(key)
        below.place = Place(raw.place.file, key)
        found[key] = read_clause(key, below, name)
    return found


def _group(key: str, raw: RawTable) -> FormGroup:
    raw.accept(("words", "points"))
    return FormGroup(key, raw.text("words"), _points(raw))


def _column(raw: RawTable) -> FormColumn:
    raw.accept(("key", "words", "width", "above", "added"))
    return FormColumn(
        key=raw.choice("key", _COLUMNS) or "",
        words=raw.text("words"),
        width=raw.number("width") or 0.0,
        above=raw.text("above", required=False),
        added=raw.flag("added"),
    )


def _item(
    key: str, raw: RawTable, groups: Collection[FormGroup], clauses: Collection[str]
) -> FormItem:
    raw.accept(_ITEM_KEYS)
    if not _ITEM_ID.fullmatch(key):
        raw.mistakes.append(Mistake("form_id", raw.place, {"value": key}))
    rule, points = raw.text("rule"), _points(raw)
    parts = tuple(_part(row, key, rule, clauses) for row in raw.tables("parts"))
    _check_sum(raw, "parts", [part.points for part in parts], points)
    return FormItem(
        id=key,
        group=raw.choice("group", [group.id for group in groups]) or "",
        words=raw.text("words"),
        points=points,
        rule=rule,
        parts=parts,
        check=raw.texts("check"),
        lead=raw.text("lead", required=False),
        units=raw.text("units", required=False),
    )


def _part(raw: RawTable, item: str, rule: str, clauses: Collection[str]) -> FormPart:
    kind = raw.choice("kind", list(PartKind))
    extra = _OF_KIND.get(kind or "", ())
    raw.accept((*_PART_KEYS, "depends", *(key.rstrip("!") for key in extra)))
    for key in extra:
        if key.endswith("!") and key.rstrip("!") not in raw:
            raw.blame("key_missing", key.rstrip("!"))
    name, quote = raw.text("id"), raw.text("quote")
    if not re.fullmatch(rf"{re.escape(item)}[a-z]", name):
        raw.mistakes.append(Mistake("form_id", raw.place, {"value": name}))
    if quote and quote not in rule:
        raw.blame("form_quote", "quote", value=quote)
    return FormPart(
        id=name,
        kind=PartKind(kind) if kind else PartKind.JUDGED,
        points=_points(raw),
        quote=quote,
        words=raw.words("words"),
        clauses=raw.texts("clauses", clauses),
        county_own=raw.flag("county_own"),
        document=raw.text("document", required=False),
        options=tuple(_option(row) for row in raw.tables("options")),
        bands=_numbers(raw, "bands"),
        vetoes=raw.texts("vetoes"),
        depends=raw.text("depends", required=False),
    )


def _option(raw: RawTable) -> FormOption:
    raw.accept(("key", "points", "words", "also"))
    return FormOption(raw.text("key"), _points(raw), raw.words("words"), raw.texts("also"))


def _points(raw: RawTable) -> float:
    if "points" not in raw:
        raw.blame("key_missing", "points")
    return raw.number("points") or 0.0


def _numbers(raw: RawTable, key: str) -> tuple[float, ...]:
    """Return a list of points; each is read as a number of its own, so that a wrong one is told."""
    given = raw.raw.get(key, [])
    if not isinstance(given, list):
        raw.blame("type_list", key, value=str(given))
        return ()
    below = RawTable({str(n): value for n, value in enumerate(given)}, raw.place, raw.mistakes)
    return tuple(number for n in below.raw if (number := below.number(n)) is not None)


def _check_sum(raw: RawTable, key: str, points: Iterable[float], total: float) -> None:
    found = fsum(points)
    if not meets(found, "=", total):
        raw.blame("form_sum", key, found=found, total=total)


def _check_vetoes(raw: RawTable, items: Iterable[FormItem]) -> None:
    known = [part.id for item in items for part in item.parts]
    for item in items:
        for part in item.parts:
            for name in part.vetoes:
                if name not in known:
                    place = Place(raw.place.file, item.id, "vetoes")
                    raw.mistakes.append(unknown("value_unknown", place, name, known))


def _check_depends(raw: RawTable, items: Iterable[FormItem]) -> None:
    """Blame a part that depends on no part before it: a circle could never be answered."""
    known: list[str] = []
    for item in items:
        for part in item.parts:
            if part.depends and part.depends not in known:
                place = Place(raw.place.file, item.id, "depends")
                raw.mistakes.append(unknown("value_unknown", place, part.depends, known))
            known.append(part.id)


def _stepped(items: tuple[FormItem, ...]) -> tuple[FormItem, ...]:
    """Return the items with the step of the document: what divides all the points it names."""
    parts = [part for item in items for part in item.parts]
    named = [part.points for part in parts]
    named += [option.points for part in parts for option in part.options]
    named += [band for part in parts for band in part.bands]
    step = (gcd(*(round(points * _CENTS) for points in named)) or _CENTS) / _CENTS
    return tuple(
        replace(item, parts=tuple(replace(part, step=step) for part in item.parts))
        for item in items
    )
