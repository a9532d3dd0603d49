import datetime as dt

import pytest

from lifecircle.errors import StudyError
from lifecircle.intake import check_study, read_study
from lifecircle.intake.settings.file import read_study_file
from lifecircle.model.problem import ProblemCode as P
from lifecircle.model.problem import describe

GOOD = """
[study]
name = "金乡县"
county = "370828"
standard = ["jinxiang-2023", "own/rules.toml"]
as_of = 2025-12-31
crs = "EPSG:4548"
headline = "JX-04"
banners = "仅供内部使用"
attribution = ["某局"]
[parameters]
walk_speed_m_s = 1
persons_per_household = 2.6
[readings]
A5 = "ceil"
[layers.residential]
path = '台账\\小区.xlsx'
columns = { households = "规划户数" }
[layers.facilities]
path = "f.csv"
coordinates = "gcj02"
[indicators]
registered = { numerator = 8, denominator = 10, source = "民政局" }
[evidence]
anything = "goes"
"""


def write(tmp_path, text):
    path = tmp_path / "study.toml"
    path.write_text(text, encoding="utf-8-sig")
    return path


def test_a_good_file(tmp_path):
    file, problems = read_study_file(write(tmp_path, GOOD))
    assert problems == ()
    assert file.heading.as_of == dt.date(2025, 12, 31)
    assert file.standards == ("jinxiang-2023", str(tmp_path / "own/rules.toml"))
    assert file.heading.banners == ["仅供内部使用"]
    assert file.resolve(file.layers.residential.path) == tmp_path / "台账" / "小区.xlsx"
    assert file.parameters.walk_speed_m_s == 1.0
    assert file.parameters.given == {"walk_speed_m_s", "persons_per_household"}
    assert file.readings == {"A5": "ceil"}
    assert file.indicators["registered"].numerator == 8


@pytest.mark.parametrize(
    ("old", "new", "code", "params", "value"),
    [
        (
            "county = ",
            "countey = ",
            P.STUDY_KEY_UNKNOWN,
            {"key": "study.countey", "nearest": "county"},
            None,
        ),
        (
            "[readings]",
            "[reading]",
            P.STUDY_KEY_UNKNOWN,
            {"key": "reading", "nearest": "readings"},
            None,
        ),
        (
            "[layers.facilities]",
            "[layers.facility]",
            P.STUDY_KEY_UNKNOWN,
            {"key": "layers.facility", "nearest": "facilities"},
            None,
        ),
        (
            "coordinates",
            "coordinate",
            P.STUDY_KEY_UNKNOWN,
            {"key": "layers.facilities.coordinate", "nearest": "coordinates"},
            None,
        ),
        (
            "[evidence]",
            "[map]\nprepared = 1\n[evidence]",
            P.STUDY_KEY_UNKNOWN,
            {"key": "map.prepared", "nearest": "prepared_by"},
            None,
        ),
        (
            "walk_speed_m_s",
            "walk_speed",
            P.STUDY_KEY_UNKNOWN,
            {"key": "parameters.walk_speed", "nearest": "walk_speed_m_s"},
            None,
        ),
        (
            "{ households",
            "{ house_holds",
            P.STUDY_KEY_UNKNOWN,
            {"key": "layers.residential.columns.house_holds", "nearest": "households"},
            None,
        ),
        ("as_of = 2025-12-31", "", P.STUDY_KEY_MISSING, {"key": "study.as_of"}, None),
        (
            "2025-12-31",
            '"2025-13-31"',
            P.STUDY_VALUE,
            {"key": "study.as_of", "detail": "date"},
            "2025-13-31",
        ),
        ("2025-12-31", "2025", P.STUDY_VALUE, {"key": "study.as_of", "detail": "date"}, "2025"),
        (
            '"370828"',
            "370828",
            P.STUDY_VALUE,
            {"key": "study.county", "detail": "string"},
            "370828",
        ),
        (
            '"370828"',
            '"37082"',
            P.STUDY_VALUE,
            {"key": "study.county", "detail": "six_digits"},
            "37082",
        ),
        (
            '"gcj02"',
            '"gcj-02"',
            P.STUDY_VALUE,
            {
                "key": "layers.facilities.coordinates",
                "detail": "one_of",
                "allowed": ["wgs84", "cgcs2000", "gcj02", "bd09"],
            },
            "gcj-02",
        ),
        (
            "m_s = 1",
            "m_s = 0",
            P.STUDY_VALUE,
            {"key": "parameters.walk_speed_m_s", "detail": "above", "low": 0.0},
            "0",
        ),
        (
            "m_s = 1",
            "m_s = true",
            P.STUDY_VALUE,
            {"key": "parameters.walk_speed_m_s", "detail": "float"},
            "True",
        ),
        (
            "m_s = 1",
            "m_s = nan",
            P.STUDY_VALUE,
            {"key": "parameters.walk_speed_m_s", "detail": "float"},
            "nan",
        ),
        (
            "m_s = 1",
            "m_s = inf",
            P.STUDY_VALUE,
            {"key": "parameters.walk_speed_m_s", "detail": "float"},
            "inf",
        ),
        (
            "m_s = 1",
            'm_s = "1"',
            P.STUDY_VALUE,
            {"key": "parameters.walk_speed_m_s", "detail": "float"},
            "1",
        ),
        ("4548", "4490", P.STUDY_VALUE, {"key": "study.crs", "detail": "crs_degrees"}, "EPSG:4490"),
        (
            "4548",
            "3857",
            P.STUDY_VALUE,
            {"key": "study.crs", "detail": "crs_mercator"},
            "EPSG:3857",
        ),
        (
            "4548",
            "2263",
            P.STUDY_VALUE,
            {"key": "study.crs", "detail": "crs_not_metres"},
            "EPSG:2263",
        ),
        ("4548", "1", P.STUDY_VALUE, {"key": "study.crs", "detail": "crs_unknown"}, "EPSG:1"),
        (
            "denominator = 10",
            "denominator = 0",
            P.STUDY_VALUE,
            {"key": "indicators.registered.denominator", "detail": "number_range"},
            "0",
        ),
    ],
)
def test_one_mistake(tmp_path, old, new, code, params, value):
    assert old in GOOD
    file, problems = read_study_file(write(tmp_path, GOOD.replace(old, new)))
    assert file is None
    found = [(p.code, dict(p.params), p.value, p.layer, p.file) for p in problems]
    assert (code, params, value, "study", "study.toml") in found


def test_all_mistakes_come_at_once(tmp_path):
    text = (
        GOOD.replace("county = ", "countey = ")
        .replace("m_s = 1", "m_s = 0")
        .replace("4548", "3857")
    )
    _, problems = read_study_file(write(tmp_path, text))
    assert [p.code for p in problems] == [
        P.STUDY_KEY_MISSING,
        P.STUDY_KEY_UNKNOWN,
        P.STUDY_VALUE,
        P.STUDY_VALUE,
    ]


@pytest.mark.parametrize("gone", [("facilities",), ("residential", "facilities")])
def test_a_layer_that_no_file_is_named_for_is_told_in_a_planners_words(tmp_path, gone):
    """Which ledger, in which section, and what to write; of a study without any, of both."""
    kept = [name for name in ("residential", "facilities") if name not in gone]
    layers = "".join(f'[layers.{name}]\npath = "a.csv"\n' for name in kept)
    head = GOOD.partition("[parameters]")[0]
    assert "[layers" not in head
    _, problems = read_study_file(write(tmp_path, head + layers))
    assert [p.params["needs"] for p in problems] == [*gone]
    zh, en = (describe(problems[-1], language) for language in ("zh", "en"))
    assert "“养老服务设施”的数据" in zh["what"]
    assert "which file holds the facilities" in en["what"]
    for words in (zh, en):
        assert "[layers.facilities]" in words["remedy"]
        assert 'path = "' in words["remedy"]


def test_a_file_that_is_missing_or_no_toml(tmp_path):
    _, (problem,) = check_study(tmp_path)
    assert (problem.code, problem.file) == (P.STUDY_MISSING, "study.toml")
    _, (problem,) = check_study(write(tmp_path, '[study]\nname = "甲\n'))
    assert (problem.code, problem.row) == (P.STUDY_SYNTAX, 2)
    (tmp_path / "study.toml").write_bytes('[study]\nname = "甲"'.encode("gbk"))
    _, (problem,) = check_study(tmp_path)
    assert (problem.code, problem.params) == (P.STUDY_SYNTAX, {"detail": "not_utf8"})
    with pytest.raises(StudyError) as caught:
        read_study(tmp_path / "other.toml")
    assert [p.code for p in caught.value.problems] == [P.STUDY_MISSING]


def test_a_standard_file_that_is_missing(county):
    county.heading = county.heading.replace("jinxiang-2023", "own.toml")
    _, problems = check_study(county.finish())
    assert (P.FILE_MISSING, "own.toml") in [(p.code, p.file) for p in problems]
