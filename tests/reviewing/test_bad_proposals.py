"""Every bad proposal: the table of problems, never a verdict."""

import dataclasses

import pytest
import shapely

import lifecircle as lc
from lifecircle.errors import ProposalError
from lifecircle.model.inputs.layers import Layer
from lifecircle.model.problem import Severity, describe
from lifecircle.texts import LANGUAGES, catalogue

ROOM = 'id = "N1"\n"设施名称" = "用房"\n'
GOOD = ROOM + '"设施类型" = "社区养老服务用房"\n'

BAD = {
    "no households": ({"households": None}, "plot_no_households"),
    "zero households": ({"households": 0}, "plot_no_households"),
    "text for households": (
        {"plot": '"规划户数" = "很多"\n', "households": None},
        "number_unreadable",
    ),
    "facility outside the plot": (
        {"rooms": [GOOD + f'"建筑面积" = 200\nlon = {500_000 + 900}\nlat = {3_850_000 + 50}\n']},
        "facility_off_plot",
    ),
    "text for m2": ({"rooms": [GOOD + '"建筑面积" = "若干"\n']}, "number_unreadable"),
    "negative m2": ({"rooms": [GOOD + '"建筑面积" = -200\n']}, "number_negative"),
    "unknown kind": (
        {"rooms": [ROOM + '"设施类型" = "养老大厦"\n"建筑面积" = 200\n']},
        "kind_unknown",
    ),
    "unknown stage": ({"rooms": [GOOD + '"建筑面积" = 200\n"状态" = "飘着"\n']}, "stage_unknown"),
    "outside the county": ({"at": (6000, 0)}, "plot_outside"),
    "facility of no plot": (
        {"rooms": [GOOD + '"建筑面积" = 200\n"所在地块" = "D9"\n']},
        "reference_unknown",
    ),
    "serves nobody known": (
        {"rooms": [GOOD + '"建筑面积" = 200\n"服务小区" = "无此苑:30"\n']},
        "reference_unknown",
    ),
    "pulls down what is not there": ({"project": '"拆除设施" = "X9"\n'}, "reference_unknown"),
    "households do not add up": ({"project": '"规划总户数" = 900\n'}, "households_differ"),
    "m2 of the planning conditions do not add up": (
        {"project": '"规划条件应配面积" = 500\n', "plot": '"规划条件应配面积" = 180\n'},
        "required_differ",
    ),
    # 500 people in 600 dwellings: one of the two is a slip
    "fewer people than dwellings": ({"plot": '"规划人口" = 500\n'}, "people_fewer"),
    "fewer people in the project": ({"project": '"规划人口" = 599\n'}, "people_fewer"),
    "unknown unit": ({"project": '"所属镇街" = "370829001"\n'}, "code_unknown"),
    "no system": ({"head": 'name = "新苑"\n'}, "crs_missing"),
    "unknown table": ({"plot": '\n[[towers]]\nid = "T1"\n'}, "proposal_part"),
}


@pytest.mark.parametrize("case", BAD, ids=list(BAD))
def test_a_bad_proposal_is_sent_back(case, study_of, propose):
    words, code = BAD[case]
    rooms = words.pop("rooms", None) if "rooms" in words else None
    words = dict(words)
    study = study_of()
    path = propose(rooms, **words) if rooms is not None else propose(**words)
    if rooms is not None:
        BAD[case][0]["rooms"] = rooms
    with pytest.raises(ProposalError) as refused:
        lc.read_proposal(path, study)
    errors = [p for p in refused.value.problems if p.severity is Severity.ERROR]
    assert code in [str(p.code) for p in errors]
    for problem in errors:
        for language in ("zh", "en"):
            said = describe(problem, language)
            assert all(said[part] for part in ("what", "why", "remedy"))
            assert "方案.toml" in said["where"]


def test_overlapping_plots(study_of, propose, corners_of):
    second = f'[[plots]]\nid = "D2"\noutline = {corners_of(450, 0)}\n"规划户数" = 100\n'
    room = GOOD + '"建筑面积" = 200\n"所在地块" = "D1"\n'
    found, problems = lc.check_proposal(propose([room], plot=second), study_of())
    assert found is None
    (told,) = [p for p in problems if p.severity is Severity.ERROR]
    assert (str(told.code), told.params["area_m2"]) == ("areas_overlap", 15_000.0)


def test_several_plots_and_no_word_where(study_of, propose, corners_of):
    second = f'[[plots]]\nid = "D2"\noutline = {corners_of(800, 0)}\n"规划户数" = 100\n'
    found, problems = lc.check_proposal(propose([(200, "1")], plot=second), study_of())
    assert found is None
    assert [str(p.code) for p in problems if p.severity is Severity.ERROR] == ["plot_of_facility"]


def test_everything_is_told_at_once(study_of, propose):
    room = ROOM + '"设施类型" = "养老大厦"\n"建筑面积" = "若干"\n'
    _, problems = lc.check_proposal(propose([room], households=None), study_of())
    codes = {str(p.code) for p in problems if p.severity is Severity.ERROR}
    assert codes == {"kind_unknown", "number_unreadable", "plot_no_households"}


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("方案.toml", b"[project\n", "file_unreadable"),
        ("方案.toml", "名称 = 1".encode("gbk"), "file_unreadable"),
        ("方案.toml", b"", "layer_empty"),
        ("方案.geojson", b"{", "file_unreadable"),
        ("方案.geojson", b'{"type": "FeatureCollection", "features": []}', "layer_empty"),
        ("方案.xlsx", b"PK\x03\x04", None),
        ("方案.gpkg", b"nothing", "file_unreadable"),
        ("方案.pdf", b"%PDF", "format_unknown"),
    ],
)
def test_what_cannot_be_read_is_said(study_of, tmp_path, name, content, code):
    (tmp_path / name).write_bytes(content)
    found, problems = lc.check_proposal(tmp_path / name, study_of())
    assert found is None
    assert [p for p in problems if p.severity is Severity.ERROR]
    assert code is None or code in [str(p.code) for p in problems]


def test_a_file_that_is_not_there(study_of, tmp_path):
    found, problems = lc.check_proposal(tmp_path / "无.xlsx", study_of())
    assert (found, [str(p.code) for p in problems]) == (None, ["file_missing"])


class TestMissing:
    """Missing and harmless: 待补充材料."""

    @pytest.mark.parametrize(
        ("room", "field"),
        [
            (GOOD, "floor_area_m2"),
            (ROOM + '"建筑面积" = 200\n', "kinds"),
        ],
    )
    def test_a_fact_of_a_facility(self, reviewed, room, field):
        review = reviewed("caoxian-2023", [room])
        assert str(review.verdict) == "supply"
        assert (field in [s.field for s in review.supplements]) is True
        assert {s.id for s in review.supplements} == {"N1"}

    def test_the_projects_name(self, reviewed):
        head = '"坐标系" = "EPSG:4548"\n"城乡" = "城镇"\n'
        review = reviewed("caoxian-2023", [(120, "1")], head=head)
        assert (str(review.verdict), review.proposal.name) == ("supply", "方案")
        assert [s.field for s in review.supplements] == ["name"]

    def test_urban_or_rural(self, reviewed):
        head = 'name = "新苑"\n"坐标系" = "EPSG:4548"\n'
        review = reviewed("caoxian-2023", [(120, "1")], head=head)
        assert str(review.verdict) == "supply"
        assert "setting" in [s.field for s in review.supplements]

    def test_a_certain_deficit_goes_before_what_is_missing(self, reviewed):
        # 100 of 120 for certain, and a room of a kind that is not said adds nothing yet
        head = '"坐标系" = "EPSG:4548"\n"城乡" = "城镇"\n'
        review = reviewed("caoxian-2023", [(100, "1")], head=head)
        assert str(review.verdict) == "amend"
        assert [s.field for s in review.supplements] == ["name"]


def test_a_room_on_the_street_front_is_on_the_plot(study_of, propose, row):
    # A39: 30 m outside the outline is within the tolerance; a person is asked to look
    room = GOOD + f'"建筑面积" = 120\nlon = {500_000 + 500}\nlat = {3_850_000 + 130}\n'
    study = study_of()
    review = lc.review(study, lc.read_proposal(propose([room]), study))
    assert row(review, "CX-01").provided == 120.0
    assert "off_plot" in [m.code for m in review.manual_checks]


@pytest.fixture
def corners_of():
    def corners(x, y):
        plot = shapely.box(500_000 + x, 3_850_000 + y, 500_200 + x, 3_850_100 + y)
        return [[float(a), float(b)] for a, b in plot.exterior.coords]

    return corners


class TestPeople:
    """Planned people and dwellings contradict each other (A11)."""

    @staticmethod
    def codes(proposal):
        return [str(p.code) for p in proposal.problems if str(p.code).startswith("people")]

    def checked(self, study_of, propose, people, extra=""):
        study = study_of("pingyin-2022", extra)
        return study, lc.read_proposal(propose(plot=f'"规划人口" = {people}\n'), study)

    @pytest.mark.parametrize(
        ("people", "asked"), [(900, False), (899, True), (3000, False), (3001, True)]
    )
    def test_unlike_any_town_is_put_to_a_person(self, study_of, propose, people, asked):
        # 600 dwellings: 1.5 to 5 persons each are 900 to 3000
        study, proposal = self.checked(study_of, propose, people)
        assert self.codes(proposal) == (["people_unlikely"] if asked else [])
        rows = [m for m in lc.review(study, proposal).manual_checks if m.code == "people"]
        assert [(m.subject, m.stated) for m in rows] == (
            [("新苑", f"{people} / 600")] if asked else []
        )

    @pytest.mark.parametrize(
        ("people", "asked"), [(1120, False), (1119, True), (2520, False), (2521, True)]
    )
    def test_unlike_the_studys_own_persons_per_household(self, study_of, propose, people, asked):
        # 2.8 persons each, by a factor of 1.5 either way: 600 × 2.8 / 1.5 = 1120, × 1.5 = 2520
        _, proposal = self.checked(study_of, propose, people, "persons_per_household = 2.8")
        assert self.codes(proposal) == (["people_unlikely"] if asked else [])

    def test_plots_that_do_not_add_up(self, study_of, propose):
        corners = [[500_800, 3_850_000], [500_900, 3_850_000], [500_900, 3_850_100]]
        second = f'[[plots]]\nid = "D2"\noutline = {corners}\n"规划户数" = 100\n"规划人口" = 260\n'
        plots = '"规划人口" = 1560\n' + second  # 1560 + 260 = 1820
        study = study_of("pingyin-2022")
        right = propose([], plot=plots, project='"规划人口" = 1820\n')
        assert lc.read_proposal(right, study).problems == ()
        with pytest.raises(ProposalError) as refused:
            lc.read_proposal(propose([], plot=plots, project='"规划人口" = 1900\n'), study)
        assert "people_differ" in [str(p.code) for p in refused.value.problems]


def test_what_is_missing_in_the_file_is_put_right_in_the_file(study_of, propose):
    study = study_of()
    with pytest.raises(ProposalError) as refused:
        lc.read_proposal(propose(head='name = "新苑"\n'), study)
    (told,) = [describe(p, "zh")["remedy"] for p in refused.value.problems if "crs" in p.code]
    assert "“项目”表的“坐标系”" in told
    assert "study.toml" not in told


OF_A_STUDY = {
    # the study file, what stands in it, and what only a study has
    *("study_missing", "study_key_missing", "path_outside", "path_outside_read", "sheet_missing"),
    *("projection_chosen", "layer_far", "columns_absent", "table_absent", "as_of_ahead"),
    *("county_of_none", "units_written", "units_unlisted", "host_former", "host_lost"),
    *("gate_before_date", "shape_missing"),
    *("streets_absent", "streets_unjoined", "streets_words_unknown"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_remedy_sends_an_applicant_to_the_study_file(language):
    texts = catalogue("problems", language)
    for name, text in texts.items():
        code, _, kind = name.rpartition(".")
        if kind == "remedy" and "study.toml" in text and code not in OF_A_STUDY:
            assert "study.toml" not in texts[f"{code}.remedy_proposal"], code


def test_of_two_columns_alike_one_is_to_be_left(study_of, propose):
    rooms = GOOD + '"建筑面积" = 150\n"建筑面积（平方米）" = 160\n'
    study = study_of()
    _, problems = lc.check_proposal(propose([rooms]), study)
    (told,) = [p for p in problems if str(p.code) == "column_mapped_twice"]
    assert describe(told, "zh")["remedy"].startswith("只留一列")


@pytest.mark.parametrize(
    ("serves", "after", "codes"),
    [
        ("西苑二区:30", "compliant", []),
        ("西苑三区:30", "not_assessed", ["name_near"]),  # may mean it: nobody has said so
        ("", "deficient", []),
    ],
)
def test_a_planned_rooms_record_that_nearly_names_an_area(quarters, propose, serves, after, codes):
    # the plot's centre lies 950 m from that of 西苑二区, within the 1000 m of sharing
    path = propose([(150, None)], at=(300, 0), project='"拆除设施" = "F2;S1"\n')
    text = path.read_text(encoding="utf-8").rstrip()
    path.write_text(f'{text}\n"服务小区" = "{serves}"\n', encoding="utf-8")
    proposal = lc.read_proposal(path, quarters)
    assert [str(p.code) for p in proposal.problems] == codes
    review = lc.review(quarters, proposal)
    found = {e.residential: e for e in review.side_effects}
    assert found["E2"].required == 30
    # whatever the name decides, whom the rooms serve is asked of the applicant
    asked = [(s.layer, s.id, s.field) for s in review.supplements if s.field == "serves"]
    assert asked == ([("planned", "N1", "serves")] if codes else [])
    assert found["E2"].status_after == after


def test_a_proposals_stage_under_a_heading_that_nobody_knows_is_asked(study_of, propose):
    """Blank is planned; 已停用 under 现况 may be the stage: the rooms count neither way."""
    rooms = GOOD + '"建筑面积" = 150\n"现况" = "已停用"\n'
    study = study_of()
    proposal = lc.read_proposal(propose([rooms]), study)
    assert ("planned", "stage") in {(s.layer, s.field) for s in proposal.supplements}
    assert [str(p.code) for p in proposal.problems if p.column == "现况"] == ["column_worded"]
    review = lc.review(study, proposal)
    assert review.verdict == "supply"
    (quota,) = [c for c in review.clauses if c.id == "CX-01"]
    assert quota.status == "not_assessed"  # 600 × 20 / 100 = 120 of 0 to 150 m²
    assert quota.required == 120
    plain = lc.read_proposal(propose([rooms.replace("已停用", "规划")]), study)
    assert not plain.supplements


def test_a_trial_stage_in_a_proposal_is_sent_back_with_what_to_write(study_of, propose):
    rooms = GOOD + '"建筑面积" = 200\n"状态" = "试运营"\n'
    with pytest.raises(ProposalError) as refused:
        lc.read_proposal(propose([rooms], plot='"阶段" = "试运营"\n'), study_of())
    told = {p.layer: describe(p, "zh")["remedy"] for p in refused.value.problems}
    assert set(told) == {"plots", "planned"}
    assert all("试运营算不算运营" in remedy for remedy in told.values())


@pytest.mark.parametrize(
    ("rooms", "project", "column"),
    [
        ('"建筑面积" = 150\n"社区服务面积" = 150\n', "", None),
        ('"建筑面积" = 150\n"社区服务面积" = 150.5\n', "", "社区服务面积"),
        ('"建筑面积" = 150\n', '"总建筑面积" = 5e4\n"地上建筑面积" = 5e4\n', None),
        ('"建筑面积" = 150\n', '"总建筑面积" = 5e4\n"地上建筑面积" = 6e4\n', "地上建筑面积"),
        ('"建筑面积" = 150\n', '"总建筑面积" = 5e4\n"住宅建筑面积" = 6e4\n', "住宅建筑面积"),
    ],
)
def test_a_part_larger_than_its_whole_is_sent_back(study_of, propose, rooms, project, column):
    proposal, problems = lc.check_proposal(propose([GOOD + rooms], project=project), study_of())
    found = [(p.column, p.severity) for p in problems if p.code == "part_exceeds"]
    assert found == ([] if column is None else [(column, "error")])
    assert (proposal is None) == (column is not None)


def test_an_estate_of_a_doubled_name_that_is_replaced_is_asked_for_by_its_ids(quarters, propose):
    """E1 and E2 are both called 书香苑: which of them goes is asked, with both ids."""
    homes = quarters.residential.frame
    names = homes["name"].mask(homes.index.isin(["E1", "E2"]), "书香苑")
    layer = Layer("residential", homes.assign(name=names))
    study = dataclasses.replace(quarters, residential=layer)
    path = propose([(200, "1")], project='"替代小区" = "书香苑"\n')
    found, problems = lc.check_proposal(path, study)
    assert found is None
    (problem,) = [p for p in problems if str(p.code) == "reference_unknown"]
    assert (problem.value, problem.params["nearest"]) == ("书香苑", "E1、E2")


def test_planned_rooms_of_one_site_stand_in_one_place(study_of, propose):
    # the plot's middle is 50 m off: the second row stands where the first does, not there
    at = f"lon = {500_000 + 420}\nlat = {3_850_000 + 50}\n"
    second = GOOD.replace("N1", "N2") + '"场所编号" = "S"\n"建筑面积" = 30\n'
    first = GOOD + f'"场所编号" = "S"\n"建筑面积" = 200\n{at}'
    other = GOOD.replace("N1", "N3") + '"建筑面积" = 30\n'
    proposal = lc.read_proposal(propose([first, second, other]), study_of())
    points = [(p.x - 500_000, p.y - 3_850_000) for p in proposal.facilities.frame.geometry]
    assert points == [(420, 50), (420, 50), (500, 50)]
