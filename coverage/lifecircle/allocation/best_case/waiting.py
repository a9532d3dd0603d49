"""Waiting: areas that can be met only by rooms of which nobody knows whom they serve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Arc", "Source", "Waiting", "same_rooms"]


@dataclass(frozen=True, slots=True)
class Source:
    """Rooms that several areas may have, and not all of them at once.

    Parameters
    ----------
    facilities
        Their ids; those of one whereabouts are one source.
    sizes
        m² that each has at best (inf: not known), in their order. Where it is asked only whether
        there is a facility at all, 1.
    whole
        Each stands in one area, and all of it is that area's. Else its m² may be shared out.
    together
        Of rooms that may be shared out from one place: the largest sets of areas that one place
        can serve; empty: any.
    """

    facilities: tuple[str, ...]
    sizes: tuple[float, ...]
    whole: bool
    together: tuple[frozenset[str], ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """What an area still needs at best beside what can be its alone, and who may give it.

    Parameters
    ----------
    area
        Its id; of a project that of the leading phase.
    need
        m², positive.
    claims
        Source, and the m² that each of its facilities may give this area at most.
    """

    area: str
    need: float
    claims: tuple[tuple[Source, float], ...]


@dataclass(frozen=True, slots=True)
class Arc:
    """What one facility may do for one area: ``share`` of its need, at least ``need`` m²."""

    area: int
    share: float
    need: float


def same_rooms(waiting: Iterable[Waiting]) -> dict[int, int]:
    """Return the id of every source → that of the first one equal to it.

    After a change the same rooms may be told of by several objects: those of before and new ones.
    """
    every = {id(source): source for way in waiting for source, _ in way.claims}
    first: dict[Source, int] = {}
    return {key: first.setdefault(source, key) for key, source in every.items()}
