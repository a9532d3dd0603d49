"""Results as files: each reads an Assessment, computes nothing, and is whole or absent.

The products do not know each other; what several say or draw is in the rooms below them.

- ``words``: results as people say them
- ``office``: workbooks, documents and pages; ``whole``: files whole or absent
- ``sole``: one at a time in a folder
- ``saved``: what is read back: JSON, GeoPackage, PostGIS
- ``earlier``: results that are there already, kept beside those that come
- ``maps``, ``sheets``: the map on screen and on paper
- ``report``: the page, the workbook, and what every town has to put right
- ``comparison``: two assessments side by side; ``province``: many counties
- ``handover``: field sheets, schedules and layers for towns and other systems
- ``opinion``: of a planning review; ``form``: the 100 points
- ``sites``: where to build, as the table of projects; ``project``: that in words
- ``checkup``: what is wrong with a study; ``template``: an empty one
- ``osm_layers``: layers out of OpenStreetMap to edit
"""

from __future__ import annotations

import dataclasses
import importlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from lifecircle.errors import OutputError, UnknownNameError
from lifecircle.model.strings import plain_strings
from lifecircle.outputs.saved.plans.siting_json import read_siting_json as read_sites
from lifecircle.outputs.saved.restoring import read_assessment
from lifecircle.outputs.whole import whole_files
from lifecircle.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lifecircle.model.inputs.checkup import Checkup
    from lifecircle.model.inputs.mapping.basemap import Basemap
    from lifecircle.model.results.assessment import Assessment
    from lifecircle.model.results.comparison import Comparison
    from lifecircle.model.results.score import Score
    from lifecircle.outputs.checkup.ledger_copy import Copies
    from lifecircle.outputs.checkup.take import Taken
    from lifecircle.outputs.earlier import Earlier
    from lifecircle.outputs.sheets.draw import SheetSet

__all__ = [
    "OUTPUTS",
    "check_sheets",
    "draw_map",
    "draw_sheets",
    "read_assessment",
    "read_sites",
    "take_copy",
    "write_checkup",
    "write_comparison",
    "write_handover",
    "write_map",
    "write_outputs",
    "write_papers",
    "write_postgis",
    "write_review",
    "write_score",
    "write_sheets",
    "write_sites",
]

OUTPUTS = {
    "json": ("assessment.json", "lifecircle.outputs.saved.assessment_json", "write_json"),
    "gpkg": ("assessment.gpkg", "lifecircle.outputs.saved.geopackage", "write_geopackage"),
    "map": ("map.html", "lifecircle.outputs.maps", "draw_map"),
    "report": ("report.html", "lifecircle.outputs.report.page.document", "write_report"),
    "workbook": ("report.xlsx", "lifecircle.outputs.report.workbook.book", "write_workbook"),
    "summary": ("summary.docx", "lifecircle.outputs.report.brief.document", "write_summary"),
    "chapter": ("report.docx", "lifecircle.outputs.report.chapter.document", "write_chapter"),
    "rectification": (
        "rectification",
        "lifecircle.outputs.report.rectification",
        "write_rectification",
    ),
}
"""Output name → file (or folder) name, and the function ``(assessment, path)`` that writes it."""

COMPARISONS = {
    "json": ("compare.json", "lifecircle.outputs.saved.comparison_json", "write_comparison_json"),
    "workbook": (
        "compare.xlsx",
        "lifecircle.outputs.comparison.workbook",
        "write_comparison_workbook",
    ),
    "map": ("compare.html", "lifecircle.outputs.maps.difference", "draw_difference"),
}
"""The same for what compares two assessments."""


def _turn(name: str) -> int:
    """Return when an output is written, however it was asked for; ties as ``OUTPUTS`` has them.

    The report first: the picture of a county's streets takes most room while it is drawn. The JSON
    last, which names the checksums of the GeoPackage.
    """
    return (name == "json") - (name == "report")


def write_outputs(
    assessment: Assessment,
    folder: str | Path,
    only: Iterable[str] | None = None,
    *,
    basemap: Basemap | None = None,
    earlier: Earlier | None = None,
) -> dict[str, Path]:
    """Write the results into ``folder`` and return output name → path, in order.

    They take the places of an earlier run's together, ``assessment.json`` last: it names the
    checksums of its GeoPackage, so that files of two runs are never read as one result. Lists of
    towns that an earlier run wrote and this one does not are taken away, unless somebody edited
    them. Of a future the plan's own files (``outputs.sites``) stand beside them.

    Parameters
    ----------
    only
        Names out of ``OUTPUTS``; all of them by default.
    basemap
        Tiles behind the map, as ``Study.basemap`` has them; none by default.
    earlier
        Keeps results of another run and files that somebody worked in; by default they are
        replaced.

    Raises
    ------
    UnknownNameError
        ``only`` names an output that does not exist.
    OutputError
        A file cannot be written; then none is, and former ones stand as they were.
    """
    chosen = set(OUTPUTS) if only is None else set(only)
    for name in sorted(chosen - set(OUTPUTS)):
        raise UnknownNameError("output", name, OUTPUTS)
    folder = Path(folder)
    former: tuple[Path, ...] = ()
    if "rectification" in chosen:
        from lifecircle.outputs.report import rectification  # noqa: PLC0415 - loads openpyxl

        former = rectification.former_lists(folder / OUTPUTS["rectification"][0])
    placed = whole_files(folder, last=OUTPUTS["json"][0], former=former, earlier=earlier)
    with placed as part, plain_strings():
        for name in sorted(filter(chosen.__contains__, OUTPUTS), key=_turn):
            file, module, function = OUTPUTS[name]
            more: dict[str, Any] = {"basemap": basemap} if name == "map" else {}
            if name == "json":
                more["tables"] = _checksums(assessment, part)
            getattr(importlib.import_module(module), function)(assessment, part / file, **more)
        planned = _plan_files(assessment, part) if only is None else {}
    written = {name: folder / file for name, (file, _, _) in OUTPUTS.items() if name in chosen}
    return written | {name: folder / file for name, file in planned.items()}


def _plan_files(assessment: Assessment, folder: Path) -> dict[str, str]:
    """Write the table of projects of a future beside its results; return output name → file."""
    if assessment.sites is None:
        return {}
    from lifecircle.outputs.sites.folder import SITES_FILES, fill_folder  # noqa: PLC0415 - docx

    fill_folder(assessment.sites, folder)
    return {f"sites.{name}": file for name, file in SITES_FILES.items()}


def _checksums(assessment: Assessment, folder: Path) -> dict[str, str]:
    """Return the checksums of the GeoPackage in a folder, or of the one that would be there."""
    from lifecircle.outputs.saved.digests import table_digests  # noqa: PLC0415 - loads sqlite3

    file, module, function = OUTPUTS["gpkg"]
    if (folder / file).is_file():
        return table_digests(folder / file)
    with TemporaryDirectory() as spare:
        path = getattr(importlib.import_module(module), function)(assessment, Path(spare) / file)
        return table_digests(path)


def write_checkup(checkup: Checkup, folder: str | Path) -> Copies:
    """Write ``check.html`` and the marked copies of the ledgers into ``folder``.

    Returns
    -------
    Copies
        ``page`` → the page, and each ledger as the study names it → its copy. Its ``left`` are
        copies that somebody works in, which were not touched; its ``unmarked`` are tables with
        something to mend that have none.

    Raises
    ------
    OutputError
        A file cannot be written; files finished before it stand, itself is not left half-written.
    """
    from lifecircle.outputs.checkup.ledger_copy import (  # noqa: PLC0415
        without_copy,
        write_ledger_copies,
    )
    from lifecircle.outputs.checkup.page import write_check  # noqa: PLC0415 - loads jinja2

    copies = write_ledger_copies(checkup, Path(folder))
    copies.unmarked = without_copy(checkup, copies)
    page = write_check(checkup, Path(folder) / "check.html", copies, copies.left, copies.unmarked)
    copies["page"] = page
    copies.move_to_end("page", last=False)
    return copies


def take_copy(copy: str | Path, ledgers: Iterable[Path] = (), language: str = "zh") -> Taken:
    """Make the corrections of a marked copy its ledger's; the ledger as it was is kept beside.

    Parameters
    ----------
    copy
        A copy of ``write_checkup``, corrected.
    ledgers
        The ledgers it may be of; by default the one it says itself.
    language
        Of the words in which it is refused.

    Raises
    ------
    OutputError
        Nothing was changed: see :func:`lifecircle.outputs.checkup.take.take_copy`.
    """
    from lifecircle.outputs.checkup import take  # noqa: PLC0415 - loads openpyxl

    own = take.origin_of(Path(copy), language)
    known = list(ledgers) or ([] if own is None else [own])
    return take.take_copy(Path(copy), known, language)


def check_sheets(formats: Iterable[str], language: str, **choices: Any) -> None:
    """Refuse at once what ``draw_sheets`` would refuse; ``choices``: ``groups``, ``font``.

    Raises
    ------
    UnknownNameError
        A format or a group of sheets that does not exist.
    OutputError
        The extra ``plot`` is not installed, or there is no font to print with.
    """
    _sheets(language).check_sheets(formats, language=language, **choices)


def _sheets(language: str) -> Any:
    """Return the room that draws sheets; matplotlib loads with it."""
    try:
        return importlib.import_module("lifecircle.outputs.sheets")
    except ImportError as error:
        raise OutputError(say("sheets", "error.no_plot", language)) from error


def draw_sheets(
    assessment: Assessment,
    folder: str | Path,
    formats: Iterable[str] = ("pdf",),
    **choices: Any,
) -> SheetSet:
    """Write map sheets on paper (A3, to scale) into ``folder``.

    See :func:`lifecircle.outputs.sheets.draw_sheets` for the choices; it needs the extra
    ``plot``.

    Raises
    ------
    OutputError
        The extra is not installed, no font prints Chinese, nothing has a position, or a file cannot
        be written.
    """
    module = _sheets(choices.get("language") or assessment.language)
    written: SheetSet = module.draw_sheets(assessment, folder, formats, **choices)
    return written


def write_map(
    assessment: Assessment,
    path: Path,
    *,
    basemap: Basemap | None = None,
    earlier: Earlier | None = None,
) -> Path:
    """Write the map page as ``draw_map`` does; ``earlier`` keeps another that is there."""
    from lifecircle.outputs.maps import draw_map  # noqa: PLC0415 - the map's libraries load here

    with whole_files(path.parent, earlier=earlier) as part:
        draw_map(assessment, part / path.name, basemap=basemap)
    return path


def write_sheets(
    assessment: Assessment,
    folder: Path,
    formats: Iterable[str],
    *,
    earlier: Earlier | None = None,
    **choices: Any,
) -> SheetSet:
    """Write map sheets as ``draw_sheets`` does; ``earlier`` keeps others that are there."""
    with whole_files(folder, earlier=earlier) as part:
        drawn = draw_sheets(assessment, part, formats, **choices)
    files = tuple(folder / file.relative_to(part) for file in drawn.files)
    return dataclasses.replace(drawn, files=files)


def write_comparison(
    comparison: Comparison, folder: str | Path, *, earlier: Earlier | None = None
) -> dict[str, Path]:
    """Write ``compare.json``, ``compare.xlsx`` and the map ``compare.html`` into ``folder``.

    ``earlier`` keeps another comparison that is there; by default it is replaced.

    Returns
    -------
    dict
        Output name (``json``, ``workbook``, ``map``) → path.

    Raises
    ------
    OutputError
        A file cannot be written; then none is, and former ones stand as they were.
    """
    with whole_files(Path(folder), last=COMPARISONS["json"][0], earlier=earlier) as part:
        for file, module, function in COMPARISONS.values():
            getattr(importlib.import_module(module), function)(comparison, part / file)
    return {name: Path(folder) / file for name, (file, _, _) in COMPARISONS.items()}


def write_score(
    score: Score, folder: str | Path, *, earlier: Earlier | None = None
) -> dict[str, Path]:
    """Write ``score.xlsx`` and ``score.json`` into ``folder``; return ``form`` and ``json`` → path.

    ``earlier`` keeps another form that is there, or one somebody worked in; by default it is
    replaced.

    Raises
    ------
    OutputError
        A file cannot be written; then none is, and former ones stand as they were.
    """
    from lifecircle.outputs.form.book import write_score_book  # noqa: PLC0415 - loads openpyxl
    from lifecircle.outputs.saved.score_json import write_score_json  # noqa: PLC0415

    with whole_files(Path(folder), last="score.json", earlier=earlier) as part:
        write_score_book(score, part / "score.xlsx")
        write_score_json(score, part / "score.json")
    return {"form": Path(folder) / "score.xlsx", "json": Path(folder) / "score.json"}


def write_postgis(assessment: Assessment, url: str, schema: str = "lifecircle") -> tuple[str, ...]:
    """Write the layers, tables and document to a PostGIS schema; return the tables' names.

    See :func:`lifecircle.outputs.saved.postgis.write_postgis`; it needs the extra ``db``.

    Raises
    ------
    OutputError
        The extra is not installed, or the database refuses; nothing was changed in it.
    """
    try:
        module = importlib.import_module("lifecircle.outputs.saved.postgis")
    except ImportError as error:
        raise OutputError(f'{error.name}: pip install "lifecircle[db]"') from error
    written: tuple[str, ...] = module.write_postgis(assessment, url, schema)
    return written


def __getattr__(name: str) -> Any:
    if name in {"read_edits", "write_edits"}:
        module = importlib.import_module("lifecircle.outputs.saved.plans.edits_json")
        return getattr(module, f"{name}_json")
    if name == "write_sites":
        return importlib.import_module("lifecircle.outputs.sites.folder").write_sites
    if name == "write_handover":
        return importlib.import_module("lifecircle.outputs.handover.folder").write_handover
    if name == "write_review":
        return importlib.import_module("lifecircle.outputs.opinion.folder").write_review
    if name == "write_papers":
        return importlib.import_module("lifecircle.outputs.report.papers").write_papers
    if name == "draw_map":
        # the map's libraries load only when a map is drawn
        return importlib.import_module("lifecircle.outputs.maps").draw_map
    raise AttributeError(f"module 'lifecircle.outputs' has no attribute {name!r}")
