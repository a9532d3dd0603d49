"""A saved assessment edited by hand or damaged: refused, naming what is wrong."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3

import pytest
from pydantic import ValidationError

import lifecircle as lc
from lifecircle.errors import AssessmentFormatError, OutputError
from lifecircle.outputs import read_assessment, write_outputs
from lifecircle.outputs.saved.assessment_json import AssessmentDocument
from lifecircle.outputs.saved.described import read_as
from lifecircle.outputs.saved.refusals import mistakes
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


def spoil(folder, keys, value):
    """Put ``value`` where ``keys`` lead in the document; ``...`` takes the key out."""
    path = folder / "assessment.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    place = document
    for key in keys[:-1]:
        place = place[key]
    if value is ...:
        del place[keys[-1]]
    else:
        place[keys[-1]] = value
    path.write_text(json.dumps(document), encoding="utf-8")


def refusal(folder, language):
    """Return what is said of the document, without its path."""
    with pytest.raises(AssessmentFormatError) as refused:
        read_assessment(folder, language)
    assert isinstance(refused.value, ValueError)
    return str(refused.value).removeprefix(f"{folder / 'assessment.json'}: ")


@pytest.mark.parametrize(
    ("keys", "value", "zh", "en"),
    [
        (
            ("language",),
            "fr",
            'language = "fr"（应为 zh | en）',
            'language = "fr" (expected: zh | en)',
        ),
        (
            ("language",),
            None,
            "language = null（应为 zh | en）",
            "language = null (expected: zh | en)",
        ),
        (
            ("as_of",),
            "2024-13-99",
            'as_of = "2024-13-99"（应为 日期，如 2025-12-31）',
            'as_of = "2024-13-99" (expected: a date such as 2025-12-31)',
        ),
        (
            ("banners",),
            [{"a": 1}],
            'banners[0] = {"a": 1}（应为 文本）',
            'banners[0] = {"a": 1} (expected: text)',
        ),
        (
            ("problems",),
            ["x"],
            'problems[0] = "x"（应为 {…} 形式的一组键值）',
            'problems[0] = "x" (expected: keys and values in {…})',
        ),
        (
            ("problems",),
            {"a": 1},
            'problems = {"a": 1}（应为 […] 形式的列表）',
            'problems = {"a": 1} (expected: a list in […])',
        ),
        (
            ("problems", 0, "params"),
            {"field": {"a": 1}},
            'problems[0].params.field = {"a": 1}（应为 文本、数字、true 或 false、null，或由它们',
            'problems[0].params.field = {"a": 1} (expected: text, a number, true or false, null,',
        ),
        (
            ("problems", 0, "code"),
            "nonsense",
            'problems[0].code = "nonsense"（应为 study_missing | study_syntax | ',
            'problems[0].code = "nonsense" (expected: study_missing | study_syntax | ',
        ),
        (
            ("inputs", 0, "sha256"),
            "abc",
            'inputs[0].sha256 = "abc"（应为 ^[0-9a-f]{64}$）',
            'inputs[0].sha256 = "abc" (expected: ^[0-9a-f]{64}$)',
        ),
        (
            ("inputs", 0, "rows"),
            1.5,
            "inputs[0].rows = 1.5（应为 整数）",
            "inputs[0].rows = 1.5 (expected: a whole number)",
        ),
        (
            ("clauses", 0, "title"),
            5,
            "clauses[0].title = 5（应为 {…} 形式的一组键值）",
            "clauses[0].title = 5 (expected: keys and values in {…})",
        ),
        (
            ("clauses", 0, "title"),
            {"Chinese": "x"},
            "clauses[0].title.Chinese：没有这一项",
            "clauses[0].title.Chinese: no such key",
        ),
        (
            ("clauses", 0, "value"),
            "abc",
            'clauses[0].value = "abc"（应为 数字）',
            'clauses[0].value = "abc" (expected: a number)',
        ),
        (
            ("clauses", 0, "value"),
            True,
            "clauses[0].value = true（应为 数字）",
            "clauses[0].value = true (expected: a number)",
        ),
        (
            ("clauses", 0, "references", 0, "verified"),
            1,
            "clauses[0].references[0].verified = 1（应为 true 或 false）",
            "clauses[0].references[0].verified = 1 (expected: true or false)",
        ),
        (
            ("clauses", 0, "references", 0, "verified"),
            ...,
            "clauses[0].references[0].verified：缺少这一项",
            "clauses[0].references[0].verified: is missing",
        ),
        (
            ("clauses", 0, "invented"),
            1,
            "clauses[0].invented：没有这一项",
            "clauses[0].invented: no such key",
        ),
        (("invented",), 1, "invented：没有这一项", "invented: no such key"),
        (("switches",), ..., "switches：缺少这一项", "switches: is missing"),
        (
            ("clauses", 0, "counts"),
            {"compliant": -5},
            "clauses[0].counts.compliant = -5（应为 ≥ 0）",
            "clauses[0].counts.compliant = -5 (expected: ≥ 0)",
        ),
        (
            ("clauses", 0, "counts"),
            {"fine": 1},
            "clauses[0].counts.fine：没有这一项",
            "clauses[0].counts.fine: no such key",
        ),
        (
            ("crs",),
            "EPSG:9999999",
            'crs = "EPSG:9999999"（应为 EPSG:4548）',
            'crs = "EPSG:9999999" (expected: EPSG:4548)',
        ),
        (
            ("crs",),
            "EPSG:3857",
            'crs = "EPSG:3857"（应为 assessment.gpkg residential: EPSG:4548）',
            'crs = "EPSG:3857" (expected: assessment.gpkg residential: EPSG:4548)',
        ),
    ],
)
def test_document_says_what_it_may_not(folder, keys, value, zh, en):
    spoil(folder, keys, value)
    for language, told in (("zh", zh), ("en", en)):
        assert refusal(folder, language).startswith(told)


def test_a_document_of_many_mistakes_names_the_first(folder):
    spoil(folder, ("banners",), list(range(9)))
    told = refusal(folder, "zh")
    assert told.count("应为 文本") == 5
    assert told.endswith("；另有 4 处")
    assert refusal(folder, "en").endswith("; and 4 more")


def test_every_mistake_is_told_in_our_words(folder):
    """Every value of the document replaced by values of other kinds."""
    whole = (folder / "assessment.json").read_text(encoding="utf-8")
    found = []
    for way in _ways(json.loads(whole)):
        for odd in ([{}], {"a": []}, 1.5, "", None):
            document = json.loads(whole)
            place = document
            for key in way[:-1]:
                place = place[key]
            place[way[-1]] = odd
            if told := _mistakes(document):
                found.append(told)
    assert len(found) > 500
    theirs = re.compile(r"Input should|nexpected|\brequired\b|JSON Schema")
    assert [text for text in found if theirs.search(text)] == []


def _mistakes(document):
    try:
        read_as(AssessmentDocument, json.dumps(document))
    except ValidationError as error:
        return mistakes(error, "zh")
    return ""


def _ways(value):
    """Yield the way to each key of ``value``; into the first member of lists."""
    keys = value if isinstance(value, dict) else range(min(len(value), 1))
    for key in keys:
        yield (key,)
        if isinstance(value[key], dict | list):
            yield from ((key, *way) for way in _ways(value[key]))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[" * 200_000, "层层嵌套过多"),
        ("", "不是完整的 JSON：第 1 行第 1 个字符处"),
        ('{"schema": 2,\n "version": ', "不是完整的 JSON：第 2 行第 13 个字符处"),
        ("[]", "schema = null，本版本只读 schema 2"),
        ('{"schema": "<b>"}', 'schema = "<b>"，本版本'),
        ('{"schema": NaN}', "JSON 不允许的数"),
        ('{"schema": 1' + "0" * 5000 + "}", "JSON 不允许的数"),
    ],
)
def test_document_is_no_document(folder, text, told):
    (folder / "assessment.json").write_text(text, encoding="utf-8")
    assert told in refusal(folder, "zh")


def test_document_in_another_encoding(folder):
    path = folder / "assessment.json"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    assert refusal(folder, "zh") == "不是 UTF-8 编码的文本"


def test_infinity_under_another_name_is_no_number(folder):
    path = folder / "assessment.json"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r'"threshold": [0-9.]+', '"threshold": 9e999', text), encoding="utf-8")
    assert re.match(r"sensitivity\[0\]\.threshold = \w+（应为 数字）", refusal(folder, "zh"))


@pytest.mark.parametrize("share", [0, 0.002, 0.5, 0.9])
def test_cut_geopackage(folder, share):
    path = folder / "assessment.gpkg"
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(AssessmentFormatError, match=r"assessment\.gpkg"):
        read_assessment(folder)


def _without(table, column):
    """Make a view a plain table again, as somebody's own program may, and drop a column."""
    return (
        f"create table own as select * from {table}; drop view {table};"  # noqa: S608 - ours
        f"alter table own drop column {column}; alter table own rename to {table}"
    )


@pytest.mark.parametrize(
    ("query", "named"),
    [
        (_without("findings", "status"), "表 findings 缺少列：status"),
        (_without("findings", "clause"), "表 findings 缺少列：clause"),
        (_without("reach", "walk_min"), "表 reach 缺少列：walk_min"),
        ("drop view findings", "findings"),
        ("drop table findings_kinds", "findings"),
        (
            "update findings_kinds set status = 'great'",
            "表 findings 第 1 行 status 列读不懂：great",
        ),
        ("update findings_kinds set flags = 'great'", "表 findings 第 1 行 flags 列读不懂：great"),
        ("update findings_reasons set reason = '{'", "表 findings 第 1 行 reason 列读不懂：{"),
        ("update remedies set remedy = '[]'", r"表 remedies 第 1 行 remedy 列读不懂：\[\]"),
    ],
)
def test_edited_geopackage(folder, query, named):
    connection = sqlite3.connect(folder / "assessment.gpkg")
    connection.executescript(query)
    connection.close()
    with pytest.raises(AssessmentFormatError, match=named):
        read_assessment(folder)


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
