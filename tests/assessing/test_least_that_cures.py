"""The least that cures, as it is printed: never less than what is needed, in hundredths."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from lifecircle.outputs.report.brief.told import one_page

_SPEC = importlib.util.spec_from_file_location(
    "whose_rooms", Path(__file__).with_name("test_whose_rooms.py")
)
whose = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(whose)

ROW = {"households": 500, "households_planned": 500, "age_class": "new"}


def judged(*m2):
    """Judge a new area of 500 homes, of which CX-01 asks 100 m², with rooms of ``m2``."""
    rooms = {f"F{n}": (0, {"floor_area_m2": one}) for n, one in enumerate(m2)}
    return whose.county({"E": (whose.box(0), ROW)}, rooms, standard="caoxian-2023")


@pytest.mark.parametrize(
    ("has", "least"),
    [
        (60.006, 40.0),  # 39.994 m², of which 39.99 would leave it short
        (60.004, 40.0),
        (60.0, 40.0),
        (60.01, 39.99),
        (0.001, 100.0),
        (99.996, 0.01),
    ],
)
def test_what_is_to_be_added_is_enough_and_no_hundredth_more(has, least):
    remedy = judged(has).layers["residential"].at["E", "remedy"]
    assert remedy.params["deficit_m2"] == pytest.approx(least)
    for more, verdict in ((least, "compliant"), (least - 0.01, "deficient")):
        found = judged(has, *([more] if more > 0 else []))
        assert found.layers["residential"].at["E", "verdict"] == verdict


def test_a_gap_of_a_hair_has_figures_that_differ():
    (row,) = one_page(judged(99.996)).worst
    assert (row.required, row.provided) == ("100", "99.996")
    (row,) = one_page(judged(60.0)).worst
    assert (row.required, row.provided) == ("100", "60")


@pytest.mark.parametrize(
    ("kinds", "code", "words"),
    [
        # 500 homes: 75 m² by CX-03. 65 m² of a day care centre count, of a home's 0 to 65 m²
        ({"day_care"}, "remedy_pool", "缺 10 m²，不足 20 m²，并入片区统筹"),
        ({"care_home"}, "remedy_pool_at_least", "至少缺 10 m²，查实后不足 20 m² 的，并入片区统筹"),
    ],
)
def test_a_gap_that_may_be_larger_is_pooled_only_if_it_proves_small(kinds, code, words):
    row = {"households": 500, "households_planned": 500, "age_class": "existing"}
    rooms = {"F": (0, {"floor_area_m2": 65.0, "kinds": frozenset(kinds)})}
    found = whose.county({"E": (whose.box(0), row)}, rooms, standard="caoxian-2023")
    remedy = found.layers["residential"].at["E", "remedy"]
    assert str(remedy.code) == code
    assert whose.told(found, "E")[1].startswith(words)
