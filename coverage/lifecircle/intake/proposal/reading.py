"""A development proposal: one file becomes a Proposal in a study's terms, or a table of problems.

Columns, values, datums and shapes are understood as those of a study. But a proposal is small and
goes back to the applicant: what cannot be read is an error here, not a gap to be judged around.
"""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lifecircle.errors import ProposalError
from lifecircle.intake.joins.references import SHARING_COLUMNS, Names, same_site_same_area, sharing
from lifecircle.intake.joins.units import Gazetteer
from lifecircle.intake.layers import Settled, as_layer, understood
from lifecircle.intake.ledger.mojibake import garbled
from lifecircle.intake.ledger.rows import texts
from lifecircle.intake.ledger.values import is_blank, missing, split_serves
from lifecircle.intake.places.positions import locate, reproject, settle
from lifecircle.intake.proposal.figures import figure_problems, floor_problems
from lifecircle.intake.proposal.frames import free_ids, nothing_planned, shaped
from lifecircle.intake.proposal.places import plot_problems, with_places
from lifecircle.intake.settings.schema import LayerOptions
from lifecircle.model.dictionary import columns, fold, kinds
from lifecircle.model.inputs.layers import Layer
from lifecircle.model.inputs.proposal import FACTS, Proposal, Supplement
from lifecircle.model.inputs.study import InputRecord
from lifecircle.model.problem import Problem, ProblemCode, Severity, by_severity, worst
from lifecircle.sources.proposal_file import SUFFIXES, read_parts
from lifecircle.sources.tables.files import RawTable, fingerprint
from lifecircle.texts import LANGUAGES, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lifecircle.model.inputs.study import Study

__all__ = ["PROPOSAL_SUFFIXES", "check_proposal", "read_proposal"]

PROPOSAL_SUFFIXES = SUFFIXES
"""File name endings of proposals."""

_STRICT = frozenset(
    {
        ProblemCode.NUMBER_UNREADABLE,
        ProblemCode.DATE_UNREADABLE,
        ProblemCode.CELL_ERROR,
        ProblemCode.MERGED_NUMBER,
        ProblemCode.KIND_UNKNOWN,
        ProblemCode.STAGE_UNKNOWN,
        ProblemCode.WORD_UNKNOWN,
        ProblemCode.CODE_UNKNOWN,
        ProblemCode.NAME_NEAR,
        ProblemCode.REFERENCE_UNKNOWN,
        ProblemCode.COORDINATE_RANGE,
        ProblemCode.COORDINATES_SWAPPED,
        ProblemCode.GEOMETRY_TYPE,
        ProblemCode.GEOMETRY_REPEATED,
        ProblemCode.AREAS_OVERLAP,
    }
)
"""Warnings of a study that are errors of a proposal: the applicant can put them right."""

_DATUMS = {
    "wgs84": ("wgs84", "wgs-84", "wgs1984"),
    "cgcs2000": ("cgcs2000", "国家2000", "国家大地2000", "2000国家大地坐标系", "大地2000"),
    "gcj02": ("gcj02", "gcj-02", "火星坐标", "火星坐标系", "高德", "腾讯"),
    "bd09": ("bd09", "bd-09", "百度", "百度坐标", "百度坐标系"),
}
_INHERITED = ("unit", "community", "age_class", "setting")
"""What a plot has from the project where it does not say it itself."""
_ONE_PLOT = ("households_planned", "population", "required_m2")
"""The project's figures that are the plot's where there is only one."""
_DATES = tuple(
    f"{care}{stage}_on"
    for stage in ("planned", "built", "accepted", "delivered")
    for care in ("", "care_")
)
_WHOLE_M = 1.0
"""Households by which the plots may differ from the project's total."""


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
        return None, by_severity(found)
    reading = _Reading(path, study, parts.spots)
    reading.problems += found
    proposal = reading.run(parts.tables)
    problems = by_severity(reading.problems)
    if proposal is None or worst(problems) is Severity.ERROR:
        return None, problems
    return dataclasses.replace(proposal, problems=problems), problems


class _Reading:
    """One reading of a proposal: collects problems on the way."""

    def __init__(
        self, path: Path, study: Study, spots: Mapping[str, tuple[int, str | None]]
    ) -> None:
        self.path, self.study, self.spots = path, study, spots
        self.problems: list[Problem] = []
        self.gazetteer = Gazetteer(study.units)
        self.facts: dict[str, Any] = {}
        self.lost: list[str] = []

    def run(self, tables: Mapping[str, RawTable]) -> Proposal | None:
        """Read the parts and put them together."""
        self.facts = self._project(tables.get("project"))
        plots = self._placed(tables.get("plots"), "plots")
        if plots is None:
            if "plots" not in tables:
                self._say(ProblemCode.LAYER_EMPTY, layer="plots")
            return None
        plots = self._plots(plots)
        area = self._area_layer(plots)
        removes = self._named("removes", self.study.facilities)
        replaces = self._named("replaces", self.study.residential)
        self.problems += plot_problems(plots, self.study, self.gazetteer, replaces)
        planned = self._placed(tables.get("planned"), "planned")
        planned = nothing_planned(self.path.name) if planned is None else planned
        limit = self.study.parameters.own_tolerance_m
        self.problems += figure_problems(self.facts, planned.ledger, self.path.name)
        self.problems += floor_problems(planned.ledger)
        planned, homes, found = with_places(planned, plots, limit)
        self._tell(found)
        self.problems += same_site_same_area(planned.ledger)
        facilities, supplements = self._facility_layer(planned, homes, area)
        relations = self._sharing(planned, area, facilities, homes)
        name = self.facts["name"]
        if name is None:
            supplements.insert(0, Supplement("project", "", self.path.stem, "name"))
        if len(area) > 1 and not math.isnan(self.facts["required_m2"]):
            silent = area.frame.index[area.frame["required_m2"].isna()]
            supplements += [
                Supplement("plots", str(i), str(area.frame.at[i, "name"]), "required_m2")
                for i in silent
            ]
        return Proposal(
            name=name or self.path.stem,
            number=self.facts["id"],
            facts={k: self.facts[k] for k in FACTS if not _gap(self.facts[k])},
            plots=area,
            facilities=facilities,
            sharing=relations,
            removes=removes,
            replaces=replaces,
            supplements=tuple(supplements),
            inputs=(self._record(tables),),
            illustrative=self.facts["illustrative"] is True,
            path=self.path,
        )

    def _record(self, tables: Mapping[str, RawTable]) -> InputRecord:
        rows = sum(len(raw) for raw in tables.values())
        return InputRecord("proposal", self.path.name, fingerprint(self.path), rows, rows, 0)

    def _say(
        self, code: ProblemCode, severity: Severity = Severity.ERROR, *, layer: str, **params: Any
    ) -> None:
        self.problems.append(Problem(code, severity, params, layer=layer, file=self.path.name))

    def _tell(self, found: Iterable[Problem]) -> None:
        """Keep what was found; what the applicant can put right is an error."""
        for problem in found:
            one = problem
            if one.code in _STRICT and one.severity is Severity.WARNING:
                one = dataclasses.replace(one, severity=Severity.ERROR)
            if one.layer == "project" and one.column is not None and one.column in self.spots:
                row, cell = self.spots[one.column]
                one = dataclasses.replace(one, row=row, cell=cell)
            self.problems.append(one)

    def _project(self, raw: RawTable | None) -> dict[str, Any]:
        """Return the facts of the project, every column of the dictionary."""
        blank = {name: missing(spec.type) for name, spec in columns("project").items()}
        if raw is None:
            return blank
        self.problems += garbled(raw)
        ledger, found = understood(raw, {})
        self._tell(p for p in found if p.code is not ProblemCode.LAYER_EMPTY)
        if ledger is None:
            return blank
        return {name: ledger.frame[name].iloc[0] for name in blank}

    def _options(self) -> LayerOptions:
        said = self.facts["coordinates"]
        if said is None:
            return LayerOptions(path=self.path.name)
        datum = next((d for d, names in _DATUMS.items() if fold(said) in names), None)
        if datum is not None:
            return LayerOptions(path=self.path.name, coordinates=datum)  # type: ignore[arg-type]
        return LayerOptions(path=self.path.name, crs=said)

    def _placed(self, raw: RawTable | None, part: str) -> Settled | None:
        """Return the rows of a part with their shapes in the study's CRS."""
        if raw is None:
            return None
        self.problems += garbled(raw)
        ledger, found = understood(raw, {})
        self._tell(p for p in found if part == "plots" or p.code is not ProblemCode.LAYER_EMPTY)
        if ledger is None:
            return None
        places, found = locate(ledger, self._options())
        if part == "plots":  # a plot is a place before all else
            found = tuple(
                dataclasses.replace(p, severity=Severity.ERROR)
                if p.code is ProblemCode.GEOMETRY_MISSING
                else p
                for p in found
            )
        else:  # the plot says where it is
            found = tuple(p for p in found if p.code is not ProblemCode.GEOMETRY_MISSING)
        self._tell(found)
        if places is None:
            return None
        shapes, found = settle(ledger, reproject(places, self.study.crs))
        self._tell(found)
        return Settled(ledger, shapes)

    def _plots(self, plots: Settled) -> Settled:
        """Return the plots with names, and with what the project says for them."""
        frame = plots.ledger.frame.copy()
        names = [n or i for n, i in zip(frame["name"], frame.index, strict=True)]
        if len(frame) == 1 and frame["name"].iloc[0] is None and self.facts["name"]:
            names = [self.facts["name"]]
        frame["name"] = texts(names, frame.index)
        for column in _INHERITED:
            frame[column] = texts(
                [self.facts[column] if v is None else v for v in frame[column]], frame.index
            )
        if len(frame) == 1:
            for column in _ONE_PLOT:
                frame[column] = frame[column].fillna(self.facts[column])
        # the plots of one file are one project, numbered or not (A1)
        number = self.facts["id"] or (self.path.name if len(frame) > 1 else None)
        frame["project"] = texts([v or number for v in frame["project"]], frame.index)
        ledger = dataclasses.replace(plots.ledger, frame=frame)
        total = self.facts["households_planned"]
        homes = frame["households_planned"].to_numpy(float)
        for row in np.flatnonzero(np.isnan(homes) | (homes.sum() == 0)):
            self.problems.append(
                ledger.problem(
                    ProblemCode.PLOT_NO_HOUSEHOLDS,
                    Severity.ERROR,
                    int(row),
                    "households_planned",
                    plot=names[row],
                )
            )
        added = float(homes.sum())
        if not math.isnan(total) and abs(added - total) >= _WHOLE_M:
            differ = ProblemCode.HOUSEHOLDS_DIFFER
            self._say(differ, layer="plots", total=float(total), added=added)
        return dataclasses.replace(plots, ledger=ledger)

    def _area_layer(self, plots: Settled) -> Layer:
        """Return the plots as residential areas: planned, new, where they do not say otherwise."""
        frame, found = self.gazetteer.place(plots.ledger, list(plots.shapes))
        self._tell(found)
        settings = [
            own or self.gazetteer.setting(code)
            for own, code in zip(frame["setting"], frame["community"], strict=True)
        ]
        frame["setting"] = texts(settings, frame.index)
        frame["stage"] = texts([v or "planned" for v in frame["stage"]], frame.index)
        frame["age_class"] = texts([v or "new" for v in frame["age_class"]], frame.index)
        for column in (*_DATES, "civil_affairs_review", "illustrative"):
            frame[column] = texts([self.facts[column]] * len(frame), frame.index)
        table = shaped("residential", frame)
        table["land_area_m2"] = frame["land_area_m2"].to_numpy(float)
        table.index = free_ids(table.index, self.study.residential.frame.index)
        shapes = plots.shapes
        known = np.array([s is not None for s in shapes], dtype=bool)
        return as_layer("residential", table[known], shapes[known], self.study.crs)

    def _facility_layer(
        self, planned: Settled, homes: list[int | None], area: Layer
    ) -> tuple[Layer, list[Supplement]]:
        frame = planned.ledger.frame
        table = shaped("facilities", frame)
        specs = kinds()
        titles = [
            "、".join(sorted(specs[k].title["zh"] for k in own)) or str(i)
            for i, own in frame["kinds"].items()
        ]
        names = [n or t for n, t in zip(frame["name"], titles, strict=True)]
        table["name"] = texts(names, table.index)
        table["stage"] = texts([v or "planned" for v in frame["stage"]], table.index)
        for column in ("floor", "entrance", "daylight"):
            table[column] = frame[column]
        table.index = free_ids(table.index, self.study.facilities.frame.index)
        keys = list(area.frame.index)
        plots = [None if h is None or h >= len(keys) else keys[h] for h in homes]
        table["plot"] = texts(plots, table.index)
        for column in ("unit", "community"):
            there = [None if p is None else area.frame.at[p, column] for p in plots]
            table[column] = texts(there, table.index)
        gaps = [
            Supplement("planned", str(key), name, column)
            for key, name, own, part, whole in zip(
                table.index,
                names,
                table["kinds"],
                table["community_area_m2"],
                table["floor_area_m2"],
                strict=True,
            )
            for column, gap in (
                ("kinds", not own),
                ("floor_area_m2", math.isnan(part) and math.isnan(whole)),
            )
            if gap
        ]
        return as_layer("facilities", table, planned.shapes, self.study.crs), gaps

    def _sharing(
        self, planned: Settled, area: Layer, facilities: Layer, homes: list[int | None]
    ) -> pd.DataFrame:
        """Return whom the planned facilities serve: their own plot, and whom the file names."""
        everybody = pd.concat(
            [one.frame[["name", "geometry"]] for one in (area, self.study.residential)]
        )
        relations, found = sharing(planned.ledger, Layer("residential", everybody))
        self._tell(found)
        ids = dict(zip(planned.ledger.frame.index, facilities.frame.index, strict=True))
        relations["facility"] = relations["facility"].map(ids)
        keys = list(area.frame.index)
        rows = []
        for key, home in zip(facilities.frame.index, homes, strict=True):
            mine = relations[relations["facility"] == key]
            own = None if home is None or home >= len(keys) else keys[home]
            if own is not None and own not in set(mine["residential"]):
                rows.append((key, own, math.nan))
        more = pd.DataFrame(rows, columns=list(SHARING_COLUMNS))
        parts = [p for p in (more, relations) if len(p)] or [relations]
        return pd.concat(parts, ignore_index=True)

    def _named(self, column: str, layer: Layer) -> tuple[str, ...]:
        """Return the ids that a fact of the project names in a layer of the study."""
        cell = self.facts[column]
        if cell is None:
            return ()
        names = Names(layer.frame)
        whole = names.find(cell)
        found = []
        for name in [cell] if whole else [name for name, _ in split_serves(cell)]:
            target = names.find(name)
            if target is not None:
                found.append(target)
                continue
            header = next((h for h in self.spots if _is(h, column)), column)
            row, spot = self.spots.get(header, (None, None))
            self.problems.append(
                Problem(
                    ProblemCode.REFERENCE_UNKNOWN,
                    Severity.ERROR,
                    {"target": layer.name},
                    layer="project",
                    file=self.path.name,
                    row=row,
                    cell=spot,
                    column=header,
                    value=name,
                )
            )
        return tuple(dict.fromkeys(found))


def _is(header: str, column: str) -> bool:
    spec = columns("project")[column]
    return fold(header) in {fold(n) for n in (column, *spec.aliases)}


def _gap(value: Any) -> bool:
    return is_blank(value) or value is None
