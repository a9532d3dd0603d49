"""``province.xlsx``, ``province.json``: counties side by side, sums, a ranking, what is missing."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json

import jsonschema
import pytest
from openpyxl import load_workbook

from lifecircle.model.finding import Rate
from lifecircle.model.results.county_run import CountyRun, RunState
from lifecircle.model.results.province import (
    CountyClause,
    Province,
    ProvinceClause,
    ProvinceCounty,
)
from lifecircle.model.status import Status
from lifecircle.outputs.province.document import ProvinceDocument
from lifecircle.outputs.province.folder import write_province
from lifecircle.outputs.saved.described import json_schema


def rate(met, of, open_=0, low=None, high=None):
    share = met / of if of else None
    low, high = (share if low is None else low), (share if high is None else high)
    return Rate("areas", "county", met, of, open_, low, high, share, float(open_))


def county(name, *, partial=False):
    day = dt.date(2024, 6, 30)
    about = (name, f"{name}评估", "370827", day, "now", ("x-2023",), None, "X-01")
    return ProvinceCounty(*about, partial, ())


COUNTIES = {
    "甲县": (Status.DEFICIENT, rate(9, 10)),
    "乙县": (Status.COMPLIANT, rate(4, 4)),
    "丙县": (Status.NOT_ASSESSED, rate(0, 2, 2, 0.0, 0.5)),
    "丁县": (Status.DEFICIENT, rate(9, 10)),
}


@pytest.fixture(scope="module", params=["zh", "en"])
def written(request, tmp_path_factory):
    clause = ProvinceClause(
        standard="x-2023",
        id="X-01",
        title={"zh": "覆盖率", "en": "Coverage"},
        measure="compliance_rate",
        subject="residential",
        comparison=">=",
        target=100.0,
        unit="%",
        reading={},
        scenario=None,
        basis="areas",
        rates=(Rate("areas", "province", 22, 26, 2, 22 / 28, 24 / 28, 22 / 26, 2.0),),
        counts={"deficient": 2, "compliant": 1, "not_assessed": 1},
        counties=tuple(
            CountyClause(name, status, None, None, None, (one,))
            for name, (status, one) in COUNTIES.items()
        ),
    )
    province = Province(
        counties=tuple(county(name, partial=name == "丁县") for name in COUNTIES),
        others=(CountyRun("戊县", RunState.FAILED, reason="study", lines=("设施.csv: 缺列",)),),
        clauses=(clause,),
        standard_titles={"x-2023": {"zh": "某文件", "en": "A document"}},
        ranked=("x-2023", "X-01"),
    )
    folder = tmp_path_factory.mktemp(request.param)
    return write_province(province, folder, request.param), request.param, province


def rows(book, sheet):
    return [list(row) for row in book.worksheets[sheet].iter_rows(values_only=True)]


def test_sums_stand_with_their_range_and_the_number_of_counties(written):
    book = load_workbook(written[0]["workbook"])
    head, only = rows(book, 1)
    told = dict(zip(range(len(head)), only, strict=True))
    assert [told[n] for n in (5, 6, 7)] == [4, 22, 26]
    assert told[8] == pytest.approx(22 / 26)
    assert (told[9], told[10], told[11]) == (2, pytest.approx(22 / 28), pytest.approx(24 / 28))
    assert only[12:] == [1, 2, 1]


def test_the_workbook_keeps_the_schemas_of_office(written, office_faults):
    assert office_faults(written[0]["workbook"]) == []


def test_equal_rates_share_a_rank_and_a_range_has_none(written):
    book = load_workbook(written[0]["workbook"])
    told = [(row[0], row[1]) for row in rows(book, 3)[1:]]
    # 100 % first, two of 90 % second, and who has met nothing of what is decided has no place
    assert told == [(1, "乙县"), (2, "丁县"), (2, "甲县"), (None, "丙县")]


def test_no_county_is_missing_from_the_ranking_and_stages_are_ranked_apart(written, tmp_path):
    _, language, province = written
    (clause,) = province.clauses
    own = {one.county: one for one in clause.counties}
    plan = dataclasses.replace(
        clause, stage="plan", counties=(own["乙县"],), rates=(rate(4, 4),), counts={"compliant": 1}
    )
    other = dataclasses.replace(
        clause, standard="y-2023", id="Y-09", counties=(own["丁县"],), rates=(rate(9, 10),)
    )
    now = dataclasses.replace(clause, counties=(own["甲县"], own["丙县"]))
    counties = [county(name) for name in ("甲县", "乙县", "丙县", "丁县")]
    counties[1] = dataclasses.replace(counties[1], stage="plan")
    counties[3] = dataclasses.replace(counties[3], standards=("y-2023",), headline="Y-09")
    titles = {**province.standard_titles, "y-2023": {"zh": "另一文件", "en": "Another"}}
    both = dataclasses.replace(
        province,
        counties=tuple(counties),
        clauses=(now, plan, other),
        standard_titles=titles,
    )
    book = load_workbook(write_province(both, tmp_path, language)["workbook"])
    told = [row[:4] for row in rows(book, 3)[1:]]
    # 90 % of what stands; only a range; 100 % of what is planned; 90 % by another document
    assert told == [
        [1, "甲县", "x-2023", "X-01"],
        [None, "丙县", "x-2023", "X-01"],
        [1, "乙县", "x-2023", "X-01"],
        [1, "丁县", "y-2023", "Y-09"],
    ]
    asked = [row[4] for row in rows(book, 3)[1:]]
    assert len(set(asked)) == 2  # the stage stands behind what is asked
    assert asked[0] == asked[1] == asked[3] != asked[2]


def test_a_figure_without_a_rate_stands_with_its_county(written, tmp_path):
    _, _, province = written
    beds = dataclasses.replace(
        province.clauses[0],
        id="X-02",
        target=600.0,
        unit="beds",
        basis=None,
        rates=(),
        counties=(
            CountyClause("甲县", Status.DEFICIENT, 420.0, 420.0, 420.0, (), ("overdue",)),
            CountyClause("乙县", Status.NOT_ASSESSED, None, 13.0, 14.0, ()),
        ),
    )
    both = dataclasses.replace(province, clauses=(*province.clauses, beds))
    book = load_workbook(write_province(both, tmp_path, "zh")["workbook"])
    head, *body = rows(book, 4)
    told = [dict(zip(head, row, strict=True)) for row in body]
    own = [(r["县区"], r["标记"], r["现值"]) for r in told if r["条款"] == "X-02"]
    assert own == [("甲县", "逾期", "420 张"), ("乙县", None, "13–14 张")]


def test_counties_without_a_whole_result_are_named_with_the_reason(written):
    files, language, _ = written
    book = load_workbook(files["workbook"])
    told = rows(book, 5)[1:]
    assert [row[0] for row in told] == ["戊县", "丁县"]
    assert told[0][2] == "设施.csv: 缺列"
    summary = "\n".join(str(cell) for row in rows(book, 0) for cell in row if cell)
    assert ("1 个未完成的县" if language == "zh" else "in no sum: 1.") in summary


def test_the_document_holds_to_its_schema_and_says_the_same(written):
    document = json.loads(written[0]["json"].read_text("utf-8"))
    jsonschema.validate(document, json_schema(ProvinceDocument, "province"))
    assert document["clauses"][0]["rates"][0]["numerator"] == 22
    assert document["others"] == [
        {"name": "戊县", "state": "failed", "reason": "study", "lines": ["设施.csv: 缺列"]}
    ]


def test_the_same_province_gives_the_same_bytes(written, tmp_path):
    files, language, province = written
    again = write_province(province, tmp_path, language)
    for name, file in files.items():
        assert again[name].read_bytes() == file.read_bytes()
