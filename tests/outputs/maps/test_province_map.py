"""The map of a province: every county and town by its own figure, what failed with its reason."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
from shapely import box

from lifecircle.model.finding import Rate
from lifecircle.model.results.county_run import CountyRun, RunState
from lifecircle.model.results.province import (
    CountyClause,
    Province,
    ProvinceArea,
    ProvinceClause,
    ProvinceCounty,
)
from lifecircle.model.status import Status
from lifecircle.outputs.province.drawing import draw_province, province_data
from lifecircle.outputs.province.folder import withdraw_province, write_province
from lifecircle.outputs.province.parquet import province_frame
from lifecircle.outputs.words.wording import Wording

WEST = box(116.2, 35, 116.4, 35.2)
EVIL = "</script><svg onload=alert(1)>{{ 7 * 7 }}"


def rate(met, of, scope="county", open_=0):
    share = met / of if of else None
    return Rate("areas", scope, met, of, open_, share, share, share, float(open_))


@pytest.fixture(scope="module")
def province():
    """Two counties, one of two towns, and one that failed; a clause with rates, one without."""
    day = dt.date(2024, 6, 30)
    counties = tuple(
        ProvinceCounty(
            name=name,
            study=name,
            county=code,
            as_of=day,
            stage="now",
            standards=("x",),
            scenario=None,
            headline="X-01",
            partial=False,
            banners=("foreign_standard",),
        )
        for name, code in (("甲县", "370827"), (EVIL, "370828"))
    )
    about = {
        "standard": "x",
        "measure": "m",
        "subject": "residential",
        "reading": {},
        "scenario": None,
    }
    own = (rate(9, 12, open_=1), rate(0, 3))
    by_rate = ProvinceClause(
        id="X-01",
        title={"zh": "达标率", "en": "Share"},
        comparison=">=",
        target=100.0,
        unit="%",
        basis="areas",
        rates=(rate(9, 15, "province", 1),),
        counts={"deficient": 2},
        counties=tuple(
            CountyClause(c.name, Status.DEFICIENT, None, None, None, (r,))
            for c, r in zip(counties, own, strict=True)
        ),
        **about,
    )
    by_word = replace(
        by_rate,
        id="X-02",
        basis=None,
        rates=(),
        counties=(CountyClause("甲县", Status.COMPLIANT, 3.0, 3.0, 3.0, ()),),
    )
    areas = (
        ProvinceArea("甲县", None, "甲县", box(116, 35, 116.4, 35.2), "done"),
        ProvinceArea("甲县", "370827001", "东街道", box(116, 35, 116.2, 35.2), "done"),
        ProvinceArea("甲县", "370827100", "西镇", WEST, "done", approximate=True),
        ProvinceArea(EVIL, None, EVIL, box(116.4, 35, 116.6, 35.2), "done"),
        ProvinceArea("丙县", None, "丙县", None, "failed", (f"设施.csv {EVIL}",)),
    )
    towns = {("甲县", "370827001"): rate(8, 8, "370827001"), ("甲县", "370827100"): rate(1, 4)}
    return Province(
        counties=counties,
        others=(CountyRun("丙县", RunState.FAILED, reason="study", lines=(f"设施.csv {EVIL}",)),),
        clauses=(by_word, by_rate),
        standard_titles={"x": {"zh": "某文件", "en": "Document"}},
        ranked=("x", "X-01"),
        areas=areas,
        unit_rates=({}, towns),
    )


def test_a_rate_outside_its_own_range_is_told_and_coloured_by_the_range(province):
    """51 of 53 decided, 7 open: 85 to 95 % of the 60, never 96.2 %."""
    ranged = replace(rate(51, 53, open_=7), low=51 / 60, high=57 / 60)
    by_rate = province.clauses[1]
    own = (replace(by_rate.counties[0], rates=(ranged,)), *by_rate.counties[1:])
    clauses = (province.clauses[0], replace(by_rate, counties=own))
    clause = province_data(replace(province, clauses=clauses), Wording("zh", "batch"))["clauses"][1]
    assert clause["told"].values[0].startswith("85.0–95.0 % (51 / 53)")
    assert clause["share"].values[0] == pytest.approx(95.0)


def test_every_area_has_its_own_rate(province):
    data = province_data(province, Wording("zh", "batch"))
    assert data["first"] == 1  # what the counties are ranked by
    clause = data["clauses"][1]
    shares = clause["share"].values.tolist()
    # 9/12, 8/8, 1/4, 0/3 by hand; the failed county has none
    assert shares[:4] == [75.0, 100.0, 25.0, 0.0]
    assert np.isnan(shares[4])
    assert clause["told"].values[0] == "75.0 % (9 / 12) 待核实 1"
    assert clause["told"].values[4] is None
    assert clause["sum"] == ["60.0 %", "(9 / 15)", "待核实 1"]
    assert data["areas"]["town"].values.tolist() == [0, 1, 1, 0, 0]


def test_a_clause_without_rates_is_drawn_by_its_verdict(province):
    clause = province_data(province, Wording("zh", "batch"))["clauses"][0]
    assert np.isnan(clause["share"].values).all()
    assert clause["status"].values == ["compliant", None, None, None, None]
    assert clause["words"] == {"compliant": "达标"}
    assert clause["sum"] is None


def test_what_failed_is_told_with_its_reason(province):
    data = province_data(province, Wording("zh", "batch"))
    assert data["failed"] == [["丙县", "未完成", f"设施.csv {EVIL}"]]
    assert data["areas"]["failed"].values.tolist() == [0, 0, 0, 0, 1]
    assert data["areas"]["why"][4] == ["未完成", f"设施.csv {EVIL}"]
    assert data["areas"]["why"][2] == ["没有边界数据，按居住区范围示意"]
    assert data["areas"]["why"][0] is None
    assert "1" in data["banners"][0]
    assert data["banners"][1] == "套用外县标准，仅供参考"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_is_whole_the_same_and_harmless(province, tmp_path, language):
    one = draw_province(province, tmp_path / "a.html", language).read_bytes()
    other = draw_province(province, tmp_path / "b.html", language).read_bytes()
    assert one == other
    assert EVIL.encode() not in one


def test_without_any_shape_there_is_a_page(province, tmp_path):
    bare = replace(province, areas=(), clauses=(), unit_rates=(), ranked=None)
    assert province_data(bare, Wording("zh", "batch"))["bounds"] is None
    assert draw_province(bare, tmp_path / "a.html").is_file()


def test_the_table_has_a_row_an_area_and_clause(province):
    frame = province_frame(province)
    told = frame[["name", "clause", "rate", "status"]].astype(object)
    told = told.where(told.notna(), None)
    assert told.to_numpy().tolist() == [
        ["甲县", "X-02", None, "compliant"],
        ["甲县", "X-01", 0.75, "deficient"],
        ["东街道", "X-01", 1.0, None],
        ["西镇", "X-01", 0.25, None],
        [EVIL, "X-01", 0.0, "deficient"],
        ["丙县", None, None, None],
    ]
    assert frame.crs == "EPSG:4326"


def test_all_files_of_a_province_stand_together(province, tmp_path):
    pytest.importorskip("pyarrow")
    written = write_province(province, tmp_path, "zh")
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in written.values()}
    back = gpd.read_parquet(written["parquet"])
    assert back.loc[back["name"] == "东街道", "numerator"].tolist() == [8.0]
    assert back.geometry.iloc[0].equals(box(116, 35, 116.4, 35.2))
    assert set(written) == {"workbook", "map", "parquet", "json"}
    assert "areas" not in json.loads(written["json"].read_text("utf-8"))


def test_what_is_withdrawn_leaves_nothing_behind(province, tmp_path):
    write_province(province, tmp_path, "zh")
    withdraw_province(tmp_path)
    assert not list(tmp_path.iterdir())
    withdraw_province(tmp_path / "nothing")


def test_the_page_opens_and_goes_to_the_towns(chromium, province, tmp_path):
    page = chromium.new_page(viewport={"width": 1200, "height": 800})
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda one: faults.append(one.url) if one.url.startswith("http") else None)
    page.goto(draw_province(province, tmp_path / "province.html").as_uri())
    assert page.locator("#lc-search").get_attribute("placeholder") == "搜索县区、镇街"
    rows = page.locator("#lc-summary tbody tr")
    assert rows.all_inner_texts()[1].split("\t") == ["甲县", "75.0 % (9 / 12) 待核实 1"]
    assert "丙县" in page.locator("#lc-failed").inner_text()
    page.select_option("#lc-level", "town")
    assert [text.split("\t")[0] for text in rows.all_inner_texts()] == ["甲县 西镇", "甲县 东街道"]
    rows.locator("button").first.click()
    assert "按居住区范围示意" in page.locator(".lc-popup").inner_text()
    link = page.locator(".lc-popup a").get_attribute("href")
    assert link == "../%E7%94%B2%E5%8E%BF/map.html"
    page.select_option("#lc-clause", "0")
    page.select_option("#lc-level", "county")
    assert rows.all_inner_texts()[0].split("\t") == ["甲县", "达标"]
    page.close()
    assert not faults
