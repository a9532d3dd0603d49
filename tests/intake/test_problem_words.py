import re
import string

import pytest

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
    assert not any(re.search(r"[\u4e00-\u9fff]", text) for text in en.values())


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


def test_closed_reasons_are_worded():
    params = {"key": "study.crs", "detail": "crs_mercator"}
    problem = Problem(ProblemCode.STUDY_VALUE, Severity.ERROR, params, value="EPSG:3857")
    assert "网络墨卡托" in describe(problem, "zh")["what"]
    assert "Web Mercator" in describe(problem, "en")["what"]
