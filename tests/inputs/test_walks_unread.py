"""Rows of a travel table with an unread walk, or without a known end: any may be, none is lost."""

from __future__ import annotations

import functools

import pytest
from tests.two_ledgers import STUDY, written

import lifecircle as lc
from lifecircle.model.reason import ReasonCode
from lifecircle.model.status import Flag

pytestmark = pytest.mark.one_in(2)  # words and layers in many combinations

WALKS = STUDY + '[layers.travel]\npath = "t.csv"\nunit = "min"\nlimit = 30\n'
AREAS = "".join(f"R{n},小区{n},500,已建成,城镇,{500000 + 900 * n},3850000\n" for n in (1, 2))
PLACES = "".join(f"F{n},站{n},日间照料中心,运营,75,{500000 + 900 * n},3850000\n" for n in (1, 2))


@pytest.fixture(scope="module")
def walks(tmp_path_factory):
    """Return a function from the rows of the table to the status and reason of R1's walk."""
    r = f"编号,小区名称,户数,类别,城乡,X,Y\n{AREAS}"
    f = f"编号,设施名称,设施类型,状态,建筑面积,X,Y\n{PLACES}"

    @functools.cache
    def read(rows):
        tmp_path = tmp_path_factory.mktemp("walks")
        table = f"居住区,设施,步行时间\n{rows}R2,F2,40\n"
        found = lc.assess(lc.read_study(written(tmp_path, WALKS, r=r, f=f, t=table))).findings
        found = found[found["clause"] == "CX-05"].set_index("id")
        # R2's only row is known, and beyond 15 minutes
        assert str(found.at["R2", "status"]) == "deficient"
        return str(found.at["R1", "status"]), found.at["R1", "reason"]

    return read


@pytest.mark.one_in(5)
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


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """Return a function from the rows of a table to the statuses and reasons of three walks.

    R1 and R2 stand beside F1 and F2, R3 stands 10 km off.
    """
    far = "R3,小区3,500,已建成,城镇,510900,3850000\n"
    r = f"编号,小区名称,户数,类别,城乡,X,Y\n{AREAS}{far}"
    f = f"编号,设施名称,设施类型,状态,建筑面积,X,Y\n{PLACES}"

    @functools.cache
    def read(rows):
        tmp_path = tmp_path_factory.mktemp("walks")
        text = f"居住区,设施,步行时间\n{rows}R3,F2,40\n"
        study = lc.read_study(written(tmp_path, WALKS, r=r, f=f, t=text))
        found = lc.assess(study).findings
        found = found[found["clause"] == "CX-05"].set_index("id")
        return found["status"].astype(str).to_dict(), found["reason"].to_dict(), study

    return read


@pytest.mark.parametrize("known", ["", "R1,F1,40\n", "R1,F1,10\nR2,F1,20\n"])
@pytest.mark.parametrize(
    ("row", "ends"),
    [
        # R1 and R2 are 0 and 900 m from F1: either may be the one that walks there, or nobody
        (",F1,{}", ("R1,F1", "R2,F1", "")),
        ("毫不相干,F1,{}", ("R1,F1", "R2,F1", "")),
        ("R1,,{}", ("R1,F1", "R1,F2", "")),
        ("R1,毫不相干,{}", ("R1,F1", "R1,F2", "")),
        # of neither end nothing is known
        (",,{}", ("",)),
    ],
)
def test_a_row_without_a_known_end_may_be_of_each_pair_near_enough(table, known, row, ends):
    own = {line.rsplit(",", 1)[0] for line in known.splitlines()}
    each = [end for end in ends if end not in own]
    every = [table(known + (f"{end},10\n" if end else ""))[0] for end in each]
    told, reasons, study = table(known + row.format(10) + "\n")
    for area, status in told.items():
        ways = {one[area] for one in every}
        assert status == (ways.pop() if len(ways) == 1 else "not_assessed")
        if status == "not_assessed":
            assert reasons[area].code == ReasonCode.WALK_NAME_UNCLEAR
            one, other, _ = row.split(",")
            assert reasons[area].params["written"] == f"{one or '–'}→{other or '–'}"
    told_of = [one for one in study.problems if one.layer == "travel" and one.row is not None]
    assert told_of


def test_a_row_without_a_known_end_is_of_nobody_farther_than_it_leads(table):
    # ten minutes are 1200 m at most, of an estate known as a point 300 more: R2 is 900 m off
    assert table(",F1,10\n")[0] == dict.fromkeys(("R1", "R2"), "not_assessed") | {"R3": "deficient"}
    # 4 minutes are 480 m, and 300: of R2, 900 m off, they are not
    told = table(",F1,4\n")[0]
    assert told == {"R1": "not_assessed", "R2": "deficient", "R3": "deficient"}
    # of a walk that cannot be read no more is known than the limit, 30 minutes
    told, reasons, _ = table(",F1,很近\n")
    assert told == dict.fromkeys(("R1", "R2"), "not_assessed") | {"R3": "deficient"}
    assert reasons["R1"].code == ReasonCode.WALK_COST_UNREAD


@pytest.mark.parametrize(
    ("cell", "status", "marked"),
    [
        # 5 % to either side of 15 are 14.25 and 15.75: of 15 minutes it may be more
        ("约15", "compliant", True),
        ("15分钟左右", "compliant", True),
        ("15", "compliant", False),
        ("约14", "compliant", False),  # 14.7 at most
        ("约15.5", "deficient", True),  # 14.725 at least
        ("近16", "deficient", False),  # 15.2 at least
        ("15余", "compliant", True),  # up to 16
        ("约31", "deficient", False),
    ],
)
def test_a_verdict_that_hangs_on_a_round_walk_is_marked(tmp_path, cell, status, marked):
    r = f"编号,小区名称,户数,类别,城乡,X,Y\n{AREAS}"
    f = f"编号,设施名称,设施类型,状态,建筑面积,X,Y\n{PLACES}"
    table = f"居住区,设施,步行时间\nR1,F1,{cell}\nR2,F2,15\n"
    study = lc.read_study(written(tmp_path, WALKS, r=r, f=f, t=table))
    result = lc.assess(study)
    found = result.findings[result.findings["clause"] == "CX-05"].set_index("id")
    assert found["status"].astype(str).to_dict() == {"R1": status, "R2": "compliant"}
    flags = {area: Flag.APPROXIMATE in one for area, one in found["flags"].items()}
    assert flags == {"R1": marked, "R2": False}
    clause = next(one for one in result.clauses if one.id == "CX-05")
    assert (Flag.APPROXIMATE in clause.flags) == marked
