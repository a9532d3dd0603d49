"""A place that was not known and now is, and the other way round, are told apart."""

from __future__ import annotations

import pytest
from tests.two_ledgers import STUDY, written

import lifecircle as lc
from lifecircle.outputs.words.causes import cause_text
from lifecircle.outputs.words.changes import subject_text
from lifecircle.outputs.words.wording import Wording

AREA = "编号,小区名称,户数,类别,城乡,X,Y\nR1,东园,500,已建成,城镇,500000,3850000\n"
ROOM = "编号,设施名称,设施类型,状态,建筑面积,X,Y\nF1,甲站,日间照料中心,运营,75,"


@pytest.mark.parametrize(
    ("order", "told"), [((0, 1), "位置由不详变为已知"), ((1, 0), "位置由已知变为不详")]
)
def test_a_place_found_and_a_place_lost(tmp_path, order, told):
    sides = []
    for name in ("lost", "known"):
        (folder := tmp_path / name).mkdir()
        room = ROOM + {"lost": ",\n", "known": "500300,3850000\n"}[name]
        sides.append(lc.assess(lc.read_study(written(folder, STUDY, r=AREA, f=room))))
    found = lc.compare(*(sides[side] for side in order))
    words = Wording.of_both(found)
    assert [subject_text(one, words) for one in found.subjects] == [told]
    causes = {cause_text(one, words) for change in found.findings for one in change.causes}
    assert f"设施甲站的{told}" in causes
