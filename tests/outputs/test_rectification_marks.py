"""A town's list goes out without the report: what its figures rest on stands in it."""

from __future__ import annotations

import pytest
from tests.two_ledgers import STUDY, written

import lifecircle as lc
from lifecircle.outputs.report.rectification import rectification_rows
from lifecircle.outputs.words.wording import Wording

PINGYIN = STUDY.replace("371721", "370124").replace("caoxian-2023", "pingyin-2022")
PINGYIN = PINGYIN.replace("2025-12-31", "2024-12-31")
HEAD = "编号,小区名称,户数,类别,城乡,X,Y\n"
FACILITIES = "编号,设施名称,设施类型,状态,建筑面积,X,Y\nF1,站,日间照料中心,运营,{},500010,3880000\n"
UNVERIFIED, ABOUT = "数据来源未核实", "约数"


def note_of(folder, study, m2):
    area = HEAD + "R1,甲园,500,已建成,城镇,500000,3880000\n"
    made = written(folder, study, r=area, f=FACILITIES.format(m2))
    assessment = lc.assess(lc.read_study(made / "study.toml"))
    columns, rows = rectification_rows(assessment, Wording.of(assessment))
    (row,) = rows
    told = dict(zip((column.code for column in columns), row, strict=True))
    return told["rectify_note"] or ""


@pytest.mark.parametrize(
    ("study", "m2", "marked"),
    [
        (PINGYIN, "40", {UNVERIFIED}),  # the 15 m² per 100 households are the province's
        (PINGYIN, "约74", {UNVERIFIED, ABOUT}),  # 75 of 75 may stand there
        (STUDY, "40", set()),  # 曹县's own
        (STUDY, "约74", {ABOUT}),
        (STUDY, "约40", set()),  # no rounding makes 75 of it
    ],
)
def test_the_list_says_what_its_figures_rest_on(tmp_path, study, m2, marked):
    note = note_of(tmp_path, study, m2)
    assert {mark for mark in (UNVERIFIED, ABOUT) if mark in note} == marked
