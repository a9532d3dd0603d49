"""From a study file to a Study: every layer read, placed, joined, and every problem collected."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from lifecircle.errors import StudyError
from lifecircle.intake.layers import (
    Draft,
    Settled,
    as_layer,
    read_draft,
    read_ledger,
    settle_draft,
)
from lifecircle.intake.projection import choose_projection
from lifecircle.intake.references import exempted, owned, same_site_same_area, sharing, travelled
from lifecircle.intake.rows import texts
from lifecircle.intake.study_file import StudyFile, read_study_file
from lifecircle.intake.units import Gazetteer, describe_units
from lifecircle.model.problem import Problem, ProblemCode, Severity
from lifecircle.model.reach import TravelTable
from lifecircle.model.study import InputRecord, Study
from lifecircle.sources.tables import fingerprint
from lifecircle.texts import LANGUAGES, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lifecircle.model.layers import Layer
    from lifecircle.model.streets import StreetLines

__all__ = ["check_study", "read_study"]

_NEEDED = ("residential", "facilities")
_PLACED = ("residential", "facilities", "units", "candidates", "gates", "buildings")
_FAR_M = 20_000.0
"""A facility farther than this from every residential area's bounding box is worth a look."""
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
        return None, _sorted(problems)
    return _Intake(file).run()


def _sorted(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    order = list(Severity)
    return tuple(sorted(problems, key=lambda problem: order.index(problem.severity)))


class _Intake:
    """One reading of a study: collects problems and input records on the way."""

    def __init__(self, file: StudyFile) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.inputs: list[InputRecord] = [self._record("study", file.path.name, 0, 0)]

    def run(self) -> tuple[Study | None, tuple[Problem, ...]]:
        """Read everything and put it together."""
        drafts = self._drafts()
        exemption_rows = self._table("exemptions")
        travel_rows = self._table("travel")
        self._check_standards()
        crs = self._projection(drafts)
        settled: dict[str, Settled] = {}
        for name, draft in drafts.items():
            settled[name], found = settle_draft(draft, crs)
            self.problems += found
        if not all(name in settled for name in _NEEDED):
            return None, _sorted(self.problems)

        layers = self._layers(settled, crs)
        residential, facilities = layers["residential"], layers["facilities"]
        service, found = sharing(settled["facilities"].ledger, residential)
        self.problems += found
        self.problems += same_site_same_area(settled["facilities"].ledger)
        self._outliers(settled, residential)
        travel = self._travel(travel_rows, residential, facilities)
        exemptions = self._exemptions(exemption_rows, list(layers.values()))
        streets = self._streets(crs, residential)

        heading = self.file.heading
        problems = _sorted(self.problems)
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
            indicators=self._indicators(),
            language=heading.language,
            parameters=self.file.parameters,
            readings=self.file.readings,
            candidates=layers.get("candidates"),
            gates=layers.get("gates"),
            buildings=layers.get("buildings"),
            streets=streets,
            travel=travel,
            headline=heading.headline,
            banners=tuple(heading.banners),
            attribution=tuple(heading.attribution),
            inputs=tuple(self.inputs),
            problems=problems,
            path=self.file.path,
            evidence=_ticked(self.file.evidence),
        ), problems

    def _drafts(self) -> dict[str, Draft]:
        drafts = {}
        for name in _PLACED:
            options = getattr(self.file.layers, name)
            if options is None:
                continue
            draft, found = read_draft(self.file.resolve(options.path), name, options)
            self.problems += found
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

    def _table(self, name: str) -> Any:
        options = getattr(self.file.layers, name)
        if options is None:
            return None
        ledger, found = read_ledger(self.file.resolve(options.path), name, options)
        self.problems += found
        return ledger

    def _check_standards(self) -> None:
        for written, resolved in zip(self.file.heading.standard, self.file.standards, strict=True):
            if written.lower().endswith(".toml") and not self.file.resolve(written).is_file():
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
            layers["units"] = self._finished("units", settled["units"], None, crs)
        gazetteer = Gazetteer(layers.get("units"))
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
            layers[name] = self._finished(name, settled[name], frame, crs)
        for name in ("gates", "buildings"):
            if name not in settled:
                continue
            part = settled[name]
            owners, found = owned(part.ledger, part.shapes, layers["residential"])
            self.problems += found
            frame = part.ledger.frame.assign(residential=texts(owners, part.ledger.frame.index))
            if name == "gates":  # a gate of nobody is no gate
                lost = frame["residential"].isna().to_numpy()
                part, frame = part.without(lost), frame[~lost]
            layers[name] = self._finished(name, part, frame, crs)
        return layers

    def _finished(self, name: str, part: Settled, frame: pd.DataFrame | None, crs: str) -> Layer:
        self._count(name, part.ledger)
        return as_layer(name, part.ledger.frame if frame is None else frame, part.shapes, crs)

    def _count(self, name: str, ledger: Any) -> None:
        options = getattr(self.file.layers, name)
        record = self._record(name, options.path, len(ledger.frame), ledger.set_aside)
        self.inputs.append(record)

    def _record(self, layer: str, written: str, used: int, set_aside: int) -> InputRecord:
        digest = fingerprint(self.file.resolve(written))
        return InputRecord(layer, written, digest, used + set_aside, used, set_aside)

    def _outliers(self, settled: dict[str, Settled], residential: Layer) -> None:
        """Warn of facilities far from everyone: often a mistyped degree or another datum."""
        located = residential.frame.geometry[residential.located]
        if located.empty:
            return
        box = shapely.box(*located.total_bounds)
        part = settled["facilities"]
        for row, distance in enumerate(shapely.distance(part.shapes, box)):
            if distance > _FAR_M:
                self.problems.append(
                    part.ledger.problem(
                        ProblemCode.GEOMETRY_OUTSIDE,
                        Severity.WARNING,
                        row,
                        distance_m=round(float(distance)),
                    )
                )

    def _travel(self, ledger: Any, residential: Layer, facilities: Layer) -> TravelTable | None:
        options = self.file.layers.travel
        if ledger is None or options is None:
            return None
        frame, ledger, found = travelled(ledger, residential, facilities, options.limit)
        self.problems += found
        self._count("travel", ledger)
        return TravelTable(frame, options.unit, options.limit, method="given")

    def _exemptions(self, ledger: Any, layers: list[Layer]) -> pd.DataFrame:
        if ledger is None:
            return pd.DataFrame(columns=list(_EXEMPTION_COLUMNS), dtype=object)
        self.problems += exempted(ledger, layers)
        self._count("exemptions", ledger)
        return ledger.frame.loc[:, list(_EXEMPTION_COLUMNS)].reset_index(drop=True)

    def _indicators(self) -> pd.DataFrame:
        given = self.file.indicators.items()
        return pd.DataFrame(
            [(key, one.numerator, one.denominator, one.source) for key, one in given],
            columns=["id", "numerator", "denominator", "source"],
        ).astype({"id": object, "numerator": float, "denominator": float, "source": object})

    def _streets(self, crs: str, residential: Layer) -> StreetLines | None:
        options = self.file.layers.streets
        if options is None:
            return None
        from lifecircle.intake.streets import read_streets  # noqa: PLC0415 - OSM readers, if needed

        located = residential.frame.geometry[residential.located]
        west, south, east, north = map(float, located.total_bounds)
        near = None if located.empty else (west, south, east, north)
        path = self.file.resolve(options.path)
        lines, found = read_streets(
            path,
            crs=crs,
            source_crs=options.crs,
            coordinates=options.coordinates,
            layer=options.layer,
            near=near,
        )
        self.problems += found
        if lines is not None:
            self.inputs.append(self._record("streets", options.path, len(lines), 0))
        return lines


def _ticked(evidence: Mapping[str, Any]) -> dict[str, bool]:
    """Return item → whether it is there, from ``item = true`` or ``item = { present = true }``."""
    found = {k: v.get("present") if isinstance(v, dict) else v for k, v in evidence.items()}
    return {k: v for k, v in found.items() if isinstance(v, bool)}
