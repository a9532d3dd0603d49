"""Weighing: what rates of areas are weighed by, and of which scope each area is, taken apart once.

Every clause on areas is told in the same bases and scopes: what they are made of hangs on the
areas alone, and is worked out once for all clauses of a study.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.counting.eligibility import number_of
from lifecircle.counting.projects import leads, named_projects, perhaps_phases, wandering
from lifecircle.counting.shares import Partition, partitions
from lifecircle.model.finding import among

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]

__all__ = ["REACHED", "VERDICT", "Weighing"]

VERDICT = ("areas", "households", "population", "elders")
"""Bases in which verdicts are weighed, in the order of ``Weighing.weights``."""
REACHED = ("households_reached", "land_area")
"""Bases of what is itself within reach."""
_READ = ("counted", "population", "elders", "land_area_m2", "setting", "unit", "lead")
"""Columns of the areas that rates are made of."""


@dataclass(frozen=True, slots=True, eq=False)
class Weighing:
    """What the rates of areas are made of.

    Parameters
    ----------
    index
        Ids of the areas.
    weights
        float64 (4, n): what each area weighs in the bases ``VERDICT``; NaN: not known.
    reached
        The same in the bases ``REACHED``.
    lead
        object (n,): id of the phase whose account each area shares, mostly its own.
    project
        object (n,): the project each area is of by its id; blank: of none.
    together
        Whether any project has several phases.
    joining
        Areas that may count as one with another, once all is known of their project.
    astray
        Phases of which it is open whose unit the project counts in.
    partitions
        The county, town and country, the units.
    """

    index: pd.Index
    weights: Floats
    reached: dict[str, Floats]
    lead: NDArray[np.object_]
    project: NDArray[np.object_]
    together: bool
    joining: Bools
    astray: Bools
    partitions: tuple[Partition, ...]

    @classmethod
    def of(cls, areas: pd.DataFrame) -> Weighing:
        """Take the areas' table apart."""
        ids, project = areas.index, named_projects(areas)
        joining, astray = (among(ids, some(areas)) for some in (perhaps_phases, wandering))
        areas = areas[[name for name in _READ if name in areas]]
        households = areas["counted"].to_numpy(dtype=float)
        lead = leads(areas).to_numpy(dtype=object)
        own = areas.index.to_numpy(dtype=object)
        return cls(
            index=areas.index,
            weights=np.array(
                [
                    np.ones(len(areas)),
                    households,
                    number_of(areas, "population"),
                    number_of(areas, "elders"),
                ]
            ),
            reached={
                "households_reached": households,
                "land_area": number_of(areas, "land_area_m2").to_numpy(),
            },
            lead=lead,
            project=np.array(project, dtype=object),
            together=bool((lead != own).any()),
            joining=joining,
            astray=astray,
            partitions=tuple(partitions(areas)),
        )

    def some(self, index: pd.Index) -> Weighing:
        """Return the same of some of the areas, each of which there is."""
        if index is self.index or index.equals(self.index):
            return self
        at = self.index.get_indexer(index)
        return dataclasses.replace(
            self,
            index=index,
            weights=np.take(self.weights, at, axis=1),
            reached={basis: weight[at] for basis, weight in self.reached.items()},
            lead=self.lead[at],
            project=self.project[at],
            joining=self.joining[at],
            astray=self.astray[at],
            partitions=tuple(part.take(at) for part in self.partitions),
        )

    def with_phases(self, areas: pd.Index) -> Bools:
        """Return which areas are among some, or may be phases of a project with one of them.

        Who leads those that may be one may be another too.
        """
        at = self.index.get_indexer(areas)
        mine = np.zeros(len(self.index), dtype=bool)
        mine[at[at >= 0]] = True
        if self.together:
            mine |= pd.Index(self.lead).isin(self.lead[mine])
        wanted = set(self.project[mine]) - {""}
        return mine | pd.Index(self.project).isin(wanted) if wanted else mine
