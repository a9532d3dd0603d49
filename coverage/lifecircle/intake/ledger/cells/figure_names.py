"""Rows that are written by name: 从业人员培训率 for staff_training, 青菏街道 for its code.

And cells that say 同上, of which the row above tells the value, remarks too, and exemptions whose
subject is blank beside the name of one in a column that is not read.
"""

from __future__ import annotations

import dataclasses
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from lifecircle.intake.ledger.cells.remarked import is_heard
from lifecircle.intake.ledger.values import is_blank
from lifecircle.model.dictionary import fold
from lifecircle.model.problem import Problem, ProblemCode, Severity
from lifecircle.texts import LANGUAGES, catalogue

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from lifecircle.sources.tables.files import RawTable

__all__ = ["DITTO", "as_above", "coded_by_name", "names_subjects", "table_as_above"]

_VOCABULARY = "indicator."
_SUBJECT = re.compile(
    r"(豁免)?(对象|小区|居住区|设施|机构|单位|镇街|街道|乡镇|社区|村居?|项目)+(名称|名)?|名称|name"
)
"""Headers of an exemption's subject by name, folded."""
_WHERE = re.compile(r"单位|镇街|街道|乡镇|社区|村")
"""Those of where it lies, perhaps: they come after all others."""


DITTO = frozenset({"同上", "同上行", "同前", "上同", "〃", "〃〃", "″", '"', "''", "ditto"})
"""What says that a cell has the value of the row above (folded)."""
_LONGEST_DITTO = 12
"""Signs of such a cell at most, with the blanks around it: others need not be folded."""
_OF_ITS_OWN = frozenset({"id", "name", "code"})
_BINDING = frozenset({"project", "site"})
"""Columns of which the word itself would bind all rows that have it."""


def as_above(
    raw: RawTable,
    headers: Mapping[str, str],
    cells: Mapping[str, list[Any]],
    aside: Container[int],
) -> tuple[dict[str, list[Any]], list[Problem]]:
    """Return the cells with 同上 read as what stands above, where something does, and what is said.

    ``aside``: rows that are none. A 同上 below a blank is left as it is, and a blank as an id that
    binds rows.
    """
    found, problems = dict(cells), list[Problem]()
    for column, mine in cells.items():
        if column in _OF_ITS_OWN or not any(map(_is_ditto, mine)):
            continue
        read, told = _written_out(raw, headers[column], mine, aside, binding=column in _BINDING)
        found[column] = read
        problems += told
    return found, problems


def table_as_above(
    raw: RawTable, headers: Mapping[str, str], aside: Container[int]
) -> tuple[RawTable, list[Problem]]:
    """Return the table with 同上 written out in all columns, but those of ids and names.

    What a cell says besides its value (建成, how finely a place is written) is read from the table,
    and so are the remarks that rows are held against. ``headers``: of columns that are read, of
    which :func:`as_above` tells; told is what is heard of the others.
    """
    frame, problems = raw.frame, list[Problem]()
    column_of = {header: column for column, header in headers.items()}
    for header in raw.frame:
        mine, column = raw.frame[header].tolist(), column_of.get(header)
        if column in _OF_ITS_OWN or not any(map(_is_ditto, mine)):
            continue
        read, told = _written_out(raw, header, mine, aside, binding=column in _BINDING)
        frame = frame.assign(**{header: pd.Series(read, frame.index, dtype=object)})
        problems += told if column is None and is_heard(raw.layer, header) else []
    return (raw if frame is raw.frame else dataclasses.replace(raw, frame=frame)), problems


def _written_out(
    raw: RawTable,
    header: str,
    cells: Sequence[Any],
    aside: Container[int],
    *,
    binding: bool = False,
) -> tuple[list[Any], list[Problem]]:
    """Return cells with what stands above in place of 同上, and what is said of each.

    ``binding``: 同上 below a blank is a blank.
    """
    read, problems, above = list(cells), list[Problem](), None
    for row, cell in enumerate(cells):
        if row in aside:
            continue
        if not _is_ditto(cell):
            above = None if is_blank(cell) else cell
        elif above is not None:
            read[row] = above
            told = {"header": header, "value": cell, "read": str(above)}
            problems.append(raw.problem(ProblemCode.AS_ABOVE, Severity.INFO, at=row, **told))
        elif binding:
            read[row] = None
    return read, problems


def _is_ditto(cell: object) -> bool:
    return isinstance(cell, str) and len(cell) <= _LONGEST_DITTO and fold(cell) in DITTO


def coded_by_name(
    raw: RawTable, headers: Mapping[str, str], cells: Mapping[str, list[Any]]
) -> tuple[dict[str, list[Any]], dict[int, tuple[Problem]]]:
    """Return the cells with the codes of figures that are told by name alone, and what is said.

    The code's cell is blank and the name's says which, or the name stands where the code should. A
    name that several figures have is nobody's. Of a unit the name stands for the code, until the
    county's list says it.

    Parameters
    ----------
    cells
        Column → its cells; of typed figures (``indicators``), ``units`` and ``exemptions``, others
        come back as they are.
    """
    found: dict[int, tuple[Problem]] = {}
    if raw.layer == "units" and {"code", "name"} <= cells.keys():
        both = zip(cells["code"], cells["name"], strict=True)
        return {**cells, "code": [name if is_blank(code) else code for code, name in both]}, found
    if raw.layer == "exemptions" and "id" in cells:
        ids, found = _subjects(raw, set(headers.values()), cells["id"])
        return {**cells, "id": ids}, found
    if raw.layer != "indicators" or "id" not in cells:
        return dict(cells), found
    ids = list(cells["id"])
    names = cells.get("name", [None] * len(ids))
    for row, (code, name) in enumerate(zip(ids, names, strict=True)):
        column, written = ("name", name) if is_blank(code) else ("id", code)
        meant = None if is_blank(written) else _codes().get(fold(written))
        if meant is not None:
            ids[row] = meant
            told = raw.problem(
                ProblemCode.INDICATOR_BY_NAME,
                Severity.INFO,
                at=row,
                header=headers[column],
                value=written,
                read=meant,
            )
            found[row] = (told,)
    return {**cells, "id": ids}, found


def names_subjects(header: str) -> bool:
    """Return whether a header of exemptions names whom a blank subject may mean."""
    return _SUBJECT.fullmatch(fold(header)) is not None


def _subjects(
    raw: RawTable, read: Container[str], ids: list[Any]
) -> tuple[list[Any], dict[int, tuple[Problem]]]:
    """Return the subjects of exemptions, a blank one by its name in another column, and why."""
    subjects, found = list(ids), dict[int, tuple[Problem]]()
    named = [h for h in raw.frame if h not in read and names_subjects(h)]
    for header in sorted(named, key=lambda h: _WHERE.match(fold(h)) is not None):
        for row, name in enumerate(raw.frame[header].tolist()):
            if is_blank(subjects[row]) and isinstance(name, str) and not is_blank(name):
                subjects[row] = name
                code = ProblemCode.EXEMPTION_BY_NAME
                problem = raw.problem(code, Severity.INFO, at=row, header=header, value=name)
                found[row] = (problem,)
    return subjects, found


@cache
def _codes() -> dict[str, str]:
    """Return name, folded, in every language → the one code that has it; a code is no name."""
    found: dict[str, set[str]] = {}
    for language in LANGUAGES:
        for key, name in catalogue("words", language).items():
            if key.startswith(_VOCABULARY):
                found.setdefault(fold(name), set()).add(key.removeprefix(_VOCABULARY))
    codes = {fold(code) for several in found.values() for code in several}
    return {
        name: next(iter(several))
        for name, several in found.items()
        if len(several) == 1 and name not in codes
    }
