"""Plans reviewed beside ledgers in other datums, and drawn in a datum of their own.

东园, 500 households, needs 75 m² (CX-03) and has those of F1; the plot 300 to 425 m east of it, 500
dwellings, needs 100 m² (CX-01). What is expected was written down before it was run.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pytest
from tests.counties.worlds import Kind, by_turns, in_degrees, one, place, room

import lifecircle as lc
from lifecircle.model.results.review import Verdict
from lifecircle.model.status import Flag

AGREE, AMEND, SUPPLY = Verdict.AGREE, Verdict.AMEND, Verdict.SUPPLY
STATION, CLUB = "社区养老服务站", "老年活动室"
ONE = {"设施名称": "东园站"}
BESIDE = {
    "one": Kind("东园", ("", ""), one(east=10, **ONE)),
    "two signs": Kind("东园", ("", ""), (room(east=10, **ONE), room(east=10, 设施名称="康乐中心"))),
    "exempt": Kind("东园", ("", ""), one(east=10, **ONE), exempt=("东园", "", "1号", "")),
}


@dataclass(frozen=True)
class Plan:
    """A plan of one plot with one room: what is said of both, and beside which estate."""

    verdict: Verdict
    m2: object = 100
    kind: str = STATION
    project: str = ""
    plot: str = ""
    room: str = ""
    beside: str = "one"
    blocking: tuple[str, ...] = ()
    marked: bool = False


PLANS = {
    "enough": Plan(AGREE),
    "a metre short": Plan(AMEND, 99),
    "about enough": Plan(AGREE, '"约100"', marked=True),
    "nothing pulled down": Plan(AGREE, project='"拆除设施" = "无"\n"替代小区" = "/"'),
    "not now": Plan(SUPPLY, room='"备注" = "本期不建"'),
    "given up": Plan(SUPPLY, room='"备注" = "已取消"'),
    "said of the plot": Plan(SUPPLY, plot='"备注" = "远期建设"'),
    "said of access": Plan(AGREE, room='"备注" = "与住宅同步建设，独立出入口"'),
    # the rooms of 东园 go: its 75 m², and with a clubhouse on the plot all that is near
    "pulled down": Plan(AMEND, project='"拆除设施" = "F01"', blocking=("CX-03",)),
    "pulled down, none near": Plan(
        AMEND, kind=CLUB, project='"拆除设施" = "F01"',
        blocking=("CX-03", "CX-06"),
    ),
    "pulled down and promised": Plan(
        AGREE, 175, project='"拆除设施" = "F01"', room='"服务小区" = "东园:75"',
    ),
    "one of two signs goes": Plan(SUPPLY, project='"拆除设施" = "F01"', beside="two signs"),
    "pulled down, exempt": Plan(AGREE, project='"拆除设施" = "F01"', beside="exempt"),
}  # fmt: skip
WAYS = {
    "metres": (None, None, ""),
    "two datums, the plan in BD-09": (["wgs84"], ["gcj02"], "bd09"),
    "rows of three, the plan in GCJ-02": (["cgcs2000", "bd09"], ["gcj02", "wgs84"], "gcj02"),
}
TOML = """
[project]
"项目名称" = "新苑"
"坐标系" = "{datum}"
"城乡" = "城镇"
{project}
[[plots]]
id = "D1"
outline = {outline}
"规划户数" = 500
{plot}
[[facilities]]
"设施名称" = "新苑用房"
"设施类型" = "{kind}"
"建筑面积" = {m2}
{room}
"""


def drawn(plan, datum):
    corners = [(300, 0), (400, 0), (400, 100), (300, 100)]
    cells = [place(0, east, datum, north).values() for east, north in corners]
    spots = [[float(one) for one in spot] for spot in cells]
    said = {name: getattr(plan, name) for name in ("project", "plot", "kind", "m2", "room")}
    return TOML.format(datum=datum or "EPSG:4548", outline=spots, **said)


@pytest.fixture(scope="module")
def study_of(tmp_path_factory):
    """Return a function from a way and an estate to a study, read once."""

    @cache
    def read(way, beside):
        homes, places, _ = WAYS[way]
        folder = tmp_path_factory.mktemp("plans")
        far = Kind("西园", ("", ""), one(east=10, 设施名称="西园站"))
        in_degrees(homes or [""], places or [""])(folder, (BESIDE[beside], far))
        return lc.read_study(folder)

    return read


@pytest.mark.one_in(6)
@pytest.mark.parametrize(("name", "way"), by_turns(PLANS, WAYS))
def test_a_plan_is_judged_alike(study_of, tmp_path, name, way):
    plan = PLANS[name]
    study = study_of(way, plan.beside)
    (tmp_path / "plan.toml").write_text(drawn(plan, WAYS[way][2]), encoding="utf-8")
    review = lc.review(study, lc.read_proposal(tmp_path / "plan.toml", study))
    assert review.verdict is plan.verdict
    (quota,) = (row for row in review.clauses if row.id == "CX-01")
    assert (Flag.APPROXIMATE in quota.flags) is plan.marked
    if plan.verdict is not SUPPLY:
        blocking = {(one.clause, one.curable) for one in review.side_effects if one.blocking}
        assert blocking == {(clause, True) for clause in plan.blocking}
