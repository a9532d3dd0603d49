"""``check.html``: what is wrong with a study's files, one page that opens without a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecircle.model.finding import meets
from lifecircle.model.problem import Severity, describe
from lifecircle.outputs.office.colours import SEVERITY_FILLS, SEVERITY_INKS
from lifecircle.outputs.office.page import render_page, write_page
from lifecircle.outputs.words.problems import group_problems, problem_spot
from lifecircle.outputs.words.sources_read import read_words
from lifecircle.outputs.words.wording import Wording
from lifecircle.texts import number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from lifecircle.model.inputs.checkup import Checkup, DistrictRead
    from lifecircle.model.inputs.study import InputRecord
    from lifecircle.model.problem import Problem
    from lifecircle.outputs.words.problems import Group

__all__ = ["render_check", "write_check"]

LISTED = 100
"""Rows listed under one group; the rest stand in the ledger's copy and in the JSON."""
_OPEN = 12
"""Groups up to this size are unfolded."""
_POSITIONS = (
    *("crs", "coordinate", "axes", "datum", "projection", "geometry", "streets_far"),
    *("outside", "unit_elsewhere", "places", "shape", "areas", "place_"),
)
"""Beginnings of the codes that are about where things are."""
_COUNTED = ("rows", "used", "set_aside")


def write_check(
    checkup: Checkup,
    path: Path,
    copies: Mapping[str, Path] | None = None,
    left: Sequence[Path] = (),
    unmarked: Sequence[str] = (),
) -> Path:
    """Write the page of a checkup to ``path`` and return the path.

    Parameters
    ----------
    checkup
        What was found.
    path
        An HTML file.
    copies
        File as the study names it → its marked copy, in the same folder.
    left
        Copies there that somebody works in.
    unmarked
        Tables with something to mend that have no copy, as the study names them.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    return write_page(render_check(checkup, copies or {}, left, unmarked), path)


def render_check(
    checkup: Checkup,
    copies: Mapping[str, Path],
    left: Sequence[Path] = (),
    unmarked: Sequence[str] = (),
) -> str:
    """Return the page as HTML. Every text from the data is escaped."""
    words = Wording(checkup.language, "check")
    cards = [_card(group, words.language) for group in group_problems(checkup.problems)]
    layers = [record for record in checkup.inputs if record.layer != "study"]
    severities = {str(severity): severity for severity in Severity}
    context = {
        "c": checkup,
        "t": words.say,
        "word": words.word,
        "number": number,
        "colours": {str(k): v for k, v in SEVERITY_INKS.items()},
        "tints": {str(k): v for k, v in SEVERITY_FILLS.items()},
        "counts": {name: checkup.count(severity) for name, severity in severities.items()},
        "verdict": _verdict(checkup),
        "worst": _worst(checkup),
        "inputs": [_input(record, checkup) for record in layers],
        "totals": tuple(sum(getattr(r, part) for r in layers) for part in _COUNTED),
        "places": [card for card in cards if card["about_positions"]],
        "sections": {name: _of_severity(cards, name) for name in severities},
        "districts": _districts(checkup, words),
        "left": _file_names(left),
        "unmarked": list(unmarked),
        "copies": sorted((name, copy.name) for name, copy in copies.items()),
    }
    return render_page("check.html.j2", context)


def _file_names(files: Sequence[Path]) -> list[str]:
    return [file.name for file in files]


def _of_severity(cards: list[dict[str, Any]], severity: str) -> list[dict[str, Any]]:
    return [card for card in cards if card["severity"] == severity]


def _districts(checkup: Checkup, words: Wording) -> list[dict[str, Any]]:
    return [_district(one, words) for one in checkup.districts]


def _district(one: DistrictRead, words: Wording) -> dict[str, Any]:
    """Return the line of a service district: what the ledgers hold, and what they lack."""
    return {
        "name": one.district,
        "host": one.host or one.host_name,
        "units": words.list(one.units),
        "beds": "–" if one.beds is None else number(one.beds),
        "people": "–" if one.demand is None else number(one.demand),
        "far": "–" if one.far_m is None else f"{one.far_unit} {words.value(one.far_m, 'm')}",
        "total": "–" if one.total_m is None else words.value(one.total_m, "m"),
        "lacks": [*_lacking(one, words)],
    }


def _lacking(one: DistrictRead, words: Wording) -> Iterator[str]:
    if one.host is None:
        yield words.say("district.no_host", host=one.host_name)
    for code in ("unlisted", "without_seat"):
        if names := getattr(one, code):
            yield words.say(f"district.{code}", units=words.list(names))
    if one.host is not None and one.beds is None and one.demand_missing is not None:
        yield words.say("district.no_beds")
    if one.demand_missing:
        yield words.say("district.no_people", n=one.demand_missing)
    if one.beds is not None and meets(one.beds, "<", one.demand or 0.0):
        yield words.say("district.short", gap=number((one.demand or 0.0) - one.beds))


def _verdict(checkup: Checkup) -> str:
    if not checkup.usable:
        return "unusable"
    if checkup.count(Severity.ERROR):
        return "usable"
    return "warned" if checkup.count(Severity.WARNING) else "clean"


def _worst(checkup: Checkup) -> str:
    """Return the severity whose number stands large on the page."""
    found = (s for s in Severity if checkup.count(s))
    return str(next(found, Severity.INFO))


def _input(record: InputRecord, checkup: Checkup) -> dict[str, Any]:
    return {
        "layer": record.layer,
        "file": record.path,
        "read": read_words(record, checkup.language, checkup.inputs),
        "rows": record.rows,
        "used": record.used,
        "set_aside": record.set_aside,
        "share": record.used / record.rows if record.rows else 1.0,
        "counts": {str(s): checkup.count(s, record.layer) for s in Severity},
        "declared": checkup.declared.get(record.layer),
    }


def _card(group: Group, language: str) -> dict[str, Any]:
    first = group.first
    said = describe(first, language)
    listed = group.problems[:LISTED] if len(group) > 1 else ()
    return {
        "severity": str(first.severity),
        "layer": first.layer,
        "file": first.file,
        "sheet": first.sheet,
        "column": first.column,
        "spot": _row(first, language)["spot"] if len(group) == 1 else "",
        "value": first.value if len(group) == 1 else None,
        "title": group.title(language),
        "why": said["why"],
        "remedy": said["remedy"],
        "count": len(group),
        "rest": len(group) - len(listed) if listed else 0,
        "open": len(group) <= _OPEN,
        "rows": [_row(problem, language) for problem in listed],
        "about_positions": str(first.code).startswith(_POSITIONS),
    }


def _row(problem: Problem, language: str) -> dict[str, Any]:
    return {
        "spot": problem_spot(problem, language) or "",
        "value": problem.value or "",
        "what": describe(problem, language)["what"],
    }
