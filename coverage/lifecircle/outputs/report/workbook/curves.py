"""How the rates hang on thresholds and speeds: a table, the curves, and their drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl.chart import Reference, ScatterChart, Series
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties

from lifecircle.outputs.office.colours import REACH_COLOURS
from lifecircle.outputs.office.excel import COUNT, SHARE, Column, argb
from lifecircle.outputs.words.sensitivity import sensitivity_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl.worksheet.worksheet import Worksheet

    from lifecircle.model.results.assessment import Assessment, Curve, CurveStep, SensitivityRow
    from lifecircle.outputs.office.excel import Rows
    from lifecircle.outputs.words.wording import Wording

__all__ = ["curve_rows", "draw_curves", "sensitivity_rows"]

_CURVE_COLUMNS = [
    Column("reach_group", 26),
    Column("measure", 12),
    Column("basis", 12),
    Column("threshold", 10, COUNT),
    Column("measure_unit", 8),
    Column("within", 12, COUNT),
    Column("rate_low", 12, SHARE),
    Column("rate_high", 12, SHARE),
]
_X, _Y = 4, 7
"""Columns of the threshold and the rate, counted from 1."""
_DASHES: Any = ("solid", "dash", "sysDot", "lgDashDot")
_CHART_CM = (17.0, 8.5)
_CHART_ROWS = 19
"""Rows of a worksheet that a chart covers."""


def curve_rows(assessment: Assessment, words: Wording) -> Rows:
    """Return every step of the curves: what the drawings are made of."""
    each = ((curve, step) for curve in assessment.curves for step in curve.steps)
    return _CURVE_COLUMNS, (_step(curve, step, words) for curve, step in each)


def _step(curve: Curve, step: CurveStep, words: Wording) -> list[Any]:
    return [
        words.word("reach_group", curve.reach_group),
        words.say(f"measure.{curve.measure}"),
        words.word("basis", curve.basis),
        step.threshold,
        words.word("unit", curve.unit),
        step.numerator,
        step.low,
        step.high,
    ]


def sensitivity_rows(assessment: Assessment, words: Wording) -> Rows:
    """Return the rates at other thresholds and speeds, a row a reach group and basis."""
    tables = sensitivity_tables(assessment, words)
    columns = [Column("reach_group", 26, wrap=True), Column("basis", 16)]
    columns += [Column("rate", 14, heading=name) for table in tables for name in table["columns"]]
    return columns, _matrix(tables, words)


def _matrix(tables: list[dict[str, Any]], words: Wording) -> Iterator[list[Any]]:
    widths = [len(table["columns"]) for table in tables]
    lines: dict[tuple[str, str], list[Any]] = {}
    for number, table in enumerate(tables):
        before = sum(widths[:number])
        for row in table["rows"]:
            line = lines.setdefault((row["group"], row["basis"]), [None] * sum(widths))
            cells = [_told(cell, words) for cell in row["cells"]]
            line[before : before + len(cells)] = cells
    for (group, basis), cells in lines.items():
        yield [group, basis, *cells]


def _told(cell: SensitivityRow | None, words: Wording) -> str | None:
    return None if cell is None else words.share(cell)


def draw_curves(
    worksheet: Worksheet, data: Worksheet, assessment: Assessment, words: Wording, row: int
) -> int:
    """Draw one chart a measure into ``worksheet`` from ``row`` on; return the row below them.

    The points are cells of ``data``, the worksheet of ``curve_rows``. Households are drawn; areas
    where no household is known.
    """
    starts, at = [], 2
    for curve in assessment.curves:
        starts.append(at)
        at += len(curve.steps)
    column = "A"
    for measure in ("radius", "walk"):
        mine = [
            (curve, start)
            for curve, start in zip(assessment.curves, starts, strict=True)
            if curve.measure == measure and len(curve.steps) > 1
        ]
        for basis in ("households", "areas"):
            known = [(c, n) for c, n in mine if c.basis == basis and c.steps[0].low is not None]
            if known:
                worksheet.add_chart(_chart(known, data, words), f"{column}{row}")
                column = "G"
                break
    return row if column == "A" else row + _CHART_ROWS


def _chart(curves: list[tuple[Curve, int]], data: Worksheet, words: Wording) -> Any:
    one = curves[0][0]
    speed = {} if one.speed_m_s is None else {"speed": words.value(one.speed_m_s, "m/s")}
    chart: Any = ScatterChart()
    chart.title = words.say(f"curve.{one.measure}", basis=words.word("basis", one.basis), **speed)
    chart.title.tx.rich.p[0].r[0].rPr = None
    chart.style, chart.scatterStyle = 2, "lineMarker"
    chart.width, chart.height = _CHART_CM
    chart.visible_cells_only = False  # the worksheet of the points is hidden
    chart.legend.position = "b"
    chart.x_axis.title = words.word("unit", one.unit)
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = 0, 1
    chart.y_axis.number_format, chart.y_axis.majorUnit = "0%", 0.25
    chart.x_axis.scaling.min = 0
    chart.x_axis.scaling.max = max(step.threshold for c, _ in curves for step in c.steps)
    chart.x_axis.number_format = "0"
    chart.x_axis.delete = chart.y_axis.delete = False
    for number, (curve, start) in enumerate(curves):
        end = start + len(curve.steps) - 1
        series = Series(
            Reference(data, min_col=_Y, min_row=start, max_row=end),
            Reference(data, min_col=_X, min_row=start, max_row=end),
            title=words.word("reach_group", curve.reach_group),
        )
        colour = argb(REACH_COLOURS.get(curve.reach_group, "#444444"))
        line = LineProperties(solidFill=colour, w=22000, prstDash=_DASHES[number % len(_DASHES)])
        series.graphicalProperties = GraphicalProperties(ln=line)
        series.marker.symbol, series.smooth = "none", False
        chart.series.append(series)
    return chart
