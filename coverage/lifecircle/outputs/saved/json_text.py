"""Results as JSON text: plain values, in the order of their types, the same bytes each time."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any, TypeVar

from lifecircle.outputs.whole import whole_file

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["document_digest", "laid_out", "plain", "told", "write_json_text"]

T = TypeVar("T")


def plain(value: Any) -> Any:
    """Return ``value`` in JSON's own types: records as mappings, NaN and infinities as None.

    Dates and codes are texts, sets are sorted lists, numpy's numbers those of Python.
    """
    kind: Any = type(value)
    if kind in _PLAIN:  # mostly
        return value
    if (names := _fields_of(kind)) is not None:
        return {name: plain(getattr(value, name)) for name in names}
    if hasattr(value, "item"):
        # numbers and booleans of numpy
        return plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, set | frozenset | list | tuple):
        found = [plain(v) for v in value]
        value = sorted(found) if isinstance(value, set | frozenset) else found
    return value if isinstance(value, int | list) else str(value)


_PLAIN = frozenset({str, int, bool, type(None)})


@cache
def _fields_of(kind: Any) -> tuple[str, ...] | None:
    """Return the names of a dataclass's fields; None of another type."""
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else None


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
    text = laid_out(document)
    with whole_file(path) as part:
        # a name from a file may hold half a character
        part.write_text(text + "\n", encoding="utf-8", newline="\n", errors="replace")
    return path


def laid_out(value: Any, line: str = "\n") -> str:
    """Return JSON text as ``json.dumps`` has it with an indent of one, in half the time.

    Parameters
    ----------
    value
        Keys are text.
    line
        What begins a line where ``value`` stands.

    Raises
    ------
    ValueError
        A number is not finite.
    """
    kind = type(value)
    if kind is str:
        return encode_basestring(value)
    if kind is int or (kind is float and math.isfinite(value)):
        return repr(value)
    within = f"{line} "
    between = f",{within}"
    if isinstance(value, dict) and value:
        told = [f"{encode_basestring(key)}: {laid_out(one, within)}" for key, one in value.items()]
        return f"{{{within}{between.join(told)}{line}}}"
    if isinstance(value, list | tuple) and value:
        return f"[{within}{between.join([laid_out(one, within) for one in value])}{line}]"
    return "null" if value is None else _ENCODER.encode(value)


_ENCODER = json.JSONEncoder(ensure_ascii=False, indent=1, allow_nan=False)
