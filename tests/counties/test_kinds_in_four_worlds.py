"""What rows say of themselves, an estate a kind, in four ways that a county's ledgers come.

Facilities in GCJ-02 beside areas in WGS 84; points in metres; half of the facilities' rows and of
the units; a sheet a town whose numbers begin anew, an old sheet hidden, facilities in an old book
and a CSV of GBK. Every estate of 500 households wants 75 m² (CX-03: 15 a 100) and a facility within
1000 m (CX-06); estates lie 4 km apart. What is expected was written down before it was run.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field

import numpy as np
import openpyxl
import pytest
import xlwt
from pyproj import Transformer
from tests.two_ledgers import STUDY, written

import lifecircle as lc
from lifecircle.intake.positions.datum import wgs84_to_gcj02
from lifecircle.model.gazetteer import code_list
from lifecircle.model.problem import ProblemCode as P

C, D, N, E = "compliant", "deficient", "not_assessed", "exempt"


@dataclass(frozen=True)
class Kind:
    """An estate with its facilities: the verdicts with them, and without their rows.

    Facilities and ``more`` estates are at metres east of it.
    """

    name: str
    expected: tuple[str, str]
    rooms: tuple[tuple[int, dict[str, object]], ...] = ()
    area: dict[str, object] = field(default_factory=dict)
    more: tuple[tuple[str, int, tuple[str, str]], ...] = ()
    exempt: tuple[str, str, str, str] | None = None
    bare: tuple[str, str] = (D, D)


def room(m2=75, east=0, **said):
    return east, {"建筑面积": m2, "设施类型": "日间照料中心", "状态": "运营"} | said


def one(**said):
    return (room(**said),)


KINDS = (
    Kind("春晓小区", (N, N), one(启用时间="待定")),  # in use, and not opened yet
    Kind("夏荷小区", (N, N), one(m2=10), {"交房时间": "待定"}, bare=(N, N)),
    Kind("秋实小区", (D, C), one(m2=10), {"状态": "", "交房时间": "预计2024年6月"}),
    Kind("冬青小区", (N, N), one(状态="", 启用时间="预计2024年6月")),
    Kind("金桂小区", (C, C), one(east=300, 服务小区="金桂小区", 启用时间="预计2024年6月")),
    Kind("银杏小区", (N, N), one(备注="可能停用")),
    Kind("白杨小区", (C, D), one(设施类型="原日间照料中心现助餐点")),  # m², and no reach (A16)
    Kind("红枫小区", (C, C), one(设施类型="日间照料中心（助老食堂已停用）")),
    Kind("翠竹小区", (N, C), one(east=10, 备注="服务青松小区"), more=(("青松小区", 600, (N, C)),)),
    Kind("海棠小区", (N, N), one(备注="预计2026年启用")),
    Kind("玉兰小区", (C, C), one(备注="原为村小学，已停用，2020年改造为日间照料中心")),
    Kind("牡丹小区", (N, N), one(备注="曾评为示范站，现闲置")),
    # listed twice: one estate whose m² are recorded, or two
    Kind("芍药小区", (N, C), one(east=500, 服务小区="芍药小区"), more=(("芍药小区", 0, (N, N)),)),
    Kind("月季小区", (D, D), one(状态="规划", 设施名称="月季站") * 2, {"户数": 1000}),
    Kind(
        "丁香小区",  # one house with two signboards, or 150 m²
        (N, C),
        (room(east=5, 设施名称="丁香照料中心"), room(east=5, 设施名称="丁香养老服务站")),
        {"户数": 1000},
    ),
    Kind("茉莉一期", (C, C), one(m2=150, east=200, 服务小区="茉莉一、二期"),
         more=(("茉莉二期", 400, (C, C)),)),
    Kind("石榴小区", (E, D), exempt=("", "石榴小区", "1号", ""), bare=(E, D)),
    Kind("枇杷小区", (N, D), exempt=("枇杷小区、北苑九号", "", "1号", ""), bare=(N, D)),
    Kind("樱桃小区", (D, D), exempt=("樱桃小区", "", "1号", "2024年底前")),
    Kind("核桃小区", (E, D), exempt=("核桃小区", "", "1号", "2025年底前"), bare=(E, D)),
    Kind("梅岭小区", (N, D), exempt=("梅岭小区", "", "", ""), bare=(N, D)),
    Kind("板栗小区", (C, C), one(m2="约75")),
    Kind("葡萄小区", (D, N), one(east=990)),  # 1050 by its gate 60 m west, if that is open
    Kind("柿子小区", (C, C), one(备注="服务柿子小区")),
    Kind("莲花小区", (C, C), one(停用日期="无")),
    Kind("杏林小区", (C, C), one(设施类型="日间照料中心（计划增设助老食堂）")),
    Kind("梨园小区", (C, C), one(east=300, 服务小区="梨园小区")),
    Kind("槐荫小区", (D, D)),
    Kind("榆钱小区", (N, N), one(m2=10), {"备注": "棚改拆迁中"}, bare=(N, N)),
    Kind("柳堤小区", (N, C), one(备注="二楼出租")),
    Kind("雪松小区", (C, D), one(设施类型="日间照料中心→助餐点")),
    Kind("石楠小区", (N, N), one(备注="查无此处")),
    Kind("合欢小区", (N, N), one(m2=10),
         {"类别": "", "状态": "", "交房时间": "预计2024年6月"}, bare=(N, N)),
    Kind("木槿小区", (N, N), one(状态="在建", 启用时间="2024年5月")),
    Kind("凌霄小区", (N, N), one(备注="已停用，计划2026年恢复")),
    Kind("紫藤小区", (N, N), one(状态="停用", 备注="现已开放")),
    Kind("迎春小区", (C, C), one(启用时间="不详")),
)  # fmt: skip
TOWNS = ("曹城街道", "磐石街道")
AREA = {"小区名称": "", "户数": 500, "类别": "已建成", "城乡": "城镇", "状态": "入住"}
AREA |= {"交房时间": "", "备注": "", "所属镇街": ""}
ROOM = ("设施名称", "设施类型", "状态", "建筑面积", "服务小区", "启用时间", "停用日期", "备注")
EXEMPT = ("编号", "小区名称", "依据", "有效期", "条款", "理由")
DEGREES = Transformer.from_crs(4548, 4490, always_xy=True)


def place(n, east, datum=""):
    x, y = 385_000 + n % 6 * 4000 + east, 3_850_000 - n // 6 * 4000
    if not datum:
        return {"X": x, "Y": y}
    lon, lat = (np.array([v]) for v in DEGREES.transform(x, y))
    lon, lat = wgs84_to_gcj02(lon, lat) if datum == "gcj02" else (lon, lat)
    return {"经度": round(lon[0], 7), "纬度": round(lat[0], 7)}


def areas(datum=""):
    """Return each area's row with its verdicts, where half of the rooms are not listed too."""
    for n, kind in enumerate(KINDS):
        for name, east, expected in ((kind.name, 0, kind.expected), *kind.more):
            own = {"小区名称": name, "所属镇街": TOWNS[n > len(KINDS) // 2]} | kind.area
            bare = kind.bare if name == kind.name else (D, D)
            yield AREA | own | place(n, east, datum), expected, bare if n % 2 else expected


def rooms(datum=""):
    for n, kind in enumerate(KINDS):
        for east, said in kind.rooms:
            own = {"所属镇街": TOWNS[n > len(KINDS) // 2]} | place(n, east, datum)
            yield n, dict.fromkeys(ROOM, "") | said | own


def numbered(rows, letter):
    """Return rows with ids, and a name where they have none, that is no area's."""
    return [
        {"编号": f"{letter}{at:02}"} | row | ({} if letter == "R" or row["设施名称"] else
                                           {"设施名称": f"第{at}站"})
        for at, row in enumerate(rows, 1)
    ]  # fmt: skip


def table(rows):
    out = io.StringIO()
    made = csv.DictWriter(out, list(rows[0]))
    made.writeheader()
    made.writerows(rows)
    return out.getvalue()


def judged(folder, study, **tables):
    """Return the verdicts in the order of the areas, and the problems."""
    exempt = [dict(zip(EXEMPT, (*k.exempt, "CX-03", "无地"), strict=True))
              for k in KINDS if k.exempt is not None]  # fmt: skip
    at = next(n for n, kind in enumerate(KINDS) if kind.name == "葡萄小区")
    said = {"编号": "G1", "所属小区": "葡萄小区", "是否开放": "是", "启用时间": "待定"}
    gate = said | place(at, -60)
    more = '[layers.exemptions]\npath = "e.csv"\n[layers.gates]\npath = "g.csv"\n'
    more += 'crs = "EPSG:4548"\n'
    tables |= {"e": table(exempt), "g": table([gate])}
    result = lc.assess(lc.read_study(written(folder, study + more, **tables)))
    found = result.findings.set_index("clause")["status"].astype(str)
    return list(zip(found["CX-03"], found["CX-06"], strict=True)), result.problems


def in_two_datums(folder):
    study = STUDY.replace('"r.csv"\ncrs = "EPSG:4548"', '"r.csv"\ncoordinates = "wgs84"')
    study = study.replace('"f.csv"\ncrs = "EPSG:4548"', '"f.csv"\ncoordinates = "gcj02"')
    homes = numbered((row for row, *_ in areas("wgs84")), "R")
    found = numbered((row for _, row in rooms("gcj02")), "F")
    return judged(folder, study, r=table(homes), f=table(found))


def in_metres(folder, *, every=1, study=STUDY, **more):
    homes = numbered((row for row, *_ in areas()), "R")
    found = numbered((row for n, row in rooms() if n % every == 0), "F")
    return judged(folder, study, r=table(homes), f=table(found), **more)


def by_halves(folder):
    town = [(code, name) for code, name in code_list("371721") if code.startswith("371721001")]
    units = [{"代码": code, "名称": name} for code, name in town[:1] + town[1::2]]
    study = STUDY + '[layers.units]\npath = "u.csv"\n'
    return in_metres(folder, every=2, study=study, u=table(units))


def in_sheets(folder):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name in (*TOWNS, "旧表"):
        old = {"户数": 5000} if name == "旧表" else {}
        own = [row | old for row, *_ in areas() if old or row["所属镇街"] == name]
        page = book.create_sheet(name)
        page.append(["编号", *own[0]])
        for at, row in enumerate(own, 1):  # every sheet numbers its areas from 1
            page.append([at, *(v if v != "" else None for v in row.values())])
    book["旧表"].sheet_state = "hidden"
    book.save(folder / "r.xlsx")
    found = numbered((row for _, row in rooms()), "F")
    for row in found:  # 金桂 is the fifth of its sheet, as another is of the other
        row["服务小区"] = row["服务小区"].replace("金桂小区", "5")
    old = xlwt.Workbook()
    page = old.add_sheet("设施")
    for at, row in enumerate([[*found[0]], *(list(row.values()) for row in found[::2])]):
        for column, value in enumerate(row):
            page.write(at, column, value)
    old.save(str(folder / "f1.xls"))
    text = table([{k: v for k, v in row.items() if k != "停用日期"} for row in found[1::2]])
    (folder / "f2.csv").write_bytes(text.encode("gbk"))
    study = STUDY.replace('"r.csv"', '"r.xlsx"\nsheet = "*"')
    return judged(folder, study.replace('"f.csv"', '["f1.xls", "f2.csv"]'))


WORLDS = {
    "two datums": in_two_datums,
    "metres": in_metres,
    "halves": by_halves,
    "sheets": in_sheets,
}


@pytest.mark.parametrize("world", WORLDS)
def test_what_rows_say_comes_to_the_same(tmp_path, world):
    found, problems = WORLDS[world](tmp_path)
    told = [(row["小区名称"], half if world == "halves" else all_) for row, all_, half in areas()]
    named = [(name, one) for (name, _), one in zip(told, found, strict=True)]
    assert [pair for pair in zip(named, told, strict=True) if pair[0] != pair[1]] == []
    codes = {p.code for p in problems}
    assert not codes & {P.DATUM_SUSPECTED, P.DATUM_MIXED, P.DATUM_ASKED}
    # every column is read, or held against its row
    assert not codes & {P.COLUMN_UNKNOWN, P.COLUMN_LIKELY}
    assert (P.PARTS_HIDDEN in codes) is (world == "sheets")
