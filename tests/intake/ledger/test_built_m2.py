"""A column of what is built is not proposed for what is asked: mapped, it would be the quota."""

from __future__ import annotations

import pytest
from tests.two_ledgers import STUDY, written

import lifecircle as lc

ROOMS = "编号,设施名称,设施类型,状态,建筑面积,X,Y\nF1,站,日间照料中心,运营,80,500005,3850000\n"


@pytest.mark.parametrize(
    ("header", "proposed"),
    [
        ("已配建面积", False),
        ("已配建面积（㎡）", False),
        ("配建面积", False),
        ("实际配建面积", False),
        ("规划应配建面积", True),
    ],
)
def test_what_is_built_is_not_what_is_asked(tmp_path, header, proposed):
    text = f"编号,小区名称,户数,类别,城乡,X,Y,{header}\n"
    text += "R1,东园,500,已建成,城镇,500000,3850000,60\n"
    study = lc.read_study(written(tmp_path, STUDY, r=text, f=ROOMS))
    asked = [p.params["field"] for p in study.problems if p.code == "column_likely"]
    assert asked == ["required_m2"] * proposed
