"""Rows of a ledger that are no records: totals, examples, notes and headings of groups."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lifecircle.intake.ledger.examples import changed_examples, example_rows
from lifecircle.model.dictionary import fold
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lifecircle.sources.tables.files import RawTable

__all__ = ["remarks"]

_NOTE = re.compile(
    r"(注|备注|附注|说明|填表|制表|填报|审核|复核|单位负责人|联系|数据来源|统计|截至|截止).{0,6}[:：].*"
    r"|(注|备注|说明)\d*[.、].*|\(?[一二三四五六七八九十]+\)?[、.．].*"
)
"""The foot of a ledger (注：…, 填表人：…) and the headings of its groups (一、曹城街道), folded."""


def remarks(
    raw: RawTable, headers: Mapping[str, str], totals: Sequence[bool]
) -> dict[int, Problem]:
    """Return position → what is said of it, of each row that is no record.

    A total (合计), a template's example (示例行), or a row whose only value is a note (注：…) or a
    heading. ``headers``: column → header of the file; ``totals``: which rows are sums.
    """
    found = {
        position: raw.problem(
            ProblemCode.ROW_NOTE, Severity.INFO, at=position, header=header, value=text
        )
        for position, (header, text) in _notes(raw, headers).items()
    }
    for code, severity, rows in (
        (ProblemCode.ROW_EXAMPLE, Severity.INFO, example_rows(raw)),
        (ProblemCode.EXAMPLE_CHANGED, Severity.WARNING, changed_examples(raw)),
        # a total is one, whatever else it looks like
        (ProblemCode.ROW_TOTAL, Severity.INFO, totals),
    ):
        found |= {
            position: raw.problem(code, severity, at=position)
            for position, said in enumerate(rows)
            if said
        }
    return found


def _notes(raw: RawTable, headers: Mapping[str, str]) -> dict[int, tuple[str, str]]:
    """Return position → (header, text) of the rows whose only value is a note or a heading."""
    if raw.header_row is None:
        return {}
    known = set(headers.values())
    names = [name for name in raw.frame if name not in raw.constants]
    found = {}
    for position, row in enumerate(zip(*(raw.frame[name].tolist() for name in names), strict=True)):
        said = [at for at, value in enumerate(row) if value is not None]
        if len(said) != 1 or not isinstance(row[said[0]], str):
            continue
        header, text = names[said[0]], row[said[0]]
        if _NOTE.fullmatch(fold(text)) or (header not in known and "name" in headers):
            found[position] = (header, text)
    return found
