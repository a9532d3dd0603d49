"""No cell that nobody can read is taken for a blank that has a default: column by column.

Areas far apart, each with a room beside it, the same but for one cell. Where that cell cannot be
read, a verdict may be firm only if it is the same whatever stands there.
"""

from __future__ import annotations

import csv
from collections import defaultdict

import pytest
from tests.two_ledgers import STUDY, written

import lifecircle as lc
from lifecircle.model.dictionary import columns

UNREAD = ("认不出的字", "#REF!")
NAMING = {"id", "name", "former_name", "address", "operator", "site", "project", "basis"}
PLACE = {"lon", "lat", "datum", "unit", "community", "illustrative"}
STAGES = ["规划", "在建", "验收", "闲置", "停用"]
READ = {
    "number": ["0", "1", "60", "100", "300", "800", "5000"],
    "integer": ["2000", "2022", "2024"],
    "age_class": ["新建", "已批未建成", "已建成", "老旧"],
    "setting": ["城镇", "乡村"],
    "bool": ["是", "否"],
    "date": ["2010-01-01", "2022-05-05", "2024-01-01"],
    "tenure": ["移交", "租赁"],
    "kinds": ["日间照料中心", "助老食堂", "敬老院", "老年活动室", "家庭养老床位"],
    "serves": ["ME", "OTHER"],
}
BUILT = {"households": "500", "age_class": "已建成", "setting": "城镇"}
STEPS = [f"{end}{step}_on" for step in ("planned", "built", "accepted") for end in ("", "care_")]
AREAS = [
    (BUILT, {"floor_area_m2": "80"}),
    (
        {"households_planned": "1000", "age_class": "新建", "setting": "城镇"},
        {"floor_area_m2": "210"},
    ),
    (
        {"households_planned": "1000", "households": "300", "setting": "城镇", "stage": "入住"}
        | {"population": "700", "population_planned": "2500", "built_year": "2024"}
        | dict.fromkeys(STEPS, "2023-12-01")
        | dict.fromkeys(("delivered_on", "care_delivered_on"), "2024-02-01")
        | dict.fromkeys(("civil_affairs_review", "civil_affairs_acceptance"), "是"),
        {"floor_area_m2": "230"},
    ),
    (
        {"households_planned": "600", "households": "500", "setting": "城镇", "built_year": "2015"},
        {"floor_area_m2": "80"},
    ),
]
ROOMS = [
    {"kinds": "日间照料中心", "floor_area_m2": "80"},
    {"kinds": "助老食堂", "floor_area_m2": "80"},
    {"kinds": "敬老院", "floor_area_m2": "800", "beds": "60", "day_service": "是"},
    {"kinds": "日间照料中心", "floor_area_m2": "160", "serves": "ME；OTHER"},
]
SAME = {  # column → values that no cell in its place can be taken for, and why
    "households": {"0"},  # nobody lives there, and nothing is asked
    "setting": {"乡村"},  # a village is no subject of the rate
    "accepted_on": set(READ["date"]),  # beside another year of completion: a slip
    "condition_on": {"2024-01-01"},  # after the area was finished
    "community_area_m2": {"0"},  # no rooms at all
}


def case_rows(layer, bases):
    """Return number of the base, column, cell and the row's cells, case by case."""
    found = []
    for number, base in enumerate(bases):
        for column, spec in columns(layer).items():
            if column not in NAMING | PLACE:
                cells = READ[spec.type] + STAGES if spec.type in READ else STAGES
                cells = ["0", "1", "3"] if column == "star" else cells
                cells = [c for c in cells if spec.type == "stage" or c not in STAGES]
                found += [(number, column, c, base | {column: c}) for c in (*cells, *UNREAD)]
    return found


def findings(folder, std, county, cases):
    """Return (number of the case, end, clause) → status; ``cases``: areas and rooms."""
    heads = {
        layer: {c: s.aliases[0] for c, s in columns(layer).items() if c not in NAMING | PLACE}
        for layer in ("residential", "facilities")
    }
    study = STUDY.replace("371721", county).replace("caoxian-2023", std)
    study = study.replace("2025-12-31", "2024-06-30")
    study = study.replace("[layers.res", "[parameters]\npersons_per_household = 2.6\n[layers.res")
    written(folder, study)
    with (
        (folder / "r.csv").open("w", encoding="utf-8") as r,
        (folder / "f.csv").open("w", encoding="utf-8") as f,
    ):
        areas, rooms = csv.writer(r), csv.writer(f)
        areas.writerow(["编号", "小区名称", "X", "Y", *heads["residential"].values()])
        rooms.writerow(["编号", "设施名称", "X", "Y", *heads["facilities"].values()])
        for number, (area, room, two) in enumerate(cases):
            x, y = 480000 + number % 40 * 2500, 3800000 + number // 40 * 2500
            mine = {c: area.get(c, "") for c in heads["residential"]}
            areas.writerow([f"R{number}", f"第{number}处院", x, y, *mine.values()])
            if two:
                other = {c: BUILT.get(c, "") for c in heads["residential"]}
                areas.writerow([f"S{number}", f"另{number}号苑", x + 300, y, *other.values()])
            has = {c: room.get(c, "") for c in heads["facilities"]}
            has["serves"] = has["serves"].replace("ME", f"R{number}").replace("OTHER", f"S{number}")
            rooms.writerow([f"F{number}", f"站{number}", x + 5, y, *has.values()])
    found = lc.assess(lc.read_study(folder)).findings
    ids = found["id"].astype(str)
    mine = ids.str.fullmatch(r"[RSF]\d+")
    found, ids = found[mine], ids[mine]
    return {
        (int(i[1:]), i[0], clause): str(status)
        for i, clause, status in zip(ids, found["clause"], found["status"], strict=True)
    }


@pytest.mark.parametrize(
    ("std", "county"),
    [("caoxian-2023", "371721"), ("pingyin-2022", "370124"), ("jinxiang-2023", "370828")],
)
def test_no_unreadable_cell_is_a_blank(tmp_path, std, county):
    plain = {"stage": "运营", "kinds": "日间照料中心"}
    told = [
        (("r", n, column), cell, (row, plain | AREAS[n][1], False))
        for n, column, cell, row in case_rows("residential", [area for area, _ in AREAS])
    ]
    told += [
        (("f", n, column), cell, (BUILT, {"stage": "运营"} | row, n == len(ROOMS) - 1))
        for n, column, cell, row in case_rows("facilities", ROOMS)
        if column != "serves" or n == len(ROOMS) - 1
    ]
    found = findings(tmp_path, std, county, [case for _, _, case in told])
    by_case: dict[int, dict[tuple[str, str], str]] = defaultdict(dict)
    for (number, end, clause), status in found.items():
        by_case[number][end, clause] = status
    groups: dict[tuple[str, int, str], dict[str, int]] = defaultdict(dict)
    for number, (group, cell, _) in enumerate(told):
        groups[group][cell] = number
    firm = {"compliant", "deficient", "not_applicable"}
    wrong = []
    for group, cells in groups.items():
        apart = SAME.get(group[2], set())
        for lost in UNREAD:
            for key, status in by_case[cells[lost]].items():
                others = {
                    cell: by_case[number].get(key, status)
                    for cell, number in cells.items()
                    if cell not in UNREAD and cell not in apart
                }
                if status in firm and any(o in firm and o != status for o in others.values()):
                    wrong.append((group, lost, key, status, others))
    assert not wrong[:5]
