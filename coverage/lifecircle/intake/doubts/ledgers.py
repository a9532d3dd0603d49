"""Layers that say where their rows belong, under every choice of datums; each is looked at once."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import numpy as np

from lifecircle.intake.doubts.links import level
from lifecircle.intake.doubts.models import Model
from lifecircle.intake.doubts.suspicion import TRUSTED, Shifts, Suspicion, datums_but, real_datum
from lifecircle.intake.doubts.towns.asked import taken_of, weights
from lifecircle.intake.doubts.towns.company import ties_of
from lifecircle.intake.doubts.towns.evidence import Evidence
from lifecircle.intake.doubts.towns.held import held
from lifecircle.intake.doubts.weights import Heard, Held, Mixture, Weight, stands, together

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from lifecircle.intake.doubts.crowd import Crowd
    from lifecircle.intake.doubts.links import Link
    from lifecircle.intake.doubts.orders import Split

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

__all__ = ["Ledgers"]

_MOVED = 0.75
"""How likely a row of a mixture must be one of those moved to be named."""
_ENOUGH = 20
"""Rows in units from which they alone are asked."""
_AGREED_ROWS, _AGAINST = 5, 0.2
"""Layers agree where so many rows fit only as they are, and to each at most so many others."""
_COST = {True: 3, False: 12}  # rows that must speak for it: of typed positions, or of a system


class Ledgers:
    """The rows of all layers under every choice of datums; each is looked at once.

    Parameters
    ----------
    links
        The rows that say where they belong.
    declared
        Layer → datum it was read in (``datum.DATUMS``).
    shifts
        How points move from one datum to another.
    typed
        Layers whose datum a person typed: they are the sooner wrong.
    sure
        Layers that are not moved.
    crowd
        The places of the ledgers of homes and facilities: how they stand together.
    roughly
        Whether outlines are taken as drawn: nobody asks whether they lie off.
    """

    def __init__(
        self,
        links: Sequence[Link],
        declared: Mapping[str, str],
        shifts: Shifts,
        typed: frozenset[str],
        sure: frozenset[str],
        crowd: Crowd | None,
        *,
        roughly: bool = False,
    ) -> None:
        self._shifts, self._places, self._typed, self._sure = shifts, crowd, typed, sure
        enough = crowd is not None and min(map(len, crowd.rows.values())) >= _ENOUGH
        self._crowd = crowd if enough else None
        names = {name for link in links for name in (link.layer, link.other)}
        names |= set() if crowd is None else set(crowd.rows)
        self.layers = sorted(names, key=TRUSTED.index)
        self.read = {name: real_datum(declared[name]) for name in self.layers}
        asked = () if roughly else links
        self.links, self.off = level(asked, self.read, self.vectors)
        self.links = [*links] if roughly else self.links
        self._fits: dict[tuple[int, str, str, float], Mask] = {}
        self._made: dict[tuple[object, ...], list[Model]] = {}
        self._known: dict[tuple[tuple[str, str], ...], Evidence] = {}

    def fits(self, at: int, datums: Mapping[str, str], slack: float = 0.0) -> Mask:
        """Return which rows of a link fit where its two layers are in these datums."""
        link = self.links[at]
        own, other = datums[link.layer], datums[link.other]
        key = (at, own, other, slack)
        if key not in self._fits:
            self._fits[key] = link.fits(self.shift(link, own, other), slack)
        return self._fits[key]

    def shift(self, link: Link, own: str, other: str) -> Floats:
        """Return how the rows of a link move (n, 2) if its layers are in these datums.

        To move the other layer is to move the rows the opposite way.
        """
        there = self.vectors(link.points, link.layer, own)
        return there - self.vectors(link.points, link.other, other)

    def explained(self) -> dict[str, str]:
        """Return the datums under which most rows fit, the fewest layers moved."""
        choices = [
            (read := self.read[name], *(() if name in self._sure else datums_but(read)))
            for name in self.layers
        ]
        best, most = dict(self.read), -np.inf
        for chosen in itertools.product(*choices):
            datums = dict(zip(self.layers, chosen, strict=True))
            moved = [name for name in self.layers if datums[name] != self.read[name]]
            cost = sum(_COST[name in self._typed] for name in moved)
            fit = sum(int(self.fits(at, datums).sum()) for at in range(len(self.links)))
            if fit - cost > most:
                best, most = datums, fit - cost
        return best

    def gained(self, names: Sequence[str], real: str) -> list[float]:
        """Return how much likelier some rows of each ledger lie in a datum than none.

        The largest first, of each other beside those of the ones before it; nothing is known of a
        ledger that has no outlines or keeps no crowd (none of any then).
        """
        gains, thought = list[float](), dict[str, Weight]()
        rows = self._crowd.rows if self._crowd is not None else {}
        for name in sorted(names, key=lambda name: (-len(rows.get(name, ())), name)):
            links = self._telling(name)
            models = self._models(name, links, self.read, thought)
            if not links or not models or not models[-1].crowded:
                return []
            one = models[-1].gain(real, mixed=True)
            gains.append(one.gain if models[-1].parted(one) else -np.inf)
            thought[name] = Weight(real, mixed=True, links=links, split=one.split)
        return gains

    def weighed(
        self,
        layer: str,
        known: Mapping[str, str],
        beside: set[str],
        found: Mapping[str, Weight],
        *,
        alone: bool = True,
    ) -> Weight | None:
        """Return the model of a layer's rows that is far more likely than that all is well.

        ``known``: the datums of the other layers; ``beside``: those told of other layers;
        ``found``: what was told of them; ``alone``: as ``Model.convinces`` has it.
        """
        links = self._telling(layer)
        if layer in self._sure or (layer == "units" and any(one.mixed for one in found.values())):
            return None  # of rows that lie in two datums no outline is to blame
        start = {**known, layer: self.read[layer]}
        told, models = None, self._models(layer, links, start, found)
        for model in models:
            # of a mixture the links say nothing beside the crowd that is not in it
            ways = (False, True) if model.own and model is models[-1] else (False,)
            more = self._likeliest(model, layer, links, beside, ways, alone=alone)
            told = told if stands(told, more) else more
        if told is None or told.mixed or not models[-1].crowded:
            return told
        return self._divided(layer, links, told, models[-1], {**start, layer: told.datum}, found)

    def both(
        self, known: Mapping[str, str], found: Mapping[str, Weight], asked: dict[str, Weight]
    ) -> dict[str, Weight]:
        """Return ledgers as mixed where one beside the other tells it; they are asked no more."""
        pair = tuple(sorted(self._crowd.rows)) if self._crowd is not None else ()
        told = [found[name].mixed for name in pair if name in found]
        if len(told) == len(pair) or not all(told) or not self._sure.isdisjoint(pair):
            return {}
        start = {**known, **{name: self.read[name] for name in pair}}

        def model(name: str, beside: Mapping[str, Weight]) -> Model | None:
            models = self._models(name, self._telling(name), start, beside)
            return models[-1] if models and models[-1].crowded else None

        said = together(model, pair, datums_but(*(self.read[name] for name in pair)))
        return said.settled(found, asked, self._telling)

    def towns(self, known: Mapping[str, str], told: Mapping[str, Weight]) -> dict[str, Weight]:
        """Return ledgers of which towns lie, or may lie, in another datum, if no ledger does."""
        crowd = self._crowd
        whole = any(not one.mixed for one in told.values())
        if crowd is None or whole or not self._sure.isdisjoint(crowd.rows):
            return {}
        reals = datums_but(*(self.read[name] for name in crowd.rows))
        return weights(self._evidence(crowd, known), reals, self._telling)

    def held(self, *told: Mapping[str, Weight]) -> dict[str, Held]:
        """Return the towns of each ledger whose rows show that they lie right; none if any told."""
        here = None if any(told) else self._places
        return {} if here is None else held(self._evidence(here, self.read))

    def _evidence(self, crowd: Crowd, start: Mapping[str, str]) -> Evidence:
        key = tuple(sorted(start.items()))
        if key not in self._known:
            self._known[key] = Evidence(self, self.links, crowd, start)
        return self._known[key]

    def _divided(
        self,
        layer: str,
        links: tuple[int, ...],
        told: Weight,
        model: Model,
        start: Mapping[str, str],
        found: Mapping[str, Weight],
    ) -> Weight:
        """Return a datum told for all rows, or for some where others lie as they were read.

        ``model``: of the rows as they were read; ``start``: the datums with all rows moved.
        """
        others = [other for name, other in found.items() if name != layer]
        also = any(other.mixed and other.datum == told.datum for other in others)
        if not self._models(layer, links, start, found)[-1].divided(self.read[layer], beside=also):
            return told
        one = model.gain(told.datum, mixed=True)
        mixed = Weight(told.datum, mixed=True, links=links, split=one.split)
        return mixed if model.parted(one) else told

    def _likeliest(
        self,
        model: Model,
        layer: str,
        links: tuple[int, ...],
        beside: set[str],
        ways: tuple[bool, ...],
        *,
        alone: bool,
    ) -> Weight | None:
        """Return the datum, of all rows or of some, that is far likelier than that all is well.

        And than a move as far in another direction; asked only, where some rows may as well lie in
        the third datum. ``ways``: whether some rows are asked, or all.
        """
        best, reals = None, datums_but(self.read[layer])
        for mixed in ways:
            beat = best.gain + model.more if best and best.sure else -np.inf
            for real in reals:
                one = model.gain(real, mixed=mixed)
                # of two mixtures what lies still counts twice: the crowd bends to either
                gain = one.gain + (model.said(real) if mixed and model.crowded else 0.0)
                also = real in beside
                new = Weight(real, mixed, links, one.split, beside=also, gain=gain)
                if one.gain < beat or not new.outdoes(best):
                    continue
                heard = model.convinces(one, real, mixed=mixed, beside=also, alone=alone)
                new = replace(new, sure=heard is Heard.TELL)
                if heard and new.outdoes(best):
                    best = new
        return replace(best, sure=False) if best and model.rivalled(best, reals) else best

    def _models(
        self,
        layer: str,
        links: tuple[int, ...],
        start: Mapping[str, str],
        found: Mapping[str, Weight],
    ) -> list[Model]:
        """Return what can be asked of a layer's rows: links alone, and with the crowd."""
        two = {name: one.split for name, one in found.items() if one.split is not None}
        two.pop(layer, None)
        key = (layer, *sorted(start.items()), *two.items())
        if key not in self._made:  # what was asked before is not reckoned anew
            self._made[key] = self._make(layer, links, start, two)
        return self._made[key]

    def _make(
        self,
        layer: str,
        links: tuple[int, ...],
        start: Mapping[str, str],
        two: Mapping[str, Split],
    ) -> list[Model]:
        asked = [self.links[at] for at in links]
        bare = [Model(self, layer, asked, start)] if asked else []
        crowd = self._crowd
        still = all(link.layer == layer and link.other == "units" for link in asked)
        if crowd is None or not still or len(crowd.rows.get(layer, ())) < _ENOUGH:
            return bare
        at = {name: xy + self.vectors(xy, name, start[name]) for name, xy in crowd.points.items()}
        beside = [link for link in self.links if link.layer in crowd.rows.keys() - {layer, *two}]
        taken, ties = taken_of(self, beside, start), ties_of(self, self.links, crowd, start)
        around = crowd.around(layer, at, two, taken, ties)
        return [*bare, Model(self, layer, asked, start, (around, crowd.rows[layer]))]

    def vectors(self, points: Floats, layer: str, real: str) -> Floats:
        """Return how points of a layer move (n, 2) if it is in another datum than it was read."""
        if real == self.read[layer]:
            return np.zeros_like(points)
        return self._shifts.vectors(points, self.read[layer], real)

    def _telling(self, layer: str) -> tuple[int, ...]:
        """Return the links to ask of a layer: its rows in units, which lie still, before others."""
        own = [at for at, link in enumerate(self.links) if link.layer == layer]
        still = tuple(at for at in own if self.links[at].other == "units")
        if sum(len(self.links[at].rows) for at in still) >= _ENOUGH:
            return still
        return tuple(own or [at for at, link in enumerate(self.links) if link.other == layer])

    def suspicion(self, layer: str, weight: Weight) -> Suspicion:
        """Return what is told of a layer in another datum, by the link with most rows."""
        if not weight.links:
            return self._by_company(layer, weight)
        at = max(weight.links, key=lambda at: len(self.links[at].rows))
        link = self.links[at]
        other = link.other if link.layer == layer else link.layer
        now, then = self.fits(at, self.read), self.fits(at, {**self.read, layer: weight.datum})
        counts = (len(now), int(now.sum()), int(then.sum()))
        metres = float(np.hypot(*self.vectors(link.points, layer, weight.datum).mean(axis=0)))
        return Suspicion(layer, weight.datum, other, metres, *counts)

    def _by_company(self, layer: str, weight: Weight) -> Suspicion:
        """Return what is told where no outline says where rows belong: the places near them."""
        crowd = cast("Crowd", self._crowd)
        vectors = self.vectors(xy := crowd.points[layer], layer, weight.datum)
        other = next(name for name in crowd.rows if name != layer)
        before, count = crowd.met(layer, xy, other), crowd.met(layer, xy + vectors, other)
        metres = float(np.hypot(*vectors.mean(axis=0)))
        return Suspicion(layer, weight.datum, other, metres, len(xy), before, count)

    def mixture(self, layer: str, weight: Weight, right: Mapping[str, str]) -> Mixture:
        """Return what is told of a mixed layer: the rows that fit only under the other datum."""
        rows, total = set[int](), set[int]()
        for at in weight.links:
            now, then = self.fits(at, right), self.fits(at, {**right, layer: weight.datum})
            rows |= {int(row) for row in self.links[at].rows[then & ~now & (weight.sent is None)]}
            total |= {int(row) for row in self.links[at].rows}
        other, xy = next((self.links[at].other for at in weight.links), ""), np.empty((0, 2))
        if weight.split is not None:
            crowd = cast("Crowd", self._crowd)
            mine, xy = crowd.rows[layer], crowd.points[layer]
            rows |= {int(row) for row in mine[weight.split.moved >= _MOVED]}
            total |= {int(row) for row in mine}
            other = other or next(name for name in crowd.rows if name != layer)
        else:
            xy = self.links[weight.links[0]].points
        metres = float(np.hypot(*self.vectors(xy, layer, weight.datum).mean(axis=0)))
        counts = (len(total), tuple(sorted(rows)))
        return Mixture(layer, weight.datum, other, metres, *counts, weight.sure, weight.sent)

    def agree(self, at: int, right: Mapping[str, str]) -> bool:
        """Return whether the layers of a link agree: other datums fit clearly worse."""
        now, layer = self.fits(at, right), self.links[at].layer
        for real in datums_but(self.read[layer]):
            then = self.fits(at, {**right, layer: real})
            better, worse = int((then & ~now).sum()), int((now & ~then).sum())
            if worse < _AGREED_ROWS or better > _AGAINST * worse:
                return False
        return True
