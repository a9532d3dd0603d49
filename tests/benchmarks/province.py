"""`lifecircle batch` of a made province, with one worker and with two.

    python tests/benchmarks/province.py               # every ninth county: 16 of 137
    python tests/benchmarks/province.py --every 1     # the whole province: an hour, and 5 GB
    python tests/benchmarks/province.py --make FOLDER # the files alone

137 counties as large as Shandong's are: 62 to 3,000 areas each, 150,000 in all, a facility to five
areas, 10 million street junctions in all; each county by its own seed, so that every run has the
same files. The batch runs in processes of the standard library, all outputs written.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from clustered_county import ROOT, make

COUNTIES, LEAST, MOST, NODES = 137, 62, 3000, 10_000_000
START_S = 1.4
"""CPU seconds in which a worker starts and loads its libraries, measured alone."""
BEND = 1.84
"""How much rarer large counties are than small ones: 150,000 areas in all."""

WITHOUT_DASK = """
from lifecircle.batch import batch
from lifecircle.cli import main
batch.has_dask = lambda: False
main()
"""


def sizes() -> list[int]:
    """Return the number of areas of every county, the smallest first."""
    steps = (number / (COUNTIES - 1) for number in range(COUNTIES))
    return [round(LEAST + (MOST - LEAST) * step**BEND) for step in steps]


def make_province(folder: Path, every: int) -> list[int]:
    """Write every so manieth county into a folder of its own; return their areas."""
    all_areas = sizes()
    chosen = list(range(COUNTIES - 1, -1, -every))[::-1]
    for number in chosen:
        areas = all_areas[number]
        side = max(60, round((NODES * areas / sum(all_areas)) ** 0.5))
        home = folder / f"county-{number:03}"
        home.mkdir(parents=True, exist_ok=True)
        make(home, number, areas=areas, towns=max(3, areas // 115), side=side)
    return [all_areas[number] for number in chosen]


def run(counties: Path, out: Path, workers: int) -> tuple[float, float, dict]:
    """Return seconds of a batch, its CPU seconds with those of its workers, and its record."""
    command = [sys.executable, "-c", WITHOUT_DASK, "batch", str(counties), "--out", str(out)]
    command += ["--workers", str(workers), "-q"]
    begun, before = time.monotonic(), os.times()
    subprocess.run(  # noqa: S603 - our own program
        command, check=True, env={**os.environ, "PYTHONPATH": str(ROOT / "coverage")}
    )
    took, after = time.monotonic() - begun, os.times()
    used = after.children_user + after.children_system
    used -= before.children_user + before.children_system
    return took, used, json.loads((out / "batch.json").read_text(encoding="utf-8"))


def longest(cpu: list[float], workers: int) -> float:
    """Return the CPU seconds of the worker that has most to do, the largest county begun first."""
    held = [0.0] * workers
    for seconds in sorted(cpu, reverse=True):
        held[held.index(min(held))] += seconds
    return max(held)


def times_by_cpu(cpu: list[float], beside: float, workers: int) -> float:
    """Return how much faster so many workers are than one, reckoned from CPU seconds alone.

    It says the same however busy the machine is. ``beside`` is what the batch used besides its
    counties: the list, the sums, and the start of each worker (``START_S``), which the workers do
    at the same time.
    """
    serial = max(0.0, beside - workers * START_S) + START_S
    return (serial + sum(cpu)) / (serial + longest(cpu, workers))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--every", type=int, default=9)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--make", type=Path, metavar="FOLDER")
    asked = parser.parse_args()
    if asked.make:
        make_province(asked.make, asked.every)
        return
    with tempfile.TemporaryDirectory() as spare:
        home = Path(spare)
        areas = make_province(home / "counties", asked.every)
        print(f"{len(areas)} counties, {sum(areas):,} areas")
        print(
            "| workers | s | s CPU: counties, median, most | beside | peak MiB | times | by CPU |"
        )
        print("|---|---|---|---|---|---|---|", flush=True)
        first = None
        for workers in asked.workers:
            took, used, record = run(home / "counties", home / f"out{workers}", workers)
            cpu = [one["cpu_seconds"] for one in record["counties"]]
            peak = max(one["peak_mib"] or 0 for one in record["counties"])
            first = first or took
            told = f"{sum(cpu):.1f}, {statistics.median(cpu):.1f}, {max(cpu):.1f}"
            by_cpu = times_by_cpu(cpu, used - sum(cpu), workers)
            print(
                f"| {workers} | {took:.0f} | {told} | {used - sum(cpu):.1f} | {peak:.0f} "
                f"| {first / took:.2f} | {by_cpu:.2f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
