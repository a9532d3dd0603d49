"""CPU time of one `lifecircle assess`, stage by stage: what each is counted without the others.

    python tests/benchmarks/stages.py STUDY OUT        # a study's file or folder; results to OUT

A stage is a function of the program, wrapped before the program runs in this process. What one
stage asks of another is the other's, whoever asks first: routes drawn up because the map shows
them are not the map's. All stages add up to the process, imports included, and what each raised
the peak by to the whole peak.
"""

from __future__ import annotations

import functools
import importlib
import resource
import sys
import time
from contextlib import suppress

STAGES = {
    "reading": "lifecircle.intake.study.Intake.run",
    "streets read": "lifecircle.intake.study.study_streets",
    "datums": "lifecircle.intake.study.datum_problems",
    "network": "lifecircle.reach.context.walk_network",
    "snapping": "lifecircle.reach.search.snapping.snap",
    "gates and gaps": "lifecircle.case.case.prepare_ground",
    "reach, the rest of": "lifecircle.reach.context.prepare_reach",
    "reach tables": "lifecircle.reach.table.reach_table",
    "account": "lifecircle.account.account.settle",
    "sharing, programmes": "lifecircle.allocation.sharing.allocate",
    "judging": "lifecircle.judge.clauses.judge_rule",
    "switches": "lifecircle.assessing.drawing.Drawing.switches",
    "sensitivity, curves": "lifecircle.assessing.drawing.Drawing.sensitivity",
    "curves": "lifecircle.assessing.drawing.Drawing.curves",
    "remedies": "lifecircle.assessing.drawing.Drawing.remedies",
    "brief": "lifecircle.assessing.drawing.Drawing.brief",
    "service areas": "lifecircle.assessing.drawing.Drawing._service_areas",
    "streets reached": "lifecircle.assessing.drawing.streets_reached",
    "routes": "lifecircle.assessing.drawing.Drawing._routes",
    "street layer": "lifecircle.assessing.drawing.Drawing._streets",
    "diagnosis": "lifecircle.assessing.drawing.Drawing._diagnosis",
    "gpkg": "lifecircle.outputs.saved.geopackage.write_geopackage",
    "gpkg digests": "lifecircle.outputs._checksums",
    "json": "lifecircle.outputs.saved.assessment_json.write_json",
    "map": "lifecircle.outputs.maps.draw_map",
    "page": "lifecircle.outputs.report.page.document.write_report",
    "workbook": "lifecircle.outputs.report.workbook.book.write_workbook",
    "one page": "lifecircle.outputs.report.brief.document.write_summary",
    "Word chapter": "lifecircle.outputs.report.chapter.document.write_chapter",
    "picture": "lifecircle.outputs.report.brief.situation.draw_situation",
    "town lists": "lifecircle.outputs.report.rectification.write_rectification",
}


class Clock:
    """Gives every second of CPU to the innermost stage that runs."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}
        self.raised: dict[str, float] = {}
        self._peak = 0.0
        self._running = ["imports and the rest"]
        self._since = 0.0  # of the process: what came before this line is import

    def turn(self) -> None:
        """Give what was spent since the last turn to the stage that runs."""
        now = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
        name = self._running[-1]
        self.spent[name] = self.spent.get(name, 0.0) + now - self._since
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
        self.raised[name] = self.raised.get(name, 0.0) + peak - self._peak
        self._peak = peak
        self._since = now

    def timed(self, name, function):
        """Return the function, which tells the clock when it begins and ends."""

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            self.turn()
            self._running.append(name)
            try:
                return function(*args, **kwargs)
            finally:
                self.turn()
                self._running.pop()

        return wrapper


def watch(clock: Clock) -> None:
    """Wrap every stage, wherever its name was imported to; who imports later finds it wrapped."""
    for name, path in STAGES.items():
        _wrap(clock, name, path.split("."))


def _wrap(clock: Clock, name: str, path: list[str]) -> None:
    for at in range(len(path) - 1, 0, -1):
        with suppress(ImportError):
            owner = importlib.import_module(".".join(path[:at]))
            break
    for step in path[at:-1]:
        owner = getattr(owner, step)
    given = vars(owner)[path[-1]]
    inner = given.func if isinstance(given, functools.cached_property) else given
    if isinstance(given, property):
        inner = given.fget
    timed = clock.timed(name, inner)
    new = timed
    if isinstance(given, functools.cached_property):
        new = functools.cached_property(timed)
        new.__set_name__(owner, path[-1])
    elif isinstance(given, property):
        new = property(timed)
    setattr(owner, path[-1], new)
    for module in [m for n, m in sys.modules.items() if n.startswith("lifecircle")]:
        for attribute, value in list(vars(module).items()):
            if value is given:
                setattr(module, attribute, new)


def main() -> None:
    """Print the table."""
    study, out = sys.argv[1:3]
    clock = Clock()
    watch(clock)
    begun = time.perf_counter()
    program = importlib.import_module("lifecircle.cli")
    sys.argv = ["lifecircle", "assess", study, "--out", out, "--quiet"]
    with suppress(SystemExit):
        program.main()
    clock.turn()
    print("| stage | s CPU | raises the peak by, GiB |\n|---|---|---|")
    for name, seconds in sorted(clock.spent.items(), key=lambda item: -item[1]):
        print(f"| {name} | {seconds:.2f} | {clock.raised[name]:.2f} |")
    print(f"| all | {sum(clock.spent.values()):.1f} | {sum(clock.raised.values()):.2f} |")
    print(f"\n{time.perf_counter() - begun:.0f} s by the clock on the wall after the imports")


if __name__ == "__main__":
    main()
