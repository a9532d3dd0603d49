"""Every standard that ships: it loads, quotes its document word for word, and says its readings."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import tomllib
from collections import defaultdict
from importlib.resources import files
from pathlib import Path

import pytest

from lifecircle.model.rules.measures import MEASURES
from lifecircle.model.rules.needs import over_units
from lifecircle.standards import (
    clauses_in_force,
    form_of,
    library,
    read_form,
    read_standard,
    readings,
)
from lifecircle.standards.readings import needed_readings
from lifecircle.texts import LANGUAGES, catalogue

HERE = Path(__file__).parent
STANDARDS = [read_standard(name) for name in library()]
CLAUSES = [
    clause
    for standard in STANDARDS
    for clause in standard.clauses.values()
    if clause.standard == standard.id
]
RULES = tomllib.loads((HERE / "rules" / "ids.toml").read_text(encoding="utf-8"))
"""Document → the ids of the rule list; a second number of a row has the row's id and a letter."""
EXPLAINED = "CXJ"
NUMBER_ELSEWHERE = {
    "CX-02": "每个小区都要同步",
    "CX-13": "两项规划",
    "JX-02": "一项规划",
    "JX-08": "每个小区都要同步",
    "JX-09": "完成：一处不落",
    "JX-25": "一项制度",
    "JX-26": "一项方案",
    "JX-28": "一项机制",
    "PY-02": "建成投用一处",
    "PY-32": "每个街道（镇）",
    "WS-02": "每个小区都要同步",
    "WS-09c": "每个片区",
    "WS-16": "全覆盖检查",
    "WS-19": "满足需求",
    "WS-20": "整个片区",
    "WS-21": "整个片区",
    "WS-22": "整个片区",
    "WS-23": "整个片区",
    "WS-24": "4处都要",
    "WS-25": "各镇街都要",
}
"""Clauses whose quote has no figure, and the words that stand for it."""


def squeezed(text):
    return re.sub(r"\s+", "", text)


def named(clause):
    return f"{clause.standard}-{clause.id}"


def row(clause_id, ids):
    """Return the row of the rule list that a clause is: its own id, or that of its first part."""
    stem = clause_id.rstrip("bcd")
    return next(name for name in (clause_id, f"{stem}b", stem) if name in ids)


def test_the_library_holds_the_documents_and_their_base():
    assert set(RULES) < set(library())


def test_every_row_of_the_rule_list_is_a_clause():
    assert sum(len(spec["ids"]) for spec in RULES.values()) == 139
    for name, spec in RULES.items():
        own = [c for c in read_standard(name).clauses.values() if c.standard == name]
        assert {row(c.id, spec["ids"]) for c in own} == set(spec["ids"])


@pytest.mark.parametrize("name", RULES)
def test_the_clauses_stand_in_the_order_of_the_rule_list(name):
    standard = read_standard(name)
    own = [c.id for c in standard.clauses.values() if c.standard == name]
    ids = RULES[name]["ids"]
    assert [ids.index(row(i, ids)) for i in own] == sorted(ids.index(row(i, ids)) for i in own)
    assert standard.inherits == "shandong"
    inherited = [c for c in standard.clauses.values() if c.standard != name]
    assert [c.id for c in inherited] == RULES[name]["inherited"]
    assert not any(c.verified for c in inherited)


@pytest.mark.parametrize("name", RULES)
def test_the_headline_is_the_compliance_rate(name):
    standard = read_standard(name)
    assert standard.clauses[standard.headline].measure == "compliance_rate"
    assert standard.scenario is None


@pytest.mark.parametrize("clause", CLAUSES, ids=named)
def test_a_quote_is_in_the_document_word_for_word(clause):
    if not clause.verified:
        assert clause.quote == ""
        return
    name = clause.standard + ("-explained" if clause.id.startswith(EXPLAINED) else "")
    document = (HERE / "documents" / f"{name}.txt").read_text(encoding="utf-8")
    assert squeezed(clause.quote) in squeezed(document)


@pytest.mark.parametrize("clause", CLAUSES, ids=named)
def test_the_force_is_the_documents_own_words(clause):
    rest = squeezed(clause.quote or clause.force)
    for words in clause.force.split("……"):
        assert squeezed(words) in rest
        rest = rest.split(squeezed(words), 1)[1]


@pytest.mark.parametrize("clause", CLAUSES, ids=named)
def test_every_needed_reading_is_written_in_the_file(clause):
    text = files("lifecircle.standards") / "library" / f"{clause.standard}.toml"
    rules = tomllib.loads(text.read_text(encoding="utf-8"))["clauses"]
    written = rules[clause.id].get("readings", {})
    needed = needed_readings(clause.measure, clause.where)
    # a count of areas, and a sum over units, look at no facility
    if clause.unit != "areas" and not over_units(clause.options):
        assert needed.keys() <= written.keys()
    assert all(choice in readings()[name].choices for name, choice in written.items())


@pytest.mark.parametrize("clause", CLAUSES, ids=named)
def test_numbers_stand_in_the_quote(clause):
    if not clause.verified or clause.id in NUMBER_ELSEWHERE:
        return
    for version in clause.versions:
        digits = f"{version.value:g}" if version.value is not None else ""
        whole = clause.comparison == "=" and "全" in clause.quote
        assert digits in clause.quote or whole


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
    assert found["JX-16"] == (">=", [90], "beds")
    assert found["JX-16b"] == (">=", [270], "beds")
    assert found["JX-17"] == (">=", [65], "%")
    assert found["JX-10"] == (">=", [120], "homes")
    assert found["JX-10b"] == (">=", [750], "homes")
    assert found["JX-22b"] == (">=", [1], "/1000p")
    assert found["PY-31"] == (">=", [100], "m2/1000p")
    assert found["PY-05"] == (">", [1000], "beds")
    assert found["SD-01"] == (">=", [20], "m2/100hh")
    assert found["SD-02"] == (">=", [15], "m2/100hh")
    assert [c.id for c in CLAUSES if c.reference] == ["CX-05", "PY-05", "PY-33b"]


def test_a_version_holds_until_the_next():
    clause = read_standard("jinxiang-2023").clauses["JX-16"]
    later = dataclasses.replace(clause.versions[0], valid_from=dt.date(2025, 12, 31), value=270)
    clause = dataclasses.replace(clause, versions=(*clause.versions, later))
    assert clause.version_on(dt.date(2023, 7, 11)) is None
    assert clause.version_on(dt.date(2023, 7, 12)).value == 90
    assert clause.version_on(dt.date(2025, 12, 30)).value == 90
    assert clause.version_on(dt.date(2025, 12, 31)).value == 270


@pytest.mark.parametrize("standard", STANDARDS, ids=library())
def test_clauses_in_force_begin_on_the_day_of_the_document(standard):
    def own(clauses):
        return [c for c in clauses if c.standard == standard.id]

    assert own(clauses_in_force(standard, standard.issued - dt.timedelta(days=1))) == []
    if standard.county.endswith("00"):  # a province gathers regulations of several years
        return
    assert own(clauses_in_force(standard, standard.issued)) == own(standard.clauses.values())


def test_every_reading_and_choice_has_words_in_every_language():
    assert list(readings()) == [f"A{number}" for number in range(1, 43)]
    for language in LANGUAGES:
        texts = catalogue("standards", language)
        for name, spec in readings().items():
            assert texts[f"reading.{name}"]
            assert all(texts[f"reading.{name}.{choice}"] for choice in spec.choices)


def test_readings_speak_of_measures_and_filters_there_are():
    for spec in readings().values():
        assert spec.measures.keys() <= MEASURES.keys()
        assert spec.where.keys() <= {"age_class", "setting", "unit_type", "unit_level", "unit"}
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
        for clause_id in case.get("each") or [case["clause"]]:
            shown[clause_id].add(case["shows"])
    own = [c for c in standard.clauses.values() if c.standard == standard.id]
    for clause in own:
        assert needed_cases(clause) <= shown[clause.id], clause.id
    form = form_of(standard.id)
    beside = set() if form is None else read_form(form).clauses.keys()
    assert shown.keys() - beside == {clause.id for clause in own}
    names = [(case["name"], *case.get("each", ())) for case in sheet["case"]]
    assert len(set(names)) == len(names)


def needed_cases(clause):
    """Return what the cases of a clause must show; some inputs cannot decide while one misses."""
    needed = {"at", "not_in_force"}
    parts = getattr(clause.options, "items", getattr(clause.options, "indicators", ("", "")))
    if clause.measure != "document" or clause.options.items:
        needed.add("missing")
    if clause.comparison is None:
        return needed
    needed.add("below")
    if len(parts) > 1:
        needed.add("missing_decided")
    if clause.comparison != "=" and clause.measure != "document":  # 100 % cannot be exceeded
        needed.add("above")
    quotient = clause.measure == "indicator" and clause.unit in {"%", "/1000p"}
    if clause.subject != "county" or clause.measure == "ratio" or quotient:
        needed.add("not_applicable")
    return needed


def test_the_rule_cases_are_many():
    sheets = [tomllib.loads((HERE / f"{s.id}.toml").read_text("utf-8")) for s in STANDARDS]
    assert sum(len(case.get("each", "1")) for sheet in sheets for case in sheet["case"]) >= 300


def test_what_a_study_types_has_a_name_in_every_language():
    for language in LANGUAGES:
        words = catalogue("words", language)
        for clause in CLAUSES:
            for name in getattr(clause.options, "indicators", ()):
                assert words[f"indicator.{name}"]
            for name in getattr(clause.options, "items", ()):
                assert words[f"document.{name}"]


SETTLED = {"compliant", "deficient", "not_assessed"}
NUMBERS = {"value", "low", "high", "rate", "measured", "deficit"}
NUMBERS |= {"required", "required_low", "required_high"}


@pytest.mark.parametrize("standard", STANDARDS, ids=library())
def test_every_clause_passes_fails_and_stays_open_on_a_figure_by_hand(standard, cases_of):
    """Not by what a case says it shows, but by what it expects: a status beside a figure."""
    found = defaultdict(set)
    for _, case in cases_of(standard.id):
        for told in (case.get("result", {}), *case.get("findings", {}).values()):
            if isinstance(told, dict) and NUMBERS & told.keys():
                found[case["clause"]].add(told.get("status"))
    for clause in standard.clauses.values():
        if clause.standard != standard.id:
            continue
        if clause.comparison is None:
            assert "reported" in found[clause.id] or clause.measure == "document", clause.id
        else:
            assert found[clause.id] >= SETTLED, clause.id
