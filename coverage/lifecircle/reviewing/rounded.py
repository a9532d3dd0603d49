"""Round figures: what of a review would come out otherwise were 约200 a little more or less."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from lifecircle.judge.decision import with_flag
from lifecircle.model.problem.round_figures import ends, round_figures, taken
from lifecircle.model.reason import ReasonCode
from lifecircle.model.status import Flag

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    import pandas as pd

    from lifecircle.judge.clauses import JudgedClause
    from lifecircle.model.inputs.proposal import Proposal
    from lifecircle.model.inputs.study import Study
    from lifecircle.model.problem.round_figures import RoundFigure
    from lifecircle.model.results.review import ReviewedClause

__all__ = ["rounded_marked"]

_AHEAD = {"population": "population_planned"}
"""Column of a plot as it is written → the one that an area has."""
_RECORDS = ("sharing", "m2")
_SERVES = "serves"
"""Column whose figures are the m² that a record names."""
_STANDING = {"residential": "residential", "facilities": "standing", "sharing": "relations"}
"""Table of the study → its key beside the parts of a proposal."""


def rounded_marked(
    rows: Sequence[ReviewedClause],
    proposal: Proposal,
    study: Study,
    standing: Collection[str],
    judge: Callable[[Proposal, Mapping[str, pd.DataFrame]], Mapping[str, JudgedClause]],
) -> tuple[ReviewedClause, ...]:
    """Return the rows, those that hang on a round figure marked.

    Of the proposal, and of what is judged with it: the other phases of its project, their rooms.
    Columns with round figures are taken at their least and at their most (:func:`ends`).

    Parameters
    ----------
    standing
        Rooms of the study that are the project's.
    judge
        A proposal, and layers of the study that differ → the clauses on its rooms, judged.
    """
    phases = {phase.id for row in rows for phase in row.phases}
    beside = {"residential": phases, "facilities": standing}
    others = [judge(*varied) for varied in _varied(proposal, study, beside)]
    if not others:
        return tuple(rows)
    return tuple(
        dataclasses.replace(
            row,
            flags=with_flag(
                row.flags, Flag.APPROXIMATE, on=any(_flips(row, other) for other in others)
            ),
        )
        for row in rows
    )


def _flips(row: ReviewedClause, judged: Mapping[str, JudgedClause]) -> bool:
    if row.reason is not None and row.reason.code is ReasonCode.DATUM_DOUBTED:
        return False  # open already, and judged here as if it were not
    return row.id in judged and judged[row.id].findings.at[row.plot, "status"] != row.status


def _varied(
    proposal: Proposal, study: Study, beside: Mapping[str, Collection[str]]
) -> Iterator[tuple[Proposal, dict[str, pd.DataFrame]]]:
    """Yield the proposal, and layers of the study, with their round figures at their ends."""
    cells = _round_figures(proposal) | _of_study(study, beside)
    layers = {key: layer for layer, key in _STANDING.items()}
    for tried in ends(cells):
        change: dict[str, Any] = {}
        standing: dict[str, pd.DataFrame] = {}
        for (name, column), end in tried.items():
            if name in layers:
                layer = layers[name]
                rows = standing[layer] if layer in standing else _table(study, layer)
                values = taken(rows, column, cells[name, column], end)
                standing[layer] = rows.assign(**{column: values})
                continue
            part, whole = change.get(name, getattr(proposal, name)), name == _RECORDS[0]
            rows = part if whole else part.frame
            frame = rows.assign(**{column: taken(rows, column, cells[name, column], end)})
            change[name] = frame if whole else dataclasses.replace(part, frame=frame)
        yield dataclasses.replace(proposal, **change), standing


def _of_study(
    study: Study, beside: Mapping[str, Collection[str]]
) -> dict[tuple[str, str], list[RoundFigure]]:
    """Return (key, column) → the round figures of rows of the study: layer → ids.

    Those of what a room serves are in the records, not in the cell that they were written in.
    """
    found: dict[tuple[str, str], list[RoundFigure]] = {}
    for one in round_figures(study.problems):
        if one.row not in beside.get(one.layer, ()):
            continue
        if one.column == _SERVES:
            key = (_STANDING[_RECORDS[0]], _RECORDS[1])
            found.setdefault(key, []).extend(_of_records(study.sharing, one, [one.row]))
        elif one.column in _table(study, one.layer):
            found.setdefault((_STANDING[one.layer], one.column), []).append(one)
    return found


def _table(study: Study, name: str) -> pd.DataFrame:
    table: pd.DataFrame = study.sharing if name == _RECORDS[0] else getattr(study, name).frame
    return table


def _of_records(
    records: pd.DataFrame, one: RoundFigure, facilities: Collection[object]
) -> list[RoundFigure]:
    """Return a round figure of what is served as those of the records that it stands in."""
    said = records["facility"].isin(list(facilities)) & records["m2"].eq(one.read)
    return [one._replace(row=int(row)) for row in records.index[said]]


def _round_figures(proposal: Proposal) -> dict[tuple[str, str], list[RoundFigure]]:
    """Return (part, column) → the round figures of its rows; of the project: of all."""
    found: dict[tuple[str, str], list[RoundFigure]] = {}
    for one in round_figures(proposal.problems):
        part = "facilities" if one.layer == "planned" else "plots"
        frame = getattr(proposal, part).frame
        column = _AHEAD.get(one.column, one.column)
        ids = _meant(frame, one.row)
        if column == _SERVES:
            found.setdefault(_RECORDS, []).extend(_of_records(proposal.sharing, one, ids))
            continue
        if column in frame and ids:
            mine = [one._replace(row=key) for key in ids]
            found.setdefault((part, column), []).extend(mine)
    return found


def _meant(frame: pd.DataFrame, of: object) -> list[str]:
    """Return the rows of an id, which may be another in the study that has it already."""
    ids = [str(key) for key in frame.index]
    return ids if of is None else [key for key in ids if key in {of, f"new:{of}"}]
