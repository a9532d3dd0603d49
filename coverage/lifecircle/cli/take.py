"""``lifecircle check --take``: a corrected copy of a ledger handed back."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.table import Table
from rich.text import Text

from lifecircle.cli.console import fail, print_json, screen, shown_path
from lifecircle.cli.language import listed, own_language, tell
from lifecircle.cli.shell.failures import failure_text
from lifecircle.errors import OutputError, file_refusal
from lifecircle.texts import word

if TYPE_CHECKING:
    from lifecircle.outputs.checkup.take import Taken

__all__ = ["take"]

_LISTED = 30


def take(copy: Path, study: Path | None, *, as_json: bool) -> None:
    """Make a copy's corrections its ledger's and say which; leave with 2 where nothing is done."""
    from lifecircle.outputs import take_copy  # noqa: PLC0415 - loads pandas
    from lifecircle.sources.guards import check_content  # noqa: PLC0415
    from lifecircle.sources.raw import SourceError  # noqa: PLC0415

    try:
        check_content(copy)
        taken = take_copy(copy, _ledgers(study), own_language())
    except OutputError as error:  # it is an OSError too
        held = error.place if error.refusal == "denied" else None
        fail(failure_text(error) if held is None else tell("take.held", file=shown_path(held)))
    except (OSError, SourceError) as error:
        fail(_unread(copy, error))
    if as_json:
        print_json(
            {
                "ledger": str(taken.ledger),
                "backup": None if taken.backup is None else str(taken.backup),
                "cells": [
                    {"sheet": c.sheet, "cell": c.cell, "before": c.before, "after": c.after}
                    for c in taken.changes
                ],
                "rows": [
                    {"sheet": r.sheet, "removed": list(r.removed), "added": list(r.added)}
                    for r in taken.rows
                ],
                "new_sheets": list(taken.new_sheets),
                "uncomputed": taken.uncomputed,
            }
        )
        return
    _say(taken, study)


def _unread(copy: Path, error: Exception) -> str:
    """Return why nothing is read: there is no copy, or the system will not open what is there."""
    refusal = file_refusal(error) if isinstance(error, OSError) else "missing"
    if refusal in {"missing", "not_a_file", "not_a_folder"}:
        return tell("take.missing", copy=str(copy))
    named = getattr(error, "filename", None)
    file = copy if named is None else Path(os.fsdecode(named))
    return f"{shown_path(file)}: {word('detail', f'file_{refusal}', own_language())}"


def _ledgers(study: Path | None) -> list[Path]:
    """Return the files of a study that may have been marked; none where no study is named."""
    if study is None:
        return []
    from lifecircle.intake import inspect_study  # noqa: PLC0415 - geopandas loads here

    found = inspect_study(study, own_language())
    return [path for path in found.files.values() if path.is_file()]


def _say(taken: Taken, study: Path | None) -> None:
    console = screen()
    ledger = shown_path(taken.ledger)
    if taken.backup is None:
        console.print(Text(tell("take.nothing", ledger=ledger)), soft_wrap=True)
    else:
        _say_changes(taken)
        kept = shown_path(taken.backup)
        done = tell("take.done", count=len(taken.changes), ledger=ledger, backup=kept)
        console.print(Text(done, style="green"), soft_wrap=True)
    if taken.new_sheets:
        said = tell("take.new_sheets", names=list(taken.new_sheets))
        console.print(Text(f"▲ {said}", style="yellow"), soft_wrap=True)
    if taken.uncomputed:
        said = tell("take.uncomputed", count=taken.uncomputed)
        console.print(Text(f"▲ {said}", style="yellow"), soft_wrap=True)
    home = shown_path(taken.ledger.parent) if study is None else str(study)
    typer.echo(tell("take.next", study=home))


def _say_changes(taken: Taken) -> None:
    """Print the corrected cells, and the rows that were taken out or put in."""
    console = screen()
    table = Table()
    for name in ("sheet", "cell", "before", "after"):
        table.add_column(tell(f"take.{name}"), overflow="fold")
    for one in taken.told[:_LISTED]:
        before, after = ("" if v is None else str(v) for v in (one.before, one.after))
        table.add_row(Text(one.sheet), one.cell, Text(before), Text(after))
    if taken.told:
        console.print(table)
    rest = len(taken.told) - _LISTED
    if rest > 0:
        console.print(Text(tell("take.more", rest=rest), style="dim"))
    for rows in taken.rows:
        for what, numbers in (("removed", rows.removed), ("added", rows.added)):
            if numbers:
                names = listed([str(number) for number in numbers], _LISTED)
                said = tell(f"take.rows_{what}", sheet=rows.sheet, count=len(numbers), rows=names)
                console.print(Text(said), soft_wrap=True)
