"""A hand-worked proposal for each of the four documents, thresholds at equality."""

import shutil

import pytest

import lifecircle as lc
from lifecircle.model.results.review import Verdict
from lifecircle.outputs.opinion.verdicts import asked_m2, short_of
from lifecircle.outputs.words.names import Names
from lifecircle.outputs.words.wording import Wording


def test_jinxiang_asks_for_200_where_30_a_hundred_is_less(reviewed, row):
    # 30 × 600 / 100 = 180, but no place under 200
    quota = row(reviewed("jinxiang-2023", [(200, "1")]), "JX-03")
    assert (quota.required, quota.provided, str(quota.status)) == (200.0, 200.0, "compliant")
    assert [s.code for s in quota.working] == ["working.households", "working.minimum"]
    assert [s.params["m2"] for s in quota.working] == [180.0, 200.0]


def test_jinxiang_at_the_threshold_and_a_hair_below(reviewed, row):
    # 30 × 700 / 100 = 210
    assert reviewed("jinxiang-2023", [(210, "1")], households=700).verdict is Verdict.AGREE
    review = reviewed("jinxiang-2023", [(209.99, "1")], households=700)
    assert review.verdict is Verdict.AMEND
    quota = row(review, "JX-03")
    assert quota.deficit == pytest.approx(0.01)
    assert quota.remedy.code == "remedy_plan_larger"
    assert quota.remedy.params["m2"] == pytest.approx(0.01)
    assert quota.curable is True


def test_two_sites_of_120_fail_and_one_site_passes(reviewed, row):
    apart = reviewed("jinxiang-2023", [(120, "甲"), (120, "乙")])
    assert apart.verdict is Verdict.AMEND
    # 240 stand on the drawing, of which nothing counts, and nothing has to be added
    told = row(apart, "JX-03")
    assert (told.provided, told.deficit, str(told.status)) == (240.0, 0.0, "deficient")
    assert (row(apart, "JX-04").provided, str(row(apart, "JX-04").status)) == (120.0, "deficient")
    # together they are 240: nothing has to be added
    cure = row(apart, "JX-03").remedy
    assert cure.code == "remedy_plan_together"
    assert (cure.params["facilities"], cure.params["total_m2"]) == (["N1", "N2"], 240.0)
    together = reviewed("jinxiang-2023", [(120, "甲"), (120, "甲")])
    assert together.verdict is Verdict.AGREE
    assert row(together, "JX-03").provided == 240.0


def test_300_and_50_pass_with_a_note(reviewed, row):
    review = reviewed("jinxiang-2023", [(300, "甲"), (50, "乙")])
    assert review.verdict is Verdict.AGREE
    assert row(review, "JX-03").provided == 300.0
    assert [str(f) for f in row(review, "JX-04").flags] == ["below_minimum"]
    assert "condition.below_minimum" in [c.code for c in review.conditions]


def test_a_small_place_beside_one_of_unknown_size_is_open(reviewed):
    # of a centre of 1,120 m² any part may serve the community: if 180 do, the room of 120 is a note
    centre = (
        'id = "N2"\n"设施名称" = "中心"\n"设施类型" = "街道综合养老服务中心"\n"建筑面积" = 1120\n'
    )
    small = 'id = "N1"\n"设施名称" = "用房"\n"设施类型" = "社区养老服务用房"\n"建筑面积" = 120\n'
    review = reviewed("jinxiang-2023", [small, centre])
    assert {c.id: str(c.status) for c in review.clauses if c.id in {"JX-03", "JX-04"}} == {
        "JX-03": "not_assessed",
        "JX-04": "not_assessed",
    }
    assert review.verdict is Verdict.SUPPLY
    assert [(s.id, s.field) for s in review.supplements] == [("N2", "community_area_m2")]
    told = reviewed("jinxiang-2023", [small, centre + '"社区服务面积" = 200\n'])
    assert told.verdict is Verdict.AGREE


def test_caoxian_asks_for_20_a_hundred(reviewed, row):
    exact = reviewed("caoxian-2023", [(120, "1")])
    assert exact.verdict is Verdict.AGREE
    assert row(exact, "CX-01").required == 120.0
    short = reviewed("caoxian-2023", [(100, "1")])
    assert short.verdict is Verdict.AMEND
    assert row(short, "CX-01").deficit == 20.0
    assert row(short, "CX-01").remedy.params["to_m2"] == 120.0


def test_caoxians_radius_is_a_reference_for_new_areas(reviewed, tmp_path):
    # A35: CX-06 stands in the sentence on old and built areas
    review = reviewed("caoxian-2023", [], at=(3500, 3000))
    ids = {c.id: c for c in review.clauses}
    assert "CX-06" not in ids
    assert str(ids["REF-radius-community"].status) == "deficient"
    assert "reference" in [str(f) for f in ids["REF-radius-community"].flags]
    assert ids["REF-radius-community"].remedy is None
    # the document has a radius, for others: the sheet does not say that it has none
    page = lc.write_review(review, tmp_path)["html"].read_text(encoding="utf-8")
    assert "文件未对本项目规定" in page
    assert "文件未规定" not in page
    met = reviewed("caoxian-2023", [(120, "1")], at=(3500, 3000))
    assert met.verdict is Verdict.AGREE  # no street there, no centre near: references cannot fail


def test_the_planning_conditions_come_first(reviewed, row):
    # A29: typed 150 m² beats the computed 120
    review = reviewed("caoxian-2023", [(149, "1")], plot='"规划条件应配面积" = 150\n')
    assert row(review, "CX-01").required == 150.0
    assert row(review, "CX-01").deficit == 1.0
    assert [s.code for s in row(review, "CX-01").working] == ["working.typed"]


def test_pingyin_goes_by_people(reviewed, row):
    # 100 × 1500 / 1000 = 150, whatever the households
    review = reviewed("pingyin-2022", [(150, "1")], plot='"规划人口" = 1500\n')
    assert (row(review, "PY-31").required, str(row(review, "PY-31").status)) == (150.0, "compliant")
    assert review.verdict is Verdict.AGREE
    short = reviewed("pingyin-2022", [(149.9, "1")], plot='"规划人口" = 1500\n')
    assert row(short, "PY-31").deficit == pytest.approx(0.1)


def test_pingyin_needs_people_or_the_parameter(reviewed, row):
    silent = reviewed("pingyin-2022", [(500, "1")])
    assert silent.verdict is Verdict.SUPPLY
    assert str(row(silent, "PY-31").status) == "not_assessed"
    assert [(s.id, s.field) for s in silent.supplements] == [("D1", "population")]
    # 600 × 2.6 × 100 / 1000 = 156
    told = reviewed("pingyin-2022", [(156, "1")], extra="persons_per_household = 2.6")
    assert told.verdict is Verdict.AGREE
    assert row(told, "PY-31").required == pytest.approx(156.0)
    assert row(told, "PY-31").working[0].code == "working.persons"


def test_pingyins_walk_applies_to_new_areas(reviewed, row):
    # PY-36 speaks of all urban areas: on the plot the walk is 0 to 200 m
    review = reviewed("pingyin-2022", [(150, "1")], plot='"规划人口" = 1500\n')
    assert str(row(review, "PY-36").status) == "compliant"
    assert "reference" not in [str(f) for f in row(review, "PY-36").flags]
    # no rooms at all: the nearest is S1, 250 m from the middle of the plot along the street
    bare = reviewed("pingyin-2022", [], plot='"规划人口" = 1500\n')
    assert str(row(bare, "PY-36").status) == "compliant"
    assert row(bare, "PY-31").remedy.params["m2"] == 150.0


def test_weishan_falls_back_on_the_province(reviewed, row):
    review = reviewed("weishan-2023", [(120, "1")])
    assert review.verdict is Verdict.AGREE
    assert row(review, "SD-01").required == 120.0
    assert "unverified" in [str(f) for f in row(review, "SD-01").flags]
    assert "source" in [m.code for m in review.manual_checks]
    assert str(row(review, "WS-03").status) == "compliant"
    bare = reviewed("weishan-2023", [])
    assert bare.verdict is Verdict.AMEND
    assert str(row(bare, "WS-03").status) == "deficient"
    assert row(bare, "SD-01").remedy.code == "remedy_plan_room"


def test_no_bed_space_counts(reviewed, row):
    # A16: a home's floor is bed space; its community area counts where it is typed
    home = 'id = "N1"\n"设施名称" = "新苑养老院"\n"设施类型" = "养老院"\n"建筑面积" = 3000\n'
    assert row(reviewed("caoxian-2023", [home + '"社区服务面积" = 0\n']), "CX-01").provided == 0.0
    blank = row(reviewed("caoxian-2023", [home]), "CX-01")  # how much is open to all nobody says
    assert (blank.provided, str(blank.status)) == (None, "not_assessed")
    typed = reviewed("caoxian-2023", [home + '"社区服务面积" = 120\n'])
    assert row(typed, "CX-01").provided == 120.0


def test_a_village_is_asked_for_no_quota(reviewed):
    head = 'name = "新村"\n"坐标系" = "EPSG:4548"\n"城乡" = "乡村"\n'
    review = reviewed("caoxian-2023", [], head=head)
    assert "CX-01" not in [c.id for c in review.clauses]
    assert review.verdict is Verdict.AGREE


class TestStages:
    """四同步 (A30, A37): the first stage is this plan, the later three are conditions."""

    def test_the_later_stages_are_conditions_in_the_documents_words(self, reviewed, row):
        review = reviewed("jinxiang-2023", [(200, "1")])
        assert str(row(review, "JX-08").status) == "compliant"
        told = [(c.code, c.params.get("called")) for c in review.conditions if c.clause == "JX-08"]
        assert told == [  # 同步规划、同步建设、同步移交、同步验收
            ("condition.built", "建设"),
            ("condition.delivered", "移交"),
            ("condition.accepted", "验收"),
            ("condition.civil_affairs", None),
        ]

    def test_nothing_planned_is_not_planned_together(self, reviewed, row):
        stage = row(reviewed("caoxian-2023", []), "CX-02")
        assert (str(stage.status), str(stage.reason.code)) == ("deficient", "stage_not_planned")

    @pytest.mark.parametrize(
        ("stage", "expected"),
        [
            # 300 + 300 households ask for 200 m² (0.30 × 600 = 180): 210 stand in the first phase
            ("运营", ("compliant", "stage_of_phase", Verdict.AGREE)),
            ("在建", ("compliant", "stage_of_phase", Verdict.AGREE)),
            ("试运营", ("not_assessed", "area_unknown", Verdict.SUPPLY)),
            ("闲置", ("deficient", "stage_not_planned", Verdict.AMEND)),
        ],
    )
    def test_what_another_phase_has_is_the_projects(
        self, tmp_path, phased, propose, row, stage, expected
    ):
        shutil.copytree(phased.path.parent, tmp_path / "县")
        ledger = tmp_path / "县" / "设施.csv"
        words = ledger.read_text(encoding="utf-8").replace("运营,210", f"{stage},210")
        ledger.write_text(words, encoding="utf-8")
        study = lc.read_study(tmp_path / "县")
        path = propose([], households=300, project='"项目编号" = "PJ1"\n')
        review = lc.review(study, lc.read_proposal(path, study))
        told = row(review, "JX-08")
        assert (str(told.status), str(told.reason.code), review.verdict) == expected

    @pytest.mark.parametrize(
        ("kind", "m2", "status", "why"),
        [
            # a nursing home has no countable m² unless some are typed: nothing for the community
            ("养老院", '"社区服务面积" = 0\n', "deficient", "stage_not_planned"),
            ("养老院", '"社区服务面积" = 80\n', "compliant", "stage_planned"),
            # how much of it serves the community is not typed
            ("养老院", "", "not_assessed", "facility_unknown"),
            ("日间照料中心", "", "compliant", "stage_planned"),
            # nobody plans rooms to stand idle: they are none
            ("日间照料中心", '"阶段" = "闲置"\n', "deficient", "stage_not_planned"),
        ],
    )
    def test_a_nursing_home_alone_is_no_community_facility(
        self, reviewed, row, kind, m2, status, why
    ):
        home = f'id = "N1"\n"设施名称" = "颐养楼"\n"设施类型" = "{kind}"\n"建筑面积" = 900\n{m2}'
        stage = row(reviewed("jinxiang-2023", [home]), "JX-08")
        assert (str(stage.status), str(stage.reason.code)) == (status, why)
        if why == "facility_unknown":
            assert stage.reason.params == {"facility": "N1", "field": "community_area_m2"}

    @pytest.mark.parametrize(("day", "status"), [("29", "compliant"), ("30", "deficient")])
    def test_a_typed_delay_is_compared(self, reviewed, row, day, status):
        # from 1 January, 90 days reach 31 March: 2025-03-32 is 1 April, one day too late
        care = {"29": "2025-04-01", "30": "2025-04-02"}[day]
        dates = f'"住宅交付日期" = 2025-01-01\n"养老设施交付日期" = {care}\n'
        review = reviewed("caoxian-2023", [(120, "1")], project=dates)
        assert str(row(review, "CX-02").status) == status
        if status == "deficient":
            assert row(review, "CX-02").remedy.code == "remedy_plan_earlier"
            assert review.verdict is Verdict.AMEND

    def test_all_that_is_late_is_named_and_to_be_brought_forward(self, reviewed, row):
        """Planning 365 days late, the hand-over 120: both, and civil affairs beside them."""
        dates = (
            '"住宅规划日期" = 2024-01-01\n"养老设施规划日期" = 2024-12-31\n'
            '"住宅交付日期" = 2025-01-01\n"养老设施交付日期" = 2025-05-01\n'
            '"民政参与规划评审" = "否"\n'
        )
        found = row(reviewed("caoxian-2023", [(120, "1")], project=dates), "CX-02")
        why, cure = Wording("zh").reason(found.reason), Wording("zh").reason(found.remedy)
        for days in ("晚 365 天", "晚 120 天"):
            assert days in why
            assert f"现{days}" in cure
        assert "民政部门没有参与" in why
        assert "请民政部门参与规划评审" in cure

    def test_civil_affairs_left_out_is_to_be_put_right(self, reviewed, row):
        review = reviewed("caoxian-2023", [(120, "1")], project='"民政参与规划评审" = "否"\n')
        assert row(review, "CX-02").remedy.code == "remedy_plan_civil"
        assert review.verdict is Verdict.AMEND


class TestSeveralPlots:
    """The plots of one file are phases of one project: their households add up (A1)."""

    @staticmethod
    def second(households, *, number=""):
        corners = [[500_800, 3_850_000], [500_900, 3_850_000], [500_900, 3_850_100]]
        return f'{number}[[plots]]\nid = "D2"\noutline = {corners}\n"规划户数" = {households}\n'

    def room(self, m2, plot="D1"):
        return (
            f'id = "N{m2}"\n"设施名称" = "用房"\n"设施类型" = "社区养老服务用房"\n'
            f'"建筑面积" = {m2}\n"所在地块" = "{plot}"\n'
        )

    def test_one_place_serves_both(self, reviewed, row):
        # (600 + 150) × 20 / 100 = 150, on one of the two plots
        review = reviewed("caoxian-2023", [self.room(150)], plot=self.second(150))
        quota = row(review, "CX-01")
        assert (quota.required, quota.provided, quota.plots) == (150.0, 150.0, ("D1", "D2"))
        assert quota.working[0].params["households"] == 750.0
        assert review.verdict is Verdict.AGREE
        assert [c.plot for c in review.clauses if c.id == "CX-02"] == ["D1", "D2"]

    def test_what_is_short_is_told_once(self, reviewed, row):
        rooms = [self.room(100), self.room(40, "D2")]
        review = reviewed("caoxian-2023", rooms, plot=self.second(150))
        assert row(review, "CX-01").deficit == pytest.approx(10.0)
        assert row(review, "CX-01").remedy.params["facility"] == "N100"
        assert row(review, "CX-01").remedy.params["to_m2"] == pytest.approx(110.0)
        assert review.verdict is Verdict.AMEND
        exact = reviewed(
            "caoxian-2023", [self.room(110), self.room(40, "D2")], plot=self.second(150)
        )
        assert exact.verdict is Verdict.AGREE

    def test_plots_of_other_projects_stand_alone(self, reviewed):
        other = self.second(150) + '"项目编号" = "二期"\n'
        review = reviewed("caoxian-2023", [self.room(150)], plot='"项目编号" = "一期"\n' + other)
        found = {c.plot: c.required for c in review.clauses if c.id == "CX-01"}
        assert found == {"D1": 120.0, "D2": 30.0}


@pytest.mark.parametrize(
    ("m2", "status", "deficit", "said"),
    [
        # approved, 600 households: 120 m² as an existing area, 200 in one place as a new one
        (100, "deficient", 20, ("120 至 200 m²", "至少缺 20 m²")),
        (150, "not_assessed", None, ("120 至 200 m²", "")),
        (200, "compliant", None, ("200 m²", "")),
    ],
)
def test_a_plot_between_two_quotas_says_both(reviewed, row, m2, status, deficit, said):
    review = reviewed("jinxiang-2023", [(m2, "1")], project='"类别" = "已批未建成"')
    found = row(review, "JX-03")
    assert (str(found.status), found.deficit) == (status, deficit)
    words = Wording("zh", "review", Names(review.names))
    assert (asked_m2(found, words), short_of(found, words)) == said
    if deficit:  # the change cures it under either
        assert found.remedy.params["to_m2"] == 200
