"""``check.html``: what is wrong with a study's files, one page that opens without a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

import lifecircle
from lifecircle.model.problem import Severity, describe
from lifecircle.outputs.office.colours import SEVERITY_FILLS, SEVERITY_INKS
from lifecircle.outputs.whole import whole_file
from lifecircle.outputs.words.problem_groups import group_problems
from lifecircle.texts import number, say, word

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from lifecircle.model.inputs.checkup import Checkup
    from lifecircle.model.problem import Problem
    from lifecircle.outputs.words.problem_groups import Group

__all__ = ["render_check", "write_check"]

LISTED = 100
"""Places listed under one group; the rest stand in the ledger's copy and in the JSON."""
_OPEN = 12
"""Groups up to this size are unfolded."""
_PLACES = (
    *("crs", "coordinate", "axes", "datum", "projection", "geometry", "streets_far"),
    *("outside", "unit_elsewhere", "places", "shape", "areas", "place_"),
)
"""Beginnings of the codes that are about where things are."""


def write_check(checkup: Checkup, path: Path, copies: Mapping[str, Path] | None = None) -> Path:
    """Write the page of a checkup to ``path`` and return the path.

    Parameters
    ----------
    checkup
        What was found.
    path
        An HTML file.
    copies
        File as the study names it → its marked copy, in the same folder.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    # a lone surrogate from a badly decoded name must not cost the reader the whole page
    data = render_check(checkup, copies or {}).encode("utf-8", "replace")
    with whole_file(path) as part:
        part.write_bytes(data)
    return path


def render_check(checkup: Checkup, copies: Mapping[str, Path]) -> str:
    """Return the page as HTML. Every text from the data is escaped."""
    language = checkup.language
    environment = Environment(
        loader=PackageLoader("lifecircle.outputs", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def text(code: str, **params: Any) -> str:
        return say("check", code, language, **params)

    def vocabulary(name: str, key: str) -> str:
        return word(name, key, language)

    cards = [_card(group, language) for group in group_problems(checkup.problems)]
    layers = [record for record in checkup.inputs if record.layer != "study"]
    context = {
        "c": checkup,
        "t": text,
        "word": vocabulary,
        "number": number,
        "version": lifecircle.__version__,
        "colours": {str(k): v for k, v in SEVERITY_INKS.items()},
        "tints": {str(k): v for k, v in SEVERITY_FILLS.items()},
        "counts": {str(s): checkup.count(s) for s in Severity},
        "verdict": _verdict(checkup),
        "worst": _worst(checkup),
        "inputs": [_input(record, checkup) for record in layers],
        "totals": tuple(
            sum(getattr(r, part) for r in layers) for part in ("rows", "used", "set_aside")
        ),
        "places": [card for card in cards if card["about_places"]],
        "sections": {
            str(s): [card for card in cards if card["severity"] == str(s)] for s in Severity
        },
        "copies": sorted((name, copy.name) for name, copy in copies.items()),
    }
    return environment.get_template("check.html.j2").render(context)


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


def _input(record: Any, checkup: Checkup) -> dict[str, Any]:
    return {
        "layer": record.layer,
        "file": record.path,
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
        "about_places": str(first.code).startswith(_PLACES),
    }


def _row(problem: Problem, language: str) -> dict[str, Any]:
    spot = problem.cell
    if spot is None:
        spot = say("problems", "where.row", language, row=problem.row) if problem.row else ""
    return {
        "spot": spot,
        "value": problem.value or "",
        "what": describe(problem, language)["what"],
    }
