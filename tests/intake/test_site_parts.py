"""Rows of one 场所编号 that are not in one yard: one place perhaps, and not for certain."""

from __future__ import annotations

import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.two_ledgers import STUDY, written

import lifecircle as lc
from lifecircle.model.problem import ProblemCode as P
from lifecircle.model.sites import ONE_YARD_M, parts_of_sites

pytestmark = pytest.mark.judged_alone("JX-03", "JX-04")

AREAS = "编号,小区名称,规划户数,类别,城乡,阶段,X,Y\nA1,甲府,{homes},新建,城镇,入住,500000,3850000\n"
ROOMS = "编号,设施名称,设施类型,状态,建筑面积,服务小区,场所编号,X,Y\n"
MET, SHORT, OPEN = "compliant", "deficient", "not_assessed"


def read(folder, homes, *rooms):
    """Return the study of an area with rooms: m², metres east, site."""
    rows = [
        f"F{n},{n}号用房,社区养老服务用房,运营,{m2},A1,{site},{500_000 + x},3850000\n"
        for n, (m2, x, site) in enumerate(rooms, start=1)
    ]
    study = STUDY.replace("caoxian-2023", "jinxiang-2023").replace("371721", "370828")
    return lc.read_study(
        written(folder, study, r=AREAS.format(homes=homes), f=ROOMS + "".join(rows))
    )


def judged(folder, homes, *rooms):
    """Return JX-03 and JX-04 of the area, and what is told."""
    result = lc.assess(read(folder, homes, *rooms))
    rows = result.findings[result.findings["clause"].isin(["JX-03", "JX-04"])]
    told = [p.params["distance_m"] for p in result.problems if p.code is P.SITE_SPREAD]
    return {r.clause: (str(r.status), r.low, r.high, r.reason) for r in rows.itertuples()}, told


@pytest.mark.parametrize(
    ("rooms", "quota", "single", "told"),
    [
        # 800 households ask for 240 m², no place below 200
        (((120, 0, "S"), (125, 100, "S")), (MET, 245, 245), (MET, 245, 245), []),
        (((120, 0, "S"), (125, 101, "S")), (OPEN, 0, 245), (OPEN, 120, 245), [101]),
        (((120, 0, "S"), (125, 150, "T")), (SHORT, 0, 0), (SHORT, 120, 120), []),
        # 210 + 100: one place of 310, or 210 that count and 100 that do not
        (((210, 0, "S"), (100, 150, "S")), (OPEN, 210, 310), (OPEN, 100, 310), [150]),
        (((240, 0, "S"), (50, 150, "S")), (MET, 240, 290), (MET, 200, 290), [150]),
        # not even all of them in one place
        (((90, 0, "S"), (80, 150, "S")), (SHORT, 0, 0), (SHORT, 80, 170), [150]),
        # 100 + 110 in one yard, 30 beyond: 210 for certain, all 240 as one place
        (((100, 0, "S"), (110, 40, "S"), (30, 150, "S")), (OPEN, 210, 240), (OPEN, 30, 240), [150]),
    ],
    ids=["yard", "beyond", "two sites", "large and small", "enough", "too small", "two and one"],
)
def test_rows_of_one_site_beyond_a_yard(tmp_path, rooms, quota, single, told):
    found, spread = judged(tmp_path, 800, *rooms)
    assert spread == told
    assert found["JX-03"][:3] == quota
    status, low, high = single
    assert (found["JX-04"][0], found["JX-04"][1]) == (status, low)
    assert found["JX-04"][2] == high
    for clause in ("JX-03", "JX-04"):
        if found[clause][0] == OPEN:
            assert found[clause][3].params["field"] == "site"


spots = st.lists(st.integers(0, 400), min_size=1, max_size=6)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(spots=spots, sites=st.lists(st.sampled_from(["S", "T", None]), min_size=6, max_size=6))
def test_parts_do_not_hang_on_the_order_of_rows_and_keep_one_yard_whole(spots, sites):
    sites = sites[: len(spots)]
    names = [f"F{n}" for n in range(len(spots))]

    def together(order):
        frame = pd.DataFrame({"site": [sites[n] for n in order]}, [names[n] for n in order])
        shapes = shapely.points([[float(spots[n]), 0.0] for n in order])
        parts = parts_of_sites(frame, shapes)
        label = {order[row]: (frame["site"].iloc[row], part) for row, part in parts.items()}
        return {
            (a, b)
            for a in range(len(spots))
            for b in range(len(spots))
            if sites[a] is not None
            and sites[a] == sites[b]
            and label.get(a, sites[a]) == label.get(b, sites[b])
        }

    order = list(range(len(spots)))
    same = together(order)
    assert same == together(order[::-1])
    for site in {"S", "T"} & set(sites):
        mine = [n for n in order if sites[n] == site]
        if max(spots[n] for n in mine) - min(spots[n] for n in mine) <= ONE_YARD_M:
            assert {(a, b) for a in mine for b in mine} <= same
    assert all(abs(spots[a] - spots[b]) <= ONE_YARD_M for a, b in same)


@pytest.mark.parametrize(
    ("step", "parts"),
    [
        (11, {}),  # nine steps of 11 m are 99: one yard
        (12, {row: f"F{row}" for row in range(10)}),  # a chain of 108 m: each by itself
    ],
)
def test_a_row_of_many_rooms_is_measured_from_end_to_end(step, parts):
    order = [3, 7, 1, 9, 0, 5, 2, 8, 6, 4]  # along the street, not in the ledger
    shapes = shapely.points([(500_000 + step * at, 3_850_000) for at in order])
    frame = pd.DataFrame({"site": "S"}, index=[f"F{n}" for n in range(10)])
    assert parts_of_sites(frame, shapes) == parts


def test_a_site_that_the_whole_ledger_has_is_read_in_no_time():
    """3000 rooms, of which the first three are 40 m from one to the next, the others alone."""
    spots = [(500_000 + 40 * n, 3_850_000) for n in range(3)]
    spots += [(500_500 + 60 * (n % 60), 3_850_000 + 60 * (n // 60)) for n in range(2997)]
    frame = pd.DataFrame({"site": "S"}, index=[f"F{n}" for n in range(3000)])
    parts = parts_of_sites(frame, shapely.points(spots))
    assert [parts[row] for row in range(3)] == ["F0"] * 3
    assert len(set(parts.values())) == 2998


NEAR, FAR = ((120, 0, "S"), (125, 50, "S")), ((120, 0, "S"), (125, 150, "S"))


@pytest.mark.parametrize(
    ("rooms", "edit", "then"),
    [
        (NEAR, lc.MoveFacility("F2", 500_150, 3_850_000), FAR),
        (FAR, lc.MoveFacility("F2", 500_050, 3_850_000), NEAR),
        (FAR, lc.RemoveFacility("F2"), FAR[:1]),
        (FAR, lc.ChangeFacility("F2", site="T"), (FAR[0], (125, 150, "T"))),
    ],
    ids=["apart", "together", "alone", "two sites"],
)
def test_a_trial_is_what_the_ledger_would_be(tmp_path, rooms, edit, then):
    desk = lc.what_if(read(tmp_path, 800, *rooms))
    desk.apply(edit)
    found = desk.assessment.findings
    found = found[(found["id"] == "A1") & found["clause"].isin(["JX-03", "JX-04"])]
    tried = {r.clause: (str(r.status), r.low, r.high) for r in found.itertuples()}
    expected, _ = judged(tmp_path, 800, *then)
    assert tried == {clause: told[:3] for clause, told in expected.items()}
