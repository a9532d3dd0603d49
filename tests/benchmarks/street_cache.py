"""How soon streets of a million junctions are ready: read anew, and taken from the cache.

    python tests/benchmarks/street_cache.py                 # 10^6 junctions, a GeoPackage
    python tests/benchmarks/street_cache.py --nodes 200000

Ready is: lines, costs and walking network, every one checked. CPU seconds of one process; the
median of three for the cache. The digest of the file, by which it is found, is told apart: a run
takes it anyway, to name its inputs.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "coverage"))
spare = tempfile.TemporaryDirectory()
os.environ["LIFECIRCLE_CACHE"] = spare.name
os.environ["LIFECIRCLE_STREET_CACHE"] = "on"

import geopandas as gpd  # noqa: E402
import numpy as np  # noqa: E402
import shapely  # noqa: E402
from town import CRS, street_lines  # noqa: E402

from lifecircle.intake.streets.building import build_streets  # noqa: E402
from lifecircle.intake.streets.kept import read_kept_streets  # noqa: E402
from lifecircle.model.inputs.parameters import Parameters  # noqa: E402
from lifecircle.reach.network.kept import walk_costs, walk_network  # noqa: E402
from lifecircle.sources.tables.files import fingerprint  # noqa: E402

CLASSES = np.array(["residential", "tertiary", "service", "footway", "支路"])
BAR_S = 0.5


def write(path: Path, nodes: int) -> None:
    """Write the streets of a made town as a line layer with classes and names."""
    lines = street_lines(nodes)
    count = np.arange(len(lines))
    frame = {"highway": CLASSES[count % 5], "name": [f"某路{n}" for n in (count // 400).tolist()]}
    ends = lines.vertex_xy[lines.way_vertex].reshape(-1, 2, 2)
    gpd.GeoDataFrame(frame, geometry=shapely.linestrings(ends), crs=CRS).to_file(path)


def ready(path: Path) -> tuple[float, int]:
    """Return CPU seconds until lines, costs and network stand, and the network's junctions."""
    begun, parameters = time.process_time(), Parameters()
    lines, problems, _ = read_kept_streets(path, crs=CRS)
    if lines is None:
        raise RuntimeError(problems)
    cost = walk_costs(lines, parameters).certain
    network = walk_network(lines, cost, parameters, possible=False, source=lines)
    return time.process_time() - begun, len(network)


def digest(path: Path) -> float:
    """Return CPU seconds of telling the file by its content."""
    begun = time.process_time()
    fingerprint(path)
    return time.process_time() - begun


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nodes", type=int, default=1_000_000)
    asked = parser.parse_args()
    folder = Path(spare.name)
    layer, built = folder / "streets.gpkg", folder / "streets.streets"
    write(layer, asked.nodes)
    build_streets(layer, built)
    print("| source | junctions | anew, s | digest, s | from the cache, s | bar, s | times |")
    print("|---|---|---|---|---|---|---|")
    for path in (layer, built):
        anew, junctions = ready(path)
        told = digest(path)
        again = statistics.median(ready(path)[0] for _ in range(3)) - told
        print(
            f"| {path.suffix}, {path.stat().st_size / 1e6:.0f} MB | {junctions:,} | {anew:.1f} "
            f"| {told:.2f} | {again:.2f} | {BAR_S} | {anew / again:.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
