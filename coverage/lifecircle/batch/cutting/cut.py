"""A province's files read once and cut into one study a county."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from pyproj import CRS

import lifecircle
from lifecircle.batch.cutting.homes import DEGREES, Known, Shared, at_home, read_shared
from lifecircle.batch.cutting.naming import county_names, referred
from lifecircle.batch.cutting.order import read_order
from lifecircle.batch.cutting.streets import within_reach
from lifecircle.batch.cutting.study_text import study_text
from lifecircle.batch.cutting.tables import write_rows
from lifecircle.batch.cutting.telling import lacking_line, told_of, write_told
from lifecircle.batch.cutting.unsettled import unsettled
from lifecircle.errors import BatchError
from lifecircle.intake.positions.projection import zone_crs
from lifecircle.intake.streets.lines import read_or_refuse
from lifecircle.model.coordinates.projecting import way_between
from lifecircle.model.dictionary import fold
from lifecircle.model.inputs.datums import SHIFTED
from lifecircle.model.problem import Severity, describe
from lifecircle.outputs.whole import whole_file, whole_files
from lifecircle.sources.osm_file import OSM_SUFFIXES, is_overpass
from lifecircle.sources.streets.packed import built_from_osm, write_built_streets
from lifecircle.sources.tables.files import fingerprint
from lifecircle.texts import word

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lifecircle.batch.cutting.order import County, Order
    from lifecircle.batch.cutting.telling import Told
    from lifecircle.batch.cutting.unsettled import Maybe
    from lifecircle.model.problem import Problem
    from lifecircle.sources.streets.lines import StreetSource

__all__ = ["STUDIES", "cut_province"]

STUDIES = "studies"
"""Folder, in that of the results, of the studies that were cut."""
_RECORD = "cut.json"
_FIRST = ("units", "residential", "facilities", "candidates")
"""Tables whose rows others name; they find their counties first."""
_TABLES = (*_FIRST, "gates", "buildings", "exemptions", "indicators", "evidence", "travel")
_NEEDED = ("residential", "facilities")
_SHIFT_M = 1000.0
"""A shifted datum moves a place by less than this."""


def cut_province(
    path: Path, content: Mapping[str, Any], home: Path, language: str
) -> list[tuple[str, dict[str, Any]]]:
    """Cut the files a list names, and return its counties as the rows of a list of studies.

    Nothing is cut again while the list, its files and the program stay the same. Rows that belong
    to no county of the list are written to ``LEFT_OUT``, each with its reason, those that two
    counties may claim to ``OF_TWO``. A county that has no area, or no facility, says so in its row
    under ``lacking``.

    Parameters
    ----------
    home
        Folder of the results; the studies stand in ``STUDIES`` below it.

    Raises
    ------
    BatchError
        The list or one of its files cannot be used.
    OutputError
        A study cannot be written.
    """
    order = read_order(path, content, language)
    folder = home / STUDIES
    stands = _standing(order, path)
    if _record(folder).get("standing") != stands:
        lacking = _cut_all(order, folder, language)
        counties = [county.code for county in order.counties]
        note = {"standing": stands, "counties": counties, "lacking": lacking}
        with whole_file(folder / _RECORD) as part:
            part.write_text(json.dumps(note, ensure_ascii=False, indent=1), encoding="utf-8")
    rows = []
    without = _record(folder).get("lacking", {})
    for county in order.counties:
        own: dict[str, Any] = {
            key: county.row[key] for key in ("stage", "scenario") if key in county.row
        }
        if "scenario" in own:
            own["scenario"] = str(order.file.resolve(str(own["scenario"])).resolve())
        if layers := without.get(county.code):
            files = [path for layer in layers for path in getattr(order.file.layers, layer).paths]
            told = lacking_line(county.name, county.code, layers, files, language)
            own["lacking"] = (told,)
        study = str((folder / county.code / "study.toml").resolve())
        rows.append((county.code, {"study": study, "name": county.name, **own}))
    return rows


def _standing(order: Order, path: Path) -> str:
    """Return the digest of all that the cut rests on."""
    files = {str(one): fingerprint(one) if one.exists() else None for one in _sources(order)}
    told = {"version": lifecircle.__version__, "list": fingerprint(path), "files": files}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _sources(order: Order) -> Iterator[Path]:
    options = [getattr(order.file.layers, name) for name in (*_TABLES, "streets")]
    for one in (*options, order.outlines):
        for written in () if one is None else one.paths:
            yield order.file.resolve(written)


def _record(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / _RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _cut_all(order: Order, folder: Path, language: str) -> dict[str, list[str]]:
    """Write every county's study; return code → needed tables of which no row is its own."""
    tables = {name: _table(order, name, language) for name in _TABLES}
    known, homes, maybe, told = _at_homes(order, tables, language)
    tables = unsettled(tables, maybe, known)
    streets = _streets(order, language)
    lacking: dict[str, list[str]] = {}
    for county in order.counties:
        missing = [name for name in _NEEDED if county.code not in homes[name]]
        if missing:
            lacking[county.code] = missing
        with whole_files(folder / county.code, last="study.toml") as new:
            paths = {}
            for name, shared in tables.items():
                whose = homes[name], maybe.get(name, {})
                rows = _rows(shared, whose, county, name, known, order)
                if shared is not None and rows:
                    paths[name] = write_rows(shared.raw, rows, new, name)
            if streets is not None:
                area = _reach(county.code, known, tables, homes, order, streets)
                if area is not None:
                    cut = within_reach(streets, area)
                    if len(cut.lines):
                        write_built_streets(new / "streets.streets", cut, osm=_is_osm(order))
                        paths["streets"] = "streets.streets"
            text = study_text(order.study_of(county, paths))
            (new / "study.toml").write_text(text, encoding="utf-8")
    write_told(folder, told, language)
    return lacking


def _at_homes(
    order: Order, tables: Mapping[str, Shared | None], language: str
) -> tuple[Known, dict[str, list[str | None]], dict[str, Maybe], list[Told]]:
    """Return what is known of the counties, table → the county of each row, and what is told.

    Besides, table → the rows that several may have: of each the counties.
    """
    listed = {county.code: county.name for county in order.counties}
    drawn, outlines = _outlines(order, tables["units"], language)
    known = Known(
        frozenset(listed),
        outlines,
        _names(tables["units"]),
        county_names(
            listed, [None if one is None else one.said for one in (tables["units"], drawn)]
        ),
        {},
    )
    homes: dict[str, list[str | None]] = {name: [] for name in _TABLES}
    told: list[Told] = []
    maybe: dict[str, Maybe] = {}
    for name, shared in tables.items():
        if shared is None:
            continue
        if name not in _FIRST and not known.referred:
            said = {layer: one.said for layer in _FIRST if (one := tables[layer]) is not None}
            rows = referred(said, homes, order.file.aliases)
            known = dataclasses.replace(known, referred=rows)
        found = at_home(shared, known)
        homes[name] = [home.code for home in found]
        maybe[name] = {at: home.maybe for at, home in enumerate(found) if home.maybe}
        told += told_of(name, shared, found)
    return known, homes, maybe, told


def _table(order: Order, name: str, language: str) -> Shared | None:
    options = getattr(order.file.layers, name)
    if options is None:
        return None
    sources = order.file.sources(options)
    shared, problems = read_shared(name, sources, options, order.county_header)
    if shared is None:
        raise _refused(problems, name, language)
    return shared


def _refused(problems: Sequence[Problem], name: str, language: str) -> BatchError:
    wrong = [one for one in problems if one.severity is Severity.ERROR] or list(problems)
    told = [
        (
            "shared_file",
            {"layer": word("layer", name, language), "told": describe(p, language)["what"]},
        )
        for p in wrong
    ]
    return BatchError("shared_unreadable", told, count=len(told))


def _outlines(
    order: Order, units: Shared | None, language: str
) -> tuple[Shared | None, dict[str, Any]]:
    """Return the table of outlines and those of every county drawn, listed or not (``DEGREES``)."""
    drawn = units
    if order.outlines is not None:
        sources = order.file.sources(order.outlines)
        drawn, problems = read_shared("units", sources, order.outlines)
        if drawn is None:
            raise _refused(problems, "units", language)
    parts: dict[str, list[Any]] = {}
    if drawn is not None:
        for code, shape in zip(drawn.said["code"], drawn.places, strict=True):
            if shape is not None and shapely.get_dimensions(shape) == 2:  # noqa: PLR2004 - an area
                parts.setdefault(code[:6], []).append(shapely.make_valid(shape))
    return drawn, {code: shapely.union_all(shapes) for code, shapes in sorted(parts.items())}


def _names(units: Shared | None) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    if units is not None:
        for code, name in zip(units.said["code"], units.said["name"], strict=True):
            if name and len(code) > 6:  # noqa: PLR2004 - a county is no unit of itself
                found.setdefault(fold(name), set()).add(code[:6])
    return {name: frozenset(codes) for name, codes in found.items()}


def _rows(
    shared: Shared | None,
    homes_and_maybe: tuple[Sequence[str | None], Maybe],
    county: County,
    name: str,
    known: Known,
    order: Order,
) -> list[int]:
    """Return the rows of a county; of facilities also those over its line that it should see.

    Those are within the margin and are known by their own code to be another county's, so that
    A18 decides on them, and never a doubt whose they are.
    """
    if shared is None:
        return []
    homes, own = homes_and_maybe[0], _own(*homes_and_maybe, county.code)
    if name != "facilities" or county.code not in known.outlines:
        return own
    near = _widened(known.outlines[county.code], order.margin_m)
    over = [
        at
        for at in range(len(shared))
        if homes[at] != county.code
        and shared.usable[at]
        and shared.places[at] is not None
        and (shared.coded(at) or county.code) != county.code
    ]
    spots = np.array([shared.places[at] for at in over], dtype=object)
    inside = shapely.intersects(near, spots) if over else []
    return sorted([*own, *(at for at, there in zip(over, inside, strict=True) if there)])


def _own(homes: Sequence[str | None], maybe: Maybe, code: str) -> list[int]:
    """Return the rows that are a county's, or may be."""
    perhaps = {at for at, of in maybe.items() if code in of}
    return sorted(perhaps.union(at for at, home in enumerate(homes) if home == code))


def _widened(shape: Any, margin_m: float) -> Any:
    """Return an area of ``DEGREES`` widened by metres."""
    metres = zone_crs(*shape.centroid.coords[0])
    there = way_between(DEGREES, metres)
    back = way_between(metres, DEGREES)
    flat = shapely.transform(shape, lambda xy: np.column_stack(there.transform(xy[:, 0], xy[:, 1])))
    wide = shapely.buffer(flat, margin_m)
    return shapely.transform(wide, lambda xy: np.column_stack(back.transform(xy[:, 0], xy[:, 1])))


def _reach(
    code: str,
    known: Known,
    tables: Mapping[str, Shared | None],
    homes: Mapping[str, Sequence[str | None]],
    order: Order,
    streets: StreetSource,
) -> Any:
    """Return a county with its margin in the coordinates of the streets; None: nothing is placed.

    A county without an outline is the hull of its areas and facilities.
    """
    shape = known.outlines.get(code)
    if shape is None:
        spots = [
            place
            for name in ("residential", "facilities")
            if (shared := tables[name]) is not None
            for place, home in zip(shared.places, homes[name], strict=True)
            if home == code and place is not None
        ]
        if not spots:
            return None
        shape = shapely.convex_hull(shapely.geometrycollections(spots))
    options = order.file.layers.streets
    shifted = options is not None and options.coordinates in SHIFTED
    wide = _widened(shape, order.margin_m + (_SHIFT_M if shifted else 0.0))
    own = (options.crs if options else None) or streets.lines.crs or "EPSG:4326"
    way = way_between(DEGREES, CRS.from_user_input(own))
    return shapely.transform(wide, lambda xy: np.column_stack(way.transform(xy[:, 0], xy[:, 1])))


def _streets(order: Order, language: str) -> StreetSource | None:
    options = order.file.layers.streets
    if options is None or options.path is None:
        return None
    source, problems = read_or_refuse(order.file.resolve(options.path), options.layer)
    if source is None or not len(source.lines):
        raise _refused(problems, "streets", language)
    return source


def _is_osm(order: Order) -> bool:
    options = order.file.layers.streets
    path = order.file.resolve(str(options.path)) if options else Path()
    named = path.name.lower().endswith((*OSM_SUFFIXES, ".graphml"))
    return named or is_overpass(path) or built_from_osm(path)
