"""What a proposal says in two ways: sent back, or put to a person with both figures."""

import dataclasses

import pytest

import lifecircle as lc
from lifecircle.model.inputs.layers import Layer

HEAD = 'name = "和苑二期"\n"坐标系" = "EPSG:4548"\n"城乡" = "城镇"\n'


@pytest.mark.parametrize(
    ("project", "asked"),
    [
        # the outline is 200 × 100 m
        ('"用地面积" = 5000\n', [("land", "5000 / 20000")]),
        ('"用地面积" = 16000\n', []),  # a fifth less
        ('"用地面积" = 15900\n', [("land", "15900 / 20000")]),
        ('"用地面积" = 25000\n', []),
        ('"用地面积" = 20000\n"地上建筑面积" = 200000\n"容积率" = 3\n', [("ratio", "3 / 10")]),
        ('"用地面积" = 20000\n"地上建筑面积" = 20000\n"容积率" = 3\n', [("ratio", "3 / 1")]),
        ('"用地面积" = 20000\n"地上建筑面积" = 63000\n"容积率" = 3\n', []),  # 5 % more
        ('"用地面积" = 20000\n"总建筑面积" = 120000\n"容积率" = 3\n', []),  # half below ground
        ('"用地面积" = 20000\n"总建筑面积" = 126000\n"容积率" = 3\n', [("ratio", "3 / 6.3")]),
    ],
)
def test_figures_that_contradict_each_other_are_put_to_a_person(project, asked, reviewed):
    review = reviewed("caoxian-2023", [], project=project)
    found = [(m.code, m.stated) for m in review.manual_checks if m.code in {"land", "ratio"}]
    assert found == asked


@pytest.mark.parametrize(
    ("project", "plot", "asked"),
    [
        ("", '"阶段" = "入住"\n', [("stage", "入住")]),
        ("", '"阶段" = "在建"\n', []),
        ('"类别" = "新建"\n', '"类别" = "已批未建成"\n', [("unlike", "已批未建成")]),
        ('"类别" = "新建"\n', '"类别" = "新建"\n', []),
    ],
)
def test_words_that_a_person_has_to_look_at(project, plot, asked, reviewed):
    review = reviewed("caoxian-2023", [(200, None)], project=project, plot=plot)
    found = [(m.code, m.stated) for m in review.manual_checks if m.code in {"stage", "unlike"}]
    assert found == asked


@pytest.mark.parametrize(
    ("name", "number", "asked"),
    [
        ("和苑二期", "", True),
        ("和苑（三期）项目", "", True),
        ("和苑", "", True),
        ("和苑二期", '"项目编号" = "PJ1"\n', False),
        ("和苑二期", '"项目编号" = "PJ9"\n', False),
        ("和风苑二期", "", False),
    ],
)
def test_a_name_of_another_phase_without_a_number_is_asked(name, number, asked, phased, propose):
    path = propose([(200, None)], head=HEAD.replace("和苑二期", name), project=number)
    review = lc.review(phased, lc.read_proposal(path, phased))
    found = [m.stated for m in review.manual_checks if m.code == "phase"]
    assert found == (["和苑一期（PJ1）"] if asked else [])


@pytest.mark.parametrize(
    ("other", "refused"), [("650", True), ('"600户"', False), ('"600"', False), ('""', False)]
)
def test_one_fact_under_two_headings(other, refused, study_of, propose):
    path = propose(project=f'"规划总户数" = 600\n"总户数" = {other}\n')
    found, problems = lc.check_proposal(path, study_of())
    told = [(p.params["first"], p.value) for p in problems if str(p.code) == "fact_twice"]
    assert told == ([("600", "650")] if refused else [])
    assert (found is None) == refused


def test_planned_rooms_need_no_ids(study_of, propose):
    room = '"设施名称" = "用房"\n"设施类型" = "社区养老服务用房"\n"建筑面积" = 200\n'
    proposal = lc.read_proposal(propose([room]), study_of())
    assert proposal.problems == ()


def test_a_phase_without_a_name_is_of_no_project_of_the_ledger(phased, propose):
    frame = phased.residential.frame
    named = frame.assign(name=frame["name"].replace("和苑一期", "一期"))
    study = dataclasses.replace(phased, residential=Layer("residential", named))
    path = propose([(200, None)], plot='"地块名称" = "二期地块"\n')
    review = lc.review(study, lc.read_proposal(path, study))
    assert [m for m in review.manual_checks if m.code == "phase"] == []
