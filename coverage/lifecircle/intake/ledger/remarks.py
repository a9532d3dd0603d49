"""Rows of a ledger that are no records: totals, examples, notes and headings of groups."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lifecircle.intake.ledger.examples import changed_examples, example_rows
from lifecircle.intake.ledger.groups import is_caption
from lifecircle.model.dictionary import fold
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lifecircle.sources.tables.files import RawTable

__all__ = ["remarks"]

_NOTE = re.compile(
    r"(注|备注|附注|说明|填表|制表|填报|审核|复核|单位负责人|联系|数据来源|统计|截至|截止).{0,6}[:：].*"
    r"|(注|备注|说明)\d*[.、].*|\(?[一二三四五六七八九十]+\)?[、.．].*|\([一二三四五六七八九十]+\).*"
)
"""The foot of a ledger (注：…, 填表人：…) and the headings of its groups (一、曹城街道), folded."""
_SIGNED = re.compile(
    r"(填表|制表|填报|审核|审批|复核|经办|(单位|主管|分管)?负责|联系|日期|盖章).{0,6}[:：].*"
)
"""What the first cell of a foot says that has the hands it went through side by side."""


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
    """Return position → (header, text) of the rows whose only value is a note or a heading.

    And of those that begin with who signed: 制表人：张三, 审核人：李四 and a date beside it.
    """
    if raw.header_row is None:
        return {}
    names = [name for name in raw.frame if name not in raw.constants]
    found = {}
    for position, row in enumerate(zip(*(raw.frame[name].tolist() for name in names), strict=True)):
        said = [name for name, value in zip(names, row, strict=True) if value is not None]
        text = row[names.index(said[0])] if said else None
        if isinstance(text, str) and _is_note(raw.layer, fold(text), said, headers):
            found[position] = (said[0], text)
    return found


def _is_note(layer: str, text: str, said: Sequence[str], headers: Mapping[str, str]) -> bool:
    """Return whether a row that has a value under the headers ``said`` begins with a note."""
    titles = {headers.get(name) for name in ("id", "name", "code")}
    alone = len(said) == 1
    # who to call may stand first in a record too, beside the name
    if (alone or said[0] in titles or titles.isdisjoint(said)) and _SIGNED.fullmatch(text):
        return True
    heading = said[0] not in set(headers.values()) and "name" in headers
    named = said[0] == headers.get("name")
    caption = "name" in headers and is_caption(text, layer, named=named)
    return alone and (heading or caption or _NOTE.fullmatch(text) is not None)
