"""What compares two assessments, as files: JSON by its schema, a workbook of text and numbers."""

from __future__ import annotations

import dataclasses
import json
import re

import jsonschema
import openpyxl
import pytest

import lifecircle as lc
from lifecircle.model.finding import Rate
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.results.comparison import (
    Cause,
    CauseCode,
    CauseKind,
    Direction,
    SubjectChange,
    UnitChange,
)
from lifecircle.outputs.saved.comparison_json import comparison_document
from lifecircle.outputs.saved.schemas import shipped_schema
from lifecircle.outputs.words.banners import demanded
from lifecircle.outputs.words.causes import cause_text
from lifecircle.outputs.words.changes import (
    percentage_points,
    result_text,
    side_texts,
    subject_text,
)
from lifecircle.outputs.words.names import Names
from lifecircle.outputs.words.wording import Wording
from lifecircle.texts import LANGUAGES, catalogue, word

HOSTILE = '=cmd|"/c calc"!A1<img src=x onerror=alert(1)>'
F1 = {"before": "F1", "after": "F1"}
PARAMS = {
    CauseCode.PLANNED_PLACE: {"facility": {"before": None, "after": "F1"}},
    CauseCode.PLANNED_PLACE_GONE: {"facility": {"before": "F1", "after": None}},
    CauseCode.PLAN: {"before": None, "after": "CX-06: K1"},
    CauseCode.FACILITY_ADDED: {"facility": F1},
    CauseCode.FACILITY_REMOVED: {"facility": F1},
    CauseCode.FACILITY_MOVED: {"facility": F1, "metres": 120.0},
    CauseCode.FACILITY_CHANGED: {"facility": F1, "columns": ["kinds", "place"]},
    CauseCode.AREA_QUOTA: {"before": 60.0, "after": 90.0, "measure_unit": "m2"},
    CauseCode.AREA_CHANGED: {"columns": ["households", "place"]},
    CauseCode.UNIT_CHANGED: {"columns": ["setting"]},
    CauseCode.GATES: {"before": 1, "after": 2},
    CauseCode.INPUT_FILE: {"layer": "streets"},
    CauseCode.FACILITY_STAGE: {"facility": F1, "before": "idle", "after": "in_use"},
    CauseCode.AREA_STAGE: {"before": "planned", "after": None},
    CauseCode.STAGE_VIEW: {"before": "now", "after": "plan"},
    CauseCode.OTHER_CLAUSE: {"before": "caoxian-2023 CX-03", "after": "jinxiang-2023 JX-06"},
    CauseCode.REPLACED: {"before": "caoxian-2023 SD-02", "after": "caoxian-2023 CX-03"},
    CauseCode.TARGET: {"before": 15.0, "after": 20.0, "measure_unit": "m2/100hh"},
    CauseCode.TERMS: {"columns": ["kinds"]},
    CauseCode.SCENARIO: {"before": None, "after": "二十"},
    CauseCode.DAY: {"before": "2024-01-01", "after": "2025-01-01"},
    CauseCode.READING: {"reading": "A5", "before": "pro_rata", "after": "ceil"},
    CauseCode.PARAMETER: {"parameter": "walk_speed_m_s", "before": 1.0, "after": 0.8},
    CauseCode.CLAUSES: {"clauses": ["CX-03"]},
    CauseCode.SHARED: {"facilities": [F1, {"before": None, "after": "F2"}]},
    CauseCode.SEVERAL: {"candidates": ["residential", "as_of", "A5", "walk_speed_m_s"]},
}


def test_the_county_has_no_number(comparison, tmp_path):
    first = comparison.findings[0]
    whole = dataclasses.replace(first, layer="county", id_before="county", id_after="county")
    told = dataclasses.replace(comparison, findings=(first, whole, *comparison.findings[2:]))
    book = openpyxl.load_workbook(lc.write_comparison(told, tmp_path)["workbook"])
    header, one, county, *_ = book["结论变化"].iter_rows(values_only=True)
    at = header.index("编号（前）")
    assert one[at : at + 2] == (first.id_before, first.id_after)
    assert county[at : at + 2] == (None, None)
    assert county[1:3] == ("全县", "全县")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("layer", ["facilities", "residential", "streets", "units", "exemptions"])
def test_a_cause_names_a_layer_once(language, layer):
    """In English the layer of facilities is called as its key is: no reading of that name."""
    cause = Cause(CauseCode.SEVERAL, {"candidates": [layer]})
    told = cause_text(cause, Wording(language, "compare"))
    assert told.endswith(word("layer", layer, language))
    assert not re.search(r"\b(\w+) \1\b", told)


@pytest.mark.parametrize(
    ("code", "params", "zh"),
    [
        (CauseCode.FACILITY_STAGE, {"before": None, "after": "in_use"}, "由不详变为运营"),
        (CauseCode.AREA_STAGE, {"before": "planned", "after": None}, "由规划变为未填"),
        (
            CauseCode.AREA_QUOTA,
            {"before": None, "after": 60.0, "measure_unit": "m2"},
            "由 不详 变为 60 m²",
        ),
    ],
)
def test_what_was_not_known_leaves_no_hole_in_a_sentence(comparison, code, params, zh):
    cause = Cause(code, {"facility": F1, **params})
    names = Names.of_both(comparison)
    assert zh in cause_text(cause, Wording("zh", "compare", names))
    assert "–" not in cause_text(cause, Wording("en", "compare", names))


@pytest.fixture
def changed(sample):
    """The sample a year on: one station gone, one new under a hostile name, two verdicts other."""
    layers = dict(sample.layers)
    places = layers["facilities"].drop(index="F2")
    layers["facilities"] = places.rename(index={"F8": "F9"})
    layers["facilities"].loc["F9", "name"] = HOSTILE
    findings = sample.findings.copy()
    row = (findings["clause"] == "CX-03") & findings["id"].isin(["R01", "R02"])
    assert row.sum() == 2
    findings.loc[row, ["status", "measured", "deficit"]] = ["deficient", 10.0, 65.0]
    areas = layers["residential"].copy()
    areas.loc[["R01", "R02"], "verdict"] = "deficient"
    layers["residential"] = areas.drop(index="R07")
    return dataclasses.replace(
        sample,
        layers=layers,
        findings=findings[findings["id"] != "R07"],
        as_of=sample.as_of.replace(year=2026),
        scenario=HOSTILE,
    )


@pytest.fixture
def comparison(sample, changed):
    return lc.compare(sample, changed)


def test_json_follows_its_schema(comparison, tmp_path):
    written = lc.write_comparison(comparison, tmp_path)
    document = json.loads(written["json"].read_text(encoding="utf-8"))
    jsonschema.validate(document, shipped_schema("comparison"))
    assert document == comparison_document(comparison)
    assert not document["empty"]
    assert [(s["name"], s["after"]) for s in document["settings"]] == [
        ("scenario", HOSTILE),
        ("as_of", "2026-12-31"),
    ]
    own = [f for f in document["findings"] if f["clause_after"] == "caoxian-2023 CX-03"]
    changed = {f["id_before"]: f["after"] and f["after"]["measured"] for f in own}
    assert {key: changed[key] for key in ("R01", "R02")} == {"R01": 10.0, "R02": 10.0}


def test_nothing_changed_is_an_empty_document(sample):
    document = comparison_document(lc.compare(sample, sample))
    jsonschema.validate(document, shipped_schema("comparison"))
    assert document["empty"]
    for name in ("settings", "findings", "subjects", "areas", "units"):
        assert document[name] == []
    assert not any(clause["changed"] for clause in document["clauses"])


def test_workbook_holds_text_and_numbers_only(comparison, tmp_path):
    path = lc.write_comparison(comparison, tmp_path)["workbook"]
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == [
        "对比概要",
        "比率对比",
        "结论变化",
        "行政单元排名",
        "对象增减",
        "设置差异",
    ]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert any(cell.value == HOSTILE and cell.quotePrefix for cell in cells)
    assert book["结论变化"].max_row == 1 + len(comparison.findings)
    assert book["对象增减"].max_row == 1 + len(comparison.subjects)


def test_units_are_ranked_among_those_of_their_level(comparison, tmp_path):
    levels = [unit.level != "township" for unit in comparison.units]
    assert levels == sorted(levels)
    rows = [
        ("1", "township", 0.4, 0.6, 0.2), ("2", "township", 0.5, 0.4, -0.1),
        ("11", "community", 0.0, 1.0, 1.0), ("12", "community", None, 1.0, None),
    ]  # fmt: skip
    units = tuple(
        UnitChange(
            key, f"单元{key}", level, old, new, change, {"better": 1, "decided": 2, "other": 4}
        )
        for key, level, old, new, change in rows
    )
    made = dataclasses.replace(comparison, units=units)
    book = openpyxl.load_workbook(lc.write_comparison(made, tmp_path)["workbook"])
    sheet = book["行政单元排名"]
    assert [sheet.cell(row, 1).value for row in range(2, 6)] == [1, 2, 1, None]
    assert [sheet.cell(2, column).value for column in (7, 8, 9)] == [1, 0, 6]  # 2 + 4 otherwise


def test_every_clause_has_its_result_and_marks_on_both_sides(sample, tmp_path):
    rated = next(c for c in sample.clauses if c.id == "CX-03")
    beds = dataclasses.replace(
        rated, id="CX-09", subject="county", unit="beds", official=None, rates=()
    )
    told = [
        dataclasses.replace(
            sample,
            clauses=(
                dataclasses.replace(beds, value=value, status="deficient", flags=flags),
                dataclasses.replace(
                    rated, rates=(Rate("areas", "county", met, of, 2, low, high, met / of, 2),)
                ),
            ),
        )
        for value, flags, met, of, low, high in (
            (420.0, (), 3, 4, 3 / 6, 5 / 6),
            (450.0, ("overdue",), 2, 6, 2 / 8, 4 / 8),
        )
    ]
    book = openpyxl.load_workbook(lc.write_comparison(lc.compare(*told), tmp_path)["workbook"])
    header, *rows = book["比率对比"].iter_rows(values_only=True)
    one, two = (dict(zip(header, row, strict=True)) for row in rows)
    assert (one["结果（前）"], one["结果（后）"]) == ("420 张", "450 张")
    assert (one["标记（前）"], one["标记（后）"]) == (None, "逾期")
    assert two["结果（前）"] == "3/4 = 75.0 %（待核实 2，范围 50.0–83.3 %）"
    assert two["结果（后）"] == "2/6 = 33.3 %（待核实 2，范围 25.0–50.0 %）"


def test_a_year_is_no_number_of_thousands(comparison):
    years = {"built_year": (1998.0, 2005.0), "households": (900.0, 1200.0)}
    subject = SubjectChange("residential", "changed", "R1", "R1", "甲苑", years)
    told = subject_text(subject, Wording.of_both(comparison))
    assert told == "建成年份：1998 → 2005；户数：900 → 1,200"


def test_a_result_in_words_names_what_its_own_side_has(sample, tmp_path):
    """An id of a comparison is nobody's without its side: F9 is on the later one alone."""
    clause = dataclasses.replace(
        sample.clauses[0],
        subject="county",
        official=None,
        rates=(),
        value=None,
        low=None,
        high=None,
    )
    far = Reason(ReasonCode.BEYOND_RADIUS, {"facility": "F2", "distance_m": 1200.0, "limit_m": 1e3})
    said = dataclasses.replace(clause, said=far)
    both = lc.compare(*(dataclasses.replace(sample, clauses=(said,)) for _ in range(2)))
    name = sample.layers["facilities"].at["F2", "name"]
    for side in ("before", "after"):
        assert name in result_text(said, Wording.of_both(both), side)
    lc.write_comparison(both, tmp_path)


def test_a_clause_without_a_version_on_the_day_asks_nothing(sample):
    words = Wording.of(sample)
    early = dataclasses.replace(
        sample.clauses[0], status="not_in_force", target=None, comparison=None, reading={}
    )
    assert demanded(early, words) == "–"
    assert demanded(dataclasses.replace(early, status="reported"), words) == "未定数量要求"


def test_the_town_of_a_facility_is_no_unit_of_measure(comparison):
    cause = Cause(CauseCode.FACILITY_CHANGED, {"facility": F1, "columns": ["unit", "kinds"]})
    told = cause_text(cause, Wording.of_both(comparison))
    assert told.endswith("所属镇街、设施类型")
    terms = Cause(CauseCode.TERMS, {"columns": ["unit"]})
    assert cause_text(terms, Wording.of_both(comparison)).endswith("单位")


def test_documents_are_named_where_the_sides_have_others(sample, comparison):
    words = Wording.of_both(comparison)
    assert not any("依据" in told for told in side_texts(comparison, words))
    titles = {"weishan-2023": {"zh": "微山的文件"}}
    other = dataclasses.replace(sample, standards=("weishan-2023",), standard_titles=titles)
    both = lc.compare(sample, other)
    assert side_texts(both, Wording.of_both(both))[1].endswith(" 依据微山的文件")


def test_two_counties_are_told_apart_in_every_output(sample, tmp_path):
    both = lc.compare(sample, dataclasses.replace(sample, county="370827"))
    written = lc.write_comparison(both, tmp_path)
    cells = openpyxl.load_workbook(written["workbook"])["对比概要"].iter_rows(values_only=True)
    told = f"两次评价的行政区划代码不同（{sample.county}、370827）：对比可能没有意义。"
    assert told in {cell for row in cells for cell in row}
    assert told in written["map"].read_text(encoding="utf-8")


def test_the_same_comparison_is_the_same_bytes(sample, changed, tmp_path):
    for n in (1, 2):
        lc.write_comparison(lc.compare(sample, changed), tmp_path / str(n))
    for path in (tmp_path / "1").iterdir():
        assert path.read_bytes() == (tmp_path / "2" / path.name).read_bytes(), path.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cause_has_words(sample, changed, language):
    sides = (dataclasses.replace(side, language=language) for side in (sample, changed))
    words = Wording.of_both(lc.compare(*sides))
    for code in CauseCode:
        for eliminated in (False, True):
            told = cause_text(Cause(code, PARAMS.get(code, {}), eliminated), words)
            assert told
            assert "{" not in told
            assert "?" not in told
    found, gone = (
        cause_text(Cause(CauseCode.FACILITY_MOVED, {"facility": F1, "known": known}), words)
        for known in (True, False)
    )
    told = {"zh": ("由不详变为已知", "由已知变为不详"), "en": ("became known", "no longer known")}
    assert all(text in one for text, one in zip(told[language], (found, gone), strict=True))
    one, none = (Cause(CauseCode.GATES, {"before": n, "after": 2}) for n in (1, 0))
    assert cause_text(one, words) != cause_text(none, words)
    texts = catalogue("compare", language)
    assert {f"kind.{kind}" for kind in CauseKind} <= texts.keys()
    assert {f"direction.{way}" for way in Direction} <= texts.keys()


def test_points_never_say_a_change_that_is_none(comparison):
    words = Wording.of_both(comparison)
    assert percentage_points(0.0, words) == "不变"
    assert percentage_points(0.0004, words) == "不变"
    assert percentage_points(0.001, words) == "+0.1 个百分点"
    assert percentage_points(-0.25, words) == "-25.0 个百分点"
    assert percentage_points(None, words) == "–"


def test_an_id_of_a_comparison_is_nobody_s_without_its_side(sample, changed):
    names = Wording.of_both(lc.compare(sample, changed)).names
    for ask in (lambda: names.on(None), lambda: Wording("zh", names=names).name("F9")):
        with pytest.raises(ValueError, match="side"):
            ask()


def test_a_name_is_of_the_side_that_is_asked(sample, changed):
    words = Wording.of_both(lc.compare(sample, changed))
    assert words.name("F9", "facilities", "after") == HOSTILE
    assert words.name("F9", "facilities", "before") == "F9"  # nobody has this id there
    gone = sample.layers["facilities"].at["F2", "name"]
    assert words.name("F2", "facilities", "before") == gone
    assert words.name("F2", "facilities", "after") == "F2"


def test_the_workbook_keeps_the_schemas_of_office(comparison, tmp_path, office_faults):
    assert office_faults(lc.write_comparison(comparison, tmp_path)["workbook"]) == []
