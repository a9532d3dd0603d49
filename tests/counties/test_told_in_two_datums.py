"""Of ledgers whose rows are in three datums map, workbook, CSV, page and ``explain`` say the same.

What each says of an area, and with which marks, was written down before it was run.
"""

from __future__ import annotations

import csv
import html
import json
from dataclasses import dataclass
from typing import Any

import openpyxl
import pytest
from tests.counties.worlds import C, D, E, Kind, N, in_degrees, one
from tests.outputs.maps.conftest import unpack
from tests.two_ledgers import STUDY
from typer.testing import CliRunner

from lifecircle.cli import app
from lifecircle.outputs import write_outputs
from lifecircle.outputs.handover.findings_csv import write_findings_csv
from lifecircle.outputs.words.wording import Wording

ABOUT, UNCHECKED, ENDED = "取约数，据实可能翻转", "数据来源未核实", "期满"
VISIT, CLOSE, LENT = "待现场核实", "临界", "可调剂"
WORDS = {C: "达标", D: "不达标", N: "待核实", E: "豁免"}
FAR = {"设施名称": "李庄站", "状态": "说不清"}
NAMED = {"服务小区": "庚苑", "设施名称": "庚苑日间照料中心"}
TOWN = "榆山街道"  # of 平阴
NEW = {"类别": "新建", "户数": "约500"}


@dataclass(frozen=True)
class Told:
    """An estate, its verdict by clause, the marks by clause, and words that are told of it."""

    kind: Kind
    verdicts: tuple[str, ...]
    marks: dict[str, set[str]]
    said: str


def estate(name, verdicts, said, rooms=(), marks=None, **more):
    return Told(Kind(name, verdicts[:2], rooms, **more), verdicts, marks or {}, said)


# m² (CX-03), reach (CX-06), and both in the rate (CX-07), which the verdict of an area goes by
CAOXIAN = ("CX-03", "CX-06", "CX-07"), (
    estate("甲苑", (C, C, C), "已配 75 m²", one(m2="约75"),
           {"CX-03": {ABOUT, CLOSE}, "CX-07": {ABOUT}}),
    estate("乙苑", (C, C, C), "应配 75 m²", one(), {"CX-03": {ABOUT, CLOSE}, "CX-07": {ABOUT}},
           area={"户数": "约500"}),
    estate("丙苑", (D, C, D), "缺 35 m²", one(m2="约40")),
    estate("丁苑", (N, C, N), "丁字站，其建筑面积待核实", one(备注="实测60", 设施名称="丁字站")),
    estate("戊苑", (C, C, C), "老板跑了再没人理会", one(m2=90, 备注="老板跑了再没人理会")),
    estate("己苑", (D, N, D), "若李庄站计入，距离 600 米", one(east=600, **FAR)),
    estate("庚苑", (C, N, C), "服务小区和名称都写明属本居住区，未经位置核实",
           one(m2=90, east=None, **NAMED), {"CX-03": {VISIT}}),
    estate("辛苑", (C, N, C), "若辛字站计入，距离 0 米",
           one(m2=90, 状态="移交", 启用时间="2024年5月", 设施名称="辛字站")),
    estate("壬苑", (N, C, N), "写作全部小区", one(east=300, 服务小区="全部小区")),
    estate("癸苑", (N, C, N), "癸字站（F11），其场所编号待核实", one(设施名称="癸字站") * 2,
           area={"户数": 1000}),
    estate("子苑", (E, D, E), "豁免：无地（1号）", exempt=("子苑", "", "1号", "")),
    estate("丑苑", (D, C, D), "缺 75 m²", one(m2=90, east=990),
           {"CX-03": {LENT}, "CX-06": {CLOSE}}),
)  # fmt: skip
# the province's 15 m² a 100 for what stands (SD-02) and 20 for new areas (SD-01), whose texts
# nobody has compared, beside a plan that ended with 2025: 100 m² a 1000 people, and the rate
PINGYIN = ("SD-02", "SD-01", "PY-31", "PY-24"), (
    estate("甲苑", (C, "", "", C), "已配 75 m²", one(m2="约75"),
           {"SD-02": {ABOUT, CLOSE, UNCHECKED}, "PY-24": {ABOUT, UNCHECKED, ENDED}}, town=TOWN),
    estate("乙苑", ("", D, N, N), "缺 70 m²", one(m2="约30"),
           {"SD-01": {UNCHECKED}, "PY-31": {ENDED}, "PY-24": {UNCHECKED, ENDED}}, area=NEW,
           town=TOWN),
    estate("丙苑", (D, "", "", D), "缺 35 m²", one(m2=40),
           {"SD-02": {UNCHECKED}, "PY-24": {UNCHECKED, ENDED}}, town=TOWN),
)  # fmt: skip
PLAN_ENDED = STUDY.replace("371721", "370124").replace("caoxian-2023", "pingyin-2022")
PLAN_ENDED = PLAN_ENDED.replace("2025-12-31", "2026-06-30")
CASES = {"曹县": (STUDY, *CAOXIAN), "平阴县": (PLAN_ENDED, *PINGYIN)}


@dataclass(frozen=True)
class Written:
    """What was expected, and the files of a study as a reader has them."""

    clauses: tuple[str, ...]
    areas: tuple[Told, ...]
    folder: Any
    result: Any

    def each(self):
        """Yield id, estate, clause, its verdict and marks; what a clause is not about is blank."""
        for n, area in enumerate(self.areas, 1):
            for clause, verdict in zip(self.clauses, area.verdicts, strict=True):
                yield f"R{n:02}", area, clause, verdict, area.marks.get(clause, set())


@pytest.fixture(scope="module", params=CASES)
def written(request, tmp_path_factory):
    study, clauses, areas = CASES[request.param]
    folder = tmp_path_factory.mktemp("told")
    world = in_degrees(["cgcs2000", "bd09"], ["gcj02", "bd09", "wgs84"], study)
    result = world(folder, tuple(area.kind for area in areas))
    write_outputs(result, folder / "out")
    write_findings_csv(result, folder / "findings.csv", Wording.of(result, "handover"))
    return Written(clauses, areas, folder, result)


def test_the_findings_are_those_by_hand(written):
    rows = written.result.findings.set_index(["clause", "id"])
    for key, area, clause, verdict, marks in written.each():
        found = rows.loc[(clause, key)]
        assert str(found["status"]) == (verdict or "not_applicable"), (area.kind.name, clause)
        own = {Wording.of(written.result).word("flag", flag) for flag in found["flags"]}
        assert own == marks - {UNCHECKED, ENDED}, (area.kind.name, clause)


def test_the_map_says_verdict_reason_and_marks(written):
    text = (written.folder / "out" / "map.html").read_text(encoding="utf-8")
    block = text.split('<script type="text/plain" id="lc-data">', 1)[1]
    page = unpack(block.split("</script>", 1)[0])
    words, clauses = Wording.of(written.result), {one["id"]: one for one in page["clauses"]}
    rows = written.result.findings.set_index(["clause", "id"])
    said = dict.fromkeys(page["areas"]["id"], "")
    for key, area, clause, verdict, marks in written.each():
        at, told = page["areas"]["id"].index(key), clauses[clause]
        assert page["status"][told["status"][at]] == (verdict or "not_applicable")
        assert set((told["flags"][at] or "").split("\n")) - {""} == marks, (area.kind.name, clause)
        reason = words.reason(rows.loc[(clause, key), "reason"])
        assert (told["reason"][at] or "") == reason, (area.kind.name, clause)
        said[key] += f"{reason} {page['areas']['remark'][at]}"
    for key, area, *_ in written.each():
        # of a facility the map has the remark on the card of the facility
        assert area.said in said[key] or area.said in str(page["facilities"]), area.kind.name


def test_workbook_and_csv_say_the_same(written):
    book = openpyxl.load_workbook(written.folder / "out" / "report.xlsx")
    head, *rows = book["居住区"].iter_rows(values_only=True)
    sheet = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    with (written.folder / "findings.csv").open(encoding="utf-8-sig", newline="") as stream:
        lines = {(line["条款"], line["编号"]): line for line in csv.DictReader(stream)}
    named = written.result.layers["residential"]["clause"]
    headline = written.clauses[-1]
    wanted = {key: set() for key in sheet if key}
    for key, area, clause, verdict, marks in written.each():
        line = lines[clause, key]
        assert line["结论代码"] == (verdict or "not_applicable")
        assert split(line["标记"]) == marks, (area.kind.name, clause)
        wanted[key] |= marks if clause in {named[key], headline} else set()
        if clause == headline:
            assert sheet[key]["结论"] == WORDS[verdict], area.kind.name
            assert sheet[key]["原因"] == line["原因"].lstrip("'"), area.kind.name
    assert {key: split(sheet[key]["标记"]) for key in wanted} == wanted


def split(marks):
    """Return marks as a set: ABOUT has a comma of its own, none has a 、."""
    return set((marks or "").split("、")) - {""}


def test_the_page_has_the_reasons_and_marks_of_what_is_not_met(written):
    """Of areas that meet a clause it tells the count, and that round figures are in it."""
    page = html.unescape((written.folder / "out" / "report.html").read_text(encoding="utf-8"))
    rows = written.result.findings.set_index(["clause", "id"])["reason"]
    for key, area, clause, verdict, marks in written.each():
        if verdict in {D, N}:
            assert Wording.of(written.result).reason(rows[clause, key]) in page, area.kind.name
            assert all(mark in page for mark in marks), (area.kind.name, clause)
    assert "计数含约数，据实可能变" in page


@pytest.mark.one_in(2)
@pytest.mark.parametrize("at", [0, 1])
def test_explain_says_the_same(written, at):
    area = written.areas[at]
    command = ["explain", str(written.folder), area.kind.name]
    told = CliRunner().invoke(app, command, env={"LIFECIRCLE_LANG": "zh", "COLUMNS": "400"}).output
    assert area.said in told
    for clause, verdict in zip(written.clauses, area.verdicts, strict=True):
        line = next(line for line in told.splitlines() if line.startswith(f"{clause}  "))
        word, _, marks = line.rstrip("） ").rpartition("  ")[2].partition("（")
        assert word == WORDS.get(verdict, "不适用")
        # beside a clause that is missed or open 逾期 is told of its day
        assert split(marks) - {"逾期"} == area.marks.get(clause, set()), clause
    told = json.loads(CliRunner().invoke(app, [*command, "--json"]).stdout)
    words, flags = Wording.of(written.result), {c["id"]: c["flags"] for c in told["clauses"]}
    for clause in written.clauses:
        marks = {words.word("flag", flag) for flag in flags[clause]}
        assert marks - {"逾期"} == area.marks.get(clause, set()), clause
