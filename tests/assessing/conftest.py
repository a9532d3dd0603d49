"""A town of nine areas in which every reading that can be switched has something to change."""

from __future__ import annotations

import datetime as dt
import math

import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point

from lifecircle.model.dictionary import columns
from lifecircle.model.inputs.layers import Layer
from lifecircle.model.inputs.study import Study

CRS, X0, Y0 = "EPSG:4548", 500_000.0, 3_850_000.0
STREET, TOWN = "370999001", "370999101"
C1, C2, V1 = f"{STREET}001", f"{STREET}002", f"{TOWN}200"
URBAN = {"age_class": "existing", "setting": "urban", "stage": "in_use", "unit": STREET}
RURAL = {"age_class": "existing", "setting": "rural", "stage": "in_use", "unit": TOWN}

AREAS = {
    # A6: 18 m² are enough for 100 households built, not for 150 planned
    "R1": (0, URBAN | {"households": 100, "households_planned": 150, "community": C1}),
    # A26: a villagers' committee that the ledger calls urban
    "R2": (2000, URBAN | {"households": 100, "community": f"{STREET}210"}),
    # A17: its room is handed over, not yet in use
    "R3": (4000, URBAN | {"households": 100, "community": C1}),
    # A8: two small new areas that share a place of 220 m²
    "R4": (6000, URBAN | {"age_class": "new", "households_planned": 300, "community": C1}),
    "R5": (6100, URBAN | {"age_class": "new", "households_planned": 300, "community": C1}),
    # A27: two natural villages of one administrative village, one of them with the home
    "R6": (8000, RURAL | {"households": 80, "community": V1}),
    "R7": (9500, RURAL | {"households": 80, "community": V1}),
    # A11, A12: a room there is, but far too small
    "R8": (12_000, URBAN | {"households": 1000, "community": C1}),
    "R9": (14_000, URBAN | {"age_class": "new", "households_planned": 500, "community": C1}),
}
FACILITIES = {
    "F1": (0, {"kinds": {"day_care"}, "floor_area_m2": 18, "community": C1}),
    "F2": (4000, {"kinds": {"day_care"}, "floor_area_m2": 30, "stage": "handed_over"}),
    "F3": (6000, {"kinds": {"community_station"}, "floor_area_m2": 220}),
    "F4": (8000, {"kinds": {"happiness_home"}, "community": V1, "unit": TOWN}),
    "F5": (12_000, {"kinds": {"day_care"}, "floor_area_m2": 50}),
    "F6": (14_000, {"kinds": {"canteen"}, "floor_area_m2": 50}),
}
# C2 has nothing of its own; its seat is 400 m from F1 (A28)
UNITS = {
    STREET: ("street", "township", None, None),
    TOWN: ("town", "township", None, None),
    C1: ("community", "community", STREET, 0),
    C2: ("community", "community", STREET, 400),
    V1: ("village", "community", TOWN, 8000),
}


def layer(name, rows):
    known = [c for c in columns(name) if c not in {"id", "code"}]
    frame = pd.DataFrame(
        [[{"name": key, **given}.get(c) for c in known] for key, (_, given) in rows.items()],
        index=pd.Index(list(rows), name="id", dtype=object),
        columns=known,
        dtype=object,
    )
    numbers = [c for c in known if columns(name)[c].type in {"number", "integer"}]
    frame = frame.astype(dict.fromkeys(numbers, float))
    places = [Point(X0 + x, Y0) for x, _ in rows.values()]
    return Layer(name, gpd.GeoDataFrame(frame, geometry=places, crs=CRS))


def units():
    frame = pd.DataFrame(
        [
            {
                **dict.fromkeys(columns("units")),
                "code": code,
                "name": code,
                "unit_type": kind,
                "level": level,
                "parent": parent,
                "setting": {"community": "urban", "village": "rural"}.get(kind),
                "seat_x": math.nan if x is None else X0 + x,
                "seat_y": math.nan if x is None else Y0,
            }
            for code, (kind, level, parent, x) in UNITS.items()
        ],
        index=pd.Index(list(UNITS), name="id", dtype=object),
    )
    return Layer("units", gpd.GeoDataFrame(frame, geometry=[None] * len(frame), crs=CRS))


def make_town(**changes):
    """Return the study; judged by all four documents unless told otherwise."""
    given = {
        "name": "开关镇",
        "county": "370999",
        "standards": ("caoxian-2023", "jinxiang-2023", "pingyin-2022", "weishan-2023"),
        "as_of": dt.date(2024, 6, 30),
        "crs": CRS,
        "residential": layer("residential", AREAS),
        "facilities": layer(
            "facilities",
            {
                key: (
                    x,
                    {"stage": "in_use", "unit": STREET, **row, "kinds": frozenset(row["kinds"])},
                )
                for key, (x, row) in FACILITIES.items()
            },
        ),
        "units": units(),
        "sharing": pd.DataFrame(
            [("F3", "R4", math.nan), ("F3", "R5", math.nan)],
            columns=["facility", "residential", "m2"],
        ),
        "exemptions": pd.DataFrame(columns=["id", "clause", "reason", "reference", "until"]),
        "indicators": pd.DataFrame(columns=["id", "numerator", "denominator", "source"]),
    }
    return Study(**{**given, **changes})


@pytest.fixture(scope="session")
def town():
    """Make the town's study, with ``changes`` to its fields."""
    return make_town


@pytest.fixture(scope="session")
def make_layer():
    """Return a function: a layer of points, id → (metres east, columns), with columns of all."""

    def make(name, rows, **shared):
        return layer(name, {key: (x, {**shared, **own}) for key, (x, own) in rows.items()})

    return make
