"""Streets of a study that names a place instead of a file."""

from __future__ import annotations

from pathlib import Path

from lifecircle.model.problem import Problem, ProblemCode, Severity
from lifecircle.sources.raw import SourceError, reader_detail
from lifecircle.sources.streets.place_download import download_streets

__all__ = ["place_streets"]


def place_streets(place: str) -> tuple[Path | None, tuple[Problem, ...]]:
    """Return the file with the streets of a place, and where they come from or why there is none.

    The file is kept: another run reads the same streets and asks nobody.
    """
    try:
        kept = download_streets(place)
    except SourceError as error:
        return None, (Problem(error.code, Severity.ERROR, error.params, "streets"),)
    except OSError as error:  # the cache's folder cannot be written
        detail = {"detail": reader_detail(error)}
        return None, (Problem(ProblemCode.FILE_UNREADABLE, Severity.ERROR, detail, "streets"),)
    said = {"place": place, "kept": _shown(kept)}
    return kept, (Problem(ProblemCode.STREETS_DOWNLOADED, Severity.INFO, said, "streets"),)


def _shown(path: Path) -> str:
    """Return a path without the name of whoever's home it is in."""
    home = Path.home()
    return f"~/{path.relative_to(home).as_posix()}" if path.is_relative_to(home) else str(path)
