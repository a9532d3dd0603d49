"""约30: a round figure that decides is marked on the clause, on what rests on it, and on the map.

200 households ask 200 × 15 / 100 = 30 m². 约31 passes and 31 × 0.95 = 29.45 would not; 约28 fails
and 28 × 1.05 = 29.4 would too; 约29 fails and 30.45 would not; 约40 and 38 both pass.
"""

from __future__ import annotations

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest

import lifecircle as lc
from lifecircle.model.problem import describe
from lifecircle.model.problem.round_figures import RoundFigure, taken
from lifecircle.model.status import Flag
from lifecircle.outputs.report.rectification import write_rectification
from lifecircle.outputs.words.wording import Wording

pytestmark = pytest.mark.one_in(2)  # words and layers in many combinations

BED_STUDY = """
[study]
name = "小县"
county = "371721"
standard = "caoxian-2023"
as_of = 2023-06-30
crs = "EPSG:4548"
[layers.residential]
path = "小区.geojson"
[layers.facilities]
path = "院.csv"
crs = "EPSG:4548"
"""


@pytest.mark.parametrize(
    ("written", "status", "marked"),
    [
        ("约31", "compliant", True),
        ("31左右", "compliant", True),
        ("约29", "deficient", True),
        ("约28", "deficient", False),
        ("约40", "compliant", False),
        ("31㎡", "compliant", False),  # not a plain number, but no round one
        ("31", "compliant", False),
    ],
)
def test_floor_area(make_study, written, status, marked):
    result = lc.assess(lc.read_study(make_study(m2=written)))
    for name in ("CX-03", "CX-07"):
        clause = result.clause(name)
        assert clause.status == status
        assert (Flag.APPROXIMATE in clause.flags) is marked
    found = result.findings.set_index(["clause", "id"])["flags"]
    assert (Flag.APPROXIMATE in found["CX-03", "R1"]) is marked
    # metres do not hang on it
    assert Flag.APPROXIMATE not in result.clause("CX-06").flags


@pytest.mark.parametrize(
    ("written", "note"),
    [
        ("约29", "所依据的 CX-03 标有：取约数，据实可能翻转"),  # 30.45 would do
        ("约28", None),  # 29.4 is short too
    ],
)
def test_a_list_of_what_to_put_right_says_that_it_may_be_enough(
    make_study, tmp_path, written, note
):
    result = lc.assess(lc.read_study(make_study(m2=written)))
    folder = write_rectification(result, tmp_path / "lists")
    (path,) = folder.iterdir()
    (row,) = openpyxl.load_workbook(path).active.iter_rows(min_row=4, values_only=True)
    assert (row[3], row[6], row[-1]) == ("甲苑", 30, note)


@pytest.mark.one_in(5)
@pytest.mark.parametrize(
    ("households", "m2", "status", "marked"),
    [
        ("约200", "31", "compliant", True),  # 210 ask for 31.5
        ("约200", "32", "compliant", False),
        ("200余户", "30", "compliant", True),  # 299 ask for 44.85
        ("200多户", "44", "compliant", True),
        ("200+", "45", "compliant", False),
        ("200余户", "29", "deficient", False),  # 200 ask for 30, and more for more
        ("250余户", "39", "compliant", False),  # 259 ask for 38.85
        ("250余户", "38", "compliant", True),
        ("近200户", "30", "compliant", False),  # fewer ask for less
        ("近200户", "29", "deficient", True),  # 190 ask for 28.5
        ("近200户", "28", "deficient", False),
        ("200", "30余", "compliant", False),  # never less
        ("200", "20余平", "deficient", False),  # less than 30
        ("200", "25多平", "deficient", False),
        ("200", "近31", "compliant", True),  # 29.45
        ("200", "近30", "compliant", True),
        ("200", "近29", "deficient", False),
        # both at their worse ends: 210 ask for 31.5, 30.4 and 32.3 are there
        ("约200", "约32", "compliant", True),
        ("约200", "约34", "compliant", False),
        # and at their better: 190 ask for 28.5, 27.3 and 28.87 are there
        ("约200", "约26", "deficient", False),
        ("约200", "约27.5", "deficient", True),
        # cells that only bound the figure are none, and nothing firm rests on them
        ("200户以上", "30", "not_assessed", False),
        ("200-300户", "30", "not_assessed", False),
        ("不足200户", "29", "not_assessed", False),
    ],
)
def test_the_side_that_a_round_figure_leaves_open(make_study, households, m2, status, marked):
    result = lc.assess(lc.read_study(make_study(m2=m2, households=households)))
    for name in ("CX-03", "CX-07"):
        clause = result.clause(name)
        assert (name, clause.status) == (name, status)
        assert (Flag.APPROXIMATE in clause.flags) is marked


def test_a_year_given_about_is_some_years_off(make_study):
    """约2015年 is no year of 2023's side; of 约2022年 nobody knows."""
    for year, marked in (("约2015年", False), ("约2022年", True), ("2022年", False)):
        study = make_study()
        places = gpd.read_file(study.parent / "小区.geojson")
        places["类别"], places["建成年份"] = None, year
        places.to_file(study.parent / "小区.geojson", driver="GeoJSON")
        result = lc.assess(lc.read_study(study))
        assert result.clause("CX-03").status == "compliant"
        assert (Flag.APPROXIMATE in result.clause("CX-03").flags) is marked


@pytest.mark.parametrize(
    ("recorded", "status", "marked"),
    [
        ("约31", "compliant", True),
        ("约32", "compliant", False),  # 30.4
        ("30余", "compliant", False),
        ("约29", "deficient", True),
        ("31", "compliant", False),
    ],
)
def test_a_record_s_m2(make_study, recorded, status, marked):
    """A station 500 m away, of 100 m², records some for the estate of 200 households."""
    study = make_study()
    (study.parent / "设施.csv").write_text(
        "编号,设施名称,设施类型,X,Y,状态,建筑面积,服务小区\n"
        f"F1,远站,社区养老服务站,500600,3850050,运营,100,R1:{recorded}\n",
        encoding="utf-8",
    )
    result = lc.assess(lc.read_study(study))
    clause = result.clause("CX-03")
    assert clause.status == status
    assert (Flag.APPROXIMATE in clause.flags) is marked
    said = [p for p in result.problems if "approximate" in p.params]
    assert len(said) == ("约" in recorded or "余" in recorded)


@pytest.mark.parametrize(
    ("recorded", "marked"),
    [
        ("R1:约32；R2:约32", False),  # 30.4 each; 5 % twice would be 28.88
        ("R1:约31；R2:约31", True),  # 29.45
    ],
)
def test_records_of_the_same_round_m2(make_study, recorded, marked):
    """R2 has a station of its own; both are recorded for as much of one 500 m away."""
    study = make_study()
    places = gpd.read_file(study.parent / "小区.geojson")
    beside = places.assign(编号="R2", 小区名称="近邻", geometry=places.translate(0.011))
    pd.concat([places, beside]).to_file(study.parent / "小区.geojson", driver="GeoJSON")
    (study.parent / "设施.csv").write_text(
        "编号,设施名称,设施类型,X,Y,状态,建筑面积,服务小区\n"
        f"F1,远站,社区养老服务站,500600,3850050,运营,100,{recorded}\n"
        "F2,近站,社区养老服务站,501050,3850050,运营,100,\n",
        encoding="utf-8",
    )
    clause = lc.assess(lc.read_study(study)).clause("CX-03")
    assert clause.status == "compliant"
    assert (Flag.APPROXIMATE in clause.flags) is marked


@pytest.mark.parametrize(("end", "off"), [("least", -2), ("most", 2)])
def test_an_end_of_a_year_is_a_year(end, off):
    for year in range(1950, 2030):
        told = year + off
        one = RoundFigure("residential", "built_year", "R1", year, told / year, told / year)
        frame = pd.DataFrame({"built_year": [float(year)]}, index=["R1"])
        assert taken(frame, "built_year", [one, one], end)["R1"] == told


def test_a_round_figure_is_told_with_its_ends(make_study):
    study = lc.read_study(make_study(households="200余户"))
    told = [p for p in study.problems if "approximate" in p.params]
    assert [describe(one, "zh")["what"] for one in told] == [
        "“200余户”读作 200，准确的数应在 200 至 299 之间；会因此改变的结论标“取约数”"
    ]


def beds(make_study, tmp_path, total, nursing):
    study = make_study(study=BED_STUDY)
    (tmp_path / "院.csv").write_text(
        "编号,设施名称,设施类型,X,Y,状态,建筑面积,床位数,护理型床位\n"
        f"F1,甲敬老院,敬老院,500050,3850050,运营,2000,{total},{nursing}\n",
        encoding="utf-8",
    )
    return lc.assess(lc.read_study(study))


@pytest.mark.parametrize(
    "case",
    [
        # 390 / 600 = 65 %: the limit itself; 390 × 0.95 = 370.5 is 61.75 %
        ("600", "约390", "compliant", True, True),
        ("600", "390", "compliant", False, True),
        # 393 / 600 = 65.5 %, 0.5 points off 65; 1 % of 65 is 0.65
        ("600", "393", "compliant", False, True),
        ("600", "394", "compliant", False, False),  # 65.67 %: 0.67 points
        ("600", "386", "deficient", False, False),  # 64.33 %: 0.67 points
        ("600", "387", "deficient", False, True),  # 64.5 %
        # 420 / 600 = 70 %; 399 / 600 = 66.5 %: it holds 5 % lower
        ("600", "约420", "compliant", False, False),
        # 420 / 640 = 65.625 %, 0.625 points off; 420 / 672 = 62.5 %
        ("约640", "420", "compliant", True, True),
    ],
)
def test_a_clause_on_the_county(make_study, tmp_path, case):
    total, nursing, status, rounded, close = case
    result = beds(make_study, tmp_path, total, nursing)
    clause = result.clause("CX-16")
    assert clause.status == status
    assert (Flag.APPROXIMATE in clause.flags) is rounded
    assert (Flag.CLOSE_CALL in clause.flags) is close
    listed = result.layers["close_calls"]
    assert ("CX-16" in set(listed["clause"])) is close


def test_it_is_told_as_the_county_s(make_study, tmp_path):
    result = beds(make_study, tmp_path, "600", "约387")
    lc.write_outputs(result, tmp_path / "o", only=("json", "gpkg", "report"))
    report = (tmp_path / "o" / "report.html").read_text(encoding="utf-8")
    close = report.partition("临界结论</h3>")[2].partition("<h3")[0]
    row = '<td class="name">全县</td><td>CX-16</td><td></td>'
    assert row in close.replace("<td>–</td>", "<td></td>")
    assert "64.5 %" in close
    again = lc.read_assessment(tmp_path / "o")
    assert again.layers["close_calls"].loc["CX-16", "margin"] == pytest.approx(-0.5)
    turned = "取约数，据实可能翻转"
    for language, words in (("zh", turned), ("en", "rests on a round figure")):
        assert words in Wording(language).word("flag", "approximate")
    assert turned in report


@pytest.mark.parametrize(
    ("top", "bottom", "status", "marked"),
    [
        ("约600", "1000", "compliant", True),  # 60 % is asked; 570 would be too few
        ("约640", "1000", "compliant", False),  # 608 would do
        ("600", "约1000", "compliant", True),  # of 1050 it is 57 %
        ("约580", "1000", "deficient", True),  # 609
        ("约570", "1000", "deficient", False),  # 598.5
        ("约1000", "1000", "compliant", False),  # no more than all: 95 % to 100 %
        ("600", "1000", "compliant", False),
    ],
)
def test_a_typed_figure(make_study, tmp_path, top, bottom, status, marked):
    """JX-01: 60 % of the disabled 特困 people at least are cared for together."""
    heading = BED_STUDY.replace("caoxian", "jinxiang").replace("371721", "370828")
    study = make_study(study=heading.replace("2023-06-30", "2024-06-30"))
    (tmp_path / "院.csv").write_text(
        "编号,设施名称,设施类型,X,Y,状态,建筑面积,床位数,护理型床位\n"
        "F1,甲敬老院,敬老院,500050,3850050,运营,2000,100,70\n",
        encoding="utf-8",
    )
    (tmp_path / "指标.csv").write_text(
        f"指标代码,分子,分母,来源\ndisabled_tekun_collective,{top},{bottom},民政局\n",
        encoding="utf-8",
    )
    with study.open("a", encoding="utf-8") as stream:
        stream.write('[layers.indicators]\npath = "指标.csv"\n')
    clause = lc.assess(lc.read_study(study)).clause("JX-01")
    assert clause.status == status
    assert (Flag.APPROXIMATE in clause.flags) is marked


@pytest.mark.parametrize(
    ("beds", "people", "status", "marked"),
    [
        # 30 + 30 + 20 and some 20 people: 19 to 21 of them, 99 to 101 in all
        ("100", "20", "compliant", False),
        ("100", "约20", "compliant", True),
        ("101", "约20", "compliant", False),
        ("99", "约20", "deficient", True),
        ("98", "约20", "deficient", False),
        ("约106", "20", "compliant", False),  # 100.7 beds
        ("约106", "约20", "compliant", True),  # 100.7 beds for 101: both at their worse ends
        ("约107", "约20", "compliant", False),  # 101.65
    ],
)
def test_people_of_a_district_beside_the_beds_of_its_host(
    make_study, tmp_path, beds, people, status, marked
):
    """WS-09c: 湖西片区 has four towns, whose people 赵庙镇敬老院 has beds for."""
    heading = BED_STUDY.replace("caoxian", "weishan").replace("371721", "370826")
    study = make_study(study=heading + '[layers.units]\npath = "镇街.csv"\n')
    (tmp_path / "院.csv").write_text(
        "编号,设施名称,设施类型,X,Y,状态,建筑面积,床位数,所属镇街\n"
        f"F1,赵庙镇敬老院,区域性养老服务中心,500050,3850050,运营,2000,{beds},370826109\n",
        encoding="utf-8",
    )
    towns = zip(("109", "110", "112", "206"), ("30", "30", "20", people), strict=True)
    rows = [f"370826{code},镇{code},镇,{count}" for code, count in towns]
    (tmp_path / "镇街.csv").write_text(
        "\n".join(["代码,名称,类型,特困人员", *rows]) + "\n", encoding="utf-8"
    )
    result = lc.assess(lc.read_study(study))
    row = result.findings.set_index(["clause", "id"]).loc["WS-09c", "370826109"]
    assert (row["status"], Flag.APPROXIMATE in row["flags"]) == (status, marked)
    assert (Flag.APPROXIMATE in result.clause("WS-09c").flags) is marked
