"""People aged 60 or older known only per community: shared out by households, and marked."""

import pytest

from lifecircle.intake import check_study
from lifecircle.model.problem import ProblemCode as P
from lifecircle.model.problem import Severity

UNITS = "区划代码,名称,老年人口\n370828001001,东关社区,300\n370828001002,西关社区,\n"


def shared(county, table):
    county.write("units.csv", UNITS)
    county.layers["units"] = 'path = "units.csv"'
    county.write("小区.csv", table)
    county.layers["residential"] = 'path = "小区.csv"'
    study, problems = check_study(county.finish())
    codes = (P.ELDERS_APPORTIONED, P.ELDERS_EXCEED, P.ELDERS_NO_HOUSEHOLDS)
    return study.residential.frame, [p for p in problems if p.code in codes]


def test_by_households_after_what_is_known(county):
    frame, problems = shared(
        county,
        "小区名称,社区,户数,老年人口,阶段,数据来源\n"
        "甲,东关社区,100,60,,\n"
        "乙,东关社区,300,,,物业\n"
        "丙,东关社区,100,,入住,\n"
        "丁,东关社区,500,,规划,\n"
        "戊,西关社区,100,,,\n",
    )
    # 300 - 60 = 240 people over 300 + 100 households: 0.6 each; 丁 is not lived in, 西关 unknown.
    assert frame["elders"].tolist()[:3] == [60.0, 180.0, 60.0]
    assert frame["elders"].isna().tolist() == [False, False, False, True, True]
    note = "60岁以上人口由东关社区总数按户数分摊"
    assert frame["basis"].tolist() == [None, f"物业; {note}", note, None, None]
    (problem,) = problems
    assert (problem.code, problem.severity) == (P.ELDERS_APPORTIONED, Severity.INFO)
    assert problem.params == {"count": 2, "communities": ["东关社区"]}


@pytest.mark.parametrize(
    ("table", "code", "params"),
    [
        (
            "小区名称,社区,户数,老年人口\n甲,东关社区,100,301\n乙,东关社区,100,\n",
            P.ELDERS_EXCEED,
            {"community": "东关社区", "total": 300.0, "known": 301.0},
        ),
        (
            "小区名称,社区,户数,老年人口\n甲,东关社区,100,\n乙,东关社区,,\n",
            P.ELDERS_NO_HOUSEHOLDS,
            {"community": "东关社区", "count": 1},
        ),
    ],
)
def test_nothing_is_shared_out_where_the_figures_do_not_allow_it(county, table, code, params):
    frame, (problem,) = shared(county, table)
    assert frame["elders"].isna().sum() >= 1
    assert (problem.code, problem.severity, problem.params) == (code, Severity.WARNING, params)
