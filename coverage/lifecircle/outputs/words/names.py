"""Who is called what: areas, facilities, units and sites by their ids, and clauses.

An id means something in one layer of one result. An area and a facility may have the same; where
ids are numbers of rows, so may two facilities of two results that are compared. Names are
therefore asked for by layer, and of a comparison by side. Rows of a layer may share a name (two
estates called 书香苑): such a name comes with what tells them apart.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal
from weakref import WeakKeyDictionary

from lifecircle.model.cell import text_or_none
from lifecircle.model.status import Flag

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lifecircle.model.results.assessment import Assessment
    from lifecircle.model.results.comparison import Comparison

__all__ = ["Names", "Side"]

Side = Literal["before", "after"]
"""Side of a comparison."""

_NAMED = ("residential", "facilities", "units", "sites")
"""Layers whose rows have names."""


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one result, or of the two of a comparison.

    Parameters
    ----------
    rows
        Layer → id → name; an id without a name is left out.
    nameless
        Ids of the checks that no document asks for: people are told 参考 (reference) instead.
    sides
        Side → its names, of a comparison; then ``rows`` and ``nameless`` are empty.
    """

    rows: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    nameless: frozenset[str] = frozenset()
    sides: Mapping[Side, Names] = field(default_factory=dict)
    _shared: Mapping[str, frozenset[str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Find the names that several rows of a layer have."""
        shared = {layer: _shared(named.values()) for layer, named in self.rows.items()}
        object.__setattr__(self, "_shared", shared)

    @classmethod
    def of(cls, assessment: Assessment) -> Names:
        """Return the names in an Assessment, gathered once for all outputs."""
        if assessment not in _KNOWN:
            _KNOWN[assessment] = cls._gathered(assessment)
        return _KNOWN[assessment]

    @classmethod
    def _gathered(cls, assessment: Assessment) -> Names:
        rows: dict[str, dict[str, str]] = {}
        for layer in _NAMED:
            frame = assessment.layers.get(layer)
            if frame is not None and "name" in frame:
                told = zip(frame.index.tolist(), frame["name"].tolist(), strict=True)
                found = {str(i): text_or_none(v) for i, v in told}
                rows[layer] = {i: name for i, name in found.items() if name}
        nameless = (c.id for c in assessment.clauses if Flag.REFERENCE in c.flags and not c.quote)
        return cls(rows, frozenset(nameless))

    @classmethod
    def of_both(cls, comparison: Comparison) -> Names:
        """Return the names of both sides of a comparison."""
        return cls(sides={"before": cls.of(comparison.before), "after": cls.of(comparison.after)})

    def on(self, side: Side | None) -> Names:
        """Return the names of one side; None means the only one.

        Raises
        ------
        ValueError
            There are two sides, and none is named: the id could be either's.
        """
        if side is not None:
            return self.sides[side]
        if self.sides:
            raise ValueError("an id of a comparison is named by its side")
        return self

    def row(self, key: str, layer: str | None = None) -> str | None:
        """Return the name of a row; None where it has none.

        ``layer`` says whose id it is; without it the only layer that names this id is meant.
        """
        if layer is not None:
            return self.rows[layer].get(key) if layer in self.rows else None
        named = [self.rows[one][key] for one in _NAMED if key in self.rows.get(one, {})]
        return named[0] if len(named) == 1 else None

    def apart(self, key: str, layer: str | None = None) -> str | None:
        """Return what tells a row from others of its layer with the same name.

        None where no other has its name, or it has none. A unit is told by the unit that its code
        begins with (一社区 of 甲街道), all else, and a unit that this does not tell, by its id.
        """
        for one in _NAMED if layer is None else (layer,):
            named = self.rows.get(one, {})
            if named.get(key) not in self._shared.get(one, frozenset()):
                continue
            if one != "units":
                return key
            within = _within(key, named)
            alike = [other for other, name in named.items() if name == named[key]]
            homes = [_within(other, named) for other in alike]
            return within if within is not None and homes.count(within) == 1 else key
        return None


def _shared(names: Iterable[str]) -> frozenset[str]:
    """Return the names that stand there twice or more."""
    return frozenset(name for name, times in Counter(names).items() if times > 1)


def _within(code: str, named: Mapping[str, str]) -> str | None:
    """Return the name of the smallest unit whose code ``code`` begins with."""
    above = (code[:length] for length in range(len(code) - 1, 0, -1))
    return next((named[one] for one in above if one in named), None)


_KNOWN: WeakKeyDictionary[Assessment, Names] = WeakKeyDictionary()
