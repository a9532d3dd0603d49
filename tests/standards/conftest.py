"""Rule cases as data: every ``*.toml`` beside this file is collected, one test a case.

A case names a clause of the file's standard, a few areas, facilities and units, and what must come
out. Only what matters is written; the rest has the defaults below, and ``"?"`` is a missing value.

One case may hold for several clauses: ``each`` maps a clause to its words, and ``"$word"`` stands
for one of them, as a value or as a key (a list of keys sets each). ``times = 9`` in a facility
makes nine of it; ``units_range`` makes consecutive units, the first ``with_facility`` of which have
one of ``kinds``.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
import tomllib
from functools import cache
from pathlib import Path

import pytest

from lifecircle.judge.clauses import account_of, judge_rule
from lifecircle.judge.readings import put_in_force
from lifecircle.standards import apply_scenario, form_of, read_form, read_standard

from .declared import alike as same_judgement
from .declared import narrowed, seen_by
from .rule_tables import RuleMistakeError, refuse, tables_of

HERE = Path(__file__).parent
FILE_KEYS = {"standard", "as_of", "case"}
CASE_KEYS = {
    "name",
    "clause",
    "each",
    "indicators",
    "evidence",
    "readings",
    "units_range",
    "shows",
    "why",
    "as_of",
    "set",
    "view",
    "parameters",
    "areas",
    "facilities",
    "units",
    "near",
    "sharing",
    "candidates",
    "reach",
    "exemptions",
    "findings",
    "result",
}
SHOWS = {"below", "at", "above", "missing", "missing_decided", "not_applicable", "not_in_force"}
FINDING_KEYS = {
    "status",
    "required",
    "required_low",
    "required_high",
    "measured",
    "low",
    "high",
    "deficit",
    "flags",
    "reason",
}
RESULT_KEYS = {"status", "value", "low", "high", "target", "flags", "counts", "rate", "said"}
CLOSE = {"rel": 1e-12, "abs": 1e-9}


def pytest_collect_file(parent, file_path):
    if file_path.suffix == ".toml" and file_path.parent == HERE:
        return RuleFile.from_parent(parent, path=file_path)
    return None


class RuleFile(pytest.File):
    def collect(self):
        sheet = tomllib.loads(self.path.read_text(encoding="utf-8"))
        refuse(sheet.keys() - FILE_KEYS, self.path.name)
        for case in sheet["case"]:
            refuse(case.keys() - CASE_KEYS, case["name"])
            refuse({case["shows"]} - SHOWS, case["name"])
            for one in filled(case):
                yield RuleCase.from_parent(self, name=one["name"], sheet=sheet, case=one)


class RuleCase(pytest.Item):
    def __init__(self, *, sheet, case, **rest):
        super().__init__(**rest)
        self.sheet, self.case = sheet, case

    def runtest(self):
        prepared = stood_on(self.sheet, self.case)
        judged = judge(self.sheet, self.case, prepared=prepared)
        wrong = [
            *compare_findings(judged.findings, self.case.get("findings", {})),
            *compare_result(judged.result, self.case.get("result", {})),
        ]
        if seen_bare(prepared[0], self.case):
            bare = judge(self.sheet, self.case, declared_alone, prepared)
            if not same_judgement(judged, bare):
                wrong.append("it comes out otherwise on what its measure is declared to read")
        if not self.case.keys() & {"findings", "result"}:
            wrong.append("the case expects nothing")
        if wrong:
            raise RuleMistakeError("\n".join(wrong))

    def repr_failure(self, excinfo, style=None):  # noqa: ARG002 - pytest's signature
        if isinstance(excinfo.value, RuleMistakeError):
            return f"{self.case['why']}\n{excinfo.value}"
        excinfo.traceback = excinfo.traceback.cut(path=__file__)
        return super().repr_failure(excinfo, "short")

    def reportinfo(self):
        return self.path, None, f"{self.path.name}::{self.name}"


OFTEN = {"facility_share", "indicator", "provision", "unit_coverage"}
"""Measures with hundreds of cases."""


def seen_bare(rule, case):
    """Return whether a case is judged on what its rule is declared to read as well."""
    return rule.measure not in OFTEN or sum(case["name"].encode()) % 4 == 0


def declared_alone(rule, tables):
    """Return tables that hold nothing but what a rule is declared to read."""
    return narrowed(tables, seen_by(rule))


def filled(case):
    """Yield the case for every clause it holds for, its words filled in."""
    if "each" not in case:
        yield case
        return
    for clause, words in case["each"].items():
        rest = {key: value for key, value in case.items() if key != "each"}
        yield put(rest, words) | {"clause": clause, "name": f"{clause} {case['name']}"}


def put(value, words):
    """Return ``value`` with every ``$word`` replaced, as a value or as a key."""
    if isinstance(value, dict):
        found = {}
        for key, inner in value.items():
            keys = words[key[1:]] if key.startswith("$") else key
            for one in keys if isinstance(keys, list) else [keys]:
                found[one] = put(inner, words)
        return found
    if isinstance(value, list):
        return [put(inner, words) for inner in value]
    if isinstance(value, str) and value.startswith("$"):
        return words[value[1:]]
    return value


@cache
def library_rules(name, as_of, taken=()):
    """Return a document's rules, with those of its form's own clauses.

    ``taken``: pairs of reading and choice.
    """
    standard, form = read_standard(name), form_of(name)
    own = {} if form is None else read_form(form).clauses
    both = dataclasses.replace(standard, clauses={**standard.clauses, **own})
    return put_in_force(both, as_of, dict(taken))


@pytest.fixture(scope="session")
def rules_in_force():
    """Return a document's rules on a day, with those of its form: ``rules_in_force(name, day)``."""
    return library_rules


@pytest.fixture(scope="session")
def rule_cases():
    """Return every case of every file as (file's own keys, case), its words filled in."""
    sheets = [
        tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(HERE.glob("*.toml"))
    ]
    return [(sheet, one) for sheet in sheets for case in sheet["case"] for one in filled(case)]


@pytest.fixture(scope="session")
def on_declared():
    """Return which cases are judged on what their rule is declared to read as well."""
    return seen_bare


@pytest.fixture(scope="session")
def judge_seen():
    """Judge a case on tables of one's own: see :func:`judge`.

    What the clause stands on is made once for all that is asked of one case in a row.
    """
    last = {}

    def judged(sheet, case, seen=None):
        if last.get("case") is not case:
            last.update(case=case, stood_on=stood_on(sheet, case))
        return judge(sheet, case, seen, last["stood_on"])

    return judged


def judge(sheet, case, seen=None, prepared=None):
    """Judge the case's clause, after the clauses it speaks about.

    ``seen(rule, tables)`` gives the tables on which the clause itself is judged.
    """
    rule, tables, exemptions = prepared or stood_on(sheet, case)
    if seen is not None:
        tables = seen(rule, tables)
    return judge_rule(tables, rule, exemptions=exemptions)


def stood_on(sheet, case):
    """Return the case's rule, its tables with all that comes before the rule, and exemptions."""
    as_of = case.get("as_of", sheet["as_of"])
    assert isinstance(as_of, dt.date)
    taken = tuple(sorted(case.get("readings", {}).items()))
    rules = library_rules(sheet["standard"], as_of, taken)
    if "set" in case:
        rules = put_in_force(apply_scenario(rules.standard, case["set"], "case"), as_of)
    rule = rules[case["clause"]]
    tables, exemptions = tables_of(case, rules)
    before = [rules[name] for name in rule.options.about]
    if any(one.spec.account for one in (rule, *before)):
        tables = dataclasses.replace(tables, account=account_of(tables, rules))
    for one in before:
        found = judge_rule(tables, one, exemptions=exemptions).findings
        tables = dataclasses.replace(tables, findings={**tables.findings, one.id: found})
    return rule, tables, exemptions


def compare_findings(found, expected):
    for subject, want in expected.items():
        if want == "absent":
            if subject in found.index:
                yield f"{subject}: has a finding, should have none"
            continue
        if subject not in found.index:
            yield f"{subject}: no finding"
            continue
        refuse(want.keys() - FINDING_KEYS, subject)
        row = found.loc[subject]
        for key, value in want.items():
            if key == "required":
                got = [row["required_low"], row["required_high"]]
                same = got == pytest.approx([value, value], **CLOSE)
            elif key == "flags":
                got = sorted(str(f) for f in row["flags"])
                same = got == sorted(value)
            elif key == "reason":
                got = None if row["reason"] is None else str(row["reason"].code)
                same = got == value
            else:
                got, same = alike(row[key], value)
            if not same:
                yield f"{subject}.{key}: expected {value}, got {got}"


def compare_result(result, expected):
    refuse(expected.keys() - RESULT_KEYS, "result")
    for key, value in expected.items():
        if key == "rate":
            got = [getattr(result.official, k) for k in ("numerator", "denominator")]
            got.append(result.official.not_assessed)
            same = got == pytest.approx(value, **CLOSE)
        elif key == "flags":
            got = sorted(str(f) for f in result.flags)
            same = got == sorted(value)
        elif key == "said":
            got = None if result.said is None else str(result.said.code)
            same = got == value
        elif key == "counts":
            got = dict(result.counts)
            same = got == value
        else:
            got, same = alike(getattr(result, key), value)
        if not same:
            yield f"result.{key}: expected {value}, got {got}"


def alike(got, value):
    if value == "?":
        return got, got is None or math.isnan(got)
    if isinstance(value, str):
        return str(got), str(got) == value
    return got, got is not None and float(got) == pytest.approx(value, **CLOSE)


@pytest.fixture(scope="session")
def judge_case():
    """Judge one case: ``judge_case(standard, day, case)``."""
    return lambda standard, day, case: judge({"standard": standard, "as_of": day}, case)


@pytest.fixture(scope="session")
def cases_of():
    """Return the cases of a standard's sheet, each filled in: (its day, case)."""

    def read(standard):
        sheet = tomllib.loads((HERE / f"{standard}.toml").read_text(encoding="utf-8"))
        return [
            (case.get("as_of", sheet["as_of"]), one)
            for case in sheet["case"]
            for one in filled(case)
        ]

    return read
