"""Rules on the command line: one clause in full, several documents side by side, own rules."""

from __future__ import annotations

from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "mingxian-2024.toml"


def squeezed(text):
    return "".join(text.split())


def test_one_clause_in_full(run, loaded):
    shown = squeezed(run("standards", "show", "JX-13", "--as-of", "2024-01-01").output)
    for part in ("镇综合养老服务中心覆盖率大于60%", "二（五）", "A19", "jinxiang-2023"):
        assert squeezed(part) in shown
    told = loaded(run("standards", "show", "WS-20", "--json", "--as-of", "2024-01-01").stdout)
    assert (told["id"], told["standard"]) == ("WS-20", "weishan-2023")
    assert told["deadline"] == "2023-12-31"
    assert any(line.startswith("A33") for line in told["readings"])
    assert run("standards", "show", "ZZ-99").exit_code == 2


def test_a_clause_of_the_base_says_that_its_source_is_unverified(run):
    shown = run("standards", "show", "SD-02", "--as-of", "2024-01-01").output
    assert "15" in shown
    assert "来源待核" in shown or "unverified" in shown


def test_a_document_shows_whom_each_clause_asks_and_from_when(run, loaded, monkeypatch):
    """Force, kinds, filter, options, steps, marks: what a reviewer holds against the document."""
    monkeypatch.setenv("LIFECIRCLE_LANG", "zh")
    monkeypatch.setenv("COLUMNS", "400")
    rows = loaded(run("standards", "show", "caoxian-2023", "--json").stdout)
    rows = {row["id"]: row for row in rows}
    assert rows["CX-05"]["force"] == "参照"
    assert rows["CX-05"]["reference"]
    assert rows["CX-06"]["kinds"] == ["group:community"]
    assert rows["CX-03"]["where"]["age_class"] == ["existing", "old"]
    assert rows["CX-03"]["options"]["sharing_radius_m"] == 1000
    assert rows["CX-10"]["deadline"] == "2023-10-31"
    assert rows["CX-12"]["deadline"] is None  # the document sets none
    assert rows["CX-03"]["versions"][0]["references"][0]["clause"] == "三（六）"
    base = loaded(run("standards", "show", "shandong", "--json").stdout)
    assert [row["verified"] for row in base] == [False, False]
    told = run("standards", "show", "shandong").output
    assert "「」" not in told  # nothing is quoted of what nobody has read
    assert told.count("数据来源未核实") == len(base)
    told = squeezed(run("standards", "show", "CX-03", "--as-of", "2024-01-01").output)
    for part in ("适用对象", "已建成、老旧", "共享距离不超过1000米", "2023-06-30不低于15"):
        assert part in told


@pytest.mark.usefixtures("data_alone")
def test_two_documents_side_by_side(run, make_study, tmp_path):
    given = ("-s", "caoxian-2023", "-s", "jinxiang-2023")
    printed = squeezed(run("assess", make_study(), "-o", tmp_path / "o", "-q", *given).output)
    # 200 existing households: 30 m² at 15, 40 m² at 20; 30 are there
    assert "各标准对照" in printed
    line = printed[printed.index("各标准对照") :]
    assert "CX-03" in line
    assert "JX-06" in line
    assert line.index("CX-03") < line.index("JX-06") < line.index("CX-07")  # one line a topic


def test_the_example_of_the_guide_checks(run):
    assert run("standards", "check", EXAMPLE).exit_code == 0
