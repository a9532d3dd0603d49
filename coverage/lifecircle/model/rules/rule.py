"""Rules: clauses in force on a day, as their readings take them, everything resolved once."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from lifecircle.model.dictionary import group_of
from lifecircle.model.finding import holds_on
from lifecircle.model.rules.measures import MEASURES
from lifecircle.model.rules.options import Options
from lifecircle.model.status import Flag

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

    from lifecircle.model.rules.clause import Clause, Standard, Version
    from lifecircle.model.rules.measures import MeasureSpec

__all__ = ["COUNTED", "Rule", "Rules", "published"]

O_co = TypeVar("O_co", bound=Options, covariant=True)


_TYPES = {
    "streets": frozenset({"street"}),
    "towns": frozenset({"town", "township"}),
    "townships": frozenset({"street", "town", "township"}),
    "communities": frozenset({"community"}),
    "villages": frozenset({"village"}),
    "committees": frozenset({"community", "village"}),
}
_LEVELS: dict[tuple[str, ...], str] = {("township",): "townships", ("community",): "committees"}
_CODES: dict[frozenset[int], tuple[str, ...]] = {
    frozenset({9}): ("township",),
    frozenset({12}): ("community",),
}
"""Digits of the units that a rule names → their level."""
COUNTED = ("districts", *_TYPES)
"""What a rule may count besides the rows of its subject."""


@dataclass(frozen=True, slots=True)
class Rule(Generic[O_co]):
    """One clause on one day, as read.

    Parameters
    ----------
    clause
        As published.
    day
        The day on which it is read.
    version
        What is in force on the day: its value, references and deadline; None before the first
        version and after repeal.
    measure, subject, unit, comparison, where, kinds, options, official, reference
        The clause's own, but for what its readings change.
    readings
        Reading id → choice taken.
    deadline
        Of the version in force, else the clause's.
    expired
        The document's plan period ended before the day.
    steps
        Every dated value of the clause that is not repealed, oldest first.
    marks
        Unverified, expired or varied by a scenario: itself, or a clause that it rests on.
    """

    clause: Clause
    day: dt.date
    version: Version | None
    measure: str
    subject: str
    unit: str
    comparison: str | None
    where: Mapping[str, tuple[str, ...]]
    kinds: tuple[str, ...]
    options: O_co
    readings: Mapping[str, str]
    official: str | None
    reference: bool
    deadline: dt.date | None
    expired: bool
    steps: tuple[Version, ...]
    marks: frozenset[Flag] = frozenset()

    @property
    def id(self) -> str:
        """The clause's id."""
        return self.clause.id

    @property
    def value(self) -> float | None:
        """The number in force, in ``unit``; None where there is none."""
        return None if self.version is None else self.version.value

    @property
    def spec(self) -> MeasureSpec:
        """The declaration of its measure."""
        return MEASURES[self.measure]

    @property
    def reach_key(self) -> str:
        """The name under which its reach table stands: its group's, or its own id."""
        group = group_of(self.kinds)
        return self.clause.id if group is None else group

    @property
    def counted(self) -> str:
        """What one of its subjects is: one of ``COUNTED``, else its ``subject``.

        Units are those that it speaks of: streets and towns, communities, villages. Service
        districts whose beds are weighed are no units, though each stands with one.
        """
        if getattr(self.options, "demand", None) and getattr(self.options, "districts", ()):
            return "districts"
        if self.subject != "units":
            return self.subject
        types = frozenset(self.where.get("unit_type", ()))
        if types:
            return next((name for name, own in _TYPES.items() if types <= own), "units")
        named = {len(code) for code in self.where.get("unit", ())}
        level = self.where.get("unit_level", ()) or _CODES.get(frozenset(named), ())
        return _LEVELS.get(level, "units")

    @property
    def subject_comparison(self) -> str | None:
        """How one subject is compared: a rate's own sign is for the rate, a subject is met (>=)."""
        return ">=" if self.comparison is not None and self.spec.yes_no else self.comparison


def published(clause: Clause, day: dt.date) -> Rule[Options]:
    """Return a clause on ``day`` as it stands, without what readings and neighbours change."""
    return Rule(
        clause=clause,
        day=day,
        version=clause.version_on(day),
        measure=clause.measure,
        subject=clause.subject,
        unit=clause.unit,
        comparison=clause.comparison,
        where=clause.where,
        kinds=clause.kinds,
        options=clause.options,
        readings=clause.readings,
        official=clause.official,
        reference=clause.reference,
        deadline=clause.deadline_on(day),
        expired=not holds_on(clause.expires, day),
        steps=tuple(version for version in clause.versions if not version.repealed),
        marks=_marks(clause, day),
    )


def _marks(clause: Clause, day: dt.date) -> frozenset[Flag]:
    marks = {
        Flag.UNVERIFIED: not clause.verified,
        Flag.EXPIRED: not holds_on(clause.expires, day),
        Flag.SCENARIO: clause.varied,
    }
    return frozenset(flag for flag, on in marks.items() if on)


@dataclass(frozen=True, slots=True)
class Rules:
    """A standard in force on a day: clause id → rule, in the document's order.

    ``choices``: the readings a study set; ``standard``: the document, under its scenario if any.
    """

    standard: Standard
    day: dt.date
    choices: Mapping[str, str]
    by_id: Mapping[str, Rule[Options]]

    def __iter__(self) -> Iterator[Rule[Options]]:
        return iter(self.by_id.values())

    def __len__(self) -> int:
        return len(self.by_id)

    def __contains__(self, name: object) -> bool:
        return name in self.by_id

    def __getitem__(self, name: str) -> Rule[Options]:
        return self.by_id[name]

    def of(self, *measures: str) -> tuple[Rule[Options], ...]:
        """Return the rules of some measures."""
        return tuple(rule for rule in self if rule.measure in measures)

    def only(self, *names: str) -> Rules:
        """Return the same with only the rules named, in the document's order."""
        kept = {name: rule for name, rule in self.by_id.items() if name in names}
        return dataclasses.replace(self, by_id=kept)
