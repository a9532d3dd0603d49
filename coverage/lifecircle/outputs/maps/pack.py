"""The page's data as one compressed text: a document, and its long columns as binary arrays.

A JSON list of 50,000 numbers is parsed number by number; a binary array is looked at where it
lies. The text is a zlib stream in printable letters without ``<``, ``>`` and ``&``, so nothing in
it can end a script element: 13 bits are two letters (base64 has 12), the high one first::

    length of the document, uint32 · document, JSON in UTF-8 · the arrays, each from a 4th byte on

In the document a column stands as ``{"#": [type, first byte, length, digits]}``: types ``B``,
``h``, ``i`` are unsigned 8, signed 16 and 32 bit, ``t`` is a JSON list. Pairs are ``H`` or ``I``,
16 or 32 bit, sorted for compression: the lowest byte of all first numbers, then of all second ones,
then the next bytes. ``assets/pack.js`` reads it.
"""

from __future__ import annotations

import json
import struct
import zlib
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from lifecircle.model.finding import meets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["Codes", "Figures", "Pairs", "Texts", "packed"]

_TYPES: tuple[tuple[str, type[np.integer[Any]]], ...] = (
    ("B", np.uint8),
    ("h", np.int16),
    ("i", np.int32),
)
_LEVEL = 6
"""Of zlib: 9 takes three times as long for 2 % less."""
_HEAD = zlib.compress(b"", _LEVEL)[:2]
_LONG = 1 << 18
"""Bytes of pairs from which on only runs are looked for: an eighth of the time for 1 % more."""


@dataclass(frozen=True, slots=True, eq=False)
class Codes:
    """Whole numbers, as they are."""

    values: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Pairs of whole numbers, read as first, second, first, second …; shape (2 n,)."""

    values: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """Numbers as they are shown: rounded to ``digits`` decimals; NaN and infinity are kept.

    A little of something is no 0 (``texts.number``): it is the least that the decimals show.
    """

    values: NDArray[np.float64]
    digits: int = 0

    def scaled(self) -> NDArray[np.float64]:
        """Return the values in units of the last digit, rounded as Python prints them."""
        given = np.asarray(self.values, dtype=float)
        finite = np.isfinite(given)
        exact = np.where(finite, given, 0.0) * 10.0**self.digits
        whole = np.rint(exact)
        # next to a half the product may have been rounded; print decides, as in every output
        half = np.abs(np.abs(exact - np.trunc(exact)) - 0.5) < 1e-6  # noqa: PLR2004
        for k in np.flatnonzero(half):
            whole[k] = round(round(float(given[k]), self.digits) * 10**self.digits)
        little = (whole == 0) & meets(np.abs(np.where(finite, given, 0.0)), ">", 0.0)
        whole[little] = np.sign(given[little])
        return np.where(finite, whole, given)


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """Texts, None where there is none; those that come again are written once."""

    values: Sequence[str | None]


def packed(document: dict[str, Any]) -> str:
    """Return ``document``, whose leaves may be columns, as one text for the page.

    Raises
    ------
    ValueError
        A number is NaN or infinite outside of ``Figures``.
    """
    blocks = _Blocks()
    plain = json.dumps(blocks.plain(document), **_JSON).encode("utf-8", "replace")
    plain += b" " * (-len(plain) % 4)
    head = np.uint32(len(plain)).astype("<u4").tobytes()
    return _in_letters(_stream([(head + plain, False), *blocks.parts]))


def _stream(parts: list[tuple[bytes, bool]]) -> bytes:
    """Return parts as one zlib stream, those marked looked through for runs alone.

    Pieces of raw deflate that end at a whole byte follow one another; the checksum is of all.
    """
    whole = b"".join(part for part, _ in parts)
    if not any(runs for _, runs in parts):
        return zlib.compress(whole, _LEVEL)
    found = [_HEAD]
    for runs, some in groupby(parts, key=lambda part: part[1]):
        strategy = zlib.Z_RLE if runs else zlib.Z_DEFAULT_STRATEGY
        piece = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS, strategy=strategy)
        found += [
            piece.compress(b"".join(part for part, _ in some)),
            piece.flush(zlib.Z_FULL_FLUSH),
        ]
    last = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return b"".join((*found, last.flush(), struct.pack(">I", zlib.adler32(whole))))


_LETTERS = np.array([n for n in range(0x21, 0x7F) if chr(n) not in "<>&"], dtype=np.uint8)
"""The 91 letters, by their value; two hold 8281 values, 13 bits are 8192."""
_GROUP = 13


def _in_letters(content: bytes) -> str:
    bits = np.unpackbits(np.frombuffer(content, dtype=np.uint8))
    bits = np.concatenate([bits, np.zeros(-len(bits) % _GROUP, dtype=np.uint8)])
    numbers = np.zeros(len(bits) // _GROUP, dtype=np.uint16)
    for place in range(_GROUP):
        numbers |= bits[place::_GROUP].astype(np.uint16) << np.uint16(_GROUP - 1 - place)
    pairs = np.column_stack(np.divmod(numbers, len(_LETTERS)))
    text: bytes = _LETTERS[pairs].tobytes()
    return text.decode("ascii")


_JSON: dict[str, Any] = {"ensure_ascii": False, "allow_nan": False, "separators": (",", ":")}


_LEAVES = frozenset({str, int, float, bool})


class _Blocks:
    """The arrays so far."""

    def __init__(self) -> None:
        self.parts: list[tuple[bytes, bool]] = []
        """Each with whether only runs are worth looking for in it."""
        self._size = 0

    def plain(self, value: Any) -> Any:
        """Return ``value`` with every column put away and named."""
        if value is None or type(value) in _LEAVES:  # nearly all of them
            return value
        if isinstance(value, dict):
            return {key: self.plain(entry) for key, entry in value.items()}
        if isinstance(value, list | tuple):
            return [self.plain(entry) for entry in value]
        if isinstance(value, Codes | Pairs):
            stored = self._whole if isinstance(value, Codes) else self._pairs
            return {"#": stored(np.asarray(value.values, dtype=np.int64))}
        if isinstance(value, Figures):
            return {"#": [*self._figures(value), value.digits]}
        return self._texts(list(value.values)) if isinstance(value, Texts) else value

    def _whole(self, values: NDArray[np.int64]) -> list[Any]:
        low, high = (int(values.min()), int(values.max())) if len(values) else (0, 0)
        for name, kind in _TYPES:
            if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max:
                stored = values.astype(np.dtype(kind).newbyteorder("<"))
                return [name, self._put(stored.tobytes()), len(values)]
        raise ValueError(f"no column of the page holds {low} to {high}")

    def _pairs(self, values: NDArray[np.int64]) -> list[Any]:
        span = int(np.abs(values).max()) if len(values) else 0
        name, kind = ("H", np.int16) if span <= np.iinfo(np.int16).max else ("I", np.int32)
        if span > np.iinfo(kind).max:
            raise ValueError(f"no column of the page holds {span}")
        apart = values.reshape(-1, 2).T.astype(np.dtype(kind).newbyteorder("<"), order="C")
        planes = apart.reshape(-1, 1).view(np.uint8).T
        content = planes.tobytes()
        return [name, self._put(content, runs=len(content) >= _LONG), len(values)]

    def _figures(self, column: Figures) -> list[Any]:
        whole = column.scaled()
        known = whole[np.isfinite(whole)]
        span = float(np.abs(known).max()) if len(known) else 0.0
        # the two ends of the type are taken: the lowest is a gap, the highest is endless
        name, kind = next(
            (pair for pair in _TYPES[1:] if span <= np.iinfo(pair[1]).max - 2), _TYPES[-1]
        )
        ends = np.iinfo(kind)
        # a figure no map shows (2,000 million of a unit) stays the largest there is
        whole = np.clip(np.where(np.isnan(whole), 0, whole), ends.min + 1, ends.max)
        whole = np.where((whole == ends.max) & np.isfinite(column.values), ends.max - 1, whole)
        whole = np.where(np.isnan(column.values.astype(float)), ends.min, whole)
        stored = whole.astype(np.dtype(kind).newbyteorder("<"))
        return [name, self._put(stored.tobytes()), len(stored)]

    def _texts(self, values: list[str | None]) -> dict[str, Any]:
        found: dict[str | None, int] = {}
        codes = [found.setdefault(value, len(found)) for value in values]
        if len(found) * 2 > len(values):
            return {"#": self._listed(values)}
        return {"#": [*self._whole(np.array(codes, dtype=np.int64)), self._listed(list(found))]}

    def _listed(self, values: list[str | None]) -> list[Any]:
        content = json.dumps(values, **_JSON).encode("utf-8", "replace")
        return ["t", self._put(content), len(content)]

    def _put(self, content: bytes, *, runs: bool = False) -> int:
        at, whole = self._size, content + b"\0" * (-len(content) % 4)
        self.parts.append((whole, runs))
        self._size += len(whole)
        return at
