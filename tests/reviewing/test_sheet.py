"""The sheet cites what the documents say, and nothing that they do not."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re

import docx
import pytest
from docx.oxml.ns import qn

import lifecircle as lc
from lifecircle.model.results.review import Verdict
from lifecircle.model.status import Flag
from lifecircle.outputs.opinion.rows import opinion_of
from lifecircle.outputs.saved.review_json import review_document

OWN = """
id = "own-plan"
title = {{ zh = "自拟五年规划", en = "A five-year plan" }}
issuer = "县"
number = "X〔2021〕1号"
county = "370828"
issued = 2021-01-01
compared_on = 2026-11-21
source = "自拟"
inherits = "shandong"
headline = "OP-01"
[clauses.OP-01]
title = {{ zh = "每千人面积", en = "Floor area per 1000 people" }}
section = "一"
quote = "每千人不少于100平方米"
category = "PR"
force = "不少于"
measure = "provision"
subject = "residential"
unit = "m2/1000p"
where = {{ age_class = ["new", "approved"], setting = ["urban"] }}
comparison = ">="
options = {{ sharing = "none" }}
readings = {{ A9 = "study_parameter" }}
official = "areas"
expires = 2025-12-31
[[clauses.OP-01.versions]]
valid_from = 2021-01-01
value = 100
references = [{{ title = "自拟五年规划", clause = "一" }}]
"""


def on(study, day):
    return dataclasses.replace(study, as_of=dt.date.fromisoformat(day))


def text_of(path):
    return "\n".join(t.text for t in docx.Document(path).element.body.iter(qn("w:t")) if t.text)


class TestAnEndedPlan:
    """Pingyin's plan ended on 2025-12-31 (A10)."""

    def judge(self, study, propose, day):
        path = propose([(130, "1")], plot='"规划人口" = 1680\n')
        return lc.review(on(study, day), lc.read_proposal(path, study))

    def test_it_is_marked_on_every_output(self, study_of, propose, row, tmp_path):
        review = self.judge(study_of("pingyin-2022"), propose, "2026-06-30")
        quota = row(review, "PY-31")
        assert Flag.EXPIRED in quota.flags
        assert "ended_plan" in review.banners
        assert "PY-31" in [m.subject for m in review.manual_checks if m.code == "ended"]
        files = lc.write_review(review, tmp_path)
        saved = json.loads(files["json"].read_text(encoding="utf-8"))
        assert "expired" in next(c for c in saved["clauses"] if c["id"] == "PY-31")["flags"]
        for told in (files["html"].read_text(encoding="utf-8"), text_of(files["docx"])):
            assert "期满" in told
            assert "所依据的规划期已满" in told

    @pytest.mark.parametrize(
        "case",
        [
            # 1680 × 100 / 1000 = 168 in its time; then the province's 600 × 20 / 100 = 120
            ("2025-12-31", 130, Verdict.AMEND),
            ("2026-06-30", 130, Verdict.AGREE),
            ("2026-06-30", 120, Verdict.AGREE),
            ("2026-06-30", 119, Verdict.AMEND),
        ],
    )
    def test_the_province_s_quota_stands_again_after_it(self, study_of, propose, row, case):
        day, m2, verdict = case
        study = study_of("pingyin-2022")
        path = propose([(m2, "1")], plot='"规划人口" = 1680\n')
        review = lc.review(on(study, day), lc.read_proposal(path, study))
        assert row(review, "PY-31").required == 168.0
        ended = day > "2025-12-31"
        assert row(review, "PY-31").decides is not ended
        assert ("SD-01" in {r.id for r in review.clauses}) is ended
        if ended:
            province = row(review, "SD-01")
            assert (province.required, province.decides) == (120.0, True)
            assert Flag.UNVERIFIED in province.flags
        assert review.verdict is verdict

    def test_on_its_last_day_it_holds(self, study_of, propose, row):
        review = self.judge(study_of("pingyin-2022"), propose, "2025-12-31")
        assert Flag.EXPIRED not in row(review, "PY-31").flags
        assert "ended_plan" not in review.banners
        # 1680 × 100 / 1000 = 168 > 130
        assert (row(review, "PY-31").required, review.verdict) == (168.0, Verdict.AMEND)

    @pytest.mark.parametrize(
        "case",
        [
            # in its time 168 m² are asked for; after it the province's 20 × 600 / 100 = 120
            ("2025-12-31", 130, Verdict.AMEND),
            ("2026-01-01", 130, Verdict.AGREE),
            ("2026-01-01", 120, Verdict.AGREE),
            ("2026-01-01", 119, Verdict.AMEND),
        ],
    )
    def test_then_the_provinces_rule_decides(self, study_of, propose, row, tmp_path, case):
        day, m2, verdict = case
        own = tmp_path / "own.toml"
        own.write_text(OWN.format(), encoding="utf-8")
        study = study_of("pingyin-2022")
        path = propose([(m2, "1")], plot='"规划人口" = 1680\n')
        proposal = lc.read_proposal(path, study)
        review = lc.review(on(study, day), proposal, standard=str(own))
        assert row(review, "OP-01").required == 168.0
        assert row(review, "SD-01").required == 120.0
        assert row(review, "OP-01").decides is (day == "2025-12-31")
        assert review.verdict is verdict
        told = opinion_of(review)
        assert ("扩大到 168" in "".join(told.conclusion.changes)) is (day == "2025-12-31")


class TestNothingInvented:
    """No days that no document has (B7), no limits that nobody asks for (C11)."""

    @pytest.mark.parametrize("standard", ["jinxiang-2023", "caoxian-2023", "weishan-2023"])
    def test_the_tolerance_is_a_footnote_under_no_clause(self, reviewed, standard):
        review = reviewed(standard, [(200, "1")])
        told = opinion_of(review)
        assert not re.search(r"\d+ ?天", "\n".join(told.conditions))
        assert any("同步" in line for line in told.conditions)
        (note,) = told.notes
        assert "90 天" in note
        assert "文件没有规定" in note
        assert not re.search(r"(JX|CX|WS)-\d", note)
        assert "days" not in json.dumps(review_document(review)["conditions"])

    @pytest.mark.parametrize("standard", ["jinxiang-2023", "caoxian-2023", "weishan-2023"])
    def test_no_reach_that_no_document_asks_for_is_beyond_anything(
        self, reviewed, standard, tmp_path
    ):
        review = reviewed(standard, [(200, "1")], at=(3500, 3000))
        told = opinion_of(review)
        assert {r.status for r in told.references} <= {"供参考", "待核实"}
        assert {r.required for r in told.references} == {"－"}
        titles = "".join(r.title for r in told.references)
        assert "食堂" not in titles
        assert "中心" not in titles
        assert "超出" not in text_of(lc.write_review(review, tmp_path)["docx"])

    def test_the_provinces_figure_is_cited_as_told_of(self, reviewed):
        told = opinion_of(reviewed("weishan-2023", [(120, "1")]))
        named = dict(told.wide)["审查依据"]
        assert named[0].startswith("《微山县")
        assert named[1].startswith("《山东省城镇居住区社区养老服务设施")
        assert "数值来源未核实" in named[1]
        first = told.clauses[0]
        assert first.id == "SD-01"
        assert first.quote.endswith("据2022年10月新闻报道转述，未核对原文")
        assert "数据来源未核实" in first.flags

    def test_the_countys_own_document_stands_alone(self, reviewed):
        assert len(dict(opinion_of(reviewed("jinxiang-2023", [(200, "1")])).wide)["审查依据"]) == 1


class TestOfficeLines:
    """受理编号 and 规划条件编号 have a cell; who signs sees the conclusion (C13)."""

    def test_the_numbers_have_a_cell_filled_or_not(self, reviewed):
        project = '"受理编号" = "受2024-17"\n"规划条件文号" = "金规条〔2024〕3号"\n'
        facts = dict(opinion_of(reviewed("jinxiang-2023", [(200, "1")], project=project)).facts)
        assert (facts["受理编号"], facts["规划条件编号"]) == ("受2024-17", "金规条〔2024〕3号")
        facts = dict(opinion_of(reviewed("jinxiang-2023", [(200, "1")])).facts)
        assert (facts["受理编号"], facts["规划条件编号"]) == ("未填", "未填")

    def test_conclusion_and_signatures_are_one_row_that_no_page_parts(self, reviewed, tmp_path):
        review = reviewed("jinxiang-2023", [(100, "1")])
        document = docx.Document(str(lc.write_review(review, tmp_path)["docx"]))
        (table,) = [t for t in document.tables if "■" in t.rows[0].cells[0].text]
        (one,) = table.rows
        assert one._tr.trPr.find(qn("w:cantSplit")) is not None
        (boxes,) = one.cells[0].tables
        assert [c.text.split("\n")[0] for c in boxes.rows[0].cells] == [
            "自然资源主管部门意见",
            "民政部门意见",
        ]
        assert "七、审查结论" in one.cells[0].text


@pytest.mark.parametrize(
    ("day", "m2", "verdict", "why"),
    [
        # Caoxian's document is of 30 June 2023, the province's 20 m² for 100 of 1 October 2022
        ("2022-09-30", 10, Verdict.AGREE, "评价日期时文件尚未生效"),
        ("2022-10-01", 119, Verdict.AMEND, "均可在本地块内改正"),
        ("2023-06-29", 120, Verdict.AGREE, "所列条款全部符合"),
        ("2023-06-30", 120, Verdict.AGREE, "所列条款全部符合"),
    ],
)
def test_before_a_documents_day_the_sheet_says_so(study_of, propose, day, m2, verdict, why):
    study = study_of("caoxian-2023")
    review = lc.review(on(study, day), lc.read_proposal(propose([(m2, "1")]), study))
    early = day < "2023-06-30"
    assert ("not_yet" in review.banners) is early
    told = opinion_of(review)
    assert (review.verdict, why in told.conclusion.why) == (verdict, True)
    asked = {c.id for c in review.clauses if c.decides and c.measure == "provision"}
    quota = "SD-01" if early else "CX-01"
    assert asked == ({quota} if day >= "2022-10-01" else set())
