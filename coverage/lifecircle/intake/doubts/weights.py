"""What is thought of a layer: in which datum its rows lie, all or some, and how surely."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lifecircle.intake.doubts.crowd import Split

__all__ = ["Weight", "stands"]


@dataclass(frozen=True, slots=True)
class Weight:
    """A model of a layer's rows: all of them in a datum, or each in it or as it was read.

    ``sure``: whether it is told, or the planner asked; ``beside``: another layer has the datum.
    """

    datum: str
    mixed: bool
    links: tuple[int, ...]
    split: Split | None = None
    sure: bool = True
    beside: bool = False
    gain: float = 0.0

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
