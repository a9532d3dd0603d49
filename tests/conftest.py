"""Hypothesis searches anew on every run at home, and the same way each time on the build server.

Properties of which one example takes long have a profile instead of a number: ``dear`` judge
counties, ``costly`` search networks or read files, ``brute`` try every combination beside it.
``LARGE=1`` takes many times as many examples of each, and all cases of those marked ``one_in``.

Strings are kept as pandas keeps them where pyarrow is not installed (what ``make demo`` installs):
tables of a few rows, of which there are some ten thousand here, then take two thirds of the time.
``standards/test_string_storage.py`` judges and writes in both ways, and so does every test that
starts a process.

What a kill leaves behind is looked at without killing: a process that is killed leaves the files
as they are at that moment, so the moments of one run are copied while it goes on (``moments``).
"""

from __future__ import annotations

import builtins
import dataclasses
import errno
import gc
import io
import json
import os
import shutil
import sqlite3
import sys
import zipfile
from collections import Counter
from contextlib import closing
from functools import cache, partial
from importlib import import_module

import pandas as pd
import pytest
from hypothesis import settings

import lifecircle as lc
from lifecircle.standards import read_standard

pd.set_option("mode.string_storage", "python")  # before anything makes a table
os.environ["LIFECIRCLE_STREET_CACHE"] = "off"  # no test leaves anything in the user's folder
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # each process that a test starts would compile all
sys.dont_write_bytecode = False

settings.register_profile("ci", derandomize=True, database=None, max_examples=20)
if os.environ.get("CI"):
    settings.load_profile("ci")
for _name, _some, _many in (("dear", 4, 80), ("costly", 6, 150), ("brute", 12, 400)):
    _count = _many if os.environ.get("LARGE") else _some
    settings.register_profile(_name, deadline=None, max_examples=_count)


gc.set_threshold(100_000, 20, 50)


def pytest_collection_modifyitems(config, items):
    """Take one in n of the cases of a property that is marked ``one_in(n)``; ``LARGE=1``: all."""
    if os.environ.get("LARGE"):
        return
    seen, left, kept = Counter(), [], []
    for item in items:
        mark = item.get_closest_marker("one_in")
        name = item.nodeid.partition("[")[0]
        (left if mark is not None and seen[name] % mark.args[0] else kept).append(item)
        seen[name] += 1
    config.hook.pytest_deselected(items=left)
    items[:] = kept


@pytest.fixture(autouse=True)
def _clauses_alone(request):
    """Judge the clauses alone that a test marked ``judged_alone(*ids)`` looks at; ``LARGE=1``: all.

    Beside them all quotas, which share one account, and what the clauses speak of.
    """
    mark = request.node.get_closest_marker("judged_alone")
    if mark is None or os.environ.get("LARGE"):
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        read = partial(_some_clauses, ids=mark.args)
        patch.setattr(import_module("lifecircle.assessing.assess"), "read_standard", read)
        yield


@cache
def _some_clauses(name, ids):
    whole = read_standard(name)
    quotas = {key for key, one in whole.clauses.items() if one.measure == "provision"}
    asked, wanted = [*ids, whole.headline], set(quotas)
    while asked:
        key = asked.pop()
        if key in whole.clauses and key not in wanted:
            wanted.add(key)
            asked += whole.clauses[key].options.about
    clauses = {key: one for key, one in whole.clauses.items() if key in wanted}
    return dataclasses.replace(whole, clauses=clauses) if wanted & {*ids} else whole


def pytest_collection_finish():
    """What is loaded by now stays to the end: looking for circles in it took a seventh of all."""
    gc.collect()
    gc.freeze()


_STUDY = """
[study]
name = "选址小县"
county = "370827"
standard = "caoxian-2023"
as_of = 2024-06-30
crs = "EPSG:4548"
[layers.residential]
path = "小区.csv"
crs = "EPSG:4548"
[layers.facilities]
path = "设施.csv"
crs = "EPSG:4548"
[layers.candidates]
path = "候选.csv"
crs = "EPSG:4548"
"""
_AREAS = """编号,小区名称,户数,类别,城乡,阶段,X,Y
A,甲苑,100,已建成,城镇,入住,500000,3850000
B,乙苑,200,已建成,城镇,入住,500900,3850000
C,丙苑,300,已建成,城镇,入住,503000,3850000
D,丁苑,,已建成,城镇,入住,503500,3850000
E,戊苑,50,已建成,城镇,入住,506000,3850000
G,=己苑<b>,80,已建成,城镇,入住,509000,3850000
"""
_FACILITIES = """编号,设施名称,设施类型,X,Y,状态,建筑面积
F1,一站,社区养老服务站,500000,3850000,运营,200
F2,二站,社区养老服务站,509500,3850000,闲置,150
"""
_CANDIDATES = """编号,名称,类型,建筑面积,X,Y
K1,旧小学,闲置校舍,600,503200,3850000
K2,村西地块,空地,,506000,3850300
"""


@pytest.fixture(scope="session")
def short_county(tmp_path_factory):
    """Return the folder of a study without streets, to plan places for within 1000 m (CX-06).

    F1 serves A and B (300 households). K1 would serve C (300) and D (not known), K2 E (50), and
    F2, idle today, G (80).
    """
    home = tmp_path_factory.mktemp("county") / "小县"
    home.mkdir()
    texts = {
        "study.toml": _STUDY,
        "小区.csv": _AREAS,
        "设施.csv": _FACILITIES,
        "候选.csv": _CANDIDATES,
    }
    for name, text in texts.items():
        (home / name).write_text(text, encoding="utf-8")
    return home


@pytest.fixture(scope="session")
def short_plan(short_county):
    """Return the plan of the two places that serve most households there: K1, then F2."""
    return lc.site(lc.read_study(short_county / "study.toml"), "CX-06", sites=2)


@pytest.fixture(scope="session")
def short_future(short_county, short_plan):
    """Return the county judged with the two places built."""
    return lc.assess(lc.read_study(short_county / "study.toml"), sites=short_plan)


WRITES = frozenset(
    {"open", "os.mkdir", "os.rename", "os.rmdir", "os.remove", "os.link", "os.truncate",
     "shutil.rmtree", "shutil.move", "tempfile.mkdtemp", "tempfile.mkstemp", "sqlite3.connect"}
)  # fmt: skip


class _Watch:
    """Calls back before every operation that changes files; hooks can never be taken away."""

    def __init__(self):
        self.call = None
        sys.addaudithook(self._hook)

    def _hook(self, event, args):
        if self.call is not None and event in WRITES:
            call, self.call = self.call, None  # what it does itself is not watched
            try:
                call(event, args)
            finally:
                self.call = call

    def during(self, act, call):
        """Return what ``act`` returns; ``call(event, args)`` before each of its operations."""
        self.call = call
        try:
            return act()
        finally:
            self.call = None


@pytest.fixture(scope="session")
def watched():
    """Return a function: act, call → what ``act`` returns, called back before it changes files."""
    return _Watch().during


class _Disk:
    """Counts what is about to be written below a folder, and refuses one of it or all that follows.

    ``seen`` is what was asked for: (kind of operation, path).
    """

    FULL = "/dev/full"  # takes no byte: the error comes from the system when a stream is closed

    def __init__(self, folder, stop, number, *, lasting):
        self.folder, self.stop, self.number, self.lasting = str(folder), stop, number, lasting
        self.seen = []

    def refuses(self, kind, path):
        """Note an operation; return whether it is refused."""
        self.seen.append((kind, path))
        at = len(self.seen) - 1
        return self.stop is not None and (at == self.stop or (self.lasting and at > self.stop))

    def hook(self, event, args):
        """What is called before every operation on files; those that write into one: ``opener``."""
        path = str(args[1] if event == "os.rename" else args[0])
        other = event in {"open", "os.remove", "os.rmdir", "shutil.rmtree"}
        if not other and path.startswith(self.folder) and self.refuses(event, path):
            raise OSError(self.number, os.strerror(self.number), path)

    def opener(self, real):
        """Return ``open``: a file that is refused is not opened, or takes no byte if full."""

        def opened(file, mode="r", *args, **how):
            mine = isinstance(file, str | os.PathLike) and str(file).startswith(self.folder)
            if not mine or not set(mode) & set("wxa+") or not self.refuses("write", str(file)):
                return real(file, mode, *args, **how)
            if self.number != errno.ENOSPC or not os.path.exists(self.FULL):  # noqa: PTH110
                raise OSError(self.number, os.strerror(self.number), str(file))
            return real(self.FULL, "wb" if "b" in mode else "w", *args, **how)

        return opened


@pytest.fixture
def on_disk(watched, monkeypatch):
    """Return a function: act on a disk that refuses to write, at an operation below a folder.

    ``on_disk(folder, act, stop, number, lasting=False)`` gives what ``act`` returns, and what was
    to be written; the operation ``stop`` fails with the error ``number``, and with ``lasting``
    every one after it. Without ``stop`` none does.
    """

    def during(folder, act, stop=None, number=errno.ENOSPC, *, lasting=False):
        disk = _Disk(folder, stop, number, lasting=lasting)
        with monkeypatch.context() as patch:
            for module in (builtins, io):
                patch.setattr(module, "open", disk.opener(module.open))
            return watched(act, disk.hook), disk.seen

    return during


@pytest.fixture
def locked(watched):
    """Return a function: file, act → what ``act`` returns while another program holds the file.

    As Excel does on Windows: it can be read, and not be written to, moved, replaced or removed.
    """

    def during(file, act):
        def refuse(event, args):
            moved = event in {"os.rename", "os.remove", "os.truncate"}
            written = event == "open" and set(str(args[1] or "")) & set("wa+x")
            named = (one for one in args[:2] if isinstance(one, str | os.PathLike))
            if (moved or written) and os.path.abspath(file) in map(os.path.abspath, named):  # noqa: PTH100
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(file))

        return watched(act, refuse)

    return during


def shown(folder):
    """Return name → bytes of the files of a folder that have their final names."""
    names = (file.relative_to(folder) for file in sorted(folder.rglob("*")) if file.is_file())
    plain = [name for name in names if not any(part.startswith(".") for part in name.parts)]
    return {str(name): (folder / name).read_bytes() for name in plain}


def _marks(folder):
    """Return what tells two states of a folder apart: names, sizes, times of what is not hidden."""
    found = []
    for home, inner, files in os.walk(folder):
        inner[:] = [name for name in inner if not name.startswith(".")]
        for name in files:
            if not name.startswith("."):
                stat = os.stat(os.path.join(home, name))  # noqa: PTH116, PTH118 - at every step
                found.append((home, name, stat.st_ino, stat.st_size, stat.st_mtime_ns))
    return tuple(found)


@pytest.fixture
def moments(watched, tmp_path):
    """Return a function: folder, act → copies of the folder, one a state seen on the way.

    A state is what stands under final names; the first is that before anything, the last the end.
    """

    def seen(folder, act):
        home, states, known = tmp_path / "moments", [], []

        def look(*_):
            marks = _marks(folder)
            if not known or known[-1] != marks:
                known.append(marks)
                states.append(home / str(len(states)))
                shutil.copytree(folder, states[-1])

        watched(act, look)
        look()
        return states

    return seen


def assert_whole(folder):
    """Every file under a final name opens, and ends where it should."""
    for name, content in shown(folder).items():
        path = folder / name
        if path.suffix == ".json":
            json.loads(content)
        elif path.suffix in {".xlsx", ".docx"}:
            with zipfile.ZipFile(path) as archive:
                assert archive.testzip() is None, name
        elif path.suffix == ".gpkg":
            with closing(sqlite3.connect(path)) as connection:
                assert connection.execute("pragma integrity_check").fetchone() == ("ok",), name
                assert connection.execute("select count(*) from gpkg_contents").fetchone()[0]
        elif path.suffix == ".html":
            assert content.rstrip().endswith(b"</html>"), name
        else:
            assert content or path.suffix == ".log", name


def assert_of_one_run(folder, *runs):
    """Return the runs (name → bytes) that all files under final names may be of; never none."""
    there = shown(folder)
    found = [
        number
        for number, run in enumerate(runs)
        if all(run.get(name) == content for name, content in there.items())
    ]
    assert found, sorted(there)
    return found


@pytest.fixture(scope="session")
def office_faults():
    """What a Word or Excel file has against the schemas of Office: a function of its path."""
    audit = pytest.importorskip("openxml_audit", reason="nothing here knows the schemas of Office")
    validator = audit.OpenXmlValidator(file_format=audit.FileFormat.OFFICE_2019)

    def found(path):
        faults = validator.validate(path).errors
        return [f"{f.part_uri} {f.description}" for f in faults if f.severity.value == "error"]

    return found


@pytest.fixture(scope="session")
def state_checks():
    """What a state must hold: ``whole(folder)`` and ``of_one_run(folder, *runs)``; ``shown``."""
    return assert_whole, assert_of_one_run, shown
