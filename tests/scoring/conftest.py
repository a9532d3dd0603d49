"""A county that has everything the form asks for, so that a test can take one thing away."""

from __future__ import annotations

import geopandas as gpd
import openpyxl
import pytest
import shapely

from lifecircle.model.rules.form import PartKind
from lifecircle.standards import read_form

COUNTIES = {"caoxian": ("371721", "caoxian-2023"), "weishan": ("370826", "weishan-2023")}
HEADING = """
[study]
name = "{name}"
county = "{county}"
standard = "{standard}"
as_of = 2023-10-10
crs = "EPSG:4548"
language = "{language}"
[layers.residential]
path = "小区.gpkg"
[layers.facilities]
path = "台账.xlsx"
sheet = "设施"
crs = "EPSG:4548"
[layers.units]
path = "台账.xlsx"
sheet = "镇街"
complete = true
[layers.indicators]
path = "台账.xlsx"
sheet = "指标"
[layers.evidence]
path = "台账.xlsx"
sheet = "佐证材料"
"""
HOME = {
    "名称": "甲敬老院",
    "类型": "敬老院",
    "状态": "运营",
    "建筑面积": 2000,
    "床位数": 100,
    "护理型床位": 65,  # 65 %: the threshold itself
    "星级": 2,
    "registered": "是",
    "pass_safety": "是",
    "pass_quality": "是",
    "has_clinic": "是",
    "dementia_zone": "是",
    "X": 500_500,
    "Y": 3_850_500,
}
CENTRE = {
    "名称": "甲区域性养老服务中心",
    "类型": "区域性养老服务中心",
    "状态": "运营",
    "qualified": "是",
    "床位数": 0,
    "护理型床位": 0,
    "dementia_zone": "否",
    "X": 500_600,
    "Y": 3_850_500,
}
STATION = {
    "名称": "甲苑社区养老服务站",
    "类型": "社区养老服务站",
    "状态": "运营",
    "建筑面积": 60,
    "X": 500_050,
    "Y": 3_850_050,
}
INDICATORS = {
    "monthly_visits": (40, 40),
    "staff_training": (50, 50),
    "skill_certificates": (9, 10),  # 90 %: the threshold itself
}


def full_rows(form):
    """Return the evidence of a county that has everything: one row a paper."""
    rows = []
    for part in form.parts.values():
        row = {"条目编号": part.id, "材料名称": f"材料{part.id}", "文号": "X〔2023〕1号"}
        if part.kind in {PartKind.BOOL, PartKind.BOOL_AND}:
            rows.append({**row, "填报结果": "是"})
        elif part.kind is PartKind.VETO:
            rows.append({**row, "填报结果": "否"})
        elif part.kind is PartKind.CHOICE:
            rows.append({**row, "填报结果": part.options[0].words["zh"]})
        elif part.kind is PartKind.PER_ITEM:
            best = max(option.points for option in part.options)
            level = next(o.words["zh"] for o in part.options if o.points == best)
            count = int(part.points / best)
            works = [{**row, "工作名称": f"工作{n}", "填报结果": level} for n in range(count)]
            rows += works
        elif part.kind in {PartKind.TIERS, PartKind.GRADED, PartKind.JUDGED}:
            rows.append({**row, "自评得分": part.points, "说明": "按细则"})
    return rows


class FormCounty:
    """A study on disk; every table a list of rows that a test may change before ``finish``."""

    def __init__(self, folder, form, *, language="zh", name="手工县"):
        self.folder = folder
        self.county, self.standard = COUNTIES[form]
        self.language, self.name = language, name
        self.heading = HEADING
        town = f"{self.county}101"
        self.home = {**HOME, "所属镇街": town}
        self.facilities = [self.home, {**CENTRE, "所属镇街": town}, {**STATION, "所属镇街": town}]
        self.units = [{"代码": town, "名称": "甲镇"}]
        self.indicators = dict(INDICATORS)
        self.evidence = full_rows(read_form(form))
        self.extra = ""

    def finish(self):
        area = {"编号": ["R1"], "小区名称": ["甲苑"], "户数": [200], "类别": ["已建成"]}
        area |= {"城乡": ["城镇"], "阶段": ["入住"]}
        shape = shapely.box(500_000, 3_850_000, 500_100, 3_850_100)
        gpd.GeoDataFrame(area, geometry=[shape], crs="EPSG:4548").to_file(self.folder / "小区.gpkg")
        book = openpyxl.Workbook()
        book.remove(book.active)
        figures = [
            {"指标代码": k, "分子": top, "分母": bottom, "来源": "县民政局"}
            for k, (top, bottom) in self.indicators.items()
        ]
        tables = {"设施": self.facilities, "镇街": self.units, "指标": figures}
        for title, rows in (tables | {"佐证材料": self.evidence}).items():
            sheet = book.create_sheet(title)
            columns = list(dict.fromkeys(key for row in rows for key in row))
            sheet.append(columns)
            for row in rows:
                sheet.append([row.get(c) for c in columns])
            for cell in (c for row in sheet.iter_rows() for c in row):
                if cell.data_type == "f":  # text that looks like a formula
                    cell.data_type = "s"
        book.save(self.folder / "台账.xlsx")
        heading = self.heading
        if not self.evidence:
            heading = heading[: heading.index("[layers.evidence]")]
        said = {"county": self.county, "standard": self.standard}
        text = heading.format(name=self.name, language=self.language, **said) + self.extra
        (self.folder / "study.toml").write_text(text, encoding="utf-8")
        return self.folder / "study.toml"


@pytest.fixture
def form_county(tmp_path):
    def make(form, **changes):
        return FormCounty(tmp_path, form, **changes)

    return make
