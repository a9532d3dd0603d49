"""Clauses read word by word: whom they speak of, and what of them, by the grammar of the document.

Each line is read off the quote by hand. 养老机构 is one set; a centre is one by its beds.
"""

from __future__ import annotations

import pytest

from lifecircle.model.dictionary import INSTITUTIONS
from lifecircle.standards import read_form, read_standard

SETS = (INSTITUTIONS,)
CENTRES = ("regional_centre", "township_centre")

CLAUSES = {
    # 养老机构…率: all of them, the centres with beds too (A16)
    "weishan-2023": {
        "WS-13": {"kinds": SETS},
        "WS-14": {"kinds": SETS},
        "WS-15": {"kinds": SETS},
        "WS-16": {"kinds": SETS},
        "WS-27": {"kinds": SETS},
        "WS-32": {"kinds": SETS},
        # 未设立医疗机构的，…签约率: of those without a clinic, with a contract alone
        "WS-18": {"kinds": SETS, "without": ("has_clinic",), "all_of": ("medical_contract",)},
        # 民办养老机构设置失智专区: of the private ones
        "WS-12": {"kinds": SETS, "among": ("private",), "all_of": ("dementia_zone",)},
        # 配建率: whatever has countable rooms
        "WS-03": {"kinds": ("group:community",), "countable_m2": True},
        "WS-30b": {"kinds": ("group:community",), "countable_m2": True},
        # 县级综合养老服务中心
        "WS-01": {"kinds": ("county_centre",)},
        # 全部敬老院
        "WS-29": {"kinds": ("care_home",), "star_at_least": 2},
        # 区域性养老服务中心或乡镇综合养老服务中心, 达到标准的
        "WS-28": {"kinds": CENTRES, "qualified": True},
    },
    "caoxian-2023": {
        "CX-10": {"kinds": SETS},
        "CX-11": {"kinds": SETS, "deadline": None},
        "CX-12": {"deadline": None},
        "CX-13": {"deadline": None},
        "CX-16": {"kinds": SETS},
    },
    "jinxiang-2023": {
        "JX-17": {"kinds": SETS},
        "JX-19": {"kinds": SETS},
        "JX-20": {"kinds": SETS},
        "JX-21": {"kinds": SETS},
        "JX-23": {"kinds": SETS},
    },
    "pingyin-2022": {
        "PY-09": {"kinds": SETS},
        "PY-10": {"kinds": SETS},
        "PY-21": {"kinds": SETS},
        "PY-57": {"kinds": SETS},
        # 农村区域综合性照护中心: in the country alone
        "PY-42": {"kinds": CENTRES, "setting": "rural"},
        # 社区嵌入式医养综合体, 街道（镇）全覆盖: either name of a centre (A22), with medicine
        "PY-45": {"kinds": CENTRES, "any_of": ("has_clinic", "medical_contract")},
    },
}
READ = [(standard, name) for standard, found in CLAUSES.items() for name in found]


@pytest.mark.parametrize(("standard", "name"), READ)
def test_whom_a_clause_speaks_of(standard, name):
    clause = read_standard(standard).clauses[name]
    for what, expected in CLAUSES[standard][name].items():
        holder = clause if what in {"kinds", "deadline"} else clause.options
        assert getattr(holder, what) == expected, what


def test_py_11_takes_every_house_that_serves_old_people():
    """养老服务机构 is wider than 养老机构: day-care centres are some."""
    clause = read_standard("pingyin-2022").clauses["PY-11"]
    assert {"day_care", "community_station", "happiness_home", *CENTRES} <= set(clause.kinds)


@pytest.mark.parametrize("form", ["weishan", "caoxian"])
def test_the_form_s_institutions_are_the_clauses(form):
    """消防验收, 标准, 登记, 医疗: 养老机构 again, wherever a form has a clause of its own."""
    mine = [
        clause
        for clause in read_form(form).clauses.values()
        if clause.measure in {"facility_share", "count"} and "养老机构" in clause.quote
    ]
    assert mine
    assert {clause.kinds for clause in mine} == {SETS}
