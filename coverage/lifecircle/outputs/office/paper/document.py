"""An empty Word file in the office's manner: A4, East Asian fonts, no clock in the bytes."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.opc.pkgwriter import PackageWriter
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn

from lifecircle.outputs.office.excel import plain_text, without_clock
from lifecircle.outputs.office.paper.typeface import ALTERNATIVES

if TYPE_CHECKING:
    import io

    from docx.document import Document as Docx
    from docx.opc.packuri import PackURI

__all__ = ["clean", "docx_bytes", "new_document"]

_NO_XML = re.compile("[\ufffe\uffff]")
"""Code points that XML forbids besides the control characters."""
_PROPERTY_LONGEST = 255
"""Characters of a document property, as python-docx takes them."""
_LEFT_OVER = ("relationships/stylesWithEffects", "metadata/thumbnail")
"""Parts of python-docx's template that tell of another document: its styles, as Word 2010 kept
them beside those that count, and its picture."""


def new_document(title: str, day: dt.date) -> Docx:
    """Return an empty document with the fonts named and the properties of ``day``."""
    document = Document()
    for related in (document.part, document.part.package):
        for key, one in list(related.rels.items()):
            if one.reltype.endswith(_LEFT_OVER):
                del related.rels[key]
    _alternatives(document)
    _as_chinese(document)
    # the schema asks how large a page is shown
    document.settings.element.find(qn("w:zoom")).set(qn("w:percent"), "100")
    properties = document.core_properties
    moment = dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
    properties.author = properties.last_modified_by = "lifecircle"
    properties.title = clean(title)[:_PROPERTY_LONGEST]
    properties.comments = properties.keywords = ""
    properties.created = properties.modified = moment
    properties.revision = 1
    return document


def _alternatives(document: Docx) -> None:
    """Name in the font table what may stand in for each East Asian font."""
    parts = document.part.rels.values()
    part = next((r.target_part for r in parts if r.reltype == RELATIONSHIP_TYPE.FONT_TABLE), None)
    if part is None:
        return
    root = parse_xml(part.blob)
    for name, others in ALTERNATIVES.items():
        font = OxmlElement("w:font")
        font.set(qn("w:name"), name)
        for tag, value in (("w:altName", others), ("w:charset", "86"), ("w:family", "auto")):
            child = OxmlElement(tag)
            child.set(qn("w:val"), value)
            font.append(child)
        root.append(font)
    # python-docx has no other way to its font table
    part._blob = serialize_part_xml(root)  # noqa: SLF001


def _as_chinese(document: Docx) -> None:
    """Say that East Asian text is simplified Chinese: commas sit low, as mainland type has them."""
    marks = (
        *document.styles.element.iter(qn("w:lang")),
        *document.settings.element.iter(qn("w:themeFontLang")),
    )
    for mark in marks:
        mark.set(qn("w:eastAsia"), "zh-CN")


def clean(text: str) -> str:
    """Return text that XML can hold."""
    return _NO_XML.sub("\ufffd", plain_text(text))


def docx_bytes(document: Docx, day: dt.date) -> bytes:
    """Return the file's bytes, the same for the same document."""

    def save(stream: io.BytesIO) -> None:
        package = document.part.package
        for part in package.parts:
            part.before_marshal()
        with zipfile.ZipFile(stream, "w") as stored:  # without_clock compresses, once
            # as its own ``write``, which compresses what it writes
            writer: Any = PackageWriter
            written = _Members(stored)
            writer._write_content_types_stream(written, package.parts)  # noqa: SLF001
            writer._write_pkg_rels(written, package.rels)  # noqa: SLF001
            writer._write_parts(written, package.parts)  # noqa: SLF001

    return without_clock(save, day)


class _Members:
    """An archive as python-docx writes to one."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def write(self, uri: PackURI, blob: bytes) -> None:
        """Write one part."""
        self._archive.writestr(uri.membername, blob)
