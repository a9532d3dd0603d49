"""What is asked of rooms that a verdict hangs on is what is not known of them."""

from __future__ import annotations

import pytest
from tests.two_ledgers import STUDY, written

import lifecircle as lc
from lifecircle.outputs.words.wording import Wording

AREA = "编号,小区名称,户数,类别,城乡,X,Y\nR1,东园,{},已建成,城镇,500000,3850000\n"
ROOMS = "编号,设施名称,设施类型,状态,建筑面积,服务小区,场所编号,X,Y\n"


def told(folder, households, *rows):
    """Return status and reason of the quota, in Chinese."""
    files = {"r": AREA.format(households), "f": ROOMS + "".join(f"{row}\n" for row in rows)}
    result = lc.assess(lc.read_study(written(folder, STUDY, **files)))
    row = result.findings.set_index("clause").loc["CX-03"]
    return str(row["status"]), Wording.of(result).reason(row["reason"])


def room(n, name="甲站", serves="", site="", at="500010,3850000", stage="运营"):
    return f"F{n},{name},日间照料中心,{stage},75,{serves},{site},{at}"


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        # 1000 households ask for 150 m²: one place on two rows, or two
        ([room(1), room(2)], "取决于甲站（F2），其场所编号待核实"),
        ([room(1, site="1"), room(2, stage="说不清", site="2")], "取决于甲站（F2），其阶段待核实"),
        ([room(1), room(2, name="乙站")], "取决于乙站，其场所编号待核实"),  # one house, or two
    ],
)
def test_what_is_asked_of_rooms_entered_twice(tmp_path, rows, says):
    status, reason = told(tmp_path, 1000, *rows)
    assert status == "not_assessed"
    assert reason.startswith(says)


@pytest.mark.parametrize(
    ("serves", "says"),
    [
        ("东园", "东园照料站（75 m²）的服务小区和名称都写明属本居住区，未经位置核实，请核对位置"),
        ("", "东园照料站（75 m²）按名称归入本居住区，未经位置核实，请补服务小区或核对位置"),
    ],
)
def test_what_is_asked_of_rooms_without_a_place(tmp_path, serves, says):
    rows = [room(1, name="东园照料站", serves=serves, at=",")]
    status, reason = told(tmp_path, 500, *rows)
    assert (status, says in reason) == ("compliant", True)
