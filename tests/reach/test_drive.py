from __future__ import annotations

import pytest
from shapely import Point

from lifecircle.model.inputs.parameters import Parameters
from lifecircle.reach.drive import drive_table


def test_minutes_by_car_with_the_legs_walked(layer_of, lines_of):
    # 10 km of main road at 50 km/h, and back only by a side road of 14 km at 20 km/h
    xy = [(0, 0), (10_000, 0), (10_000, 2000), (0, 2000)]
    tags = {0: {"highway": "primary", "oneway": "yes"}, 1: {"highway": "residential"}}
    streets = lines_of(xy, [[0, 1], [1, 2, 3, 0]], tags)
    areas = layer_of("residential", [Point(0, 100), Point(9000, -100), Point(500, 900), None])
    places = layer_of("facilities", [Point(8000, 0), Point(9500, 0), None])
    table = drive_table(areas, places, streets, Parameters(), 60.0)
    assert (table.unit, table.limit, table.method) == ("min", 60.0, "network")
    assert list(table.frame.columns) == ["demand", "facility", "cost"]
    found = {(r.demand, r.facility): r.cost for r in table.frame.itertuples()}
    walk, main, side = 60 * 10 / 9, 50_000 / 60, 20_000 / 60  # metres a minute
    assert found == pytest.approx(
        {
            # R0 stands on the side road, 100 m from its end; snapped without a leg
            ("R0", "F0"): 100 / side + 8000 / main,
            ("R0", "F1"): 100 / side + 9500 / main,
            # R1 must go on to the end, back by the side road, and up the main road again
            ("R1", "F0"): 100 / walk + 1000 / main + 14_000 / side + 8000 / main,
            ("R1", "F1"): 100 / walk + 500 / main,
        }
    )
    # R2 is 500 m from any road; nothing is told of it
    assert drive_table(areas, places, streets, Parameters(), 5.0).frame["demand"].tolist() == ["R1"]
