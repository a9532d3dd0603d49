"""Streets into a study: read by kind of file, put right in datum, projected, joined."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from lifecircle.intake.positions.datum import to_wgs84
from lifecircle.intake.settings.old_datums import old_datum
from lifecircle.intake.streets.crossings import find_crossings, joined_at, places
from lifecircle.intake.streets.days import on_day
from lifecircle.intake.streets.words import said_of_days, said_of_words, with_words
from lifecircle.model.coordinates.projecting import way_between
from lifecircle.model.inputs.datums import DATUMS, SHIFTED, datum_of, names_no_datum
from lifecircle.model.problem import Problem, ProblemCode, Severity
from lifecircle.sources.database import shown_source
from lifecircle.sources.guards import check_content
from lifecircle.sources.osm_file import OSM_SUFFIXES, is_overpass
from lifecircle.sources.raw import SourceError, reader_detail
from lifecircle.sources.streets.layer import read_layer_streets
from lifecircle.sources.streets.lines import StreetSource, pack_courses
from lifecircle.sources.streets.packed import BUILT_SUFFIX, read_built_streets
from lifecircle.stopping import heed

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping

    from numpy.typing import NDArray

    from lifecircle.intake.streets.crossings import Crossings
    from lifecircle.intake.streets.words import Told
    from lifecircle.model.inputs.streets import StreetLines

__all__ = [
    "FAR_M",
    "JOIN_M",
    "ReadStreets",
    "distance_from",
    "perhaps_joined",
    "read_or_refuse",
    "read_streets",
    "streets_on",
]

JOIN_M = 0.01
"""Vertices of a line layer at most this far apart are one, inclusive (metres)."""

FAR_M = 3000.0
"""Streets that begin farther than this from the study carry no walk that could be judged: the
default of the search limit (metres, inclusive)."""

_LON_LAT = {
    "wgs84": "EPSG:4326",
    "cgcs2000": "EPSG:4490",
    "gcj02": "EPSG:4326",
    "bd09": "EPSG:4326",
}
_UNSHIFTED = frozenset(DATUMS) - {*SHIFTED}

_WORDS_SHOWN = 8
_SHOWN = 60
"""Characters of an unknown coordinate system that a message shows."""


class ReadStreets(NamedTuple):
    """Streets of a file; ``dated``: whether the day of judging decides which of them are there."""

    lines: StreetLines | None
    problems: tuple[Problem, ...]
    dated: bool = False


def read_streets(path: Path | str, **asked: Any) -> tuple[StreetLines | None, tuple[Problem, ...]]:
    """Return lines and problems of :func:`streets_on`."""
    return streets_on(path, **asked)[:2]


def streets_on(  # noqa: PLR0913 - all that a study says of its streets
    path: Path | str,
    *,
    crs: str,
    source_crs: str | None = None,
    coordinates: str | None = None,
    layer: str | None = None,
    near: tuple[float, float, float, float] | None = None,
    node_crossings: bool | None = None,
    walk_words: Mapping[str, bool] = MappingProxyType({}),
    day: dt.date | None = None,
) -> ReadStreets:
    """Read streets of any kind of file into a study's CRS, as they are on a day.

    Parameters
    ----------
    path
        ``.osm``, ``.osm.gz``, ``.osm.bz2``, ``.osm.pbf``, OSMnx ``.graphml``, a ``.streets`` file
        built of one of these, or a line layer of
        any other file or database that
        :func:`lifecircle.sources.tables.features.read_features` reads.
    crs
        The study's projected CRS (metres).
    source_crs
        CRS the study declares for the file: it stands before what the file itself says.
    coordinates
        Datum the study declares: ``wgs84``, ``cgcs2000``, ``gcj02`` or ``bd09``. The last two
        are shifted to WGS 84 whatever the kind of file.
    layer
        Layer of a file that has several; the first with lines by default.
    near
        Bounds (x min, y min, x max, y max) of the study's other layers in ``crs``, against which
        the place of the streets is checked.
    node_crossings
        Whether streets that cross or touch without a shared vertex are joined there; None: they
        are not, and of a line layer their number is told.
    walk_words
        Words of the file → whether what bears them is walked; others that are not known are told.
    day
        The day of judging: ways opened after it, or closed before it, are not walked then, in
        whichever view, as planned ways are not. None: ways that a day decides are not known.

    Returns
    -------
    lines
        Streets in ``crs``; None where an error among the problems says why there are none.
    problems
        Everything found, with ``layer`` = ``"streets"`` and the file's name.
    """
    problems = _Problems(shown_source(path) if isinstance(path, str) else path.name)
    source = _read(path, layer, problems)
    if source is None:
        return ReadStreets(None, tuple(problems.found))
    _note(source, problems, layer)
    if _other_datums(source.datums, coordinates):
        problems.warn(ProblemCode.STREETS_DATUM, words=list(source.datums)[:_WORDS_SHOWN])
    lines = _located(source, crs, source_crs, coordinates, problems)
    if lines is not None and near is not None:
        distance = distance_from(lines, near)
        if distance > FAR_M:
            problems.error(ProblemCode.STREETS_FAR, distance_m=distance)
            lines = None
    dated = False
    if lines is not None:
        lines, dated, said = _on_day(lines, day)
        lines = with_words(lines, walk_words)
        problems.found += [
            Problem(code, severity, params, "streets", problems.file)
            for code, severity, params in (*said, *said_of_words(source, lines))
        ]
        lines = dataclasses.replace(lines, contents=source.contents)
    if lines is not None and (node_crossings or (node_crossings is None and not source.joined)):
        lines = _at_crossings(lines, problems, join=bool(node_crossings))
    return ReadStreets(lines, tuple(problems.found), dated)


def read_or_refuse(
    path: Path, layer: str | None = None
) -> tuple[StreetSource | None, tuple[Problem, ...]]:
    """Return what a street file holds in its own coordinates, or the problem that keeps it shut."""
    problems = _Problems(path.name)
    return _read(path, layer, problems), tuple(problems.found)


def _on_day(lines: StreetLines, day: dt.date | None) -> tuple[StreetLines, bool, tuple[Told, ...]]:
    if day is None:
        return lines, False, ()
    lines, dated, barred = on_day(lines, day)
    return lines, dated, tuple(said_of_days(barred, day))


def _other_datums(words: Iterable[str], coordinates: str | None) -> bool:
    """Return whether a column says of some lines another datum than the layer is read in."""
    own = coordinates if coordinates in SHIFTED else None
    said = [datum_of(word) or word for word in words if not names_no_datum(word)]
    return any((None if word in _UNSHIFTED else word) != own for word in said)


def _at_crossings(lines: StreetLines, problems: _Problems, *, join: bool) -> StreetLines:
    """Return the streets, joined where they cross if so asked; tell of the crossings found."""
    found = find_crossings(lines, JOIN_M)
    if not found.count:
        return lines.looked_at(found.loose)
    if not join:
        problems.warn(ProblemCode.STREETS_UNJOINED, count=found.count, streets=len(lines))
        return _perhaps_joined(lines, found)
    problems.note(ProblemCode.STREETS_NODED, count=found.count)
    return joined_at(lines, found)


def perhaps_joined(lines: StreetLines) -> StreetLines:
    """Return streets of which it was told that they cross without a junction, with what is open."""
    return _perhaps_joined(lines, find_crossings(lines, JOIN_M))


def _perhaps_joined(lines: StreetLines, found: Crossings) -> StreetLines:
    return dataclasses.replace(lines, joined=joined_at(lines, found)).looked_at(found.loose)


class _Problems:
    """What was found wrong with one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Problem] = []

    def error(self, code: ProblemCode, **params: Any) -> None:
        self.found.append(Problem(code, Severity.ERROR, params, "streets", self.file))

    def note(self, code: ProblemCode, **params: Any) -> None:
        self.found.append(Problem(code, Severity.INFO, params, "streets", self.file))

    def warn(self, code: ProblemCode, row: int | None = None, **params: Any) -> None:
        self.found.append(Problem(code, Severity.WARNING, params, "streets", self.file, row=row))


def _read(path: Path | str, layer: str | None, problems: _Problems) -> StreetSource | None:
    if isinstance(path, Path) and not path.exists():
        problems.error(ProblemCode.FILE_MISSING)
        return None
    try:
        return _read_source(path, layer)
    except SourceError as error:
        problems.error(error.code, **error.params)
    except Exception as error:  # noqa: BLE001 - a damaged file may fail anywhere inside a library
        heed()
        problems.error(ProblemCode.FILE_UNREADABLE, detail=reader_detail(error))
    return None


def _read_source(path: Path | str, layer: str | None = None) -> StreetSource:
    """Read what one file or table holds, by its kind, in its own coordinates.

    Raises
    ------
    SourceError
        The file holds no streets, or may not be opened.
    Exception
        A library does not understand the file.
    """
    if isinstance(path, str):
        return read_layer_streets(path, layer)
    name = path.name.lower()
    if name.endswith(BUILT_SUFFIX):
        return read_built_streets(path)
    if name.endswith(OSM_SUFFIXES) or is_overpass(path):
        check_content(path)
        from lifecircle.sources.streets.osm import (  # noqa: PLC0415 - loads osmium
            read_osm_streets,
        )

        return read_osm_streets(path)
    if name.endswith(".graphml"):
        from lifecircle.sources.streets.graphml import (  # noqa: PLC0415 - loads networkx
            read_graphml_streets,
        )

        check_content(path)
        return read_graphml_streets(path)
    return read_layer_streets(path, layer)


def _note(source: StreetSource, problems: _Problems, layer: str | None) -> None:
    if source.contents is not None and layer is None:
        rest = [o for o in source.contents.left_out if o.fits and o.rows and not o.hidden]
        if rest:
            names = [f"{one.name} ({one.rows})" for one in rest]
            problems.warn(ProblemCode.PARTS_UNREAD, read=list(source.contents.read), names=names)
    if source.missing_locations:
        problems.warn(ProblemCode.STREETS_LOCATIONS_MISSING, count=source.missing_locations)
    if source.objects:
        problems.warn(ProblemCode.FEATURES_UNREAD, kinds=list(source.objects))
    for row in source.empty_rows:
        problems.warn(ProblemCode.GEOMETRY_MISSING, row)
    for found in source.other_geometries:
        problems.warn(ProblemCode.GEOMETRY_TYPE, found=found, expected="LineString")


def _located(
    source: StreetSource,
    crs: str,
    source_crs: str | None,
    coordinates: str | None,
    problems: _Problems,
) -> StreetLines | None:
    """Return the lines in ``crs``, or None where their own system is unknown or wrong."""
    raw = source.lines
    told = source_crs or raw.crs or _LON_LAT.get(coordinates or "")
    if not len(raw):
        problems.error(ProblemCode.STREETS_EMPTY)
        return None
    if not told:
        problems.error(ProblemCode.CRS_MISSING)
        return None
    try:
        origin = CRS.from_user_input(told)
    except CRSError:
        problems.error(ProblemCode.CRS_UNKNOWN, detail=told[:_SHOWN])
        return None
    if system := old_datum(origin):
        problems.error(ProblemCode.DATUM_OLD, system=system)
        return None
    project = _projection(origin, crs, coordinates if coordinates in SHIFTED else None)
    xy = project(raw.vertex_xy)
    if not (_possible(raw.vertex_xy, origin) and np.isfinite(xy).all()):
        bounds = (*raw.vertex_xy.min(axis=0), *raw.vertex_xy.max(axis=0))
        text = ", ".join(f"{number:.10g}" for number in bounds)
        problems.error(ProblemCode.CRS_WRONG, crs=origin.name, bounds=text)
        return None
    return _joined(source, xy, crs, project)


def _possible(xy: NDArray[np.float64], origin: CRS) -> bool:
    """Return whether the numbers can be in a system: degrees are not metres."""
    if not origin.is_geographic:
        return True
    lon, lat = np.abs(xy).max(axis=0)
    return bool(lon <= 180 and lat <= 90)  # noqa: PLR2004 - degrees


def _projection(
    origin: CRS, crs: str, datum: str | None
) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
    """Return the function from the file's coordinates, shape (n, 2), to the study's."""
    if datum is None and not origin.is_bound:  # +towgs84 counts on the way to WGS 84 only
        there = way_between(origin, crs)
        return lambda xy: np.column_stack(there.transform(xy[:, 0], xy[:, 1]))
    degrees = way_between(origin, "EPSG:4326")
    metres = way_between("EPSG:4326", crs)

    def project(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        lon, lat = to_wgs84(*degrees.transform(xy[:, 0], xy[:, 1]), datum or "wgs84")
        return np.column_stack(metres.transform(lon, lat))

    return project


def _joined(
    source: StreetSource,
    xy: NDArray[np.float64],
    crs: str,
    project: Callable[[NDArray[np.float64]], NDArray[np.float64]],
) -> StreetLines:
    raw = source.lines

    def projected(frame: Any) -> Any:
        if frame is None:
            return None
        shapes = shapely.transform(frame.geometry.to_numpy(), project)
        return frame.set_geometry(shapes).set_crs(crs, allow_override=True)

    vertex = np.arange(len(xy)) if source.joined else _first_of_place(xy)
    barriers, gates, posts = (projected(frame) for frame in (raw.barriers, raw.gates, raw.posts))
    return pack_courses(
        crs,
        xy,
        vertex[raw.way_vertex],
        np.diff(raw.way_start),
        raw.tags,
        barriers,
        gates=gates,
        posts=posts,
    )


def _first_of_place(xy: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return for every vertex the first one at its place, within ``JOIN_M``, inclusive."""
    place = places(xy, JOIN_M)
    head = np.full(int(place.max(initial=-1)) + 1, len(xy))
    np.minimum.at(head, place, np.arange(len(xy)))
    joined: NDArray[np.int64] = head[place]
    return joined


def distance_from(lines: StreetLines, near: tuple[float, float, float, float]) -> float:
    """Return the distance from a rectangle to the nearest vertex, metres; 0 inside."""
    low, high = np.array(near[:2]), np.array(near[2:])
    beyond = np.maximum(np.maximum(low - lines.vertex_xy, lines.vertex_xy - high), 0.0)
    return float(np.hypot(beyond[:, 0], beyond[:, 1]).min())
