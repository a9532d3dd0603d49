"""One border: a verdict and the words beside it say the same of a number at its threshold."""

from __future__ import annotations

import datetime as dt
import math
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from shapely import Point

import lifecircle as lc
from lifecircle.account.requirement import requirement
from lifecircle.assessing.layers.lists import disagreement_layer
from lifecircle.judge.decision import decide
from lifecircle.measures.areas.radius import radius
from lifecircle.measures.areas.walk import walk
from lifecircle.measures.county.indicator import indicator
from lifecircle.model.finding import TOLERANCE, holds_on, inclusive, meets, started
from lifecircle.model.inputs.exemption import ExemptionState
from lifecircle.model.inputs.layers import Layer
from lifecircle.model.inputs.parameters import Parameters
from lifecircle.model.reach import REACH_COLUMNS, ReachTable
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.rules.options import IndicatorOptions
from lifecircle.model.status import Status
from lifecircle.outputs.words.wording import Wording

AREA = pd.Index(["A"], name="id")
# mm that make exactly 1,000,000 mm with each other, and what is left of that in metres
LEGS = [(600_000, 800_000), (280_000, 960_000), (352_000, 936_000), (0, 1_000_000)]
_OFF = st.sampled_from([0.0, 0.5, -0.5, 0.999, -0.999, 1.001, -1.001, 2.0, -2.0, 1e6, -1e6])


@st.composite
def at_border(draw, limit):
    """Distances of mm coordinates 1000 m apart, and numbers about a tolerance from ``limit``."""
    if draw(st.booleans()):
        return limit + draw(_OFF) * TOLERANCE
    x = draw(st.integers(400_000_000, 600_000_000))
    y = draw(st.integers(3_800_000_000, 3_900_000_000))
    dx, dy = draw(st.sampled_from(LEGS))
    metres = math.hypot((x + dx) / 1000 - x / 1000, (y + dy) / 1000 - y / 1000)
    return metres * limit / 1000


def rule(value, **more):
    given = {"id": "Q", "value": value, "reach_key": "community", "readings": {}, "unit": ""}
    return SimpleNamespace(**(given | more))


def agree(measured, comparison, said):
    """Assert that a measure's one row is decided as its reason is worded."""
    (status,), (reason,) = decide(measured, comparison), measured["reason"]
    assert status == said[reason.code], (measured.to_dict("records"), reason)


RADIUS_SAYS = {
    ReasonCode.WITHIN_RADIUS: Status.COMPLIANT,
    ReasonCode.BEYOND_RADIUS: Status.DEFICIENT,
    ReasonCode.REACH_UNKNOWN: Status.NOT_ASSESSED,
    ReasonCode.NO_FACILITY: Status.DEFICIENT,
    ReasonCode.REACH_TOO_FAR: Status.DEFICIENT,
}
WALK_SAYS = {
    ReasonCode.WITHIN_WALK: Status.COMPLIANT,
    ReasonCode.BEYOND_WALK: Status.DEFICIENT,
    ReasonCode.REACH_UNKNOWN: Status.NOT_ASSESSED,
    ReasonCode.BEYOND_SEARCH: Status.DEFICIENT,
    ReasonCode.STRAIGHT_BEYOND_WALK: Status.DEFICIENT,
    ReasonCode.NO_STREETS: Status.NOT_ASSESSED,
}


@given(at_border(1000.0), st.one_of(st.none(), at_border(1000.0)))
@example(1000.0000000000349, None)
def test_radius(far, nearer):
    rows = {"radius_m": far, "radius_low_m": min(far, nearer or far), "radius_facility": "F"}
    frame = pd.DataFrame([dict.fromkeys(REACH_COLUMNS) | rows], index=AREA, dtype=object)
    tables = SimpleNamespace(reach={"community": ReachTable("community", 1000.0, 1000.0, frame)})
    agree(radius(tables, rule(1000.0), AREA), "<=", RADIUS_SAYS)


@given(at_border(990.0), st.one_of(st.none(), at_border(990.0)), st.booleans())
def test_walk(far, nearer, unknown):
    rows = {
        "walk_m": far,
        "walk_low_m": min(far, nearer or far),
        "walk_facility": "F",
        "walk_unknown": Reason(ReasonCode.NO_STREETS) if unknown else None,
        "radius_m": far,
    }
    frame = pd.DataFrame([dict.fromkeys(REACH_COLUMNS) | rows], index=AREA, dtype=object)
    if unknown:
        frame["walk_m"] = math.inf
    tables = SimpleNamespace(
        reach={"community": ReachTable("community", 1000.0, 1000.0, frame)},
        parameters=Parameters().having(walk_speed_m_s=1.1),
    )
    # 1.1 m/s x 60 x 15 = 990 m
    agree(walk(tables, rule(15.0), AREA), "<=", WALK_SAYS)


@given(at_border(55.0))
def test_typed_figures(figure):
    """The figure that is told is one that misses the target, where one does."""
    typed = pd.DataFrame(
        {"id": ["a", "b"], "numerator": [figure, 60.0], "denominator": [100.0, 100.0], "source": ""}
    )
    one = rule(55.0, unit="%", options=IndicatorOptions(indicators=("a", "b", "c")))
    found = indicator(SimpleNamespace(indicators=typed), one, pd.Index([]))
    (status,), (reason,) = decide(found, ">="), found["reason"]
    # c is not typed: what is typed decides only where it misses
    assert (reason.code is ReasonCode.TYPED) is (status is Status.DEFICIENT)


def _study(town, x_mm, y_mm, dx_mm, dy_mm):
    """R8 as a point and its day care beside it, in millimetres; nothing else."""
    spots = [Point(x_mm / 1000, y_mm / 1000), Point((x_mm + dx_mm) / 1000, (y_mm + dy_mm) / 1000)]
    whole, placed = town(), {}
    for (name, key), spot in zip((("residential", "R8"), ("facilities", "F5")), spots, strict=True):
        frame = getattr(whole, name).frame.loc[[key]]
        placed[name] = Layer(name, frame.set_geometry([spot], crs=frame.crs))
    nobody = whole.sharing.iloc[:0]
    return town(standards=("caoxian-2023",), units=None, sharing=nobody, **placed)


@pytest.mark.parametrize(
    ("dx_mm", "status", "words"),
    [(600_000, "compliant", "以内"), (600_001, "deficient", "超过")],
)
def test_a_thousand_metres_to_the_millimetre(town, dx_mm, status, words):
    """600 m and 800 m are 1000 m; as floating numbers here 1000.0000000000349 m."""
    x, y = 523_703_175, 3_890_745_792
    assert math.hypot((x + 600_000) / 1000 - x / 1000, (y + 800_000) / 1000 - y / 1000) > 1000
    assessment = lc.assess(_study(town, x, y, dx_mm, 800_000))
    found = assessment.findings
    row = found[(found["clause"] == "CX-06") & (found["id"] == "R8")].iloc[0]
    assert row["status"] == status
    assert words in Wording.of(assessment).reason(row["reason"])
    assert assessment.layers["residential"].at["R8", "radius_status"] == status


@pytest.mark.parametrize(
    ("until", "status", "state"),
    [
        (dt.date(2024, 7, 1), "exempt", ExemptionState.APPLIED),
        (dt.date(2024, 6, 30), "exempt", ExemptionState.APPLIED),  # the last day holds
        (dt.date(2024, 6, 29), "deficient", ExemptionState.EXPIRED),
        (None, "exempt", ExemptionState.APPLIED),
    ],
)
def test_an_exemption_holds_on_its_last_day(town, until, status, state):
    """Both what is judged and what is listed of it, on 30 June 2024."""
    rows = [{"id": "R8", "clause": "CX-03", "reason": "拆迁", "reference": "1号", "until": until}]
    table = pd.DataFrame(rows, dtype=object)
    assessment = lc.assess(town(standards=("caoxian-2023",), exemptions=table))
    found = assessment.findings
    row = found[(found["clause"] == "CX-03") & (found["id"] == "R8")].iloc[0]
    assert row["status"] == status
    (listed,) = assessment.exemptions
    assert (listed.until, listed.state) == (until, state)


@given(st.one_of(st.none(), st.dates()), st.dates())
def test_what_ends_holds_up_to_its_end(until, day):
    wanted = until is None or day.toordinal() - until.toordinal() in range(-(10**7), 1)
    assert holds_on(until, day) is wanted


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_one_number_is_on_one_side(one, other):
    """Of a pair exactly one of at least and less holds, and so of at most and more."""
    assert meets(one, ">=", other) is not meets(one, "<", other)
    assert meets(one, "<=", other) is not meets(one, ">", other)
    assert meets(inclusive(other), "<=", other)


@pytest.mark.parametrize(
    ("households", "hundreds"),
    [(199, 2), (200, 2), (200.00001, 2), (200.001, 3), (201, 3), (0, 0)],
)
def test_a_hundred_that_is_begun_counts_whole(households, hundreds):
    """Reading A5 ``ceil``: 15 m² for every hundred begun; 2.0000001 hundreds are two."""
    assert started(households / 100) == hundreds
    areas = pd.DataFrame(
        {"counted": [households], "required_m2": [math.nan], "age_class": ["existing"]},
        index=AREA,
    )
    options = SimpleNamespace(approved_rate=None, pooled=False, minimum_m2=0.0)
    quota = rule(15.0, readings={"A5": "ceil"}, unit="m2/100hh", options=options, where={})
    need = requirement(areas, quota, Parameters())
    assert need.loc["A", ["low", "high"]].tolist() == [15.0 * hundreds] * 2


@pytest.mark.parametrize(
    ("walk_m", "listed"), [(1200.0, True), (1199.999, False), (1199.9999999, True)]
)
def test_a_detour_of_the_ratio_is_listed(town, walk_m, listed):
    """1200 m on foot for 800 m straight are a detour of 1.5."""
    study = _study(town, 500_000_000, 3_850_000_000, 480_000, 640_000)
    frame = pd.DataFrame({"barrier": [None]}, index=["R8"])
    tables = SimpleNamespace(
        areas=pd.DataFrame({"counted": [100.0]}, index=["R8"]),
        reach={"community": ReachTable("community", 1000.0, 1000.0, frame)},
        parameters=Parameters(),
    )
    assert Parameters().detour_ratio == 1.5
    reach = pd.DataFrame(
        {
            "residential": ["R8"],
            "reach_group": ["community"],
            "radius_status": [Status.COMPLIANT],
            "walk_status": [Status.DEFICIENT],
            "radius_facility": ["F5"],
            "radius_m": [800.0],
            "walk_m": [walk_m],
            "walk_min": [walk_m / 66],
        }
    )
    assert len(disagreement_layer(study, tables, reach)) == listed
