"""Plans beside areas that are perhaps exempt: who is planned for, and who is told as compliant."""

from __future__ import annotations

import pandas as pd
import pytest

import lifecircle as lc

FIVE = {"households": 500, "households_planned": 500}
PAIR = {"A": (0, FIVE), "B": (3000, FIVE)}
PHASES = {
    "A": (0, {"households": 300, "households_planned": 300, "project": "P"}),
    "B": (100, {"households": 200, "households_planned": 200, "project": "P"}),
}
OFFERED = {f"K{x}": (x, {"floor_area_m2": 400, "stage": "idle"}) for x in (10, 3010)}


def exempting(clause, *areas):
    """Exemptions of an end that cannot be read."""
    rows = [(area, clause, "拆迁", "会议纪要", None, True) for area in areas]
    columns = ["id", "clause", "reason", "reference", "until", "until_unread"]
    return pd.DataFrame(rows, columns=columns)


def told(plan):
    return {note.code: note.ids for note in plan.notes if note.code.startswith("exempt")}


@pytest.mark.parametrize("clause", ["CX-03", "CX-06"])
def test_an_area_that_is_perhaps_exempt_is_named_and_never_told_as_compliant(line, clause):
    study = line(PAIR, candidates=OFFERED, exemptions=exempting(clause, "B"))
    plan = lc.site(study, clause)
    assert (plan.planned_for, told(plan)) == (("A",), {"exempt_open": ("B",)})
    both = lc.site(study, clause, include_undecided=True)
    assert (both.planned_for, told(both)) == (("A", "B"), {"exempt_counted": ("B",)})
    assert both.statuses == {
        "A": ("deficient", "compliant"),
        "B": ("not_assessed", "not_assessed"),
    }
    first, second = sorted(both.places, key=lambda place: place.x)
    assert (first.gains, first.gained_weight) == (("A",), 500.0)
    assert (second.gains, second.gained_weight) == ((), 0.0)
    assert [(one.area, one.gained) for one in second.serves] == [("B", False)]


@pytest.mark.parametrize("clause", ["CX-03", "CX-07"])
@pytest.mark.parametrize(("perhaps", "sure", "weight"), [("B", "A", 300.0), ("A", "B", 200.0)])
@pytest.mark.parametrize("undecided", [False, True])
def test_a_project_is_planned_for_by_the_phase_that_is_asked(
    line, clause, perhaps, sure, weight, undecided
):
    """15 m² a hundred: 75 are enough whoever is exempt; the phase that is not then meets them."""
    study = line(PHASES, candidates=OFFERED, exemptions=exempting("CX-03", perhaps))
    plan = lc.site(study, clause, include_undecided=undecided)
    (place,) = plan.places
    assert place.size_m2 == pytest.approx(75.0)
    assert (place.gains, place.gained_weight) == ((sure,), weight)
    assert [one.area for one in place.serves] == [sure]
    assert plan.statuses[sure] == ("deficient", "compliant")
    assert told(plan) == {"exempt_counted": (perhaps,)}


@pytest.mark.parametrize("clause", ["CX-03", "CX-06"])
def test_closing_the_place_of_one_that_is_perhaps_exempt_leaves_it_open(line, clause):
    """F1 serves B alone: closed, nobody knows whether B misses anything by it."""
    places = {"F1": (3050, {"floor_area_m2": 75.0}), "F2": (10, {"floor_area_m2": 75.0})}
    study = line(PAIR, places, OFFERED, exemptions=exempting(clause, "B"))
    plan = lc.site(study, clause, close=True)
    closing = {one.facility: (one.loses, one.undecided) for one in plan.closing}
    assert closing == {"F1": ((), ("B",)), "F2": (("A",), ())}
