"""Drawings in DXF: the encoding their version has, the escapes in their text, their layers.

From AutoCAD 2007 on (AC1021) the text of a DXF is UTF-8, whatever code page it declares, and
Chinese programs go on declaring ANSI_936; GDAL believes the declaration. Older files are in the
declared code page, or in another: the bytes tell.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyogrio

from lifecircle.sources.tables.choice import ALL, Candidate, choose
from lifecircle.sources.tables.vector import read_vector

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from lifecircle.sources.tables.choice import Asked, Wanted

__all__ = ["drawing_encoding", "read_drawing"]

_UTF8_FROM = "AC1021"
_HEAD = 1 << 16
_BLOCK = 1 << 20
_HEADER = re.compile(rb"\$(ACADVER|DWGCODEPAGE)\s+\d+\s+([^\s]+)")
_ESCAPE = re.compile(r"\\U\+([0-9A-Fa-f]{4})|\\M\+([1-5])([0-9A-Fa-f]{4})")
_PAGES = {"1": "cp932", "2": "big5", "3": "cp949", "4": "johab", "5": "gbk"}
"""Digit behind ``\\M+`` → the encoding of the two bytes that follow."""
_SECTION = re.compile(
    rb"\n[ \t]*2[ \t]*\r?\n(?:ENTITIES|BLOCKS)[ \t]*\r?\n(.*?)\n[ \t]*0[ \t]*\r?\nENDSEC", re.DOTALL
)
_ENTITY = re.compile(rb"(?:^|\n)[ \t]*0[ \t]*\r?\n([A-Z_][A-Z0-9_]*|3D[A-Z]+)[ \t]*\r?(?=\n|$)")
_READ = frozenset(
    b"POINT LINE POLYLINE LWPOLYLINE MLINE CIRCLE ELLIPSE ARC SPLINE HELIX 3DFACE SOLID TRACE TEXT"
    b" MTEXT DIMENSION HATCH INSERT LEADER MULTILEADER MLEADER WIPEOUT ATTRIB".split()
)
_NO_OBJECTS = frozenset(
    b"VERTEX SEQEND BLOCK ENDBLK ATTDEF VIEWPORT IMAGE OLEFRAME OLE2FRAME LIGHT SUN PDFUNDERLAY"
    b" DWFUNDERLAY DGNUNDERLAY RTEXT".split()
)
"""Parts of other objects, windows and pictures."""
_OPTION = "DXF_ENCODING"
_WHOLE = "entities"
"""What the reading library calls a whole drawing."""


def read_drawing(
    path: Path, asked: Asked, encoding: str | None, wanted: Wanted | None
) -> list[dict[str, Any]]:
    """Return the fields of a RawTable of a drawing, or of each of its layers that is asked for.

    Raises
    ------
    SourceError
        It has no such layer; the message names those it has.
    """
    with _text_in(encoding or drawing_encoding(path)):
        (fields,) = read_vector(path, None, None, wanted)
    frame = fields["frame"]
    for column in frame:
        read = [_plain(v) if isinstance(v, str) else v for v in frame[column]]
        frame[column] = pd.Series(read, dtype=object)
    fields["unread"] = _unread(path)
    if asked in {None, ALL, _WHOLE} or "Layer" not in frame:
        return [fields]
    there = frame["Layer"].map(lambda name: str(name or ""))
    counts = there.value_counts().sort_index()
    drawn = [Candidate(str(name), rows=int(count)) for name, count in counts.items() if name]
    contents = choose(drawn, asked)
    return [
        _layer(fields, np.flatnonzero((there == name).to_numpy(dtype=bool)), name)
        | {"contents": contents}
        for name in contents.read
    ]


def _unread(path: Path) -> tuple[str, ...]:
    """Return the kinds of objects in a drawing that GDAL passes over, with their number.

    Walls and roads of 天正 and other programs built on AutoCAD are such objects, unless the
    drawing was exported without them.
    """
    found: Counter[bytes] = Counter()
    with path.open("rb") as stream:
        text = stream.read()
    for section in _SECTION.findall(text):
        found.update(_ENTITY.findall(section))
    lost = {kind.decode(): n for kind, n in found.items() if kind not in _READ | _NO_OBJECTS}
    return tuple(f"{kind} ({count})" for kind, count in sorted(lost.items()))


def _layer(fields: dict[str, Any], kept: NDArray[np.intp], name: str) -> dict[str, Any]:
    """Return the rows of one layer of a drawing."""
    return fields | {
        "frame": fields["frame"].iloc[kept].reset_index(drop=True),
        "rows": fields["rows"][kept],
        "geometry": None if fields["geometry"] is None else fields["geometry"][kept],
        "sheet": name,
    }


def drawing_encoding(path: Path) -> str | None:
    """Return the encoding of a DXF's text; None: the code page it declares is right.

    From version AC1021 on UTF-8. A file whose bytes contradict this, or the Latin code page that
    programs declare unasked, is in UTF-8 if it can be, else in GB18030 if it can be.
    """
    with path.open("rb") as stream:
        told = dict(_HEADER.findall(stream.read(_HEAD)))
    version = told.get(b"ACADVER", b"").decode("latin-1").upper()
    page = told.get(b"DWGCODEPAGE", b"").decode("latin-1").upper()
    modern = version >= _UTF8_FROM
    if not modern and page not in {"", "ANSI_1252"}:
        return None
    found = next((name for name in ("utf-8", "gb18030") if _decodes(path, name)), None)
    return found.upper() if found else None


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    with path.open("rb") as stream:
        try:
            while block := stream.read(_BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


@contextmanager
def _text_in(encoding: str | None) -> Iterator[None]:
    """Let GDAL read drawings in an encoding, and as before afterwards."""
    before = pyogrio.get_gdal_config_option(_OPTION)
    if encoding is not None:
        pyogrio.set_gdal_config_options({_OPTION: encoding})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({_OPTION: before})


def _plain(text: str) -> str:
    """Return a text with the characters that it writes as escapes."""

    def character(found: re.Match[str]) -> str:
        point, page, pair = found.groups()
        if point:
            return chr(int(point, 16))
        return bytes.fromhex(pair).decode(_PAGES[page], errors="replace")

    return _ESCAPE.sub(character, text)
