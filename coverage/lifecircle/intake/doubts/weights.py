"""What is thought of layers: in which datum their rows lie, all or some, and how surely.

Half of the homes and half of the facilities may both have come from another source. Then each
ledger alone lies about as well beside the other as it was read as moved: a facility that was moved
stands beside homes that were, and misses those that were not. So both are asked together whether
some rows of each were moved, over what one of them alone would explain.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from lifecircle.intake.doubts.links import Off
    from lifecircle.intake.doubts.orders import Split
    from lifecircle.intake.doubts.suspicion import Suspicion

__all__ = [
    "Gain",
    "Heard",
    "Held",
    "Mixture",
    "Paired",
    "Sent",
    "Together",
    "Weight",
    "stands",
    "together",
]

_SURELY = 8.0
"""How much likelier (natural logarithm) it is that some rows of one ledger lie in another datum, or
of both, than of none: of a hundred ledgers that lie right, rough ones too, none came above 4.4."""
_NO_OTHER_WAY = 3.0
"""How much likelier some rows of one ledger alone are there than as far in another direction."""
_LIKELY, _LIKELY_EACH = 0.1, 0.03
"""Share of the rows that are moved likelier than not: of one ledger, and of each of both."""
_OVER_ONE, _ITS_WAY = 3.0, 1.0
"""How much likelier some rows of both are there than of one (never less likely), with half of what
either loses at least in another direction: beside a mixed ledger one that lies right came to -2 at
most, of fifty, one that is mixed to 3.6 and more, but for those of which no row says anything. And
what either loses at least: a rough ledger finds company among moved homes whichever way it goes."""
_RIVAL = 3.0
"""How much likelier what is told must be than some rows in a third datum, or of the other ledger.
"""
_FOLLOW, _SIDEWAYS = -6.0, np.radians([75.0, 105.0, 255.0, 285.0])
_ALIKE, _ALIKE_OVER = 1.0, 3.0
"""Where no outline tells which half of two ledgers was moved, the other half may as well have
followed it: how much likelier either is than none for the planner to be asked, if each is so much
likelier than both ledgers moved sideways (and one more than ``_FOLLOW``, else it is not tried). Of
a hundred pairs that lay right none came to both."""
_ABOUT = 1.5
"""How much likelier it may be of one ledger alone for the planner to be asked about both."""
_ASKED_ALONE, _ASKED_WAY = 7.0, 5.0
"""How much likelier some rows of one ledger are there than none, and than in another direction, for
the planner to be asked."""


class Heard(IntEnum):
    """What a model is good for: nothing, a question to the planner, or to be told."""

    NO = 0
    ASK = 1
    TELL = 2


@dataclass(frozen=True, slots=True, eq=False)
class Gain:
    """The log likelihood of a model over that of none moved, and which rows it moved."""

    gain: float
    split: Split | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Sent:
    """All rows of some towns in a ledger are in another datum.

    ``rows`` (n,): which of the rows in the crowd; ``towns``: the codes; ``sure``: whether that is
    told, or the planner asked. Moved there, of the towns' rows in the ledger ``come`` into their
    unit and ``left`` leave it (None: no outline says), and of their facilities ``met`` have a home
    near them, of ``before``.
    """

    datum: str
    rows: NDArray[np.bool_]
    towns: tuple[str, ...]
    sure: bool
    come: int | None
    left: int | None
    before: int
    met: int


@dataclass(frozen=True, slots=True)
class Held:
    """The ``towns`` whose rows of a ledger show that they lie as they were read.

    ``come``: each other town → how many rows lie elsewhere that would come home in another datum.
    """

    towns: set[str] = field(default_factory=set)
    come: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mixture:
    """A layer of which some rows look like another datum than the others.

    Of ``total`` rows that say where they belong, the rows ``rows`` (positions in the layer) lie
    elsewhere, and are at home once the shift of ``offset_m`` is undone. ``sure``: whether that is
    told, or the planner asked; ``sent``: where they are all rows of some towns.
    """

    layer: str
    datum: str
    other: str
    offset_m: float
    total: int
    rows: tuple[int, ...]
    sure: bool = True
    sent: Sent | None = None


@dataclass(frozen=True, slots=True)
class Paired:
    """What the rows say: layers in another datum, mixed ones, and pairs that agree.

    ``off``: that all outlines are drawn off by the same way; ``held``: where nothing is told, the
    towns of each ledger whose rows show that they lie right.
    """

    suspicions: tuple[Suspicion, ...] = ()
    mixtures: tuple[Mixture, ...] = ()
    agreed: tuple[tuple[str, str], ...] = ()
    off: Off | None = None
    held: Mapping[str, Held] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Weight:
    """A model of a layer's rows: all of them in a datum, or each in it or as it was read.

    ``sure``: whether it is told, or the planner asked; ``beside``: another layer has the datum;
    ``sent``: it is all rows of some towns, and no others.
    """

    datum: str
    mixed: bool
    links: tuple[int, ...]
    split: Split | None = None
    sure: bool = True
    beside: bool = False
    gain: float = 0.0
    sent: Sent | None = None

    def outdoes(self, best: Weight | None) -> bool:
        """Return whether it is to be taken before another: what is told before what is asked.

        What another layer has is asked about before what none has.
        """
        if best is None or self.sure != best.sure:
            return best is None or self.sure
        if self.mixed != best.mixed:
            return True
        also = (not self.sure and self.beside, not self.sure and best.beside)
        return (also[0], self.gain) > (also[1], best.gain)


def stands(told: Weight | None, more: Weight | None) -> bool:
    """Return whether what the links tell stands before what the crowd tells beside them.

    Where the links tell a datum for all, whether it is for some is asked by itself.
    """
    if told is None or more is None:
        return more is None
    whole = not told.mixed and told.datum == more.datum
    return told.sure > more.sure or (whole and more.mixed)


class _Asked(Protocol):
    """A ledger beside another (``models.Model``)."""

    @property
    def still(self) -> float:
        """What the places around say of the rows as they lie (log likelihood)."""

    def gain(self, real: str, turn: float = 0.0, *, mixed: bool) -> Gain:
        """Return how much likelier all rows, or some, are in another datum than as read."""

    def chance(self, real: str, *, mixed: bool) -> float:
        """Return how much likelier rows moved as far in other directions come out at best."""

    def parted(self, one: Gain) -> bool:
        """Return whether a mixture moves some rows, and leaves some."""


@dataclass(frozen=True, slots=True, eq=False)
class Together:
    """The datum in which some rows of these ledgers lie, told or (not ``sure``) asked; or none."""

    datum: str = ""
    splits: Mapping[str, Split] = field(default_factory=dict)
    sure: bool = True

    def settled(
        self,
        found: Mapping[str, Weight],
        asked: dict[str, Weight],
        telling: Callable[[str], tuple[int, ...]],
    ) -> dict[str, Weight]:
        """Return what is told, if what was found agrees; what is asked goes to ``asked``."""
        new = {
            name: Weight(self.datum, mixed=True, links=telling(name), split=split, sure=self.sure)
            for name, split in self.splits.items()
        }
        if not all(name in new and one.datum == self.datum for name, one in found.items()):
            return {}
        if not self.sure:
            asked |= {name: one for name, one in new.items() if name not in {*found, *asked}}
            return {}
        for name in new:
            asked.pop(name, None)
        return new


_Asks = Callable[[str, "Mapping[str, Weight]"], "_Asked | None"]


def together(asked: _Asks, pair: Sequence[str], reals: Sequence[str]) -> Together:
    """Return the datum in which some rows of one ledger, or of both, lie, and which do.

    Parameters
    ----------
    asked
        A ledger, and what is thought of the other where it is split → what its rows are asked; None
        where they are too few.
    pair
        The two ledgers.
    reals
        The datums that neither was read in.
    """
    alone = _alone(asked, pair)
    if not any(one.gain(real, mixed=True).gain > 0 for one in alone.values() for real in reals):
        return Together()  # so it is of most that lie right
    tried = _tried(asked, alone, reals)
    if not tried:
        return Together()
    *ones, both = tried
    one, other = sorted(ones, key=lambda one: -one.gain)
    if both.over(one):
        return Together(both.real, both.splits)
    ahead = one.gain >= other.gain + _RIVAL
    if one.sure and ahead and min(one.away().values()) >= _NO_OTHER_WAY:
        return Together(one.real, one.splits)
    if _Pair(asked, alone, both.real).alike(both):
        some = both if both.gain >= one.gain - _ABOUT else one
        return Together(some.real, some.splits, sure=False)
    return Together(one.real, one.splits, sure=False) if ahead and one.maybe() else Together()


def _tried(asked: _Asks, alone: Mapping[str, _Asked], reals: Sequence[str]) -> list[_Some]:
    """Return some rows of either ledger, and of both, in the datum that is likeliest.

    None where another datum is nearly as likely.
    """
    tried = {real: _Pair(asked, alone, real).tried() for real in reals}
    most = {real: max(one.gain for one in some) for real, some in tried.items()}
    first = max(most, key=most.__getitem__)
    near = [real for real, gain in most.items() if gain > most[first] - _RIVAL]
    return tried[first] if near == [first] else []


def _alone(asked: _Asks, pair: Sequence[str]) -> dict[str, _Asked]:
    """Return both ledgers beside each other as they were read; none where one has too few rows."""
    found = {name: one for name in pair if (one := asked(name, {})) is not None}
    return found if len(found) == len(pair) else {}


@dataclass(frozen=True, slots=True, eq=False)
class _Some:
    """Some rows of one ledger, or of both, in a datum.

    ``gain``: how much likelier that is than none; ``away``: than a move of one of them as far in
    another direction, the least (asked only where it decides); ``parted``: whether some rows of
    each are moved, and some not.
    """

    real: str
    gain: float
    away: Callable[[], dict[str, float]]
    parted: bool
    splits: dict[str, Split]

    @property
    def likely(self) -> float:
        """Share of the rows of a ledger that are moved likelier than not, the most."""
        return max(one.likely for one in self.splits.values())

    @property
    def sure(self) -> bool:
        """Whether chance would not explain it, nor a row or two of either."""
        least = min(one.likely for one in self.splits.values())
        enough = self.likely >= _LIKELY and least >= _LIKELY_EACH
        return self.parted and enough and self.gain >= _SURELY

    def maybe(self) -> bool:
        """Whether the planner is asked of one ledger."""
        enough = self.parted and self.likely >= _LIKELY and self.gain >= _ASKED_ALONE
        return enough and min(self.away().values()) >= _ASKED_WAY

    def over(self, one: _Some) -> bool:
        """Return whether some of both are told over some of one ledger, and over none."""
        more = self.gain - max(one.gain, 0.0)
        if not self.sure or more < 0:
            return False
        elsewhere = min(self.away().values())
        return elsewhere >= _ITS_WAY and more + elsewhere / 2 >= _OVER_ONE


@dataclass(frozen=True, slots=True, eq=False)
class _Pair:
    """Two ledgers of which some rows may lie in the datum ``real``, each asked beside the other.

    What is said of both is the sum of what is said of each where the other lies so. Under ``turn``
    (radians) they are moved as far in another direction.
    """

    asked: _Asks
    alone: Mapping[str, _Asked]
    real: str
    turn: float = 0.0

    def tried(self) -> list[_Some]:
        """Return some rows of the one, of the other, and of both."""
        ways = (tuple(self.alone), tuple(self.alone)[::-1])
        return [*(self._one(*way) for way in ways), self.likelier()]

    def alike(self, both: _Some) -> bool:
        """Return whether half of both ledgers was moved, were it that half or the other.

        ``both``: some rows of both that were.
        """
        if both.gain < _FOLLOW or not both.parted:
            return False
        back = replace(self, turn=np.pi).likelier().gain
        if np.logaddexp(both.gain, back) < _ALIKE:
            return False
        least = min(both.gain, back) - _ALIKE_OVER
        return all(replace(self, turn=turn).likelier().gain <= least for turn in _SIDEWAYS)

    def likelier(self) -> _Some:
        """Return some rows of both, whichever ledger is told first."""
        ways = (tuple(self.alone), tuple(self.alone)[::-1])
        return max((self._both(*way) for way in ways), key=lambda one: one.gain)

    def _gain(self, model: _Asked) -> Gain:
        return model.gain(self.real, self.turn, mixed=True)

    def _one(self, name: str, other: str) -> _Some:
        split = {name: self._gain(self.alone[name])}
        return self._some({**self.alone, other: self._beside(other, name, split)}, split)

    def _both(self, first: str, second: str) -> _Some:
        """Return some rows of both, told in turn: of the first anew by those of the second."""
        models = dict(self.alone)
        split = {first: self._gain(models[first])}
        for name, other in ((second, first), (first, second), (second, first)):
            models[name] = self._beside(name, other, split)
            split[name] = self._gain(models[name])
        return self._some(models, split)

    def _some(self, models: Mapping[str, _Asked], split: Mapping[str, Gain]) -> _Some:
        gain = sum(one.gain for one in split.values())
        gain += sum(models[name].still - self.alone[name].still for name in models)

        def away() -> dict[str, float]:
            return {
                name: one.gain - models[name].chance(self.real, mixed=True)
                for name, one in split.items()
            }

        parted = all(models[name].parted(one) for name, one in split.items())
        splits = {name: cast("Split", one.split) for name, one in split.items()}
        return _Some(self.real, gain, away, parted, splits)

    def _beside(self, name: str, other: str, split: Mapping[str, Gain]) -> _Asked:
        thought = Weight(self.real, mixed=True, links=(), split=split[other].split)
        return cast("_Asked", self.asked(name, {other: thought}))
