"""Wholes: figures of a row that contradict each other: parts larger than wholes, empty homes."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lifecircle.counting.lacking import usual_persons
from lifecircle.model.cell import PART_OF, keep_most, most_of
from lifecircle.model.days import DaySpan
from lifecircle.model.dictionary import days_of, unread
from lifecircle.model.finding import meets
from lifecircle.model.inputs.layers import M2_MOST
from lifecircle.model.problem import Problem, ProblemCode, Severity, lost_of
from lifecircle.model.status import AgeClass, Stage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lifecircle.intake.ledger.rows import Ledger

__all__ = [
    "class_and_stage",
    "class_and_year",
    "dates_in_order",
    "empty_estates",
    "homes_stood_in_for",
    "parts_within_wholes",
    "people_planned",
    "people_problem",
    "stage_within_its_row",
]

_NEW_YEARS = 10
"""Years after which no estate is called new, and before which none is called old."""

_BUILT_CLASSES = frozenset({AgeClass.EXISTING, AgeClass.OLD})
_UNBUILT_STAGES = frozenset({Stage.PLANNED, Stage.UNDER_CONSTRUCTION})
_NOT_YET_STAGES = _UNBUILT_STAGES | {Stage.ACCEPTED}
"""Stages of housing that nobody lives in yet."""

_IN_ORDER = tuple(
    tuple(f"{care}{step}_on" for step in ("planned", "built", "accepted", "delivered"))
    for care in ("", "care_")
)
"""Dates of housing, and of its rooms for care, in the only order in which they can come."""

_AHEAD_CLASSES = frozenset({AgeClass.NEW, AgeClass.APPROVED})
_NAMES_SHOWN = 8

_DONE_ON = {
    "facilities": (("opened_year", frozenset({Stage.IN_USE})),),
    "residential": (
        ("delivered_on", frozenset({None, Stage.HANDED_OVER, Stage.IN_USE})),
        ("accepted_on", frozenset({None, Stage.HANDED_OVER, Stage.IN_USE})),
        ("built_year", frozenset({None, Stage.HANDED_OVER, Stage.IN_USE})),
    ),
}
"""Layer → dates by which a row is finished, and the stages that it cannot have before (None: a
blank one, of housing that is lived in)."""

_BY_ONE = ("planned", "built")
"""Choices of A6 that count all areas by one figure: by the planned dwellings, by those built."""
_M2 = frozenset({"community_area_m2"})
_PARTS = {
    "facilities": (
        ("nursing_beds", "beds"),
        ("public_beds", "beds"),
        ("community_area_m2", "floor_area_m2"),
    ),
    "planned": (("community_area_m2", "floor_area_m2"),),
    "project": (("above_ground_m2", "total_floor_m2"), ("dwelling_m2", "total_floor_m2")),
    "residential": (("elders", "population"),),
    "units": (("elders", "population"),),
}
"""Layer → its figures that are a part of another figure of the row."""


def parts_within_wholes(ledger: Ledger) -> tuple[Ledger, tuple[Problem, ...]]:
    """Return the ledger with parts larger than their whole taken as not known, and a word on each.

    120 nursing beds of 100 are no 120 %: one of the two is wrong, and nobody knows which. The part
    is anything up to the larger, and the whole may be more than was written (``most_of``). Of m²
    neither is known, and what serves the community is anything up to the larger (``M2_MOST``).
    """
    frame, problems = ledger.frame.copy(), []
    for part, whole in _PARTS.get(ledger.raw.layer, ()):
        for row, (some, all_) in enumerate(zip(frame[part], frame[whole], strict=True)):
            if not meets(some, ">", all_):
                continue
            problems.append(
                ledger.problem(
                    ProblemCode.PART_EXCEEDS,
                    Severity.WARNING,
                    row,
                    part,
                    part=float(some),
                    whole=float(all_),
                    of=ledger.headers.get(whole, whole),
                    **lost_of(frame.index[row], part),
                )
            )
            frame.iloc[row, frame.columns.get_loc(part)] = math.nan
            if (flag := unread(part)) in frame:
                frame.iloc[row, frame.columns.get_loc(flag)] = True
            if part in PART_OF:
                keep_most(frame, row, most_of(part), some)
            if part in _M2 and (flag := unread(whole)) in frame:
                frame.iloc[row, frame.columns.get_loc(flag)] = True
                keep_most(frame, row, M2_MOST, some)
    return dataclasses.replace(ledger, frame=frame), tuple(problems)


def people_planned(ledger: Ledger, persons: float | None) -> tuple[Problem, ...]:
    """Return a warning for each area of which the planned people contradict the dwellings.

    A quota per 1000 people would be counted from them (A9). Residents may be as few as they are:
    many have not moved in yet.
    """
    frame, found = ledger.frame, []
    homes = frame["households_planned"].fillna(frame["households"])
    for row, (people, home) in enumerate(zip(frame["population_planned"], homes, strict=True)):
        told = people_problem(float(people), float(home), persons)
        if told is not None:
            code, _, params = told
            params["plot"] = str(frame["name"].iloc[row])
            found.append(
                ledger.problem(code, Severity.WARNING, row, "population_planned", **params)
            )
    return tuple(found)


def empty_estates(ledger: Ledger) -> tuple[Problem, ...]:
    """Return one note on the areas of 0 households: clauses leave them out, also if 0 is a blank.

    A new area is counted by what is planned (A6): of that the other figure says nothing.
    """
    frame = ledger.frame
    ahead = frame["age_class"].isin(_AHEAD_CLASSES) & ~(frame["households_planned"] <= 0)
    names = frame.loc[(frame["households"] == 0) & ~ahead, "name"].tolist()
    if not names:
        return ()
    told = {"count": len(names), "names": names[:_NAMES_SHOWN]}
    header = ledger.headers.get("households")
    code = ProblemCode.ESTATES_EMPTY
    return (ledger.raw.problem(code, Severity.INFO, header=header, **told),)


def class_and_year(ledger: Ledger, today: dt.date) -> tuple[Problem, ...]:
    """Return a warning for each area whose class another of its cells contradicts.

    A new area finished over ten years ago or with more dwellings than were planned, an old one
    finished within ten years, an existing one in years to come, or on land granted within a year.
    The class stands, as it is typed (A29): a person has to look.
    """
    frame, found, year = ledger.frame, [], today.year
    for row, (said, built) in enumerate(zip(frame["age_class"], frame["built_year"], strict=True)):
        wrong = {
            AgeClass.NEW: built <= year - _NEW_YEARS,
            AgeClass.APPROVED: built <= year - _NEW_YEARS,
            AgeClass.EXISTING: built > year,
            AgeClass.OLD: built > year - _NEW_YEARS,
        }
        if said is not None and wrong.get(AgeClass(said), False):
            code, told = ProblemCode.CLASS_YEAR, {"age_class": str(said), "year": str(int(built))}
            found.append(ledger.problem(code, Severity.WARNING, row, "age_class", **told))
    since = today - dt.timedelta(days=365)
    for row, (said, granted) in enumerate(
        zip(frame["age_class"], frame["condition_on"], strict=True)
    ):
        days = DaySpan.of(granted)
        if said in _BUILT_CLASSES and days is not None and days.first > since:
            told = {"age_class": str(said), "date": _written(days)}
            code = ProblemCode.CLASS_GRANTED
            found.append(ledger.problem(code, Severity.WARNING, row, "age_class", **told))
    more = meets(frame["households"], ">", frame["households_planned"])
    for row in np.flatnonzero(more & frame["age_class"].isin(_AHEAD_CLASSES).to_numpy()).tolist():
        numbers = {n: float(frame[n].iloc[row]) for n in ("households", "households_planned")}
        code = ProblemCode.HOMES_BEYOND_PLAN
        found.append(ledger.problem(code, Severity.WARNING, row, "households", **numbers))
    return tuple(found)


def homes_stood_in_for(ledger: Ledger, readings: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a note on the areas that are counted by the other figure of dwellings than theirs.

    New ones by the built dwellings, built ones by the planned ones, as theirs are blank; where the
    study reads A6 so that all are counted by one figure (``readings``), those without that one. A
    warning where the ledger tells the two apart in other rows of the kind: the blank is a gap.
    """
    frame, read = ledger.frame, readings.get("A6", "by_age_class")
    ahead = frame["age_class"].isin(_AHEAD_CLASSES)
    standing = frame["age_class"].isin(_BUILT_CLASSES)
    if read != "by_age_class":
        ahead, standing = (pd.Series(data=read == one, index=frame.index) for one in _BY_ONE)
    for column, other, mine in (
        ("households_planned", "households", ahead),
        ("households", "households_planned", standing),
    ):
        blank = frame[column].isna() & ~frame[unread(column)].astype(bool)
        told_of = frame[other].notna() if column == "households" else frame[other] > 0
        names = frame.loc[mine & blank & told_of, "name"].tolist()
        apart = (frame["households"] != frame["households_planned"]) & mine
        if names:
            both = frame.loc[apart, ["households", "households_planned"]].notna().all(axis=1)
            severity = Severity.WARNING if both.any() else Severity.INFO
            told: dict[str, Any] = {"field": column, "instead": other, "count": len(names)}
            code, header = ProblemCode.HOMES_STAND_IN, ledger.headers.get(other)
            named = {"names": names[:_NAMES_SHOWN]}
            yield ledger.raw.problem(code, severity, header=header, **told, **named)


def class_and_stage(ledger: Ledger, *, blank: Stage) -> tuple[Problem, ...]:
    """Return a warning for each plot that is called existing or old and is not built yet.

    The class decides which quota is asked, and is taken as it is typed (A29). ``blank``: the stage
    that a row without one has: a plot of a proposal is planned.
    """
    frame, found = ledger.frame, []
    unknown = frame[unread("stage")] if unread("stage") in frame else [False] * len(frame)
    for row, (said, typed, there) in enumerate(
        zip(frame["age_class"], frame["stage"], unknown, strict=True)
    ):
        stage = blank if typed is None and not there else typed
        if said in _BUILT_CLASSES and stage in _UNBUILT_STAGES:
            told = {"age_class": str(said), "stage": str(stage)}
            found.append(
                ledger.problem(ProblemCode.CLASS_STAGE, Severity.WARNING, row, "age_class", **told)
            )
    return tuple(found)


def stage_within_its_row(ledger: Ledger, day: dt.date) -> tuple[Ledger, tuple[Problem, ...]]:
    """Return the ledger with the stages that agree with what else their row says, and say which.

    First with its dates, on ``day``, then, of an area, with its class.
    """
    ledger, problems = _within_dates(ledger, day)
    if ledger.raw.layer != "residential":
        return ledger, problems
    ledger, more = _within_class(ledger, day)
    return ledger, (*problems, *more)


def _within_dates(ledger: Ledger, day: dt.date) -> tuple[Ledger, tuple[Problem, ...]]:
    """Return the ledger with the stages that a date of their row contradicts, and say which.

    What opens, or is handed over, after ``day`` is still being built on that day, whatever its
    stage says: the ledger is younger. What is still being built though it opened before, or only
    accepted though it was handed over, is of no known stage: the date may have been a plan, or the
    house's. A date that leaves open whether it was before ``day`` says nothing beside a stage;
    housing without one is lived in, and then it is not known, unless another date tells that it
    was finished.
    """
    frame, problems = ledger.frame, []
    dates = _DONE_ON.get(ledger.raw.layer)
    if dates is None:
        return ledger, ()
    stages, lost = frame["stage"].tolist(), np.zeros(len(frame), dtype=bool)
    hidden, done = frame.get(unread("stage"), lost).tolist(), lost.copy()
    for column, since in dates:
        known = frame.get(days_of(column), [None] * len(frame))
        for row, days in enumerate(map(_days, frame[column], known)):
            if hidden[row] or lost[row] or days is None:
                continue
            code = _against(stages[row], days, since, day, column)
            done[row] |= days.last <= day
            if code is None or (code is ProblemCode.STAGE_BY_DAY and done[row]):
                continue
            lost[row] = code is not ProblemCode.STAGE_BEFORE_DATE
            stages[row] = None if lost[row] else Stage.UNDER_CONSTRUCTION
            told: dict[str, Any] = {"date": _written(days), "day": day.isoformat()}
            if lost[row]:
                told |= lost_of(frame.index[row], "stage")
            problems.append(ledger.problem(code, Severity.WARNING, row, column, **told))
    if not problems:
        return ledger, ()
    frame = frame.assign(stage=np.array(stages, dtype=object))
    if unread("stage") in frame:
        frame[unread("stage")] = frame[unread("stage")].astype(bool) | lost
    return dataclasses.replace(ledger, frame=frame), tuple(problems)


def _within_class(ledger: Ledger, day: dt.date) -> tuple[Ledger, tuple[Problem, ...]]:
    """Return areas with the stages that their class contradicts, and say which.

    An existing or old area that is planned, being built or only accepted (竣工: housing that stands
    is that too) is either not what its class says, or lived in by now: which, nobody knows. A date
    on which it opens after ``day`` tells.
    """
    frame, problems = ledger.frame, []
    marks = frame.get(unread("stage"), [False] * len(frame))
    lost = np.zeros(len(frame), dtype=bool)
    dates = [
        (frame[column].tolist(), [*frame.get(days_of(column), [None] * len(frame))])
        for column, _ in _DONE_ON["residential"]
    ]
    for row, (said, stage, hidden) in enumerate(
        zip(frame["age_class"], frame["stage"], marks, strict=True)
    ):
        if hidden or said not in _BUILT_CLASSES or stage not in _NOT_YET_STAGES:
            continue
        days = [_days(values[row], known[row]) for values, known in dates]
        if not any(one is not None and one.first > day for one in days):
            lost[row] = True
            told = {"age_class": str(said), "stage": str(stage)}
            told |= lost_of(frame.index[row], "stage")
            code = ProblemCode.STAGE_OF_CLASS
            problems.append(ledger.problem(code, Severity.WARNING, row, "stage", **told))
    if not problems:
        return ledger, ()
    kept = [None if gone else stage for gone, stage in zip(lost, frame["stage"], strict=True)]
    frame = frame.assign(stage=np.array(kept, dtype=object))
    frame[unread("stage")] = np.asarray(marks, dtype=bool) | lost
    return dataclasses.replace(ledger, frame=frame), tuple(problems)


def _against(
    typed: object, days: DaySpan, since: frozenset[Stage | None], day: dt.date, column: str
) -> ProblemCode | None:
    """Return how the days on which something may be finished contradict its stage on ``day``."""
    stage = Stage(typed) if isinstance(typed, str) else None
    if days.first > day and stage in since:
        return ProblemCode.STAGE_BEFORE_DATE
    if stage is None and None in since and days.first <= day < days.last:
        return ProblemCode.STAGE_BY_DAY
    before = _NOT_YET_STAGES if column == "delivered_on" else _UNBUILT_STAGES
    done = days.last < day and stage in before
    return ProblemCode.STAGE_DATE if done else None


def _days(value: object, known: object) -> DaySpan | None:
    """Return the days that a date, or a year, leaves open; ``known``: those that its cell tells."""
    if isinstance(known, DaySpan):
        return known
    if isinstance(value, int | float):
        year = 0 if math.isnan(value) else int(value)
        known = dt.MINYEAR <= year <= dt.MAXYEAR
        return DaySpan(dt.date(year, 1, 1), dt.date(year, 12, 31)) if known else None
    return DaySpan.of(value)


def _written(days: DaySpan) -> str:
    """Return days as a person writes them: a day, a month, a year, or from when to when."""
    first, last = days.first.isoformat(), days.last.isoformat()
    if first == last:
        return first
    if (first[5:], last[5:]) == ("01-01", "12-31"):
        return first[:4]
    return first[:7] if first[:7] == last[:7] else str(days)


def dates_in_order(ledger: Ledger) -> tuple[Problem, ...]:
    """Return a warning for each date of a later stage that lies before one of an earlier stage.

    Housing that was accepted before it was planned: one of the two is a slip, and 四同步 is judged
    by them. A month or a year is before another where all of its days are.
    """
    frame, found = ledger.frame, []
    for series in _IN_ORDER:
        dates = [[DaySpan.of(day) for day in frame[column].tolist()] for column in series]
        for row, days in enumerate(zip(*dates, strict=True)):
            latest: tuple[DaySpan, str] | None = None
            for then, later in zip(days, series, strict=True):
                if then is None:
                    continue
                if latest is not None and then.last < latest[0].first:
                    told = {"date": _written(then), "before": _written(latest[0])}
                    told["of"] = ledger.headers.get(latest[1], latest[1])
                    code = ProblemCode.DATES_REVERSED
                    found.append(ledger.problem(code, Severity.WARNING, row, later, **told))
                elif latest is not None and then.first < latest[0].first:
                    continue
                latest = then, later
    return tuple(found)


def people_problem(
    people: float, homes: float, persons: float | None
) -> tuple[ProblemCode, Severity, dict[str, Any]] | None:
    """Return what is wrong with the people planned for some dwellings; None where nothing is.

    ``persons``: per household, as the study sets them, or None.
    """
    if math.isnan(people) or math.isnan(homes) or homes <= 0:
        return None
    params = {"people": people, "households": homes, "persons": round(people / homes, 2)}
    if meets(people, "<", homes):
        return ProblemCode.PEOPLE_FEWER, Severity.ERROR, params
    low, high = usual_persons(persons)
    if meets(people / homes, ">=", low) and meets(people / homes, "<=", high):
        return None
    return ProblemCode.PEOPLE_UNLIKELY, Severity.WARNING, {**params, "low": low, "high": high}
