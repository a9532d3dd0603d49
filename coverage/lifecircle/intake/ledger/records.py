"""Which lines of a table are records, and what they say where the table does not say it plainly."""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import TYPE_CHECKING, Any

from lifecircle.intake.ledger.furniture import furniture
from lifecircle.intake.ledger.groups import blank_groups, captioned_groups
from lifecircle.intake.ledger.numbering import with_part_codes
from lifecircle.intake.ledger.remarks import remarks
from lifecircle.intake.ledger.sums import first_texts, parts_of_rows, sum_problems, total_rows
from lifecircle.intake.ledger.uneven import realigned
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lifecircle.sources.tables.files import RawTable

__all__ = ["named_by_id", "records_of"]

_FIGURES = {"residential": ("households",), "facilities": ("kinds", "floor_area_m2")}
"""Layer → columns of which one is filled where a row is a place, whatever its name."""


def named_by_id(
    raw: RawTable, position: int, row: dict[str, Any], problems: list[Problem], *, usable: bool
) -> tuple[list[Problem], bool]:
    """Return what is said of a row, and whether it can be used: a place without a name is there.

    It is called by its id, or by its row (#3), which is put into ``row``.
    """
    code = ProblemCode.NAME_MISSING
    told = [row.get(column) for column in _FIGURES.get(raw.layer, ())]
    # other: a text beside a point of a drawing
    nothing: tuple[Any, ...] = (None, frozenset(), frozenset({"other"}))
    there = any(one not in nothing and one == one for one in told)  # noqa: PLR0124 - NaN
    others = any(p.severity is Severity.ERROR and p.code is not code for p in problems)
    if usable or not there or others or not any(p.code is code for p in problems):
        return problems, usable
    row["name"] = str(row.get("id") or f"#{raw.rows[position]}")
    told_so = partial(dataclasses.replace, code=ProblemCode.NAMED_BY_ID, severity=Severity.WARNING)
    return [
        told_so(p, params={**p.params, "called": row["name"]}) if p.code is code else p
        for p in problems
    ], True


def records_of(
    raw: RawTable, headers: Mapping[str, str]
) -> tuple[RawTable, frozenset[int], dict[str, str], tuple[Problem, ...]]:
    """Return the table as it is meant, the rows that are no records, units below headers, why.

    Each line that is no record is told as what it is, once, not cell by cell. ``headers``: column →
    header of the file.
    """
    lines = furniture(raw, headers)
    first = first_texts(raw)
    sums = total_rows(raw, headers, first)
    found = remarks(raw, headers, sums)
    notes = {at: said for at, said in found.items() if at not in lines.rows}
    aside = {*lines.rows, *notes}
    raw, lost, uneven = realigned(raw, headers, aside)
    aside |= lost
    parts = parts_of_rows(raw, headers, first, sums, aside)
    aside |= set(parts)
    groups = blank_groups(raw, headers, aside)
    headed = {at: one.value for at, one in notes.items() if one.code is ProblemCode.ROW_NOTE}
    groups = (*groups, *captioned_groups(raw, headers, aside, headed))
    raw, codes = with_part_codes(raw, headers, aside)
    totals = [at for at, total in enumerate(sums) if total and at not in lines.rows]
    name = headers.get("name")
    of_which = [
        raw.problem(
            ProblemCode.ROW_PART,
            Severity.WARNING,
            at=at,
            header=name,
            value=None if name is None else raw.frame[name].iloc[at],
            first_row=int(raw.rows[whole]),
        )
        for at, whole in parts.items()
    ]
    differing = sum_problems(raw, headers, first, totals, aside)
    said = (*lines.problems, *notes.values(), *uneven, *of_which, *groups, *codes, *differing)
    return raw, frozenset(aside), lines.units, said
