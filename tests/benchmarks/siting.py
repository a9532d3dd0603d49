"""Print the table of siting: how well and how fast, against peers where they are installed.

    python tests/benchmarks/siting.py                 # every part, about ten minutes
    python tests/benchmarks/siting.py most all        # some parts
    python tests/benchmarks/siting.py city --osm x.osm.pbf   # blocks of another city too

Counties of chance with fixed seeds: towns of different size, candidates where houses are. CPU
time of one process; bounds and values are checked against the raw distances.
"""

from __future__ import annotations

import argparse
import importlib.util
import math
import resource
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import shapely
from measuring import limit, note
from scipy import sparse
from scipy.sparse.csgraph import shortest_path
from scipy.spatial import cKDTree

import lifecircle as lc
from lifecircle.case.case import open_case
from lifecircle.intake.streets.lines import read_streets
from lifecircle.model.siting.provision import Offer, provision_task
from lifecircle.model.siting.task import siting_task
from lifecircle.reach.network.graph import build_network, edge_lines
from lifecircle.reach.search.pairs import pairs as walked
from lifecircle.reach.search.snapping import snap
from lifecircle.siting.answering import Wanted, choose_sites
from lifecircle.siting.cover_all import cover_all
from lifecircle.siting.cover_most import cover_most
from lifecircle.siting.provision import provide
from lifecircle.siting.search.allowance import Allowance
from lifecircle.siting.search.effort import Effort, Watch
from lifecircle.siting.search.swapping import CoverSearch

RADIUS_M = 1000.0
SEEDS = (1, 2, 3)
BEST_KNOWN = {1: 122_680.0, 2: 158_021.0, 3: 147_479.0}
"""MCLP 20,000 × 2,000, p = 40, clustered: the best any run here has found."""


def near(xy, spots, radius=RADIUS_M):
    """Return the pairs within the radius as a 0/1 matrix."""
    pairs = cKDTree(xy).sparse_distance_matrix(cKDTree(spots), radius, output_type="coo_matrix")
    ones = np.ones(pairs.nnz)
    matrix = sparse.csr_array((ones, (pairs.row, pairs.col)), shape=(len(xy), len(spots)))
    matrix.sort_indices()
    return matrix


def county(demand, sites, seed, towns=40, side=60_000.0):
    """Return cover and weights of a clustered county."""
    chance = np.random.default_rng(seed)
    middle = chance.uniform(0, side, (towns, 2))
    share = chance.lognormal(0, 1, towns)
    share /= share.sum()
    town = chance.choice(towns, demand, p=share)
    spread = 600 + 2500 * np.sqrt(share / share.max())
    xy = middle[town] + chance.normal(0, 1, (demand, 2)) * spread[town, None]
    scattered = chance.random(demand) < 0.15
    xy[scattered] = chance.uniform(0, side, (scattered.sum(), 2))
    weight = chance.integers(1, 60, demand).astype(float)
    spots = xy[chance.choice(demand, sites, replace=False)] + chance.normal(0, 50, (sites, 2))
    return near(xy, spots), weight


def uniform(demand, sites, seed, side=30_000.0):
    chance = np.random.default_rng(seed)
    xy, spots = chance.uniform(0, side, (demand, 2)), chance.uniform(0, side, (sites, 2))
    return near(xy, spots), chance.integers(1, 60, demand).astype(float)


def timed(work):
    """Return what a work returns and its CPU seconds: what else the machine does does not count."""
    begin = time.process_time()
    return work(), time.process_time() - begin


def most_of(cover, weight, sites, **effort):
    price = np.ones(cover.shape[1])
    watch = Watch(Effort(**effort))
    return timed(lambda: cover_most(cover, weight, price, Allowance(sites), watch))


def covered(cover, weight, columns):
    return weight[np.asarray(cover[:, columns].sum(axis=1)).ravel() > 0].sum()


def greedy_and_swap(cover, weight, sites):
    search = CoverSearch(cover, weight, np.ones(cover.shape[1]), Allowance(sites))
    return search.value(search.improved(search.greedy(), Watch()))


def peers():
    """MCLP 2,000 × 500, p = 10, end to end, beside spopt with CBC."""
    cover, weight = county(2000, 500, 1)
    choice, seconds = most_of(cover, weight, 10)
    name = "MCLP 2,000 × 500, p = 10"
    limit(f"{name}: proven", f"{choice.value:g}", "", choice.bound / choice.value - 1, 1e-9)
    if importlib.util.find_spec("spopt") is None or importlib.util.find_spec("pulp") is None:
        note(f"{name}; spopt + CBC", f"ours {seconds:.2f} s; skipped: spopt is not installed")
        return
    import pulp  # noqa: PLC0415
    from spopt.locate import MCLP  # noqa: PLC0415

    costs = np.where(cover.toarray() > 0, 1.0, 9.0)

    def theirs():
        model = MCLP.from_cost_matrix(costs, weight, 5.0, p_facilities=10)
        return model.solve(pulp.PULP_CBC_CMD(msg=False))

    begin = time.perf_counter()  # CBC is a process of its own
    solved, other = theirs(), time.perf_counter() - begin
    value = pulp.value(solved.problem.objective)
    same = abs(value - choice.value) < 1e-6 * value
    told = f"{other:.2f} s{'' if same else f', value {value:g}'}"
    limit(
        f"{name}; spopt + CBC", f"{seconds:.2f} s", told, other / seconds, 10, less_is_better=False
    )


def most():
    """MCLP 20,000 × 2,000, p = 40, clustered and uniform."""
    for seed in SEEDS:
        cover, weight = county(20_000, 2000, seed)
        choice, seconds = most_of(cover, weight, 40)
        name = f"MCLP 20,000 × 2,000, p = 40, clustered, seed {seed}"
        value = covered(cover, weight, choice.columns)
        best = max(BEST_KNOWN[seed], value)
        told = f"{value:g}, {seconds:.0f} s"
        limit(f"{name}: short of the best known", told, f"{best:g}", 1 - value / best, 0.003)
        limit(f"{name}: gap", f"{choice.bound:.0f}", "", choice.bound / value - 1, 0.04)
        limit(f"{name}: bound to best known", "", "", best / choice.bound, 1.0)
        swap = greedy_and_swap(cover, weight, 40)
        limit(f"{name}: greedy + swap to ours", "", f"{swap:g}", swap / value, 1.0)
        limit(f"{name}: seconds", f"{seconds:.1f} s", "", seconds, 60)
    for seed in SEEDS:
        cover, weight = uniform(20_000, 2000, seed)
        choice, seconds = most_of(cover, weight, 40, gap=0.001)
        name = f"MCLP 20,000 × 2,000, p = 40, uniform, seed {seed}"
        told = f"{choice.value:g}, {seconds:.1f} s"
        limit(f"{name}: gap", told, "", choice.bound / choice.value - 1, 0.001)
        limit(f"{name}: seconds", f"{seconds:.1f} s", "", seconds, 5)


def large():
    """MCLP 200,000 × 2,000, p = 40, clustered."""
    cover, weight = county(200_000, 2000, 1)
    choice, seconds = most_of(cover, weight, 40)
    name = "MCLP 200,000 × 2,000, p = 40, clustered"
    told = f"{choice.value:g}, {seconds:.0f} s"
    limit(f"{name}: gap", told, "", choice.bound / choice.value - 1, 0.05)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    limit(f"{name}: peak GiB", f"{peak:.2f} GiB", "", peak, 4)


def everybody():
    """LSCP on clustered counties."""
    for seed in SEEDS:
        cover, _ = county(12_000, 2000, seed)
        cover = cover[np.diff(cover.indptr) > 0]
        choice, seconds = timed(lambda c=cover: cover_all(c, np.ones(2000), Watch()))
        name = f"LSCP {cover.shape[0]:,} × 2,000, clustered, seed {seed}"
        limit(f"{name}: proven", f"{choice.value:g}", "", choice.value / choice.bound - 1, 1e-9)
        limit(f"{name}: seconds", f"{seconds:.1f} s", "", seconds, 30)


def blocks():
    """Every site count from 1 to 10 on blocks of a street grid with gaps, each model proven."""
    for points in (300, 800):
        chance = np.random.default_rng(points)
        side = math.ceil(math.sqrt(points * 1.25))
        grid = np.array([(i, j) for i in range(side) for j in range(side)], dtype=float)
        kept = grid[np.sort(chance.choice(len(grid), points, replace=False))]
        spots = kept * 90 + chance.normal(0, 15, (points, 2))
        apart = np.abs(spots[:, None] - spots[None]).sum(axis=2)
        names = [f"{i:03d}" for i in range(points)]
        pairs = [(names[i], names[j], c) for (i, j), c in np.ndenumerate(apart)]
        weights = dict(zip(names, chance.integers(1, 80, points).astype(float), strict=True))
        task = siting_task(weights, pairs)
        for model in ("mclp", "p-center"):
            worst, open_ = 0.0, 0
            for sites in range(1, 11):
                wanted = Wanted(model, 500.0, sites)
                answer, seconds = timed(lambda t=task, w=wanted: choose_sites(t, w))
                worst, open_ = max(worst, seconds), open_ + (not answer.proven)
            name = f"{points} blocks, {model}, p 1–10"
            limit(f"{name}: not proven", f"{open_}", "", open_, 0)
            limit(f"{name}: longest", f"{worst:.1f} s", "", worst, 60)


def city():
    """Real city blocks and buildings as demand and candidates, on foot: those of Wudaokou.

    Blocks lie between streets; with the buildings there are about eight hundred points.
    """
    folder = Path(__file__).parents[2] / "data" / "wudaokou"
    study = lc.read_study(folder / "study.toml")
    network = open_case(study).context.network
    faces = blocks_of(network, 500)
    houses = pyogrio.read_dataframe(
        folder / "wudaokou.osm", layer="multipolygons", where="building IS NOT NULL"
    )
    houses = houses.to_crs(study.crs).geometry.to_numpy()
    city_models("blocks of Wudaokou", network, faces)
    city_models("buildings of Wudaokou", network, houses)
    city_models("blocks and buildings of Wudaokou", network, np.concatenate([faces, houses]))


def elsewhere(files):
    """The same for blocks of other cities, from OpenStreetMap files that are handed in."""
    for file in files:
        where = pyogrio.read_info(file, layer="points", force_total_bounds=True)["total_bounds"]
        middle = shapely.Point((where[0] + where[2]) / 2, (where[1] + where[3]) / 2)
        crs = gpd.GeoSeries([middle], crs=4326).estimate_utm_crs().to_string()
        lines, _ = read_streets(file, crs=crs)
        network = build_network(lines)
        for least in (500, 200):
            name = f"blocks of {file.name.split('.')[0]} above {least} m²"
            city_models(name, network, blocks_of(network, least))


def blocks_of(network, least):
    """Return what the streets enclose, larger than so many m² and no wood or lake."""
    faces = shapely.get_parts(shapely.polygonize(list(edge_lines(network)[network.edge_open])))
    return faces[(shapely.area(faces) > least) & (shapely.area(faces) < 300_000)]


def city_models(what, network, shapes):
    """Ask each model for 1 to 10 of the shapes, weighed by their hundreds of m²."""
    spots = shapely.get_coordinates(shapely.point_on_surface(shapes))
    snapped = snap(network, spots, 200.0, fragment_m=2000.0)
    # a block that the streets do not lead to can serve nobody, and nobody can serve it
    led = np.flatnonzero(snapped.component[: len(spots)] == 0)
    shapes, first = shapes[led], snapped.take(led)
    row, column, cost = walked(network, first, first, 20_000.0)
    pairs = zip(row, column, cost, strict=True)
    names = [f"{i:03d}" for i in range(len(shapes))]
    weights = dict(zip(names, np.round(shapely.area(shapes) / 100), strict=True))
    task = siting_task(weights, [(names[i], names[j], c) for i, j, c in pairs])
    for model in ("lscp", "mclp", "p-center", "p-median"):
        worst, open_ = 0.0, 0
        for sites in (None,) if model == "lscp" else range(1, 11):
            wanted = Wanted(model, 500.0, sites)
            answer, seconds = timed(lambda w=wanted: choose_sites(task, w))
            worst, open_ = max(worst, seconds), open_ + (not answer.proven)
        name = f"{len(shapes)} {what}, {model}{'' if model == 'lscp' else ', p 1–10'}"
        limit(f"{name}: not proven", f"{open_}", "", open_, 0)
        limit(f"{name}: longest", f"{worst:.1f} s", "", worst, 60)


def library():
    """p-median by the OR-Library's definition: a ring through all, n²/50 edges, lengths 1–100."""
    for count, sites in ((100, 5), (200, 10), (300, 5), (400, 10), (600, 5), (900, 5)):
        chance = np.random.default_rng(count + sites)
        lengths = np.full((count, count), np.inf)
        ring = np.arange(count)
        edges = [*zip(ring, np.roll(ring, -1), strict=True)]
        edges += [tuple(e) for e in chance.integers(0, count, (count**2 // 50 - count, 2))]
        for a, b in edges:
            if a != b:
                lengths[a, b] = lengths[b, a] = chance.integers(1, 101)
        costs = shortest_path(lengths, directed=False)
        names = [f"{i:03d}" for i in range(count)]
        pairs = [(names[i], names[j], c) for (i, j), c in np.ndenumerate(costs)]
        task = siting_task(dict.fromkeys(names, 1.0), pairs)
        for model in ("p-median", "p-center"):
            wanted = Wanted(model, sites=sites)
            answer, seconds = timed(lambda t=task, w=wanted: choose_sites(t, w))
            told = f"{answer.objective:g}, {seconds:.1f} s"
            limit(f"{model} {count} nodes, p = {sites}: gap", told, "", answer.gap, 0.01)


def provision():
    """5,000 areas short × 500 candidates, beside a place of its own for every area."""
    for seed in SEEDS:
        cover, _ = county(5000, 500, seed)
        chance = np.random.default_rng(seed)
        short = np.round(chance.lognormal(4, 1, 5000))
        most_m2 = chance.choice([400.0, 800.0, 1500.0, 3000.0, math.inf], 500)
        pairs = sparse.coo_array(cover)
        task = provision_task(
            {f"{i:04d}": float(m2) for i, m2 in enumerate(short)},
            {f"{j:03d}": Offer(float(m2), 350.0) for j, m2 in enumerate(most_m2)},
            [(f"{i:04d}", f"{j:03d}") for i, j in zip(pairs.row, pairs.col, strict=True)],
        )
        answer, seconds = timed(lambda t=task: provide(t))
        name = f"provision 5,000 × 500, seed {seed}"
        told = f"{answer.places} places, {answer.m2:.0f} m², {len(answer.unmet)} areas out of reach"
        note(f"{name}: plan", told)
        limit(f"{name}: gap", f"{answer.gap:.2%}", "", answer.gap, 0.05)
        limit(f"{name}: seconds", f"{seconds:.1f} s", "", seconds, 120)
        met = sorted({area for area, _, _ in answer.shares})
        alone = sum(max(short[int(area)], 350.0) for area in met)
        limit(
            f"{name}: m² to area by area", f"{answer.m2:.0f}", f"{alone:.0f}", answer.m2 / alone, 1
        )


PARTS = {
    "peers": peers,
    "most": most,
    "large": large,
    "all": everybody,
    "blocks": blocks,
    "city": city,
    "library": library,
    "provision": provision,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], default=list(PARTS))
    parser.add_argument("--osm", nargs="*", type=Path, default=[], help="streets of other cities")
    print("| work | ours | peer, best or other | ratio | bar | |")
    print("|---|---|---|---|---|---|")
    asked = parser.parse_args()
    for part in asked.parts:
        PARTS[part]()
    elsewhere(asked.osm)


if __name__ == "__main__":
    main()
