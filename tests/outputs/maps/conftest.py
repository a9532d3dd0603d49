"""A small town of twelve areas and eight facilities in which every outcome and layer occurs."""

from __future__ import annotations

import datetime as dt
import json
import math
import zlib
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString, MultiPoint, Point, Polygon, box

from lifecircle.model.finding import FINDING_COLUMNS, Rate
from lifecircle.model.inputs.parameters import Parameters
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.results.assessment import (
    ALLOCATION_COLUMNS,
    LAYER_COLUMNS,
    REACH_TABLE_COLUMNS,
    Assessment,
    ClauseResult,
    Curve,
    CurveStep,
    SensitivityRow,
)
from lifecircle.model.rules.clause import Reference
from lifecircle.model.status import Flag, Status
from lifecircle.outputs.maps.draw import draw_map, map_data
from lifecircle.outputs.maps.pack import packed

CRS = "EPSG:4548"
X0, Y0 = 519_000.0, 3_131_000.0
"""South-west corner of the town, metres."""

EVIL = "</script><img src=x onerror=alert(1)>"
TEMPLATE = "{{ 7 * 7 }}{% raw %} & 'quoted' \"twice\""
QUOTE = "老城区和已建成居住（小）区按每百户不低于15平方米的标准配建社区养老服务设施。"


def layer(name, rows, geometries, crs=CRS):
    """Build one layer with all columns of the contract."""
    columns = LAYER_COLUMNS.get(name, ("name", "highway", "barrier"))
    ids = [row.pop("id") for row in rows]
    frame = pd.DataFrame(rows, index=pd.Index(ids, name="id", dtype="object"))
    return gpd.GeoDataFrame(
        frame.reindex(columns=list(columns)), geometry=list(geometries), crs=crs
    )


def block(column, row, width=300, height=240):
    """One street block, ``column`` east and ``row`` north of the corner."""
    west, south = X0 + column * 420 + 30, Y0 + row * 340 + 30
    return box(west, south, west + width, south + height)


def area(number, name, verdict, reason, **values):
    """One row of the residential layer, ordinary where nothing is said."""
    return {
        "id": f"R{number:02}",
        "name": name,
        "unit": "360681001",
        "age_class": "existing",
        "setting": "urban",
        "stage": "in_use",
        "households": 800.0,
        "population": 2100.0,
        "elders": 420.0,
        "illustrative": True,
        "radius_m": 450.0,
        "radius_facility": "F1",
        "walk_m": 620.0,
        "walk_min": 9.3,
        "walk_facility": "F1",
        "walk_share": 0.85,
        "coverage": "full",
        "required_m2": 120.0,
        "own_m2": 120.0,
        "recorded_m2": 0.0,
        "arrangeable_m2": 0.0,
        "deficit_m2": 0.0,
        "clause": "CX-03",
        "verdict": str(verdict),
        "reason": reason,
    } | values


SHORT = Reason(
    ReasonCode.QUOTA_SHORT, {"required_m2": 180.0, "provided_m2": 90.0, "deficit_m2": 90.0}
)
MET = Reason(ReasonCode.QUOTA_MET, {"required_m2": 120.0, "provided_m2": 120.0})


def areas():
    """All verdicts, coverages, kinds of place, and gaps in the numbers."""
    rows = [
        area(1, "雄石花园", Status.COMPLIANT, MET),
        area(2, "东门里", Status.COMPLIANT, MET, coverage="partial", walk_share=0.62),
        area(
            3,
            "象山名邸",
            Status.DEFICIENT,
            SHORT,
            required_m2=180.0,
            own_m2=60.0,
            recorded_m2=30.0,
            arrangeable_m2=60.0,
            deficit_m2=90.0,
            deficit_if_arranged_m2=30.0,
            remedy="新增用房 90 m²",
            households=1200.0,
        ),
        area(
            4,
            "冶金新村",
            Status.DEFICIENT,
            SHORT,
            coverage="none",
            walk_m=math.inf,
            walk_min=math.inf,
            walk_facility=None,
            walk_share=0.0,
            required_m2=180.0,
            own_m2=90.0,
            deficit_m2=90.0,
        ),
        area(
            5,
            "滨江国际",
            Status.NOT_ASSESSED,
            Reason(ReasonCode.HOUSEHOLDS_MISSING),
            households=math.nan,
            required_m2=math.nan,
            own_m2=math.inf,
            coverage="partial",
        ),
        area(
            6,
            "信江苑",
            Status.EXEMPT,
            Reason(ReasonCode.EXEMPTED, {"why": "拆迁", "reference": "贵府〔2024〕3号"}),
            age_class="old",
        ),
        area(
            7,
            "江北村",
            Status.NOT_APPLICABLE,
            Reason(ReasonCode.OTHER_SETTING, {"setting": "rural"}),
            setting="rural",
            coverage="none",
        ),
        area(8, EVIL, Status.DEFICIENT, SHORT, coverage="none", households=300.0),
        area(9, "花园老小区（点位）", Status.COMPLIANT, MET, age_class="old"),
        area(
            10,
            TEMPLATE,
            Status.NOT_ASSESSED,
            None,
            coverage="unknown",
            walk_m=math.nan,
            walk_min=math.nan,
            radius_m=math.nan,
        ),
        area(11, "新建一期", Status.REPORTED, None, age_class="new", stage="under_construction"),
        area(12, "位置不详小区", Status.NOT_ASSESSED, Reason(ReasonCode.POSITION_MISSING)),
    ]
    shapes = [block(n % 4, n // 4) for n in range(12)]
    shapes[5] = Polygon(
        shapes[5].exterior.coords, [box(*shapes[5].buffer(-90).bounds).exterior.coords]
    )
    shapes[8] = shapes[8].centroid
    shapes[9] = block(1, 2).union(block(1, 2, 150, 330))
    shapes[11] = None
    return layer("residential", rows, shapes)


def facility(number, name, kinds, stage, **values):
    """One row of the facilities layer."""
    return {
        "id": f"F{number}",
        "name": name,
        "kinds": kinds,
        "stage": stage,
        "floor_area_m2": 320.0,
        "quota_m2_low": 320.0,
        "quota_m2_high": 320.0,
        "beds": 12.0,
        "reach_counts": "yes",
        "quota_counts": "yes",
        "reach_groups": "community",
        "serves": "R01;R02",
        "illustrative": True,
    } | values


def facilities():
    """Every look of a stage, several kinds, one place that is not known."""
    rows = [
        facility(1, "东门社区日间照料中心", "day_care;canteen", "in_use"),
        facility(
            2,
            "雄石街道综合养老服务中心",
            "township_centre",
            "in_use",
            reach_groups="centre;community",
        ),
        facility(3, EVIL, "canteen", "in_use", quota_m2_low=0.0),
        facility(4, "江北农村幸福院", "happiness_home", "idle", reach_counts="no"),
        facility(5, "象山社区养老服务站", "community_station", "planned", reach_counts="no"),
        facility(6, "信江养老院", "nursing_institution", "accepted", beds=math.inf),
        facility(7, TEMPLATE, None, None, reach_counts="unknown"),
        facility(8, "位置不详食堂", "canteen", "under_construction"),
    ]
    places = [(260, 190), (700, 310), (1350, 620), (1120, 480), (900, 180), (500, 760), (1560, 250)]
    return layer("facilities", rows, [*(Point(X0 + x, Y0 + y) for x, y in places), None])


def town_streets():
    """A grid between the blocks, wide streets every second line, with names."""
    rows, lines = [], []
    for n in range(5):
        rows.append(
            {
                "id": f"v{n}",
                "name": ["信江西路", None, "雄石路", None, "象山大道"][n],
                "highway": ["primary", "residential", "secondary", "residential", "tertiary"][n],
            }
        )
        lines.append(LineString([(X0 + n * 420, Y0 - 60), (X0 + n * 420, Y0 + 1080)]))
    for n in range(4):
        rows.append(
            {
                "id": f"h{n}",
                "name": ["建设路", "交通路", None, "滨江路"][n],
                "highway": ["trunk", "residential", "service", "footway"][n],
            }
        )
        lines.append(LineString([(X0 - 60, Y0 + n * 340), (X0 + 1740, Y0 + n * 340)]))
    return layer("streets", rows, lines)


def layers():
    """Every layer of the contract, and the two that make the ground."""
    home, centre = areas(), Point(X0 + 260, Y0 + 190)
    walk = centre.buffer(520).intersection(box(X0, Y0, X0 + 1680, Y0 + 1020))
    lines = town_streets()
    river = LineString([(X0 - 100, Y0 + 1110), (X0 + 800, Y0 + 1150), (X0 + 1800, Y0 + 1090)])
    return {
        "residential": home,
        "facilities": facilities(),
        "units": layer(
            "units",
            [
                {
                    "id": "360681001",
                    "name": "雄石街道",
                    "unit_type": "street",
                    "level": "township",
                    "setting": "urban",
                    "areas": 10.0,
                    "households": 8700.0,
                    "facilities": 6.0,
                    "compliant": 3.0,
                    "deficient": 3.0,
                    "not_assessed": 2.0,
                    "rate": 0.5,
                },
                {
                    "id": "360681900",
                    "name": "虚拟单元",
                    "unit_type": "special",
                    "level": "township",
                    "rate": math.nan,
                },
            ],
            [box(X0 - 60, Y0 - 60, X0 + 1740, Y0 + 1080), None],
        ),
        "gates": layer("gates", [{"id": "G1", "residential": "R01"}], [Point(X0 + 330, Y0 + 100)]),
        "service_areas": layer(
            "service_areas",
            [
                {
                    "id": "radius-community",
                    "reach_group": "community",
                    "method": "radius",
                    "threshold": 1000.0,
                    "unit": "m",
                },
                {
                    "id": "walk-community",
                    "reach_group": "community",
                    "method": "walk",
                    "threshold": 15.0,
                    "unit": "min",
                },
                {
                    "id": "radius-centre",
                    "reach_group": "centre",
                    "method": "radius",
                    "threshold": 1000.0,
                    "unit": "m",
                },
            ],
            [centre.buffer(1000), walk, Point(X0 + 700, Y0 + 310).buffer(1000)],
        ),
        "reached_streets": layer(
            "reached_streets",
            [
                {
                    "id": "walk-community",
                    "reach_group": "community",
                    "threshold": 15.0,
                    "unit": "min",
                },
            ],
            [lines.geometry.union_all().intersection(walk)],
        ),
        "disagreements": layer(
            "disagreements",
            [
                {
                    "id": "d1",
                    "residential": "R04",
                    "name": "冶金新村",
                    "reach_group": "community",
                    "facility": "F1",
                    "radius_m": 880.0,
                    "walk_m": math.inf,
                    "walk_min": math.inf,
                    "detour": math.inf,
                    "barrier": "railway",
                },
            ],
            [LineString([home.geometry["R04"].centroid, centre])],
        ),
        "close_calls": layer(
            "close_calls",
            [
                {
                    "id": "c1",
                    "residential": "R02",
                    "name": "东门里",
                    "clause": "CX-01",
                    "measured": 990.0,
                    "required": 1000.0,
                    "unit": "m",
                    "margin": 10.0,
                },
            ],
            [home.geometry["R02"]],
        ),
        "street_diagnosis": layer(
            "street_diagnosis",
            [
                {"id": "s1", "kind": "fragment", "length_m": 420.0, "areas": 1, "facilities": 0},
            ],
            [LineString([(X0 + 1300, Y0 + 900), (X0 + 1500, Y0 + 960)])],
        ),
        "sites": layer(
            "sites",
            [
                {
                    "id": "P1",
                    "name": "原东门小学",
                    "type": "闲置校舍",
                    "floor_area_m2": 860.0,
                    "unit": "360681001",
                    "illustrative": True,
                },
            ],
            [MultiPoint([(X0 + 1000, Y0 + 700)])],
        ),
        "streets": lines,
        "barriers": layer(
            "barriers",
            [
                {"id": "b1", "barrier": "river", "name": "信江"},
                {"id": "b2", "barrier": "railway", "name": "沪昆铁路"},
                {"id": "b3", "barrier": "river", "name": None},
            ],
            [
                river,
                LineString([(X0 + 1250, Y0 - 80), (X0 + 1300, Y0 + 1080)]),
                Polygon([(X0 - 60, Y0 + 1000), (X0 + 200, Y0 + 1000), (X0 + 60, Y0 + 1060)]),
            ],
        ),
    }


def clause(clause_id="CX-07", **values):
    """One clause judged."""
    given = {
        "standard": "caoxian-2023",
        "id": clause_id,
        "title": {"zh": "居住区配建达标率", "en": "Compliance of residential areas"},
        "section": "三、规划目标",
        "quote": QUOTE,
        "force": "不低于",
        "references": (Reference("曹县养老服务设施布局规划"),),
        "deadline": None,
        "measure": "compliance_rate",
        "subject": "residential",
        "kinds": (),
        "comparison": ">=",
        "target": 90.0,
        "unit": "%",
        "value": 50.0,
        "low": 37.5,
        "high": 62.5,
        "reading": {},
        "status": Status.DEFICIENT,
        "flags": (),
        "counts": {Status.COMPLIANT: 3, Status.DEFICIENT: 3, Status.NOT_ASSESSED: 2},
        "official": Rate("areas", "county", 3, 6, 3, 3 / 9, 6 / 9, 0.5),
        "rates": (
            Rate("areas", "county", 3, 6, 3, 3 / 9, 6 / 9, 0.5),
            Rate("households", "county", 2400, 4700, 2, None, None, 2400 / 4700),
        ),
    }
    return ClauseResult(**(given | values))


def findings():
    """Two findings of one area, one with flags; one of a facility's."""
    rows = [
        {
            "standard": "caoxian-2023",
            "clause": "CX-03",
            "layer": "residential",
            "id": "R03",
            "required": 180.0,
            "measured": 90.0,
            "unit": "m2",
            "deficit": 90.0,
            "status": Status.DEFICIENT,
            "flags": (Flag.ADJUSTABLE,),
            "reason": SHORT,
        },
        {
            "standard": "caoxian-2023",
            "clause": "CX-01",
            "layer": "residential",
            "id": "R03",
            "required": 1000.0,
            "measured": math.inf,
            "unit": "m",
            "deficit": math.nan,
            "status": Status.DEFICIENT,
            "flags": (),
            "reason": None,
        },
        {
            "standard": "caoxian-2023",
            "clause": "CX-03",
            "layer": "residential",
            "id": "R07",
            "required": math.nan,
            "measured": math.nan,
            "unit": "m2",
            "deficit": math.nan,
            "status": Status.NOT_APPLICABLE,
            "flags": (),
            "reason": None,
        },
    ]
    return pd.DataFrame(rows).reindex(columns=list(FINDING_COLUMNS))


def reach():
    """The reach of one area in two groups."""
    rows = [
        {
            "residential": "R03",
            "reach_group": "centre",
            "radius_m": 250.0,
            "radius_facility": "F2",
            "walk_m": 480.0,
            "walk_min": 7.2,
            "walk_facility": "F2",
        },
        {
            "residential": "R03",
            "reach_group": "community",
            "radius_m": 640.0,
            "radius_facility": "F1",
            "walk_m": 1180.0,
            "walk_min": 17.7,
            "access_m": 40.0,
            "network_m": 1115.0,
            "egress_m": 25.0,
            "walk_facility": "F2",
        },
        {
            "residential": "R04",
            "reach_group": "community",
            "radius_m": 880.0,
            "radius_facility": "F1",
            "walk_m": math.inf,
            "walk_min": math.inf,
            "walk_facility": None,
        },
    ]
    return pd.DataFrame(rows).reindex(columns=list(REACH_TABLE_COLUMNS))


@pytest.fixture
def town():
    return build_town()


@pytest.fixture(scope="session")
def town_map(tmp_path_factory):
    """The town's map, written once; not to be changed."""
    return draw_map(build_town(), tmp_path_factory.mktemp("town") / "map.html")


def build_town():
    return Assessment(
        study="贵溪市城区养老服务设施覆盖评估",
        county="360681",
        standards=("caoxian-2023",),
        scenario=None,
        stage="now",
        as_of=dt.date(2025, 12, 31),
        language="zh",
        crs=CRS,
        headline_clause="CX-07",
        clauses=(
            clause(),
            clause(
                "CX-03",
                title={"zh": "已建成居住区配建", "en": "Quota of built areas"},
                measure="provision",
            ),
            clause(
                "CX-01",
                title={"zh": "服务半径", "en": "Service radius"},
                quote="",
                section="",
                measure="radius",
            ),
        ),
        findings=findings(),
        reach=reach(),
        allocation=pd.DataFrame(columns=list(ALLOCATION_COLUMNS)),
        layers=layers(),
        parameters=Parameters().records(),
        readings=(),
        banners=("套用外县标准，仅作演示", "内部使用，不作划界依据"),
        attribution=(
            "© OpenStreetMap contributors, ODbL 1.0 https://www.openstreetmap.org/copyright",
        ),
        standard_titles={
            "caoxian-2023": {"zh": "曹县养老服务设施专项规划（2023）", "en": "Caoxian plan, 2023"}
        },
    )


@pytest.fixture
def town_with_curves(town):
    """The town with one curve and one row of rates at other speeds."""
    steps = tuple(CurveStep(15.0 * n, 6.0 * n, n / 2, n / 2) for n in range(3))
    return replace(
        town,
        curves=(Curve("community", "walk", "min", 1.0, "areas", 12.0, 0, steps),),
        sensitivity=(
            SensitivityRow(
                "community", "walk", 15.0, "min", 0.8, "areas", 7, 11, 1, 7 / 12, 8 / 12, 7 / 11
            ),
        ),
    )


@pytest.fixture
def english(town):
    return replace(town, language="en", banners=("Another county's standard, demonstration only",))


@pytest.fixture
def nothing(town):
    """An Assessment whose layers are all empty, and whose headline names no clause."""
    empty = {name: frame.iloc[:0] for name, frame in town.layers.items()}
    return replace(
        town,
        layers=empty,
        clauses=(),
        headline_clause="",
        reach=town.reach.iloc[:0],
        findings=town.findings.iloc[:0],
        banners=(),
        attribution=(),
    )


def unpack(text):
    """Read the page's data block as its description says, columns as lists."""
    letters = [chr(n) for n in range(33, 127) if chr(n) not in "<>&"]
    high, low = ([letters.index(c) for c in text[k::2]] for k in (0, 1))
    bits = "".join(f"{91 * a + b:013b}" for a, b in zip(high, low, strict=True))
    whole = len(bits) // 8
    # at most twelve bits are filled up with noughts: a byte of them is no part of the stream
    raw = zlib.decompressobj().decompress(int(bits[: 8 * whole], 2).to_bytes(whole, "big"))
    first = 4 + int.from_bytes(raw[:4], "little")

    def column(spec):
        kind, at, length, *more = spec
        if kind == "t":
            return json.loads(raw[first + at : first + at + length])
        if kind in {"H", "I"}:
            wide = {"H": 2, "I": 4}[kind]
            planes = np.frombuffer(raw, np.uint8, length * wide, first + at).reshape(wide, length)
            apart = np.ascontiguousarray(planes.T).view(f"<i{wide}").reshape(2, -1)
            return apart.T.ravel().tolist()
        size = {"B": "<u1", "h": "<i2", "i": "<i4"}[kind]
        found = np.frombuffer(raw, size, length, first + at)
        if not more:
            return found.tolist()
        if isinstance(more[0], list):
            known = column(more[0])
            return [known[code] for code in found]
        ends = np.iinfo(size)
        shown = [None if v == ends.min else math.inf if v == ends.max else v for v in found]
        return [v if v in {None, math.inf} else v / 10 ** more[0] for v in shown]

    def read(value):
        return column(value["#"]) if "#" in value else value

    def refuse(name):
        raise AssertionError(f"{name} is no JSON")

    return json.loads(raw[4:first], object_hook=read, parse_constant=refuse)


@pytest.fixture
def unpack_text():
    """Read one data block."""
    return unpack


@pytest.fixture(scope="session")
def data_of():
    """Read what a written map draws from."""

    def read(path):
        page = path.read_text(encoding="utf-8")
        block = page.split('<script type="text/plain" id="lc-data">', 1)[1]
        return unpack(block.split("</script>", 1)[0])

    return read


@pytest.fixture
def drawn():
    """What the page draws of an Assessment, as it is written."""

    def read(assessment, **more):
        return unpack(packed(map_data(assessment, **more)))

    return read
