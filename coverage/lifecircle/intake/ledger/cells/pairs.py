"""Longitude and latitude in one cell: 117.0,35.05, as web maps and copy and paste give them."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from typing import TYPE_CHECKING, Any

import pandas as pd

from lifecircle.intake.ledger.cells.degrees import read_degrees
from lifecircle.intake.ledger.values import is_blank
from lifecircle.model.dictionary import columns, fold, without_unit
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lifecircle.sources.raw import RawTable

__all__ = ["read_pair", "with_pairs_split"]

_EAST, _NORTH = (73.0, 136.0), (3.0, 54.0)
"""Degrees of China: no longitude there can be a latitude."""
_WORDS = frozenset(
    map(
        fold,
        (
            *("坐标", "经纬度", "location", "lnglat", "lonlat", "latlng", "latlon", "位置坐标"),
            *(
                "坐标点",
                "坐标位置",
                "地理坐标",
                "经纬度坐标",
                "定位坐标",
                "定位",
                "中心坐标",
                "中心点",
            ),
            *("高德坐标", "百度坐标", "GPS坐标", "coordinates", "coordinate", "coord", "point"),
            *("经度,纬度", "经度、纬度", "经度/纬度", "经度纬度", "纬度经度", "geopoint", "gps"),
            *("纬度,经度", "纬度、经度", "lng,lat", "lon,lat", "lat,lng", "lat,lon", "XY", "X,Y"),
        ),
    )
)
"""Headers of such a column: one cell that holds a pair is enough, else most of them must."""
_WRAPPED = re.compile(r"^(?:point\s*z?\s*)?[(\[{](.*)[)\]}]$", re.IGNORECASE)
_SIDE = re.compile(
    r"(经度|纬度|东经|北纬|longitude|latitude|lng|lon|lat)\s*[:=]?\s*", re.IGNORECASE
)
_PARTS = (re.compile(r"\s*[,;/|、]\s*"), re.compile(r"\s+"))
_MARKED, _ANY = re.compile(r"[,，;；/|、]"), re.compile("")
_PLAIN = re.compile(r"[+-]?\d+(\.\d*)?")


def read_pair(cell: Any) -> tuple[str, str] | None:
    """Return the two parts of a cell that holds both coordinates, in the order written.

    Each is a number, or degrees as :func:`read_degrees` reads them; a third (a height, 0 mostly)
    is no pair. None where it is none.

    >>> read_pair("117.0，35.05")
    ('117.0', '35.05')
    """
    if not isinstance(cell, str):
        return None
    text = unicodedata.normalize("NFKC", cell).strip()
    found = _WRAPPED.match(text)
    text = _SIDE.sub("", found[1].strip() if found else text)
    for separator in _PARTS:
        parts = [part for part in separator.split(text.strip(" ,;")) if part]
        if len(parts) == 2 and all(_number(part) is not None for part in parts):  # noqa: PLR2004
            return parts[0], parts[1]
    return None


_ALONE = -1


def with_pairs_split(
    raw: RawTable, overrides: Mapping[str, str], *, as_written: bool = False
) -> tuple[RawTable, dict[str, str], tuple[Problem, ...]]:
    """Return the table with the column that holds both coordinates parted into two.

    Parameters
    ----------
    raw
        The table; its headers are kept, the second coordinate stands under a new one.
    overrides
        Column → header, as the study says; ``lon`` or ``lat`` may name the column of pairs.
    as_written
        Whether the pairs keep their order, because the study exchanges the two itself. Else the
        numbers tell which is the longitude, where they are degrees of China.

    Returns
    -------
    raw, headers, problems
        ``headers``: column → header for what was parted; empty where nothing was.
    """
    if not {"lon", "lat"} <= columns(raw.layer).keys() or raw.geometry is not None:
        return raw, {}, ()
    header = _header(raw, overrides)
    if header is None:
        return raw, {}, ()
    pairs = [read_pair(cell) for cell in raw.frame[header]]
    turned = [pair is not None and not as_written and _turned(pair) for pair in pairs]
    second = f"{header}#"
    while second in raw.frame:
        second += "#"
    frame = raw.frame.copy(deep=False)
    # what is no pair stays as it is written: it is then told as a number that cannot be read
    frame[header] = pd.Series(
        [
            cell if pair is None else pair[turn]
            for cell, pair, turn in zip(raw.frame[header], pairs, turned, strict=True)
        ],
        index=frame.index,
        dtype=object,
    )
    frame[second] = pd.Series(
        [
            None if pair is None else pair[not turn]
            for pair, turn in zip(pairs, turned, strict=True)
        ],
        index=frame.index,
        dtype=object,
    )
    letters = dict(raw.letters)
    if header in letters:
        letters[second] = letters[header]
    parted = dataclasses.replace(raw, frame=frame, letters=letters)
    said = raw.problem(
        ProblemCode.COORDINATES_SPLIT,
        Severity.INFO,
        header=header,
        count=sum(pair is not None for pair in pairs),
        turned=sum(turned),
    )
    return parted, {"lon": header, "lat": second}, (said,)


def _header(raw: RawTable, overrides: Mapping[str, str]) -> str | None:
    """Return the header of the column of pairs; None where a column has longitudes alone."""
    named = {fold(overrides[column]) for column in ("lon", "lat") if column in overrides}
    words = _words(raw.layer, overrides)
    likely = []
    for header in raw.frame:
        rank = _rank(header, raw.frame[header], named, words)
        if rank == _ALONE:
            return None
        if rank is not None:
            likely.append((rank, header))
    return min(likely, key=lambda one: one[0])[1] if likely else None


def _rank(header: str, values: pd.Series[Any], named: set[str], words: set[str]) -> int | None:
    """Return how good a column of pairs is, 0 by its name, 1 by its cells; None for none.

    ``_ALONE``: it is a column of longitudes or latitudes, with numbers.
    """
    cells = [cell for cell in values if not is_blank(cell)]
    names = {without_unit(fold(header)), fold(header)}
    asked, known = bool(names & named), bool(names & set(_WORDS))
    longitudes = without_unit(fold(header)) in words
    pairs = _pairs(cells, by_itself=known or not (asked or longitudes))
    if not pairs:
        return _ALONE if longitudes and not asked and cells else None
    if named and not asked:
        return None
    by_cells = 2 * sum(map(_degrees, pairs)) > len(cells)
    return 0 if known else 1 if by_cells else None


def _words(layer: str, overrides: Mapping[str, str]) -> set[str]:
    """Return the folded headers of the columns that hold a longitude or a latitude alone."""
    specs = [s for s in columns(layer).values() if s.name in {"lon", "lat"}]
    own = [spec for spec in specs if spec.name not in overrides]
    return {fold(word) for spec in own for word in (spec.name, *spec.aliases)}


def _pairs(cells: list[Any], *, by_itself: bool) -> list[tuple[str, str]]:
    """Return the cells that hold a pair; in a column of longitudes 117 07.8 is degrees, minutes."""
    apart = _ANY if by_itself else _MARKED
    return [pair for cell in cells if (pair := read_pair(cell)) and apart.search(cell)]


def _number(text: str) -> float | None:
    return float(text) if _PLAIN.fullmatch(text) else read_degrees(text)


def _within(value: float | None, limits: tuple[float, float]) -> bool:
    return value is not None and limits[0] <= value <= limits[1]


def _turned(pair: tuple[str, str]) -> bool:
    """Return whether the latitude stands first, as the numbers alone tell."""
    first, second = map(_number, pair)
    return _within(first, _NORTH) and _within(second, _EAST)


def _degrees(pair: tuple[str, str]) -> bool:
    """Return whether both are degrees of China, with decimals: 100,35 are two other figures."""
    first, second = map(_number, pair)
    straight = _within(first, _EAST) and _within(second, _NORTH)
    return (straight or _turned(pair)) and not all(part.isdecimal() for part in pair)
