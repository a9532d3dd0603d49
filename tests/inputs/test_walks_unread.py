"""A row of a travel table whose walk cannot be read is no pair beyond reach: any walk may be."""

from __future__ import annotations

import pytest
from tests.two_ledgers import STUDY, written

import lifecircle as lc
from lifecircle.model.reason import ReasonCode

WALKS = STUDY + '[layers.travel]\npath = "t.csv"\nunit = "min"\nlimit = 30\n'
AREAS = "".join(f"R{n},小区{n},500,已建成,城镇,{500000 + 900 * n},3850000\n" for n in (1, 2))
PLACES = "".join(f"F{n},站{n},日间照料中心,运营,75,{500000 + 900 * n},3850000\n" for n in (1, 2))


@pytest.fixture
def walks(tmp_path):
    """Return a function from the rows of the table to the status and reason of R1's walk."""
    r = f"编号,小区名称,户数,类别,城乡,X,Y\n{AREAS}"
    f = f"编号,设施名称,设施类型,状态,建筑面积,X,Y\n{PLACES}"

    def read(rows):
        table = f"居住区,设施,步行时间\n{rows}R2,F2,40\n"
        found = lc.assess(lc.read_study(written(tmp_path, WALKS, r=r, f=f, t=table))).findings
        found = found[found["clause"] == "CX-05"].set_index("id")
        # R2's only row is known, and beyond 15 minutes
        assert str(found.at["R2", "status"]) == "deficient"
        return str(found.at["R1", "status"]), found.at["R1", "reason"]

    return read


@pytest.mark.parametrize("cell", ["", "很近", "10-20", "<15", "无"])
@pytest.mark.parametrize("known", ["", "R1,F2,10\n", "R1,F2,20\n", "R1,F2,40\n"])
def test_a_walk_that_cannot_be_read_may_be_any(walks, cell, known):
    # by completion: 0 minutes, the limit, and none within it
    every = {walks(known + (f"R1,F1,{m}\n" if m else ""))[0] for m in ("0.1", "15", "")}
    status, reason = walks(f"{known}R1,F1,{cell}\n")
    assert status == (every.pop() if len(every) == 1 else "not_assessed")
    if status == "not_assessed":
        assert reason.code == ReasonCode.WALK_COST_UNREAD
        assert reason.params == {"written": cell or "–", "facility": "F1"}
