"""JX-29: existing and old areas by their share of older people, in the page and the workbook."""

from __future__ import annotations

import datetime as dt
import re

import openpyxl

import lifecircle as lc
from lifecircle.outputs.report.page.document import render_report
from lifecircle.outputs.report.workbook.book import write_workbook

AREAS = {
    "R1": (0, {"elders": 90, "population": 300}),  # 30 %
    "R2": (2000, {"elders": 120, "population": 300}),  # 40 %
    "R3": (4000, {"elders": 5, "population": None}),
    "R4": (6000, {"elders": 200, "population": 250, "age_class": "new"}),  # not asked about
}


def test_areas_are_ranked_and_nobody_fails(town, make_layer, tmp_path):
    shared = {"age_class": "old", "setting": "urban", "stage": "in_use", "households": 100}
    study = town(
        standards=("jinxiang-2023",),
        as_of=dt.date(2024, 6, 30),
        residential=make_layer("residential", AREAS, **shared),
    )
    found = lc.assess(study)
    result = found.clause("JX-29")
    assert str(result.status) == "reported"
    said = result.said.params
    assert (said["areas"], said["count"]) == (["R2", "R1"], 2)
    assert said["notes"] == [{"code": "ranked_without", "params": {"count": 1}}]
    page = render_report(found)
    # where a figure would stand there are words
    assert "2 个居住区已排序，最高的是 R2、R1；另有 1 个缺数据" in page.split('id="summary"')[1]
    card = page.split('id="c-jinxiang-2023-JX-29"')[1].split("</article>")[0]
    listed = re.findall(r'<td class="name">(R\d)</td><td class="n">([\d.]+ %)', card)
    assert listed == [("R2", "40.0 %"), ("R1", "30.0 %")]
    book = openpyxl.load_workbook(write_workbook(found, tmp_path / "report.xlsx"))
    rows = list(book["排序"].iter_rows(min_row=2, max_col=6, values_only=True))
    assert [(row[0], row[1], row[2], row[5]) for row in rows] == [
        ("JX-29", 1, "R2", 40.0),
        ("JX-29", 2, "R1", 30.0),
    ]


def test_where_nobody_has_the_figure_nobody_is_named_the_first(town, make_layer):
    rows = {"R1": (0, {}), "R2": (2000, {})}
    shared = {"age_class": "old", "setting": "urban", "stage": "in_use", "households": 100}
    found = lc.assess(
        town(
            standards=("jinxiang-2023",),
            as_of=dt.date(2024, 6, 30),
            residential=make_layer("residential", rows, **shared),
        )
    )
    said = found.clause("JX-29").said
    assert (str(said.code), said.params) == ("ranked_none", {"missing": 2})
