"""What a dataclass says of its JSON: read by it, checked by it, and described as a JSON Schema.

A document is described once, by its type. pydantic makes a reader and a schema of it; every key
must stand (a default is for Python code alone), no other key may, and a number is a number.
"""

from __future__ import annotations

import ast
import inspect
import itertools
import re
import textwrap
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ConfigDict, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import SchemaValidator

if TYPE_CHECKING:
    from enum import Enum

__all__ = ["CLOSED", "field_words", "json_schema", "member_words", "read_as"]

CLOSED = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)
"""How every document is read: ``__pydantic_config__`` of its type, and so of those within."""

T = TypeVar("T")


def read_as(kind: type[T], text: str) -> T:
    """Return JSON text as the dataclass ``kind``.

    Raises
    ------
    pydantic.ValidationError
        It says what ``kind`` does not allow: every mistake, with the way to its key.
    """
    reader: Any = _reader  # mypy takes no type for hashable
    found: T = reader(kind).validate_json(text)
    return found


def json_schema(kind: type, title: str) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of ``kind``, worded by the docstrings of the types."""
    found = _Schema().generate(_described(kind))
    head = {"$schema": _Schema.schema_dialect, "title": title}
    found.pop("title")
    types = found.pop("$defs", {})
    for one in types.values():
        one.pop("title", None)
    return {**head, **found, "$defs": types}


def field_words(kind: type) -> tuple[str, dict[str, str]]:
    """Return what a type's docstring says of it, and of its fields (section *Parameters*)."""
    text, _, section = inspect.cleandoc(kind.__doc__ or "").partition("\nParameters\n----------\n")
    words: dict[str, str] = {}
    names: list[str] = []
    for line in section.splitlines():
        if line and not line[0].isspace():
            names = line.split(", ")
        for name in names if line[:1].isspace() else ():
            words[name] = f"{words.get(name, '')} {line.strip()}".strip()
    return _prose(text), {name: _prose(said) for name, said in words.items()}


def member_words(kind: type[Enum]) -> dict[str, str]:
    """Return what the text below each member of an enumeration says of it, by its value."""
    body = ast.parse(textwrap.dedent(inspect.getsource(kind))).body[0]
    words: dict[str, str] = {}
    for line, after in itertools.pairwise(body.body if isinstance(body, ast.ClassDef) else ()):
        if isinstance(line, ast.Assign) and isinstance(after, ast.Expr):
            (name,) = line.targets
            value = kind[ast.unparse(name)].value
            words[value] = _prose(ast.literal_eval(after.value))
    return words


def _prose(text: str) -> str:
    """Return docstring prose on one line, in JSON's words."""
    text = re.sub(r"``([^`]+)``", r"\1", text)
    for python, told in (("None", "null"), ("True", "true"), ("False", "false")):
        text = re.sub(rf"\b{python}\b", told, text)
    return " ".join(text.split())


@cache
def _reader(kind: Any) -> SchemaValidator:
    return SchemaValidator(_described(kind))


@cache
def _described(kind: Any) -> Any:
    return _complete(TypeAdapter(kind).core_schema)


def _complete(core: Any) -> Any:
    """Return a core schema without defaults, so that every key must stand.

    An enumeration's own words are put aside for those of its members (``_Schema``).
    """
    if isinstance(core, list):
        return [_complete(one) for one in core]
    if not isinstance(core, dict):
        return core
    if core.get("type") == "default":
        return _complete(core["schema"])
    left_out = "metadata" if core.get("type") == "enum" else ""
    return {name: _complete(inner) for name, inner in core.items() if name != left_out}


class _Schema(GenerateJsonSchema):
    """A schema without made-up titles, with the words of the docstrings."""

    def field_title_should_be_set(self, _schema: Any) -> bool:
        return False

    def dataclass_schema(self, schema: Any) -> dict[str, Any]:
        found = super().dataclass_schema(schema)
        found["description"], words = field_words(schema["cls"])
        for name, said in words.items():
            found["properties"][name] = {**found["properties"][name], "description": said}
        return found

    def enum_schema(self, schema: Any) -> dict[str, Any]:
        found = super().enum_schema(schema)
        kind = schema["cls"]
        told = [f"{member}: {said}" for member, said in member_words(kind).items()]
        found["description"] = " ".join([_prose(kind.__doc__), *told])
        return found

    def literal_schema(self, schema: Any) -> dict[str, Any]:
        listed = schema["expected"]
        kind = "string" if isinstance(listed[0], str) else "integer"
        only = {"const": listed[0]} if len(listed) == 1 else {"enum": listed}
        return {"type": kind, **only}

    def nullable_schema(self, schema: Any) -> dict[str, Any]:
        inner = self.generate_inner(schema["schema"])
        if inner.keys() == {"type"}:
            return {"type": [inner["type"], "null"]}
        return {"anyOf": [inner, {"type": "null"}]}

    def dict_schema(self, schema: Any) -> dict[str, Any]:
        keys, values = (self.generate_inner(schema[f"{of}_schema"]) for of in ("keys", "values"))
        named = {} if keys == {"type": "string"} else {"propertyNames": keys}
        return {"type": "object", **named, "additionalProperties": values}

    def date_schema(self, schema: Any) -> dict[str, Any]:
        # many a checker passes over `format`
        return {**super().date_schema(schema), "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
