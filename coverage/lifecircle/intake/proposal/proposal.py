"""A development proposal: one file becomes a Proposal in a study's terms, or a table of problems.

Columns, values, datums and shapes are understood as those of a study. But a proposal is small and
goes back to the applicant: what cannot be read is an error here, not a gap to be judged around.
"""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lifecircle.errors import ProposalError
from lifecircle.intake.doubts.wholes import parts_within_wholes
from lifecircle.intake.joins.places.rough import rounded_rows
from lifecircle.intake.joins.units import UnitIndex
from lifecircle.intake.layers import Settled, understood
from lifecircle.intake.ledger.mojibake import garbled
from lifecircle.intake.ledger.values import is_blank
from lifecircle.intake.positions.locating import locate, reproject
from lifecircle.intake.positions.shapes import settle
from lifecircle.intake.proposal.facts import (
    coordinate_options,
    named_rows,
    project_facts,
    said_twice,
)
from lifecircle.intake.proposal.figures import (
    figure_problems,
    floor_problems,
    land_problems,
    people_of_plots,
    people_problems,
)
from lifecircle.intake.proposal.frames import nothing_planned
from lifecircle.intake.proposal.log import ProposalLog
from lifecircle.intake.proposal.plots import phases_perhaps, plot_areas, told_plots
from lifecircle.intake.proposal.positions import at_sites, plot_problems, with_positions
from lifecircle.intake.proposal.possible import dwelling_problems
from lifecircle.intake.proposal.repeated import rooms_once
from lifecircle.intake.proposal.rooms import (
    facility_gaps,
    planned_facilities,
    planned_sharing,
    record_gaps,
    stage_gaps,
)
from lifecircle.intake.proposal.sites import with_sites
from lifecircle.intake.remarks_left import remarks_of_plan
from lifecircle.intake.said_against import named_phases, phases_of
from lifecircle.model.inputs.proposal import FACTS, Proposal, Supplement
from lifecircle.model.inputs.study import InputRecord
from lifecircle.model.problem import Problem, ProblemCode, Severity, by_severity, worst
from lifecircle.sources.proposal_file import SUFFIXES, read_parts
from lifecircle.sources.tables.files import RawTable, fingerprint
from lifecircle.texts import LANGUAGES, known, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lifecircle.model.inputs.contents import Contents
    from lifecircle.model.inputs.layers import Layer
    from lifecircle.model.inputs.study import Study

__all__ = ["PROPOSAL_SUFFIXES", "check_proposal", "read_proposal"]

PROPOSAL_SUFFIXES = SUFFIXES
"""File name endings of proposals."""


def read_proposal(path: str | Path, study: Study) -> Proposal:
    """Read a development proposal.

    Parameters
    ----------
    path
        One file: ``.xlsx``, ``.gpkg``, ``.geojson`` or ``.toml``.
    study
        The study it is to be judged against: gives CRS, units, and what stands there.

    Raises
    ------
    ProposalError
        The proposal cannot be judged; ``error.problems`` holds everything found, errors first.
    """
    proposal, problems = check_proposal(path, study)
    if proposal is None:
        count = sum(p.severity is Severity.ERROR for p in problems)
        message = say("review", "unusable", LANGUAGES[-1], path=str(path), count=count)
        raise ProposalError(message, problems)
    return proposal


def check_proposal(path: str | Path, study: Study) -> tuple[Proposal | None, tuple[Problem, ...]]:
    """Read a proposal and return it with every problem; None where it cannot be judged."""
    path = Path(path)
    parts, found = read_parts(path)
    if parts is None:
        return None, tuple(map(_of_applicant, by_severity(found)))
    log = ProposalLog(path.name, parts.spots)
    log.problems += found
    proposal = _ProposalIntake(path, study, log).run(parts.tables, parts.contents)
    problems = tuple(map(_of_applicant, by_severity(log.problems)))
    if proposal is None or worst(problems) is Severity.ERROR:
        return None, problems
    return dataclasses.replace(proposal, problems=problems), problems


def _of_applicant(problem: Problem) -> Problem:
    """Return a problem whose remedy is in the proposal's own file, where a study's is elsewhere."""
    if not known("problems", f"{problem.code}.remedy_proposal"):
        return problem
    return dataclasses.replace(problem, params={**problem.params, "proposal": True})


class _ProposalIntake:
    """Reads one proposal, once; what is wrong goes to the log on the way."""

    def __init__(self, path: Path, study: Study, log: ProposalLog) -> None:
        self.path, self.study, self.log = path, study, log
        self.units = UnitIndex(study.units)
        self.facts: dict[str, Any] = {}

    def run(self, tables: Mapping[str, RawTable], contents: Contents | None) -> Proposal | None:
        """Read the parts and put them together."""
        study, log = self.study, self.log
        self.facts = facts = project_facts(tables.get("project"), log)
        plots = self._placed(tables.get("plots"), "plots")
        if plots is None:
            if "plots" not in tables:
                log.say(ProblemCode.LAYER_EMPTY, layer="plots")
            return None
        plots = told_plots(plots, facts, log)
        persons = study.parameters.persons_per_household
        log.problems += people_problems(facts, plots.ledger, persons, self.path.name)
        plots = _peopled(plots, facts["population"])
        dwellings = float(plots.ledger.frame["households_planned"].sum(skipna=False))
        log.problems += dwelling_problems(facts, dwellings, self.path.name)
        area = plot_areas(plots, facts, study, self.units, log)
        removes = named_rows(facts, "removes", study.facilities, log)
        replaces = named_rows(facts, "replaces", study.residential, log)
        log.problems += plot_problems(plots, study, self.units, replaces)
        log.problems += phases_perhaps(facts, plots.ledger, study, replaces, log.file)
        planned = self._placed(tables.get("planned"), "planned", plots)
        planned = nothing_planned(self.path.name) if planned is None else planned
        log.problems += figure_problems(facts, planned.ledger, self.path.name)
        log.problems += land_problems(facts, plots, self.path.name)
        log.problems += floor_problems(planned.ledger)
        planned, found = rooms_once(planned, study.parameters, study.crs)
        log.tell(found)
        typed = at_sites(planned).shapes
        planned, homes, found = with_positions(
            planned, plots, study.parameters.own_tolerance_m, study.crs
        )
        log.tell(found)
        lands = [None if home is None else plots.shapes[home] for home in homes]
        around = [own or land for own, land in zip(typed, lands, strict=True)]
        planned, found = with_sites(planned, around, study, removes)
        log.tell(found)
        for part in (plots, planned):
            log.problems += remarks_of_plan(part.ledger, log.problems)
        facilities = planned_facilities(planned, homes, area, study)
        served, likely = planned_sharing(planned, area, facilities, homes, study, log)
        return Proposal(
            name=facts["name"] or self.path.stem,
            number=facts["id"],
            facts={k: facts[k] for k in FACTS if not _gap(facts[k])},
            plots=area,
            facilities=facilities,
            sharing=served,
            likely=likely,
            somewhere=frozenset(facilities.frame.index[[own is None for own in typed]]),
            removes=removes,
            replaces=replaces,
            supplements=(
                *self._supplements((plots, area), (planned, facilities)),
                *record_gaps(facilities, likely),
            ),
            inputs=(self._record(tables, contents),),
            illustrative=facts["illustrative"] is True,
            path=self.path,
        )

    def _supplements(
        self, plots: tuple[Settled, Layer], planned: tuple[Settled, Layer]
    ) -> list[Supplement]:
        """Return what the applicant has to add before the proposal can be judged.

        Of plots and planned facilities: the rows as read, and as a layer.
        """
        area, facilities = plots[1], planned[1]
        unnamed = [] if self.facts["name"] is not None else [self.path.stem]
        found = [Supplement("project", "", name, "name") for name in unnamed]
        found += facility_gaps(facilities)
        found += [*stage_gaps("plots", *plots), *stage_gaps("planned", *planned)]
        if len(area) > 1 and not math.isnan(self.facts["required_m2"]):
            silent = area.frame.index[area.frame["required_m2"].isna()]
            found += [
                Supplement("plots", str(i), str(area.frame.at[i, "name"]), "required_m2")
                for i in silent
            ]
        return found

    def _record(self, tables: Mapping[str, RawTable], contents: Contents | None) -> InputRecord:
        rows = sum(len(raw) for raw in tables.values())
        digest = fingerprint(self.path)
        return InputRecord("proposal", self.path.name, digest, rows, rows, 0, contents)

    def _placed(
        self, raw: RawTable | None, part: str, plots: Settled | None = None
    ) -> Settled | None:
        """Return the rows of a part with their shapes in the study's CRS."""
        if raw is None:
            return None
        self.log.problems += garbled(raw)
        phases = named_phases([self.facts["name"]])
        phases = phases if plots is None else phases | phases_of(plots.ledger)
        ledger, found = understood(raw, {}, phases)
        if ledger is not None:
            self.log.tell(said_twice(ledger, found))
        self.log.tell(p for p in found if part == "plots" or p.code is not ProblemCode.LAYER_EMPTY)
        if ledger is None:
            return None
        ledger, found = parts_within_wholes(ledger)
        self.log.tell(found)
        positions, found = locate(ledger, coordinate_options(self.facts, self.path.name))
        if part == "plots":  # a plot is a place before all else
            found = tuple(
                dataclasses.replace(p, severity=Severity.ERROR)
                if p.code is ProblemCode.GEOMETRY_MISSING
                else p
                for p in found
            )
        else:  # the plot says where it is
            found = tuple(p for p in found if p.code is not ProblemCode.GEOMETRY_MISSING)
        self.log.tell(found)
        if positions is None:
            return None
        shapes, found = settle(ledger, reproject(positions, self.study.crs), self.study.crs)
        self.log.tell(found)
        return rounded_rows(Settled(ledger, shapes), None if plots is None else plots.ledger)


def _peopled(plots: Settled, total: float) -> Settled:
    """Return the plots with the people that the project plans for them."""
    people = people_of_plots(plots.ledger.frame, total)
    frame = plots.ledger.frame.assign(population=people)
    return dataclasses.replace(plots, ledger=dataclasses.replace(plots.ledger, frame=frame))


def _gap(value: Any) -> bool:
    return is_blank(value) or value is None
