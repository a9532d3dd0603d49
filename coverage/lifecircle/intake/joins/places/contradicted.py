"""Points that what the study holds besides contradicts: one digit wrong, and 50 km off.

A row says where it belongs in other cells too: a record names the areas that rooms serve, a cell
the street or town. Where the two lie farther apart than any service reaches, one of them is wrong,
and the point is none to measure from. A row that lies alone contradicts nothing: half a list has
such rows, and they are right.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from lifecircle.intake.joins.places.pool import LAYERS, Pool, Tie
from lifecircle.intake.joins.places.slipped import slipped
from lifecircle.intake.joins.references import IdIndex
from lifecircle.intake.joins.said_units import said_units
from lifecircle.intake.joins.served import record_parts
from lifecircle.intake.layers import Settled
from lifecircle.intake.ledger.rows import texts
from lifecircle.intake.said_against import confirmed_places
from lifecircle.model.gazetteer import unit_level
from lifecircle.model.inputs.layers import NEAR_AS_READ
from lifecircle.model.problem import Problem, ProblemCode, Severity, lost_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from lifecircle.intake.joins.units import UnitIndex

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

__all__ = ["without_contradicted"]

_APART_M, _TOGETHER_M = 20_000.0, 10_000.0
"""Farther than any service for those who live around reaches, and than a town is wide; and near
enough for a wrong digit to be no explanation: a row that belongs to what lies so is right."""
_WIDE = frozenset({"county_centre", "regional_centre", "nursing_institution", "family_bed"})
"""Kinds that may serve a whole county, or several towns, from where they are."""
_PAIR = 2
_FEW = 0.1
"""Share of the rows far from their town at most: more are a county of the west, where towns are
wide, or outlines that lie wrong."""
_NEAR_M = 1000.0
"""How near an area may have to do with a facility, if the position is right all the same."""


def without_contradicted(
    settled: Mapping[str, Settled], units: UnitIndex, aliases: Mapping[str, str]
) -> tuple[dict[str, Settled], tuple[Problem, ...]]:
    """Return the layers without the points that something else in the study contradicts.

    Parameters
    ----------
    settled
        Layer → its rows and shapes in projected metres; residential areas among them.
    units
        The units, with their outlines where they have any.
    aliases
        The study's names for residential areas.

    Notes
    -----
    Of a record one end is wrong, or the record: a row that lies by something else that it belongs
    to is right, of two that do not the one that lies alone is wrong, else neither is known. A row
    far from its unit is wrong unless its record says that it lies right. What is drawn as an
    outline was drawn by somebody who knew where, and a remark (坐标已核实) may confirm a point.
    """
    settled = dict(settled)
    if not all(name in settled for name in LAYERS):
        return settled, ()
    pool = Pool.of(settled)
    known = np.flatnonzero([shape is not None for shape in pool.shapes])
    if not len(known):
        return settled, ()
    wrong = _slips(pool, units, aliases)
    bounds = shapely.total_bounds(pool.shapes[known])
    if np.hypot(*(bounds[2:] - bounds[:2])) > _APART_M:
        records = _recorded(pool, aliases)
        of_units = [*_outlined(pool, units), *_in_company(pool, units)]
        held = _held(pool, [*records, *of_units])
        wrong |= {tie.row: tie for tie in reversed(of_units) if _far(tie) and not held[tie.row]}
        wrong |= {tie.row: tie for tie in reversed(_suspects(pool, records, held))}
    problems = [_problem(pool, tie, units) for _, tie in sorted(wrong.items())]
    for part, name in enumerate(LAYERS):
        shapes = settled[name].shapes.copy()
        shapes[[at for one, at in map(pool.at, wrong) if one == part]] = None
        settled[name] = Settled(settled[name].ledger, shapes)
    if wrong:
        settled["facilities"] = _as_read(pool, settled["facilities"], {*wrong})
    return settled, tuple(problems)


def _slips(pool: Pool, units: UnitIndex, aliases: Mapping[str, str]) -> dict[int, Tie]:
    """Return the rows some kilometres from their unit that nothing says to be right."""

    @cache
    def records() -> dict[int, float]:
        nearest: dict[int, float] = {}
        for tie in _recorded(pool, aliases):
            nearest[tie.row] = min(tie.distance, nearest.get(tie.row, np.inf))
        return nearest

    def by_record(row: int, metres: float) -> bool:
        return records().get(row, np.inf) <= metres

    confirmed = np.concatenate([confirmed_places(part.ledger) for part in pool.parts])
    return {tie.row: tie for tie in slipped(pool, units, by_record) if not confirmed[tie.row]}


def _as_read(pool: Pool, facilities: Settled, wrong: set[int]) -> Settled:
    """Return the facilities with the areas near which they lie if what is contradicted is right."""
    told: list[str | None] = [None] * len(facilities.shapes)
    areas = [row for row in range(pool.first) if pool.shapes[row] is not None]
    astray = [row for row in areas if row in wrong]
    frame = pool.parts[0].ledger.frame
    for at, shape in enumerate(pool.parts[1].shapes):
        own = at + pool.first in wrong
        asked = areas if own else astray
        near = () if shape is None else shapely.dwithin(pool.shapes[asked], shape, _NEAR_M)
        named = [str(frame.index[row]) for row, fits in zip(asked, near, strict=False) if fits]
        if own or named:
            told[at] = json.dumps(named, ensure_ascii=False)
    marked = facilities.ledger.frame
    marked = marked.assign(**{NEAR_AS_READ: texts(told, marked.index)})
    return Settled(replace(facilities.ledger, frame=marked), facilities.shapes)


def _far(tie: Tie) -> bool:
    return tie.distance > _APART_M


def _held(pool: Pool, ties: Sequence[Tie]) -> Mask:
    """Return which rows lie where they belong by something, or are known to lie right."""
    held = np.array([s is not None and s.geom_type != "Point" for s in pool.shapes], dtype=bool)
    held |= np.concatenate([confirmed_places(part.ledger) for part in pool.parts])
    held[[tie.row for tie in ties if tie.distance <= _TOGETHER_M]] = True
    return held


def _recorded(pool: Pool, aliases: Mapping[str, str]) -> list[Tie]:
    """Return what records say, of both ends; nothing of those that may serve a whole county."""
    areas, facilities = (part.ledger for part in pool.parts)
    names = IdIndex(areas.frame, aliases)
    row_of = {str(key): row for row, key in enumerate(areas.frame.index)}
    ties: list[Tie] = []
    cells = zip(facilities.frame["serves"], facilities.frame["kinds"], strict=True)
    for at, (cell, own) in enumerate(cells):
        room = at + pool.first
        if cell is None or pool.shapes[room] is None:
            continue
        parts, _, _ = record_parts(cell, names, facilities, at, None, cut=False)
        found = {names.find(name) for name, _ in parts}
        named = sorted(row_of[key] for key in found if key is not None)
        ties += _ends(pool, room, named, wide=not _WIDE.isdisjoint(own or ()))
    return ties


def _ends(pool: Pool, room: int, named: Sequence[int], *, wide: bool) -> list[Tie]:
    """Return how far a facility is from the areas of its record, and they from it.

    ``wide``: it may serve far ones. So does one that names several far from each other.
    """
    there = [row for row in named if pool.shapes[row] is not None]
    apart = np.atleast_1d(shapely.distance(pool.shapes[room], pool.shapes[there]))
    far = [row for row, metres in zip(there, apart, strict=True) if metres > _APART_M]
    skipped = {*far} if wide or _strewn(pool, far) else set()
    ties: list[Tie] = []
    for row, metres in zip(there, apart.tolist(), strict=True):
        if row not in skipped:
            ties += (Tie(room, metres, row), Tie(row, metres, room))
    return ties


def _strewn(pool: Pool, rows: Sequence[int]) -> bool:
    """Return whether some areas lie as far from each other: then no one place serves them."""
    shapes = [pool.shapes[row] for row in rows]
    return any(shapely.distance(one, other) > _APART_M for one, other in combinations(shapes, 2))


def _suspects(pool: Pool, records: Sequence[Tie], held: Mask) -> list[Tie]:
    """Return the records whose row may lie wrong, since the other end lies far away."""
    far = {(tie.row, tie.other): tie for tie in records if _far(tie)}
    alone: dict[int, bool] = {}
    found = []
    for (row, other), tie in far.items():
        if held[row] or other is None:
            continue
        for one, beside in () if held[other] else ((row, other), (other, row)):
            if one not in alone:
                alone[one] = _alone(pool, one, beside)
        if held[other] or alone[row] or not alone[other]:
            found.append(tie)
    return found


def _alone(pool: Pool, row: int, other: int) -> bool:
    """Return whether nothing lies around a row, but for the one beside."""
    rest = [n for n, s in enumerate(pool.shapes) if s is not None and n not in {row, other}]
    return not shapely.dwithin(pool.shapes[rest], pool.shapes[row], _APART_M).any()


def _outlined(pool: Pool, units: UnitIndex) -> list[Tie]:
    """Return how far rows lie from the outlines of the units that their cells say."""
    lands = units.territories()
    ties: list[Tie] = []
    for start, part in zip((0, pool.first), pool.parts, strict=True) if lands else ():
        said = said_units(part.ledger.frame, units)
        for at, codes in enumerate(zip(said["community"], said["unit"], strict=True)):
            code = next((one for one in codes if one in lands), None)
            shape = part.shapes[at]
            if code is not None and shape is not None:
                distance = float(shapely.distance(shape, lands[code]))
                ties.append(Tie(start + at, distance, unit=code))
    return _if_few(ties)


def _in_company(pool: Pool, units: UnitIndex) -> list[Tie]:
    """Return how far rows lie from the others whose cells say the same town."""
    towns: dict[str, list[int]] = {}
    for start, part in zip((0, pool.first), pool.parts, strict=True):
        said = said_units(part.ledger.frame, units)["unit"]
        for at, code in enumerate(said):
            if code is not None and part.shapes[at] is not None:
                towns.setdefault(code, []).append(start + at)
    ties: list[Tie] = []
    for code, rows in towns.items():
        xy = shapely.get_coordinates(shapely.point_on_surface(pool.shapes[rows]))
        away = _away(xy, np.array(rows) >= pool.first)
        ties += (Tie(row, one, unit=code) for row, one in zip(rows, away, strict=True) if one >= 0)
    return _if_few(ties)


def _away(xy: Floats, facility: Mask) -> list[float]:
    """Return how far each of a town's places is from the others; -1: nothing says where it is.

    Three that lie together say where the town is, and so do an area and a facility. Two rows of
    one ledger that lie together by themselves may have one slip in common: they are as far off as
    the nearest third one, and where as many lie together elsewhere nobody knows which are right.
    """
    if len(xy) > 1 and np.hypot(*np.ptp(xy, axis=0)) <= _TOGETHER_M:
        return [0.0] * len(xy)  # each has one within what is asked
    near, other, third = _nearest(xy)
    beside = near <= _TOGETHER_M
    two = beside & (third > _TOGETHER_M)
    two &= two[other] & (facility == facility[other])
    third = np.minimum(third, third[other])
    astray = two & (third > _APART_M)
    away = np.where(astray, third, near)
    if not (beside & ~two).any():  # no three lie together
        away[astray] = near[astray] if two.sum() == _PAIR else -1.0
    away[np.isinf(away)] = -1.0  # of two that lie apart either may be wrong, one alone is none
    return list(away.tolist())


def _nearest(xy: Floats) -> tuple[Floats, NDArray[np.intp], Floats]:
    """Return how far the nearest other of some places is from each, which, and the next: or inf."""
    found = np.full((2, len(xy)), np.inf)
    which = np.zeros(len(xy), dtype=np.intp)
    for row, spot in enumerate(xy):
        away = np.hypot(*(xy - spot).T)
        away[row] = np.inf
        which[row] = away.argmin()
        found[0, row] = away[which[row]]
        away[which[row]] = np.inf
        found[1, row] = away.min()
    return found[0], which, found[1]


def _if_few(ties: list[Tie]) -> list[Tie]:
    """Return ties to units without those far off, where these are too many to be slips."""
    far = sum(map(_far, ties))
    return ties if far <= max(1, _FEW * len(ties)) else [tie for tie in ties if not _far(tie)]


def _cell(part: Settled, at: int, code: str) -> str:
    """Return the column whose cell says a unit of a row: of its town or of its community."""
    town, local = (part.ledger.frame[name].iloc[at] for name in ("unit", "community"))
    told_there = local is not None and (local == code or unit_level(code) == "community")
    return "community" if told_there or town is None else "unit"


def _problem(pool: Pool, tie: Tie, units: UnitIndex) -> Problem:
    part, at = pool.at(tie.row)
    ledger = pool.parts[part].ledger
    called = units.name(tie.unit) if tie.other is None else pool.called(tie.other)
    told: dict[str, Any] = {"other": called, "distance_km": round(tie.distance / 1000)}
    told |= lost_of(ledger.frame.index[at], "geometry")
    code, column = ProblemCode.POSITION_CONTRADICTED, "serves"
    if tie.other is None:
        column = _cell(pool.parts[part], at, tie.unit)
    elif part == 0:
        code, column = ProblemCode.POSITION_OF_RECORD, "name"
    return ledger.problem(code, Severity.WARNING, at, column, **told)
