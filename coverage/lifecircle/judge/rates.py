"""Rates: one rule in all bases, per county, setting and unit."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.counting.eligibility import number_of
from lifecircle.counting.projects import leads
from lifecircle.counting.shares import Told, groups, scopes, share_rate, verdict_rate
from lifecircle.judge.decision import verdicts
from lifecircle.measures.areas.compliance_rate import perhaps_subjects
from lifecircle.measures.units.placing import most_covered
from lifecircle.model.finding import Rate, meets
from lifecircle.model.status import Status

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from numpy.typing import NDArray

    from lifecircle.judge.unplaced import Unplaced
    from lifecircle.judge.waiting import Awaited
    from lifecircle.model.rules.options import Options
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]

__all__ = [
    "Kept",
    "area_rates",
    "exact_status",
    "facility_rates",
    "once",
    "rate_status",
    "unit_rates",
    "weighed_status",
]

_ALL = 100.0
_LARGE = frozenset({"county", "urban", "rural"})
_READ = ("counted", "population", "elders", "land_area_m2", "setting", "unit", "lead")
"""Columns of the areas that rates are made of."""
_SHARE = {"radius": "radius_share", "walk": "walk_share"}


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """Rates of a rule before a change, and the areas that the change may touch.

    Every area is of the unit and the setting that it was of.
    """

    rates: tuple[Rate, ...]
    areas: pd.Index

    def by_scope(self) -> dict[str, list[Rate]]:
        """Return scope → its rates."""
        found: dict[str, list[Rate]] = {}
        for rate in self.rates:
            found.setdefault(rate.scope, []).append(rate)
        return found

    def touched(self, areas: pd.DataFrame) -> Bools:
        """Return of which rows of ``areas`` a rate may be otherwise: of all phases of a project."""
        lead = leads(areas)
        at = areas.index.get_indexer(self.areas)
        mine = np.zeros(len(areas), dtype=bool)
        mine[at[at >= 0]] = True
        return np.asarray(mine | lead.isin(lead[mine]), dtype=bool)


def area_rates(
    status: pd.Series,
    rule: Rule[Options],
    tables: Tables,
    unplaced: Unplaced | Awaited | None = None,
    *,
    doubtful: Bools | None = None,
    briefly: bool = False,
    kept: Kept | None = None,
) -> tuple[Rate, ...]:
    """Return the rates of a rule on residential areas; bases without any data are left out.

    ``doubtful``: the areas of which it is open whether the rule applies to them.

    ``unplaced``: what only facilities of unknown place, or rooms that may be others' too, leave
    open. They cannot meet all of it, which lowers the high ends for the county and for town and
    country; those of single units stay wide of what is only reached. ``briefly``: for the county
    alone. ``kept``: rates of before, taken wherever no area that may be otherwise is part of them.
    """
    areas = tables.areas
    if not status.index.equals(areas.index):
        areas = areas[[name for name in _READ if name in areas]].loc[status.index]
    before = {} if kept is None else kept.by_scope()
    touched = np.ones(len(areas), dtype=bool) if kept is None else kept.touched(areas)
    households = areas["counted"].to_numpy(dtype=float)
    weights = {
        "areas": np.ones(len(areas)),
        "households": households,
        "population": number_of(areas, "population").to_numpy(),
        "elders": number_of(areas, "elders").to_numpy(),
    }
    reached = {
        "households_reached": households,
        "land_area": number_of(areas, "land_area_m2").to_numpy(),
    }
    told = Told.of(status, perhaps_subjects(tables, rule, status.index))
    counted = once(status, rule, tables)
    doubt = np.zeros(len(areas), dtype=bool) if doubtful is None else doubtful
    shares = _shares(rule, tables, status.index)
    weighed = _Weighed(told, weights, counted, shares, reached, doubt)
    result: list[Rate] = []
    rows = np.flatnonzero(touched)
    for scope, codes, code, maybe in itertools.islice(scopes(areas), 1 if briefly else None):
        if kept is not None and not ((codes[rows] == code) | maybe[rows]).any():
            result += before.get(scope, ())
            continue
        here = np.asarray(codes == code, dtype=bool)
        if not told.counted[here].any():
            continue
        wide = scope in _LARGE or (unplaced is not None and unplaced.locally)
        spare = _spare(unplaced, weights, here, counted) if wide else {}
        result += weighed.rates(scope, here, spare, maybe)
    return tuple(result)


@dataclass(frozen=True, slots=True)
class _Weighed:
    """What the rates of areas are made of, for all scopes.

    ``counted``: once a project; ``doubtful``: it is open whether the rule applies to them.
    """

    told: Told
    weights: Mapping[str, Floats]
    counted: Bools
    shares: tuple[Floats, Floats] | None
    reached: Mapping[str, Floats]
    doubtful: Bools

    def rates(
        self, scope: str, here: Bools, spare: Mapping[str, float], maybe: Bools
    ) -> Iterator[Rate]:
        """Yield the rates of one scope, in every basis that has data there.

        ``maybe``: areas that may be of the scope.
        """
        perhaps = maybe if maybe.any() else None  # mostly of everybody it is known
        for basis, weight in self.weights.items():
            rows, also = here, perhaps
            if basis == "areas":
                rows = here & self.counted
                also = None if perhaps is None else perhaps & self.counted
            if not np.isnan(weight[rows]).all():
                unmet = spare.get(basis, 0.0)
                yield verdict_rate(self.told, weight, rows, basis, scope, spare=unmet, maybe=also)
        if self.shares is None:
            return
        sure, also = here & ~self.doubtful, maybe | (here & self.doubtful)
        for basis, weight in self.reached.items():
            if not np.isnan(weight[here]).all():
                yield share_rate(self.told, self.shares, weight, sure, basis, scope, maybe=also)


def _spare(
    unplaced: Unplaced | Awaited | None, weights: Mapping[str, Floats], here: Bools, counted: Bools
) -> dict[str, float]:
    """Return, of every basis, what facilities of unknown place leave unreached in any case."""
    if unplaced is None:
        return {}
    if not (here & ~counted).any():  # nobody is left out: one look tells all bases
        every = unplaced.spare(here, np.column_stack(list(weights.values())))
        return dict(zip(weights, map(float, every), strict=True))
    names = [basis for basis in weights if basis != "areas"]
    rest = unplaced.spare(here, np.column_stack([weights[name] for name in names]))
    own = unplaced.spare(here & counted, weights["areas"][:, None])
    return {"areas": float(own[0]), **dict(zip(names, map(float, rest), strict=True))}


def _shares(rule: Rule[Options], tables: Tables, areas: pd.Index) -> tuple[Floats, Floats] | None:
    """Return least and most of each area's share within reach; None for other measures."""
    if rule.measure not in _SHARE:
        return None
    reach, column = tables.reach[rule.reach_key].frame, _SHARE[rule.measure]
    at = reach.index.get_indexer(areas)
    return tuple(reach[name].to_numpy(dtype=float)[at] for name in (column, f"{column}_high"))


def once(status: pd.Series, rule: Rule[Options], tables: Tables) -> Bools:
    """Return which rows count as subjects: of the phases that a quota takes as one, the first.

    Where the first is exempt one that is not stands for the project: the rest of it is judged.
    """
    everyone = np.ones(len(status), dtype=bool)
    if not rule.spec.per_project:
        return everyone
    lead = leads(tables.areas).reindex(status.index)
    other = lead.to_numpy(dtype=object) != lead.index.to_numpy(dtype=object)
    if not other.any():  # every area is a project of its own
        return everyone
    order = pd.DataFrame(
        {"lead": lead, "exempt": status == Status.EXEMPT, "other": other}, index=status.index
    ).sort_values(["exempt", "other"], kind="stable")
    first = ~order["lead"].duplicated()
    # a phase whose lead has no finding here is no subject of its own
    mine = order["lead"].isin(status.index)
    found: Bools = (first & mine).reindex(status.index).to_numpy(dtype=bool)
    return found


def unit_rates(
    status: pd.Series,
    tables: Tables,
    unplaced: Collection[str] = (),
    adrift: Collection[str] = (),
    *,
    briefly: bool = False,
) -> tuple[Rate, ...]:
    """Return the rates of a rule on units, for the county and for each unit's communities.

    ``unplaced``: the units that are open only because of facilities whose unit is not known;
    ``adrift``: where those stand, as far as that is known. They can cover one unit each at best.
    ``briefly``: for the county alone.
    """
    units, told = tables.units.loc[status.index], Told.of(status)
    one = np.ones(len(status))
    everywhere = [("county", np.ones(len(status), dtype=bool))]
    if not briefly:
        everywhere += [(code, rows == one) for code, rows, one in groups(units["parent"])]
    result = []
    for scope, here in everywhere:
        if scope == "county" or told.counted[here].any():
            waiting = [unit for unit in status.index[here & told.open] if unit in unplaced]
            spare = float(len(waiting) - most_covered(waiting, adrift))
            result.append(verdict_rate(told, one, here, "units", scope, spare=spare))
    return tuple(result)


def facility_rates(findings: pd.DataFrame) -> tuple[Rate, ...]:
    """Return the share of facilities that are met, exactly over all that is not known.

    A facility that may not be one of the kind is taken in or left out, whichever is worse (or
    better); with one that is met it only ever helps, with one that is missed it only ever harms.
    """
    if findings.empty:
        return ()
    applies, least, most = (findings[n].to_numpy(dtype=float) for n in ("applies", "low", "high"))
    sure, low, high = applies == 1, least >= 1, most >= 1
    closed = sure & (low == high)
    met = float((closed & low).sum())
    bounds = []
    for good in (low, high):
        helps = good if good is high else ~good
        taken = sure | (~sure & helps)
        taken = taken if taken.any() else ~sure
        bounds.append(float((taken & good).sum()) / float(taken.sum()))
    decided = float(closed.sum())
    return (
        Rate(
            basis="facilities",
            scope="county",
            numerator=met,
            denominator=decided,
            not_assessed=float((~closed).sum()),
            low=bounds[0],
            high=bounds[1],
            rate=met / decided if decided else None,
        ),
    )


def exact_status(rate: Rate | None, comparison: str, target: float) -> Status:
    """Return the status of a clause by the bounds of its one rate; ``target`` in per cent."""
    if rate is None or rate.low is None or rate.high is None:
        return Status.NOT_APPLICABLE
    return _decided(100 * rate.low, 100 * rate.high, comparison, target)


def weighed_status(rate: Rate | None, comparison: str, target: float) -> Status:
    """Return the status by a weighed rate (A1); a missing weight leaves it open, 0 to 100 %."""
    if rate is None:
        return Status.NOT_ASSESSED
    if target >= _ALL and meets(rate.numerator, "<", rate.denominator):
        return Status.DEFICIENT  # one that is missed leaves less than all, whatever it weighs
    low, high = (0.0, 1.0) if rate.low is None or rate.high is None else (rate.low, rate.high)
    return _decided(100 * low, 100 * high, comparison, target)


def rate_status(
    status: pd.Series, comparison: str, target: float, *, spare: int = 0, perhaps: int = 0
) -> Status:
    """Return the status of a clause that speaks of a rate of its subjects, by counts (A2).

    ``target`` in per cent. Counts are compared, not rounded percentages; with no subject the
    clause is not applicable, with exempt ones alone exempt. ``spare``: how many of the open ones
    cannot all be met at once; ``perhaps``: how many of those met may not count at all.
    """
    told = Told.of(status)
    whole = int(told.counted.sum())
    if not whole:
        exempt = (status.to_numpy(dtype=object) == Status.EXEMPT).any()
        return Status.EXEMPT if exempt else Status.NOT_APPLICABLE
    met, open_ = int(told.met.sum()), int(told.open.sum()) - spare
    left = perhaps if perhaps < whole else 0
    low = float(Fraction(100 * (met - left), whole - left))
    high = float(Fraction(100 * (met + open_), whole))
    return _decided(low, high, comparison, target)


def _decided(low: float, high: float, comparison: str, target: float) -> Status:
    least, most, asked = (np.array([value]) for value in (low, high, target))
    status: Status = verdicts(least, most, asked, asked, comparison)[0]
    return status
