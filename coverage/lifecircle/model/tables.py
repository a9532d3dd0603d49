"""The tables measures read: everything about a study, without geometry."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lifecircle.model.parameters import Parameters

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from lifecircle.model.reach import ReachTable

__all__ = ["CONTAINMENT_COLUMNS", "Tables"]

CONTAINMENT_COLUMNS = ("facility", "residential", "to_area_m", "straight_m")
"""``to_area_m``: distance from the facility to the area's outline, 0 inside; for an area known
only as a point, to that point. ``straight_m``: to the representative point. Metres."""


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """What a measure may read. Every frame is indexed by id unless said otherwise.

    Parameters
    ----------
    areas
        Residential areas: the columns of the dictionary.
    facilities
        Facilities: the columns of the dictionary (``kinds`` a frozenset) and, from judge,
        ``located`` (bool), ``quota_m2_low``/``quota_m2_high`` (countable m²),
        ``open`` and ``built`` (1.0 yes, 0.0 no, NaN unknown: counts for reach, for m²).
    units
        Administrative units: the columns of the dictionary, ``unit_type``, ``level``
        (township | community) and ``parent``.
    containment
        Pairs of facility and area that are near each other, columns ``CONTAINMENT_COLUMNS``.
    sharing
        Recorded service relations: ``facility``, ``residential``, ``m2``.
    reach
        Reach group, or clause id with kinds of its own → ReachTable.
    findings
        Findings of the clauses judged so far (for rates over other clauses).
    """

    areas: pd.DataFrame
    facilities: pd.DataFrame
    units: pd.DataFrame
    containment: pd.DataFrame
    sharing: pd.DataFrame
    parameters: Parameters = field(default_factory=Parameters)
    reach: Mapping[str, ReachTable] = field(default_factory=dict)
    findings: Mapping[str, pd.DataFrame] = field(default_factory=dict)
