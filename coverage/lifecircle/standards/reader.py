"""Reading a standard: from the library or a user's file, checked whole, with what it inherits."""

from __future__ import annotations

import dataclasses
import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lifecircle.errors import StandardError, UnknownNameError
from lifecircle.model.rules.clause import Standard
from lifecircle.sources.rule_sheet import read_rule_sheet
from lifecircle.standards.clauses import raw_clause, read_clause
from lifecircle.standards.mistakes import Mistake, Place, stop_at, unknown
from lifecircle.standards.options import check_named_clauses, renamed_clauses
from lifecircle.standards.raw import RawTable, load_toml

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from importlib.resources.abc import Traversable

    from lifecircle.model.rules.clause import Clause

__all__ = ["check_standard", "clauses_in_force", "library", "read_standard"]

STANDARD_KEYS = (
    "id",
    "title",
    "issuer",
    "number",
    "county",
    "issued",
    "undated",
    "compared_on",
    "source",
    "inherits",
    "take",
    "as_reference",
    "headline",
    "clauses",
)
_COUNTY = re.compile(r"\d{6}")
_OWN_FILES = (".toml", ".xlsx")
_OWN_WORDS = {"section", "quote", "force", "versions", "deadline", "expires", "repeats"}
"""What a clause never takes from the one it overrides: the document's own words, figures, dates."""


def library() -> tuple[str, ...]:
    """Return the ids of the standards that ship with the package, in order."""
    names = (entry.name for entry in (files("lifecircle.standards") / "library").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def read_standard(source: str | Path, language: str = "zh") -> Standard:
    """Return a standard of the library, or of a TOML file of the user's.

    Parameters
    ----------
    source
        An id as in :func:`library`, or a path: a ``Path``, or a text that ends in ``.toml`` or
        holds a path separator.
    language
        Language of the mistakes, ``zh`` or ``en``.

    Raises
    ------
    StandardError
        The file says something it may not say; ``mistakes`` holds every reason.
    UnknownNameError
        ``source`` is neither an id of the library nor a path.
    """
    if isinstance(source, str) and source in library():
        return _shipped(source, language)
    return _sound(source, language)


@cache
def _shipped(name: str, language: str) -> Standard:
    """Return a standard of the library: read once, since it never changes."""
    return _sound(name, language)


def _sound(source: str | Path, language: str) -> Standard:
    mistakes: list[Mistake] = []
    standard = _read(_locate(source, None), mistakes, ())
    stop_at(mistakes, str(source), language)
    if standard is None:  # pragma: no cover - without a standard there is a mistake
        raise StandardError(str(source))
    return standard


def check_standard(source: str | Path, language: str = "zh") -> tuple[str, ...]:
    """Return the mistakes of a standard as lines in ``language``; none where it is sound.

    Raises
    ------
    UnknownNameError
        As :func:`read_standard`.
    """
    try:
        read_standard(source, language)
    except StandardError as error:
        return error.mistakes
    return ()


def clauses_in_force(standard: Standard, as_of: dt.date) -> tuple[Clause, ...]:
    """Return the clauses that have a version in force on ``as_of``, in the document's order."""
    return tuple(c for c in standard.clauses.values() if c.version_on(as_of) is not None)


def _locate(source: str | Path, folder: Path | None) -> Traversable:
    """Return the file of an id or path; a relative path is taken from ``folder``."""
    text = str(source)
    if isinstance(source, str) and not text.endswith(_OWN_FILES) and not re.search(r"[\\/]", text):
        if text not in library():
            raise UnknownNameError("standard", text, library())
        return files("lifecircle.standards") / "library" / f"{text}.toml"
    return (folder or Path()) / text


def _read(file: Traversable, mistakes: list[Mistake], chain: tuple[str, ...]) -> Standard | None:
    """Read one file and what it inherits; ``chain`` holds the files that led here."""
    sheet = file.name.endswith(".xlsx")
    loaded = _load_sheet(file, mistakes) if sheet else load_toml(file, mistakes)
    if loaded is None:
        return None
    raw = RawTable(loaded, Place(file.name), mistakes)
    raw.accept(STANDARD_KEYS)
    name = raw.text("id")
    base = _base(raw, file, (*chain, str(file)))
    own, instead = _own_clauses(raw, name, base)
    clauses = {**_kept(base, instead, raw), **own}
    for beside in raw.texts("as_reference", {} if base is None else base.clauses):
        if beside in clauses:
            clauses[beside] = dataclasses.replace(clauses[beside], reference=True)
    for clause in clauses.values():
        place = Place(file.name, clause.id)
        mistakes.extend(check_named_clauses(clause, place, clauses))
        if clause.standard == name:
            mistakes.extend(_check_cited(clause, place, clauses))
    overridden = _overridden(base, instead, clauses)
    clauses = {name: _standing_in(clause, overridden) for name, clause in clauses.items()}
    headline = _headline(raw, clauses, base, instead)
    county = raw.text("county")
    if county and not _COUNTY.fullmatch(county):
        raw.blame("county_code", "county", value=county)
    issued, compared = raw.date("issued", required=True), raw.date("compared_on", required=True)
    title, issuer, number = raw.words("title"), raw.text("issuer"), raw.text("number")
    if issued is None or compared is None:
        return None
    return Standard(
        id=name,
        title=title,
        issuer=issuer,
        number=number,
        county=county,
        issued=issued,
        compared_on=compared,
        clauses=clauses,
        inherits=None if base is None else base.id,
        headline=headline,
        source=raw.text("source", required=False),
        undated=raw.flag("undated"),
        overridden=overridden,
    )


def _check_cited(clause: Clause, place: Place, clauses: Mapping[str, Clause]) -> list[Mistake]:
    """Return a mistake for every clause repeated or cited that is not there, or is itself."""
    others = [name for name in clauses if name != clause.id]
    named = [("repeats", clause.repeats)] if clause.repeats else []
    named += [("options.see", name) for name in getattr(clause.options, "see", ())]
    return [
        unknown("clause_unknown", place.at(key), name, others)
        for key, name in named
        if name not in others
    ]


def _overridden(
    base: Standard | None, instead: Mapping[str, Sequence[str]], clauses: Mapping[str, Clause]
) -> dict[str, tuple[Clause, tuple[str, ...]]]:
    """Return the clauses of the base that others stand in for, and those of the base's base."""
    if base is None:
        return {}
    found = {
        name: (clause, tuple(instead[name]))
        for name, clause in base.clauses.items()
        if name in instead and name not in clauses
    }
    below = {
        name: (clause, tuple(other for own in names for other in instead.get(own, [own])))
        for name, (clause, names) in base.overridden.items()
    }
    return {**below, **found}


def _standing_in(
    clause: Clause, overridden: Mapping[str, tuple[Clause, tuple[str, ...]]]
) -> Clause:
    """Return a clause that knows which of the base it stands in for."""
    below = tuple(name for name, (_, own) in overridden.items() if clause.id in own)
    return dataclasses.replace(clause, replaces=below) if below else clause


def _headline(
    raw: RawTable,
    clauses: Mapping[str, Clause],
    base: Standard | None,
    instead: Mapping[str, Sequence[str]],
) -> str | None:
    """Return the clause whose verdict stands for an area: the file's own, else the inherited."""
    headline = raw.text("headline", required=False) or None
    if headline is None and base is not None and base.headline is not None:
        inherited = instead.get(base.headline, [base.headline])[0]
        headline = inherited if inherited in clauses else None  # it may not have been taken
    if headline is not None and headline not in clauses:
        at = raw.place.at("headline")
        raw.mistakes.append(unknown("clause_unknown", at, headline, clauses))
    return headline


def _load_sheet(file: Traversable, mistakes: list[Mistake]) -> dict[str, Any] | None:
    try:
        return read_rule_sheet(Path(str(file)))
    except OSError:
        mistakes.append(Mistake("file_missing", Place(str(file))))
    except ValueError as error:
        mistakes.append(Mistake("sheet", Place(file.name), {"detail": str(error)}))
    return None


def _base(raw: RawTable, file: Traversable, chain: tuple[str, ...]) -> Standard | None:
    name = raw.text("inherits", required=False)
    if not name:
        return None
    folder = file.parent if isinstance(file, Path) else None
    try:
        base = _locate(name, folder)
    except UnknownNameError as error:
        at = raw.place.at("inherits")
        raw.mistakes.append(unknown("standard_unknown", at, name, error.known))
        return None
    if _same(base, chain):
        names = [Path(link).name for link in (*chain, str(base))]
        raw.blame("inherits_cycle", "inherits", chain=" → ".join(names))
        return None
    return _read(base, raw.mistakes, chain)


def _same(file: Traversable, chain: tuple[str, ...]) -> bool:
    return any(Path(str(file)).resolve() == Path(link).resolve() for link in chain)


def _own_clauses(
    raw: RawTable, name: str, base: Standard | None
) -> tuple[dict[str, Clause], dict[str, list[str]]]:
    """Return the file's own clauses, and clause of the base → those that stand in for it."""
    own: dict[str, Clause] = {}
    instead: dict[str, list[str]] = {}
    borrowing = set[str]()
    table = raw.table("clauses", required=True)
    if "clauses" in raw and not table.raw:
        raw.blame("table_empty", "clauses")
    for clause_id in table.raw:
        below = table.table(clause_id)
        below.place = Place(raw.place.file, clause_id)
        if not isinstance(table.raw[clause_id], dict):
            continue
        replaced = below.text("overrides", required=False)
        if base is not None and replaced in base.clauses:
            borrows = "options" not in below
            below.raw = _filled(below.raw, base.clauses[replaced])
            if borrows:
                borrowing.add(clause_id)
        own[clause_id] = read_clause(clause_id, below, name)
        if not replaced:
            continue
        if base is None:
            below.blame("overrides_without_base", "overrides", value=replaced)
        elif replaced not in base.clauses:
            at = below.place.at("overrides")
            raw.mistakes.append(unknown("clause_unknown", at, replaced, base.clauses))
        instead.setdefault(replaced, []).append(clause_id)
    others = {name: [name] for name in own} | instead
    for clause_id in borrowing:  # options it took name clauses of the base
        clause = own[clause_id]
        options = renamed_clauses(clause.options, others)
        own[clause_id] = dataclasses.replace(clause, options=options)
    return own, others


def _filled(raw: Mapping[str, Any], replaced: Clause) -> dict[str, Any]:
    """Return a clause's table, what it leaves out taken from the clause it overrides.

    The document's own words, figures and dates are never taken; with another measure nothing is.
    """
    if raw.get("measure", replaced.measure) != replaced.measure:
        return dict(raw)
    inherited = {k: v for k, v in raw_clause(replaced).items() if k not in _OWN_WORDS}
    return {**inherited, **raw}


def _kept(
    base: Standard | None, instead: Mapping[str, Sequence[str]], raw: RawTable
) -> dict[str, Clause]:
    """Return the clauses of the base that nothing stands in for; only those of ``take`` if given.

    Where one of them names a clause that is overridden, it means the one that stands in for it:
    the province's compliance rate then is about the county's own quota.
    """
    if base is None:
        return {}
    taken = raw.texts("take", base.clauses)
    return {
        name: dataclasses.replace(
            clause,
            options=renamed_clauses(clause.options, instead),
            repeats=instead.get(clause.repeats, [clause.repeats])[0],
        )
        for name, clause in base.clauses.items()
        if name not in instead and (not taken or name in taken)
    }
