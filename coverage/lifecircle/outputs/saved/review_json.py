"""``review.json``: one review of a development proposal, in codes and numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import lifecircle
from lifecircle.model.allowed import Filled, Language, Like, OneOf, OrNothing, Words
from lifecircle.model.inputs.proposal import FACTS, Supplement
from lifecircle.model.inputs.study import InputRecord
from lifecircle.model.problem import Problem
from lifecircle.model.results.review import (
    SCHEMA,
    Condition,
    ManualCheck,
    ReviewedClause,
    SideEffect,
    SketchPlace,
    Verdict,
)
from lifecircle.outputs.saved.described import CLOSED
from lifecircle.outputs.saved.json_text import plain, told, write_json_text

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from lifecircle.model.inputs.proposal import Proposal
    from lifecircle.model.results.review import Review, Sketch

__all__ = ["ReviewDocument", "review_document", "write_review_json"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot of the project, as a residential area; null: not said.

    Parameters
    ----------
    required_m2
        What the planning condition asks for; null: the document's quota holds.
    """

    id: str
    name: str
    project: str | None
    unit: str | None
    community: str | None
    age_class: str
    setting: str | None
    stage: str
    households_planned: float
    population: Annotated[float, OrNothing()]
    required_m2: Annotated[float, OrNothing()]


@dataclass(frozen=True, slots=True)
class PlannedFacility:
    """A facility that the project plans; null: not said.

    Parameters
    ----------
    plot
        Id of the plot it belongs to.
    floor, entrance, daylight, tenure
        What the file says of it, for a person to look at.
    """

    id: str
    name: str
    kinds: tuple[str, ...]
    site: str | None
    plot: str | None
    stage: str
    floor_area_m2: Annotated[float, OrNothing()]
    community_area_m2: Annotated[float, OrNothing()]
    floor: str | None
    entrance: str | None
    daylight: str | None
    tenure: str | None


@dataclass(frozen=True, slots=True)
class ProposalTold:
    """The project as its file says it.

    Parameters
    ----------
    facts
        Figures and names that are shown as they are and decide nothing by themselves.
    illustrative
        Whether it is invented.
    removes, replaces
        Ids of the study's facilities that are pulled down, and of its areas that give way.
    """

    name: str
    number: str | None
    facts: Mapping[Annotated[str, OneOf(FACTS)], str | float]
    illustrative: bool
    plots: Annotated[tuple[Plot, ...], Filled()]
    facilities: tuple[PlannedFacility, ...]
    removes: tuple[str, ...]
    replaces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SketchTold:
    """What the sketch says in figures; its shapes are the study's and the proposal's own.

    Parameters
    ----------
    centres
        The plots' representative points, from which distances and the radius are measured: metres
        in the study's CRS, as the places' x and y.
    radius_m, clause
        Round each centre, and whose it is: a clause, or a reference check of ours. Null: no check
        of reach was made.
    places
        Planned ones first, then those that are counted, then the nearest.
    more
        How many within the radius are left out.
    """

    centres: tuple[tuple[float, float], ...]
    radius_m: float | None
    clause: str
    places: tuple[SketchPlace, ...]
    more: int


@dataclass(frozen=True, slots=True)
class ReviewDocument:
    """One development proposal reviewed: codes and numbers, no sentences.

    A number that is missing or without bound is null.

    Parameters
    ----------
    version
        Version of lifecircle.
    standard_title, standard_number
        Of the document, as they are cited.
    households
        Planned dwellings of all plots.
    tolerance_days
        Days by which a facility may lag behind the housing and is still reckoned together with
        it: ours, of no document. Null: no clause asks for the stages.
    sketch
        Null: there is none.
    names
        Layer (residential, with the plots, or facilities), id, name: of those that are told of
        here.
    banners
        Codes or texts to print on every output.
    clauses
        Those that apply to new areas, then reference checks, by plot.
    side_effects
        What the proposal does to its neighbours.
    conditions
        What is to be kept to later.
    manual_checks
        What data cannot show and a person looks at.
    supplements
        What is missing: the opinion waits for it.
    """

    schema: Annotated[int, OneOf((SCHEMA,))]
    version: str
    study: str
    county: Annotated[str, Like("^[0-9]{6}$")]
    standard: str
    standard_title: Words
    standard_number: str
    as_of: dt.date
    language: Language
    banners: tuple[str, ...]
    inputs: tuple[InputRecord, ...]
    problems: tuple[Problem, ...]
    proposal: ProposalTold
    households: float
    verdict: Verdict
    clauses: tuple[ReviewedClause, ...]
    side_effects: tuple[SideEffect, ...]
    conditions: tuple[Condition, ...]
    manual_checks: tuple[ManualCheck, ...]
    supplements: tuple[Supplement, ...]
    tolerance_days: float | None
    sketch: SketchTold | None
    names: Mapping[str, Mapping[str, str]]

    __pydantic_config__ = CLOSED


def write_review_json(review: Review, path: Path) -> Path:
    """Write ``review`` to ``path`` (UTF-8, one space of indent) and return the path.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    return write_json_text(review_document(review), path)


def review_document(review: Review) -> dict[str, Any]:
    """Return ``review`` as the plain mapping that ``review.json`` holds."""
    record = told(
        ReviewDocument,
        review,
        schema=SCHEMA,
        version=lifecircle.__version__,
        proposal=_proposal(review.proposal),
        sketch=_sketch(review.sketch),
        names={},
    )
    found: dict[str, Any] = plain(record)
    # a county has thousands of names, an opinion tells of a few
    mentioned = set(_texts(found))
    found["names"] = {
        layer: {one: name for one, name in names.items() if one in mentioned}
        for layer, names in review.names.items()
    }
    return found


def _sketch(sketch: Sketch | None) -> SketchTold | None:
    return None if sketch is None else told(SketchTold, sketch)


def _texts(value: Any) -> Iterator[str]:
    """Yield every text of a plain document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)


def _proposal(proposal: Proposal) -> ProposalTold:
    return told(
        ProposalTold,
        proposal,
        plots=_rows(Plot, proposal.plots.frame),
        facilities=_rows(PlannedFacility, proposal.facilities.frame),
    )


def _rows(kind: type[T], frame: gpd.GeoDataFrame) -> tuple[T, ...]:
    """Return a layer as records: the columns that ``kind`` has, and the index as ``id``."""
    return tuple(told(kind, row, id=str(row.Index)) for row in frame.itertuples())
