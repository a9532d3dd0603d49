"""Who is called what: areas, facilities, units and sites by their ids, and clauses.

An id means something in one layer of one result. An area and a facility may have the same; where
ids are numbers of rows, so may two facilities of two results that are compared. Names are
therefore asked for by layer, and of a comparison by side.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal
from weakref import WeakKeyDictionary

from lifecircle.model.cell import text_or_none
from lifecircle.model.status import Flag

if TYPE_CHECKING:
    from collections.abc import Mapping

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
        asked = _NAMED if layer is None else (layer,)
        named = [self.rows[one][key] for one in asked if key in self.rows.get(one, {})]
        return named[0] if len(named) == 1 else None


_KNOWN: WeakKeyDictionary[Assessment, Names] = WeakKeyDictionary()
