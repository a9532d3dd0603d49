"""Ways and gates of which nobody knows who passes, and the verdicts that hang on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from lifecircle.assessing.sensitivity import concerned
from lifecircle.case.tables import group_membership
from lifecircle.model.inputs.walkable import unknown_words
from lifecircle.model.reason import ReasonCode
from lifecircle.model.status import Status
from lifecircle.reach.areas.demand import located
from lifecircle.reach.network.posts import POST_M
from lifecircle.reach.network.squares import squares
from lifecircle.reach.search.route import Wayfinder
from lifecircle.reach.walks import walks

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from lifecircle.model.inputs.streets import StreetLines
    from lifecircle.model.inputs.study import Study
    from lifecircle.model.tables import Tables
    from lifecircle.reach.context import ReachContext
    from lifecircle.reach.search.route import Route

__all__ = ["unknown_ways"]

_SQUARE = "area=yes"
"""Stands for the straight way across a square, whose rim is certain."""
_SHUT = ""
"""Stands for a gate that is shut where a place seems to be behind it."""


def unknown_ways(
    study: Study, context: ReachContext, tables: Tables, reach: pd.DataFrame
) -> Iterator[dict[str, Any]]:
    """Return one row a word that is not known: what bears it, and the areas that hang on it.

    An area hangs on a word where its walk, if all such words meant that people pass, would be
    shorter and take a way or gate that bears it. A last row has the gates that are shut though an
    area or facility seems to be behind them, and the areas whose walk would lead past one.
    """
    wider, lines = context.wider, study.streets
    if wider is None or wider.network is None or lines is None:
        return
    words = _Words(lines)
    hanging: dict[str, set[str]] = {}
    for group, table in tables.reach.items():
        for area, way in _hanging_walks(study, wider, tables, reach, group, table.frame):
            for word in words.on(wider, way) or {_SHUT}:
                hanging.setdefault(word, set()).add(area)
    named = [*words.known(), *([_SQUARE] if _SQUARE in hanging else [])]
    for number, word in enumerate(named, start=1):
        shape = words.shape(word)
        yield {
            "id": f"U{number}",
            "kind": "unknown_way",
            "name": word,
            "length_m": float(shapely.length(shape)),
            "areas": len(hanging.get(word, ())),
            "geometry": shape,
            "hanging": hanging.get(word, set()),
        }
    network = context.network
    if _SHUT in hanging and network is not None:
        spots = np.unique(np.round(network.node_xy[network.node_cut], 3), axis=0)
        yield {
            "id": "S",
            "kind": "shut_gate",
            "areas": len(hanging[_SHUT]),
            "geometry": shapely.MultiPoint(spots),
            "hanging": hanging[_SHUT],
        }


def _hanging_walks(
    study: Study,
    wider: ReachContext,
    tables: Tables,
    reach: pd.DataFrame,
    group: str,
    frame: pd.DataFrame,
) -> Iterator[tuple[str, Route]]:
    """Return the areas of a group that hang on something unknown, and the walk they would have."""
    doubt = np.array([r is not None and r.code == ReasonCode.WAY_UNKNOWN for r in frame.walk_doubt])
    status = reach.set_index(["reach_group", "residential"])["walk_status"].loc[group]
    open_ = (status.reindex(frame.index) != Status.COMPLIANT).to_numpy(dtype=bool)
    rows = np.flatnonzero(doubt & open_ & concerned(tables, group).to_numpy(dtype=bool))
    if not len(rows) or wider.origins is None or wider.facilities is None:
        return
    if wider.network is None:
        return
    possible = (group_membership(tables, group) != 0) & located(wider.facility_xy)
    limit = max(study.parameters.search_limit_m, tables.reach[group].walk_m_limit)
    found = walks(wider, possible, limit)
    points = wider.demand.representative[rows]
    led = found.origin[points] >= 0
    starts, ends = wider.origins.take(found.origin[points[led]]), wider.facilities.of(possible)
    ways = Wayfinder(wider.network).to_nearest(starts, ends, limit_m=limit)
    for row, way in zip(rows[led], ways, strict=True):
        if way is not None:
            yield str(frame.index[row]), way


class _Words:
    """The words of ways and posts that are not known, and where they stand."""

    def __init__(self, lines: StreetLines) -> None:
        self.lines = lines
        self.of_way = dict(unknown_words(lines.tags))
        posts = lines.posts
        self.of_post = {} if posts is None else dict(unknown_words(posts, posts=True))
        self.spots = (
            np.empty(0, dtype=object) if posts is None else np.asarray(posts.geometry.to_numpy())
        )

    def known(self) -> list[str]:
        return sorted({*self.of_way.values(), *self.of_post.values()})

    def on(self, wider: ReachContext, way: Route) -> set[str]:
        """Return the words on one walk."""
        if wider.network is None:
            return set()
        ways = wider.network.edge_way[way.edges].tolist()
        found = {self.of_way[row] for row in ways if row in self.of_way}
        if any(row >= len(self.lines) for row in ways):  # ways that only the best case has
            found.add(_SQUARE)
        for row, word in self.of_post.items():
            if shapely.dwithin(way.geometry, self.spots[row], POST_M):
                found.add(word)
        return found

    def shape(self, word: str) -> shapely.Geometry:
        lines = self.lines
        rows = [row for row, text in self.of_way.items() if text == word]
        if word == _SQUARE:
            rows = squares(lines, np.ones(len(lines), dtype=bool)).tolist()
        drawn = [
            lines.vertex_xy[lines.way_vertex[lines.way_start[row] : lines.way_start[row + 1]]]
            for row in rows
        ]
        spots = [self.spots[row] for row, text in self.of_post.items() if text == word]
        if drawn:
            return shapely.MultiLineString([xy.tolist() for xy in drawn])
        return shapely.MultiPoint(spots)
