"""A clause's options in words: what a reader of the document would say, never the file's keys."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from lifecircle.model.dictionary import kinds
from lifecircle.model.gazetteer import code_list
from lifecircle.model.rules.options import District, Step, option_fields
from lifecircle.texts import say, word

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lifecircle.model.rules.clause import Clause

__all__ = ["enumerated", "kind_text", "options_told", "unit_name"]

_COUNTY = 6
"""Digits of a county's code."""
_VOCABULARY = {"indicators": "indicator", "typed": "indicator", "items": "document"}
"""Option → the vocabulary of what it names; the others name columns, clauses or plain words."""
_COLUMNS = {"flags", "source", "unit_figure"}
"""Forms whose values are columns of a ledger."""


def options_told(clause: Clause, language: str) -> list[str]:
    """Return what a clause's options say, one phrase each, in the order of its measure."""
    forms = option_fields(type(clause.options))
    return [
        say("standards", f"option.{name}", language, value=_told(name, value, form, language))
        for name, value in clause.options.given.items()
        for form in [forms[name].form]
    ]


def enumerated(parts: Iterable[str], language: str, *, apart: bool = False) -> str:
    """Return parts as a list; ``apart``: of phrases that may hold lists themselves."""
    marks = {"zh": ("、", "；"), "en": (", ", "; ")}[language]
    return marks[apart].join(parts)


def kind_text(kind: str, language: str) -> str:
    """Return the name of a facility kind, a reach group or a set of kinds."""
    room, _, name = kind.rpartition(":")
    vocabulary = {"group": "reach_group", "set": "facility_set"}.get(room)
    if vocabulary is not None:
        return word(vocabulary, name, language)
    spec = kinds().get(name)
    return name if spec is None else spec.title[language]


def unit_name(code: str) -> str:
    """Return the name of a street, town or community by its code; the code where it has none."""
    return _names(code[:_COUNTY]).get(code, code)


@cache
def _names(county: str) -> dict[str, str]:
    return dict(code_list(county))


def _told(name: str, value: Any, form: str, language: str) -> str:
    if isinstance(value, tuple | list):
        apart = any(isinstance(one, District | Step) for one in value)
        return enumerated(
            (_told(name, one, form, language) for one in value), language, apart=apart
        )
    if isinstance(value, District):
        units = enumerated(map(unit_name, value.units), language)
        named = {"name": value.name, "host": value.host, "units": units}
        return say("standards", "option.district", language, **named)
    if isinstance(value, Step):
        until = value.until.isoformat()
        return say("standards", "option.step", language, name=value.name, until=until)
    if isinstance(value, bool | float):
        return "" if isinstance(value, bool) else f"{value:g}"
    return _named(name, str(value), form, language)


def _named(name: str, value: str, form: str, language: str) -> str:
    """Return the word of what an option names; clauses and ways of holding stand as they are."""
    if form == "kinds":
        return kind_text(value, language)
    if form in _COLUMNS:
        return word("field", value.rpartition(".")[2], language)
    if form == "choice":
        return say("standards", f"option.{name}.{value}", language)
    return word(_VOCABULARY[name], value, language) if name in _VOCABULARY else value
