"""Who is served, as people write it into one cell: 东苑/西苑, 东苑和西苑, 东苑75㎡ 西苑75㎡."""

from __future__ import annotations

import dataclasses
import math
import re
from typing import TYPE_CHECKING

from lifecircle.intake.ledger.values import read_number, split_serves
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Callable

    from lifecircle.intake.ledger.rows import Ledger

    Part = tuple[str, str | None]

__all__ = ["served", "square_metres"]

_BETWEEN = re.compile(r"\s*(?:[/\\+&]|以及|[和及与])\s*|\s+")
"""What stands between two areas; a name may have 和 or a space in it, and goes before."""
_WITH_M2 = re.compile(
    r"(?P<name>.+?)\s*[(（]?\s*(?P<area>\d+(?:\.\d+)?\s*(?:㎡|平方米|平米|平方|平|m2|m²))\s*[)）]?"
)
"""An area with its m² behind it; without a unit a number may be a part of the name."""
_LONGEST = 300
"""Characters of a cell that is taken apart; longer ones are prose."""
_FULL_BYTES = 252
"""Text of a shapefile that is as long may have been longer: it holds 254 bytes, the last character
of which may have been cut in two."""
_AND_MORE = "等"


def served(
    cell: str, known: Callable[[str], bool], facilities: Ledger, row: int
) -> tuple[list[Part], list[Problem]]:
    """Return the areas of a cell with the m² as written, and what was read in another way than so.

    Areas that stand one after the other are parted where every piece is an area's: what would be
    left over could be what matters.

    Parameters
    ----------
    known
        Whether a text is exactly the name or the id of one area.
    """
    if known(cell):  # a name may hold a comma
        return [(cell, None)], []
    parts: list[Part] = []
    problems = []
    for name, area in split_serves(cell):
        alone = area or len(name) > _LONGEST or known(name)
        more = [] if alone else _read(name, known, {})
        parts += more or [(name, area)]
        if more:
            read = "；".join(one if m2 is None else f"{one}:{m2}" for one, m2 in more)
            params = {"read": read, "target": "residential", "table": "residential"}
            code = ProblemCode.NAME_READ_AS
            problem = facilities.problem(code, Severity.INFO, row, "serves", **params)
            problems.append(dataclasses.replace(problem, value=name))
    if parts and _is_cut(cell, facilities):  # of the last one nobody knows how it went on
        parts[-1] = _AND_MORE, None
        problems.append(facilities.problem(ProblemCode.SERVES_CUT, Severity.WARNING, row, "serves"))
    return parts, problems


def _is_cut(cell: str, facilities: Ledger) -> bool:
    """Return whether a cell fills the text field of a shapefile."""
    raw = facilities.raw
    if raw.header_bytes is None:
        return False
    return len(cell.encode(raw.encoding or "utf-8", "replace")) >= _FULL_BYTES


def _read(
    text: str,
    known: Callable[[str], bool],
    seen: dict[str, list[Part]],
) -> list[Part]:
    if text not in seen:
        one = _one(text, known)
        seen[text] = [] if one is None else [one]
        for cut in () if one else _BETWEEN.finditer(text):
            first = _one(text[: cut.start()], known)
            rest = _read(text[cut.end() :], known, seen) if first else []
            if first and rest:
                seen[text] = [first, *rest]
                break
    return seen[text]


def _one(text: str, known: Callable[[str], bool]) -> Part | None:
    """Return the one area of a piece, with m² behind it or without."""
    if known(text):
        return text, None
    told = _WITH_M2.fullmatch(text)
    return (told["name"], told["area"]) if told and known(told["name"]) else None


def square_metres(
    name: str, written: str | None, facilities: Ledger, row: int
) -> tuple[float, list[Problem]]:
    """Return the m² that a record says of an area, NaN where none can be read, and why."""
    if written is None:
        return math.nan, []
    read = None if "," in written else read_number(written, "m²")
    if read is not None and read[0] >= 0:
        return read[0], []
    code = ProblemCode.NUMBER_UNREADABLE if read is None else ProblemCode.NUMBER_NEGATIVE
    problem = facilities.problem(code, Severity.WARNING, row, "serves")
    return math.nan, [dataclasses.replace(problem, value=f"{name}:{written}")]
