"""Whether a county's result is there already: what it rests on, and what was written."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import lifecircle
from lifecircle.errors import LifecircleError
from lifecircle.intake.digests import input_digests, named_standards
from lifecircle.model.results.county_run import CountyRun, RunState, spoken_lines
from lifecircle.outputs.saved.json_text import plain, write_json_text
from lifecircle.standards import read_scenario, read_standard

if TYPE_CHECKING:
    from lifecircle.batch.roster import Errand

__all__ = ["MANIFEST", "finished", "standing", "write_manifest"]

MANIFEST = "manifest.json"
_DOCUMENT = "assessment.json"
_BLOCK = 1 << 20


def standing(errand: Errand) -> str | None:
    """Return the SHA-256 of all that a county's result rests on; None: it cannot be told.

    The files it reads, the study file with its parameters, the day, the documents with what they
    inherit, the scenario, the stage, and the version of the program.
    """
    inputs = input_digests(errand.study)
    if inputs is None:
        return None
    names = errand.standards or named_standards(errand.study)
    told = {
        "version": lifecircle.__version__,
        "inputs": inputs,
        "standards": {name: _standard(name) for name in names},
        "stage": errand.stage,
        "scenario": None if errand.scenario is None else _scenario(errand.scenario),
    }
    text = json.dumps(told, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def finished(name: str, folder: Path, stands: str | None) -> CountyRun | None:
    """Return what became of a county whose folder holds the result of what ``standing`` told.

    None where it is not there, not whole, or of something else. Files that were opened and saved
    since are still there; a result whose document was replaced by another run's is not this one.
    """
    manifest = _manifest(folder)
    if stands is None or manifest.get("standing") != stands:
        return None
    files, about = manifest.get("files"), manifest.get("run")
    if not isinstance(files, dict) or not isinstance(about, dict) or _DOCUMENT not in files:
        return None
    lines = about.get("lines", [])
    if not isinstance(lines, list):  # damaged
        return None
    there = all((folder / name).is_file() for name in files)
    if not there or files[_DOCUMENT] != _sha256(folder / _DOCUMENT):
        return None
    partial = about.get("state") == RunState.PARTIAL
    return CountyRun(
        name,
        RunState.PARTIAL if partial else RunState.DONE,
        reused=True,
        reason=str(about.get("reason", "")),
        lines=tuple(map(str, lines)),
        standing=stands,
        spoken=spoken_lines(about),
    )


def write_manifest(folder: Path, stands: str | None, about: dict[str, Any]) -> None:
    """Write which files a county's folder has, what they rest on, and how they came about.

    ``about``: what differs from run to run (when, how long, on which attempt).

    Raises
    ------
    OutputError
        It cannot be written; then the result counts as not there.
    """
    document = {
        "version": lifecircle.__version__,
        "standing": stands,
        "files": _files(folder),
        "run": about,
    }
    write_json_text(document, folder / MANIFEST)


def _files(folder: Path) -> dict[str, str]:
    """Return name → SHA-256 of the files of the result; kept earlier ones are not of it."""
    found = {}
    for file in sorted(folder.iterdir()):
        if file.is_file() and file.name != MANIFEST and not file.name.startswith("."):
            found[file.name] = _sha256(file)
    lists = folder / "rectification"
    for file in sorted(lists.glob("*.xlsx")) if lists.is_dir() else ():
        found[f"{lists.name}/{file.name}"] = _sha256(file)
    return found


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _standard(name: str) -> str:
    """Return the SHA-256 of a document with all it inherits; of one that is wrong, of its file."""
    said: Any = None
    try:
        said = plain(read_standard(name))
    except LifecircleError:
        file = Path(name)
        said = _sha256(file) if file.is_file() else name
    text = json.dumps(said, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _scenario(file: Path) -> Any:
    try:
        return plain(read_scenario(file))
    except LifecircleError:
        return _sha256(file) if file.is_file() else None


def _sha256(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
