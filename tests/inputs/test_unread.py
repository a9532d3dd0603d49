"""What is written and cannot be read is unknown, never the lenient default that a blank has."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import lifecircle as lc
from lifecircle.intake.ledger.cells.days_written import last_day
from lifecircle.intake.study import check_study
from lifecircle.model.dictionary import columns, match_word
from lifecircle.model.problem import ProblemCode as P

pytestmark = pytest.mark.one_in(2)  # words and layers in many combinations

INPUTS = Path(__file__).parent


@pytest.fixture(scope="module")
def assessed():
    """Judge a study; those of one input that were read alike, whatever was written, once."""
    known = {}

    def judge(name, study):
        layers = (study.residential, study.facilities, study.gates)
        tables = (*(one.frame for one in layers if one is not None), study.exemptions)
        read = (name, *(table.to_csv() for table in tables))
        if read not in known:
            known[read] = lc.assess(study)
        return known[read]

    return judge


@pytest.fixture
def changed(assessed, tmp_path):
    """Return a function that copies an input with one text for another, and judges it."""

    def judge(name, file=None, old="", new=""):
        folder = shutil.copytree(INPUTS / name, tmp_path / "in", dirs_exist_ok=True)
        if file is not None:
            text = (folder / file).read_text(encoding="utf-8-sig")
            assert old in text
            (folder / file).write_text(text.replace(old, new), encoding="utf-8")
        study, problems = check_study(folder)
        return assessed(name, study), {p.code for p in problems}

    return judge


def status(assessment, area, clause="CX-06"):
    rows = assessment.findings
    return str(rows[(rows["clause"] == clause) & (rows["id"] == area)]["status"].iloc[0])


def rate(assessment, clause="CX-06"):
    one = next(c for c in assessment.clauses if c.id == clause)
    found = next(r for r in one.rates if r.basis == "areas" and r.scope == "county")
    return found.numerator, found.denominator, found.not_assessed, found.low, found.high


# gates


def walk(assessment):
    row = assessment.layers["residential"].loc["R1"]
    return row["walk_m"], str(row["walk_status"])


CLOSED = ("常闭", "不开放", "封闭", "关闭", "消防通道（常闭）", "仅车行", "否", "锁闭", "×", "停用")


@pytest.mark.parametrize("word", CLOSED)
def test_a_gate_that_is_shut_in_any_words_is_shut(word, changed):
    # by the east gate 600 m, by the west gate 2,520 m: more than 1,000 m of 15 minutes
    found, _ = changed("gate-word-closed", "g.csv", "常闭", word)
    metres, told = walk(found)
    assert metres == pytest.approx(2520, abs=1)
    assert told == "deficient"


@pytest.mark.parametrize("word", ["是", "开放", "常开", "人行", ""])
def test_a_gate_that_is_open_in_any_words_or_blank_is_open(word, changed):
    found, _ = changed("gate-word-closed", "g.csv", "常闭", word)
    metres, told = walk(found)
    assert metres == pytest.approx(600, abs=1)
    assert told == "compliant"


@pytest.mark.parametrize("word", ["定时开放", "早晚开放", "7:00-9:00", "??", "看情况", "开/闭"])
def test_a_gate_of_which_nobody_knows_decides_nothing(word, changed):
    found, codes = changed("gate-word-closed", "g.csv", "常闭", word)
    assert P.WORD_UNKNOWN in codes
    assert walk(found)[1] == "not_assessed"
    assert status(found, "R1", "CX-05") == "not_assessed"


def test_an_area_all_of_whose_gates_are_unknown_is_open_unless_the_line_alone_is_too_long(
    changed, tmp_path
):
    found, _ = changed("gate-word-closed", "g.csv", "常闭", "看情况")
    del found
    text = (tmp_path / "in" / "g.csv").read_text(encoding="utf-8")
    (tmp_path / "in" / "g.csv").write_text(text.replace(",是,", ",看情况,"), encoding="utf-8")
    again = lc.assess(check_study(tmp_path / "in")[0])
    assert walk(again)[1] == "not_assessed"
    rows = again.findings
    reason = rows[(rows["clause"] == "CX-05") & (rows["id"] == "R1")]["reason"].iloc[0]
    assert str(reason.code) == "way_unknown"


@pytest.mark.parametrize("header", ["状态", "开放情况", "通行情况", "人行"])
def test_the_column_goes_by_several_names(header, changed):
    found, _ = changed("gate-word-closed", "g.csv", "是否开放", header)
    assert walk(found)[0] == pytest.approx(2520, abs=1)


# exemptions

ENDED = (
    *("2024年12月", "2024年底", "2024.12", "2024-12", "2024/12", "至2024-12-31", "2024年末"),
    *("截至2024年12月31日止", "2024年12月底", "有效期至2024年12月", "2024年", "2024-12-31"),
)


@pytest.mark.parametrize("until", ENDED)
def test_an_exemption_that_has_ended_in_any_words_has_ended(until, changed):
    found, _ = changed("exemption-end-unreadable", "e.csv", "2024年12月", until)
    assert status(found, "R2") == "deficient"
    assert rate(found)[:3] == (1, 2, 0)


@pytest.mark.parametrize("until", ["2026年", "2026.1", "长期", "2025-12-31", "2025年底", ""])
def test_an_exemption_that_still_holds_holds(until, changed):
    # the study's day is 2025-12-31, the last day itself included
    found, _ = changed("exemption-end-unreadable", "e.csv", "2024年12月", until)
    assert status(found, "R2") == "exempt"


@pytest.mark.parametrize("until", ["2024-12-32", "三年", "待定", "2024年12月前", "2024年13月"])
def test_an_exemption_whose_end_nobody_can_read_is_open(until, changed):
    found, codes = changed("exemption-end-unreadable", "e.csv", "2024年12月", until)
    assert P.DATE_UNREADABLE in codes
    assert status(found, "R2") == "not_assessed"
    assert rate(found) == (1, 1, 1, 0.5, 1.0)
    (one,) = found.exemptions
    assert str(one.state) == "unread"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024年2月", dt.date(2024, 2, 29)),
        ("2023.02", dt.date(2023, 2, 28)),
        ("2024年4月底", dt.date(2024, 4, 30)),
        ("2024年末", dt.date(2024, 12, 31)),
        ("截止至2024年6月30日", dt.date(2024, 6, 30)),
        ("永久", None),
    ],
)
def test_last_days(text, day):
    assert last_day(text) == (day,)


@pytest.mark.parametrize("text", ["2024年12月前", "2024", "12月", "2024年0月", "2024-02-30", "甲"])
def test_no_last_days(text):
    assert last_day(text) is None


# stages of housing


@pytest.mark.parametrize("word", ["已拆除", "拆迁", "已征收", "停用"])
def test_housing_that_is_gone_does_not_count(word, changed):
    found, _ = changed("demolished-area-counts", "r.csv", "已拆除", word)
    assert status(found, "R2") == "not_applicable"
    assert rate(found)[:2] == (1, 2)


@pytest.mark.parametrize("word", ["停工", "烂尾", "协商中", "??"])
def test_housing_of_which_nobody_knows_widens_the_rate(word, changed):
    # with it 2 of 3, without it 1 of 2, and nothing between: it is met wherever it counts
    found, codes = changed("demolished-area-counts", "r.csv", "已拆除", word)
    assert P.STAGE_UNKNOWN in codes
    assert status(found, "R2") == "not_assessed"
    assert rate(found) == (1, 2, 1, pytest.approx(1 / 2), pytest.approx(2 / 3))


# the kind: wherever a blank has a meaning of its own


def test_columns_whose_blank_means_something_are_kept_apart():
    doubtful = {
        (layer, name)
        for layer in ("residential", "facilities", "gates", "exemptions")
        for name, spec in columns(layer).items()
        if spec.doubtful
    }
    # of gates the cell itself says so
    assert doubtful == {
        ("residential", "stage"),
        ("exemptions", "until"),
        # without one the year of completion alone says the class
        ("residential", "condition_on"),
        # dates tell a blank class, a code a blank setting, the total of a community blank elders
        ("residential", "age_class"),
        ("residential", "setting"),
        ("residential", "elders"),
        # of built and planned homes one stands for the other, and dwellings stand for people
        ("residential", "households"),
        ("residential", "households_planned"),
        ("residential", "population"),
        ("residential", "population_planned"),
        # without one the quota holds
        ("residential", "required_m2"),
        # a blank takes the figure of the other row of its site; a blank service is none
        ("facilities", "floor_area_m2"),
        ("facilities", "community_area_m2"),
        ("facilities", "day_service"),
        # a blank is no bed, where the kind of place has none
        ("facilities", "beds"),
        ("facilities", "nursing_beds"),
        ("facilities", "family_beds"),
        ("facilities", "public_beds"),
    }


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(word=st.text(alphabet="开关闭通行不可看情况半定时春夏?!、", min_size=1, max_size=5))
def test_any_word_for_a_gate_is_known_or_decides_nothing(word, changed):
    if match_word("passage", word) is not None or not word.strip():
        return
    found, _ = changed("gate-word-closed", "g.csv", "常闭", word)
    assert walk(found)[1] == "not_assessed"


def test_facilities_by_address_only_leave_every_area_open(changed):
    found, _ = changed("facilities-by-address-only")
    rows = found.layers["residential"]
    assert rows["radius_status"].map(str).tolist() == ["not_assessed"] * 2
    assert rate(found) == (0, 0, 2, 0.0, 1.0)
