"""The tables measures read: everything about a study, without geometry."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from lifecircle.model.inputs.parameters import Parameters
from lifecircle.model.inputs.study import likely_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from lifecircle.model.reach import ReachTable
    from lifecircle.model.reason import Reason
    from lifecircle.model.results.settlement import Settlement

__all__ = ["CONTAINMENT_COLUMNS", "JOURNEY_COLUMNS", "Account", "Tables"]

CONTAINMENT_COLUMNS = ("facility", "residential", "to_area_m", "straight_m")
"""``to_area_m``: distance from the facility to the area's outline, 0 inside; for an area known
only as a point, to that point. ``straight_m``: to the representative point. Metres."""

JOURNEY_COLUMNS = (
    "unit",
    "facility",
    "start",  # seat | villages (A33)
    "starts",  # how many places of that kind
    "straight_m",
    "straight_far_m",
    "walk_min",
    "walk_far_min",
    "walk_ferry",
    "walk_unknown",
    "drive_min",
    "drive_far_min",
    "drive_ferry",
    "drive_unknown",
    "ferry_only",  # on foot, from one of the starts at least
)
"""From a unit to a facility: the nearest of its starts and the farthest (equal for the seat).
Minutes; NaN and a Reason in ``*_unknown`` where the streets do not tell."""


@dataclass(frozen=True, slots=True, eq=False)
class Account:
    """Required and provided m² of every area under the quota clause that applies to it.

    Parameters
    ----------
    frame
        Index (residential id, clause id). ``required_low``, ``required_high``; ``if_asked``
        (at least, if an area of one phase that may be exempt is not); ``minimum`` (m² of one
        place, 0: none); ``own``, ``own_low``, ``own_high``; ``recorded``, ``recorded_low``,
        ``recorded_high``; ``arrangeable`` (m² of surplus suggested); ``slack`` (m² its recorded
        sharers could give beyond its requirement); ``unknown`` (Reason or None: what is missing);
        ``loose_low``, ``loose_high`` (m² of the smallest and the largest place that may stand in
        the area or elsewhere, NaN: none) and ``loose`` (Reason or None: what is missing of one);
        ``waits`` (Waiting or None: it may have rooms that may be others' too, not all at once);
        ``below`` (m² of own places too small to earn credit even at best), ``small`` (their sizes,
        the largest first) and ``large`` (whether a place earns credit).
    allocation
        Which facility gives how many m² to which area: ``facility``, ``residential``, ``m2``,
        ``basis`` (own | recorded | suggested), ``clause``, ``distance_m``. Own and recorded add up
        to the low case of the account; what is suggested is beside it and may be part of an own
        surplus.
    places
        Own places (A8): ``residential``, ``clause``, ``site``, ``facility``, ``m2_low``,
        ``m2_high``, ``counted_low``, ``counted_high`` (m² that ``own_low``, ``own_high`` have of
        it), ``credited`` (False: below the single minimum), ``sure`` (False: own only perhaps),
        ``most`` (m² that a record names for the area, inf: none), ``shared`` (True: it names others
        too), ``basis`` (record | site | near | name) and ``distance`` (m, inf: beyond search).
    proven
        Whether every allocation is proven optimal.
    settled
        How good each allocation is: the recorded sharing's, then the suggested one's.
    unassigned
        m² by facility that neither its own area needs nor a record names.
    notes
        By area: what its own rooms rest on, and which rooms near or named do not count, and why.
    work
        What the search of the recorded sharing took (``allocation.served``).

    Phases of one project have one account, under the id of the leading phase.
    """

    frame: pd.DataFrame
    allocation: pd.DataFrame
    places: pd.DataFrame
    proven: bool = True
    settled: tuple[Settlement, ...] = ()
    unassigned: pd.Series | None = None
    notes: Mapping[str, tuple[Reason, ...]] = field(default_factory=dict)
    work: int = 0

    def rows(self, clause: str, areas: Iterable[str]) -> NDArray[np.int64]:
        """Return the row of ``frame`` of every area under a clause; -1 where there is none."""
        index = self.frame.index
        names, clauses = index.levels
        area, level = index.codes
        mine = np.flatnonzero(level == (clauses.get_loc(clause) if clause in clauses else -1))
        row = np.full(len(names) + 1, -1)  # the last: of an area that has no account at all
        row[area[mine]] = mine
        found: NDArray[np.int64] = row[names.get_indexer(areas)]
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """What a measure may read. Every frame is indexed by id unless said otherwise.

    Parameters
    ----------
    areas
        Residential areas: the columns of the dictionary and, from judge, ``x``, ``y`` (of the
        representative point, metres), ``land_area_m2`` (NaN for a point), ``counted``
        (households by reading A6), ``lived_in`` (1.0 in the denominators of the stage view,
        0.0 not) and ``lead`` (the phase whose account this one shares; mostly its own id).
    facilities
        Facilities: the columns of the dictionary (``kinds`` a frozenset) and, from judge, ``x``,
        ``y`` (NaN: place unknown), ``open`` and ``built`` (1.0 yes, 0.0 no, NaN unknown: counts
        for reach, for m²), ``over_line`` (1.0: in another county, A18) and ``quota_m2_low``,
        ``quota_m2_high`` (countable m², 0 unless built); ``same_rooms_m2``: of the site's rooms
        that a row without figures is in, at best, else 0.
    units
        Administrative units: the columns of the dictionary, ``unit_type``, ``level``
        (township | community), ``parent`` and, from judge, ``x``, ``y`` (of the seat, else a point
        on the surface; metres; NaN unknown).
    containment
        Pairs of facility and area that are near each other, columns ``CONTAINMENT_COLUMNS``.
    sharing
        Recorded service relations: ``facility``, ``residential``, ``m2``.
    likely
        Areas that an unclear name in such a record may mean, as ``Study.likely``.
    reach
        Reach group, or clause id with kinds of its own → ReachTable.
    reach_kinds
        The same keys → the kinds behind them, as a clause names them.
    findings
        Clause id → findings of the clauses judged so far (for rates over other clauses).
    indicators, evidence
        Typed figures (``id``, ``numerator``, ``denominator``, ``source``), or None; documentary
        item → whether it is there. What is not named there is not known.
    candidates
        Sites that the study lists: the columns of the dictionary; None: it has no such list.
    journeys
        From the units of service districts to their hosts and the like, ``JOURNEY_COLUMNS``.
    account
        The m² account of all quota clauses together, since one m² counts once; made by
        ``account.account`` and read by the measures on provision.
    """

    areas: pd.DataFrame
    facilities: pd.DataFrame
    units: pd.DataFrame
    containment: pd.DataFrame
    sharing: pd.DataFrame
    parameters: Parameters = field(default_factory=Parameters)
    reach: Mapping[str, ReachTable] = field(default_factory=dict)
    reach_kinds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    findings: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    account: Account | None = None
    indicators: pd.DataFrame | None = None
    evidence: Mapping[str, bool] = field(default_factory=dict)
    candidates: pd.DataFrame | None = None
    journeys: pd.DataFrame | None = None
    likely: pd.DataFrame = field(default_factory=likely_table)
