"""``province.html``: every county, and every street and town, by its rate of a clause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lifecircle import texts
from lifecircle.outputs.maps import shapes
from lifecircle.outputs.maps.labels import page_words
from lifecircle.outputs.maps.pack import Codes, Figures, Texts, packed
from lifecircle.outputs.maps.page import render
from lifecircle.outputs.office.page import write_page
from lifecircle.outputs.province.told import clause_heading, clause_target
from lifecircle.outputs.words.wording import Wording

if TYPE_CHECKING:
    from pathlib import Path

    from lifecircle.model.finding import Rate
    from lifecircle.model.results.province import Province, ProvinceArea, ProvinceClause

__all__ = ["SCRIPTS", "draw_province", "province_data"]

SCRIPTS = (
    "pack.js",
    "style.js",
    "compact.js",
    "labels.js",
    "panels.js",
    "search.js",
    "layers.js",
    "paper.js",
    "province.js",
)
_DONE = frozenset({"done", "partial"})


def draw_province(province: Province, path: Path, language: str = "zh") -> Path:
    """Write the map of a province as one HTML file and return the path.

    Like a county's map it opens by double click and asks the network for nothing; links lead to
    the counties' own maps beside it. The same province gives the same bytes.

    Raises
    ------
    OutputError
        The file cannot be written, or the page would load something from outside.
    """
    words = Wording(language, "batch")
    data = province_data(province, words)
    content = render(
        packed(data),
        heading=data["title"],
        language=data["lang"],
        plain=[*data["banners"], texts.say("map", "no_script", words.language)],
        scripts=SCRIPTS,
    )
    return write_page(content, path)


def province_data(province: Province, words: Wording) -> dict[str, Any]:
    """Return everything the page draws: plain values and columns, without NaN."""
    areas = province.areas
    drawn: Any = np.full(len(areas), None, dtype=object)
    drawn[:] = [area.shape for area in areas]
    clauses = [
        _clause(province, number, clause, words) for number, clause in enumerate(province.clauses)
    ]
    ranked = province.ranked
    first = [(clause.standard, clause.id) == ranked for clause in province.clauses]
    return {
        "lang": words.tag,
        "title": words.say("province.title"),
        "text": page_words(words, "batch"),
        "banners": _banners(province, words),
        "attribution": [],
        "clauses": clauses,
        "first": first.index(True) if True in first else 0,
        "areas": {
            "n": len(areas),
            "shape": shapes.table(drawn),
            "at": shapes.inner_points(drawn),
            "name": Texts([area.name for area in areas]),
            "county": Texts([area.county for area in areas]),
            "town": Codes(np.array([area.code is not None for area in areas], dtype=np.int64)),
            "approximate": Codes(np.array([area.approximate for area in areas], dtype=np.int64)),
            "failed": Codes(np.array([area.state not in _DONE for area in areas], dtype=np.int64)),
            "why": [_why(area, words) for area in areas],
        },
        "failed": [
            [run.name, words.say(f"state.{run.state}"), " ".join(run.lines)]
            for run in province.others
        ],
        "bounds": shapes.bounds(drawn[[shape is not None for shape in drawn]]),
    }


def _banners(province: Province, words: Wording) -> list[str]:
    partial = sum(county.partial for county in province.counties)
    told = [words.banner(banner) for county in province.counties for banner in county.banners]
    if partial or province.others:
        without = len(province.others)
        told.insert(0, words.say("province.incomplete", partial=partial, without=without))
    for names in reversed(province.counted_twice):
        told.insert(0, words.say("province.twice", names=words.list(names)))
    told.append(texts.say("map", "internal_use", words.language))
    return list(dict.fromkeys(told))


def _why(area: ProvinceArea, words: Wording) -> list[str] | None:
    """Return why a county has no result, or not a whole one; None where there is nothing to say."""
    if area.state == "done" and not area.approximate:
        return None
    state = [] if area.state == "done" else [words.say(f"state.{area.state}")]
    hull = [words.say("map.approximate")] if area.approximate and area.shape is not None else []
    return [*state, *area.lines, *hull]


def _clause(
    province: Province, number: int, clause: ProvinceClause, words: Wording
) -> dict[str, Any]:
    """Return a clause's words, its sum, and rate and verdict of every area."""
    rates = [province.rate_of(number, area) for area in province.areas]
    status = {one.county: str(one.status) for one in clause.counties}
    flags = clause.counties[0].flags
    basis = clause.shown_basis
    whole = next((rate for rate in clause.rates if rate.basis == basis), None)
    return {
        "name": clause_heading(clause, province, words),
        "document": province.standard_titles[clause.standard][words.language],
        "target": clause_target(clause, province, words),
        "basis": "" if basis is None else words.word("basis", basis),
        "sum": None if whole is None else _told(whole, words),
        "share": Figures(np.array([_shade(rate) for rate in rates], dtype=float), 1),
        "told": Texts([None if rate is None else " ".join(_told(rate, words)) for rate in rates]),
        "status": Texts(
            [None if area.code is not None else status.get(area.county) for area in province.areas]
        ),
        "words": {one: words.status_word(one, flags) for one in sorted(set(status.values()))},
    }


def _shade(rate: Rate | None) -> float:
    """Return the per cent an area is coloured by: of a rate outside its own range, the end."""
    if rate is None or rate.rate is None:
        return float("nan")
    low, high = (rate.rate if end is None else end for end in (rate.low, rate.high))
    return 100.0 * min(max(rate.rate, low), high)


def _told(rate: Any, words: Wording) -> list[str]:
    """Return a rate, what it is made of, and how much is open."""
    parts = [
        words.share(rate),
        f"({rate.numerator:,.10g} / {rate.denominator:,.10g})",
    ]
    if rate.not_assessed:
        parts.append(words.say("open_subjects", count=f"{rate.not_assessed:,.10g}"))
    return parts
