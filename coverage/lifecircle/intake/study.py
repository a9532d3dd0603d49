"""From a study file to a Study: every layer read, placed, joined, and every problem collected."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from pyproj import CRS

from lifecircle.errors import StudyError
from lifecircle.intake.bonds_written import same_site_same_area
from lifecircle.intake.doubts.bonds import datum_problems
from lifecircle.intake.doubts.plausibility import county_of_none
from lifecircle.intake.doubts.scrutiny import canteens_alone, scrutinise
from lifecircle.intake.doubts.wholes import (
    class_and_year,
    dates_in_order,
    empty_estates,
    homes_stood_in_for,
    parts_within_wholes,
    people_planned,
    stage_within_its_row,
)
from lifecircle.intake.evidence import evidence_table, indicator_table, placed, ticks
from lifecircle.intake.joins.beyond import BeyondNames
from lifecircle.intake.joins.boundaries import with_outlines
from lifecircle.intake.joins.code_lists import with_listed_codes
from lifecircle.intake.joins.earlier_names import once_called
from lifecircle.intake.joins.made_ids import (
    exempt_by_name,
    exempt_perhaps,
    exempted,
    made_ids,
    made_references,
)
from lifecircle.intake.joins.places import rough
from lifecircle.intake.joins.places.stacks import without_stacks
from lifecircle.intake.joins.references import sharing
from lifecircle.intake.joins.said_units import said_units
from lifecircle.intake.joins.study_layers import join_layers, with_unclear_gates
from lifecircle.intake.joins.units import describe_units
from lifecircle.intake.layers import Draft, Settled, read_draft, read_ledger, settle_draft
from lifecircle.intake.listed_twice import with_houses
from lifecircle.intake.log import StudyLog
from lifecircle.intake.moved_home import with_homes
from lifecircle.intake.not_held import decides, without_not_held
from lifecircle.intake.other_days import hears, on_the_day
from lifecircle.intake.parts import of_their_parts
from lifecircle.intake.positions.outlying import far_layers, without_far_rows
from lifecircle.intake.positions.projection import choose_projection, fits_zone
from lifecircle.intake.remarks_left import with_remarks_left
from lifecircle.intake.said_against import overpromised
from lifecircle.intake.settings.file import StudyFile, read_study_file
from lifecircle.intake.streets.study_streets import attribution, study_streets
from lifecircle.intake.walks_given import travelled
from lifecircle.model.dictionary import unread
from lifecircle.model.inputs.mapping.map_settings import MapSettings
from lifecircle.model.inputs.study import PLACE_COLUMNS, Study
from lifecircle.model.problem import Problem, ProblemCode, Severity, by_severity
from lifecircle.model.strings import plain_strings
from lifecircle.texts import LANGUAGES, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lifecircle.intake.ledger.rows import Ledger
    from lifecircle.intake.settings.schema import LayerOptions
    from lifecircle.model.inputs.layers import Layer
    from lifecircle.model.inputs.streets import StreetLines
    from lifecircle.model.reach import TravelTable

__all__ = ["Intake", "check_study", "read_study"]

_NEEDED = ("residential", "facilities")
_TABLES = ("exemptions", "indicators", "evidence", "travel")
_PLACED = ("residential", "facilities", "units", "candidates", "gates", "buildings")
_EXEMPTION_COLUMNS = ("id", "clause", "reason", "reference", "until", unread("until"), "denied")


def read_study(path: str | Path) -> Study:
    """Read a study: its file, its layers, and what is wrong with them.

    Parameters
    ----------
    path
        ``study.toml``, or the folder it stands in.

    Returns
    -------
    Study
        Layers in one projected CRS (metres); ``study.problems`` lists everything found.

    Raises
    ------
    StudyError
        The study file, the residential layer or the facility layer cannot be used;
        ``error.problems`` holds everything found, errors first.
    """
    study, problems = check_study(path)
    if study is None:
        errors = sum(problem.severity is Severity.ERROR for problem in problems)
        message = say("problems", "study.unusable", LANGUAGES[-1], path=str(path), count=errors)
        raise StudyError(message, problems)
    return study


@plain_strings()
def check_study(path: str | Path) -> tuple[Study | None, tuple[Problem, ...]]:
    """Read a study and return it with every problem; it is None where it cannot be used.

    Bad input never raises. Problems stand with the errors first, else in the order of the
    layers and rows.
    """
    path = Path(path)
    path = path / "study.toml" if path.is_dir() else path
    file, problems = read_study_file(path)
    if file is None:
        return None, by_severity(problems)
    return Intake(file).run()


def _today() -> dt.date:
    return dt.date.today()  # noqa: DTZ011 - the user's own day


class Intake:
    """Reads one study, once; problems and input records gather in its log on the way."""

    def __init__(self, file: StudyFile) -> None:
        self.file = file
        self.log = StudyLog(file)

    def run(self) -> tuple[Study | None, tuple[Problem, ...]]:
        """Read everything and put it together."""
        log = self.log
        if self._ahead():
            log.say(ProblemCode.AS_OF_AHEAD, Severity.WARNING, value=f"{self.file.heading.as_of}")
        drafts = self._drafts()
        tables = {name: self._table(name) for name in _TABLES}
        self._check_standards()
        drafts = self._near(drafts)
        crs, fits = self._projection(drafts)
        settled: dict[str, Settled] = {}
        for name, draft in drafts.items():
            part, found = settle_draft(draft, crs)
            shapes, stacked = without_stacks(part.ledger, part.shapes)
            ledger, twice = with_houses(part.ledger, shapes, settled, crs, self.file.parameters)
            settled[name] = Settled(ledger, shapes)
            log.problems += (*found, *stacked, *twice)
        if not fits or not all(name in settled for name in _NEEDED):
            for name, part in settled.items():  # what could be read is told all the same
                log.count(name, part.ledger)
            return None, by_severity(log.problems)
        rows = drafts["gates"].ledger if "gates" in drafts else None
        settled = rough.with_rounding(settled)
        study = with_remarks_left(self._put_together(settled, tables, crs), settled)
        study = with_unclear_gates(study, rows, settled.get("gates"), self.file.aliases.residential)
        return with_homes(study, settled, self.file), study.problems

    def _put_together(
        self, settled: Mapping[str, Settled], tables: Mapping[str, Ledger | None], crs: str
    ) -> Study:
        layers, units, settled = join_layers(settled, crs, self.log)
        self.log.problems += (*scrutinise(settled, layers, units), *self._mistyped(layers))
        layers = rough.with_rounded_units(layers, settled, units.territories())
        layers["facilities"] = once_called(layers["facilities"], self.file.aliases.facilities)
        residential, facilities = layers["residential"], layers["facilities"]
        service, likely = self._sharing(settled, layers)
        travel = self._travel(tables["travel"], residential, facilities)
        made = {name: made_ids(part.ledger) for name, part in settled.items()}
        naming = [*(part.ledger for part in settled.values()), tables["travel"]]
        self.log.problems += made_references([one for one in naming if one is not None], made)
        exemptions = self._exemptions(tables["exemptions"], list(layers.values()), made)
        indicators = self._indicators(tables["indicators"])
        evidence = self._evidence(tables["evidence"])
        heading, streets = self.file.heading, study_streets(crs, residential, self.log)
        said = {
            name: said_units(settled[name].ledger.frame.loc[layer.frame.index], units)
            for name, layer in layers.items()
            if name != "units"
        }
        self.log.problems += self._datums(layers, said, service, streets, crs)
        return Study(
            name=heading.name,
            county=heading.county,
            standards=self.file.standards,
            as_of=heading.as_of,
            crs=crs,
            residential=residential,
            facilities=facilities,
            units=layers.get("units"),
            sharing=service,
            likely=likely,
            exemptions=exemptions,
            indicators=indicators,
            language=heading.language,
            parameters=self.file.parameters,
            readings=self.file.readings,
            candidates=layers.get("candidates"),
            gates=layers.get("gates"),
            gates_from=heading.gates or "given",
            buildings=layers.get("buildings"),
            streets=streets,
            travel=travel,
            headline=heading.headline,
            banners=(*heading.banners, *(("as_of_ahead",) if self._ahead() else ())),
            attribution=attribution(self.file, streets),
            inputs=tuple(self.log.inputs),
            problems=by_severity(self.log.problems),
            path=self.file.path,
            evidence=ticks(evidence),
            materials=evidence,
            map=MapSettings(
                **self.file.map.model_dump(include={f.name for f in fields(MapSettings)})
            ),
            basemap=self.file.basemap,
        )

    def _ahead(self) -> bool:
        """Return whether the study is judged on a day that has not come yet."""
        return self.file.heading.as_of > _today()

    def _mistyped(self, layers: Mapping[str, Layer]) -> tuple[Problem, ...]:
        listed = layers if self.file.layers.units else {**layers, "units": None}
        return county_of_none(listed, self.file.heading.county, self.file.path.name)

    def _sharing(
        self, settled: Mapping[str, Settled], layers: Mapping[str, Layer]
    ) -> tuple[pd.DataFrame, pd.DataFrame]:
        facilities, units = settled["facilities"].ledger, layers.get("units")
        residential = layers["residential"]
        beyond = BeyondNames(layers["facilities"], residential, units, self.file.parameters)
        aliases = self.file.aliases.residential
        service, likely, found = sharing(facilities, residential, aliases, beyond)
        self.log.problems += (*found, *overpromised(facilities, service, likely))
        self.log.problems += (*same_site_same_area(facilities), *canteens_alone(facilities))
        return service, rough.with_rough(likely, settled, layers, self.file.parameters)

    def _drafts(self) -> dict[str, Draft]:
        drafts, day = dict[str, Draft](), self.file.heading.as_of
        for name in _PLACED:
            options = getattr(self.file.layers, name)
            if options is None:
                continue
            draft, found = read_draft(self.file.sources(options), name, options, day)
            self.log.problems += found
            if draft is not None and getattr(options, "shapes", None) is not None:
                draft = self._outlined(draft, options.shapes)
            if draft is not None:
                ledger, found = parts_within_wholes(draft.ledger)
                self.log.problems += found
                if name == "residential":
                    persons = self.file.parameters.persons_per_household
                    self.log.problems += (*empty_estates(ledger), *people_planned(ledger, persons))
                    self.log.problems += (*class_and_year(ledger, day), *dates_in_order(ledger))
                    self.log.problems += homes_stood_in_for(ledger, self.file.readings)
                ledger, found = stage_within_its_row(ledger, day)
                ledger, more = on_the_day(ledger, day)
                self.log.unsay(name, hears)
                self.log.problems += (*found, *more)
                drafts[name] = Draft(ledger, draft.positions)
        if "units" in drafts:
            units = drafts.pop("units")
            before = units.ledger.at
            coded, found = with_listed_codes(units.ledger, self.file.heading.county)
            self.log.problems += found
            if coded is None:
                return drafts
            ledger, found = describe_units(coded, self.file.heading.county)
            self.log.problems += found
            kept = np.isin(before, ledger.at)
            positions = type(units.positions)(units.positions.shapes[kept], units.positions.crs)
            drafts["units"] = Draft(ledger, positions)
        meant = of_their_parts({name: draft.ledger for name, draft in drafts.items()})
        return {name: Draft(meant[name], draft.positions) for name, draft in drafts.items()}

    def _outlined(self, draft: Draft, options: LayerOptions) -> Draft:
        """Return a table of residential areas with the outlines of a file, joined by name."""
        outlines, found = read_draft(self.file.sources(options), "shapes", options)
        self.log.problems += found
        if outlines is None:
            return draft
        given = self.file.layers.residential
        declared = given.coordinates if given is not None else None
        aliases = self.file.aliases.residential
        draft, outlines, found = with_outlines(draft, outlines, aliases, declared)
        self.log.problems += found
        self.log.record("shapes", options, outlines.ledger)
        return draft

    def _table(self, name: str) -> Ledger | None:
        options = getattr(self.file.layers, name)
        if options is None:
            return None
        ledger, found = read_ledger(self.file.sources(options), name, options)
        self.log.problems += found
        return ledger

    def _check_standards(self) -> None:
        for written, resolved in zip(self.file.heading.standard, self.file.standards, strict=True):
            own = written.lower().endswith((".toml", ".xlsx"))
            if own and not self.file.resolve(written).is_file():
                missing = ProblemCode.FILE_MISSING
                self.log.say(missing, Severity.ERROR, file=written, value=resolved)

    def _near(self, drafts: dict[str, Draft]) -> dict[str, Draft]:
        """Return the layers without rows, and without layers, that no county can have."""
        for name, draft in drafts.items():
            positions, found = without_far_rows(draft.ledger, draft.positions)
            self.log.problems += found
            drafts[name] = Draft(draft.ledger, positions)
        far = far_layers({name: (d.ledger, d.positions) for name, d in drafts.items()})
        self.log.problems += far.values()
        return {name: draft for name, draft in drafts.items() if name not in far}

    def _projection(self, drafts: dict[str, Draft]) -> tuple[str, bool]:
        """Return the CRS of the study, and whether it can be used where the places are."""
        positions = [draft.positions for draft in drafts.values()]
        chosen, known = choose_projection(positions)
        typed = self.file.heading.crs
        if typed is None:
            if known:
                name = CRS.from_user_input(chosen).name
                self.log.say(ProblemCode.PROJECTION_CHOSEN, Severity.INFO, crs=chosen, name=name)
            return chosen, True
        if fits_zone(typed, positions):
            return typed, True
        name = CRS.from_user_input(typed).name
        wrong = ProblemCode.PROJECTION_WRONG
        self.log.say(wrong, Severity.ERROR, value=typed, name=name, crs=chosen)
        return chosen, False

    def _travel(
        self, ledger: Ledger | None, residential: Layer, facilities: Layer
    ) -> TravelTable | None:
        options = self.file.layers.travel
        if ledger is None or options is None:
            return None
        table, ledger, found = travelled(
            ledger, residential, facilities, options, self.file.aliases
        )
        self.log.problems += found
        self.log.count("travel", ledger)
        return table

    def _exemptions(
        self, ledger: Ledger | None, layers: list[Layer], made: Mapping[str, Mapping[str, str]]
    ) -> pd.DataFrame:
        if ledger is None:
            return pd.DataFrame(columns=list(_EXEMPTION_COLUMNS), dtype=object)
        ledger, aside, not_held = without_not_held(ledger, self.file.heading.as_of)
        self.log.unsay("exemptions", decides)
        ledger, refused = exempt_by_name(ledger, layers, made)
        numbers = {key for one in made.values() for key in one}
        self.log.problems += (*not_held, *refused, *exempted(ledger, layers, numbers))
        self.log.count("exemptions", ledger)
        aside, _ = exempt_by_name(aside, layers, made)
        tables = [
            placed(one, "clause")[[*_EXEMPTION_COLUMNS, *PLACE_COLUMNS]].assign(not_held=not held)
            for one, held in ((ledger, True), (aside, False))
            if len(one.frame) or held
        ]
        return exempt_perhaps(pd.concat(tables, ignore_index=True), layers, numbers)

    def _datums(
        self,
        layers: dict[str, Layer],
        said: Mapping[str, pd.DataFrame],
        service: pd.DataFrame,
        streets: StreetLines | None,
        crs: str,
    ) -> tuple[Problem, ...]:
        """Return a warning for each layer that lies as another datum would, beside the others."""
        given = {name: getattr(self.file.layers, name) for name in (*_PLACED, "streets")}
        drawn = {
            name: getattr(options, "shapes", None) or options for name, options in given.items()
        }
        sources = {
            name: ("、".join(options.paths), options.coordinates or "cgcs2000")
            for name, options in drawn.items()
            if options is not None
        }
        degrees = {name for name, one in given.items() if one is not None and one.coordinates}
        return datum_problems(layers, said, service, streets, sources, crs, degrees=degrees)

    def _indicators(self, ledger: Ledger | None) -> pd.DataFrame:
        table, found = indicator_table(self.file.indicators, ledger)
        self.log.problems += found
        if ledger is not None:
            self.log.count("indicators", ledger)
        return table

    def _evidence(self, ledger: Ledger | None) -> pd.DataFrame:
        if ledger is not None:
            self.log.count("evidence", ledger)
        return evidence_table(self.file.evidence, ledger, self.file.path.name)
