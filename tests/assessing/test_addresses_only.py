"""Facilities without a place: what they may reach is open, and no more than they can reach."""

from __future__ import annotations

import pytest
from tests.two_ledgers import STUDY

import lifecircle as lc
from lifecircle.outputs.words.wording import Wording

AREAS = "编号,小区名称,户数,类别,城乡,X,Y,所属镇街"
PLACES = "编号,设施名称,设施类型,状态,X,Y,地址,服务小区,所属镇街"


@pytest.fixture
def judged(tmp_path):
    """Return a function from areas and facilities, as lines of their ledgers, to an Assessment."""

    def judge(areas, facilities):
        (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
        lines = [f"R{n},{name},100,已建成,城镇,{x},{y},{unit}" for n, name, x, y, unit in areas]
        (tmp_path / "r.csv").write_text("\n".join([AREAS, *lines]), encoding="utf-8")
        lines = [f"F{n},{told}" for n, told in enumerate(facilities)]
        (tmp_path / "f.csv").write_text("\n".join([PLACES, *lines]), encoding="utf-8")
        return lc.assess(lc.read_study(tmp_path / "study.toml"))

    return judge


def place(name="助老点", x="", y="", address="", serves="", unit=""):
    return f"{name},日间照料中心,运营,{x},{y},{address},{serves},{unit}"


def row(n, name, east, unit="", north=0):
    """An area ``east`` metres from the middle; 城镇."""
    return n, name, 500_000 + east, 3_850_000 + north, unit


FAR = [row(n, f"园{'甲乙丙丁戊己庚辛壬癸'[n]}苑", 10_000 * n) for n in range(10)]
"""Ten areas, each 10 km from the next: one facility reaches one of them."""


def radius_of(assessment):
    found = assessment.findings
    rows = found[(found["clause"] == "REF-radius-community") | (found["clause"] == "CX-06")]
    name = "CX-06" if (rows["clause"] == "CX-06").any() else "REF-radius-community"
    rows = rows[rows["clause"] == name].set_index("id")
    clause = next(c for c in assessment.clauses if c.id == name)
    rate = next(r for r in clause.rates if r.basis == "areas" and r.scope == "county")
    return rows["status"].map(str).to_dict(), rows["reason"], clause, rate


def test_addresses_only_leave_every_area_open_but_not_all_can_be_met(judged):
    status, reason, clause, rate = radius_of(judged(FAR, [place(), place()]))
    assert set(status.values()) == {"not_assessed"}
    assert reason["R0"].params["count"] == 2
    # two facilities reach at best one area each: 0 to 2 of 10
    assert (rate.numerator, rate.not_assessed, rate.low, rate.high) == (0, 10, 0.0, 0.2)
    assert str(clause.status) == "deficient"  # 100 % is asked, at best 20 % can be


def test_a_known_one_is_met_whatever_the_unknown(judged):
    known = place("甲站", 500_000, 3_850_000)
    status, _, _, rate = radius_of(judged(FAR, [known, place()]))
    assert status["R0"] == "compliant"
    assert set(status.values()) == {"compliant", "not_assessed"}
    assert (rate.low, rate.high) == (0.1, 0.2)


def test_neighbours_within_one_circle_may_be_met_together(judged):
    # three areas within a circle of 1000 m, seven elsewhere: 3 of 10 at best
    close = [row(n, name, 500 * n, north=50_000) for n, (_, name, *_) in enumerate(FAR[:3])]
    _, _, _, rate = radius_of(judged([*close, *FAR[3:]], [place()]))
    assert (rate.low, rate.high) == (0.0, 0.3)


def test_a_record_a_name_an_address_a_unit_narrow_it_in_this_order(judged):
    for one, open_ in (
        (place(serves="园乙苑"), {"R1"}),
        (place(name="园丙苑养老驿站"), {"R2"}),
        (place(address="人民路园丁苑3号楼"), {"R3"}),
        (place(name="园丙苑养老驿站", serves="园乙苑"), {"R1"}),
        (place(name="园丙苑养老驿站", address="园丁苑旁"), {"R2"}),
    ):
        status, *_ = radius_of(judged(FAR, [one]))
        assert {area for area, one in status.items() if one == "not_assessed"} == open_
        assert {s for area, s in status.items() if area not in open_} == {"deficient"}


def test_a_unit_narrows_it_and_areas_of_unknown_unit_stay_in_it(judged):
    areas = [
        row(0, "东苑", 0, "371721001"),
        row(1, "西苑", 10_000, "371721002"),
        row(2, "南苑", 20_000),
    ]
    status, *_ = radius_of(judged(areas, [place(unit="371721001")]))
    assert status == {"R0": "not_assessed", "R1": "deficient", "R2": "not_assessed"}


def test_who_stands_in_a_unit_may_serve_the_next_one_too(judged):
    """It stands at an area of its unit, or beside it: within reach of that it may serve anybody."""
    areas = [
        row(0, "东苑", 0, "371721001"),
        row(1, "西苑", 1000, "371721002"),
        row(2, "南苑", 1001, "371721002"),
    ]
    status, _, clause, rate = radius_of(judged(areas, [place(unit="371721001")]))
    assert status == {"R0": "not_assessed", "R1": "not_assessed", "R2": "deficient"}
    assert (rate.numerator, rate.not_assessed, rate.low, rate.high) == (0, 2, 0.0, 2 / 3)
    assert str(clause.status) == "deficient"  # 南苑 is beyond its reach in any case


def test_a_closed_one_opens_nothing(judged):
    one = place().replace("运营", "停用")
    status, _, _, rate = radius_of(judged(FAR, [one]))
    assert set(status.values()) == {"deficient"}
    assert (rate.low, rate.high) == (0.0, 0.0)


def test_the_words_name_it(judged):
    assessment = judged(FAR, [place("甲站")])
    _, reason, *_ = radius_of(assessment)
    said = Wording.of(assessment).reason(reason["R0"])
    assert "甲站" in said
    assert "坐标" in said
