"""Areas of which it is open whether a clause asks them at all, and the end of an exemption.

200 households ask for 200 x 15 / 100 = 30 m².
"""

from __future__ import annotations

import pytest
from tests.two_ledgers import WITH_EXEMPTIONS, written

import lifecircle as lc
from lifecircle.model.dictionary import columns
from lifecircle.outputs.words.wording import Wording

pytestmark = pytest.mark.judged_alone("CX-03", "CX-07")


@pytest.fixture
def judged(tmp_path):
    """Return a function that judges one estate with a room: of what setting, exempt until when."""

    def judge(m2, setting, until, header="有效期至"):
        area = f"R1,甲苑,200,已建成,{setting},入住,500050,3850050"
        room = f"F1,甲站,社区养老服务站,500050,3850050,运营,{m2},R1"
        exempt = f"R1,CX-03,改造,会议纪要,{until}" if until else ""
        written(
            tmp_path,
            WITH_EXEMPTIONS.replace("2025-12-31", "2024-06-30"),
            r=f"编号,小区名称,户数,类别,城乡,阶段,X,Y\n{area}",
            f=f"编号,设施名称,设施类型,X,Y,状态,建筑面积,服务小区\n{room}",
            e=f"编号,条款,理由,依据,{header}\n{exempt}",
        )
        result = lc.assess(lc.read_study(tmp_path / "study.toml"))
        rows = result.findings.set_index("clause")
        return {name: (rows.at[name, "status"], rows.at[name, "reason"]) for name in QUOTAS}

    return judge


QUOTAS = ("CX-03", "CX-07")
UNREAD, UNSET = "有效期认不出", "城乡属性没有填"


@pytest.mark.parametrize(
    ("m2", "setting", "until", "statuses", "doubt"),
    [
        # the clause itself is open; the rate over it has it as met, if it is asked, and says so
        (40, "城镇", "改造完成后", ("not_assessed", "compliant"), UNREAD),
        (40, "", "", ("not_assessed", "compliant"), UNSET),
        (20, "城镇", "改造完成后", ("not_assessed", "not_assessed"), UNREAD),
        (20, "", "", ("not_assessed", "not_assessed"), UNSET),
        (40, "城镇", "", ("compliant", "compliant"), None),
        (40, "城镇", "2030-12-31", ("exempt", "exempt"), None),
    ],
)
def test_what_is_met_if_it_is_asked_says_why_it_may_not_be(
    judged, m2, setting, until, statuses, doubt
):
    found = judged(m2, setting, until)
    assert tuple(str(found[name][0]) for name in QUOTAS) == statuses
    for _, reason in found.values():
        told = Wording("zh").reason(reason)
        assert all((word in told) is (word == doubt) for word in (UNREAD, UNSET))
    if statuses[1] == "compliant":
        assert "应配 30 m²，已配 40 m²" in Wording("zh").reason(found["CX-07"][1])


@pytest.mark.one_in(9)
@pytest.mark.parametrize("header", columns("exemptions")["until"].aliases)
def test_an_exemption_that_ended_lets_nobody_off_whatever_its_end_is_headed(judged, header):
    for until, status in (("2023-12-31", "deficient"), ("2024-06-30", "exempt")):
        assert {str(told[0]) for told in judged(20, "城镇", until, header).values()} == {status}


@pytest.mark.parametrize("header", ["截止日期", "到期日", "终止时间", "豁免期限", "失效日期"])
def test_the_end_of_an_exemption_is_known_by_the_words_of_ledgers(header):
    assert header in columns("exemptions")["until"].aliases
