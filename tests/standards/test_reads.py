"""What a measure is declared to read is what it touches: no less, and no more.

Every rule case is judged once more on tables that hold nothing but what its rule is declared to
read. The answer must be the same; and without any one of the declared columns some case must break
or come out otherwise. Re-use of findings (``case.bench``) stands on it.
"""

from __future__ import annotations

import dataclasses
import math

import pandas as pd
import pytest

from lifecircle.judge.clauses import account_of
from lifecircle.model.inputs.parameters import Parameters
from lifecircle.model.rules.measures import ACCOUNT_READS, MEASURES, OWN_READS
from lifecircle.model.rules.needs import SUBJECT_READS, reads_of

FRAMES = ("areas", "facilities", "units")
WHOLE = (
    *("containment", "sharing", "indicators", "evidence", "candidates", "journeys", "reach"),
    "findings",
)
UNSEEN = {
    "journeys",  # made of streets, which rule cases have none of
    "facilities.day_service",  # decides for whole reach groups, which no shipped clause counts
    "facilities.day_service_unread",
    "parameters.search_limit_m",  # a figure in the reason of a walk beyond the search
    "account",  # a rule without one has an account of its own
    "facilities.beyond_units",  # of outlines, which rule cases have none of
    "facilities.near_units",
    "facilities.over_line",
}
UNSWITCHED = {
    # A28: the radius round a community; A17: in use only; rooms without a figure
    "unit_coverage": {
        *(f"{table}.{end}" for table in ("facilities", "units", "areas") for end in "xy"),
        "parameters.reference_radius_m",
    },
    "has_facility": {"facilities.open", "facilities.floor_area_m2"},
}
"""Reads that no rule case shows; ``tests/case/test_bench.py`` changes what stands behind them."""


class Blank(dict):
    """A table that may not be looked at."""

    def __getitem__(self, key):
        raise KeyError(key)

    get = __contains__ = __iter__ = __len__ = items = keys = values = __getitem__

    def __getattr__(self, name):
        raise AttributeError(name)


def narrowed(tables, reads):
    """Return tables with the columns that are read, and nothing in place of the rest."""
    change = {}
    for name in FRAMES:
        frame = getattr(tables, name)
        kept = [c for c in frame.columns if f"{name}.{c}" in reads]
        change[name] = frame[kept]
    for name in WHOLE:
        if name not in reads:
            change[name] = Blank()
    if "account" not in reads:
        change["account"] = None
    change["parameters"] = having(tables.parameters, reads)
    return dataclasses.replace(tables, **change)


def having(parameters, reads):
    """Return the parameters that are read; the others have no value."""
    found = Parameters()
    for field in dataclasses.fields(parameters):
        value = getattr(parameters, field.name)
        if f"parameters.{field.name}" not in reads | CLOSE_CALLS:
            value = math.nan
        object.__setattr__(found, field.name, value)
    return found


CLOSE_CALLS = {"parameters.positional_error_m", "parameters.close_call_share"}
"""What flags of findings are told by; they are the study's and no study changes them midway."""


def alike(one, other):
    """Return whether two judgements say the same."""
    try:
        pd.testing.assert_frame_equal(one.findings, other.findings)
    except AssertionError:
        return False
    return one.result == other.result


def seen_by(rule):
    """Return all that a rule reads, and the account where it stands on it."""
    return reads_of(rule) | ({"account"} if rule.spec.account else set())


@pytest.mark.parametrize("measure", MEASURES)
def test_a_measure_reads_what_is_declared_and_nothing_else(
    rule_cases, rules_in_force, judge_seen, measure
):
    mine = of_rules(rule_cases, rules_in_force, lambda rule: rule.measure == measure)
    assert mine
    for sheet, case in mine[:: 1 + len(mine) // 30]:  # from all over: measures have dozens
        whole = judge_seen(sheet, case)
        bare = judge_seen(sheet, case, lambda rule, t: narrowed(t, seen_by(rule)))
        assert alike(whole, bare), (sheet["standard"], case["name"])


def of_rules(rule_cases, rules_in_force, wanted):
    """Return the cases of rules that are wanted, in order."""
    return [
        (sheet, case)
        for sheet, case in rule_cases
        if wanted(
            rules_in_force(sheet["standard"], case.get("as_of", sheet["as_of"]))[case["clause"]]
        )
    ]


@pytest.mark.parametrize("measure", MEASURES)
def test_everything_declared_is_read(rule_cases, rules_in_force, judge_seen, measure):
    own = set(MEASURES[measure].reads) - UNSEEN - set(OWN_READS) - UNSWITCHED.get(measure, set())
    mine = [
        (sheet, case)
        for sheet, case in rule_cases
        if rules_in_force(sheet["standard"], sheet["as_of"])[case["clause"]].measure == measure
    ]
    idle = own
    for sheet, case in mine:
        whole = judge_seen(sheet, case) if idle else None
        # a case that says the same without all of them needs none of them
        if idle and missed(sheet, case, judge_seen, idle, whole):
            idle = {read for read in idle if not missed(sheet, case, judge_seen, {read}, whole)}
    assert idle == set()


def missed(sheet, case, judge_seen, reads, whole):
    """Return whether a case breaks, or comes out otherwise, without some of what it reads."""

    def without(rule, tables):
        return narrowed(tables, seen_by(rule) - reads)

    try:
        return not alike(whole, judge_seen(sheet, case, without))
    except (KeyError, AttributeError, TypeError, ValueError):
        return True


def test_the_account_is_drawn_up_from_what_is_declared(rule_cases, rules_in_force, judge_seen):
    reads = {*ACCOUNT_READS, *SUBJECT_READS["residential"], "areas.age_class"}
    mine = of_rules(rule_cases, rules_in_force, lambda rule: rule.spec.account)
    assert len(mine) > 30
    for sheet, case in mine[:: 1 + len(mine) // 20]:  # from all over
        rules = rules_in_force(sheet["standard"], case.get("as_of", sheet["as_of"]))
        accounts = []

        def kept(_rule, tables, rules=rules, accounts=accounts):
            for one in (tables, narrowed(tables, reads)):
                accounts.append(account_of(dataclasses.replace(one, account=None), rules))
            return tables

        judge_seen(sheet, case, kept)
        one, other = accounts
        for name in ("frame", "allocation", "places"):
            pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))
