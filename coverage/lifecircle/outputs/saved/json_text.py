"""Results as JSON text: plain values, in the order of their types, the same bytes each time."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from lifecircle.outputs.whole import whole_file

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["document_digest", "plain", "told", "write_json_text"]

T = TypeVar("T")


def plain(value: Any) -> Any:
    """Return ``value`` in JSON's own types: records as mappings, NaN and infinities as None.

    Dates and codes are texts, sets are sorted lists, numpy's numbers those of Python.
    """
    if is_dataclass(value):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if hasattr(value, "item"):
        # numbers and booleans of numpy
        return plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, set | frozenset | list | tuple):
        found = [plain(v) for v in value]
        return sorted(found) if isinstance(value, set | frozenset) else found
    return value if value is None or isinstance(value, bool | int) else str(value)


def told(kind: type[T], source: Any, /, **given: Any) -> T:
    """Return a record of ``kind``: fields not ``given`` are those of ``source`` by that name."""
    record: Any = kind
    names = [f.name for f in fields(record) if f.name not in given]
    made: T = record(**given, **{name: getattr(source, name) for name in names})
    return made


def document_digest(document: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a JSON document without its ``digest``, whatever its layout.

    The order of keys and the white space say nothing; a number, a word or a row does.
    """
    rest = {key: value for key, value in document.items() if key != "digest"}
    text = json.dumps(rest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    # half a character is written as "?"
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def write_json_text(document: Mapping[str, Any], path: Path) -> Path:
    """Write ``document`` to ``path`` (UTF-8, one space of indent) and return the path.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    with whole_file(path) as part:
        # a name from a file may hold half a character
        part.write_text(text + "\n", encoding="utf-8", newline="\n", errors="replace")
    return path
