"""An empty study on disk: ``study.toml`` and a workbook to fill in."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

from lifecircle.errors import OutputError
from lifecircle.model.inputs.template import TEMPLATE_LAYERS
from lifecircle.outputs.template.book import template_bytes
from lifecircle.outputs.template.columns import worksheet_name
from lifecircle.outputs.whole import whole_file
from lifecircle.outputs.words.wording import Wording

if TYPE_CHECKING:
    from pathlib import Path

    from lifecircle.model.inputs.template import Template

__all__ = ["write_template"]

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
    try:
        taken = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    except OSError as error:  # a name too long, a folder that may not be looked into
        raise OutputError.of(folder, error) from error
    if taken:
        raise OutputError(f"{folder}")
    words = Wording(template.language, "init")
    book, study = folder / words.say("file"), folder / "study.toml"
    with whole_file(book) as part:
        part.write_bytes(template_bytes(template))
    if own is not None:
        shutil.copyfile(own, folder / own.name)
    with whole_file(study) as part:
        part.write_text(_study(template, book.name, words), encoding="utf-8", newline="\n")
    return study, book


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
