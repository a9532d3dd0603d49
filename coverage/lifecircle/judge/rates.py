"""Rates: one rule in all bases, per county, setting and unit."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.account.requirement import of_one_class
from lifecircle.counting.shares import (
    CODES,
    Told,
    coded,
    groups,
    share_rate,
    verdict_rate,
    verdict_rates,
)
from lifecircle.counting.weighing import REACHED, VERDICT
from lifecircle.judge.decision import verdicts
from lifecircle.measures.units.placing import most_covered
from lifecircle.model.finding import Rate, meets
from lifecircle.model.status import Status

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from numpy.typing import NDArray

    from lifecircle.counting.shares import Partition
    from lifecircle.counting.weighing import Weighing
    from lifecircle.judge.decision import IfCounted
    from lifecircle.judge.unplaced import Unplaced
    from lifecircle.judge.waiting import Awaited
    from lifecircle.model.rules.options import Options
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

    Bools = NDArray[np.bool_]
    Codes = NDArray[np.int8]
    Floats = NDArray[np.float64]

__all__ = [
    "Kept",
    "area_rates",
    "county_rates",
    "exact_status",
    "exempt_in_part",
    "joining",
    "once",
    "rate_status",
    "unit_rates",
    "weighed_status",
]

_ALL = 100.0
_LARGE = frozenset({"county", "urban", "rural"})
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


def area_rates(
    status: Codes,
    rule: Rule[Options],
    tables: Tables,
    weighing: Weighing,
    unplaced: Unplaced | Awaited | None = None,
    *,
    doubts: IfCounted | None = None,
    briefly: bool = False,
    kept: Kept | None = None,
) -> tuple[Rate, ...]:
    """Return the rates of a rule on residential areas; bases without any data are left out.

    ``status``: of each area of ``weighing`` (``counting.shares.coded``). ``doubts``: what hangs on
    whether the rule applies to the areas, coded as ``status``; None: it does.

    ``unplaced``: what only facilities of unknown place, or rooms that may be others' too, leave
    open. They cannot meet all of it, which lowers the high ends for the county and for town and
    country; those of single units stay wide of what is only reached. ``briefly``: for the county
    alone. ``kept``: rates of before, taken wherever no area that may be otherwise is part of them.
    """
    areas = weighing.index
    none = np.zeros(len(areas), dtype=bool)
    doubt, then, perhaps = doubts or (none, status, none)
    told = Told.of(status, perhaps, np.where(doubt, then, status))
    counting = _Counting.of(status, rule, weighing)
    weighed = _Weighed(told, weighing, counting, _shares(rule, tables, areas), doubt)
    parts = weighing.partitions[: 1 if briefly else None]
    result: list[Rate] = []
    for part, scope, code, before in _scopes(parts, weighing, kept):
        if before is not None:
            result += before
            continue
        here = np.asarray(part.codes == code, dtype=bool)
        if not told.counted[here].any():
            continue
        wide = scope in _LARGE or (unplaced is not None and unplaced.locally)
        maybe = part.maybe if part.maybe.any() else None  # mostly of everybody it is known
        result += weighed.rates(scope, here, unplaced if wide else None, maybe)
    return tuple(result)


def _scopes(
    parts: Iterable[Partition], weighing: Weighing, kept: Kept | None
) -> Iterator[tuple[Partition, str, int, list[Rate] | None]]:
    """Yield every scope with its partition and number, and its rates where they are kept."""
    before = {} if kept is None else kept.by_scope()
    rows = None if kept is None else np.flatnonzero(weighing.with_phases(kept.areas))
    for part in parts:
        touched = None if rows is None else part.touched(rows)
        for scope, code in part.scopes:
            same = touched is not None and code not in touched
            yield part, scope, code, before.get(scope, []) if same else None


@dataclass(frozen=True, slots=True)
class _Counting:
    """Which areas count as subjects.

    ``counted``: once a project; ``alone``: those that count for certain, and not perhaps with
    another as one; ``astray``: phases of which it is open which of them counts.
    """

    counted: Bools
    alone: Bools
    astray: Bools

    @classmethod
    def of(cls, status: Codes, rule: Rule[Options], weighing: Weighing) -> _Counting:
        """Tell the areas apart; a rule that does not go by projects counts every one."""
        counted = once(status, rule, weighing)
        everyone = counted.all() or not rule.spec.per_project
        astray = np.zeros_like(counted) if everyone else weighing.astray
        return cls(counted, counted & ~joining(rule, weighing), astray)

    def sure(self, scope: str) -> Bools:
        """Return who counts in a scope for certain, if it is of it; ``astray`` in a wide one."""
        return self.alone if scope in _LARGE else self.alone & ~self.astray

    def perhaps(self, scope: str) -> Bools:
        """Return who counts in a scope, or may."""
        return self.counted if scope in _LARGE else self.counted | self.astray


@dataclass(frozen=True, slots=True)
class _Weighed:
    """What the rates of areas are made of, for all scopes.

    ``doubtful``: it is open whether the rule applies to them.
    """

    told: Told
    of: Weighing
    counting: _Counting
    shares: tuple[Floats, Floats] | None
    doubtful: Bools

    def rates(
        self,
        scope: str,
        here: Bools,
        unplaced: Unplaced | Awaited | None,
        maybe: Bools | None,
    ) -> Iterator[Rate]:
        """Yield the rates of one scope, in every basis that has data there.

        ``maybe``: areas that may be of the scope.
        """
        sure = here & self.counting.sure(scope)
        others = here & ~sure
        if maybe is None and not others.any():  # nobody is left out: one look tells all bases
            yield from self._verdicts(scope, (here, here), slice(None), unplaced, None)
        else:
            also = (others if maybe is None else maybe | others) & self.counting.perhaps(scope)
            some = (sure, here & (sure | also))
            extra = also if also.any() else None
            yield from self._verdicts(scope, some, slice(1), unplaced, extra)
            yield from self._verdicts(scope, (here, here), slice(1, None), unplaced, maybe)
        if self.shares is None:
            return
        sure, doubtful = here & ~self.doubtful, here & self.doubtful
        perhaps = doubtful if maybe is None else maybe | doubtful
        for basis in REACHED:
            weight = self.of.reached[basis]
            if not np.isnan(weight[here]).all():
                yield share_rate(self.told, self.shares, weight, sure, basis, scope, maybe=perhaps)

    def _verdicts(
        self,
        scope: str,
        rows: tuple[Bools, Bools],
        bases: slice,
        unplaced: Unplaced | Awaited | None,
        maybe: Bools | None,
    ) -> Iterator[Rate]:
        """Yield the rates of some bases: what is met of the first ``rows``.

        The second are those of which some weight must be known.
        """
        here, told = rows
        weights, names = self.of.weights[bases], list(VERDICT[bases])
        known = np.flatnonzero(~np.isnan(np.compress(told, weights, axis=1)).all(axis=1))
        spare = np.zeros(len(names))
        if unplaced is not None:  # what facilities leave unreached in any case
            spare = unplaced.spare(here, np.ascontiguousarray(weights.T))
        if len(known) < len(names):
            weights, spare = np.take(weights, known, axis=0), spare[known]
            names = [names[n] for n in known]
        least = spare.tolist()
        yield from verdict_rates(self.told, weights, here, names, scope, spare=least, maybe=maybe)


def _shares(rule: Rule[Options], tables: Tables, areas: pd.Index) -> tuple[Floats, Floats] | None:
    """Return least and most of each area's share within reach; None for other measures."""
    if rule.measure not in _SHARE:
        return None
    reach, column = tables.reach[rule.reach_key].frame, _SHARE[rule.measure]
    shares = (reach[name].to_numpy(dtype=float) for name in (column, f"{column}_high"))
    if reach.index.equals(areas):
        return tuple(shares)
    at = reach.index.get_indexer(areas)
    return tuple(share[at] for share in shares)


def once(status: Codes, rule: Rule[Options], weighing: Weighing) -> Bools:
    """Return which areas count as subjects: of the phases that a quota takes as one, the first.

    Where the first is exempt one that is not stands for the project: the rest of it is judged; and
    where the rule does not speak of the first (one of 老旧小区 alone), the first that it speaks of.
    ``status``: of each area of ``weighing``.
    """
    everyone = np.ones(len(status), dtype=bool)
    if not rule.spec.per_project or not weighing.together:
        return everyone  # every area is a project of its own
    areas, lead = weighing.index, weighing.lead
    other = lead != areas.to_numpy(dtype=object)
    if not other.any():
        return everyone
    exempt = status == CODES[Status.EXEMPT]
    void = status == CODES[Status.NOT_APPLICABLE]
    told = {"lead": lead, "void": void, "exempt": exempt, "other": other}
    order = pd.DataFrame(told, index=areas).sort_values(["void", "exempt", "other"], kind="stable")
    first = ~order["lead"].duplicated()
    # a phase whose lead has no finding here is no subject of its own, unless of its class alone
    mine = order["lead"].isin(areas) | of_one_class(rule)
    found: Bools = (first & mine).reindex(areas).to_numpy(dtype=bool)
    return found


def exempt_in_part(status: Codes, counted: Bools, weighing: Weighing) -> int:
    """Return how many projects are judged of which a phase is exempt: it counts beside the rest.

    ``counted``: the subjects (:func:`once`), none of which is exempt where another phase is not.
    """
    exempt = status == CODES[Status.EXEMPT]
    judged = set(weighing.lead[counted & ~exempt].tolist())
    return len(judged & set(weighing.lead[exempt].tolist()))


def joining(rule: Rule[Options], weighing: Weighing) -> Bools:
    """Return which areas may count as one with another, once all is known of their project."""
    return weighing.joining if rule.spec.per_project else np.zeros_like(weighing.joining)


def unit_rates(
    ids: pd.Index,
    status: Codes,
    tables: Tables,
    unplaced: Collection[str] = (),
    adrift: Collection[str] = (),
    *,
    then: Codes | None = None,
    briefly: bool = False,
) -> tuple[Rate, ...]:
    """Return the rates of a rule on units, for the county and for each unit's communities.

    ``status``: of each of the units ``ids`` (``counting.shares.coded``). ``unplaced``: those that
    are open only because of facilities whose unit is not known; ``adrift``: where these stand, as
    far as that is known. They can cover one unit each at best. ``then``: what a unit comes to if
    it counts, where that alone is open; else its status. ``briefly``: for the county alone.
    """
    units, told = tables.units.loc[ids], Told.of(status, decided=then)
    one, names = np.ones(len(status)), ids.to_numpy(dtype=object)
    waits = told.open & ids.isin(list(unplaced))
    everywhere = [("county", np.ones(len(status), dtype=bool))]
    if not briefly:
        everywhere += [(code, rows == one) for code, rows, one in groups(units["parent"])]
    result = []
    for scope, here in everywhere:
        if scope == "county" or told.counted[here].any():
            waiting = names[here & waits].tolist()
            spare = float(len(waiting) - most_covered(waiting, adrift)) if waiting else 0.0
            result.append(verdict_rate(told, one, here, "units", scope, spare=spare))
    return tuple(result)


def county_rates(rule: Rule[Options], findings: pd.DataFrame) -> tuple[Rate, ...]:
    """Return the share of beds of a rule on the county, where it is one."""
    if rule.measure != "ratio" or findings.empty:
        return ()
    row = findings.iloc[0]
    if row["status"] == Status.EXEMPT:  # its reason is the exemption's, without figures
        return ()
    params = row["reason"].params
    if "denominator" not in params or "total" in params:  # a quotient of sums is no share of beds
        return ()
    top, bottom = params["numerator"], params["denominator"]
    return (
        Rate(
            basis="beds",
            scope="county",
            numerator=top,
            denominator=bottom,
            not_assessed=float(params["missing"]),
            low=float(row["low"]) / _ALL,
            high=float(row["high"]) / _ALL,
            rate=top / bottom if bottom else None,
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
    status: pd.Series | Codes,
    comparison: str,
    target: float,
    *,
    spare: int = 0,
    perhaps: int = 0,
    joining: int = 0,
    lost: int = 0,
    gained: int = 0,
) -> Status:
    """Return the status of a clause that speaks of a rate of its subjects, by counts (A2).

    ``target`` in per cent. Counts are compared, not rounded percentages; with no subject the
    clause is not applicable, with exempt ones alone exempt. ``spare``: how many of the open ones
    cannot all be met at once; ``perhaps``: how many of those met may not count at all;
    ``joining``: how many of those missed may count with others as one; ``lost``: how many of the
    open ones are missed if they count at all, ``gained``: how many are met.
    """
    said = coded(status) if isinstance(status, pd.Series) else status
    told = Told.of(said)
    whole = int(told.counted.sum())
    if not whole:
        exempt = (said == CODES[Status.EXEMPT]).any()
        return Status.EXEMPT if exempt else Status.NOT_APPLICABLE
    met, open_ = int(told.met.sum()), int(told.open.sum()) - spare
    firm = whole - perhaps - gained  # in the worst case those met do not count, where others do
    nobody = 0.0 if gained else _ALL  # and the clause is perhaps about nobody
    low = float(Fraction(100 * (met - perhaps), firm)) if firm > 0 else nobody
    gone = joining + lost
    best, rest = (met + open_ - lost, whole - gone) if gone < whole else (met + open_, whole)
    high = float(Fraction(100 * best, rest))
    return _decided(low, high, comparison, target)


def _decided(low: float, high: float, comparison: str, target: float) -> Status:
    least, most, asked = (np.array([value]) for value in (low, high, target))
    status: Status = verdicts(least, most, asked, asked, comparison)[0]
    return status
