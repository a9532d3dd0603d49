"""Codes that begin anew on every sheet: 1, 2, 3 of one town, and 1, 2, 3 of the next.

They have the name of their sheet before them then; a reference to one is of the sheet, or the town,
of the row that makes it.
"""

from __future__ import annotations

import dataclasses
import math
import re
from itertools import combinations
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from lifecircle.intake.ledger.values import is_blank
from lifecircle.model.dictionary import fold
from lifecircle.model.problem import Problem, ProblemCode, Severity
from lifecircle.sources.raw import shown

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from lifecircle.sources.tables.files import RawTable

__all__ = [
    "codes_anew",
    "id_number",
    "one_spelling",
    "part_labels",
    "town_of",
    "with_letters",
    "with_part_codes",
]

_NUMBER = re.compile(r"(?:([a-z]{1,3})[-_\s]?)?0*([1-9][0-9]{0,14})(?:\.0+)?")
"""Digits with what a spreadsheet drops before them and puts behind; longer ones lose digits."""


_MADE = re.compile(r"[a-z]\d+-\d+")
"""R2-7: row 7 of the second part."""
_TOWN = re.compile(r".+?(街道|镇|乡)")
_DEGREES, _FAR_DEGREES, _FAR_M = 360.0, 0.01, 1000.0


def id_number(text: str) -> str | None:
    """Return the number that an id is, as a spreadsheet holds it; None for any other text.

    With the letters before it, if any: R1 of R01, R001 and R-1.
    """
    plain = _NUMBER.fullmatch(fold(text))
    return None if plain is None else f"{plain[1] or ''}{plain[2]}"


def one_spelling(text: str) -> str:
    """Return a word that binds rows as it is compared: 1 of 1, 1.0 and 01; others folded.

    Letters before a number are kept as they are: who types A1 and A-1 may mean two.
    """
    folded = fold(text)
    number = id_number(folded)
    return number if number is not None and number.isdigit() else folded


def with_letters(text: str, numbers: Mapping[str, Sequence[str]], count: int) -> Sequence[str]:
    """Return the ids that a bare number may be where all share the letters before theirs.

    1, 001 or 1号 of R001. ``numbers``: as :func:`id_number` has them → ids, of ``count`` in all.
    """
    number = id_number(_BEHIND.sub("", fold(text)))
    if number is None or not number.isdigit() or sum(map(len, numbers.values())) != count:
        return ()
    letters = {one.rstrip("0123456789") for one in numbers}
    one = letters.pop() if len(letters) == 1 else ""
    return numbers.get(f"{one}{number}", ()) if one else ()


_BEHIND = re.compile(r"(?:号|#)(?:小区|居住区)?$")
_SHOWN = 5


def codes_anew(ids: Mapping[str, str]) -> dict[str, list[str]]:
    """Return code → the ids that have it behind the name of a part: 1 of 曹城街道-1, 磐石街道-1.

    Not of numbers that the program gave to rows. ``ids``: folded → as they are.
    """
    found: dict[str, list[str]] = {}
    for folded, key in ids.items():
        if "-" in folded and not _MADE.fullmatch(folded):
            code = folded.rpartition("-")[2]
            found.setdefault(id_number(code) or code, []).append(key)
    return {code: keys for code, keys in found.items() if len(keys) > 1}


def with_part_codes(
    raw: RawTable, headers: Mapping[str, str], aside: Container[int]
) -> tuple[RawTable, tuple[Problem, ...]]:
    """Return the table with the part's name before the codes that mean different things in parts.

    A code with one name in two parts is a row written twice, and stays as it is; unless the rows
    say two towns, or stand in sheets of two and far apart: towns have estates of one name.
    """
    if len(raw.parts) < 2 or not {"id", "name"} <= headers.keys():  # noqa: PLR2004
        return raw, ()
    codes, labels = raw.frame[headers["id"]].tolist(), part_labels(raw)
    rows = [at for at in range(len(raw)) if at not in aside and not is_blank(codes[at])]
    told: dict[str, dict[int, _Told]] = {}
    for at in rows:
        one = _told(raw, headers, at, labels[raw.part_of(at)])
        told.setdefault(fold(shown(codes[at])), {})[raw.part_of(at)] = one
    anew = {code for code, parts in told.items() if _of_several([*parts.values()])}
    if not anew:
        return raw, ()
    made = {
        at: f"{labels[raw.part_of(at)]}-{shown(codes[at])}"
        for at in rows
        if fold(shown(codes[at])) in anew
    }
    frame = raw.frame.assign(**{headers["id"]: [made.get(at, c) for at, c in enumerate(codes)]})
    code, some = ProblemCode.CODES_OF_PARTS, list(made.values())[:_SHOWN]
    problem = raw.problem(code, Severity.WARNING, header=headers["id"], count=len(made), names=some)
    return dataclasses.replace(raw, frame=frame), (problem,)


class _Told(NamedTuple):
    """What tells the rows of one code apart: name, town of the row and of the sheet, place."""

    name: str
    town: str | None
    sheet: str | None
    place: tuple[float, float] | None


def _told(raw: RawTable, headers: Mapping[str, str], at: int, label: str) -> _Told:
    name = fold(raw.frame[headers["name"]].iloc[at])
    unit = raw.frame[headers["unit"]].iloc[at] if "unit" in headers else None
    town = None if is_blank(unit) else fold(shown(unit))
    return _Told(name, town, town_of(label), _place(raw, headers, at))


def _of_several(rows: Sequence[_Told]) -> bool:
    """Return whether rows of one code, one of each part, are of several places."""
    return any(
        one.name != other.name
        or bool(one.town and other.town and one.town != other.town)
        or bool(one.sheet and other.sheet and one.sheet != other.sheet and _far(one, other))
        for one, other in combinations(rows, 2)
    )


def _far(one: _Told, other: _Told) -> bool:
    """Return whether two rows stand farther apart than any estate is wide."""
    if one.place is None or other.place is None:
        return False
    degrees = all(abs(value) <= _DEGREES for value in (*one.place, *other.place))
    return math.dist(one.place, other.place) > (_FAR_DEGREES if degrees else _FAR_M)


def _place(raw: RawTable, headers: Mapping[str, str], at: int) -> tuple[float, float] | None:
    try:
        x, y = (float(raw.frame[headers[column]].iloc[at]) for column in ("lon", "lat"))
    except (KeyError, TypeError, ValueError):
        return None
    return (x, y) if math.isfinite(x) and math.isfinite(y) else None


def town_of(text: str) -> str | None:
    """Return the town or street that a sheet or file is called by: 曹城街道小区台账.xlsx."""
    found = _TOWN.match(fold(text))
    return None if found is None else found[0]


def part_labels(raw: RawTable) -> list[str]:
    """Return what each part is called: its sheet, else its file, numbered where that is no name."""
    names = [part.sheet or PurePath(part.file).stem for part in raw.parts]
    if len(set(names)) == len(names):
        return names
    return [f"{name}{number}" for number, name in enumerate(names, start=1)]
