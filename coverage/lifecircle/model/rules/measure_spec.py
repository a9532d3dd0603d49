"""How a measure is declared."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from lifecircle.model.rules import options as o

__all__ = ["MeasureSpec", "Subject"]

Subject = Literal["residential", "units", "facilities", "county"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureSpec:
    """One measure.

    Parameters
    ----------
    subject
        Whom it judges.
    units
        Units its clauses may have.
    answers
        ``yes_no``: a subject is met (1) or not (0), and the clause speaks of their rate; else a
        ``figure`` in the clause's unit.
    options
        What a clause may and must give it.
    numbered
        The comparisons that make sense where a clause without a number would mean nothing; empty:
        the number may be missing.
    of_kinds
        The clause must name kinds of facilities.
    own_subjects
        It finds its subjects itself: one without a row is no subject.
    only_kinds
        Of the facilities it looks at those alone that are, or may be, of the rule's kinds, and of
        ``also_kinds``.
    per_project
        Phases of one project are one subject; reach and dates are each phase's own.
    account
        It is read from the m² account.
    row_by_row
        What it finds of an area hangs on that area's rows alone (and those of its leading phase):
        of the areas, of reach, of the account, of the findings it speaks of.
    figures
        Whether a subject's number tells more than yes or no (a count of papers does not).
    ranked
        Its subjects are listed, the largest figure first: no number is asked of any.
    reads
        ``table.column`` of the tables it reads, and whole tables by name; a test holds it to what
        the function touches. ``parameters.*`` are the study's parameters.
    fields
        ``layer.column`` of a county's files it cannot do without, whatever the clause.
    function
        Name of its function where it is not the measure's.
    """

    name: str
    subject: Subject
    units: tuple[str, ...]
    answers: Literal["yes_no", "figure"]
    reads: tuple[str, ...]
    fields: tuple[str, ...] = ()
    options: type[o.Options] = o.Options
    numbered: tuple[str, ...] = ()
    of_kinds: bool = False
    own_subjects: bool = False
    only_kinds: bool = False
    also_kinds: tuple[str, ...] = ()
    per_project: bool = False
    account: bool = False
    row_by_row: bool = False
    figures: bool = field(default=True)
    ranked: bool = False
    function: str = ""

    @property
    def yes_no(self) -> bool:
        """Whether its subjects are met or not, and its clause speaks of their rate."""
        return self.answers == "yes_no"
