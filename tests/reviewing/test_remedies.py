"""Remedies that can be carried out: on the plot, large enough, nothing that stands elsewhere."""

from __future__ import annotations

import dataclasses

import pytest

import lifecircle as lc
from lifecircle.model.results.review import Verdict
from lifecircle.outputs.opinion.rows import opinion_of as opinion

X0, Y0 = 500_000, 3_850_000


class TestAnotherPhase:
    """(300 + 600) × 30 / 100 = 270, of which phase 1 has 210: 60 are short (B6)."""

    @pytest.fixture
    def judge(self, phased, propose):
        def call(*args, **words):
            path = propose(*args, project='"项目编号" = "PJ1"\n', **words)
            return lc.review(phased, lc.read_proposal(path, phased))

        return call

    def test_the_room_on_the_plot_is_enlarged_to_one_that_counts(self, judge, row):
        review = judge([(100, "1")])
        quota = row(review, "JX-03")
        assert (quota.required, quota.provided, quota.uncounted_m2) == (270.0, 310.0, (100.0,))
        # a place under 200 m² counts for nothing: 100 more, although only 60 are short
        assert str(quota.remedy.code) == "remedy_plan_larger"
        assert quota.remedy.params == {
            "facility": "N1",
            "from_m2": 100.0,
            "to_m2": 200.0,
            "m2": 100.0,
        }
        assert (quota.deficit, quota.curable, review.verdict) == (100.0, True, Verdict.AMEND)

    def test_nothing_planned_needs_one_place_that_counts(self, judge, row):
        remedy = row(judge([]), "JX-03").remedy
        assert (str(remedy.code), remedy.params["m2"]) == ("remedy_plan_room", 200.0)

    def test_only_what_is_planned_is_put_together(self, judge, row):
        remedy = row(judge([(120, "1"), (90, "2")]), "JX-03").remedy
        assert str(remedy.code) == "remedy_plan_together"
        assert remedy.params == {"facilities": ["N1", "N2"], "total_m2": 210.0}

    def test_the_other_phase_is_named_with_its_dwellings(self, judge, row):
        review = judge([(100, "1")])
        quota = row(review, "JX-03")
        assert [(p.id, p.households) for p in quota.phases] == [("P1", 300.0)]
        assert [s.code for s in quota.working] == ["working.phases", "working.households"]
        assert quota.working[0].params == {"plots": 600.0, "others": 300.0, "households": 900.0}
        sheet = opinion(review)
        assert dict(sheet.facts)["规划总户数"] == "600 户"
        assert "同一项目另有和苑一期：300 户，与本方案合并计算配建面积" in dict(sheet.wide)["地块"]
        told = next(r for r in sheet.clauses if r.id == "JX-03")
        assert told.plot == "与同一项目的和苑一期合并计算"
        assert "本方案 600 户 + 同一项目其他各期 300 户 = 900 户" in told.required
        assert told.provided == "210 m²（另有 100 m² 单处不足 200 m²，不计）"

    def test_phases_of_one_file_stand_apart(self, judge, row):
        # two plots 400 m apart: 120 and 90 are not moved onto one of them; 200 − 120 = 80 more
        corners = [[X0 + 800, Y0], [X0 + 900, Y0], [X0 + 900, Y0 + 100]]
        second = f'[[plots]]\nid = "D2"\noutline = {corners}\n"规划户数" = 100\n'
        rooms = [
            f'id = "N{n}"\n"设施名称" = "用房"\n"设施类型" = "社区养老服务用房"\n'
            f'"建筑面积" = {m2}\n"所在地块" = "{plot}"\n'
            for n, (m2, plot) in enumerate([(120, "D1"), (90, "D2")], start=1)
        ]
        remedy = row(judge(rooms, plot=second), "JX-03").remedy
        assert (str(remedy.code), remedy.params["facility"]) == ("remedy_plan_larger", "N1")
        assert remedy.params["m2"] == 80.0  # 210 + 200 ≥ 1000 × 0.3 = 300


class TestWhatIsDrawn:
    """m² on the drawing are shown as such even where they earn no credit (B9)."""

    @pytest.mark.parametrize(
        ("rooms", "provided", "deficit", "short"),
        [
            # 0.30 × 600 = 180, at least 200
            ([199], "199 m²（不足 200 m²，不计）", 1.0, "缺 1 m²"),
            # together 240: nothing is to be added, only put together
            ([120, 120], "240 m²（2 处均不足 200 m²，不计）", 0.0, ""),
            ([300, 50], "300 m²（另有 50 m² 单处不足 200 m²，不计）", None, ""),
            ([200], "200 m²", None, ""),
            ([], "0 m²", 200.0, "缺 200 m²"),
        ],
    )
    def test_the_gap_is_the_least_that_cures(self, reviewed, row, rooms, provided, deficit, short):
        review = reviewed("jinxiang-2023", [(m2, str(n)) for n, m2 in enumerate(rooms)])
        assert row(review, "JX-03").deficit == deficit
        told = next(r for r in opinion(review).clauses if r.id == "JX-03")
        assert (told.provided, told.short) == (provided, short)


def applied(rooms, remedy):
    """Return the rooms of a proposal (m², site) once a remedy is carried out."""
    code, params = str(remedy.code), remedy.params
    sizes = dict(rooms)
    if code == "remedy_plan_room":
        sizes["neu"] = params["m2"]
    elif code == "remedy_plan_larger":
        site = list(sizes)[int(params["facility"].removeprefix("N")) - 1]
        sizes[site] = params["to_m2"]
    else:
        chosen = [list(sizes)[int(f.removeprefix("N")) - 1] for f in params["facilities"]]
        total = sum(sizes.pop(site) for site in chosen)
        sizes["neu"] = total + params.get("m2", 0.0)
    return sizes


@pytest.fixture(scope="module", params=["new_areas", "all_areas", "pooled"])
def minimum_read(request, study_of):
    """The study under a reading of the single minimum: what stands is judged once for all cases."""
    return dataclasses.replace(study_of("jinxiang-2023"), readings={"A8": request.param})


@pytest.mark.one_in(7)
@pytest.mark.parametrize("households", [300, 600, 900])
@pytest.mark.parametrize("rooms", [{}, {"a": 180}, {"a": 120, "b": 90}, {"a": 210, "b": 40}])
def test_whoever_does_what_the_sheet_says_passes(minimum_read, propose, row, households, rooms):
    """The remedy respects the single minimum in every reading of it (B8): nobody comes twice."""
    study = minimum_read

    def judge(sizes):
        listed = [(m2, site) for site, m2 in sizes.items()]
        path = propose(listed, households=households)
        return lc.review(study, lc.read_proposal(path, study))

    first = row(judge(rooms), "JX-03")
    if str(first.status) == "compliant":
        return
    assert str(row(judge(applied(rooms, first.remedy)), "JX-03").status) == "compliant"
