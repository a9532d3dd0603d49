"""Rows as the days beside them make them on the day of judging."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lifecircle.intake.ledger.cells.dates import about_days, not_come
from lifecircle.intake.ledger.cells.days_written import days_written
from lifecircle.intake.ledger.cells.ended import SHUT_SINCE, STANDS
from lifecircle.intake.ledger.rows import texts
from lifecircle.intake.ledger.values import UNKNOWN_PASSAGE
from lifecircle.intake.other_days.built import only_built
from lifecircle.intake.other_days.columns import (
    AGAIN,
    HANDED,
    OPENS,
    READ,
    SERVES,
    Heard,
    Said,
    cells_of,
    columns_heard,
)
from lifecircle.intake.other_days.told import (
    ended,
    in_parts,
    is_later,
    is_open,
    is_to_come,
    is_unread,
    perhaps_later,
)
from lifecircle.model.days import DaySpan
from lifecircle.model.dictionary import days_of, unread
from lifecircle.model.inputs.layers import MAY_SERVE
from lifecircle.model.problem import Problem, ProblemCode, Severity
from lifecircle.model.problem.lost import lost_of
from lifecircle.model.status import AgeClass, Stage

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from lifecircle.intake.ledger.rows import Ledger

__all__ = ["on_the_day"]

_BUILT_CLASSES = frozenset({AgeClass.EXISTING, AgeClass.OLD})
_UNBUILT = frozenset({Stage.PLANNED, Stage.UNDER_CONSTRUCTION})
_IN_USE = frozenset[Stage | None]({Stage.IN_USE})
_FINISHED = frozenset({Stage.ACCEPTED, Stage.HANDED_OVER})


def on_the_day(ledger: Ledger, day: dt.date) -> tuple[Ledger, tuple[Problem, ...]]:
    """Return the ledger as its days make it on the day of judging, and what is said of that."""
    layer = ledger.raw.layer
    ledger, built = only_built(ledger)
    heard = [*columns_heard(ledger)] if layer in OPENS else []
    if not heard:
        return ledger, built
    if layer == "units":
        found, problems = ledger, _units(ledger, heard, day)
    else:
        found, problems = (_gates if layer == "gates" else _stages)(ledger, heard, day)
    return found, (*built, *problems, *_unread(ledger, heard, problems))


def _unread(ledger: Ledger, heard: list[Heard], told: Iterable[Problem]) -> Iterator[Problem]:
    """Yield a warning for each cell of a day's column that says none and contradicts nothing.

    The stage stands, as it does beside such a cell of a column that is read.
    """
    seen = {(problem.row, problem.column) for problem in told}
    own = [one for one in heard if one.column is None and one.within is None]
    for one, row, text in cells_of(ledger, own):
        if is_unread(text):
            code = ProblemCode.CELL_ERROR if text.startswith("#") else ProblemCode.DATE_UNREADABLE
            problem = _problem(ledger, code, one, row, {})
            if (problem.row, problem.column) not in seen:
                yield problem


def _laters_first(said: Iterable[Said], day: dt.date) -> list[Said]:
    """Return cells with openings after the day first: what opens later is not there by any other.

    In whichever order the columns stand, and what was planned behind what is not.
    """
    return sorted(
        said,
        key=lambda it: (it[0].since is None or not is_later(it[2], day), it[0].planned),
    )


def _stages(ledger: Ledger, heard: list[Heard], day: dt.date) -> tuple[Ledger, tuple[Problem, ...]]:
    """Return a ledger with the stages that a day of their row contradicts, and say which."""
    frame = ledger.frame
    stages, lost = frame["stage"].tolist(), np.zeros(len(frame), dtype=bool)
    hidden = frame.get(unread("stage"), pd.Series(lost, frame.index)).to_numpy(dtype=bool)
    homes = ledger.raw.layer == "residential"
    said = _laters_first(cells_of(ledger, heard), day)
    opened, problems = _opened_by_then(ledger, day)
    _open_by_cells(ledger, said, day, (opened, problems))
    finished = _finished(frame, said, day) if homes else frozenset(range(len(frame)))
    for one, row, text in said:
        stage = Stage(stages[row]) if isinstance(stages[row], str) else None
        if hidden[row] or lost[row] or (stage is None and not homes):
            continue
        found = _against(one, text, stage, day)
        if (found, stage) == (None, None) and row not in finished:
            found = ProblemCode.STAGE_BY_DAY if _was_expected(one, text) else None
        if found is ProblemCode.STAGE_BEFORE_DATE:
            stages[row] = Stage.UNDER_CONSTRUCTION
            told: dict[str, Any] = {"date": text, "day": day.isoformat()}
            problems.append(_problem(ledger, found, one, row, told))
        elif found is not None:
            lost[row] = True
            word = str(_cell(ledger, one, row)) if one.within is not None else text
            told = {"said": word, "stage": stage, "date": text, "day": day.isoformat()}
            told |= lost_of(frame.index[row], "stage")
            problems.append(_problem(ledger, found, one, row, told))
    return (
        (_with_stages(ledger, stages, lost, opened), tuple(problems)) if problems else (ledger, ())
    )


def _with_stages(
    ledger: Ledger, stages: list[Any], lost: NDArray[np.bool_], opened: NDArray[np.bool_]
) -> Ledger:
    """Return the ledger with its stages, those ``lost`` not known, ``opened`` perhaps in use."""
    frame = ledger.frame
    if opened.any():
        known = frame.get(MAY_SERVE, pd.Series(data=False, index=frame.index))
        frame = frame.assign(**{MAY_SERVE: known | opened})
    told_stages = [None if gone else stage for stage, gone in zip(stages, lost, strict=True)]
    frame = frame.assign(stage=texts(told_stages, frame.index))
    if unread("stage") in frame:
        frame[unread("stage")] = frame[unread("stage")].astype(bool) | lost
    return dataclasses.replace(ledger, frame=frame)


def _against(one: Heard, text: str, stage: Stage | None, day: dt.date) -> ProblemCode | None:
    """Return how a day beside a stage contradicts it: it opens later, or may be gone or not there.

    ``stage`` None: of housing, which is lived in where nothing is said.
    """
    contradicts = ProblemCode.REMARK_CONTRADICTS
    if one.since is None:
        return contradicts if stage in {*STANDS, None} and ended(text, day) else None
    if stage not in one.since:
        return _was_open(one, text, stage, day)
    if stage is None:
        if is_later(text, day):
            return ProblemCode.STAGE_BEFORE_DATE
        said = not_come(text) or in_parts(text, day) or is_open(text, day)
        return ProblemCode.STAGE_BY_DAY if said else None
    if is_later(text, day):
        surely = one.within is None and not _was_expected(one, text)
        return ProblemCode.STAGE_BEFORE_DATE if surely else contradicts
    return contradicts if is_to_come(text, day) else None


def _has_opened(one: Heard, text: str, stage: Stage | None, day: dt.date) -> bool:
    """Return whether what is only accepted or handed over opened, on that day at the latest.

    The rooms stand either way; whether they serve by now nobody knows.
    """
    if stage not in _FINISHED or one.since != _IN_USE or _was_expected(one, text):
        return False
    told = about_days(text)
    return told is not None and told.days[-1].last <= day


def _open_by_cells(
    ledger: Ledger,
    said: Iterable[Said],
    day: dt.date,
    found: tuple[NDArray[np.bool_], list[Problem]],
) -> None:
    """Add to what is ``found`` the rows that a cell makes such."""
    for one, row, text in said:
        typed = ledger.frame["stage"].iloc[row]
        stage = Stage(typed) if isinstance(typed, str) else None
        if not found[0][row] and _has_opened(one, text, stage, day):
            found[0][row] = True
            known = {"date": text, "day": day.isoformat()}
            found[1].append(_problem(ledger, ProblemCode.MAY_SERVE, one, row, known))


def _opened_by_then(ledger: Ledger, day: dt.date) -> tuple[NDArray[np.bool_], list[Problem]]:
    """Return the rows that their year of opening (not of building) makes such, and say which."""
    frame, column = ledger.frame, "opened_year"
    opened, problems = np.zeros(len(frame), dtype=bool), list[Problem]()
    if not SERVES.search(ledger.headers.get(column, "")):
        return opened, problems
    days = frame.get(days_of(column), pd.Series(None, frame.index, dtype=object))
    for row, (value, written) in enumerate(zip(frame[column], days, strict=True)):
        span = DaySpan.of(written) or DaySpan.of(value) or _year(value)
        stage = frame["stage"].iloc[row]
        if span is not None and span.last <= day and stage in _FINISHED:
            opened[row] = True
            told = {"date": str(written or int(value)), "day": day.isoformat()}
            code, severity = ProblemCode.MAY_SERVE, Severity.WARNING
            problems.append(ledger.problem(code, severity, row, column, **told))
    return opened, problems


def _was_open(one: Heard, text: str, stage: Stage | None, day: dt.date) -> ProblemCode | None:
    """Return how a day before ``day`` contradicts a stage that ends on it at the latest.

    What was shut since its opening is open again only by a word for that (2024年恢复运营).
    """
    handed = stage == Stage.ACCEPTED and None in (one.since or ()) and HANDED.search(one.header)
    again = one.within is AGAIN and stage in SHUT_SINCE
    told = about_days(text) if stage in _UNBUILT or handed or again else None
    if told is None or told.days[-1].last >= day or _was_expected(one, text):
        return None
    return ProblemCode.STAGE_DATE if one.within is None else ProblemCode.REMARK_CONTRADICTS


def _was_expected(one: Heard, text: str) -> bool:
    """Return whether a day that opens something is no more than what was expected once."""
    told = None if one.since is None else about_days(text)
    return told is not None and (one.planned or told.planned)


def _finished(frame: pd.DataFrame, said: Iterable[Said], day: dt.date) -> frozenset[int]:
    """Return the rows of areas of which more than an expected day says that they are there.

    Their class (已建成, 老旧), or another day that is past and was not only expected.
    """
    found = set(np.flatnonzero(frame["age_class"].isin(_BUILT_CLASSES)).tolist())
    for column in READ["residential"]:
        days = frame.get(days_of(column), pd.Series(None, frame.index, dtype=object))
        for row, (value, written) in enumerate(zip(frame[column], days, strict=True)):
            span = DaySpan.of(written) or DaySpan.of(value) or _year(value)
            if span is not None and span.last <= day:
                found.add(row)
    for one, row, text in said:
        told = None if one.since is None or _was_expected(one, text) else about_days(text)
        if told is not None and told.days[-1].last <= day:
            found.add(row)
    return frozenset(found)


def _year(value: object) -> DaySpan | None:
    """Return the days of a year that is read as a number."""
    return days_written(str(int(value))) if isinstance(value, float) and value > 0 else None


def _gates(ledger: Ledger, heard: list[Heard], day: dt.date) -> tuple[Ledger, tuple[Problem, ...]]:
    """Return gates, those shut that open later, those unknown that a day leaves open."""
    shown, problems = ledger.frame["open"].astype(object).tolist(), []
    for one, row, text in _laters_first(cells_of(ledger, heard), day):
        if not (shown[row] is None or shown[row] is True):
            continue
        sure = shown[row] is True
        later = one.since is not None and is_later(text, day)
        if later and not (sure and _was_expected(one, text)):
            shown[row], told = False, {"date": text, "day": day.isoformat()}
            problems.append(_problem(ledger, ProblemCode.GATE_BEFORE_DATE, one, row, told))
            continue
        if one.since is None:
            doubted = ended(text, day)
        else:  # beside a yes only what says that the day has not come
            open_ = _was_expected(one, text) or perhaps_later(text, day)
            doubted = not_come(text) if sure else open_
        if later or doubted:
            shown[row] = UNKNOWN_PASSAGE
            problems.append(
                _problem(ledger, ProblemCode.GATE_SHUT_BESIDE, one, row, {"said": text})
            )
    if not problems:
        return ledger, ()
    opened = pd.Series(shown, index=ledger.frame.index, dtype=object)
    return dataclasses.replace(ledger, frame=ledger.frame.assign(open=opened)), tuple(problems)


def _units(ledger: Ledger, heard: list[Heard], day: dt.date) -> tuple[Problem, ...]:
    """Return a warning for each unit that may be no more on the day, or not yet: it counts."""
    code = ProblemCode.UNIT_OTHER_DAY
    return tuple(
        _problem(ledger, code, one, row, {"said": text, "day": day.isoformat()})
        for one, row, text in cells_of(ledger, heard)
        if (ended(text, day) if one.since is None else is_later(text, day))
    )


def _problem(
    ledger: Ledger, code: ProblemCode, one: Heard, row: int, told: dict[str, Any]
) -> Problem:
    at, value = int(ledger.at[row]), _cell(ledger, one, row)
    return ledger.raw.problem(code, Severity.WARNING, at=at, header=one.header, value=value, **told)


def _cell(ledger: Ledger, one: Heard, row: int) -> object:
    return ledger.raw.frame[one.header].iloc[int(ledger.at[row])]
