"""Mutation testing by cosmic-ray: change one thing at a time, and see whether a test notices.

    make mutants                       # a sample of every room
    make mutants ROOMS="shares judge" SAMPLE=200

The sample is taken evenly over all mutants of a room, the same each time; ``SAMPLE=0`` takes all
(hours). Survivors that ``accepted.toml`` does not name are listed, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
PACKAGE = "coverage/lifecircle"
ROOMS = {
    "shares": ([f"{PACKAGE}/reach/areas/shares.py"], ["tests/reach/areas", "tests/case"]),
    "scoring": ([f"{PACKAGE}/scoring"], ["tests/scoring"]),
    "judge": (
        [f"{PACKAGE}/judge"],
        ["tests/judge", "tests/standards/caoxian-2023.toml", "tests/standards/jinxiang-2023.toml"],
    ),
    "measures": ([f"{PACKAGE}/measures"], ["tests/measures", "tests/standards"]),
    "counting": ([f"{PACKAGE}/counting"], ["tests/counting", "tests/standards"]),
}
"""Room → what is changed, and the tests that should notice."""


def main() -> int:
    """Run the rooms asked for and list what survived."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rooms", nargs="*", default=list(ROOMS))
    parser.add_argument("--sample", type=int, default=40, help="mutants a room; 0: all")
    chosen = parser.parse_args()
    accepted = {
        (one["module"], one["line"].strip(), one["operator"])
        for one in tomllib.loads((HERE / "accepted.toml").read_text("utf-8")).get("mutant", [])
    }
    left = 0
    for room in chosen.rooms:
        killed, survivors = run(room, chosen.sample)
        fresh = [s for s in survivors if (s["module"], s["line"], s["operator"]) not in accepted]
        print(f"{room}: {killed} killed, {len(survivors)} survived, {len(fresh)} to look at")
        for one in fresh:
            print(f"  {one['module']}:{one['row']} {one['operator']}: {one['line']}")
        left += len(fresh)
    return 1 if left else 0


def run(room: str, sample: int) -> tuple[int, list[dict[str, str]]]:
    """Return how many mutants of a room were noticed, and those that were not."""
    modules, tests = ROOMS[room]
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)  # noqa: S603, S607
        python = f"{sys.executable} -m pytest -x -q -p no:cacheprovider --no-header"
        config, session = clone / "mutants.toml", clone / "mutants.sqlite"
        config.write_text(
            "[cosmic-ray]\n"
            f"module-path = {json.dumps(modules)}\n"
            "timeout = 300.0\n"
            'excluded-modules = ["**/__init__.py"]\n'
            f'test-command = "{python} {" ".join(tests)}"\n'
            '[cosmic-ray.distributor]\nname = "local"\n',
            encoding="utf-8",
        )
        ours = {**os.environ, "PYTHONPATH": str(clone / "coverage"), "CI": "true"}
        tool = [sys.executable, "-m", "cosmic_ray.cli"]
        for step in ("init", "exec"):
            if step == "exec":
                thin(session, sample)
            command = [*tool, step, str(config), str(session)]
            subprocess.run(command, cwd=clone, env=ours, check=True)  # noqa: S603
        return told(session, clone)


def thin(session: Path, sample: int) -> None:
    """Keep an even sample of the mutants."""
    with sqlite3.connect(session) as base:
        order = (
            "SELECT job_id FROM mutation_specs ORDER BY module_path, start_pos_row, operator_name"
        )
        jobs = [row[0] for row in base.execute(order)]
        step = max(1, len(jobs) // sample) if sample else 1
        kept = set(jobs[::step])
        for job in jobs:
            if job not in kept:
                base.execute("DELETE FROM mutation_specs WHERE job_id = ?", (job,))
                base.execute("DELETE FROM work_items WHERE job_id = ?", (job,))


def told(session: Path, clone: Path) -> tuple[int, list[dict[str, str]]]:
    """Return what came of the mutants."""
    query = (
        "SELECT m.module_path, m.operator_name, m.start_pos_row, r.test_outcome "
        "FROM mutation_specs m JOIN work_results r ON r.job_id = m.job_id"
    )
    killed, survivors = 0, []
    with sqlite3.connect(session) as base:
        for module, operator, row, outcome in base.execute(query):
            if "SURVIVED" not in str(outcome).upper():
                killed += 1
                continue
            path = Path(module)
            lines = (clone / path).read_text(encoding="utf-8").splitlines()
            survivors.append(
                {
                    "module": path.as_posix().removeprefix(f"{PACKAGE}/"),
                    "operator": operator.removeprefix("core/"),
                    "row": str(row),
                    "line": lines[row - 1].strip(),
                }
            )
    return killed, survivors


if __name__ == "__main__":
    sys.exit(main())
