"""Positions that look like another datum than they were read in: of a layer, or of some rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lifecircle.model.problem.codes import ProblemCode
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lifecircle.model.problem.told import Problem

__all__ = ["Suspect", "doubt", "suspects"]

_CODES = frozenset({ProblemCode.DATUM_SUSPECTED, ProblemCode.DATUM_MIXED})
"""What is only asked (``datum_asked``) has too little behind it to put results in doubt."""

_REAL = {"cgcs2000": "wgs84"}
"""What a datum is at this scale."""


class Suspect(NamedTuple):
    """A layer, and the datum that it, or some of its ``rows``, looks like; None: all of them.

    Where some of them are meant and nobody can tell which, all may be. ``instead_of``: the layer
    that looks like another datum if this one does not; never both.
    """

    layer: str
    declared: str
    datum: str
    rows: tuple[str, ...] | None
    offset_m: float
    instead_of: str | None = None


def suspects(problems: Iterable[Problem]) -> Iterator[Suspect]:
    """Yield what problems suspect of the datums that layers were read in."""
    for one in problems:
        if one.code in _CODES and one.layer is not None:
            told = one.params
            rows = tuple(told.get("rows") or ()) or None
            words = (str(told["declared"]), str(told["datum"]))
            yield Suspect(one.layer, *words, rows, float(told["offset_m"]))
            if "instead" in told:
                instead = str(told["instead"])
                words = (str(told["datum"]), _REAL.get(instead, instead))
                away = float(told["offset_m"])
                yield Suspect(str(told["target"]), *words, None, away, instead_of=one.layer)


def doubt(problems: Iterable[Problem]) -> Reason:
    """Return why what rests on such positions is not known; some problem must suspect them."""
    one = next(suspects(problems))
    params = {"target": one.layer, "datum": one.datum, "offset_m": one.offset_m}
    return Reason(ReasonCode.DATUM_DOUBTED, params)
