"""An empty study on disk: ``study.toml`` and a workbook to fill in."""

from __future__ import annotations

import json
from fnmatch import fnmatch
from typing import TYPE_CHECKING

from lifecircle.errors import OutputError
from lifecircle.model.inputs.template import TEMPLATE_LAYERS
from lifecircle.outputs.template.book import template_bytes
from lifecircle.outputs.template.columns import worksheet_name
from lifecircle.outputs.whole import whole_files, whole_folder
from lifecircle.outputs.words.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from lifecircle.model.inputs.template import Template

__all__ = ["write_template"]

_STUDY = "study.toml"
_PLACED = {"residential", "facilities", "units", "candidates", "gates"}
"""Layers whose lon and lat are read in the datum of the template."""


def write_template(template: Template, folder: Path, own: Path | None = None) -> tuple[Path, ...]:
    """Write the study file and the workbook into ``folder`` and return their paths.

    Parameters
    ----------
    own
        The user's own standard, copied beside them; None for one of the library.

    Raises
    ------
    OutputError
        It is a file, has files in it already, or cannot be written.
    """
    words = Wording(template.language, "init")
    book = words.say("file")
    files = {book: template_bytes(template)}
    try:
        if own is not None:
            files[own.name] = own.read_bytes()
        files[_STUDY] = _study(template, book, words).encode("utf-8")
        there = folder.exists()
        taken = there and (not folder.is_dir() or _taken(folder, files))
    except OSError as error:  # a name too long, a folder that may not be looked into
        raise OutputError.of(folder, error) from error
    if taken:
        raise OutputError(f"{folder}")
    # a folder that is there may be the one the user stands in: it is filled, not replaced
    with whole_files(folder, last=_STUDY) if there else whole_folder(folder) as new:
        for name, content in files.items():
            (new / name).write_bytes(content)
    return folder / _STUDY, folder / book


def _taken(folder: Path, files: Mapping[str, bytes]) -> bool:
    """Return whether a folder holds more than what a run of this command that was killed left."""
    return any(
        not (
            fnmatch(one.name, ".*.part")
            or (one.name in files and one.name != _STUDY and one.read_bytes() == files[one.name])
        )
        for one in folder.iterdir()
    )


def _study(template: Template, book: str, words: Wording) -> str:
    lines = [
        f"# {words.say('study.comment', title=template.title)}",
        "[study]",
        f"name = {_text(words.say('study.name', county=template.county_name))}",
        f"county = {_text(template.county)}",
        f"standard = {_text(template.standard)}",
        f"as_of = {template.as_of.isoformat()}",
        f"language = {_text(template.language)}",
    ]
    for layer in TEMPLATE_LAYERS:
        lines += ["", f"[layers.{layer}]", f"path = {_text(book)}"]
        lines.append(f"sheet = {_text(worksheet_name(layer, words))}")
        if layer in _PLACED:
            lines.append(f"coordinates = {_text(template.coordinates)}")
    lines += ["", *(f"# {line}" for line in words.say("study.streets").splitlines())]
    return "\n".join(lines) + "\n"


def _text(value: str) -> str:
    """Return a text as TOML has it: a JSON string is one."""
    return json.dumps(value, ensure_ascii=False)
