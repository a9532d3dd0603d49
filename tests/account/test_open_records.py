"""Records of which a name, or the m² of a part, is open, and what is enough for all they may mean.

Under ``caoxian-2023`` 500 households of an existing area need 75 m². Each case is a pair of areas
300 m from their rooms, 5 km from the next pair.
"""

from __future__ import annotations

import pytest
from tests.two_ledgers import STUDY, written

import lifecircle as lc

CASES = [
    # record, m² of the rooms; the verdicts of 东 and 西; m² of 东 at least and at most
    # 西 is meant or nobody: 东 has its 75 beside 西's 75, or all
    ("东{n}；西{n}（老旧）", 150, "+?", 75, 150),
    ("东{n}；西{n}（老旧）", 149, "??", 0, 149),
    ("东{n}:75；西{n}（老旧）", 100, "+?", 75, 75),
    ("西{n}；东{n}（老旧）:30", 105, "-+", 0, 30),
    ("西{n}；东{n}（老旧）:31", 105, "-?", 0, 31),
    ("西{n}；西{n}（老旧）", 75, "-+", 0, 0),
    # nobody of that name: what they need nobody knows
    ("东{n}；白云苑", 400, "??", 0, 400),
    # at least 75, perhaps all: 西 has what that leaves
    ("东{n}:75以上；西{n}", 400, "+?", 75, 400),
    ("东{n}:不少于75；西{n}", 400, "+?", 75, 400),
    ("东{n}:75以上；西{n}:75", 400, "++", 75, 325),
    ("东{n}:74以上；西{n}:75", 400, "?+", 74, 325),
    ("东{n}:74以上；西{n}:75", 149, "-+", 74, 74),
    ("东{n}:75以上；西{n}:75以上", 400, "++", 75, 325),
    ("西{n}；东{n}（老旧）:75以上", 400, "??", 0, 400),
    # at most 75, perhaps nothing: 西 has 75 beside them
    ("东{n}:75以下；西{n}", 400, "?+", 0, 75),
    ("东{n}:不足75；西{n}", 400, "-+", 0, 74.99),
    # some of it, which may be all
    ("东{n}:若干；西{n}", 400, "??", 0, 400),
    # any in the range; it leaves 310 m² at least
    ("东{n}:80-90；西{n}", 400, "++", 80, 90),
    ("东{n}:70-80；西{n}", 400, "?+", 70, 80),
    ("东{n}:70-80；西{n}", 155, "?+", 70, 80),
    ("东{n}:70-80；西{n}", 154, "??", 70, 80),
    # round figures are tried at their ends, as ever
    ("东{n}:约85；西{n}", 400, "++", 85, 85),
]
SIGNS = {"compliant": "+", "deficient": "-", "not_assessed": "?"}


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """Return the findings of both areas of every case."""
    r, f = (
        "编号,小区名称,户数,类别,城乡,X,Y\n",
        "编号,设施名称,设施类型,状态,建筑面积,服务小区,X,Y\n",
    )
    for n, (record, m2, *_) in enumerate(CASES):
        x, y = 349000 + 5000 * (n % 6), 3834000 + 5000 * (n // 6)
        for side, east in (("东", 0), ("西", 600)):
            r += f"{side}{n},{side}{n + 100}园,500,已建成,城镇,{x + east},{y}\n"
        said = record.replace("{n}", f"{n + 100}园")
        f += f"F{n},和睦站{chr(0x4E00 + 7 * n)},日间照料中心,运营,{m2},{said},{x + 300},{y}\n"
    folder = tmp_path_factory.mktemp("records")
    found = lc.assess(lc.read_study(written(folder, STUDY, r=r, f=f)))
    return found.findings[found.findings["clause"] == "CX-03"].set_index("id")


@pytest.mark.parametrize("n", range(len(CASES)), ids=[f"{c[0]} {c[1]}" for c in CASES])
def test_what_a_record_leaves_for_certain(told, n):
    _, _, signs, low, high = CASES[n]
    rows = told.loc[[f"东{n}", f"西{n}"]]
    assert "".join(SIGNS[str(one)] for one in rows["status"]) == signs
    assert rows.loc[f"东{n}", ["low", "high"]].tolist() == pytest.approx([low, high])
    open_ = [row.reason for row in rows.itertuples() if row.status == "not_assessed"]
    assert all(reason.code.startswith(("record_", "quota_undecided")) for reason in open_)
