"""A county of any size as an Assessment: areas in towns, facilities, clauses with all findings."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lifecircle.model.finding import FINDING_COLUMNS, Rate
from lifecircle.model.inputs.parameters import Parameters
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.results.assessment import (
    ALLOCATION_COLUMNS,
    LAYER_COLUMNS,
    REACH_TABLE_COLUMNS,
    Assessment,
    ClauseResult,
)

CRS = "EPSG:4548"
X0, Y0, WIDTH_M = 480_000.0, 3_880_000.0, 60_000.0
STATUSES = np.array(["compliant", "deficient", "not_assessed", "not_applicable"])
GROUPS = ("community", "centre", "canteen")


def county(areas: int, facilities: int, clauses: int = 1, seed: int = 7) -> Assessment:
    """Return an Assessment of ``areas`` blocks of eight corners in 20 towns."""
    chance = np.random.default_rng(seed)
    spots = X0 + chance.uniform(0, WIDTH_M, areas), Y0 + chance.uniform(0, WIDTH_M, areas)
    places = (
        X0 + chance.uniform(0, WIDTH_M, facilities),
        Y0 + chance.uniform(0, WIDTH_M, facilities),
    )
    homes = _homes(areas, facilities, spots, chance)
    findings = [_findings(homes, number, chance) for number in range(clauses)]
    # the map's colours are the first clause's
    homes["verdict"], homes["reason"] = findings[0]["status"].array, findings[0]["reason"].array
    homes["clause"] = "C-00"
    layers = {
        name: gpd.GeoDataFrame(columns=[*columns], geometry=[], crs=CRS)
        for name, columns in LAYER_COLUMNS.items()
    }
    layers["residential"] = homes
    layers["facilities"] = _facilities(facilities, places)
    layers["units"] = _units()
    return Assessment(
        study="五万居住区县",
        county="370828",
        standards=("bench",),
        scenario=None,
        stage="now",
        as_of=dt.date(2025, 12, 31),
        language="zh",
        crs=CRS,
        headline_clause="C-00",
        clauses=tuple(_clause(number, findings[number], homes) for number in range(clauses)),
        findings=pd.concat(findings, ignore_index=True),
        reach=_reach(homes, chance),
        allocation=pd.DataFrame(columns=list(ALLOCATION_COLUMNS)),
        layers=layers,
        parameters=Parameters().records(),
        readings=(),
        standard_titles={"bench": {"zh": "测试文件", "en": "Benchmark"}},
    )


def _homes(areas, facilities, spots, chance):
    turn = np.sort(chance.uniform(0, 2 * np.pi, (areas, 8)), axis=1)
    reach = chance.uniform(60, 140, (areas, 8))
    rings = np.stack(
        [
            spots[0][:, None] + reach * np.cos(turn),
            spots[1][:, None] + reach * np.sin(turn),
        ],
        axis=-1,
    )
    ids = pd.Index([f"R{n:05}" for n in range(areas)], name="id", dtype=object)
    households = chance.integers(80, 3000, areas).astype(float)
    required = np.round(households * 0.15, 1)
    own = np.round(chance.uniform(0, 1, areas) * required, 1)
    town = ((spots[0] - X0) // (WIDTH_M / 5) + 5 * ((spots[1] - Y0) // (WIDTH_M / 4))).astype(int)
    values = {
        "name": [f"{'城东北西南'[n % 5]}苑{n}号小区" for n in range(areas)],
        "unit": [f"3708281{n:02}" for n in town],
        "age_class": np.where(chance.uniform(size=areas) < 0.3, "new", "existing"),
        "setting": np.where(chance.uniform(size=areas) < 0.7, "urban", "rural"),
        "stage": "in_use",
        "households": households,
        "population": np.round(households * 2.6),
        "elders": np.round(households * 0.5),
        "illustrative": True,
        "radius_m": np.round(chance.uniform(20, 2500, areas), 3),
        "radius_facility": [f"F{n:03}" for n in chance.integers(0, facilities, areas)],
        "radius_share": chance.uniform(0, 1, areas),
        "walk_m": np.round(chance.uniform(20, 3000, areas), 3),
        "walk_min": np.round(chance.uniform(1, 45, areas), 3),
        "walk_facility": [f"F{n:03}" for n in chance.integers(0, facilities, areas)],
        "walk_share": chance.uniform(0, 1, areas),
        "coverage": chance.choice(["full", "partial", "none"], areas),
        "required_m2": required,
        "own_m2": own,
        "recorded_m2": 0.0,
        "arrangeable_m2": 0.0,
        "deficit_m2": np.round(required - own, 1),
        "deficit_if_arranged_m2": np.round(required - own, 1),
    }
    frame = pd.DataFrame(values, index=ids).reindex(columns=[*LAYER_COLUMNS["residential"]])
    return gpd.GeoDataFrame(
        frame.astype({"reason": object}), geometry=shapely.polygons(rings), crs=CRS
    )


def _facilities(facilities, places):
    kinds = ("day_care", "community_station", "canteen", "township_centre")
    frame = pd.DataFrame(
        {
            "name": [f"第{n}社区养老服务站" for n in range(facilities)],
            "kinds": [kinds[n % 4] for n in range(facilities)],
            "stage": "in_use",
            "floor_area_m2": 320.0,
            "beds": 12.0,
            "reach_counts": "yes",
            "quota_counts": "yes",
        },
        index=pd.Index([f"F{n:03}" for n in range(facilities)], name="id", dtype=object),
    ).reindex(columns=[*LAYER_COLUMNS["facilities"]])
    return gpd.GeoDataFrame(frame, geometry=shapely.points(*places), crs=CRS)


def _units():
    wide, high = WIDTH_M / 5, WIDTH_M / 4
    corners = [(X0 + (n % 5) * wide, Y0 + (n // 5) * high) for n in range(20)]
    frame = pd.DataFrame(
        {"name": [f"{n}号镇" for n in range(20)], "unit_type": "town", "level": "township"},
        index=pd.Index([f"3708281{n:02}" for n in range(20)], name="id", dtype=object),
    ).reindex(columns=[*LAYER_COLUMNS["units"]])
    boxes = [shapely.box(x, y, x + wide, y + high) for x, y in corners]
    return gpd.GeoDataFrame(frame, geometry=boxes, crs=CRS)


def _findings(homes, number, chance):
    status = STATUSES[chance.choice(4, len(homes), p=[0.5, 0.3, 0.1, 0.1])]
    required = homes["required_m2"].to_numpy() + number
    measured = np.where(status == "compliant", required, homes["own_m2"].to_numpy())
    reasons = [
        Reason(ReasonCode.QUOTA_MET, {"required_m2": r, "provided_m2": m})
        if s == "compliant"
        else Reason(
            ReasonCode.QUOTA_SHORT,
            {"required_m2": r, "provided_m2": m, "deficit_m2": round(r - m, 1)},
        )
        for s, r, m in zip(status, required.tolist(), measured.tolist(), strict=True)
    ]
    return pd.DataFrame(
        {
            "standard": "bench",
            "clause": f"C-{number:02}",
            "layer": "residential",
            "id": homes.index.astype(str),
            "part": "",
            "required": required,
            "measured": measured,
            "unit": "m2",
            "deficit": np.round(np.maximum(0, required - measured), 1),
            "low": measured,
            "high": measured,
            "status": status,
            "flags": [()] * len(homes),
            "reason": pd.Series(reasons, dtype=object),
        }
    )[list(FINDING_COLUMNS)]


def _clause(number, findings, homes):
    counts = findings["status"].value_counts().to_dict()
    met, missed = counts.get("compliant", 0), counts.get("deficient", 0)
    rate = Rate("areas", "county", met, met + missed, 0, None, None, met / (met + missed))
    town = homes["unit"].to_numpy()
    by_town = pd.crosstab(town, findings["status"].to_numpy())
    towns = [
        Rate("areas", code, good, good + bad, 0, None, None, good / (good + bad))
        for code, good, bad in by_town[["compliant", "deficient"]].itertuples()
        if good + bad
    ]
    return ClauseResult(
        standard="bench",
        id=f"C-{number:02}",
        title={"zh": f"第{number}条配建", "en": f"Quota {number}"},
        section="一",
        quote="每百户不少于15平方米。",
        force="不少于",
        references=(),
        deadline=None,
        measure="provision",
        subject="residential",
        kinds=(),
        comparison=">=",
        target=15.0,
        unit="m2/100hh",
        value=None,
        low=None,
        high=None,
        reading={},
        status="deficient",
        flags=(),
        counts=counts,
        official=rate,
        rates=(rate, *towns),
    )


def _reach(homes, chance):
    parts = []
    for group in GROUPS:
        part = homes[["radius_m", "radius_facility", "walk_m", "walk_min", "walk_facility"]].copy()
        part["walk_m"] = np.round(chance.uniform(20, 3000, len(part)), 3)
        parts.append(pd.DataFrame(part).assign(residential=homes.index, reach_group=group))
    return pd.concat(parts, ignore_index=True).reindex(columns=list(REACH_TABLE_COLUMNS))
