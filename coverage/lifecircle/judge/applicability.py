"""Applicability: which subjects a rule is about (A17, A26, A29)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lifecircle.counting.eligibility import both, members, number_of
from lifecircle.counting.flags import asked_of, flag
from lifecircle.measures.frame import COUNTY
from lifecircle.model.days import DaySpan
from lifecircle.model.dictionary import days_of
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.rules.options import RenovationOptions, ShareOptions
from lifecircle.model.status import AgeClass

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from lifecircle.model.rules.options import Options
    from lifecircle.model.rules.rule import Rule
    from lifecircle.model.tables import Tables

__all__ = ["Applies", "applicability"]

_OTHER = {
    "setting": ReasonCode.OTHER_SETTING,
    "age_class": ReasonCode.OTHER_AGE_CLASS,
    "unit_type": ReasonCode.OTHER_UNIT_TYPE,
    "unit_level": ReasonCode.OTHER_UNIT_TYPE,
}
_MISSING = {
    "setting": ReasonCode.SETTING_MISSING,
    "age_class": ReasonCode.AGE_CLASS_MISSING,
    "unit_type": ReasonCode.NO_DATA,
    "unit_level": ReasonCode.NO_DATA,
}
_COLUMN = {"unit_level": "level"}


@dataclass(frozen=True, slots=True, eq=False)
class Applies:
    """Whether a rule is about each subject: 1.0 yes, 0.0 no, NaN not known; and why not."""

    index: pd.Index
    applies: NDArray[np.float64]
    reasons: NDArray[np.object_]

    @property
    def subjects(self) -> pd.Index:
        """The subjects that the rule is about, or may be."""
        return self.index[self.applies != 0]

    def of(self, index: pd.Index) -> Applies:
        """Return the answers for some of the subjects."""
        at = self.index.get_indexer(index)
        return Applies(index, self.applies[at], self.reasons[at])


def applicability(tables: Tables, rule: Rule[Options]) -> Applies:
    """Return which subjects a rule is about, and why it is not about the others.

    A unit of another level, or a facility of another kind or not in use, is no subject at all; a
    special or virtual unit is one to which nothing applies, and a unit of the county that the
    study's list lacks is not known. An area without households, or not
    yet lived in, is not applicable.
    """
    if rule.subject == "county":
        return _Answers(pd.Index([COUNTY], name="id")).told()
    if rule.subject == "facilities":
        return _facilities(tables, rule)
    if rule.subject == "units":
        rows = tables.units
        if (levels := rule.where.get("unit_level")) is not None:
            rows = rows[rows["level"].isin(levels)]
        if (codes := rule.where.get("unit")) is not None:
            rows = rows[rows.index.isin(codes)]
        answers = _Answers(rows.index)
        special = np.asarray(rows["unit_type"].to_numpy(dtype=object) == "special", dtype=bool)
        answers.refuse(special, Reason(ReasonCode.SPECIAL_UNIT))
        if "unlisted" in rows:
            unlisted = rows["unlisted"].to_numpy(dtype=bool)
            for kind in sorted(set(rows["unit_type"][unlisted].dropna())):
                mine = unlisted & (rows["unit_type"] == kind).to_numpy(dtype=bool)
                answers.doubt(mine, Reason(ReasonCode.UNIT_UNLISTED, {"unit_type": str(kind)}))
            answers.doubt(unlisted, Reason(ReasonCode.UNIT_UNLISTED, {"unit_type": "unit"}))
    else:
        rows = tables.areas
        answers = _Answers(rows.index)
        stages = rows["stage"].to_numpy(dtype=object)
        lived_in, counted = (rows[name].to_numpy(dtype=float) for name in ("lived_in", "counted"))
        answers.refuse_by(
            stages, lived_in == 0, lambda one: Reason(ReasonCode.NOT_YET_LIVED_IN, {"stage": one})
        )
        answers.doubt(np.isnan(lived_in), Reason(ReasonCode.STAGE_UNREAD))
        answers.refuse(counted == 0, Reason(ReasonCode.ZERO_HOUSEHOLDS))
    _filter(answers, rows, rule)
    if isinstance(rule.options, RenovationOptions):
        _built_before(answers, rows, rule.options.built_before)
    return answers.told()


class _Answers:
    """Yes, no or not known for every subject, and why not; the first refusal stands."""

    def __init__(self, index: pd.Index) -> None:
        self.index = index
        self.applies = np.ones(len(index))
        self.reasons = np.full(len(index), None, dtype=object)

    def refuse(self, rows: NDArray[np.bool_], why: Reason) -> None:
        """Answer no for ``rows``, but for those refused before."""
        fresh = rows & (self.applies != 0)
        self.applies[fresh], self.reasons[fresh] = 0.0, why

    def refuse_by(
        self, values: NDArray[Any], rows: NDArray[np.bool_], why: Callable[[Any], Reason]
    ) -> None:
        """Answer no for ``rows``; those of one value have one reason, the same object."""
        if not rows.any():
            return
        number, several = pd.factorize(values, use_na_sentinel=False)
        for code in np.unique(number[rows]):
            self.refuse(rows & (number == code), why(several[code]))

    def doubt(self, rows: NDArray[np.bool_], why: Reason) -> None:
        """Answer not known for ``rows`` that are a yes so far."""
        open_ = rows & (self.applies == 1)
        self.applies[open_], self.reasons[open_] = np.nan, why

    def told(self) -> Applies:
        """Return the answers."""
        return Applies(self.index, self.applies, self.reasons)


def _filter(answers: _Answers, rows: pd.DataFrame, rule: Rule[Options]) -> None:
    """Refuse the subjects that the rule's filter leaves out, and doubt those it cannot place.

    The age class last: a doubt for it says that all else is known, so that some clause applies.
    """
    for name, wanted in sorted(rule.where.items(), key=lambda one: one[0] == "age_class"):
        if name == "unit":  # the units themselves: sorted out above
            continue
        values = rows[_COLUMN.get(name, name)].to_numpy(dtype=object)
        gap = np.asarray(pd.isna(values), dtype=bool)
        allowed = set(wanted)
        other = np.array([one not in allowed for one in values.tolist()], dtype=bool) & ~gap
        answers.refuse_by(values, other, partial(_other, name))
        if name == "age_class":
            _by_day(answers, rows, gap)
        answers.doubt(gap, Reason(_MISSING[name], {"field": name}))


def _other(name: str, value: object) -> Reason:
    """Return that a rule is about another class of subjects than the one of this value."""
    return Reason(_OTHER[name], {name: str(value)})


def _by_day(answers: _Answers, rows: pd.DataFrame, gap: NDArray[np.bool_]) -> None:
    """Doubt the areas whose class hangs on the day of a date that has none, and say so."""
    told = rows["class_days"].tolist() if "class_days" in rows else [None] * len(rows)
    for row in np.flatnonzero(gap):
        if isinstance(why := told[row], Reason):
            answers.doubt(np.arange(len(rows)) == row, why)


def _built_before(answers: _Answers, rows: pd.DataFrame, limit: float) -> None:
    """Refuse the areas of the year and later, and doubt those of which age or class is not known.

    An existing area of that age that nobody calls old may be one; if it was renovated it was one.
    Of a year told loosely (2000年左右, 90年代) every year that it may be has to agree.
    """
    (first, last), done = _years_built(rows), flag(rows, "renovated").to_numpy()
    answers.refuse_by(
        first,
        first >= limit,
        lambda one: Reason(ReasonCode.BUILT_LATER, {"year": float(one), "limit": limit}),
    )
    either = np.isnan(first) | ((first < limit) & (last >= limit))
    answers.doubt(either, Reason(ReasonCode.BUILT_YEAR_MISSING, {"limit": limit}))
    untold = (rows["age_class"] != AgeClass.OLD).to_numpy(dtype=bool) & (done != 1)
    for own in np.unique(last[untold & (last < limit)]):
        answers.doubt(untold & (last == own), Reason(ReasonCode.OLD_UNTOLD, {"year": float(own)}))


def _years_built(rows: pd.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the first and the last year that each area may be of; NaN: not known."""
    year = number_of(rows, "built_year").to_numpy(dtype=float)
    told = days_of("built_year")
    first, last = year.copy(), year.copy()
    for row, days in enumerate(rows[told].tolist() if told in rows else ()):
        # a year that was corrected since has no days
        if isinstance(days, DaySpan) and not (
            year[row] < days.first.year or year[row] > days.last.year
        ):
            first[row], last[row] = days.first.year, days.last.year
    return first, last


def _facilities(tables: Tables, rule: Rule[Options]) -> Applies:
    """Return the facilities in use of the rule's kinds; others are no subject at all."""
    rows, options = tables.facilities, rule.options
    answer = both(members(rows, rule.kinds), rows["open"])
    meant = pd.Series(1.0, index=rows.index)
    if isinstance(options, ShareOptions):
        meant = asked_of(rows, options)
    subjects = (answer != 0) & (meant != 0)
    answer, meant = answer[subjects], meant[subjects]
    answers = _Answers(answer.index)
    answers.doubt(answer.isna().to_numpy(dtype=bool), Reason(ReasonCode.KIND_UNKNOWN))
    if isinstance(options, ShareOptions) and meant.isna().any():
        _unsaid(answers, rows.loc[answer.index], (*options.among, *options.without), meant)
    return answers.told()


def _unsaid(
    answers: _Answers, rows: pd.DataFrame, columns: Sequence[str], meant: pd.Series
) -> None:
    """Doubt the facilities of which it is not known whether they are meant, naming the blanks."""
    gaps = np.column_stack([flag(rows, name).isna().to_numpy(dtype=bool) for name in columns])
    open_ = meant.isna().to_numpy(dtype=bool)
    for blank in np.unique(gaps[open_], axis=0):
        fields = [name for name, gap in zip(columns, blank, strict=True) if gap]
        mine = open_ & (gaps == blank).all(axis=1)
        answers.doubt(mine, Reason(ReasonCode.FLAGS_MISSING, {"fields": fields}))
