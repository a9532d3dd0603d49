"""The self-assessment form as data: a county document's items and the parts their points have."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from lifecircle.model.rules.clause import Clause

__all__ = [
    "FULL_POINTS",
    "Form",
    "FormColumn",
    "FormGroup",
    "FormItem",
    "FormOption",
    "FormPart",
    "PartKind",
]

FULL_POINTS = 100.0
"""What every version of the form adds up to."""


class PartKind(StrEnum):
    """How a part of an item earns its points."""

    BOOL = "bool"
    """All or nothing, by an answer: yes or no; a clause that is missed refuses it."""
    BOOL_AND = "bool_and"
    """All or nothing: an answer and a clause of the assessment."""
    CHOICE = "choice"
    """One of several options that exclude each other, each with its points."""
    RATE = "rate"
    """All or nothing, by a clause on a rate."""
    COUNT = "count"
    """All or nothing, by a clause on a number."""
    PER_ITEM = "per_item"
    """Points for each piece of work, the same work once, up to a cap."""
    TIERS = "tiers"
    """One of several bands that the document does not delimit: a person chooses."""
    GRADED = "graded"
    """Graded by figures, but the document gives no formula: a person grades."""
    JUDGED = "judged"
    """Judged by a person."""
    VETO = "veto"
    """Worth nothing itself: a yes takes the points of other parts."""


@dataclass(frozen=True, slots=True)
class FormOption:
    """One answer of a choice, or one level of work that is counted, and its points.

    ``also``: other words for it, those of the item itself.
    """

    key: str
    points: float
    words: Mapping[str, str]
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FormPart:
    """One part of an item's points.

    Parameters
    ----------
    id
        Item and letter: ``1.1a``.
    points
        What it is worth in full; the cap of work that is counted.
    quote
        Its words in the item's scoring rule, exactly; ``words`` are a short name for it.
    clauses
        Ids of the clauses that decide it (``rate``, ``count``, ``bool_and``), can only refuse it
        (``bool``) or only show figures (``graded``): of the form's standard, or of the form itself.
    county_own
        The clause asked about is the county's own of the same topic, if it has another document.
    document
        The paper of the study's evidence (``layout_plan``) that is the same as this answer.
    options, bands, vetoes
        Of a choice or of work; the points a person may choose from; the parts a yes takes away.
    depends
        The part before it that its words presuppose (其中, 其余, 剩余, 拓展), or empty.
    step
        The smallest step of points a person may give: that of the document's own figures.
    """

    id: str
    kind: PartKind
    points: float
    quote: str
    words: Mapping[str, str]
    clauses: tuple[str, ...] = ()
    county_own: bool = False
    document: str = ""
    options: tuple[FormOption, ...] = ()
    bands: tuple[float, ...] = ()
    vetoes: tuple[str, ...] = ()
    depends: str = ""
    step: float = 0.5

    @property
    def claimable(self) -> tuple[float, ...]:
        """Return the points a person may claim: the bands, else every step up to the full."""
        if self.bands:
            return self.bands
        count = round(self.points / self.step)
        return tuple(number * self.step for number in range(count + 1))


@dataclass(frozen=True, slots=True)
class FormItem:
    """One line of the form, in the document's words; ``lead`` and ``units`` are responsible."""

    id: str
    group: str
    words: str
    points: float
    rule: str
    parts: tuple[FormPart, ...]
    check: tuple[str, ...] = ()
    lead: str = ""
    units: str = ""


@dataclass(frozen=True, slots=True)
class FormGroup:
    """One first-level indicator and the points of its items together."""

    id: str
    words: str
    points: float


@dataclass(frozen=True, slots=True)
class FormColumn:
    """One column of the document's table; ``added``: the document has none, self-assessment does.

    ``key``: number, group, item, points, rule, check, responsible, material or score; ``width``
    in characters; ``above`` a header over several columns.
    """

    key: str
    words: str
    width: float
    above: str = ""
    added: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """One version of the form: who issued it, how its table looks, its items, its own clauses."""

    id: str
    title: Mapping[str, str]
    heading: str
    number: str
    county: str
    standard: str
    issued: dt.date
    compared_on: dt.date
    source: str
    columns: tuple[FormColumn, ...]
    groups: tuple[FormGroup, ...]
    items: tuple[FormItem, ...]
    clauses: Mapping[str, Clause] = field(default_factory=dict)

    @property
    def parts(self) -> dict[str, FormPart]:
        """Return all parts by id, in the form's order."""
        return {part.id: part for item in self.items for part in item.parts}
