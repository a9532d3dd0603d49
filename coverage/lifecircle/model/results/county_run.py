"""What became of one county of a batch."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CountyRun", "RunState", "spoken_lines"]


def spoken_lines(written: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return what a file says of a county in each language; nothing if it is old or damaged."""
    found = written.get("spoken")
    if not isinstance(found, dict):
        return {}
    return {k: tuple(map(str, v)) for k, v in found.items() if isinstance(v, list)}


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
    spoken
        Language → the lines in it, so that a later run tells them in its own reader's language.
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
    spoken: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def has_result(self) -> bool:
        """Whether its folder holds a result."""
        return self.state in {RunState.DONE, RunState.PARTIAL}

    def having(self, spoken: Mapping[str, tuple[str, ...]], language: str) -> CountyRun:
        """Return it with lines in several languages, told in one of them."""
        return dataclasses.replace(self, spoken=dict(spoken), lines=spoken[language])

    def in_language(self, language: str) -> CountyRun:
        """Return it as told in another language; as it is, where an older version kept one only."""
        if language not in self.spoken:
            return self
        return dataclasses.replace(self, lines=self.spoken[language])
