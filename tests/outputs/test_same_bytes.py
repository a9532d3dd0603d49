"""Two processes, in two folders and with two orders of sets, write the same bytes."""

import json
import os
import shutil
import subprocess
import sys

import pytest

RUN = """
import sys
from pathlib import Path
import lifecircle as lc
from lifecircle.outputs import write_handover, write_outputs, write_papers, write_score
home = Path(sys.argv[1])
study = lc.read_study(home / "county" / "study.toml")
plan = lc.site(study, "CX-06", sites=2)
lc.write_sites(plan, home / "plan")
result = lc.assess(study, sites=plan)
write_outputs(result, home / "result")
write_papers(result, home / "papers")
write_handover(result, home / "handover", ["schedule", "evidence", "csv", "shapefile", "gdb"])
now = lc.assess(study)
write_score(lc.score(study, now, "caoxian"), home / "form")
lc.write_comparison(lc.compare(now, result), home / "compared")
proposal = lc.read_proposal(home / "county" / "proposal.toml", study)
lc.write_review(lc.review(study, proposal), home / "opinion")
"""
PROPOSAL = """
[project]
"项目名称" = "新苑"
"坐标系" = "EPSG:4548"
"规划总户数" = 300
[[plots]]
"地块编号" = "一号"
outline = [[500400, 3850000], [500600, 3850000], [500600, 3850100], [500400, 3850000]]
[[facilities]]
"设施名称" = "新苑站"
"设施类型" = "社区养老服务站"
"建筑面积" = 80
"""


@pytest.fixture(scope="module")
def homes(short_county, tmp_path_factory):
    """Two runs: each in a folder of its own name, length and depth."""
    made = []
    for seed, name in (("1", "a"), ("4242", "another/县 b")):
        home = tmp_path_factory.mktemp("same") / name
        shutil.copytree(short_county, home / "county")
        (home / "county" / "proposal.toml").write_text(PROPOSAL, encoding="utf-8")
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", RUN, home], env=environment, check=True)  # noqa: S603
        made.append(home)
    return made


def test_two_processes_write_the_same_bytes(homes):
    first, second = (
        {str(p.relative_to(home)): p.read_bytes() for p in home.rglob("*") if p.is_file()}
        for home in homes
    )
    assert first.keys() == second.keys()
    kinds = {name.rpartition(".")[2] for name in first}
    assert {"json", "gpkg", "html", "xlsx", "docx", "csv", "shp", "dbf", "gdbtable"} <= kinds
    assert [name for name in first if first[name] != second[name]] == []


def test_nothing_written_names_the_folder_it_was_made_in(homes):
    for home in homes:
        told = json.dumps(str(home))[1:-1]
        for path in home.rglob("*"):
            if path.suffix in {".json", ".html", ".csv"}:
                assert told not in path.read_text(encoding="utf-8-sig"), path.name
