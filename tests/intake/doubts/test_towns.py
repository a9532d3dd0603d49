"""One town that sent in another datum: what says so, by hand, and what looks like it."""

from types import SimpleNamespace

import numpy as np
import pytest
import shapely

from lifecircle.intake.doubts.crowd import Crowd
from lifecircle.intake.doubts.links import Link
from lifecircle.intake.doubts.orders import Split
from lifecircle.intake.doubts.towns.asked import _Towns, final, sent
from lifecircle.intake.doubts.towns.evidence import Evidence
from lifecircle.intake.doubts.towns.held import _ways, _worse, held
from lifecircle.intake.doubts.weights import Sent, Weight

WEST = np.array([-500.0, 0.0])
"""The way back from another datum."""
BOTH, HOMES, ROOMS = ("residential", "facilities"), ("residential",), ("facilities",)
UNITS = {
    "1": shapely.box(0, 0, 4000, 4000),
    **{str(2 + n): shapely.box(4000, 1000 * n, 8000, 1000 * (n + 1)) for n in range(4)},
}


class Moves:
    """Rows of another datum lie 500 m east of where they are."""

    def vectors(self, points, _layer, real):
        return np.tile({"gcj02": WEST, "bd09": 2 * WEST}.get(real, 0 * WEST), (len(points), 1))

    def shift(self, link, own, _other):
        return self.vectors(link.points, link.layer, own)


def evidence(homes, facilities=(), links=()):
    """Return what is known of homes in outlined units, and facilities: (code, place)."""
    given = {"residential": homes, "facilities": facilities or [("2", (4500.0, 500.0))]}
    points = {name: np.array([xy for _, xy in rows], dtype=float) for name, rows in given.items()}
    codes = {
        name: np.array([code for code, _ in rows], dtype=object) for name, rows in given.items()
    }
    rows = {name: np.arange(len(some)) for name, some in given.items()}
    start = dict.fromkeys([*given, "units"], "wgs84")
    targets = np.array([UNITS[code] for code in codes["residential"]], dtype=object)
    link = Link(
        "residential",
        "units",
        rows["residential"],
        points["residential"],
        targets,
        np.zeros(len(targets)),
    )
    asked = [*links] if links else [link]
    return Evidence(Moves(), asked, Crowd(rows, points, codes), start)


def said(homes, facilities=(), links=()):
    """Return what is thought of homes in outlined units, and facilities: (code, place)."""
    return sent(evidence(homes, facilities, links), ["gcj02"])


def county(come=(), leave=0, left=0):
    """Return homes: of town 1, so many rows lie in each neighbour, 300 m over the border.

    ``leave``: so many would leave it if they were moved; ``left``: so many lie 2 km off either way.
    All others stay within, twenty of town 1 and ten of each neighbour, 30 m from its border: no
    place was taken roughly.
    """
    homes = [("1", (2000.0 + 10 * n, 2000.0)) for n in range(20 - sum(come) - leave - left)]
    for n, count in enumerate(come):
        homes += [("1", (4300.0, 1000.0 * n + 500 + 10 * at)) for at in range(count)]
    homes += [("1", (200.0, 2000.0 + 10 * at)) for at in range(leave)]
    homes += [("1", (6000.0, 500.0 + 10 * at)) for at in range(left)]
    for code in ("2", "3", "4", "5"):
        homes += [(code, (6000.0 + 10 * n, 1000.0 * (int(code) - 2) + 30)) for n in range(10)]
    return homes


# Forty rows of the other towns lie right: of the codes 2 / (40 + 62) are believed to be wrong, of
# five units. A row that comes home is log(1 - 0.0196 + 0.0039) - log(0.0039) = 5.5 likelier there,
# but rows in one neighbour come to 5 together, a fifth of the town's in one to 8; one that leaves
# costs 5.5. From 10 it is told, from 7 asked.
@pytest.mark.parametrize(
    ("case", "heard"),
    [
        ({}, None),
        ({"come": (1,)}, None),  # 5: a wrong code
        ({"come": (3,)}, None),  # 5: a village that was written to its neighbour
        ({"come": (4,)}, "asked"),  # 8
        ({"come": (1, 1)}, "told"),  # 10
        ({"come": (1, 1), "leave": 1}, None),  # 4.5
        ({"come": (1, 1, 1), "leave": 1}, "asked"),  # 9.5
        ({"come": (1, 1, 1), "leave": 2}, None),  # 4
        ({"come": (2, 1, 1), "leave": 1}, "asked"),  # 9.5
        ({"come": (2, 2, 1), "leave": 1}, "told"),  # a fifth of twenty: 8 + 8 + 5.5 - 5.5
        ({"come": (2, 2), "left": 1}, "told"),  # what lies elsewhere either way says nothing
    ],
)
def test_a_town_is_told_by_its_rows_that_come_home_from_several_neighbours(case, heard):
    found = said(county(**case))
    if heard is None:
        assert found == {}
        return
    (one,) = found.values()
    assert [*found] == ["residential"]
    assert one.towns == ("1",)
    assert one.sure == (heard == "told")
    assert (one.rows == ([True] * 20 + [False] * 40)).all()
    assert (one.come, one.left) == (sum(case["come"]), case.get("leave", 0))


def test_rows_that_come_home_in_other_directions_too_are_no_other_datum():
    """50 m over the border whichever way they move, 75 degrees from it too, they come home."""
    homes = county(come=(1, 1))
    near = [(code, (4050.0, y) if code == "1" and x > 4000 else (x, y)) for code, (x, y) in homes]
    assert said(near) == {}


@pytest.mark.parametrize(("astray", "heard"), [(1, True), (2, False)])
def test_where_rows_of_other_towns_lie_elsewhere_too_borders_are_rough(astray, heard):
    """One of forty, or two, which no move brings home: more than a twenty-fifth."""
    homes = county(come=(2, 2))
    homes[-astray:] = [("5", (2000.0, 1000.0 + 10 * n)) for n in range(astray)]
    assert bool(said(homes)) is heard


def villages(off, *, spots=6, each=3):
    """Return homes and facilities of town 1: villages 1.5 km apart, ``off`` metres from them."""
    homes, cares = [], []
    for n in range(spots):
        x, y = 1500.0 * (n % 3), 1500.0 * (n // 3)
        homes += [("1", (x + 20 * at, y)) for at in range(each)]
        cares.append(("1", (x + off, y)))
    for n in range(30):  # the other town: a facility at each village
        x, y = 20_000 + 1500.0 * (n % 6), 1500.0 * (n // 6)
        homes += [("2", (x + 20 * at, y)) for at in range(each)]
        cares.append(("2", (x + 30, y)))
    return homes, cares


@pytest.mark.parametrize("off", [0, 530])
def test_without_outlines_a_town_is_told_by_its_facilities_and_homes(off):
    """Six facilities 500 m east of where those of the other town stand."""
    homes, cares = villages(off)
    bond = Link(
        "facilities", "residential", np.arange(0), np.empty((0, 2)), np.array([]), np.array([])
    )
    found = said(homes, cares, [bond])
    if not off:
        assert found == {}
        return
    (one,) = found.values()
    assert ([*found], one.towns, one.come, one.left) == (["facilities"], ("1",), None, None)
    assert (one.before, one.met) == (0, 6)


def test_facilities_at_one_office_say_it_once():
    """Six of them 500 m from the village: a town's office may stand apart from it."""
    homes, cares = villages(0)
    one_office = [(code, (500.0, 0.0) if code == "1" else xy) for code, xy in cares]
    bond = Link(
        "facilities", "residential", np.arange(0), np.empty((0, 2)), np.array([]), np.array([])
    )
    assert said(homes, one_office, [bond]) == {}


def test_facilities_at_the_areas_that_they_serve_once_moved_are_told():
    """The other way round they stand amid homes: six records, 2.9 each for there, are 17.7."""
    homes, cares = villages(500)
    served = np.array([shapely.Point(1500.0 * (n % 3), 1500.0 * (n // 3)) for n in range(6)])
    bond = Link(
        "facilities",
        "residential",
        np.arange(6),
        np.array([xy for _, xy in cares[:6]]),
        served,
        np.full(6, 100.0),
    )
    found = said(homes, cares, [bond])
    assert [*found] == ["facilities"]
    assert found["facilities"].sure


def weight(moved, sent=None, datum="gcj02"):
    split = Split(0.0, np.array(moved, dtype=float), np.zeros((len(moved), 2)))
    sure = sent is None or sent.sure
    return Weight(datum, mixed=True, links=(), split=split, sure=sure, sent=sent)


@pytest.mark.parametrize(
    ("moved", "datum", "explained"),
    [
        ([1, 1, 1, 0], "gcj02", True),
        ([1, 1, 1, 1], "gcj02", True),  # three of four
        ([1, 1, 0, 1], "gcj02", False),  # two of three
        ([1, 1, 1, 0], "bd09", True),  # a few of its rows suit the other datum too
        ([0, 0, 0, 0], "gcj02", False),
    ],
)
def test_some_rows_are_those_of_a_town_where_most_of_them_are(moved, datum, explained):
    rows = np.array([True, True, True, False])
    town = weight(rows, Sent("gcj02", rows, ("1",), sure=True, come=2, left=0, before=0, met=1))
    some = {"facilities": weight(moved, datum=datum)}
    assert final(some, {}, {"facilities": town}) == (
        ({"facilities": town}, {}) if explained else (some, {})
    )
    assert final({}, {}, {"facilities": town}) == ({"facilities": town}, {})


@pytest.mark.parametrize(("datum", "kept"), [("gcj02", False), ("bd09", True)])
def test_rows_of_another_datum_stand_before_a_town_that_would_be_asked_about(datum, kept):
    """All rows of the town in BD-09: the town's rows alone may as well be in GCJ-02."""
    rows = np.array([True, True, True, False])
    town = weight(rows, Sent("gcj02", rows, ("1",), sure=False, come=2, left=0, before=0, met=1))
    some = {"facilities": weight([1, 1, 1, 0], datum=datum)}
    want = some if kept else {"facilities": town}
    assert final({}, some, {"facilities": town}) == ({}, want)


@pytest.mark.parametrize(("third", "sure"), [(8.9, True), (9.1, False)])
def test_a_datum_is_told_only_where_no_third_is_about_as_likely(monkeypatch, third, sure):
    """Though that one is not heard, as its rows come home in other directions too: 12 and 9."""
    towns = object.__new__(_Towns)
    towns._of = SimpleNamespace(codes=["1"], ways=lambda _: [HOMES])
    heard = {"gcj02": (12.0, True), "bd09": (-np.inf, False)}
    monkeypatch.setattr(_Towns, "_one", lambda _, _code, real, _some: heard[real])
    monkeypatch.setattr(_Towns, "_gain", lambda _, _code, real, _some: {"bd09": third}[real])
    found = [one for real in ("gcj02", "bd09") for one in towns.heard(real)]
    (one,) = towns.alone(found, ["gcj02", "bd09"])
    assert ({*one.sure}, {*one.ledgers}) == ({*HOMES} if sure else set(), {*HOMES})


@pytest.mark.parametrize(
    ("ways", "told", "asked"),
    [
        ({BOTH: (12.0, True)}, {*BOTH}, {*BOTH}),
        ({BOTH: (12.0, True), HOMES: (11.0, True)}, {*HOMES}, {*BOTH}),  # of the homes in both
        ({HOMES: (12.0, True), ROOMS: (11.0, True)}, set(), {*BOTH}),
        ({BOTH: (12.0, True), HOMES: (9.0, True)}, {*BOTH}, {*BOTH}),  # three less are a rival none
        ({HOMES: (9.0, False)}, set(), {*HOMES}),
        ({HOMES: (7.0, False)}, set(), {*HOMES}),
        ({}, None, None),
    ],
)
def test_what_all_likely_choices_of_ledgers_have_is_told(monkeypatch, ways, told, asked):
    """Of two ledgers of a town that may be in another datum, each or both."""
    towns = object.__new__(_Towns)
    towns._of = SimpleNamespace(codes=["1"], ways=lambda _: [BOTH, HOMES, ROOMS])
    never = (-np.inf, False)
    monkeypatch.setattr(_Towns, "_one", lambda _, _code, _real, some: ways.get(some, never))
    found = [({*one.sure}, {*one.ledgers}) for one in towns.heard("gcj02")]
    assert found == ([] if told is None else [(told, asked)])


# Ten rows of each neighbour stay in it 1000 m to the west too, and so do those of town 1 but for
# the rows that leave, 5.5 each. From 3.0 a town is held.
@pytest.mark.parametrize(
    ("case", "held_towns", "come"),
    [
        ({}, set(), 0),  # whatever it was moved by, nothing would show it
        ({"leave": 1}, {"1"}, 0),
        ({"come": (2,)}, set(), 2),
        ({"come": (1,), "leave": 1}, set(), 1),  # 5 - 5.5
        ({"come": (1,), "leave": 2}, {"1"}, 0),
        ({"left": 1}, set(), 0),
    ],
)
def test_a_town_is_held_where_its_rows_would_leave_it(case, held_towns, come):
    found = held(evidence(county(**case)))["residential"]
    assert found.towns == held_towns
    rest = {} if held_towns else {"1": come}
    assert found.come == rest | dict.fromkeys("2345", 0)


def test_what_lies_in_a_datum_already_is_not_moved_to_it():
    """Homes in GCJ-02: only WGS 84 and BD-09 are asked of them, and each is 500 m away."""
    found = evidence(county(leave=1))
    found.start["residential"] = "gcj02"
    ways = {(real, way) for real, way in _ways(found, "1") if "residential" in way}
    assert {real for real, _ in ways} == {"wgs84", "bd09"}


def test_facilities_amid_their_homes_are_held_and_those_that_stand_anywhere_are_not():
    """Six facilities 30 m from a village each, 500 m and more from any other place if moved."""
    bond = Link(
        "facilities", "residential", np.arange(0), np.empty((0, 2)), np.array([]), np.array([])
    )
    homes, cares = villages(30)
    # moved with the homes they stand beside them anywhere: of both together nothing says it
    assert held(evidence(homes, cares, [bond]))["facilities"].towns == set()
    alone = [(real, ("facilities",)) for real in ("gcj02", "bd09")]
    near, far = (evidence(homes, some, [bond]) for some in (cares, villages(5000)[1]))
    assert all(_worse(near, "1", *way) for way in alone)
    assert not any(_worse(far, "1", *way) for way in alone)
