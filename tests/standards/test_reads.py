"""What a measure is declared to read is what it touches: no less, and no more.

Rule cases are judged once more on tables that hold nothing but what their rule is declared to read
(``conftest.RuleCase``). The answer must be the same; and without any one of the declared columns
some case must break or come out otherwise. Re-use of findings (``case.bench``) stands on it.
"""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from lifecircle.judge.clauses import account_of
from lifecircle.model.rules.measures import ACCOUNT_READS, MEASURES, OWN_READS
from lifecircle.model.rules.needs import SUBJECT_READS

from .declared import alike, narrowed, seen_by

UNSEEN = {
    "journeys",  # made of streets, which rule cases have none of
    "facilities.day_service",  # decides for whole reach groups, which no shipped clause counts
    "facilities.day_service_unread",
    "parameters.search_limit_m",  # a figure in the reason of a walk beyond the search
    "account",  # a rule without one has an account of its own
    "facilities.beyond_units",  # of outlines, which rule cases have none of
    "facilities.near_units",
    "facilities.rounded_m",
    "facilities.rounded_units",  # of few decimals, and outlines
    "areas.stands_in",
    "units.name",  # no rule case has a town that is called as an estate is without 小区
    "facilities.over_line",
    "facilities.site_part",  # of sites beyond a yard, which rule cases have none of
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


def test_of_every_measure_some_cases_are_judged_on_what_is_declared_alone(
    rule_cases, rules_in_force, on_declared
):
    """What they come to there is held to what they come to: see ``conftest.RuleCase``."""
    found = dict.fromkeys(MEASURES, 0)
    of_each = dict.fromkeys(MEASURES, 0)
    for sheet, case in rule_cases:
        rule = rules_in_force(sheet["standard"], sheet["as_of"])[case["clause"]]
        of_each[rule.measure] += 1
        found[rule.measure] += on_declared(rule, case)
    assert {m: n for m, n in found.items() if n < min(of_each[m], 30) or not n} == {}


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
    for sheet, case in telling_first(mine, own):
        whole = judge_seen(sheet, case) if idle else None
        # a case that says the same without all of them needs none of them
        if idle and missed(sheet, case, judge_seen, idle, whole):
            idle = {read for read in idle if not missed(sheet, case, judge_seen, {read}, whole)}
    assert idle == set()


def telling_first(cases, reads):
    """Return all cases, those that name what is read, and what few others name, before the rest."""
    words = sorted({word for read in reads for word in read.split(".")})
    texts = [str(case) for _, case in cases]
    rare = {word: 1 / (1 + sum(word in text for text in texts)) for word in words}
    told = [sum(rare[word] for word in words if word in text) for text in texts]
    return [cases[at] for at in sorted(range(len(cases)), key=lambda at: -told[at])]


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
