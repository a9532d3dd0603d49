"""What a file says of its coordinate system; the .prj of a shapefile in any encoding.

Chinese programs write the name of a projection in GBK. The reading library takes a .prj for UTF-8
and stops at the first such name, though a name decides nothing.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pyproj import CRS
from pyproj.exceptions import CRSError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["crs_text", "readable_shapefile"]


@contextmanager
def readable_shapefile(path: Path) -> Iterator[tuple[Path, str | None]]:
    """Give a shapefile that can be read, and the text of its .prj where that is not UTF-8.

    Most are given as they are, with None. One whose .prj is in another encoding is given without
    it, from a folder that is gone afterwards.
    """
    parts = list(path.parent.glob(f"{path.stem}.*"))
    prj = next((part for part in parts if part.suffix.lower() == ".prj"), None)
    text = None if prj is None else _other_text(prj.read_bytes())
    if text is None:
        yield path, None
        return
    with tempfile.TemporaryDirectory() as folder:
        for part in parts:
            if part != prj and part.is_file():
                _placed(part, Path(folder) / part.name)
        yield Path(folder) / path.name, text


def _other_text(raw: bytes) -> str | None:
    """Return the text of bytes that are no UTF-8; None of those that are."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")
    return None


def _placed(part: Path, target: Path) -> None:
    try:
        os.link(part, target)
    except OSError:  # another disk, or a file system without links
        shutil.copyfile(part, target)


def crs_text(text: str | None) -> str | None:
    """Return the CRS as WKT; the "undefined" systems of GeoPackage are none."""
    if not text:
        return None
    try:
        crs = CRS.from_user_input(text)
    except CRSError:
        return text
    known = (crs.is_geographic or crs.is_projected) and "undefined" not in crs.name.lower()
    return crs.to_wkt() if known else None
