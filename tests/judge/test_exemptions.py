"""Exemptions: what came of each, and what is said of those that do nothing."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from tests.two_ledgers import WITH_EXEMPTIONS, written

import lifecircle as lc
from lifecircle.assessing.exemptions import exemption_list
from lifecircle.judge.exemptions import exempted, exemptions_under, quota_exempt
from lifecircle.judge.readings import put_in_force
from lifecircle.model.inputs.exemption import Exemption, ExemptionState
from lifecircle.model.problem import ProblemCode
from lifecircle.model.status import Status
from lifecircle.standards import read_standard

AS_OF = dt.date(2025, 6, 30)
COLUMNS = ["id", "clause", "reason", "reference", "until"]


def judged(standard, clause="CX-01", **statuses):
    """Return one judged clause: subject → status; no subject: not in force."""
    whole = Status.DEFICIENT if statuses else Status.NOT_IN_FORCE
    return SimpleNamespace(
        findings=pd.DataFrame({"status": statuses, "reason": None}, dtype=object),
        result=SimpleNamespace(standard=standard, status=whole),
        rule=SimpleNamespace(id=clause, subject="residential"),
    )


def study(table):
    """Return a study of an area and a facility with these exemptions."""
    area, room = (SimpleNamespace(frame=pd.DataFrame(index=[key])) for key in ("R1", "F1"))
    return SimpleNamespace(
        exemptions=table, as_of=AS_OF, residential=area, facilities=room, units=None
    )


def told(table):
    """Return what came of a study's exemptions, as the clauses of Caoxian read them."""
    rules = put_in_force(read_standard("caoxian-2023"), AS_OF, {})
    meant = exemptions_under(table, rules, lambda letters: letters == "ws")
    return exemption_list(study(table), JUDGED, [meant])


JUDGED = {
    ("s-1", "CX-01"): judged("s-1", R1=Status.EXEMPT, R2=Status.NOT_APPLICABLE),
    ("s-1", "CX-03"): judged("s-1", "CX-03"),
    ("s-2", "CX-01"): judged("s-2", R1=Status.EXEMPT),
}


@pytest.mark.parametrize(
    ("subject", "clause", "until", "state"),
    [
        ("R1", "CX-01", None, ExemptionState.APPLIED),
        ("R1", "CX-01", dt.date(2025, 6, 30), ExemptionState.APPLIED),  # the last day holds
        ("R1", "CX-01", dt.date(2025, 6, 29), ExemptionState.EXPIRED),
        ("R2", "CX-01", None, ExemptionState.IDLE),
        ("R1", "CX-03", None, ExemptionState.IDLE),
        ("R9", "CX-01", None, ExemptionState.UNKNOWN),
        ("R1", "WS-99", None, ExemptionState.UNKNOWN),  # of another document
    ],
)
def test_what_came_of_it(subject, clause, until, state):
    table = pd.DataFrame([[subject, clause, "拆迁", "1号", until]], columns=COLUMNS, dtype=object)
    (one,), _ = told(table)
    assert (one.id, one.clause, one.until, one.state) == (subject, clause, until, state)
    known = not clause.endswith("99")
    assert (one.standard, one.layer) == (("s-1", "residential") if known else ("", ""))


def test_one_that_ended_is_told_with_its_place():
    row = ["R1", "CX-01", "拆迁", "1号", dt.date(2024, 1, 1), "豁免.xlsx", "豁免", 4, "B4", "条款"]
    table = pd.DataFrame(
        [row], columns=[*COLUMNS, "in_file", "sheet", "row", "cell", "column"], dtype=object
    )
    (one,), (expired,) = told(table)
    assert one.until == dt.date(2024, 1, 1)
    assert expired.code is ProblemCode.EXEMPTION_EXPIRED
    assert expired.params == {"item": "R1", "until": "2024-01-01", "as_of": "2025-06-30"}
    assert (expired.file, expired.sheet, expired.row, expired.cell, expired.column) == (
        "豁免.xlsx",
        "豁免",
        4,
        "B4",
        "条款",
    )


@pytest.mark.parametrize(
    "written",
    ["CX-01", "cx-01", "Cx-01", "ｃｘ－０１", " cx-01 ", "CX01", "cx 01", "CX_01"],
)
def test_a_clause_is_named_in_any_case_and_width(written):
    table = pd.DataFrame([["R1", written, "拆迁", "1号", None]], columns=COLUMNS, dtype=object)
    (one,), problems = told(table)
    assert (one.clause, one.state, problems) == ("CX-01", ExemptionState.APPLIED, ())
    day = dt.date(2025, 6, 30)
    quota = SimpleNamespace(id="CX-01", measure="provision", day=day, options=SimpleNamespace())
    assert quota_exempt(table, [quota]) == (("R1", "CX-01", False),)
    quota.options.about = ()
    quota.measure = "radius"
    columns = {"status": [Status.DEFICIENT], "decided": [Status.DEFICIENT], "reason": [None]}
    found = exempted(pd.DataFrame(columns, index=["R1"], dtype=object), quota, table)
    assert found["status"].tolist() == [Status.EXEMPT]


@pytest.mark.parametrize("first", ["clear", "unclear"])
@pytest.mark.parametrize("clear_until", [None, dt.date(2025, 6, 30), dt.date(2025, 6, 29)])
def test_one_clear_exemption_settles_what_an_unclear_one_leaves_open(first, clear_until):
    """In whichever order the two are written; the clear one has ended on 30 June in one case."""
    clear = ["R1", "CX-01", "拆迁", "1号", clear_until, False]
    unclear = ["R1", "CX-01", "改造", "2号", None, True]
    rows = [clear, unclear] if first == "clear" else [unclear, clear]
    table = pd.DataFrame(rows, columns=[*COLUMNS, "until_unread"], dtype=object)
    options, spec = SimpleNamespace(about=()), SimpleNamespace(per_project=True)
    day = dt.date(2025, 6, 30)
    rule = SimpleNamespace(id="CX-01", measure="provision", day=day, options=options, spec=spec)
    holds = clear_until != dt.date(2025, 6, 29)
    assert quota_exempt(table, [rule]) == (("R1", "CX-01", not holds),)
    columns = {"status": [Status.DEFICIENT], "decided": [Status.DEFICIENT], "reason": [None]}
    findings = pd.DataFrame(columns | {"applies": [1.0]}, index=["R1"], dtype=object)
    found = exempted(findings, rule, table).loc["R1"]
    assert found["status"] == (Status.EXEMPT if holds else Status.NOT_ASSESSED)
    assert found["decided"] == (Status.EXEMPT if holds else Status.DEFICIENT)
    assert found["applies"] == 1.0 if holds else np.isnan(found["applies"])


@pytest.mark.parametrize(("subject", "said"), [("F1", True), ("R9", False), ("R1", False)])
def test_a_facility_under_a_clause_on_areas_is_told(subject, said):
    """One that is nowhere (R9) is told where the table is read."""
    table = pd.DataFrame([[subject, "CX-01", "拆迁", "1号", None]], columns=COLUMNS, dtype=object)
    _, problems = told(table)
    assert [(p.code, p.value, p.params["target"]) for p in problems] == (
        [(ProblemCode.REFERENCE_UNKNOWN, "F1", "residential")] if said else []
    )


def test_without_exemptions():
    assert told(pd.DataFrame(columns=COLUMNS)) == ((), ())
    assert Exemption("R1", "CX-01", "a", "b", None, ExemptionState.APPLIED).layer == ""


def test_a_place_without_an_id_is_called_as_its_row_is(tmp_path):
    """R2 is made of the row: who wrote 东苑 is told of 东苑."""
    folder = written(
        tmp_path,
        WITH_EXEMPTIONS,
        r="小区名称,户数,类别,城乡,阶段,x,y\n东苑,200,已建成,城镇,入住,500000,3850000\n",
        f="编号,设施名称,设施类型,状态,建筑面积,x,y\nF1,站,社区养老服务站,运营,20,500000,3850000\n",
        e="对象,条款,理由,依据,有效期至\n东苑,某某条,拆迁,1号,\n东苑,CX-03,拆迁,1号,2024-12-31\n",
    )
    result = lc.assess(lc.read_study(folder))
    wanted = {ProblemCode.EXEMPTION_CLAUSE, ProblemCode.EXEMPTION_EXPIRED}
    said = {p.code: p.params["item"] for p in result.problems if p.code in wanted}
    assert said == dict.fromkeys(wanted, "R2 东苑")
