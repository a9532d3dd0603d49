"""One fact, several citations: what a document says again is counted and listed once."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import json

import docx
import openpyxl
import pandas as pd
import pytest

import lifecircle as lc
from lifecircle.assessing.explanation import explain
from lifecircle.case.bench import open_bench
from lifecircle.case.case import open_case
from lifecircle.judge.facts import with_facts
from lifecircle.model.rules.options import CoverageOptions
from lifecircle.outputs.report.chapter.document import chapter_bytes
from lifecircle.outputs.report.page.document import render_report
from lifecircle.outputs.report.workbook.book import write_workbook
from lifecircle.outputs.saved.assessment_json import document
from lifecircle.outputs.words.showing import tally_line
from lifecircle.outputs.words.wording import Wording
from lifecircle.standards import read_standard

CENTRES = ("PY-03", "PY-19", "PY-32", "PY-35")
HOMES = ("WS-18", "WS-32")


def facilities(make_layer, *rows):
    found = {
        f"F{n}": (100.0 * n, {**row, "kinds": frozenset(row["kinds"])})
        for n, row in enumerate(rows)
    }
    return make_layer("facilities", found, stage="in_use", unit="370999001")


@pytest.fixture(scope="module")
def county(make_layer, town):
    """Make a study of one area: facts are of units and houses here."""

    def make(**given):
        area = {"age_class": "existing", "setting": "urban", "stage": "in_use", "households": 100}
        return town(residential=make_layer("residential", {"R1": (0, area)}), **given)

    return make


HOUSE = {"kinds": {"care_home"}, "has_clinic": False, "medical_contract": False, "beds": 10}


@pytest.fixture(scope="module")
def pingyin(make_layer, county):
    """Two streets and towns, one with a centre; 10 beds of which 5 are nursing beds."""
    rows = ({"kinds": {"township_centre"}, "beds": 10, "nursing_beds": 5, "public_beds": 5},)
    return lc.assess(
        county(
            standards=("pingyin-2022",),
            as_of=dt.date(2025, 6, 30),
            facilities=facilities(make_layer, *rows),
        )
    )


def test_what_text_table_and_box_say_is_one_fact(pingyin):
    for name in CENTRES:
        one = pingyin.clause(name)
        assert (one.status, one.value) == ("deficient", 50.0)  # 1 of 2 units
        assert one.fact == "PY-03"
        assert one.same_as == tuple(other for other in CENTRES if other != name)
        assert one.repeated == (name != "PY-03")
    # 5 of 10 beds: < 65 %
    assert pingyin.clause("PY-20").fact == "PY-08"
    # 5 public beds: neither 1000 nor more than 1000; the box is a reference, the text leads
    assert pingyin.clause("PY-05").fact == pingyin.clause("PY-04").fact == "PY-04"
    # alone
    assert pingyin.clause("PY-02").fact == ""
    assert pingyin.clause("PY-02").same_as == ()


def test_a_clause_without_a_target_is_not_the_one_that_is_missed(pingyin):
    """PY-34 only asks for 幸福院 where they suit; PY-06b, 23 and 35c ask for 90 %."""
    assert pingyin.clause("PY-34").fact == ""
    assert pingyin.clause("PY-23").same_as == ("PY-06b", "PY-35c")


@pytest.mark.parametrize(
    ("term", "value"),
    [
        ("where", {"unit_type": ("town",)}),
        ("kinds", ("regional_centre",)),
        ("version", 90.0),  # per cent asked
        ("unit", "places"),
        ("options", CoverageOptions(qualified=True)),
    ],
)
def test_what_asks_otherwise_is_another_fact_though_it_came_to_the_same(
    make_layer, county, term, value
):
    # nobody misses either, and they differ in one term
    study = county(
        standards=("pingyin-2022",),
        as_of=dt.date(2025, 6, 30),
        facilities=facilities(make_layer, {"kinds": {"township_centre"}}),
    )
    one = open_bench(open_case(study), read_standard("pingyin-2022")).one("PY-03")
    if term == "version":
        value = dataclasses.replace(one.rule.version, value=value)
    other = dataclasses.replace(one, rule=dataclasses.replace(one.rule, **{term: value}))
    same = with_facts({"one": one, "other": one})
    assert [found.result.same_as for found in same.values()] == [("other",), ("one",)]
    apart = with_facts({"one": one, "other": other})
    assert [found.result.same_as for found in apart.values()] == [(), ()]


def test_facts_are_counted_once(pingyin):
    """Every clause is in one tally; of several on one fact only the first is a fact."""
    asked = [c for c in pingyin.clauses if "reference" not in c.flags]
    missed = [c for c in asked if c.status == "deficient"]
    told = {c.fact or c.id for c in missed}
    tally = next(t for t in pingyin.tallies if t.status == "deficient")
    assert (tally.facts, tally.clauses) == (len(told), len(missed))
    assert tally.facts < tally.clauses
    assert sum(t.clauses for t in pingyin.tallies) == len(asked)


def test_an_exemption_of_one_clause_parts_it_from_the_others(make_layer, county):
    exemptions = pd.DataFrame(
        [["370999101", "PY-19", "撤并", "会议纪要", None]],
        columns=["id", "clause", "reason", "reference", "until"],
    )
    found = lc.assess(
        county(
            standards=("pingyin-2022",),
            as_of=dt.date(2025, 6, 30),
            facilities=facilities(make_layer, {"kinds": {"township_centre"}}),
            exemptions=exemptions,
        )
    )
    assert found.clause("PY-19").status == "compliant"
    assert found.clause("PY-19").fact == ""
    assert found.clause("PY-03").same_as == ("PY-32", "PY-35")


def test_households_of_an_exempt_phase_are_in_nobodys_arithmetic(make_layer, town):
    """300 exempt and 200 households of one project: 200 × 20 ÷ 100 = 40 m², plainly reckoned."""
    phases = {"一期": (0, {"households_planned": 300}), "二期": (150, {"households_planned": 200})}
    shared = {"age_class": "new", "setting": "urban", "project": "P"}
    exemptions = pd.DataFrame(
        [["一期", "CX-01", "拆迁", "会议纪要", None]],
        columns=["id", "clause", "reason", "reference", "until"],
    )
    found = lc.assess(
        town(
            standards=("caoxian-2023",),
            as_of=dt.date(2024, 6, 30),
            residential=make_layer("residential", phases, **shared),
            facilities=facilities(make_layer, {"kinds": {"township_centre"}}),
            exemptions=exemptions,
        )
    )
    (story,) = [one for one in explain(found, "二期").stories if one.result.id == "CX-01"]
    assert (story.steps[0].code, story.steps[0].params) == (
        "requirement",
        {"households": 200, "rate": 20, "required": 40},
    )


def test_a_scenario_parts_the_clause_that_it_changes(make_layer, county):
    study = county(
        standards=("pingyin-2022",),
        as_of=dt.date(2025, 6, 30),
        facilities=facilities(make_layer, {"kinds": {"township_centre"}}),
    )
    found = lc.assess(study, scenario=("一半", {"PY-19.value": 50.0}))
    assert found.clause("PY-19").status == "compliant"
    assert found.clause("PY-03").same_as == ("PY-32", "PY-35")


def test_ws_18_repeats_ws_32_only_where_both_come_to_the_same_share(make_layer, county):
    """Without a clinic and without a contract a house misses both; with a clinic it is in one."""
    rows = [HOUSE, {**HOUSE, "has_clinic": True}]
    study = county(standards=("weishan-2023",), facilities=facilities(make_layer, *rows))
    found = lc.assess(study)
    for name, value in zip(HOMES, (0.0, 50.0), strict=True):  # 0 of 1, 1 of 2
        assert (found.clause(name).status, found.clause(name).value) == ("deficient", value)
        assert found.clause(name).fact == ""  # 1 of 2 under WS-18 would be no figure of its
    # each is told with its own share
    word = docx.Document(io.BytesIO(chapter_bytes(found)))
    rates = {
        row.cells[0].text: row.cells[3].text
        for table in word.tables
        for row in table.rows
        if row.cells[0].text in HOMES and len(row.cells) > 5
    }
    assert rates == {"WS-18": "0/1 = 0 %", "WS-32": "1/2 = 50.0 %"}
    # no house has a clinic: both are of the same houses, 1 of 2
    contract = {**HOUSE, "medical_contract": True}
    found = lc.assess(
        county(standards=("weishan-2023",), facilities=facilities(make_layer, HOUSE, contract))
    )
    assert {(found.clause(name).fact, found.clause(name).value) for name in HOMES} == {
        ("WS-18", 50.0)
    }
    # a house whose contract is not typed is open for both
    open_ = {**HOUSE, "medical_contract": None}
    found = lc.assess(
        county(standards=("weishan-2023",), facilities=facilities(make_layer, open_, rows[1]))
    )
    assert {found.clause(name).status for name in HOMES} == {"not_assessed"}
    # every house has a clinic: nothing to ask of those without one
    found = lc.assess(
        county(standards=("weishan-2023",), facilities=facilities(make_layer, rows[1]))
    )
    assert [found.clause(name).status for name in HOMES] == ["not_applicable", "compliant"]
    assert found.clause("WS-32").fact == ""


def test_outputs_tell_a_fact_once(pingyin, tmp_path):
    page = render_report(pingyin)
    summary = page.split('id="summary"')[1].split("</section>")[0]
    rows = [row for row in summary.split("<tr") if 'href="#c-pingyin-2022-PY-19"' in row]
    assert len(rows) == 1
    assert 'href="#c-pingyin-2022-PY-03"' in rows[0]
    assert tally_line(pingyin, Wording.of(pingyin)) in page
    assert "与 PY-03 是同一事实，只计一次，见该条" in page
    assert "同一事实另见 PY-19、PY-32、PY-35：4 条规定，只计一次" in page
    told = document(pingyin)
    tallies = {t["status"]: (t["facts"], t["clauses"]) for t in told["tallies"]}
    assert tallies["deficient"] == next(
        (t.facts, t.clauses) for t in pingyin.tallies if t.status == "deficient"
    )
    found = {c["id"]: c for c in told["clauses"]}
    assert found["PY-35"]["fact"] == "PY-03"
    assert json.dumps(found["PY-03"]["same_as"]) == '["PY-19", "PY-32", "PY-35"]'
    written = write_workbook(pingyin, tmp_path / "report.xlsx")
    book = openpyxl.load_workbook(written, read_only=True)
    cells = [
        cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell
    ]
    assert "PY-19、PY-32、PY-35" in cells


def test_the_library_repeats_only_what_is_there():
    for name in ("weishan-2023", "pingyin-2022", "jinxiang-2023", "caoxian-2023"):
        clauses = read_standard(name).clauses
        assert {c.repeats for c in clauses.values()} - {""} <= set(clauses)
