"""A desk: a study judged once, and judged again after every edit by what the edit can touch.

The benches do the work (``case.bench``): an edit gives changed layers, a changed layer takes from
the former bench whatever it does not read. What is drawn up is drawn up when it is asked for.
"""

from __future__ import annotations

import dataclasses
import gc
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from lifecircle.assessing.assess import as_assessment, judged_benches, rules_under
from lifecircle.assessing.scenarios import marked
from lifecircle.case.case import open_case
from lifecircle.case.edited import edited
from lifecircle.model.status import StageView
from lifecircle.model.strings import plain_strings
from lifecircle.standards import read_standard

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from lifecircle.case.bench import Bench
    from lifecircle.case.case import Case
    from lifecircle.judge.clauses import JudgedClause
    from lifecircle.model.inputs.edits import Edit
    from lifecircle.model.inputs.study import Study
    from lifecircle.model.results.assessment import Assessment, ClauseResult
    from lifecircle.model.rules.clause import Standard

__all__ = ["Changed", "Desk", "what_if"]

_Difference = tuple[bool, set[str], set[str]]
"""Whether a result is another one, the units whose rate is, the subjects whose finding is."""
_Compared = tuple["_Told | None", "pd.DataFrame | None", set[str]]
"""What findings said first, the findings compared with it last, the subjects found otherwise."""
_NEVER: _Compared = (None, None, set())
_NUMBERS = ("measured", "deficit", "low", "high")


@dataclass(frozen=True, slots=True)
class Changed:
    """What comes out otherwise than without the edits.

    Parameters
    ----------
    clauses
        Ids of clauses whose value, range, status, counts or a rate is another one.
    areas, facilities
        Ids of those of which some finding is another one; those that are only on one side too.
    units
        Codes of units with a finding, or in a rate, that is another one.
    """

    clauses: tuple[str, ...]
    areas: tuple[str, ...]
    facilities: tuple[str, ...]
    units: tuple[str, ...]


@plain_strings()
def what_if(
    study: Study,
    *,
    standards: Sequence[str] = (),
    view: StageView | str | None = None,
    scenario: tuple[str, Mapping[str, float]] | None = None,
) -> Desk:
    """Judge a study once, ready for edits; the arguments are those of ``assess``.

    Raises
    ------
    StandardError, UnknownNameError
        A standard or a scenario cannot be used.
    """
    published = [read_standard(name) for name in standards or study.standards]
    rules = rules_under(scenario, published)
    return Desk(open_case(study, StageView(view or "now")), published, rules)


class _Judged:
    """A study judged, and its result once it is asked for."""

    def __init__(self, case: Case, desk: Desk, before: Sequence[Bench] = ()) -> None:
        self.study = case.given
        self._published = desk.published
        # no edit changes the day or a reading: what is in force stays so
        rules = [bench.rules for bench in before] or desk.rules
        # what could be arranged costs most and decides nothing: it is drawn up with the tables
        self.benches = judged_benches(case, rules, lambda _step: None, before, arranging=False)
        for bench in self.benches:
            bench.settle()

    @cached_property
    def assessment(self) -> Assessment:
        with plain_strings():
            benches = [bench.arranged() for bench in self.benches]
            return as_assessment(benches, marked(benches, self._published))


@contextmanager
def _collected_after() -> Iterator[None]:
    """Look for lost cycles after an edit, not ten times within it: it leaves next to none behind.

    Nothing of the judged study, a hundred thousand objects, is looked through for them meanwhile.
    """
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


class Desk:
    """A judged study to try edits on; see :func:`what_if`.

    ``assessment`` equals ``lc.assess(desk.study, …)``, table by table.
    """

    def __init__(self, case: Case, published: Sequence[Standard], rules: list[Standard]) -> None:
        self.published, self.rules = published, rules
        self._states: list[tuple[tuple[Edit, ...], _Judged]] = [((), _Judged(case, self))]
        self._at = 0
        self._comparing = _Comparing()

    @property
    def study(self) -> Study:
        """The study with all edits made."""
        return self._now.study

    @property
    def edits(self) -> tuple[Edit, ...]:
        """All edits that are made, in order: what ``assess --edits`` takes once it is saved."""
        return tuple(edit for done, _ in self._states[1 : self._at + 1] for edit in done)

    @property
    def assessment(self) -> Assessment:
        """The study judged with all edits."""
        return self._now.assessment

    @property
    def changed(self) -> Changed:
        """What comes out otherwise than in the study as it was handed in."""
        return self._comparing.changed(self._states[0][1].benches, self._now.benches)

    @plain_strings()
    @_collected_after()
    def apply(self, *edits: Edit) -> None:
        """Make edits, as one step; what was undone before is forgotten.

        Raises
        ------
        UnknownNameError, EditError
            As ``case.edited.edited``; then none is made.
        """
        if not edits:
            return
        was, now = self.study, edited(self.study, edits)
        case = self._now.benches[0].case.changed(
            facilities=now.facilities if now.facilities is not was.facilities else None,
            areas=now.residential if now.residential is not was.residential else None,
            sharing=now.sharing if now.sharing is not was.sharing else None,
            likely=now.likely if now.likely is not was.likely else None,
            banners=now.banners,
        )
        judged = _Judged(case, self, self._now.benches)
        del self._states[self._at + 1 :]
        self._states.append((edits, judged))
        self._at += 1

    def undo(self) -> bool:
        """Take the last step back; False where there is none."""
        if self._at == 0:
            return False
        self._at -= 1
        return True

    def redo(self) -> bool:
        """Make the step again that was taken back; False where there is none."""
        if self._at + 1 == len(self._states):
            return False
        self._at += 1
        return True

    @property
    def _now(self) -> _Judged:
        return self._states[self._at][1]


class _Comparing:
    """Compares what benches of the same rules judged, each clause once until it is judged again."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, str], tuple[JudgedClause, JudgedClause, _Difference]] = {}
        self._subjects: dict[tuple[int, str], _Compared] = {}

    def changed(self, before: Sequence[Bench], after: Sequence[Bench]) -> Changed:
        """Return what differs; what is one and the same was not touched."""
        clauses: list[str] = []
        ids: dict[str, set[str]] = {"residential": set(), "facilities": set(), "units": set()}
        for number, (old, new) in enumerate(zip(before, after, strict=True)):
            was = old.judged
            for name, now in new.judged.items():
                if now is was[name]:
                    continue
                other, units, subjects = self._difference((number, name), was[name], now)
                if other:
                    clauses.append(name)
                    ids["units"] |= units
                if now.rule.subject in ids:
                    ids[now.rule.subject] |= subjects
        return _told_of(clauses, ids)

    def _difference(
        self, key: tuple[int, str], was: JudgedClause, now: JudgedClause
    ) -> _Difference:
        known = self._known.get(key)
        if known is None or known[0] is not was or known[1] is not now:
            other = not _same_result(was.result, now.result)
            units = _scopes(was.result, now.result) if other else set()
            known = was, now, (other, units, self._otherwise(key, was.findings, now.findings))
            self._known[key] = known
        return known[2]

    def _otherwise(self, key: tuple[int, str], was: pd.DataFrame, now: pd.DataFrame) -> set[str]:
        """Return the subjects found otherwise: often only what they weigh in a rate is another."""
        first, seen, found = self._subjects.get(key, _NEVER)
        if first is None or first.findings is not was:  # the same edit after edit
            first, seen = _Told.of(was), None
        if seen is not now:
            found = _otherwise(first, now)
            self._subjects[key] = first, now, found
        return found


def _told_of(clauses: Sequence[str], ids: Mapping[str, set[str]]) -> Changed:
    return Changed(
        clauses=tuple(dict.fromkeys(clauses)),
        areas=tuple(sorted(ids["residential"])),
        facilities=tuple(sorted(ids["facilities"])),
        units=tuple(sorted(ids["units"])),
    )


def _same_result(one: ClauseResult, other: ClauseResult) -> bool:
    """Return whether two results are one but for their marks."""
    return one == other or dataclasses.replace(one, flags=()) == dataclasses.replace(
        other, flags=()
    )


def _scopes(one: ClauseResult, other: ClauseResult) -> set[str]:
    """Return the streets and towns of which a rate is another one."""
    mine, theirs = ({id(rate): rate for rate in result.rates} for result in (one, other))
    rates = [  # mostly they are kept
        {(rate.basis, rate.scope): rate for key, rate in some.items() if key not in others}
        for some, others in ((mine, theirs), (theirs, mine))
    ]
    keys = rates[0].keys() | rates[1].keys()
    return {k[1] for k in keys if k[1].isdigit() and rates[0].get(k) != rates[1].get(k)}


@dataclass(frozen=True, slots=True, eq=False)
class _Told:
    """What findings say: float64 (numbers, n), and the status of each."""

    findings: pd.DataFrame
    numbers: NDArray[np.float64]
    status: NDArray[np.object_]

    @classmethod
    def of(cls, findings: pd.DataFrame) -> _Told:
        names = (*_NUMBERS, "required_low", "required_high")
        *numbers, low, high = (findings[name].to_numpy(dtype=float) for name in names)
        asked = np.where(low == high, low, np.nan)
        status = findings["status"].to_numpy(dtype=object)
        return cls(findings, np.array([*numbers, asked]), status)


def _otherwise(first: _Told, now: pd.DataFrame) -> set[str]:
    """Return the subjects with another finding, and those that only one side has."""
    was, found = first.findings, set[str]()
    if was is now:
        return found
    if not was.index.equals(now.index):
        both = was.index.intersection(now.index, sort=False)
        found = {str(one) for rows in (was, now) for one in rows.index.difference(both)}
        first, now = _Told.of(was.loc[both]), now.loc[both]
    told = _Told.of(now)
    same = told.numbers == first.numbers
    same |= np.isnan(told.numbers) & np.isnan(first.numbers)
    differs = ~same.all(axis=0) | np.asarray(told.status != first.status, dtype=bool)
    return found | {str(one) for one in now.index[differs]}
