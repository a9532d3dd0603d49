"""What a study reads, told without reading it: whether a result that is there still stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.errors import LifecircleError
from lifecircle.intake.settings.file import read_study_file
from lifecircle.sources.raw import SourceError
from lifecircle.sources.tables.files import fingerprint

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["input_digests", "named_standards"]

_ABSENT = "absent"


def input_digests(path: Path) -> dict[str, str] | None:
    """Return what a study's result rests on of its own: key → SHA-256, or a setting as it is.

    Of the study file, and of every file and database table it names; a file that is not there is
    ``absent``. ``as_of`` is the day it is judged on, which may be today. None where that cannot
    be told without a full reading: streets that are downloaded, a database that does not answer.

    Parameters
    ----------
    path
        ``study.toml``.
    """
    if not path.is_file():
        return {"study": _ABSENT}
    found = {"study": fingerprint(path)}
    file, _ = read_study_file(path)
    if file is None:
        return found
    found["as_of"] = file.heading.as_of.isoformat()
    for layer in type(file.layers).model_fields:
        options = getattr(file.layers, layer)
        if options is None:
            continue
        if not options.paths:
            return None
        for part in (options, getattr(options, "shapes", None)):
            for written in () if part is None else part.paths:
                table = getattr(part, "layer", None)
                digest = _digest(file.source(written), table if isinstance(table, str) else None)
                if digest is None:
                    return None
                found[f"{layer}:{written}"] = digest
    return found


def named_standards(path: Path) -> tuple[str, ...]:
    """Return the standards a study names, its own files resolved; none where it is unusable."""
    file, _ = read_study_file(path)
    return () if file is None else file.standards


def _digest(source: Path | str, table: str | None) -> str | None:
    if not isinstance(source, str) and not source.exists():
        return _ABSENT
    try:
        return fingerprint(source, table)
    except (LifecircleError, SourceError, OSError, ImportError):
        return None
