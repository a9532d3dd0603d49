"""Ground: gates found and street gaps joined, as the study asks, before any walk is sought."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lifecircle.model.coordinates.projecting import way_between
from lifecircle.model.inputs.layers import Layer
from lifecircle.model.problem import Problem, ProblemCode, Severity
from lifecircle.reach.leaving import GateDoubt
from lifecircle.reach.mending.gates import crossed_outlines, gates_on_outlines, open_gates
from lifecircle.reach.mending.repair import repair_streets
from lifecircle.reach.mending.somewhere import gates_anywhere
from lifecircle.reach.network.graph import build_network

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lifecircle.model.inputs.study import Study
    from lifecircle.reach.mending.gaps import Gaps

__all__ = ["Ground", "degrees", "prepare_ground"]

_NAMED_PLACES = 5
"""Places a message names; all of them stand in the layer of the street diagnosis."""


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """A study ready for reach.

    Parameters
    ----------
    study
        The study with all gates, repaired streets and what there is to say of them.
    gates
        The gates people certainly pass: those of ``study`` that are open, or blank.
    gate_doubt
        What is not known of the gates; None where all is.
    joins
        Gaps that the repair joined; None where none was asked for.
    """

    study: Study
    gates: Layer | None
    joins: Gaps | None
    gate_doubt: GateDoubt | None = None

    @property
    def perhaps_passed(self) -> Layer | None:
        """All gates that people certainly or possibly pass."""
        perhaps = None if self.gate_doubt is None else self.gate_doubt.possible
        return self.gates if perhaps is None else perhaps


def prepare_ground(study: Study) -> Ground:
    """Return the study with its gates found and its streets repaired, as its settings say."""
    study, joins = _repaired(study)
    study = _with_gates(study)
    passed, perhaps = open_gates(study.gates), open_gates(study.gates, possible=True)
    if study.gates is None or passed is None or perhaps is None:
        return Ground(study, passed, joins)
    somewhere = set(study.gates_somewhere)
    there = {*study.gates.frame["residential"], *somewhere, *study.gates_shut}
    known = set(passed.frame["residential"])
    shut = there - set(perhaps.frame["residential"]) - somewhere
    if shut:
        names = study.residential.frame["name"].reindex(sorted(map(str, shut)))
        told = [str(n) for n in names[:_NAMED_PLACES]]
        params = {"count": len(shut), "names": told}
        study = _told(study, ProblemCode.GATES_ALL_CLOSED, Severity.WARNING, "gates", params)
    shut_in = frozenset(map(str, {*there, *study.gates_perhaps_shut} - known))
    if somewhere:
        any_of = gates_anywhere(study.residential, somewhere)
        frames = [one.frame for one in (perhaps, any_of) if len(one)]
        joined = gpd.GeoDataFrame(pd.concat(frames), crs=study.crs)
        perhaps = Layer("gates", joined.rename_axis("id"))
    more = len(perhaps) > len(passed)
    doubt = GateDoubt(perhaps if more else None, shut_in) if more or shut_in else None
    return Ground(study, passed, joins, doubt)


def degrees(study: Study, xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return places of the study in WGS 84 degrees, (n, 2) lon, lat, to 1e-7 (a centimetre)."""
    lon, lat = way_between(study.crs, "EPSG:4326").transform(xy[:, 0], xy[:, 1])
    found = np.round(np.column_stack([lon, lat]), 7)
    return np.where(np.isfinite(found), found, np.nan)


def _repaired(study: Study) -> tuple[Study, Gaps | None]:
    limit = study.parameters.repair_gap_m
    if limit is None or study.streets is None:
        return study, None
    streets, gaps = repair_streets(study.streets, limit)
    places = degrees(study, gaps.xy[:_NAMED_PLACES, 0])
    params = {
        "count": len(gaps),
        "limit_m": limit,
        "length_m": round(float(gaps.length_m.sum()), 1),
        "places": [f"{lon:.5f} {lat:.5f}" for lon, lat in places]
        + ["…"] * (len(gaps) > _NAMED_PLACES),
    }
    study = dataclasses.replace(study, streets=streets)
    if not len(gaps):
        return study, gaps
    return _told(study, ProblemCode.STREETS_REPAIRED, Severity.INFO, "streets", params), gaps


def _with_gates(study: Study) -> Study:
    """Return the study with the gates it wants; those handed in come before those found."""
    if study.gates_from == "none":
        return dataclasses.replace(study, gates=None)
    given = study.gates
    if given is not None and "source" not in given.frame:
        given = Layer("gates", given.frame.assign(source="given"))
        study = dataclasses.replace(study, gates=given)
    if study.gates_from == "given" or study.streets is None:
        return study
    if study.gates_from == "osm":
        points = study.streets.gates
        if points is None:
            points = gpd.GeoDataFrame({"name": []}, geometry=[], crs=study.crs)
        found = gates_on_outlines(study.residential, points, study.parameters.positional_error_m)
    else:
        network = build_network(study.streets)
        found = crossed_outlines(study.residential, study.streets, network)
    parts = [found]
    if given is not None:
        own = given.frame
        if "unowned" in own:  # a gate that may be an area's is no list of its gates
            own = own[own["unowned"].ne(True)]  # noqa: FBT003 - blank where it is known
        found = found[~found["residential"].isin(own["residential"])]
        parts = [given.frame, found]
    gates = gpd.GeoDataFrame(pd.concat([p for p in parts if len(p)] or parts[:1]), crs=study.crs)
    gates.index.name = "id"
    study = dataclasses.replace(study, gates=Layer("gates", gates))
    shape = study.residential.frame.geometry.to_numpy()
    outlined = study.residential.frame.index[shapely.get_dimensions(shape) == 2]  # noqa: PLR2004
    params = {
        "gate_method": study.gates_from,
        "count": len(found),
        "areas": int(found["residential"].nunique()),
        "open_areas": int((~outlined.isin(gates["residential"])).sum()),
    }
    return _told(study, ProblemCode.GATES_FOUND, Severity.INFO, "gates", params)


def _told(
    study: Study, code: ProblemCode, severity: Severity, layer: str, params: dict[str, Any]
) -> Study:
    found = [*study.problems, Problem(code, severity, params, layer=layer)]
    order = list(Severity)
    found.sort(key=lambda problem: order.index(problem.severity))
    return dataclasses.replace(study, problems=tuple(found))
