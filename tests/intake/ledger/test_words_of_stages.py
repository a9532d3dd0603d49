"""Words of stages and kinds that ledgers have, and what of them stays to be asked."""

from __future__ import annotations

import pytest

from lifecircle.intake.ledger.values import read_value
from lifecircle.model.dictionary import columns
from lifecircle.model.problem import ProblemCode

STAGE, KINDS = columns("facilities")["stage"], columns("facilities")["kinds"]


@pytest.mark.parametrize(
    ("words", "stage"),
    [
        (
            ("运转中", "正常营运", "已开放", "建成使用", "已建成并投入使用", "运营（公建民营）"),
            "in_use",
        ),
        (("竣工验收", "验收合格", "已通过验收"), "accepted"),
    ],
)
def test_more_words_of_a_stage(words, stage):
    assert {read_value(STAGE, word).value for word in words} == {stage}


@pytest.mark.parametrize(
    "word", ["试运营", "试运行中", "待验收", "竣工未验收", "筹备中", "装修中", "公建民营"]
)
def test_what_no_document_places_is_asked(word):
    """A trial may serve people and may be of rooms that nobody has accepted."""
    assert read_value(STAGE, word).code is ProblemCode.STAGE_UNKNOWN


def test_an_activity_room_of_a_ledger_of_care_is_one_for_older_people():
    for word in ("活动室", "老人活动室", "老年活动站"):
        assert read_value(KINDS, word).value == {"activity_centre"}
    for word in ("文化活动室", "党群活动室", "儿童活动室", "社区活动中心"):
        assert "activity_centre" not in read_value(KINDS, word).value
