"""The m² account: required, own, recorded and arrangeable of every area, each m² once.

All quota clauses of a standard are settled together. The account is drawn up with every unknown at
its low value; where nothing is unknown around an area, that is the answer, else the best case is
all that its own and its recorded facilities could give it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lifecircle.account.doubts import (
    best_recorded,
    cloudy_areas,
    join_perhaps,
    widen,
)
from lifecircle.account.gaps import standing
from lifecircle.account.notes import notes, with_distance
from lifecircle.account.places import counted, join_empty, kept_own, rooms_of_empty
from lifecircle.account.prepared import Drawn, book_own, marked, prepare
from lifecircle.account.sums import added, added_by, looked_up, rows_of, table_of
from lifecircle.account.terms import large_enough, sharing_radius
from lifecircle.account.waits import least_recorded, waits
from lifecircle.allocation.sharing import Allocation, allocate
from lifecircle.counting.eligibility import number_of
from lifecircle.model.finding import meets
from lifecircle.model.results.settlement import Settlement
from lifecircle.model.tables import Account, Tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from lifecircle.account.ownership import Ownership
    from lifecircle.account.prepared import Prepared, Quota
    from lifecircle.model.rules.options import ProvisionOptions
    from lifecircle.model.rules.rule import Rule

__all__ = ["alike", "open_account", "settle"]

_GIVEN = ("facility", "residential", "m2", "basis", "clause")
_NO_PAIRS = pd.DataFrame({"residential": [], "m2": []})


def open_account(
    tables: Tables,
    quotas: Sequence[Quota],
    *,
    arranging: bool = True,
    official: str = "areas",
) -> Account:
    """Settle the account of ``quotas`` over all areas, phases of one project as one.

    Own m² come first, then recorded sharing among existing areas, then what could be arranged;
    sharing and arranging stop at the clause's sharing radius, straight line, inclusive.

    Parameters
    ----------
    arranging
        False leaves out what could be arranged, where nobody asks for it.
    official
        Basis of the rate that the sharing serves first: ``areas``, ``households`` or
        ``population``.
    """
    return settle(prepare(tables, quotas), arranging=arranging, official=official)


def settle(prepared: Prepared, *, arranging: bool, official: str) -> Account:
    """Return the account with what is shared and what could be arranged; ``prepared`` stays.

    Whoever is served first, the same m² shared leave the same account, but for what could be
    arranged: it is drawn up once.
    """
    asked = arranging, official  # never more than is asked: it would pass for what was judged by
    if asked not in prepared.settled:
        prepared.settled[asked] = _settled_anew(prepared, arranging=arranging, official=official)
    return prepared.settled[asked]


def _settled_anew(prepared: Prepared, *, arranging: bool, official: str) -> Account:
    tables, taking, spare = prepared.tables, prepared.taking, prepared.spare
    recorded = prepared.recorded
    records = recorded[recorded["within"] == 1]
    reach, shared = _shared(tables, records, taking, spare, official)
    reach = _with_the_exempt(prepared, reach, official)
    key = reach["m2"].to_numpy(dtype=float).tobytes()
    if key not in prepared.drawn:
        prepared.drawn[key] = _drawn(prepared, reach)
    firm = prepared.drawn[key]
    has = looked_up(taking.index, added(reach["residential"].tolist(), reach["m2"].tolist()))
    still = _needed(taking, has)
    pairs, offer = _offered(prepared, firm, still, official=official if arranging else None)
    frame, rows = firm.frame, firm.rows
    if len(pairs):  # a suggestion takes nothing away: it never counts
        frame = frame.assign(arrangeable=_by_row(pairs, frame, taking))
        more = _as_rows(tables, _given(pairs, taking, "suggested"))
        both_rows = [part for part in (rows, more) if len(part)]
        rows = pd.concat(both_rows or [rows], ignore_index=True)
    open_ = _undecided(prepared, firm, still)
    settled = (
        _settled("recorded", shared, official, open_),
        _settled("suggested", offer, official, open_),
    )
    return Account(
        frame,
        rows,
        firm.places,
        proven=shared.proven and offer.proven,
        work=shared.work,
        settled=tuple(one for one in settled if one.short),
        unassigned=firm.left,
        notes=firm.notes,
    )


def alike(one: Account, other: Account, *, arranged: bool = True) -> bool:
    """Return whether two accounts say the same of every area.

    ``arranged``: what could be arranged is looked at too, and how well that is proven.
    """
    if one.notes != other.notes or (arranged and one.proven != other.proven):
        return False
    pairs = [(one.frame, other.frame), (one.places, other.places)]
    if arranged:
        pairs.append((one.allocation, other.allocation))
    else:
        pairs[0] = tuple(a.frame.drop(columns="arrangeable") for a in (one, other))
        firm = [a.allocation[a.allocation["basis"] != "suggested"] for a in (one, other)]
        pairs.append(tuple(rows.reset_index(drop=True) for rows in firm))
    return all(mine is theirs or mine.equals(theirs) for mine, theirs in pairs)


def _drawn(prepared: Prepared, reach: pd.DataFrame) -> Drawn:
    """Return the account once it is known what is shared (``reach``: pairs with their ``m2``)."""
    tables, places, taking = prepared.tables, prepared.places, prepared.taking
    recorded, frame = prepared.recorded, prepared.frame.copy()
    low = tables.facilities["quota_m2_low"]
    high = tables.facilities["quota_m2_high"]
    frame["recorded_low"] = _by_row(reach, frame, taking)
    perhaps, homes = prepared.perhaps_otherwise(), prepared.homes()
    cloudy = cloudy_areas(recorded, taking, low, high, perhaps=perhaps, homes=homes)
    frame["recorded_high"] = best_recorded(frame, recorded, taking, high, cloudy)
    frame["recorded_low"], sure = least_recorded(prepared, frame, cloudy, reach)
    away = added(reach["facility"].tolist(), reach["m2"].tolist())
    own = kept_own(prepared.own, low, away)
    best = kept_own(prepared.best, high, away)
    book_own(frame, own, best)
    join_perhaps(tables, frame, prepared.beside, best)
    reaches = _reaches(prepared)
    empty = rooms_of_empty(tables, prepared.owned, reaches)
    join_empty(frame, empty, high)
    frame["slack"] = _slack(frame, prepared.owned, reach, prepared.spare)
    frame["arrangeable"] = 0.0
    widen(tables, frame, prepared.owned, recorded, high, prepared.beside)
    for name in ("own", "recorded"):
        least, most = (frame[f"{name}_{end}"].to_numpy(dtype=float) for end in ("low", "high"))
        frame[name] = np.where(meets(least, "=", most), least, np.nan)
    frame["waits"] = waits(prepared, frame, empty)
    for name, column in standing(frame, places).items():
        frame[name] = column
    farthest = {area: most for area, (_, most) in reaches.items()}
    mine = rows_of(own, "facility", "residential", "m2", "clause")
    rows = [(*pair, m2, "own", clause) for *pair, m2, clause in mine]
    rows += _given(sure, taking, "recorded")
    told = _told(tables, recorded, reach, taking)
    return Drawn(
        frame=frame,
        rows=_as_rows(tables, rows),
        left=_unassigned(prepared.spare, reach, prepared.owned),
        places=counted(places, own, best),
        notes=notes(tables, prepared.whose, places, told, prepared.limits, farthest),
    )


def _reaches(prepared: Prepared) -> dict[str, tuple[float, float]]:
    """Return how far a record reaches at least and at most, by area, metres."""
    found: dict[str, tuple[float, float]] = {}
    for area, clause in prepared.frame.index:
        limit = prepared.limits[clause]
        least, most = found.get(area, (limit, limit))
        found[area] = min(least, limit), max(most, limit)
    return found


def _given(pairs: pd.DataFrame, taking: pd.DataFrame, basis: str) -> list[tuple[Any, ...]]:
    """Return what pairs give under the clause that lets the area take it, as ``_as_rows`` wants."""
    clause = taking["clause"].to_dict()
    rows = rows_of(pairs, "facility", "residential", "m2")
    return [(facility, area, m2, basis, clause[area]) for facility, area, m2 in rows]


def _as_rows(tables: Tables, given: Iterable[tuple[Any, ...]]) -> pd.DataFrame:
    """Return who gives whom how much, and from how far: rows of an account's allocation."""
    some = [one for one in given if meets(one[_GIVEN.index("m2")], ">", 0.0)]
    return with_distance(tables, table_of(some, _GIVEN))


def _undecided(prepared: Prepared, firm: Drawn, still: pd.Series) -> int:
    """Return how many of the areas ``still`` in need are open whether they are.

    They have enough at best, or it is not known whether they are asked at all.
    """
    taking = prepared.taking
    frame = firm.frame.take(taking["row"].to_numpy())
    best = (frame["own_high"] + frame["recorded_high"]).to_numpy(dtype=float)
    enough = meets(best, ">=", taking["required_low"].to_numpy(dtype=float))
    perhaps = taking.index.isin(prepared.perhaps_unasked())
    return int((_is_short(still) & (enough | perhaps)).sum())


def _offered(
    prepared: Prepared, firm: Drawn, still: pd.Series, *, official: str | None
) -> tuple[pd.DataFrame, Allocation]:
    """Return what could be arranged of what is left: pairs with ``m2``; none without ``official``.

    A pair is of a facility and an area within the sharing radius. ``still``: m² that areas need.
    """
    tables, taking = prepared.tables, prepared.taking
    if official is None:
        return _NO_PAIRS, Allocation(np.zeros(0), short=int(_is_short(still).sum()))
    pairs = _arrangeable_pairs(tables, taking, prepared.rules)
    offer = _allocated(tables, pairs, still, firm.left, official)
    return pairs.assign(m2=offer.m2), offer


def _told(
    tables: Tables, recorded: pd.DataFrame, given: pd.DataFrame, taking: pd.DataFrame
) -> pd.DataFrame:
    """Return the recorded pairs with the ``m2`` given, the ``clause``, and what is ``note`` far."""
    m2 = np.zeros(len(recorded))
    m2[recorded.index.get_indexer(given.index)] = given["m2"]
    under = taking["clause"].to_dict()
    clause = [under[area] for area in recorded["residential"].tolist()]
    note = tables.parameters.recorded_sharing_note_m
    told = recorded.assign(m2=m2, clause=clause, note=note)
    return told[told["sure"].to_numpy(dtype=bool)]


def _settled(basis: str, share: Allocation, official: str, undecided: int) -> Settlement:
    return Settlement(
        standard="",
        basis=basis,
        official=official,
        short=share.short,
        served=share.served,
        gain=share.gain,
        bound=share.bound,
        households=share.households,
        households_bound=share.households_bound,
        proven=share.proven,
        undecided=undecided,
    )


def _shared(
    tables: Tables, pairs: pd.DataFrame, taking: pd.DataFrame, spare: pd.Series, official: str
) -> tuple[pd.DataFrame, Allocation]:
    """Return recorded pairs with their ``m2``, and how what they leave open was distributed.

    A record's m² by name are an agreement and stand as they are, as long as the facility has
    them; the rest, and the records that promise more than there is, go by the allocation. A record
    that names m² for one phase of a project and leaves another's unsaid is both.
    """
    rooms, areas = pairs["facility"].tolist(), pairs["residential"].tolist()
    most = pairs["most"].to_numpy(dtype=float)
    named = pairs["named"].to_numpy(dtype=float)
    have = looked_up(rooms, spare.to_dict(), np.nan)
    off = pairs["residential"].isin(marked(tables.areas, "quota_exempt")).to_numpy(dtype=bool)
    both, asked = (added_by(rooms, m2.tolist()) for m2 in (named, np.where(off, 0.0, named)))
    kept = meets(both, "<=", have) | (~off & meets(asked, "<=", have))
    firm = np.where(kept, named, 0.0)
    fixed, used = added(areas, firm.tolist()), added(rooms, firm.tolist())
    rest = np.flatnonzero((firm == 0) | ~np.isfinite(most))
    need = _needed(taking, looked_up(taking.index, fixed))
    share = _allocated(tables, pairs.iloc[rest], need, _left(spare, used), official)
    firm[rest] += share.m2
    return pairs.assign(m2=firm), share


def _with_the_exempt(prepared: Prepared, given: pd.DataFrame, official: str) -> pd.DataFrame:
    """Return what is shared with what is then over for areas that are exempt: asked for nothing."""
    tables, taking = prepared.tables, prepared.taking
    off = taking[taking.index.isin(marked(tables.areas, "quota_exempt"))]
    theirs = np.flatnonzero(given["residential"].isin(off.index))
    if not len(theirs):
        return given
    asked = prepared.frame.take(off["row"].to_numpy())[["required_high", "own_low"]]
    has = added(given["residential"].tolist(), given["m2"].tolist())
    need = _needed(asked.set_axis(off.index), looked_up(off.index, has))
    left = _left(prepared.spare, added(given["facility"].tolist(), given["m2"].tolist()))
    m2 = given["m2"].to_numpy(copy=True)
    m2[theirs] += _allocated(tables, given.iloc[theirs], need, left, official).m2
    return given.assign(m2=m2)


def _allocated(
    tables: Tables, pairs: pd.DataFrame, need: pd.Series, spare: pd.Series, official: str
) -> Allocation:
    """Return how pairs share ``spare`` m², by facility, for what areas still need."""
    if pairs.empty:
        return Allocation(np.zeros(0), short=int(_is_short(need).sum()))
    columns = ["facility", "residential", "distance", "most"]
    return allocate(pairs[columns], _short(tables, need, official), spare)


def _slack(
    frame: pd.DataFrame, owned: Ownership, given: pd.DataFrame, spare: pd.Series
) -> pd.Series:
    """Return what the facilities that serve an area up to its requirement could still give it.

    Credit that stops at the requirement hides how close it was; this is what stands behind it.
    """
    used = added(given["facility"].tolist(), given["m2"].tolist())
    left = {room: max(0.0, m2 - used.get(room, 0.0)) for room, m2 in spare.items()}
    capped = rows_of(given, "facility", "residential", "m2", "most")
    serving = [(room, area) for room, area, m2, most in capped if m2 > 0 and most == np.inf]
    own = rows_of(owned.own, "facility", "residential", "shared", "most")
    serving += [(room, area) for room, area, shared, most in own if shared and most == np.inf]
    total = added((area for _, area in serving), (left[room] for room, _ in serving))
    return pd.Series(looked_up(frame.index.get_level_values("id"), total), frame.index)


def _unassigned(spare: pd.Series, given: pd.DataFrame, owned: Ownership) -> pd.Series:
    """Return what nobody has been assigned: spare m², less what was given or promised by name.

    Rooms of unknown place have none to spare for certain: an area may need them as its own.
    """
    most, m2 = (given[name].to_numpy(dtype=float) for name in ("most", "m2"))
    used = added(given["facility"].tolist(), np.where(np.isfinite(most), most, m2).tolist())
    return _left(spare.mask(spare.index.isin(list(owned.drifting)), 0.0), used)


def _left(spare: pd.Series, used: Mapping[str, float]) -> pd.Series:
    """Return what is left of each facility once some m² are used."""
    left = spare.to_numpy(dtype=float) - looked_up(spare.index, used)
    return pd.Series(np.maximum(left, 0.0), spare.index)


def _needed(taking: pd.DataFrame, has: NDArray[np.float64]) -> pd.Series:
    """Return what areas still need beside what is their own and what they ``has``."""
    asked, own = (taking[name].to_numpy(dtype=float) for name in ("required_high", "own_low"))
    return pd.Series(asked - own - has, taking.index)


def _arrangeable_pairs(
    tables: Tables, taking: pd.DataFrame, rules: dict[str, Rule[ProvisionOptions]]
) -> pd.DataFrame:
    """Return pairs of facility and area within the sharing radius; none where there is none."""
    limit = {a: sharing_radius(rules[c], tables) for a, c in taking["clause"].items()}
    pairs = tables.containment[tables.containment["residential"].isin(taking.index)]
    radius = pairs["residential"].map(limit).astype(float)
    pairs = pairs[meets(pairs["straight_m"], "<=", radius)]
    pairs = pairs[large_enough(tables, pairs, taking, rules) == 1]
    return pd.DataFrame(
        {
            "facility": pairs["facility"],
            "residential": pairs["residential"],
            "distance": pairs["straight_m"],
            "most": np.inf,
        }
    ).reset_index(drop=True)


def _short(tables: Tables, need: pd.Series, official: str) -> pd.DataFrame:
    """Return the areas still short, as :func:`allocate` wants them."""
    need = need[_is_short(need)]
    areas = tables.areas.loc[need.index]
    gain = {"households": areas["counted"], "population": number_of(areas, "population")}
    facts = areas[["counted", "x", "y"]].rename(columns={"counted": "weight"})
    return facts.assign(need=need, gain=gain.get(official, 1.0))


def _is_short(need: pd.Series) -> NDArray[np.bool_]:
    m2 = need.to_numpy(dtype=float)
    found: NDArray[np.bool_] = np.isfinite(m2) & meets(m2, ">", 0.0)
    return found


def _by_row(pairs: pd.DataFrame, frame: pd.DataFrame, taking: pd.DataFrame) -> pd.Series:
    """Return the m² of pairs by account."""
    total = added(pairs["residential"].tolist(), pairs["m2"].tolist())
    by_key = {key: total.get(area, 0.0) for area, key in taking["key"].items()}
    return pd.Series(looked_up(frame.index, by_key), frame.index, dtype=float)
