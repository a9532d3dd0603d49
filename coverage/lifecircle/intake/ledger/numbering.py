"""Codes that begin anew on every sheet: 1, 2, 3 of one town, and 1, 2, 3 of the next."""

from __future__ import annotations

import dataclasses
import re
from pathlib import PurePath
from typing import TYPE_CHECKING

from lifecircle.intake.ledger.values import is_blank
from lifecircle.model.dictionary import fold
from lifecircle.model.problem import Problem, ProblemCode, Severity
from lifecircle.sources.raw import shown

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from lifecircle.sources.tables.files import RawTable

__all__ = ["id_number", "with_part_codes"]

_NUMBER = re.compile(r"0*([1-9][0-9]{0,14})(?:\.0+)?")
"""Digits with what a spreadsheet drops before them and puts behind; longer ones lose digits."""


def id_number(text: str) -> str | None:
    """Return the number that an id is, as a spreadsheet holds it; None for any other text."""
    plain = _NUMBER.fullmatch(fold(text))
    return None if plain is None else plain[1]


_SHOWN = 5


def with_part_codes(
    raw: RawTable, headers: Mapping[str, str], aside: Container[int]
) -> tuple[RawTable, tuple[Problem, ...]]:
    """Return the table with the part's name before the codes that mean different things in parts.

    A code with one name in two parts is a row written twice, and stays as it is.
    """
    if len(raw.parts) < 2 or not {"id", "name"} <= headers.keys():  # noqa: PLR2004
        return raw, ()
    codes, names = (raw.frame[headers[column]].tolist() for column in ("id", "name"))
    rows = [at for at in range(len(raw)) if at not in aside and not is_blank(codes[at])]
    told: dict[str, dict[int, str]] = {}
    for at in rows:
        told.setdefault(fold(shown(codes[at])), {})[raw.part_of(at)] = fold(names[at])
    anew = {code for code, parts in told.items() if len(set(parts.values())) > 1}
    if not anew:
        return raw, ()
    labels = _labels(raw)
    made = {
        at: f"{labels[raw.part_of(at)]}-{shown(codes[at])}"
        for at in rows
        if fold(shown(codes[at])) in anew
    }
    frame = raw.frame.assign(**{headers["id"]: [made.get(at, c) for at, c in enumerate(codes)]})
    code, some = ProblemCode.CODES_OF_PARTS, list(made.values())[:_SHOWN]
    problem = raw.problem(code, Severity.WARNING, header=headers["id"], count=len(made), names=some)
    return dataclasses.replace(raw, frame=frame), (problem,)


def _labels(raw: RawTable) -> list[str]:
    """Return what each part is called: its sheet, else its file, numbered where that is no name."""
    names = [part.sheet or PurePath(part.file).stem for part in raw.parts]
    if len(set(names)) == len(names):
        return names
    return [f"{name}{number}" for number, name in enumerate(names, start=1)]
