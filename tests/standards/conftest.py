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

import numpy as np
import pandas as pd
import pytest

from lifecircle.case.columns import area_columns, facility_columns
from lifecircle.judge.clauses import account_of, judge_rule
from lifecircle.judge.exemptions import quota_exempt
from lifecircle.judge.readings import put_in_force
from lifecircle.model.dictionary import columns
from lifecircle.model.inputs.parameters import Parameters
from lifecircle.model.reach import REACH_COLUMNS, ReachTable
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.status import StageView
from lifecircle.model.tables import CONTAINMENT_COLUMNS, Tables
from lifecircle.standards import apply_scenario, form_of, read_form, read_standard

from .declared import alike as same_judgement
from .declared import narrowed, seen_by

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
AREA = {"setting": "urban", "stage": "in_use", "age_class": "existing"}
FACILITY = {"kinds": ["day_care"], "stage": "in_use"}
DERIVED = {
    "residential": (),
    "candidates": (),
    "facilities": ("place", "x"),
    "units": ("unit_type", "x"),
}
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


class RuleMistakeError(AssertionError):
    """A case that does not come out as written."""


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


def multiplied(rows):
    """Return facilities with ``times`` written out, numbered from 1."""
    found = {}
    for name, row in rows.items():
        times = row.get("times")
        plain = {key: value for key, value in row.items() if key != "times"}
        numbered = [name] if times is None else [f"{name}-{n}" for n in range(1, times + 1)]
        found |= dict.fromkeys(numbered, plain)
    return found


def ranged(case):
    """Return the case's units and facilities with its ``units_range`` written out."""
    units, facilities = dict(case.get("units", {})), multiplied(case.get("facilities", {}))
    spec = case.get("units_range")
    if spec is not None:
        first = int(spec["first"])
        codes = [str(first + n) for n in range(spec["count"])]
        units |= {code: {"unit_type": spec["unit_type"]} for code in codes}
        for code in codes[: spec["with_facility"]]:
            facilities[f"F{code}"] = {"kinds": spec["kinds"], "community": code, "unit": code[:9]}
    return units, facilities


def refuse(unknown, where):
    if unknown:
        raise RuleMistakeError(f"{where}: unknown {sorted(unknown)}")


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
    tables, exemptions = build(case, rules)
    before = [rules[name] for name in rule.options.about]
    if any(one.spec.account for one in (rule, *before)):
        tables = dataclasses.replace(tables, account=account_of(tables, rules))
    for one in before:
        found = judge_rule(tables, one, exemptions=exemptions).findings
        tables = dataclasses.replace(tables, findings={**tables.findings, one.id: found})
    return rule, tables, exemptions


def build(case, rules):
    view, taken = StageView(case.get("view", "now")), case.get("readings", {})
    areas = frame("residential", case.get("areas", {}), AREA)
    areas = areas.assign(x=range(len(areas)), y=0.0, land_area_m2=1.0)
    given_units, given_facilities = ranged(case)
    facilities = frame("facilities", given_facilities, FACILITY)
    facilities["kinds"] = [frozenset(k or ()) for k in facilities["kinds"]]
    placed = [
        math.nan if row.get("place") == "?" else float(row.get("x", 0.0))
        for row in given_facilities.values()
    ]
    facilities = facilities.assign(x=placed)
    facilities = facilities.assign(y=facilities["x"] * 0.0)
    units = frame("units", given_units, {})
    units = units.assign(x=units["x"].astype(float), y=0.0)
    units = units.assign(
        level=["township" if len(code) == 9 else "community" for code in units.index],
        parent=[code[:9] if len(code) == 12 else None for code in units.index],
        # as intake fills it where no statistical code is given (A26)
        setting=[
            own or {"community": "urban", "village": "rural"}.get(kind)
            for own, kind in zip(units["setting"], units["unit_type"], strict=True)
        ],
    )
    rows = {}
    for area in areas.index:
        given = {k: None if v == "?" else v for k, v in case.get("reach", {}).get(area, {}).items()}
        far = given.get("radius_m", math.inf)
        row = dict.fromkeys(REACH_COLUMNS)
        walk = given.get("walk_m", far)
        row |= {"radius_m": math.nan if far is None else far, "snap_m": 0.0}
        row |= {"walk_m": far, "straight_m": far}
        # areas are points: within, or not
        for share, metres in (("radius_share", far), ("walk_share", walk)):
            row[share] = 1.0 if metres is not None and metres <= 1000.0 else 0.0
        row |= given | {"radius_m": row["radius_m"]}
        # as reach has it: of an area without a place nothing is known, while there is a facility
        row["radius_low_m"] = given.get("radius_low_m", 0.0 if far is None else far)
        row["walk_low_m"] = given.get("walk_low_m", row["walk_m"])
        row["radius_share_high"], row["walk_share_high"] = row["radius_share"], row["walk_share"]
        if row["walk_unknown"] is not None:
            row["walk_unknown"] = Reason(ReasonCode(row["walk_unknown"]))
        rows[area] = row
    reach = pd.DataFrame(rows.values(), index=areas.index, columns=list(REACH_COLUMNS))
    reach = reach.astype({"walk_unknown": object, "radius_m": float, "walk_m": float})
    table = ReachTable("community", 1000.0, 1000.0, reach)
    sharing = [[None if v == "?" else v for v in row] for row in case.get("sharing", [])]
    exemptions = pd.DataFrame(
        case.get("exemptions", []), columns=["id", "clause", "reason", "reference", "until"]
    )
    typed = case.get("indicators", {})
    tables = Tables(
        areas=area_columns(
            areas,
            view,
            households=taken.get("A6", "by_age_class"),
            setting=taken.get("A26", "statistical_code"),
            exempt=quota_exempt(exemptions, rules),
        ),
        facilities=facility_columns(facilities, view, stage=taken.get("A17")),
        units=units,
        containment=pd.DataFrame(case.get("near", []), columns=list(CONTAINMENT_COLUMNS)).astype(
            {"facility": object, "residential": object, "to_area_m": float, "straight_m": float}
        ),
        sharing=pd.DataFrame(sharing, columns=["facility", "residential", "m2"]).astype(
            {"facility": object, "residential": object, "m2": float}
        ),
        parameters=Parameters().having(**case.get("parameters", {})),
        reach={"community": table},
        indicators=pd.DataFrame(
            [[name, *both_parts(given), "ledger"] for name, given in typed.items()],
            columns=["id", "numerator", "denominator", "source"],
        ),
        evidence=case.get("evidence", {}),
        candidates=frame("candidates", case["candidates"], {}) if "candidates" in case else None,
    )
    return tables, exemptions


def both_parts(given):
    """Return numerator and denominator of a typed figure; what is not typed is missing."""
    return [None if part == "?" else part for part in [*given, "?"][:2]]


def frame(layer, rows, defaults):
    """Return a layer's table: all columns of the dictionary, ``"?"`` and absent as missing."""
    specs = columns(layer)
    known = [c for c in [*specs, *DERIVED[layer]] if c not in {"id", "code"}]
    table = {}
    for name, given in rows.items():
        refuse(given.keys() - set(known), f"{layer} {name}")
        values = {"name": name, **defaults, **given}
        table[name] = {k: None if v == "?" else v for k, v in values.items()}
    index = pd.Index(list(table), name="id", dtype=str)
    numbers = [c for c in known if c in specs and specs[c].type in {"number", "integer"}]
    others = [c for c in known if c not in numbers]
    # two blocks at once: thousands of cases have dozens of columns each
    figures = np.array([[row.get(c) for c in numbers] for row in table.values()], dtype=float)
    cells = np.empty((len(table), len(others)), dtype=object)
    for at, row in enumerate(table.values()):
        for column, name in enumerate(others):
            cells[at, column] = row.get(name)
    parts = (
        pd.DataFrame(figures.reshape(len(table), len(numbers)), index=index, columns=numbers),
        pd.DataFrame(cells, index=index, columns=others, dtype=object),
    )
    return pd.concat(parts, axis=1)[known]


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
