"""How much a rate changed is told where nothing open can make it another figure."""

from __future__ import annotations

import pytest
from tests.two_ledgers import STUDY, written

import lifecircle as lc
from lifecircle.outputs.maps.difference import difference_data

HEAD = "编号,小区名称,户数,类别,城乡,阶段,X,Y\n"
ROOMS = "编号,设施名称,设施类型,X,Y,状态,社区服务面积\n"
STATION = "F1,东园站,社区养老服务站,365000,3855030,运营,75\n"
OPEN = "F2,西园站,社区养老服务站,369000,3855030,待定,75\n"


def _areas(*households):
    names = ("东园", "西园", "南园", "北园")
    return HEAD + "".join(
        f"R{n},{name},{count},已建成,城镇,入住,{365000 + 4000 * n},3855000\n"
        for n, (name, count) in enumerate(zip(names, households, strict=True))
    )


@pytest.mark.parametrize(
    ("households", "more", "change"),
    [
        ((500, 500, 500, ""), "", None),  # the fourth was open, and is missed: 25 or 50 % before
        ((500, 500, 500, ""), OPEN, 0.0),  # 1/3 and one open on both sides
        ((500, 500, 500, 500), "", 0.0),
        ((500, 500, 500, 500), OPEN, None),  # 1/4, then 1/3 and one open: no gain
        ((500, 500, 500, 500), OPEN.replace("待定", "运营"), 0.25),
    ],
)
def test_a_rate_that_may_have_changed_otherwise_has_no_change(tmp_path, households, more, change):
    """CX-03: 75 m² each; 东园 has them. A missed one that becomes open is no 8 points' gain."""
    sides = []
    for name, counts, rooms in (("a", households, ""), ("b", (500, 500, 500, 500), more)):
        (tmp_path / name).mkdir()
        tables = {"r": _areas(*counts), "f": ROOMS + STATION + rooms}
        sides.append(lc.assess(lc.read_study(written(tmp_path / name, STUDY, **tables))))
    told = {c.after.id: c for c in lc.compare(*sides).clauses if c.after is not None}
    assert told["CX-03"].official.change == (None if change is None else pytest.approx(change))
    if change is None:  # nor do page, map and console tell another one
        assert (told["CX-03"].change, told["CX-07"].change) == (None, None)


@pytest.mark.parametrize(
    ("counts", "settings", "told"),
    [
        (("", 500), "城城", "有待核实，升降未定"),
        ((500, 500), "农城", "至少一侧没有数值，不作比较"),
        ((600, 500), "农农", "至少一侧没有数值，不作比较"),
    ],
)
def test_where_nobody_is_asked_nothing_is_to_be_verified(tmp_path, counts, settings, told):
    """CX-07 asks of urban areas: of a village it has no figure, and none that is open."""
    sides = []
    for name, households, setting in zip("ab", counts, settings, strict=True):
        (tmp_path / name).mkdir()
        word = {"城": "城镇", "农": "农村"}[setting]
        area = f"R1,东园,{households},已建成,{word},入住,369000,3855000\n"
        study = written(tmp_path / name, STUDY, r=HEAD + area, f=ROOMS + STATION)
        sides.append(lc.assess(lc.read_study(study)))
    assert difference_data(lc.compare(*sides))["headline"]["change"] == told
