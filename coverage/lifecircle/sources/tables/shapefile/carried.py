"""What a shapefile says beside its cells, carried along where rows are cut out of it.

A GeoPackage of some of its rows looks as if headers were whole, text uncut and each 0 a figure. It
holds a note of what the shapefile had, among what GDAL calls the layer's metadata.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from lifecircle.sources.raw import FullField

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from lifecircle.sources.raw import RawTable

__all__ = ["carried_note", "read_note"]

_NOTE = "LIFECIRCLE_SHAPEFILE"
_CHARACTER = 4
"""Bytes of the longest one."""


def carried_note(raw: RawTable, at: Sequence[int]) -> dict[str, str]:
    """Return the metadata of a layer with the rows of a table at some positions, in order.

    Empty of a table that is no shapefile.
    """
    if raw.header_bytes is None:
        return {}
    place = {position: number for number, position in enumerate(at)}
    full = {
        header: {place[p]: list(one) for p, one in sorted(rows.items()) if p in place}
        for header, rows in sorted(raw.full.items())
    }
    blank = {header for header in raw.frame if _has_blank_number(raw, header)}
    told = {
        "header_bytes": raw.header_bytes,
        "encoding": raw.encoding,
        "full": {header: rows for header, rows in full.items() if rows},
        "blanks": sorted(blank | raw.blanks),
    }
    return {_NOTE: json.dumps(told, ensure_ascii=False, sort_keys=True)}


def read_note(metadata: Mapping[str, str] | None, frame: pd.DataFrame) -> dict[str, Any]:
    """Return the fields of a RawTable that a note tells; none where there is no note.

    Who completes a text that was cut, or takes rows out, does not write the note anew: of ``frame``
    only texts that still fill their fields are told of.
    """
    if not metadata or _NOTE not in metadata:
        return {}
    told = json.loads(metadata[_NOTE])
    encoding = str(told["encoding"])
    full: dict[str, dict[int, FullField]] = {}
    for header, rows in told["full"].items():
        cells = frame[header].tolist() if header in frame else []
        fields = {int(row): FullField(*one) for row, one in rows.items()}
        full[header] = {
            row: field
            for row, field in fields.items()
            if row < len(cells) and _fills(cells[row], field, encoding)
        }
    return {
        "header_bytes": told["header_bytes"],
        "encoding": encoding,
        "full": full,
        "blanks": frozenset(told["blanks"]),
    }


def _fills(cell: Any, field: FullField, encoding: str) -> bool:
    """Return whether a text fills a field, but for a character that was halved or had no room."""
    size = len(str(cell or "").encode(encoding, "replace"))
    return field.width - _CHARACTER < size <= field.width


def _has_blank_number(raw: RawTable, header: str) -> bool:
    cells = raw.frame[header]
    return bool(cells.isna().any()) and any(isinstance(v, int | float) and v == v for v in cells)  # noqa: PLR0124 - NaN
