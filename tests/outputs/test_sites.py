"""The table of projects of a plan: what is said, what is to be settled, on paper and in a GIS."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import zipfile

import openpyxl
import pyogrio
import pytest
from docx import Document
from docx.oxml.ns import qn
from tests.two_ledgers import STUDY, written

import lifecircle as lc
from lifecircle.errors import OutputError, SitingError
from lifecircle.model.results.siting import Districts, DistrictUnit, HostLoad
from lifecircle.model.results.siting_plan import Alternative, Closing, Variant
from lifecircle.outputs.office.excel import (
    Column,
    fill_worksheet,
    first_worksheet,
    new_book,
    write_book,
)
from lifecircle.outputs.project.table import COLUMNS
from lifecircle.outputs.project.told import plan_told, plan_words
from lifecircle.outputs.saved.gpkg.verified import verify_whole
from lifecircle.outputs.saved.plans.siting_json import read_siting_json
from lifecircle.outputs.sites import folder as room
from lifecircle.outputs.sites.layers import write_sites_layers
from lifecircle.outputs.words.wording import Wording
from lifecircle.texts import LANGUAGES

HEADS = [
    "序号",
    "项目名称",
    "位置",
    "建设性质",
    "用地面积（m²）",
    "建筑面积（m²）",
    "床位（张）",
    "服务小区及户数",
    "投资（万元）",
    "时序",
    "责任单位",
]


@pytest.fixture(scope="module")
def files(short_plan, tmp_path_factory):
    return lc.write_sites(short_plan, tmp_path_factory.mktemp("plan"))


@pytest.fixture(scope="module")
def sized(short_plan):
    """Return the plan with all that a candidate may say, and m² for each area, as a quota has."""
    first, second = short_plan.places
    shares = tuple(
        dataclasses.replace(one, m2=m2) for one, m2 in zip(first.serves, (45.0, 30.5), strict=True)
    )
    full = dataclasses.replace(
        first, size_m2=75.5, land_m2=1200.0, beds=20.0, cost=86.25, serves=shares, to_check=()
    )
    return dataclasses.replace(short_plan, places=(full, second))


def projects(path):
    """Return the rows of the table of projects: its header, and one list a project."""
    rows = [list(row) for row in openpyxl.load_workbook(path).worksheets[0].values]
    at = rows.index(HEADS)
    return [row for row in rows[at + 1 :] if isinstance(row[0], int)]


def test_what_nobody_says_is_to_be_settled_and_never_zero(files):
    first, second = projects(files["workbook"])
    assert first[0:2] == [1, "旧小学改建为日间照料中心"]
    assert re.fullmatch(r"东经 \d+\.\d{5}°，北纬 \d+\.\d{5}°", first[2])
    assert first[3:7] == ["改建", "待定", "待定\n可用 600 m²", "待定"]
    assert first[7] == "丙苑：300 户\n丁苑：户数未填\n合计 2 个小区，至少 300 户"
    assert first[8:] == ["待定", "第 1 步", "待定"]
    assert second[1] == "二站盘活（社区养老服务站/用房）"
    assert second[7] == "=己苑<b>：80 户\n合计 1 个小区 80 户"
    assert 0 not in {*first, *second}


def test_what_is_said_stands_as_a_number(sized, tmp_path):
    first = projects(lc.write_sites(sized, tmp_path)["workbook"])[0]
    assert first[4:7] == [1200, 75.5, 20]
    assert first[8] == 86.25
    assert first[7].splitlines()[0] == "丙苑：300 户、45 m²"
    notes = plan_told(sized).notes
    assert "用地面积待定：第 2 项（候选点位未填用地面积）。" in notes
    assert not any(note.startswith("第 1 项须核实") for note in notes)


def test_notes_say_why(short_plan):
    notes = plan_told(short_plan).notes
    assert notes[0] == "“待定”是台账和候选点位没有填报，不是零。"
    assert "投资待定：第 1、2 项（候选点位未填投资或单价）。" in notes
    assert "户数未填，不计入合计：丁苑。" in notes
    assert "点位编号（候选图层或设施台账）：1 = K1、2 = F2。" in notes
    assert "建成后仍不达标 1 个：戊苑。" in notes
    assert "第 1 项须核实：所在楼层、用地性质。" in notes


@pytest.mark.parametrize(
    "case",
    [
        (
            "weishan-2023",
            "370826",
            "SD-01",
            "SD-01 新建居住区养老服务设施配建（数据来源未核实）",
            "山东省城镇居住区社区养老服务设施规划、建设、移交和使用管理办法（2022年）（数值来源未核实）",
        ),
        (
            "caoxian-2023",
            "371721",
            "CX-01",
            "CX-01 新建小区养老服务用房配建",
            "曹县养老服务体系创新示范县创建实施方案",
        ),
    ],
)
def test_projects_name_the_document_whose_quota_they_are_for(tmp_path, case):
    standard, county, clause, told, document = case
    study = STUDY.replace("caoxian-2023", standard).replace("371721", county)
    study += '[layers.candidates]\npath = "k.csv"\ncrs = "EPSG:4548"\n'
    tables = {
        "r": "编号,小区名称,规划户数,类别,城乡,X,Y\nR1,东园,500,新建,城镇,500000,3850000\n",
        "f": "编号,设施名称,设施类型,状态,建筑面积,X,Y\nF1,甲站,托老所,运营,75,509000,3850000\n",
        "k": "编号,名称,类型,建筑面积,X,Y\nK1,旧校,闲置校舍,300,500020,3850000\n",
    }
    folder = written(tmp_path, study, **tables)
    plan = lc.site(lc.read_study(folder / "study.toml"), clause)
    facts = dict(plan_told(plan).facts)
    assert (facts["依据条款"], facts["依据文件"]) == (told, document)
    assert plan.provision.m2 == 100  # 500 homes, 20 m² a hundred


def test_before_and_after_are_the_plan_s_own(short_plan):
    rows = [row for row in plan_told(short_plan).rates if row.whole]
    found = {(row.scope, row.basis): (row.before, row.after) for row in rows}
    assert found["全县（全域）", "居住区个数"] == ("2/6 = 33.3 %", "5/6 = 83.3 %")


def test_the_workbook_prints_on_a4_across_with_its_head_on_every_page(files):
    sheet = openpyxl.load_workbook(files["workbook"]).worksheets[0]
    assert sheet.title == "近期建设项目表"
    assert sheet.page_setup.orientation == "landscape"
    assert int(sheet.page_setup.paperSize) == 9  # A4
    head = next(row[0].row for row in sheet.iter_rows() if row[0].value == "序号")
    assert sheet.print_title_rows == f"${head}:${head}"
    cells = [cell for ws in openpyxl.load_workbook(files["workbook"]) for row in ws for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_every_line_of_a_cell_has_room(tmp_path):
    """Four lines of one letter: together they are short enough for one, and need four."""
    book = new_book()
    column = Column("clause", 12, wrap=True)
    fill_worksheet(first_worksheet(book, "x"), [column], [["a\nb\n\nd"], ["a b d"]], Wording("zh"))
    sheet = openpyxl.load_workbook(
        write_book(book, tmp_path / "x.xlsx", dt.date(2024, 1, 1))
    ).active
    assert sheet.row_dimensions[2].height == 4 * 17
    assert sheet.row_dimensions[3].height is None


def test_the_page_escapes_and_asks_for_nothing(files):
    page = files["page"].read_text(encoding="utf-8")
    assert "=己苑&lt;b&gt;：80 户" in page
    assert "己苑<b>" not in page
    assert "@page { size: A4 landscape" in page
    assert not re.search(r"(src|href)\s*=", page)
    assert all(f"<th>{head}</th>" in page for head in HEADS)


def test_the_word_file_is_across_and_repeats_its_head(files):
    document = Document(str(files["document"]))
    section = document.sections[0]
    assert section.page_width > section.page_height
    table = document.tables[0]
    assert [cell.text for cell in table.rows[0].cells] == HEADS
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert table.rows[1].cells[4].text == "待定"
    assert table.rows[2].cells[1].text == "二站盘活（社区养老服务站/用房）"
    wide = [cell.width for cell in table.rows[0].cells]
    # whom a place serves is the longest text: a line each, not four
    assert max(wide) == wide[7] >= sum(wide) / 4


def test_spare_m2_are_told_before_what_is_built(short_county, tmp_path):
    """CX-03 asks 15 m² for 100 households: F1 has 200, of which A needs 15 and B gets 30."""
    plan = lc.site(lc.read_study(short_county / "study.toml"), "CX-03")
    told = plan_told(plan)
    assert told.arranged == (("一站", "乙苑", 30.0),)
    # 45 for C and 7.5 for E; what G needs stands in F2 already
    assert ("拟新增面积", "52.5 m²") in told.facts
    files = lc.write_sites(plan, tmp_path)
    sizes = {row[1]: row[5] for row in projects(files["workbook"])}
    assert sizes["旧小学改建为社区养老服务站/用房"] == 45
    assert "<td>一站</td><td>乙苑</td>" in files["page"].read_text(encoding="utf-8")
    future = lc.assess(lc.read_study(short_county / "study.toml"), sites=lc.read_sites(tmp_path))
    clause = future.clause("CX-03")
    assert (clause.unbuilt.official.numerator, clause.official.numerator) == (1, 5)
    assert set(clause.unbuilt.statuses) == {"B", "C", "E", "G"}


def test_what_is_asked_otherwise_and_what_could_close(short_plan, tmp_path):
    plan = dataclasses.replace(
        short_plan,
        variants=(
            Variant("sites", 1.0, 300.0, ("K1",), ("K1",)),
            Variant("sites", 3.0, 430.0, ("F2", "K1", "K2"), ("F2", "K1")),
            Variant("sites", 1.0, 40.0, ("K2",), (), 7.5),
        ),
        closing=(Closing("F1", "一站", ("C",), 300.0, ()),),
    )
    told = plan_told(plan)
    assert told.variants == (
        ("建 1 处时", "K1", "F2"),
        ("建 3 处时，另选 K2", "F2、K1", "–"),
        ("建 1 处时（新增 40 m²，仍缺 7.5 m²），另选 K2", "–", "K1、F2"),
    )
    assert told.closing == (("F1 一站", "丙苑", "300", "–"),)
    files = lc.write_sites(plan, tmp_path)
    names = openpyxl.load_workbook(files["workbook"]).sheetnames
    assert names[-2:] == ["换个条件", "可考虑关闭的设施"]
    assert "<td>F1 一站</td><td>丙苑</td>" in files["page"].read_text(encoding="utf-8")


def test_other_choices_with_their_cost_and_whom_they_gain_and_lose(short_plan, tmp_path):
    many = tuple(f"X{k:02d}" for k in range(13))
    plan = dataclasses.replace(
        short_plan,
        alternatives=(
            Alternative(90.0, ("K2",), ("K1",), ("K2",), cost=80.5, gains=("C",), loses=many),
            Alternative(70.0, ("K3",), ("K1",), ("K3",)),
        ),
    )
    first, second = (row[1:] for row in plan_told(plan).choices)
    listed = "、".join(many[:12])
    assert first == ("K1", "K2", "80.5", "丙苑", f"{listed} 等 13 个")
    assert second == ("K1", "K3", "–", "–", "–")
    files = lc.write_sites(plan, tmp_path)
    sheet = openpyxl.load_workbook(files["workbook"])["其他方案"]
    heads = ["不建", "换为", "投资（万元）", "另可达标的小区", "不再达标的小区"]
    assert [cell.value for cell in sheet[1]][1:] == heads
    page = files["page"].read_text(encoding="utf-8")
    assert "<td>80.5</td><td>丙苑</td>" in page
    assert "<th>不再达标的小区</th>" in page


def test_service_districts_are_told_unit_by_unit(short_county, short_plan, tmp_path):
    found = Districts(
        means="drive",
        units=(DistrictUnit("U1", "甲镇", "H2", 12.5, "H1", None),),
        hosts=(HostLoad("H1", "一院", None, 0.0, 1.0), HostLoad("H2", "二院", 60.0, 1.0, 0.0)),
        objective=12.5,
        planned=None,
        bound=12.5,
        proven=True,
        unreachable=(),
        borders=True,
        room=False,
    )
    plan = dataclasses.replace(short_plan, places=(), answer=None, districts=found)
    assert plan_told(plan).districts == (("甲镇", "H2 二院", "12.5", "H1 一院", "–"),)
    files = lc.write_sites(plan, tmp_path)
    page = files["page"].read_text(encoding="utf-8")
    assert "<td>甲镇</td><td>H2 二院</td><td>12.5</td>" in page
    assert "不需要新增" not in page
    assert "服务片区" in openpyxl.load_workbook(files["workbook"]).sheetnames
    with pytest.raises(SitingError, match="plan_districts"):
        lc.assess(lc.read_study(short_county / "study.toml"), sites=plan)


def test_layers_for_a_gis(files):
    sites = pyogrio.read_dataframe(files["gpkg"], layer="sites")
    links = pyogrio.read_dataframe(files["gpkg"], layer="site_links")
    assert list(sites["id"]) == ["K1", "F2"]
    assert list(sites["nature"]) == ["convert", "reuse"]
    assert sites["land_m2"].isna().all()  # not known, and so NULL
    assert list(links["residential"]) == ["C", "D", "G"]
    assert list(links["households"].fillna(-1)) == [300, -1, 80]
    assert list(links.length) == [200, 300, 500]  # metres, by the coordinates of the study
    assert sites.crs.to_epsg() == 4548
    styles = pyogrio.read_dataframe(files["gpkg"], layer="layer_styles")
    assert list(styles["f_table_name"]) == ["sites"]
    assert all(word in styles["styleQML"][0] for word in ("新建", "改建", "扩建", "盘活"))


def test_a_plan_that_builds_nothing_is_written_too(short_plan, tmp_path):
    nothing = dataclasses.replace(short_plan, places=())
    files = lc.write_sites(nothing, tmp_path)
    assert "不需要新增" in files["page"].read_text(encoding="utf-8")
    assert projects(files["workbook"]) == []
    assert len(pyogrio.read_dataframe(files["gpkg"], layer="sites")) == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_there_in_both_languages(short_plan, sized, language):
    for plan in (short_plan, sized):
        origin = dataclasses.replace(plan.origin, language=language)
        for nature in ("new", "convert", "expand", "reuse"):
            places = tuple(dataclasses.replace(p, nature=nature) for p in plan.places)
            told = plan_told(dataclasses.replace(plan, origin=origin, places=places))
            assert len(told.rows) == 2
    words = plan_words(dataclasses.replace(short_plan, origin=origin))
    assert all(words.knows(f"column.{code}") for code in COLUMNS)


def test_equal_plans_are_equal_bytes(files, short_plan, tmp_path):
    again = lc.write_sites(short_plan, tmp_path)
    for name, path in again.items():
        assert path.read_bytes() == files[name].read_bytes(), name
    assert zipfile.ZipFile(again["workbook"]).testzip() is None
    assert read_siting_json(tmp_path) == short_plan


def test_all_files_or_none(files, short_plan, tmp_path, monkeypatch):
    home = tmp_path / "plan"
    old = {name: path.read_bytes() for name, path in lc.write_sites(short_plan, home).items()}

    def fails(_plan, path):
        path.write_text("half", encoding="utf-8")
        raise OutputError("no space")

    monkeypatch.setitem(room._WRITERS, "gpkg", fails)
    with pytest.raises(OutputError):
        lc.write_sites(dataclasses.replace(short_plan, places=()), home)
    assert {name: (home / path.name).read_bytes() for name, path in files.items()} == old
    assert {path.name for path in home.iterdir()} == {path.name for path in files.values()}


def test_layers_that_lost_a_row_never_take_their_name(short_plan, tmp_path, monkeypatch):
    def losing(part, rows):
        assert rows["sites"] == 2  # K1 and F2
        verify_whole(part, rows | {"sites": 3})

    monkeypatch.setattr("lifecircle.outputs.sites.layers.verify_whole", losing)
    with pytest.raises(OutputError, match="2 rows of 3"):
        write_sites_layers(short_plan, tmp_path / "sites.gpkg")
    assert list(tmp_path.iterdir()) == []
