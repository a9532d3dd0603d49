"""Places of different names on one point: where a geocoder put what it did not find.

Such a point is the middle of a town or of the county and nobody's position; some geocoders strew
it by some centimetres. Three places of different names are needed: two may share a house, and the
phases of one estate, or the services of one house, are one place.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from lifecircle.intake.joins.names import stem
from lifecircle.model.coordinates.near_points import pairs_within
from lifecircle.model.dictionary import fold, kinds
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from lifecircle.intake.ledger.rows import Ledger

    Shapes = NDArray[np.object_]

__all__ = ["without_stacks"]

_STACK = 3
_STACKED_M = {"residential": 2.0, "facilities": 1.0}
"""Layer → within how many metres points are one: no two estates lie so, nor rooms of two houses."""
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
    kept, problems = shapes.copy(), []
    for rows in _spots(shapes, _STACKED_M[ledger.raw.layer]):
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


def _spots(shapes: Shapes, reach: float) -> list[list[int]]:
    """Return the rows of points that lie together, each within ``reach`` of another of them."""
    points = [n for n, s in enumerate(shapes) if s is not None and s.geom_type == "Point"]
    if len(points) < _STACK:
        return []
    xy = np.array([(shapes[row].x, shapes[row].y) for row in points])
    first = list(range(len(points)))

    def lowest(one: int) -> int:
        while first[one] != one:
            first[one] = first[first[one]]
            one = first[one]
        return one

    for one, other in pairs_within(xy, reach).tolist():
        low, high = sorted((lowest(one), lowest(other)))
        first[high] = low
    spots: dict[int, list[int]] = {}
    for one, row in enumerate(points):
        spots.setdefault(lowest(one), []).append(row)
    return list(spots.values())


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
