from __future__ import annotations

import pandas as pd
import pytest

from lifecircle.reach.network.walkable import way_use


@pytest.mark.parametrize(
    ("tags", "walked"),
    [
        ({}, True),
        ({"highway": "residential"}, True),
        ({"highway": "residential", "oneway": "yes"}, True),
        ({"highway": "footway"}, True),
        ({"highway": "trunk"}, True),
        ({"highway": "trunk", "foot": "no"}, False),
        ({"highway": "motorway", "foot": "yes"}, False),
        ({"highway": "motorway_link"}, False),
        ({"highway": "construction"}, False),
        ({"highway": "proposed"}, False),
        ({"highway": "service", "access": "private"}, False),
        ({"highway": "service", "access": "no"}, False),
        ({"highway": "service", "access": "private", "foot": "yes"}, True),
        ({"highway": "service", "access": "no", "foot": "designated"}, True),
        ({"highway": "service", "access": "no", "foot": "permissive"}, True),
        ({"highway": "service", "access": "destination"}, True),
        ({"highway": "path", "foot": "private"}, False),
        ({"highway": "primary", "motorroad": "yes"}, False),
        ({"route": "ferry"}, False),  # carried, not walked
        ({"route": "ferry", "foot": "yes"}, False),
    ],
)
def test_who_walks_where(tags, walked):
    assert way_use(pd.DataFrame([tags], index=[0])).walked.tolist() == [walked]


def test_steps_and_ferries_are_known():
    use = way_use(
        pd.DataFrame(
            {
                "highway": ["steps", "steps", None, "path"],
                "foot": [None, "no", None, None],
                "route": [None, None, "ferry", None],
            }
        )
    )
    assert use.walked.tolist() == [True, False, False, True]
    assert use.steps.tolist() == [True, False, False, False]
    assert use.ferry.tolist() == [False, False, True, False]


def test_lines_without_tag_columns_are_all_walked():
    use = way_use(pd.DataFrame(index=range(3)))
    assert use.walked.tolist() == [True] * 3
    assert not use.ferry.any()
    assert way_use(pd.DataFrame(index=range(0))).walked.shape == (0,)
