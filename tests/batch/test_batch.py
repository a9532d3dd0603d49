"""Many counties on this machine: the results of single runs, nothing lost, nothing done twice."""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import signal
import threading
import time

import pytest

import lifecircle as lc
from lifecircle.batch import batch as batch_module
from lifecircle.batch import county
from lifecircle.batch.batch import choose_engine, run_batch
from lifecircle.batch.county import Order, run_county
from lifecircle.batch.pool import Pool, one_thread_each
from lifecircle.batch.roster import read_roster
from lifecircle.batch.standing import finished, standing
from lifecircle.errors import BatchError
from lifecircle.model.results.county_run import CountyRun, RunState
from lifecircle.outputs import OUTPUTS

from .conftest import write_county


@pytest.fixture
def quick(monkeypatch):
    """Counties are not judged but written as done: for what does not depend on the result."""

    def written(errand, order, log):
        log.write("judged")
        folder = order.home / errand.name
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("assessment.json", "map.html"):
            (folder / name).write_text(f"{errand.name} {errand.stage}", encoding="utf-8")
        return ()

    monkeypatch.setattr(county, "_judged", written)


def states(runs):
    return {run.name: (str(run.state), run.reused) for run in runs}


def test_a_batch_writes_what_single_runs_write_whatever_the_order_and_the_workers(
    counties, contents, tmp_path, server, monkeypatch
):
    home = counties("甲", "乙", "丙")
    (home / "丙" / "小区.geojson").unlink()
    errands = {errand.name: errand for errand in read_roster(home)}
    ends = {"甲": ("done", False), "乙": ("done", False), "丙": ("failed", False)}
    runs = run_batch(list(errands.values()), tmp_path / "out", Pool(2))
    assert states(runs) == ends
    monkeypatch.setattr("lifecircle.batch.pool._METHOD", server)  # nor how a worker began
    alone = run_batch([errands[name] for name in ("丙", "甲")], tmp_path / "1", Pool(1))
    assert states(alone) == {name: ends[name] for name in ("丙", "甲")}
    assert [run.name for run in alone] == ["丙", "甲"]
    for name in ("甲", "乙"):
        single = tmp_path / "single" / name
        lc.write_outputs(lc.assess(lc.read_study(home / name)), single)
        assert contents(tmp_path / "out" / name) == contents(single)
    assert contents(tmp_path / "1" / "甲") == contents(tmp_path / "single" / "甲")
    manifest = json.loads((tmp_path / "out" / "甲" / "manifest.json").read_text("utf-8"))
    assert set(manifest["files"]) == {
        name for name in contents(tmp_path / "single" / "甲") if name != "manifest.json"
    }


@pytest.mark.usefixtures("quick")
@pytest.mark.skipif(not hasattr(time, "tzset"), reason="a process has one time zone on Windows")
def test_no_clock_has_part_in_what_is_judged_again(here, counties, tmp_path, monkeypatch):
    """Files of 1970, of 2099 or as they were, and a run on the other side of the earth."""
    home, out = counties("a", "b"), tmp_path / "out"
    run_batch(read_roster(home), out, here())
    for at, zone in ((0, "America/New_York"), (4_071_556_800, "Pacific/Kiritimati")):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        for file in tmp_path.rglob("*"):
            os.utime(file, (at, at))
        again = here()
        runs = run_batch(read_roster(home), out, again)
        assert (states(runs), again.begun) == ({"a": ("done", True), "b": ("done", True)}, [])
    ledger = home / "a" / "设施.csv"
    kept = ledger.stat()
    ledger.write_text(ledger.read_text("utf-8").replace(",30", ",45"), encoding="utf-8")
    os.utime(ledger, ns=(kept.st_atime_ns, kept.st_mtime_ns))  # as old and as long as it was
    again = here()
    run_batch(read_roster(home), out, again)
    assert again.begun == ["a"]
    monkeypatch.delenv("TZ")
    time.tzset()


@pytest.mark.usefixtures("quick")
def test_what_failed_for_want_of_memory_or_by_another_version_is_tried_again(
    here, counties, tmp_path, monkeypatch
):
    """A fault of the county itself stays one until its data change; a cause outside may be gone."""
    home, out = counties("a", "b"), tmp_path / "out"

    class Short(here):
        def run(self, errands, order):
            assert order.home == out
            reasons = {"a": "memory", "b": "fault"}
            for one in errands:
                self.begun.append(one.name)
                rests = standing(one)
                yield CountyRun(one.name, RunState.FAILED, reason=reasons[one.name], standing=rests)

    run_batch(read_roster(home), out, Short())
    again = Short()
    run_batch(read_roster(home), out, again)
    assert again.begun == ["a"]
    monkeypatch.setattr(lc, "__version__", "9.9")
    other = here()
    runs = run_batch(read_roster(home), out, other)
    assert sorted(other.begun) == ["a", "b"]
    assert states(runs) == {"a": ("done", False), "b": ("done", False)}


@pytest.mark.usefixtures("quick")
def test_only_what_changed_is_judged_again(here, counties, tmp_path):
    home, out = counties("a", "b", "c"), tmp_path / "out"
    run_batch(read_roster(home), out, here())
    again = here()
    assert set(states(run_batch(read_roster(home), out, again)).values()) == {("done", True)}
    assert again.begun == []

    ledger = home / "b" / "设施.csv"
    ledger.write_text(ledger.read_text("utf-8").replace(",30", ",60"), encoding="utf-8")
    (home / "c" / "说明.txt").write_text("不是数据", encoding="utf-8")  # no input of the study
    again = here()
    run_batch(read_roster(home), out, again)
    assert again.begun == ["b"]

    again = here()
    run_batch(read_roster(home, stage="plan"), out, again)
    assert sorted(again.begun) == ["a", "b", "c"]


@pytest.mark.parametrize("how", ["parameter", "standard", "scenario", "version", "day", "gone"])
def test_what_a_result_rests_on_is_noticed(counties, tmp_path, monkeypatch, how):
    home = counties("a")
    study, scenario = home / "a" / "study.toml", tmp_path / "s.toml"
    scenario.write_text('name = "x"\nset = { "CX-01.value" = 30 }\n', encoding="utf-8")
    (before,) = (standing(one) for one in read_roster(home, scenario=scenario))
    if how == "parameter":
        study.write_text(
            study.read_text("utf-8") + "\n[parameters]\nwalk_speed_m_s = 1.1\n", "utf-8"
        )
    elif how == "scenario":
        scenario.write_text('name = "x"\nset = { "CX-01.value" = 20 }\n', encoding="utf-8")
    elif how == "version":
        monkeypatch.setattr("lifecircle.__version__", "9.9.9")
    elif how == "day":
        study.write_text(study.read_text("utf-8").replace("06-30", "07-01"), encoding="utf-8")
    elif how == "gone":
        (home / "a" / "设施.csv").unlink()
    more = {"standards": ["jinxiang-2022"]} if how == "standard" else {}
    (after,) = (standing(one) for one in read_roster(home, scenario=scenario, **more))
    assert before != after


def test_an_own_document_is_read_to_tell_whether_it_changed(counties):
    home = counties("a")
    own = home / "a" / "own.toml"
    text = "# 还不是文件\n自订"
    own.write_text(text, encoding="utf-8")
    (one,) = read_roster(home, standards=[str(own)])
    before = standing(one)
    own.write_text(text.replace("自订", "自定"), encoding="utf-8")
    assert standing(one) != before


@pytest.mark.usefixtures("quick")
def test_a_result_is_there_only_whole(here, counties, tmp_path):
    home, out = counties("a"), tmp_path / "out"
    (errand,) = read_roster(home)
    run_batch([errand], out, here())
    stands = standing(errand)
    assert finished("a", out / "a", stands) is not None
    (out / "a" / "map.html").unlink()
    assert finished("a", out / "a", stands) is None


@pytest.mark.usefixtures("quick")
def test_a_damaged_manifest_is_none(here, counties, tmp_path):
    home, out = counties("a"), tmp_path / "out"
    (errand,) = read_roster(home)
    run_batch([errand], out, here())
    stands, file = standing(errand), out / "a" / "manifest.json"
    told = json.loads(file.read_text("utf-8"))
    for damage in ({"run": {"lines": 3}}, {"run": {"lines": None}}, {"run": []}, {"files": 3}):
        file.write_text(json.dumps(told | damage), encoding="utf-8")
        assert finished("a", out / "a", stands) is None
    for text in ("", "{", "[]", "null", '"x"'):
        file.write_text(text, encoding="utf-8")
        assert finished("a", out / "a", stands) is None
    file.write_bytes(b"\xff\xfe")
    assert finished("a", out / "a", stands) is None
    file.write_text(json.dumps(told), encoding="utf-8")
    assert finished("a", out / "a", stands) is not None


@pytest.mark.usefixtures("quick")
def test_the_document_of_another_run_is_not_this_result(here, counties, tmp_path):
    home, out = counties("a"), tmp_path / "out"
    (errand,) = read_roster(home)
    run_batch([errand], out, here())
    document = out / "a" / "assessment.json"
    document.write_text(document.read_text("utf-8") + " ", encoding="utf-8")
    assert finished("a", out / "a", standing(errand)) is None


def test_one_bad_county_never_stops_the_rest_and_is_tried_again_only_when_asked(
    here, counties, tmp_path, monkeypatch
):
    data = {name: OUTPUTS[name] for name in ("json", "gpkg")}
    monkeypatch.setattr("lifecircle.outputs.OUTPUTS", data)  # no matter how much is written
    home, out = counties("a", "z"), tmp_path / "out"
    (home / "a" / "设施.csv").unlink()
    first = run_batch(read_roster(home), out, here())
    assert states(first) == {"a": ("failed", False), "z": ("done", False)}
    assert first[0].reason == "study"
    assert "设施.csv" in first[0].lines[0]
    assert str(tmp_path) not in "".join(first[0].lines)

    again = here()
    told = run_batch(read_roster(home), out, again)
    assert (again.begun, told[0].lines) == ([], first[0].lines)
    again = here()
    run_batch(read_roster(home), out, again, retry_failed=True)
    assert again.begun == ["a"]

    write_county(tmp_path / "mended")  # its file is there again: other inputs
    (tmp_path / "mended" / "设施.csv").rename(home / "a" / "设施.csv")
    assert states(run_batch(read_roster(home), out, here()))["a"] == ("done", False)


def thread_settings(pipe):
    """What a worker process sees."""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    pipe.send([os.environ.get(name) for name in names])


def test_a_worker_calculates_in_one_thread_unless_the_user_says_otherwise(monkeypatch):
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MKL_NUM_THREADS", "3")
    before = dict(os.environ)
    mine, its = multiprocessing.Pipe()
    with one_thread_each():
        process = multiprocessing.get_context("fork").Process(target=thread_settings, args=(its,))
        process.start()
    process.join()
    assert mine.recv() == ["1", "1", "3"]
    assert dict(os.environ) == before


def kill_while(out, name, times):
    """Kill the worker of a county as soon as its log says that it was begun, so many times."""
    seen, log = set(), out / "logs" / f"{name}.log"

    def watch():
        until = time.monotonic() + 120
        while len(seen) < times and time.monotonic() < until:
            lines = log.read_text("utf-8").splitlines() if log.is_file() else []
            begun = {line.rsplit(" ", 1)[1] for line in lines if "· pid " in line} - seen
            for pid in begun:
                if int(pid) in {child.pid for child in multiprocessing.active_children()}:
                    os.kill(int(pid), signal.SIGKILL)
                    seen.add(pid)
            time.sleep(0.005)

    thread = threading.Thread(target=watch)
    thread.start()
    return thread


@pytest.mark.usefixtures("forked")
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no SIGKILL")
@pytest.mark.parametrize(
    ("names", "times", "state", "attempts"), [("a", 1, "done", 2), ("ab", 2, "failed", 2)]
)
def test_a_worker_that_dies_is_replaced_and_its_county_begun_once_more(
    counties, tmp_path, names, times, state, attempts
):
    home, out, pool = counties(*names), tmp_path / "out", Pool(1)
    killer = kill_while(out, "a", times)
    runs = run_batch(read_roster(home), out, pool)
    killer.join()
    ends = {"a": state, "b": "done"}
    assert [(run.name, str(run.state)) for run in runs] == [(name, ends[name]) for name in names]
    assert (runs[0].attempts, pool.died) == (attempts, times)
    assert not list((out / "a").glob("map.html")) or state == "done"


@pytest.mark.usefixtures("forked")
def test_a_county_that_takes_too_much_memory_fails_by_that(counties, tmp_path):
    if os.name == "nt":
        pytest.skip("no memory limit on Windows")
    (run,) = run_batch(read_roster(counties("a")), tmp_path / "out", Pool(1, memory_mib=20))
    assert (str(run.state), run.reason) == ("failed", "memory")
    assert "20" in run.lines[0]


@pytest.mark.usefixtures("quick")
def test_stopping_leaves_what_is_done_and_says_what_is_left(here, counties, tmp_path):
    home, out = counties("a", "b"), tmp_path / "out"

    class Stopped(here):
        def run(self, errands, order):
            yield run_county(errands[0], order)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_batch(read_roster(home), out, Stopped())
    record = json.loads((out / "batch.json").read_text("utf-8"))
    assert sorted(county["state"] for county in record["counties"]) == ["done", "left"]
    again = here()
    run_batch(read_roster(home), out, again)
    assert len(again.begun) == 1


@pytest.mark.usefixtures("quick")
def test_a_full_disk_today_is_no_failure_of_tomorrow(here, counties, tmp_path):
    home, out = counties("a"), tmp_path / "out"

    class Full(here):
        def run(self, errands, order):
            assert order.home == out
            for one in errands:
                rests = standing(one)
                yield CountyRun(one.name, RunState.FAILED, reason="output", standing=rests)

    run_batch(read_roster(home), out, Full())
    again = here()
    assert states(run_batch(read_roster(home), out, again)) == {"a": ("done", False)}


def _chinese(lines):
    return bool(re.search("[\u4e00-\u9fff]", re.sub(r"\S+\.(csv|geojson)", "", " ".join(lines))))


@pytest.mark.parametrize("broken", ["设施.csv", "小区.geojson"])
@pytest.mark.parametrize(("first", "then"), [("zh", "en"), ("en", "zh")])
def test_what_is_kept_of_a_county_is_told_in_the_readers_language(
    here, counties, tmp_path, broken, first, then
):
    """One whose areas are refused fails; one whose facilities are stands in part."""
    home, out = counties("a"), tmp_path / "out"
    (home / "a" / broken).write_text("nothing of a table", encoding="utf-8")
    (one,) = run_batch(read_roster(home), out, here(), language=first)
    assert str(one.state) in {"failed", "partial"}
    again = here()
    (kept,) = run_batch(read_roster(home), out, again, language=then)
    assert again.begun == []
    assert (kept.state, kept.reason) == (one.state, one.reason)
    assert [_chinese(run.lines) for run in (one, kept)] == [first == "zh", then == "zh"]
    (back,) = run_batch(read_roster(home), out, again, language=first)
    assert back.lines == one.lines


def test_without_the_extra_it_runs_in_processes_of_the_standard_library(monkeypatch):
    monkeypatch.setattr(batch_module, "has_dask", lambda: False)
    assert isinstance(choose_engine(workers=3), Pool)
    with pytest.raises(BatchError) as caught:
        choose_engine("tcp://127.0.0.1:1")
    assert caught.value.code == "no_dask"


def test_a_county_is_begun_twice_at_most_whoever_counts(counties, tmp_path):
    """Schedulers have settings of their own for how often a task may kill its worker."""
    (errand,) = read_roster(counties("a"))
    order = Order(tmp_path / "out", "this-run")
    log = tmp_path / "out" / "logs" / "a.log"
    log.parent.mkdir(parents=True)
    log.write_text("t run this-run · a · 1 · pid 1\nt run this-run · a · 2 · pid 2\n", "utf-8")
    found = run_county(errand, order)
    assert (found.state, found.reason) == (RunState.FAILED, "died")
