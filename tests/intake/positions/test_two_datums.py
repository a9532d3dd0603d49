"""Ledgers of which half the rows are in another datum, and what else such ledgers say.

What is said of a row beside its place (whom it serves, that it is shut or denied, a round figure,
a kind that nobody knows) comes to the same wherever its position was taken from. Every area has
200 households and needs 30 m² (CX-03: 15 m² a 100) and a facility within 1,000 m (CX-06).
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from pyproj import Transformer

import lifecircle as lc
from lifecircle.intake.positions.datum import gcj02_to_bd09, wgs84_to_gcj02
from lifecircle.intake.study import check_study
from lifecircle.model.problem import ProblemCode as P

LAYERS = {"r": "residential", "f": "facilities", "g": "gates"}
HEADERS = {
    "r": "编号,小区名称,户数,类别,城乡",
    "f": "编号,设施名称,设施类型,状态,建筑面积,服务小区,备注",
    "g": "编号,小区名称,备注",
}
WORDS = {"cgcs2000": "CGCS2000", "gcj02": "高德", "bd09": "百度"}
ASKING = {P.DATUM_SUSPECTED, P.DATUM_MIXED, P.DATUM_ASKED, P.DATUM_UNTESTED}
APART, BLOCKS = 3000, 4  # metres between areas; copies of the six, every other one mirrored
HAN = "甲乙丙丁"


def station(area, east=0, *, kinds="日间照料中心", m2="60", record="", remark=""):
    return area, east, f"{kinds},运营,{m2},{record},{remark}"


def gate(area, east, remark=""):
    return area, east, remark


C, D, N, E = "compliant", "deficient", "not_assessed", "exempt"
KINDS = {
    # whom no area is called may be meant; 900 m off the place says nothing of whose they are
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
        {"CX-03": [N, C, N, C, D, D], "CX-06": [C, C, C, C, C, D]},
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
}
BY_THEIR_AREAS = {"nobody", "remarked", "round", "kinds"}
TO_DEGREES = Transformer.from_crs("EPSG:4548", "EPSG:4490", always_xy=True)


def position(block, area, east, datum):
    """Return the cells of a position, as a map of its datum has it (1e-9 degrees: 0.1 mm)."""
    side = -1 if block % 2 else 1
    # no two rows of blocks alike: towns are no grid
    x, y = 500_000 + APART * area + side * east, 3_850_000 + 4000 * block + 137 * (block * area % 5)
    lon, lat = (np.array([value]) for value in TO_DEGREES.transform(x, y))
    if datum != "cgcs2000":
        lon, lat = wgs84_to_gcj02(lon, lat)
    if datum == "bd09":
        lon, lat = gcj02_to_bd09(lon, lat)
    return f"{lon[0]:.9f},{lat[0]:.9f}"


def rows_of(kind):
    """Yield table, cells, block, area and metres east of every row that has a place."""
    stations, gates, _, _ = KINDS[kind]
    for block in range(BLOCKS):
        for area in range(6):
            yield "r", f"R{block}{area},{HAN[block]}{area}苑,200,已建成,城镇", block, area, 0
        for n, (area, east, cells) in enumerate(stations):
            yield "f", f"F{block}{n},服务{block}{n}号站,{cells}", block, area, east
        for n, (area, east, remark) in enumerate(gates):
            yield "g", f"g{block}{n},{HAN[block]}{area}苑,{remark}", block, area, east


def written(folder, kind, datum_of, *, said=True, declared="cgcs2000"):
    """Write a study whose rows have the datum that ``datum_of`` gives their table and number."""
    lines = {name: [] for name in LAYERS}
    for table, cells, *place in rows_of(kind):
        datum = datum_of(table, len(lines[table]))
        word = f"{WORDS[datum]}," if said else ""
        lines[table].append(f"{cells},{word}{position(*place, datum)}")
    text = '[study]\nname = "试验县"\ncounty = "371721"\nstandard = "caoxian-2023"\n'
    text += 'as_of = 2025-12-31\ncrs = "EPSG:4548"\n'
    for name, rows in lines.items():
        if not rows:
            continue
        text += f'[layers.{LAYERS[name]}]\npath = "{name}.csv"\n'
        text += f'coordinates = "{declared}"\n' if declared else ""
        head = f"{HEADERS[name]},{'坐标系,' if said else ''}经度,纬度"
        (folder / f"{name}.csv").write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    exempt = [
        f"R{block}{area},{clause},拆迁,1号,{remark},{valid}"
        for block in range(BLOCKS)
        for area, clause, remark, valid in KINDS[kind][2]
    ]
    if exempt:
        text += '[layers.exemptions]\npath = "e.csv"\n'
        head = "编号,条款,理由,依据,备注,是否有效"
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


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("mixture", "declared"), [*((m, None) for m in MIXTURES), ("even rows", "bd09")]
)
def test_rows_that_say_their_datum_come_to_the_same(known, tmp_path, kind, mixture, declared):
    study = lc.read_study(written(tmp_path, kind, MIXTURES[mixture], declared=declared))
    assert found(lc.assess(study)) == known(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_datum_that_nobody_says_is_asked_for(tmp_path, kind):
    study, problems = check_study(
        written(tmp_path, kind, MIXTURES["odd rows"], said=False, declared=None)
    )
    assert study is None
    asked = {p.layer for p in problems if p.code is P.COORDINATES_UNDECLARED}
    assert asked == {LAYERS[table] for table, *_ in rows_of(kind)}


@pytest.mark.parametrize(
    ("kind", "off"),
    [*itertools.product(KINDS, ["r", "f", "half"]), ("gates", "g")],
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
        assert wrong
        assert said - {P.DATUM_UNTESTED}
