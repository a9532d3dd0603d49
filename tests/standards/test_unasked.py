"""What is typed and no clause can take is told: unknown names of figures, answers in odd words."""

from __future__ import annotations

import pytest

from lifecircle.intake.evidence import evidence_table, ticks
from lifecircle.intake.settings.schema import Evidence
from lifecircle.standards import read_standard, unasked_figures, unread_papers


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("homes_adapted_2023", False),
        ("homes_adapted", "homes_adapted_2023"),
        ("monthly_visit", "monthly_visits"),
        ("家庭养老床位", None),  # a column of the ledger, not a figure
        ("social_workers", False),  # another county's: the same sheet may serve both
        ("homes_adapted_progress", False),  # the form's
    ],
)
def test_figures_that_nothing_asks_for(name, told):
    found = unasked_figures([name], [read_standard("weishan-2023")])
    assert [(p.value, p.params) for p in found] == (
        [] if told is False else [(name, {"nearest": told})]
    )


@pytest.mark.parametrize(
    ("answers", "there"),
    [
        (["有"], True),
        (["未印发"], False),
        ([None], None),
        (["正在制定"], None),
        (["部分完成"], None),
        (["拟印发"], None),
        (["有", "拟印发"], None),  # another paper of the same plan that is not there yet
        (["无", "正在制定"], None),
        (["无", "有"], True),
    ],
)
def test_papers_answered_in_words_that_say_neither_are_asked_about(answers, there):
    typed = [Evidence(value=value, title="方案") for value in answers]
    table = evidence_table({"layout_plan": typed}, None, "study.toml")
    assert ticks(table).get("layout_plan") is there
    odd = [a for a in answers if a not in {None, "有", "无", "未印发"}]
    found = unread_papers(table, [read_standard("jinxiang-2023")])
    assert [(p.value, p.params["papers"], p.file) for p in found] == [
        (word, ["layout_plan"], "study.toml") for word in odd
    ]
    assert unread_papers(table, [read_standard("pingyin-2022")]) == ()
