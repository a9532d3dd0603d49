"""What has to be looked at on site, place by place: close calls, disagreements, unknowns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from lifecircle.model.cell import is_missing, listed, text_or_none
from lifecircle.model.coordinates.projecting import way_between
from lifecircle.model.reason import Reason
from lifecircle.model.status import Flag
from lifecircle.outputs.office.excel import frame_of, rows_of
from lifecircle.outputs.report.workbook.uncounted import why_uncounted
from lifecircle.outputs.words.quantities import beside
from lifecircle.outputs.words.ranking import undecided_findings
from lifecircle.outputs.words.showing import supplier

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.words.wording import Wording

__all__ = ["SORTS", "Question", "Visit", "visits_of"]

SORTS = ("close_call", "disagreement", "unknown")
"""Why a place is visited."""
_PLACES = ("residential", "facilities")
_REPEATS = frozenset({"compliance_rate"})
"""Measures that only say again what other clauses say of an area."""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to look at.

    Parameters
    ----------
    sort
        Out of ``SORTS``.
    clause
        The clauses it bears on, in words.
    told
        What the result says.
    look
        What to look at, or who has to supply what is missing.
    """

    sort: str
    clause: str
    told: str
    look: str


@dataclass(slots=True)
class Visit:
    """One place to go to.

    Parameters
    ----------
    at
        Metres, in the result's projection; None: nobody knows where it is.
    lon, lat
        The same in WGS 84 degrees.
    facilities
        Ids of the facilities that its questions name: they stand on the sketch.
    """

    layer: str
    id: str
    name: str
    unit: str
    community: str
    at: tuple[float, float] | None
    lon: float | None
    lat: float | None
    questions: list[Question] = field(default_factory=list)
    facilities: list[str] = field(default_factory=list)

    def ask(self, question: Question, facility: str | None = None) -> None:
        """Add a question, once, and the facility that it names."""
        if question not in self.questions:
            self.questions.append(question)
        if facility is not None and facility not in self.facilities:
            self.facilities.append(facility)


def visits_of(assessment: Assessment, words: Wording) -> list[Visit]:
    """Return the places to visit, town by town, those with most questions first.

    Areas with a close call, with a walk far longer than the line, or with a finding that is not
    assessed; facilities that may count or not, or whose place nobody knows.
    """
    found = _Places(assessment, words)
    for key, question, facility in _questions(assessment, words):
        found.at(*key).ask(question, facility)
    return sorted(found.visits.values(), key=lambda v: (v.unit or "~", -len(v.questions), v.id))


class _Places:
    """The places met so far; what is known of each is looked up once."""

    def __init__(self, assessment: Assessment, words: Wording) -> None:
        self.words = words
        self.visits: dict[tuple[str, str], Visit] = {}
        self._rows = {
            name: {str(i): row for i, row in rows_of(frame_of(assessment, name))}
            for name in _PLACES
        }
        self._spots = {name: _spots(assessment, name) for name in _PLACES}

    def at(self, layer: str, key: str) -> Visit:
        visit = self.visits.get((layer, key))
        if visit is None:
            row, words = self._rows[layer].get(key, {}), self.words
            at, place = self._spots[layer].get(key, (None, (None, None)))
            visit = Visit(
                layer,
                key,
                words.name(key, layer),
                words.name_or_none(row.get("unit"), "units") or "",
                words.name_or_none(row.get("community"), "units") or "",
                at,
                *place,
            )
            self.visits[layer, key] = visit
        return visit


def _spots(assessment: Assessment, name: str) -> dict[str, Any]:
    """Return id → a point on each shape: metres, and WGS 84 longitude and latitude."""
    frame = assessment.layers[name]
    known = ~(frame.geometry.isna() | frame.geometry.is_empty)
    points = frame.geometry[known].representative_point()
    x, y = points.x.to_numpy(), points.y.to_numpy()
    lon, lat = way_between(frame.crs or assessment.crs, "EPSG:4326").transform(x, y)
    return {
        str(i): ((float(a), float(b)), (float(c), float(d)))
        for i, a, b, c, d in zip(points.index, x, y, np.asarray(lon), np.asarray(lat), strict=True)
    }


_Asked = tuple[tuple[str, str], Question, str | None]


def _questions(assessment: Assessment, words: Wording) -> Iterator[_Asked]:
    yield from _close_calls(assessment, words)
    yield from _disagreements(assessment, words)
    yield from _unknown(assessment, words)
    yield from _facilities(assessment, words)


def _close_calls(assessment: Assessment, words: Wording) -> Iterator[_Asked]:
    for _, row in rows_of(frame_of(assessment, "close_calls")):
        area = text_or_none(row["residential"])
        if area is None:  # of the county as a whole there is nothing to visit
            continue
        unit = str(row["unit"])
        told = words.say(
            "visit.close_call",
            measured=beside(row["measured"], row["required"], unit, words),
            required=beside(row["required"], row["measured"], unit, words),
            margin=words.margin(row["margin"], unit),
        )
        look = f"look.close_call.{'reach' if unit in {'m', 'min'} else 'figure'}"
        facility = text_or_none(row["facility"])
        question = Question("close_call", words.clause(row["clause"]), told, words.say(look))
        yield ("residential", area), question, facility


def _disagreements(assessment: Assessment, words: Wording) -> Iterator[_Asked]:
    for _, row in rows_of(frame_of(assessment, "disagreements")):
        barrier = row["barrier_kind"]
        code = "visit.disagreement" if is_missing(barrier) else "visit.disagreement_barrier"
        told = words.say(
            code,
            facility=words.name(row["facility"], "facilities"),
            radius=words.value(row["radius_m"], "m"),
            walk=words.value(row["walk_m"], "m"),
            minutes=words.value(row["walk_min"], "min"),
            barrier=words.word("barrier", barrier),
        )
        group = words.word("reach_group", row["reach_group"])
        question = Question("disagreement", group, told, words.say("look.disagreement"))
        yield ("residential", str(row["residential"])), question, text_or_none(row["facility"])


def _unknown(assessment: Assessment, words: Wording) -> Iterator[_Asked]:
    """Yield what is not assessed, each reason once with all clauses it leaves open."""
    measures = {(c.standard, c.id): c.measure for c in assessment.clauses}
    open_ones: dict[tuple[str, str, str], tuple[Any, list[str]]] = {}
    for row in undecided_findings(assessment.findings).to_dict("records"):
        measure = measures.get((row["standard"], row["clause"]))
        if row["layer"] not in _PLACES or Flag.REFERENCE in row["flags"] or measure in _REPEATS:
            continue
        told = words.reason(row["reason"]) or words.say("reason.none")
        _, clauses = open_ones.setdefault((row["layer"], str(row["id"]), told), (row["reason"], []))
        clause = words.clause(row["clause"])
        if clause not in clauses:
            clauses.append(clause)
    for (layer, key, told), (reason, clauses) in open_ones.items():
        look = words.say("look.unknown", supplier=supplier(reason, words))
        question = Question("unknown", words.list(clauses), told, look)
        for facility in _named(reason):
            yield (layer, key), question, facility
        yield (layer, key), question, None


def _named(reason: Any) -> list[str]:
    if not isinstance(reason, Reason):
        return []
    one = reason.params.get("facility")
    return [] if one is None else [str(one)]


def _facilities(assessment: Assessment, words: Wording) -> Iterator[_Asked]:
    layer = assessment.layers["facilities"]
    placed = ~(layer.geometry.isna() | layer.geometry.is_empty)
    book = words.in_domain("workbook")
    for (id_, row), at in zip(rows_of(frame_of(assessment, "facilities")), placed, strict=True):
        if at and not _open(row):
            continue
        told = why_uncounted(row, assessment.stage, book, placed=bool(at))
        if told is None:
            continue
        look = words.say("look.facility" if at else "look.unplaced")
        question = Question("unknown", _kinds(row, words), told, look)
        yield ("facilities", str(id_)), question, str(id_)


def _open(row: Mapping[str, Any]) -> bool:
    return "unknown" in {text_or_none(row["reach_counts"]), text_or_none(row["quota_counts"])}


def _kinds(row: Mapping[str, Any], words: Wording) -> str:
    return words.kinds(row["kinds"]) if listed(row["kinds"]) else "–"
