"""The JSON Schema of a standard's file, for editors: the words the reader takes, and the forms.

Lists come from where the reader has them: measures and their options, kinds, columns, readings.
What hangs on several keys at once (an order of dates, a number that a measure needs, a clause that
is named) only the reader can tell. ``python -m lifecircle.standards.file_schema``
(``make schemas``) writes the file beside this module.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lifecircle.model.dictionary import INSTITUTIONS, REACH_GROUPS, group_kinds
from lifecircle.model.finding import BASES
from lifecircle.model.rules.measures import MEASURES
from lifecircle.model.rules.options import option_fields
from lifecircle.standards.clauses import CATEGORIES, FILTERS, OPERATORS, REFERENCE_KINDS
from lifecircle.standards.options import HIGHEST_STAR, LISTS, asked_kinds, known_words
from lifecircle.standards.readings import readings
from lifecircle.texts import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lifecircle.model.rules.options import Field

__all__ = ["FILE", "file_schema", "file_schema_text"]

FILE = "standard.schema.json"

_TEXT = {"type": "string"}
_DATE = {"type": "string", "format": "date"}
_FLAG: dict[str, Any] = {"type": "boolean"}
_NUMBER: dict[str, Any] = {"type": "number", "minimum": 0}
_FORMS = {
    "positive": _NUMBER,
    "percent": {**_NUMBER, "maximum": 100},
    "flag": _FLAG,
}
_UNIT_CODE = {"type": "string", "pattern": "^[0-9]{9}([0-9]{3})?$"}
_NEW_CLAUSE = ("title", "measure", "subject", "unit", "category")
"""What a clause must say that stands in for no other."""
_WORDS = {
    "inherits": "Library id or path of the base.",
    "take": "Clauses of the base to inherit; all if left out.",
    "quote": "The document's exact words.",
    "force": "The document's own words for its force.",
    "readings": "Reading → choice; see `lifecircle standards show`.",
    "official": "Basis of the official rate.",
    "reference": "Only a reference: outside the verdict.",
    "repeats": "Clause of the document that states the same fact in other words.",
    "overrides": "Clause of the base this one stands in for; what is left out is taken from it.",
}

_OPTION_WORDS = {
    "clauses_without_quota": "What is counted instead where A11 or A12 is has_facility. ",
}


def file_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a standard's TOML file, dates as texts."""
    words = dict.fromkeys(LANGUAGES, _TEXT)
    title = _table(words, required=words)
    clauses = {
        "type": "object",
        "patternProperties": {"^[A-Z]{2,6}-[0-9]{2,3}[a-z]?$": _clause(title)},
        "additionalProperties": False,
        "minProperties": 1,
    }
    keys = {
        "id": _TEXT,
        "title": title,
        "issuer": _TEXT,
        "number": _TEXT,
        "county": {"type": "string", "pattern": "^[0-9]{6}$"},
        "issued": _DATE,
        "undated": {"type": "boolean"},
        "compared_on": _DATE,
        "source": _TEXT,
        "inherits": _TEXT,
        "take": _list(_TEXT),
        "as_reference": _list(_TEXT),
        "headline": _TEXT,
        "clauses": clauses,
    }
    optional = {"source", "undated", "inherits", "take", "as_reference", "headline"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "lifecircle standard",
        "description": "One policy document: what it is and its clauses.",
        **_table(keys, required=[key for key in keys if key not in optional]),
    }


def file_schema_text() -> str:
    """Return the schema as its file holds it."""
    return json.dumps(file_schema(), ensure_ascii=False, indent=1) + "\n"


def _clause(title: Mapping[str, Any]) -> dict[str, Any]:
    specs = MEASURES.values()
    groups = [kind for group in REACH_GROUPS for kind in group_kinds(group)]
    keys = {
        "title": title,
        "section": _TEXT,
        "quote": _TEXT,
        "category": _one_of(CATEGORIES),
        "force": _TEXT,
        "measure": _one_of(MEASURES),
        "subject": _one_of(sorted({spec.subject for spec in specs})),
        "where": _table(_filters()),
        "kinds": _list(_one_of([*asked_kinds(), *groups, INSTITUTIONS])),
        "comparison": _one_of(OPERATORS),
        "unit": _one_of(sorted({unit for spec in specs for unit in spec.units})),
        "options": _table(_options()),
        "readings": _table({name: _one_of(spec.choices) for name, spec in readings().items()}),
        "official": _one_of(BASES),
        "deadline": _DATE,
        "expires": _DATE,
        "reference": _FLAG,
        "overrides": _TEXT,
        "repeats": _TEXT,
        "versions": {"type": "array", "items": _version(), "minItems": 1},
    }
    either = [{"required": ["overrides"]}, {"required": list(_NEW_CLAUSE)}]
    return {**_table(keys, required=("section", "force", "versions")), "anyOf": either}


def _filters() -> dict[str, Any]:
    """Return field of a subject filter → the words it takes, whatever the subject."""
    return {
        field: _list(_one_of(words) if words else _UNIT_CODE)
        for fields in FILTERS.values()
        for field, words in fields.items()
    }


def _options() -> dict[str, Any]:
    """Return option → its form, and the measures that take it."""
    taken: dict[str, tuple[Field, list[str]]] = {}
    for name, spec in MEASURES.items():
        for key, field in option_fields(spec.options).items():
            taken.setdefault(key, (field, []))[1].append(name)
    return {
        key: {**_option(field), "description": f"{_OPTION_WORDS.get(key, '')}{_of(measures)}"}
        for key, (field, measures) in taken.items()
    }


def _of(measures: list[str]) -> str:
    return f"Measure{'s' if len(measures) > 1 else ''}: {', '.join(measures)}."


def _option(field: Field) -> dict[str, Any]:
    if field.form == "districts":
        district = {"name": _TEXT, "host": _TEXT, "units": _list(_UNIT_CODE)}
        may = {**district, "host_unit": _UNIT_CODE}
        return {"type": "array", "items": _table(may, required=district)}
    if field.form == "steps":
        step = {"name": _TEXT, "until": _DATE}
        return {"type": "array", "items": _table(step, required=step), "minItems": 1}
    if field.form == "star":
        return {"type": "integer", "minimum": 1, "maximum": HIGHEST_STAR}
    if field.form in _FORMS:
        return _FORMS[field.form]
    words = known_words(field)
    text = _TEXT if words is None else _one_of(words)
    return _list(text) if field.form in LISTS else text


def _version() -> dict[str, Any]:
    reference = {
        "title": _TEXT,
        "clause": _TEXT,
        "href": _TEXT,
        "kind": _one_of(REFERENCE_KINDS),
        "verified": _FLAG,
    }
    references = _table(reference, required=("title", "clause"))
    keys = {
        "valid_from": _DATE,
        "value": _NUMBER,
        "repealed": _FLAG,
        "note": _TEXT,
        "deadline": _DATE,
        "references": {"type": "array", "items": references, "minItems": 1},
    }
    return _table(keys, required=("valid_from", "references"))


def _table(keys: Mapping[str, Any], required: Iterable[str] = ()) -> dict[str, Any]:
    """Return the schema of a TOML table with these keys and no other."""
    worded = {
        key: {**form, "description": _WORDS[key]} if key in _WORDS else form
        for key, form in keys.items()
    }
    needed = list(required)
    return {
        "type": "object",
        "properties": worded,
        **({"required": needed} if needed else {}),
        "additionalProperties": False,
    }


def _one_of(words: Iterable[str]) -> dict[str, Any]:
    return {"enum": [str(word) for word in words]}


def _list(item: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item, "minItems": 1, "uniqueItems": True}


if __name__ == "__main__":
    text = file_schema_text()
    Path(__file__).with_name(FILE).write_text(text, encoding="utf-8", newline="\n")
