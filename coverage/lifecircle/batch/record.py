"""``batch.json``: what became of each county, for the next run and for scripts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import lifecircle
from lifecircle.model.results.county_run import CountyRun, RunState, spoken_lines
from lifecircle.outputs.saved.json_text import plain, write_json_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["RECORD", "read_record", "record_document", "write_record"]

RECORD = "batch.json"
_SCHEMA = 1


def record_document(runs: Iterable[CountyRun], died: int) -> dict[str, Any]:
    """Return the record of a batch: counts of states, workers that died, each county."""
    every = list(runs)
    counts = {str(state): sum(run.state is state for run in every) for state in RunState}
    return {
        "schema": _SCHEMA,
        "version": lifecircle.__version__,
        "counts": counts,
        "reused": sum(run.reused for run in every),
        "workers_died": died,
        "counties": plain(every),
    }


def write_record(folder: Path, runs: Iterable[CountyRun], died: int) -> Path:
    """Write the record and return its path.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    return write_json_text(record_document(runs, died), folder / RECORD)


def read_record(folder: Path) -> dict[str, CountyRun]:
    """Return county → what became of it in the run before; empty where nothing can be read."""
    try:
        document = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        rows = document["counties"] if document["schema"] == _SCHEMA else []
        runs = [_run(row) for row in rows]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
    return {run.name: run for run in runs}


def _run(row: dict[str, Any]) -> CountyRun:
    return CountyRun(
        str(row["name"]),
        RunState(row["state"]),
        reused=bool(row["reused"]),
        reason=str(row["reason"]),
        lines=tuple(map(str, row["lines"])),
        standing=row["standing"],
        attempts=int(row["attempts"]),
        seconds=float(row["seconds"]),
        cpu_seconds=float(row["cpu_seconds"]),
        peak_mib=row["peak_mib"],
        spoken=spoken_lines(row),
    )
