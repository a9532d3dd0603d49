"""A small Assessment with every status, unknowns and hostile names, shared by all output tests."""

import dataclasses
import datetime as dt
import math
import shutil

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import LineString, MultiPolygon, Point, box

import lifecircle as lc
from lifecircle.model.finding import FINDING_COLUMNS, Rate
from lifecircle.model.inputs.exemption import Exemption, ExemptionState
from lifecircle.model.inputs.mapping.map_settings import MapSettings
from lifecircle.model.inputs.parameters import Parameters
from lifecircle.model.inputs.study import InputRecord
from lifecircle.model.problem import Problem, ProblemCode, Severity
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.results.assessment import (
    ALLOCATION_COLUMNS,
    LAYER_COLUMNS,
    REACH_TABLE_COLUMNS,
    Assessment,
    ClauseResult,
    Curve,
    CurveStep,
    ReadingRecord,
    SensitivityRow,
)
from lifecircle.model.results.counted.brief import (
    Applied,
    Brief,
    ClassCount,
    KindCount,
    MissingData,
    Needed,
    Present,
    Shortfall,
)
from lifecircle.model.results.settlement import (
    PROVISION_COLUMNS,
    REMEDY_COLUMNS,
    STAGE_COLUMNS,
    Settlement,
)
from lifecircle.model.rules.clause import Reference
from lifecircle.model.status import Flag, Status

CRS = "EPSG:4548"
NAN, INF = math.nan, math.inf
HOSTILE_SCRIPT = '</script><b onclick="x()">小区&'
HOSTILE_FORMULA = '=cmd()|"/C calc"!A1'

_STATUS = [Status.COMPLIANT, Status.DEFICIENT, Status.NOT_ASSESSED]


def _area(number, **values):
    row = dict.fromkeys(LAYER_COLUMNS["residential"])
    row |= {
        "name": f"小区{number}",
        "unit": "370828001",
        "community": "370828001001",
        "age_class": "existing",
        "setting": "urban",
        "stage": "in_use",
        "households": 500.0,
        "population": 1300.0,
        "elders": NAN,
        "illustrative": number % 2 == 0,
        "built_year": 1998.0 + number,
        "radius_m": 400.0,
        "radius_facility": "F1",
        "radius_share": 1.0,
        "radius_status": "compliant",
        "walk_min": 8.25,
        "walk_m": 550.0,
        "walk_facility": "F1",
        "walk_share": 0.97,
        "walk_status": "compliant",
        "access_m": 12.5,
        "network_m": 530.5,
        "egress_m": 7.0,
        "snap_m": 12.5,
        "coverage": "full",
        "required_m2": 75.0,
        "own_m2": 80.0,
        "recorded_m2": 0.0,
        "arrangeable_m2": 0.0,
        "deficit_m2": 0.0,
        "deficit_if_arranged_m2": 0.0,
        "surplus_m2": 5.0,
        "clause": "CX-03",
        "verdict": "compliant",
        "reason": Reason(ReasonCode.QUOTA_MET, {"provided_m2": 80.0, "required_m2": 75.0}),
        "remedy": None,
    }
    return row | values


def _short(number, required, own, **values):
    deficit = required - own
    code = ReasonCode.REMEDY_POOL if deficit < 20 else ReasonCode.REMEDY_ADD
    remedy = {"deficit_m2": deficit} | ({"threshold_m2": 20.0} if deficit < 20 else {})
    params = {"provided_m2": own, "required_m2": required, "deficit_m2": deficit}
    return _area(
        number,
        required_m2=required,
        own_m2=own,
        deficit_m2=deficit,
        deficit_if_arranged_m2=deficit,
        verdict="deficient",
        reason=Reason(ReasonCode.QUOTA_SHORT, params),
        remedy=Reason(code, remedy),
        **values,
    )


def _residential():
    rows = {
        "R01": _area(1),
        "R02": _area(2, name=HOSTILE_SCRIPT),
        "R03": _short(3, 170.0, 0.0, name=HOSTILE_FORMULA, age_class="new", clause="CX-01"),
        "R04": _short(
            4,
            75.0,
            70.5,
            name="+4.5平方米小区",
            coverage="partial",
            walk_status="deficient",
            walk_min=21.6,
            walk_m=1440.0,
            walk_share=0.31,
        ),
        "R05": _short(
            5,
            120.0,
            60.0,
            radius_m=INF,
            radius_facility=None,
            radius_share=0.0,
            radius_status="deficient",
            walk_min=INF,
            walk_m=INF,
            walk_facility=None,
            walk_share=0.0,
            walk_status="deficient",
            coverage="none",
        ),
        "R06": _area(
            6,
            households=NAN,
            required_m2=NAN,
            deficit_m2=NAN,
            deficit_if_arranged_m2=NAN,
            verdict="not_assessed",
            reason=Reason(ReasonCode.HOUSEHOLDS_MISSING),
        ),
        "R07": _area(
            7,
            walk_min=NAN,
            walk_m=NAN,
            walk_share=NAN,
            walk_status="not_assessed",
            snap_m=431.0,
            coverage="unknown",
            verdict="not_assessed",
            deficit_m2=NAN,
            reason=Reason(
                ReasonCode.QUOTA_UNDECIDED,
                {"low_m2": 0.0, "high_m2": INF, "required_low_m2": 75.0, "required_m2": 75.0},
            ),
        ),
        "R08": _area(
            8,
            setting="rural",
            required_m2=NAN,
            own_m2=NAN,
            recorded_m2=NAN,
            arrangeable_m2=NAN,
            deficit_m2=NAN,
            deficit_if_arranged_m2=NAN,
            clause=None,
            verdict="not_applicable",
            reason=Reason(ReasonCode.OTHER_SETTING, {"setting": "rural"}),
        ),
        "R09": _area(
            9,
            verdict="exempt",
            reason=Reason(ReasonCode.EXEMPTED, {"why": "征收", "reference": "县政办〔2024〕3号"}),
        ),
        "R10": _area(
            10,
            verdict="not_in_force",
            reason=None,
        ),
        "R11": _area(11, verdict="reported", reason=None, name=None, illustrative=None),
        "R12": _short(12, 90.0, 40.0, arrangeable_m2=50.0) | {"deficit_if_arranged_m2": 0.0},
    }
    geometry = [box(i * 300.0, 0, i * 300.0 + 200, 150) for i in range(10)]
    geometry += [Point(3100, 50), None]
    return gpd.GeoDataFrame(
        pd.DataFrame.from_dict(rows, orient="index").rename_axis("id"), geometry=geometry, crs=CRS
    )


def _facilities():
    stages = ["in_use", "in_use", "idle", "under_construction", "planned", None, "closed", "in_use"]
    rows = {}
    for i, stage in enumerate(stages, start=1):
        row = dict.fromkeys(LAYER_COLUMNS["facilities"])
        row |= {
            "name": f"服务站{i}",
            "kinds": "day_care;canteen" if i == 1 else "community_station",
            "stage": stage,
            "unit": "370828001",
            "floor_area_m2": NAN if i == 6 else 100.0 * i,
            "community_area_m2": NAN,
            "quota_m2_low": 0.0 if i == 6 else 100.0 * i,
            "quota_m2_high": INF if i == 6 else 100.0 * i,
            "unassigned_m2": 30.0,
            "beds": 10.0,
            "nursing_beds": NAN,
            "family_beds": NAN,
            "star": NAN,
            "reach_counts": "unknown" if stage is None else "yes" if stage == "in_use" else "no",
            "quota_counts": "unknown" if stage is None else "yes" if stage == "in_use" else "no",
            "reach_groups": "community;canteen" if i == 1 else "community",
            "serves": "R01;R02" if i == 2 else None,
            "illustrative": True,
        }
        rows[f"F{i}"] = row
    rows["F3"]["name"] = "@SUM(A1)"
    rows["F4"]["name"] = "\t-2+3"
    return gpd.GeoDataFrame(
        pd.DataFrame.from_dict(rows, orient="index").rename_axis("id"),
        geometry=[None if i == 5 else Point(i * 350.0, 60) for i in range(8)],
        crs=CRS,
    )


def _units():
    row = dict.fromkeys(LAYER_COLUMNS["units"])
    rows = {
        "370828001": row
        | {
            "name": "金乡街道",
            "unit_type": "street",
            "level": "township",
            "setting": "urban",
            "population": 52000.0,
            "elders": NAN,
            "areas": 12.0,
            "households": 5500.0,
            "facilities": 8.0,
            "compliant": 2.0,
            "deficient": 4.0,
            "not_assessed": 2.0,
            "rate": 2 / 6,
        },
        "370828101": row
        | {
            "name": HOSTILE_SCRIPT,
            "unit_type": "town",
            "level": "township",
            "population": NAN,
            "elders": NAN,
            "areas": 0.0,
            "households": 0.0,
            "facilities": 0.0,
            "compliant": 0.0,
            "deficient": 0.0,
            "not_assessed": 0.0,
            "rate": NAN,
        },
    }
    return gpd.GeoDataFrame(
        pd.DataFrame.from_dict(rows, orient="index").rename_axis("id"),
        geometry=[box(-100, -100, 4000, 1000), box(4000, -100, 6000, 1000)],
        crs=CRS,
    )


def _frame(name, rows, geometry):
    frame = pd.DataFrame(rows, columns=["id", *LAYER_COLUMNS[name]]).set_index("id")
    return gpd.GeoDataFrame(frame, geometry=geometry, crs=CRS)


def _layers():
    circle = Point(350, 60).buffer(1000)
    empty = {name: _frame(name, [], []) for name in LAYER_COLUMNS}
    return empty | {
        "residential": _residential(),
        "facilities": _facilities(),
        "units": _units(),
        "service_areas": _frame(
            "service_areas",
            [
                ("community-radius", "community", "radius", 1000.0, "m"),
                ("community-walk", "community", "walk", 15.0, "min"),
            ],
            [MultiPolygon([circle]), MultiPolygon([circle.buffer(-200)])],
        ),
        "reached_streets": _frame(
            "reached_streets",
            [("community-15", "community", 15.0, "min")],
            [LineString([(0, 0), (900, 0)])],
        ),
        "disagreements": _frame(
            "disagreements",
            [
                (
                    "R04-community",
                    "R04",
                    "+4.5平方米小区",
                    "community",
                    "F1",
                    400.0,
                    1440.0,
                    21.6,
                    3.6,
                    "沪昆线",
                    "railway",
                )
            ],
            [LineString([(1000, 75), (350, 60)])],
        ),
        "close_calls": _frame(
            "close_calls",
            [
                ("R01-CX-03", "R01", "小区1", "CX-03", 75.5, 75.0, "m2", 0.5, None, *[NAN] * 6),
                (
                    "R04-CX-05",
                    "R04",
                    HOSTILE_FORMULA,
                    "CX-05",
                    990.0,
                    1000.0,
                    "m",
                    -10.0,
                    "F1",
                    990.0,
                    -10.0,
                    117.2,
                    35.1,
                    117.21,
                    35.11,
                ),
            ],
            [Point(100, 75), Point(1000, 75)],
        ),
        "gate_effects": _frame(
            "gate_effects",
            [
                (
                    f"community:R0{number}",
                    f"R0{number}",
                    f"小区{number}",
                    "community",
                    gate,
                    side,
                    "F1",
                    1440.0,
                    21.6,
                    opened,
                    opened * 0.015,
                    cures,
                )
                for number, gate, side, opened, cures in (
                    (4, None, "ne", 1200.0, "no"),
                    (5, HOSTILE_SCRIPT, "n", 420.0, "yes"),
                )
            ],
            [Point(1000, 150), Point(1300, 150)],
        ),
        "street_diagnosis": _frame(
            "street_diagnosis",
            [
                ("C1", "fragment", None, 640.0, 2.0, 0.0, 500.0, "R07"),
                ("G1", "gap", "东大街 / 人民路", 12.4, 2.0, None, 1000.0, "R04;R05"),
                ("G2", "gap", None, 9.5, 0.0, None, 0.0, None),
                ("J1", "joined", None, 3.2, None, None, None, None),
                ("N370828001", "no_street", "金乡街道", None, 1.0, None, 500.0, "R07"),
            ],
            [
                LineString([(0, 0), (640, 0)]),
                LineString([(700, 0), (712.4, 0)]),
                LineString([(800, 0), (809.5, 0)]),
                LineString([(900, 0), (903.2, 0)]),
                Point(1900, 50),
            ],
        ),
        "sites": _frame(
            "sites",
            [("S1", "原供销社", "闲置用房", 320.0, "370828001", None, True)],
            [Point(2000, 300)],
        ),
    }


def _findings(areas):
    rows = []
    for id_, row in areas.iterrows():
        for clause, measured, required, unit in (
            ("CX-03", row["own_m2"], row["required_m2"], "m2"),
            ("REF-walk-community", row["walk_min"], 15.0, "min"),
        ):
            walk = clause.startswith("REF")
            flags = (Flag.REFERENCE,) if walk else ()
            if id_ == "R12" and not walk:
                flags = (Flag.ADJUSTABLE, Flag.CLOSE_CALL)
            rows.append(
                {
                    "standard": "caoxian-2023",
                    "clause": clause,
                    "layer": "residential",
                    "id": id_,
                    "part": None,
                    "required": required,
                    "measured": measured,
                    "unit": unit,
                    "deficit": NAN if walk else row["deficit_m2"],
                    "low": measured,
                    "high": INF if row["verdict"] == "not_assessed" else measured,
                    "status": row["walk_status"] if walk else row["verdict"],
                    "flags": flags,
                    "reason": None if walk else row["reason"],
                }
            )
    return pd.DataFrame(rows, columns=list(FINDING_COLUMNS))


def _reach(areas):
    columns = [c for c in REACH_TABLE_COLUMNS if c in areas.columns]
    table = areas[columns].reset_index(names="residential")
    table = pd.DataFrame(table).assign(
        reach_group="community",
        detour=table["walk_m"] / table["radius_m"].where(table["radius_m"].map(math.isfinite)),
        open_gate_walk_m=NAN,
        walk_share_error=0.0,
        access_barrier=None,
        by_ferry=False,
    )
    return table[list(REACH_TABLE_COLUMNS)]


def _clause(clause_id, **values):
    base = {
        "standard": "caoxian-2023",
        "id": clause_id,
        "title": {"zh": "已建成居住区配建", "en": "Quota of existing areas"},
        "section": "二（一）2",
        "quote": "已建成居住区按照每百户不少于15平方米的标准配建养老服务设施。",
        "force": "不少于",
        "references": (Reference(title="曹县“十四五”养老服务体系规划", clause="二（一）2"),),
        "deadline": None,
        "measure": "provision",
        "subject": "residential",
        "kinds": ("group:community",),
        "comparison": ">=",
        "target": 15.0,
        "unit": "m2/100hh",
        "value": None,
        "low": None,
        "high": None,
        "reading": {"A3": "recorded", "A5": "pro_rata"},
        "status": Status.DEFICIENT,
        "flags": (),
        "counts": {"compliant": 2, "deficient": 4, "not_assessed": 2, "not_applicable": 1},
        "official": None,
        "rates": (),
    }
    return ClauseResult(**(base | values))


def _clauses():
    rate = Rate("areas", "county", 2.0, 6.0, 2.0, 0.25, 0.5, 2 / 6)
    households = Rate("households", "county", 1000.0, 3000.0, 500.0, 0.25, None, 1 / 3)
    street = Rate("areas", "370828001", 2.0, 6.0, 2.0, 0.25, 0.5, 2 / 6)
    town = Rate("areas", "370828101", 0.0, 0.0, 0.0, None, None, None)
    return (
        _clause("CX-03", official=rate, rates=(rate, households, street, town)),
        _clause(
            "CX-07",
            title={"zh": "配建达标率", "en": "Compliance rate"},
            quote="到2025年，配建达标率达到100%。",
            measure="compliance_rate",
            kinds=(),
            comparison="=",
            target=100.0,
            unit="%",
            value=100 * 2 / 6,
            low=25.0,
            high=50.0,
            deadline=dt.date(2025, 12, 31),
            flags=(Flag.OVERDUE, Flag.UNVERIFIED),
            official=rate,
            rates=(rate, households, street, town),
        ),
        _clause(
            "CX-10",
            title={"zh": "社会化运营", "en": "Operation by third parties"},
            quote="支持 <社会力量> 参与运营。",
            measure="count",
            subject="county",
            comparison=None,
            target=None,
            unit="facilities",
            value=3.0,
            low=3.0,
            high=INF,
            reading={},
            status=Status.REPORTED,
            counts={},
        ),
        _clause(
            "REF-walk-community",
            title={"zh": "步行15分钟（参考）", "en": "15-minute walk (reference)"},
            section="",
            quote="",
            references=(),
            measure="walk",
            comparison="<=",
            unit="min",
            reading={"A15": "default"},
            status=Status.NOT_ASSESSED,
            flags=(Flag.REFERENCE,),
            counts={"compliant": 9, "deficient": 2, "not_assessed": 1},
            official=Rate("areas", "county", 9.0, 11.0, 1.0, 0.75, 10 / 12, 9 / 11),
        ),
    )


def build_sample(language="zh"):
    """Return the sample; two calls give equal, separate Assessments."""
    layers = _layers()
    areas = layers["residential"]
    return Assessment(
        study="曹县标准示范评估 <试>",
        county="370828",
        standards=("caoxian-2023",),
        scenario=None,
        stage="now",
        as_of=dt.date(2025, 12, 31),
        language=language,
        crs=CRS,
        headline_clause="CX-07",
        clauses=_clauses(),
        findings=_findings(areas),
        reach=_reach(areas),
        allocation=pd.DataFrame(
            [
                ("F1", "R01", 80.0, "own", "CX-03", "caoxian-2023", 640.0),
                ("F2", "R02", 80.0, "recorded", "CX-03", "caoxian-2023", 640.0),
                ("F2", "R12", 50.0, "suggested", "CX-03", "caoxian-2023", 640.0),
            ],
            columns=list(ALLOCATION_COLUMNS),
        ),
        layers=layers,
        settlements=(
            Settlement(
                "caoxian-2023", "recorded", "areas", 1, 1, 1.0, 1.0, 500.0, 500.0, proven=True
            ),
            Settlement(
                "caoxian-2023", "suggested", "areas", 4, 1, 1.0, 2.0, 500.0, None, proven=False
            ),
        ),
        provision=pd.DataFrame(
            [
                (
                    scope,
                    8.0,
                    1.0,
                    600.0,
                    300.0,
                    80.0,
                    50.0,
                    284.5,
                    234.5,
                    5.0,
                    60.0,
                    *[0.0] * 5,
                    "yes",
                )
                for scope in ("county", "370828001")
            ],
            columns=list(PROVISION_COLUMNS),
        ),
        remedies=pd.DataFrame(
            [
                ("R12", 1.0, Reason(ReasonCode.REMEDY_ARRANGE, {"facility": "F2", "m2": 50.0})),
                ("R12", 2.0, Reason(ReasonCode.REMEDY_ADD, {"deficit_m2": 50.0})),
            ],
            columns=list(REMEDY_COLUMNS),
        ),
        stages=pd.DataFrame(
            [
                ("R03", "CX-02", "planned", "2023-05-01", "2023-07-30", 90.0, 90.0, "compliant"),
                ("R03", "CX-02", "built", "2024-05-01", None, NAN, 90.0, "not_assessed"),
            ],
            columns=list(STAGE_COLUMNS),
        ),
        parameters=Parameters().having(walk_speed_m_s=1.0).records(),
        readings=(
            ReadingRecord("A3", "CX-03", "recorded", "recorded"),
            ReadingRecord("A5", "CX-03", "ceil", "pro_rata"),
        ),
        inputs=(InputRecord("residential", "小区台账.xlsx", "ab" * 32, 13, 12, 1),),
        problems=(
            Problem(
                ProblemCode.NUMBER_NEGATIVE,
                Severity.ERROR,
                {"field": "households"},
                layer="residential",
                file="小区台账.xlsx",
                sheet="小区",
                row=7,
                cell="D7",
                column="户数",
                value="=-30",
            ),
            Problem(ProblemCode.LAYER_EMPTY, Severity.WARNING, layer="gates"),
        ),
        banners=("foreign_standard", "示例 <数据>"),
        exemptions=(
            Exemption(
                "R09",
                "CX-03",
                "征收 <b>",
                "=县政办〔2024〕3号",
                dt.date(2026, 6, 30),
                ExemptionState.APPLIED,
                "caoxian-2023",
                "residential",
            ),
            Exemption("R01", "CX-03", "拆迁", "2号", None, ExemptionState.UNKNOWN),
        ),
        attribution=("© OpenStreetMap contributors",),
        map=MapSettings("金乡县民政局", "鲁S（2024）001号", "养老-"),
        curves=tuple(
            Curve(
                "community",
                measure,
                unit,
                speed,
                "households",
                6000.0,
                0,
                tuple(
                    CurveStep(step, 6000.0 * share, share, min(1.0, share + 0.1))
                    for step, share in ((0.0, 0.0), (at, 0.5), (2 * at, 1.0))
                ),
            )
            for measure, unit, speed, at in (
                ("radius", "m", None, 750.0),
                ("walk", "min", 1.0, 15.0),
            )
        ),
        sensitivity=(
            SensitivityRow(
                "community",
                "radius",
                1000.0,
                "m",
                None,
                "areas",
                10.0,
                12.0,
                0.0,
                10 / 12,
                10 / 12,
                10 / 12,
            ),
            SensitivityRow(
                "community",
                "walk",
                15.0,
                "min",
                0.8,
                "areas",
                7.0,
                11.0,
                1.0,
                7 / 12,
                8 / 12,
                7 / 11,
            ),
            SensitivityRow(
                "canteen", "walk", 15.0, "min", 1.0, "households", 0.0, 0.0, 12.0, None, None, None
            ),
        ),
        standard_titles={"caoxian-2023": {"zh": "曹县养老服务设施规划", "en": "Caoxian plan"}},
    )


@pytest.fixture(scope="session")
def shared_sample():
    """The sample for fixtures of wider scope; not to be edited."""
    return build_sample()


@pytest.fixture
def sample():
    return build_sample()


@pytest.fixture
def sample_en():
    return build_sample("en")


@pytest.fixture(scope="module")
def chromium():
    """A headless Chromium, driven by playwright; its event loop ends with the module."""
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next(filter(None, map(shutil.which, names)), None)
    if program is None:
        pytest.skip("no Chromium on the path: apt-get install chromium fonts-noto-cjk")
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu"]
        )
        yield Tabs(browser)
        browser.close()


class Tabs:
    """A browser whose tab is handed out again once it is given back: a new one takes a process.

    Every tab begins blank, at the size that is asked for, heard by nobody; while it is out, or
    where a test that failed kept it, another is opened.
    """

    def __init__(self, browser):
        self.browser, self.tab, self.out = browser, None, False

    def new_page(self, viewport=None):
        """Return a tab, as browsers do."""
        size = viewport or {"width": 1280, "height": 720}
        if self.out:
            return self.browser.new_page(viewport=size)
        if self.tab is None:
            self.tab = self.browser.new_page(viewport=size)
        self.tab.set_viewport_size(size)
        self.out = True
        return LentTab(self)


class LentTab:
    """The tab of ``Tabs``, all that it can do; it is given back when it is closed."""

    def __init__(self, tabs):
        self.tabs, self.tab, self.heard = tabs, tabs.tab, []

    def __getattr__(self, name):
        return getattr(self.tab, name)

    def on(self, event, listener):
        """Listen to the tab until it is closed."""
        self.heard.append((event, listener))
        self.tab.on(event, listener)

    def close(self):
        """Give the tab back."""
        for event, listener in self.heard:
            self.tab.remove_listener(event, listener)
        self.tab.unroute_all()
        self.tab.goto("about:blank")
        self.tab.mouse.move(0, 0)
        self.tabs.out = False


@pytest.fixture(scope="session")
def briefed(shared_sample):
    """Return the same with what one page says of it."""
    brief = Brief(
        present=Present(
            areas=12,
            households=5500.0,
            without_households=1,
            population=15600.0,
            elders=None,
            classes=(ClassCount("new", 1, 500.0), ClassCount("existing", 11, 5000.0)),
            facilities=8,
            counting=3,
            floor_area_m2=820.0,
            beds=None,
            kinds=(KindCount("day_care", 7, 3), KindCount("", 1, 0)),
        ),
        applied=(Applied("caoxian-2023", "CX-03", 9), Applied("caoxian-2023", "CX-07", 9)),
        shortfalls=(
            Shortfall("caoxian-2023", "CX-03", 3, "m2", 114.5, 60.0),
            Shortfall("caoxian-2023", "CX-07", 4, "", None, None),
        ),
        worst=("R03", "R05"),
        missing=(MissingData("residential", "households_missing", ("CX-03",), 1),),
        needed=Needed(4, 284.5, 1, 50.0, 3, 234.5, 300.0),
    )
    return dataclasses.replace(shared_sample, brief=brief)


_WEISHAN = """
[study]
name = "仅供参考"
county = "370826"
standard = "weishan-2023"
as_of = 2024-06-30
crs = "EPSG:4548"
[layers.residential]
path = "小区.csv"
crs = "EPSG:4548"
[layers.facilities]
path = "设施.csv"
crs = "EPSG:4548"
"""
_WEISHAN_AREAS = """编号,小区名称,户数,类别,城乡,阶段,街道,X,Y
A,甲苑,500,已建成,城镇,入住,370826001,511000,3850000
B,乙苑,200,新建,城镇,入住,370826001,513000,3850000
C,丙苑,300,已建成,城镇,入住,370826001,516000,3850000
D,丁苑,100,已建成,城镇,入住,370826101,520000,3850000
"""
_WEISHAN_FACILITIES = """编号,设施名称,设施类型,X,Y,状态,建筑面积
F1,一站,社区养老服务站,511000,3850000,运营,10
"""


@pytest.fixture(scope="session")
def weishan(tmp_path_factory):
    """Four areas of Weishan and one station: what of existing areas is only of reference."""
    folder = tmp_path_factory.mktemp("weishan")
    texts = {"study.toml": _WEISHAN, "小区.csv": _WEISHAN_AREAS, "设施.csv": _WEISHAN_FACILITIES}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return lc.assess(lc.read_study(folder))
