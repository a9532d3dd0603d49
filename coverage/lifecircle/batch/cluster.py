"""Counties on Dask: a cluster of this machine, or a running scheduler by its address.

Dask moves the tasks, starts again what a dead worker had, and keeps the memory limit. What is
done does not depend on it: a county's result is there once its manifest is, so that a scheduler
that goes away costs only what was being judged.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import dataclasses
import logging
import time
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING, Any

from lifecircle.batch.county import ATTEMPTS, run_county
from lifecircle.batch.troubles import failed
from lifecircle.errors import BatchError
from lifecircle.stopping import unheard_by_children

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lifecircle.batch.county import Order
    from lifecircle.batch.roster import Errand
    from lifecircle.model.results.county_run import CountyRun

__all__ = ["DaskCluster", "has_dask"]

_LOOK_EVERY_S = 0.1
_CONNECT_S = 10.0
_FIRST_S = 30.0
"""How long a scheduler is waited for that never answered yet: its address may be wrong."""
_UNHEEDING = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"
"""Run by every worker as it starts, where it could not be kept from hearing Ctrl-C before."""


def has_dask() -> bool:
    """Return whether the extra ``cluster`` is installed."""
    try:
        import distributed  # noqa: F401, PLC0415 - loads a second's worth of modules
    except ImportError:
        return False
    return True


def _silence() -> None:
    logging.getLogger("distributed").setLevel(logging.CRITICAL + 1)  # what matters is told


async def _answers(address: str, seconds: float) -> None:
    """Ask a scheduler who it is: a client waits for ever where another program has that port.

    Raises
    ------
    OSError, TimeoutError, ValueError
        Nobody answers, or not as a scheduler does; or it is no address.
    """
    from distributed import rpc  # noqa: PLC0415 - an extra

    try:
        async with rpc(address) as asked:  # type: ignore[no-untyped-call]
            await asyncio.wait_for(asked.identity(), seconds)
    except (OSError, TimeoutError):
        raise
    except Exception as error:  # a page or a greeting is read as the length of what follows
        raise ValueError(address) from error


class DaskCluster:
    """A Dask cluster.

    Parameters
    ----------
    address
        Of a running scheduler, such as ``tcp://10.0.0.5:8786``; None: a cluster of this machine.
        All its workers see the studies and the folder of the results under the same paths.
    workers, memory_mib
        Of a cluster of this machine; a running one has its own.
    patience_s
        How long a scheduler that went away is waited for; one that never answered, half a minute.
    """

    def __init__(
        self,
        address: str | None,
        workers: int,
        memory_mib: float | None = None,
        *,
        patience_s: float = 600.0,
    ) -> None:
        self.address = address
        self.workers = workers
        self.memory_mib = memory_mib
        self.patience_s = patience_s
        self.died = 0
        """Counties whose worker died; on a running scheduler, those that were given up by it."""

    def reach(self) -> None:
        """Find out whether a scheduler that was named answers.

        Raises
        ------
        BatchError
            It does not, within half a minute.
        """
        if self.address is not None:
            _silence()
            client = self._client(None, min(_FIRST_S, self.patience_s))
            with suppress(Exception, asyncio.CancelledError):  # it went away at once: asked again
                client.close(timeout=2)

    def run(self, errands: Sequence[Errand], order: Order) -> Iterator[CountyRun]:
        """Yield what became of each county as it ends; closing it cancels what is not done.

        Raises
        ------
        BatchError
            The scheduler cannot be reached, or went away and did not come back in time.
        """
        _silence()
        left = {errand.name: errand for errand in errands}
        cluster = self._local() if self.address is None else None
        try:
            for number in count(1):
                if not left:
                    return
                client = self._client(cluster)
                # a scheduler that went away killed no worker: attempts are counted anew
                mine = dataclasses.replace(order, run=f"{order.run}.{number}")
                try:
                    for found in self._of_one_connection(client, list(left.values()), mine):
                        del left[found.name]
                        yield found
                finally:
                    with suppress(Exception, asyncio.CancelledError):  # a scheduler that is gone
                        client.close(timeout=2)
        finally:
            if cluster is not None:
                cluster.close()

    def _local(self) -> Any:
        import dask  # noqa: PLC0415 - an extra
        from distributed import LocalCluster  # noqa: PLC0415

        dask.config.set({"distributed.scheduler.allowed-failures": ATTEMPTS - 1})
        limit = 0 if self.memory_mib is None else f"{self.memory_mib}MiB"
        with unheard_by_children():
            return LocalCluster(  # type: ignore[no-untyped-call]
                n_workers=self.workers,
                threads_per_worker=1,
                memory_limit=limit,
                dashboard_address=None,
                host="127.0.0.1",
                silence_logs=logging.CRITICAL,
                preload=[_UNHEEDING],
            )

    def _client(self, cluster: Any, patience_s: float | None = None) -> Any:
        """Return a connection; a scheduler that went away is asked again until patience ends."""
        from distributed import Client  # noqa: PLC0415 - an extra

        most = self.patience_s if patience_s is None else patience_s
        patience = min(_CONNECT_S, max(1.0, most))
        until = time.monotonic() + most
        while True:
            try:
                if cluster is None:
                    asyncio.run(_answers(str(self.address), patience))
                return Client(cluster or self.address, timeout=patience)  # type: ignore[no-untyped-call]
            except (OSError, TimeoutError, ValueError) as error:
                if isinstance(error, ValueError) or time.monotonic() > until:
                    raise BatchError("no_scheduler", address=str(self.address)) from error
                time.sleep(_LOOK_EVERY_S)

    def _of_one_connection(
        self, client: Any, errands: Sequence[Errand], order: Order
    ) -> Iterator[CountyRun]:
        """Yield what ends while the scheduler is there; return where it is not any more."""
        futures = {
            client.submit(
                run_county, errand, order, pure=False, key=f"{order.run}-{errand.name}"
            ): errand
            for errand in errands
        }
        while futures:
            ended = [future for future in futures if future.done()]
            if not ended:
                time.sleep(_LOOK_EVERY_S)
            for future in ended:
                if future.status not in {"finished", "error"}:
                    return  # cancelled or lost: nobody knows of it any more
                try:
                    found = self._result(future, futures[future], order)
                except (OSError, asyncio.CancelledError, concurrent.futures.CancelledError):
                    return  # it went away while what it had was fetched: the county says so itself
                del futures[future]
                yield found
            if client.status != "running" and not ended:
                return

    def _result(self, future: Any, errand: Errand, order: Order) -> CountyRun:
        error = future.exception()
        if error is None:
            found: CountyRun = future.result()
            self.died += found.attempts - 1
            return found
        kind = type(error).__name__
        self.died += 1
        if kind == "KilledWorker":
            return failed(errand.name, "died", "died", order.language, count=ATTEMPTS)
        return failed(errand.name, "worker", "worker", order.language, kind=kind)
