"""One county: read, judged, written. The same function runs in every process and on every machine.

What differs from run to run (clock, attempt, memory) goes to the log and the manifest alone, so
that the result is the same wherever it was made.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import sys
import time
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lifecircle.batch.standing import finished, standing, write_manifest
from lifecircle.batch.troubles import failed, problem_line, troubled
from lifecircle.model.problem import Severity
from lifecircle.model.results.county_run import CountyRun, RunState
from lifecircle.stopping import heed
from lifecircle.texts import LANGUAGES, say, word

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lifecircle.batch.roster import Errand
    from lifecircle.model.results.assessment import Assessment

__all__ = ["ATTEMPTS", "LOGS", "Order", "peak_mib", "run_county"]

LOGS = "logs"
ATTEMPTS = 2
"""How often a county is begun in one run: again, once, where its worker died."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is the same for every county of a run.

    Parameters
    ----------
    home
        Folder of the results, absolute; every worker sees it under this path.
    run
        Name of the run, for counting attempts.
    language
        Of logs and reasons.
    replace
        Whether another result that is there goes, instead of being kept beside.
    """

    home: Path
    run: str
    language: str = "zh"
    replace: bool = False


def run_county(errand: Errand, order: Order) -> CountyRun:
    """Judge one county and write its results, manifest last; nothing is ever raised.

    A result of the same inputs that is there already is left as it is.
    """
    begun, cpu = time.monotonic(), time.process_time()
    log = _Log(order, errand)
    attempts = log.begin()
    if attempts > ATTEMPTS:
        return log.end(failed(errand.name, "died", "died", order.language, count=ATTEMPTS))
    found = _tried(errand, order, log)
    found = dataclasses.replace(
        found,
        attempts=attempts,
        seconds=round(time.monotonic() - begun, 3),
        cpu_seconds=round(time.process_time() - cpu, 3),
        peak_mib=peak_mib(),
    )
    folder = order.home / errand.name
    if found.has_result and not found.reused:
        about = {
            "ended": dt.datetime.now().astimezone().isoformat(timespec="seconds"),
            "state": str(found.state),
            "reason": found.reason,
            "lines": list(found.lines),
            "spoken": {language: list(lines) for language, lines in found.spoken.items()},
            "attempts": attempts,
            "seconds": found.seconds,
            "cpu_seconds": found.cpu_seconds,
            "peak_mib": found.peak_mib,
        }
        try:
            write_manifest(folder, found.standing, about)
        except OSError as error:
            wrong = troubled(errand.name, error, order.home, order.language)
            found = dataclasses.replace(found, state=RunState.FAILED, reason=wrong.reason)
            found = found.having(wrong.spoken, order.language)
    return log.end(found)


def _tried(errand: Errand, order: Order, log: _Log) -> CountyRun:
    """Return what came of a county, whatever happens in it."""
    stands = None
    try:
        stands = standing(errand)
        there = finished(errand.name, order.home / errand.name, stands)
        if there is not None:
            return there.in_language(order.language)
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            spoken = _judged(errand, order, log)
        for warning in warned:
            log.write(f"({warning.category.__name__}) {warning.message}")
    except Exception as error:  # noqa: BLE001 - one bad county never stops the others
        heed()
        log.fault(error)
        wrong = troubled(errand.name, error, order.home, order.language)
        return dataclasses.replace(wrong, standing=stands)
    if not spoken:
        return CountyRun(errand.name, RunState.DONE, standing=stands)
    found = CountyRun(errand.name, RunState.PARTIAL, reason="layer", standing=stands)
    return found.having(spoken, order.language)


def _judged(errand: Errand, order: Order, log: _Log) -> dict[str, tuple[str, ...]]:
    """Judge and write; return what makes the result partial, by language: layers refused."""
    from lifecircle.assessing.assess import assess  # noqa: PLC0415 - a worker's own first work
    from lifecircle.intake import read_study  # noqa: PLC0415
    from lifecircle.outputs import write_outputs  # noqa: PLC0415
    from lifecircle.outputs.earlier import Earlier  # noqa: PLC0415
    from lifecircle.standards import read_scenario  # noqa: PLC0415

    log.write(say("batch", "log.reading", order.language))
    study = read_study(errand.study)
    scenario = None if errand.scenario is None else read_scenario(errand.scenario)
    result = assess(
        study,
        standards=errand.standards,
        view=errand.stage,
        scenario=scenario,
        progress=lambda step: log.write(say("cli", f"step.{step}", order.language)),
    )
    for problem in result.problems:
        if problem.severity is not Severity.INFO:
            log.write(problem_line(problem, order.language))
    log.write(say("cli", "step.writing", order.language))
    earlier = None if order.replace else Earlier(study.language)
    write_outputs(result, order.home / errand.name, basemap=study.basemap, earlier=earlier)
    spoken = {language: tuple(_refused_layers(result, language)) for language in LANGUAGES}
    return spoken if spoken[order.language] else {}


def _refused_layers(result: Assessment, language: str) -> list[str]:
    """Return the layers that could not be read as a whole; the result stands without them."""
    found = (p for p in result.problems if p.severity is Severity.ERROR and p.row is None)
    named = ((p.layer, p.file or "") for p in found if p.layer)
    return [
        f"{word('layer', layer, language)} {file}".strip() for layer, file in dict.fromkeys(named)
    ]


class _Log:
    """One county's log: a line a step, appended, so that what a dead worker wrote stays."""

    def __init__(self, order: Order, errand: Errand) -> None:
        self._order = order
        self._name = errand.name
        self._path = order.home / LOGS / f"{errand.name}.log"

    def begin(self) -> int:
        """Note that the county is begun; return how often that is in this run, this time too."""
        mark = f"run {self._order.run}"
        try:
            before = self._path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            before = ""
        count = sum(mark in line for line in before.splitlines()) + 1
        self.write(f"{mark} · {self._name} · {count} · pid {os.getpid()}")
        return count

    def end(self, found: CountyRun) -> CountyRun:
        """Note what came of it."""
        state = say("batch", f"state.{found.state}", self._order.language)
        took = say("batch", "log.took", self._order.language, seconds=found.seconds)
        self.write(" · ".join((state, *found.lines, took)))
        return found

    def write(self, text: str) -> None:
        """Append a line; a log that cannot be written never stops a county."""
        now = dt.datetime.now().astimezone().isoformat(timespec="seconds")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8", errors="replace", newline="\n") as stream:
                stream.write(f"{now} {text}\n")
        except OSError:
            return

    def fault(self, error: Exception) -> None:
        """Note an error by its kind; with ``LIFECIRCLE_DEBUG`` in full."""
        self.write(f"{type(error).__name__}")
        if os.environ.get("LIFECIRCLE_DEBUG"):
            import traceback  # noqa: PLC0415 - seldom

            self.write("".join(traceback.format_exception(error)))


def peak_mib() -> float | None:
    """Return the most memory this process has held, in MiB; None where it cannot be told."""
    measure = _measure()
    return None if measure is None else round(measure() / 2**20, 1)


def _measure() -> Callable[[], int] | None:
    """Return what tells the most bytes this process has held; Windows has no such call."""
    if sys.platform == "win32":
        return None
    import resource  # noqa: PLC0415 - not on Windows

    unit = 1 if sys.platform == "darwin" else 1024
    return lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
