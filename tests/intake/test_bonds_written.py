"""Words under 项目编号 and 场所编号 that bind no rows, or perhaps not those that they stand in."""

from __future__ import annotations

import itertools

import pytest
from tests.two_ledgers import STUDY, written

import lifecircle as lc
from lifecircle.model.problem import ProblemCode as P

AREAS = "编号,小区名称,项目名称,户数,类别,城乡,X,Y\n"
ROOMS = "编号,设施名称,设施类型,状态,建筑面积,场所编号,X,Y\n"
TOLD = {P.BOND_OF_NOTHING, P.PROJECT_A_SORT, P.PROJECT_STRUNG, P.SITE_STRUNG}


def told(folder, areas, rooms):
    """Return the statuses by area and clause, of the rate, and what is said of such words."""
    study = lc.read_study(written(folder, STUDY, r=AREAS + areas, f=ROOMS + rooms) / "study.toml")
    result = lc.assess(study)
    found = result.findings.set_index(["id", "clause"])["status"].map(str).to_dict()
    rate = {str(one.id): str(one.status) for one in result.clauses}["CX-07"]
    return found, rate, {p.code for p in study.problems} & TOLD


def estates(word, metres, households=(300, 200)):
    """Return two estates of a project, so far apart."""
    return "".join(
        f"R{n},{name}苑,{word},{homes},已建成,城镇,{500000 + n * metres},3850000\n"
        for n, (name, homes) in enumerate(zip("东西", households, strict=True))
    )


def rooms(*m2, site="", metres=400):
    return "".join(
        f"F{n},{name}站,日间照料中心,运营,{one},{site},{500010 + n * metres},3850000\n"
        for n, (name, one) in enumerate(zip("甲乙", m2, strict=False))
    )


@pytest.mark.parametrize("word", ["无", "无项目", "否", "不详", "待定", "不分期", "0", "其他"])
def test_a_word_for_none_is_no_project(tmp_path, word):
    # 300 and 200 households: 45 m² and 30 m², and the 75 m² stand in the first, 400 m off
    found, rate, said = told(tmp_path, estates(word, 400), rooms(75))
    assert found["R0", "CX-03"] == "compliant"
    assert (found["R1", "CX-03"], rate, said) == ("deficient", "deficient", {P.BOND_OF_NOTHING})


@pytest.mark.parametrize(
    ("word", "metres", "said"),
    [
        ("商品房", 400, P.PROJECT_A_SORT),
        ("2021年老旧小区改造项目", 400, P.PROJECT_A_SORT),
        ("P1", 2500, P.PROJECT_STRUNG),
        ("P1", 1900, None),
        ("商品房一号院", 400, None),
    ],
)
def test_a_project_that_is_hardly_one_is_open(tmp_path, word, metres, said):
    found, rate, heard = told(tmp_path, estates(word, metres), rooms(75))
    assert found["R0", "CX-03"] == "compliant"  # 75 of 45, and of 75 of both
    open_ = "not_assessed" if said else "compliant"
    assert (found["R1", "CX-03"], rate) == (open_, open_)
    assert heard == ({said} if said else set())


@pytest.mark.one_in(5)
@pytest.mark.parametrize("m2", [*itertools.product((0, 20, 45, 75), repeat=2)])
def test_what_is_decided_is_so_either_way(tmp_path, m2):
    ways = []
    for number, word in enumerate(("P1", "", "安置房")):  # one project, two, and not known
        (tmp_path / str(number)).mkdir()
        ways.append(told(tmp_path / str(number), estates(word, 400), rooms(*m2)))
    for key in (("R0", "CX-03"), ("R1", "CX-03")):
        together, apart, perhaps = (found[key] for found, _, _ in ways)
        assert perhaps in {"not_assessed", *({together} & {apart})}
    together, apart, perhaps = (rate for _, rate, _ in ways)
    assert perhaps in {"not_assessed", *({together} & {apart})}


def test_rooms_kilometres_apart_are_no_one_place(tmp_path):
    # the second has no m² of its own at 场所 S1, and any m² where it stands alone
    found, _, said = told(tmp_path, estates("", 3000), rooms(75, "", site="S1", metres=3000))
    assert (found["R1", "CX-03"], said) == ("not_assessed", {P.SITE_STRUNG})


def test_a_sort_of_many_estates_is_no_project(tmp_path):
    many = "".join(
        f"R{n},{name}苑,商品房,200,已建成,城镇,{500000 + 400 * n},3850000\n"
        for n, name in enumerate("东西南北中甲乙丙丁戊己庚辛")
    )
    found, _, said = told(tmp_path, many, rooms(75))
    assert {found[f"R{n}", "CX-03"] for n in range(1, 13)} == {"deficient"}
    assert said == {P.BOND_OF_NOTHING}


@pytest.mark.parametrize(
    ("words", "second"),
    [(("1", "1.0"), "compliant"), (("01", "1"), "compliant"), (("A1", "A-1"), "deficient")],
)
def test_a_number_of_two_spellings_is_one_project(tmp_path, words, second):
    # 300 and 200 households need 75 m² together: they stand in the first
    first, other = (estates(word, 400).splitlines()[n] for n, word in enumerate(words))
    found, rate, said = told(tmp_path, f"{first}\n{other}\n", rooms(75))
    assert (found["R1", "CX-03"], rate, said) == (second, second, set())
