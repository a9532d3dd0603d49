"""Where results go by default, and what is said of those that were there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from lifecircle.cli.console import screen, shown_path
from lifecircle.cli.language import help_text, own_language, tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lifecircle.outputs.earlier import Earlier

__all__ = ["Replace", "default_home", "keeper", "say_kept"]

Replace = Annotated[bool, typer.Option("--replace", help=help_text("replace"))]
_STUDY = "study"
"""The usual name of a study's file; another one is part of its folder's name."""


def default_home(
    study: Path,
    language: str,
    *,
    standards: Sequence[str] = (),
    scenario: str | None = None,
    planned: str | None = None,
    tried: bool = False,
    stage: str = "now",
) -> Path:
    """Return the folder of a study's results: its name, and what makes these others than usual.

    Parameters
    ----------
    study
        The study's file.
    language
        Of the word for the planned view.
    standards
        Names of other documents than the study's own.
    scenario, stage
        As the result has them.
    planned
        The clause of a siting plan that is taken as built.
    tried
        Whether edits were made.
    """
    from lifecircle.outputs.earlier import safe_name  # noqa: PLC0415 - not for --help

    parts = [study.resolve().parent.name]
    if study.stem != _STUDY:
        parts.append(study.stem)
    if standards:
        parts.append("+".join(Path(name).stem if "/" in name else name for name in standards))
    if scenario is not None:
        parts.append(scenario)
    if planned is not None:
        parts.append(tell("home.sites", language, clause=planned))
    if tried:
        parts.append(tell("home.edits", language))
    if stage != "now":
        parts.append(tell(f"home.{stage}", language))
    return Path("maps") / "out" / safe_name("-".join(parts))


def keeper(language: str, *, replace: bool) -> Earlier | None:
    """Return what keeps results that are there; with ``--replace`` nothing does."""
    from lifecircle.outputs.earlier import Earlier  # noqa: PLC0415 - not for --help

    return None if replace else Earlier(language)


def say_kept(earlier: Earlier | None, *, as_json: bool = False) -> None:
    """Say which results were there and where they are now; beside JSON on stderr."""
    for kept in () if earlier is None else earlier.kept:
        code = "kept.run" if kept.whole else "kept.files"
        names = [name.as_posix() for name in kept.names]
        told = tell(code, own_language(), folder=shown_path(kept.folder), names=names)
        screen(stderr=as_json).print(Text(f"▲ {told}", style="yellow"), soft_wrap=True)
