"""A county made of a few rows, for plans whose outcome can be worked out by hand."""

from __future__ import annotations

import datetime as dt
import importlib.util
import math
from pathlib import Path

import pandas as pd
import pytest
from shapely import box

from lifecircle.model.inputs.study import Study

FILE = Path(__file__).parents[1] / "assessing" / "conftest.py"
spec = importlib.util.spec_from_file_location("town_of_readings", FILE)
town = importlib.util.module_from_spec(spec)
spec.loader.exec_module(town)

CRS, X0, Y0, layer = town.CRS, town.X0, town.Y0, town.layer
AREA = {"age_class": "existing", "setting": "urban", "stage": "in_use", "unit": "370999001"}
PLACE = {"stage": "in_use", "kinds": frozenset({"community_station"}), "unit": "370999001"}


def plots(made, size):
    """Draw every area as a square of ``size`` metres around its point."""
    frame = made.frame.copy()
    xy = [(p.x, p.y) for p in frame.geometry]
    frame["geometry"] = [box(x - size / 2, y - size / 2, x + size / 2, y + size / 2) for x, y in xy]
    return type(made)(made.name, frame)


def make_line(areas, facilities=None, candidates=None, sharing=(), size=None, **changes):
    """Return a study along a line: id → (metres east, columns) of each layer."""
    homes = layer("residential", {key: (x, {**AREA, **row}) for key, (x, row) in areas.items()})
    places = facilities or {"F0": (50_000, {"floor_area_m2": 1.0})}
    offered = None if candidates is None else layer("candidates", candidates)
    given = {
        "name": "一条街",
        "county": "370999",
        "standards": ("caoxian-2023",),
        "as_of": dt.date(2024, 6, 30),
        "crs": CRS,
        "residential": homes if size is None else plots(homes, size),
        "facilities": layer(
            "facilities", {key: (x, {**PLACE, **row}) for key, (x, row) in places.items()}
        ),
        "candidates": offered,
        "units": None,
        "sharing": pd.DataFrame(list(sharing), columns=["facility", "residential", "m2"]).astype(
            {"m2": float}
        ),
        "exemptions": pd.DataFrame(columns=["id", "clause", "reason", "reference", "until"]),
        "indicators": pd.DataFrame(columns=["id", "numerator", "denominator", "source"]),
    }
    return Study(**{**given, **changes})


@pytest.fixture(scope="session")
def line():
    """Make a study along a line."""
    return make_line


@pytest.fixture(scope="session")
def nothing():
    """Nothing known."""
    return math.nan
