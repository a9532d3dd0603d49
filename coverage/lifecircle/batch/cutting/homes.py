"""Which county each row of a shared table belongs to: by code, name, what it names, place."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import shapely
from pyproj import CRS

from lifecircle.batch.cutting.naming import REFERENCES, counties_meant, county_header
from lifecircle.intake.joins.lists import names_listed
from lifecircle.intake.joins.units import canonical_code
from lifecircle.intake.ledger.cells.figure_names import coded_by_name
from lifecircle.intake.ledger.cells.pairs import with_pairs_split
from lifecircle.intake.ledger.columns import map_columns
from lifecircle.intake.ledger.mojibake import restored
from lifecircle.intake.ledger.records import records_of
from lifecircle.intake.ledger.rows import read_rows
from lifecircle.intake.ledger.values import is_blank
from lifecircle.intake.parts import read_parts, with_constants
from lifecircle.intake.positions.locating import in_crs, locate
from lifecircle.model.dictionary import columns, fold
from lifecircle.model.problem import Problem, Severity
from lifecircle.sources.raw import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from lifecircle.intake.settings.schema import LayerOptions, TravelOptions
    from lifecircle.sources.raw import RawTable

__all__ = ["DEGREES", "PLACED", "Home", "Known", "Shared", "at_home", "read_shared"]

DEGREES = CRS.from_epsg(4490)
"""Positions of all layers are compared in degrees of CGCS2000 (WGS 84 to a metre)."""
PLACED = ("units", "residential", "facilities", "candidates", "gates", "buildings")
"""Layers whose rows have a place."""
_COUNTY = 6
_OF_UNIT = ("unit", "community")
_UNTOLD = frozenset({"reference_unknown", "name_of_several"})
_SAID = ("code", *_OF_UNIT, "name", "id", "residential", "demand", "facility")


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
        Column (``code``, ``unit``, ``community``, ``name``, ``id``, what it names of others, and
        ``county``) → its text a row, blank where none.
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
    layer: str,
    sources: Sequence[Path | str],
    options: LayerOptions | TravelOptions,
    county: str | None = None,
) -> tuple[Shared | None, tuple[Problem, ...]]:
    """Read a table that counties share; None and why, where it cannot be used.

    Ids are not looked at: each county numbers its own. ``county``: header of the column that says
    the county, if the list names it.
    """
    raw, problems = read_parts(sources, layer, options)
    if raw is None or not len(raw):
        return None, problems
    read = restored(raw) if getattr(options, "repair_text", False) else raw
    read, constant = with_constants(read, options.constants)
    swap = getattr(options, "swap", False)
    read, parted, found = with_pairs_split(read, options.headers, as_written=swap)
    problems += found
    headers, found = map_columns(read, options.headers | constant | parted)
    problems += found
    if any(problem.severity is Severity.ERROR for problem in problems):
        return None, problems
    places: NDArray[np.object_] = np.full(len(raw), None, dtype=object)
    usable = np.zeros(len(raw), dtype=bool)
    if layer in PLACED:
        ledger, _ = read_rows(read, {c: h for c, h in headers.items() if c != "id"})
        positions, found = locate(ledger, cast("LayerOptions", options))
        problems += tuple(one for one in found if one.row is None)
        if positions is None:
            return None, problems
        places[ledger.at] = _points(in_crs(positions, DEGREES), outlines=layer == "units")
        usable[ledger.at] = True
    else:
        usable[:] = _filled(read, headers)
    said = {column: _texts(read, headers.get(column)) for column in _SAID}
    if layer == "exemptions":  # a blank subject by the name beside it, as each county reads it
        said["id"] = [*map(shown, coded_by_name(read, headers, {"id": said["id"]})[0]["id"])]
    own = county_header(read.frame.columns, headers.values(), county)
    said["county"] = _texts(read, own)
    return Shared(raw, headers, said, usable, places), problems


def _filled(raw: RawTable, headers: Mapping[str, str]) -> NDArray[np.bool_]:
    """Return which rows of a table without places are records that have what they need."""
    specs = columns(raw.layer)
    needed = [name for name, spec in specs.items() if spec.needed and name in headers]
    filled = {name: ~raw.frame[h].map(is_blank).to_numpy(bool) for name, h in headers.items()}
    full: NDArray[np.bool_] = np.ones(len(raw), dtype=bool)
    for name in needed:
        full &= filled[name]
    if raw.layer == "exemptions" and "clause" in filled:  # beside a blank id a name may say whose
        full |= filled["clause"]
    _, aside, _, _ = records_of(raw, headers)
    full[list(aside)] = False
    return full


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
    counties
        Folded name of a county → codes of those of that name.
    referred
        Layer → folded id or name of a row → codes of the counties that have it.
    """

    listed: frozenset[str]
    outlines: Mapping[str, Any]
    names: Mapping[str, frozenset[str]]
    counties: Mapping[str, frozenset[str]]
    referred: Mapping[str, Mapping[str, frozenset[str]]]


@dataclass(frozen=True, slots=True)
class Home:
    """The county of a row.

    Parameters
    ----------
    code
        Of the county; None: of none that is listed.
    reason
        Why it is of none; blank where it is of one.
    also
        The county that something else in the row speaks for; blank where nothing does.
    maybe
        Of a walk or an exemption that is no county's for certain: those that may have it.
    """

    code: str | None
    reason: str = ""
    also: str = ""
    maybe: frozenset[str] = frozenset()


def at_home(shared: Shared, known: Known) -> list[Home]:
    """Return the county of each row.

    A code says it first, then a column for the county, then the name of a town or community that
    one county alone has, then an area or facility it names that one county alone has, then the
    place: of several outlines that hold it, the one of the lowest code. Of a row that has a place
    beyond the county that its words say, both are told. A walk of which that tells nothing is of
    the one county that has both its ends, else perhaps of each that has one of them; an exemption
    perhaps of each that has somebody it names, and of all where nobody has (全县, 老旧小区).
    """
    codes = sorted(known.outlines)
    placed = _placed(shared.places, [known.outlines[code] for code in codes])
    homes: list[Home] = []
    for at in range(len(shared)):
        home, reason, spots = None, "not_used", []
        if shared.usable[at]:
            spots = [codes[n] for n in placed.get(at, ())]
            home, reason = _home(shared, at, known, spots)
        layer = shared.raw.layer
        if home is None and layer in _OF_ANY and reason in _UNTOLD:
            homes.append(_OF_ANY[layer](shared, at, known, reason))
            continue
        if home not in known.listed:
            homes.append(Home(None, "county_not_listed" if home else reason))
            continue
        drawn = shared.raw.layer == "units"  # outlines touch their neighbours
        beyond = [code for code in spots if code != home and not drawn]
        homes.append(Home(home, also=beyond[0] if beyond else ""))
    return homes


def _walked(shared: Shared, at: int, known: Known, reason: str) -> Home:
    """Return where a walk belongs of which the area it starts from tells no county.

    Where its people are nobody's, the facility tells who may have it.
    """
    areas, places = (
        _having(known, shared.said[column][at], (layer,))
        for column, layer in (("demand", "residential"), ("facility", "facilities"))
    )
    maybe = (areas & places or areas or places) & known.listed
    if len(maybe) == 1 and areas & places:
        return Home(next(iter(maybe)))
    return Home(None, reason, maybe=maybe)


def _let_off(shared: Shared, at: int, known: Known, reason: str) -> Home:
    """Return who may have an exemption whose words tell no county."""
    word, layers = shared.said["id"][at], ("residential", "facilities", "units")
    some = (_having(known, one, layers) for one in (word, *names_listed(word)))
    named = frozenset[str]().union(*some) & known.listed
    return Home(None, reason, maybe=named or known.listed)


_OF_ANY = MappingProxyType({"travel": _walked, "exemptions": _let_off})
"""Layer → how its rows are handed to every county that may have them."""


def _home(shared: Shared, at: int, known: Known, spots: Sequence[str]) -> tuple[str | None, str]:
    """Return a row's county, listed or not, or None and why it cannot be told."""
    words = [shared.said[column][at] for column in ("code", *_OF_UNIT)]
    county = shared.said["county"][at]
    codes = [code for code in map(canonical_code, (*words, county)) if code]
    if codes:
        return codes[0][:_COUNTY], ""
    several = False
    for of in _named(shared, at, known, (county, *words[1:])):
        if len(of) == 1:
            return next(iter(of)), ""
        inside = [code for code in spots if code in of]
        if inside:
            return inside[0], ""
        several = several or len(of) > 1
    if county and not counties_meant(county, known.counties):
        return county, ""  # a county that is not listed
    if spots:
        return spots[0], ""
    return None, "name_of_several" if several else _lost(shared, at)


def _lost(shared: Shared, at: int) -> str:
    """Return why nothing tells the county of a row."""
    if shared.places[at] is not None:
        return "outside_all"
    if shared.raw.layer in REFERENCES:
        return "reference_unknown"
    return "no_place" if shared.raw.layer in PLACED else "no_county"


def _named(shared: Shared, at: int, known: Known, words: Sequence[str]) -> Iterator[frozenset[str]]:
    """Yield the counties that each word of a row may mean, the surest first.

    ``words``: of the county, the town, the community.
    """
    nobody: frozenset[str] = frozenset()
    county, *units = words
    yield counties_meant(county, known.counties)
    for word in units:
        yield known.names.get(fold(word), nobody) if word else nobody
    for column, layers in REFERENCES.get(shared.raw.layer, ()):
        word = shared.said[column][at]
        code = canonical_code(word)
        if code is not None and "units" in layers:
            yield frozenset({code[:_COUNTY]})
        yield _having(known, word, layers)
        if shared.raw.layer == "exemptions":  # R1、R2: whoever has them all
            of = [some for one in names_listed(word) if (some := _having(known, one, layers))]
            yield frozenset.intersection(*of) or nobody.union(*of) if of else nobody


def _having(known: Known, word: str, layers: Iterable[str]) -> frozenset[str]:
    """Return the counties that have a row of an id or a name in one of the layers."""
    rows = (known.referred.get(layer, {}).get(fold(word)) for layer in layers if word)
    return frozenset[str]().union(*filter(None, rows))


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
