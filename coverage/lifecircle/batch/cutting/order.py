"""The list of a batch that names a province's own files: what is cut, and into which counties."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from lifecircle.errors import BatchError
from lifecircle.intake.settings.file import read_study_file
from lifecircle.intake.settings.schema import UnitOptions
from lifecircle.model.problem import describe
from lifecircle.sources.database import is_database

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from lifecircle.intake.settings.file import StudyFile

__all__ = ["CUT", "MARGIN_M", "County", "Order", "names_shared_files", "read_order"]

CUT = (
    *("residential", "facilities", "units", "candidates", "streets", "gates", "buildings"),
    *("exemptions", "indicators", "evidence", "travel"),
)
"""Layers that are cut; a list that names others is refused."""
MARGIN_M = 5000.0
"""How far beyond a county's line streets, and facilities over it, are handed to it."""
_TABLES = frozenset(
    {"study", "layers", "parameters", "readings", "aliases", "map", "cut", "county"}
)
_CODE = re.compile(r"\d{6}")
_OWN = frozenset({"code", "name", "standard", "stage", "scenario", "crs", "as_of", "banners"})

Mistakes = list[tuple[str, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class County:
    """One county of the list: its code, its name, and what its row says of its own."""

    code: str
    name: str
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """What is cut into what.

    Parameters
    ----------
    file
        The list, read as the study file of the whole: its layers with their options.
    content
        The same as plain values.
    outlines
        Where the counties' outlines stand, if not in the units.
    margin_m
        Metres beyond a county's line.
    county_header
        What the column is called that says whose a row is; None: by the usual names.
    """

    file: StudyFile
    content: Mapping[str, Any]
    counties: tuple[County, ...]
    outlines: UnitOptions | None
    margin_m: float
    county_header: str | None = None

    def study_of(self, county: County, paths: Mapping[str, str]) -> dict[str, Any]:
        """Return the study file of a county as plain values; ``paths``: layer → its file."""
        heading = {"name": county.name, **self.content.get("study", {}), "county": county.code}
        heading |= {"name": county.name}
        for key in ("standard", "crs", "as_of", "banners"):
            if key in county.row:
                heading[key] = county.row[key]
        heading["standard"] = [
            name if not name.lower().endswith((".toml", ".xlsx")) else str(self.file.resolve(name))
            for name in _listed(heading.get("standard"))
        ]
        if any(name.lower().endswith((".toml", ".xlsx")) for name in heading["standard"]):
            heading["allow_outside"] = True  # rules of the province's own stand beside the list
        layers = {}
        for layer, path in paths.items():
            options = dict(self.content["layers"][layer])
            gone = {"path", "sheet", "layer", "encoding", "place"}
            layers[layer] = {"path": path, **{k: v for k, v in options.items() if k not in gone}}
        rest = {k: self.content[k] for k in ("parameters", "readings", "map") if k in self.content}
        aliases = self.content.get("aliases", {})
        return {
            "study": heading,
            "layers": layers,
            **rest,
            **({"aliases": aliases} if aliases else {}),
        }


def names_shared_files(content: Mapping[str, Any]) -> bool:
    """Return whether a list names files that its counties share."""
    return "layers" in content


def read_order(path: Path, content: Mapping[str, Any], language: str) -> Order:
    """Check a list that names shared files.

    Raises
    ------
    BatchError
        It cannot be used; every mistake at once.
    """
    counties, wrong = _counties(content.get("county"))
    if not counties and not wrong:
        raise BatchError("list_empty", place=path.name)
    wrong += [("shared_key", {"key": key}) for key in sorted(set(content) - _TABLES)]
    layers = content.get("layers")
    strange = set(layers if isinstance(layers, dict) else ()) - set(CUT)
    wrong += [("shared_layer", {"layer": name, "known": list(CUT)}) for name in sorted(strange)]
    outlines, margin, header, found = _cut(content.get("cut", {}))
    whole = _whole(content, counties[0].code if counties else "370000")
    file, problems = read_study_file(path, whole)
    wrong += [*found, *(_not_files(file) if file is not None else ())]
    if file is None:
        wrong += [("shared_study", {"told": describe(one, language)["what"]}) for one in problems]
    if wrong or file is None:
        raise BatchError("list_wrong", wrong, place=path.name, count=len(wrong))
    return Order(file, whole, tuple(counties), outlines, margin, header)


def _whole(content: Mapping[str, Any], code: str) -> dict[str, Any]:
    """Return the list as the study file of the whole, with a county's code for all of them."""
    whole = {key: value for key, value in content.items() if key not in {"cut", "county"}}
    layers = whole.get("layers")
    if isinstance(layers, dict):  # those that are not cut are told apart from this
        whole["layers"] = {name: said for name, said in layers.items() if name in CUT}
    study = whole.get("study")
    study = study if isinstance(study, dict) else {}
    return {**whole, "study": {"name": "-", **study, "county": code}}


def _counties(rows: Any) -> tuple[list[County], Mistakes]:
    found: list[County] = []
    wrong: Mistakes = []
    for number, row in enumerate(rows if isinstance(rows, list) else (), start=1):
        where = {"row": f"[[county]] {number}"}
        row = row if isinstance(row, dict) else {}  # noqa: PLW2901
        wrong += [("key_unknown", {**where, "key": key}) for key in sorted(set(row) - _OWN)]
        code = str(row.get("code", ""))
        if not _CODE.fullmatch(code):
            wrong.append(("code_wrong", {**where, "code": code}))
            continue
        if any(one.code == code for one in found):
            wrong.append(("code_twice", {**where, "code": code}))
        found.append(County(code, str(row.get("name") or code), row))
    return found, wrong


def _cut(table: Any) -> tuple[UnitOptions | None, float, str | None, Mistakes]:
    table = table if isinstance(table, dict) else {"cut": table}
    wrong: Mistakes = [
        ("shared_key", {"key": f"cut.{k}"})
        for k in sorted(set(table) - {"outlines", "margin_m", "county"})
    ]
    header = table.get("county")
    if header is not None and not isinstance(header, str):
        wrong.append(("shared_key", {"key": "cut.county"}))
        header = None
    margin = table.get("margin_m", MARGIN_M)
    if isinstance(margin, bool) or not isinstance(margin, int | float) or not 0 <= margin <= 1e5:  # noqa: PLR2004 - 100 km
        wrong.append(("margin_wrong", {"value": str(margin)}))
        margin = MARGIN_M
    said = table.get("outlines")
    if said is None:
        return None, float(margin), header, wrong
    said = {"path": said} if isinstance(said, str) else said
    try:
        own = TypeAdapter(UnitOptions).validate_python(said)
    except ValidationError:
        return None, float(margin), header, [*wrong, ("shared_key", {"key": "cut.outlines"})]
    return own, float(margin), header, wrong


def _not_files(file: StudyFile) -> Mistakes:
    """Return the layers that are not read from files: places, databases, outlines apart."""
    wrong: Mistakes = []
    for name in CUT:
        options = getattr(file.layers, name)
        if options is None:
            continue
        from_files = options.paths and not any(map(is_database, options.paths))
        if not from_files or getattr(options, "shapes", None) is not None:
            wrong.append(("shared_source", {"layer": name}))
    return wrong


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())
