"""Which county each row of a shared table belongs to: by its code, its unit's name, its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from pyproj import CRS

from lifecircle.intake.joins.units import canonical_code
from lifecircle.intake.ledger.cells.pairs import with_pairs_split
from lifecircle.intake.ledger.columns import map_columns
from lifecircle.intake.ledger.mojibake import restored
from lifecircle.intake.ledger.rows import read_rows
from lifecircle.intake.ledger.values import is_blank
from lifecircle.intake.parts import read_parts, with_constants
from lifecircle.intake.positions.locating import in_crs, locate
from lifecircle.model.dictionary import fold
from lifecircle.model.problem import Problem, Severity
from lifecircle.sources.raw import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from lifecircle.intake.settings.schema import LayerOptions
    from lifecircle.sources.raw import RawTable

__all__ = ["DEGREES", "Known", "Shared", "at_home", "read_shared"]

DEGREES = CRS.from_epsg(4490)
"""Positions of all layers are compared in degrees of CGCS2000 (WGS 84 to a metre)."""
_COUNTY = 6
_OF_UNIT = ("unit", "community")


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """A table that counties share.

    Parameters
    ----------
    raw
        As the file has it.
    headers
        Column → header.
    said
        Column (``code``, ``unit``, ``community``, ``name``) → its text a row, blank where none.
    usable
        Whether each row is a record that can be used; others are totals, notes, rows that lack
        what they need.
    places
        Where each row is, in ``DEGREES``; None: not known.
    """

    raw: RawTable
    headers: Mapping[str, str]
    said: Mapping[str, Sequence[str]]
    usable: NDArray[np.bool_]
    places: NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.raw)

    def coded(self, at: int) -> str | None:
        """Return the county of a row's codes of town or community; None where it has none."""
        for column in _OF_UNIT:
            code = canonical_code(self.said[column][at])
            if code is not None and len(code) > _COUNTY:
                return code[:_COUNTY]
        return None


def read_shared(
    layer: str, sources: Sequence[Path | str], options: LayerOptions
) -> tuple[Shared | None, tuple[Problem, ...]]:
    """Read a table that counties share; None and why, where it cannot be used.

    Ids are not looked at: each county numbers its own.
    """
    raw, problems = read_parts(sources, layer, options)
    if raw is None or not len(raw):
        return None, problems
    read = restored(raw) if options.repair_text else raw
    read, constant = with_constants(read, options.constants)
    read, parted, found = with_pairs_split(read, options.headers, as_written=options.swap)
    problems += found
    headers, found = map_columns(read, options.headers | constant | parted)
    problems += found
    if any(problem.severity is Severity.ERROR for problem in problems):
        return None, problems
    ledger, _ = read_rows(read, {c: h for c, h in headers.items() if c != "id"})
    positions, found = locate(ledger, options)
    problems += tuple(one for one in found if one.row is None)
    if positions is None:
        return None, problems
    places: NDArray[np.object_] = np.full(len(raw), None, dtype=object)
    places[ledger.at] = _points(in_crs(positions, DEGREES), outlines=layer == "units")
    usable = np.zeros(len(raw), dtype=bool)
    usable[ledger.at] = True
    said = {
        column: _texts(read, headers.get(column))
        for column in ("code", "unit", "community", "name")
    }
    return Shared(raw, headers, said, usable, places), problems


def _points(shapes: NDArray[np.object_], *, outlines: bool) -> NDArray[np.object_]:
    """Return a point in each shape; the shapes themselves where they are the outlines."""
    if outlines:
        return shapes
    there = np.array([s is not None and not s.is_empty for s in shapes], dtype=bool)
    points: NDArray[np.object_] = np.full(len(shapes), None, dtype=object)
    points[there] = shapely.point_on_surface(shapes[there])
    return points


def _texts(raw: RawTable, header: str | None) -> list[str]:
    if header is None:
        return [""] * len(raw)
    cells = raw.frame[header].tolist()
    return ["" if is_blank(cell) else shown(cell).strip() for cell in cells]


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What is known of the counties.

    Parameters
    ----------
    listed
        Codes of the counties that are cut.
    outlines
        Code → outline in ``DEGREES``, of listed counties and others.
    names
        Folded name of a town or community → codes of the counties that have one.
    """

    listed: frozenset[str]
    outlines: Mapping[str, Any]
    names: Mapping[str, frozenset[str]]


def at_home(shared: Shared, known: Known) -> tuple[list[str | None], list[str]]:
    """Return the county of each row, None where it is none of those listed, and why not.

    A code says it first, then the name of a town or community that one county alone has, then the
    place: of several outlines that hold it, the one of the lowest code.
    """
    codes = sorted(known.outlines)
    placed = _placed(shared.places, [known.outlines[code] for code in codes])
    homes: list[str | None] = []
    reasons: list[str] = []
    for at in range(len(shared)):
        home, reason = None, "not_used"
        if shared.usable[at]:
            spots = [codes[n] for n in placed.get(at, ())]
            home, reason = _home(shared, at, known, spots)
        listed = home in known.listed
        homes.append(home if listed else None)
        reasons.append("" if listed else "county_not_listed" if home else reason)
    return homes, reasons


def _home(shared: Shared, at: int, known: Known, spots: Sequence[str]) -> tuple[str | None, str]:
    """Return a row's county, listed or not, or None and why it cannot be told."""
    words = [shared.said[column][at] for column in ("code", *_OF_UNIT)]
    codes = [code for code in map(canonical_code, words) if code]
    if codes:
        return codes[0][:_COUNTY], ""
    several = False
    for word in words[1:]:
        of = known.names.get(fold(word), frozenset()) if word else frozenset()
        if len(of) == 1:
            return next(iter(of)), ""
        inside = [code for code in spots if code in of]
        if inside:
            return inside[0], ""
        several = several or len(of) > 1
    if spots:
        return spots[0], ""
    if several:
        return None, "name_of_several"
    return None, "no_place" if shared.places[at] is None else "outside_all"


def _placed(places: NDArray[np.object_], outlines: Iterable[Any]) -> dict[int, list[int]]:
    """Return row → the outlines that hold its place, boundaries included, the lowest first."""
    shapes = np.array(list(outlines), dtype=object)
    known = np.flatnonzero([p is not None for p in places])
    if not len(shapes) or not len(known):
        return {}
    row, outline = shapely.STRtree(shapes).query(places[known], predicate="intersects")
    found: dict[int, list[int]] = {}
    for at, number in sorted(zip(known[row].tolist(), outline.tolist(), strict=True)):
        found.setdefault(at, []).append(number)
    return found
