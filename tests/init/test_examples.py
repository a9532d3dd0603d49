"""What people type over the example row of the template is data."""

from __future__ import annotations

import math

import openpyxl
import pytest
from typer.testing import CliRunner

from lifecircle.cli import app
from lifecircle.intake import check_study


@pytest.fixture
def workbook(tmp_path, monkeypatch):
    """A new study and its workbook, with columns found by header."""
    monkeypatch.setenv("LIFECIRCLE_LANG", "zh")
    folder = tmp_path / "县"
    words = ["init", str(folder), "--standard", "jinxiang-2023", "--as-of", "2025-12-31"]
    assert CliRunner().invoke(app, words).exit_code == 0
    (path,) = folder.glob("*.xlsx")
    book = openpyxl.load_workbook(path)

    def sheet(layer, **values):
        """Set cells of the example row by header; None clears one."""
        found = next(w for w in book if w.title.startswith(layer))
        for row in range(1, 8):
            if str(found.cell(row, 1).value).startswith("示例行"):
                line = row
        headers = {str(c.value): c.column for c in found[line - 1] if c.value is not None}
        for name, value in values.items():
            column = next(n for header, n in headers.items() if header.startswith(name))
            found.cell(line, column).value = value
        return {str(k): found.cell(line, n).value for k, n in headers.items()}

    sheet.save = lambda: book.save(path)
    sheet.study = folder
    return sheet


def _said(problems, layer):
    """Code and column of what is said of example rows of a layer."""
    return sorted(
        (str(p.code), p.column or "")
        for p in problems
        if p.layer == layer and "example" in str(p.code)
    )


def _fill(workbook):
    """An area and a facility typed over their examples in full, the marks left."""
    workbook("居住区", 小区名称="金河湾", 所属街道="金乡街道", 所属社区="东关社区")
    workbook("居住区", 户数=1999, 人口=5600, 建成年份=2012, 经度=116.30, 纬度=35.06)
    workbook("居住区", **{"60岁以上人口": 700})
    workbook("设施", 设施名称="金河湾站", 所属街道="金乡街道", 所属社区="东关社区")
    workbook("设施", 建筑面积=260, 星级=3, 服务小区="金河湾", 经度=116.3001, 纬度=35.0601)


def test_an_untouched_workbook_has_no_records(workbook):
    study, problems = check_study(workbook.study)
    assert study is None
    assert _said(problems, "residential") == [("row_example", "")]


def test_records_typed_over_the_examples_are_read(workbook):
    _fill(workbook)
    workbook.save()
    study, problems = check_study(workbook.study)
    for layer in ("residential", "facilities"):
        assert _said(problems, layer) == [("example_typed_over", "编号")]
    (area,) = study.residential.frame.itertuples()
    assert (area.name, area.households, area.population, area.elders) == ("金河湾", 1999, 5600, 700)
    assert "示例" not in area.Index
    (place,) = study.facilities.frame.itertuples()
    assert (place.name, place.floor_area_m2, place.star) == ("金河湾站", 260, 3)
    assert _said(problems, "gates") == []  # a sheet with its example only is not used


def test_what_was_left_of_the_example_is_nobodys_data(workbook):
    _fill(workbook)
    workbook("居住区", 户数=850, 人口=2300, 所属社区="示例社区")
    workbook("设施", 服务小区="示例小区:200；另一小区")
    workbook.save()
    study, problems = check_study(workbook.study)
    assert _said(problems, "residential") == [
        *(("example_left", name) for name in ("人口（人）", "户数（户）", "所属社区")),
        ("example_typed_over", "编号"),
    ]
    (area,) = study.residential.frame.itertuples()
    assert math.isnan(area.households)
    assert math.isnan(area.population)
    assert (area.elders, area.age_class) == (700, "existing")  # a choice of the drop-down stays
    assert not area.community
    assert ("example_left", "服务小区") in _said(problems, "facilities")


def test_a_mixture_under_the_made_up_name_is_told(workbook):
    workbook("居住区", 户数=900)
    workbook("设施", 建筑面积=None)  # cleared: nothing was typed
    workbook("出入口", 居住区="金河湾")
    workbook.save()
    _, problems = check_study(workbook.study)
    assert _said(problems, "residential") == [("example_changed", "")]
    assert _said(problems, "facilities") == [("row_example", "")]
    assert _said(problems, "gates")[-1][0] == "example_typed_over"  # 北门 is a name gates have


VALUES = {"小区名称": "金河湾", "户数": 1999, "人口": 5600, "建成年份": 2012, "经度": 116.3}


@pytest.mark.parametrize(
    "typed", [("小区名称",), ("户数",), ("人口", "经度"), ("小区名称", "户数")]
)
def test_a_name_of_ones_own_makes_a_record(workbook, typed):
    workbook("居住区", **{name: VALUES[name] for name in typed})
    workbook.save()
    _, problems = check_study(workbook.study)
    (said,) = [code for code, _ in _said(problems, "residential") if code != "example_left"]
    assert said == ("example_typed_over" if "小区名称" in typed else "example_changed")
