"""Banners: what stands over every output of a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.model.problem import ProblemCode, Severity
from lifecircle.model.problem.suspected import suspects

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from lifecircle.model.inputs.study import Study
    from lifecircle.model.rules.clause import Standard
    from lifecircle.model.rules.options import Options
    from lifecircle.model.rules.rule import Rule

__all__ = ["ended_banners", "street_state", "study_banners", "walk_banners"]

_AS_IF_NONE = ("gates", "exemptions", "buildings")
"""Layers that results do without: distances from the middle, nobody exempt, an even lattice."""


def street_state(study: Study, *, network: bool) -> str:
    """Return what walks are asked of, one of ``model.results.assessment.STREETS``.

    ``network``: whether a walk can be sought on the study's streets.
    """
    if study.travel is not None:
        return "table"
    if network:
        return "used"
    refused = any(p.layer == "streets" and p.severity is Severity.ERROR for p in study.problems)
    return "refused" if refused or study.streets is not None else "absent"


def ended_banners(rules: Iterable[Rule[Options]]) -> tuple[str, ...]:
    """Return that a plan has ended, where a rule that is still told is of one."""
    ended = any(rule.expired and rule.version is not None for rule in rules)
    return ("ended_clauses",) if ended else ()


def walk_banners(state: str) -> tuple[str, ...]:
    """Return that nothing is known of walks, where that is so."""
    return {"absent": ("no_streets",), "refused": ("streets_refused",)}.get(state, ())


def study_banners(study: Study, standards: Iterable[Standard]) -> tuple[str, ...]:
    """Return what stands over all: that it is a scenario; the study's own; a borrowed document.

    And that one of the documents says nothing yet on the day of the assessment.
    """
    standards = tuple(standards)
    # a province's document (370000) holds in all its counties
    foreign = any(not study.county.startswith(s.county.rstrip("0")) for s in standards if s.county)
    said = any("套用外县标准" in banner for banner in study.banners)
    varied = ("scenario",) if any(s.scenario for s in standards) else ()
    borrowed = ("foreign_standard",) if foreign and not said else ()
    early = ("not_yet",) if any(_says_later(s, study.as_of) for s in standards) else ()
    doubted = ("datum_doubted",) if any(suspects(study.problems)) else ()
    return (*varied, *doubted, *study.banners, *borrowed, *early, *_refused_banners(study))


def _refused_banners(study: Study) -> tuple[str, ...]:
    """Return which layers were given, could not be used, and are judged as if there were none.

    What hangs on other refused layers is not assessed, and says so itself. A table without a row,
    as a template left empty, holds nothing that could not be used.
    """
    graver = [p for p in study.problems if p.severity is Severity.ERROR and p.row is None]
    refused = {p.layer for p in graver if p.code is not ProblemCode.LAYER_EMPTY}
    return tuple(f"{layer}_refused" for layer in _AS_IF_NONE if layer in refused)


def _says_later(standard: Standard, day: dt.date) -> bool:
    """Return whether a document's headline is of a later day: it is not in force before."""
    clause = standard.clauses.get(standard.headline or "")
    return clause is not None and day < min(one.valid_from for one in clause.versions)
