"""The hand-over as files, named 县名_成果_日期, whole or absent."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from lifecircle.errors import UnknownNameError
from lifecircle.model.gazetteer import county_name
from lifecircle.outputs.earlier import safe_name
from lifecircle.outputs.handover import evidence, exchange, findings_csv, schedule
from lifecircle.outputs.handover.forms import MOST, write_field_sheets
from lifecircle.outputs.whole import whole_files
from lifecircle.outputs.words.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.whole import Keeper

__all__ = ["FOR_OFFICES", "PARTS", "file_stem", "write_handover"]

FOR_OFFICES = ("field", "schedule", "evidence", "csv")
"""What is written where nothing is chosen."""
PARTS = (*FOR_OFFICES, "shapefile", "gdb")


def file_stem(assessment: Assessment, part: str, words: Wording) -> str:
    """Return the name of a file without its ending: county, product, day.

    A county whose name does not ship is called as the study is.
    """
    known = county_name(assessment.county).get(words.language, assessment.county)
    county = assessment.study if known == assessment.county else known
    day = assessment.as_of.isoformat()
    return safe_name(f"{safe_name(county)[:40]}_{words.say(f'file.{part}')}_{day}")


def write_handover(
    assessment: Assessment,
    folder: str | Path,
    only: Iterable[str] = FOR_OFFICES,
    *,
    font: Path | None = None,
    most: int = MOST,
    earlier: Keeper | None = None,
    progress: Callable[..., None] | None = None,
) -> dict[str, Path]:
    """Write the hand-over into ``folder`` and return part → path.

    Parameters
    ----------
    only
        Out of ``PARTS``: ``field`` (field sheets, PDF and workbook), ``schedule`` (of every town,
        month by month), ``evidence`` (list of papers), ``csv`` (findings), ``shapefile`` (GBK,
        with a dictionary of its fields), ``gdb`` (file geodatabase, the same).
    font
        Font file of the field sheets; None: the first Chinese font found on the system.
    most
        Places that have a field sheet of their own, those of the towns in order; the list of
        places has all.
    earlier
        Keeps files that are there, or that somebody worked in; by default they are replaced.
    progress
        Called before each part, ``("handover", n=1, of=6)``, and before each form that is drawn,
        ``("form", n=1, of=200)``; both count from one.

    Raises
    ------
    UnknownNameError
        ``only`` names something else.
    OutputError
        A file cannot be written, or the field sheets cannot be drawn; then none is, and former
        ones stand as they were.
    """
    chosen = tuple(dict.fromkeys(only))
    for name in chosen:
        if name not in PARTS:
            raise UnknownNameError("output", name, PARTS)
    words = Wording.of(assessment, "handover")
    target = Path(folder)
    with whole_files(target, former=_former(assessment, target, words), earlier=earlier) as part:
        written: dict[str, Path] = {}
        for number, name in enumerate(chosen, start=1):
            if progress is not None:
                progress("handover", n=number, of=len(chosen))
            if name == "field":
                stem = file_stem(assessment, "field", words)
                places = (part / f"{stem}.pdf", part / f"{stem}.xlsx")
                how: dict[str, Any] = {"most": most, "font": font, "progress": progress}
                written |= write_field_sheets(assessment, *places, words, **how)
            else:
                file, write = _WRITERS[name]
                place = part / file(assessment, name, words)
                write(assessment, place, words)
                written[name] = place
    return {name: target / place.relative_to(part) for name, place in written.items()}


def _former(assessment: Assessment, folder: Path, words: Wording) -> list[Path]:
    """Return the files of former layers of the same name: those of two runs must not mix."""
    found: list[Path] = []
    for name in ("shapefile", "gdb"):
        there = folder / _WRITERS[name][0](assessment, name, words)
        if there.is_dir():
            found += sorted(path for path in there.iterdir() if path.is_file())
    return found


def _named(ending: str) -> Callable[[Assessment, str, Wording], str]:
    return lambda assessment, part, words: f"{file_stem(assessment, part, words)}{ending}"


_Writer = tuple["Callable[[Assessment, str, Wording], str]", "Callable[..., Any]"]
_WRITERS: dict[str, _Writer] = {
    "schedule": (_named(".xlsx"), schedule.write_schedule),
    "evidence": (_named(".xlsx"), evidence.write_evidence),
    "csv": (lambda *_: "findings.csv", findings_csv.write_findings_csv),
    "shapefile": (_named(""), exchange.write_shapefiles),
    "gdb": (_named(".gdb"), exchange.write_geodatabase),
}
"""Part → what names its file, and what writes it."""
