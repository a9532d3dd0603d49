"""Parts of a result that are made when they are asked for, each once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from lifecircle.model.strings import plain_strings

__all__ = ["Later", "OnDemand"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Later:
    """A value that is made when it is first read."""

    make: Callable[[], Any]


class OnDemand(Mapping[str, T], Generic[T]):
    """Name → value, each made when it is first looked up; the names are known from the start."""

    def __init__(self, makers: Mapping[str, Callable[[], T]]) -> None:
        self._makers: dict[str, Callable[[], T] | None] = dict(makers)
        self._made: dict[str, T] = {}

    def __getitem__(self, name: str) -> T:
        if name not in self._made:
            make = self._makers[name]
            if make is not None:
                with plain_strings():
                    self._made[name] = make()
                self._makers[name] = None  # what it was made from need not be kept
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)

    def __contains__(self, name: object) -> bool:
        return name in self._makers

    def __reduce__(self) -> tuple[type[dict[str, T]], tuple[dict[str, T]]]:
        return dict, (dict(self),)  # what is stored or sent is what was made
