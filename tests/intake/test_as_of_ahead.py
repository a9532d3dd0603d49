"""A study judged on a day that has not come yet says so, and is judged all the same."""

from __future__ import annotations

import datetime as dt

import pytest

from lifecircle import texts
from lifecircle.intake import check_study, study
from lifecircle.model.problem import ProblemCode as P
from lifecircle.model.problem import Severity


@pytest.mark.parametrize(("days", "ahead"), [(-1, True), (0, False), (1, False)])
def test_it_is_told_from_the_next_day_on(county, monkeypatch, days, ahead):
    county.areas().to_file(county.folder / "areas.gpkg")
    county.finish()
    told, _ = check_study(county.folder)
    monkeypatch.setattr(study, "_today", lambda: told.as_of + dt.timedelta(days=days))
    found, problems = check_study(county.folder)
    said = [p for p in problems if p.code is P.AS_OF_AHEAD]
    assert [p.severity for p in said] == ([Severity.WARNING] if ahead else [])
    assert ("as_of_ahead" in found.banners) == ahead
    for language in texts.LANGUAGES:
        assert texts.known("words", "banner.as_of_ahead")
        assert texts.say("words", "banner.as_of_ahead", language)
