"""Did a town send in all of its rows in another datum? Asked of each town, by one paired test.

Counties merge the ledgers of their towns. Of one town among a dozen the rows are too few to be told
among all (``paired``): so each town is held, as it was read and as if it were moved, against what
says where it belongs. Its rows lie in its own outline or not; those in a neighbour's come home
together, and none leaves. If it moved one ledger alone, its facilities stand nearer to its homes,
or at the areas that they serve. Homes and facilities that came together stand beside each other
wherever they are: then borders alone tell.

How likely rows lie beyond a border is taken from all other towns (``strays``): rough places and
borders drawn otherwise show there too. A village that was written to the neighbour lies as rows
moved there would, all of it: rows in one neighbour say no more together than that is likely. What
is told must be likelier than by chance in any of the towns, datums and ledgers that were asked, and
than in any other direction.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import numpy as np

from lifecircle.intake.doubts import strays
from lifecircle.intake.doubts.links import DIRECTIONS
from lifecircle.intake.doubts.orders import Split
from lifecircle.intake.doubts.towns.evidence import EXACTLY
from lifecircle.intake.doubts.weights import Sent, Weight

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from lifecircle.intake.doubts.links import Link
    from lifecircle.intake.doubts.models import Moves
    from lifecircle.intake.doubts.towns.evidence import Evidence

    Floats = NDArray[np.float64]

__all__ = ["final", "sent", "taken_of", "weights"]

_TOLD, _TOLD_OVER = 10.0, 4.0
"""How much likelier (natural logarithm) rows of a town are in another datum than as read, and than
as far in any other direction, to be told: of 480 counties that lay right, with rough places,
villages written to a neighbour, outlines 250 m off, facilities all at the seats, none came to it.
"""
_ASKED, _ASKED_OVER = 7.0, 2.0
"""The same to be asked about: of those counties five came to it, of which four had outlines 250 m
off; a dozen towns, two datums and three choices of ledgers are log(72) = 4.3."""
_RIVAL = 3.0
"""How much likelier rows of one ledger, or of both, are than of others, for those to be told; and
than in a third datum, for that datum to be told."""
_NEVER = (-np.inf, False)
_ASTRAY = 0.04
"""Share of the rows of all other towns that lie elsewhere, at most, where borders tell."""
_ROUGHLY = 2.0
"""What all rows say of how homes and facilities stand together differs so much at most from what
those of the other towns say."""
_MOVED, _MOSTLY = 0.5, 0.75
"""How likely a row of a mixture is moved, and what share of them are rows of some towns, where it
is those towns that sent theirs in another datum."""
_ENOUGH = 20
"""Rows from which a ledger says how its office takes places."""


def final(
    found: Mapping[str, Weight], asked: Mapping[str, Weight], towns: Mapping[str, Weight]
) -> tuple[dict[str, Weight], dict[str, Weight]]:
    """Return what is told, and what is asked, where all rows of some ``towns`` may explain it.

    They stand before some rows, of any towns, of which most are theirs; else those stand. So do
    those in another datum than towns of which the planner would be asked.
    """
    sure = {name: one for name, one in towns.items() if one.sure}
    if _explained(found, sure) and _explained(asked, towns):
        return sure, {name: one for name, one in towns.items() if not one.sure}
    return {**found}, {**asked}


def _explained(mixed: Mapping[str, Weight], towns: Mapping[str, Weight]) -> bool:
    return all(
        name in towns
        and one.split is not None
        and (one.datum == towns[name].datum or towns[name].sure)
        and _mostly(one.split, cast("Sent", towns[name].sent).rows)
        for name, one in mixed.items()
    )


def _mostly(split: Split, rows: NDArray[np.bool_]) -> bool:
    moved = split.moved >= _MOVED
    return bool(moved.sum() > 0 and (moved & rows).sum() >= _MOSTLY * moved.sum())


def taken_of(test: Moves, links: Sequence[Link], start: Mapping[str, str]) -> Floats:
    """Return how likely each way of taking places is (log, ``strays``), by the ledger beside.

    ``links``: those of the ledgers beside that lie whole in the datums ``start``.
    """
    still = next((link for link in links if link.other == "units"), None)
    if still is None or len(still.rows) < _ENOUGH:
        return strays.TAKEN
    beyond = still.beyond(test.shift(still, start[still.layer], start["units"]))
    return strays.taken_beside(beyond, len({id(one) for one in still.targets}))


def sent(evidence: Evidence, reals: Sequence[str]) -> dict[str, Sent]:
    """Return the ledgers of which some towns' rows came in another datum: one of ``reals``."""
    towns = _Towns(evidence)
    found = towns.alone([one for real in reals for one in towns.heard(real)], reals)
    return towns.sent(found) if found else {}


def weights(
    evidence: Evidence, reals: Sequence[str], telling: Callable[[str], tuple[int, ...]]
) -> dict[str, Weight]:
    """Return the same as what is thought of the ledgers; ``telling``: the links to ask of one."""
    found: dict[str, Weight] = {}
    for name, one in sent(evidence, reals).items():
        split = Split(0.0, one.rows.astype(float), evidence.crowd.points[name])
        new = Weight(one.datum, mixed=True, links=telling(name), split=split)
        found[name] = replace(new, sure=one.sure, sent=one)
    return found


@dataclass(frozen=True, slots=True)
class _Heard:
    """How much likelier rows of a town are in a datum than as they were read.

    ``ledgers``: those of which the planner is asked at least; ``sure``: those of which it is told.
    """

    code: str
    datum: str
    gain: float
    sure: frozenset[str]
    ledgers: frozenset[str]


class _Towns:
    """The towns of two ledgers, each of which is asked."""

    def __init__(self, evidence: Evidence) -> None:
        self._of = evidence

    def heard(self, real: str) -> list[_Heard]:
        """Return the towns that are heard, and the ledgers whose rows are likeliest in a datum.

        Where one ledger is about as likely as both, of the other the planner is asked.
        """
        found = []
        for code in self._of.codes:
            ways = {layers: self._one(code, real, layers) for layers in self._of.ways(code)}
            best, told = max(ways.values())
            if (best, told) == _NEVER:
                continue
            likely = [{*layers} for layers, (gain, _) in ways.items() if gain > best - _RIVAL]
            sure = set.intersection(*likely) if told else set()
            ledgers = set.union(*likely)
            found.append(_Heard(code, real, best, frozenset(sure), frozenset(ledgers)))
        return found

    def alone(self, found: Sequence[_Heard], reals: Sequence[str]) -> list[_Heard]:
        """Return the towns that are heard, asked about where a third datum is about as likely.

        Even if it is not heard itself, as they may lie as far in another direction.
        """
        alone = []
        for one in found:
            ways = self._of.ways(one.code)
            others = [
                self._gain(one.code, real, way)
                for real in reals
                for way in ways
                if real != one.datum
            ]
            rival = max(others, default=-np.inf) > one.gain - _RIVAL
            alone.append(replace(one, sure=frozenset()) if rival else one)
        return alone

    def sent(self, found: Sequence[_Heard]) -> dict[str, Sent]:
        """Return the ledgers of the towns that are heard in the datum that is likeliest.

        Of two as likely the nearer is asked about.
        """
        most = max(one.gain for one in found)
        near = [one.datum for one in found if one.gain > most - _RIVAL]
        alike = [one for one in found if one.datum == near[0]]
        sure = frozenset[str]().union(*(one.sure for one in alike if len({*near}) == 1))
        moved = sorted(frozenset[str]().union(*(one.ledgers for one in alike)))
        told = {}
        for name in moved:
            some = [one.sure if name in sure else one.ledgers for one in alike]
            codes = tuple(
                one.code for one, told_of in zip(alike, some, strict=True) if name in told_of
            )
            told[name] = self.told(name, near[0], codes, moved, sure=name in sure)
        return told

    def told(
        self, name: str, datum: str, codes: tuple[str, ...], moved: Sequence[str], *, sure: bool
    ) -> Sent:
        """Return what is told of some towns' rows in a ledger, ``moved`` as those of others are."""
        rows = np.isin(self._of.ledgers[name].towns, codes)
        counts = [self._of.crossing(codes, one, datum) for one in moved]
        known = [one for one in counts if one is not None]
        come, left = (sum(some) for some in zip(*known, strict=True)) if known else (None, None)
        met = self._of.company.met(codes, self._of.moves(datum, 0.0), moved)
        return Sent(datum, rows, codes, sure, come, left, *met)

    def _one(self, code: str, real: str, layers: tuple[str, ...]) -> tuple[float, bool]:
        """Return how much likelier a town's rows of some ledgers are in a datum; whether surely."""
        some = [self._of.ledgers[name] for name in layers]
        out = any((~one.home[one.towns == code]).any() for one in some)
        company = self._of.company
        most = company.gain(code, self._of.moves(real, 0.0), layers, roughly=True) + _ROUGHLY
        if most < _ASKED and (not out or self._rough(code)):
            return _NEVER
        if most + self._of.borders(code, real, layers, dict.fromkeys(layers, EXACTLY)) < _ASKED:
            return _NEVER
        come = self._gain(code, real, layers)
        if come < _ASKED:
            return _NEVER
        over = come - max(self._gain(code, real, layers, turn) for turn in DIRECTIONS)
        if over < _ASKED_OVER:
            return _NEVER
        return come, come >= _TOLD and over >= _TOLD_OVER

    def _gain(self, code: str, real: str, layers: tuple[str, ...], turn: float = 0.0) -> float:
        """Return how much likelier they are there, or as far in another direction."""
        taken = {name: self._of.taken(code, name) for name in layers}
        near = self._of.company.gain(code, self._of.moves(real, turn), layers)
        return near + self._of.borders(code, real, layers, taken, turn)

    def _rough(self, code: str) -> bool:
        """Return whether rows of other towns lie elsewhere too: rough places, or borders."""
        out = np.concatenate([~one.home[one.towns != code] for one in self._of.ledgers.values()])
        return bool(out.mean() > _ASTRAY) if len(out) else False
