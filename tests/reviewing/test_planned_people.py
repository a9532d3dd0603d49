"""The people that a project plans for, and those of its plots: one figure, or a contradiction."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lifecircle as lc
from lifecircle.intake.proposal.figures import people_of_plots

ROOM = 'id = "N1"\n"设施类型" = "社区养老服务用房"\n"所在地块" = "D1"\n"建筑面积" = {m2}\n'
CORNERS = [[500_800, 3_850_000], [501_000, 3_850_000], [501_000, 3_850_100]]
SECOND = f'[[plots]]\nid = "D2"\noutline = {CORNERS}\n"规划户数" = 600\n{{more}}'


def plots_of(first, second, more=""):
    """Return the rest of the first plot and the second one; None: no people typed."""
    mine, other = ("" if n is None else f'"规划人口" = {n}\n' for n in (first, second))
    return mine + SECOND.format(more=other + more)


@pytest.mark.parametrize(
    ("people", "total", "required"),
    [
        ((None, None), 3000, 300),  # not 1200 × 2.8 × 100 / 1000 = 336
        ((1500, None), 3000, 300),  # 1500 are left to the other: not 1500 + 600 × 2.8 = 318
        ((1500, 1500), 3000, 300),
        ((1700, 1800), None, 350),
        ((None, None), None, 336),
    ],
)
def test_the_projects_people_are_those_of_its_plots(people, total, required, reviewed, row):
    review = reviewed(
        "pingyin-2022",
        [ROOM.format(m2=340)],
        plot=plots_of(*people),
        project="" if total is None else f'"规划人口" = {total}\n',
        extra="persons_per_household = 2.8",
    )
    assert row(review, "PY-31").required == required


@pytest.mark.parametrize("said", ["无", "规划条件未明确"])
def test_that_no_people_are_planned_for_is_a_blank(said, reviewed, row):
    # 600 dwellings × 2.8 = 1680 people ask for 168 m²; the proposal was refused
    review = reviewed(
        "pingyin-2022",
        [(168, None)],
        plot=f'"规划人口" = "{said}"\n',
        project=f'"规划人口" = "{said}"\n',
        extra="persons_per_household = 2.8",
    )
    found = row(review, "PY-31")
    assert (str(found.status), found.required) == ("compliant", 168)


@pytest.mark.parametrize(
    ("people", "total", "code"),
    [
        ((1500, 1500), 3600, "people_differ"),
        ((3000, None), 3000, "people_differ"),  # nobody is left for 600 dwellings
        ((2900, None), 3000, "people_fewer"),  # 100 people are left for 600 dwellings
        ((None, None), 1199, "people_fewer"),
    ],
)
def test_people_that_contradict_each_other_are_sent_back(people, total, code, study_of, propose):
    path = propose(
        [ROOM.format(m2=340)],
        plot=plots_of(*people),
        project=f'"规划人口" = {total}\n',
    )
    found, problems = lc.check_proposal(path, study_of("pingyin-2022"))
    assert found is None
    assert [str(p.code) for p in problems if p.severity == "error"] == [code]


def test_one_plot_with_other_people_than_its_project_is_sent_back(study_of, propose):
    # 1500 people ask for 150 m², 1800 for 180: 160 m² were 达标
    path = propose([(160, None)], plot='"规划人口" = 1500\n', project='"规划人口" = 1800\n')
    found, problems = lc.check_proposal(path, study_of("pingyin-2022"))
    assert found is None
    (told,) = [p for p in problems if str(p.code) == "people_differ"]
    assert (told.params["total"], told.params["added"]) == (1800, 1500)


@pytest.mark.parametrize(("standard", "asked"), [("pingyin-2022", True), ("jinxiang-2023", False)])
def test_whose_people_they_are_is_asked_of_plots_of_two_projects(standard, asked, reviewed):
    own = '"项目编号" = "P2"\n'
    review = reviewed(
        standard,
        [ROOM.format(m2=400), ROOM.format(m2=400).replace("1", "2")],
        plot='"项目编号" = "P1"\n' + plots_of(None, None, own),
        project='"规划人口" = 3000\n',
        extra="persons_per_household = 2.8",
    )
    said = {(s.id, s.field) for s in review.supplements if s.field == "population"}
    assert said == ({("D1", "population"), ("D2", "population")} if asked else set())


@given(
    homes=st.lists(st.integers(1, 900), min_size=1, max_size=6),
    typed=st.lists(st.none() | st.integers(1, 3000), min_size=6, max_size=6),
    total=st.integers(1, 9000),
)
def test_people_left_add_up_to_the_projects(homes, typed, total):
    frame = pd.DataFrame(
        {
            "population": pd.Series(typed[: len(homes)], dtype=float),
            "households_planned": pd.Series(homes, dtype=float),
            "project": "P1",
        }
    )
    people = people_of_plots(frame, float(total))
    known = frame["population"].notna()
    assert people[known].equals(frame["population"][known])
    left, open_homes = total - frame["population"].sum(), sum(frame["households_planned"][~known])
    if known.all() or left <= 0:
        assert people.equals(frame["population"])
        return
    assert people.sum() == total
    assert (people % 1 == 0).all()
    if left >= open_homes:  # nobody's dwelling is left empty by the sharing out
        assert (people[~known] >= frame["households_planned"][~known]).all()
