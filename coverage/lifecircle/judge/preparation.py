"""Preparation: the columns that judging derives before anything is measured (A6, A16, A17)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from lifecircle.measures.eligibility import built, countable_m2, is_open, lived_in, number_of
from lifecircle.model.status import AgeClass, StageView

__all__ = ["area_columns", "facility_columns"]


def facility_columns(facilities: pd.DataFrame, view: StageView = StageView.NOW) -> pd.DataFrame:
    """Return ``facilities`` with ``open``, ``built``, ``quota_m2_low`` and ``quota_m2_high``.

    A facility whose stage is not known counts nothing in the worst case and all in the best.
    """
    m2 = countable_m2(facilities)
    standing = built(facilities["stage"], view)
    return facilities.assign(
        open=is_open(facilities["stage"], view),
        built=standing,
        quota_m2_low=m2["low"].where(standing == 1, 0.0),
        quota_m2_high=m2["high"].where(standing != 0, 0.0),
    )


def area_columns(areas: pd.DataFrame, view: StageView = StageView.NOW) -> pd.DataFrame:
    """Return ``areas`` with ``counted`` (households by A6) and ``lived_in``.

    New and approved areas count planned dwellings, the others built ones; where the ledger has
    only one of the two columns filled, that one is taken.
    """
    planned, standing = number_of(areas, "households_planned"), number_of(areas, "households")
    ahead = areas["age_class"].isin([AgeClass.NEW, AgeClass.APPROVED])
    counted = pd.Series(
        np.where(ahead, planned.fillna(standing), standing.fillna(planned)), index=areas.index
    )
    return areas.assign(counted=counted, lived_in=lived_in(areas["stage"], view))
