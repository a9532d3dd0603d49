"""Candidates on the ground: the streets, the water, the county line, and the costs to them."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from lifecircle.case.tables import walk_limit_m
from lifecircle.reach.alone import straight_alone, walks_alone
from lifecircle.reach.table import reach_table
from lifecircle.siting.plans.candidates import with_candidates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from shapely import Polygon

    from lifecircle.case.bench import Bench
    from lifecircle.model.inputs.study import Study
    from lifecircle.model.rules.options import Options
    from lifecircle.model.rules.rule import Rule
    from lifecircle.siting.plans.candidates import Offered

__all__ = ["costs_of", "in_water", "laid"]

_WET = ("river", "water")
_SURFACE, _CORNERS = 2, 3


def laid(bench: Bench, offered: Offered, kind: str) -> Bench:
    """Return the bench with every candidate in use, and leave out those where nothing can be.

    Left out: what stands in water, or over the county line (A18). A candidate that no street
    leads to is told, and stays: no walk goes there, though the straight line may.
    """
    study = bench.case.study
    dry = ~in_water(study, np.array([(c.x, c.y) for c in offered.candidates]).reshape(-1, 2))
    listed = np.array([one.source != "streets" for one in offered.candidates], dtype=bool)
    offered.note("in_water", _ids(offered, ~dry & listed))  # a bridge is no place to build on
    offered.candidates = tuple(np.array(offered.candidates, dtype=object)[dry])
    whole = bench.changed(
        facilities=with_candidates(study, offered.candidates, kind), arranging=False
    )
    rows = whole.bare.facilities.loc[[one.facility for one in offered.candidates]]
    over = (rows["over_line"] == 1).to_numpy()
    listed = listed[dry]
    offered.note("over_line", _ids(offered, over & listed))
    offered.candidates = tuple(np.array(offered.candidates, dtype=object)[~over])
    context = whole.case.context
    if context.network is not None and context.travel is None:
        stray = set(context.facility_ids[context.only_straight])
        lost = [c.id for c in offered.candidates if c.facility in stray and c.only is None]
        offered.note("no_street", lost)
        offered.candidates = tuple(
            dataclasses.replace(one, to_check=(*one.to_check, "street")) if one.id in lost else one
            for one in offered.candidates
        )
    return whole


def _ids(offered: Offered, which: NDArray[np.bool_]) -> list[str]:
    return [one.id for one, yes in zip(offered.candidates, which, strict=True) if yes]


def in_water(study: Study, xy: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which points lie in a lake or a river whose banks the street data draw.

    Parameters
    ----------
    xy
        float64 (n, 2), metres in the study's CRS.
    """
    wet = _waters(study)
    found: NDArray[np.bool_] = np.zeros(len(xy), dtype=bool)
    if len(wet) and len(xy):
        at, _ = shapely.STRtree(wet).query(shapely.points(xy), predicate="within")
        found[at] = True
    return found


def _waters(study: Study) -> list[Polygon]:
    """Return the surfaces that banks close: of the ways of one name together, less its islands."""
    barriers = None if study.streets is None else study.streets.barriers
    if barriers is None:
        return []
    banks = barriers[barriers["barrier"].isin(_WET)]
    found: list[Polygon] = []
    for _, lines in banks.groupby([banks["barrier"], banks["name"].fillna("")]).geometry:
        drawn = lines.to_numpy()
        surface = shapely.get_dimensions(drawn) == _SURFACE
        found += list(drawn[surface])
        merged = shapely.line_merge(shapely.multilinestrings(shapely.get_parts(drawn[~surface])))
        parts = shapely.get_parts(merged)
        rings = parts[shapely.is_closed(parts) & (shapely.get_num_coordinates(parts) > _CORNERS)]
        if len(rings):
            found.append(shapely.build_area(shapely.geometrycollections(rings)))
    return found


def costs_of(
    bench: Bench, rule: Rule[Options], whole: Bench, facilities: Sequence[str]
) -> pd.DataFrame:
    """Return the cost from every area (index) to each facility (columns), in the clause's unit.

    Every place is sought as if it were the only one, with the same legs, gates, barriers and speeds
    as in the judgement; inf: beyond the search limit, or not known.

    Parameters
    ----------
    whole
        Of :func:`laid`: a bench that has all of them.
    """
    study, context = bench.case.study, whole.case.context
    index = context.residential.frame.index
    rows = context.facility_ids.get_indexer(list(facilities))
    rounded, off = whole.case.rounding, np.zeros((len(index), 1))
    if rounded is not None:  # what an area may be off is judged too; a place to build is chosen
        straight, walked = rounded.near_end(context.demand.gated)
        off[:, 0] = straight if rule.measure == "radius" else walked
    if rule.measure == "radius":
        return pd.DataFrame(straight_alone(context, rows) + off, index, list(facilities))
    minute = study.parameters.walk_speed_m_s * 60.0
    walk_m = walk_limit_m(study, float(rule.value or 0.0))
    if context.travel is None:
        limit = max(study.parameters.search_limit_m, walk_m)
        walks = (walks_alone(context, rows, limit) + off) / minute
        return pd.DataFrame(walks, index, list(facilities))
    found = {}
    for name, row in zip(facilities, rows, strict=True):
        alone = np.zeros(len(context.facility_ids))
        alone[row] = 1.0
        table = reach_table(context, rule.reach_key, alone, radius_m=0.0, walk_m=walk_m).frame
        found[name] = table["walk_m"].astype(float) / minute
    return pd.DataFrame(found, index)
