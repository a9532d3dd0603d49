"""A renamed host of a service district: named in the ledger or in the study, told everywhere.

Weishan's southern district rests on 韩庄镇敬老院. The ledger has two homes in 韩庄镇, neither of
that name, so that nothing but the planner can say which is meant.
"""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

import lifecircle as lc
from lifecircle.cli import app
from lifecircle.outputs.report.districts import host_cards
from lifecircle.outputs.words.wording import Wording

STUDY = """
[study]
name = "微山片区"
county = "370826"
standard = "weishan-2023"
as_of = 2023-12-31
[layers.residential]
path = "areas.csv"
coordinates = "wgs84"
[layers.facilities]
path = "homes.csv"
coordinates = "wgs84"
"""
AREAS = "小区名称,户数,类别,城乡,状态,经度,纬度\n甲小区,500,已建成,城镇,运营,117.13,34.8000\n"
SOUTH, OTHER = "韩庄镇综合养老服务中心", "韩庄镇第二敬老院"


def study(folder, former="", aliases=""):
    lines = [
        "编号,设施名称,设施类型,状态,所属镇街,曾用名,经度,纬度",
        f"F1,{SOUTH},区域性养老服务中心,运营,370826101,{former},117.131,34.80",
        f"F2,{OTHER},敬老院,运营,370826101,,117.132,34.80",
    ]
    (folder / "homes.csv").write_text("\n".join(lines), encoding="utf-8")
    (folder / "areas.csv").write_text(AREAS, encoding="utf-8")
    (folder / "study.toml").write_text(STUDY + aliases, encoding="utf-8")
    return folder / "study.toml"


def told(path):
    """What ``check`` says of the southern district's host."""
    found = CliRunner().invoke(app, ["check", str(path), "--json"])
    problems = json.loads(found.stdout)["problems"]
    return [
        (p["code"], p["severity"])
        for p in problems
        if p["code"].startswith("host_") and p["params"]["district"] == "南部片区"
    ]


def south(path):
    """Status and reason of 韩庄镇 under WS-20."""
    found = lc.assess(lc.read_study(path))
    rows = found.findings
    row = rows[(rows["clause"] == "WS-20") & (rows["id"] == "370826101")].iloc[0]
    return found, (str(row["status"]), str(row["reason"].code))


@pytest.mark.parametrize(
    ("former", "aliases"),
    [
        ("韩庄镇敬老院", ""),
        ("韩庄敬老所、韩庄镇敬老院", ""),
        ("", '[aliases.facilities]\n"韩庄镇敬老院" = "F1"\n'),
        ("", f'[aliases.facilities]\n"韩庄镇敬老院" = "{SOUTH}"\n'),
        ("韩庄敬老所", '[aliases.facilities]\n"韩庄镇敬老院" = "F1"\n'),
    ],
)
def test_the_planner_says_which_row_is_the_host(tmp_path, former, aliases):
    path = study(tmp_path, former, aliases)
    assert told(path) == [("host_former", "info")]
    found, verdict = south(path)
    assert verdict == ("compliant", "host_former")
    assert "host_former" in {str(p.code) for p in found.problems}
    line = next(r for r in host_cards(found, Wording.of(found)) if r["district"] == "南部片区")
    assert line["host"] == f"{SOUTH}（文件称“韩庄镇敬老院”）"


def test_two_houses_and_no_name_leave_the_district_open(tmp_path):
    path = study(tmp_path)
    assert told(path) == [("host_lost", "warning")]
    assert south(path)[1] == ("not_assessed", "host_missing")


def test_a_name_that_means_no_row_says_nothing(tmp_path):
    path = study(tmp_path, aliases='[aliases.facilities]\n"韩庄镇敬老院" = "F9"\n')
    assert told(path) == [("host_lost", "warning")]
