"""Exemptions whose clause, paper or reason is a word, several, a blank or nothing that can be read.

R1 has 500 households, a room of 75 m² 5000 m away and nothing of its own: 75 m² asked, 0 there
(CX-03, CX-07), 5000 m instead of 1000 (CX-06). CX-01 and CX-02 ask new areas only.
"""

from __future__ import annotations

import functools
import itertools

import pytest
from tests.two_ledgers import WITH_EXEMPTIONS, written

import lifecircle as lc
from lifecircle.model.problem import ProblemCode as P
from lifecircle.outputs.report.page.document import write_report
from lifecircle.outputs.report.workbook.annexes import basis_rows
from lifecircle.outputs.words.wording import Wording

pytestmark = pytest.mark.judged_alone(
    "CX-01",
    "CX-02",
    "CX-03",
    "CX-05",
    "CX-06",
    "CX-07",
    "CX-66",
    "JX-03",
    "JX-04",
    "JX-07",
    "WS-03",
)

ASKED = ("CX-03", "CX-05", "CX-06", "CX-07")
AREA = "编号,小区名称,户数,类别,城乡,X,Y\nR1,东园,500,已建成,城镇,500000,3850000\n"
FAR = "编号,设施名称,设施类型,状态,建筑面积,X,Y\nF1,甲站,日间照料中心,运营,75,{x},3850000\n"
HEAD = "编号,条款,理由,依据"
KNOWN = [P.CLAUSE_UNKNOWN, P.EXEMPTION_CLAUSE, P.EXEMPTION_CLAUSE_BLANK, P.VALUE_MISSING]
KNOWN += [P.EXEMPTION_CLAUSES, P.EXEMPTION_CLAUSES_OPEN]


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """Return a function that judges R1 with rows of exemptions, a facility at x metres."""

    @functools.cache
    def judge(*rows, x=505000, head=HEAD):
        folder = tmp_path_factory.mktemp("exempt")
        text = "\n".join((head, *rows))
        written(folder, WITH_EXEMPTIONS, r=AREA, f=FAR.format(x=x), e=f"{text}\n")
        return lc.assess(lc.read_study(folder / "study.toml"))

    return judge


def statuses(result):
    rows = result.findings
    rows = rows[rows["id"] == "R1"].set_index("clause")["status"]
    return {clause: str(rows[clause]) for clause in ASKED}


def told(result):
    return [p.code for p in result.problems if p.layer == "exemptions" and p.code in KNOWN]


BARE = dict.fromkeys(ASKED, "deficient")


@pytest.mark.parametrize(
    ("cell", "expected", "problems"),
    [
        ("CX-06", {"CX-06": "exempt"}, []),
        ("6", {"CX-06": "exempt"}, [P.EXEMPTION_CLAUSES]),
        ("服务半径", {"CX-06": "exempt"}, [P.EXEMPTION_CLAUSES]),
        ("15分钟生活圈", {"CX-05": "exempt"}, [P.EXEMPTION_CLAUSES]),
        # exempt from what the rate is about is exempt from the rate
        ("配建面积", {"CX-03": "exempt", "CX-07": "exempt"}, [P.EXEMPTION_CLAUSES]),
        ("全部", dict.fromkeys(ASKED, "exempt"), [P.EXEMPTION_CLAUSES]),
        ("覆盖", dict.fromkeys(("CX-05", "CX-06"), "not_assessed"), [P.EXEMPTION_CLAUSES_OPEN]),
        ("某某", dict.fromkeys(ASKED, "not_assessed"), [P.EXEMPTION_CLAUSE]),
        ("CX-66", dict.fromkeys(ASKED, "not_assessed"), [P.EXEMPTION_CLAUSE]),
        ("无", dict.fromkeys(ASKED, "not_assessed"), [P.EXEMPTION_CLAUSE_BLANK]),
        ("", dict.fromkeys(ASKED, "not_assessed"), [P.VALUE_MISSING]),
        (
            "CX-06；CX-66",
            dict.fromkeys(ASKED, "not_assessed") | {"CX-06": "exempt"},
            [P.EXEMPTION_CLAUSE],
        ),
        ("WS-03", {}, [P.CLAUSE_UNKNOWN]),
    ],
)
def test_whom_a_word_lets_off_from_what(judged, cell, expected, problems):
    result = judged(f"R1,{cell},无地,1号")
    assert statuses(result) == BARE | expected
    assert told(result) == problems


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_reason_names_the_row_and_the_cell(judged, language):
    words = Wording(language)
    result = judged("R1,某某,无地,1号")
    rows = result.findings.set_index(["clause", "id"])
    said = words.reason(rows.at[("CX-06", "R1"), "reason"])
    assert "某某" in said
    assert "B2" in said
    assert "1号" in said
    assert "B2" in words.reason(
        judged("R1,,无地,1号").findings.set_index(["clause", "id"]).at[("CX-06", "R1"), "reason"]
    )


def test_one_row_that_is_plain_settles_what_another_leaves_open(judged):
    result = judged("R1,某某,无地,1号", "R1,CX-06,改造,2号", "R1,CX-06,改造,2号")
    expected = dict.fromkeys(ASKED, "not_assessed") | {"CX-06": "exempt"}
    assert statuses(result) == expected


def test_rows_of_two_ends_hold_until_the_later(judged):
    head = f"{HEAD},有效期至"
    rows = ("R1,服务半径,改造,1号,2024-12-31", "R1,半径,改造,2号,2026-12-31")
    assert statuses(judged(*rows, head=head))["CX-06"] == "exempt"
    assert statuses(judged(rows[0], head=head))["CX-06"] == "deficient"
    assert statuses(judged("R1,某某,改造,1号,2024-12-31", head=head)) == BARE


@pytest.mark.parametrize(
    ("why", "paper", "status"),
    [
        ("改造", "1号", "exempt"),
        ("", "1号", "exempt"),  # the paper lets off; why, it says itself
        ("改造", "", "not_assessed"),
        ("改造", "待补充", "not_assessed"),
        ("改造", "待核实", "not_assessed"),
        ("", "", "not_assessed"),
    ],
)
def test_an_exemption_without_a_paper_holds_perhaps(judged, why, paper, status):
    result = judged(f"R1,CX-06,{why},{paper}")
    assert statuses(result) == BARE | {"CX-06": status}
    text = Wording("zh").reason(
        result.findings.set_index(["clause", "id"]).at[("CX-06", "R1"), "reason"]
    )
    assert ("没有填依据文号" in text) is (status == "not_assessed")
    assert not {"None", "nan"} & {one.reason for one in result.exemptions}


@pytest.mark.parametrize(
    ("m2", "paper", "rate"),
    [
        # 900 new homes: 270 m² (JX-03), in places of 200 (JX-04); let off from JX-03 alone
        (200, "1号", "exempt"),
        (200, "", "not_assessed"),  # exempt, or 70 m² short
        (270, "", "compliant"),  # met, if it is asked
        (199, "", "deficient"),  # its place is too small either way
    ],
)
def test_who_is_perhaps_let_off_from_one_clause_of_a_rate(tmp_path, m2, paper, rate):
    study = WITH_EXEMPTIONS.replace("caoxian", "jinxiang").replace("371721", "370828")
    area = AREA.replace("户数", "规划户数").replace("500,已建成", "900,新建")
    room = FAR.format(x=500000).replace(",75,", f",{m2},")
    written(tmp_path, study, r=area, f=room, e=f"{HEAD}\nR1,JX-03,改造,{paper}\n")
    result = lc.assess(lc.read_study(tmp_path / "study.toml"))
    found = result.findings.set_index(["clause", "id"])["status"]
    assert found["JX-04", "R1"] == ("deficient" if m2 == 199 else "compliant")
    assert found["JX-07", "R1"] == rate


@pytest.mark.parametrize(
    ("cell", "listed"),
    [
        ("CX-06", [("CX-06", "applied")]),
        ("CX-01、CX-06", [("CX-01", "idle"), ("CX-06", "applied")]),
        ("全部", [(clause, "applied") for clause in ASKED]),
        ("四同步", [("CX-02", "idle")]),
        ("某某", [("某某", "unread")]),
        ("配建", [("CX-03", "applied")]),  # 四同步 asks new areas only
        ("CX-06；CX-66", [("CX-06", "applied"), ("CX-06；CX-66", "unread")]),
        ("", [("", "unread")]),
        ("WS-03", [("WS-03", "unknown")]),
    ],
)
def test_the_list_says_what_came_of_each(judged, cell, listed):
    result = judged(f"R1,{cell},无地,1号")
    assert [(one.clause, str(one.state)) for one in result.exemptions] == listed


WAYS = [*map(frozenset, zip(ASKED, strict=True)), frozenset(ASKED)]
MAY = {
    **dict.fromkeys(("某某", ""), WAYS),
    "覆盖": [way for way in WAYS if way <= {"CX-05", "CX-06"}],
    "配建": [frozenset({"CX-03"})],
    "CX-06（改造）": [frozenset({"CX-06"})],
    "CX-03或CX-06": [frozenset({"CX-03"}), frozenset({"CX-06"})],
}
"""Cell → the clauses that it may turn out to mean."""


_FEW_WAYS = ("覆盖", "配建", "CX-06（改造）", "CX-03或CX-06")


@pytest.mark.one_in(7)
@pytest.mark.parametrize(
    ("cell", "x"),
    [
        *itertools.product(_FEW_WAYS, [500010, 500600, 505000]),
        *(("某某", 500010), ("某某", 505000), ("", 500600)),  # of five ways each
    ],
)
def test_every_way_to_complete_the_word_lies_inside_what_was_said(judged, cell, x):
    """Whatever clauses the cell turns out to mean: what was decided stays, at any distance."""
    said, bare = statuses(judged(f"R1,{cell},无地,1号", x=x)), statuses(judged(x=x))
    for clauses in MAY[cell]:
        full = statuses(judged(f"R1,{'、'.join(sorted(clauses))},无地,1号", x=x))
        for clause in ASKED:
            inside = {full[clause], "not_assessed"}
            if (clause, full[clause], bare[clause]) == ("CX-07", "exempt", "compliant"):
                inside.add("compliant")  # what is met if it is asked is no miss either way
            assert said[clause] in inside, (clauses, clause)


SEVERAL = """编号,小区名称,户数,类别,城乡,所属镇街,项目编号,X,Y
R1,东园一期,500,已建成,城镇,曹城街道,P1,500000,3850000
R2,东园二期,500,已建成,城镇,曹城街道,P1,500000,3850900
R3,西园,500,已建成,城镇,青堌集镇,,500000,3851800
R4,南园,500,已建成,城镇,,,500000,3852700
"""


@pytest.mark.one_in(4)
@pytest.mark.parametrize(
    ("subject", "exempt", "perhaps"),
    [
        ("R1", "R1", ""),
        ("R1、R3", "R1 R3", ""),
        ("P1", "R1 R2", ""),  # a project is its phases
        ("曹城街道", "", "R1 R2 R4"),  # in which street R4 lies is not known
        ("曹城街道老旧小区", "", "R1 R2 R4"),
        ("371721001", "", "R1 R2 R4"),
        ("全县", "", "R1 R2 R3 R4"),
        ("所有小区", "", "R1 R2 R3 R4"),
        ("老旧小区", "", "R1 R2 R3 R4"),  # a sort, which of them nobody says
        ("西园等2个小区", "", "R1 R2 R3 R4"),
        ("除西园外", "", "R1 R2 R4"),
        ("全部小区（不含R1、R2）", "", "R3 R4"),
        ("月光花园", "", ""),  # none of those listed
        ("平等小区", "", ""),
    ],
)
@pytest.mark.parametrize("clause", ["CX-06", "服务半径"])
def test_whom_the_first_cell_lets_off(tmp_path, subject, exempt, perhaps, clause):
    exemptions = f"{HEAD}\n{subject},{clause},无地,1号\n"
    written(tmp_path, WITH_EXEMPTIONS, r=SEVERAL, f=FAR.format(x=505000), e=exemptions)
    result = lc.assess(lc.read_study(tmp_path / "study.toml"))
    found = result.findings[result.findings["clause"] == "CX-06"].set_index("id")["status"]
    want = {f"R{n}": "deficient" for n in range(1, 5)}
    want |= dict.fromkeys(exempt.split(), "exempt") | dict.fromkeys(perhaps.split(), "not_assessed")
    assert {key: str(status) for key, status in found.items()} == want
    listed = {(one.id, str(one.state)) for one in result.exemptions}
    state = {"exempt": "applied", "not_assessed": "unread"}
    some = {(key, state[status]) for key, status in want.items() if status in state}
    assert listed == (some or {(subject, "unknown")})
    whole = [p.params["count"] for p in result.problems if p.code is P.EXEMPTION_WHOLE]
    assert whole == ([len(perhaps.split())] if perhaps else [])
    lost = [p.value for p in result.problems if p.code is P.REFERENCE_UNKNOWN]
    assert lost == ([] if some else [subject])


@pytest.mark.parametrize(
    ("more", "row", "state", "said"),
    [
        ("审批状态", "R1,CX-06,无地,1号,待批", "not_held", "审批状态：待批"),
        ("是否有效", "R1,全部,无地,1号,否", "not_held", "是否有效：否"),
        ("备注", "R1,CX-06,无地,1号,已失效", "unread", "备注：已失效"),
        ("有效期至", "R1,CX-06,无地,1号,2024-12-31", "expired", ""),
        ("有效期至", "R1,CX-06,无地,1号,2026-12-31", "applied", ""),
    ],
)
def test_one_that_does_not_hold_is_listed_with_why(judged, more, row, state, said):
    result = judged(row, head=f"{HEAD},{more}")
    (one,) = result.exemptions
    assert (one.id, one.clause, str(one.state), one.said) == ("R1", row.split(",")[1], state, said)
    if state == "not_held":
        assert statuses(result) == BARE


@pytest.mark.parametrize(
    ("until", "open_end", "told"),
    [("待定", True, "认不出"), ("", False, "未设期限"), ("2099-12-31", False, "2099-12-31")],
)
def test_an_end_that_cannot_be_read_is_not_told_as_none(judged, tmp_path, until, open_end, told):
    """The list of exemptions on page and workbook says which it is, as the state beside it does."""
    result = judged(f"R1,CX-03,无地,1号,{until}", head=f"{HEAD},有效期至")
    (one,) = result.exemptions
    assert (one.until is None, one.open_end) == (until in {"", "待定"}, open_end)
    page = write_report(result, tmp_path / "report.html").read_text(encoding="utf-8")
    row = next(line for line in page.splitlines() if "<td>1号</td>" in line)
    assert told in row
    assert ("未设期限" in row) is (until == "")
    sheet = basis_rows(result, Wording.of(result, "workbook"))[1]
    basis = [row for row in sheet if "无地" in str(row)]
    assert told in str(basis)
