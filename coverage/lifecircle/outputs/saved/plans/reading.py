"""A saved JSON document read back by its type, or refused in words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from lifecircle.errors import file_refusal
from lifecircle.outputs.saved.described import read_as
from lifecircle.outputs.saved.json_text import document_digest
from lifecircle.outputs.saved.refusals import mistakes, reason, refused
from lifecircle.texts import word

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["read_document"]

T = TypeVar("T")
_SHOWN = 40
"""Most characters of what stands for the schema number that a message shows."""


def read_document(kind: type[T], path: Path, number: int, language: str) -> tuple[T, bool]:
    """Return the document of type ``kind``, and whether it was changed after it was written.

    Parameters
    ----------
    kind
        May have a ``digest`` of all else in it; one that has none is for people to write, too.
    number
        Of the format; another one is refused.

    Raises
    ------
    AssessmentFormatError
        The file is missing or unreadable, was written under another schema number, or says what
        it may not: in ``language``, with the keys named.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise refused(path, reason("no_file", language)) from error
    except OSError as error:
        why = word("detail", f"file_{file_refusal(error)}", language)
        raise refused(path, reason("unreadable", language, why=why)) from error
    except UnicodeDecodeError as error:
        raise refused(path, reason("not_utf8", language)) from error
    found = _schema_number(path, text, language)
    if found != number:
        told = json.dumps(found, ensure_ascii=False)[:_SHOWN]
        raise refused(path, reason("other_schema", language, found=told, number=number))
    try:
        document: Any = read_as(kind, text)
    except ValidationError as error:
        raise refused(path, mistakes(error, language)) from error
    digest = getattr(document, "digest", None)
    return document, digest is not None and digest != document_digest(json.loads(text))


def _schema_number(path: Path, text: str, language: str) -> Any:
    """Return what stands for the number of the format, in any JSON text."""
    try:
        raw = json.loads(text, parse_constant=_no_number)
    except RecursionError as error:
        raise refused(path, reason("too_deep", language)) from error
    except json.JSONDecodeError as error:
        where = {"line": error.lineno, "column": error.colno}
        raise refused(path, reason("no_json", language, **where)) from error
    except ValueError as error:  # NaN, or an integer of thousands of digits
        raise refused(path, reason("no_number", language)) from error
    return raw.get("schema") if isinstance(raw, dict) else None


def _no_number(name: str) -> float:
    """Refuse NaN and the infinities: JSON has none, and none is ever written."""
    raise ValueError(name)
