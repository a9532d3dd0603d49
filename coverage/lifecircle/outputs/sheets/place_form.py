"""What stands on the form of a place that is visited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["FieldForm"]


@dataclass(frozen=True, slots=True)
class FieldForm:
    """What stands on one form.

    Parameters
    ----------
    facts
        Label and value, two pairs a line.
    heads, shares, rows
        The table of questions; ``shares`` of the width, one a column. Empty cells are to write in.
    signs
        Labels at the foot, each with room to write.
    more
        Said where not all rows find room; ``{n}`` in it is how many do not.
    layer, place
        Whose shape is marked on the sketch: a layer's name and an id.
    at
        Metres; None: there is no sketch, ``unplaced`` says so.
    facilities
        Ids of those that the sketch must show and name.
    """

    title: str
    study: str
    number: str
    facts: Sequence[tuple[str, str]]
    heads: Sequence[str]
    shares: Sequence[float]
    rows: Sequence[Sequence[str]]
    signs: Sequence[str]
    note: str
    more: str
    unplaced: str
    layer: str
    place: str
    at: tuple[float, float] | None
    facilities: Sequence[str]

    def texts(self, part: str) -> Iterator[str]:
        """Yield what is printed in the face of a part: ``title``, ``strong`` or ``body``."""
        if part == "title":
            yield self.title
        elif part == "strong":
            yield from (*(name for name, _ in self.facts), *self.heads, *self.signs)
        else:
            yield from (self.study, self.number, self.note, self.more, self.unplaced)
            yield from (value for _, value in self.facts)
            yield from (cell for row in self.rows for cell in row)
