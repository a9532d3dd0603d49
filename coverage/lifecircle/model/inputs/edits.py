"""Edits of a study: what a person tries on the map, one facility or area at a time.

Places are in the study's CRS, metres. An edit can be saved and read back
(``outputs.saved.plans.edits_json``), so it holds plain values alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

__all__ = ["AddFacility", "ChangeArea", "ChangeFacility", "Edit", "MoveFacility", "RemoveFacility"]


@dataclass(frozen=True, slots=True)
class AddFacility:
    """A facility that is not there yet.

    Parameters
    ----------
    id
        No other facility's.
    kinds
        Keys of kinds, such as ``("day_care",)``.
    x, y
        Where it stands, metres in the study's CRS.
    columns
        Its other columns, as of ``ChangeFacility``; what is not named is blank. ``stage`` is
        ``in_use`` where nothing else is said.
    """

    id: str
    name: str
    kinds: tuple[str, ...]
    x: float
    y: float
    columns: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MoveFacility:
    """A facility somewhere else, metres in the study's CRS.

    Where units are drawn as outlines its unit and community are those of the new place; else they
    stay as the ledger has them.
    """

    id: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class RemoveFacility:
    """A facility less, with the service relations it has."""

    id: str


@dataclass(frozen=True, slots=True, init=False)
class _Change:
    """Other values in columns of one row."""

    id: str
    columns: Mapping[str, Any]

    def __init__(
        self,
        whom: str,
        columns: Mapping[str, Any] | None = None,
        /,
        **more: Any,
    ) -> None:
        object.__setattr__(self, "id", whom)
        object.__setattr__(self, "columns", {**(columns or {}), **more})


@dataclass(frozen=True, slots=True, init=False)
class ChangeFacility(_Change):
    """Other values in columns of a facility: ``ChangeFacility("F1", floor_area_m2=300.0)``.

    ``columns``: name in the column dictionary → value as a study has it (numbers in the column's
    unit; yes, no and not known as True, False and None; stages by their keys; kinds as a list of
    keys). A blank is None.
    """


@dataclass(frozen=True, slots=True, init=False)
class ChangeArea(_Change):
    """Other values in columns of a residential area: ``ChangeArea("R1", households=800)``."""


Edit: TypeAlias = AddFacility | MoveFacility | RemoveFacility | ChangeFacility | ChangeArea
"""One edit."""
