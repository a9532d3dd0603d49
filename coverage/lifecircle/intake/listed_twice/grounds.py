"""Grounds: where residential areas lie, those of one account by one name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from lifecircle.intake.ledger.values import is_blank

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from lifecircle.intake.ledger.rows import Ledger

    Ground = tuple[pd.DataFrame, Iterable[object]]

__all__ = ["by_project", "grounds"]

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
        told = frame.reindex(columns=[*_OF_ONE_ACCOUNT]).itertuples(index=False, name=None)
        for key, own, shape in zip(frame.index, told, theirs, strict=True):
            if shape is not None:
                shapes.append(shape)
                names.append(key if any(map(is_blank, own)) else own)
    return shapes, names
