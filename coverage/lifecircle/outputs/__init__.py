"""Results as files: each reads an Assessment, computes nothing, and is whole or absent."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lifecircle.errors import UnknownNameError
from lifecircle.outputs.saved import read_assessment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lifecircle.model.assessment import Assessment

__all__ = ["OUTPUTS", "draw_map", "read_assessment", "write_outputs"]

OUTPUTS = {
    "json": ("assessment.json", "lifecircle.outputs.json_file", "write_json"),
    "gpkg": ("assessment.gpkg", "lifecircle.outputs.geopackage", "write_geopackage"),
    "map": ("map.html", "lifecircle.outputs.maps", "draw_map"),
    "report": ("report.html", "lifecircle.outputs.page", "write_report"),
    "workbook": ("report.xlsx", "lifecircle.outputs.workbook", "write_workbook"),
}
"""Output name → file name, and the function ``(assessment, path)`` that writes it."""


def write_outputs(
    assessment: Assessment, folder: str | Path, only: Iterable[str] | None = None
) -> dict[str, Path]:
    """Write the results into ``folder`` and return output name → path, in order.

    Parameters
    ----------
    only
        Names out of ``OUTPUTS``; all of them by default.

    Raises
    ------
    UnknownNameError
        ``only`` names an output that does not exist.
    OutputError
        A file cannot be written; files finished before it stand, itself is not left half-written.
    """
    chosen = set(OUTPUTS) if only is None else set(only)
    for name in sorted(chosen - set(OUTPUTS)):
        raise UnknownNameError("output", name, OUTPUTS)
    written = {}
    for name, (file, module, function) in OUTPUTS.items():
        if name in chosen:
            path = Path(folder) / file
            getattr(importlib.import_module(module), function)(assessment, path)
            written[name] = path
    return written


def __getattr__(name: str) -> Any:
    if name == "draw_map":
        # the map's libraries load only when a map is drawn
        return importlib.import_module("lifecircle.outputs.maps").draw_map
    raise AttributeError(f"module 'lifecircle.outputs' has no attribute {name!r}")
