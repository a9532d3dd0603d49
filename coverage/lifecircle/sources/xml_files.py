"""KML, GML and GPX before GDAL reads them: how many features they hold, in which encoding.

GDAL passes over elements that it does not take for features, and a second document of a file, and
nobody learns of it. Its reader knows no Chinese encoding but UTF-8's.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from xml.parsers import expat

from lifecircle.sources.guards import refused

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["XML_SUFFIXES", "features_of_xml", "in_utf8"]

XML_SUFFIXES = (".kml", ".gml", ".gpx")
_FEATURES = {
    ".kml": frozenset({"placemark", "photooverlay"}),
    ".gpx": frozenset({"wpt", "rte", "trk"}),
}
_MEMBERS = frozenset({"featuremember", "featuremembers", "member", "members"})
"""Elements of GML whose children are features."""
_DECLARED = re.compile(
    rb"""^(<\?xml[^>]*?encoding\s*=\s*["'])(gb2312|gbk|gb18030|big5)(["'])""", re.IGNORECASE
)
_MARK = b"\xef\xbb\xbf"


def features_of_xml(path: Path) -> int | None:
    """Return how many features a file holds, whatever GDAL makes of them; None: it is damaged."""
    counter = _Counter(path.suffix.lower())
    parser = expat.ParserCreate(namespace_separator="\n")
    parser.StartElementHandler = counter.begin
    parser.EndElementHandler = counter.end
    parser.StartDoctypeDeclHandler = _no_doctype
    try:
        with path.open("rb") as stream:
            parser.ParseFile(stream)
    except (expat.ExpatError, ValueError, LookupError):
        return None
    return counter.count


class _Counter:
    """Counts the features as expat meets them."""

    def __init__(self, suffix: str) -> None:
        self.wanted = _FEATURES.get(suffix)
        self.parents: list[str] = []
        self.count = 0

    def begin(self, name: str, _: dict[str, str]) -> None:
        tag = name.rsplit("\n", 1)[-1].casefold()
        if self.wanted is not None:
            self.count += tag in self.wanted
        else:
            self.count += bool(self.parents) and self.parents[-1] in _MEMBERS
            self.parents.append(tag)

    def end(self, _: str) -> None:
        if self.parents:
            self.parents.pop()


def _no_doctype(*_: object) -> None:
    raise refused("xml_entities")


@contextmanager
def in_utf8(path: Path) -> Iterator[Path]:
    """Yield the file, or a copy in UTF-8 of one that declares a Chinese encoding.

    Raises
    ------
    UnicodeDecodeError
        Its bytes are not in the encoding that it declares.
    """
    with path.open("rb") as stream:
        head = stream.read(200).removeprefix(_MARK)
    declared = _DECLARED.match(head)
    if declared is None:
        yield path
        return
    encoding = "gb18030" if declared[2].lower().startswith(b"gb") else "big5"
    raw = path.read_bytes().removeprefix(_MARK)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        text = raw[declared.end() :].decode(encoding)
        copy.write_bytes(declared[1] + b"UTF-8" + declared[3] + text.encode("utf-8"))
        schema = path.with_suffix(".xsd")
        if schema.is_file():
            shutil.copyfile(schema, copy.with_suffix(".xsd"))
        yield copy
