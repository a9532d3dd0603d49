import re
import string
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecircle.model import dictionary
from lifecircle.model.dictionary import LAYERS, columns
from lifecircle.model.problem import Problem, ProblemCode, Severity, describe
from lifecircle.texts import LANGUAGES, catalogue, word

PLACED = {
    "file": "设施.xlsx",
    "sheet": "设施",
    "row": 7,
    "cell": "B7",
    "column": "户数",
    "value": "-5",
}


def fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("code", list(ProblemCode))
@pytest.mark.parametrize("part", ["what", "why", "remedy"])
def test_every_problem_says_what_why_and_what_to_do_in_both_languages(code, part):
    texts = [catalogue("problems", language)[f"{code}.{part}"] for language in LANGUAGES]
    assert all(texts)
    assert fields(texts[0]) == fields(texts[1])


def test_both_catalogues_hold_the_same_and_no_code_that_does_not_exist():
    zh, en = (catalogue("problems", language) for language in LANGUAGES)
    assert zh.keys() == en.keys()
    codes = {key.split(".")[0] for key in zh} - {"where", "study"}
    assert codes == {str(code) for code in ProblemCode}
    # what a Chinese ledger or layer says itself stands in quotes
    own = (re.sub(r'"[^"]*"', "", text) for text in en.values())
    assert not any(re.search(r"[\u4e00-\u9fff]", text) for text in own)


def test_every_column_has_a_word():
    for language in LANGUAGES:
        for layer in (*LAYERS, "travel"):
            for column in columns(layer):
                if column != column.upper():
                    assert word("field", column, language) != f"field.{column}"
                    assert f"field.{column}" in catalogue("words", language)


def test_a_problem_in_words():
    problem = Problem(ProblemCode.NUMBER_NEGATIVE, Severity.ERROR, layer="residential", **PLACED)
    zh, en = (describe(problem, language) for language in LANGUAGES)
    assert zh["what"] == "“户数”是负数（-5），该值未采用"
    assert zh["where"] == "设施.xlsx，工作表“设施”，单元格 B7，列“户数”"
    assert en["what"] == "“户数” is negative (-5); the value was not used"
    assert en["where"] == "设施.xlsx, sheet “设施”, cell B7, column “户数”"


@pytest.mark.parametrize(("nearest", "asked"), [("日间照料中心", True), (None, False)])
def test_a_near_name_becomes_a_question(nearest, asked):
    problem = Problem(ProblemCode.KIND_UNKNOWN, Severity.WARNING, {"nearest": nearest}, **PLACED)
    for language in LANGUAGES:
        remedy = describe(problem, language)["remedy"]
        assert ("日间照料中心" in remedy) is asked


def test_the_allowed_values_are_named():
    params = {"key": "study.language", "detail": "one_of", "allowed": ["zh", "en"]}
    problem = Problem(ProblemCode.STUDY_VALUE, Severity.ERROR, params, value="fr")
    assert describe(problem, "zh")["remedy"] == "改成其中之一：zh、en。"
    assert describe(problem, "en")["remedy"] == "Use one of: zh, en."


def test_of_a_ledgers_words_the_chinese_are_named_in_chinese():
    params = {"allowed": ["城镇", "urban", "111", "乡村", "rural"]}
    problem = Problem(ProblemCode.WORD_UNKNOWN, Severity.WARNING, params, value="镇区")
    assert describe(problem, "zh")["remedy"] == "改成其中之一：城镇、111、乡村。"
    assert "urban" in describe(problem, "en")["remedy"]


def test_closed_reasons_are_worded():
    params = {"key": "study.crs", "detail": "crs_mercator"}
    problem = Problem(ProblemCode.STUDY_VALUE, Severity.ERROR, params, value="EPSG:3857")
    assert "网络墨卡托" in describe(problem, "zh")["what"]
    assert "Web Mercator" in describe(problem, "en")["what"]


HEADERS = st.text(min_size=1, max_size=12).filter(lambda t: t.strip() and "\x7f" not in t)


@given(header=HEADERS)
def test_what_is_to_be_pasted_is_read_as_it_is_meant(header):
    columns_likely = Problem(
        ProblemCode.COLUMN_LIKELY,
        Severity.WARNING,
        {"field": "elders", "table": "layers.residential", "option": "elders"},
        column=header,
    )
    near = Problem(
        ProblemCode.NAME_NEAR,
        Severity.WARNING,
        {"target": "residential", "nearest": "甲", "key": header, "table": "residential"},
        value=header,
    )
    told = describe(columns_likely, "zh")["remedy"]
    line = told[told.index("columns =") : told.rindex("；那里已有")]
    assert tomllib.loads(line) == {"columns": {"elders": header}}
    told = describe(near, "zh")["remedy"]
    line = told[told.index("其下写一行 ") + 6 : -1]
    assert tomllib.loads(f"[aliases.residential]\n{line}") == {
        "aliases": {"residential": {header: header}}
    }


def test_a_share_typed_as_one_is_told_how_to_be_split():
    place = {**PLACED, "column": "分子", "value": "85%"}
    told = describe(
        Problem(ProblemCode.NUMBER_UNREADABLE, Severity.WARNING, layer="indicators", **place), "zh"
    )
    assert "分子 85、分母 100" in told["remedy"]
    beds = Problem(ProblemCode.NUMBER_UNREADABLE, Severity.WARNING, layer="facilities", **PLACED)
    assert "分母" not in describe(beds, "zh")["remedy"]


def test_a_figure_without_its_source_is_used_and_said_to_have_none():
    """One of the two, where it once was either (first use, B4)."""
    blank = Problem(
        ProblemCode.VALUE_MISSING, Severity.WARNING, {"field": "source"}, "indicators", **PLACED
    )
    assert "只缺来源的，数值照用，并注明没有来源" in describe(blank, "zh")["why"]


@pytest.mark.parametrize(
    ("severity", "language", "told"),
    [
        (
            Severity.ERROR,
            "zh",
            "“地上建筑面积”是 40,000，比“总建筑面积”的 30,000 还大：部分不会大于整体",
        ),
        (Severity.WARNING, "zh", "40,000 大于“总建筑面积”的 30,000，按不明处理"),
        (
            Severity.WARNING,
            "en",
            "40,000 is more than the 30,000 of “总建筑面积”; taken as not known",
        ),
    ],
)
def test_a_part_larger_than_its_whole_stops_a_proposal_and_not_a_study(severity, language, told):
    figures = {"part": 40000.0, "whole": 30000.0, "of": "总建筑面积"}
    problem = Problem(ProblemCode.PART_EXCEEDS, severity, figures, column="地上建筑面积")
    said = describe(problem, language)
    assert said["what"] == told
    assert ("不能审查" in said["why"]) == (severity is Severity.ERROR)


def test_how_much_a_plot_shares_with_a_point_is_not_known():
    params = {"residential": "乙苑", "area_m2": None}
    problem = Problem(ProblemCode.PLOT_OVER_AREA, Severity.WARNING, params)
    assert describe(problem, "zh")["what"] == "地块与现有居住区“乙苑”重叠面积不详"


TABLES = [*dictionary.LAYERS, *dictionary.PROPOSAL_PARTS]
COLUMNS = [spec for table in TABLES for spec in dictionary.columns(table).values()]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("spec", COLUMNS, ids=lambda s: f"{s.layer}.{s.name}")
def test_a_header_that_a_remedy_names_is_one_that_is_read(spec, language):
    """Whoever writes what the remedy asks for, or the note on absent columns, is understood."""
    headers = {dictionary.fold(name) for name in spec.aliases}
    assert dictionary.fold(spec.header(language)) in headers
    given = {"field": spec.name, "option": spec.name, "column": "丁", "table": "t"}
    for code in (ProblemCode.COLUMN_WORDED, ProblemCode.COLUMN_LIKELY):
        for layer in (spec.layer, "proposal"):
            told = describe(Problem(code, Severity.WARNING, given, layer=layer), language)["remedy"]
            for named in re.findall(
                "(?:change the header to|把表头改成|empty column|空白的)“(.*?)”", told
            ):
                assert dictionary.fold(named) in headers or layer == "proposal"
    costs = {spec.name: ["CX-01"]}
    about = {"costs": costs, "count": 1, "key": spec.name}
    said = describe(
        Problem(ProblemCode.COLUMNS_ABSENT, Severity.INFO, about, layer=spec.layer), language
    )
    assert (
        f"{spec.header(language)}{'（CX-01）' if language == 'zh' else ' (CX-01)'}" in said["what"]
    )
    if language == "en":
        assert not re.search("[\u3000-\u9fff\uff00-\uffef]", said["what"] + said["remedy"])


@pytest.mark.parametrize("vocabulary", ["stage", "age_class", "setting", "passage", "tenure"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_allowed_words_are_told_in_the_readers_language(vocabulary, language):
    allowed = list(dictionary.words(vocabulary))
    problem = Problem(ProblemCode.WORD_UNKNOWN, Severity.WARNING, {"allowed": allowed}, value="?")
    told = describe(problem, language)["remedy"].split(": " if language == "en" else "：", 1)[1]
    named = [w for w in re.split("[、,]", told.strip(".。")) if w.strip()]
    assert any(dictionary.match_word(vocabulary, word.strip()) for word in named)
    other = "[a-z]{3}" if language == "zh" else "[\u4e00-\u9fff]"
    assert not re.search(other, told.replace("24/7", ""))


def test_english_problems_are_sentences_that_begin_with_a_capital():
    texts = catalogue("problems", "en")
    parts = re.compile(r"\.(what|why|remedy)(_\w+)?$")
    low = [
        key for key, text in texts.items() if parts.search(key) and re.match("[a-z]+[ ,;:]", text)
    ]
    assert low == []


@pytest.mark.parametrize(
    "vocabulary", ["stage", "age_class", "setting", "passage", "tenure", "bool"]
)
def test_words_that_a_remedy_offers_are_read_as_they_are_written(vocabulary):
    offered = dictionary.written_words(vocabulary)
    keys = {dictionary.match_word(vocabulary, word) for word in offered}
    assert keys == set(dictionary.words(vocabulary).values())
    assert not any("," in word for word in offered)
