"""Tests run in a child process, on the code as it is or on a mutant of one module.

A child is forked from a process that has loaded what no mutant touches, so that a trial costs its
tests and little more. No file is changed: the mutant is what the import of its module gives.
"""

from __future__ import annotations

import importlib.machinery
import json
import os
import resource
import sys
import time
from importlib.abc import MetaPathFinder
from typing import TYPE_CHECKING, Any

import coverage
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path

__all__ = ["Recorder", "in_child", "recorded", "tried"]

QUIET = ["-q", "--no-header", "-p", "no:cacheprovider", "-m", "not browser"]
QUIET += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # of what is loaded beforehand
STOPPED = "stopped: it used up its time"


def in_child(work: Callable[[], Any], *, seconds: int) -> Any | None:
    """Return what ``work`` returns in a forked process, None if it dies or takes too long."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        try:
            with os.fdopen(write, "w") as back:
                json.dump(work(), back)
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read) as answer:
        said = answer.read()
    os.waitpid(child, 0)
    return json.loads(said) if said else None


class Recorder:
    """A pytest plugin: which lines each test runs, and how long it takes."""

    def __init__(self, measured: coverage.Coverage) -> None:
        self.measured = measured
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item):
        self.measured.switch_context(item.nodeid)
        begun = time.process_time()
        yield
        self.seconds[item.nodeid] = round(time.process_time() - begun, 3)
        self.measured.switch_context("")

    def pytest_runtest_logreport(self, report):
        if not report.passed:
            self.failed.add(report.nodeid)


def recorded(file: str, modules: Sequence[Path], data: Path) -> dict[str, Any]:
    """Run a file of tests and return its passing tests: seconds, and lines run by module."""
    measured = coverage.Coverage(
        data_file=str(data), include=[str(path) for path in modules], config_file=False
    )
    measured.start()
    plugin = Recorder(measured)
    pytest.main([file, *QUIET], plugins=[plugin])
    measured.stop()
    kept = measured.get_data()
    lines: dict[str, dict[str, list[int]]] = {}
    for path in kept.measured_files():
        for row, contexts in kept.contexts_by_lineno(path).items():
            for test in contexts:
                lines.setdefault(test, {}).setdefault(path, []).append(row)
    return {
        test: {"seconds": seconds, "lines": lines.get(test, {})}
        for test, seconds in plugin.seconds.items()
        if test not in plugin.failed
    }


class Chosen:
    """A pytest plugin: only these tests, in this order; remember the first that fails."""

    def __init__(self, tests: Sequence[str]) -> None:
        self.order = {test: place for place, test in enumerate(tests)}
        self.ran = 0
        self.failed = ""

    def pytest_collection_modifyitems(self, items):
        items[:] = sorted(
            (one for one in items if one.nodeid in self.order),
            key=lambda one: self.order[one.nodeid],
        )

    def pytest_runtest_logreport(self, report):
        self.ran += report.when == "call"
        if report.failed:
            self.failed = self.failed or report.nodeid


class Mutated(MetaPathFinder):
    """Give one module another text when it is imported."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self.text = name, text

    def find_spec(self, fullname, path=None, target=None):  # noqa: ARG002 - the import's signature
        if fullname != self.name:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path)
        assert spec is not None
        assert spec.origin is not None
        spec.loader = Text(fullname, spec.origin, self.text)
        return spec


class Text(importlib.machinery.SourceFileLoader):
    """A module's file with another text in it."""

    def __init__(self, fullname: str, path: str, text: str) -> None:
        super().__init__(fullname, path)
        self.text = text

    def get_code(self, fullname):  # noqa: ARG002 - the loader's signature
        return compile(self.text, self.path, "exec", dont_inherit=True)


def tried(name: str, text: str, tests: Collection[str]) -> str:
    """Return the first of ``tests`` that fails on the mutant; empty if all pass.

    Raises
    ------
    RuntimeError
        If none of the tests was found.
    """
    ordered = list(tests)
    plugin = Chosen(ordered)
    sys.meta_path.insert(0, Mutated(name, text))
    files = dict.fromkeys(test.split("::")[0] for test in ordered)
    code = int(pytest.main([*files, "-x", *QUIET], plugins=[plugin]))
    if code == pytest.ExitCode.OK:
        return ""
    if code == pytest.ExitCode.NO_TESTS_COLLECTED:
        raise RuntimeError(f"no test of {ordered[:3]} was found")
    return plugin.failed or "it does not even load"
