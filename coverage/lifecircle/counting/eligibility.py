"""Which facilities count: tri-state membership of kinds and stages (readings A16, A17, A38).

Every answer is 1.0 yes, 0.0 no, NaN not known; :func:`both` combines two of them.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.model.cell import is_missing
from lifecircle.model.dictionary import INSTITUTIONS, split_kinds, unread
from lifecircle.model.dictionary import kinds as kind_specs
from lifecircle.model.inputs.layers import HOUSE, HOUSE_ASTRAY, M2_MOST
from lifecircle.model.status import Stage, StageView

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

__all__ = [
    "both",
    "built",
    "countable_m2",
    "either",
    "has_rooms",
    "hidden",
    "is_open",
    "lived_in",
    "members",
    "memberships",
    "named_kinds",
    "number_of",
    "once_a_house",
    "once_a_house_m2",
    "truth",
    "unclear_kind",
]

_UNBUILT = {Stage.PLANNED, Stage.UNDER_CONSTRUCTION}
_DEAD = {Stage.IDLE, Stage.MISUSED, Stage.CLOSED}
_ROOMLESS = frozenset({"family_bed", "aid_rental", "health", "health_centre"})
"""Kinds without rooms of their own."""


def both(*answers: pd.Series) -> pd.Series:
    """Return 0 where any answer is 0, 1 where all are 1, else NaN."""
    index = answers[0].index
    if not all(one.index is index or one.index.equals(index) for one in answers[1:]):
        answers = tuple(column for _, column in pd.concat(answers, axis=1).items())
        index = answers[0].index
    told = np.array([one.to_numpy(dtype=float) for one in answers])
    found = np.where((told == 0).any(axis=0), 0.0, told.prod(axis=0))
    return pd.Series(found, index=index)


def either(*answers: pd.Series) -> pd.Series:
    """Return 1 where any answer is 1, 0 where all are 0, else NaN."""
    return 1.0 - both(*(1.0 - a for a in answers))


def truth(values: pd.Series) -> pd.Series:
    """Return a column of booleans with gaps as 1.0, 0.0 and NaN."""
    return pd.Series(
        [np.nan if is_missing(v) else float(bool(v)) for v in values],
        index=values.index,
        dtype=float,
    )


def number_of(frame: pd.DataFrame, column: str) -> pd.Series:
    """Return a numeric column; all NaN where the layer has no such column."""
    if column not in frame:
        return pd.Series(np.nan, index=frame.index)
    told = frame[column]
    if told.dtype == np.float64:
        return told.copy()
    return pd.to_numeric(told, errors="coerce").astype(float)


def hidden(frame: pd.DataFrame, column: str) -> pd.Series:
    """Return of which rows a figure is written and cannot be read, or a remark takes it back.

    Such a one is no blank: nothing stands for it.
    """
    mark = unread(column)
    if mark not in frame:
        return pd.Series(data=False, index=frame.index)
    return frame[mark].eq(other=True).astype(bool)


def is_open(stages: pd.Series, view: StageView) -> pd.Series:
    """Return whether a facility serves: in use now; in the plan also whatever will be built."""
    yes = {Stage.IN_USE}
    if view is StageView.PLAN:
        yes |= _UNBUILT | {Stage.ACCEPTED, Stage.HANDED_OVER}
    return _by_stage(stages, yes)


def built(stages: pd.Series, view: StageView) -> pd.Series:
    """Return whether a facility's m² count: accepted, handed over or in use (A17)."""
    yes = {Stage.ACCEPTED, Stage.HANDED_OVER, Stage.IN_USE}
    if view is StageView.PLAN:
        yes |= _UNBUILT
    return _by_stage(stages, yes)


def lived_in(stages: pd.Series, view: StageView, unread: pd.Series | None = None) -> pd.Series:
    """Return whether an area is in the denominators: now, handed over, in use or unstated.

    In the plan every stage is, but for areas given up (idle, misused, closed). ``unread``: the
    areas whose stage is stated and cannot be read, NaN: nobody knows whether they count. Where
    it says nothing (the plots of a proposal beside a ledger) there was nothing to read.
    """
    if view is StageView.PLAN:
        found = 1.0 - stages.isin(_DEAD).astype(float)
    else:
        found = (stages.isna() | stages.isin([Stage.HANDED_OVER, Stage.IN_USE])).astype(float)
    # a planned area beside those of the ledger has no such mark: it was typed, and is read
    return found if unread is None else found.mask(unread.isin([True]))


def members(facilities: pd.DataFrame, kinds: Iterable[str]) -> pd.Series:
    """Return whether each facility belongs to ``kinds`` (kind keys or ``group:<reach group>``).

    A facility without a kind, or one of whose kinds is not in the dictionary, may belong: NaN. A
    kind that reaches people only with a day or outreach service belongs as ``day_service`` says:
    where that is blank a home may have one, a canteen has none; a word that cannot be read is no
    blank. A canteen that is a second kind of place too (an activity room) has one (A16), unless
    it is said to have none.
    ``set:institutions``: every 养老机构 (A16), by its kind, its beds and its full-time care.
    """
    wanted = tuple(kinds)
    return memberships(facilities, [wanted])[wanted]


def memberships(
    facilities: pd.DataFrame, several: Iterable[tuple[str, ...]]
) -> dict[tuple[str, ...], pd.Series]:
    """Return what :func:`members` does of several kinds: each row is read once for all of them."""
    named = [*map(named_kinds, facilities["kinds"].tolist())]
    rows = list(zip(named, *_services(facilities), strict=True))
    every = set(rows)
    found: dict[tuple[str, ...], pd.Series] = {}
    for wanted in several:
        plain, groups = split_kinds(name for name in wanted if name != INSTITUTIONS)
        told = {row: _membership(row[0], plain, groups, row[1:]) for row in every}
        some = pd.Series([told[row] for row in rows], index=facilities.index, dtype=float)
        if INSTITUTIONS in wanted:
            answer = _institutions(facilities)
            some = either(answer, some) if plain or groups else answer
        found[wanted] = some if wanted else pd.Series(1.0, index=facilities.index)
    return found


def _services(facilities: pd.DataFrame) -> tuple[list[bool | None], list[bool]]:
    """Return of each row whether it has a day service (None: unsaid), and whether it is unread."""
    served: list[bool | None] = [None] * len(facilities)
    odd = [False] * len(facilities)
    if "day_service" in facilities:
        cells = facilities["day_service"].tolist()
        served = [None if is_missing(cell) else bool(cell) for cell in cells]
    if (mark := unread("day_service")) in facilities:
        odd = [cell is True for cell in facilities[mark].tolist()]
    return served, odd


def named_kinds(kinds: object) -> frozenset[str]:
    """Return a row's kinds; none where nothing is typed."""
    if isinstance(kinds, frozenset):
        return kinds
    return frozenset() if is_missing(kinds) else frozenset(kinds)  # type: ignore[call-overload]


def _institutions(facilities: pd.DataFrame) -> pd.Series:
    """Return whether each facility is a 养老机构: whoever has beds or full-time care (A16).

    A house of beds is one by its kind. A centre is one with beds or with full-time care, whatever
    the other of the two says, and where its beds are not typed it may be, or, of no beds, the care:
    unless the ledger says of nobody whether there is full-time care. Day-care rooms are one only
    with full-time care that is typed, since their beds are for the day.
    """
    specs = kind_specs()
    beds = number_of(facilities, "beds")
    unsaid = pd.Series(np.nan, index=facilities.index)
    caring = truth(facilities["full_care"]) if "full_care" in facilities else unsaid
    silent = not caring.notna().any()
    answers = []
    for own, has, cares in zip(facilities["kinds"], beds, caring, strict=True):
        named = set() if is_missing(own) else set(own)
        ways = {specs[kind].institution for kind in named}
        if "always" in ways or (ways & {"beds", "full_care"} and cares == 1):
            answers.append(1.0)
        elif "beds" in ways:
            surely_not = has == 0 and (silent or cares == 0) and not unclear_kind(named)
            answers.append(1.0 if has > 0 else 0.0 if surely_not else math.nan)
        else:
            answers.append(math.nan if unclear_kind(named) else 0.0)
    return pd.Series(answers, index=facilities.index, dtype=float)


def _membership(
    named: frozenset[str],
    plain: set[str],
    groups: set[str],
    service: tuple[bool | None, bool],
) -> float:
    """Return whether a facility of the kinds ``named`` is one of some kinds or groups.

    ``service``: whether it has a day or outreach service (None: unsaid), and whether what is said
    of one cannot be read. One of its kinds that nobody knows may be one of them, whatever it
    serves.
    """
    told = set()
    for one in _readings(named):
        answer = _by_known(one, plain, groups, service)
        told.add(None if math.isnan(answer) or (answer == 0 and unclear_kind(one)) else answer)
    return math.nan if None in told or len(told) > 1 else told.pop()  # type: ignore[return-value]


def _readings(named: frozenset[str]) -> tuple[frozenset[str], ...]:
    """Return the kinds that a row may be of: 助餐 beside a kind is a canteen, or a service."""
    specs = kind_specs()
    open_ = {kind for kind in named if specs[kind].perhaps}
    known = named - open_
    return (known, known | {specs[kind].perhaps for kind in open_}) if open_ else (named,)


def _by_known(
    named: frozenset[str],
    plain: set[str],
    groups: set[str],
    service: tuple[bool | None, bool],
) -> float:
    """Return what the kinds that are known make of a facility."""
    specs = kind_specs()
    served, unclear = math.nan if service[0] is None else float(service[0]), service[1]
    if named & plain or any(specs[k].reach & groups for k in named):
        return 1.0
    if any(specs[k].reach_with_service & groups for k in named):
        return served
    if any(specs[k].reach_if_typed & groups for k in named):
        unsaid = math.nan if unclear else float(any(specs[k].serves for k in named))
        return unsaid if math.isnan(served) else served
    return 0.0


def unclear_kind(named: Collection[str]) -> bool:
    """Return whether a row may be of any kind: it is known to be of none, or one is unknown."""
    return "other" in named or not any(not kind_specs()[kind].perhaps for kind in named)


def countable_m2(facilities: pd.DataFrame) -> pd.DataFrame:
    """Return ``low`` and ``high`` m² that a facility's rooms can count towards quotas (A16).

    A typed community area counts as it is. Else the floor area counts where every kind of the row
    is one whose floor area counts. In all other rooms (a centre, a house of beds, a kind not known)
    how much serves the community is not known: any part, from none to all. Rows of kinds without
    rooms count nothing. Of rooms with a mark beside a figure part is let (二楼出租), or how
    much serves the community is written and cannot be read.
    """
    typed, floor = (
        number_of(facilities, f"{name}_area_m2").to_numpy() for name in ("community", "floor")
    )
    named = [*map(named_kinds, facilities["kinds"].tolist())]
    said = {kinds: (_roomless(kinds), _roomy(kinds)) for kinds in set(named)}
    none, whole = np.array([said[kinds] for kinds in named], dtype=bool).reshape(-1, 2).T
    sure = whole & ~none & ~np.isnan(floor)
    for name in ("floor_area_m2", "community_area_m2"):
        sure &= ~hidden(facilities, name).to_numpy(dtype=bool)
    low = np.where(sure, floor, 0.0)
    high = np.where(none, 0.0, np.where(np.isnan(floor), np.inf, floor))
    if M2_MOST in facilities:
        high = np.fmax(high, number_of(facilities, M2_MOST).where(~none).to_numpy())
    stated = ~np.isnan(typed)
    ends = {"low": np.where(stated, typed, low), "high": np.where(stated, typed, high)}
    return pd.DataFrame(ends, index=facilities.index)


def _roomy(kinds: frozenset[str]) -> bool:
    """Return whether a row's kinds are known, and the floor area of every one counts."""
    specs = kind_specs()
    return all(one and all(specs[kind].floor_area for kind in one) for one in _readings(kinds))


def _roomless(kinds: frozenset[str]) -> bool:
    """Return whether a row's kinds are known, and none has rooms of its own."""
    return all(one and one <= _ROOMLESS for one in _readings(kinds))


def has_rooms(facilities: pd.DataFrame) -> pd.Series:
    """Return whether each facility has rooms that count towards quotas: 1, 0 or NaN (A16).

    Rooms of a kind whose floor area counts are there, however large, where no figure is given; how
    many serve the community, where that is written and cannot be read, is not known: none, perhaps.
    """
    m2 = countable_m2(facilities)
    typed = number_of(facilities, "community_area_m2").notna()
    typed |= hidden(facilities, "community_area_m2")
    some = ~(number_of(facilities, "floor_area_m2") <= 0) & ~typed
    roomy = pd.Series(
        [_roomy(named_kinds(own)) for own in facilities["kinds"]], facilities.index, dtype=bool
    )
    sure = (m2["low"] > 0) | (some & roomy)
    return sure.astype(float).mask(~sure & (m2["high"] > 0))


def once_a_house(rows: pd.DataFrame, answer: pd.Series, *figures: pd.Series) -> pd.Series:
    """Return which rows count: of those that may be one house with the same figures one for sure.

    一套房子两块牌子: 100 beds on both lines are 100 or 200. Figures that differ are two services.
    So of rows that are typed as one place, where one may be a second sign on its house.
    """
    if HOUSE in rows and rows[HOUSE].notna().sum() > 1:
        answer = answer.mask(_again(rows[HOUSE], answer, figures))
    second = rows.get("second_sign")
    if second is not None and second.any():
        last = answer[second.astype(bool).sort_values(kind="stable").index]
        answer = answer.mask(second.astype(bool) & _again(rows["site"], last, figures))
    return answer


def _again(place: pd.Series, answer: pd.Series, figures: Sequence[pd.Series]) -> pd.Series:
    """Return which of the rows that count say the same figures of a place as one before them."""
    told = pd.concat([place, *figures], axis=1, keys=range(1 + len(figures))).loc[answer.index]
    told = told[told.notna().all(axis=1) & (answer == 1)]
    again = told.duplicated() & (told.drop(columns=0) > 0).any(axis=1)
    return again.reindex(place.index, fill_value=False)


def _by_stage(stages: pd.Series, yes: set[Stage]) -> pd.Series:
    return stages.isin(yes).astype(float).mask(stages.isna())


def once_a_house_m2(facilities: pd.DataFrame, low: pd.Series) -> pd.Series:
    """Return the m² that are certain: of rows that may be one house, the least of them, once.

    Of one that has a position, if any has, and of those of one that has a record. Of none, where
    they name others in 服务小区, or one without a record is by others: nobody knows whose it is.
    """
    if HOUSE not in facilities:
        return low
    counted = facilities[facilities[HOUSE].notna() & (low > 0)]
    placed, low = number_of(counted, "x").notna(), low.copy()
    for _, rows in counted.groupby(HOUSE, sort=False):
        kept = rows.index[:1] if len(rows) == 1 else _whose_it_is(rows, placed[rows.index])
        least = low[rows.index].min()
        best = low[kept].idxmax() if len(kept) else None
        low[rows.index] = 0.0
        if best is not None:
            low[best] = least
    return low


def _whose_it_is(rows: pd.DataFrame, placed: pd.Series) -> pd.Index:
    """Return of the rows of one house those that say whose it is; none where nobody knows."""
    named = [bool(cell) for cell in rows["serves"]]
    records = {cell for cell in rows["serves"] if cell}
    if len(records) > 1 or (not all(named) and _astray(rows, recorded=any(named))):
        return rows.index[:0]
    at = [one or not records for one in named]
    ways = [one and spot for one, spot in zip(at, placed, strict=True)], [*placed], at
    return rows.index[next(way for way in ways if any(way))]


def _astray(rows: pd.DataFrame, *, recorded: bool) -> bool:
    """Return whether a row of a house is by others than another says, or may be beside a record."""
    told = rows.get(HOUSE_ASTRAY, pd.Series([None]))
    return any(one is True for one in told) or (
        recorded and any(one not in {True, False} for one in told)
    )
