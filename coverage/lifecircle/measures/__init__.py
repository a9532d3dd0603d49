"""Measures: one a file, one signature, tables in, one row per subject out.

``measure(tables, clause, value, subjects)`` returns a frame with
:data:`lifecircle.model.finding.MEASURED_COLUMNS` indexed by subject id. ``value`` is the clause's
number on the day (None: the clause has none), ``subjects`` the ids it applies or may apply to. A
measure judges nothing: comparing is ``judge``'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from lifecircle.account.account import open_account
from lifecircle.measures.areas.compliance_rate import compliance_rate
from lifecircle.measures.areas.extent import reach_key
from lifecircle.measures.areas.has_facility import has_facility
from lifecircle.measures.areas.provision import provision
from lifecircle.measures.areas.radius import radius
from lifecircle.measures.areas.single_minimum import single_minimum
from lifecircle.measures.areas.stages import stages
from lifecircle.measures.areas.walk import walk
from lifecircle.measures.county.count import count
from lifecircle.measures.county.document import document
from lifecircle.measures.county.indicator import indicator
from lifecircle.measures.county.ratio import ratio
from lifecircle.measures.county.sum import total
from lifecircle.measures.facilities.co_location import co_location
from lifecircle.measures.facilities.facility_share import facility_share
from lifecircle.measures.units.assignment import assignment
from lifecircle.measures.units.unit_coverage import unit_coverage

if TYPE_CHECKING:
    import pandas as pd

    from lifecircle.model.rules.clause import Clause
    from lifecircle.model.tables import Tables

__all__ = ["MEASURES", "Measure", "open_account", "reach_key"]


class Measure(Protocol):
    """The one signature."""

    def __call__(
        self, tables: Tables, clause: Clause, value: float | None, subjects: pd.Index, /
    ) -> pd.DataFrame:
        """Measure ``clause`` for ``subjects``."""


MEASURES: dict[str, Measure] = {
    "radius": radius,
    "walk": walk,
    "provision": provision,
    "single_minimum": single_minimum,
    "unit_coverage": unit_coverage,
    "compliance_rate": compliance_rate,
    "count": count,
    "sum": total,
    "ratio": ratio,
    "has_facility": has_facility,
    "stages": stages,
    "facility_share": facility_share,
    "co_location": co_location,
    "assignment": assignment,
    "indicator": indicator,
    "document": document,
}
"""Measure name, as declared in the model, to its function."""
