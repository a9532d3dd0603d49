"""Single minimum: no place of a new area may be smaller than the clause says (A8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np
import pandas as pd

from lifecircle.account.ownership import ownership
from lifecircle.account.places import rooms_of_phases, untold_phase
from lifecircle.account.requirement import perhaps_approved
from lifecircle.account.sums import added, looked_up
from lifecircle.account.terms import place_m2
from lifecircle.counting.eligibility import number_of
from lifecircle.counting.projects import by_project, leads, perhaps_homes, perhaps_together
from lifecircle.measures.frame import measured_frame
from lifecircle.model.finding import meets
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from lifecircle.model.rules.options import MinimumOptions
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Account, Tables

__all__ = ["single_minimum"]


def single_minimum(tables: Tables, rule: Rule[MinimumOptions], subjects: pd.Index) -> pd.DataFrame:
    """Return the smallest place that an area rests on, m², against ``value``.

    A 处 is a place: rooms of one site are one. Where the places at or above ``value`` already meet
    the quota (option ``quota``; under reading A8 ``all_areas`` every quota, option ``quotas``),
    smaller ones are a note, and the smallest of the others counts. Areas that pool rest on what is
    recorded too. An area without a place has no row: its lack is the quota's finding. Rooms that
    may be its own widen what it has, and so do those of an area that may be one project with it,
    or may stand on the project's ground; ``perhaps``: where it has no others, it may have nothing
    to judge at all. Of an approved area it is open whether ``value`` is asked (A29), and of one of
    unknown class that may be one.
    """
    value = rule.value
    if tables.account is None or value is None:
        raise ValueError("single_minimum needs the account and a value")
    quotas = rule.options.quotas or (rule.options.quota,)
    lead = leads(tables.areas)
    beside = perhaps_together(tables.areas[lead == lead.index])
    pooled = rule.readings.get("A8") == "pooled"
    joining = _joining(tables)
    standing = _standing(tables.account, quotas, value, (beside, joining), pooled=pooled)
    asked = _least_asked(tables, rule, value)
    asks = _conditions(tables.areas)
    rows: dict[object, tuple[float, float, bool, Reason]] = {}
    for subject, first in lead.loc[subjects].items():
        here = standing.get(first)
        bounds = None if here is None else _bounds(here, value)
        if here is not None and bounds is not None:  # else what it has is pooled elsewhere
            rows[subject] = (
                *bounds,
                _reason(here, bounds, value, float(asked[first]), asks.get(first)),
            )
    index = pd.Index(list(rows), name="id")
    return measured_frame(
        index,
        low=[r[0] for r in rows.values()],
        high=[r[1] for r in rows.values()],
        required_low=[asked[first] for first in lead.loc[list(rows)]],
        required_high=np.full(len(rows), value),
        reason=[r[3] for r in rows.values()],
    ).assign(perhaps=np.array([r[2] for r in rows.values()], dtype=bool))


class _Place(NamedTuple):
    """A place of an area, m²; ``low`` 0: it may not be there, or not be the area's."""

    facility: str
    low: float
    high: float

    def is_of(self, value: float) -> bool:
        """Return whether it has ``value`` m² for certain."""
        return bool(meets(self.low, ">=", value))

    def may_be_of(self, value: float) -> bool:
        """Return whether it may have ``value`` m²."""
        return bool(meets(self.high, ">=", value))


class _Standing(NamedTuple):
    """What an area has for certain, and perhaps; and whether large places alone meet its quotas.

    ``suffices``, ``may``: in the worst case, and at best. ``loose``: what is missing of rooms that
    may stand here or elsewhere, the last of ``perhaps``; ``unknown``: of anything. Or None.
    """

    sure: list[_Place]
    perhaps: list[_Place]
    suffices: bool
    may: bool
    pooled: bool
    loose: Reason | None
    unknown: Reason | None

    @classmethod
    def of(cls, account: _Told, places: Sequence[_Place], value: float, *, pooled: bool) -> Self:
        """Take what an area has, or may have, apart."""
        perhaps = [place for place in places if place.low <= 0]
        if account.loose is not None:
            perhaps.append(_Place("", account.loose_low, account.loose_high))
        return cls(
            [place for place in places if place.low > 0],
            perhaps,
            suffices=account.enough and (pooled or any(place.is_of(value) for place in places)),
            may=account.likely,
            pooled=pooled,
            loose=account.loose,
            unknown=account.unknown,
        )


class _Told(NamedTuple):
    """What the account says of an area under one quota, or under all of them."""

    enough: bool
    likely: bool
    loose_low: float
    loose_high: float
    loose: Reason | None
    unknown: Reason | None

    def beside(self, other: _Told) -> _Told:
        """Return what holds under both quotas: both are to be met."""
        return self._replace(
            enough=self.enough and other.enough,
            likely=self.likely and other.likely,
            unknown=self.unknown or other.unknown,
        )

    def joined(self, phases: _Joining) -> _Told:
        """Return what holds where it may have the rooms of its project's phases too."""
        return self._replace(likely=True, unknown=self.unknown or phases.unknown)


class _Joining(NamedTuple):
    """Places that are an area's only if it is one project with another phase; what is missing."""

    places: list[_Place]
    unknown: Reason | None


def _joining(tables: Tables) -> dict[str, _Joining]:
    """Return, by area, what it has only if it is one project with another phase."""
    if "project" not in tables.areas or not tables.areas["project"].notna().any():
        return {}
    whole = by_project(tables)
    if not perhaps_homes(whole.areas) and not perhaps_together(whole.areas):
        return {}
    high = place_m2(whole.facilities)["high"]
    found = {}
    for area, rooms in rooms_of_phases(whole, ownership(whole)).items():
        places = [_Place(room, 0.0, high[room]) for room in rooms if high[room] > 0]
        if places:
            found[area] = _Joining(places, untold_phase(tables.areas, area))
    return found


def _standing(
    account: Account,
    quotas: Sequence[str],
    value: float,
    phases: tuple[Mapping[str, Sequence[str]], Mapping[str, _Joining]],
    *,
    pooled: bool,
) -> dict[str, _Standing]:
    """Return what every area that has places, or may have, has under any of ``quotas``.

    ``phases``: area → those that may be one project with it, and have their places with it then;
    and area → what else it has then.
    """
    beside, joining = phases
    rows = account.frame
    rows = rows[rows.index.get_level_values("clause").isin(quotas)]
    small = _of_small(account.places, value)
    met = [
        meets(
            rows[f"own_{end}"]
            - looked_up(rows.index, small[end])
            + (rows[f"recorded_{end}"] if pooled else 0.0),
            ">=",
            rows[f"required_{other}"],
        ).tolist()
        for end, other in (("low", "high"), ("high", "low"))
    ]
    told = _told_of(rows, met)
    own = _places(account, quotas)
    more = {
        a: [p._replace(low=0.0) for o in beside.get(a, ()) for p in own.get(o, ())] for a in told
    }
    for area in joining.keys() & told.keys():
        more[area] += joining[area].places
        told[area] = told[area].joined(joining[area])
    places = {a: (*own.get(a, ()), *more[a]) for a in told if a in own or more[a]}
    return {
        area: _Standing.of(one, places.get(area, ()), value, pooled=pooled)
        for area, one in told.items()
        if area in places or one.loose is not None
    }


def _told_of(rows: pd.DataFrame, met: Sequence[Sequence[bool]]) -> dict[str, _Told]:
    """Return what rows of the account say of every area; ``met``: for certain, and at best."""
    columns = [rows[name].tolist() for name in _Told._fields[2:]]
    told: dict[str, _Told] = {}
    for area, *facts in zip(
        rows.index.get_level_values("id").tolist(), *met, *columns, strict=True
    ):
        one = _Told(*facts)
        told[area] = told[area].beside(one) if area in told else one
    return told


def _of_small(places: pd.DataFrame, value: float) -> dict[str, dict[tuple[Hashable, ...], float]]:
    """Return what places that are too small count for under each quota, by area and clause.

    A quota without a minimum of its own counts them too. In the worst case those that may be too
    small (``low``), at best those that are for certain (``high``), less what a large place that
    serves other areas too could give in their stead.
    """
    small = ~meets(places["place_high"], ">=", value)
    doubtful = ~meets(places["place_low"], ">=", value)
    could = np.minimum(places["m2_high"], places["most"]) - places["counted_high"]
    instead = could.where(places["shared"] & ~small, 0.0)
    keys: list[tuple[Hashable, ...]] = list(
        zip(places["residential"], places["clause"], strict=True)
    )
    low = added(keys, places["counted_low"].where(doubtful, 0.0).tolist())
    high = added(keys, (places["counted_high"].where(small, 0.0) - instead).tolist())
    return {"low": low, "high": {key: max(0.0, m2) for key, m2 in high.items()}}


def _bounds(here: _Standing, value: float) -> tuple[float, float, bool] | None:
    """Return the smallest place that counts in the worst case and at best, and ``perhaps``.

    ``perhaps``: there may be none that counts. None: there is none for certain.
    """
    every = [*here.sure, *here.perhaps]
    large = [place for place in every if place.may_be_of(value)]
    enough = [place for place in here.sure if place.is_of(value)]
    if here.suffices:  # smaller ones are a note
        return _of_large(enough, large, value)
    if not every:
        return None
    high = _smallest(here.sure, here.perhaps)
    if here.may and large:
        high = max(high, _smallest([p for p in here.sure if p.may_be_of(value)], large))
    pooled_away = here.pooled and here.may and not enough
    return min(place.low for place in every), high, not here.sure or pooled_away


def _of_large(
    enough: Sequence[_Place], large: Sequence[_Place], value: float
) -> tuple[float, float, bool] | None:
    """Return the bounds where those large enough for certain are all that matters."""
    if not large:
        return None
    return min(max(p.low, value) for p in large), _smallest(enough, large), not enough


def _smallest(sure: Sequence[_Place], perhaps: Sequence[_Place]) -> float:
    """Return the smallest place at best: of those that are there, else whichever may be."""
    return min((p.high for p in sure), default=max((p.high for p in perhaps), default=0.0))


def _places(account: Account, quotas: Sequence[str]) -> dict[str, list[_Place]]:
    """Return the own places of every area under any of ``quotas``, the smallest first."""
    rows = account.places
    rows = rows[rows["clause"].isin(quotas) & (rows["m2_high"] > 0)]
    # what is certain under one quota alone is not under all
    rows = rows.sort_values(["place_low", "site"]).drop_duplicates(["residential", "site"])
    found: dict[str, list[_Place]] = {}
    names = ("residential", "facility", "place_low", "place_high")
    for area, *place in zip(*(rows[name].tolist() for name in names), strict=True):
        found.setdefault(area, []).append(_Place(*place))
    return found


def _conditions(areas: pd.DataFrame) -> dict[object, ReasonCode]:
    """Return area → why it is open what its planning conditions ask, where there are any."""
    typed = number_of(areas, "required_m2").dropna()
    lost = np.isinf(number_of(areas, "required_most_m2"))
    codes = ReasonCode.FIGURE_UNREAD, ReasonCode.MINIMUM_OPEN
    return {area: codes[0] if lost[area] else codes[1] for area in typed.index}


def _reason(
    here: _Standing,
    bounds: tuple[float, float, bool],
    value: float,
    least: float,
    open_: ReasonCode | None,
) -> Reason:
    """Return why; ``least``: the least m² that a place of the area must have.

    ``open_``: what is said of planning conditions (:func:`_conditions`), where it has any.
    """
    low, high, perhaps = bounds
    loose = here.loose if len(here.perhaps) == 1 else None
    missing = loose or here.unknown or here.loose
    if perhaps and missing is not None:
        return missing
    if meets(low, ">=", value):
        return Reason(ReasonCode.QUOTA_MET, {"provided_m2": low, "required_m2": value})
    if meets(high, ">=", least) and meets(least, "<", value):
        return _between(low, least, value, open_)
    if meets(high, ">=", value) and here.unknown is not None:
        return here.unknown  # what is not known decides whether it matters
    # what is there for certain, and too small, is named before what may not be there at all
    small = [place for place in here.sure if not meets(place.high, ">=", value)]
    smallest = min(small or [*here.sure, *here.perhaps], key=lambda place: place.low)
    place_m2 = smallest.low if small else low
    params = {"facility": smallest.facility, "place_m2": place_m2, "minimum_m2": value}
    return Reason(ReasonCode.PLACE_BELOW_MINIMUM, params)


def _between(low: float, least: float, value: float, open_: ReasonCode | None) -> Reason:
    """Return that it is open how large a place has to be; ``open_`` as of :func:`_reason`."""
    if open_ is ReasonCode.FIGURE_UNREAD:
        return Reason(open_, {"field": "required_m2"})
    if open_ is not None:
        return Reason(open_, {"provided_m2": low, "minimum_m2": value})
    params = {"provided_m2": low, "required_low_m2": least, "required_m2": value}
    return Reason(ReasonCode.QUOTA_BETWEEN, params)


def _least_asked(tables: Tables, rule: Rule[MinimumOptions], value: float) -> pd.Series:
    """Return the least m² that a place of each area must have: 0 where it may be asked nothing.

    So of an approved area, which may be asked what existing ones are, and of one of unknown class
    that may be one, whatever m² its planning conditions name; not where the minimum holds for all
    areas (A8).
    """
    areas = tables.areas
    asked = pd.Series(value, index=areas.index)
    if rule.readings.get("A8") == "all_areas":
        return asked
    return asked.mask(perhaps_approved(areas, rule), 0.0)
