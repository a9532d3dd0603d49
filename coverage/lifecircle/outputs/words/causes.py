"""Why a finding changed, in words, and the settings that two results differ in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecircle import texts
from lifecircle.model.results.comparison import CauseCode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from lifecircle.model.results.comparison import Cause
    from lifecircle.outputs.words.names import Side
    from lifecircle.outputs.words.wording import Wording

__all__ = [
    "cause_kinds",
    "cause_text",
    "causes_text",
    "column_name",
    "setting_name",
    "setting_value",
]

_FIELDS = {"place": "position", "reach_groups": "kinds", "level": "unit_type"}
"""Columns told under another field's name."""
_SIDES: tuple[Side, ...] = ("before", "after")
_BLANK = "–"
"""What a vocabulary, or a figure, says of an empty cell."""


def cause_kinds(causes: Iterable[Cause], words: Wording) -> str:
    """Return the sorts of causes, each once."""
    return words.list(dict.fromkeys(words.say(f"kind.{cause.kind}") for cause in causes))


def causes_text(causes: Iterable[Cause], words: Wording) -> str:
    """Return several causes as one line."""
    return words.phrases(cause_text(cause, words) for cause in causes)


def cause_text(cause: Cause, words: Wording) -> str:
    """Return one cause in words."""
    told = words.say(f"cause.{_code(cause)}", **_params(cause, words))
    return words.say("cause.eliminated", cause=told) if cause.eliminated else told


def setting_name(what: str, name: str, words: Wording) -> str:
    """Return the name of a setting, parameter, reading or file."""
    if what == "parameter":
        return _parameter(name, words)
    if what == "input":
        return words.word("layer", name)
    if what == "reading":
        clause, _, reading = name.partition(" ")
        return f"{words.clause(clause, 'after')} {reading} {words.reading(reading)}"
    return words.say(f"setting.{name}")


def setting_value(what: str, name: str, value: Any, words: Wording) -> str:
    """Return the value of a setting on one side."""
    if value is None:
        return words.say("none")
    if what == "reading":
        return words.reading(name.partition(" ")[2], str(value))
    if what == "setting" and name == "stage":
        return words.word("stage_view", value)
    return texts.number(value, 3) if isinstance(value, int | float) else str(value)


def column_name(column: str, words: Wording) -> str:
    """Return the name of a layer's column."""
    return words.word("field", _FIELDS.get(column, column))


def _parameter(name: str, words: Wording) -> str:
    code = "setting.crs" if name == "crs" else f"parameter.{name}"
    return words.say(code) if words.knows(code) else name


def _code(cause: Cause) -> str:
    """Return the code of a cause's text: some figures want other words."""
    if cause.code is CauseCode.FACILITY_MOVED and "known" in cause.params:
        return "facility_placed" if cause.params["known"] else "facility_unplaced"
    if cause.code is CauseCode.GATES and not min(cause.params.values()):
        return "gates_none"
    return str(cause.code)


def _params(cause: Cause, words: Wording) -> dict[str, Any]:
    """Return a cause's parameters in words."""
    params = dict(cause.params)
    unit, reading = params.get("measure_unit", ""), params.get("reading", "")
    of_clause = cause.code is CauseCode.TERMS
    each: dict[CauseCode, Callable[[Any], str]] = {
        CauseCode.FACILITY_STAGE: lambda v: words.word("stage", v),
        CauseCode.AREA_STAGE: lambda v: words.word("housing_stage", v),
        CauseCode.TARGET: lambda v: words.value(v, unit),
        CauseCode.AREA_QUOTA: lambda v: words.value(v, unit),
        CauseCode.STAGE_VIEW: lambda v: words.word("stage_view", v),
        CauseCode.READING: lambda v: words.reading(reading, v),
        CauseCode.PARAMETER: lambda v: setting_value("parameter", "", v, words),
        CauseCode.SCENARIO: lambda v: v or words.say("none"),
        CauseCode.PLAN: lambda v: v or words.say("none"),
    }
    if cause.code in each:
        told = {side: each[cause.code](params[side]) for side in _SIDES}
        # "from – to in use" has a hole; a blank stage of housing means that it stands
        hole = "not_filled" if cause.code is CauseCode.AREA_STAGE else "not_known"
        params |= {s: words.say(hole) if t == _BLANK else t for s, t in told.items()}
    named: dict[str, Callable[[Any], str]] = {
        "facility": lambda ids: _facility(ids, words),
        "parameter": lambda name: _parameter(name, words),
        "facilities": lambda several: words.list(_facility(ids, words) for ids in several),
        "clauses": lambda ids: words.list(words.clause(i, "after") for i in ids),
        "candidates": lambda names: words.list(_candidate(name, words) for name in names),
        "columns": lambda names: _columns(names, words, of_clause=of_clause),
    }
    return {name: named[name](v) if name in named else v for name, v in params.items()}


def _facility(ids: Mapping[str, str | None], words: Wording) -> str:
    """Return the name of a facility by its ids on both sides: the later one where it has two."""
    side: Side = "before" if ids["after"] is None else "after"
    return words.name(ids[side], "facilities", side)


def _columns(names: Iterable[str], words: Wording, *, of_clause: bool) -> str:
    """Return columns of a layer, or terms of a clause, by their names: 单位 is not 所属镇街."""
    shown = dict.fromkeys(_FIELDS.get(name, name) for name in names)
    return words.list(
        words.say(f"terms.{name}") if of_clause else words.word("field", name) for name in shown
    )


def _candidate(name: str, words: Wording) -> str:
    """Return the name of a difference: a setting, a file's layer, a parameter, a reading."""
    for what in ("setting", "parameter"):
        if words.knows(f"{what}.{name}"):
            return setting_name(what, name, words)
    if texts.known("words", f"layer.{name}"):
        return words.word("layer", name)
    return f"{name} {words.reading(name)}"
