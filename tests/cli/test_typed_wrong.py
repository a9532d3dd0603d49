"""What is typed wrong is said in the user's language, with the way to the right one."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

# the language of helps is chosen when the commands are imported: a process a language
PROGRAM = """
import json, sys
from typer.testing import CliRunner
from lifecircle.cli import app
ended = [CliRunner().invoke(app, words) for words in json.loads(sys.argv[1])]
json.dump([(one.exit_code, one.stdout, one.stderr) for one in ended], sys.stdout)
"""


def started(language, *words):
    """Start Python with these words, and return how it ended."""
    env = {**os.environ, "LIFECIRCLE_LANG": language, "COLUMNS": "80", "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, *words]
    return subprocess.run(  # noqa: S603 - this program
        command, env=env, capture_output=True, encoding="utf-8", check=False, timeout=60
    )


def typed(language, lines):
    """Return (exit code, output, errors) of each of some command lines."""
    return json.loads(started(language, "-c", PROGRAM, json.dumps(lines)).stdout)


WRONG = (
    (("assess",), "缺少参数：study", "Missing argument: study"),
    (
        ("init", "x", "--standerd", "y"),
        "没有这个选项：--standerd　是不是想写：--standard",
        "mean",
    ),
    (("asses",), "没有这个命令：asses", "Did you mean: assess"),
    (("map", "x", "--dpi", "a"), "--dpi 的值不对", "--dpi has a value"),
    (("standards", "shoe"), "是不是想写：show", "Did you mean: show"),
    (("map", "x", "--out"), "--out", "--out"),
)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_typed_wrong_is_two_and_said(language):
    ends = typed(language, [words for words, *_ in WRONG])
    for (words, *told), (code, _, errors) in zip(WRONG, ends, strict=True):
        assert code == 2, words
        assert told[language == "en"] in errors, words
        assert "Traceback" not in errors
        # where more is said; an option without its value does not know its command
        assert errors.rstrip().endswith("--help") is (words[-1] != "--out"), words


def test_what_the_program_itself_is_left_with():
    ended = started("zh", "-m", "lifecircle", "asses")
    assert ended.returncode == 2
    assert "没有这个命令：asses" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_help_is_whole_and_in_one_language():
    names = ("check", "assess", "compare", "init", "map")
    for code, said, _ in typed("zh", [["--help"], *([name, "--help"] for name in names)]):
        assert code == 0
        assert "…" not in said  # cut off by the width of a column
        for english in ("Options", "Arguments", "Commands", "Show this", "[default", "[required"):
            assert english not in said


def test_of_what_is_refused_no_report_is_named(tmp_path):
    # a ledger without rows is an error; what is read besides is told as notes, which are not listed
    (tmp_path / "study.toml").write_text(
        '[study]\nname = "空"\ncounty = "370828"\nstandard = "jinxiang-2023"\nas_of = 2024-06-30\n'
        '[layers.residential]\npath = "r.csv"\ncoordinates = "wgs84"\n'
        '[layers.facilities]\npath = "f.csv"\ncoordinates = "wgs84"\n',
        encoding="utf-8",
    )
    for name in "rf":
        header = "名称,经度,纬度,户数,备用\n"
        (tmp_path / f"{name}.csv").write_text(header, encoding="utf-8")
    ended = started(
        "zh", "-m", "lifecircle", "assess", str(tmp_path), "--out", str(tmp_path / "out")
    )
    told = "".join((ended.stdout + ended.stderr).split())
    assert ended.returncode == 2
    assert "条未列出，运行lifecirclecheck后见check.html" in told
    assert "见报告" not in told
