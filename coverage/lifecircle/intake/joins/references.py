"""References between layers: who serves whom, whose gate, whose building."""

from __future__ import annotations

import dataclasses
import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from lifecircle.intake.joins.lists import by_project, names_listed, records
from lifecircle.intake.joins.names import NameIndex
from lifecircle.intake.joins.portions import square_metres
from lifecircle.intake.joins.served import (
    cut_records,
    goes_on,
    of_itself,
    record_parts,
    remarked,
    some_part,
)
from lifecircle.intake.ledger.numbering import codes_anew, id_number, one_spelling, with_letters
from lifecircle.model.dictionary import fold
from lifecircle.model.inputs.layers import REPEATS
from lifecircle.model.inputs.study import ELSEWHERE, likely_table
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from numpy.typing import NDArray

    from lifecircle.intake.joins.beyond import BeyondNames
    from lifecircle.intake.ledger.rows import Ledger
    from lifecircle.model.inputs.layers import Layer

__all__ = ["IdIndex", "each_subject", "lost", "meant", "owned", "sharing", "zeros_read"]

SHARING_COLUMNS = ("facility", "residential", "m2")
_BUILDING_PREDICATE = "intersects"
_SHORTEST_HELD = 2
"""Characters of an area's name from which a text that has it in it may mean the area."""


@dataclass(frozen=True, slots=True)
class Likely:
    """What a name nearly means: the row's key, None where it is only proposed, and what is said."""

    key: str | None
    code: ProblemCode
    severity: Severity
    params: Mapping[str, str]


class IdIndex:
    """Finds an id of a layer by the id itself, a name that only one row has, or an alias.

    The id of a row that may be another one again (``REPEATS``) means either of the two.

    Parameters
    ----------
    frame
        Index id, with ``name`` where the layer has names: buildings have none.
    aliases
        Name as written elsewhere → id or name, confirmed by the study.
    level
        ``residential``: which words around a name do not matter (:mod:`names`).
    """

    def __init__(
        self,
        frame: pd.DataFrame,
        aliases: Mapping[str, str] | None = None,
        level: str = "residential",
    ) -> None:
        self._aliases = {fold(name): fold(meant) for name, meant in (aliases or {}).items()}
        self._ids: dict[str, str] = {fold(key): key for key in frame.index}
        again = frame[REPEATS].items() if REPEATS in frame else ()
        self._again = {str(key): [one, str(key)] for key, one in again if isinstance(one, str)}
        self._numbers: dict[str, list[str]] = {}
        for key in frame.index:
            if (number := id_number(key)) is not None:
                self._numbers.setdefault(number, []).append(key)
        self._anew = codes_anew(self._ids)
        self._names: dict[str, list[str]] = {}
        called = frame["name"].items() if "name" in frame else ()
        said = [(str(key), name) for key, name in called]
        for key, name in said:
            self._names.setdefault(fold(name), []).append(key)
        named = ((key, str(name)) for key, name in said if name is not None)
        self._index = NameIndex(named, level)

    def find(self, text: str) -> str | None:
        """Return the id that ``text`` means; None if it means none, or several."""
        folded = fold(text)
        return self._known(folded) or self._known(self._aliases.get(folded, folded))

    def of_number(self, text: str) -> str | None:
        """Return the only id of the same number: a spreadsheet lost the zeros before it (0101)."""
        counted = self._numbers.get(id_number(text) or "", [])
        return counted[0] if len(counted) == 1 and counted[0] not in self._again else None

    def likely(self, text: str) -> Likely | None:
        """Return the row that a name means that is nobody's, but nearly: None if several.

        The only id of the same number is meant where a spreadsheet lost the zeros before it or
        made a decimal of it (101 and 101.0 for 0101), and the only name of the same stem; it is
        said. A name one character off, or the same but for a remark in brackets, is only
        proposed: ``key`` is None then.
        """
        if (key := self.of_number(text)) is not None:
            return Likely(key, ProblemCode.NAME_READ_AS, Severity.INFO, {"read": key})
        written = self._index.written
        alike = self._index.alike(text)
        if len(alike) == 1:
            read = written[alike[0]]
            return Likely(alike[0], ProblemCode.NAME_READ_AS, Severity.INFO, {"read": read})
        near = alike or self._index.near(text)
        if len(near) != 1:
            return None
        params = {"nearest": written[near[0]], "key": self.called(near[0])}
        return Likely(None, ProblemCode.NAME_NEAR, Severity.WARNING, params)

    def taken(self, text: str) -> bool:
        """Return whether a name that is nobody's is read as one row's, which is said."""
        return self.of_number(text) is not None or len(self._index.alike(text)) == 1

    def perhaps(self, text: str) -> tuple[list[str], bool]:
        """Return the rows that a name may mean that is no one row's, and whether it fits them.

        It fits several of that name or stem, or two rows that may be one. Else it nearly agrees.
        """
        folded = fold(text)
        if (either := self._either(folded)) or (either := self._either(self._aliases.get(folded))):
            return either, True
        same = self._names.get(self._aliases.get(folded, folded), [])
        number = id_number(text)
        counted = [] if number is None else self._numbers.get(number, [])
        several = counted if len(counted) > 1 else []  # of A1 and A-1 that A001 is
        fitting = same or self._anew.get(number or folded) or several or self._index.alike(text)
        if fitting := fitting or self._one_of(text):
            return fitting, True
        near = self._index.near(text)
        if near and "(" in folded:  # 东苑（西苑）: what stands in brackets may be meant too
            return list(dict.fromkeys((*near, *self._held(folded)))), False
        return near or self._held(folded), False

    def _one_of(self, text: str) -> list[str]:
        """Return the rows of R3或R13, each of which is known."""
        found = [self.find(one) for one in text.split("或")] if "或" in text else []
        return [] if None in found else [key for key in found if key is not None]

    def _held(self, folded: str) -> list[str]:
        """Return the rows whose names a text has in it, names within longer ones left out."""
        inside = [name for name in self._names if len(name) >= _SHORTEST_HELD and name in folded]
        whole = [n for n in inside if not any(n != more and n in more for more in inside)]
        return [key for name in whole for key in self._names[name]]

    def longer(self, text: str) -> list[str]:
        """Return the rows whose name or id begins with a text and goes on."""
        folded = fold(text)
        said = [*self._names.items(), *((one, [key]) for one, key in self._ids.items())]
        begun = (keys for one, keys in said if one != folded and one.startswith(folded))
        return list(dict.fromkeys(key for keys in begun for key in keys)) if folded else []

    def abbreviated(self, text: str) -> list[str]:
        """Return the rows whose names begin or end with a text, or whose id is this number."""
        lettered = with_letters(text, self._numbers, len(self._ids))
        return self._index.abbreviated(text) or [*lettered]

    def called(self, key: str) -> str:
        """Return what a row is told by: its name where no other has it, else its id.

        Numbers that the program gave hang on the order of rows: the name is surer, if it is one.
        """
        name = self._index.written.get(key, key)
        return name if self._names.get(fold(name)) == [key] else key

    def _either(self, folded: str | None) -> list[str]:
        """Return the two rows that an id may mean whose row may be another one again."""
        return self._again.get(self._ids.get(folded or "", ""), [])

    def with_repeats(self, parts: Sequence[tuple[str, str | None]]) -> dict[str, str]:
        """Return the names of a record that are ids of rows it names beside what they may be again.

        With m² for both, or for none: what each has is said then, should they be two places.
        """
        found = {self.find(name): area for name, area in parts}
        either = {name: (self._either(fold(name)), area) for name, area in parts}
        return {
            name: rows[-1]
            for name, (rows, area) in either.items()
            if rows and rows[0] in found and (found[rows[0]] is None) == (area is None)
        }

    def single(self, key: str) -> bool:
        """Return whether an id of the layer means this one row, whatever else is open."""
        return key not in self._again

    def _known(self, folded: str) -> str | None:
        if folded in self._ids:
            key = self._ids[folded]
            return None if key in self._again else key
        hits = self._names.get(folded, [])
        return hits[0] if len(hits) == 1 else None


def lost(
    ledger: Ledger, row: int, column: str, target: str, severity: Severity, **near: str | None
) -> Problem:
    """Return what is said of a name in a cell that is no row's of a layer."""
    code = ProblemCode.REFERENCE_UNKNOWN
    return ledger.problem(code, severity, row, column, target=target, **near)


def meant(
    names: IdIndex,
    text: str,
    ledger: Ledger,
    row: int,
    column: str,
    severity: Severity,
    *,
    layer: str = "residential",
) -> tuple[str | None, list[Problem]]:
    """Return the area, or row of another layer, that a cell names, and what is to be said.

    ``text``: the cell, or a part of it; ``severity``: of a name that means none.
    """
    target = names.find(text)
    if target is not None and not goes_on(ledger, row, column, text, names):
        return target, []
    if target is not None:
        any_of = "、".join(map(names.called, [target, *names.longer(text)]))
        return None, [lost(ledger, row, column, layer, severity, nearest=any_of)]
    likely = names.likely(text)
    if likely is None:
        may = names.perhaps(text)[0] or names.abbreviated(text)
        several = "、".join(map(names.called, may)) or None
        problem = lost(ledger, row, column, layer, severity, nearest=several)
    else:
        worse = likely.severity if likely.key else severity
        params = {**likely.params, "target": layer, "table": layer}
        problem = ledger.problem(likely.code, worse, row, column, **params)
    return likely.key if likely else None, [dataclasses.replace(problem, value=text)]


def sharing(
    facilities: Ledger,
    residential: Layer,
    aliases: Mapping[str, str] | None = None,
    beyond: BeyondNames | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame, tuple[Problem, ...]]:
    """Return the recorded service relations: ``facility``, ``residential``, ``m2`` (NaN: unsaid).

    An area named twice by one facility counts once, with its m² added. Besides, what names may
    mean that nearly agree with an area, fit several, are a project's or nobody's, or say more than
    they name (``beyond``): ``Study.likely``.
    """
    names = IdIndex(residential.frame, aliases)
    pairs: dict[tuple[str, str], float] = {}
    likely: list[tuple[str, str, float, str, bool]] = []
    problems: list[Problem] = []
    cut = cut_records(facilities, "serves", names)
    projects = by_project(residential.frame)
    for row, facility, cell in records(facilities.frame["serves"], names.find):
        parts, more, told = record_parts(cell, names, facilities, row, beyond, cut=row in cut)
        likely, problems = likely + more, problems + told
        both = names.with_repeats(parts)
        for name, area in parts:
            target, told = _one_served(names, name, both, (facilities, row))
            problems += told
            m2, ends, said = square_metres(name, area, facilities, row)
            if target is None:
                keys, fits = names.perhaps(name)
                keys = keys or projects.get(one_spelling(name)) or names.abbreviated(name)
                if m2 != 0 and not of_itself(name, area, facilities, row):
                    keys = _of_nobody(beyond, str(facility), name, keys)
                likely += [(str(facility), key, one, name, fits) for key in keys for one in ends]
                continue
            problems += said
            if said and math.isnan(m2):  # any part of the rooms, or none
                likely += some_part(names, str(facility), target, (f"{name}:{area}", ends))
            known = pairs.get((str(facility), target), math.nan)
            if not math.isnan(known + m2):
                twice = {"first": known, "second": m2, "total": known + m2}
                code = ProblemCode.SERVES_TWICE
                asked = facilities.problem(code, Severity.WARNING, row, "serves", **twice)
                problems.append(dataclasses.replace(asked, value=name))
            pairs[str(facility), target] = m2 if math.isnan(known) else known + np.nan_to_num(m2)
    problems += _with_remarks(facilities, names, pairs, likely)
    return _relations(pairs), likely_table(likely), tuple(problems)


def _of_nobody(beyond: BeyondNames | None, facility: str, name: str, keys: list[str]) -> list[str]:
    """Return whom a name may mean that is no one area's; ``keys``: those that it nearly is."""
    if beyond is None:
        return keys or [ELSEWHERE]
    return beyond.of_nobody(facility, name, keys)


def _one_served(
    names: IdIndex, name: str, both: Mapping[str, str], at: tuple[Ledger, int]
) -> tuple[str | None, list[Problem]]:
    if name in both:
        return both[name], []
    return meant(names, name, *at, "serves", Severity.WARNING)


def _with_remarks(
    facilities: Ledger,
    names: IdIndex,
    pairs: dict[tuple[str, str], float],
    likely: list[tuple[str, str, float, str, bool]],
) -> list[Problem]:
    """Leave open what remarks say of whom rooms serve, and return what is said of that.

    Beside a record that names others, it is open which of the two holds; 兼顾 adds to it.
    """
    known: dict[str, set[str]] = defaultdict(set)
    for one, area in pairs:
        known[one].add(area)
    said = remarked(facilities, names, known)
    for remark in said:
        facility = str(facilities.frame.index[remark.row])
        likely += [(facility, key, math.nan, remark.words, False) for key in sorted(remark.areas)]
        for pair in [] if remark.also else [one for one in pairs if one[0] == facility]:
            likely.append((*pair, pairs.pop(pair), names.called(pair[1]), False))
    return [remark.problem for remark in said]


def _relations(pairs: Mapping[tuple[str, str], float]) -> pd.DataFrame:
    """Return facilities and areas with their m² as a table."""
    return pd.DataFrame(
        {
            "facility": pd.Series([f for f, _ in pairs], dtype=object),
            "residential": pd.Series([r for _, r in pairs], dtype=object),
            "m2": pd.Series(list(pairs.values()), dtype=float),
        },
        columns=list(SHARING_COLUMNS),
    )


def owned(
    ledger: Ledger,
    shapes: NDArray[np.object_],
    residential: Layer,
    aliases: Mapping[str, str] | None = None,
) -> tuple[NDArray[np.object_], tuple[Problem, ...]]:
    """Return the residential id each gate or building belongs to, None where none is known.

    A reference that is written decides; buildings without one belong to the area they stand in.
    """
    names = IdIndex(residential.frame, aliases)
    gates = ledger.raw.layer == "gates"
    severity = Severity.ERROR if gates else Severity.WARNING
    owners: NDArray[np.object_] = np.full(len(ledger.frame), None, dtype=object)
    problems: list[Problem] = []
    for row, cell in enumerate(ledger.frame["residential"]):
        if cell is not None:
            owners[row], told = meant(names, cell, ledger, row, "residential", severity)
            problems += told
    areas = residential.frame[residential.located]
    unsaid = [
        row
        for row, cell in enumerate(ledger.frame["residential"])
        if cell is None and shapes[row] is not None and not gates
    ]
    if unsaid and len(areas):
        points = shapely.point_on_surface(shapes[unsaid])
        tree = shapely.STRtree(areas.geometry.to_numpy())
        which, where = tree.query(points, predicate=_BUILDING_PREDICATE)
        # Backwards, so that the first area of the layer wins on a shared border.
        for i, area in sorted(zip(which, where, strict=True), reverse=True):
            owners[unsaid[i]] = areas.index[area]
    return owners, tuple(problems)


def zeros_read(ledger: Ledger, row: int, column: str, target: str, key: str) -> Problem:
    """Return the note that an id was read as the one with the zeros that a spreadsheet drops."""
    said = {"read": key, "target": target, "table": target}
    return ledger.problem(ProblemCode.NAME_READ_AS, Severity.INFO, row, column, **said)


def each_subject(named: Sequence[IdIndex], text: str, made: Container[str] = ()) -> list[str]:
    """Return the ids of a cell that lists several (R1、R2; 东园；西园), each of them one row's.

    Empty where a piece is none, or of ``made`` ids: what the cell means is to be asked then.
    """
    pieces = names_listed(text)
    if any(fold(piece) in made for piece in pieces):
        return []
    found = [{key for one in named if (key := one.find(piece)) is not None} for piece in pieces]
    plain = len(pieces) > 1 and all(len(keys) == 1 for keys in found)
    return list(dict.fromkeys(keys.pop() for keys in found)) if plain else []
