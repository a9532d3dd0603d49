"""A desk: a study judged once, and judged again after every edit by what the edit can touch.

The benches do the work (``case.bench``): an edit gives changed layers, a changed layer takes from
the former bench whatever it does not read. What is drawn up is drawn up when it is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from lifecircle.assessing.assess import as_assessment, judged_benches, rules_under
from lifecircle.assessing.scenarios import marked
from lifecircle.case.case import open_case
from lifecircle.case.edited import edited
from lifecircle.model.status import StageView
from lifecircle.model.strings import plain_strings
from lifecircle.standards import read_standard

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lifecircle.case.bench import Bench
    from lifecircle.case.case import Case
    from lifecircle.model.inputs.edits import Edit
    from lifecircle.model.inputs.study import Study
    from lifecircle.model.results.assessment import Assessment
    from lifecircle.model.rules.clause import Standard

__all__ = ["Changed", "Desk", "what_if"]


@dataclass(frozen=True, slots=True)
class Changed:
    """What comes out otherwise than without the edits.

    Parameters
    ----------
    clauses
        Ids of clauses whose value, range, status or a rate is another one.
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
        self.benches = judged_benches(case, desk.rules, lambda _step: None, before)
        for bench in self.benches:
            bench.settle()

    @cached_property
    def assessment(self) -> Assessment:
        with plain_strings():
            return as_assessment(self.benches, marked(self.benches, self._published))


class Desk:
    """A judged study to try edits on; see :func:`what_if`.

    ``assessment`` equals ``lc.assess(desk.study, …)``, table by table.
    """

    def __init__(self, case: Case, published: Sequence[Standard], rules: list[Standard]) -> None:
        self.published, self.rules = published, rules
        self._states: list[tuple[tuple[Edit, ...], _Judged]] = [((), _Judged(case, self))]
        self._at = 0

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
        return _changed(self._states[0][1].assessment, self.assessment)

    @plain_strings()
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


def _changed(before: Assessment, after: Assessment) -> Changed:
    """Compare two results of one study under the same rules, finding by finding."""
    old = {(clause.standard, clause.id): clause for clause in before.clauses}
    clauses, units = [], set()
    for clause in after.clauses:
        was = old[clause.standard, clause.id]
        if was != clause:
            clauses.append(clause.id)
        rates = {(rate.basis, rate.scope): rate for rate in was.rates}
        now = {(rate.basis, rate.scope): rate for rate in clause.rates}
        units |= {key[1] for key in rates.keys() | now.keys() if rates.get(key) != now.get(key)}
    key = ["standard", "clause", "layer", "id", "part"]
    both = before.findings.merge(after.findings, on=key, how="outer", suffixes=("_was", "_now"))
    columns = ("required", "measured", "deficit", "low", "high", "status")
    differs = ~both[[f"{c}_was" for c in columns]].set_axis(columns, axis=1).eq(
        both[[f"{c}_now" for c in columns]].set_axis(columns, axis=1)
    )
    blank = both[[f"{c}_was" for c in columns]].isna().to_numpy()
    blank &= both[[f"{c}_now" for c in columns]].isna().to_numpy()
    rows = both[(differs.to_numpy() & ~blank).any(axis=1)]
    of = {
        layer: tuple(sorted(set(rows.loc[rows["layer"] == layer, "id"])))
        for layer in ("residential", "facilities", "units")
    }
    towns = {scope for scope in units if scope.isdigit()}
    return Changed(
        clauses=tuple(dict.fromkeys(clauses)),
        areas=of["residential"],
        facilities=of["facilities"],
        units=tuple(sorted(towns | set(of["units"]))),
    )
