"""QGIS styles of the GeoPackage's layers, as rows of its table ``layer_styles``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias
from xml.sax.saxutils import quoteattr

import pandas as pd
import shapely

from lifecircle.model.status import Stage, Status
from lifecircle.outputs.office.colours import STATUS_COLOURS
from lifecircle.texts import say, word

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from lifecircle.model.results.assessment import Assessment

__all__ = ["STYLE_COLUMNS", "categorised_qml", "planned_style_rows", "style_rows"]

STYLE_COLUMNS = (
    "f_table_catalog",
    "f_table_schema",
    "f_table_name",
    "f_geometry_column",
    "styleName",
    "styleQML",
    "styleSLD",
    "useAsDefault",
    "description",
    "owner",
    "ui",
    "update_time",
)
"""Columns of ``layer_styles`` as QGIS makes the table, beside its key ``id``."""

_STAGE_COLOURS = {
    Stage.IN_USE: "#1f5fa8",
    Stage.HANDED_OVER: "#4f8fcf",
    Stage.ACCEPTED: "#4f8fcf",
    Stage.UNDER_CONSTRUCTION: "#e08e2b",
    Stage.PLANNED: "#f0b96b",
    Stage.IDLE: "#7a7a7a",
    Stage.MISUSED: "#7a7a7a",
    Stage.CLOSED: "#b0b0b0",
}
_NATURE_COLOURS = {
    "new": "#a3195b",
    "convert": "#e08e2b",
    "expand": "#2a9d9b",
    "reuse": "#1f5fa8",
}


@dataclass(frozen=True, slots=True)
class _Category:
    value: str
    label: str
    colour: str


_Style: TypeAlias = "tuple[str, str, str, str, list[_Category], bool]"
"""Layer, text of its name, symbol, column, categories, whether it is the layer's default."""


def style_rows(assessment: Assessment) -> pd.DataFrame:
    """Return the styles: residential areas by verdict, facilities by stage.

    Residential areas may be polygons and points, which QGIS opens as two layers of one table; the
    default style is for the polygons (for the points where there are no polygons), the other one
    can be chosen by name.
    """
    language = assessment.language
    verdicts = [
        _Category(str(s), word("status", str(s), language), STATUS_COLOURS[s]) for s in Status
    ]
    stages = [_Category(str(s), word("stage", str(s), language), _STAGE_COLOURS[s]) for s in Stage]
    unknown = _Category("", say("report", "style.unknown", language), "#b7791f")
    areas = assessment.layers.get("residential")
    polygons = areas is None or bool((shapely.get_dimensions(areas.geometry.array) == 2).any())  # noqa: PLR2004 - a surface
    styles: list[_Style] = [
        ("residential", "style.polygons", "fill", "verdict", verdicts, polygons),
        ("residential", "style.points", "marker", "verdict", verdicts, not polygons),
        ("facilities", "style.facilities", "marker", "stage", [*stages, unknown], True),
    ]
    if assessment.sites is not None:
        styles.append(_planned("planned_sites", language))
    return _rows(styles, language, assessment.as_of)


def planned_style_rows(table: str, language: str, day: dt.date) -> pd.DataFrame:
    """Return the style of a plan's places by kind of work, as the layer ``table`` of a file."""
    return _rows([_planned(table, language)], language, day)


def _planned(table: str, language: str) -> _Style:
    natures = [
        _Category(key, word("nature", key, language), colour)
        for key, colour in _NATURE_COLOURS.items()
    ]
    return (table, "style.planned", "marker", "nature", natures, True)


def _rows(styles: Iterable[_Style], language: str, day: dt.date) -> pd.DataFrame:
    rows = [
        {
            "f_table_catalog": "",
            "f_table_schema": "",
            "f_table_name": table,
            "f_geometry_column": "geom",
            "styleName": say("report", name, language),
            "styleQML": categorised_qml(symbol, field, categories),
            "styleSLD": "",
            "useAsDefault": default,
            "description": say("report", f"{name}.description", language),
            "owner": "lifecircle",
            "ui": None,
            "update_time": pd.Timestamp(day),
        }
        for table, name, symbol, field, categories, default in styles
    ]
    return pd.DataFrame(rows, columns=list(STYLE_COLUMNS))


def categorised_qml(symbol: str, field: str, categories: Iterable[_Category]) -> str:
    """Return a QGIS style that colours by the values of ``field``, labelled with ``name``.

    ``symbol`` is ``fill`` or ``marker``.
    """
    found = list(categories)
    entries = "".join(
        f'<category render="true" symbol="{i}" type="string" value={quoteattr(c.value)}'
        f" label={quoteattr(c.label)}/>"
        for i, c in enumerate(found)
    )
    symbols = "".join(
        f'<symbol type="{symbol}" name="{i}" alpha="{0.75 if symbol == "fill" else 1}"'
        f' clip_to_extent="1" force_rhr="0">{_symbol_layer(symbol, c.colour)}</symbol>'
        for i, c in enumerate(found)
    )
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
        '<qgis version="3.22.0" styleCategories="Symbology|Labeling" labelsEnabled="1">'
        f'<renderer-v2 type="categorizedSymbol" attr="{field}" enableorderby="0"'
        f' forceraster="0" symbollevels="0"><categories>{entries}</categories>'
        f"<symbols>{symbols}</symbols></renderer-v2>"
        '<labeling type="simple"><settings calloutType="simple">'
        '<text-style fieldName="name" isExpression="0" fontSize="8" fontSizeUnit="Point"'
        ' fontFamily="Microsoft YaHei" textColor="40,40,40,255" textOpacity="1">'
        '<text-buffer bufferDraw="1" bufferSize="0.8" bufferSizeUnits="MM"'
        ' bufferColor="255,255,255,255" bufferOpacity="1"/></text-style>'
        '<rendering scaleVisibility="1" scaleMin="25000" scaleMax="0" obstacle="1"/>'
        "</settings></labeling>"
        "<layerGeometryType>" + ("2" if symbol == "fill" else "0") + "</layerGeometryType></qgis>"
    )


def _symbol_layer(symbol: str, colour: str) -> str:
    options = {"color": _rgba(colour), "outline_style": "solid", "outline_width_unit": "MM"}
    if symbol == "fill":
        options |= {"style": "solid", "outline_color": "255,255,255,255", "outline_width": "0.3"}
    else:
        options |= {
            "name": "circle",
            "size": "3",
            "size_unit": "MM",
            "outline_color": "255,255,255,255",
            "outline_width": "0.4",
        }
    entries = "".join(
        f'<Option type="QString" name="{name}" value="{value}"/>' for name, value in options.items()
    )
    kind = "SimpleFill" if symbol == "fill" else "SimpleMarker"
    return (
        f'<layer class="{kind}" enabled="1" locked="0" pass="0">'
        f'<Option type="Map">{entries}</Option></layer>'
    )


def _rgba(colour: str) -> str:
    return ",".join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5)) + ",255"
