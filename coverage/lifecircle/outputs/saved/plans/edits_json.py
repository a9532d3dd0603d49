"""``edits.json``: what a person tried on a study, in codes and numbers, to be judged again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import lifecircle
from lifecircle.model.allowed import OneOf
from lifecircle.model.inputs.edits import (
    AddFacility,
    ChangeArea,
    ChangeFacility,
    Edit,
    MoveFacility,
    RemoveFacility,
)
from lifecircle.outputs.saved.described import CLOSED
from lifecircle.outputs.saved.json_text import plain, write_json_text
from lifecircle.outputs.saved.plans.reading import read_document

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["EDITS_SCHEMA", "EditsDocument", "read_edits_json", "write_edits_json"]

EDITS_SCHEMA = 1
"""Number of the ``edits.json`` format."""
_DOES = {
    "add": AddFacility,
    "move": MoveFacility,
    "remove": RemoveFacility,
    "change_facility": ChangeFacility,
    "change_area": ChangeArea,
}


@dataclass(frozen=True, slots=True)
class EditRecord:
    """One edit.

    Parameters
    ----------
    do
        What is done; ``move`` and ``add`` have a place.
    id
        Of the facility or area.
    x, y
        Metres in the CRS of the study.
    kinds
        Keys of the kinds of a facility that is added.
    columns
        Column → value; dates as YYYY-MM-DD, null for a blank.
    """

    do: Annotated[str, OneOf(tuple(_DOES))]
    id: str
    x: float | None = None
    y: float | None = None
    name: str | None = None
    kinds: tuple[str, ...] = ()
    columns: dict[str, float | bool | str | tuple[str, ...] | None] = field(default_factory=dict)

    __pydantic_config__ = CLOSED


@dataclass(frozen=True, slots=True)
class EditsDocument:
    """Edits of a study, in the order in which they are made.

    Parameters
    ----------
    version
        Version of lifecircle.
    crs
        Of the places, such as ``EPSG:4548``: that of the study.
    """

    schema: Annotated[int, OneOf((EDITS_SCHEMA,))]
    version: str
    study: str
    crs: str
    edits: tuple[EditRecord, ...]

    __pydantic_config__ = CLOSED


def write_edits_json(edits: Sequence[Edit], path: str | Path, *, study: str, crs: str) -> Path:
    """Write edits and return the path; ``study``: its name.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    records = tuple(_record(edit) for edit in edits)
    document = EditsDocument(EDITS_SCHEMA, lifecircle.__version__, study, crs, records)
    return write_json_text(plain(document), Path(path))


def read_edits_json(path: str | Path, language: str = "zh") -> tuple[EditsDocument, list[Edit]]:
    """Return the document of ``path`` and its edits.

    Raises
    ------
    AssessmentFormatError
        The file is missing, unreadable, or says what its schema does not allow.
    """
    document, _ = read_document(EditsDocument, Path(path), EDITS_SCHEMA, language)
    return document, [_edit(record) for record in document.edits]


def _record(edit: Edit) -> EditRecord:
    do = next(name for name, kind in _DOES.items() if isinstance(edit, kind))
    about: dict[str, Any] = {}
    if isinstance(edit, AddFacility | MoveFacility):
        about = {"x": edit.x, "y": edit.y}
    if isinstance(edit, AddFacility):
        about |= {"name": edit.name, "kinds": tuple(edit.kinds)}
    if isinstance(edit, AddFacility | ChangeFacility | ChangeArea):
        about["columns"] = {name: _said(value) for name, value in edit.columns.items()}
    return EditRecord(do, edit.id, **about)


def _said(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    return tuple(sorted(value)) if isinstance(value, set | frozenset | list) else value


def _edit(record: EditRecord) -> Edit:
    columns = dict(record.columns)
    x, y = (float("nan") if at is None else at for at in (record.x, record.y))
    if record.do == "add":
        return AddFacility(record.id, record.name or record.id, record.kinds, x, y, columns)
    if record.do == "move":
        return MoveFacility(record.id, x, y)
    if record.do == "remove":
        return RemoveFacility(record.id)
    kind = ChangeFacility if record.do == "change_facility" else ChangeArea
    return kind(record.id, columns)
