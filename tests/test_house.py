"""What a fresh clone relies on: the locks, the Makefile, the licence."""

import hashlib
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ("requirements.lock", "requirements-dev.lock")


def pins(name):
    """Return package → version of a lock; a package may be pinned once a Python version."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return {p.lower(): v for p, v in re.findall(r"^([\w.-]+)==([^\s;]+)", text, re.MULTILINE)}


def names(requirements):
    return {re.match(r"[\w.-]+", line).group().lower() for line in requirements}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_by_hash_and_names_no_place(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.search(r"https?:|file:|--index|--extra-index|--find-links|@ ", text)
    entries = re.split(r"\n(?=\S)", text.strip())
    assert [e.split()[0] for e in entries if "--hash=sha256:" not in e] == []


def test_the_locks_hold_what_the_project_asks_for():
    wanted = names(PROJECT["project"]["dependencies"]) | names(
        PROJECT["dependency-groups"]["build"]
    )
    assert wanted - pins("requirements.lock").keys() == set()
    for extra in PROJECT["project"]["optional-dependencies"].values():
        wanted |= names(extra)  # dev takes the others, so that every extra is tested
    assert wanted - {"lifecircle"} - pins("requirements-dev.lock").keys() == set()


def test_the_locks_agree():
    user, developer = map(pins, LOCKS)
    assert {p: v for p, v in user.items() if developer.get(p) != v} == {}


def test_the_build_tools_are_those_that_are_locked():
    assert names(PROJECT["build-system"]["requires"]) <= names(
        PROJECT["dependency-groups"]["build"]
    )


def test_the_licence_is_whole():
    text = (ROOT / "LICENSE").read_bytes()
    assert hashlib.sha256(text).hexdigest().startswith("cfc7749b96f63bd3")  # Apache-2.0
    assert PROJECT["project"]["license"] == "Apache-2.0"


def test_git_keeps_the_source_folder():
    # many a template for .gitignore names `coverage`, which is where the source is
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert not {"coverage", "coverage/", "/coverage", "/coverage/"} & set(lines)
    assert {".venv/", ".coverage", "maps/out/"} <= set(lines)


@pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell script")
class TestVenv:
    """``.ci/venv``: the first Python that will do, or what is missing."""

    @staticmethod
    def run(folder, scripts, **environment):
        for name, body in scripts.items():
            script = folder / name
            script.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
            script.chmod(0o755)
        return subprocess.run(  # noqa: S603 - our own script
            ["/bin/sh", str(ROOT / ".ci" / "venv"), str(folder / "made here")],
            env={"PATH": f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin", **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    pythons = ("python3", "python3.13", "python3.12", "python3.11")

    def test_says_when_no_python_is_new_enough(self, tmp_path):
        ran = self.run(tmp_path, dict.fromkeys(self.pythons, "exit 1"))
        assert ran.returncode == 1
        assert "No Python 3.11 or newer was found" in ran.stderr

    def test_says_which_debian_package_is_missing(self, tmp_path):
        bare = f'case "$2" in *ensurepip*) exit 1;; esac\nexec "{sys.executable}" "$@"'
        ran = self.run(tmp_path, {"python3": bare})
        assert ran.returncode == 1
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        assert f"sudo apt-get install python{version}-venv" in ran.stderr
        assert not (tmp_path / "made here").exists()

    def test_passes_over_an_old_python_and_takes_the_named_one_first(self, tmp_path):
        log = tmp_path / "log"
        stand_in = f'[ "$1" = -m ] && echo "$0 $2" >> "{log}"\nexit 0'
        scripts = {**dict.fromkeys(self.pythons, "exit 1"), "python3.12": stand_in}
        assert self.run(tmp_path, scripts).returncode == 0
        assert log.read_text(encoding="utf-8").split() == [str(tmp_path / "python3.12"), "venv"]
        scripts = {**dict.fromkeys(self.pythons, "exit 1"), "mine": stand_in}
        assert self.run(tmp_path, scripts, PYTHON=str(tmp_path / "mine")).returncode == 0
        assert log.read_text(encoding="utf-8").split()[2] == str(tmp_path / "mine")


def test_the_build_server_runs_make_test():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text(encoding="utf-8").splitlines()[-1] == "make test"
