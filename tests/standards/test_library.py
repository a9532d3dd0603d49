"""Every standard that ships: it loads, quotes its document word for word, and says its readings."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections import defaultdict
from importlib.resources import files
from pathlib import Path

import pytest

from lifecircle.model.clause import measure_specs
from lifecircle.standards import clauses_in_force, library, read_standard, readings
from lifecircle.standards.readings import needed_readings
from lifecircle.texts import LANGUAGES, catalogue

HERE = Path(__file__).parent
STANDARDS = [read_standard(name) for name in library()]
CLAUSES = [clause for standard in STANDARDS for clause in standard.clauses.values()]
PREFIX = {"caoxian-2023": "CX", "jinxiang-2023": "JX"}
EXPECTED = {
    "caoxian-2023": "01 03 04 05 06 07 09 16 17 18 19",
    "jinxiang-2023": "03 04 05 06 07 11 12 13 14 15 16 17",
}


def squeezed(text):
    return re.sub(r"\s+", "", text)


def named(clause):
    return f"{clause.standard}-{clause.id}"


def test_the_library_holds_the_documents_of_the_two_counties():
    assert library() == tuple(EXPECTED)


@pytest.mark.parametrize("standard", STANDARDS, ids=library())
def test_the_clauses_are_those_of_the_rule_list(standard):
    prefix = PREFIX[standard.id]
    numbers = EXPECTED[standard.id].split()
    assert list(standard.clauses) == [f"{prefix}-{number}" for number in numbers]
    assert all(clause.standard == standard.id for clause in standard.clauses.values())


@pytest.mark.parametrize("standard", STANDARDS, ids=library())
def test_the_headline_is_the_compliance_rate(standard):
    assert standard.clauses[standard.headline].measure == "compliance_rate"
    assert standard.scenario is None
    assert standard.inherits is None


@pytest.mark.parametrize("clause", CLAUSES, ids=named)
def test_a_quote_is_in_the_document_word_for_word(clause):
    document = (HERE / "documents" / f"{clause.standard}.txt").read_text(encoding="utf-8")
    assert squeezed(clause.quote) in squeezed(document)


@pytest.mark.parametrize("clause", CLAUSES, ids=named)
def test_the_force_is_the_documents_own_words(clause):
    rest = squeezed(clause.quote)
    for words in clause.force.split("……"):
        assert squeezed(words) in rest
        rest = rest.split(squeezed(words), 1)[1]


@pytest.mark.parametrize("clause", CLAUSES, ids=named)
def test_every_needed_reading_is_written_in_the_file(clause):
    text = files("lifecircle.standards") / "library" / f"{clause.standard}.toml"
    written = tomllib.loads(text.read_text(encoding="utf-8"))["clauses"][clause.id]["readings"]
    needed = needed_readings(clause.measure, clause.where)
    if clause.unit != "areas":  # a count of areas looks at no facility
        assert needed.keys() <= written.keys()
    assert all(choice in readings()[name].choices for name, choice in written.items())


@pytest.mark.parametrize("clause", CLAUSES, ids=named)
def test_numbers_stand_in_the_quote(clause):
    for version in clause.versions:
        digits = f"{version.value:g}" if version.value is not None else ""
        if clause.id not in {"JX-11", "JX-12", "JX-14"}:  # 1处; 全覆盖 is 100 %
            assert digits in clause.quote


def test_the_numbers_of_the_rule_list():
    found = {c.id: (c.comparison, [v.value for v in c.versions], c.unit) for c in CLAUSES}
    assert found["CX-01"] == (">=", [20], "m2/100hh")
    assert found["CX-03"] == (">=", [15], "m2/100hh")
    assert found["CX-05"] == ("<=", [15], "min")
    assert found["CX-06"] == ("<=", [1000], "m")
    assert found["CX-07"] == ("=", [100], "%")
    assert found["CX-09"] == (">=", [600], "beds")
    assert found["CX-16"] == (">=", [65], "%")
    assert found["CX-17"] == ("=", [100], "%")
    assert found["JX-03"] == (">=", [30], "m2/100hh")
    assert found["JX-04"] == (">=", [200], "m2")
    assert found["JX-06"] == (">=", [20], "m2/100hh")
    assert found["JX-11"] == (">=", [1], "places")
    assert found["JX-12"] == ("=", [100], "%")
    assert found["JX-13"] == (">", [60], "%")
    assert found["JX-16"] == (">=", [90, 270], "beds")
    assert found["JX-17"] == (">=", [65], "%")
    reported = {"CX-04", "CX-18", "CX-19", "JX-05", "JX-15"}
    assert {c.id for c in CLAUSES if c.comparison is None} == reported
    assert [c.id for c in CLAUSES if c.reference] == ["CX-05"]


def test_a_version_holds_until_the_next():
    clause = read_standard("jinxiang-2023").clauses["JX-16"]
    assert clause.version_on(dt.date(2023, 7, 11)) is None
    assert clause.version_on(dt.date(2023, 7, 12)).value == 90
    assert clause.version_on(dt.date(2025, 12, 30)).value == 90
    assert clause.version_on(dt.date(2025, 12, 31)).value == 270


@pytest.mark.parametrize("standard", STANDARDS, ids=library())
def test_clauses_in_force_begin_on_the_day_of_the_document(standard):
    assert clauses_in_force(standard, standard.issued - dt.timedelta(days=1)) == ()
    assert clauses_in_force(standard, standard.issued) == tuple(standard.clauses.values())


def test_every_reading_and_choice_has_words_in_every_language():
    assert list(readings()) == [f"A{number}" for number in range(1, 41)]
    for language in LANGUAGES:
        texts = catalogue("standards", language)
        for name, spec in readings().items():
            assert texts[f"reading.{name}"]
            assert all(texts[f"reading.{name}.{choice}"] for choice in spec.choices)


def test_readings_speak_of_measures_and_filters_there_are():
    for spec in readings().values():
        assert spec.measures.keys() <= measure_specs().keys()
        assert spec.where.keys() <= {"age_class", "setting", "unit_type", "unit_level"}
        assert {*spec.measures.values(), *spec.where.values()} <= set(spec.choices)


def test_the_languages_have_the_same_messages_and_parameters():
    zh, en = (catalogue("standards", language) for language in LANGUAGES)
    assert zh.keys() == en.keys()
    for code, text in zh.items():
        fields = [sorted(set(re.findall(r"(?<!\{)\{(\w+)\}", t))) for t in (text, en[code])]
        assert fields[0] == fields[1], code


@pytest.mark.parametrize("standard", STANDARDS, ids=library())
def test_every_clause_has_the_rule_cases_it_needs(standard):
    sheet = tomllib.loads((HERE / f"{standard.id}.toml").read_text(encoding="utf-8"))
    shown = defaultdict(set)
    for case in sheet["case"]:
        shown[case["clause"]].add(case["shows"])
    rates = {"unit_coverage", "compliance_rate"}
    for clause in standard.clauses.values():
        needed = {"at", "missing", "not_in_force"}
        if clause.comparison is not None:
            needed |= {"below", "missing_decided"}
            if clause.comparison != "=":  # 100 % cannot be exceeded
                needed.add("above")
            if clause.subject != "county" or clause.measure == "ratio":
                needed.add("not_applicable")
        assert needed <= shown[clause.id], clause.id
        assert clause.measure in rates or clause.comparison != "="
    assert shown.keys() == standard.clauses.keys()
    assert len({case["name"] for case in sheet["case"]}) == len(sheet["case"])
