"""A document held against a shipped JSON Schema: which key says what it may not say.

Only the words that the schemas beside this module use are understood (``KEYWORDS``); another
word is refused, so that no rule of a schema is passed over in silence.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["KEYWORDS", "mistakes"]

_SILENT = frozenset({"$schema", "$defs", "title", "description", "format", "properties"})
_TYPES: dict[str, Callable[[Any], bool]] = {
    "null": lambda v: v is None,
    "boolean": lambda v: isinstance(v, bool),
    "integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "number": lambda v: isinstance(v, int | float) and not isinstance(v, bool),
    "string": lambda v: isinstance(v, str),
    "array": lambda v: isinstance(v, list),
    "object": lambda v: isinstance(v, dict),
}
_SHOWN = 60
"""Most characters of a value that a mistake shows."""


def mistakes(value: Any, schema: Mapping[str, Any]) -> Iterator[str]:
    """Yield ``key = value (what is allowed)`` for each mistake, in the document's order.

    Parameters
    ----------
    value
        What :func:`json.loads` returned.
    schema
        A JSON Schema (2020-12) out of ``KEYWORDS``; ``$ref`` only to its own ``$defs``.

    Raises
    ------
    NotImplementedError
        The schema uses another keyword.
    """
    yield from _found(value, schema, "", schema)


def _found(value: Any, rule: Any, where: str, root: Mapping[str, Any]) -> Iterator[str]:
    if rule is False:
        yield f"{where} (unknown key)"
    if isinstance(rule, bool):
        return
    # what is of the wrong type is not looked into
    for keyword in sorted(rule.keys() - _SILENT, key=lambda k: (k != "type", k)):
        if keyword not in _RULES:
            raise NotImplementedError(keyword)
        wrong = list(_RULES[keyword](value, rule[keyword], where, root))
        yield from wrong
        if wrong and keyword == "type":
            return
    if isinstance(value, dict):
        own, other = rule.get("properties", {}), rule.get("additionalProperties", True)
        for name, inner in value.items():
            yield from _found(inner, own.get(name, other), _at(where, name), root)


def _at(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _told(where: str, value: Any, allowed: str) -> str:
    text = json.dumps(value, ensure_ascii=False)
    short = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return f"{where} = {short} ({allowed})"


def _type(value: Any, rule: Any, where: str, _root: Any) -> Iterator[str]:
    names = [rule] if isinstance(rule, str) else rule
    if not any(_TYPES[name](value) for name in names):
        yield _told(where, value, " | ".join(names))


def _enum(value: Any, rule: Any, where: str, _root: Any) -> Iterator[str]:
    if value not in rule:
        yield _told(where, value, " | ".join(map(str, rule)))


def _const(value: Any, rule: Any, where: str, root: Any) -> Iterator[str]:
    yield from _enum(value, [rule], where, root)


def _minimum(value: Any, rule: Any, where: str, _root: Any) -> Iterator[str]:
    if _TYPES["number"](value) and value < rule:
        yield _told(where, value, f"≥ {rule}")


def _pattern(value: Any, rule: Any, where: str, _root: Any) -> Iterator[str]:
    if isinstance(value, str) and not re.search(rule, value):
        yield _told(where, value, rule)


def _required(value: Any, rule: Any, where: str, _root: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (f"{_at(where, name)} = – (required)" for name in rule if name not in value)


def _items(value: Any, rule: Any, where: str, root: Any) -> Iterator[str]:
    for n, item in enumerate(value if isinstance(value, list) else ()):
        yield from _found(item, rule, f"{where}[{n}]", root)


def _names(value: Any, rule: Any, where: str, root: Any) -> Iterator[str]:
    for name in value if isinstance(value, dict) else ():
        yield from _found(name, rule, _at(where, name), root)


def _any_of(value: Any, rule: Any, where: str, root: Any) -> Iterator[str]:
    each = [list(_found(value, one, where, root)) for one in rule]
    if all(each):
        # the branch that came farthest tells most
        yield from max(each, key=lambda found: len(found[0].split(" ")[0]))


def _ref(value: Any, rule: str, where: str, root: Any) -> Iterator[str]:
    yield from _found(value, root["$defs"][rule.removeprefix("#/$defs/")], where, root)


def _nothing(*_: Any) -> Iterator[str]:
    yield from ()


_RULES: dict[str, Callable[..., Iterator[str]]] = {
    "type": _type,
    "enum": _enum,
    "const": _const,
    "minimum": _minimum,
    "pattern": _pattern,
    "required": _required,
    "items": _items,
    "propertyNames": _names,
    "anyOf": _any_of,
    "$ref": _ref,
    "additionalProperties": _nothing,  # looked at with the properties
}
KEYWORDS = _SILENT | frozenset(_RULES)
"""The words of JSON Schema that are understood."""
