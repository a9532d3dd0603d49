"""assessment.json: its schema, its numbers, its bytes."""

import dataclasses
import json
import math

import jsonschema
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecircle.errors import OutputError
from lifecircle.model.status import Status
from lifecircle.outputs.saved.assessment_json import document, write_json
from lifecircle.outputs.saved.json_text import laid_out, plain
from lifecircle.outputs.saved.schemas import shipped_schema


def _refuse(constant):
    raise AssertionError(f"{constant} is no JSON")


def test_file_follows_the_schema(sample, tmp_path):
    path = write_json(sample, tmp_path / "assessment.json")
    read = json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse)
    validator = jsonschema.Draft202012Validator(shipped_schema("assessment"))
    validator.check_schema(shipped_schema("assessment"))
    assert [e.message for e in validator.iter_errors(read)] == []
    assert list(read)[:3] == ["schema", "version", "study"]
    assert read["study"] == "曹县标准示范评估 <试>"


@pytest.mark.parametrize(
    ("where", "key", "value"),
    [
        ((), "invented", 1),
        (("clauses", 0), "invented", 1),
        (("clauses", 0, "official"), "invented", 1),
        (("clauses", 0), "status", "fine"),
        ((), "schema", 3),
        ((), "tables", ["findings"]),
        (("clauses", 0, "counts"), "fine", 3),
    ],
)
def test_schema_is_closed(sample, where, key, value):
    produced = document(sample)
    target = produced
    for step in where:
        target = target[step]
    target[key] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(produced, shipped_schema("assessment"))


def test_missing_and_unbounded_numbers_are_null(sample):
    assert document(sample)["clauses"][2]["high"] is None
    assert plain([math.nan, math.inf, -math.inf, np.float64(2.5), np.int64(3), np.bool_(1)]) == [
        None,
        None,
        None,
        2.5,
        3,
        True,
    ]


def test_language_changes_nothing_but_itself(sample, sample_en):
    chinese, english = document(sample), document(sample_en)
    assert chinese.pop("digest") != english.pop("digest")
    assert chinese == english | {"language": "zh"}


def test_same_result_same_bytes(sample, tmp_path):
    first = write_json(sample, tmp_path / "a.json").read_bytes()
    assert write_json(sample, tmp_path / "b.json").read_bytes() == first
    assert b"\r" not in first


def test_failure_leaves_the_former_file(sample, tmp_path, monkeypatch):
    path = write_json(sample, tmp_path / "assessment.json")
    before = path.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    with pytest.raises(OutputError, match="No space left"):
        write_json(dataclasses.replace(sample, study="x"), path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["assessment.json"]


_TEXT = st.text(st.characters(), max_size=5)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | _TEXT | st.sampled_from(Status) | st.floats(-9, 9).map(np.float64),
    lambda inner: st.lists(inner, max_size=3) | st.lists(inner, max_size=3).map(tuple)
    | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=12,
)  # fmt: skip


@given(_JSON)
def test_json_is_laid_out_as_pythons(value):
    assert laid_out(value) == json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, np.float64("nan")])
def test_a_number_that_is_none_is_no_json(number):
    with pytest.raises(ValueError, match="not JSON compliant"):
        laid_out({"a": [1.0, number]})
