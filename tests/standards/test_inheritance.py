"""A county's standard stands on its province's: what joins, what is overridden, what is refused."""

from __future__ import annotations

import datetime as dt

import pytest

from lifecircle.standards import check_standard, clauses_in_force, read_standard

HEAD = """
id = "{id}"
title = {{ zh = "标准", en = "Standard" }}
issuer = "人民政府"
number = "1号"
county = "370000"
issued = 2020-01-01
compared_on = 2024-02-01
"""
CLAUSE = """
[clauses.{id}]
title = {{ zh = "条", en = "Clause" }}
section = "一"
quote = "原文"
category = "PR"
force = "不少于"
measure = "provision"
subject = "residential"
unit = "m2/100hh"
comparison = ">="
{more}
[[clauses.{id}.versions]]
valid_from = 2020-01-01
{value}
references = [{{ title = "1号", clause = "一" }}]
"""


def document(name, *clauses, inherits=None):
    text = HEAD.format(id=name)
    if inherits:
        text += f'inherits = "{inherits}"\n'
    for clause, value, more in clauses:
        text += CLAUSE.format(id=clause, value=value, more=more)
    return text


@pytest.fixture
def base(tmp_path):
    path = tmp_path / "province.toml"
    clauses = [("SD-01", "value = 20", ""), ("SD-02", "value = 15", "")]
    path.write_text(document("province", *clauses), encoding="utf-8")
    return path


def county(base, *clauses, inherits="province.toml"):
    path = base.parent / "county.toml"
    path.write_text(document("county", *clauses, inherits=inherits), encoding="utf-8")
    return path


def values(standard):
    return {name: clause.versions[0].value for name, clause in standard.clauses.items()}


def test_what_the_county_does_not_say_is_the_provinces(base):
    standard = read_standard(county(base, ("CO-01", "value = 30", "")))
    assert standard.inherits == "province"
    assert values(standard) == {"SD-01": 20, "SD-02": 15, "CO-01": 30}
    # a citation leads to the document that says it
    assert standard.clauses["SD-01"].standard == "province"
    assert standard.clauses["CO-01"].standard == "county"


def test_a_clause_overrides_the_provinces(base):
    standard = read_standard(county(base, ("CO-01", "value = 30", 'overrides = "SD-01"')))
    assert values(standard) == {"SD-02": 15, "CO-01": 30}


def test_the_same_id_overrides(base):
    standard = read_standard(county(base, ("SD-01", "value = 30", "")))
    assert values(standard) == {"SD-01": 30, "SD-02": 15}
    assert standard.clauses["SD-01"].standard == "county"


def test_a_county_repeals_a_clause_by_its_id(base):
    standard = read_standard(county(base, ("SD-01", "repealed = true", "")))
    in_force = clauses_in_force(standard, dt.date(2024, 1, 1))
    assert [clause.id for clause in in_force] == ["SD-02"]


def test_a_clause_may_name_a_clause_of_the_base(base):
    more = 'options = { approved_between = "SD-02" }'
    standard = read_standard(county(base, ("CO-01", "value = 30", more)))
    assert standard.clauses["CO-01"].options.given == {"approved_between": "SD-02"}


def test_three_generations(base):
    middle = base.parent / "city.toml"
    city = document("city", ("CI-01", "value = 25", 'overrides = "SD-01"'), inherits=base.name)
    middle.write_text(city, encoding="utf-8")
    path = county(base, ("CO-01", "value = 30", 'overrides = "SD-02"'), inherits="city.toml")
    assert values(read_standard(path)) == {"CI-01": 25, "CO-01": 30}


def test_clauses_of_the_base_follow_to_what_stands_in(base):
    """The compliance rate of the base is about the county's quota once that overrides."""
    path = county(base, ("CO-01", "value = 25", 'overrides = "JX-06"'), inherits="jinxiang-2023")
    standard = read_standard(path)
    assert "JX-06" not in standard.clauses
    assert standard.clauses["JX-03"].options.approved_between == "CO-01"
    assert standard.clauses["JX-05"].options.of_clauses == ("CO-01",)
    assert standard.clauses["JX-07"].options.clauses == ("JX-03", "JX-04", "CO-01")
    assert standard.headline == "JX-07"


def test_a_clause_split_in_two_is_followed_where_a_list_names_it(base):
    split = [("CO-01", "value = 25"), ("CO-02", "value = 35")]
    clauses = [(name, value, 'overrides = "JX-06"') for name, value in split]
    found = check_standard(county(base, *clauses, inherits="jinxiang-2023"), "en")
    # JX-05 and JX-07 list CO-01 and CO-02 now; JX-03 names one quota, and two cannot be meant
    assert found == (
        (
            "county.toml, clause JX-03, key options.approved_between: there is no clause JX-06: "
            "did you mean JX-26?"
        ),
    )


def test_the_headline_follows_too(base):
    text = base.read_text(encoding="utf-8").replace("county =", 'headline = "SD-01"\ncounty =')
    base.write_text(text, encoding="utf-8")
    path = county(base, ("CO-01", "value = 30", 'overrides = "SD-01"'))
    assert read_standard(path).headline == "CO-01"


def test_an_unknown_clause_cannot_be_overridden(base):
    path = county(base, ("CO-01", "value = 30", 'overrides = "SD-1"'))
    assert check_standard(path, "en") == (
        "county.toml, clause CO-01, key overrides: there is no clause SD-1: did you mean SD-01?",
    )


def test_a_mistake_of_the_base_names_the_base(base):
    base.write_text(document("province", ("SD-01", "value = -1", "")), encoding="utf-8")
    path = county(base, ("CO-01", "value = 30", ""))
    assert check_standard(path, "en") == (
        (
            "province.toml, clause SD-01, key versions[1].value: "
            "must be finite and not negative, is -1"
        ),
    )


def test_a_circle_is_refused(base):
    text = document("province", ("SD-01", "value = 20", ""), inherits="county.toml")
    base.write_text(text, encoding="utf-8")
    path = county(base, ("CO-01", "value = 30", ""))
    assert check_standard(path, "en") == (
        (
            "province.toml, key inherits: inherits in a circle "
            "(county.toml → province.toml → county.toml): break it at one place"
        ),
    )


def test_nobody_inherits_itself(base):
    path = county(base, ("CO-01", "value = 30", ""), inherits="county.toml")
    (found,) = check_standard(path, "en")
    assert "inherits in a circle (county.toml → county.toml)" in found


def test_a_missing_base_is_named(base):
    path = county(base, ("CO-01", "value = 30", ""), inherits="none.toml")
    (found,) = check_standard(path, "en")
    assert found.endswith("none.toml: the file is not there or cannot be opened: check the path")
