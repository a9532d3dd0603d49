"""What layers would be were the positions that look like another datum put where it has them.

Nothing of it is taken for true: a verdict that would come out otherwise is not known.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from lifecircle.intake.doubts.suspicion import Shifts, real_datum
from lifecircle.intake.joins.study_layers import join_layers
from lifecircle.intake.layers import Settled
from lifecircle.intake.log import StudyLog
from lifecircle.intake.positions.row_datums import parts_by_datum
from lifecircle.model.inputs.layers import AS_READ
from lifecircle.model.problem.suspected import suspects

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from lifecircle.intake.settings.file import StudyFile
    from lifecircle.model.inputs.layers import Layer
    from lifecircle.model.inputs.streets import StreetLines
    from lifecircle.model.inputs.study import Study
    from lifecircle.model.problem.suspected import Suspect

__all__ = ["with_homes"]

_BY_POSITION = ("unit", "community", "residential")
"""Columns that may have been filled in from where a row lies."""


def with_homes(study: Study, settled: Mapping[str, Settled], file: StudyFile) -> Study:
    """Return the study with what would differ were suspected positions moved.

    Layer by layer, then all together, but for those of which one is off instead of another.

    Parameters
    ----------
    study
        As it was read; its problems say what is suspected.
    settled
        Layer → its rows and shapes in the study's CRS, before they were joined.
    """
    mine = list(suspects(study.problems))
    names = list(dict.fromkeys(one.layer for one in mine))
    together = {one.layer for one in mine if one.instead_of is None}
    choices = [{name} for name in names] + ([together] if len(together) > 1 else [])
    given = {name: getattr(study, name) for name in settled}
    layers = {name: layer for name, layer in given.items() if layer is not None}
    homes = (
        _home([one for one in mine if one.layer in choice], study, settled, layers, file)
        for choice in choices
    )
    return dataclasses.replace(study, homes=tuple(homes)) if mine else study


def _home(
    some: Sequence[Suspect],
    study: Study,
    settled: Mapping[str, Settled],
    layers: Mapping[str, Layer],
    file: StudyFile,
) -> dict[str, Any]:
    """Return what differs were some suspects right."""
    moved, streets, shifts = dict(settled), study.streets, Shifts(study.crs)
    for one in some:
        if one.layer in layers:
            rows = _rows(one, layers[one.layer])
            moved[one.layer] = _moved(moved[one.layer], rows, one, shifts)
        elif one.layer == "streets" and streets is not None:
            streets = _streets(streets, one, shifts)
    found = _differing(moved, layers, file, study.crs)
    return found if streets is study.streets else {**found, "streets": streets}


def _rows(one: Suspect, layer: Layer) -> set[str]:
    """Return the ids of the rows that are suspected; of a whole layer those of the datum."""
    if one.rows is not None:
        return {*one.rows}
    frame = layer.frame
    for datum, mask in parts_by_datum(frame, one.declared):
        if real_datum(datum) == real_datum(one.declared):
            return {*frame.index[mask]}
    return {*frame.index}


def _moved(part: Settled, rows: set[str], one: Suspect, shifts: Shifts) -> Settled:
    ids = part.ledger.frame.index
    at = np.flatnonzero([key in rows for key in ids] & ~shapely.is_missing(part.shapes))
    shapes = part.shapes.copy()
    shapes[at] = _shifted(shapes[at], one, shifts)
    return Settled(part.ledger, shapes)


def _shifted(shapes: Any, one: Suspect, shifts: Shifts) -> Any:
    read = real_datum(one.declared)

    def there(points: NDArray[np.float64]) -> NDArray[np.float64]:
        moved: NDArray[np.float64] = points + shifts.vectors(points, read, one.datum)
        return moved

    return shapely.transform(shapes, there)


def _streets(lines: StreetLines, one: Suspect, shifts: Shifts) -> StreetLines:
    """Return streets where another datum has them, with all that stands on and beside them."""
    way = shifts.vectors(lines.vertex_xy, real_datum(one.declared), one.datum)
    beside = {}
    for name in ("barriers", "gates", "posts"):
        frame = getattr(lines, name)
        if frame is not None and len(frame):
            shapes = _shifted(frame.geometry.to_numpy(), one, shifts)
            beside[name] = frame.set_geometry(gpd.GeoSeries(shapes, frame.index, crs=frame.crs))
    joined = None if lines.joined is None else _streets(lines.joined, one, shifts)
    return dataclasses.replace(lines, vertex_xy=lines.vertex_xy + way, joined=joined, **beside)


def _differing(
    moved: Mapping[str, Settled], layers: Mapping[str, Layer], file: StudyFile, crs: str
) -> dict[str, Any]:
    """Return layer → the rows that would differ, with what is found by their positions."""
    joined, _, _ = join_layers(moved, crs, StudyLog(file))  # its problems are told already
    found: dict[str, Any] = {}
    for name, layer in joined.items():
        if name not in layers:
            continue
        was, now = layers[name].frame, layer.frame
        ids = was.index[was.index.isin(now.index)]
        was, now = was.loc[ids], now.loc[ids]
        shapes = was.geometry.to_numpy(), now.geometry.to_numpy()
        differ = shapely.to_wkb(shapes[0]) != shapely.to_wkb(shapes[1])
        columns = [column for column in _BY_POSITION if column in was and column in now]
        for column in columns:
            differ |= (was[column].fillna("") != now[column].fillna("")).to_numpy(dtype=bool)
        if differ.any():
            home = now.loc[differ, columns].assign(**{AS_READ: shapes[0][differ]})
            found[name] = gpd.GeoDataFrame(home, geometry=shapes[1][differ], crs=was.crs)
    return found
