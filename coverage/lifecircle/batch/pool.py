"""Counties in processes of this machine, with the standard library alone.

Each worker takes one county after another over a pipe of its own. A worker that dies takes only
its county with it; that one is begun once more in another worker.
"""

from __future__ import annotations

import dataclasses
import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any

from lifecircle.batch.county import ATTEMPTS, peak_mib, run_county
from lifecircle.batch.troubles import failed
from lifecircle.stopping import listening, undisturbed, unheard_by_children

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from multiprocessing.connection import Connection

    from lifecircle.batch.county import Order
    from lifecircle.batch.roster import Errand
    from lifecircle.model.results.county_run import CountyRun

__all__ = ["Pool", "one_thread_each"]

_OUT_OF_MEMORY = 75
"""Exit code of a worker that held more memory than it may."""
_LOOK_EVERY_S = 0.2
_PARTING_S, _HASTE_S = 2.0, 0.5
"""How long workers that are told to end may put things in order; how long once pressed again."""
_METHOD = "spawn"
"""How workers are made: on every system the same, and nothing of the parent's comes with them."""


_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@contextmanager
def one_thread_each() -> Iterator[None]:
    """Let processes that are begun meanwhile calculate in one thread, as Dask's workers do.

    Workers already use every processor; libraries that begin a thread a processor in each of them
    only wait for one another. What the user has set is kept.
    """
    mine = [name for name in _THREADS if name not in os.environ]
    os.environ.update(dict.fromkeys(mine, "1"))
    try:
        yield
    finally:
        for name in mine:
            os.environ.pop(name, None)


@dataclass(slots=True)
class _Worker:
    process: Any
    pipe: Connection
    errand: Errand | None = None
    attempts: int = 0

    def give(self, errand: Errand, attempts: int) -> bool:
        """Hand over a county; False where nobody is there to take it."""
        try:
            self.pipe.send(errand)
        except OSError:
            return False
        self.errand, self.attempts = errand, attempts
        return True


class Pool:
    """Processes of this machine.

    Parameters
    ----------
    workers
        How many counties at a time.
    memory_mib
        Most memory a worker may hold; one that holds more ends, and its county fails by that.
        None: no limit. Systems that do not tell a process's memory (Windows) have none.
    """

    def __init__(self, workers: int, memory_mib: float | None = None) -> None:
        self.workers = workers
        self.memory_mib = memory_mib
        self.died = 0
        """Workers that ended without being asked."""

    def reach(self) -> None:
        """There is always somebody: this machine."""

    def run(self, errands: Sequence[Errand], order: Order) -> Iterator[CountyRun]:
        """Yield what became of each county as it ends; closing it ends all workers at once."""
        waiting = deque((errand, 1) for errand in errands)
        context = multiprocessing.get_context(_METHOD)
        team: list[_Worker] = []
        try:
            while waiting or any(worker.errand for worker in team):
                while waiting and len(team) < self.workers:
                    team.append(self._new(context, order))
                for worker in [one for one in team if one.errand is None]:
                    if waiting and not worker.give(*waiting[0]):
                        team.remove(worker)  # it died with nothing to do
                        self.died += 1
                    elif waiting:
                        waiting.popleft()
                yield from self._ended(team, waiting, order)
        finally:
            _end(team)

    def _new(self, context: Any, order: Order) -> _Worker:
        mine, its = context.Pipe()
        process = context.Process(target=_work, args=(its, order, self.memory_mib), daemon=True)
        with one_thread_each(), unheard_by_children():
            process.start()
        its.close()
        return _Worker(process, mine)

    def _ended(
        self, team: list[_Worker], waiting: deque[tuple[Errand, int]], order: Order
    ) -> Iterator[CountyRun]:
        """Wait for any worker; yield what it brings, and take away those that died."""
        busy = {worker.pipe: worker for worker in team if worker.errand is not None}
        for pipe in wait(list(busy)):
            worker = busy[pipe]  # type: ignore[index]
            try:
                found: CountyRun = worker.pipe.recv()
            except (EOFError, OSError):
                team.remove(worker)
                yield from self._buried(worker, waiting, order)
            else:
                worker.errand = None
                yield found

    def _buried(
        self, worker: _Worker, waiting: deque[tuple[Errand, int]], order: Order
    ) -> Iterator[CountyRun]:
        """Begin a dead worker's county again, once; one that took too much memory fails by that."""
        self.died += 1
        worker.process.join()
        worker.pipe.close()
        errand = worker.errand
        if errand is None:
            return
        if worker.process.exitcode == _OUT_OF_MEMORY:
            told = failed(errand.name, "memory", "limit", order.language, mib=self.memory_mib)
            yield dataclasses.replace(told, attempts=worker.attempts)
        elif worker.attempts < ATTEMPTS:
            waiting.appendleft((errand, worker.attempts + 1))
        else:
            told = failed(errand.name, "died", "died", order.language, count=ATTEMPTS)
            yield dataclasses.replace(told, attempts=worker.attempts)


def _end(team: Sequence[_Worker]) -> None:
    """End workers: what they have not finished they put away, unless Ctrl-C is pressed again."""
    for worker in team:
        with suppress(OSError):
            if worker.errand is None:
                worker.pipe.send(None)
            else:
                worker.process.terminate()
    until = time.monotonic() + _PARTING_S
    try:
        for worker in team:
            worker.process.join(max(0.0, until - time.monotonic()))
    finally:
        with undisturbed():
            until = min(until, time.monotonic() + _HASTE_S)
            for worker in team:
                worker.process.join(max(0.0, until - time.monotonic()))
                worker.process.kill()
                worker.process.join()
                worker.pipe.close()


def _work(pipe: Connection, order: Order, memory_mib: float | None) -> None:
    """Judge counties until there are none: what a worker does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends its workers
    with suppress(KeyboardInterrupt), listening():  # it does: what is half done is put away
        _work_on(pipe, order, memory_mib)


def _work_on(pipe: Connection, order: Order, memory_mib: float | None) -> None:
    if memory_mib is not None and peak_mib() is not None:
        threading.Thread(target=_watch, args=(memory_mib,), daemon=True).start()
    with suppress(EOFError, OSError):  # the parent is gone
        while (errand := pipe.recv()) is not None:
            pipe.send(run_county(errand, order))


def _watch(most: float) -> None:
    """End this process once it holds more memory than it may; libraries cannot be stopped else."""
    while (peak_mib() or 0.0) <= most:
        time.sleep(_LOOK_EVERY_S)
    os._exit(_OUT_OF_MEMORY)
