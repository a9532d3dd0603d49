"""A gap printed beside a clause is that clause's own least cure; a joint one is named as joint."""

from __future__ import annotations

import pytest

import lifecircle as lc
from lifecircle.outputs.opinion.rows import opinion_of

pytestmark = pytest.mark.one_in(2)  # words and layers in many combinations

X0, Y0 = 500_000, 3_850_000

OWN = """
id = "own-single"
title = {{ zh = "自定", en = "Own" }}
inherits = "caoxian-2023"
issuer = "自定"
number = "自定〔2023〕1号"
county = "371721"
issued = 2023-06-30
compared_on = 2026-11-21
[clauses.OWN-01]
title = {{ zh = "每处面积", en = "Size of one place" }}
section = "一"
quote = "每处不少于"
category = "PR"
force = "不少于"
measure = "single_minimum"
subject = "residential"
unit = "m2"
where = {{ age_class = {classes}, setting = ["urban"] }}
comparison = ">="
options = {{ quota = "{quota}" }}
official = "areas"
[[clauses.OWN-01.versions]]
valid_from = 2023-06-30
value = {least}
references = [{{ title = "自定", clause = "一" }}]
"""


@pytest.fixture
def under(study_of, propose, tmp_path):
    """Return a function: a single minimum beside a quota of Caoxian, and a proposal → review."""

    def judge(quota, least, *args, classes='["new", "approved"]', **words):
        path = tmp_path / "own.toml"
        path.write_text(OWN.format(quota=quota, least=least, classes=classes), encoding="utf-8")
        study = study_of("caoxian-2023")
        proposal = lc.read_proposal(propose(*args, **words), study)
        return lc.review(study, proposal, standard=str(path))

    return judge


def told(review, language="zh"):
    return {r.id: r for r in opinion_of(review, language).clauses}


class TestQuotaAndMinimum:
    """Jinxiang, 900 homes: 270 m² are asked, and 200 of every place."""

    def test_one_place_of_190(self, reviewed, row):
        review = reviewed("jinxiang-2023", [(190, "1")], households=900)
        quota, single = row(review, "JX-03"), row(review, "JX-04")
        assert (quota.deficit, single.deficit) == (80.0, 10.0)
        assert (quota.remedy.params["to_m2"], single.remedy.params["to_m2"]) == (270.0, 200.0)
        # 270 m² are also 200; 200 are not 270
        assert (quota.cures, single.cures) == (("JX-04",), ())
        rows = told(review)
        assert (rows["JX-03"].short, rows["JX-04"].short) == ("缺 80 m²", "缺 10 m²")
        assert "JX-03、JX-04 一并达到" in rows["JX-03"].remedy
        assert "一并" not in rows["JX-04"].remedy
        # what is to be done is said once, and names whom it does for
        assert opinion_of(review).conclusion.changes == (rows["JX-03"].remedy,)
        assert "this one change meets all of JX-03, JX-04" in told(review, "en")["JX-03"].remedy

    def test_what_is_asked_and_what_is_there_are_told_apart(self, reviewed):
        # 199.996 m² below 200: both cells said 200 m²
        single = told(reviewed("jinxiang-2023", [(199.996, "1")]))["JX-04"]
        assert "199.996 m²" in single.provided
        assert single.required.endswith("200 m²")
        # 269.996 m² of the 270 of 900 homes
        quota = told(reviewed("jinxiang-2023", [(269.996, "1")], households=900))["JX-03"]
        assert quota.provided == "269.996 m²"
        assert quota.required.startswith("270 m²")

    @pytest.mark.parametrize("drawn", [189.996, 199.996])
    def test_what_is_short_is_rounded_up(self, reviewed, row, drawn):
        # 10.004 and 0.004 are short: 10.00 and 0.00 more would still be too little
        single = row(reviewed("jinxiang-2023", [(drawn, "1")]), "JX-04")
        asked = {189.996: 10.01, 199.996: 0.01}[drawn]
        assert single.deficit == pytest.approx(asked, abs=1e-9)
        assert single.remedy.params["to_m2"] >= 200.0

    def test_exactly_enough_is_enough(self, reviewed, row):
        assert str(row(reviewed("jinxiang-2023", [(200, "1")]), "JX-04").status) == "compliant"

    def test_the_same_change_is_told_once(self, reviewed, row):
        # 600 homes ask 180, at least 200: 10 more do for both
        review = reviewed("jinxiang-2023", [(190, "1")])
        quota, single = row(review, "JX-03"), row(review, "JX-04")
        assert (quota.deficit, single.deficit) == (10.0, 10.0)
        assert (quota.cures, single.cures) == (("JX-04",), ("JX-03",))
        assert len(opinion_of(review).conclusion.changes) == 1

    def test_two_plots_of_one_project(self, phased, propose, row):
        # each place alone: 80 + 110; one of 200 lets 210 + 200 meet 300, and that is less
        corners = [[X0 + 800, Y0], [X0 + 900, Y0], [X0 + 900, Y0 + 100]]
        second = f'[[plots]]\nid = "D2"\noutline = {corners}\n"规划户数" = 100\n'
        rooms = [
            f'id = "N{n}"\n"设施名称" = "用房"\n"设施类型" = "社区养老服务用房"\n'
            f'"建筑面积" = {m2}\n"所在地块" = "{plot}"\n'
            for n, (m2, plot) in enumerate([(120, "D1"), (90, "D2")], start=1)
        ]
        path = propose(rooms, plot=second, project='"项目编号" = "PJ1"\n')
        single = row(lc.review(phased, lc.read_proposal(path, phased)), "JX-04")
        assert (single.deficit, single.cures) == (80.0, ("JX-03",))


class TestMinimumOfAnotherQuota:
    """A single minimum that the quota itself does not know of."""

    def test_the_quota_is_met_and_the_place_too_small(self, under, row):
        # 600 homes × 20 / 100 = 120 of 190: enough, but one place is to have 200
        review = under("CX-01", 200, [(190, "1")])
        assert str(row(review, "CX-01").status) == "compliant"
        single = row(review, "OWN-01")
        assert (str(single.status), single.deficit) == ("deficient", 10.0)
        assert single.remedy.params["to_m2"] == 200.0
        assert single.cures == ()

    def test_the_quota_lacks_more(self, under, row):
        # 1200 homes ask 240: 50 are short of the quota, 10 of the single place
        review = under("CX-01", 200, [(190, "1")], households=1200)
        quota, single = row(review, "CX-01"), row(review, "OWN-01")
        assert (quota.deficit, single.deficit) == (50.0, 10.0)
        assert (quota.cures, single.cures) == (("OWN-01",), ())

    def test_the_minimum_lacks_more(self, under, row):
        # 240 asked: the quota lacks 50, the place of 300 lacks 110, which are enough for both
        review = under("CX-01", 300, [(190, "1")], households=1200)
        quota, single = row(review, "CX-01"), row(review, "OWN-01")
        assert (quota.deficit, single.deficit) == (50.0, 110.0)
        assert (quota.cures, single.cures) == ((), ("CX-01",))
        assert opinion_of(review).conclusion.changes == (told(review)["OWN-01"].remedy,)

    def test_an_existing_area(self, under, row):
        # CX-03: 600 × 15 / 100 = 90; 70 drawn: 20 short of the quota, 10 of 80 in one place
        words = {"classes": '["existing", "old"]', "plot": '"类别" = "已建成"\n'}
        review = under("CX-03", 80, [(70, "1")], **words)
        quota, single = row(review, "CX-03"), row(review, "OWN-01")
        assert (quota.deficit, single.deficit) == (20.0, 10.0)
        assert quota.cures == ("OWN-01",)

    def test_two_small_places_are_put_together(self, under, row):
        review = under("CX-01", 200, [(150, "1"), (100, "2")])
        single = row(review, "OWN-01")
        assert (str(single.remedy.code), single.deficit) == ("remedy_plan_together", 0.0)


@pytest.mark.parametrize("households", [300, 900])
@pytest.mark.parametrize("rooms", [{"a": 190}, {"a": 120, "b": 90}, {"a": 210, "b": 40}])
@pytest.mark.parametrize("clause", ["JX-03", "JX-04"])
def test_a_change_cures_what_it_says_and_nothing_else(reviewed, row, rooms, households, clause):
    """Judged anew with the change made: its own clause, and the clauses named as cured too."""

    def judge(sizes):
        listed = [(m2, site) for site, m2 in sizes.items()]
        return reviewed("jinxiang-2023", listed, households=households)

    first = judge(rooms)
    if clause not in {c.id for c in first.clauses} or row(first, clause).remedy is None:
        return
    told = row(first, clause)
    sizes, sites = dict(rooms), list(rooms)
    params = told.remedy.params
    if "facility" in params:
        sizes[sites[int(params["facility"][1:]) - 1]] = params["to_m2"]
    else:
        total = sum(sizes.pop(sites[int(f[1:]) - 1]) for f in params["facilities"])
        sizes["one"] = total + params.get("m2", 0.0)
    after = judge(sizes)
    met = {
        c.id for c in after.clauses if c.id in {"JX-03", "JX-04"} and str(c.status) == "compliant"
    }
    missed = {
        c.id for c in first.clauses if c.id in {"JX-03", "JX-04"} and str(c.status) == "deficient"
    }
    assert met & missed == {clause, *told.cures}
