"""Vector files: GeoPackage, GeoJSON and shapefile as raw features."""

from __future__ import annotations

import codecs
import datetime as dt
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyogrio
from pyproj import CRS
from pyproj.exceptions import CRSError

from lifecircle.model.problem import ProblemCode
from lifecircle.sources.tables_raw import SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["read_shapefile", "read_vector", "shapefile_encoding"]

_LANGUAGE_DRIVERS = {0x4D: "gbk", 0x7A: "gbk", 0x4F: "big5", 0x78: "big5"}
"""dBASE language driver id (byte 29) → encoding, where it says one that Chinese files use."""
_HEADER_BYTES = 10


def read_vector(path: Path, layer: str | None) -> dict[str, Any]:
    """Return the fields of a RawTable from one layer of a GeoPackage or GeoJSON file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # GDAL's remarks; what matters is checked by intake
        names = [str(n) for n in pyogrio.list_layers(path)[:, 0]]
        if not names:
            raise SourceError(ProblemCode.LAYER_EMPTY)
        if layer is not None and layer not in names:
            raise SourceError(ProblemCode.SHEET_MISSING, sheets=names)
        several = len(names) > 1 or layer is not None
        return _read(path, layer or names[0], None, _same) | {
            "sheet": (layer or names[0]) if several else None
        }


def read_shapefile(path: Path, encoding: str | None) -> dict[str, Any]:
    """Return the fields of a RawTable from a shapefile.

    GDAL takes a .dbf without .cpg for Latin-1 and never complains. Its bytes are therefore
    passed through and decoded here; a character cut at the end of a full field is dropped.
    """
    found, said = shapefile_encoding(path) if encoding is None else (encoding, True)
    codecs.lookup(found)

    def decode(value: str) -> str:
        return codecs.getincrementaldecoder(found)("strict").decode(value.encode("latin-1"))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fields = _read(path, None, "ISO-8859-1", decode)
    return fields | {
        "header_bytes": _HEADER_BYTES,
        "encoding": found,
        "say_encoding": not said,
    }


def shapefile_encoding(path: Path) -> tuple[str, bool]:
    """Return the encoding of a shapefile's text and whether the file itself declares it.

    In this order: the .cpg, the language driver id, strict UTF-8, GB18030. A declaration that
    the bytes contradict is passed over.
    """
    table = next(
        (p for p in path.parent.glob(f"{path.stem}.*") if p.suffix.lower() == ".dbf"), None
    )
    if table is None:
        return "utf-8", True
    raw = table.read_bytes()
    texts = list(_dbf_texts(raw))
    if all(text.isascii() for text in texts):
        return "utf-8", True
    declared = [_cpg(path), _LANGUAGE_DRIVERS.get(raw[29]) if len(raw) > 29 else None]  # noqa: PLR2004
    for name in declared:
        if name is not None and _decodes(texts, name):
            return name, True
    return ("utf-8" if _decodes(texts, "utf-8") else "gb18030"), False


def _cpg(path: Path) -> str | None:
    page = next((p for p in path.parent.glob(f"{path.stem}.*") if p.suffix.lower() == ".cpg"), None)
    if page is None:
        return None
    word = page.read_text(encoding="latin-1").strip()
    # ArcGIS writes bare code page numbers and "OEM 936".
    for name in (word, f"cp{word.rsplit(' ', maxsplit=1)[-1]}"):
        try:
            found = codecs.lookup(name).name
        except LookupError:
            continue
        # Latin-1 decodes anything: as a declaration in a Chinese file it says nothing.
        return None if found in {"iso8859-1", "cp1252"} else found
    return None


def _dbf_texts(raw: bytes) -> Iterator[bytes]:
    """Yield the field names and the character values of a dBASE table (dBASE III layout)."""
    start = int.from_bytes(raw[8:10], "little")
    length = int.from_bytes(raw[10:12], "little")
    columns, at, offset = [], 32, 1
    while at + 32 <= start and raw[at] != 0x0D:  # noqa: PLR2004 - end of the field list
        name, kind, size = raw[at : at + 11], raw[at + 11 : at + 12], raw[at + 16]
        yield name.split(b"\0", 1)[0]
        if kind == b"C":
            columns.append((offset, size))
        offset, at = offset + size, at + 32
    for row in range(int.from_bytes(raw[4:8], "little")):
        base = start + row * length
        for first, size in columns:
            yield raw[base + first : base + first + size].strip(b" \0")


def _decodes(texts: list[bytes], encoding: str) -> bool:
    try:
        for text in texts:
            codecs.getincrementaldecoder(encoding)("strict").decode(text)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _same(value: str) -> str:
    return value


def _read(
    path: Path, layer: str | None, encoding: str | None, decode: Callable[[str], str]
) -> dict[str, Any]:
    info = pyogrio.read_info(path, layer=layer, encoding=encoding)
    found = pyogrio.read_dataframe(
        path, layer=layer, encoding=encoding, use_arrow=False, on_invalid="ignore"
    )
    geometry = None
    if "geometry" in found.columns and hasattr(found, "geometry"):
        geometry = np.array(found.geometry, dtype=object)
        found = pd.DataFrame(found.drop(columns="geometry"))
    whole = dict(zip(map(str, info["fields"]), map(str, info["dtypes"]), strict=True))
    columns = {}
    for name, values in found.items():
        kind = whole.get(str(name), "")
        plain = [_value(v, whole=kind.startswith(("int", "uint"))) for v in values]
        read = [decode(v).strip() or None if isinstance(v, str) else v for v in plain]
        columns[decode(str(name))] = pd.Series(read, dtype=object)
    return {
        "frame": pd.DataFrame(columns, index=pd.RangeIndex(len(found)), dtype=object),
        "rows": np.arange(1, len(found) + 1, dtype=np.int64),
        "geometry": geometry,
        "crs": _crs(info.get("crs")),
    }


def _value(value: Any, *, whole: bool) -> Any:
    """Return a plain Python value; a whole-number field keeps whole numbers beside NULLs."""
    if value is None or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, np.bool_):
        return bool(value)
    if whole:
        return int(value)
    if isinstance(value, np.generic):
        return value.item()
    return value if isinstance(value, str | int | float | dt.date) else str(value)


def _crs(text: str | None) -> str | None:
    """Return the CRS as WKT; the "undefined" systems of GeoPackage are none."""
    if not text:
        return None
    try:
        crs = CRS.from_user_input(text)
    except CRSError:
        return text
    known = (crs.is_geographic or crs.is_projected) and "undefined" not in crs.name.lower()
    return crs.to_wkt() if known else None
