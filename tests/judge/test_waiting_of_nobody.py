"""Areas that rooms cannot all serve, where no rooms are waited for: told without them."""

from tests.two_ledgers import in_degrees

import lifecircle as lc


def test_parts_of_one_room_for_areas_of_unknown_class(tmp_path):
    # 100 + 90 of 200 m²; of blank 类别 the one is perhaps new, the other without a place besides
    homes = [
        ("A1", "云栖公馆", 500, "", "城镇", "郑庄街道", 115.567359, 34.83),
        ("A2", "右岸云栖公馆", 600, "", "城镇", "郑庄街道", "", ""),
    ]
    room = ("F1", "同泰养老服务用房", "社区养老服务用房", "在用", 200, "郑庄街道")
    record = "云栖公馆:100；右岸云栖公馆:90"
    path = in_degrees(tmp_path, homes, [(*room, record, 115.567578, 34.83)])
    found = lc.assess(lc.read_study(path))
    mine = found.findings["status"][found.findings["clause"] == "CX-03"]
    assert {str(status) for status in mine} == {"not_assessed"}
    assert found.switches  # what other readings would change is drawn up too
