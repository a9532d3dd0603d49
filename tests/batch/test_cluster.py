"""Batches on Dask: a real scheduler and its workers on 127.0.0.1, killed in the middle."""

from __future__ import annotations

import asyncio
import concurrent.futures
import json
import multiprocessing
import os
import random
import runpy
import shutil
import signal
import socket
import subprocess
import threading
import time
from contextlib import contextmanager, suppress
from types import SimpleNamespace

import pytest

import lifecircle as lc
from lifecircle.batch.batch import run_batch
from lifecircle.batch.cluster import DaskCluster, has_dask
from lifecircle.batch.county import Order
from lifecircle.batch.record import CountyRun, RunState
from lifecircle.batch.roster import read_roster
from lifecircle.errors import BatchError
from lifecircle.outputs import OUTPUTS

from .conftest import warm_process

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not has_dask(), reason="the extra cluster is not installed"),
    pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no SIGKILL"),
]


def free_port():
    """Return a port that nothing listens on, below those given to who connects.

    A client that knocks again and again at a port of its own range ends up connected to itself,
    and then no scheduler can come back there.
    """
    for port in random.sample(range(20_000, 32_000), 100):
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                continue
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind(("127.0.0.1", port))
            return port
    raise OSError


DATA = ("json", "gpkg")
PRELOAD = f"""
from lifecircle import outputs
outputs.OUTPUTS = {{name: outputs.OUTPUTS[name] for name in {DATA}}}
"""
PROGRAM = """
import importlib, os, sys
os.chdir({folder!r})
for stream in (1, 2):
    os.dup2(os.open({log!r}, os.O_WRONLY | os.O_CREAT | os.O_APPEND), stream)
sys.argv = [{module!r}, *{args!r}]
importlib.import_module("distributed.cli." + {module!r}).main()
"""
PROGRAMS = ("distributed.cli.dask_scheduler", "distributed.cli.dask_worker")


@pytest.fixture(scope="module")
def warm():
    """Let schedulers and workers be made of one process that has imported what they need."""
    with warm_process(*PROGRAMS):
        yield multiprocessing.get_context("forkserver")


class Running:
    """A scheduler and workers: the programs a user starts, each in a process of its own.

    Workers write only the data: most of a small county's time goes into the other files, and
    ``test_batch.py`` holds all of them to be those of single runs.
    """

    def __init__(self, folder, warm):
        self.folder, self.port, self.warm = folder, free_port(), warm
        (folder / "data_alone.py").write_text(PRELOAD, encoding="utf-8")
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.processes = []

    def start(self, module, *args):
        program = self.folder / f"{len(self.processes)}.py"
        how = {"folder": str(self.folder), "module": module, "args": args}
        text = PROGRAM.format(log=str(program.with_suffix(".log")), **how)
        program.write_text(text, encoding="utf-8")
        one = self.warm.Process(
            target=runpy.run_path, args=(str(program),), kwargs={"run_name": "__main__"}
        )
        one.start()
        self.processes.append(one)
        return one

    def scheduler(self):
        where = ("--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard")
        one = self.start("dask_scheduler", *where)
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return one
            if one.exitcode is not None:  # the port was not free yet
                one = self.start("dask_scheduler", *where)
            time.sleep(0.1)
        raise TimeoutError("\n".join(log.read_text() for log in self.folder.glob("*.log")))

    def worker(self):
        how = ("--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1", "--no-nanny")
        how += ("--preload", str(self.folder / "data_alone.py"))
        return self.start("dask_worker", self.address, *how)

    def stop(self):
        for one in self.processes:
            one.kill()
        for one in self.processes:
            one.join()


@pytest.fixture
def running(warm, tmp_path, monkeypatch):
    monkeypatch.setattr("lifecircle.outputs.OUTPUTS", {name: OUTPUTS[name] for name in DATA})
    folder = tmp_path / "dask"
    folder.mkdir()
    cluster = Running(folder, warm)
    yield cluster
    cluster.stop()


def begun(out, name):
    """Return the process ids that began a county, in order."""
    log = out / "logs" / f"{name}.log"
    lines = log.read_text("utf-8").splitlines() if log.is_file() else []
    return [int(line.rsplit(" ", 1)[1]) for line in lines if "· pid " in line]


def wait_for(what, seconds=120):
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_killed_worker_costs_one_attempt_and_nothing_that_is_done(
    counties, contents, running, tmp_path
):
    home, out = counties("a", "b", "c"), tmp_path / "out"
    (home / "c" / "设施.csv").unlink()
    running.scheduler()
    for _ in range(2):
        running.worker()

    def kill():
        wait_for(lambda: begun(out, "a"))
        os.kill(begun(out, "a")[0], signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    engine = DaskCluster(running.address, 2)
    runs = {run.name: run for run in run_batch(read_roster(home), out, engine)}
    killer.join()
    assert {name: str(run.state) for name, run in runs.items()} == {
        "a": "done",
        "b": "done",
        "c": "failed",
    }
    assert (runs["a"].attempts, runs["c"].reason) == (2, "study")
    assert engine.died >= 1
    single = tmp_path / "single"
    lc.write_outputs(lc.assess(lc.read_study(home / "a")), single)
    assert contents(out / "a") == contents(single)


def test_a_scheduler_that_goes_away_and_comes_back_loses_nothing(counties, running, tmp_path):
    home, out = counties("a", "b"), tmp_path / "out"
    first = running.scheduler()
    worker = running.worker()

    def vanish():
        wait_for(lambda: list(out.glob("*/manifest.json")))
        first.kill()
        first.join()
        worker.kill()
        worker.join()
        running.scheduler()
        running.worker()

    trouble = threading.Thread(target=vanish)
    trouble.start()
    runs = run_batch(read_roster(home), out, DaskCluster(running.address, 1, patience_s=120))
    trouble.join()
    assert {str(run.state) for run in runs} == {"done"}
    early = min(out.glob("*/manifest.json"), key=lambda file: file.stat().st_mtime).parent.name
    assert len(begun(out, early)) <= 2  # looked at again at most, not judged again
    log = (out / "logs" / f"{early}.log").read_text("utf-8")
    assert log.count("写出地图和报告") == 1


class Ended:
    """A future of a county that has ended; ``answers``: what fetching it comes to, time by time."""

    status = "finished"

    def __init__(self, answers):
        self.answers = answers

    def done(self):
        return True

    def exception(self):
        return None

    def result(self):
        answer = next(self.answers)
        if isinstance(answer, type):
            raise answer
        return answer


@pytest.mark.parametrize(
    "fault", [ConnectionResetError, asyncio.CancelledError, concurrent.futures.CancelledError]
)
def test_a_scheduler_that_goes_away_while_a_result_is_fetched_is_asked_again(
    monkeypatch, tmp_path, fault
):
    """What a county came to is fetched from its worker; that may fail after the county ended."""
    run = CountyRun("a", RunState.DONE)
    answers = iter([fault, run])
    client = SimpleNamespace(
        submit=lambda *_, **__: Ended(answers), status="running", close=lambda **_: None
    )
    cluster = DaskCluster("tcp://127.0.0.1:1", 1)
    monkeypatch.setattr(cluster, "_client", lambda _: client)
    assert list(cluster.run([SimpleNamespace(name="a")], Order(tmp_path, "r"))) == [run]
    assert next(answers, None) is None


@contextmanager
def small_disk(at, kib):
    """A real disk of so many KiB, and a function that makes it larger."""
    at.mkdir()
    mount, umount = (shutil.which(name) or name for name in ("mount", "umount"))

    def sized(kib, *more):
        options = ",".join([*more, f"size={kib}k"])
        command = [mount, "-t", "tmpfs", "-o", options, "tmpfs", str(at)]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603

    try:
        sized(kib)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no disk may be mounted here")
    try:
        yield lambda kib: sized(kib, "remount")
    finally:
        subprocess.run([umount, "-l", str(at)], check=True)  # noqa: S603


def test_a_full_disk_and_a_corrupt_study_lose_nothing_and_are_told(
    counties, contents, running, tmp_path
):
    home, out = counties("a", "b", "c"), tmp_path / "disk"
    (home / "b" / "小区.geojson").write_bytes(b'{"type": "FeatureCollection", "features": [{')
    running.scheduler()
    for _ in range(2):
        running.worker()
    with small_disk(out, 200) as enlarge:

        def judged(**how):
            engine = DaskCluster(running.address, 2)
            runs = {run.name: run for run in run_batch(read_roster(home), out, engine, **how)}
            return runs, {name: (str(run.state), run.reason) for name, run in runs.items()}

        runs, states = judged()
        full = ("failed", "output")
        assert states == {"a": full, "b": ("failed", "study"), "c": full}
        # the first to fail makes room for the other, whose error may then be a library's own
        assert any("磁盘空间不足" in runs[name].lines[0] for name in "ac")
        assert "小区.geojson" in runs["b"].lines[0]
        assert not [file for name in "ac" for file in (out / name).glob("*")]
        record = json.loads((out / "batch.json").read_text("utf-8"))
        assert record["counts"]["failed"] == 3
        enlarge(64 * 1024)
        runs, states = judged()  # a full disk is no fault of the county, a corrupt file is
        assert states == {"a": ("done", ""), "b": ("failed", "study"), "c": ("done", "")}
        assert len(begun(out, "b")) == 1
        lc.write_outputs(lc.assess(lc.read_study(home / "a")), tmp_path / "single")
        assert contents(out / "a") == contents(tmp_path / "single")
        _, states = judged(retry_failed=True)
        assert (states["b"], len(begun(out, "b"))) == (("failed", "study"), 2)


def test_a_scheduler_that_is_not_there_is_told(counties, tmp_path):
    engine = DaskCluster(f"tcp://127.0.0.1:{free_port()}", 1, patience_s=0)
    with pytest.raises(BatchError) as caught:
        run_batch(read_roster(counties("a")), tmp_path / "out", engine)
    assert caught.value.code == "no_scheduler"


@contextmanager
def listening(answer=None):
    """Something else on a port, as a dashboard or ssh: it says ``answer`` to whoever comes."""
    with socket.socket() as open_port:
        open_port.bind(("127.0.0.1", 0))
        open_port.listen(8)

        def serve():
            with suppress(OSError):  # closed at the end
                while True:
                    line, _ = open_port.accept()
                    with line:
                        line.recv(8)
                        line.sendall(answer)

        if answer is not None:
            threading.Thread(target=serve, daemon=True).start()
        yield f"tcp://127.0.0.1:{open_port.getsockname()[1]}"
        open_port.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    "answer", [None, b"HTTP/1.1 400 Bad Request\r\n\r\n", b"SSH-2.0-OpenSSH_9.6\r\n"]
)
def test_another_program_on_that_port_is_no_scheduler(answer):
    """Dask waits for ever for one that says nothing, and takes a page for 3 EiB to come."""
    with listening(answer) as address, pytest.raises(BatchError) as caught:
        DaskCluster(address, 1, patience_s=1.0).reach()
    assert caught.value.code == "no_scheduler"
    assert caught.value.params == {"address": address}


def test_a_scheduler_that_never_answered_is_waited_for_half_a_minute(monkeypatch):
    asked = []

    def client(_, most):
        asked.append(most)
        return SimpleNamespace(close=lambda **_: None)

    for patience in (600.0, 5.0):
        engine = DaskCluster("tcp://10.0.0.5:8786", 1, patience_s=patience)
        monkeypatch.setattr(engine, "_client", client)
        engine.reach()
    DaskCluster(None, 1).reach()  # this machine is always there
    assert asked == [30.0, 5.0]
