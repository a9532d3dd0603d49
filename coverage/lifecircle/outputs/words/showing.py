"""What of a result is shown to people: the headline, banners, figures that tell, facts once."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, Literal
from weakref import WeakKeyDictionary

import pandas as pd

from lifecircle.model.cell import number_or_none
from lifecircle.model.reason import SHORT_AT_LEAST, Reason, ReasonCode
from lifecircle.model.results.counted.references import asked_of_nobody
from lifecircle.model.results.counted.references import of_reference as found_of_reference
from lifecircle.model.status import Flag, Status
from lifecircle.outputs.words.banners import banner_lines, unwalked
from lifecircle.outputs.words.quantities import figure_beside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lifecircle.model.results.assessment import Assessment, ClauseResult
    from lifecircle.outputs.words.wording import Wording

__all__ = [
    "NO_GAP",
    "ROUND",
    "asked_figure",
    "basis_word",
    "cited",
    "covered_by",
    "document_of",
    "documents_of",
    "doubts_of",
    "gaps_in_words",
    "has_figures",
    "headline",
    "is_least",
    "known_gaps",
    "lacking_figure",
    "map_banners",
    "marked",
    "marks_of",
    "of_reference",
    "reference_mark",
    "relayed",
    "same_fact",
    "sums_of_reference",
    "supplier",
    "tally_line",
    "titled",
    "units_with_gaps",
    "unquoted",
    "with_doubts",
]

NO_GAP = frozenset({str(Status.NOT_ASSESSED), str(Status.EXEMPT)})
"""Verdicts of which m² are no gap."""

_NOT_JUDGED = frozenset({Status.NOT_APPLICABLE, Status.NOT_IN_FORCE})
_PLACE = re.compile(r"[^（）]{2,6}[省市县区](（[^（）]*）)?")
_LASTING = (Flag.UNVERIFIED, Flag.EXPIRED, Flag.SCENARIO)
"""Marks of a clause that every finding of it rests on."""
_MARKS = (
    Flag.UNVERIFIED,
    Flag.DATUM_DOUBTED,
    Flag.OVERDUE,
    Flag.NOT_DUE,
    Flag.EXPIRED,
    Flag.SCENARIO,
    Flag.APPROXIMATE,
    Flag.APPROXIMATE_PARTS,
)
"""Without which a result is read for more than it is: on whose figures it rests, and its day."""

ROUND = frozenset({Flag.APPROXIMATE, Flag.APPROXIMATE_PARTS})
"""Marks of figures that were typed as round ones."""

_SHORT_OF_RANGES = (ReasonCode.QUOTA_SHORT_BETWEEN, ReasonCode.QUOTA_SHORT_SMALL_BETWEEN)
_RANGES = (
    *_SHORT_OF_RANGES,
    ReasonCode.QUOTA_BETWEEN,
    ReasonCode.QUOTA_BETWEEN_SMALL,
    ReasonCode.QUOTA_UNDECIDED,
)
"""Reasons that tell a quota from ``required_low_m2`` to ``required_m2``."""

_YES_OR_NO = frozenset(
    {"compliance_rate", "unit_coverage", "has_facility", "stages", "facility_share"}
    | {"co_location", "assignment", "document", "one_operator", "renovated"}
)
"""Measures whose subject has the thing or has it not: 1 and 0 are no figures."""
_OF_REFERENCE: WeakKeyDictionary[Assessment, frozenset[str]] = WeakKeyDictionary()
"""What map, workbook and lists ask of the same tens of thousands of findings."""


def has_figures(clause: ClauseResult) -> bool:
    """Return whether a clause's findings measure something, rather than answer yes or no."""
    return clause.measure not in _YES_OR_NO


def marked(
    told: str,
    clause: ClauseResult,
    words: Wording,
    *,
    code: str = "marked",
    of: Literal["demand", "result"] | None = None,
) -> str:
    """Return what is told of a clause, and behind it what its result rests on and its day.

    For papers without room for marks of their own: a page that is signed says 未到期限 and
    数据来源未核实 as the report does. Told in two cells, the round figures stand by the ``result``
    and the rest by the ``demand``: no document asks for 约200.
    """
    here = [f for f in _MARKS if of is None or (of == "result") == (f in ROUND)]
    marks = words.list(words.word("flag", flag) for flag in here if flag in clause.flags)
    return words.say(code, told=told, marks=marks) if marks else told


def marks_of(status: object, flags: Iterable[str], clause: ClauseResult) -> tuple[str, ...]:
    """Return the marks of a finding: its own, and what its clause rests on where it is about it."""
    lasting = () if status in _NOT_JUDGED else (f for f in _LASTING if f in clause.flags)
    return tuple(dict.fromkeys((*flags, *lasting)))


def doubts_of(clauses: Iterable[ClauseResult], words: Wording) -> str:
    """Return on whose figures the results of clauses rest, each mark once; empty: none has any.

    Without their day: for papers that are of a day themselves.
    """
    flags = {flag for clause in clauses for flag in clause.flags} - {Flag.OVERDUE, Flag.NOT_DUE}
    return words.list(words.word("flag", flag) for flag in _MARKS if flag in flags)


def with_doubts(told: str, clause: ClauseResult, words: Wording) -> str:
    """Return what is told of a clause, and behind it on whose figures its result rests."""
    marks = doubts_of((clause,), words)
    return words.say("marked", told=told, marks=marks) if marks else told


def documents_of(assessment: Assessment, words: Wording) -> list[str]:
    """Return the titles of the documents judged by, and of those whose quotas stand in for them.

    Of the latter no words are quoted: nobody has held the figures against the text. Nothing is
    judged by one whose clauses apply to nobody here.
    """
    titles = assessment.standard_titles
    named = [words.title(titles.get(key, {}), key) for key in assessment.standards]
    others = (
        told
        for clause in assessment.clauses
        if not clause.quote
        and Flag.REFERENCE not in clause.flags
        and clause.status not in _NOT_JUDGED
        for told in _others_documents(clause, words)
    )
    return [*named, *dict.fromkeys(others)]


def document_of(clause: ClauseResult, assessment: Assessment, words: Wording) -> str:
    """Return the title of the document that is judged by, and behind it whose quota stands in."""
    others = () if clause.quote else _others_documents(clause, words)
    own = words.title(assessment.standard_titles.get(clause.standard, {}), clause.standard)
    return words.phrases((own, *others))


def _others_documents(clause: ClauseResult, words: Wording) -> tuple[str, ...]:
    """Return the titles that a clause without a quote refers to, marked where unverified."""
    return tuple(
        words.say(f"documents.{'other' if one.verified else 'unverified'}", title=one.title)
        for one in clause.references
    )


def relayed(clause: ClauseResult, words: Wording) -> str | None:
    """Return whose figure a clause has that quotes nothing; None: it quotes, or nobody's."""
    if clause.quote or not clause.references:
        return None
    codes = {True: "clause.cited", False: "clause.relayed"}
    return words.phrases(
        words.say(codes[one.verified], title=titled(one.title, words), where=one.clause)
        for one in clause.references
    )


def titled(title: str, words: Wording) -> str:
    """Return the title of a document as it stands in a text: in Chinese in 《》.

    Where only a place is known that asks so (银川市, 贵州省（2022年）), that is no title.
    """
    plain = title.strip("《》")
    if words.language != "zh":
        return plain
    return plain if _PLACE.fullmatch(plain) else f"《{plain}》"


def unquoted(clause: ClauseResult, words: Wording) -> str:
    """Return what stands where a clause quotes nothing: whose figure it is, or that nobody asks."""
    told = relayed(clause, words)
    asked = told is not None and Flag.REFERENCE not in clause.flags
    return words.phrases(filter(None, (told, None if asked else words.say("clause.no_quote"))))


def supplier(missing: object, words: Wording) -> str:
    """Return who can supply what a reason, or its code, says is missing."""
    code = f"supplier.{getattr(missing, 'code', missing)}"
    return words.say(code if words.knows(code) else "supplier.other")


def headline(assessment: Assessment) -> ClauseResult | None:
    """Return the result of the headline clause, if the first document has one."""
    try:
        return assessment.clause(assessment.headline_clause)
    except KeyError:
        return None


def map_banners(assessment: Assessment, words: Wording) -> list[str]:
    """Return a map's banners: the study's own, and that it is no authority on boundaries."""
    told = [*banner_lines(assessment, words), words.say("internal_use")]
    return list(dict.fromkeys(told))


def covered_by(assessment: Assessment) -> str:
    """Return the measure behind the areas' ``coverage``: ``walk`` where walks were computed."""
    return "radius" if unwalked(assessment) else "walk"


def known_gaps(areas: pd.DataFrame, column: str = "deficit_m2") -> pd.Series:
    """Return the m² that areas lack for certain; NaN where they may be there or nobody asks.

    Of an area that is 待核实 the figure is what would be missing at worst, of an exempt one it is
    asked of nobody: neither is a gap (``NO_GAP``).
    """
    told = pd.to_numeric(areas[column], errors="coerce").astype(float)
    return told.mask(areas["verdict"].isin(NO_GAP))


def gaps_in_words(assessment: Assessment, words: Wording) -> Callable[..., str]:
    """Return how to write m² that an area is asked or lacks: marked where no clause judged does.

    The function takes the area and its m² (NaN: none, or a range, which its reason tells), and
    ``lacking``, whether they are what it lacks: they may be a least figure. ``beside``: the m²
    that stand beside, 199.996 of 200 m² are not written as 200 (:func:`figure_beside`).
    """
    aside = asked_of_nobody(assessment.clauses, assessment.findings)
    reasons, mark = assessment.layers["residential"]["reason"], reference_mark(words)

    def told(area: str, m2: Any, *, lacking: bool, beside: Any = None) -> str:
        say = lacking_figure if lacking else asked_figure
        figure = say(reasons[area], m2, words) or figure_beside(m2, beside, "", words)
        return f"{figure}{mark}" if area in aside else figure

    return told


def asked_figure(reason: Any, m2: Any, words: Wording) -> str | None:
    """Return m² that an area is asked where its quota is a range (``m2``: NaN); else None.

    An approved area of 900 households is asked 135–180 m².
    """
    known = number_or_none(m2) is not None
    if known or not isinstance(reason, Reason) or reason.code not in _RANGES:
        return None
    low, high = (number_or_none(reason.params[f"required_{end}"]) for end in ("low_m2", "m2"))
    if low is not None and low == high:
        return words.number(low)
    bounded = high is not None and math.isfinite(high)
    return words.say("quota.between" if bounded else "quota.from", low=low, high=high)


def lacking_figure(reason: Any, m2: Any, words: Wording) -> str:
    """Return m² that an area lacks: at least those where more may be asked, or less may count."""
    known = number_or_none(m2) is not None
    least = known and is_least(reason)
    return words.say("quota.from", low=number_or_none(m2)) if least else words.number(m2)


def is_least(reason: Any) -> bool:
    """Return whether the m² that an area lacks are the least that it may lack."""
    return isinstance(reason, Reason) and reason.code in SHORT_AT_LEAST


def reference_mark(words: Wording) -> str:
    """Return what stands behind a figure that is of reference only, in brackets."""
    mark = words.word("flag", Flag.REFERENCE)
    return f"（{mark}）" if words.language == "zh" else f" ({mark})"


def of_reference(assessment: Assessment) -> frozenset[str]:
    """Return the areas whose required and missing m² no clause in judgment asks."""
    if assessment not in _OF_REFERENCE:
        _OF_REFERENCE[assessment] = found_of_reference(assessment.clauses, assessment.findings)
    return _OF_REFERENCE[assessment]


def sums_of_reference(assessment: Assessment) -> bool:
    """Return whether some m² in sum are of reference only."""
    return bool(pd.to_numeric(assessment.provision["reference_areas"]).fillna(0.0).gt(0.0).any())


def units_with_gaps(assessment: Assessment) -> frozenset[str]:
    """Return the units with an area whose households are missing: their sum is a least one."""
    areas = assessment.layers["residential"]
    gaps = areas[areas["households"].isna()]
    return frozenset(
        str(code) for column in ("unit", "community") for code in gaps[column].dropna()
    )


def basis_word(basis: str, clause: ClauseResult, words: Wording) -> str:
    """Return what a clause's rate is counted by; of units, those that the clause means."""
    meant = f"units.{clause.counted}" if basis == "units" and clause.counted else basis
    return words.word("basis", meant)


def cited(clause: ClauseResult, words: Wording) -> str:
    """Return a clause's number with those of the clauses that state the same fact."""
    own = words.clause(clause.id)
    return " ".join((own, *map(words.clause, clause.same_as)))


def same_fact(clause: ClauseResult, words: Wording) -> str | None:
    """Return what is said of a clause that others repeat, or that repeats one; else None."""
    if not clause.same_as:
        return None
    code = "fact.repeats" if clause.repeated else "fact.repeated"
    others = words.list(words.clause(name) for name in clause.same_as)
    return words.say(code, clause=clause.fact, clauses=others, n=len(clause.same_as) + 1)


def tally_line(assessment: Assessment, words: Wording) -> str:
    """Return how many facts came to what, and how many clauses state them where that is more."""
    return words.phrases(
        words.say(
            "tally.cited" if one.clauses > one.facts else "tally",
            status=words.word("status", one.status),
            facts=one.facts,
            clauses=one.clauses,
        )
        for one in assessment.tallies
    )
