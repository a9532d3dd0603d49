"""Standards as data: a document, its clauses as published, and their dated versions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lifecircle.model.rules.options import Options

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

__all__ = ["ChangedTerm", "Clause", "Reference", "Standard", "Version"]


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a figure stands: document, clause, and what kind of authority it is.

    Parameters
    ----------
    kind
        ``policy`` (the county's own document), ``regulation``, ``standard`` or ``practice``.
    verified
        False for figures from memory or reprints.
    """

    title: str
    clause: str = ""
    href: str = ""
    kind: str = "policy"
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Version:
    """A value from a date on, until the next version; ``repealed`` ends the clause.

    ``deadline`` is the value's own; without one the clause's holds.
    """

    valid_from: dt.date
    value: float | None
    references: tuple[Reference, ...]
    repealed: bool = False
    note: str = ""
    deadline: dt.date | None = None


@dataclass(frozen=True, slots=True)
class ChangedTerm:
    """One term of a clause under a scenario: what the document says, and what was asked instead.

    Parameters
    ----------
    term
        As a scenario file names it, without the clause: ``value``, ``kinds``, ``options.<name>`` …
    before, after
        A value in the clause's unit; of other terms their text, several joined by ``;``; None:
        the term is not there.
    """

    term: str
    before: float | str | None
    after: float | str | None


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of one document, as published; in force it is a ``Rule``.

    Parameters
    ----------
    id
        As in the rule list, e.g. ``CX-03``.
    title
        ``{"zh": …, "en": …}``.
    section, quote
        Where it stands and its exact words; both empty for a reference check of ours.
    category
        SP, PR, AC, CB, AS, ST, FQ, SV or DS.
    force
        The document's own words for its force (确保, 不低于, 约束性 …), never an invented label.
    measure, subject, unit, options
        By ``model.rules.measures`` and ``model.rules.options``.
    where
        Subject filter: field → accepted values (``age_class``, ``setting``, ``unit_type``,
        ``unit_level``, ``unit``: codes).
    kinds
        Facility kinds, or one reach group's name as ``("group:community",)``.
    comparison
        ``>=``, ``>``, ``<=``, ``<``, ``=`` or None: the clause has no number (reported).
    versions
        Oldest first; the value is in ``unit``.
    readings
        Reading id → choice taken by default, e.g. ``{"A5": "pro_rata"}``.
    official
        Basis of the clause's official rate (``areas``, ``units`` …), or None.
    deadline, expires
        The date the document sets; the end of the plan period.
    reference
        参照, or not asked by this document: outside the verdict.
    repeats
        The clause of the same document that states this one's fact in other words; empty: none.
    replaces
        The clauses of the base that this one stands in for, however far down.
    published
        The clause as its document has it, where a scenario changed it: what it asks is not the
        document's own.
    """

    id: str
    title: Mapping[str, str]
    section: str
    quote: str
    category: str
    force: str
    measure: str
    subject: str
    unit: str
    versions: tuple[Version, ...]
    comparison: str | None = None
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()
    options: Options = field(default_factory=Options)
    readings: Mapping[str, str] = field(default_factory=dict)
    official: str | None = None
    deadline: dt.date | None = None
    expires: dt.date | None = None
    reference: bool = False
    repeats: str = ""
    replaces: tuple[str, ...] = ()
    standard: str = ""
    published: Clause | None = None

    def version_on(self, day: dt.date) -> Version | None:
        """Return the version in force on ``day``; None before the first and after repeal."""
        found = [v for v in self.versions if v.valid_from <= day]
        return None if not found or found[-1].repealed else found[-1]

    def deadline_on(self, day: dt.date) -> dt.date | None:
        """Return the deadline of what is in force on ``day``."""
        version = self.version_on(day)
        own = None if version is None else version.deadline
        return self.deadline if own is None else own

    @property
    def varied(self) -> bool:
        """Whether a scenario changed it."""
        return self.published is not None

    @property
    def verified(self) -> bool:
        """Whether every figure's source is verified."""
        return all(r.verified for v in self.versions for r in v.references)


@dataclass(frozen=True, slots=True)
class Standard:
    """One policy document: what it is, when it was compared with its text, and its clauses.

    ``undated``: the document bears no date; ``issued`` is then the day from which its clauses are
    taken to hold. ``overridden``: id of a clause of the base → that clause, and the ids of those
    that stand in for it.
    """

    id: str
    title: Mapping[str, str]
    issuer: str
    number: str
    county: str
    issued: dt.date
    compared_on: dt.date
    clauses: Mapping[str, Clause]
    inherits: str | None = None
    headline: str | None = None
    scenario: str | None = None
    source: str = ""
    undated: bool = False
    overridden: Mapping[str, tuple[Clause, tuple[str, ...]]] = field(default_factory=dict)
