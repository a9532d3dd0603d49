"""Streets with states and days, gates, and what rooms say, where layers are in three datums.

Of each estate of 500 households the room is 600 m along a lane of its own and 600 + 2 × 300 = 1200
m by the road round it; CX-05 asks for a walk of 1000 m. So the lane decides. Of an estate with a
gate 65 m west the room is 960 m east along an open lane: 960 m from the middle, 65 + 65 + 960 =
1090 m by the gate. What is expected was written down before it was run.
"""

from __future__ import annotations

import json

import pytest
from tests.counties.worlds import (
    C,
    D,
    Kind,
    N,
    areas,
    judged,
    numbered,
    one,
    place,
    room,
    rooms,
    table,
)
from tests.two_ledgers import STUDY

from lifecircle.model.problem.suspected import suspects
from lifecircle.model.status import Flag

PAST, AHEAD = "2024年5月", "2026年6月"


def by(name, expected, rooms=(), *, lane=None, **more):
    """Return an estate with what is said of its lane, and the verdict on its walk."""
    return Kind(name, ("", expected), rooms or one(east=600), **more), lane or {}


def gated(name, expected, *gates):
    return by(name, expected, one(east=960), gates=tuple((-65, said) for said in gates))


ESTATES = (
    by("杉木苑", C),
    by("柏树苑", C, lane={"状态": "已通车"}),
    by("楠竹苑", D, lane={"状态": "规划"}),
    by("檀香苑", D, lane={"状态": "在建"}),
    by("香樟苑", C, lane={"状态": "已通车", "通车时间": PAST}),
    by("乌桕苑", D, lane={"状态": "已通车", "通车时间": AHEAD}),
    by("黄杨苑", N, lane={"状态": "已通车", "通车时间": "待定"}),
    by("重阳苑", C, lane={"状态": "已通车", "通车时间": "不详"}),
    by("苦楝苑", N, lane={"状态": "在建", "通车时间": PAST}),
    by("水曲苑", D, lane={"状态": "在建", "通车时间": "待定"}),
    by("栾树苑", N, lane={"状态": "规划", "通车时间": PAST}),
    by("构树苑", D, lane={"备注": "规划道路，预计2030年底建成通车"}),
    by("朴树苑", D, lane={"状态": "废弃"}),
    by("榉木苑", D, lane={"状态": "已通车", "封闭时间": "2024年"}),
    by("黄栌苑", N, lane={"状态": "说不清"}),
    # what rooms say beside an open lane, and beside one that is not there
    by("栓皮苑", N, one(east=600, 状态="移交", 启用时间=PAST)),
    by("麻栎苑", D, one(east=600, 状态="移交", 启用时间=PAST), lane={"状态": "规划"}),
    by("锥栗苑", N, one(east=600, 备注="停用整改")),
    by("青冈苑", C, (room(east=600, 备注="停用整改"), room(east=700))),
    by("鹅掌苑", N, one(east=None, 服务小区="鹅掌苑")),
    by("含笑苑", C, lane={"状态": "已通车"}, area={"户数": "约500"}),
    # gates: open, open since, shut in one of three ways, not there yet, one of two
    gated("厚朴苑", D, {"是否开放": "是"}),
    gated("瑞香苑", D, {"是否开放": "是", "启用时间": PAST}),
    gated("结香苑", N, {"是否封闭": "是"}),
    gated("溲疏苑", N, {"备注": "已封闭"}),
    gated("绣线苑", N, {"是否开放": "否"}),
    gated("木香苑", N, {"是否开放": "是", "启用时间": AHEAD}),
    gated("棣棠苑", N, {"是否开放": "是", "启用时间": "待定"}),
)
KINDS = tuple(kind for kind, _ in ESTATES)
COLUMNS = ("状态", "通车时间", "封闭时间", "备注")


def streets(datum):
    """Return the lanes and the roads round as GeoJSON, as a map of a datum has them."""

    def line(n, spots, said):
        cells = [place(n, east, datum or "cgcs2000", north) for east, north in spots]
        spots = [[cell["经度"], cell["纬度"]] for cell in cells]
        told = {"highway": "residential"} | dict.fromkeys(COLUMNS) | said
        shape = {"type": "LineString", "coordinates": spots}
        return {"type": "Feature", "properties": told, "geometry": shape}

    found = []
    for n, (_, said) in enumerate(ESTATES):
        found.append(line(n, [(-200, 0), (0, 0)], {}))
        found.append(line(n, [(0, 0), (600, 0)], said))
        found.append(line(n, [(600, 0), (3800, 0)], {}))
        found.append(line(n, [(0, 0), (0, 300), (600, 300), (600, 0)], {}))
        if n % 6 == 0:  # the rows of estates are joined
            found.append(line(n, [(-200, 0), (-200, -4000)], {}))
    return json.dumps({"type": "FeatureCollection", "features": found}, ensure_ascii=False)


WAYS = {
    "metres": ([""], [""], "cgcs2000"),
    "facilities in GCJ-02": (["wgs84"], ["gcj02"], "cgcs2000"),
    "streets in GCJ-02, rooms in BD-09": (["cgcs2000"], ["bd09"], "gcj02"),
    "rows of three datums, streets in BD-09": (["bd09", "wgs84"], ["gcj02", "cgcs2000"], "bd09"),
}


@pytest.fixture(params=WAYS)
def found(request, tmp_path):
    homes, places, drawn = WAYS[request.param]
    study = STUDY
    for name, datums in (("r", homes), ("f", places)):
        if datums[0]:
            said = f'"{name}.csv"\ncoordinates = "{datums[0]}"'
            study = study.replace(f'"{name}.csv"\ncrs = "EPSG:4548"', said)
    study += f'[layers.streets]\npath = "s.geojson"\ncoordinates = "{drawn}"\n'
    (tmp_path / "s.geojson").write_text(streets(drawn), encoding="utf-8")
    listed = numbered((row for row, *_ in areas(KINDS, homes)), "R")
    rows = numbered((row for _, row in rooms(KINDS, places)), "F")
    return judged(tmp_path, KINDS, study, r=table(listed), f=table(rows))


def test_what_is_said_of_streets_comes_to_the_same(found):
    """In metres each room 600 m east is what GCJ-02 unsaid would look like: that is said there.

    Until somebody answers, verdicts that it would turn are open, and no others.
    """
    told = found.findings[found.findings["clause"] == "CX-05"]
    got = [(kind.name, str(one)) for kind, one in zip(KINDS, told["status"], strict=True)]
    doubted = [Flag.DATUM_DOUBTED in flags for flags in told["flags"]]
    suspected = any(suspects(found.problems))
    assert suspected == any(doubted)
    wanted = [
        (kind.name, N if doubt and status == N else kind.expected[1])
        for kind, doubt, (_, status) in zip(KINDS, doubted, got, strict=True)
    ]
    assert [pair for pair in zip(got, wanted, strict=True) if pair[0] != pair[1]] == []
