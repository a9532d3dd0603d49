"""What a study lacks altogether, told with the clauses that are left open for it."""

import datetime as dt

from lifecircle.model.dictionary import columns
from lifecircle.model.problem import ProblemCode as P
from lifecircle.model.problem import Severity, describe
from lifecircle.standards import clauses_in_force, costs_of, read_standard

DAY = dt.date(2025, 12, 31)


def told(lacking, standard="jinxiang-2023", day=DAY):
    found = costs_of([standard], day, lacking)
    assert all(p.severity is Severity.INFO for p in found)
    return {p.layer: p for p in found}


def test_missing_columns_name_the_clauses_they_leave_open():
    """Read off Jinxiang's clauses: the quotas part new from existing estates, and urban ones."""
    (problem,) = told({"residential": ("age_class", "setting", "id")}).values()
    costs = problem.params["costs"]
    assert set(costs) == {"age_class", "setting"}
    assert {"JX-03", "JX-06"} <= set(costs["age_class"])
    words = describe(problem, "zh")
    assert "类别（JX-03" in words["what"]
    assert "columns = { " in words["remedy"]


def test_each_named_clause_filters_by_the_column_or_rests_on_one_that_does():
    clauses = read_standard("jinxiang-2023").clauses
    (problem,) = told({"residential": ("setting",)}).values()
    for name in problem.params["costs"]["setting"]:
        asked = [clauses[name], *(clauses[one] for one in clauses[name].options.about)]
        assert any("setting" in clause.where for clause in asked), name


def test_nothing_typed_is_a_table_that_is_missing():
    found = told({"indicators": None, "evidence": None})
    standard = read_standard("jinxiang-2023")
    typed = [c.id for c in clauses_in_force(standard, DAY) if getattr(c.options, "indicators", ())]
    assert set(typed) <= set(found["indicators"].params["clauses"])
    assert [p.code for p in found.values()] == [P.TABLE_ABSENT] * 2
    assert {"JX-12", "JX-13", "JX-14"} <= set(told({"units": None})["units"].params["clauses"])


def test_what_no_clause_in_force_needs_costs_nothing():
    everything = {layer: tuple(columns(layer)) for layer in ("residential", "facilities", "units")}
    assert told(everything)
    assert told(everything, day=dt.date(1999, 1, 1)) == {}
    assert told({"residential": ("id", "name")}) == {}
    assert costs_of(["no-such-standard"], DAY, everything) == ()
