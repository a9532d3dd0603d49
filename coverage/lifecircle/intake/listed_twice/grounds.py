"""Grounds: where residential areas lie, those of one account by one name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from lifecircle.intake.ledger.values import is_blank
from lifecircle.intake.listed_twice.called import estate_called

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from lifecircle.intake.ledger.rows import Ledger

    Ground = tuple[pd.DataFrame, Iterable[object]]

__all__ = ["areas_called", "by_project", "grounds"]

_OF_ONE_ACCOUNT = ("project", "age_class", "setting")


class Settled(Protocol):
    """A layer with its shapes in projected metres."""

    @property
    def ledger(self) -> Ledger:
        """The rows."""

    @property
    def shapes(self) -> NDArray[np.object_]:
        """The shape of each row; None: place unknown."""


def grounds(settled: Mapping[str, Settled]) -> list[Ground]:
    """Return the residential areas among the layers so far, and their shapes."""
    homes = settled.get("residential")
    return [] if homes is None else [(homes.ledger.frame, homes.shapes)]


def by_project(areas: Iterable[Ground]) -> tuple[list[object], list[object]]:
    """Return the shapes of the areas that have one, and of each its project's name, else its id.

    Phases that may be of different quotas are none of one project: all of this has to be typed.
    """
    shapes, names = [], []
    for frame, theirs in areas:
        for name, shape in zip(_accounts(frame), theirs, strict=True):
            if shape is not None:
                shapes.append(shape)
                names.append(name)
    return shapes, names


def areas_called(areas: Iterable[Ground]) -> dict[str, set[object]]:
    """Return what areas are called, without 小区 → those called so, as :func:`by_project` does."""
    found: dict[str, set[object]] = {}
    for frame, _ in areas:
        calls = frame.get("name", frame.index)
        for key, name, account in zip(frame.index, calls, _accounts(frame), strict=True):
            for one in {estate_called(key), estate_called(name)}:
                found.setdefault(one, set()).add(account)
    return found


def _accounts(frame: pd.DataFrame) -> list[object]:
    told = frame.reindex(columns=[*_OF_ONE_ACCOUNT]).itertuples(index=False, name=None)
    return [
        key if any(map(is_blank, own)) else own for key, own in zip(frame.index, told, strict=True)
    ]
