"""Colours of statuses and severities: the hues of the map, safe for the colour-blind.

A word always stands beside a colour.
"""

from __future__ import annotations

from lifecircle.model.problem import Severity
from lifecircle.model.status import Status

__all__ = [
    "MAP_FILLS",
    "MAP_LINES",
    "NO_VERDICT_FILL",
    "NO_VERDICT_LINE",
    "REACH_COLOURS",
    "SEVERITY_FILLS",
    "SEVERITY_INKS",
    "STATUS_COLOURS",
    "STATUS_TINTS",
]

STATUS_COLOURS: dict[Status, str] = {
    Status.COMPLIANT: "#0f7376",
    Status.DEFICIENT: "#c4491a",
    Status.NOT_ASSESSED: "#9a7400",
    Status.NOT_APPLICABLE: "#8a94a0",
    Status.EXEMPT: "#6f559c",
    Status.NOT_IN_FORCE: "#8a94a0",
    Status.REPORTED: "#2f6690",
}
"""Strong colour of each status: text, outlines, symbols."""

STATUS_TINTS: dict[Status, str] = {
    Status.COMPLIANT: "#dcf0ef",
    Status.DEFICIENT: "#fbe6da",
    Status.NOT_ASSESSED: "#fdf2cc",
    Status.NOT_APPLICABLE: "#eef0f3",
    Status.EXEMPT: "#ebe7f3",
    Status.NOT_IN_FORCE: "#eef0f3",
    Status.REPORTED: "#e2edf5",
}
"""Pale background of the same hue, dark text readable on it."""

SEVERITY_INKS: dict[Severity, str] = {
    Severity.ERROR: "#b23a14",
    Severity.WARNING: "#7f6000",
    Severity.INFO: "#2f6690",
}
"""Strong colour of each severity."""

SEVERITY_FILLS: dict[Severity, str] = {
    Severity.ERROR: "#f9d2c3",
    Severity.WARNING: "#ffedaa",
    Severity.INFO: "#dcebf6",
}
"""Fill of a cell that has a problem: seen at a glance in a worksheet, dark text readable on it."""

MAP_FILLS: dict[Status, str] = {
    Status.COMPLIANT: "#2a9d9b",
    Status.DEFICIENT: "#e2622b",
    Status.NOT_ASSESSED: "#f6d365",
    Status.NOT_APPLICABLE: "#d3d6d4",
    Status.EXEMPT: "#a98fcb",
    Status.NOT_IN_FORCE: "#c3cfdd",
    Status.REPORTED: "#9dbfe0",
}
"""Fill of each status on maps, on screen and on paper; apart for the colour-blind."""

MAP_LINES: dict[Status, str] = {
    Status.COMPLIANT: "#0b5c60",
    Status.DEFICIENT: "#93330b",
    Status.NOT_ASSESSED: "#8a6a00",
    Status.NOT_APPLICABLE: "#9aa09c",
    Status.EXEMPT: "#5e4488",
    Status.NOT_IN_FORCE: "#7f90a5",
    Status.REPORTED: "#4a76a3",
}
"""Outline of the same."""

NO_VERDICT_FILL, NO_VERDICT_LINE = "#ffffff", "#9aa09c"
"""Of what the Assessment gives no verdict."""

REACH_COLOURS = {
    "community": "#1f6fb2",
    "centre": "#7a3e9d",
    "canteen": "#b0413e",
    "village": "#4f7a28",
}
"""Colour of each reach group's service area on maps."""
