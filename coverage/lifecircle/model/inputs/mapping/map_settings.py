"""What a study says of its maps, beside what is judged."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["MapSettings"]


@dataclass(frozen=True, slots=True)
class MapSettings:
    """Texts that map sheets carry; empty: the sheet leaves the place for them blank.

    Parameters
    ----------
    prepared_by
        Who made the maps (编制单位).
    approval_number
        Number under which the map was approved for publication (审图号).
    sheet_prefix
        Stands before the number of each sheet (图号): ``"养老-"`` makes 养老-01, 养老-02 …
    """

    prepared_by: str = ""
    approval_number: str = ""
    sheet_prefix: str = ""
