"""Without streets no walk is known: it is said everywhere, with what it costs, and nothing is 0 %.

Two areas of 200 households, one beside the only station, one 3,000 m away. By the line alone the
first may be within 15 minutes, the second is not: CX-05 is 0 of 1 decided, between 0 and 1/2.
"""

from __future__ import annotations

import json

import openpyxl
import pytest

import lifecircle as lc
from lifecircle.model.finding import Rate
from lifecircle.outputs.sheets.contents.order import contents_of
from lifecircle.outputs.words.showing import covered_by, map_banners
from lifecircle.outputs.words.wording import Wording

NO_STREETS = "没有提供道路数据：覆盖只按直线半径；步行时间凡不能由直线定的"
REFUSED = "提供的道路数据不能用（见数据问题）"
COST = "CX-05 按步行判定，待核实 1 个"  # the near one; the far one is too far by any street
STUDY = """
[study]
name = "小县"
county = "371721"
standard = "caoxian-2023"
as_of = 2024-06-30
crs = "EPSG:4548"
[layers.residential]
path = "小区.csv"
crs = "EPSG:4548"
[layers.facilities]
path = "设施.csv"
crs = "EPSG:4548"
"""
FAR_STREETS = '[layers.streets]\npath = "路.geojson"\ncrs = "EPSG:4548"\n'


def write(folder, streets=""):
    (folder / "小区.csv").write_text(
        "编号,小区名称,户数,类别,城乡,阶段,X,Y\n"
        "R1,甲苑,200,已建成,城镇,入住,500000,3850000\n"
        "R2,乙苑,200,已建成,城镇,入住,503000,3850000\n",
        encoding="utf-8",
    )
    (folder / "设施.csv").write_text(
        "编号,设施名称,设施类型,X,Y,状态,建筑面积\nF1,甲站,社区养老服务站,500010,3850000,运营,60\n",
        encoding="utf-8",
    )
    if streets:  # in another county: 200 km off
        line = {"type": "LineString", "coordinates": [[500_000, 4_050_000], [501_000, 4_050_000]]}
        feature = {"type": "Feature", "properties": {"highway": "residential"}, "geometry": line}
        collection = {"type": "FeatureCollection", "features": [feature]}
        (folder / "路.geojson").write_text(json.dumps(collection), encoding="utf-8")
    (folder / "study.toml").write_text(STUDY + streets, encoding="utf-8")
    return folder / "study.toml"


@pytest.fixture(scope="module", params=["", FAR_STREETS], ids=["none", "refused"])
def judged(request, speaking, writing, tmp_path_factory):
    home = tmp_path_factory.mktemp("county")
    with writing("map", "report", "workbook"):
        told = speaking("assess", write(home, request.param), "-o", home / "o", "-q")
    # a layer that is refused as a whole is an error for scripts, though all is written
    assert told.exit_code == (2 if request.param else 0), told.output
    return home / "o", told.output, REFUSED if request.param else NO_STREETS


def cells(path):
    book = openpyxl.load_workbook(path)
    return {ws.title: [c.value for row in ws for c in row if c.value is not None] for ws in book}


def test_it_stands_over_every_output_with_its_cost(judged):
    folder, told, banner = judged
    report = (folder / "report.html").read_text(encoding="utf-8")
    page = (folder / "map.html").read_text(encoding="utf-8")
    summary = cells(folder / "report.xlsx")["汇总"]
    for text in (told, report.partition("<main")[0], page, "\n".join(map(str, summary))):
        assert banner in text
        assert COST in text
    assessment = lc.read_assessment(folder)
    assert any(banner in line for line in map_banners(assessment, Wording.of(assessment, "sheets")))


def test_coverage_is_the_radius_and_says_so(judged):
    folder, _, _ = judged
    assessment = lc.read_assessment(folder)
    assert covered_by(assessment) == "radius"
    sheets = cells(folder / "report.xlsx")
    assert "半径覆盖" in sheets["居住区"]
    assert "步行覆盖" not in sheets["居住区"]
    head, *rows = openpyxl.load_workbook(folder / "report.xlsx")["居住区"].values
    nearest = [dict(zip(head, row, strict=True)) for row in rows]
    told = {row["名称"]: (row["最近设施"], row["直线距离（米）"]) for row in nearest if row["名称"]}
    assert told == {"甲苑": ("甲站", 10), "乙苑": ("甲站", 2990)}


@pytest.mark.usefixtures("data_alone")
@pytest.mark.parametrize(("standard", "told"), [("jinxiang-2023", True), ("caoxian-2023", False)])
def test_the_console_tells_who_is_covered_whatever_the_document_asks(
    run, make_study, tmp_path, standard, told
):
    """Jinxiang's document speaks of no distance; Caoxian's CX-06 does."""
    path = make_study()
    text = path.read_text(encoding="utf-8").replace("caoxian-2023", standard)
    path.write_text(text, encoding="utf-8")
    rows = run("assess", path, "--out", tmp_path / "o", "-q").stdout.splitlines()
    reference = [row for row in rows if row.startswith("│ 参考") and "1,000 米" in row]
    assert (len(reference) == 1 and "1/1 = 100 %" in reference[0]) is told


def test_what_was_not_looked_into_is_not_nothing_found(judged):
    folder, _, banner = judged
    why = "提供的道路数据不能用" if banner == REFUSED else "没有提供道路数据"
    report = (folder / "report.html").read_text(encoding="utf-8")
    assert report.count(f"{why}，未作此项核查。") == 3
    assert "路网没有发现可疑之处" not in report
    assert "没有半径与步行不一致的居住区" not in report
    sheets = cells(folder / "report.xlsx")
    listed = sheets["汇总"]  # a worksheet without rows is not made: its list says why
    for title in ("半径步行不一致", "出入口开放", "路网诊断"):
        assert title not in sheets
        assert f"{why}，未作此项核查。" in listed[listed.index(title) : listed.index(title) + 4]


def test_a_rate_that_can_only_fail_prints_its_range(judged):
    folder, told, _ = judged
    line = next(row for row in told.splitlines() if "CX-05" in row and "│" in row)
    assert "范围 0–50.0 %（待核实" in line
    assert "= 0 %" not in line
    report = (folder / "report.html").read_text(encoding="utf-8")
    card = report.partition('id="c-caoxian-2023-CX-05"')[2].partition("</article>")[0]
    numbers = card.split('class="numbers"')[1].split("</dl>")[0]
    assert "<dd>范围 0–50.0 %（待核实 1）</dd>" in numbers
    assert (numbers.count("0–50.0 %"), numbers.count("<dd>0 %")) == (1, 0)
    document = json.loads((folder / "assessment.json").read_text(encoding="utf-8"))
    rate = next(c["official"] for c in document["clauses"] if c["id"] == "CX-05")
    counted = [rate[k] for k in ("numerator", "denominator", "not_assessed", "low", "high")]
    assert counted == [0.0, 1.0, 1.0, 0.0, 0.5]  # as computed
    row = openpyxl.load_workbook(folder / "report.xlsx")["条款"]
    header = [c.value for c in row[1]]
    mine = next(r for r in row.iter_rows(min_row=2, values_only=True) if r[0] == "CX-05")
    share = dict(zip(header, mine, strict=True))
    assert share["正式口径比率"] is None
    assert (share["比率下限"], share["比率上限"]) == (0, 0.5)
    assessment = lc.read_assessment(folder)
    words = Wording.of(assessment, "sheets")
    facts = [f for c in contents_of(assessment, words)[0] for f in c.facts if "CX-05" in f]
    assert all("= 0 %" not in fact for fact in facts)
    # no walk at all is told for other speeds either
    assert {s.measure for s in assessment.sensitivity} == {"radius"}


def test_a_comparison_tells_no_change_from_nothing(run, judged, tmp_path):
    folder, _, _ = judged
    told = run("compare", folder, folder, "-o", tmp_path / "same", "-q")
    assert "0.0 个百分点" not in told.output


def test_check_lists_what_it_costs(run, tmp_path):
    told = run("check", write(tmp_path), "--json", "-q")
    problems = {p["code"]: p for p in json.loads(told.output)["problems"]}
    assert problems["streets_absent"]["params"] == {"clauses": ["CX-05"], "count": 1}
    assert problems["streets_absent"]["severity"] == "info"
    page = run("check", tmp_path / "study.toml", "-o", tmp_path / "c", "-q")
    assert page.exit_code in {0, 1}
    shown = (tmp_path / "c" / "check.html").read_text(encoding="utf-8")
    assert "凡不能由直线定的" in shown
    assert "待核实：1 条 CX-05" in shown


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        ((0, 8, 8, 0.0, 0.5, 0.0), "范围 0–50.0 %（待核实 8）"),
        ((0, 8, 8, None, None, 0.0), "范围 不详（待核实 8）"),
        ((0, 8, 0, 0.0, 0.0, 0.0), "0/8 = 0 %"),  # everything is decided: 0 % it is
        ((1, 8, 8, 1 / 16, 9 / 16, 1 / 8), "1/8 = 12.5 %（待核实 8，范围 6.2–56.2 %）"),
        ((0, 0, 8, 0.0, 1.0, None), "均待核实（待核实 8，范围 0–100 %）"),
    ],
)
def test_every_kind_of_rate(numbers, told):
    assert Wording("zh").rate(Rate("areas", "county", *numbers)) == told
