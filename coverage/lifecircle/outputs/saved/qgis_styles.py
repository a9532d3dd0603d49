"""QGIS styles of the GeoPackage's layers, as rows of its table ``layer_styles``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias
from xml.sax.saxutils import quoteattr

import pandas as pd
import shapely

from lifecircle.model.status import Stage, Status
from lifecircle.outputs.office.colours import REACH_COLOURS, STATUS_COLOURS
from lifecircle.texts import known, say, word

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


_BARRIER_COLOURS = {
    "railway": "#6d737a",
    "river": "#8fbcd6",
    "water": "#8fbcd6",
    "motorway": "#d8a24a",
    "wall": "#8a7f72",
}
_DIAGNOSIS_COLOURS = {
    "part": "#b7791f",
    "fragment": "#b7791f",
    "gap": "#c4491a",
    "crossing": "#c4491a",
    "duplicate": "#8a94a0",
    "joined": "#0f7376",
    "no_street": "#6f559c",
    "facility": "#6f559c",
    "unknown_way": "#9a7400",
    "shut_gate": "#9a7400",
}
_SINGLE = {
    "units": "#3c434c",
    "disagreements": "#c4491a",
    "close_calls": "#9a7400",
    "sites": "#047857",
    "streets": "#a9a493",
    "planned_links": "#a3195b",
}
"""Layer → colour, where all rows look alike."""
_BESIDE = {
    "units": "outline",
    "disagreements": "marker",
    "close_calls": "marker",
    "sites": "marker",
    "streets": "line",
}
"""Those of every result → symbol."""
_DISTRICT_COLOURS = (
    "#4477aa",
    "#cc6677",
    "#228833",
    "#aa6c00",
    "#66228c",
    "#117a8b",
    "#7a5230",
    "#3b3b3b",
)
"""Of service districts, one after the other, as the map has them (after Tol)."""
_LABELS = {
    ("districts", "outline"): '"host_name"',
    ("districts", "marker"): """if("role" = 'host', "host_name", '')""",
}
"""Layer and symbol → expression that its labels show, where that is not ``name``.

A point that is a host bears its name; one that stands for a unit is no host.
"""
_GEOMETRIES = {"marker": 0, "line": 1, "fill": 2, "outline": 2}
"""Symbol → QGIS's number of the geometry it is for, which is its dimension."""
_SYMBOLS = ("marker", "line", "outline")
"""Dimension → symbol."""


@dataclass(frozen=True, slots=True)
class _Category:
    value: str
    label: str
    colour: str


_Style: TypeAlias = "tuple[str, str, str, str, list[_Category], bool]"
"""Layer, text of its name, symbol, column, categories, whether it is the layer's default."""


def style_rows(assessment: Assessment) -> pd.DataFrame:
    """Return the styles: a default one of every layer, residential areas by verdict.

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
        styles += [_planned("planned_sites", language), _alone("planned_links", "line", language)]
    styles += [one for style in _districts(assessment) for one in _as_drawn(assessment, style)]
    styles += [one for style in _beside(language) for one in _as_drawn(assessment, style)]
    return _rows(styles, language, assessment.as_of)


def _districts(assessment: Assessment) -> list[_Style]:
    """Return the style of service districts, a colour each; of none where there is no such layer.

    Units that are drawn are outlines, those that are not are points, as the hosts; ways are lines.
    """
    frame = assessment.layers.get("districts")
    if frame is None:
        return []
    names = frame.sort_values("number", kind="stable")["district"].astype(str).unique()
    colours = [_DISTRICT_COLOURS[n % len(_DISTRICT_COLOURS)] for n in range(len(names))]
    found = [_Category(name, name, ink) for name, ink in zip(names, colours, strict=True)]
    return [("districts", "style.districts", "outline", "district", found, True)]


def _as_drawn(assessment: Assessment, style: _Style) -> list[_Style]:
    """Return a style for every kind of shape that a layer has; the first is its default.

    QGIS opens a layer of lines and points as two. One without rows has the style as it is; one
    whose rows have no shape has none.
    """
    table, name, symbol, field, categories, _ = style
    frame = assessment.layers.get(table)
    if frame is None or frame.empty:
        return [style]
    known_at = ~(frame.geometry.isna() | frame.geometry.is_empty)
    present = set(shapely.get_dimensions(frame.geometry[known_at].array).tolist())
    kinds = sorted(present, key=lambda one: (one != _GEOMETRIES[symbol], one))
    return [
        (
            table,
            name if one == _GEOMETRIES[symbol] else f"{name}.{one}",
            symbol if one == _GEOMETRIES[symbol] else _SYMBOLS[one],
            field,
            categories,
            n == 0,
        )
        for n, one in enumerate(kinds)
    ]


def _beside(language: str) -> list[_Style]:
    """Return the styles of what stands beside areas and facilities.

    Their colours are the map's. A value that none of them names has the look of the last category.
    """
    groups = [
        _Category(key, word("reach_group", key, language), colour)
        for key, colour in REACH_COLOURS.items()
    ]
    answers = [
        _Category(key, say("report", f"answer.{key}", language), colour)
        for key, colour in (("yes", "#0f7376"), ("no", "#c4491a"))
    ]
    opened = [
        _Category(value, say("report", f"answer.{key}", language), colour)
        for value, key, colour in (("1", "yes", "#0f7376"), ("0", "no", "#c4491a"))
    ]
    barriers, findings = (
        [_Category(key, word(name, key, language), colour) for key, colour in colours.items()]
        for name, colours in (
            ("barrier", _BARRIER_COLOURS),
            ("street_diagnosis", _DIAGNOSIS_COLOURS),
        )
    )
    rest = _Category("", say("saved", "style.rest", language), "#8a94a0")
    found: list[_Style] = [
        ("service_areas", "style.service_areas", "outline", "reach_group", groups, True),
        ("reached_streets", "style.reached_streets", "line", "reach_group", groups, True),
        ("routes", "style.routes", "line", "reach_group", groups, True),
        ("gates", "style.gates", "marker", "open", [*opened, rest], True),
        ("gate_effects", "style.gate_effects", "marker", "cures", answers, True),
        ("street_diagnosis", "style.street_diagnosis", "line", "kind", [*findings, rest], True),
        ("barriers", "style.barriers", "line", "barrier", [*barriers, rest], True),
    ]
    return [*found, *(_alone(layer, symbol, language) for layer, symbol in _BESIDE.items())]


def _alone(layer: str, symbol: str, language: str) -> _Style:
    """Return the style of a layer whose rows all look alike."""
    one = _Category("", say("saved", f"style.{layer}", language), _SINGLE[layer])
    return (layer, f"style.{layer}", symbol, "name", [one], True)


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
            "styleName": _text(name, language),
            "styleQML": categorised_qml(symbol, field, categories, _label(table, symbol)),
            "styleSLD": "",
            "useAsDefault": default,
            "description": _text(f"{name}.description", language),
            "owner": "lifecircle",
            "ui": None,
            # GeoPackage asks for fractions of a second, and GDAL leaves out those that are nought
            "update_time": pd.Timestamp(day, tz="UTC") + pd.Timedelta(milliseconds=1),
        }
        for table, name, symbol, field, categories, default in styles
    ]
    return pd.DataFrame(rows, columns=list(STYLE_COLUMNS))


def _text(code: str, language: str) -> str:
    """Return a style's text; one without a description is described by its name."""
    code = code if known("report", code) else code.removesuffix(".description")
    if known("report", code):
        return say("report", code, language)
    plain, _, dimension = code.rpartition(".")
    if dimension in {"0", "1", "2"}:  # the second style of a layer with shapes of two kinds
        return say("saved", f"style.of.{dimension}", language, style=_text(plain, language))
    return say("saved", code, language)


def _label(table: str, symbol: str) -> str:
    return _LABELS.get((table, symbol), '"name"')


def categorised_qml(
    symbol: str, field: str, categories: Iterable[_Category], label: str = '"name"'
) -> str:
    """Return a QGIS style that colours by the values of ``field``; ``label`` is an expression.

    ``symbol`` is ``fill``, ``outline`` (a surface one sees through), ``line`` or ``marker``. A
    category without a value has the rows that no other names.
    """
    found, kind = list(categories), "fill" if symbol == "outline" else symbol
    entries = "".join(
        f'<category render="true" symbol="{i}" type="string" value={quoteattr(c.value)}'
        f" label={quoteattr(c.label)}/>"
        for i, c in enumerate(found)
    )
    symbols = "".join(
        f'<symbol type="{kind}" name="{i}" alpha="{0.75 if symbol == "fill" else 1}"'
        f' clip_to_extent="1" force_rhr="0">{_symbol_layer(symbol, c.colour)}</symbol>'
        for i, c in enumerate(found)
    )
    alone = len(found) == 1 and not found[0].value
    renderer = (
        '<renderer-v2 type="singleSymbol" enableorderby="0" forceraster="0" symbollevels="0">'
        f"<symbols>{symbols}</symbols></renderer-v2>"
        if alone
        else f'<renderer-v2 type="categorizedSymbol" attr="{field}" enableorderby="0"'
        f' forceraster="0" symbollevels="0"><categories>{entries}</categories>'
        f"<symbols>{symbols}</symbols></renderer-v2>"
    )
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
        '<qgis version="3.22.0" styleCategories="Symbology|Labeling" labelsEnabled="1">'
        f"{renderer}"
        '<labeling type="simple"><settings calloutType="simple">'
        f'<text-style fieldName={quoteattr(label)} isExpression="1" fontSize="8"'
        ' fontSizeUnit="Point"'
        ' fontFamily="Microsoft YaHei" textColor="40,40,40,255" textOpacity="1">'
        '<text-buffer bufferDraw="1" bufferSize="0.8" bufferSizeUnits="MM"'
        ' bufferColor="255,255,255,255" bufferOpacity="1"/></text-style>'
        '<rendering scaleVisibility="1" scaleMin="25000" scaleMax="0" obstacle="1"/>'
        "</settings></labeling>"
        f"<layerGeometryType>{_GEOMETRIES[symbol]}</layerGeometryType></qgis>"
    )


def _symbol_layer(symbol: str, colour: str) -> str:
    ink, white = _rgba(colour), "255,255,255,255"
    edge = {"outline_style": "solid", "outline_width_unit": "MM"}
    kind, options = {
        "fill": (
            "SimpleFill",
            {
                "color": ink,
                **edge,
                "style": "solid",
                "outline_color": white,
                "outline_width": "0.3",
            },
        ),
        "outline": (
            "SimpleFill",
            {"color": ink, **edge, "style": "no", "outline_color": ink, "outline_width": "0.5"},
        ),
        "line": (
            "SimpleLine",
            {
                "line_color": ink,
                "line_style": "solid",
                "line_width": "0.5",
                "line_width_unit": "MM",
            },
        ),
        "marker": (
            "SimpleMarker",
            {
                "color": ink,
                **edge,
                "name": "circle",
                "size": "3",
                "size_unit": "MM",
                "outline_color": white,
                "outline_width": "0.4",
            },
        ),
    }[symbol]
    entries = "".join(
        f'<Option type="QString" name="{name}" value="{value}"/>' for name, value in options.items()
    )
    return (
        f'<layer class="{kind}" enabled="1" locked="0" pass="0">'
        f'<Option type="Map">{entries}</Option></layer>'
    )


def _rgba(colour: str) -> str:
    return ",".join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5)) + ",255"
