"""Print the performance table of reach: ratios against named peers in the same run.

    python tests/benchmarks/table.py            # all but the largest network: six minutes or less
    python tests/benchmarks/table.py nearest growth --nodes 10000000

Nothing here is collected by pytest and nothing asserts a time: machines differ, ratios less. Every
ratio is the median over rounds in which both run one right after the other.
"""

from __future__ import annotations

import argparse
import functools
import importlib
import importlib.util
import math
import resource
import sys
import time
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import shapely
from measuring import duel, limit, line, median, note, peak_bytes
from scipy.sparse.csgraph import dijkstra
from town import CRS, places, street_lines

from lifecircle.reach.areas import service_area, shares
from lifecircle.reach.network.graph import build_network, edge_lines
from lifecircle.reach.search import travel
from lifecircle.reach.search.snapping import Snapped, snap

CUTOFF_M = 1000.0
MEGA = 1_000_000


def on_nodes(network, nodes):
    """Return nodes as places snapped without a leg."""
    edge = np.full(len(network), -1)
    edge[network.edge_v] = np.arange(len(network.edge_v))
    edge[network.edge_u] = np.arange(len(network.edge_u))
    edge = edge[nodes]
    along = np.where(network.edge_u[edge] == nodes, 0.0, network.edge_length_m[edge])
    leg = np.zeros(len(nodes))
    return Snapped(
        edge, along, along, leg, leg, network.node_component[nodes], np.arange(len(nodes))
    )


@functools.lru_cache(maxsize=1)
def setting(nodes, facilities):
    network = build_network(street_lines(nodes))
    chosen = np.random.default_rng(3).choice(len(network), facilities, replace=False)
    return network, chosen, on_nodes(network, np.arange(len(network))), on_nodes(network, chosen)


def nearest(sizes=(100_000, MEGA)):
    for nodes in sizes:
        network, chosen, everywhere, supply = setting(nodes, 5000)

        def ours(n=network, d=everywhere, s=supply):
            return travel.nearest(n, d, s, CUTOFF_M)

        def raw(n=network, c=chosen):
            return dijkstra(n.graph, indices=c, min_only=True, limit=CUTOFF_M)

        name = f"nearest of 5,000, {nodes:.0e} nodes; scipy dijkstra(min_only)"
        line(name, duel(ours, raw, rounds=15), 1.5, less_is_better=True)
        if nodes == sizes[0]:
            _pandana(network, chosen, ours)


def _pandana(network, chosen, ours):
    name = f"nearest of 5,000, {len(network)} nodes; pandana query"
    if importlib.util.find_spec("pandana") is None:
        note(name, "skipped: pandana is not installed")
        return
    import pandana  # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415

    x, y = network.node_xy.T
    peer = pandana.Network(
        pd.Series(x),
        pd.Series(y),
        pd.Series(network.edge_u),
        pd.Series(network.edge_v),
        pd.DataFrame({"m": network.edge_cost_m}),
    )

    def query():
        peer.set_pois("f", CUTOFF_M, 1, pd.Series(x[chosen]), pd.Series(y[chosen]))
        peer.nearest_pois(CUTOFF_M, "f", num_pois=1)

    line(name, duel(ours, query), 15)


def _networkx(network):
    graph = nx.Graph()
    arcs = network.graph.tocoo()
    graph.add_weighted_edges_from(
        zip(arcs.row.tolist(), arcs.col.tolist(), arcs.data.tolist(), strict=True)
    )
    return graph


def pairs(sizes=((100_000, 6), (MEGA, 3)), sample=500):
    for nodes, bar in sizes:
        network, chosen, everywhere, supply = setting(nodes, 5000)
        graph = _networkx(network)

        def theirs(graph=graph, chosen=chosen):
            for node in chosen[:sample].tolist():
                nx.single_source_dijkstra_path_length(graph, node, cutoff=CUTOFF_M)

        def ours(n=network, d=everywhere, s=supply):
            return travel.pairs(n, d, s, CUTOFF_M)

        line(
            f"pairs of 5,000 within 1000 m, {nodes:.0e} nodes; networkx (sample of {sample})",
            duel(ours, theirs, rounds=7, sample=sample / len(chosen)),
            bar,
        )
        answer, peak = peak_bytes(ours)
        size = sum(part.nbytes for part in answer)
        limit(
            "the same, peak memory beyond the inputs, the result's included; the result's",
            f"{peak / MEGA:.1f} MB",
            f"{size / MEGA:.1f} MB",
            peak / size,
            2,
        )


def snapping(nodes=MEGA):
    network = build_network(street_lines(round(nodes / 1.38)))
    xy = places(network, nodes, 1)

    def ours():
        snap(network, xy, 200.0, fragment_m=2000.0)

    def raw():
        lines, points = edge_lines(network), shapely.points(xy)
        shapely.STRtree(lines).query_nearest(points, all_matches=False, return_distance=True)

    name = f"snapping {nodes:.0e} points to {len(network.edge_u):.1e} edges; STRtree.query_nearest"
    line(name, duel(ours, raw, rounds=3), 2, less_is_better=True)


def _blocks(count, side_m, seed=2):
    rng = np.random.default_rng(seed)
    angle = np.sort(rng.uniform(0, 2 * np.pi, (count, 25)), axis=1)
    radius = rng.uniform(40, 140, (count, 25))
    centre = rng.uniform(0, side_m, (count, 1, 2))
    ring = centre + radius[..., None] * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    return shapely.make_valid(shapely.polygons(ring))


def radius_shares(sample=2000):
    for count, facilities in ((10_000, 500), (100_000, 5000)):
        side = 40_000.0 * math.sqrt(count / 10_000)
        blocks = _blocks(count, side)
        xy = np.random.default_rng(4).uniform(0, side, (facilities, 2))

        def ours(blocks=blocks, xy=xy):
            return shares.share_within(blocks, xy, CUTOFF_M)

        name = f"exact shares, {count:,} areas × {facilities:,}"
        if count > 10_000:
            note(name, f"{median(ours)[0]:.2f} s")
            continue

        circles = shapely.union_all(shares.circles(xy, CUTOFF_M))

        def theirs(blocks=blocks, circles=circles):
            areas = gpd.GeoDataFrame(geometry=blocks[:sample], crs=CRS)
            gpd.overlay(areas, gpd.GeoDataFrame(geometry=[circles], crs=CRS))

        result = duel(ours, theirs, rounds=3, sample=sample / count)
        line(f"{name}; geopandas.overlay, circles united before (sample of {sample:,})", result, 25)


def areas(facilities=500):
    """The surface of one group of facilities, as the map shows it."""
    network, chosen, _, supply = setting(100_000, facilities)
    graph = _networkx(network)
    lines = dict(
        zip(
            zip(network.edge_u.tolist(), network.edge_v.tolist(), strict=True),
            edge_lines(network),
            strict=True,
        )
    )

    def ours():
        streets = service_area.reached_streets(network, supply, CUTOFF_M)
        return service_area.walk_area(streets)

    def theirs():
        near = nx.multi_source_dijkstra_path_length(graph, chosen.tolist(), cutoff=CUTOFF_M)
        whole = [line for ends, line in lines.items() if all(end in near for end in ends)]
        return shapely.union_all(shapely.buffer(whole, service_area.STREET_SIDE_M, quad_segs=4))

    name = f"service area of {facilities} together, 1e5 nodes; networkx, whole edges buffered"
    line(name, duel(ours, theirs, rounds=3), 1.5, less_is_better=True)


def growth(sizes=(10_000, 100_000, MEGA)):
    """Facilities grow with the network, one to 200 nodes, as they do with a county.

    Beyond 10^6 nodes no points are snapped: a shapely line for every edge would take the memory.
    """
    works = ("build", "snap as many points", "nearest", "pairs")
    spent = []
    for nodes in sizes:
        setting.cache_clear()
        begin = time.process_time()
        lines = street_lines(nodes)
        drawn = time.process_time()
        network = build_network(lines)
        built = time.process_time() - drawn
        del lines
        everywhere = on_nodes(network, np.arange(len(network)))
        supply = everywhere.take(
            np.random.default_rng(3).choice(len(network), nodes // 200, replace=False)
        )
        rounds = 5 if nodes <= MEGA else 1
        one, all_ = median(
            lambda n=network, d=everywhere, s=supply: travel.nearest(n, d, s, CUTOFF_M),
            lambda n=network, d=everywhere, s=supply: travel.pairs(n, d, s, CUTOFF_M),
            rounds=rounds,
        )
        del everywhere, supply
        snapped = math.nan
        if nodes <= MEGA:
            xy = places(network, nodes, 1)
            (snapped,) = median(lambda n=network, p=xy: snap(n, p, 200.0), rounds=1)
        spent.append((built, snapped, one, all_))
        told = zip(works, spent[-1], strict=True)
        said = ", ".join(f"{work} {part:.3g} s" for work, part in told if part > 0)
        note(f"growth, {nodes:.0e} nodes", f"{said}; the whole part {_since(begin):.0f} s")
        del network
    slopes = []
    for work, column in zip(works, zip(*spent, strict=True), strict=True):
        known = [(math.log(n), math.log(s)) for n, s in zip(sizes, column, strict=True) if s > 0]
        slopes.append(f"{work} {np.polyfit(*zip(*known, strict=True), 1)[0]:.2f}")
    note("growth, slope of all sizes (1 = linear)", ", ".join(slopes))


def _since(begin):
    return time.process_time() - begin


def memory():
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    note("most memory of this whole run", f"{peak:.2f} GiB")


def _real(name):
    """Return a part that needs data and readers of its own, imported when it is asked for."""

    def part():
        getattr(importlib.import_module("real"), name)()

    return part


def main():
    parts = {
        "county": _real("county"),
        "nearest": nearest,
        "pairs": pairs,
        "snapping": snapping,
        "shares": radius_shares,
        "areas": areas,
        "pbf": _real("from_pbf"),
        "chains": _real("chains"),
        "growth": growth,
    }
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="part", help=", ".join(parts))
    parser.add_argument("--nodes", type=int, help="one more size for growth")
    asked = parser.parse_args()
    print("| work; peer | ours | peer | ratio | bar | |\n|---|---|---|---|---|---|", flush=True)
    for name in asked.parts or parts:
        if name == "growth" and asked.nodes:
            growth((10_000, 100_000, MEGA, asked.nodes))
        else:
            parts[name]()
    memory()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    main()
