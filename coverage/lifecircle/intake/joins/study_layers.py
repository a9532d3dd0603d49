"""Layers of a study, joined: units first, then what lies in them, then what belongs to an area."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from lifecircle.intake.joins.code_lists import with_code_list, with_written_units
from lifecircle.intake.joins.elders import apportion_elders
from lifecircle.intake.joins.named_units import with_named_units
from lifecircle.intake.joins.places.contradicted import without_contradicted
from lifecircle.intake.joins.references import IdIndex, owned
from lifecircle.intake.joins.said_units import said_units
from lifecircle.intake.joins.units import UnitIndex
from lifecircle.intake.layers import Settled, as_layer
from lifecircle.intake.ledger.rows import texts
from lifecircle.intake.ledger.values import UNKNOWN_PASSAGE
from lifecircle.intake.positions.of_sites import lent_positions, marked, without_told
from lifecircle.intake.positions.seats import with_seats
from lifecircle.model.cell import is_no
from lifecircle.model.dictionary import unread
from lifecircle.model.gazetteer import lies_elsewhere, own_digits
from lifecircle.model.problem import ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from lifecircle.intake.ledger.rows import Ledger
    from lifecircle.intake.log import StudyLog
    from lifecircle.model.inputs.layers import Layer
    from lifecircle.model.inputs.study import Study
    from lifecircle.model.problem import Problem

__all__ = ["join_layers", "with_unclear_gates"]

_FAR_FROM_OUTLINE_M, _FAR_FROM_POINT_M = 200.0, 1000.0
"""How far a gate can stand from its area: a gate is on the outline, a point is the middle."""
_ESTATE_M = 300.0
"""How far from the point of an estate a gate that names nobody may be its own."""


def join_layers(
    settled: Mapping[str, Settled], crs: str, log: StudyLog
) -> tuple[dict[str, Layer], UnitIndex, dict[str, Settled]]:
    """Return the layers with units, settings, elders and owners filled in, and the units' index.

    ``settled``: rows and shapes in ``crs``; residential areas among them. It comes back without
    areas of other counties. What is found and used goes to the log.
    """
    settled = dict(settled)
    layers: dict[str, Layer] = {}
    if "units" in settled:
        layers["units"] = _finished("units", settled["units"], _seated(settled, crs, log), crs, log)
    if (complete := with_code_list(layers.get("units"), crs, log)) is not None:
        layers["units"] = complete
    county = _county_of(layers.get("units"), log.file.heading.county)
    listed = UnitIndex(layers.get("units"), log.file.aliases.units, county)
    naming = [settled[name].ledger for name in ("residential", "facilities") if name in settled]
    own = layers.get("units")
    if (written_too := with_written_units(own, listed, naming, crs, log)) is not None:
        layers["units"] = written_too
    units = UnitIndex(layers.get("units"), log.file.aliases.units, county)
    for written in listed.unknown_aliases():
        meant = log.file.aliases.units[written]
        log.say(ProblemCode.ALIAS_UNKNOWN, Severity.WARNING, value=meant, key=written)
    settled, found = without_contradicted(settled, units, log.file.aliases.residential)
    log.problems += found
    for name in ("residential", "facilities", "candidates"):
        if name in settled:
            # a unit that the list lacks may be a slip: it does not say where a row is
            settled[name], frame = _told(name, settled[name], listed, log, outlined=units.outlined)
            if name == "residential":
                settled[name], frame = _of_the_county(settled[name], frame, listed, log)
            layers[name] = _finished(name, settled[name], frame, crs, log)
    for name in ("gates", "buildings"):
        if name in settled:
            part, frame = _owned(name, settled[name], layers["residential"], log)
            layers[name] = _finished(name, part, frame, crs, log)
    return layers, units, settled


def _county_of(units: Layer | None, county: str) -> str:
    """Return the study's county; blank where none of the units is of it: it is mistyped, rather."""
    if units is None:
        return county
    return county if units.frame.index.str.startswith(own_digits(county)).any() else ""


def _of_the_county(
    part: Settled, frame: pd.DataFrame, units: UnitIndex, log: StudyLog
) -> tuple[Settled, pd.DataFrame]:
    """Return areas without those whose code or name is another county's: no rate is about them.

    By what the ledger writes: a place may lie over a line that is drawn roughly. Where all are
    another's, or no list of units and no row speaks of the county, it is mistyped, rather, and that
    is said (``COUNTY_OF_NONE``).
    """
    said, county = said_units(part.ledger.frame, units), units.county
    elsewhere = [
        lies_elsewhere(unit, home, county)
        for unit, home in zip(said["unit"], said["community"], strict=True)
    ]
    beyond = np.array([one is True for one in elsewhere], dtype=bool)
    spoken_of = units.frame is not None or False in elsewhere
    if not county or not spoken_of or beyond.all():
        return part, frame
    for row in np.flatnonzero(beyond).tolist():
        at = "unit" if part.ledger.frame["unit"].iloc[row] is not None else "community"
        name = str(frame["name"].iloc[row])
        log.problems.append(
            part.ledger.problem(ProblemCode.AREA_OVER_LINE, Severity.WARNING, row, at, name=name)
        )
    return part.without(beyond), frame[~beyond]


def _finished(name: str, part: Settled, frame: pd.DataFrame, crs: str, log: StudyLog) -> Layer:
    log.count(name, part.ledger)
    return as_layer(name, frame, part.shapes, crs)


def _seated(settled: Mapping[str, Settled], crs: str, log: StudyLog) -> pd.DataFrame:
    """Return the units' frame with the places of their seats."""
    ledger, options = settled["units"].ledger, log.file.layers.units
    if options is None:
        return ledger.frame
    frame, found = with_seats(ledger, options, crs)
    log.problems += found
    return frame


def _told(
    name: str, part: Settled, units: UnitIndex, log: StudyLog, *, outlined: bool
) -> tuple[Settled, pd.DataFrame]:
    """Return a layer's rows and its frame as :func:`_located`; facilities where their sites are."""
    frame, found = _located(name, part, units, log, outlined=outlined)
    if name == "facilities":
        part, frame, found = _at_sites(part, (frame, found), units, log, outlined=outlined)
    log.problems += found
    return part, frame


def _located(
    name: str, part: Settled, units: UnitIndex, log: StudyLog, *, outlined: bool
) -> tuple[pd.DataFrame, tuple[Problem, ...]]:
    """Return a layer's frame with its units as codes; of areas also setting and elders.

    ``outlined``: whether what stands in no unit is outside the county.
    """
    frame, problems = units.place(part.ledger, list(part.shapes))
    frame, found = with_named_units(part.ledger, frame, list(part.shapes), units)
    problems += found
    if name == "facilities":  # of no unit, and known to be: it stands where no unit is
        placed = np.array([shape is not None for shape in part.shapes], dtype=bool)
        frame["beyond_units"] = placed & frame["unit"].isna().to_numpy() & outlined
        near = _near_units(part, units, log.file.parameters.positional_error_m)
        frame["near_units"] = texts(near, frame.index)
    if name == "residential":
        told = (frame["setting"], frame["community"], frame[unread("setting")])
        settings = [
            own if own or lost else units.setting(code)
            for own, code, lost in zip(*told, strict=True)
        ]
        frame["setting"] = texts(settings, frame.index)
        language = log.file.heading.language
        frame, found = apportion_elders(frame, units.frame, part.ledger, language)
        problems += found
    return frame, problems


def _at_sites(
    part: Settled,
    located: tuple[pd.DataFrame, tuple[Problem, ...]],
    units: UnitIndex,
    log: StudyLog,
    *,
    outlined: bool,
) -> tuple[Settled, pd.DataFrame, tuple[Problem, ...]]:
    """Return facilities with the positions that rows without one have by their sites.

    ``located``: the frame as it is without them, and what is to be said of it.
    """
    frame, found = located
    shapes, taken, told = lent_positions(part.ledger, frame, part.shapes, outlined=units.outlined)
    if not taken:
        return part, frame, (*found, *told)
    log.problems[:] = without_told(log.problems, part.ledger, taken)
    part, before = Settled(part.ledger, shapes), frame
    frame, found = _located("facilities", part, units, log, outlined=outlined)
    return part, marked(frame, before, taken), (*found, *told)


def _near_units(part: Settled, units: UnitIndex, error_m: float) -> list[str | None]:
    """Return for each row the codes of the units that begin within ``error_m``, None: of none.

    Of rows that are in a unit by their position alone: what says its unit is not moved by an error
    of the position.
    """
    lands = units.territories()
    said = part.ledger.frame[["unit", "community"]].notna().any(axis=1).to_numpy()
    asked = np.flatnonzero(~said & np.array([one is not None for one in part.shapes], dtype=bool))
    found: list[list[str]] = [[] for _ in part.shapes]
    if lands and len(asked):
        codes, tree = list(lands), shapely.STRtree(list(lands.values()))
        points = shapely.point_on_surface(np.array(part.shapes, dtype=object)[asked])
        rows, near = tree.query(points, predicate="dwithin", distance=error_m)
        for row, unit in zip(rows.tolist(), near.tolist(), strict=True):
            if not shapely.intersects(lands[codes[unit]], points[row]):
                found[asked[row]].append(codes[unit])
    return [" ".join(sorted(codes)) or None for codes in found]


def _owned(
    name: str, part: Settled, residential: Layer, log: StudyLog
) -> tuple[Settled, pd.DataFrame]:
    """Return gates or buildings with the area each belongs to; a gate of nobody is no gate.

    ``open_unknown`` of a gate: whether its ``open`` is a word that nobody knows.
    """
    aliases = log.file.aliases.residential
    owners, found = owned(part.ledger, part.shapes, residential, aliases)
    if name == "gates":
        names, tolerance = IdIndex(residential.frame, aliases), log.file.parameters.own_tolerance_m
        stood_at = _stood_at(part.shapes, residential, tolerance)
        found = _by_where_they_stand(part.ledger, owners, stood_at, names, found)
    log.problems += found
    frame = part.ledger.frame.assign(residential=texts(owners, part.ledger.frame.index))
    if name != "gates":
        return part, frame
    unknown = frame["open"].eq(UNKNOWN_PASSAGE)
    far, told = _far_gates(part, owners, residential)
    log.problems += told
    unknown |= far & frame["open"].ne(False)  # noqa: FBT003 - a shut one stays shut
    frame = frame.assign(open=frame["open"].mask(unknown, None), open_unknown=unknown)
    lost = frame["residential"].isna().to_numpy()
    return part.without(lost), frame[~lost]


def _by_where_they_stand(
    ledger: Ledger,
    owners: NDArray[np.object_],
    stood_at: list[list[str]],
    names: IdIndex,
    found: tuple[Problem, ...],
) -> tuple[Problem, ...]:
    """Enter the owners of gates that name several areas and stand at one of these; return the rest.

    Of problems those that are left, and how the name is read. The id of a row that may be another
    again is no such name: the two stand in one place.
    """
    read: dict[tuple[object, ...], Problem] = {}
    for row, (cell, at) in enumerate(zip(ledger.frame["residential"], stood_at, strict=True)):
        if cell is None or owners[row] is not None:
            continue
        keys, fits = names.perhaps(cell)
        here = sorted({*keys} & {*at}) if fits and all(map(names.single, keys)) else []
        if len(here) == 1:
            owners[row] = here[0]
            said = {"read": names.called(here[0]), "target": "residential", "table": "residential"}
            code, severity = ProblemCode.NAME_READ_AS, Severity.INFO
            told = ledger.problem(code, severity, row, "residential", **said)
            read[told.file, told.sheet, told.row] = replace(told, value=cell)
    kept = [
        one
        for one in found
        if one.code is not ProblemCode.REFERENCE_UNKNOWN
        or (one.file, one.sheet, one.row) not in read
    ]
    return (*kept, *read.values())


def with_unclear_gates(
    study: Study, ledger: Ledger | None, part: Settled | None, aliases: Mapping[str, str]
) -> Study:
    """Return a study with what its gates without a place or a known area may be.

    ``gates_somewhere``, ``gates_shut``, ``gates_perhaps_shut``, and perhaps each area's those that
    stand at it; all are told row by row.

    Parameters
    ----------
    ledger, part
        The gates as read, and those of known place; None: no layer of gates.
    """
    if ledger is None or part is None or study.gates is None:
        return study
    names = IdIndex(study.residential.frame, aliases)
    somewhere, shut, perhaps = _gates_somewhere(ledger, part, names, study.gates)
    gates, closed = _gates_beside(study.gates, part, study, names)
    return replace(
        study,
        gates=gates,
        gates_somewhere=tuple(sorted(somewhere)),
        gates_shut=tuple(sorted(shut)),
        gates_perhaps_shut=tuple(sorted(perhaps | closed)),
    )


def _gates_beside(
    gates: Layer, part: Settled, study: Study, names: IdIndex
) -> tuple[Layer, set[str]]:
    """Return gates with those whose area nobody knows, as perhaps each area's that they stand at.

    In it or within the own-tolerance of its outline; of no such, within 300 m of its point. Nobody
    knows whether people leave there; where one is shut, they do not, and the areas of which it may
    be the only gate come second.
    """
    tolerance = study.parameters.own_tolerance_m
    frame, stood_at = part.ledger.frame, _stood_at(part.shapes, study.residential, tolerance)
    rows, owners, shut = [], [], set[str]()
    for row, (cell, passage) in enumerate(zip(frame["residential"], frame["open"], strict=True)):
        if frame.index[row] in gates.frame.index or (cell is not None and names.perhaps(cell)[0]):
            continue
        if is_no(passage):
            shut |= {*stood_at[row]}
            continue
        rows += [row] * len(stood_at[row])
        owners += stood_at[row]
    if not rows:
        return gates, shut
    beside = frame.iloc[rows].assign(residential=owners, open=None, open_unknown=True, unowned=True)
    beside.index = [f"{key}@{owner}" for key, owner in zip(beside.index, owners, strict=True)]
    more = as_layer("gates", beside.rename_axis("id"), part.shapes[rows], str(gates.frame.crs))
    return replace(gates, frame=pd.concat([gates.frame, more.frame])), shut


def _stood_at(
    shapes: NDArray[np.object_], residential: Layer, tolerance_m: float
) -> list[list[str]]:
    """Return for each gate the areas that it stands at; none of one without a place."""
    areas = residential.frame[residential.located]
    tree = shapely.STRtree(areas.geometry.to_numpy())
    points = areas.geom_type.eq("Point").to_numpy()
    limits = ((False, tolerance_m), (True, _ESTATE_M))
    found: list[list[str]] = []
    for shape in shapes:
        within = {
            point: [n for n in tree.query(shape, "dwithin", limit).tolist() if points[n] == point]
            for point, limit in limits
            if shape is not None
        }
        at = within.get(False) or within.get(True) or ()
        found.append([str(areas.index[n]) for n in sorted(at)])
    return found


def _gates_somewhere(
    ledger: Ledger, part: Settled, names: IdIndex, gates: Layer
) -> tuple[set[str], set[str], set[str]]:
    """Return the areas that have, or may have, a gate of unknown place.

    Of a gate without a position the area it names, and every area that an unclear name may mean:
    of gates that may be open; then those that a shut one is of, and those that it may be of.
    """
    somewhere, shut, perhaps = set[str](), set[str](), set[str]()
    for row, cell, passage in zip(
        ledger.frame.index, ledger.frame["residential"], ledger.frame["open"], strict=True
    ):
        if cell is None or row in gates.frame.index:
            continue
        likely = names.likely(cell)
        key = names.find(cell) or (None if likely is None else likely.key)
        if key is None:
            (perhaps if is_no(passage) else somewhere).update(names.perhaps(cell)[0])
        elif row not in part.ledger.frame.index:
            (shut if is_no(passage) else somewhere).add(key)
    return somewhere, shut, perhaps


def _far_gates(
    part: Settled, owners: NDArray[np.object_], residential: Layer
) -> tuple[NDArray[np.bool_], tuple[Problem, ...]]:
    """Return which gates cannot be their area's by where they stand, and a warning for each."""
    areas = residential.frame[residential.located]
    far, problems = np.zeros(len(part.shapes), dtype=bool), []
    for row, (owner, shape) in enumerate(zip(owners, part.shapes, strict=True)):
        if owner is None or shape is None or owner not in areas.index:
            continue
        outline = areas.geometry[owner]
        distance = float(shapely.distance(shape, outline))
        if distance > (_FAR_FROM_POINT_M if outline.geom_type == "Point" else _FAR_FROM_OUTLINE_M):
            far[row] = True
            named = {"area": areas["name"][owner], "distance_m": distance}
            code = ProblemCode.GATE_FAR
            problems.append(part.ledger.problem(code, Severity.WARNING, row, "lon", **named))
    return far, tuple(problems)
