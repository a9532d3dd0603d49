"""Plots of a proposal: what the project says for them, and plots as new residential areas."""

from __future__ import annotations

import dataclasses
import math
import re
from typing import TYPE_CHECKING, Any

import numpy as np

from lifecircle.intake.doubts.wholes import class_and_stage
from lifecircle.intake.layers import as_layer
from lifecircle.intake.ledger.numbering import one_spelling
from lifecircle.intake.ledger.rows import texts
from lifecircle.intake.proposal.frames import free_ids, shaped
from lifecircle.model.dictionary import fold, unread
from lifecircle.model.inputs.layers import ROUNDED
from lifecircle.model.problem import Problem, ProblemCode, Severity
from lifecircle.model.status import Stage

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    import pandas as pd

    from lifecircle.intake.joins.units import UnitIndex
    from lifecircle.intake.layers import Settled
    from lifecircle.intake.ledger.rows import Ledger
    from lifecircle.intake.proposal.log import ProposalLog
    from lifecircle.model.inputs.layers import Layer
    from lifecircle.model.inputs.study import Study

__all__ = ["phases_perhaps", "plot_areas", "told_plots"]

_INHERITED = ("unit", "community", "age_class", "setting")
"""What a plot has from the project where it does not say it itself."""
_ONE_PLOT = ("households_planned", "required_m2")
"""The project's figures that are the plot's where there is only one."""
_DATES = tuple(
    f"{care}{stage}_on"
    for stage in ("planned", "built", "accepted", "delivered")
    for care in ("", "care_")
)
_STANDING = frozenset({Stage.ACCEPTED, Stage.HANDED_OVER, Stage.IN_USE})
"""Stages of homes that a review, of a plan, has nothing to say of any more."""
_PHASE = re.compile(r"([(（\[]?第?[一二三四五六七八九十\d]+期(工程|地块)?[)）\]]?)?(项目|工程)?$")
_WHOLE = 1.0
"""Households, or m², by which the plots may differ from the project's total."""


def told_plots(plots: Settled, facts: Mapping[str, Any], log: ProposalLog) -> Settled:
    """Return the plots with names, and with what the project says for them."""
    frame = plots.ledger.frame.copy()
    alone = len(frame) == 1
    names = [n or i for n, i in zip(frame["name"], frame.index, strict=True)]
    if alone and frame["name"].iloc[0] is None and facts["name"]:
        names = [facts["name"]]
    frame["name"] = texts(names, frame.index)
    log.problems += _other_words(plots.ledger, facts)
    _inherit(frame, facts)
    for column in _ONE_PLOT if alone else ():
        if (mark := unread(column)) in frame and frame[column].isna().all():
            frame[mark] = frame[mark] | facts[mark]
        frame[column] = frame[column].fillna(facts[column])
    # the plots of one file are one project, numbered or not (A1)
    number = facts["id"] or (None if alone else log.file)
    frame["project"] = texts([v or number for v in frame["project"]], frame.index)
    ledger = dataclasses.replace(plots.ledger, frame=frame)
    _check_households(ledger, facts["households_planned"], log)
    _check_required(ledger, facts["required_m2"], log)
    log.tell(class_and_stage(ledger, blank=Stage.PLANNED))
    log.problems += _standing(ledger)
    return dataclasses.replace(plots, ledger=ledger)


def _standing(plots: Ledger) -> list[Problem]:
    """Return a warning for each plot whose homes are built."""
    return [
        plots.problem(ProblemCode.PLOT_STANDS, Severity.WARNING, row, "stage", stage=str(stage))
        for row, stage in enumerate(plots.frame["stage"])
        if stage in _STANDING
    ]


def _other_words(plots: Ledger, facts: Mapping[str, Any]) -> list[Problem]:
    """Return a warning for each class or setting of a plot that is not the project's."""
    return [
        plots.problem(ProblemCode.PLOT_UNLIKE, Severity.WARNING, row, column, **params)
        for column in ("age_class", "setting")
        for row, own in enumerate(plots.frame[column])
        if own is not None and facts[column] not in {None, own}
        for params in [{column: str(own)}]
    ]


def phases_perhaps(
    facts: Mapping[str, Any], plots: Ledger, study: Study, replaces: Collection[str], file: str
) -> list[Problem]:
    """Return a warning where the study has a numbered project of the same name but for its phase.

    Phases of one project are asked for rooms together (A1). Nothing is told where the proposal has
    a number. ``replaces``: areas of the study that give way.
    """
    numbers = {number for number in plots.frame["project"] if number not in {None, file}}
    areas = study.residential.frame.drop(index=list(replaces))
    if numbers or "project" not in areas:
        return []
    mine = {_stem(name) for name in (facts["name"], *plots.frame["name"]) if name is not None}
    mine.discard("")  # 二期 alone is a phase of any
    found: dict[str, list[str]] = {}
    for name, number in zip(areas["name"], areas["project"], strict=True):
        if isinstance(name, str) and isinstance(number, str) and _stem(name) in mine:
            found.setdefault(number, []).append(name)
    return [
        Problem(
            ProblemCode.PHASE_PERHAPS,
            Severity.WARNING,
            {"names": "、".join(names), "project": number},
            layer="project",
            file=file,
        )
        for number, names in found.items()
    ]


def _stem(name: str) -> str:
    """Return a name without the phase at its end: 春秋华府 of 春秋华府（二期）."""
    return _PHASE.sub("", fold(name), count=1)


def _inherit(frame: pd.DataFrame, facts: Mapping[str, Any]) -> None:
    """Give plots what the project says where their cell is blank; not where it cannot be read."""
    for column in _INHERITED:
        lost = [False] * len(frame)
        if (mark := unread(column)) in frame:
            lost = frame[mark].astype(bool).tolist()
            blank = frame[column].isna() & ~frame[mark].astype(bool)
            frame[mark] = frame[mark].astype(bool) | (blank & facts[mark])
        told = zip(frame[column], lost, strict=True)
        own = [facts[column] if v is None and not hidden else v for v, hidden in told]
        frame[column] = texts(own, frame.index)


def _check_households(ledger: Ledger, total: float, log: ProposalLog) -> None:
    """Say which plots have no households, and whether the plots add up to the project's total."""
    homes = ledger.frame["households_planned"].to_numpy(float)
    log.problems += [
        ledger.problem(
            ProblemCode.PLOT_NO_HOUSEHOLDS,
            Severity.ERROR,
            int(row),
            "households_planned",
            plot=ledger.frame["name"].iloc[row],
        )
        for row in np.flatnonzero(np.isnan(homes) | (homes.sum() == 0))
    ]
    added = float(homes.sum())
    if not math.isnan(total) and abs(added - total) >= _WHOLE:
        differ = ProblemCode.HOUSEHOLDS_DIFFER
        log.say(differ, layer="plots", total=float(total), added=added)


def _check_required(ledger: Ledger, total: float, log: ProposalLog) -> None:
    """Say whether the m² of the planning conditions are others on the plots than in the project."""
    added = float(ledger.frame["required_m2"].sum(skipna=False))
    if abs(added - total) >= _WHOLE:  # False where either is not known
        log.say(ProblemCode.REQUIRED_DIFFER, layer="plots", total=float(total), added=added)


def plot_areas(
    plots: Settled, facts: Mapping[str, Any], study: Study, units: UnitIndex, log: ProposalLog
) -> Layer:
    """Return the plots as residential areas: planned, new, where they do not say otherwise."""
    frame, found = units.place(plots.ledger, list(plots.shapes))
    log.tell(found)
    told = (frame["setting"], frame["community"], frame[unread("setting")])
    settings = [
        own if own or lost else units.setting(code) for own, code, lost in zip(*told, strict=True)
    ]
    frame["setting"] = texts(settings, frame.index)
    frame["stage"] = texts([v or "planned" for v in frame["stage"]], frame.index)
    classes = zip(frame["age_class"], frame[unread("age_class")], strict=True)
    frame["age_class"] = texts([v if v or lost else "new" for v, lost in classes], frame.index)
    for column in (*_DATES, "civil_affairs_review", "illustrative"):
        frame[column] = texts([facts[column]] * len(frame), frame.index)
    frame["population_planned"] = frame["population"]
    table = shaped("residential", frame)
    for column in ("population", "required_m2", "age_class", "setting"):
        told_of = "population_planned" if column == "population" else column
        table[unread(told_of)] = frame[unread(column)].astype(bool)
    if ROUNDED in frame:
        table[ROUNDED] = frame[ROUNDED]
    table["land_area_m2"] = frame["land_area_m2"].to_numpy(float)
    table["project"] = texts(_as_there(table["project"], study), table.index)
    table.index = free_ids(table.index, study.residential.frame.index)
    shapes = plots.shapes
    known = np.array([s is not None for s in shapes], dtype=bool)
    return as_layer("residential", table[known], shapes[known], study.crs)


def _as_there(projects: Iterable[str | None], study: Study) -> list[str | None]:
    """Return the projects as the study spells them, or the first plot: its 1 is the plan's 1.0."""
    there = study.residential.frame.get("project", ())
    spelled = {one_spelling(name): name for name in there if isinstance(name, str)}
    named = [None if one is None else (one_spelling(one), one) for one in projects]
    return [None if one is None else spelled.setdefault(*one) for one in named]
