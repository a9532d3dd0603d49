"""Preparation: the columns that judging derives before anything is measured (A6, A16, A17, A26)."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from lifecircle.counting.eligibility import (
    built,
    countable_m2,
    hidden,
    is_open,
    lived_in,
    named_kinds,
    number_of,
    once_a_house_m2,
    unclear_kind,
)
from lifecircle.counting.lacking import of_either_row
from lifecircle.counting.let_off import let_off
from lifecircle.counting.projects import project_homes, project_leads
from lifecircle.model.cell import is_yes, number_or_none
from lifecircle.model.days import DaySpan
from lifecircle.model.dictionary import days_of, unread
from lifecircle.model.inputs.layers import MAY_SERVE, ROUNDED_UNITS
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.status import AgeClass, Stage, StageView

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lifecircle.counting.let_off import LetOff

__all__ = ["area_columns", "facility_columns"]

_CODE, _VILLAGES = 12, (200, 400)
"""Digits of a community's code; villagers' committees are numbered 200 to 399."""


def facility_columns(
    facilities: pd.DataFrame,
    view: StageView = StageView.NOW,
    *,
    stage: str | None = None,
    over_line: pd.Series | None = None,
    line_counts: bool = False,
) -> pd.DataFrame:
    """Return ``facilities`` with ``open``, ``built``, ``quota_m2_low`` and ``quota_m2_high``.

    And ``reaches``: whether a facility counts for distances, which is ``open`` unless reading A18
    (``line_counts``) lets people walk over the county line.

    And ``same_rooms_m2``: the m² at best of the site's rooms that a row without figures is in; 0.
    And ``second_sign``: whether it may be another signboard on a house that its site lists as well.

    What may be one house on two lines (``HOUSE``) counts once in the worst case. A facility whose
    stage is not known counts nothing in the worst case and all in the best. A row without figures
    beside a row of its site that has them is a second service in the same rooms: it adds nothing,
    but rooms that the other row calls idle or unbuilt may be in use after all.
    ``stage`` (reading A17) makes one rule of both: ``accepted``, or ``in_use`` only. What is
    ``over_line`` serves and counts nothing else (A18); of few decimals beside the line, perhaps.
    """
    m2, shared = countable_m2(facilities), _same_rooms(facilities)
    standing, serving = built(facilities["stage"], view), is_open(facilities["stage"], view)
    if MAY_SERVE in facilities:
        finished = facilities["stage"].isin([Stage.ACCEPTED, Stage.HANDED_OVER])
        serving = serving.mask(facilities[MAY_SERVE].eq(other=True) & finished & (serving == 0))
    if stage is not None:
        standing = serving = standing if stage == "accepted" else serving
    over = pd.Series(data=False, index=facilities.index) if over_line is None else over_line
    if ROUNDED_UNITS in facilities:
        beside = over & facilities[ROUNDED_UNITS].notna()
        over = over & ~beside
        serving, standing = (one.mask(beside & (one == 1)) for one in (serving, standing))
    reaches = serving if line_counts else serving.mask(over, 0.0)
    serving, standing = serving.mask(over, 0.0), standing.mask(over, 0.0)
    if shared.any():
        kept = _kept_in_use(facilities["site"], m2["high"], standing, shared, over)
        m2 = m2.mask(shared, 0.0)
        m2["high"] += kept
    high = m2["high"].where(standing != 0, 0.0)
    return facilities.assign(
        open=serving,
        reaches=reaches,
        built=standing,
        over_line=over.astype(float),
        quota_m2_low=once_a_house_m2(facilities, m2["low"].where(standing == 1, 0.0)),
        quota_m2_high=high,
        same_rooms_m2=_rooms_of_site(facilities, high, shared & (standing != 0)),
        second_sign=_second_sign(facilities, shared),
    )


def _second_sign(facilities: pd.DataFrame, shared: pd.Series) -> pd.Series:
    """Return which rows may name a house once more that another row of their site names.

    A second service without m² of its own; and one on the very point of another row, or like it
    without a point, as large, or like it without m², of other kinds. Two of one kind are two
    buildings of one home; a kind that nobody knows may be another one than any.
    """
    m2, *at = (number_of(facilities, n) for n in ("community_area_m2", "x", "y"))
    if "site" not in facilities or "kinds" not in facilities:
        return shared
    told = pd.concat(
        [facilities["site"], m2.fillna(number_of(facilities, "floor_area_m2")), *at], axis=1
    )
    named = map(named_kinds, facilities["kinds"])
    kinds = [frozenset({f"#{n}"}) if unclear_kind(own) else own for n, own in enumerate(named)]
    of = pd.Series(kinds, facilities.index, dtype=object)
    again = told.duplicated() & ~told.assign(of=of).duplicated() & facilities["site"].notna()
    return shared | again


def _rooms_of_site(facilities: pd.DataFrame, high: pd.Series, second: pd.Series) -> pd.Series:
    """Return the m² of its site's rooms of every ``second`` service, 0 of all other rows.

    One that keeps rooms in use itself has no others: its site's own rows have none.
    """
    if not second.any():
        return pd.Series(0.0, index=facilities.index)
    rooms = high.mask(second, 0.0).groupby(facilities["site"]).transform("sum")
    return rooms.where(second, 0.0)


def _same_rooms(facilities: pd.DataFrame) -> pd.Series:
    """Return whether a row has no m² of its own, but another row of its site has."""
    known = pd.concat(
        [number_of(facilities, f"{n}_area_m2") for n in ("community", "floor")], axis=1
    )
    said = known.notna().any(axis=1)
    for name in ("community_area_m2", "floor_area_m2"):  # a figure that cannot be read is no blank
        said |= hidden(facilities, name)
    if "site" not in facilities:
        return pd.Series(data=False, index=facilities.index)
    site = facilities["site"]
    return ~said & site.notna() & site.isin(site[said])


def _kept_in_use(
    site: pd.Series, most: pd.Series, standing: pd.Series, shared: pd.Series, over: pd.Series
) -> pd.Series:
    """Return the m² that a second service may keep in use where its site's own row does not.

    Sites of which no row with figures counts by its stage: its m² go to the first row without
    figures that may count, of which nobody can say whether the stage is that of the rooms.
    """
    own = ~shared & ~over
    dead = (own & (standing != 0)).groupby(site).transform("sum") == 0
    rooms = most.where(own, 0.0).groupby(site).transform("sum")
    first = shared & (standing != 0) & dead
    first &= first.groupby(site).cumsum() == 1
    return rooms.where(first, 0.0)


def area_columns(
    areas: pd.DataFrame,
    view: StageView = StageView.NOW,
    *,
    households: str = "by_age_class",
    setting: str = "statistical_code",
    issued: dt.date | None = None,
    exempt: Sequence[LetOff] = (),
    quotas: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
    one_quota: Mapping[AgeClass, AgeClass] | None = None,
) -> pd.DataFrame:
    """Return ``areas`` with ``counted``, ``setting``, ``age_class``, ``lived_in`` and ``lead``.

    By readings A6, A26 and A29. New and approved areas count planned dwellings, the others built
    ones; where the ledger has only one of the two columns filled, that one is taken: most ledgers
    have but one. No dwelling built is no figure of what is planned, though. Of an area of
    unknown class it is not known which of two figures counts; ``counted_if_new`` and
    ``counted_if_existing`` say what it is under a clause that speaks of one of them.
    ``households`` (reading A6) makes it ``planned`` or ``built`` dwellings for all. ``setting``
    (reading A26) ``committee`` takes an area of a residents' committee for urban, one of a
    villagers' committee for rural, whatever is
    typed; without the community's code what is typed stands. Where no age class is typed, the
    dates tell it against ``issued``, the day of the study's document. ``exempt``: areas that are
    exempt from a quota; of one that asks about them (``quotas``: of each the areas it is about) the
    households ask for nothing in their project. ``one_quota``: the age classes of which each quota
    asks the same as of another, with that one: ``quota_class`` is what phases are joined by.
    """
    areas = areas.assign(**_age_classes(areas, issued), **_asked_by_conditions(areas))
    new, old = _dwellings(areas)
    if households != "by_age_class":
        new = old = new if households == "planned" else old
    ahead = areas["age_class"].isin([AgeClass.NEW, AgeClass.APPROVED])
    if households != "built":  # that none is built yet says nothing of how many are planned
        perhaps = ahead | areas["age_class"].isna()
        new = new.mask(perhaps & (new <= 0) & number_of(areas, "households_planned").isna())
    untold = areas["age_class"].isna() & (new != old)
    settings = areas["setting"]
    if setting == "committee":
        by_code = areas["community"].map(_committee).astype(object)
        settings = by_code.where(by_code.notna(), settings)
    alike: Mapping[AgeClass, AgeClass] = one_quota or {}
    firm, perhaps = let_off(areas.assign(setting=settings), exempt, quotas or {})
    ready = areas.assign(
        counted=old.mask(ahead, new).mask(untold),
        counted_if_new=new,
        counted_if_existing=old,
        setting=settings,
        quota_class=areas["age_class"].map(lambda one: alike.get(one, one)).astype(object),
        lived_in=lived_in(areas["stage"], view, areas.get(unread("stage"))),
        quota_exempt=areas.index.isin(firm),
        quota_exempt_perhaps=areas.index.isin(perhaps),
    )
    ready = ready.assign(**of_either_row(ready))
    lead = project_leads(ready)
    return ready.assign(lead=lead, home=project_homes(ready, lead))


def _dwellings(areas: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return the planned dwellings and the built ones; of a blank figure the other one.

    A figure that cannot be read, or that a remark takes back, is no blank.
    """
    names = ("households_planned", "households")
    planned, standing = (number_of(areas, name) for name in names)
    lost, gone = (hidden(areas, name) for name in names)
    return planned.fillna(standing.mask(lost)), standing.fillna(planned.mask(gone))


def _asked_by_conditions(areas: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the m² of planning conditions at least and at most: any where they cannot be read."""
    typed, lost = number_of(areas, "required_m2"), hidden(areas, "required_m2")
    if not lost.any():
        return {}
    return {
        "required_m2": typed.mask(lost, 0.0),
        "required_most_m2": typed.mask(lost, math.inf),
    }


def _age_classes(areas: pd.DataFrame, issued: dt.date | None) -> dict[str, pd.Series]:
    """Return ``age_class``: as typed, else by the dates against the document's (A29).

    And ``class_days``: a Reason where it hangs on the day of a date that only tells a month or a
    year; else None. The planning conditions (or the land grant) go first: of the document's day
    or later the area is new, before it not, and then existing where it was finished before the
    document, approved where it was finished after it or is not yet built. Without them completion
    decides alone. A year of completion that is the document's own tells neither side, unless its
    cell tells the day or the month. Conditions that are written and cannot be read are none that
    are not there: they may be of either side, unless the area was finished before the document.
    Nor do dates tell a class that is written and cannot be read.
    """
    classes = areas["age_class"].astype(object)
    open_: list[Reason | None] = [None] * len(areas)
    if issued is not None:
        words = classes.tolist()
        lost = hidden(areas, "age_class").tolist()
        untyped = [row for row, own in enumerate(words) if not (isinstance(own, str) or lost[row])]
        for row, dates in zip(untyped, _dates_of(areas.iloc[untyped]), strict=True):
            words[row], open_[row] = _by_dates(issued, dates)
        classes = pd.Series(words, index=areas.index, dtype=object)
    return {"age_class": classes, "class_days": pd.Series(open_, areas.index, dtype=object)}


class _Dates(NamedTuple):
    """What tells the class of an area; ``unread``: of conditions that cannot be read."""

    granted: DaySpan | None
    unread: bool
    accepted: DaySpan | None
    built: DaySpan | None
    unbuilt: bool


def _dates_of(areas: pd.DataFrame) -> Iterator[_Dates]:
    """Yield the dates of every area."""
    names = ("condition_on", unread("condition_on"), "accepted_on", "built_year")
    facts = [
        areas[name].tolist() if name in areas else [None] * len(areas)
        for name in (*names, days_of("built_year"), "stage")
    ]
    for granted, lost, accepted, year, days, stage in zip(*facts, strict=True):
        unbuilt = stage in {Stage.PLANNED, Stage.UNDER_CONSTRUCTION}
        ends = DaySpan.of(granted), is_yes(lost), DaySpan.of(accepted)
        yield _Dates(*ends, _built(year, days), unbuilt)


def _by_dates(issued: dt.date, dates: _Dates) -> tuple[str | None, Reason | None]:
    """Return the class that every day the dates leave open agrees on; else None, and why."""
    finished = [days for days in (dates.accepted, dates.built) if days is not None]
    later = finished[0].from_day(issued) if finished else None
    firm = dates.granted is not None and dates.granted.from_day(issued) is not None
    unbuilt = dates.unbuilt and dates.accepted is None and later is None
    found = {
        _class(new, after=after, known=bool(finished), unbuilt=unbuilt)
        for new in _sides(dates, issued)
        for after in ((True, False) if later is None else (later,))
        # conditions go before the completion: of doubtful days such a pair falls away
        if firm or after or not new
    }
    if len(found) == 1:
        return found.pop(), None
    return None, _hanging(dates, issued)


def _class(
    new: bool | None,  # noqa: FBT001 - or None: there are no conditions
    *,
    after: bool,
    known: bool,
    unbuilt: bool,
) -> str | None:
    """Return the class of conditions since the document (``new``), or before it.

    ``after``: finished since the document, where that is ``known`` at all; ``unbuilt``: it is not
    finished, as far as anybody tells.
    """
    if new:
        return AgeClass.NEW
    if new is False and unbuilt:
        return AgeClass.APPROVED
    if not known:
        return None
    if new is None:
        return AgeClass.NEW if after else AgeClass.EXISTING
    return AgeClass.APPROVED if after else AgeClass.EXISTING


def _hanging(dates: _Dates, issued: dt.date) -> Reason | None:
    """Return that the class hangs on the day of a date that only tells a month or a year.

    Not where conditions cannot be read at all: then no day of another date decides it.
    """
    if dates.granted is None and dates.unread:
        return None
    told = ("condition_on", "accepted_on", "built_year")
    for field, days in zip(told, (dates.granted, dates.accepted, dates.built), strict=True):
        if days is not None and days.from_day(issued) is None:
            ends = {"first": days.first.isoformat(), "last": days.last.isoformat()}
            params = {"fields": [field], **ends, "issued": issued.isoformat()}
            return Reason(ReasonCode.AGE_CLASS_BY_DAY, params)
    return None


def _sides(dates: _Dates, issued: dt.date) -> tuple[bool | None, ...]:
    """Return the sides of the document's day on which the conditions may be; None: without any."""
    if dates.granted is None:
        return (True, False) if dates.unread else (None,)
    side = dates.granted.from_day(issued)
    return (True, False) if side is None else (side,)


def _built(year: object, days: object) -> DaySpan | None:
    """Return when an area was finished: the days of its year, fewer where its cell tells them."""
    number, told = number_or_none(year), DaySpan.of(days)
    if number is None:
        return told
    if not dt.MINYEAR <= number <= dt.MAXYEAR:
        return None
    if told is not None and told.first.year == int(number):
        return told
    return DaySpan(dt.date(int(number), 1, 1), dt.date(int(number), 12, 31))


def _committee(code: object) -> str | None:
    """Return the setting of a 12-digit code by its last three digits; None for anything else."""
    if not isinstance(code, str) or len(code) != _CODE or not code.isdigit():
        return None
    number = int(code[-3:])
    return "urban" if number < _VILLAGES[0] else "rural" if number < _VILLAGES[1] else None
