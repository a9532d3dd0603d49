"""Planned rooms that a proposal has twice: one row again, or two rooms (values by hand).

1200 dwellings of 金乡 ask for 360 m²: 200 + 200 do, 200 alone do not.
"""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

HALL = "社区养老服务用房"


def room(number, m2=200, name="养老用房", **cells):
    """Return a planned room as the file writes it."""
    rows = {"id": f"N{number}", "设施类型": HALL, "建筑面积": m2, "设施名称": name} | cells
    told = (f'"{key}" = {value!r}' for key, value in rows.items() if value is not None)
    return "\n".join(told).replace("'", '"') + "\n"


POINT = {"经度": 500_450, "纬度": 3_850_050}
BESIDE = {"经度": 500_550, "纬度": 3_850_050}


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({}, "row_repeated"),
        (POINT, "row_repeated"),
        ({"设施名称": None}, "row_repeated"),
        (POINT | {"设施名称": "东用房"}, "one_house"),
        ({"设施名称": "东用房"}, None),
        ({"所在楼层": "二层"}, None),
        ({"场所编号": "2"}, None),
        (POINT | {"m2": 201}, None),
        (BESIDE, None),
    ],
    ids=["again", "on one point", "no names", "two signs", "name", "floor", "site", "m2", "point"],
)
def test_rooms_that_nothing_tells_apart_are_there_once_for_certain(more, told, reviewed, row):
    own = dict(more)
    first = {key: POINT.get(key, value) for key, value in own.items() if key in POINT}
    if "设施名称" in own and own["设施名称"] is None:
        first["设施名称"] = None
    if "场所编号" in own:
        first["场所编号"] = "1"
    if "所在楼层" in own:
        first["所在楼层"] = "一层"
    review = reviewed("jinxiang-2023", [room(1, **first), room(2, **own)], households=1200)
    quota, codes = row(review, "JX-03"), [str(p.code) for p in review.problems]
    if told is None:
        assert (quota.status, quota.low, str(review.verdict)) == ("compliant", quota.high, "agree")
        assert not {"row_repeated", "one_house"} & set(codes)
        return
    assert (quota.status, quota.low, quota.high) == ("not_assessed", 200, 400)
    assert str(review.verdict) == "supply"
    assert told in codes
    assert ("planned", "N2", "site") in {(s.layer, s.id, s.field) for s in review.supplements}


def test_rooms_that_are_enough_once_are_agreed_to_and_told(reviewed, row):
    review = reviewed("jinxiang-2023", [room(1), room(2)])  # 600 dwellings: 180, at least 200
    assert str(review.verdict) == "agree"
    assert "row_repeated" in [str(p.code) for p in review.problems]
    # the second may be 200 m² too: nothing is below the single minimum
    assert "below_minimum" not in row(review, "JX-04").flags


@settings(
    max_examples=5,
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    sizes=st.lists(st.sampled_from([60, 120, 200, 240]), min_size=1, max_size=3),
    households=st.sampled_from([600, 800, 1200]),
    copied=st.integers(0, 2),
)
def test_a_copied_row_never_makes_a_proposal_agreed_to(reviewed, sizes, households, copied):
    rooms = [room(n, m2, name=f"用房{n}") for n, m2 in enumerate(sizes, start=1)]
    again = rooms[copied % len(rooms)].replace('"N', '"M')
    before = reviewed("jinxiang-2023", rooms, households=households)
    after = reviewed("jinxiang-2023", [*rooms, again], households=households)
    assert "agree" not in {str(after.verdict)} - {str(before.verdict)}
    if str(before.verdict) == "agree":
        assert str(after.verdict) == "agree"
