"""A street file put, once and for all, into the form that needs no parsing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.errors import StudyError
from lifecircle.intake.streets.lines import read_or_refuse
from lifecircle.model.problem import Problem, ProblemCode, Severity
from lifecircle.sources.osm_file import OSM_SUFFIXES, is_overpass
from lifecircle.sources.streets.packed import built_from_osm, is_built, write_built_streets

if TYPE_CHECKING:
    from pathlib import Path

    from lifecircle.model.inputs.streets import StreetLines

__all__ = ["build_streets"]


def build_streets(path: Path, out: Path, layer: str | None = None) -> StreetLines:
    """Read a street file and write what it holds to ``out``, whole or not at all.

    A study may name ``out`` (ending ``.streets``) where it named the file: the result is the same.
    It is in the file's own coordinates, so that one serves studies of every projection.

    Parameters
    ----------
    path
        Any street file of :func:`lifecircle.intake.streets.lines.read_streets`.
    layer
        Layer of a file that has several; the first with lines by default.

    Returns
    -------
    StreetLines
        What was written.

    Raises
    ------
    StudyError
        The file cannot be read, or holds no streets; ``problems`` says why.
    FileExistsError
        ``out`` is there and is no such file.
    OSError
        It cannot be written.
    """
    if out.exists() and not is_built(out):
        raise FileExistsError(str(out))
    source, problems = read_or_refuse(path, layer)
    if source is None or not len(source.lines):
        none = Problem(ProblemCode.STREETS_EMPTY, Severity.ERROR, {}, "streets", path.name)
        raise StudyError(path.name, problems or (none,))
    named = path.name.lower().endswith((*OSM_SUFFIXES, ".graphml"))
    write_built_streets(out, source, osm=named or is_overpass(path) or built_from_osm(path))
    return source.lines
