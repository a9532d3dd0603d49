"""TOML that a stranger may have written: study files, own rules, scenarios, proposals.

The standard library's parser recurses with the nesting, takes memory with the square of a dotted
key's parts and stops at a number of thousands of digits with another error than for a wrong sign;
all of these, and its English, stay in here.
"""

from __future__ import annotations

import errno
import os
import re
import tomllib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

__all__ = ["TomlError", "parse_toml", "toml_bytes"]

LARGEST = 1 << 20
"""Bytes of a file of settings or rules; a hundred times what one needs."""
_DEEPEST = 20
"""Tables and lists inside one another; a study needs five, a clause four."""
_DOTS = 200
"""Dots in the key of one line."""
_FIGURES = re.compile(r"[\s\[\],.\d+eE-]*")
"""A line of a list of coordinates: dots, but no key."""
_AT = re.compile(r"at line (\d+), column (\d+)")
_KINDS = (
    ("twice", r"Cannot (?:declare|mutate|overwrite)|Duplicate"),
    ("backslash", r"Unescaped '\\|Invalid hex value|Escaped character"),
    ("open_text", r"Unterminated string|Expected \"'''|Expected '\"\"\"|Illegal character '\\[nr]"),
    ("open_bracket", r"Unclosed|Expected '\]"),
    ("no_equals", r"Expected '=' after"),
    ("more_behind", r"Expected newline"),
    ("value", r"Invalid (?:value|initial|date)"),
    ("character", r"Illegal character|Found invalid character"),
)
"""What is wrong → how the parser says it."""


class TomlError(ValueError):
    """Text that is no TOML, or that is not read.

    ``detail`` says why: a text of domain ``words`` (``detail.toml_<it>``, or ``not_utf8``,
    ``too_large``, ``too_deep``, ``number_digits``); ``line`` and ``column`` from 1, or None.
    """

    def __init__(self, detail: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(detail)
        self.detail, self.line, self.column = detail, line, column


def toml_bytes(file: Traversable, *, largest: int = LARGEST) -> bytes:
    """Return what a file holds, one byte beyond ``largest`` at most.

    Raises
    ------
    FileNotFoundError
        There is none, or it is a device or a pipe, which would give bytes without end.
    OSError
        It cannot be read.
    """
    if not file.is_file():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
    with file.open("rb") as stream:
        return stream.read(largest + 1)


def parse_toml(raw: bytes, *, largest: int = LARGEST) -> dict[str, Any]:
    """Return the content of a TOML file of at most ``largest`` bytes.

    Raises
    ------
    TomlError
        It is no TOML, or larger or deeper than anybody needs; no other error comes out of it.
    """
    if len(raw) > largest:
        raise TomlError("too_large")
    try:
        # utf-8-sig: Windows editors put a byte-order mark in front
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise TomlError("not_utf8", line, error.start + 1) from error
    for number, written in enumerate(text.splitlines(), 1):
        key = written.split("=", 1)[0]
        if key.count(".") > _DOTS and not _FIGURES.fullmatch(written):
            raise TomlError("too_deep", number, 1)
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _worded(str(error), text) from error
    except RecursionError as error:
        raise TomlError("too_deep") from error
    except ValueError as error:  # Python reads no number of thousands of digits
        raise TomlError("number_digits") from error
    if _too_deep(content):
        raise TomlError("too_deep")
    return content


def _worded(message: str, text: str) -> TomlError:
    """Return the error of what the parser could not read; it names a line, or the end."""
    at = _AT.search(message)
    end = text.splitlines() or [""]
    line, column = (int(at[1]), int(at[2])) if at else (len(end), len(end[-1]) + 1)
    kind = next((name for name, how in _KINDS if re.match(how, message)), "statement")
    return TomlError(f"toml_{kind}", line, column)


def _too_deep(content: dict[str, Any]) -> bool:
    """Return whether tables and lists nest deeper than a validator may follow them."""
    level: list[Any] = [content]
    for _ in range(_DEEPEST):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
    return bool(level)
