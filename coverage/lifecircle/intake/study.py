"""From a study file to a Study: every layer read, placed, joined, and every problem collected."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from pyproj import CRS

from lifecircle.errors import StudyError
from lifecircle.intake.doubts.bonds import datum_problems
from lifecircle.intake.doubts.scrutiny import scrutinise
from lifecircle.intake.evidence import evidence_table, indicator_table, placed, ticks
from lifecircle.intake.joins.boundaries import with_outlines
from lifecircle.intake.joins.elders import apportion_elders
from lifecircle.intake.joins.references import (
    exempted,
    owned,
    same_site_same_area,
    sharing,
    travelled,
)
from lifecircle.intake.joins.units import Gazetteer, describe_units
from lifecircle.intake.layers import (
    Draft,
    Settled,
    as_layer,
    read_draft,
    read_ledger,
    settle_draft,
)
from lifecircle.intake.ledger.rows import texts
from lifecircle.intake.places.projection import choose_projection
from lifecircle.intake.places.seats import with_seats
from lifecircle.intake.settings.file import StudyFile, read_study_file
from lifecircle.model.inputs.map_settings import MapSettings
from lifecircle.model.inputs.study import PLACE_COLUMNS, InputRecord, Study
from lifecircle.model.problem import Problem, ProblemCode, Severity, by_severity
from lifecircle.model.reach import TravelTable
from lifecircle.sources.database import shown_source
from lifecircle.sources.tables.files import fingerprint
from lifecircle.texts import LANGUAGES, say

if TYPE_CHECKING:
    from lifecircle.intake.settings.schema import LayerOptions
    from lifecircle.model.inputs.layers import Layer
    from lifecircle.model.inputs.streets import StreetLines

__all__ = ["Intake", "check_study", "read_study"]

_NEEDED = ("residential", "facilities")
_OSM_SUFFIXES = (".osm", ".osm.bz2", ".osm.gz", ".pbf", ".graphml")
_OSM_CREDIT = "© OpenStreetMap contributors, ODbL 1.0"
_PLACED = ("residential", "facilities", "units", "candidates", "gates", "buildings")
_EXEMPTION_COLUMNS = ("id", "clause", "reason", "reference", "until")


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


class Intake:
    """One reading of a study: collects problems and input records on the way."""

    def __init__(self, file: StudyFile) -> None:
        self.file = file
        self.problems: list[Problem] = []
        own = InputRecord("study", file.path.name, fingerprint(file.path), 0, 0, 0)
        self.inputs: list[InputRecord] = [own]

    def run(self) -> tuple[Study | None, tuple[Problem, ...]]:
        """Read everything and put it together."""
        drafts = self._drafts()
        exemption_rows = self._table("exemptions")
        indicator_rows = self._table("indicators")
        evidence_rows = self._table("evidence")
        travel_rows = self._table("travel")
        self._check_standards()
        crs = self._projection(drafts)
        settled: dict[str, Settled] = {}
        for name, draft in drafts.items():
            settled[name], found = settle_draft(draft, crs)
            self.problems += found
        if not all(name in settled for name in _NEEDED):
            for name, part in settled.items():  # what could be read is told all the same
                self._count(name, part.ledger)
            return None, by_severity(self.problems)

        layers = self._layers(settled, crs)
        residential, facilities = layers["residential"], layers["facilities"]
        named = self.file.aliases.residential
        service, found = sharing(settled["facilities"].ledger, residential, named)
        self.problems += found
        self.problems += same_site_same_area(settled["facilities"].ledger)
        travel = self._travel(travel_rows, residential, facilities)
        exemptions = self._exemptions(exemption_rows, list(layers.values()))
        indicators = self._indicators(indicator_rows)
        evidence = self._evidence(evidence_rows)
        streets = self._streets(crs, residential)
        self.problems += self._datums(layers, settled, service, streets, crs)

        heading = self.file.heading
        problems = by_severity(self.problems)
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
            banners=tuple(heading.banners),
            attribution=self._attribution(heading.attribution, streets),
            inputs=tuple(self.inputs),
            problems=problems,
            path=self.file.path,
            evidence=ticks(evidence),
            materials=evidence,
            map=MapSettings(
                **self.file.map.model_dump(include={f.name for f in fields(MapSettings)})
            ),
            basemap=self.file.basemap,
        ), problems

    def _drafts(self) -> dict[str, Draft]:
        drafts = {}
        for name in _PLACED:
            options = getattr(self.file.layers, name)
            if options is None:
                continue
            draft, found = read_draft(self.file.source(options.path), name, options)
            self.problems += found
            if draft is not None and getattr(options, "shapes", None) is not None:
                draft = self._outlined(draft, options.shapes)
            if draft is not None:
                drafts[name] = draft
        if "units" in drafts:
            units = drafts["units"]
            before = units.ledger.at
            ledger, found = describe_units(units.ledger)
            self.problems += found
            kept = np.isin(before, ledger.at)
            places = type(units.places)(units.places.shapes[kept], units.places.crs)
            drafts["units"] = Draft(ledger, places)
        return drafts

    def _outlined(self, draft: Draft, options: LayerOptions) -> Draft:
        """Return a table of residential areas with the outlines of a file, joined by name."""
        outlines, found = read_draft(self.file.source(options.path), "shapes", options)
        self.problems += found
        if outlines is None:
            return draft
        draft, outlines, found = with_outlines(draft, outlines, self.file.aliases.residential)
        self.problems += found
        ledger = outlines.ledger
        self.inputs.append(self._record("shapes", options, len(ledger.frame), ledger.set_aside))
        return draft

    def _table(self, name: str) -> Any:
        options = getattr(self.file.layers, name)
        if options is None:
            return None
        ledger, found = read_ledger(self.file.source(options.path), name, options)
        self.problems += found
        return ledger

    def _check_standards(self) -> None:
        for written, resolved in zip(self.file.heading.standard, self.file.standards, strict=True):
            if (
                written.lower().endswith((".toml", ".xlsx"))
                and not self.file.resolve(written).is_file()
            ):
                self.problems.append(
                    Problem(
                        ProblemCode.FILE_MISSING,
                        Severity.ERROR,
                        layer="study",
                        file=written,
                        value=resolved,
                    )
                )

    def _projection(self, drafts: dict[str, Draft]) -> str:
        if self.file.heading.crs is not None:
            return self.file.heading.crs
        crs, chosen = choose_projection([draft.places for draft in drafts.values()])
        if chosen:
            name = CRS.from_user_input(crs).name
            self.problems.append(
                Problem(
                    ProblemCode.PROJECTION_CHOSEN,
                    Severity.INFO,
                    {"crs": crs, "name": name},
                    layer="study",
                    file=self.file.path.name,
                )
            )
        return crs

    def _layers(self, settled: dict[str, Settled], crs: str) -> dict[str, Layer]:
        layers: dict[str, Layer] = {}
        if "units" in settled:
            units = self.file.layers.units
            frame, found = (
                (None, ()) if units is None else with_seats(settled["units"].ledger, units, crs)
            )
            self.problems += found
            layers["units"] = self._finished("units", settled["units"], frame, crs)
        aliases = self.file.aliases.units
        gazetteer = Gazetteer(layers.get("units"), aliases)
        for written in gazetteer.unknown_aliases():
            self.problems.append(
                Problem(
                    ProblemCode.ALIAS_UNKNOWN,
                    Severity.WARNING,
                    {"key": written},
                    layer="study",
                    file=self.file.path.name,
                    value=aliases[written],
                )
            )
        for name in ("residential", "facilities", "candidates"):
            if name not in settled:
                continue
            frame, found = gazetteer.place(settled[name].ledger, list(settled[name].shapes))
            self.problems += found
            if name == "residential":
                settings = [
                    own or gazetteer.setting(code)
                    for own, code in zip(frame["setting"], frame["community"], strict=True)
                ]
                frame["setting"] = texts(settings, frame.index)
                ledger, language = settled[name].ledger, self.file.heading.language
                frame, found = apportion_elders(frame, gazetteer.frame, ledger, language)
                self.problems += found
            layers[name] = self._finished(name, settled[name], frame, crs)
        for name in ("gates", "buildings"):
            if name not in settled:
                continue
            part = settled[name]
            owners, found = owned(
                part.ledger, part.shapes, layers["residential"], self.file.aliases.residential
            )
            self.problems += found
            frame = part.ledger.frame.assign(residential=texts(owners, part.ledger.frame.index))
            if name == "gates":  # a gate of nobody is no gate
                lost = frame["residential"].isna().to_numpy()
                part, frame = part.without(lost), frame[~lost]
            layers[name] = self._finished(name, part, frame, crs)
        self.problems += scrutinise(settled, layers, gazetteer)
        return layers

    def _finished(self, name: str, part: Settled, frame: pd.DataFrame | None, crs: str) -> Layer:
        self._count(name, part.ledger)
        return as_layer(name, part.ledger.frame if frame is None else frame, part.shapes, crs)

    def _count(self, name: str, ledger: Any) -> None:
        options = getattr(self.file.layers, name)
        record = self._record(name, options, len(ledger.frame), ledger.set_aside)
        self.inputs.append(record)

    def _record(self, layer: str, options: Any, used: int, set_aside: int) -> InputRecord:
        source = self.file.source(options.path)
        table = getattr(options, "layer", None)
        digest, shown = fingerprint(source, table), shown_source(options.path, table)
        return InputRecord(layer, shown, digest, used + set_aside, used, set_aside)

    def _travel(self, ledger: Any, residential: Layer, facilities: Layer) -> TravelTable | None:
        options = self.file.layers.travel
        if ledger is None or options is None:
            return None
        frame, ledger, found = travelled(
            ledger, residential, facilities, options.limit, self.file.aliases
        )
        self.problems += found
        self._count("travel", ledger)
        return TravelTable(frame, options.unit, options.limit, method="given")

    def _exemptions(self, ledger: Any, layers: list[Layer]) -> pd.DataFrame:
        if ledger is None:
            return pd.DataFrame(columns=list(_EXEMPTION_COLUMNS), dtype=object)
        self.problems += exempted(ledger, layers)
        self._count("exemptions", ledger)
        return placed(ledger, "clause")[[*_EXEMPTION_COLUMNS, *PLACE_COLUMNS]]

    def _datums(
        self,
        layers: dict[str, Layer],
        settled: dict[str, Settled],
        service: pd.DataFrame,
        streets: StreetLines | None,
        crs: str,
    ) -> tuple[Problem, ...]:
        """Return a warning for each layer that lies as another datum would, beside the others."""
        given = {name: getattr(self.file.layers, name) for name in (*_PLACED, "streets")}
        sources = {
            name: (options.path or "", options.coordinates or "cgcs2000")
            for name, options in given.items()
            if options is not None
        }
        written = {
            name: settled[name].ledger.frame.loc[layer.frame.index]
            for name, layer in layers.items()
        }
        return datum_problems(layers, written, service, streets, sources, crs)

    def _attribution(self, typed: list[str], streets: StreetLines | None) -> tuple[str, ...]:
        """Return what the study says, and OpenStreetMap's where its streets are used (ODbL 4.3)."""
        options = self.file.layers.streets
        place = getattr(options, "place", None)
        path = str(getattr(options, "path", None) or "").lower()
        osm = streets is not None and (place or path.endswith(_OSM_SUFFIXES))
        said = any("openstreetmap" in line.lower() for line in typed)
        return (*typed, _OSM_CREDIT) if osm and not said else tuple(typed)

    def _indicators(self, ledger: Any) -> pd.DataFrame:
        table, found = indicator_table(self.file.indicators, ledger)
        self.problems += found
        if ledger is not None:
            self._count("indicators", ledger)
        return table

    def _evidence(self, ledger: Any) -> pd.DataFrame:
        if ledger is not None:
            self._count("evidence", ledger)
        return evidence_table(self.file.evidence, ledger, self.file.path.name)

    def _streets(self, crs: str, residential: Layer) -> StreetLines | None:
        options = self.file.layers.streets
        if options is None:
            return None
        from lifecircle.intake.streets.lines import read_streets  # noqa: PLC0415 - OSM readers, if needed
        from lifecircle.intake.streets.named_place import place_streets  # noqa: PLC0415

        located = residential.frame.geometry[residential.located]
        west, south, east, north = map(float, located.total_bounds)
        near = None if located.empty else (west, south, east, north)
        if options.path is not None:
            written, source = options.path, self.file.source(options.path)
        else:
            kept, found = place_streets(str(options.place))
            self.problems += found
            if kept is None:
                return None
            written, source = f"OpenStreetMap: {options.place}", kept
        lines, found = read_streets(
            source,
            crs=crs,
            source_crs=options.crs,
            coordinates=options.coordinates,
            layer=options.layer,
            near=near,
        )
        self.problems += found
        if lines is not None:
            digest = fingerprint(source, options.layer)
            count = len(lines)
            shown = shown_source(written, options.layer)
            self.inputs.append(InputRecord("streets", shown, digest, count, count, 0))
        return lines
