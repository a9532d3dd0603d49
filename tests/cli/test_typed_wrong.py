"""What is typed wrong is said in the user's language, with the way to the right one."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


def typed(language, *words):
    env = {**os.environ, "LIFECIRCLE_LANG": language, "COLUMNS": "80"}
    command = [sys.executable, "-m", "lifecircle", *words]
    return subprocess.run(  # noqa: S603 - this program
        command, env=env, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
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
    ],
)
def test_what_is_typed_wrong_is_two_and_said(words, zh, en):
    for language, told in (("zh", zh), ("en", en)):
        ended = typed(language, *words)
        assert ended.returncode == 2
        assert told in ended.stderr
        assert "Traceback" not in ended.stderr


def test_help_is_whole_and_in_one_language():
    for words in ((), *((name,) for name in ("check", "assess", "compare", "init", "map"))):
        said = typed("zh", *words, "--help").stdout
        assert "…" not in said  # cut off by the width of a column
        for english in ("Options", "Arguments", "Commands", "Show this", "[default", "[required"):
            assert english not in said.replace("[OPTIONS]", "")


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
    ended = typed("zh", "assess", str(tmp_path), "--out", str(tmp_path / "out"))
    told = "".join((ended.stdout + ended.stderr).split())
    assert ended.returncode == 2
    assert "条未列出，运行lifecirclecheck后见check.html" in told
    assert "见报告" not in told
