"""CPU time of one assessment of the shipped study, beside another checkout of the project.

    python tests/benchmarks/whole_run.py                      # this checkout alone
    python tests/benchmarks/whole_run.py --against ../before  # both in turn, and the ratios

Printed are seconds of CPU, the least of six runs each, in three rounds that take turns, since a
busy machine is slower one minute than the next: ``assess`` until clauses and findings are there,
the parts that are made on demand, and both.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROUNDS = 3
PROBE = """
import json, sys, time
import lifecircle as lc
study = lc.read_study(sys.argv[1])
def run():
    begun = time.process_time()
    result = lc.assess(study)
    judged = time.process_time()
    for name in ("sensitivity", "curves", "switches", "provision", "remedies", "stages"):
        getattr(result, name)
    for name in result.layers:
        result.layers[name]
    return judged - begun, time.process_time() - judged
run()
runs = [run() for _ in range(2)]
print(json.dumps([min(a for a, _ in runs), min(b for _, b in runs), min(map(sum, runs))]))
"""


def measured(tree: Path) -> list[float]:
    """Return seconds for the judging, the parts, and both, of one checkout's own data."""
    ours = {**os.environ, "PYTHONPATH": str(tree / "coverage")}
    command = [sys.executable, "-c", PROBE, str(tree / "data" / "guixi")]
    done = subprocess.run(command, env=ours, check=True, capture_output=True, text=True)  # noqa: S603
    seconds: list[float] = json.loads(done.stdout.splitlines()[-1])
    return seconds


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--against", type=Path, help="another checkout")
    against = parser.parse_args().against
    trees = [ROOT] if against is None else [against, ROOT]
    rounds = [[measured(tree) for tree in trees] for _ in range(ROUNDS)]
    least = [[min(runs) for runs in zip(*tree, strict=True)] for tree in zip(*rounds, strict=True)]
    before, now = (None if against is None else least[0]), least[-1]
    print("| one assessment of data/guixi, s CPU | before | now | ratio |\n|---|---|---|---|")
    for row, name in enumerate(("clauses and findings", "parts on demand", "both")):
        was = "" if before is None else f"{before[row]:.2f}"
        share = "" if before is None or before[row] < 0.01 else f"{now[row] / before[row]:.2f}"
        print(f"| {name} | {was} | {now[row]:.2f} | {share} |")


if __name__ == "__main__":
    main()
