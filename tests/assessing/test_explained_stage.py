"""A stage that is written and cannot be read is no blank."""

from __future__ import annotations

import dataclasses

import pytest

import lifecircle as lc
from lifecircle.assessing.explanation import explain


@pytest.mark.parametrize("unread", [True, False])
def test_a_stage_that_cannot_be_read_is_told_as_written(town, unread):
    """R1's stage is a word that nobody knows, or blank: a blank is taken as lived in (A17)."""
    study = town(standards=("caoxian-2023",))
    frame = study.residential.frame.copy()
    frame["stage_unread"] = False
    frame.loc["R1", ["stage", "stage_unread"]] = [None, unread]
    study = dataclasses.replace(
        study, residential=dataclasses.replace(study.residential, frame=frame)
    )
    told = explain(lc.assess(study), "R1")
    assert told.facts["stage"] is None
    assert told.unread == ({"stage": None} if unread else {})  # no cell: nobody wrote it
