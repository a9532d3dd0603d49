"""What a field of a result may hold where its type alone does not say it.

Marks for ``typing.Annotated``. The results stay plain dataclasses, and nothing here imports
pydantic: it asks each mark by the methods whose names begin with ``__get_pydantic`` when a saved
document is read or described (``outputs.saved.described``), and no earlier.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from lifecircle.texts import LANGUAGES

__all__ = [
    "AtLeast",
    "Count",
    "Filled",
    "Language",
    "Like",
    "OneOf",
    "Operator",
    "OrNothing",
    "Params",
    "Plain",
    "Points",
    "Readings",
    "Value",
    "Words",
]

_SCALAR = (str, int, float, bool, type(None))


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a closed list of texts or whole numbers."""

    allowed: tuple[str | int, ...]

    def __get_pydantic_core_schema__(self, _source: Any, _handler: Any) -> Any:
        # members of a StrEnum are read back as the texts they are
        plain = [str(value) if isinstance(value, str) else value for value in self.allowed]
        return {"type": "literal", "expected": plain}


@dataclass(frozen=True, slots=True)
class AtLeast:
    """A number not below ``low``."""

    low: int

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        return {**handler(source), "ge": self.low}


@dataclass(frozen=True, slots=True)
class Like:
    """A text of this form: a regular expression that Python, JSON Schema and Rust read alike."""

    pattern: str

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        return {**handler(source), "pattern": self.pattern}


@dataclass(frozen=True, slots=True)
class Filled:
    """A tuple with one member or more."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        return {**handler(source), "min_length": 1}


@dataclass(frozen=True, slots=True)
class OrNothing:
    """A number that may be NaN or without bound: JSON has neither, and says null."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        return {"type": "nullable", "schema": handler(source)}


@dataclass(frozen=True, slots=True)
class Plain:
    """A value told as it is: text, number, yes or no, nothing, or a list of these or of notes.

    A note is ``{"code": …, "params": {…}}``, with such values again.
    """

    def __get_pydantic_core_schema__(self, _source: Any, _handler: Any) -> Any:
        return {
            "type": "function-plain",
            "function": {"type": "no-info", "function": _told_plainly},
        }

    def __get_pydantic_json_schema__(self, _core: Any, _handler: Any) -> dict[str, Any]:
        scalar = ["string", "number", "boolean", "null"]
        note = {
            "type": "object",
            "properties": {"code": {"type": "string"}, "params": {"type": "object"}},
            "required": ["code", "params"],
            "additionalProperties": False,
        }
        return {"type": [*scalar, "array"], "items": {"anyOf": [{"type": scalar}, note]}}


def _told_plainly(value: Any) -> Any:
    listed = value if isinstance(value, list | tuple) else (value,)
    if not all(isinstance(one, _SCALAR) or _is_note(one) for one in listed):
        raise ValueError
    return value


def _is_note(value: Any) -> bool:
    """Return whether a value is a code with parameters."""
    if not isinstance(value, Mapping) or value.keys() != {"code", "params"}:
        return False
    if not isinstance(value["code"], str) or not isinstance(value["params"], Mapping):
        return False
    return all(isinstance(one, (*_SCALAR, list, tuple)) for one in value["params"].values())


Operator = Annotated[str, OneOf((">=", ">", "<=", "<", "="))]
Count = Annotated[int, AtLeast(0)]
Language = Annotated[str, OneOf(LANGUAGES)]
Points = Annotated[float, AtLeast(0)]
Words = Mapping[Annotated[str, Like("^[a-z]{2}$")], str]
"""Language → text."""
Readings = Mapping[Annotated[str, Like("^A[0-9]+$")], str]
"""Reading → choice."""
Value = Annotated[Any, Plain()]
Params = Mapping[str, Value]
"""Parameter → value, in the unit of its name; ids as the layers have them."""
