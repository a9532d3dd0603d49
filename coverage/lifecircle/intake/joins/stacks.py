"""Places of different names on one point: where a geocoder put what it did not find.

Such a point is the middle of a town or of the county and nobody's position. Three places of
different names are needed: two may share a house, and the phases of one estate, or the services
of one house, are one place.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from lifecircle.intake.joins.names import stem
from lifecircle.model.dictionary import fold, kinds
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from lifecircle.intake.ledger.rows import Ledger

    Shapes = NDArray[np.object_]

__all__ = ["without_stacks"]

_STACK = 3
_STACKED_M = 0.01
_NAMES_SHOWN = 10
_SHORTEST = 2
_SHARED = {"residential": "project", "facilities": "site"}
"""Layer → the column that says that rows of different names are one place."""
_BRACKETS = re.compile(r"[(\[〔【][^()\[\]〔〕【】]*[)\]〕】]$")
_PHASE = re.compile(
    r"(第?[一二三四五六七八九十\d]+期"
    r"|[东西南北中a-z甲乙丙丁一二三四五六七八九十\d]+(区|组团|标段|地块)"
    r"|[东西南北中前后]院|[a-z\d]+(号|#)?(楼|栋|幢))(?:工程|项目)?$"
)


def without_stacks(ledger: Ledger, shapes: Shapes) -> tuple[Shapes, tuple[Problem, ...]]:
    """Return the shapes without the points on which three places or more are stacked.

    Parameters
    ----------
    ledger, shapes
        The rows of areas or facilities and their shapes in projected metres (None: unknown).
        Rows of other layers are returned as they are.

    Returns
    -------
    shapes, problems
        None where a point is nobody's position; one warning a point, at its first row.
    """
    shared = _SHARED.get(ledger.raw.layer)
    if shared is None:
        return shapes, ()
    spots: dict[tuple[int, int], list[int]] = {}
    for row, shape in enumerate(shapes):
        if shape is not None and shape.geom_type == "Point":
            spot = (round(shape.x / _STACKED_M), round(shape.y / _STACKED_M))
            spots.setdefault(spot, []).append(row)
    kept, problems = shapes.copy(), []
    for rows in spots.values():
        places = _places(ledger, shared, rows) if len(rows) >= _STACK else {}
        if len(places) < _STACK:
            continue
        kept[rows] = None
        problems.append(
            ledger.problem(
                ProblemCode.PLACES_STACKED,
                Severity.WARNING,
                rows[0],
                "name",
                count=len(places),
                names=list(places.values())[:_NAMES_SHOWN],
            )
        )
    return kept, tuple(problems)


def _places(ledger: Ledger, shared: str, rows: list[int]) -> Mapping[str, str]:
    """Return what tells the places of some rows apart → the first name of each."""
    places: dict[str, str] = {}
    called: dict[str, str] = {}
    names, said = ledger.frame["name"].tolist(), ledger.frame[shared].tolist()
    for row in rows:
        name = names[row]
        if name is None:
            continue
        own = _estate(name) if shared == "project" else _house(name)
        one = called.setdefault(fold(said[row]), own) if said[row] else own
        places.setdefault(one, name)
    return places


def _estate(name: str) -> str:
    """Return the name of an area without its phase: 锦绣城二期A区 is 锦绣城."""
    short = fold(name)
    while True:
        bare = _PHASE.sub("", _BRACKETS.sub("", short))
        if bare == short or len(bare) < _SHORTEST:
            return stem(short, "residential")
        short = bare


def _house(name: str) -> str:
    """Return a facility's name without the words for its kind: 东关日间照料中心 is 东关."""
    short = fold(name)
    for word in _kind_words():
        if word in short and len(short) - len(word) >= _SHORTEST:
            short = short.replace(word, "")
    return stem(short, "residential")


@cache
def _kind_words() -> tuple[str, ...]:
    """Return every word for a kind, folded, the longest first."""
    words = {fold(word) for kind in kinds().values() for word in kind.aliases}
    return tuple(sorted(words, key=lambda word: (-len(word), word)))
