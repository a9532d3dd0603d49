"""What is written in a ledger and not used is told as written, with its cell, of its row."""

from __future__ import annotations

import dataclasses

import openpyxl
import pytest
from typer.testing import CliRunner

import lifecircle as lc
from lifecircle.assessing.explanation import explain
from lifecircle.cli import app
from lifecircle.intake import read_study
from lifecircle.model.inputs.contents import Contents, LeftOut
from lifecircle.model.inputs.study import InputRecord
from lifecircle.model.problem import LOST
from lifecircle.outputs.maps.areas import area_columns
from lifecircle.outputs.maps.facilities import facility_features
from lifecircle.outputs.maps.labels import Labels
from lifecircle.outputs.report.page.rows import undecided_subjects
from lifecircle.outputs.report.workbook.areas import area_rows
from lifecircle.outputs.report.workbook.facilities import facility_rows
from lifecircle.outputs.words.sources_read import read_words
from lifecircle.outputs.words.wording import Wording

STUDY = """
[study]
name = "小县"
county = "370827"
standard = "caoxian-2023"
as_of = 2024-06-30
crs = "EPSG:4548"
[layers.residential]
path = "小区.xlsx"
crs = "EPSG:4548"
[layers.facilities]
path = "设施.xlsx"
crs = "EPSG:4548"
"""
AREAS = {
    "编号": "R1",
    "小区名称": "甲苑",
    "户数": 200,
    "类别": "已建成",
    "城乡": "城镇",
    "阶段": "入住",
    "常住人口": 600,
    "X": 500050,
    "Y": 3850050,
}
HOMES = {
    "编号": "F1",
    "设施名称": "甲站",
    "设施类型": "社区养老服务站",
    "状态": "运营",
    "建筑面积": 30,
    "社区服务面积": 30,
    "床位数": 5,
    "日间或上门服务": "是",
    "X": 500050,
    "Y": 3850050,
}


def assessed(folder, area=(), home=()):
    """Return the result of one area and one station, cells of which are ``area`` and ``home``."""
    for name, row in (("小区", AREAS | dict(area)), ("设施", HOMES | dict(home))):
        book = openpyxl.Workbook()
        for line in (list(row), list(row.values())):
            book.active.append(line)
        book.save(folder / f"{name}.xlsx")
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    return lc.assess(read_study(folder / "study.toml"))


@pytest.mark.parametrize(
    ("header", "value", "column", "cell"),
    [
        ("阶段", "二期那个", "stage", "F2"),
        ("户数", "好几百", "households", "C2"),
        ("类别", "半新", "age_class", "D2"),
        ("城乡", "城边", "setting", "E2"),
        ("常住人口", "六百来往", "population", "G2"),
    ],
)
def test_a_word_of_an_area_is_told_with_its_cell(tmp_path, header, value, column, cell):
    result = assessed(tmp_path, {header: value})
    words = Wording.of(result)
    told = explain(result, "R1")
    assert (told.unread[column].cell, told.unread[column].value) == (cell, value)
    spoken = area_columns(result, words, {})["unread"].values[0]
    columns, rows = area_rows(result, words)
    line = dict(zip([one.code for one in columns], next(iter(rows)), strict=True))
    screen = CliRunner().invoke(app, ["explain", str(tmp_path), "R1"], env={"COLUMNS": "400"})
    page = [row["reason"] for row in undecided_subjects(result, words) if "甲苑" in row["names"]]
    missed = column in {"stage", "households", "age_class", "setting"}
    for said in (spoken, line["unread"], screen.output, *(["".join(page)] if missed else [])):
        assert value in said
        assert cell in said
        assert "小区.xlsx" in said


@pytest.mark.parametrize(
    ("header", "value", "cell", "why"),
    [
        ("设施类型", "老年之家什么的", "C2", True),
        ("状态", "好像开着", "D2", True),
        ("建筑面积", "三十来往", "E2", False),
        ("床位数", "五六张", "G2", False),
        ("日间或上门服务", "看情况", "H2", False),
    ],
)
def test_a_word_of_a_facility_is_told_with_its_cell(tmp_path, header, value, cell, why):
    result = assessed(tmp_path, home={header: value})
    spoken = Wording.of(result, "map")
    labels = Labels(spoken)
    (feature,) = facility_features(result, spoken, labels)
    facts = dict(
        zip(map(labels.texts.__getitem__, feature["p"][::2]), feature["p"][1::2], strict=True)
    )
    columns, rows = facility_rows(result, Wording.of(result, "workbook"))
    line = dict(zip([one.code for one in columns], next(iter(rows)), strict=True))
    for said in (
        facts["写了但没有采用"],
        line["unread"],
        *([line["why_uncounted"]] if why else ()),
    ):
        assert value in said
        assert cell in said


def test_a_clean_ledger_has_no_such_column(tmp_path):
    result = assessed(tmp_path)
    words = Wording.of(result)
    for rows in (area_rows, facility_rows):
        assert "unread" not in [one.code for one in rows(result, words)[0]]
    assert not any(LOST in one.params for one in result.problems)
    assert explain(result, "R1").unread == {}


def test_cells_of_a_row_given_another_id_are_told_of_it_alone(tmp_path):
    """Two rows are called F1: the second is another place, F3 by its row, and its stage unread."""
    assessed(tmp_path)
    book = openpyxl.load_workbook(tmp_path / "设施.xlsx")
    book.active.append([*(HOMES | {"设施名称": "乙站", "状态": "好像开着"}).values()])
    book.save(tmp_path / "设施.xlsx")
    result = lc.assess(read_study(tmp_path / "study.toml"))
    told = [p.params["lost_of"] for p in result.problems if p.value == "好像开着"]
    made = [key for key in result.layers["facilities"].index if key != "F1"]
    assert told == made
    assert len(made) == 1


def test_a_sheet_that_another_layer_reads_is_not_told_as_unread():
    """Of a workbook with a sheet a layer each table said that the others were 未读取."""

    def read(layer, mine, *others):
        left = tuple(LeftOut(name) for name in others)
        return InputRecord(layer, "台账.xlsx", "0" * 64, 1, 1, 0, Contents((mine,), (), left))

    areas = read("residential", "居住区", "设施", "2024年")
    places = read("facilities", "设施", "居住区", "2024年")
    elsewhere = dataclasses.replace(places, path="另一本.xlsx")
    assert read_words(areas, "zh", (areas, places)) == "读取：居住区；未读取：2024年"
    assert read_words(areas, "zh", (areas, elsewhere)) == "读取：居住区；未读取：设施、2024年"
