"""The parts of the table that need real streets, and the whole stage of a large county."""

from __future__ import annotations

import multiprocessing
import resource
import tempfile
import time
import warnings
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import geopandas as gpd
import numpy as np
import osmium
import osmnx
import pandas as pd
import shapely
from measuring import duel, limit, line, note
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from town import CRS, STEP_M, street_lines

from lifecircle.intake.streets.lines import read_streets
from lifecircle.model.inputs.layers import Layer
from lifecircle.model.inputs.parameters import Parameters
from lifecircle.model.inputs.streets import StreetLines
from lifecircle.reach.areas.demand import demand_points
from lifecircle.reach.context import prepare_reach
from lifecircle.reach.network.graph import build_network
from lifecircle.reach.search.snapping import snap
from lifecircle.reach.table import reach_table

OSM = Path(__file__).parents[2] / "data" / "guixi" / "guixi.osm"
UTM = "EPSG:32650"


def from_pbf(copies=60):
    """Our reader of .osm.pbf with projection and graph, against osmnx on the same streets.

    The streets of the study, many times beside each other: a county's worth.
    """
    with tempfile.TemporaryDirectory() as folder:
        pbf, xml = Path(folder) / "streets.osm.pbf", Path(folder) / "streets.osm"
        ways, _ = (_tiled(path, copies) for path in (pbf, xml))

        def ours():
            lines, _ = read_streets(pbf, crs=UTM)
            return build_network(lines)

        def theirs():
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                graph = osmnx.graph_from_xml(xml, retain_all=True, simplify=False)
                return osmnx.project_graph(osmnx.simplify_graph(graph))

        name = f"OSM to network, {ways:,} ways; osmnx graph_from_xml, projected, simplified"
        line(name, duel(ours, theirs, rounds=3), 10)


def _tiled(path, copies):
    """Write the streets and their nodes ``copies`` times, each a little further east."""
    wanted = [
        (way.id, [node.ref for node in way.nodes], dict(way.tags))
        for way in osmium.FileProcessor(str(OSM), osmium.osm.WAY)
        if "highway" in way.tags
    ]
    used = {ref for _, refs, _ in wanted for ref in refs}
    spots = {
        node.id: (node.location.lon, node.location.lat)
        for node in osmium.FileProcessor(str(OSM), osmium.osm.NODE)
        if node.id in used
    }
    number = {ref: i for i, ref in enumerate(sorted(spots), 1)}
    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        for copy in range(copies):
            for ref, i in number.items():
                lon, lat = spots[ref]
                writer.add_node(
                    osmium.osm.mutable.Node(
                        id=copy * len(number) + i, location=(lon + 0.02 * copy, lat), version=1
                    )
                )
        for copy in range(copies):
            for i, (_, refs, tags) in enumerate(wanted, 1):
                nodes = [copy * len(number) + number[ref] for ref in refs if ref in number]
                way = osmium.osm.mutable.Way(
                    id=copy * len(wanted) + i, nodes=nodes, tags=tags, version=1
                )
                writer.add_way(way)
    return copies * len(wanted)


def chains(nodes=1_000_000):
    """What the contraction of chains saves on real streets, tiled side by side to about 1e6."""
    lines, _ = read_streets(OSM, crs=UTM)
    copies = max(1, nodes // len(lines.vertex_xy))
    width = np.ptp(lines.vertex_xy[:, 0]) + 5000.0
    moved = [lines.vertex_xy + np.array([i * width, 0.0]) for i in range(copies)]
    count = np.diff(lines.way_start)
    tiled = StreetLines(
        crs=lines.crs,
        vertex_xy=np.concatenate(moved),
        way_start=np.concatenate([[0], np.cumsum(np.tile(count, copies))]),
        way_vertex=np.concatenate(
            [lines.way_vertex + i * len(lines.vertex_xy) for i in range(copies)]
        ),
        tags=pd.concat([lines.tags] * copies, ignore_index=True),
    )
    network = build_network(tiled)
    course = np.unique(network.edge_xy, axis=0, return_inverse=True)
    at = course[1]
    inner = np.ones(len(at) - 1, dtype=bool)
    inner[network.edge_start[1:-1] - 1] = False
    a, b = at[:-1][inner], at[1:][inner]
    cost = np.hypot(*(network.edge_xy[1:] - network.edge_xy[:-1])[inner].T)
    whole = csr_array(
        (np.tile(cost, 2), (np.concatenate([a, b]), np.concatenate([b, a]))),
        shape=(len(course[0]),) * 2,
    )
    chosen = np.random.default_rng(3).choice(len(network), 5000, replace=False)
    _, where = np.unique(
        np.concatenate([course[0], network.node_xy[chosen]]), axis=0, return_inverse=True
    )
    vertex = np.empty(where.max() + 1, dtype=np.int64)
    vertex[where[: len(course[0])]] = np.arange(len(course[0]))
    at_vertex = vertex[where[len(course[0]) :]]
    result = duel(
        lambda: dijkstra(network.graph, indices=chosen, min_only=True, limit=1000.0),
        lambda: dijkstra(whole, indices=at_vertex, min_only=True, limit=1000.0),
    )
    name = f"chains contracted, {len(course[0]):,} vertices to {len(network):,} nodes; all vertices"
    line(name, result, 2)
    degree = np.diff(network.graph.indptr)
    note(
        "the same, nodes left that two streets meet at (tags change)", f"{(degree == 2).mean():.0%}"
    )


def county():
    """The whole reach stage: 3,000 areas of 36 points, 600 facilities in four groups.

    In a process of its own, so that the memory is that of this stage, its inputs and the imports.
    """
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as alone:
        spent, points, peak = alone.submit(county_stage).result()
    total = sum(spent.values())
    split = ", ".join(f"{name} {seconds:.1f}" for name, seconds in spent.items())
    name = f"reach stage, 3,000 areas, {points:,} points, 600 facilities in 4 groups, 2e5 nodes"
    limit(f"{name}; peak memory, GiB", f"{total:.1f} s: {split}", f"{peak:.2f}", peak, 1.5)


def county_stage(areas=3000, facilities=600, nodes=200_000):
    """Return the CPU seconds of each step, how many demand points, and the peak memory, GiB."""
    rng = np.random.default_rng(11)
    lines = street_lines(nodes)
    side = STEP_M * round(nodes**0.5)
    corner = rng.uniform(0, side, (areas, 2))
    blocks = shapely.box(*corner.T, *(corner + rng.uniform(120, 300, (areas, 2))).T)
    spots = shapely.points(rng.uniform(0, side, (facilities, 2)))

    def layer(name, shapes):
        index = pd.Index([f"{name[0]}{i}" for i in range(len(shapes))], name="id", dtype=object)
        return Layer(name, gpd.GeoDataFrame(geometry=shapes, index=index, crs=CRS))

    residential, places = layer("residential", blocks), layer("facilities", spots)
    group = rng.integers(0, 4, facilities)
    parameters = Parameters()
    spent = {}

    def timed(name, work):
        begin = time.process_time()
        answer = work()
        spent[name] = time.process_time() - begin
        return answer

    network = timed("network", lambda: build_network(lines))
    demand = timed("points", lambda: demand_points(residential, parameters.demand_points))
    timed("snapping", lambda: snap(network, demand.origin_xy, 200.0, fragment_m=2000.0))
    context = timed(
        "the rest of the preparation",
        lambda: prepare_reach(residential, places, parameters, streets=lines),
    )
    spent["the rest of the preparation"] -= sum(list(spent.values())[:3])

    def tables():
        for i in range(4):
            reach_table(
                context, f"group {i}", (group == i).astype(float), radius_m=1000.0, walk_m=1000.0
            )

    timed("four tables", tables)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return spent, len(context.demand), peak
