"""How likely rows bear the code of the unit they lie in, taken exactly or roughly."""

import numpy as np
import pytest
import shapely

from lifecircle.intake.doubts import strays
from lifecircle.intake.doubts.links import Link


def best(within, units):
    """Try every share of wrong codes up to a tenth, two wrong and sixty right believed before."""
    shares = np.linspace(1e-4, 0.1, 5000)[:, None]
    likely = np.log((1 - shares) * within + shares / units).sum(axis=1)
    return (likely + 2 * np.log(shares[:, 0]) + 60 * np.log(1 - shares[:, 0])).max()


def test_a_code_is_right_or_names_any_unit():
    """A tenth of the codes wrong, four units: 0.9 + 0.1 / 4 within, 0.1 / 4 without."""
    assert strays.told(0.1, np.array([1.0, 0.0]), 4) == pytest.approx([0.925, 0.025])


@pytest.mark.parametrize(("inside", "outside"), [(60, 0), (57, 3), (40, 20)])
def test_the_share_of_wrong_codes_is_the_likeliest(inside, outside):
    within = np.repeat([True, False], [inside, outside])
    told = strays.sharply(within, 12)
    assert told == pytest.approx(np.log(0.5) + best(within.astype(float), 12), abs=0.01)


def test_rows_deep_in_their_units_say_nothing_of_how_they_were_taken():
    """However they were taken they are in: what is known before, summed up, is one."""
    deep = np.full(60, -np.inf)
    assert strays.lying(deep, 12) == pytest.approx(best(np.ones(60), 12), abs=0.01)


def test_rough_places_lie_beyond_their_borders_and_exact_ones_do_not():
    """Two in three 300 m within, one in three 150 m beyond: no exact ledger, but a rough one."""
    beyond = np.repeat([-300.0, 150.0], [40, 20])
    rough = strays.lying(beyond, 12)
    assert rough > strays.sharply(beyond <= 0, 12) + 10
    # to 300 m: 0.841 of those are within, 0.309 of these; a tenth of all ledgers is taken so
    to_300 = np.repeat([0.841345, 0.308538], [40, 20])
    assert rough >= np.log(0.1) + best(to_300, 12) - 0.01


def test_one_office_takes_its_places_in_one_way():
    """Exact for sure: so is the other but for one of 500, and half of those; the rest as before."""
    exact = np.repeat([-5000.0, -60.0, -20.0], [100, 100, 50])
    assert np.exp(strays.taken_beside(exact, 12)) == pytest.approx(
        [0.999, 0.0004, 0.0002, 0.0002, 0.0002], abs=2e-5
    )
    rough = np.repeat([-300.0, 300.0], [150, 100])
    told = np.exp(strays.taken_beside(rough, 12))
    assert told[0] == pytest.approx(0.001, abs=2e-5)
    assert told.sum() == pytest.approx(1.0)


def test_how_far_rows_lie_beyond_a_border():
    """A square of 100 m: 50 m east of it, in its middle, 10 m within its border, on it."""
    square = shapely.box(0, 0, 100, 100)
    points = np.array([(150, 50), (50, 50), (10, 50), (0, 50)], dtype=float)
    link = Link("f", "units", np.arange(4), points, np.array([square] * 4), np.zeros(4))
    assert link.beyond(np.zeros((4, 2))) == pytest.approx([50, -50, -10, 0])
    assert link.beyond(np.full((4, 2), (100.0, 0.0))) == pytest.approx([150, 50, 10, 0])
