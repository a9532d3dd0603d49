"""Preparation: the columns that judging derives before anything is measured (A6, A16, A17, A26)."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from lifecircle.counting.eligibility import built, countable_m2, is_open, lived_in, number_of
from lifecircle.counting.projects import project_leads
from lifecircle.model.dictionary import unread
from lifecircle.model.status import AgeClass, Stage, StageView

__all__ = ["area_columns", "facility_columns"]

_CODE, _VILLAGES = 12, (200, 400)
"""Digits of a community's code; villagers' committees are numbered 200 to 399."""


def facility_columns(
    facilities: pd.DataFrame,
    view: StageView = StageView.NOW,
    *,
    stage: str | None = None,
    over_line: pd.Series | None = None,
) -> pd.DataFrame:
    """Return ``facilities`` with ``open``, ``built``, ``quota_m2_low`` and ``quota_m2_high``.

    And ``same_rooms_m2``: the m² at best of the site's rooms that a row without figures is in; 0.

    A facility whose stage is not known counts nothing in the worst case and all in the best. A row
    without figures beside a row of its site that has them is a second service in the same rooms:
    it adds nothing, but rooms that the other row calls idle or unbuilt may be in use after all.
    ``stage`` (reading A17) makes one rule of both: ``accepted``, or ``in_use`` only. What is
    ``over_line`` serves and counts nothing (A18).
    """
    m2, shared = countable_m2(facilities), _same_rooms(facilities)
    standing, serving = built(facilities["stage"], view), is_open(facilities["stage"], view)
    if stage is not None:
        standing = serving = standing if stage == "accepted" else serving
    over = pd.Series(data=False, index=facilities.index) if over_line is None else over_line
    serving, standing = serving.mask(over, 0.0), standing.mask(over, 0.0)
    if shared.any():
        kept = _kept_in_use(facilities["site"], m2["high"], standing, shared, over)
        m2 = m2.mask(shared, 0.0)
        m2["high"] += kept
    high = m2["high"].where(standing != 0, 0.0)
    return facilities.assign(
        open=serving,
        built=standing,
        over_line=over.astype(float),
        quota_m2_low=m2["low"].where(standing == 1, 0.0),
        quota_m2_high=high,
        same_rooms_m2=_rooms_of_site(facilities, high, shared & (standing != 0)),
    )


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
        said |= facilities.get(unread(name), pd.Series(data=False, index=said.index)).eq(other=True)
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
    exempt: frozenset[str] = frozenset(),
    perhaps_exempt: frozenset[str] = frozenset(),
) -> pd.DataFrame:
    """Return ``areas`` with ``counted``, ``setting``, ``age_class``, ``lived_in`` and ``lead``.

    By readings A6, A26 and A29. New and approved areas count planned dwellings, the others built
    ones; where the ledger has only one of the two columns filled, that one is taken. Of an area of
    unknown class it is not known which of two figures counts; ``counted_if_new`` and
    ``counted_if_existing`` say what it is under a clause that speaks of one of them.
    ``households`` (reading A6) makes it ``planned`` or ``built`` dwellings for all. ``setting``
    (reading A26) ``committee`` takes an area of a residents' committee for urban, one of a
    villagers' committee for rural, whatever is
    typed; without the community's code what is typed stands. Where no age class is typed, the
    dates tell it against ``issued``, the day of the study's document. ``exempt``: areas that are
    exempt from a quota; their households ask for nothing in their project; ``perhaps_exempt``:
    those of which it is open.
    """
    areas = areas.assign(age_class=_age_classes(areas, issued))
    planned, standing = number_of(areas, "households_planned"), number_of(areas, "households")
    new, old = planned.fillna(standing), standing.fillna(planned)
    if households != "by_age_class":
        new = old = new if households == "planned" else old
    ahead = areas["age_class"].isin([AgeClass.NEW, AgeClass.APPROVED])
    untold = areas["age_class"].isna() & (new != old)
    settings = areas["setting"]
    if setting == "committee":
        by_code = areas["community"].map(_committee).astype(object)
        settings = by_code.where(by_code.notna(), settings)
    ready = areas.assign(
        counted=old.mask(ahead, new).mask(untold),
        counted_if_new=new,
        counted_if_existing=old,
        setting=settings,
        lived_in=lived_in(areas["stage"], view, areas.get(unread("stage"))),
        quota_exempt=areas.index.isin(exempt),
        quota_exempt_perhaps=areas.index.isin(perhaps_exempt),
    )
    return ready.assign(lead=project_leads(ready))


def _age_classes(areas: pd.DataFrame, issued: dt.date | None) -> pd.Series:
    """Return the typed age class, else by the dates against the document's (A29).

    The planning conditions (or the land grant) go first: of the document's day or later the area
    is new, before it not, and then existing where it was finished before the document, approved
    where it was finished after it or is not yet built. Without them completion decides alone. A
    year of completion that is the document's own tells neither side. Conditions that are written
    and cannot be read (2023年8月) are none that are not there: they may be of either side, unless
    the area was finished before the document.
    """
    classes = areas["age_class"].astype(object)
    if issued is None:
        return classes
    names = ("condition_on", unread("condition_on"), "accepted_on", "built_year", "stage")
    facts = [areas[n] if n in areas else pd.Series(None, areas.index) for n in names]
    facts[1] = facts[1].eq(other=True)
    told = [
        own if isinstance(own, str) else _by_dates(issued, *row)
        for own, *row in zip(classes, *facts, strict=True)
    ]
    return pd.Series(told, index=areas.index, dtype=object)


def _by_dates(
    issued: dt.date,
    condition: object,
    condition_unread: bool,  # noqa: FBT001 - a fact of the row, as the others
    accepted: object,
    year: object,
    stage: object,
) -> str | None:
    later = _later(issued, accepted, year)
    granted = _day(condition)
    if granted is None and condition_unread:
        return AgeClass.EXISTING if later is False else None
    if granted is None:
        return None if later is None else AgeClass.NEW if later else AgeClass.EXISTING
    if granted >= issued:
        return AgeClass.NEW
    if later is None:
        unbuilt = stage in {Stage.PLANNED, Stage.UNDER_CONSTRUCTION}
        return AgeClass.APPROVED if unbuilt else None
    return AgeClass.APPROVED if later else AgeClass.EXISTING


def _later(issued: dt.date, accepted: object, year: object) -> bool | None:
    """Return whether an area was finished on the document's day or later; None: not known."""
    day = _day(accepted)
    if day is not None:
        return day >= issued
    number = pd.to_numeric(pd.Series([year]), errors="coerce").iloc[0]
    if pd.isna(number) or int(number) == issued.year:
        return None
    return bool(number > issued.year)


def _day(value: object) -> dt.date | None:
    if not isinstance(value, dt.date) or pd.isna(value):
        return None
    return value.date() if isinstance(value, dt.datetime) else value


def _committee(code: object) -> str | None:
    """Return the setting of a 12-digit code by its last three digits; None for anything else."""
    if not isinstance(code, str) or len(code) != _CODE or not code.isdigit():
        return None
    number = int(code[-3:])
    return "urban" if number < _VILLAGES[0] else "rural" if number < _VILLAGES[1] else None
