"""What became of one county of a batch."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["CountyRun", "RunState"]


class RunState(StrEnum):
    """What state a county is in.

    ``partial``: judged, but a whole layer of it was refused. ``left``: not begun, or not ended.
    """

    DONE = "done"
    PARTIAL = "partial"
    FAILED = "failed"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class CountyRun:
    """One county of a batch: its state, and what it took.

    Parameters
    ----------
    name
        Of its folder.
    reused
        Whether its result was there already, of the same inputs.
    reason
        Why it is partial, failed or left: a code; empty where it is done.
    lines
        The same for people.
    standing
        SHA-256 of what it rests on; None: it cannot be told without reading everything.
    attempts
        How often it was begun in this run: twice, where a worker died.
    seconds, cpu_seconds
        Of the last attempt.
    peak_mib
        Most memory its worker had held by then; None: this system does not tell.
    """

    name: str
    state: RunState
    reused: bool = False
    reason: str = ""
    lines: tuple[str, ...] = ()
    standing: str | None = None
    attempts: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_mib: float | None = None

    @property
    def has_result(self) -> bool:
        """Whether its folder holds a result."""
        return self.state in {RunState.DONE, RunState.PARTIAL}
