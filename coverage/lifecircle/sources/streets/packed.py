"""Street lines as a file of arrays, and back: what was read once is not parsed again."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lifecircle.keeping.arrays import MAGIC, DamagedError, read_arrays, write_arrays
from lifecircle.model.inputs.contents import Contents, LeftOut
from lifecircle.model.inputs.streets import POST_TAGS, TAGS, StreetLines
from lifecircle.model.problem import ProblemCode
from lifecircle.model.strings import words_of
from lifecircle.sources.raw import SourceError
from lifecircle.sources.streets.lines import StreetSource

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from lifecircle.keeping.arrays import Arrays

__all__ = [
    "BUILT_SUFFIX",
    "built_from_osm",
    "contents_of",
    "is_built",
    "lines_of",
    "packed_lines",
    "read_built_streets",
    "write_built_streets",
]

BUILT_SUFFIX = ".streets"
"""Ending of the files that ``lifecircle streets build`` writes."""
_FORM = 2
"""Of what a built file says: since 2 with the days on which ways open and close."""
_PARTED = "\0"
_FRAMES = ("barriers", "gates", "posts")
_OWN = ("lines", "contents")
"""Fields of a :class:`StreetSource` that are no plain JSON."""

Packed = tuple[dict[str, Any], dict[str, "NDArray[Any]"]]


def is_built(path: Path) -> bool:
    """Return whether a file is one of :func:`write_built_streets`, by how it begins."""
    if not path.name.lower().endswith(BUILT_SUFFIX) or not path.is_file():
        return False
    with path.open("rb") as stream:
        return stream.read(len(MAGIC)) == MAGIC


def write_built_streets(path: Path, source: StreetSource, *, osm: bool) -> None:
    """Write what one file holds in the form that needs no parsing.

    Parameters
    ----------
    osm
        Whether the streets are OpenStreetMap's, who must be named wherever they are used.

    Raises
    ------
    OSError
        The file cannot be written.
    ValueError
        The streets have values that are no text.
    """
    about, arrays = packed_lines(source.lines)
    plain = {f.name: getattr(source, f.name) for f in dataclasses.fields(source)}
    told = {name: value for name, value in plain.items() if name not in _OWN}
    contents = None if source.contents is None else dataclasses.asdict(source.contents)
    built = {"form": _FORM, "osm": osm, "source": told, "contents": contents}
    write_arrays(path, {**about, "built": built}, arrays)


def read_built_streets(path: Path) -> StreetSource:
    """Read what :func:`write_built_streets` wrote.

    Raises
    ------
    SourceError
        The file is not whole, or of another version of the program.
    """
    try:
        found = read_arrays(path)
        built = _built(found)
        told = {key: _tuples(value) for key, value in built["source"].items()}
        return StreetSource(lines_of(found), contents=contents_of(built["contents"]), **told)
    except (DamagedError, ValueError, TypeError, KeyError, IndexError) as error:
        raise SourceError(ProblemCode.FILE_UNREADABLE, detail="damaged") from error


def _built(found: Arrays) -> dict[str, Any]:
    """Return what a built file says of its source, if it is of the form that is known."""
    built: dict[str, Any] = found.about["built"]
    if built["form"] != _FORM:
        raise DamagedError("form")
    return built


def built_from_osm(path: Path) -> bool:
    """Return whether a built file is known to be OpenStreetMap's; False where it is damaged."""
    try:
        return bool(read_arrays(path).about["built"]["osm"])
    except (OSError, DamagedError, KeyError, TypeError):
        return False


def packed_lines(lines: StreetLines) -> Packed:
    """Return streets as plain JSON and arrays.

    Raises
    ------
    ValueError
        A column of theirs holds what is neither text nor None.
    """
    about: dict[str, Any] = {"crs": lines.crs, "texts": {}, "frames": {}}
    arrays: dict[str, NDArray[Any]] = {
        "vertex_xy": lines.vertex_xy,
        "way_start": lines.way_start,
        "way_vertex": lines.way_vertex,
    }
    if lines.loose is not None:
        arrays["loose"] = lines.loose
    if list(lines.tags.columns) != list(TAGS) or len(lines.tags) != len(lines):
        raise ValueError("columns of the tags")
    for tag in TAGS:
        _pack_text(lines.tags[tag], f"tags.{tag}", about["texts"], arrays)
    for name in _FRAMES:
        frame = getattr(lines, name)
        if frame is None:
            continue
        columns = [column for column in frame.columns if column != "geometry"]
        about["frames"][name] = {"columns": columns, "length": len(frame)}
        shapes = shapely.to_wkb(frame.geometry.to_numpy(), flavor="iso")
        arrays[f"{name}.wkb"] = np.frombuffer(b"".join(shapes), np.uint8)
        arrays[f"{name}.size"] = np.array([len(shape) for shape in shapes], np.int64)
        for column in columns:
            _pack_text(frame[column], f"{name}.{column}", about["texts"], arrays)
    return about, arrays


def lines_of(found: Arrays) -> StreetLines:
    """Return the streets that :func:`packed_lines` packed, without their ``contents``.

    Raises
    ------
    DamagedError
        Numbers point beyond what is there.
    """
    about, arrays = found.about, found.arrays
    xy, start, vertex = (arrays[name] for name in ("vertex_xy", "way_start", "way_vertex"))
    _check_courses(xy, start, vertex)
    count = len(start) - 1
    nothing: NDArray[np.object_] = np.full(count, None, dtype=object)
    nothing.flags.writeable = False
    tags = {
        tag: pd.Series(_text(found, f"tags.{tag}", count, nothing), dtype=object, copy=False)
        for tag in TAGS
    }
    crs = str(about["crs"])
    frames = {name: _frame(found, name, crs) for name in _FRAMES if name in about["frames"]}
    loose = arrays.get("loose")
    if loose is not None and (loose.dtype != np.bool_ or loose.shape != (count,)):
        raise DamagedError("loose")
    lines = StreetLines(crs, xy, start, vertex, pd.DataFrame(tags, copy=False), **frames)
    return lines.looked_at(loose)


def _check_courses(xy: NDArray[Any], start: NDArray[Any], vertex: NDArray[Any]) -> None:
    typed = xy.dtype == np.float64 and start.dtype == np.int64 and vertex.dtype == np.int64
    if not typed or xy.ndim != 2 or xy.shape[1] != 2 or start.ndim != 1 or vertex.ndim != 1:  # noqa: PLR2004 - x and y
        raise DamagedError("kinds of numbers")
    if not len(start) or start[0] != 0 or start[-1] != len(vertex) or (np.diff(start) < 0).any():
        raise DamagedError("courses")
    if len(vertex) and not 0 <= vertex.min() <= vertex.max() < len(xy):
        raise DamagedError("vertices")


def _pack_text(
    column: pd.Series[Any],
    name: str,
    texts: dict[str, Any],
    arrays: dict[str, NDArray[Any]],
) -> None:
    """Add a column: its different words once, and which of them each row has (0: None)."""
    told = words_of(column)
    words = told.words
    if not told.are_text(column) or any(_PARTED in word for word in words):
        raise ValueError(f"{name}: neither text nor None")
    texts[name] = len(words)
    if len(words):
        small = np.min_scalar_type(len(words))
        arrays[f"{name}.code"] = (told.codes + 1).astype(np.uint32 if small.itemsize > 2 else small)  # noqa: PLR2004 - bytes
        arrays[f"{name}.words"] = np.frombuffer(
            _PARTED.join(words).encode("utf-8", "surrogatepass"), np.uint8
        )


def _text(
    found: Arrays, name: str, count: int, nothing: NDArray[np.object_]
) -> NDArray[np.object_]:
    """Return a column of texts, (count,)."""
    number = found.about["texts"][name]
    if not number:
        return nothing
    text = found.arrays[f"{name}.words"].tobytes().decode("utf-8", "surrogatepass")
    words = [None, *text.split(_PARTED)]
    code = found.arrays[f"{name}.code"]
    if len(words) != number + 1 or code.shape != (count,) or (count and code.max() > number):
        raise DamagedError(name)
    taken: NDArray[np.object_] = np.array(words, dtype=object)[code]
    taken.flags.writeable = False
    return taken


def _frame(found: Arrays, name: str, crs: str) -> gpd.GeoDataFrame:
    said = found.about["frames"][name]
    columns, count = list(said["columns"]), int(said["length"])
    if columns != (list(POST_TAGS) if name == "posts" else ["barrier", "name"]):
        raise DamagedError(name)
    size, wkb = found.arrays[f"{name}.size"], found.arrays[f"{name}.wkb"].tobytes()
    if size.shape != (count,) or (size < 0).any() or int(size.sum()) != len(wkb):
        raise DamagedError(name)
    end = np.cumsum(size).tolist()
    pieces = [wkb[e - s : e] for s, e in zip(size.tolist(), end, strict=True)]
    try:
        shapes = shapely.from_wkb(np.array(pieces, dtype=object))
    except shapely.errors.GEOSException as error:
        raise DamagedError(name) from error
    data = {
        column: pd.Series(
            _text(found, f"{name}.{column}", count, np.full(count, None, dtype=object)),
            dtype=object,
        )
        for column in columns
    }
    return gpd.GeoDataFrame(pd.DataFrame(data), geometry=list(shapes), crs=crs or None)


def contents_of(told: Any) -> Contents | None:
    """Return what ``dataclasses.asdict`` made plain, if anything."""
    if told is None:
        return None
    left = tuple(LeftOut(**one) for one in told["left_out"])
    rest: dict[str, Any] = {k: _tuples(v) for k, v in told.items() if k != "left_out"}
    return Contents(left_out=left, **rest)


def _tuples(value: Sequence[Any] | Any) -> Any:
    """Return lists of JSON as the tuples they were."""
    return tuple(_tuples(one) for one in value) if isinstance(value, list | tuple) else value
