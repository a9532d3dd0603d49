"""Tables without a row: where a county may have nothing to list that is no error."""

from __future__ import annotations

import pytest
from tests.two_ledgers import STUDY, written

from lifecircle.intake import check_study
from lifecircle.model.problem import ProblemCode, Severity, worst

AREAS = "编号,小区名称,户数,类别,城乡,X,Y\nR1,东园,500,已建成,城镇,500000,3850000\n"
ROOMS = "编号,设施名称,设施类型,状态,建筑面积,X,Y\nF1,甲站,日间照料中心,运营,75,500600,3850000\n"
PLACED = 'crs = "EPSG:4548"\n'
LAYERS = {
    "exemptions": ("编号,条款,理由,依据", ""),
    "gates": ("居住区编号,X,Y", PLACED),
    "candidates": ("编号,名称,X,Y", PLACED),
    "buildings": ("编号,居住区编号,户数,X,Y", PLACED),
    "travel": ("居住区,设施,步行分钟", 'unit = "min"\nlimit = 30\n'),
}


def read(folder, layer, text, more=""):
    study = STUDY + f'[layers.{layer}]\npath = "t.csv"\n{more}'
    written(folder, study, r=AREAS, f=ROOMS, t=text)
    return check_study(folder / "study.toml")


@pytest.mark.parametrize(
    ("layer", "rest"),
    [*((layer, "") for layer in LAYERS), ("exemptions", "\n,,,"), ("exemptions", "\n填表人：张三")],
)
def test_a_table_of_a_header_alone_lists_nothing(tmp_path, layer, rest):
    header, more = LAYERS[layer]
    study, problems = read(tmp_path, layer, f"{header}{rest}\n", more)
    assert study is not None
    mine = [p for p in problems if p.layer == layer]
    assert [p.code for p in mine if p.code.startswith("layer")] == [ProblemCode.LAYER_BLANK]
    assert worst(mine) in {None, Severity.INFO}


def test_a_table_whose_only_row_cannot_be_used_is_no_empty_one(tmp_path):
    _, problems = read(tmp_path, "exemptions", "编号,条款,理由,依据\n,CX-06,无地,1号\n")
    codes = {p.code for p in problems if p.layer == "exemptions" and p.severity is Severity.ERROR}
    assert codes == {ProblemCode.VALUE_MISSING, ProblemCode.LAYER_EMPTY}


@pytest.mark.parametrize("layer", ["residential", "facilities"])
def test_without_areas_or_facilities_there_is_no_study(tmp_path, layer):
    tables = {"r": AREAS, "f": ROOMS}
    name = layer[0]
    tables[name] = tables[name].splitlines()[0] + "\n"
    written(tmp_path, STUDY, **tables)
    study, problems = check_study(tmp_path / "study.toml")
    assert study is None
    assert ProblemCode.LAYER_EMPTY in [p.code for p in problems if p.layer == layer]
