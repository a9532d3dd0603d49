"""The files of a siting plan, whole or absent."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lifecircle.outputs.saved.plans.siting_json import SITING_NAME, write_siting_json
from lifecircle.outputs.sites.book import write_sites_book
from lifecircle.outputs.sites.document import write_sites_document
from lifecircle.outputs.sites.layers import write_sites_layers
from lifecircle.outputs.sites.page import write_sites_page
from lifecircle.outputs.whole import whole_files

if TYPE_CHECKING:
    from lifecircle.model.results.siting_plan import SitingPlan
    from lifecircle.outputs.whole import Keeper

__all__ = ["SITES_FILES", "fill_folder", "write_sites"]

SITES_FILES = {
    "page": "sites.html",
    "workbook": "sites.xlsx",
    "document": "sites.docx",
    "gpkg": "sites.gpkg",
    "json": SITING_NAME,
}
"""Output name → file name."""
_WRITERS = {
    "page": write_sites_page,
    "workbook": write_sites_book,
    "document": write_sites_document,
    "gpkg": write_sites_layers,
    "json": write_siting_json,
}


def write_sites(
    plan: SitingPlan, folder: str | Path, *, earlier: Keeper | None = None
) -> dict[str, Path]:
    """Write a plan's ``sites.json``, layers and table of projects into ``folder``.

    The table is a page, a workbook and a Word file; the layers are a GeoPackage.

    ``earlier`` keeps another plan that is there, or files somebody worked in; by default they are
    replaced.

    Returns
    -------
    dict
        Output name of ``SITES_FILES`` → path.

    Raises
    ------
    OutputError
        A file cannot be written; then none is, and former ones stand as they were.
    """
    with whole_files(Path(folder), last=SITES_FILES["json"], earlier=earlier) as part:
        fill_folder(plan, part)
    return {name: Path(folder) / file for name, file in SITES_FILES.items()}


def fill_folder(plan: SitingPlan, folder: Path) -> None:
    """Write a plan's files into a folder that others fill too, and that is put in place whole.

    Raises
    ------
    OutputError
        A file cannot be written.
    """
    for name, file in SITES_FILES.items():
        _WRITERS[name](plan, folder / file)
