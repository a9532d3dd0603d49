"""Colours of statuses, one set for every output; a word always stands beside the colour."""

from __future__ import annotations

from lifecircle.model.status import Status

__all__ = ["STATUS_COLOURS", "STATUS_TINTS"]

STATUS_COLOURS: dict[Status, str] = {
    Status.COMPLIANT: "#2e7d5b",
    Status.DEFICIENT: "#c0392b",
    Status.NOT_ASSESSED: "#b7791f",
    Status.NOT_APPLICABLE: "#8a94a0",
    Status.EXEMPT: "#6b5b95",
    Status.NOT_IN_FORCE: "#8a94a0",
    Status.REPORTED: "#2f6690",
}
"""Strong colour of each status: text, outlines, symbols."""

STATUS_TINTS: dict[Status, str] = {
    Status.COMPLIANT: "#e3f1ea",
    Status.DEFICIENT: "#fae3df",
    Status.NOT_ASSESSED: "#fdf0d5",
    Status.NOT_APPLICABLE: "#eef0f3",
    Status.EXEMPT: "#ebe7f3",
    Status.NOT_IN_FORCE: "#eef0f3",
    Status.REPORTED: "#e2edf5",
}
"""Pale background of the same hue, dark text readable on it."""
