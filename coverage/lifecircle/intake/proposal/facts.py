"""Facts of a proposal's project: its figures and dates, its datum, what it takes the place of."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from lifecircle.intake.doubts.wholes import dates_in_order, parts_within_wholes
from lifecircle.intake.joins.references import IdIndex
from lifecircle.intake.layers import understood
from lifecircle.intake.ledger.mojibake import garbled
from lifecircle.intake.ledger.values import is_blank, missing, read_number, split_serves
from lifecircle.intake.proposal.possible import impossible_facts
from lifecircle.intake.settings.schema import LayerOptions
from lifecircle.model.dictionary import columns, fold, match_word, unread
from lifecircle.model.finding import meets
from lifecircle.model.inputs.datums import datum_of
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lifecircle.intake.ledger.rows import Ledger
    from lifecircle.intake.proposal.log import ProposalLog
    from lifecircle.model.inputs.layers import Layer
    from lifecircle.sources.tables.files import RawTable

__all__ = ["coordinate_options", "named_rows", "project_facts", "said_twice"]

_PROJECTED = ("epsg", "度带", "带号", "中央", "gauss", "高斯", "gk", "zone", "utm", "/", "[")
"""What a text has that names a projected system, or is one, and not a datum alone."""

_NONE = frozenset(("不涉及", "无拆除", "/", "-", "--", "—"))
"""What says that a plan pulls nothing down and takes the place of none, beside 无."""


def project_facts(raw: RawTable | None, log: ProposalLog) -> dict[str, Any]:
    """Return the facts of the project, every column of the dictionary.

    And of those of which a blank means something, whether the cell cannot be read (``unread``).
    """
    specs = columns("project")
    blank = {name: missing(spec.type) for name, spec in specs.items()}
    blank |= dict.fromkeys((unread(name) for name, spec in specs.items() if spec.doubtful), False)
    if raw is None:
        return blank
    log.problems += garbled(raw)
    ledger, found = understood(raw, {})
    log.tell(p for p in found if p.code is not ProblemCode.LAYER_EMPTY)
    if ledger is None:
        return blank
    log.tell(said_twice(ledger, found))
    ledger, found = parts_within_wholes(ledger)
    log.tell((*found, *dates_in_order(ledger), *impossible_facts(ledger)))
    return {name: ledger.frame[name].iloc[0] for name in blank}


def said_twice(ledger: Ledger, problems: Iterable[Problem]) -> list[Problem]:
    """Return an error for each row whose columns of one meaning say two things (总户数, 户数).

    ``problems``: what was found of the columns.
    """
    found = []
    for problem in problems:
        if problem.code is not ProblemCode.COLUMN_MAPPED_TWICE or problem.column is None:
            continue
        others = [name for name in problem.params["columns"] if name != problem.column]
        cells = ledger.raw.frame.iloc[ledger.at]
        for row, said in enumerate(cells[problem.column]):
            more = [cells[name].iloc[row] for name in others]
            other = next((v for v in more if not is_blank(v) and not _same(v, said)), None)
            if is_blank(said) or other is None:
                continue
            one = ledger.problem(ProblemCode.FACT_TWICE, Severity.ERROR, row)
            params = {"first": str(said), "first_row": one.row}
            column, value = problem.column, str(other)
            found.append(dataclasses.replace(one, params=params, column=column, value=value))
    return found


def _same(one: Any, other: Any) -> bool:
    mine, theirs = (read_number(fold(str(value))) for value in (one, other))
    if mine is not None and theirs is not None:
        return bool(meets(mine[0], "=", theirs[0]))
    return fold(str(one)) == fold(str(other))


def coordinate_options(facts: Mapping[str, Any], file: str) -> LayerOptions:
    """Return how the coordinates of the file are read, by what the project says of them."""
    said = facts["coordinates"]
    if said is None:
        return LayerOptions(path=file)
    datum = datum_of(said)
    if datum is not None and not any(word in fold(said) for word in _PROJECTED):
        return LayerOptions(path=file, coordinates=datum)  # type: ignore[arg-type]
    return LayerOptions(path=file, crs=said)


def named_rows(
    facts: Mapping[str, Any], column: str, layer: Layer, log: ProposalLog
) -> tuple[str, ...]:
    """Return the ids that a fact of the project names in a layer of the study."""
    cell = facts[column]
    if cell is None or match_word("untold", cell) == "none" or fold(cell) in _NONE:
        return ()
    names = IdIndex(layer.frame)
    whole = names.find(cell)
    found = []
    for name in [cell] if whole else [name for name, _ in split_serves(cell)]:
        target = names.find(name)
        if target is not None:
            found.append(target)
            continue
        header = next((h for h in log.spots if _is(h, column)), column)
        row, spot = log.spots.get(header, (None, None))
        several = "、".join(map(names.called, names.perhaps(name)[0])) or None
        log.problems.append(
            Problem(
                ProblemCode.REFERENCE_UNKNOWN,
                Severity.ERROR,
                {"target": layer.name, "nearest": several},
                layer="project",
                file=log.file,
                row=row,
                cell=spot,
                column=header,
                value=name,
            )
        )
    return tuple(dict.fromkeys(found))


def _is(header: str, column: str) -> bool:
    spec = columns("project")[column]
    return fold(header) in {fold(n) for n in (column, *spec.aliases)}
