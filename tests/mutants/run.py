"""Mutation testing by cosmic-ray: change one thing at a time, and see whether a test notices.

    make mutants                       # a sample of every room
    make mutants ROOMS="shares judge" SAMPLE=200
    make mutants TABLE=1               # what is known so far, nothing run

The sample is the same each time (``--seed`` draws another), a larger one holds the smaller, and
``SAMPLE=0`` takes all (hours). What is found is kept in ``.mutants/`` as it comes: a run that was
stopped goes on where it was, and what survived is tried again when a test has changed. Survivors
that ``accepted.toml`` does not name are listed, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import importlib
import json
import os
import sys
import tempfile
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ |= {"CI": "true", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}

from mutations import Mutant, mutants_of, sampled
from trials import STOPPED, in_child, recorded, tried

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
PACKAGE = ROOT / "coverage" / "lifecircle"
KEPT = ROOT / ".mutants"
RULES = "tests/standards/*.toml"
ROOMS = {
    "shares": (["reach/areas/shares.py"], ["tests/reach/areas"]),
    "scoring": (["scoring"], ["tests/scoring"]),
    "judge": (["judge"], ["tests/judge", RULES]),
    "measures": (["measures"], ["tests/measures", RULES]),
    "counting": (["counting"], ["tests/counting", RULES]),
    "account": (["account"], ["tests/account", "tests/allocation", RULES]),
}
"""Room → what is changed, and the tests that should notice."""
NEAR_S, WIDE_S = 1.5, 8.0
"""Seconds of tests a mutant meets first, and those a survivor meets before it counts as one."""
LOADED = ("numpy", "pandas", "geopandas", "scipy.sparse", "scipy.optimize", "hypothesis", "shapely")
LOADED += ("pytest", "openpyxl", "docx", "pydantic", "networkx", "folium", "matplotlib", "osmnx")
LOADED += ("hypothesis.internal.conjecture.providers", "typer", "babel", "xlrd")
"""What no mutant touches, loaded once."""


def main() -> int:
    """Run the rooms asked for, list what survived, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "rooms", nargs="*", default=list(ROOMS), choices=[*ROOMS, []], metavar="room"
    )
    parser.add_argument("--sample", type=int, default=60, help="mutants a room; 0: all")
    parser.add_argument("--wide", type=float, default=WIDE_S, help="seconds a survivor is tried")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--table", action="store_true", help="run nothing, print what is known")
    asked = parser.parse_args()
    os.chdir(ROOT)
    KEPT.mkdir(exist_ok=True)
    if not asked.table:
        sys.path.insert(0, str(PACKAGE.parent))
        sys.dont_write_bytecode = False  # whatever the shell says: a trial compiles one module
        for name in LOADED:
            load(name)
        gc.freeze()  # so that a child does not walk through all of it when it ends
    chosen = {}
    for room in asked.rooms:
        chosen[room] = drawn(room, asked.sample, asked.seed)
        if not asked.table:
            work_through(room, chosen[room], asked.wide)
    return told(chosen)


def work_through(room: str, mutants: list[Mutant], wide: float) -> None:
    """Try the mutants of a room one by one, and name those that survive as they do."""
    tests = everything_recorded(room)
    for place, one in enumerate(mutants, 1):
        if not outcome(one, tests, wide)["by"]:
            print(f"{room} {place}/{len(mutants)} survived {said(one)}", flush=True)
        elif place % 20 == 0:
            print(f"{room} {place}/{len(mutants)}", flush=True)


def load(name: str) -> None:
    try:
        importlib.import_module(name)
    except ImportError:
        print(f"{name} is not loaded beforehand", file=sys.stderr)


def drawn(room: str, count: int, seed: int) -> list[Mutant]:
    """Return the sample of a room, without what is no Python."""
    every = [one for file in files(ROOMS[room][0]) for one in mutants_of(file, PACKAGE)]
    found: list[Mutant] = []
    for one in sampled(every, 0, seed):
        if count and len(found) == count:
            break
        if one.code(text(one.path)) is not None:
            found.append(one)
    return found


def files(names: Iterable[str]) -> list[Path]:
    """Return the modules of files and folders."""
    found: list[Path] = []
    for name in names:
        path = PACKAGE / name
        found += [path] if path.is_file() else sorted(path.rglob("*.py"))
    return [path for path in found if path.name != "__init__.py"]


@cache
def text(path: str) -> str:
    return (PACKAGE / path).read_text(encoding="utf-8")


def digest(paths: Iterable[Path], also: str = "") -> str:
    """Return a short digest of files."""
    whole = hashlib.sha256(also.encode())
    for path in paths:
        whole.update(path.read_bytes())
    return whole.hexdigest()[:16]


def test_files(room: str) -> list[str]:
    found: list[Path] = []
    for name in ROOMS[room][1]:
        found += (ROOT / name).rglob("test_*.py") if (ROOT / name).is_dir() else ROOT.glob(name)
    return [path.relative_to(ROOT).as_posix() for path in sorted(found)]


def everything_recorded(room: str) -> dict[str, dict[str, Any]]:
    """Return a room's tests by name: seconds, and the lines they run. Kept until a file changes."""
    modules = files(name for changed, _ in ROOMS.values() for name in changed)
    code = digest([*sorted(PACKAGE.rglob("*.py")), *sorted((ROOT / "tests").rglob("conftest.py"))])
    (KEPT / "lines").mkdir(exist_ok=True)
    found: dict[str, dict[str, Any]] = {}
    for name in test_files(room):
        kept = KEPT / "lines" / f"{digest([ROOT / name], code + name)}.json"
        if not kept.exists():
            with tempfile.TemporaryDirectory() as folder:
                work = lambda name=name, data=Path(folder) / "c": recorded(name, modules, data)  # noqa: E731
                tests = in_child(work, seconds=1200)
            if not tests:
                raise RuntimeError(f"{name} does not run")
            print(f"recorded {name}: {len(tests)} tests", flush=True)
            kept.write_text(json.dumps(tests), encoding="utf-8")
        found |= json.loads(kept.read_text("utf-8"))
    return found


def outcome(one: Mutant, tests: dict[str, dict[str, Any]], seconds: float) -> dict[str, str]:
    """Return what came of a mutant: ``by`` is the test that noticed, empty if none did."""
    near, wide = covering(one, tests, seconds)
    module = digest([PACKAGE / one.path])
    files_of = sorted({test.split("::")[0] for test in wide})
    against = digest([ROOT / name for name in files_of], str(seconds))
    kept = results().get(one.key())
    settled = kept is not None and (kept["by"] or kept["tests"] == against or is_accepted(one))
    if kept and settled and kept["module"] == module:
        return kept
    by, changed = "", one.code(text(one.path))
    for chosen in (near, [test for test in wide if test not in near]):
        if not chosen or by:
            continue
        most = int(20 + 5 * sum(tests[test]["seconds"] for test in chosen))
        answer = in_child(
            lambda chosen=chosen, changed=changed: tried(one.name, changed, chosen), seconds=most
        )
        by = STOPPED if answer is None else answer
    found = {"key": one.key(), "module": module, "tests": against, "by": by}
    results()[one.key()] = found
    with (KEPT / "results.jsonl").open("a", encoding="utf-8") as book:
        book.write(json.dumps(found | {"said": said(one)}, ensure_ascii=False) + "\n")
    return found


def covering(
    one: Mutant, tests: dict[str, dict[str, Any]], seconds: float
) -> tuple[list[str], list[str]]:
    """Return the quickest tests that run a mutant's statement, and all there is time for.

    What no test is seen to run, since it runs as a module is loaded, counts as run by all that
    run any of the module. Tests of one file share what was made once, so the rest of a file
    stands behind the test that ran it.
    """
    path = str(PACKAGE / one.path)
    touching = {test: set(t["lines"].get(path, ())) for test, t in tests.items()}
    touching = {test: rows for test, rows in touching.items() if rows}
    hit = [test for test, rows in touching.items() if rows & one.rows]
    hit = hit or list(touching)
    homes = {test.split("::")[0] for test in hit}
    rest = [test for test in tests if test.split("::")[0] in homes and test not in set(hit)]
    ordered = [*in_turn(hit, tests), *in_turn(rest, tests)]
    return within(in_turn(hit, tests), tests, NEAR_S), within(ordered, tests, seconds)


def in_turn(names: Iterable[str], tests: dict[str, dict[str, Any]]) -> list[str]:
    """Return tests quickest first, each file with an equal share of the time."""
    spent: Counter[str] = Counter()
    ranked = []
    for name in sorted(names, key=lambda test: (tests[test]["seconds"], test)):
        home = name.split("::")[0]
        spent[home] += tests[name]["seconds"]
        ranked.append((spent[home], name))
    return [name for _, name in sorted(ranked)]


def within(names: list[str], tests: dict[str, dict[str, Any]], seconds: float) -> list[str]:
    """Return the first of them that take no longer together, one at least."""
    kept, spent = [], 0.0
    for name in names:
        spent += tests[name]["seconds"]
        if kept and spent > seconds:
            break
        kept.append(name)
    return kept


@cache
def results() -> dict[str, dict[str, str]]:
    """Return what is known of each mutant, the newest last."""
    return {one["key"]: one for one in history()}


def history() -> list[dict[str, str]]:
    book = KEPT / "results.jsonl"
    lines = book.read_text("utf-8").splitlines() if book.exists() else []
    return [json.loads(line) for line in lines]


def told(chosen: dict[str, list[Mutant]]) -> int:
    """Print what came of the mutants, and return the exit code."""
    once = {one["key"] for one in history() if not one["by"]}
    left = []
    print("| room | mutants | killed | of them by tests written since | accepted | to look at |")
    print("|---|---|---|---|---|---|")
    for room, mutants in chosen.items():
        known = [one for one in mutants if one.key() in results()]
        alive = [one for one in known if not results()[one.key()]["by"]]
        fine = [one for one in alive if is_accepted(one)]
        since = sum(one.key() in once and one not in alive for one in known)
        left += [one for one in alive if one not in fine]
        counts = [len(known), len(known) - len(alive), since, len(fine), len(alive) - len(fine)]
        print(f"| {room} | " + " | ".join(map(str, counts)) + " |")
    for one in left:
        print(said(one))
    return 1 if left else 0


@cache
def accepted() -> set[tuple[str, str, str]]:
    listed = tomllib.loads((HERE / "accepted.toml").read_text("utf-8"))["mutant"]
    return {(one["module"], one["line"], one["becomes"]) for one in listed}


def is_accepted(one: Mutant) -> bool:
    """Return whether somebody has looked at a mutant and found that it changes nothing."""
    return (one.path, *change(one)) in accepted()


def change(one: Mutant) -> tuple[str, str]:
    """Return the first line that is otherwise, before and after."""
    before, after = text(one.path).splitlines(), (one.code(text(one.path)) or "").splitlines()
    for old, new in zip(before, after, strict=False):
        if old != new:
            return old.strip(), new.strip()
    return one.line, one.line


def said(one: Mutant) -> str:
    line, becomes = change(one)
    return f"{one.path}:{one.row} {one.operator}\n    {line}\n    {becomes}"


if __name__ == "__main__":
    sys.exit(main())
