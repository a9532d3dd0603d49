"""Choices by what they are about: the same part is never searched twice.

Most parts of a county stay as they are when one facility moves, and when another reading is tried.
A choice is taken only where the search would come to it again: it was closed within as many nodes
as may be searched now, or was not within just as many.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

__all__ = ["Remembered", "content"]

T = TypeVar("T")


def content(arrays: Iterable[NDArray]) -> bytes:  # type: ignore[type-arg]
    """Return a digest of arrays: their types, lengths and bytes."""
    digest = hashlib.blake2b(digest_size=16)
    for array in arrays:
        digest.update(f"{array.dtype.str}{array.shape}".encode())
        digest.update(array.tobytes())
    return digest.digest()


@dataclass(slots=True)
class _Kept(Generic[T]):
    found: T
    nodes: int


class Remembered(Generic[T]):
    """At most ``most`` findings, those not asked for longest forgotten first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[bytes, _Kept[T]] = OrderedDict()

    def of(self, key: bytes, nodes: int) -> T | None:
        """Return what was found for a key, if its search took no more than ``nodes``."""
        kept = self._kept.get(key)
        if kept is None or kept.nodes > nodes:
            return None
        self._kept.move_to_end(key)
        return kept.found

    def keep(self, key: bytes, found: T, nodes: int) -> None:
        """Keep what was found; ``nodes``: the most that one of its searches took."""
        self._kept[key] = _Kept(found, nodes)
        self._kept.move_to_end(key)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
