"""Of two documents the one page never says that nobody falls short where the second is missed."""

from __future__ import annotations

from tests.two_ledgers import STUDY, written

import lifecircle as lc
from lifecircle.outputs.report.brief.told import needed_lines, one_page
from lifecircle.outputs.words.wording import Wording

AREA = "编号,小区名称,户数,类别,城乡,阶段,X,Y\nR1,东园,500,已建成,城镇,入住,365000,3855000\n"
HEAD = "编号,设施名称,设施类型,X,Y,状态,社区服务面积\n"
ROOM = f"{HEAD}F1,东园站,社区养老服务站,365000,3855030,运营,90\n"


def test_what_the_second_document_misses_is_not_told_as_nothing(tmp_path):
    """90 m² for 500 households: 75 asked by the first (CX-03), 100 by the second (JX-06)."""
    study = lc.read_study(written(tmp_path, STUDY, r=AREA, f=ROOM))
    both = ["caoxian-2023", "jinxiang-2023"]
    result = lc.assess(study, standards=both)
    page = one_page(result)
    assert "JX-06" in str(page.fails)
    assert page.worst == ()
    assert page.none == "none_first"
    words = Wording.of(result, "brief")
    assert needed_lines(result, words) == (words.say("needed.none_first"),)
    alone = lc.assess(study, standards=both[:1])
    assert one_page(alone).none != "none_first"
