"""A table of estates, a kind of fault each, written as county ledgers come: a world a way.

Facilities in GCJ-02 or BD-09 beside areas in WGS 84 or CGCS2000; a ledger whose rows say their
datum; points in metres; half of the facilities' rows and of the units; a sheet a town whose numbers
begin anew, an old sheet hidden, facilities in an old book and a CSV of GBK. Every estate of 500
households wants 75 m² (CX-03: 15 a 100) and a facility within 1000 m (CX-06); estates lie 4 km
apart.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections import deque
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import openpyxl
import xlwt
from pyproj import Transformer
from tests.two_ledgers import STUDY, written

import lifecircle as lc
from lifecircle.intake.positions.datum import gcj02_to_bd09, wgs84_to_gcj02
from lifecircle.model.gazetteer import code_list

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "WORLDS",
    "Also",
    "C",
    "D",
    "E",
    "Kind",
    "N",
    "areas",
    "in_degrees",
    "one",
    "room",
    "verdicts",
]

C, D, N, E = "compliant", "deficient", "not_assessed", "exempt"


class Also(NamedTuple):
    """Another estate, at metres east of the first: what its own row says is in ``area``."""

    name: str
    east: int | None
    expected: tuple[str, str]
    area: Mapping[str, object] = MappingProxyType({})
    bare: tuple[str, str] = (D, D)


@dataclass(frozen=True)
class Kind:
    """An estate with its facilities: the verdicts with them, and without their rows.

    Facilities, gates and ``more`` estates are at metres east of it; None is no position.
    """

    name: str
    expected: tuple[str, str]
    rooms: tuple[tuple[int | None, dict[str, object]], ...] = ()
    area: dict[str, object] = field(default_factory=dict)
    more: tuple[Also, ...] = ()
    exempt: tuple[str, str, str, str] | None = None
    bare: tuple[str, str] = (D, D)
    gates: tuple[tuple[int, dict[str, object]], ...] = ()
    town: str = ""


def room(m2=75, east=0, **said):
    return east, {"建筑面积": m2, "设施类型": "日间照料中心", "状态": "运营"} | said


def one(m2=75, east=0, **said):
    return (room(m2, east, **said),)


TOWNS = ("曹城街道", "磐石街道")
AREA = {"小区名称": "", "户数": 500, "类别": "已建成", "城乡": "城镇", "状态": "入住"}
AREA |= {"交房时间": "", "备注": "", "项目编号": "", "所属镇街": ""}
ROOM = ("设施名称", "设施类型", "状态", "建筑面积", "服务小区", "场所编号", "启用时间", "开业日期")
ROOM += ("移交时间", "停用日期", "是否运营", "经营状态", "备注")
GATE = ("编号", "所属小区", "是否开放", "启用时间", "是否封闭", "备注")
EXEMPT = ("编号", "小区名称", "依据", "有效期", "条款", "理由")
DEGREES = Transformer.from_crs(4548, 4490, always_xy=True)
SAID = {"gcj02": "高德", "bd09": "百度", "wgs84": "WGS84", "cgcs2000": "CGCS2000"}


def place(n, east, datum="", north=0):
    """Return the cells of a position in metres, or in degrees as a map of a datum has it."""
    if east is None:
        return dict.fromkeys(("经度", "纬度") if datum else ("X", "Y"), "")
    x, y = 385_000 + n % 6 * 4000 + east, 3_850_000 - n // 6 * 4000 + north
    if not datum:
        return {"X": x, "Y": y}
    lon, lat = (np.array([v]) for v in DEGREES.transform(x, y))
    lon, lat = wgs84_to_gcj02(lon, lat) if datum in {"gcj02", "bd09"} else (lon, lat)
    lon, lat = gcj02_to_bd09(lon, lat) if datum == "bd09" else (lon, lat)
    return {"经度": round(lon[0], 7), "纬度": round(lat[0], 7)}


def spots(datums):
    """Return a function from a place to its cells, in the datums of the rows in turn.

    Of several each row says its own.
    """
    turns = itertools.cycle(datums)

    def spot(n, east):
        datum = next(turns)
        said = {"坐标系": SAID[datum]} if len(datums) > 1 else {}
        return said | place(n, east, datum)

    return spot


def town_of(kinds, n):
    return kinds[n].town or TOWNS[n > len(kinds) // 2]


def areas(kinds, datums=("",)):
    """Yield each area's row with its verdicts, and those where half of the rooms are unlisted."""
    spot = spots(datums)
    for n, kind in enumerate(kinds):
        for one in (Also(kind.name, 0, kind.expected, bare=kind.bare), *kind.more):
            own = {"小区名称": one.name, "所属镇街": town_of(kinds, n)} | kind.area | one.area
            half = one.bare if n % 2 else one.expected
            yield AREA | spot(n, one.east) | own, one.expected, half


def rooms(kinds, datums=("",)):
    """Yield the place of each kind in its table, and the rows of its facilities."""
    spot = spots(datums)
    for n, kind in enumerate(kinds):
        for east, said in kind.rooms:
            own = {"所属镇街": town_of(kinds, n)} | spot(n, east)
            yield n, dict.fromkeys(ROOM, "") | own | said


def numbered(rows, letter):
    """Return rows with ids, and a name where they have none, that is no area's."""
    return [
        {"编号": f"{letter}{at:02}"} | row | ({} if letter == "R" or row["设施名称"] else
                                           {"设施名称": f"第{at}站"})
        for at, row in enumerate(rows, 1)
    ]  # fmt: skip


def table(rows):
    out = io.StringIO()
    made = csv.DictWriter(out, list(dict.fromkeys(key for row in rows for key in row)), "")
    made.writeheader()
    made.writerows(rows)
    return out.getvalue()


def judged(folder, kinds, study, **tables):
    """Write a study of two ledgers with its exemptions and gates, and judge it."""
    exempt = [dict(zip(EXEMPT, (*k.exempt, "CX-03", "无地"), strict=True))
              for k in kinds if k.exempt is not None]  # fmt: skip
    gates = [
        dict.fromkeys(GATE, "") | {"所属小区": kind.name} | said | place(n, east)
        for n, kind in enumerate(kinds)
        for east, said in kind.gates
    ]
    if exempt:
        study += '[layers.exemptions]\npath = "e.csv"\n'
        tables["e"] = table(exempt)
    if gates:
        study += '[layers.gates]\npath = "g.csv"\ncrs = "EPSG:4548"\n'
        tables["g"] = table([gate | {"编号": f"G{at}"} for at, gate in enumerate(gates)])
    return lc.assess(lc.read_study(written(folder, study, **tables)))


def verdicts(result):
    """Return the verdicts on m² and reach in the order of the areas."""
    found = result.findings.set_index("clause")["status"].astype(str)
    return list(zip(found["CX-03"], found["CX-06"], strict=True))


def in_degrees(homes, places, study=STUDY, *, said=None, renamed=None):
    """Return a world whose ledgers are in these datums: of several each row says its own.

    A blank datum is metres. Of the facilities the study may declare another one (``said``; blank:
    none), and headers may be other ones (``renamed``).
    """
    for name, datum in (("r", homes[0]), ("f", places[0])):
        declared = said[0] if said and name == "f" else datum
        line = f'coordinates = "{declared}"' if declared else ""
        if datum:
            study = study.replace(f'"{name}.csv"\ncrs = "EPSG:4548"', f'"{name}.csv"\n{line}')

    def world(folder, kinds):
        listed = numbered((row for row, *_ in areas(kinds, homes)), "R")
        found = table(numbered((row for _, row in rooms(kinds, places)), "F"))
        head, _, lines = found.partition("\n")
        head = ",".join((renamed or {}).get(one, one) for one in head.rstrip().split(","))
        return judged(folder, kinds, study, r=table(listed), f=f"{head}\n{lines}")

    return world


def in_metres(folder, kinds, *, every=1, study=STUDY, **more):
    homes = numbered((row for row, *_ in areas(kinds)), "R")
    found = numbered((row for n, row in rooms(kinds) if n % every == 0), "F")
    return judged(folder, kinds, study, r=table(homes), f=table(found), **more)


def by_halves(folder, kinds):
    """Half of the rooms, and of the communities of the first street that are listed."""
    town = [(code, name) for code, name in code_list("371721") if code.startswith("371721001")]
    units = [{"代码": code, "名称": name} for code, name in town[:1] + town[1::2]]
    study = STUDY + '[layers.units]\npath = "u.csv"\n'
    return in_metres(folder, kinds, every=2, study=study, u=table(units))


def in_sheets(folder, kinds):
    book = openpyxl.Workbook()
    book.remove(book.active)
    towns = list(dict.fromkeys(row["所属镇街"] for row, *_ in areas(kinds)))
    for name in (*towns, "旧表"):
        old = {"户数": 5000} if name == "旧表" else {}
        own = [row | old for row, *_ in areas(kinds) if old or row["所属镇街"] == name]
        page = book.create_sheet(name)
        page.append(["编号", *own[0]])
        for at, row in enumerate(own, 1):  # every sheet numbers its areas from 1
            page.append([at, *(v if v != "" else None for v in row.values())])
    book["旧表"].sheet_state = "hidden"
    book.save(folder / "r.xlsx")
    found = numbered((row for _, row in rooms(kinds)), "F")
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
    return judged(folder, kinds, study.replace('"f.csv"', '["f1.xls", "f2.csv"]'))


WORLDS = {
    "two datums": in_degrees(["wgs84"], ["gcj02"]),
    "two datums, BD-09": in_degrees(["cgcs2000"], ["bd09"]),
    "rows of three datums": in_degrees(["cgcs2000", "bd09"], ["gcj02", "bd09", "wgs84"]),
    "metres": in_metres,
    "halves": by_halves,
    "sheets": in_sheets,
}


def by_turns(names, ways):
    """Return names with each way, the one that comes first another one each time."""
    ways, found = deque(ways), []
    for name in names:
        found += [(name, way) for way in ways]
        ways.rotate(-1)
    return found
