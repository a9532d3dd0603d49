"""Why a county has no result: a code for scripts, and lines for whoever has to mend it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lifecircle.errors import (
    LifecircleError,
    OutputError,
    StandardError,
    StudyError,
    UnknownNameError,
    fault_place,
    file_refusal,
    out_of_memory,
)
from lifecircle.model.problem import Severity, describe
from lifecircle.model.results.county_run import CountyRun, RunState
from lifecircle.texts import LANGUAGES, known, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lifecircle.model.problem import Problem

__all__ = ["failed", "problem_line", "trouble", "troubled"]

_MOST = 20
"""Problems that are named; the study's own check names all."""


def trouble(error: BaseException, home: Path, language: str) -> tuple[str, tuple[str, ...]]:
    """Return the code and the lines of what kept a county from its result.

    Codes: ``study`` (its data), ``standard``, ``name``, ``output`` (a file that cannot be
    written), ``memory``, ``fault`` (of the program). Paths are told relative to ``home``.
    """
    if isinstance(error, LifecircleError):
        return _of_ours(error, home, language)
    if out_of_memory(error):
        return "memory", (say("batch", "trouble.memory", language),)
    if isinstance(error, OSError):
        place = None if error.filename is None else Path(os.fsdecode(error.filename))
        return "output", (_refused(file_refusal(error), place, home, language),)
    return "fault", (say("batch", "trouble.fault", language, where=fault_place(error)),)


def failed(name: str, reason: str, code: str, language: str, **params: Any) -> CountyRun:
    """Return a county that failed for what no error of its own tells: its worker died, say."""
    spoken = {one: (say("batch", f"trouble.{code}", one, **params),) for one in LANGUAGES}
    return CountyRun(name, RunState.FAILED, reason=reason).having(spoken, language)


def troubled(name: str, error: BaseException, home: Path, language: str) -> CountyRun:
    """Return a county that an error kept from its result, told in every language."""
    spoken = {one: trouble(error, home, one)[1] for one in LANGUAGES}
    reason = trouble(error, home, language)[0]
    return CountyRun(name, RunState.FAILED, reason=reason).having(spoken, language)


def _of_ours(error: LifecircleError, home: Path, language: str) -> tuple[str, tuple[str, ...]]:
    if isinstance(error, StudyError) and error.problems:
        return "study", _problems(error.problems, language)
    if isinstance(error, StandardError):
        return "standard", error.told(language)
    if isinstance(error, UnknownNameError):
        return "name", (_unknown(error, language),)
    if isinstance(error, OutputError) and error.refusal is not None:
        told = _refused(error.refusal, error.place, home, language)
        if error.aside is None:
            return "output", (told,)
        aside = _within(error.aside, home)
        return "output", (told, say("cli", "file_refused.aside", language, folder=aside))
    return "output" if type(error) is OutputError else "study", (str(error),)


def _unknown(error: UnknownNameError, language: str) -> str:
    """Return which name is not known, and what may be meant, as the command line says it."""
    what = f"what.{error.what}"
    named = say("cli", what, language) if known("cli", what) else error.what
    told = {"what": named, "name": error.name, "known": list(error.known[:_MOST])}
    near = say("cli", "typer.near", language, near=[error.nearest]) if error.nearest else ""
    return say("cli", "unknown_name", language, **told) + near


def _problems(problems: Sequence[Problem], language: str) -> tuple[str, ...]:
    wrong = [problem for problem in problems if problem.severity is Severity.ERROR]
    lines = [problem_line(problem, language) for problem in wrong[:_MOST]]
    if len(wrong) > _MOST:
        lines.append(say("batch", "trouble.more", language, count=len(wrong) - _MOST))
    return tuple(lines)


def problem_line(problem: Problem, language: str) -> str:
    """Return a problem in one line: the file and row, and what is wrong."""
    row = None if problem.row is None else say("batch", "trouble.row", language, row=problem.row)
    where = " ".join(part for part in (problem.file, row) if part)
    what = describe(problem, language)["what"]
    return f"{where}: {what}" if where else what


def _refused(refusal: str, place: Path | None, home: Path, language: str) -> str:
    told = "–" if place is None else _within(place, home)
    return say("cli", f"file_refused.{refusal}", language, place=told)


def _within(place: Path, home: Path) -> str:
    inside = place.is_absolute() and place.is_relative_to(home)
    return str(place.relative_to(home)) if inside else place.name
