"""What areas and facilities remark of themselves and nothing has understood: put to a person.

Remarks are heard by lists of words, and no such list is complete. What none of them knows changes
no verdict, and is shown to whoever signs beside the verdicts that rest on its row.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lifecircle.intake.ledger.cells.ended import not_known
from lifecircle.intake.ledger.cells.remarked import REMARKS, is_heard, is_own_use
from lifecircle.intake.ledger.values import is_blank
from lifecircle.intake.other_days import hears_day
from lifecircle.intake.said_against import confirms_place, is_built_with, says_figure_again
from lifecircle.model.dictionary import fold, match_word
from lifecircle.model.problem import LOST, Problem, ProblemCode, Severity, by_severity
from lifecircle.sources.raw import shown

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping

    from lifecircle.intake.layers import Settled
    from lifecircle.intake.ledger.rows import Ledger
    from lifecircle.model.inputs.study import Study

__all__ = ["remarks_of_plan", "with_remarks_left"]

_OF_REMARKS = re.compile(
    r".*(备注|附注|(存在)?(的)?问题|(情况|问题|现状)(说明|描述|简述)|(现场|现状|检查|核查|核实|整改|巡查)"
    r"(情况|意见|结果|记录)|现状)\d*|remarks?\d*|notes?\d*|comments?"
)
"""Headers under which people write freely, folded: wider than those that rows are held against."""
_LONGEST, _EXAMPLES = 60, 5
_OF_PLAN = frozenset({"plots", "planned"})
_OF_ITSELF = re.compile(r"备注|说明|附注|remark|note|comment")
"""A header that adds nothing to what stands below it."""


def with_remarks_left(study: Study, settled: Mapping[str, Settled]) -> Study:
    """Return the study with an info for each column of remarks that nothing has understood.

    Parameters
    ----------
    settled
        Layer name → its rows as read.
    """
    left = [
        problem
        for layer in (study.residential, study.facilities)
        for problem in _left(settled[layer.name].ledger, study.problems, layer.frame.index)
    ]
    return replace(study, problems=by_severity([*study.problems, *left])) if left else study


def remarks_of_plan(ledger: Ledger, problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield the same of the plots, or the planned rooms, of a proposal: each row by its name."""
    names = {str(i): str(name or i) for i, name in ledger.frame["name"].items()}
    yield from _left(ledger, problems, ledger.frame.index, names)


def _left(
    ledger: Ledger,
    problems: Iterable[Problem],
    used: Iterable[str],
    names: Mapping[str, str] | None = None,
) -> Iterator[Problem]:
    raw, read, ids = ledger.raw, set(ledger.headers.values()), set(used)
    wholly = _heard_wholly(problems, raw.layer)
    headers = [h for h in raw.frame if h not in read and _is_remark(raw.layer, h)]
    if not headers:
        return
    records = ledger.frame.to_dict("records")
    of_rows = [*zip(ledger.frame.index, records, ledger.at.tolist(), strict=True)]
    for header in headers:
        cells = raw.frame[header].tolist()
        of: dict[str, str] = {}
        for row, said, at in of_rows:
            cell = cells[at]
            if row not in ids or is_blank(cell):
                continue
            where = raw.problem(ProblemCode.REMARK_UNREAD, Severity.INFO, at=at, header=header)
            heard = wholly.get((where.file, where.row, header), set())
            told = {fold(cell), None} & heard
            if not (told or _says_nothing(raw.layer, header, cell, said, heard)):
                of[str(row)] = _cut(shown(cell), header)
        if of:
            yield raw.problem(
                ProblemCode.REMARK_UNREAD,
                Severity.INFO,
                header=header,
                count=len(of),
                examples=[f"{row} “{text}”" for row, text in [*of.items()][:_EXAMPLES]],
                rows=[*of] if names is None else [names[row] for row in of],
                texts=[*of.values()],
            )


def _is_remark(layer: str, header: str) -> bool:
    name = fold(header)
    free = REMARKS.fullmatch(name) or _OF_REMARKS.fullmatch(name)
    return free is not None or is_heard(layer, header)


def _heard_wholly(
    problems: Iterable[Problem], layer: str
) -> dict[tuple[str | None, int | None, str | None], set[str | None]]:
    """Return where a cell is told of already → what of it, folded; None: all that matters.

    Of a row whose stage is open for what it remarks everything is open.
    """
    found: dict[tuple[str | None, int | None, str | None], set[str | None]] = {}
    for one in problems:
        if one.layer == layer and one.row is not None and one.column is not None:
            whole = "stage" in one.params.get(LOST, ())
            said = one.params.get("said")
            told = None if whole else fold(said) if isinstance(said, str) else ""
            found.setdefault((one.file, one.row, one.column), set()).add(told)
    return found


def _says_nothing(
    layer: str,
    header: str,
    cell: object,
    row: Mapping[Hashable, Any],
    told: Collection[str | None],
) -> bool:
    """Return whether all parts of a remark are known, and say nothing that is not ``told``."""
    return all(
        part in told
        or match_word("untold", part) == "none"
        or match_word("remark", part) == "usual"
        or confirms_place(part)
        or says_figure_again(layer, part, row)
        or hears_day(layer, part)
        or (is_built_with(part) if layer in _OF_PLAN else is_own_use(layer, header, part))
        for part in not_known(row["stage"], cell, layer=layer)
    )


def _cut(text: str, header: str) -> str:
    """Return a remark on one line and not too long, with its header where that says more."""
    line = " ".join(text.split())
    line = line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
    return line if _OF_ITSELF.search(fold(header)) else f"{header}：{line}"
