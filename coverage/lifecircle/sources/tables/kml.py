"""What is particular to KML: columns that every layer has, folders and places that are hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["KML", "hidden_folders", "hidden_places", "unused_of_kml"]

KML = frozenset({"KML", "LIBKML"})
"""GDAL's names of the format."""
_FIELDS: Mapping[str, tuple[Any, ...]] = {
    **dict.fromkeys(("id", "Name", "description", "timestamp", "begin", "end"), ("",)),
    **dict.fromkeys(("altitudeMode", "drawOrder", "icon", "snippet"), ("",)),
    **dict.fromkeys(("tessellate", "visibility", "extrude"), (-1, 0, 1)),
}
"""Columns that GDAL gives every KML layer → the values that say nothing of a record."""


def unused_of_kml(frame: pd.DataFrame) -> list[str]:
    """Return the columns that KML always has and this file does not use."""
    return [
        name
        for name, blanks in _FIELDS.items()
        if name in frame and all(pd.isna(v) or v in blanks for v in frame[name])
    ]


def hidden_places(frame: pd.DataFrame) -> frozenset[int]:
    """Return the positions of the places that their program does not show."""
    if "visibility" not in frame:
        return frozenset()
    return frozenset(at for at, value in enumerate(frame["visibility"]) if value == 0)


def hidden_folders(path: Path) -> frozenset[str]:
    """Return the names of the folders that are not shown, what stands in them included.

    Raises
    ------
    ElementTree.ParseError
        The file is damaged.
    """
    found: set[str] = set()
    # expat bounds the expansion of entities, and a DOCTYPE was refused before
    _walk(ET.parse(path).getroot(), found, hidden=False)  # noqa: S314
    return frozenset(found)


def _walk(element: ET.Element, found: set[str], *, hidden: bool) -> None:
    for part in element:
        tag = part.tag.rsplit("}", 1)[-1]
        if tag in {"Folder", "Document"}:
            own = {child.tag.rsplit("}", 1)[-1]: (child.text or "").strip() for child in part}
            unseen = hidden or own.get("visibility") == "0"
            if unseen and "name" in own:
                found.add(own["name"])
            _walk(part, found, hidden=unseen)
