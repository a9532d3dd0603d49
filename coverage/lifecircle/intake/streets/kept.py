"""Streets read once: what another run made of the same file is taken from the user's cache."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lifecircle.errors import LifecircleError
from lifecircle.intake.streets.lines import (
    FAR_M,
    ReadStreets,
    distance_from,
    perhaps_joined,
    streets_on,
)
from lifecircle.keeping.folder import is_on, keep, kept, key_of
from lifecircle.model.problem import Problem, ProblemCode, Severity
from lifecircle.sources.osm_file import OSM_SUFFIXES
from lifecircle.sources.raw import SourceError
from lifecircle.sources.streets.packed import BUILT_SUFFIX, contents_of, lines_of, packed_lines
from lifecircle.sources.tables.files import fingerprint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lifecircle.keeping.arrays import Arrays
    from lifecircle.model.inputs.streets import StreetLines

__all__ = ["LEAST_BYTES", "read_kept_streets"]

LEAST_BYTES = 500_000
"""Files smaller than this are read anew each time: that takes no longer than to find them kept."""
_WHOLE = (*OSM_SUFFIXES, ".graphml", ".gpkg", ".shp", ".geojson", ".fgb", ".dxf", ".kml")
"""Endings of files of which ``fingerprint`` reads all that a reader reads."""
_DATED = "dated"
"""Says under the key of a file that its streets are kept day by day."""

Found = tuple["StreetLines | None", tuple[Problem, ...], str | None]


def read_kept_streets(path: Path | str, *, cache: bool = True, **asked: Any) -> Found:
    """Return what ``read_streets`` does, from the cache where the same was read before.

    The third is the SHA-256 of the file where it was told on the way, else None.

    Parameters
    ----------
    path
        As for :func:`lifecircle.intake.streets.lines.streets_on`, which has the others too.
        Databases, small files and kinds of file that lean on others beside them are read anew.
    cache
        Whether anything may be kept or taken.
    """
    if not (cache and is_on() and isinstance(path, Path) and _is_worth_it(path)):
        return *streets_on(path, **asked)[:2], None
    digest = _digest(path)
    if digest is None:
        return *streets_on(path, **asked)[:2], None
    near, about = asked.pop("near", None), dict(asked)
    day = str(about.pop("day", None))
    words = dict(sorted(asked.get("walk_words", {}).items()))
    key = key_of(file=path.name, digest=digest, **{**about, "walk_words": words})
    found = _kept_on(key, day)
    if found is None:
        lines, problems, dated = streets_on(path, **asked)
        if lines is None:
            return lines, problems, digest
        # a file that is written while it is read is not kept
        if _digest(path) == digest:
            lines = _keep_on(key, day if dated else None, lines, problems)
    else:
        lines, problems = found
    if near is not None and distance_from(lines, near) > FAR_M:
        return *streets_on(path, near=near, **asked)[:2], digest
    return lines, problems, digest


def _kept_on(key: str, day: str) -> tuple[StreetLines, tuple[Problem, ...]] | None:
    """Return the streets kept under a key, as they are on a day where that decides anything."""
    found = kept(key, _found_in)
    if found is not None and found.dated:
        key = _on(key, day)
        found = kept(key, _found_in)
    if found is None or found.lines is None:
        return None
    return found.lines.marked(key), found.problems


def _keep_on(
    key: str, day: str | None, lines: StreetLines, problems: Sequence[Problem]
) -> StreetLines:
    """Keep streets, under a key of their day where there is one, and return them marked with it.

    Under the key without it stands that the day counts: of other files one copy serves every day.
    """
    if day is not None:
        keep(key, {_DATED: True}, {})
        key = _on(key, day)
    return lines.marked(key) if _keep(key, lines, problems) else lines


def _on(key: str, day: str) -> str:
    return key_of(streets=key, day=day)


def _is_worth_it(path: Path) -> bool:
    """Return whether a file is large, of a kind of its own, and has nothing pending beside it."""
    if not path.name.lower().endswith((*_WHOLE, BUILT_SUFFIX)):
        return False
    try:
        pending = path.with_name(path.name + "-wal")
        if pending.exists() and pending.stat().st_size:
            return False
        return path.is_file() and path.stat().st_size >= LEAST_BYTES
    except OSError:
        return False


def _digest(path: Path) -> str | None:
    try:
        return fingerprint(path)
    except (LifecircleError, SourceError, OSError):
        return None


def _keep(key: str, lines: StreetLines, problems: Sequence[Problem]) -> bool:
    """Keep streets with what was found in them; False where they would not come back the same."""
    try:
        about, arrays = packed_lines(lines)
        contents = None if lines.contents is None else dataclasses.asdict(lines.contents)
        told = [dataclasses.asdict(p) | {"params": dict(p.params)} for p in problems]
        said = {"problems": told, "contents": contents}
        same = [_problem(one) for one in told] == list(problems)
        return same and contents_of(contents) == lines.contents and keep(key, about | said, arrays)
    except (ValueError, TypeError):
        return False


def _found_in(held: Arrays) -> ReadStreets:
    if held.about.get(_DATED):
        return ReadStreets(None, (), dated=True)
    bare = lines_of(held)
    lines = dataclasses.replace(bare, contents=contents_of(held.about["contents"]))
    lines = lines.looked_at(bare.loose)
    problems = tuple(_problem(one) for one in held.about["problems"])
    if any(one.code is ProblemCode.STREETS_UNJOINED for one in problems):
        lines = perhaps_joined(lines)
    return ReadStreets(lines, problems)


def _problem(told: dict[str, Any]) -> Problem:
    code, severity = ProblemCode(told["code"]), Severity(told["severity"])
    return Problem(**{**told, "code": code, "severity": severity})
