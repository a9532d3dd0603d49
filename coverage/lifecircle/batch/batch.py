"""A batch: which counties are to be judged, on what, and what became of each."""

from __future__ import annotations

import os
import time
import uuid
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from lifecircle.batch.cluster import DaskCluster, has_dask
from lifecircle.batch.county import Order
from lifecircle.batch.pool import Pool
from lifecircle.batch.record import read_record, write_record
from lifecircle.batch.standing import MANIFEST, finished, standing
from lifecircle.errors import BatchError, OutputError
from lifecircle.model.results.county_run import CountyRun, RunState
from lifecircle.outputs.province.folder import withdraw_province
from lifecircle.outputs.whole import check_place
from lifecircle.stopping import answered
from lifecircle.texts import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from lifecircle.batch.roster import Errand

__all__ = ["PROVINCE", "Engine", "choose_engine", "run_batch"]

PROVINCE = "province"
"""Folder of the sums over counties, beside theirs."""
_SAVE_EVERY_S = 2.0


class Engine(Protocol):
    """Where counties are judged: see ``Pool`` and ``DaskCluster``."""

    died: int

    def reach(self) -> None:
        """Find out whether there is somebody to judge, before anything is taken away for it.

        Raises
        ------
        BatchError
            There is nobody.
        """

    def run(self, errands: Sequence[Errand], order: Order) -> Iterator[CountyRun]:
        """Yield what became of each county as it ends."""


def choose_engine(
    scheduler: str | None = None, workers: int | None = None, memory_mib: float | None = None
) -> Engine:
    """Return Dask where it is installed or asked for, else processes of the standard library.

    Parameters
    ----------
    workers
        By default one a processor that this process may use.

    Raises
    ------
    BatchError
        A scheduler is named, and the extra ``cluster`` is not installed.
    """
    count = workers or _processors()
    if has_dask():
        return DaskCluster(scheduler, count, memory_mib)
    if scheduler is not None:
        raise BatchError("no_dask")
    return Pool(count, memory_mib)


def run_batch(
    errands: Sequence[Errand],
    home: str | Path,
    engine: Engine,
    *,
    retry_failed: bool = False,
    replace: bool = False,
    language: str = "zh",
    progress: Callable[[CountyRun, int], None] | None = None,
) -> tuple[CountyRun, ...]:
    """Judge every county whose result is not there, and return what became of all, in their order.

    ``home/<name>`` has a county's outputs and ``manifest.json``, ``home/logs/<name>.log`` its log,
    ``home/batch.json`` the states, from the beginning on: who is not judged yet is left. The sums
    of a former run in ``home/province`` go before the first county does. Stopping it (Ctrl-C)
    loses no county that is done: the next run goes on from there.

    Parameters
    ----------
    retry_failed
        Judge again also what failed before on the same inputs.
    replace
        Whether other results that are there go, instead of being kept beside.
    progress
        Called with each county that ended, and how many are left.

    Raises
    ------
    OutputError
        The folder cannot be written to.
    BatchError
        The workers cannot be reached.
    """
    folder = Path(home).resolve()
    check_place(folder)
    order = Order(folder, uuid.uuid4().hex[:12], language, replace)
    found: dict[str, CountyRun] = {}
    before = {} if retry_failed else read_record(folder)
    ready: list[Errand] = []
    for errand in errands:
        known = _known(errand, order, before.get(errand.name))
        if known is None:
            ready.append(errand)
        else:
            found[errand.name] = known
            _tell(progress, known, len(errands) - len(found))
    if ready:
        engine.reach()
        # whenever it is killed from here on, what stands there says what it is of
        withdraw_province(folder / PROVINCE)
        write_record(folder, _ordered(errands, found, language), engine.died)
    saved = time.monotonic()
    running = engine.run(_largest_first(ready), order)
    try:
        for one in running:
            found[one.name] = one
            _tell(progress, one, len(errands) - len(found))
            if time.monotonic() - saved > _SAVE_EVERY_S:
                with suppress(OutputError):  # full now: the other counties go on, the last is told
                    write_record(folder, _ordered(errands, found, language), engine.died)
                saved = time.monotonic()
    finally:
        answered()  # what was asked is done here: the record says what is done and what is left
        close: Any = getattr(running, "close", None)
        if close is not None:
            close()
        result = _ordered(errands, found, language)
        write_record(folder, result, engine.died)
    return result


def _known(errand: Errand, order: Order, before: CountyRun | None) -> CountyRun | None:
    """Return what is known of a county without judging it, or None."""
    if errand.lacking:
        return CountyRun(errand.name, RunState.FAILED, reason="study", lines=errand.lacking)
    failed = before is not None and before.state is RunState.FAILED
    if not failed and not (order.home / errand.name / MANIFEST).is_file():
        return None  # nothing to compare with: all it reads is read by its worker alone
    stands = standing(errand)
    there = finished(errand.name, order.home / errand.name, stands)
    if there is not None:
        return there.in_language(order.language)
    if before is not None and failed and stands is not None:
        same = before.standing == stands and before.reason not in _PASSING
        return before.in_language(order.language) if same else None
    return None


_PASSING = frozenset({"output", "worker", "memory"})
"""Reasons that say nothing of the county: what is full today, disk or memory, is not tomorrow."""


def _ordered(
    errands: Sequence[Errand], found: dict[str, CountyRun], language: str
) -> tuple[CountyRun, ...]:
    left = (say("batch", "trouble.left", language),)
    return tuple(
        found.get(errand.name) or CountyRun(errand.name, RunState.LEFT, reason="left", lines=left)
        for errand in errands
    )


def _largest_first(errands: Sequence[Errand]) -> list[Errand]:
    """Return the counties with most bytes to read first: no long one is begun last."""

    def size(errand: Errand) -> int:
        files = (file for file in errand.study.parent.glob("*") if file.is_file())
        return sum(file.stat().st_size for file in files)

    return sorted(errands, key=lambda errand: (-size(errand), errand.name))


def _tell(progress: Callable[[CountyRun, int], None] | None, one: CountyRun, left: int) -> None:
    if progress is not None:
        progress(one, left)


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
