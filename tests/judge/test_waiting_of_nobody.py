"""Areas that rooms cannot all serve, where no rooms are waited for: told without them."""

from tests.two_ledgers import in_degrees

import lifecircle as lc


def test_parts_of_one_room_for_areas_of_unknown_class(tmp_path):
    # 100 + 90 of 200 m²; of blank 类别 the one is perhaps new, the other without a place besides
    home = ("城镇", "郑庄街道")
    path = in_degrees(
        tmp_path,
        [
            ("A1", "云栖公馆", 500, "", *home, 115.567359, 34.83),
            ("A2", "右岸云栖公馆", 600, "", *home, "", ""),
        ],
        [
            (
                "F1",
                "同泰养老服务用房",
                "社区养老服务用房",
                "在用",
                200,
                "郑庄街道",
                "云栖公馆:100；右岸云栖公馆:90",
                115.567578,
                34.83,
            )
        ],
    )
    found = lc.assess(lc.read_study(path))
    assert {str(s) for s in found.findings["status"][found.findings["clause"] == "CX-03"]} == {
        "not_assessed"
    }
    assert found.switches  # what other readings would change is drawn up too
