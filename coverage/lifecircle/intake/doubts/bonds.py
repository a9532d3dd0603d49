"""What must be true of two layers that lie right beside each other."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from shapely import STRtree

from lifecircle.intake.doubts.crowd import Crowd
from lifecircle.intake.doubts.links import AT_M, SAMPLE, evenly, linked, members, positions
from lifecircle.intake.doubts.paired import Mixture, paired
from lifecircle.intake.doubts.suspicion import Bond, Suspicion, instead_of, suspected
from lifecircle.intake.doubts.unseen.halves import Halves
from lifecircle.intake.doubts.unseen.untested import LEDGERS, Known, notes
from lifecircle.intake.positions.row_datums import parts_by_datum
from lifecircle.model.dictionary import fold
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from lifecircle.intake.doubts.links import Link
    from lifecircle.model.inputs.layers import Layer
    from lifecircle.model.inputs.streets import StreetLines

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

__all__ = ["datum_problems"]

_SHIFTED = frozenset({"gcj02", "bd09"})
_TABLES = (".csv", ".xlsx", ".xls", ".ods", ".txt")
_NAMES_SHOWN = 20
_BY_ROW = (*LEDGERS, "candidates", "gates", "buildings")
"""Layers whose rows may say the datum of their own position; of units the column says the seats'.
"""
_STREET_SAMPLE = 1500
_IN_M = 30.0
_BESIDE_M = 150.0
"""Streets this near to an area say whether they run through it or round it."""
_SHORTEST_NAME, _LONGEST_NAME = 2, 16
_MAIN = frozenset({"motorway", "trunk", "primary", "secondary", "tertiary"})
_OUTLINES = 0.5
"""Share of outlines (not points) from which a residential layer is one of outlines."""


def datum_problems(
    layers: Mapping[str, Layer],
    said: Mapping[str, pd.DataFrame],
    sharing: pd.DataFrame,
    streets: StreetLines | None,
    sources: Mapping[str, tuple[str, str]],
    crs: str,
    *,
    degrees: Collection[str] = (),
) -> tuple[Problem, ...]:
    """Return a warning for each layer that looks like another datum than it was read in.

    And a note for each of typed degrees that nothing can be held against.
    Where rows of a layer say their own datum, the rows of each datum are asked by themselves.

    Parameters
    ----------
    layers
        Layer → the layer, finished, in ``crs``.
    said
        Layer → ``unit`` and ``community`` that the cells of its rows say, as codes: a unit that was
        found by position says nothing about the position.
    sharing
        Recorded service relations: ``facility``, ``residential``.
    streets
        The streets in ``crs``, or None.
    sources
        Layer → the file, and the datum it was read in.
    crs
        The study's CRS.
    degrees
        Layers whose positions are degrees of a declared datum.
    """
    parts = {
        name: parts_by_datum(layers[name].frame, sources[name][1])
        for name in _BY_ROW
        if name in layers and name in sources
    }
    problems: list[Problem] = []
    for turn in range(max([1, *map(len, parts.values())])):
        these, read = _in_turn(layers, sources, parts, turn)
        found = _of_one_datum_each(these, said, sharing, streets, read, crs, degrees=degrees)
        # what was asked of a layer in one datum is not asked again beside the others' next
        problems += [one for one in found if not turn or _turned(one, parts) > turn]
    return tuple(_by_row(one, parts.get(one.layer or "", [])) for one in problems)


def _turned(problem: Problem, parts: Mapping[str, Sequence[object]]) -> int:
    """Return in how many datums the rows are that a problem is of: one layer's, or two ledgers'."""
    names = LEDGERS if "together" in problem.params else (problem.layer or "",)
    return max(len(parts.get(name, ())) for name in names)


def _in_turn(
    layers: Mapping[str, Layer],
    sources: Mapping[str, tuple[str, str]],
    parts: Mapping[str, Sequence[tuple[str, Mask]]],
    turn: int,
) -> tuple[dict[str, Layer], dict[str, tuple[str, str]]]:
    """Return the layers with their rows of one datum alone, and what they were read in."""
    these, read = dict(layers), dict(sources)
    for name, some in parts.items():
        if some:
            datum, rows = some[min(turn, len(some) - 1)]
            read[name] = (sources[name][0], datum)
            these[name] = layers[name] if len(some) == 1 else _only(layers[name], rows)
    return these, read


def _only(layer: Layer, rows: Mask) -> Layer:
    """Return a layer with the positions of some rows alone."""
    frame = layer.frame.copy()
    frame.loc[~rows, frame.geometry.name] = None
    return replace(layer, frame=frame)


def _by_row(problem: Problem, parts: Sequence[tuple[str, Mask]]) -> Problem:
    """Return a problem of rows that say their own datum: it is set right in their column."""
    told = problem.params.get("declared") in {datum for datum, _ in parts}
    return replace(problem, params={**problem.params, "by_row": True}) if told else problem


def _of_one_datum_each(
    layers: Mapping[str, Layer],
    said: Mapping[str, pd.DataFrame],
    sharing: pd.DataFrame,
    streets: StreetLines | None,
    sources: Mapping[str, tuple[str, str]],
    crs: str,
    *,
    degrees: Collection[str],
) -> tuple[Problem, ...]:
    """Return what is told of layers each of which was read in one datum."""
    declared = {name: datum for name, (_, datum) in sources.items()}
    osm = ".osm" in sources.get("streets", ("", ""))[0].lower()
    fixed = frozenset({"streets"} if osm else ())
    bonds = [*_within_areas(layers), *_streets_beside(layers, streets)]
    ledgers = {*degrees} & {*LEDGERS}
    apart = suspected(bonds, declared, crs, fixed, agreed=bool(fixed or ledgers))
    links = [*members(layers, said), *_served(layers, sharing)]
    sure = frozenset(pair[1] for pair in apart.agreed if pair[0] in fixed)
    crowd, typed = _crowd(layers, links), _typed(sources)
    rows = paired(links, declared, crs, typed, sure, crowd)
    known = {one.layer for one in rows.suspicions} | {one.layer for one in rows.mixtures}
    # of two that disagree the rows have told which
    more = [one for one in apart.suspicions if not known & {one.layer, one.other}]
    told = [*rows.suspicions, *more]
    outlined = {link.layer for link in links if link.other == "units"}
    agreed = (*rows.agreed, *apart.agreed)
    problems = [
        _problem(one, *sources[one.layer], instead_of(one, declared, typed, agreed, outlined))
        for one in told
    ]
    problems += [_mixture(one, layers, *sources[one.layer]) for one in rows.mixtures]
    problems += [rows.off.told(sources["units"][0])] if rows.off is not None else []
    halves = Halves(
        layers, links, partial(_served, sharing=sharing), declared, crs, typed, sure, crowd
    )
    bare = _bare(layers, said, sharing, links)
    found = Known(ledgers, problems, agreed, links, rows.held, halves.unseen, bare)
    return (*problems, *notes(layers, sources, found, beside=bool(streets)))


def _typed(sources: Mapping[str, tuple[str, str]]) -> frozenset[str]:
    """Return the layers whose datum a person typed: tables, and what was read as shifted."""
    return frozenset(
        name
        for name, (file, datum) in sources.items()
        if datum in _SHIFTED or file.lower().endswith(_TABLES)
    )


def _bare(
    layers: Mapping[str, Layer],
    said: Mapping[str, pd.DataFrame],
    sharing: pd.DataFrame,
    links: Sequence[Link],
) -> dict[str, Mask]:
    """Return the rows of each ledger that say no unit of known outline, and that no record names.

    Of larger ledgers not all rows are linked: those that say a unit are taken to be as the others.
    """
    found = {}
    for name, key in zip(LEDGERS, ("facility", "residential"), strict=True):
        tied = (frame := layers[name].frame).index.isin(sharing[key])
        own = [link for link in links if link.layer == name]
        for link in own:
            tied[link.rows] = True
        if any(link.other == "units" for link in own) and len(frame) > SAMPLE:
            tied |= said[name][["unit", "community"]].notna().any(axis=1).to_numpy()
        found[name] = ~tied
    return found


def _mixture(one: Mixture, layers: Mapping[str, Layer], file: str, declared: str) -> Problem:
    frame, sent, rows = layers[one.layer].frame, one.sent, list(one.rows)
    words: dict[str, Any] = {"total": one.total, "datum": one.datum, "key": one.datum}
    if sent is not None:  # all of theirs
        rows = np.flatnonzero(frame["unit"].isin(sent.towns) & layers[one.layer].located).tolist()
        names = layers["units"].frame["name"] if "units" in layers else {}
        words["towns"] = [str(names.get(code, code)) for code in sent.towns]
        words |= {"come": sent.come, "left": sent.left, "before": sent.before, "met": sent.met}
    words |= {"declared": declared, "target": one.other, "count": len(rows)}
    words["rows"] = [str(frame.index[row]) for row in rows]
    words |= {"offset_m": round(one.offset_m, -1), "names": words["rows"][:_NAMES_SHOWN]}
    code = ProblemCode.DATUM_MIXED if one.sure else ProblemCode.DATUM_ASKED
    return Problem(code, Severity.WARNING, words, layer=one.layer, file=file)


def _problem(one: Suspicion, file: str, declared: str, instead: str | None) -> Problem:
    words: dict[str, Any] = {"datum": one.datum, "declared": declared, "key": one.datum}
    words |= {"target": one.other, "offset_m": round(one.offset_m, -1), "total": one.total}
    words |= {"before": one.before, "count": one.count}
    words |= {} if instead is None else {"instead": instead}
    return Problem(ProblemCode.DATUM_SUSPECTED, Severity.WARNING, words, layer=one.layer, file=file)


def _crowd(layers: Mapping[str, Layer], links: Sequence[Link]) -> Crowd | None:
    """Return the places of homes and facilities, with the unit of each; None: of none is it known.

    Where rows lie in units of known outline, those rows: what else is known of them goes along.
    """
    held = {link.layer: link.rows for link in links if link.other == "units"}
    rows, points, units = {}, {}, {}
    for name in ("residential", "facilities"):
        xy = positions(layers[name])
        known = np.flatnonzero(np.isfinite(xy).all(axis=1))
        rows[name] = held.get(name, evenly(known))
        points[name] = xy[rows[name]]
        units[name] = layers[name].frame["unit"].to_numpy(dtype=object)[rows[name]]
    return Crowd(rows, points, units) if any(map(len, rows.values())) else None


def _served(layers: Mapping[str, Layer], sharing: pd.DataFrame) -> Iterator[Link]:
    """Yield the links of places that name an area: in a record, or in their own name."""
    areas = layers["residential"].frame.geometry
    areas = areas[layers["residential"].located]
    for name in ("gates", "buildings"):
        if name in layers:
            owners = layers[name].frame["residential"]
            targets = {row: areas[one] for row, one in enumerate(owners) if one in areas.index}
            yield from linked(name, "residential", positions(layers[name]), targets)
    facilities = layers["facilities"].frame
    position = {key: row for row, key in enumerate(facilities.index)}
    served: dict[int, list[Any]] = {}
    for facility, area in zip(sharing["facility"], sharing["residential"], strict=True):
        if area in areas.index:
            served.setdefault(position[facility], []).append(areas[area])
    targets = {row: shapely.GeometryCollection(shapes) for row, shapes in served.items()}
    yield from linked("facilities", "residential", positions(layers["facilities"]), targets)
    yield from linked(
        "facilities", "residential", positions(layers["facilities"]), _namesakes(layers)
    )


def _namesakes(layers: Mapping[str, Layer]) -> dict[int, Any]:
    """Return facility's row → shape of the one area whose name the facility's name holds."""
    areas = layers["residential"].frame
    shapes: dict[str, Any] = {}
    for name, shape in zip(areas["name"], areas.geometry, strict=True):
        key = fold(name)
        if _SHORTEST_NAME <= len(key) <= _LONGEST_NAME:
            shapes[key] = None if key in shapes else shape
    names = layers["facilities"].frame["name"]
    found: dict[int, Any] = {}
    for row in evenly(np.arange(len(names)), 10 * SAMPLE):
        text = fold(names.iloc[row])
        for length in range(min(_LONGEST_NAME, len(text)), _SHORTEST_NAME - 1, -1):
            parts = (text[at : at + length] for at in range(len(text) - length + 1))
            hit = next((part for part in parts if part in shapes), None)
            if hit is not None:
                if shapes[hit] is not None:
                    found[int(row)] = shapes[hit]
                break
    return found


def _outlines(layer: Layer) -> NDArray[np.object_] | None:
    """Return the outlines of a layer that mostly has outlines, else None."""
    shapes = layer.frame.geometry[layer.located].to_numpy()
    outlines = shapes[shapely.get_dimensions(shapes) == 2]  # noqa: PLR2004 - areas
    return outlines if len(shapes) and len(outlines) >= _OUTLINES * len(shapes) else None


def _within_areas(layers: Mapping[str, Layer]) -> Iterator[Bond]:
    """Yield the bond of facilities that stand in a residential area, whichever."""
    outlines = _outlines(layers["residential"])
    xy = positions(layers["facilities"])
    rows = evenly(np.flatnonzero(np.isfinite(xy).all(axis=1)))
    if outlines is None or not len(rows):
        return
    tree = STRtree(outlines)
    hull = shapely.convex_hull(shapely.multipoints(shapely.get_coordinates(outlines)))
    shapely.prepare(hull)

    def fits(points: Floats) -> tuple[Mask, Mask]:
        shapes = shapely.points(points)
        return _any(tree, shapes, _IN_M), shapely.intersects(hull, shapes)

    yield Bond("facilities", "residential", xy[rows], fits)


def _streets_beside(layers: Mapping[str, Layer], streets: StreetLines | None) -> Iterator[Bond]:
    """Yield the bonds of streets: main roads run round areas, and no street through a building."""
    if streets is None or not len(streets):
        return
    for name in ("residential", "buildings"):
        outlines = _outlines(layers[name]) if name in layers else None
        if outlines is None:
            continue
        reach = _BESIDE_M if name == "residential" else AT_M
        tree = STRtree(outlines)
        shapely.prepare(outlines)
        points = _street_points(streets, tree, reach, main=name == "residential")
        if len(points):
            yield Bond("streets", name, points, _clear(tree, reach), least=0.1)


def _clear(tree: STRtree, reach: float) -> Callable[[Floats], tuple[Mask, Mask]]:
    """Return the test whether a point beside the shapes of a tree is in none of them."""

    def fits(points: Floats) -> tuple[Mask, Mask]:
        shapes = shapely.points(points)
        inside = _any(tree, shapes)
        beside = inside.copy()  # what is in one is beside it, and need not be measured
        beside[~inside] = _any(tree, shapes[~inside], reach)
        return ~inside, beside

    return fits


def _any(tree: STRtree, shapes: NDArray[np.object_], reach: float = 0.0) -> Mask:
    """Return which shapes have one of the tree within reach, inclusive."""
    hit = np.zeros(len(shapes), dtype=bool)
    if reach:
        row = tree.query(shapes, predicate="dwithin", distance=reach)[0]
    else:  # a tree prepares what it is asked with; here what it holds is asked again and again
        row, held = tree.query(shapes)
        row = row[shapely.intersects(tree.geometries[held], shapes[row])]
    hit[row] = True
    return hit


def _in_one_square(points: Floats, tree: STRtree, far_m: float) -> Mask:
    """Return which points surely have a shape of a tree within reach: a vertex in their square."""
    corners = shapely.get_coordinates(tree.geometries)
    both = np.floor(np.concatenate([corners, points]) * (1.5 / far_m))  # its diagonal is shorter
    both -= both.min(axis=0)
    square = both[:, 0] * (both[:, 1].max() + 1) + both[:, 1]  # whole numbers, exact as they are
    return np.asarray(np.isin(square[len(corners) :], square[: len(corners)]), dtype=bool)


def _street_points(streets: StreetLines, tree: STRtree, reach: float, *, main: bool) -> Floats:
    """Return points spread evenly along the streets beside the shapes of a tree.

    Main roads only where the streets are told apart: lanes run through residential areas.
    """
    which, kinds = pd.factorize(streets.tags["highway"])
    mains = [str(kind).removesuffix("_link") in _MAIN for kind in kinds]
    wanted = np.array([*mains, False], dtype=bool)[which]  # a street of no kind, -1, is the last
    if not main or not wanted.any():
        wanted = np.ones(len(streets), dtype=bool)
    first = np.ones(len(streets.way_vertex), dtype=bool)
    first[-1] = False
    first[streets.way_start[1:-1] - 1] = False  # a way's last vertex begins no segment
    way = np.repeat(np.arange(len(streets)), np.diff(streets.way_start))
    at = np.flatnonzero(first & wanted[way])
    tail = streets.vertex_xy[streets.way_vertex[at]]
    head = streets.vertex_xy[streets.way_vertex[at + 1]]
    length = np.hypot(*(head - tail).T)
    total = float(length.sum())
    if not total:
        return np.empty((0, 2))
    ends = np.cumsum(length)
    along = np.linspace(0, total, min(20_000, int(total / 20) + 1), endpoint=False)
    segment = np.minimum(np.searchsorted(ends, along, side="right"), len(at) - 1)
    part = (along - (ends[segment] - length[segment])) / np.maximum(length[segment], 1e-9)
    points: Floats = tail[segment] + part[:, None] * (head[segment] - tail[segment])
    # so far out every area is near: the nearest one tells
    far = reach + 1700.0
    near = _in_one_square(points, tree, far)
    rest = np.flatnonzero(~near)
    asked = {"max_distance": far, "all_matches": False}
    near[rest[tree.query_nearest(shapely.points(points[rest]), **asked)[0]]] = True
    rows = evenly(np.flatnonzero(near), _STREET_SAMPLE)
    chosen: Floats = points[rows]
    return chosen
