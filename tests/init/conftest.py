"""A county officer who fills in the template: every unit has everything, every paper is there."""

from __future__ import annotations

import datetime as dt

import openpyxl
import pytest

from lifecircle.model.dictionary import columns
from lifecircle.outputs.template.columns import header_of, worksheet_name
from lifecircle.outputs.template.files import write_template
from lifecircle.outputs.words.wording import Wording
from lifecircle.standards import read_standard, template_of

DAY = dt.date(2025, 12, 31)
HOSTS = {"370826101": "韩庄镇敬老院", "370826001": "夏镇街道敬老院"}
HOSTS |= {"370826104": "鲁桥镇敬老院", "370826109": "赵庙镇敬老院"}
LOCAL = 2
"""Communities and villages of the list that are kept, of each."""
CENTRE = "镇街综合养老服务中心、敬老院、老年大学、老年教育学习点、康复辅助器具租赁点、老年活动中心"
STATIONS = "日间照料中心、社区养老服务站、助老食堂"
YES = {c.name: "是" for c in columns("facilities").values() if c.type == "bool"} | {
    "illustrative": None
}
DAYTIME = {"full_care": "否"}
"""Rooms of a community are no institution (A16)."""
STAGES = ("planned_on", "built_on", "accepted_on", "delivered_on")


class Officer:
    """Writes rows into the workbook of a template, by the names of the columns."""

    def __init__(self, standard, folder, language="zh"):
        self.template = template_of(standard, DAY, language=language)
        self.study, self.path = write_template(self.template, folder)
        self.book = openpyxl.load_workbook(self.path)
        self.language = language

    def sheet(self, layer):
        return self.book[worksheet_name(layer, Wording(self.language, "init"))]

    def at(self, layer, column):
        header = header_of(columns(layer)[column], self.language)
        return next((c.column for c in self.sheet(layer)[1] if c.value == header), None)

    def add(self, layer, **row):
        sheet = self.sheet(layer)
        number = sheet.max_row + 1
        while number > 3 and all(c.value is None for c in sheet[number - 1]):
            number -= 1
        for name, value in row.items():
            column = self.at(layer, name)
            if column is not None:  # the template leaves out what no clause asks
                sheet.cell(number, column).value = value

    def keep_few_communities(self):
        """Keep the streets and towns, and a few communities and villages."""
        sheet, kept, seen = self.sheet("units"), [], {"community": 0, "village": 0}
        for row in sheet.iter_rows(min_row=3, values_only=True):
            code = str(row[0] or "")
            if len(code) == 9:
                kept.append(row)
            elif len(code) == 12:
                kind = "community" if int(code[9:]) < 200 else "village"
                if seen[kind] < LOCAL:
                    seen[kind] += 1
                    kept.append(row)
        sheet.delete_rows(3, sheet.max_row)
        for number, row in enumerate(kept, start=3):
            for column, value in enumerate(row, start=1):
                sheet.cell(number, column).value = value
        people = {"tekun": 10, "elders": 90, "population": 300}
        for number, row in enumerate(kept, start=3):
            for name, value in people.items() if len(row[0]) == 9 else ():
                sheet.cell(number, self.at("units", name)).value = value
        said = "[layers.units]\ncomplete = true\n"
        text = self.study.read_text(encoding="utf-8").replace("[layers.units]\n", said)
        self.study.write_text(text, encoding="utf-8")
        return [row[0] for row in kept]

    def fill(self):
        """Fill in a county in which nothing is missing."""
        codes = self.keep_few_communities()
        towns = [c for c in codes if len(c) == 9]
        local = [c for c in codes if len(c) == 12]
        urban = [c for c in local if int(c[9:]) < 200]
        for n, town in enumerate(towns):
            host = HOSTS.get(town)
            kinds = f"区域性养老服务中心、{CENTRE}"
            name = host or f"{town}敬老院"
            spot = {"lon": 116.30012 + 0.02 * n, "lat": 35.07012}
            beds = {"beds": 200, "nursing_beds": 200, "public_beds": 200, "star": 3}
            place = {"id": f"T{town}", "name": name, "kinds": kinds, "unit": town, "stage": "运营"}
            self.add("facilities", **{**YES, **place, **spot, **beds})
        for n, code in enumerate(local):
            kinds = STATIONS if code in urban else "农村幸福院"
            spot = {"lon": 116.30012 + 0.001 * n, "lat": 35.10012}
            place = {"id": f"L{code}", "name": code, "kinds": kinds, "unit": code[:9]}
            place |= {"community": code, "stage": "运营", "floor_area_m2": 600}
            self.add("facilities", **{**YES, **DAYTIME, **place, **spot})
        first = {"unit": towns[0], "stage": "运营", "lon": 116.30012, "lat": 35.08012}
        more = {"beds": 400, "nursing_beds": 400, "public_beds": 400, "star": 3}
        self.add(
            "facilities",
            **{
                **YES,
                "id": "K",
                "name": "县中心",
                "kinds": "县级综合养老服务中心",
                **first,
                **more,
            },
        )
        self.add(
            "facilities",
            **{**YES, "id": "B", "name": "家庭床位", "kinds": "家庭养老床位", **first},
            family_beds=1000,
            opened_year=2023,
        )
        self.add(
            "facilities",
            # the one institution without a clinic: WS-18 is about it, and it has its contract
            **{**YES, "id": "N", "name": "某养老院", "kinds": "养老机构", **first, **more}
            | {"has_clinic": "否"},
        )
        stages = [*STAGES, *(f"care_{stage}" for stage in STAGES)]
        both = dict.fromkeys(stages, "2024-01-01")
        joined = {"civil_affairs_review": "是", "civil_affairs_acceptance": "是"}
        self.add(
            "facilities",
            **{**YES, "id": "W", "name": "卫生院", "kinds": "乡镇卫生院", **first},
        )
        years = {"已建成": 2010, "新建": 2024, "老旧": 1999}
        for n, (key, age) in enumerate((("R1", "已建成"), ("R2", "新建"), ("R3", "老旧"))):
            spot = {"lon": 116.20012 + 0.03 * n, "lat": 35.20012}
            row = {"id": key, "name": f"{key}苑", "unit": urban[0][:9], "community": urban[0]}
            row |= {"households": 100, "households_planned": 100, "population": 300}
            row |= {"population_planned": 300, "elders": 90}
            row |= {"built_year": years[age], "renovated": "是"}
            row |= {"age_class": age, "setting": "城镇", "stage": "入住", **spot, **both, **joined}
            self.add("residential", **row)
            room = {
                "id": f"O{key}",
                "name": f"{key}室",
                "kinds": "日间照料中心",
                "floor_area_m2": 300,
            }
            room |= {"unit": urban[0][:9], "community": urban[0], "stage": "运营", "tenure": "移交"}
            self.add("facilities", **{**YES, **DAYTIME, **room, **spot})
        self.type_figures()
        self.answer_evidence()
        self.book.save(self.path)

    def type_figures(self):
        """Type every figure: 100 of 100, 5 in 1000, or 1000 of what is counted."""
        units = {
            name: clause.unit
            for clause in read_standard(self.template.standard).clauses.values()
            for name in getattr(clause.options, "indicators", ())
        }
        figures = {"%": (100, 100), "/1000p": (5, 1000)}
        sheet = self.sheet("indicators")
        for row in range(3, sheet.max_row + 1):
            name = sheet.cell(row, 1).value
            if name in units:
                top, bottom = figures.get(units[name], (1000, None))
                for column, value in (
                    ("numerator", top),
                    ("denominator", bottom),
                    ("source", "年报"),
                ):
                    sheet.cell(row, self.at("indicators", column)).value = value

    def answer_evidence(self):
        sheet = self.sheet("evidence")
        for row in range(3, sheet.max_row + 1):
            if sheet.cell(row, 1).value and "（" not in sheet.cell(row, 2).value:
                accident = sheet.cell(row, 1).value == "5.3b"
                sheet.cell(row, self.at("evidence", "value")).value = "否" if accident else "是"
                sheet.cell(row, self.at("evidence", "title")).value = "某文件"


@pytest.fixture
def officer(tmp_path):
    """Start a study from nothing."""
    return lambda standard, language="zh": Officer(standard, tmp_path / "县", language)


@pytest.fixture(scope="session")
def officer_of():
    """Return a function: standard and folder → a study started there."""
    return Officer
