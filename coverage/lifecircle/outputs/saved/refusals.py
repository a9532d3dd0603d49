"""Why a saved assessment is refused, in words: which file, which key, and what may stand there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from lifecircle.errors import AssessmentFormatError
from lifecircle.texts import say, word

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from pydantic import ValidationError

__all__ = ["damaged", "mistake", "mistakes", "reason", "refused"]

_MOST = 5
"""Most mistakes of a document that are named at once."""
_SHOWN = 60
"""Most characters of a value that a mistake shows."""
_KEYS = {"unexpected_keyword_argument": "key_unknown", "missing": "key_missing"}
_KINDS = {
    "string": "text",
    "float": "number",
    "finite_number": "number",
    "int": "integer",
    "bool": "flag",
    "date": "date",
    "dataclass": "object",
    "dict": "object",
    "mapping": "object",
    "tuple": "list",
    "value_error": "plain",
    "too_short": "filled",
}
"""Beginning of pydantic's name for a mistake → what was to stand there (``saved``: ``kind.…``)."""
_BRANCHES = frozenset({"float", "int", "bool", "str", "tuple[str, ...]"})
"""What pydantic puts behind a key whose value may be of several kinds."""
_OF_EDIT = 2
"""Parts of a key that say which edit it is of: ``edits`` and its number."""


def refused(file: Path, told: str) -> AssessmentFormatError:
    """Return the error that names ``file`` and says what is wrong with it."""
    return AssessmentFormatError(f"{file}: {told}")


def reason(code: str, language: str, /, **params: Any) -> str:
    """Return why a file is refused: a text of the domain ``saved``."""
    return say("saved", code, language, **params)


def damaged(language: str, table: str | None = None) -> str:
    """Return that a file, or a table of it, cannot be read, without the words of a library."""
    why = word("detail", "damaged", language)
    if table is None:
        return reason("unreadable", language, why=why)
    return reason("table_unreadable", language, table=table, why=why)


def mistakes(error: ValidationError, language: str) -> str:
    """Return what a document may not say: each mistake with its key, the first few of them."""
    found = [_plain(one) for one in error.errors(include_url=False, include_context=True)]
    every = list(dict.fromkeys(_told(one, language) for one in found))
    told = every[:_MOST]
    if len(every) > _MOST:
        told.append(say("saved", "more", language, count=len(every) - _MOST))
    return say("saved", "between", language).join(told)


def _plain(one: Any) -> Any:
    """Return a mistake of a value that may be of several kinds as one, told once.

    Of such a value the library names each kind with what is wrong with it, as a key of its own.
    """
    *where, last = one["loc"] or ("",)
    if last not in _BRANCHES:
        return one
    return {**one, "loc": tuple(where), "type": "value_error"}


def mistake(key: str, value: Any, allowed: str, language: str) -> str:
    """Return ``key = value`` and what may stand there."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except (ValueError, RecursionError):  # an integer of thousands of digits
        text = "…"
    short = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return say("saved", "value", language, key=key, value=short, allowed=allowed)


def _key_of(where: Iterable[str | int]) -> str:
    """Return the way to a key as a reader writes it: ``clauses[0].value``."""
    key = ""
    for part in where:
        key += f"[{part}]" if isinstance(part, int) else f".{part}" if key else part
    return key


def _named(where: Sequence[str | int], language: str) -> str:
    """Return a key as a reader finds it: of one of several edits, by its number."""
    if len(where) < _OF_EDIT or where[0] != "edits" or not isinstance(where[1], int):
        return _key_of(where)
    number, rest = where[1] + 1, _key_of(where[_OF_EDIT:])
    if not rest:
        return say("saved", "key.edit", language, number=number)
    return say("saved", "key.of_edit", language, number=number, key=rest)


def _told(one: Any, language: str) -> str:
    kind: str = one["type"]
    where: Sequence[str | int] = one["loc"]
    if where[-1:] == ("[key]",):
        kind, where = "unexpected_keyword_argument", where[:-1]
    key = _named(where, language)
    if kind in _KEYS:
        return say("saved", _KEYS[kind], language, key=key)
    return mistake(key, one["input"], _allowed(kind, one.get("ctx", {}), language), language)


def _allowed(kind: str, context: dict[str, Any], language: str) -> str:
    """Return what may stand at a key, by the kind of the mistake there."""
    if kind in {"enum", "literal_error"}:
        listed: str = context["expected"].replace("'", "")
        return listed.replace(" or ", " | ").replace(", ", " | ")
    if kind == "greater_than_equal":
        return f"≥ {context['ge']}"
    if kind == "string_pattern_mismatch":
        return str(context["pattern"])
    named = next((told for begins, told in _KINDS.items() if kind.startswith(begins)), "other")
    return say("saved", f"kind.{named}", language)
