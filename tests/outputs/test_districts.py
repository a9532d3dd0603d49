"""Hosts of service districts in the report and the workbook."""

from __future__ import annotations

import dataclasses
import re

import openpyxl
import pytest

from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.results.assessment import HostJourney
from lifecircle.model.status import Status
from lifecircle.outputs.report.districts import host_cards
from lifecircle.outputs.report.page.document import render_report
from lifecircle.outputs.report.workbook.book import write_workbook
from lifecircle.outputs.words.wording import Wording

LINE = HostJourney(
    standard="weishan-2023",
    clause="WS-20",
    district="南部片区",
    unit="370826111",
    host=None,
    host_name="韩庄镇<敬老院>",
    status=Status.COMPLIANT,
    start="villages",
    starts=3,
    straight_m=4000.0,
    straight_far_m=9000.0,
    walk_min=80.0,
    walk_far_min=None,
    walk_unknown=Reason(ReasonCode.ISLAND_WITHOUT_FERRY),
    drive_min=20.0,
    drive_far_min=35.0,
    drive_ferry=True,
    nearest="F1",
    nearest_m=500.0,
)


def test_the_report_tells_the_journey_and_why_there_is_none(sample):
    html = render_report(dataclasses.replace(sample, hosts=(LINE,)))
    assert "韩庄镇&lt;敬老院&gt;" in html
    for words in ("村居 3 处", "4,000–9,000 米", "20–35 分钟", "超过 1 小时"):
        assert words in html
    assert "驾车途中乘轮渡；步行待核实：与依托机构隔水，数据中没有轮渡，请补轮渡航线" in html
    assert "片区依托机构与最近机构" not in render_report(sample)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_district_and_its_host_stand_once_above_its_units(sample, language):
    units = [dataclasses.replace(LINE, unit=f"37082611{n}") for n in range(3)]
    other = dataclasses.replace(LINE, unit="370826107", district="微北片区")
    html = render_report(dataclasses.replace(sample, language=language, hosts=(*units, other)))
    (table,) = re.findall(
        r'<table class="fixed">(?:(?!</table>).)*class="divider head".*?</table>', html, re.DOTALL
    )
    assert (table.count('class="divider head"'), table.count("<tr><td")) == (2, 4)
    assert table.count("韩庄镇&lt;敬老院&gt;") == 2
    assert table.count("<col ") == table.count("<th") - table.count("<thead") == 8
    assert "#units table.fixed td.name { white-space: normal; }" in html  # else it runs over units
    # a sum of shares over 100 would push the last column out of the page
    assert sum(map(int, re.findall(r"width:(\d+)%", table))) == 100


@pytest.mark.parametrize(
    ("near", "far", "told"),
    [
        (40.0, 60.0, "40–60 分钟"),
        (60.0, 90.0, "60–90 分钟"),
        (60.1, 90.0, None),
        (460.7, None, None),
    ],
)
def test_a_walk_of_more_than_an_hour_is_said_to_be_that(sample, near, far, told):
    line = dataclasses.replace(LINE, walk_min=near, walk_far_min=far, walk_unknown=None)
    (card,) = host_cards(dataclasses.replace(sample, hosts=(line,)), Wording.of(sample, "report"))
    assert card["walk"] == (told or "超过 1 小时")


def test_the_workbook_has_a_sheet_of_hosts_where_there_are_any(sample, tmp_path):
    path = write_workbook(dataclasses.replace(sample, hosts=(LINE,)), tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(path)["片区依托机构"]
    row = dict(zip(*([c.value for c in r] for r in sheet.iter_rows(max_row=2)), strict=True))
    assert (row["依托机构"], row["结论"], row["起点"]) == ("韩庄镇<敬老院>", "达标", "村居 3 处")
    other = write_workbook(sample, tmp_path / "b.xlsx")
    assert "片区依托机构" not in openpyxl.load_workbook(other).sheetnames


def test_a_host_has_the_document_s_name_where_the_ledger_has_another(sample):
    words = Wording.of(sample, "report")
    name = words.name("F1", "facilities")
    assert words.host(None, "韩庄镇敬老院") == "韩庄镇敬老院"  # nobody in the ledger
    assert words.host("F1", name[:3]) == name  # the same name, shorter
    assert words.host("F1", "韩庄镇敬老院") == f"{name}（文件称“韩庄镇敬老院”）"
