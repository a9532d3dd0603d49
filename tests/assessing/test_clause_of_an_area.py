"""An area to which no quota applies is told the quota of its kind, with why that asks nothing.

The map card of 新建 estates that nobody lives in yet cited what Jinxiang asks of existing ones.
"""

from __future__ import annotations

from tests.two_ledgers import STUDY, written

import lifecircle as lc

HOMES = """编号,小区名称,户数,类别,城乡,阶段,X,Y
R1,甲苑,600,新建,城镇,验收,500000,3850000
R2,乙苑,600,已批未建成,城镇,规划,502000,3850000
R3,丙苑,600,新建,城镇,入住,504000,3850000
R4,丁苑,600,已建成,城镇,验收,506000,3850000
R5,戊村,600,新建,乡村,入住,508000,3850000
R6,己村,600,已建成,乡村,入住,510000,3850000
R7,庚村,600,老旧,乡村,入住,512000,3850000
"""
ROOMS = """编号,设施名称,设施类型,状态,建筑面积,X,Y
F1,甲站,社区养老服务站,运营,60,504010,3850000
"""
JINXIANG = {
    "R1": ("JX-03", "not_applicable", "not_yet_lived_in"),
    "R2": ("JX-03", "not_applicable", "not_yet_lived_in"),
    "R3": ("JX-03", "deficient", "quota_short_small"),
    "R4": ("JX-06", "not_assessed", "stage_unread"),  # built, and not yet handed over: which?
    "R5": ("JX-03", "not_applicable", "other_setting"),
    "R6": ("JX-06", "not_applicable", "other_setting"),
    "R7": ("JX-06", "not_applicable", "other_setting"),
}


def test_the_quota_of_its_kind(tmp_path):
    study = STUDY.replace("371721", "370828").replace("caoxian-2023", "jinxiang-2023")
    result = lc.assess(lc.read_study(written(tmp_path, study, r=HOMES, f=ROOMS) / "study.toml"))
    frame = result.layers["residential"]
    told = zip(frame["clause"], frame["verdict"], frame["reason"], strict=True)
    found = {
        area: (clause, verdict, str(why.code))
        for area, (clause, verdict, why) in zip(frame.index, told, strict=True)
    }
    assert found == JINXIANG
