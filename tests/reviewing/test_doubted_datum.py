"""A proposal beside positions that look like another datum: open where the datum decides."""

from __future__ import annotations

import pytest
from tests.assessing.test_doubted_positions import X0, Y0, county

import lifecircle as lc
from lifecircle.intake import read_study
from lifecircle.model.status import Flag

PLOT = """
[project]
"项目名称" = "试点"
crs = "EPSG:4548"
{more}
[[plots]]
id = "P1"
"地块名称" = "试地"
"规划户数" = 300
"类别" = "新建"
"城乡" = "城镇"
X = {x}
Y = {y}
"用地面积" = 400
[[facilities]]
id = "N1"
"设施名称" = "{room}"
"设施类型" = "{kind}"
"建筑面积" = 100
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Six rooms that GCJ-02 moves by 514 m east and 79 m south; X and Y stand west and east."""
    folder = tmp_path_factory.mktemp("doubted")
    county(folder, {"X": (-700, 0), "Y": (1350, 0)})
    return folder, read_study(folder / "study.toml")


def reviewed(study, east, more="", kind="老年食堂"):
    """Review a plot so far east of the first room, with rooms that reach no community group."""
    folder, read = study
    told = {"x": X0 + 60 + east, "y": Y0 + 30, "more": more, "kind": kind, "room": "用房"}
    (folder / "p.toml").write_text(PLOT.format(**told), encoding="utf-8")
    return lc.review(read, lc.read_proposal(folder / "p.toml", read))


@pytest.mark.parametrize(
    ("east", "status", "ends"),
    [
        (-700, "not_assessed", (700, 1207)),
        (1350, "not_assessed", (847, 1350)),
        (250, "compliant", None),
        (2000, "deficient", None),
    ],
)
def test_a_radius_to_what_stands_is_open_where_the_datum_decides(study, east, status, ends):
    review = reviewed(study, east)
    (row,) = [one for one in review.clauses if one.id == "REF-radius-community"]
    assert str(row.status) == status
    assert Flag.DATUM_DOUBTED in row.flags
    if ends:
        assert (row.low, row.high) == (pytest.approx(ends[0], abs=1), pytest.approx(ends[1], abs=1))
        assert str(row.reason.code) == "datum_doubted"
    (rooms,) = [one for one in review.clauses if one.id == "CX-01"]
    assert Flag.DATUM_DOUBTED not in rooms.flags


def test_what_a_neighbour_loses_is_open_where_the_datum_decides(study):
    """F0 is within 1000 m of Y as read, and of X in GCJ-02; R0 has it by name either way."""
    review = reviewed(study, 9000, '"拆除设施" = "F0"\n', kind="社区养老服务用房")
    told = {(e.residential, e.clause): (e.blocking, e.open) for e in review.side_effects}
    assert told["R0", "CX-03"] == (True, False)
    assert told["X", "CX-06"] == (False, True)
    assert told["Y", "CX-06"] == (False, True)
    assert told["R0", "CX-06"] == (True, False)
