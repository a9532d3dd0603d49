"""Readings that change what is walked to: a room handed over but not yet in use (A17)."""

import dataclasses

import pandas as pd
import pytest

import lifecircle as lc
from lifecircle.model.reach import TravelTable


@pytest.mark.parametrize(("choice", "status"), [(None, "deficient"), ("accepted", "compliant")])
def test_the_walk_to_rooms_not_yet_in_use(town, choice, status):
    """R3 walks 500 m to F2, handed over, and 9,000 m to F1, in use; 1,000 m are 15 minutes."""
    walks = pd.DataFrame(
        [("R3", "F2", 500.0), ("R3", "F1", 9000.0)], columns=["demand", "facility", "cost"]
    )
    study = town(standards=("caoxian-2023",), travel=TravelTable(walks, "m", 10_000.0, "given"))
    readings = {} if choice is None else {"A17": choice}
    found = lc.assess(dataclasses.replace(study, readings=readings)).findings
    assert found.set_index(["clause", "id"]).at[("CX-05", "R3"), "status"] == status
