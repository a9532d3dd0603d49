"""Planned rooms without coordinates stand somewhere on their plot (values by hand).

The plot's middle is where they are told; its farthest corner is √(100² + 50²) = 111.8 m off, in a
plot of 200 × 100 m, and 1414.2 m in one of 2000 × 2000. 15 min are 1000 m.
"""

import math
import re

import pytest

import lifecircle as lc

ROOM = 'id = "N1"\n"设施名称" = "用房"\n"设施类型" = "社区养老服务用房"\n"建筑面积" = 400\n'
HERE = "lon = 500500\nlat = 3850050\n"
WALK = "PY-36"
PERSONS = "persons_per_household = 2.8"


@pytest.fixture
def outlined(reviewed):
    """Return a function: corner and size of the plot, room → the review."""

    def judge(x, y, width, height, room):
        corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)]
        outline = [[500_000 + a, 3_850_000 + b] for a, b in corners]
        plot = f'[[plots]]\nid = "D9"\noutline = {outline}\n"规划户数" = 600\n'
        room = f'{room}"所在地块" = "D9"\n'
        return reviewed("pingyin-2022", [room], plot=plot, at=(5000, 4000), extra=PERSONS)

    return judge


def of_plot(review, plot, clause):
    (found,) = [c for c in review.clauses if c.id == clause and plot in c.plots]
    return found


@pytest.mark.parametrize(
    ("side", "status"), [(200, "compliant"), (1300, "compliant"), (2000, None)]
)
def test_a_walk_holds_wherever_on_the_plot_the_room_stands(side, status, outlined):
    # half the diagonal: 141, 919 and 1414 m
    found = of_plot(outlined(1000, 300, side, side, ROOM), "D9", WALK)
    most = math.hypot(side, side) / 2
    assert found.high * 1000 / 15 == pytest.approx(most, rel=1e-3)
    assert found.low == 0
    if status is None:
        assert str(found.status) == "not_assessed"
        assert (str(found.reason.code), found.reason.params["field"]) == (
            "facility_unknown",
            "position",
        )
        return
    assert (str(found.status), str(found.reason.code)) == (status, "walk_on_plot")
    assert found.provided is None  # 0 min was told of a place that nobody knows


def test_a_room_with_coordinates_is_where_it_says(reviewed, row):
    found = row(reviewed("pingyin-2022", [ROOM + HERE], extra=PERSONS), WALK)
    assert (str(found.status), str(found.reason.code)) == ("compliant", "within_walk")


def test_what_waits_for_the_room_is_asked_of_the_room(outlined):
    review = outlined(1000, 300, 2000, 2000, ROOM)
    assert str(review.verdict) in {"supply", "amend"}
    assert ("planned", "N1", "position") in {(s.layer, s.id, s.field) for s in review.supplements}


@pytest.mark.parametrize(
    ("area", "code"), [("", "facility_unknown"), ('"用地面积" = 20000\n', "radius_on_plot")]
)
def test_of_a_plot_that_is_a_point_the_land_tells_how_far(area, code, study_of, propose):
    """20,000 m² reach 2 × √20000 = 283 m at most; without it nobody knows."""
    path, study = propose([ROOM], plot=area, at=(3000, 0)), study_of("caoxian-2023")
    text = re.sub("outline = .*", "lon = 503000\nlat = 3850050", path.read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8")
    review = lc.review(study, lc.read_proposal(path, study))
    found = next(c for c in review.clauses if c.measure == "radius")
    assert str(found.reason.code) == code
    assert found.high == (pytest.approx(2 * math.sqrt(20_000)) if area else None)


@pytest.mark.parametrize(
    ("kind", "width", "height", "least"),
    [
        ("社区养老服务用房", 600, 500, 1200 - math.hypot(300, 250)),  # 809 m: perhaps within 1000
        ("社区养老服务用房", 100, 100, None),  # 1129 m at least
        ("助老食堂", 600, 500, None),  # no room of this group, wherever it stands
    ],
)
def test_what_is_too_far_is_so_wherever_rooms_of_other_plots_stand(
    kind, width, height, least, reviewed
):
    """F3 stands 1150 m from the second plot's middle, and the first plot's middle 1200 m."""
    corners = [(-3650, 0), (-3550, 0), (-3550, 100), (-3650, 100), (-3650, 0)]
    outline = [[500_000 + a, 3_850_000 + b] for a, b in corners]
    plot = f'[[plots]]\nid = "D9"\noutline = {outline}\n"规划户数" = 100\n'
    room = ROOM.replace("社区养老服务用房", kind) + '"所在地块" = "D1"\n'
    at = (-4800 - width / 2, 50 - height / 2, width, height)
    found = of_plot(reviewed("pingyin-2022", [room], plot=plot, at=at, extra=PERSONS), "D9", WALK)
    if least is None:
        assert str(found.status) == "deficient"
        return
    assert str(found.status) == "not_assessed"
    assert (found.reason.params["facility"], found.reason.params["field"]) == ("N1", "position")
    assert found.low * 1000 / 15 == pytest.approx(least, rel=1e-3)
