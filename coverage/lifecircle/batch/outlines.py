"""The shapes by which a province is drawn: counties, and their streets and towns."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import numpy as np
import pyogrio
import shapely
from pydantic import TypeAdapter

from lifecircle.batch.cutting.homes import read_shared
from lifecircle.intake.settings.schema import UnitOptions
from lifecircle.model.results.province import ProvinceArea
from lifecircle.sources.guarded_toml import parse_toml, toml_bytes
from lifecircle.stopping import heed

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    from numpy.typing import NDArray

__all__ = ["result_areas", "study_area"]

_DEGREES = "EPSG:4326"
_TOWNSHIP = 9
_SURFACE = 2
_GRAIN = 2e-4
"""Degrees within which an outline is drawn: 20 m, a pixel of a county on a screen."""
_LOG = logging.getLogger("lifecircle.batch")


def result_areas(name: str, folder: Path, state: str) -> tuple[ProvinceArea, ...]:
    """Return a county that has a result, and its streets and towns, read from its GeoPackage.

    What is not drawn in the county's own units is the hull of the residential areas in it, and
    says so; without any, it has no shape.
    """
    file = folder / "assessment.gpkg"
    try:
        units = _shapes(file, "units", ["id", "name", "level"])
        areas = _shapes(file, "residential", ["unit"])
    except Exception as error:  # noqa: BLE001 - a map lacks a shape; the figures stand
        heed()
        _LOG.debug("no shapes of %s: %s", name, error)
        return (ProvinceArea(name, None, name, None, state),)
    towns = units[units["level"] == "township"]
    code_of = (
        areas["unit"].astype(object).map(lambda c: c[:_TOWNSHIP] if isinstance(c, str) else "")
    )
    homes = np.array(areas.geometry.array, dtype=object)
    found = []
    for code, called, shape in zip(towns["id"], towns["name"], towns.geometry, strict=True):
        drawn = _surface(shape)
        hull = None if drawn is not None else _hull(homes[(code_of == code).to_numpy()])
        shape_drawn = hull if drawn is None else drawn
        about = (name, str(code), str(called), shape_drawn, state)
        found.append(ProvinceArea(*about, approximate=drawn is None))
    drawn_all = _surfaces(units)
    whole = _union(drawn_all) if drawn_all else _hull(homes)
    return (ProvinceArea(name, None, name, whole, state, approximate=not drawn_all), *found)


def _shapes(file: Path, layer: str, columns: list[str]) -> gpd.GeoDataFrame:
    """Return a layer in degrees, with what is asked of it alone: the rest is most of the file."""
    return pyogrio.read_dataframe(file, layer=layer, columns=columns).to_crs(_DEGREES)


def study_area(name: str, study: Path, state: str, lines: tuple[str, ...]) -> ProvinceArea:
    """Return a county without a result, by the outlines of its study's units, if any."""
    shapes: list[Any] = []
    try:
        # the study may be wrong in all else
        told = parse_toml(toml_bytes(study))["layers"]["units"]
        options = TypeAdapter(UnitOptions).validate_python(told)
        sources = [study.parent / path.replace("\\", "/") for path in options.paths]
        shared, _ = read_shared("units", sources, options)
        drawn = () if shared is None else (_surface(shape) for shape in shared.places)
        shapes = [shape for shape in drawn if shape is not None]
    except Exception as error:  # noqa: BLE001 - what is wrong with the study has been said
        heed()
        _LOG.debug("no shape of %s: %s", name, error)
    whole = _union(shapes) if shapes else None
    return ProvinceArea(name, None, name, whole, state, lines)


def _surfaces(units: gpd.GeoDataFrame) -> list[Any]:
    return [shape for shape in map(_surface, units.geometry) if shape is not None]


def _surface(shape: Any) -> Any:
    """Return a shape if it is an area, drawn as finely as a screen shows; else None."""
    if shape is None or shape.is_empty or shapely.get_dimensions(shape) != _SURFACE:
        return None
    simple = shapely.simplify(shape, _GRAIN)
    return shape if simple.is_empty else simple


def _union(shapes: list[Any]) -> Any:
    """Return the whole without the slivers that lie between outlines drawn one by one."""
    whole = shapely.union_all([shapely.make_valid(shape) for shape in shapes])
    closed = shapely.buffer(shapely.buffer(whole, 2 * _GRAIN), -2 * _GRAIN)
    return shapely.simplify(whole if closed.is_empty else closed, _GRAIN)


def _hull(shapes: NDArray[np.object_]) -> Any:
    placed = [shape for shape in shapes if shape is not None and not shape.is_empty]
    if not placed:
        return None
    hull = shapely.convex_hull(shapely.geometrycollections(placed))
    return hull if shapely.get_dimensions(hull) == _SURFACE else shapely.buffer(hull, 10 * _GRAIN)
