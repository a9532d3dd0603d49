"""Places that nobody listed: rooms on the plots of areas that are short, positions on streets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lifecircle.counting.eligibility import number_of
from lifecircle.model.coordinates.near_points import tree_of
from lifecircle.model.finding import meets
from lifecircle.siting.plans.candidates import Candidate, free_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from lifecircle.case.bench import Bench
    from lifecircle.model.inputs.streets import StreetNetwork
    from lifecircle.model.inputs.study import Study

__all__ = ["own_plots", "street_positions"]

_CELL_M = 100.0
"""Of the junctions and bends of one cell of this size, the one nearest to its middle is taken."""


def own_plots(bench: Bench, areas: Iterable[str]) -> Iterator[Candidate]:
    """Yield rooms of an area's own, for that area alone: by enlarging what it has, else new ones.

    New rooms stand at the representative point; without one there are none. Nobody has said how
    much room there is, nor whether there is any: that is to be checked. A place of which the ledger
    says by how much it could be enlarged is left to that.
    """
    study, table = bench.case.study, bench.bare.areas
    taken = set(study.facilities.frame.index)
    if study.candidates is not None:
        taken |= set(map(str, study.candidates.frame.index))
    large = _enlargeable(bench)
    for area in areas:
        row = table.loc[area]
        if area in large:
            yield _enlarged(study, area, *large[area])
        elif np.isfinite(row["x"]):
            name = free_id(f"N-{area}", taken)
            yield Candidate(
                id=name,
                facility=name,
                source="residential",
                source_id=str(area),
                name=str(row["name"]),
                nature="new",
                x=float(row["x"]),
                y=float(row["y"]),
                unit=_text(row.get("unit")),
                community=_text(row.get("community")),
                to_check=("plot",),
                only=str(area),
            )


def street_positions(bench: Bench, areas: Iterable[str], within_m: float) -> Iterator[Candidate]:
    """Yield positions on streets inside or beside areas: one in every cell of a grid.

    Only of the main network, on land and open to places; none without streets. They are named
    after their street, else after the nearest of the areas, and have its unit and community.

    Parameters
    ----------
    within_m
        Straight line from an area's representative point, inclusive.
    """
    study, table, network = bench.case.study, bench.bare.areas, bench.case.context.network
    rows = table.loc[list(areas), ["name", "x", "y", "unit", "community"]].dropna(subset=["x", "y"])
    if network is None or not len(rows):
        return
    xy, way = _on_streets(network)
    far, nearest = tree_of(rows[["x", "y"]].to_numpy(float)).query(xy)
    near = np.asarray(meets(far, "<=", within_m))
    xy, way, nearest = xy[near], way[near], nearest[near]
    cell = np.floor(xy / _CELL_M)
    off = np.hypot(*(xy - (cell + 0.5) * _CELL_M).T)
    order = np.lexsort((xy[:, 1], xy[:, 0], off, cell[:, 1], cell[:, 0]))
    first = np.ones(len(order), dtype=bool)
    first[1:] = (np.diff(cell[order], axis=0) != 0).any(axis=1)
    names = None if study.streets is None else study.streets.tags.get("name")
    taken = set(study.facilities.frame.index)
    for number, at in enumerate(order[first], start=1):
        row = rows.iloc[nearest[at]]
        name = free_id(f"S-{number:04d}", taken)
        street = None if names is None else _text(names.iloc[way[at]])
        yield Candidate(
            id=name,
            facility=name,
            source="streets",
            source_id=None,
            name=street or f"{row['name']}旁",
            nature="new",
            x=float(xy[at, 0]),
            y=float(xy[at, 1]),
            unit=_text(row["unit"]),
            community=_text(row["community"]),
            to_check=("building", "plot"),
        )


def _on_streets(network: StreetNetwork) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the vertices of streets of the main network, and the way of each."""
    edges = np.flatnonzero(network.edge_open & (network.node_component[network.edge_u] == 0))
    edges = edges[~network.edge_steps[edges]]
    count = network.edge_start[edges + 1] - network.edge_start[edges]
    edge = np.repeat(edges, count)
    within = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
    return network.edge_xy[network.edge_start[edge] + within], network.edge_way[edge]


def _enlargeable(bench: Bench) -> dict[str, tuple[str, float]]:
    """Return area → its largest own place of known m² and position, one row of the ledger."""
    facts, places = bench.bare.facilities, bench.prepared.places
    if not len(places):
        return {}
    told = number_of(facts, "extra_m2").notna()
    known = meets(facts["quota_m2_low"], "=", facts["quota_m2_high"]) & (facts["quota_m2_low"] > 0)
    known &= facts["x"].notna() & (facts["built"] == 1) & ~told
    site = facts["site"].where(facts["site"].notna(), facts.index.to_series())
    known &= ~site.duplicated(keep=False)
    mine = places[places["sure"] & places["facility"].isin(facts.index[known])]
    mine = mine.sort_values(["m2_low", "facility"], ascending=[False, True], kind="stable")
    mine = mine.drop_duplicates("residential")
    return {
        str(area): (str(facility), float(m2))
        for area, facility, m2 in mine[["residential", "facility", "m2_low"]].to_numpy()
    }


def _enlarged(study: Study, area: str, facility: str, m2: float) -> Candidate:
    row = study.facilities.frame.loc[facility]
    spot = study.facilities.frame.geometry[facility].representative_point()
    kinds = row["kinds"]
    return Candidate(
        id=facility,
        facility=facility,
        source="facilities",
        source_id=facility,
        name=str(row["name"]),
        nature="expand",
        x=float(spot.x),
        y=float(spot.y),
        kind=min(kinds) if kinds else None,
        unit=_text(row["unit"]),
        community=_text(row["community"]),
        standing_m2=m2,
        to_check=("plot",),
        only=str(area),
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
