"""What a fresh clone relies on: the locks, the Makefile, the licence."""

import ast
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata
from itertools import product
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ("requirements.lock", "requirements-dev.lock")
EXTRAS = PROJECT["project"]["optional-dependencies"]
DEVELOPED = {name: extra for name, extra in EXTRAS.items() if name != "mutation"}
"""What requirements-dev.lock holds; mutation testing has a lock of its own."""


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
    for extra in DEVELOPED.values():
        wanted |= names(extra)  # dev takes the others, so that every extra is tested
    assert wanted - {"lifecircle"} - pins("requirements-dev.lock").keys() == set()


def test_the_locks_agree():
    user, developer = map(pins, LOCKS)
    assert {p: v for p, v in user.items() if developer.get(p) != v} == {}


class TestClosed:
    """A lock is installed with ``--no-deps``: whatever its packages need must be in it."""

    # What tells a marker one kind of machine from another; versions are those with wheels.
    machines = (
        {"sys_platform": "linux", "os_name": "posix", "platform_system": "Linux"},
        {"sys_platform": "darwin", "os_name": "posix", "platform_system": "Darwin"},
        {"sys_platform": "win32", "os_name": "nt", "platform_system": "Windows"},
    )
    elsewhere = tuple(
        {**machine, "python_version": python, "python_full_version": f"{python}.0"}
        for machine, python in product(machines, ("3.11", "3.12", "3.13", "3.14", "3.15"))
    )

    @staticmethod
    def pinned(text, environment):
        """Return package → version of what a lock's text installs in one environment."""
        found = {}
        for line in text.replace("\\\n", " ").splitlines():
            pin = Requirement(line.split("--hash")[0])
            if pin.marker is None or pin.marker.evaluate(environment):
                name = canonicalize_name(pin.name)
                assert name not in found, f"{name} is pinned twice in one environment"
                (specifier,) = pin.specifier
                assert specifier.operator == "=="
                found[name] = specifier.version
        return found

    @staticmethod
    def installed(name, version):
        """Return what a package asks for; of a version that is not installed here, nothing."""
        try:
            package = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            return ()
        return package.requires or () if package.version == version else ()

    @staticmethod
    def asked(pins, wanted, environment, requires):
        """Return the packages that are asked for, and what is not pinned as it is asked for."""
        todo = [("lifecircle", Requirement(line)) for line in wanted]
        seen, missing = set(), []
        while todo:
            asker, asked = todo.pop()
            name = canonicalize_name(asked.name)
            version = pins.get(name)
            if version is None or not asked.specifier.contains(version, prereleases=True):
                missing.append(f"{asker} asks for {asked}")
                continue
            for extra in {"", *asked.extras} - {extra for known, extra in seen if known == name}:
                seen.add((name, extra))
                there = {**environment, "extra": extra}
                needs = map(Requirement, requires(name, version))
                todo += [(name, n) for n in needs if n.marker is None or n.marker.evaluate(there)]
        return {name for name, _ in seen}, sorted(set(missing))

    @staticmethod
    def wanted(lock):
        lines = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["build"]]
        if lock == "requirements-dev.lock":
            for extra in DEVELOPED.values():
                lines += [line for line in extra if names([line]) != {"lifecircle"}]
        return lines

    @pytest.mark.parametrize("lock", LOCKS)
    def test_what_is_installed_is_what_the_lock_pins(self, lock):
        pins = self.pinned((ROOT / lock).read_text(encoding="utf-8"), default_environment())
        assert {name: metadata.version(name) for name in pins} == pins  # else: make test

    @pytest.mark.parametrize("lock", LOCKS)
    def test_it_holds_what_is_needed_here_and_nothing_else(self, lock):
        here = default_environment()
        pins = self.pinned((ROOT / lock).read_text(encoding="utf-8"), here)
        asked, missing = self.asked(pins, self.wanted(lock), here, self.installed)
        assert missing == []
        assert pins.keys() - asked == set()

    @pytest.mark.parametrize("lock", LOCKS)
    @pytest.mark.parametrize("where", elsewhere, ids=lambda e: " ".join(e.values()))
    def test_it_holds_what_is_needed_elsewhere(self, lock, where):
        # As far as is known here: of a version that only another machine gets, nothing is.
        environment = {**default_environment(), **where}
        pins = self.pinned((ROOT / lock).read_text(encoding="utf-8"), environment)
        assert self.asked(pins, self.wanted(lock), environment, self.installed)[1] == []

    made_up = {  # noqa: RUF012 - read only
        "top": ["Middle_One[extra]>=2"],
        "middle-one": ["plain", 'deep; extra == "extra"', 'never; extra == "other"'],
        "plain": ['old; python_version < "3"', 'win; sys_platform == "win32"'],
        "deep": [],
        "win": [],
    }

    @pytest.mark.parametrize(
        ("lock", "platform", "expected"),
        [
            ("top==1\nmiddle-one==2\nplain==1\ndeep==1", "linux", []),
            ("top==1\nmiddle-one==2\nplain==1", "linux", ["middle-one asks for deep"]),
            ("top==1\nmiddle-one==2\ndeep==1", "linux", ["middle-one asks for plain"]),
            ("top==1\nmiddle-one==1.9\nplain==1\ndeep==1", "linux", ["top asks for Middle_One"]),
            ("top==1\nmiddle-one==2\nplain==1\ndeep==1", "win32", ["plain asks for win"]),
            (
                'top==1\nmiddle-one==2\nplain==1\ndeep==1\nwin==1 ; sys_platform == "win32"',
                "win32",
                [],
            ),
            ("middle-one==2\nplain==1\ndeep==1", "linux", ["lifecircle asks for top"]),
        ],
    )
    def test_of_made_up_packages(self, lock, platform, expected):
        environment = {**default_environment(), "sys_platform": platform}
        pins = self.pinned(lock, environment)
        _, missing = self.asked(pins, ["top"], environment, lambda name, _: self.made_up[name])
        assert [re.split(r"[;\[]", line)[0] for line in missing] == expected


def typed_commands():
    """Yield (file, line) of what a reader, the Makefile or the build server would run.

    Continued lines are one; the Makefile's variables are filled in.
    """
    for pattern in ("*.md", "docs/**/*.md", "data/**/*.md", "coverage/**/*.p[oy]", ".ci/*"):
        for path in sorted(ROOT.glob(pattern)):
            text = path.read_text(encoding="utf-8").replace("\\\n", " ")
            for line in text.splitlines():
                yield path.relative_to(ROOT).as_posix(), line
    text = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    variables = dict(re.findall(r"^(\w+) := (.*)$", text, re.MULTILINE))
    for line in text.splitlines():
        while (filled := re.sub(r"\$\((\w+)\)", lambda m: variables.get(m[1], ""), line)) != line:
            line = filled  # noqa: PLW2901 - the same line, with more filled in
        yield "Makefile", line


class TestInstalling:
    """Wherever a lock is installed, nothing is resolved beside it and every file is checked."""

    def test_a_lock_is_installed_whole_and_alone(self):
        found = [
            (file, line)
            for file, line in typed_commands()
            if re.search(r"\binstall\b.*\s(-r|--requirement)\b", line)
        ]
        assert [
            each for each in found if not {"--no-deps", "--require-hashes"} <= words(each)
        ] == []
        locks = {(file, lock) for file, line in found for lock in LOCKS if lock in line.split()}
        assert locks >= {
            ("Makefile", "requirements.lock"),
            ("Makefile", "requirements-dev.lock"),
            ("README.md", "requirements.lock"),
            ("README.zh.md", "requirements.lock"),
        }

    def test_this_package_brings_nothing_along(self):
        found = [
            (file, line)
            for file, line in typed_commands()
            if re.search(r"\binstall\b.*\s(-e|--editable)\s", line)
        ]
        assert {"Makefile", "README.md", "README.zh.md"} <= {file for file, _ in found}
        flags = {"--no-deps", "--no-build-isolation"}
        assert [each for each in found if not flags <= words(each)] == []

    def test_an_extra_is_quoted_for_every_shell(self):
        # the Windows command prompt takes '…' for part of the name, zsh needs quotes about […]
        found = [
            line for _, line in typed_commands() if re.search(r"pip install \S*lifecircle\[", line)
        ]
        assert len(found) >= 3
        assert [line for line in found if not re.search(r'install \\?"lifecircle\[', line)] == []


def words(command):
    return set(command[1].split())


@pytest.mark.skipif(
    sys.platform == "win32" or shutil.which("make") is None, reason="make is not installed"
)
@pytest.mark.parametrize("stamp", [".demo", ".test"])
class TestMake:
    """An environment is used as long as its Python starts, and made anew when it does not."""

    @staticmethod
    def plan(venv, stamp):
        return subprocess.run(  # noqa: S603 - our own Makefile
            [shutil.which("make"), "--dry-run", f"VENV={venv}", f"{venv}/{stamp}"],
            cwd=ROOT,
            env={name: value for name, value in os.environ.items() if "MAKE" not in name},
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    @pytest.fixture
    def venv(self, tmp_path):
        """An environment with both stamps, newer than the locks."""
        (tmp_path / "bin").mkdir()
        for name in (".demo", ".test"):
            (tmp_path / name).touch()
        return tmp_path

    def test_what_starts_is_left_alone(self, venv, stamp):
        python = venv / "bin" / "python"
        python.write_text("#!/bin/sh\necho runs\n", encoding="utf-8")
        python.chmod(0o755)
        plan = self.plan(venv, stamp)
        assert ".ci/venv" not in plan
        assert "pip" not in plan

    @pytest.mark.parametrize("broken", ["gone", "no pip"])
    def test_what_does_not_start_is_made_anew(self, venv, stamp, broken):
        python = venv / "bin" / "python"
        if broken == "gone":  # a Python that was upgraded leaves links that lead nowhere
            python.symlink_to(venv / "upgraded away")
        else:
            python.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
            python.chmod(0o755)
        plan = self.plan(venv, stamp)
        lock = {".demo": "requirements.lock", ".test": "requirements-dev.lock"}[stamp]
        assert plan.index(".ci/venv") < plan.index(f" {lock}\n") < plan.index("--editable .")


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
    def run(folder, scripts, script="venv", **environment):
        for name, body in scripts.items():
            stand_in = folder / name
            stand_in.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
            stand_in.chmod(0o755)
        return subprocess.run(  # noqa: S603 - our own script
            [str(ROOT / ".ci" / script), str(folder / "made here")],
            env={"PATH": f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin", **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    pythons = ("python3", *(f"python3.{minor}" for minor in range(11, 16)))

    def test_says_when_no_python_is_new_enough(self, tmp_path):
        ran = self.run(tmp_path, dict.fromkeys(self.pythons, "exit 1"))
        assert ran.returncode == 1
        assert "No Python 3.11 or newer was found" in ran.stderr

    def test_the_proof_shows_what_failed_and_leaves_nothing(self, tmp_path):
        (tmp_path / "rest").mkdir()
        stand_ins = dict.fromkeys(self.pythons, "exit 1")
        ran = self.run(tmp_path, stand_ins, "fresh", TMPDIR=str(tmp_path / "rest"))
        assert ran.returncode == 1
        assert "No Python 3.11 or newer was found" in ran.stderr
        assert "Proven" not in ran.stdout
        assert list((tmp_path / "rest").iterdir()) == []

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


@pytest.mark.parametrize(("installs", "checks"), [(0, 0), (1, 0), (0, 1), (3, 2)])
def test_the_build_server_proves_an_installation_and_runs_make_test(tmp_path, installs, checks):
    """Both run, side by side, and the build fails where either does."""
    assert os.access(ROOT / ".ci" / "fresh", os.X_OK)
    ci, log = tmp_path / ".ci", tmp_path / "log"
    ci.mkdir()
    shutil.copy(ROOT / ".ci" / "run", ci / "run")
    (ci / "postgis").write_text("", encoding="utf-8")
    for path, code in ((ci / "fresh", installs), (tmp_path / "make", checks)):
        script = f'#!/bin/sh\necho "{path.name} $*" >>"{log}"\nexit {code}\n'
        path.write_text(script, encoding="utf-8")
        path.chmod(0o755)
    for name in ("bash", "dirname"):  # and no apt-get: nothing is installed here
        (tmp_path / name).symlink_to(shutil.which(name))
    done = subprocess.run(  # noqa: S603
        [str(ci / "run")], env={"PATH": str(tmp_path)}, capture_output=True, check=False
    )
    assert (done.returncode == 0) is (installs == checks == 0), done.stderr
    assert "make test" in log.read_text(encoding="utf-8").splitlines()
    if not checks:
        assert "fresh " in log.read_text(encoding="utf-8").splitlines()


def test_the_package_imports_only_what_is_installed_with_it():
    """Else it works where a tool of development brings the rest, and nowhere else."""
    of_import = metadata.packages_distributions()
    extras = [one for name in ("cluster", "db", "fast-io", "plot") for one in EXTRAS[name]]
    declared = {canonicalize_name(Requirement(one).name) for one in extras}
    declared |= {canonicalize_name(name) for name in pins("requirements.lock")}
    asked = set()
    for path in (ROOT / "coverage").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                asked |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                asked.add(str(node.module).partition(".")[0])
    foreign = asked - set(sys.stdlib_module_names) - {"lifecircle"}
    brought = {name: {canonicalize_name(d) for d in of_import.get(name, [])} for name in foreign}
    assert {name for name, dists in brought.items() if not dists & declared} == set()
