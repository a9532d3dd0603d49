"""How a quota per 1000 people comes about is told as one per 100 households is (A9)."""

from __future__ import annotations

import importlib.util
import math
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from lifecircle import texts
from lifecircle.assessing import explanation
from lifecircle.model.inputs.parameters import Parameters

_SPEC = importlib.util.spec_from_file_location(
    "whose_rooms", Path(__file__).with_name("test_whose_rooms.py")
)
whose = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(whose)

NAN = math.nan
NEW = {"age_class": "new", "households": 500, "households_planned": 500, "population": 900}


@pytest.mark.parametrize(
    ("row", "code", "params", "told"),
    [
        (
            {},  # 500 homes of 2.6 are 1300 people
            "requirement_persons",
            {"households": 500, "persons": 2.6, "people": 1300, "required": 130},
            "应配：500 户 × 2.6 人/户 = 1,300 人；1,300 人 × 100 m² ÷ 1000 = 130 m²",
        ),
        (
            {"population_planned": 1400},  # who is planned for, not the 900 who live there
            "requirement_people_set",
            {"required": 140},
            "应配：140 m²（按规划人口、规划条件或单处下限，100 m²/千人）",
        ),
        ({"required_m2": 90}, "requirement_people_set", {"required": 90}, None),
    ],
)
def test_a_quota_per_1000_people_is_told_with_its_arithmetic(row, code, params, told):
    found = whose.county(
        {"E": (whose.box(0), NEW | row)},
        {"F": (0, {"floor_area_m2": 60})},
        standard="pingyin-2022",
        parameters=Parameters(persons_per_household=2.6),
    )
    (story,) = [s for s in explanation.explain(found, "E").stories if s.result.id == "PY-31"]
    step = story.steps[0]
    assert (step.code, step.params) == (code, pytest.approx({"rate": 100, **params}))
    if told:
        assert texts.say("explain", step.code, "zh", **step.params) == told
    assert [one.code for one in story.steps[1:]] == ["credit_own", "balance"]


def asked(phases, required, *, age_class="existing"):
    """Return what is told of phases of (households, residents), 100 m² per 1000 people."""
    rows = pd.DataFrame(phases, columns=["households", "population"])
    parameters = (SimpleNamespace(name="persons_per_household", value=2.5),)
    (step,) = explanation._asked(
        SimpleNamespace(parameters=parameters),
        rows.assign(age_class=age_class),
        pd.Series({"required": required}),
        SimpleNamespace(unit="m2/1000p", target=100.0, reading={}),
    )
    return step.code, step.params.get("people")


@pytest.mark.parametrize(
    ("phases", "required", "told"),
    [
        ([(500, 1200)], 120.0, ("requirement_people", 1200)),
        ([(500, NAN)], 125.0, ("requirement_persons", 1250)),
        # residents of one phase, dwellings of the other: 1200 + 2.5 x 200
        ([(500, 1200), (200, NAN)], 170.0, ("requirement_people", 1700)),
        ([(500, 1200)], 125.0, ("requirement_people_set", None)),  # something else makes it
        ([(NAN, NAN)], 90.0, ("requirement_people_set", None)),
    ],
)
def test_residents_make_the_requirement_of_existing_areas(phases, required, told):
    assert asked(phases, required) == told


def test_residents_say_nothing_of_new_areas():
    assert asked([(500, 1200)], 120.0, age_class="new") == ("requirement_people_set", None)
    assert asked([(500, 1200)], 125.0, age_class="new") == ("requirement_persons", 1250)


@pytest.mark.parametrize(
    ("required", "age_class", "reading", "told"),
    [
        (75.0, "existing", {}, "requirement"),
        (50.0, "existing", {}, "requirement_typed"),  # less: neither minimum nor rounding
        (80.0, "existing", {}, "requirement_set"),
        (90.0, "existing", {"A5": "ceil"}, "requirement_set_ceil"),
        (50.0, "new", {}, "requirement_set"),  # fewer homes may be planned
    ],
)
def test_what_else_makes_the_requirement_is_told_as_far_as_it_is_known(
    required, age_class, reading, told
):
    """500 households at 15 m² per 100."""
    (step,) = explanation._asked(
        SimpleNamespace(parameters=()),
        pd.DataFrame([(500.0, NAN, age_class)], columns=["households", "population", "age_class"]),
        pd.Series({"required": required}),
        SimpleNamespace(unit="m2/100hh", target=15.0, reading=reading),
    )
    assert step.code == told
