"""One edit on a desk of the large clustered county, beside the whole run that it stands in for.

    python tests/benchmarks/what_if.py                # 40 edits, and one `lifecircle assess`
    python tests/benchmarks/what_if.py --edits 200 --no-run

The county is that of ``clustered_county.py``. Edits are made by chance from one seed, each a step
of its own on top of all before it; an edit's time is that of ``desk.apply`` and ``desk.changed``
together, in seconds of CPU. ``lc.assess`` beside it is the study in memory, judged once in the same
process, no output; the whole run is a process of its own, files read and outputs written.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
from clustered_county import ROOT, assessed, make

import lifecircle as lc

BAR_S, BAR_RATIO = 0.1, 50.0


def edits(desk, count, seed=7):
    """Yield edits by chance: a fifth each of moves, additions, removals, and changed figures."""
    chance = np.random.default_rng(seed)
    for number in range(count):
        facilities, areas = desk.study.facilities.frame, desk.study.residential.frame
        one = facilities.index[chance.integers(len(facilities))]
        home = areas.index[chance.integers(len(areas))]
        at = areas.geometry[home].centroid
        x, y = np.array([at.x, at.y]) + chance.uniform(-300.0, 300.0, 2)
        m2, homes = float(chance.integers(60, 900)), float(chance.integers(80, 2500))
        yield (
            lc.MoveFacility(one, x, y),
            lc.AddFacility(f"N{number}", "新站", ("day_care",), x, y, {"floor_area_m2": m2}),
            lc.RemoveFacility(one),
            lc.ChangeFacility(one, floor_area_m2=m2),
            lc.ChangeArea(home, households=homes),
        )[number % 5]


def timed(desk, count):
    """Return kind of edit → the seconds of each."""
    spent: dict[str, list[float]] = {}
    for edit in edits(desk, count):
        begun = time.process_time()
        desk.apply(edit)
        _ = desk.changed
        spent.setdefault(type(edit).__name__, []).append(time.process_time() - begun)
    return spent


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--edits", type=int, default=40)
    parser.add_argument("--no-run", action="store_true", help="leave the whole run out")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as spare:
        folder = Path(spare) / "county"
        folder.mkdir()
        make(folder)
        study = lc.read_study(folder)
        begun = time.process_time()
        desk = lc.what_if(study)
        opened = time.process_time() - begun
        spent = timed(desk, asked.edits)
        begun = time.process_time()
        lc.assess(desk.study)
        whole = time.process_time() - begun
        run = None
        if not asked.no_run:
            run, _ = assessed(ROOT, folder, Path(spare) / "out", Path(spare) / "kept")
    everyone = [seconds for found in spent.values() for seconds in found]
    print("| edit | edits | median s | slowest s | of `lc.assess` | of `lifecircle assess` |")
    print("|---|---|---|---|---|---|")
    for name, found in {**spent, "all": everyone}.items():
        median = statistics.median(found)
        told = "" if run is None else f"1/{run / median:.0f}"
        row = (name, len(found), f"{median:.3f}", f"{max(found):.3f}", f"1/{whole / median:.0f}")
        print("|", " | ".join(map(str, (*row, told))), "|")
    median = statistics.median(everyone)
    print(f"opening the desk {opened:.1f} s, lc.assess of the same study {whole:.1f} s CPU")
    print(f"median of an edit {median:.3f} s (bar {BAR_S}): {_told(median <= BAR_S)}")
    if run is not None:
        times = run / median
        print(
            f"`lifecircle assess` {run:.1f} s CPU, {times:.0f} edits "
            f"(bar {BAR_RATIO:.0f}): {_told(times >= BAR_RATIO)}"
        )


def _told(held) -> str:
    return "holds" if held else "MISSED"


if __name__ == "__main__":
    main()
