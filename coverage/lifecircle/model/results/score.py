"""The Score: the self-assessment form filled in, and where each of its points comes from."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from lifecircle.model.allowed import Count, Params, Points
from lifecircle.model.dictionary import fold, match_word

if TYPE_CHECKING:
    import datetime as dt

    from lifecircle.model.inputs.exemption import Exemption
    from lifecircle.model.problem import Problem
    from lifecircle.model.results.assessment import ClauseResult
    from lifecircle.model.rules.form import Form, FormItem, FormPart

__all__ = [
    "SCORE_SCHEMA",
    "ItemScore",
    "Material",
    "Origin",
    "OriginSum",
    "PartScore",
    "Score",
    "Why",
    "WhyCode",
]

SCORE_SCHEMA = 1
"""Number of the ``score.json`` format; a change is a CHANGELOG entry."""
_MADE = (
    "(起草|草拟|拟定|拟|制定|制订|编制|修订|完善|印发|下发|出台|发布|报批|审核|审批|办理"
    "|收集|整理|准备|提供|上传)"
)
_NOT_MADE = re.compile(
    rf"\W*|((正式)?文件|材料)?((目前|现|仍|还|尚|均)*(正在|在|拟|待|未|没有?|即将|计划|准备){_MADE}+中?"
    rf"|{_MADE}+中)|(正在|还在)?走(审批)?(流程|程序)中?|(口头|电话)(传达|通知|安排|部署|同意)"
)
"""What stands where a paper's title would: signs (/), 正在起草, 尚未印发, 口头通知."""


class Origin(StrEnum):
    """Where the points of a part come from."""

    COMPUTED = "computed"
    """From a clause of the assessment, decided whatever the unknowns turn out to be."""
    TYPED = "typed"
    """From an answer or a claim, with the paper that shows it."""
    SUGGESTED = "suggested"
    """The figures are known, the document has no formula: a person is to grade. No points yet."""
    OPEN = "open"
    """Not known yet; the reason says what is missing."""


class WhyCode(StrEnum):
    """Closed list of why a part has its points; texts: domain ``score``, id ``why.<code>``."""

    CLAUSE_MET = "clause_met"
    CLAUSE_MISSED = "clause_missed"
    CLAUSE_OPEN = "clause_open"
    CLAUSE_NONE = "clause_none"  # nothing there that the clause is about
    CLAUSE_DATED = "clause_dated"  # not in force on the day
    CLAUSE_MISSING = "clause_missing"  # the county's document has no such clause
    LEDGER_EMPTY = "ledger_empty"  # no facility at all is known
    YES = "yes"
    NO = "no"
    OPTION = "option"  # option
    CLAIMED = "claimed"
    COUNTED = "counted"  # count, repeated, uncapped
    FIGURES = "figures"
    FIGURES_NONE = "figures_none"  # points are claimed, and the figures are 0
    UNANSWERED = "unanswered"
    NOT_CLAIMED = "not_claimed"
    NO_ANSWER = "no_answer"  # a paper is named, but nothing said about it
    NO_MATERIAL = "no_material"
    UNNAMED_WORK = "unnamed_work"  # nameless, unread (level), unshown: how many works each
    CONFLICT = "conflict"
    REFUSED = "refused"  # the answer or the claim cannot be used
    VETOED = "vetoed"  # veto
    VETO_OPEN = "veto_open"  # veto
    DEPENDS_OPEN = "depends_open"  # other: the part that this one presupposes, open yet
    DEPENDS = "depends"  # other: the part that this one presupposes, which earns nothing


@dataclass(frozen=True, slots=True)
class Why:
    """One reason: ``code`` and what it speaks of."""

    code: WhyCode
    params: Params = field(default_factory=lambda: MappingProxyType({}))


def _names_paper(text: str) -> bool:
    """Return whether a cell names a paper, and does not say that there is none (yet)."""
    return match_word("untold", text) is None and _NOT_MADE.fullmatch(fold(text)) is None


@dataclass(frozen=True, slots=True)
class Material:
    """One paper, as the study names it; texts are empty where nothing is said.

    Parameters
    ----------
    work
        The piece of work it shows, where work is counted.
    file
        Where it is kept.
    value
        The answer its row gives to the part.
    claimed
        The points its row claims for the part; None: no claim.
    """

    work: str = ""
    title: str = ""
    number: str = ""
    file: str = ""
    note: str = ""
    value: str = ""
    claimed: float | None = None

    @property
    def named(self) -> bool:
        """Whether somebody could find the paper: it has a title, a number or a place.

        无, 待补充 and 正在起草 in their stead name none.
        """
        return any(_names_paper(text) for text in (self.title, self.number, self.file))


@dataclass(frozen=True, slots=True)
class PartScore:
    """One part: its points if settled, and what they can be at least and at most.

    ``score`` is None unless ``low == high`` is known for certain; ``clauses`` are those that
    decided it or that show figures.
    """

    part: FormPart
    origin: Origin
    score: float | None
    low: float
    high: float
    why: Why
    clauses: tuple[ClauseResult, ...] = ()
    materials: tuple[Material, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemScore:
    """One line of the form.

    ``score`` is None while a part is open; ``settled`` adds up the parts that are not, and
    ``assessed_points`` what those are worth in full.
    """

    item: FormItem
    parts: tuple[PartScore, ...]
    score: float | None
    settled: float
    assessed_points: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class OriginSum:
    """The parts whose points come from one origin.

    Parameters
    ----------
    parts
        How many they are.
    points, settled
        What they are worth in full, and the points they have.
    """

    origin: Origin
    parts: Count
    points: Points
    settled: Points


@dataclass(frozen=True, slots=True)
class Score:
    """The form filled in.

    Parameters
    ----------
    borrowed
        The form is another county's document.
    settled, assessed_points, points
        Points of the parts that are settled, what these are worth in full, and the whole form
        (100). A form of which nothing is known has 0 of 0.
    low, high
        What the whole form can come to.
    to_confirm
        Full points of the parts whose figures are known and that a person is to grade.
    origins
        The parts by where their points come from, one sum for each origin.
    exemptions
        Those of the assessment: what they cover is in no rate of the form.
    """

    study: str
    county: str
    as_of: dt.date
    stage: str
    language: str
    standards: tuple[str, ...]
    scenario: str | None
    form: Form
    borrowed: bool
    items: tuple[ItemScore, ...]
    settled: float
    assessed_points: float
    points: float
    low: float
    high: float
    to_confirm: float
    origins: tuple[OriginSum, ...] = ()
    problems: tuple[Problem, ...] = ()
    banners: tuple[str, ...] = ()
    attribution: tuple[str, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
