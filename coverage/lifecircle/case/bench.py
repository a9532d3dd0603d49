"""A bench: a case under the rules of one standard, judged as far as it is asked.

``changed`` gives the bench of a changed study or of other rules. It takes from this one whatever
the change cannot have touched, and its results equal judging anew: a finding is taken only where
its rule is the same and so is all that the rule reads (``model.rules.needs``).
"""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING

import pandas as pd

from lifecircle.account.account import alike
from lifecircle.case.again import touched as t
from lifecircle.case.again.made_from import gathered_from, quota_alone
from lifecircle.case.again.redrawn import footing_of, quota_reads, redrawn
from lifecircle.case.tables import gather
from lifecircle.judge.clauses import (
    judge_again,
    judge_rule,
    judging_order,
    prepared_account,
    settled_account,
)
from lifecircle.judge.readings import check_switches, put_in_force
from lifecircle.judge.reference_checks import reference_rules
from lifecircle.model.rules.measures import OWN_READS
from lifecircle.model.rules.needs import reads_of
from lifecircle.model.rules.rule import Rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lifecircle.account.prepared import Prepared
    from lifecircle.case.again.redrawn import Footing, Redrawn
    from lifecircle.case.case import Case, Plots
    from lifecircle.case.tables import Gathered
    from lifecircle.judge.clauses import JudgedClause
    from lifecircle.model.inputs.layers import Layer
    from lifecircle.model.rules.clause import Standard
    from lifecircle.model.rules.options import Options
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Account, Tables

__all__ = ["Bench", "open_bench"]


class Bench:
    """A case under rules.

    Parameters
    ----------
    case
        The study, ready.
    rules
        The standard in force on the study's day, as the study reads it.
    references
        Checks that the standard does not ask for, judged beside it (A36).
    arranging
        Whether its account says what could be arranged.
    """

    def __init__(
        self,
        case: Case,
        rules: Rules,
        references: tuple[Rule[Options], ...] = (),
        earlier: Bench | None = None,
        *,
        arranging: bool = True,
        briefly: bool = False,
    ) -> None:
        self.case = case
        self.rules = rules
        self.references = references
        self._every: dict[str, Rule[Options]] = {rule.id: rule for rule in (*rules, *references)}
        self._earlier = earlier
        self.arranging = arranging
        self._briefly = briefly
        self._gathered: Gathered | None = None
        self._prepared: Prepared | None = None
        self._account: Account | None = None
        self._judged: dict[str, JudgedClause] = {}
        self._differ: t.Differences | None = None
        self._alike: dict[bool, bool] = {}
        self._redrawn: tuple[Redrawn | None] | None = None
        self._footing: Footing | None = None
        self._again: dict[str, pd.Index] = {}

    @property
    def bare(self) -> Tables:
        """The tables without account and findings."""
        return self.gathered.tables

    @property
    def gathered(self) -> Gathered:
        """The same, and what they were made from."""
        if self._gathered is None:
            old = self._earlier
            mine = gathered_from(self.case, self.rules)
            if old is not None and mine == gathered_from(old.case, old.rules):
                self._gathered = old.gathered
            else:
                earlier = None if old is None else old.gathered
                self._gathered = gather(self.case, self.rules, earlier)
        return self._gathered

    @property
    def account(self) -> Account:
        """The m² account of the standard's quotas."""
        if self._account is None:  # made once of what is prepared, whichever bench asks
            self._account = settled_account(self.prepared, self.rules, arranging=self.arranging)
        return self._account

    @property
    def prepared(self) -> Prepared:
        """The m² account up to what is shared."""
        if self._prepared is None:
            old = self._earlier
            if old is not None and self._same_quotas(old):
                self._prepared = old.prepared
            else:
                known = old is not None and not set(OWN_READS) & self._changes(old)
                claimed = old.prepared.claimed if known and old is not None else None
                self._prepared = prepared_account(self.bare, self.rules, claimed)
        return self._prepared

    @property
    def redrawn(self) -> Redrawn | None:
        """The account of the part that differs from the earlier bench; None: it may be any."""
        if self._redrawn is None:
            old, found = self._earlier, None
            if old is not None and not self.arranging and self._asks_the_same(old):
                changes = quota_reads(self.rules) & self._changes(old)
                found = redrawn(self.bare, self.rules, changes, old.footing)
            self._redrawn = (found,)
        return self._redrawn[0]

    @property
    def footing(self) -> Footing:
        """What the account stands on, for the benches that are made from this one."""
        if self._footing is None:
            part = self.redrawn
            self._footing = footing_of(self.bare, self.account) if part is None else part.footing
        return self._footing

    @property
    def tables(self) -> Tables:
        """The tables with the account and the findings of all rules."""
        found = {name: one.findings for name, one in self.judged.items()}
        return dataclasses.replace(self.bare, account=self.account, findings=found)

    @property
    def judged(self) -> dict[str, JudgedClause]:
        """Clause id → judged clause: the standard's in its order, then the references."""
        for rule in judging_order(self._every.values()):
            self.one(rule.id)
        return {name: self._judged[name] for name in self._every}

    def one(self, name: str) -> JudgedClause:
        """Return one clause judged, and what it speaks of judged before it.

        Raises
        ------
        KeyError
            Neither the standard nor the references have such a clause.
        """
        if name not in self._judged:
            rule, old = self.rule(name), self._earlier
            if old is not None and self._same(rule, old):
                self._judged[name], self._again[name] = old.one(name), self.bare.areas.index[:0]
            else:
                self._judged[name] = self._new(rule)
        return self._judged[name]

    def changed(
        self,
        *,
        facilities: Layer | None = None,
        areas: Layer | None = None,
        sharing: pd.DataFrame | None = None,
        plots: Plots | None = None,
        readings: Mapping[str, str] | None = None,
        rules: Standard | Rules | None = None,
        arranging: bool = True,
        briefly: bool = False,
    ) -> Bench:
        """Return the bench of the study with other layers, readings or rules.

        Parameters
        ----------
        sharing
            Recorded service relations, as ``Study.sharing`` has them.
        plots
            Of a proposal that joins the study.
        readings
            Reading id → choice, on top of the study's.
        rules
            Another standard, or the same under a scenario; or the rules in force already, as the
            readings take them.
        arranging
            False leaves out what could be arranged where the account is drawn up anew: it is a
            suggestion, and costs most.
        briefly
            Only what is judged anew comes to: verdicts and figures, without flags and the rates of
            towns. No other bench is made from such a one.

        Raises
        ------
        UnknownNameError
            A reading, or a choice, that no measure acts on.
        """
        self.settle()
        case = self.case.changed(
            facilities=facilities, areas=areas, sharing=sharing, plots=plots, readings=readings
        )
        return open_bench(
            case,
            rules or self.rules.standard,
            references=bool(self.references),
            earlier=self,
            arranging=arranging,
            briefly=briefly,
        )

    def settle(self) -> None:
        """Judge all, and let go of the bench that this one was made from."""
        if self._earlier is not None:
            _ = self.judged
            if self.redrawn is None:
                _ = self.account, self.prepared
            elif self.rules.of("provision"):
                _ = self.footing
            self._earlier = self._differ = None

    def arranged(self) -> Bench:
        """Return the bench with what could be arranged: itself, where it has it already."""
        if self.arranging:
            return self
        self.settle()
        references = bool(self.references)
        return open_bench(self.case, self.rules.standard, references=references, earlier=self)

    def untouched(self, name: str) -> bool:
        """Return whether a clause finds what it found on the bench that this one was made from.

        Asked before judging, where a reading of the tables is another: a measure that names the
        facilities it looks at takes it from the tables alone, so that the same rows say the same.
        """
        rule, old = self.rule(name), self._earlier
        if old is None or not rule.spec.only_kinds or not old.has(name):
            return False
        return self._same(dataclasses.replace(rule, readings=old.rule(name).readings), old)

    def rule(self, name: str) -> Rule[Options]:
        """Return a rule of the standard or a reference check.

        Raises
        ------
        KeyError
            There is none of that name.
        """
        return self._every[name]

    def has(self, name: str) -> bool:
        """Return whether the standard or the references have such a clause."""
        return name in self._every

    def _new(self, rule: Rule[Options]) -> JudgedClause:
        old, exempt = self._earlier, self.case.exemptions(self.rules)
        told = {"exemptions": exempt, "briefly": self._briefly, "weighing": self.gathered.weighing}
        if old is not None and rule.version is not None and self._comparable(rule, old):
            whole = "account" not in (known := self._known(rule))
            tables, before = (one.tables_of(rule, whole=whole) for one in (self, old))
            changes, differ = reads_of(rule) & self._changes(old), self._differences(old)
            touched = t.touched_areas(rule, changes, differ, (tables, before), known)
            if touched is not None:
                self._again[rule.id] = areas = touched[0]
                part = t.restricted(tables, areas)
                if not whole and self.redrawn is not None:  # of those areas already
                    part = dataclasses.replace(part, account=self.redrawn.account)
                told |= {"weighed": touched[1], "moved": t.moved(changes)}
                return judge_again(tables, part, old.one(rule.id), **told)
        return judge_rule(self.tables_of(rule), rule, **told)

    def _known(self, rule: Rule[Options]) -> dict[str, pd.Index]:
        """Return the areas of which alone what a rule reads can differ, as far as it is known."""
        found: dict[str, pd.Index] = {}
        if rule.spec.account and self.redrawn is not None:
            found["account"] = self.redrawn.areas_of(rule)
        if rule.measure in {"radius", "walk"}:
            _ = self.bare.reach[rule.reach_key]  # made only when it is asked for
            rows = self.gathered.rows.get(rule.reach_key)
            found = {} if rows is None else {"reach": rows}
        spoken = _spoken_of(self, rule)
        parts = [self._again[name] for name in spoken if self.one(name) and name in self._again]
        if len(parts) == len(spoken):
            none = self.bare.areas.index[:0]
            found["findings"] = functools.reduce(pd.Index.union, parts, none)
        return found

    def tables_of(self, rule: Rule[Options], *, whole: bool = True) -> Tables:
        """Return the tables that a rule reads, with what it speaks of judged.

        ``whole``: with the account, if the rule is read from it.
        """
        found = {other: self.one(other).findings for other in _spoken_of(self, rule)}
        account = self.account if whole and rule.spec.account else None
        return dataclasses.replace(self.bare, account=account, findings=found)

    def _comparable(self, rule: Rule[Options], old: Bench) -> bool:
        """Return whether a rule is the same on both benches, and exempts the same subjects."""
        mine, theirs = (bench.case.exemptions(bench.rules) for bench in (self, old))
        return old._every.get(rule.id) == rule and t.same_exemptions(mine, theirs, rule.id)

    def _same(self, rule: Rule[Options], old: Bench) -> bool:
        """Return whether a rule finds what it found before: all that it reads is the same."""
        if not self._comparable(rule, old):
            return False
        touched = reads_of(rule) & self._changes(old)
        if touched and not self._differences(old).looked_past(rule, touched):
            return False
        if rule.measure in {"radius", "walk"} and (
            self.bare.reach[rule.reach_key] is not old.bare.reach[rule.reach_key]
        ):
            return False
        if rule.spec.account and not self._same_account(rule, old):
            return False
        spoken = _spoken_of(self, rule)
        return spoken == _spoken_of(old, rule) and all(
            self.one(name).findings is old.one(name).findings for name in spoken
        )

    def _same_account(self, rule: Rule[Options], old: Bench) -> bool:
        """Return whether a rule reads the same in both accounts.

        Without arranging nothing is told of what could be arranged: it is not compared.
        """
        if self.redrawn is not None:
            return len(self.redrawn.areas_of(rule)) == 0
        if self.account is old.account:
            return True
        arranged = self.arranging or rule.readings.get("A3") == "allocated"
        if arranged not in self._alike:
            self._alike[arranged] = alike(self.account, old.account, arranged=arranged)
        return self._alike[arranged]

    def _same_quotas(self, old: Bench) -> bool:
        return self._asks_the_same(old) and not quota_reads(self.rules) & self._changes(old)

    def _asks_the_same(self, old: Bench) -> bool:
        """Return whether the quotas of two benches are the same."""
        mine, theirs = ([quota_alone(r) for r in one.rules.of("provision")] for one in (self, old))
        return mine == theirs

    def _changes(self, old: Bench) -> frozenset[str]:
        """Return ``table.column``, and tables by name, in which two benches differ."""
        return self._differences(old).names

    def _differences(self, old: Bench) -> t.Differences:
        if self._differ is None:
            self._differ = t.Differences(self.bare, old.bare)
        return self._differ


def open_bench(
    case: Case,
    standard: Standard | Rules,
    *,
    references: bool = False,
    earlier: Bench | None = None,
    arranging: bool = True,
    briefly: bool = False,
) -> Bench:
    """Return the bench of a case under a standard, read as the study reads it.

    ``arranging = False`` leaves out what could be arranged, unless a quota counts it (A3).
    ``standard``: or its rules in force already, as the study reads them.

    Raises
    ------
    UnknownNameError
        The study sets a reading, or a choice, that no measure acts on.
    """
    check_switches(case.given.readings)
    if isinstance(standard, Rules):
        rules = standard
    else:
        rules = put_in_force(standard, case.day, case.given.readings)
    more = reference_rules(rules, case.given.parameters) if references else ()
    counted = any(rule.readings.get("A3") == "allocated" for rule in rules)
    return Bench(case, rules, more, earlier, arranging=arranging or counted, briefly=briefly)


def _spoken_of(bench: Bench, rule: Rule[Options]) -> list[str]:
    """Return the clauses of a bench that a rule speaks of."""
    return [name for name in rule.options.about if name in bench.rules]
