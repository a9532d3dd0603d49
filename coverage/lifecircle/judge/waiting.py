"""Waiting: the areas that only rooms which may be others' too could meet, not all of them at once.

Looked at are areas that are subjects for certain: one that may leave the rate counts as met in the
best case, whoever has the rooms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lifecircle.allocation.best_case.most_met import most_met
from lifecircle.allocation.best_case.ways import of_findings, ways_of
from lifecircle.counting.projects import leads
from lifecircle.model.rules.options import RateOptions

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from lifecircle.allocation.best_case.ways import Ways
    from lifecircle.model.rules.options import Options
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]

__all__ = ["Awaited", "awaited"]


@dataclass(frozen=True, slots=True, eq=False)
class Awaited:
    """The areas open only because of rooms that may be others' too.

    Parameters
    ----------
    ways
        Row of the findings → what would meet the area: any one of these.
    lead
        Of every finding, the area whose account it shares: phases of a project are met together.
    """

    ways: dict[int, Ways]
    lead: NDArray[np.object_]

    def spare(self, here: Bools, weight: Floats) -> Floats:
        """Return how much of the weight that waits in ``here`` cannot be met with the rest.

        Parameters
        ----------
        weight
            float64 (n, k), not negative.

        Returns
        -------
        ndarray
            float64 (k,); NaN where a weight is.
        """
        rows = [row for row in self.ways if here[row]]
        if not rows:
            return np.zeros(weight.shape[1])
        first: dict[object, int] = {}
        of = [first.setdefault(self.lead[row], len(first)) for row in rows]
        whole = np.zeros((len(first), weight.shape[1]))
        np.add.at(whole, of, weight[rows])
        ways = {number: self.ways[row] for row, number in zip(rows, of, strict=True)}
        most = most_met(list(ways.values()), np.nan_to_num(whole[list(ways)], nan=0.0))
        return np.asarray(whole.sum(axis=0) - most, dtype=np.float64)

    @property
    def locally(self) -> bool:
        """Whether it is looked at unit by unit too."""
        return True

    @property
    def number(self) -> int:
        """How many areas wait; phases of a project are one."""
        return len({self.lead[row] for row in self.ways})

    def facilities(self) -> list[str]:
        """Return the rooms that are waited for, in order."""
        sources = {id(s): s for ways in self.ways.values() for way in ways for s, _ in way.claims}
        return sorted({f for source in sources.values() for f in source.facilities})


def awaited(
    tables: Tables, rule: Rule[Options], findings: pd.DataFrame, open_: Bools
) -> Awaited | None:
    """Return the areas of a rule's findings that wait for rooms; None: there are none.

    ``open_``: which findings are not assessed, or would not be if all were asked for.
    """
    if not open_.any():
        return None
    if isinstance(rule.options, RateOptions):
        found = ways_of(tables.findings, rule.options.clauses)
    elif "waits" in findings:
        found = of_findings(findings)
    else:
        return None
    rows = dict(zip(findings.index.get_indexer(list(found)).tolist(), found.values(), strict=True))
    ways = {row: rows[row] for row in sorted(rows) if row >= 0 and open_[row]}
    if not ways:
        return None
    return Awaited(ways, leads(tables.areas).reindex(findings.index).to_numpy(dtype=object))
