"""A figure that nobody has held against its source is marked wherever a verdict rests on it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
import re
import sqlite3

import openpyxl
import pandas as pd
import pytest

import lifecircle as lc
from lifecircle.model.status import Flag, Status
from lifecircle.outputs.maps.draw import map_data
from lifecircle.outputs.report.page.document import render_report
from lifecircle.outputs.report.rectification import rectification_rows
from lifecircle.outputs.report.workbook.book import write_workbook
from lifecircle.outputs.report.workbook.worksheets import clause_rows
from lifecircle.outputs.saved.assessment_json import document
from lifecircle.outputs.saved.geopackage import write_geopackage
from lifecircle.outputs.words.showing import documents_of
from lifecircle.outputs.words.wording import Wording

LAW = "山东省城镇居住区社区养老服务设施规划、建设、移交和使用管理办法（2022年）"


@pytest.mark.parametrize(
    ("standard", "clause", "rests"),
    [
        # no figure of their own: on the province's 15 and 20 m² a hundred, known from reprints
        ("pingyin-2022", "PY-24", True),
        ("pingyin-2022", "PY-33", True),
        ("weishan-2023", "WS-30", True),
        # the county's own words and figures
        ("caoxian-2023", "CX-07", False),
        ("jinxiang-2023", "JX-07", False),
    ],
)
def test_a_rate_on_unverified_figures_says_so_on_every_output(
    make_layer, town, tmp_path, standard, clause, rests
):
    # 600 households, 1,680 people: at most 200 m² in one place (30 a hundred are 180, 100 a
    # thousand people 168); 250 stand at each
    home = {"households": 600, "households_planned": 600, "population_planned": 1680}
    classes = {"E": "existing", "O": "old", "N": "new"}
    homes = {
        name: (3000 * n, {**home, "age_class": classes[name]}) for n, name in enumerate(classes)
    }
    room = {"kinds": frozenset({"community_station"}), "floor_area_m2": 250}
    rooms = {f"F{name}": (3000 * n, room) for n, name in enumerate(classes)}
    study = town(
        standards=(standard,),
        residential=make_layer("residential", homes, setting="urban", stage="in_use"),
        facilities=make_layer("facilities", rooms, stage="in_use"),
        sharing=pd.DataFrame(
            [(f"F{name}", name, math.nan) for name in classes],
            columns=["facility", "residential", "m2"],
        ),
        as_of=dt.date(2024, 6, 30),
        language="zh",
    )
    result = lc.assess(study)
    told = result.clause(clause)
    assert told.status == "compliant"
    assert (Flag.UNVERIFIED in told.flags) is rests
    words = "数据来源未核实"
    assert (words in render_report(result)) is rests
    assert (words in repr(map_data(result))) is rests
    saved = {c["id"]: c["flags"] for c in document(result)["clauses"]}
    assert ("unverified" in saved[clause]) is rests
    book = openpyxl.load_workbook(write_workbook(result, tmp_path / "a.xlsx"))
    cells = (str(c.value) for sheet in book for row in sheet.iter_rows() for c in row)
    assert any(words in cell for cell in cells) is rests
    # what QGIS shows of the layers: the headline's marks
    with sqlite3.connect(write_geopackage(result, tmp_path / "a.gpkg")) as base:
        about = {row[0] for row in base.execute("select description from gpkg_contents")}
    assert any(words in one for one in about) is rests


@pytest.mark.parametrize(
    ("standard", "asked", "note"),
    [
        # 500 households: 20 m² a hundred, which nobody has held against their source
        ("weishan-2023", 100, "所依据的 SD-01 标有：数据来源未核实"),
        ("caoxian-2023", 100, None),  # CX-01's own 20
        # 1,400 people, 100 m² a thousand, of a plan that ended in 2025
        ("pingyin-2022", 140, "所依据的 PY-31 标有：期满"),
    ],
)
def test_a_town_is_told_on_whose_figures_it_is_to_build(make_layer, town, standard, asked, note):
    home = {"households": 500, "households_planned": 500, "age_class": "new"}
    home |= {"population_planned": 1400}
    study = town(
        standards=(standard,),
        residential=make_layer("residential", {"N": (0, home)}, setting="urban", stage="in_use"),
        facilities=make_layer(
            "facilities",
            {"F": (9000, {"kinds": frozenset({"community_station"}), "floor_area_m2": 80})},
            stage="in_use",
        ),
        as_of=dt.date(2026, 6, 30),
        language="zh",
    )
    result = lc.assess(study)
    # whose quota it is stands where the clause is told, and at the head
    page = re.sub(r"<[^>]+>|\s+", " ", render_report(result))
    head, _, _ = page[page.index("评估依据") :].partition("评价日期")
    if note is None:
        assert "未核" not in head
    elif "SD-01" in note:
        assert f"{LAW}（数值来源未核实）" in head
        nobody = {"status": Status.NOT_APPLICABLE}  # then nobody is judged by it
        clauses = tuple(dataclasses.replace(one, **nobody) for one in result.clauses)
        bare = dataclasses.replace(result, clauses=clauses)
        assert LAW not in str(documents_of(bare, Wording.of(bare)))
    if "SD-01" in {one.id for one in result.clauses}:
        source = f"《{LAW}》据2022年10月新闻报道转述，未核对原文"
        assert source in page
        assert source in repr(map_data(result))
        columns, rows = clause_rows(result, Wording.of(result))
        documents = {row[0]: row[-1] for row in rows}
        assert columns[-1].code == "standard"
        assert documents["SD-01"].endswith(f"；{LAW}（数值来源未核实）")
        assert LAW not in documents["WS-03" if "WS-03" in documents else "PY-31"]
    for card in page.split("本文件未对所列对象规定此项，仅作参考核查")[:-1]:
        # of a reference alone
        assert "参考" in card[-400:]
    _, rows = rectification_rows(result, Wording.of(result))
    (row,) = rows
    assert (row[6], row[8], row[-1]) == (asked, asked, note)
