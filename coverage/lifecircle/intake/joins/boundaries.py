"""A table of residential areas and a file of outlines, joined by name.

Counties keep households in a ledger and outlines in a map, made by different offices. The study
names both (``path`` and ``shapes``); each row gets the outline of its name. Where a name stands
twice, the community parts the two; where that does not help, none is taken: the wrong outline
would be worse than none.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lifecircle.intake.joins.names import NameIndex
from lifecircle.intake.positions.locating import Positions, in_crs
from lifecircle.model.dictionary import fold
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from lifecircle.intake.layers import Draft
    from lifecircle.intake.ledger.rows import Ledger

__all__ = ["with_outlines"]

_LEVEL = "residential"
_WARNING = Severity.WARNING


def with_outlines(
    draft: Draft, outlines: Draft, aliases: Mapping[str, str], declared: str | None = None
) -> tuple[Draft, Draft, tuple[Problem, ...]]:
    """Return the areas with the outlines of their names, and the outlines that were used.

    Parameters
    ----------
    draft
        The table of areas; a row without an outline keeps the point it has, if any.
    outlines
        Named shapes.
    aliases
        Names that mean the same, confirmed by the study: that of the table → that of the outline,
        or that of the outline → name or id in the table.
    declared
        The datum of the table's own points, which a row without an outline keeps.

    Returns
    -------
    draft, outlines, problems
        Outlines that nobody claims are set aside.
    """
    found, problems = _Join(draft, outlines, aliases).run()
    used = np.zeros(len(outlines.ledger.frame), dtype=bool)
    used[[at for at in found if at is not None]] = True
    problems += [
        outlines.ledger.problem(ProblemCode.SHAPE_UNUSED, Severity.WARNING, int(row), "name")
        for row in np.flatnonzero(~used)
    ]
    positions, crs, ledger = draft.positions, outlines.positions.crs, draft.ledger
    if crs is not None:
        shapes, outlined = in_crs(positions, crs).copy(), np.zeros(len(found), dtype=bool)
        for row, at in enumerate(found):
            if at is not None and outlines.positions.shapes[at] is not None:
                shapes[row], outlined[row] = outlines.positions.shapes[at], True
        ledger = _datums_of_points(ledger, outlined, declared)
        positions = Positions(shapes, crs)
    kept = Positions(outlines.positions.shapes[used], crs)
    return (
        replace(draft, ledger=ledger, positions=positions),
        replace(outlines, ledger=outlines.ledger.without(~used), positions=kept),
        tuple(problems),
    )


def _datums_of_points(ledger: Ledger, outlined: NDArray[np.bool_], declared: str | None) -> Ledger:
    """Return the table with a datum on the rows alone that keep their point.

    What a row says of its datum is said of its longitude and latitude; an outline has its own.
    """
    if "datum" not in ledger.frame:
        return ledger
    said = [
        None if drawn else word or declared
        for drawn, word in zip(outlined, ledger.frame["datum"], strict=True)
    ]
    datum = pd.Series(said, index=ledger.frame.index, dtype=object)
    return replace(ledger, frame=ledger.frame.assign(datum=datum))


class _Join:
    def __init__(self, draft: Draft, outlines: Draft, aliases: Mapping[str, str]) -> None:
        self.areas, self.outlines = draft.ledger, outlines.ledger
        self.located = [shape is not None for shape in draft.positions.shapes]
        self.aliases = {fold(name): meant for name, meant in aliases.items()}
        ids = {fold(key): name for key, name in self.areas.frame["name"].items()}
        names = []
        for at, name in enumerate(self.outlines.frame["name"]):
            meant = self.aliases.get(fold(name), name)
            names.append((str(at), ids.get(fold(meant), meant)))
        self.index = NameIndex(names, _LEVEL)

    def run(self) -> tuple[list[int | None], list[Problem]]:
        """Return for each area the position of its outline, and what is to be said."""
        names = [self.aliases.get(fold(name), name) for name in self.areas.frame["name"]]
        hits = [self._of_community(row, self.index.same(text)) for row, text in enumerate(names)]
        taken = {at for found in hits for at in found}
        problems: list[Problem] = []
        for row, text in enumerate(names):
            if not hits[row]:  # an outline of exactly another's name is that one's
                hits[row], said = self._looser(row, text, taken)
                problems += said
        matched, unclear = self._undisputed(hits)
        return matched, problems + unclear

    def _undisputed(self, hits: list[list[int]]) -> tuple[list[int | None], list[Problem]]:
        """Return for each area the outline that is its own and nobody else's."""
        claims: dict[int, list[int]] = {}
        for row, found in enumerate(hits):
            for at in found:
                claims.setdefault(at, []).append(row)
        matched: list[int | None] = []
        problems = []
        for row, found in enumerate(hits):
            rows = {other for at in found for other in claims[at]}
            alone = len(found) == 1 and len(rows) == 1
            matched.append(found[0] if alone else None)
            if found and not alone:
                count = {"rows": len(rows), "shapes": len(found)}
                problems.append(self._say(ProblemCode.SHAPE_AMBIGUOUS, row, _WARNING, **count))
        return matched, problems

    def _looser(self, row: int, text: str, taken: set[int]) -> tuple[list[int], list[Problem]]:
        """Return the outline of the same stem, and what is to be said of it or of none."""
        alike = [at for at in self._of_community(row, self.index.alike(text)) if at not in taken]
        if len(alike) == 1:
            read = self.index.written[str(alike[0])]
            return alike, [self._say(ProblemCode.NAME_READ_AS, row, Severity.INFO, read=read)]
        near = [at for at in self._of_community(row, self.index.near(text)) if at not in taken]
        if not alike and len(near) == 1:
            nearest = self.index.written[str(near[0])]
            params = {"target": "shapes", "nearest": nearest, "key": nearest, "table": _LEVEL}
            return [], [self._say(ProblemCode.NAME_NEAR, row, _WARNING, **params)]
        severity = Severity.INFO if self.located[row] else _WARNING
        return [], [self._say(ProblemCode.SHAPE_MISSING, row, severity)]

    def _of_community(self, row: int, keys: list[str]) -> list[int]:
        """Return the outlines at ``keys``; of several, those that name the area's community."""
        hits = [int(key) for key in keys]
        for column in ("community", "unit"):
            own = self.areas.frame[column].iloc[row]
            if len(hits) > 1 and own is not None:
                there = self.outlines.frame[column]
                same = [at for at in hits if there.iloc[at] and fold(there.iloc[at]) == fold(own)]
                hits = same or hits
        return hits

    def _say(self, code: ProblemCode, row: int, severity: Severity, **params: Any) -> Problem:
        return self.areas.problem(code, severity, row, "name", **params)
