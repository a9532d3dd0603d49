"""Scenarios change a copy of a standard, by path, and keep it sound."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.errors import StandardError
from lifecircle.standards import apply_scenario, library, read_scenario, read_standard

JINXIANG = read_standard("jinxiang-2023")


def mistakes(changes):
    with pytest.raises(StandardError) as caught:
        apply_scenario(JINXIANG, changes, "what if", "en")
    return caught.value.mistakes


def test_a_value_is_changed_and_the_original_is_not():
    changed = apply_scenario(JINXIANG, {"JX-03.value": 20}, "20 for all")
    assert changed.scenario == "20 for all"
    assert changed.clauses["JX-03"].versions[0].value == 20
    assert JINXIANG.clauses["JX-03"].versions[0].value == 30
    assert JINXIANG.scenario is None
    # everything else is as it was
    rest = {name: c for name, c in changed.clauses.items() if name != "JX-03"}
    assert rest == {name: c for name, c in JINXIANG.clauses.items() if name != "JX-03"}


def test_the_documents_words_and_references_stay():
    changed = apply_scenario(JINXIANG, {"JX-03.value": 20}, "x").clauses["JX-03"]
    original = JINXIANG.clauses["JX-03"]
    version = dataclasses.replace(original.versions[0], value=20.0)
    assert changed == dataclasses.replace(original, versions=(version,), published=original)


def test_every_version_with_a_number_is_changed():
    clause = JINXIANG.clauses["JX-16"]
    later = dataclasses.replace(clause.versions[0], valid_from=dt.date(2025, 12, 31), value=270)
    stepped = dataclasses.replace(clause, versions=(*clause.versions, later))
    standard = dataclasses.replace(JINXIANG, clauses={**JINXIANG.clauses, "JX-16": stepped})
    changed = apply_scenario(standard, {"JX-16.value": 300}, "x").clauses["JX-16"]
    assert [v.value for v in changed.versions] == [300, 300]


def test_options_readings_filters_kinds_and_the_rest():
    changed = apply_scenario(
        JINXIANG,
        {
            "JX-03.options.minimum_m2": 150,
            "JX-03.readings.A5": "ceil",
            "JX-03.where.setting": ["urban", "rural"],
            "JX-12.kinds": ["township_centre", "regional_centre"],
            "JX-13.comparison": ">=",
            "JX-17.deadline": dt.date(2026, 12, 31),
            "JX-06.reference": True,
        },
        "x",
    ).clauses
    assert changed["JX-03"].options.minimum_m2 == 150
    assert changed["JX-03"].options.approved_between == "JX-06"
    assert changed["JX-03"].readings["A5"] == "ceil"
    assert changed["JX-03"].where["setting"] == ("urban", "rural")
    assert changed["JX-12"].kinds == ("township_centre", "regional_centre")
    assert changed["JX-13"].comparison == ">="
    assert changed["JX-17"].deadline == dt.date(2026, 12, 31)
    assert changed["JX-06"].reference


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"JX03.value": 20}, "what if: there is no clause JX03: did you mean JX-03?"),
        (
            {"JX-03.vale": 20},
            "what if, clause JX-03: a scenario cannot change vale: did you mean value?",
        ),
        (
            {"JX-03.options": 20},
            "what if, clause JX-03: a scenario cannot change options: did you mean options.<name>?",
        ),
        (
            {"JX-03.options.minimum": 20},
            "what if, clause JX-03, key options.minimum: is no known key: did you mean minimum_m2?",
        ),
        (
            {"JX-03.value": "20"},
            (
                "what if, clause JX-03, key versions[1].value: "
                "must be a number (without quotes), is 20"
            ),
        ),
        (
            {"JX-07.value": 101},
            "what if, clause JX-07, key versions[1].value: a percentage may not exceed 100, is 101",
        ),
        (
            {"JX-15.value": 90},
            (
                "what if, clause JX-15, key value: has a number but no comparison: "
                "add comparison, or delete value"
            ),
        ),
        (
            {"JX-04.options.quota": "JX-05"},
            (
                "what if, clause JX-04, key options.quota: clause JX-05 has the measure count, "
                "which cannot be named here"
            ),
        ),
    ],
)
def test_a_path_that_leads_nowhere_is_named(changes, expected):
    assert mistakes(changes) == (expected,)


@pytest.mark.parametrize("key", ["quote", "title", "section", "force", "versions", "measure"])
def test_the_documents_words_cannot_be_changed(key):
    (found,) = mistakes({f"JX-03.{key}": "x"})
    assert found.startswith(f"what if, clause JX-03: a scenario cannot change {key}")


def test_all_mistakes_are_found_at_once():
    assert len(mistakes({"JX-3.value": 20, "JX-03.vale": 20, "JX-07.value": 101})) == 3


@settings(deadline=None, max_examples=50)
@given(name=st.sampled_from(library()), value=st.floats(0, 100), data=st.data())
def test_changing_a_number_and_changing_it_back_changes_nothing(name, value, data):
    standard = read_standard(name)
    numbered = [c for c in standard.clauses.values() if len({v.value for v in c.versions}) == 1]
    clause = data.draw(st.sampled_from([c for c in numbered if c.comparison]))
    path = f"{clause.id}.value"
    there = apply_scenario(standard, {path: value}, "there")
    back = apply_scenario(there, {path: clause.versions[0].value}, "back")
    assert there.clauses[clause.id].versions[0].value == value
    assert back.clauses == standard.clauses


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "what-if.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize(
    "text",
    [
        'name = "20"\nset = { "JX-03.value" = 20, "JX-03.options.minimum_m2" = 150 }',
        'name = "20"\n[set]\n"JX-03.value" = 20\n"JX-03.options.minimum_m2" = 150',
        'name = "20"\n[set]\nJX-03.value = 20\nJX-03.options = { minimum_m2 = 150 }',
    ],
)
def test_a_scenario_file_is_read_quoted_or_nested(written, text):
    name, changes = read_scenario(written(text))
    assert name == "20"
    assert changes == {"JX-03.value": 20, "JX-03.options.minimum_m2": 150}
    changed = apply_scenario(JINXIANG, changes, name).clauses["JX-03"]
    assert (changed.versions[0].value, changed.options.minimum_m2) == (20, 150)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('set = { "JX-03.value" = 20 }', "what-if.toml, key name: is missing: add it"),
        ('name = "x"', "what-if.toml, key set: is missing: add it"),
        (
            'name = "x"\nset = {}',
            "what-if.toml, key set: changes nothing: name a clause and its value",
        ),
        (
            'name = "x"\nsett = 1\nset = { "JX-03.value" = 20 }',
            "what-if.toml, key sett: is no known key: did you mean set?",
        ),
        (
            "name =",
            (
                "what-if.toml: line 1, column 7 is not TOML (the value is not written right: "
                "texts need straight quotes, dates are 2024-12-31): correct it"
            ),
        ),
    ],
)
def test_a_scenario_file_that_is_none_is_refused(written, text, expected):
    with pytest.raises(StandardError) as caught:
        read_scenario(written(text), "en")
    assert caught.value.mistakes == (expected,)
