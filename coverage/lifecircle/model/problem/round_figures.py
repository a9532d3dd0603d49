"""Round figures of a ledger (约200, 200余): how far off they may be, and what is tried of them."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, NamedTuple

from lifecircle.model.problem.codes import ProblemCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pandas as pd

    from lifecircle.model.problem.told import Problem

    Column = tuple[str, str]

__all__ = ["ROUND_SHARE", "ROUND_YEARS", "RoundFigure", "ends", "round_figures", "taken"]

ROUND_SHARE = 0.05
"""How far 约200 is taken to be off, to either side."""

ROUND_YEARS = 2
"""How far 约2005年 is."""

_DECIMALS = 6
"""To which an end is told: a share of 2018 is no 2019.9999 where 2020 is meant."""

_ALL_CORNERS = 3
"""Columns of round figures of which every end is tried with every end of the others."""
_ASKING = frozenset({"residential", "plots", "units"})
"""Layers whose figures ask for rooms, or are what others are a share of."""


class RoundFigure(NamedTuple):
    """A cell with a round figure: its place, and least and most as shares of what was ``read``."""

    layer: str
    column: str
    row: str | int | None
    read: float
    least: float
    most: float


def round_figures(problems: Iterable[Problem]) -> Iterator[RoundFigure]:
    """Yield the round figures that problems tell of; without a row those of no row with an id."""
    for problem in problems:
        told = problem.params
        if problem.code is not ProblemCode.NUMBER_READ_AS or "approximate" not in told:
            continue
        read = float(told["read"])
        shares = (float(told[end]) / read if read else 1.0 for end in ("least", "most"))
        yield RoundFigure(problem.layer or "", told["approximate"], told.get("of"), read, *shares)


def taken(frame: pd.DataFrame, column: str, figures: Iterable[RoundFigure], end: str) -> pd.Series:
    """Return a column with its round figures at their ``least`` or ``most``.

    A cell that several of them may be of is at the farthest end: R1:约60；R2:约60 are two of 60.
    """
    was = frame[column].astype(float)
    found, farthest = was.copy(), min if end == "least" else max
    for figure in figures:
        told = round(was[figure.row] * getattr(figure, end), _DECIMALS)
        found[figure.row] = farthest(found[figure.row], told)
    return found


def ends(cells: Mapping[Column, Sequence[RoundFigure]]) -> Iterator[dict[Column, str]]:
    """Yield what is tried: column → ``least`` or ``most``; the others are as they are read.

    Of up to three columns every end with every end of the others: where households and m² are
    both round, each at its worse end decides. Of more every column alone, and all that ask for
    rooms at their most with all others at their least, and the other way round.
    """
    moving = {
        column: [e for e in ("least", "most") if any(getattr(one, e) != 1.0 for one in figures)]
        for column, figures in cells.items()
    }
    moving = {column: own for column, own in moving.items() if own}
    if len(moving) <= _ALL_CORNERS:
        if moving:
            yield from (
                dict(zip(moving, corner, strict=True))
                for corner in itertools.product(*moving.values())
            )
        return
    yield from ({column: end} for column, own in moving.items() for end in own)
    for asked, had in (("most", "least"), ("least", "most")):
        yield {column: asked if _asks(column) else had for column in moving}


def _asks(column: Column) -> bool:
    layer, name = column
    return layer in _ASKING or name == "denominator"
