"""The JSON Schemas that ship: made from the types, current, closed, and what the reader holds."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
from enum import StrEnum
from importlib.resources import files
from typing import Annotated, Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from lifecircle.model.allowed import AtLeast, Filled, Like, OneOf, OrNothing, Params, Plain, Value
from lifecircle.outputs import write_outputs
from lifecircle.outputs.saved import described
from lifecircle.outputs.saved.assessment_json import AssessmentDocument
from lifecircle.outputs.saved.described import CLOSED, json_schema, read_as
from lifecircle.outputs.saved.schemas import (
    DOCUMENTS,
    schema_file,
    schema_text,
    shipped_schema,
    write_schemas,
)


class Colour(StrEnum):
    """Red or blue."""

    RED = "red"
    """As ``None`` else."""
    BLUE = "blue"


@dataclasses.dataclass(frozen=True, slots=True)
class Dot:
    """One dot.

    Told in
    two lines.

    Parameters
    ----------
    x, y
        In metres; None: not
        known.
    """

    x: float | None
    y: float | None
    colour: Colour = Colour.RED


@dataclasses.dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of dots."""

    schema: Annotated[int, OneOf((7,))]
    day: dt.date
    dots: Annotated[tuple[Dot, ...], Filled()]
    mark: Annotated[str, Like("^[a-z]$")] | None = None
    least: Annotated[int, AtLeast(2)] = 2
    gap: Annotated[float, OrNothing()] = 0.0
    params: Params = dataclasses.field(default_factory=dict)

    __pydantic_config__ = CLOSED


SHEET = {
    "schema": 7,
    "day": "2024-02-29",
    "dots": [{"x": 1, "y": None, "colour": "blue"}],
    "mark": "a",
    "least": 2,
    "gap": None,
    "params": {"a": ["b", 1, 1.5, True, None, {"code": "c", "params": {"d": 2}}]},
}


def test_a_document_is_read_as_its_type():
    assert read_as(Sheet, json.dumps(SHEET)) == Sheet(
        7,
        dt.date(2024, 2, 29),
        (Dot(1.0, None, Colour.BLUE),),
        "a",
        2,
        None,
        {"a": ["b", 1, 1.5, True, None, {"code": "c", "params": {"d": 2}}]},
    )


def test_a_type_says_what_its_json_is():
    nothing_else = {"type": "object", "additionalProperties": False}
    metres = {"type": ["number", "null"], "description": "In metres; null: not known."}
    scalar = ["string", "number", "boolean", "null"]
    code, params = {"type": "string"}, {"type": "object"}
    note = {**nothing_else, "properties": {"code": code, "params": params}}
    note["required"] = ["code", "params"]
    assert json_schema(Sheet, "sheet") == {
        **nothing_else,
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "sheet",
        "description": "A sheet of dots.",
        "required": list(SHEET),
        "properties": {
            "schema": {"type": "integer", "const": 7},
            "day": {
                "type": "string",
                "format": "date",
                "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
            },
            "dots": {"type": "array", "items": {"$ref": "#/$defs/Dot"}, "minItems": 1},
            "mark": {"anyOf": [{"type": "string", "pattern": "^[a-z]$"}, {"type": "null"}]},
            "least": {"type": "integer", "minimum": 2},
            "gap": {"type": ["number", "null"]},
            "params": {
                "type": "object",
                "additionalProperties": {
                    "type": [*scalar, "array"],
                    "items": {"anyOf": [{"type": scalar}, note]},
                },
            },
        },
        "$defs": {
            "Colour": {
                "type": "string",
                "enum": ["red", "blue"],
                "description": "Red or blue. red: As null else.",
            },
            "Dot": {
                **nothing_else,
                "description": "One dot. Told in two lines.",
                "required": ["x", "y", "colour"],
                "properties": {"x": metres, "y": metres, "colour": {"$ref": "#/$defs/Colour"}},
            },
        },
    }


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("schema", 8),
        ("schema", True),
        ("day", "29.2.2024"),
        ("day", "2023-02-29"),
        ("day", 0),
        ("dots", []),
        ("dots", [{"x": 1, "y": 1}]),  # a default is for Python code alone
        ("dots", [{"x": 1, "y": 1, "colour": "green"}]),
        ("dots", [{"x": 1, "y": 1, "colour": "red", "z": 1}]),
        ("dots", [{"x": "1", "y": 1, "colour": "red"}]),
        ("dots", [{"x": True, "y": 1, "colour": "red"}]),
        ("mark", "A"),
        ("mark", 1),
        ("least", 1),
        ("least", "2"),
        ("gap", "wide"),
        ("params", {"a": {}}),
        ("params", {"a": [[]]}),
        ("params", {"a": [{"code": "a"}]}),
        ("params", {"a": [{"code": "a", "params": {"b": {}}}]}),
        ("other", 1),
    ],
)
def test_nothing_else_is_read(key, value):
    with pytest.raises(ValidationError):
        read_as(Sheet, json.dumps(SHEET | {key: value}))


@pytest.mark.parametrize("key", SHEET)
def test_every_key_must_stand(key):
    with pytest.raises(ValidationError) as refused:
        read_as(Sheet, json.dumps({k: v for k, v in SHEET.items() if k != key}))
    (only,) = refused.value.errors()
    assert (only["type"], only["loc"]) == ("missing", (key,))


def test_a_name_that_is_no_field_is_found():
    @dataclasses.dataclass
    class Odd:
        """Odd.

        Parameters
        ----------
        heigth
            A slip.
        """

        height: float

    with pytest.raises(KeyError, match="heigth"):
        json_schema(Odd, "odd")


def test_values_alone():
    @dataclasses.dataclass
    class Only:
        """Only."""

        value: Value
        many: tuple[Annotated[Any, Plain()], ...]

        __pydantic_config__ = CLOSED

    assert read_as(Only, '{"value": [1, "a"], "many": [null, 2.5]}') == Only([1, "a"], (None, 2.5))


# What ships


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_shipped_schemas_are_current(name):
    shipped = files("lifecircle.outputs.saved") / schema_file(name)
    assert shipped.read_text(encoding="utf-8") == schema_text(name), "run `make schemas`"


def test_the_command_writes_them_all(tmp_path):
    write_schemas(tmp_path)
    written = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert written == {schema_file(name): schema_text(name) for name in DOCUMENTS}
    described._reader.cache_clear()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_schema_is_sound_closed_and_worded(name):
    schema = shipped_schema(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["title"] == f"lifecircle {name}, schema {DOCUMENTS[name][1]}"
    types = {name: schema, **schema["$defs"]}
    for where, one in types.items():
        assert len(one["description"]) > 5, where
        if one["type"] == "object":
            assert one["additionalProperties"] is False, where
            assert one["required"] == list(one["properties"]), where
    text = json.dumps(schema, ensure_ascii=False)
    assert re.findall(r"``|\bNone\b|\bTrue\b|\bFalse\b|:\w+:`", text) == []


_ODD = st.sampled_from([None, True, 1, -1, 0.5, "x", "A1", [], [1], {}, {"a": 1}, "now"])


@pytest.fixture(scope="module")
def saved(shared_sample, tmp_path_factory):
    folder = tmp_path_factory.mktemp("saved")
    return write_outputs(shared_sample, folder, only=("json",))["json"].read_text(encoding="utf-8")


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_the_reader_and_the_schema_agree(saved, data):
    document = json.loads(saved)
    place = document
    while True:
        keys = sorted(place) if isinstance(place, dict) else range(len(place))
        key = data.draw(st.sampled_from(list(keys)))
        if not isinstance(place[key], dict | list) or not place[key] or data.draw(st.booleans()):
            break
        place = place[key]
    if isinstance(place, dict) and data.draw(st.booleans()):
        del place[key]
    else:
        place[key] = data.draw(_ODD)
    try:
        read_as(AssessmentDocument, json.dumps(document))
        allowed = True
    except ValidationError:
        allowed = False
    validator = jsonschema.Draft202012Validator(shipped_schema("assessment"))
    assert validator.is_valid(document) is allowed
