"""Rooms that an area without a position may need are not told as no spare rooms at all."""

from __future__ import annotations

import pytest
from tests.two_ledgers import STUDY, written

import lifecircle as lc
from lifecircle.outputs.report.brief.told import needed_lines
from lifecircle.outputs.words.wording import Wording

HEAD = "编号,小区名称,户数,类别,城乡,阶段,X,Y\n"
SHORT = "R1,西园,500,已建成,城镇,入住,369000,3855000\n"
UNPLACED = "R2,冬苑,500,已建成,城镇,入住,,\n"
ROOMS = "编号,设施名称,设施类型,X,Y,状态,社区服务面积\n"
FREE = "F1,某某站,社区养老服务站,369000,3855250,运营,300\n"  # beyond 200 m of 西园
AWAY = "F1,某某站,社区养老服务站,375000,3855100,运营,300\n"


@pytest.mark.parametrize(
    ("areas", "rooms", "told"),
    [
        (SHORT, FREE, "把现有设施的富余面积统筹起来，可补 75 m²"),
        (SHORT + UNPLACED, FREE, "没有能确定可统筹的富余面积"),  # 300 m², 75 of them 冬苑's perhaps
        (SHORT, AWAY, "现有设施没有可统筹的富余面积。"),
    ],
)
def test_spare_rooms_that_may_be_anothers(tmp_path, areas, rooms, told):
    read = lc.read_study(written(tmp_path, STUDY, r=HEAD + areas, f=ROOMS + rooms))
    result = lc.assess(read)
    lines = needed_lines(result, Wording.of(result, "brief"))
    assert any(told in line for line in lines), lines
