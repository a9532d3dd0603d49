"""The limit of a walk in the layers is what the document says, in its minutes."""

from types import SimpleNamespace

import pytest

from lifecircle.assessing.layers.shapes import _minutes
from lifecircle.case.tables import walk_limit_m


@pytest.mark.parametrize("speed", [0.8, 1.0, 1.11, 1.2, 1.25, 4 / 3.6, 1.389])
def test_minutes_come_back_as_they_were_said(speed):
    study = SimpleNamespace(parameters=SimpleNamespace(walk_speed_m_s=speed))
    said = [*map(float, range(1, 61)), 7.5, 12.5, 10.25, 1 / 3]
    assert [_minutes(study, walk_limit_m(study, one)) for one in said] == pytest.approx(
        said, rel=1e-12
    )
    whole = said[:-1]
    assert [_minutes(study, walk_limit_m(study, one)) for one in whole] == whole


def test_metres_that_no_minutes_give_are_told_as_they_are():
    study = SimpleNamespace(parameters=SimpleNamespace(walk_speed_m_s=1.11))
    assert _minutes(study, 1000.0) == pytest.approx(1000 / 66.6)
