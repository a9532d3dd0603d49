"""Whoever is exempt from its quota is asked for nothing, and leaves shared rooms to the others."""

from __future__ import annotations

import numpy as np
import pytest
from tests.two_ledgers import WITH_EXEMPTIONS, written

import lifecircle as lc

pytestmark = pytest.mark.judged_alone("CX-03")

AREAS = "编号,小区名称,户数,类别,城乡,X,Y\n"
ROOMS = "编号,设施名称,设施类型,状态,建筑面积,服务小区,X,Y\n"
EXEMPT = "编号,条款,理由,依据,期限\n"


def areas(*rows):
    """Rows of existing urban areas: (id, households, x)."""
    said = (f"{i},{i}园,{households},已建成,城镇,{x},3850000\n" for i, households, x in rows)
    return AREAS + "".join(said)


def rooms(*rows):
    """Rows of day-care centres in use: (id, m², record, x)."""
    said = (f"{i},{i}站,日间照料中心,运营,{m2},{to},{x},3850000\n" for i, m2, to, x in rows)
    return ROOMS + "".join(said)


def judged(folder, r, f, e=""):
    folder.mkdir(parents=True)
    return lc.assess(lc.read_study(written(folder, WITH_EXEMPTIONS, r=r, f=f, e=EXEMPT + e)))


def under(result, clause="CX-03"):
    found = result.findings[result.findings["clause"] == clause]
    return {row.id: (str(row.status), row.low, row.high) for row in found.itertuples()}


TWO = areas(("R1", 500, 500_000), ("R2", 500, 500_600))


@pytest.mark.parametrize("x", [500_300, 500_005], ids=["between them", "on the exempt one's spot"])
def test_shared_rooms_are_for_who_is_asked(tmp_path, x):
    """75 m² for R1 and R2, of which each would need 75: R1 is exempt, so they are R2's."""
    exempt = "R1,CX-03,无地,县政府〔2025〕1号,\n"
    got = judged(tmp_path / "a", TWO, rooms(("F1", 75, "R1；R2", x)), exempt)
    assert under(got)["R1"][0] == "exempt"
    assert under(got)["R2"] == ("compliant", 75.0, 75.0)
    rate = next(one for one in got.clauses if one.id == "CX-07").official
    assert (rate.numerator, rate.denominator) == (1, 1)
    (settled,) = got.settlements
    assert (settled.short, settled.served, settled.undecided) == (1, 1, 0)


@pytest.mark.parametrize("x", [500_300, 500_005])
def test_perhaps_exempt_leaves_the_others_open(tmp_path, x):
    """Whether R1's exemption still holds nobody knows: the 75 m² are R1's or R2's."""
    exempt = "R1,CX-03,无地,县政府〔2025〕1号,待定\n"
    room = rooms(("F1", 75, "R1；R2", x))
    assert under(judged(tmp_path / "a", TWO, room, exempt))["R2"] == ("not_assessed", 0.0, 75.0)
    enough = rooms(("F1", 150, "R1；R2", x))
    assert under(judged(tmp_path / "b", TWO, enough, exempt))["R2"][0] == "compliant"


def test_m2_named_for_an_exempt_area_stay_its_own(tmp_path):
    """40 of 75 m² are agreed for R1: R2 has its 35, and nobody's are left to arrange."""
    exempt = "R1,CX-03,无地,县政府〔2025〕1号,\n"
    got = judged(tmp_path / "a", TWO, rooms(("F1", 75, "R1:40；R2:35", 500_300)), exempt)
    assert under(got)["R2"] == ("deficient", 35.0, 35.0)
    assert not (got.allocation["basis"] == "suggested").any()
    alone = judged(tmp_path / "b", TWO, rooms(("F1", 75, "R1", 500_300)), exempt)
    assert under(alone)["R2"] == ("deficient", 0.0, 0.0)
    assert not (alone.allocation["basis"] == "suggested").any()


def test_those_to_be_verified_are_counted_as_such(tmp_path):
    """Of five without their 75 m² one is exempt and one lacks them; of three it is not known.

    Whether R3 is urban, how large the rooms on record for R4 are, and whether R5 is exempt.
    """
    ledger = areas(*((f"R{n}", 500, 500_000 + 3000 * n) for n in range(1, 6)))
    ledger = ledger.replace("R3,R3园,500,已建成,城镇", "R3,R3园,500,已建成,")
    exempt = "R2,CX-03,无地,县政府〔2025〕1号,\nR5,CX-03,无地,县政府〔2025〕1号,待定\n"
    got = judged(tmp_path / "a", ledger, rooms(("F1", "", "R4", 512_300)), exempt)
    status = {area: one[0] for area, one in under(got).items()}
    assert [status[f"R{n}"] for n in range(1, 6)] == [
        *("deficient", "exempt"),
        *["not_assessed"] * 3,
    ]
    assert {(one.short, one.served, one.undecided) for one in got.settlements} == {(4, 0, 3)}


@pytest.mark.parametrize("seed", range(6))
def test_others_stand_as_if_the_exempt_were_in_no_record(tmp_path, seed):
    """What the others have is what they have where the exempt area is in neither ledger."""
    rng = np.random.default_rng(seed)
    rows = [(f"R{n}", rng.choice([300, 400, 500]), 500_000 + 400 * n) for n in range(4)]
    served = [rng.choice(4, rng.choice([2, 3]), replace=False) for _ in range(3)]
    placed = [(f"F{n}", rng.choice([45, 60, 75, 120]), 500_150 + 400 * n) for n in range(3)]

    def of(without=""):
        names = ("；".join(f"R{n}" for n in to if f"R{n}" != without) for to in served)
        return rooms(*((i, m2, to, x) for (i, m2, x), to in zip(placed, names, strict=True)))

    exempt = judged(tmp_path / "a", areas(*rows), of(), "R1,CX-03,无地,县政府〔2025〕1号,\n")
    gone = judged(tmp_path / "b", areas(*(r for r in rows if r[0] != "R1")), of("R1"))
    assert {i: v for i, v in under(exempt).items() if i != "R1"} == under(gone)
