"""Ledgers of which half the rows are in another datum, and what else such ledgers say.

What is said of a row beside its place (whom it serves, that it is shut or denied, a round figure,
a kind that nobody knows, a day) comes to the same wherever its position was taken from; so does
what its place says beside others': that it is listed twice, stands in two outlines, or that a walk
is shorter than the straight line. Every area has 200 households and needs 30 m² (CX-03: 15 m² a
100), a facility within 1,000 m (CX-06) and one within a walk of 15 minutes (CX-05: 1,000 m).
"""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest
from pyproj import Transformer

import lifecircle as lc
from lifecircle.intake.positions.datum import gcj02_to_bd09, wgs84_to_gcj02
from lifecircle.intake.study import check_study
from lifecircle.model.problem import ProblemCode as P

LAYERS = {"r": "residential", "f": "facilities", "g": "gates"}
HEADERS = {
    "r": "编号,小区名称,户数,类别,城乡,交房时间",
    "f": "编号,设施名称,设施类型,状态,建筑面积,服务小区,备注,启用时间,停用日期",
    "g": "编号,小区名称,备注",
}
WORDS = {"cgcs2000": "CGCS2000", "gcj02": "高德", "bd09": "百度"}
ASKING = {P.DATUM_SUSPECTED, P.DATUM_MIXED, P.DATUM_ASKED, P.DATUM_UNTESTED}
APART, BLOCKS = 3000, 4  # metres between areas; copies of the six, every other one mirrored
HAN = "甲乙丙丁"


def station(
    area,
    east=0,
    *,
    kinds="日间照料中心",
    m2="60",
    record="",
    remark="",
    days=",",
    name="",
):
    return area, east, f"{kinds},运营,{m2},{record},{remark},{days}", name


def gate(area, east, remark=""):
    """Return a gate; of one that has no place ``east`` is None."""
    return area, east, remark


C, D, N, E = "compliant", "deficient", "not_assessed", "exempt"
X = "not_applicable"
KINDS = {
    # whom no area is called may be meant, or any of those within reach
    "nobody": (
        [
            station(0, record="月光花园"),
            station(1, 40),
            station(2, 30, record="月光花园"),
            station(3, record="无"),
            station(4, 900, record="月光花园"),
        ],
        [],
        [],
        {"CX-03": [N, C, N, C, N, D], "CX-06": [C, C, C, C, C, D]},
    ),
    # 990 m by the gate; 1025; 1025 or, on any side, 960; 990 or 930; 910 or 960
    "gates": (
        [station(area, 960) for area in range(5)],
        [
            gate(0, -30),
            gate(1, -65),
            gate(2, -65, "常闭"),
            gate(3, -30, "常闭"),
            gate(3, 30),
            gate(4, 50, "已封闭"),
        ],
        [],
        {"CX-03": [D] * 6, "CX-06": [C, D, N, C, C, D]},
    ),
    "remarked": (
        [
            station(0, remark="已关门"),
            station(1, remark="不再运营"),
            station(2, remark="正常"),
            station(3, remark="尚未建成"),
            station(4, 900, remark="已关门"),
        ],
        [],
        [],
        {"CX-03": [N, N, C, N, D, D], "CX-06": [N, N, C, N, N, D]},
    ),
    "round": (
        [
            station(n, m2=m2)
            for n, m2 in enumerate(["约31", "约29", "约28", "30余", "近31", "约40"])
        ],
        [],
        [],
        {"CX-03": [C, D, D, C, C, C], "CX-06": [C] * 6},
    ),
    # beside a kind that nobody knows: it may be a house of beds, or what makes a canteen reach
    "kinds": (
        [
            station(0, kinds="日间照料中心、康福驿"),
            station(1, kinds="助老食堂、康福驿"),
            station(2, kinds="康福驿"),
            station(3, kinds="助老食堂"),
            station(4),
        ],
        [],
        [],
        {"CX-03": [N, N, N, C, C, D], "CX-06": [C, N, N, D, C, D]},
    ),
    "denied": (
        [station(0)],
        [],
        [
            (1, "CX-06", "", "是"),
            (2, "CX-06", "", "否"),
            (3, "CX-06", "", "说不清"),
            (4, "CX-03", "未批复", ""),
            (5, "CX-03", "", "是"),
        ],
        {"CX-03": [C, D, D, D, N, E], "CX-06": [C, E, D, N, D, D]},
    ),
    "exempt": (
        [station(0)],
        [],
        [
            ("甲1苑、乙1苑、丙1苑、丁1苑", "CX-06", "", ""),
            (2, "第六条", "", ""),
            (3, "CX-99", "", ""),
            (4, "CX-06", "", "", "2025-06-30"),
            (5, "CX-06", "", "", "待定"),
        ],
        {"CX-03": [C, D, D, N, D, D], "CX-06": [C, E, E, N, D, N]},
    ),
}
# what such a ledger has beside: days of areas, walks, outlines as (beside which area, metres east,
# half a side)
MORE = {
    "days": {"handed": {5: "2026年6月"}},
    "walks": {"walks": [(0, 0, 800), (1, 1, 1200), (2, 2, 300), (4, 4, 900)]},
    "nested": {
        "outlines": {
            0: (0, 0, 300),
            1: (0, 150, 60),
            2: (2, 0, 100),
            3: (2, 300, 100),
            4: (4, 0, 300),
            5: (4, 150, 60),
        }
    },
}
FIRST = [*KINDS]
KINDS |= {
    # what opens or closes before the day, or after, and an area that is handed over after it
    "days": (
        [
            station(0, days="2024年5月,"),
            station(1, days="2026年3月,"),
            station(2, days="预计2030年,"),
            station(3, days=",2024-03-01"),
            station(4, days=",2027-01-01"),
            station(5, days="2024年,"),
        ],
        [],
        [],
        {"CX-03": [C, D, N, N, C, X], "CX-06": [C, D, N, N, C, X]},
    ),
    # one place or two: 20 or 40, 30 or 60, 14 or 28, 20 or 41 m²; 60 m apart two
    "repeated": (
        [
            station(0, m2="20", name="老站"),
            station(0, 40, m2="20", name="老站"),
            station(1, m2="30", name="新站"),
            station(1, 40, m2="30", name="新站"),
            station(2, -20, m2="20", name="大站"),
            station(2, 40, m2="20", name="大站"),
            station(3, m2="14", name="小站"),
            station(3, 0, m2="14", name="小站"),
            station(4, m2="20", name="中站"),
            station(4, 10, m2="21", name="中站"),
        ],
        [],
        [],
        {"CX-03": [N, C, N, D, N, D], "CX-06": [C, C, C, C, C, D]},  # 大站: one, or two
    ),
    # a gate of unknown place is within 300 m of the area's point; beside one of known place
    "gates nowhere": (
        [station(area, east) for area, east in enumerate([900, 690, 1310, 900, 990])],
        [gate(area, None) for area in range(5)] + [gate(3, 50), gate(4, -50)],
        [],
        {"CX-03": [D] * 6, "CX-06": [N, C, D, C, N, D]},
    ),
    # 500 m off by 800, 900 by 1200, 900 by 300 (that cannot be), 900 by nothing, 900 by 900
    "walks": (
        [station(0, 500), *(station(area, 900) for area in range(1, 5))],
        [],
        [],
        {"CX-05": [C, D, N, D, C, D], "CX-06": [C, C, C, C, C, D]},
    ),
    # in both outlines, in the larger alone, in one of two that stand apart; of a record
    "nested": (
        [
            station(0, 150),
            station(2, 50),
            station(4, 150, record="OWN5"),
        ],
        [],
        [],
        {"CX-03": [N, N, C, D, D, C], "CX-06": [C] * 6},
    ),
}
NEXT = [kind for kind in KINDS if kind not in FIRST]
BY_THEIR_AREAS = {"nobody", "remarked", "round", "kinds"}
TO_DEGREES = Transformer.from_crs("EPSG:4548", "EPSG:4490", always_xy=True)


def position(block, area, east, datum, north=0):
    """Return the cells of a position, as a map of its datum has it (1e-9 degrees: 0.1 mm)."""
    if east is None:
        return ","
    side = -1 if block % 2 else 1
    # no two rows of blocks alike: towns are no grid
    x, y = 500_000 + APART * area + side * east, 3_850_000 + 4000 * block + 137 * (block * area % 5)
    lon, lat = (np.array([value]) for value in TO_DEGREES.transform(x, y + north))
    if datum != "cgcs2000":
        lon, lat = wgs84_to_gcj02(lon, lat)
    if datum == "bd09":
        lon, lat = gcj02_to_bd09(lon, lat)
    return f"{lon[0]:.9f},{lat[0]:.9f}"


def rows_of(kind):
    """Yield table, cells, block, area and metres east of every row that has a place."""
    stations, gates, _, _ = KINDS[kind]
    handed = MORE.get(kind, {}).get("handed", {})
    for block in range(BLOCKS):
        for area in range(6):
            cells = f"R{block}{area},{HAN[block]}{area}苑,200,已建成,城镇,{handed.get(area, '')}"
            yield "r", cells, block, area, 0
        for n, (area, east, cells, name) in enumerate(stations):
            called = f"{HAN[block]}{name}" if name else f"服务{block}{n}号站"
            said = cells.replace("OWN", f"R{block}")
            yield "f", f"F{block}{n},{called},{said}", block, area, east
        for n, (area, east, remark) in enumerate(gates):
            yield "g", f"g{block}{n},{HAN[block]}{area}苑,{remark}", block, area, east


def outline(kind, block, area, datum):
    """Return the corners of an area, each as a map of its datum has it."""
    base, east, half = MORE[kind]["outlines"][area]
    corners = [(-half, -half), (half, -half), (half, half), (-half, half), (-half, -half)]
    spots = (position(block, base, east + x, datum, y) for x, y in corners)
    return [[[float(degrees) for degrees in spot.split(",")] for spot in spots]]


def written(folder, kind, datum_of, *, said=True, declared="cgcs2000"):
    """Write a study whose rows have the datum that ``datum_of`` gives their table and number."""
    lines, shapes = {name: [] for name in LAYERS}, []
    more = MORE.get(kind, {})
    for table, cells, *place in rows_of(kind):
        datum = datum_of(table, len(lines[table]))
        word = f",{WORDS[datum]}" if said else ""
        lines[table].append(f"{cells}{word},{position(*place, datum)}")
        if table == "r" and "outlines" in more:
            heads = f"{HEADERS['r']}{',坐标系' if said else ''}".split(",")
            shape = {"type": "Polygon", "coordinates": outline(kind, *place[:2], datum)}
            own = dict(zip(heads, f"{cells}{word}".split(","), strict=True))
            shapes.append({"type": "Feature", "properties": own, "geometry": shape})
    text = '[study]\nname = "试验县"\ncounty = "371721"\nstandard = "caoxian-2023"\n'
    text += 'as_of = 2025-12-31\ncrs = "EPSG:4548"\n'
    for name, rows in lines.items():
        if not rows:
            continue
        file = "r.geojson" if name == "r" and shapes else f"{name}.csv"
        text += f'[layers.{LAYERS[name]}]\npath = "{file}"\n'
        text += f'coordinates = "{declared}"\n' if declared else ""
        head = f"{HEADERS[name]},{'坐标系,' if said else ''}经度,纬度"
        (folder / f"{name}.csv").write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    if shapes:
        drawn = {"type": "FeatureCollection", "features": shapes}
        (folder / "r.geojson").write_text(json.dumps(drawn), encoding="utf-8")
    if "walks" in more:
        walks = [
            f"R{block}{area},F{block}{n},{metres}"
            for block in range(BLOCKS)
            for area, n, metres in more["walks"]
        ]
        text += '[layers.travel]\npath = "t.csv"\nunit = "m"\nlimit = 3000\n'
        (folder / "t.csv").write_text("\n".join(["居住区,设施,成本", *walks, ""]), encoding="utf-8")
    exempt = [
        f"{area if isinstance(area, str) else f'R{block}{area}'},"
        f"{clause},拆迁,1号,{remark},{valid},{''.join(until)}"
        for block in range(BLOCKS)
        for area, clause, remark, valid, *until in KINDS[kind][2]
    ]
    if exempt:
        text += '[layers.exemptions]\npath = "e.csv"\n'
        head = "编号,条款,理由,依据,备注,是否有效,有效期至"
        (folder / "e.csv").write_text("\n".join([head, *exempt, ""]), encoding="utf-8")
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return folder


def found(result):
    """Return (clause, subject) → status and marks, and clause → status and figures."""
    rows = result.findings[["clause", "id", "status", "flags"]].itertuples(index=False)
    told = {(clause, one): (str(status), tuple(flags)) for clause, one, status, flags in rows}
    return told | {c.id: (str(c.status), c.value, c.flags) for c in result.clauses}


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    """Return a function from a kind to what its study in one datum comes to."""
    kept = {}

    def judged(kind):
        if kind not in kept:
            folder = written(tmp_path_factory.mktemp(kind), kind, lambda *_: "cgcs2000")
            kept[kind] = found(lc.assess(lc.read_study(folder)))
        return kept[kind]

    return judged


@pytest.mark.parametrize("kind", KINDS)
def test_by_hand_in_one_datum(known, kind):
    for clause, statuses in KINDS[kind][3].items():
        for block in range(BLOCKS):
            told = [known(kind)[clause, f"R{block}{area}"][0] for area in range(6)]
            assert told == statuses, (clause, block)


def by_turns(*datums, first=0):
    """Return datums in turn; each table begins with another one: an area and its room differ."""
    return lambda table, n: datums[(n + first + list(LAYERS).index(table)) % len(datums)]


MIXTURES = {
    "even rows": by_turns("gcj02", "cgcs2000"),
    "odd rows": by_turns("gcj02", "cgcs2000", first=1),
    "every third": by_turns("bd09", "gcj02", "cgcs2000"),
    "by ledger": lambda table, _: {"r": "gcj02", "f": "cgcs2000", "g": "bd09"}[table],
}


@pytest.mark.one_in(5)
@pytest.mark.parametrize(
    ("kind", "mixture", "declared"),
    [
        *itertools.product(FIRST, MIXTURES, [None]),
        *((kind, "every third", None) for kind in NEXT),
        *((kind, "even rows", "bd09") for kind in KINDS),
    ],
)
def test_rows_that_say_their_datum_come_to_the_same(known, tmp_path, kind, mixture, declared):
    study = lc.read_study(written(tmp_path, kind, MIXTURES[mixture], declared=declared))
    assert found(lc.assess(study)) == known(kind)


@pytest.mark.parametrize("kind", FIRST)  # a GeoJSON is in WGS 84 where nothing is said
def test_a_datum_that_nobody_says_is_asked_for(tmp_path, kind):
    study, problems = check_study(
        written(tmp_path, kind, MIXTURES["odd rows"], said=False, declared=None)
    )
    assert study is None
    asked = {p.layer for p in problems if p.code is P.COORDINATES_UNDECLARED}
    assert asked == {LAYERS[table] for table, *_ in rows_of(kind)}


@pytest.mark.one_in(5)
@pytest.mark.parametrize(
    ("kind", "off"),
    [
        *itertools.product(FIRST, ["r", "f", "half"]),
        *itertools.product(NEXT, ["f", "half"]),
        ("gates", "g"),
    ],
)
def test_nothing_is_firmly_wrong_under_a_wrong_datum_without_a_word(known, tmp_path, kind, off):
    def datum(table, n):
        return "gcj02" if table == off or (off == "half" and n * 7 // 3 % 2) else "cgcs2000"

    result = lc.assess(lc.read_study(written(tmp_path, kind, datum, said=False)))
    told, right = found(result), known(kind)
    firm = {one for one, (status, *_) in told.items() if status in {C, D, E}}
    wrong = {one for one in firm & right.keys() if told[one][0] != right[one][0]}
    said = ASKING & {p.code for p in result.problems}
    assert said or not wrong
    # of a whole ledger off its datum, with twenty rooms and more by their areas, it is told
    if off != "half" and kind in BY_THEIR_AREAS:
        opened = {one for one in right if right[one][0] in {C, D, E}} - firm
        assert wrong | opened
        assert said - {P.DATUM_UNTESTED}
