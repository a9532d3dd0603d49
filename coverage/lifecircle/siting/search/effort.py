"""How far a search goes, what it has so far, and how it is stopped."""

from __future__ import annotations

import signal
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

from contextlib import contextmanager

__all__ = ["CLOSE", "PROVEN", "Effort", "Watch", "gap_between", "watched"]

CLOSE = 1e-9
"""Relative: objectives nearer than this are the same; sums of a million weights differ as much."""
PROVEN = 1e-8
"""Relative: a bound nearer than this to what was found proves it; solvers know no better."""


@dataclass(frozen=True, slots=True)
class Effort:
    """Limits of one search. Counts decide, so that every machine gives the same answer.

    Parameters
    ----------
    nodes
        Most nodes and rounds of cuts of one integer programme.
    gap
        Stop when bound and best differ by no more than this share of the best.
    seconds
        Stop after so long; None, the default, leaves the clock out of it.
    """

    nodes: int = 4000
    gap: float = 0.0
    seconds: float | None = None


@dataclass(slots=True)
class Watch:
    """What a search has found: the best objective, what is proven, whether it is to stop.

    ``report`` is called with the seconds since the start, the best and the bound, whenever one of
    them changes; it may print them, and must not change the search. ``besides`` is what existing
    places are worth: it is added to both.
    """

    effort: Effort = field(default_factory=Effort)
    report: Callable[[float, float | None, float | None], None] | None = None
    interrupted: bool = False
    out_of_nodes: bool = False
    best: float | None = None
    bound: float | None = None
    besides: float = 0.0
    started: float = field(default_factory=time.monotonic)

    @property
    def out_of_time(self) -> bool:
        """Whether the time that the user set is over."""
        limit = self.effort.seconds
        return limit is not None and time.monotonic() - self.started > limit

    @property
    def stop(self) -> bool:
        """Whether to end with what there is."""
        return self.interrupted or self.out_of_time

    def ended(self, *, proven: bool) -> str:
        """Return why the search ended, as :data:`lifecircle.model.results.siting.SITING_ENDS`."""
        if proven:
            return "proven"
        if self.interrupted:
            return "interrupted"
        if self.out_of_time:
            return "seconds"
        return "nodes" if self.out_of_nodes else "gap"

    def tell(self, best: float | None, bound: float | None) -> None:
        """Take note of the best answer and the bound, and report a change."""
        if (best, bound) != (self.best, self.bound):
            self.best, self.bound = best, bound
            if self.report is not None:
                figures = (None if one is None else one + self.besides for one in (best, bound))
                self.report(time.monotonic() - self.started, *figures)


def gap_between(best: float, bound: float) -> float:
    """Return how far bound and best are apart, as a share of the best; 0 where both are 0."""
    apart = abs(bound - best)
    return 0.0 if apart == 0 else apart / max(abs(best), 1e-12)


@contextmanager
def watched(watch: Watch) -> Iterator[Watch]:
    """Let the first Ctrl-C end the search with the best so far, and the second end the program."""
    if threading.current_thread() is not threading.main_thread():
        yield watch
        return

    def halt(number: int, frame: FrameType | None) -> None:
        if not watch.interrupted:
            watch.interrupted = True
        elif callable(before):
            before(number, frame)
        else:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, halt)
    try:
        yield watch
    finally:
        signal.signal(signal.SIGINT, before)
