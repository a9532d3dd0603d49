"""A saved assessment edited by hand or damaged: refused, naming what is wrong."""

from __future__ import annotations

import json
import shutil
import sqlite3

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lifecircle as lc
from lifecircle.errors import AssessmentFormatError, OutputError
from lifecircle.outputs import read_assessment, write_outputs
from lifecircle.outputs.saved.assessment_json import schema
from lifecircle.outputs.saved.schema_check import KEYWORDS, mistakes
from lifecircle.outputs.whole import whole_files


@pytest.fixture(scope="module")
def saved(shared_sample, tmp_path_factory):
    folder = tmp_path_factory.mktemp("saved")
    write_outputs(shared_sample, folder, only=("json", "gpkg"))
    return folder


@pytest.fixture
def folder(saved, tmp_path):
    """A copy that a test may break."""
    return shutil.copytree(saved, tmp_path / "saved")


@pytest.mark.parametrize(
    ("keys", "value", "named"),
    [
        (("language",), "fr", r'language = "fr" \(zh \| en\)'),
        (("language",), None, "language = null"),
        (("as_of",), "2024-13-99", "month must be in 1..12"),
        (("banners",), [{"a": 1}], r"banners\[0\] ="),
        (("problems",), ["x"], r"problems\[0\] ="),
        (("problems",), {"a": 1}, "problems ="),
        (("crs",), "EPSG:9999999", "crs ="),
        (("crs",), "EPSG:3857", "crs ="),
        (("clauses", 0, "title"), 5, r"clauses\[0\]\.title = 5 \(object\)"),
        (("clauses", 0, "value"), "abc", r'clauses\[0\]\.value = "abc" \(number \| null\)'),
        (("clauses", 0, "counts"), [1], r"clauses\[0\]\.counts ="),
        (("clauses", 0, "counts"), {"compliant": -5}, r"counts\.compliant = -5 \(≥ 0\)"),
        (("clauses", 0, "official"), {"basis": 5}, r"clauses\[0\]\.official\."),
    ],
)
def test_document_says_what_it_may_not(folder, keys, value, named):
    path = folder / "assessment.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    place = document
    for key in keys[:-1]:
        place = place[key]
    place[keys[-1]] = value
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(AssessmentFormatError, match=named):
        read_assessment(folder)


@pytest.mark.parametrize("text", ["[" * 200_000, "", "[]", '{"schema": NaN}'])
def test_document_is_no_document(folder, text):
    (folder / "assessment.json").write_text(text, encoding="utf-8")
    with pytest.raises(AssessmentFormatError, match=r"assessment\.json"):
        read_assessment(folder)


@pytest.mark.parametrize("share", [0, 0.002, 0.5, 0.9])
def test_cut_geopackage(folder, share):
    path = folder / "assessment.gpkg"
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(AssessmentFormatError, match=r"assessment\.gpkg"):
        read_assessment(folder)


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("alter table findings drop column status", "findings: columns missing: status"),
        ("alter table findings drop column clause", "findings: columns missing: clause"),
        ("alter table reach drop column walk_min", "reach: columns missing: walk_min"),
        ("drop table findings", "findings"),
        ("update findings set status = 'great'", "great"),
    ],
)
def test_edited_geopackage(folder, query, named):
    connection = sqlite3.connect(folder / "assessment.gpkg")
    connection.execute(query)
    connection.commit()
    connection.close()
    with pytest.raises(AssessmentFormatError, match=named):
        read_assessment(folder)


def _keywords(rule):
    if isinstance(rule, dict):
        for name, inner in rule.items():
            yield name
            if name in {"properties", "$defs"}:
                for one in inner.values():
                    yield from _keywords(one)
            else:
                yield from _keywords(inner)
    elif isinstance(rule, list):
        for one in rule:
            yield from _keywords(one)


def test_every_word_of_the_schema_is_understood():
    assert set(_keywords(schema())) <= KEYWORDS
    with pytest.raises(NotImplementedError, match="maxLength"):
        list(mistakes("x", {"maxLength": 0}))


_ODD = st.sampled_from([None, True, 1, -1, 0.5, "x", "A1", [], [1], {}, {"a": 1}, "now"])


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_agrees_with_jsonschema(saved, data):
    document = json.loads((saved / "assessment.json").read_text(encoding="utf-8"))
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
    expected = jsonschema.Draft202012Validator(schema()).is_valid(document)
    assert (not list(mistakes(document, schema()))) is expected


def test_files_of_a_command_come_together(tmp_path):
    out = tmp_path / "out"

    def fail():
        with whole_files(out) as part:
            (part / "a.json").write_text("new")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not out.exists()
    with whole_files(out) as part:
        (part / "a.json").write_text("new")
    assert [p.name for p in out.iterdir()] == ["a.json"]
    with pytest.raises(OutputError, match=r"a\.json"), whole_files(out / "a.json"):
        pass


def test_comparison_that_fails_leaves_the_former_files(sample, tmp_path, monkeypatch):
    comparison = lc.compare(sample, sample)
    for path in lc.write_comparison(comparison, tmp_path).values():
        path.write_text("former")

    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr("lifecircle.outputs.maps.difference.draw_difference", broken)
    with pytest.raises(ZeroDivisionError):
        lc.write_comparison(comparison, tmp_path)
    assert {p.read_text() for p in tmp_path.iterdir()} == {"former"}
