"""What is the matter where it is open whose rooms are, so that only fitting remedies are asked.

And what would have to be known of a facility on which an area waits.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pandas as pd

from lifecircle.account.estates.names import Names
from lifecircle.account.sums import rows_of
from lifecircle.counting.neighbourhood import what_is_open, without_place
from lifecircle.model.inputs.layers import HOUSE, REPEATS
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.sites import SITE_PART

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lifecircle.model.tables import Tables

    Pair = tuple[str, str]

__all__ = ["cured_by", "housed", "missing_of"]


class Unclear(Protocol):
    """What is open of a facility, as ``records.Doubt`` knows it."""

    def reason(self, facility: str) -> Reason:
        """Return what would have to be said plainly."""


def cured_by(tables: Tables, reason: Reason) -> Reason:
    """Return why it is open whose rooms are, with what is the matter there and nothing else.

    That the name of the rooms fits all of the areas; that some of these lack a place; that they may
    be one estate on two rows.
    """
    if reason.code is not ReasonCode.NAME_UNCLEAR:
        return reason
    named = [one for one in reason.params["areas"] if one in tables.areas.index]
    areas, room = tables.areas.loc[named], reason.params["facility"]
    speaks = Names(areas).of(tables.facilities.loc[[room]])[room]
    again = areas[REPEATS].isin(named).sum() if REPEATS in areas else 0
    return reason.beside(
        {
            ReasonCode.NAME_FITS_ALL: len(named) if {*speaks} == {*named} and named[1:] else 0,
            ReasonCode.NAME_WITHOUT_PLACE: without_place(areas)[0].sum(),
            ReasonCode.NAME_ON_TWO_ROWS: again,
        }
    )


def housed(facilities: pd.DataFrame) -> Counter[Pair]:
    """Return how many rows say that they are of one house and of one site."""
    if HOUSE not in facilities:
        return Counter()
    both = facilities[[HOUSE, "site"]].dropna()
    return Counter(rows_of(both, HOUSE, "site"))


def missing_of(
    tables: Tables,
    unclear: Mapping[str, Unclear],
    mates: Mapping[Pair, int],
    facility: str,
    *,
    lost_area: str | None,
) -> Reason:
    """Return what would have to be known of a facility, or of where the area is, or its phase.

    ``unclear``: the facilities of which it is open whose they are; ``mates``: as of
    :func:`housed`.
    """
    doubt = unclear.get(facility)
    if doubt is not None:
        return doubt.reason(facility)
    row, house = tables.facilities.loc[facility], tables.facilities.loc[facility].get(HOUSE)
    pulled_down = isinstance(house, str) and house not in tables.facilities.index
    settled = row["quota_m2_low"] == row["quota_m2_high"]
    if isinstance(row.get(REPEATS), str):
        field = "site"  # one place on two rows, or two: no stage answers that
    elif np.isnan(row["built"]) and not pulled_down:
        field = what_is_open(row)
    elif isinstance(house, str) and not settled:
        field = "floor_area_m2" if mates.get((house, row["site"]), 0) > 1 else "site"
    elif np.isnan(row["x"]):
        field = "position"
    elif settled and isinstance(row.get(SITE_PART), str):
        field = "site"
    elif settled and lost_area:
        return _of_area(tables, lost_area)
    else:
        field = _m2_missing(row)
    return Reason(ReasonCode.FACILITY_UNKNOWN, {"facility": facility, "field": field})


def _of_area(tables: Tables, area: str) -> Reason:
    """Return that the place of an area, or of another phase of its project, is not known."""
    if pd.notna(tables.areas["x"].get(area, 0.0)):
        told = {"residential": area, "field": "position"}
        return Reason(ReasonCode.PHASE_UNKNOWN, told)
    return Reason(ReasonCode.POSITION_MISSING)


def _m2_missing(row: pd.Series) -> str:
    """Return the column whose m² would settle how many of a facility's count."""
    unsaid = np.isinf(row["quota_m2_high"]) or row.get("same_rooms_m2", 0.0) > 0
    return "floor_area_m2" if unsaid else "community_area_m2"
