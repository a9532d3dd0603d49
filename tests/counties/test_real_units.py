"""The four counties with their real code lists: every unit, and what the clauses say of them.

Facilities are invented; every expected status is worked out beside them.
"""

from __future__ import annotations

import dataclasses
import datetime as dt

import pandas as pd
import pytest

from lifecircle.case.columns import area_columns, facility_columns
from lifecircle.judge.clauses import judge_rules
from lifecircle.judge.readings import put_in_force
from lifecircle.model.dictionary import columns
from lifecircle.model.gazetteer import code_list
from lifecircle.model.tables import CONTAINMENT_COLUMNS, Tables
from lifecircle.standards import read_standard

DAY = dt.date(2025, 12, 31)
TYPES = {"0": "street", "1": "town", "2": "township"}
COUNTIES = ("370124", "370826", "370828", "371721")
UNITS = [
    (code, name, county)
    for county in COUNTIES
    for code, name in code_list(county)
    if len(code) == 9
]


def units_of(county):
    return {code: name for code, name, of in UNITS if of == county}


def judged(standard, county, facilities):
    """Judge a county without residential areas: its real units and invented facilities."""
    units = pd.DataFrame(
        [
            {"name": name, "unit_type": TYPES[code[6]], "level": "township", "parent": None}
            for code, name in units_of(county).items()
        ],
        index=pd.Index(list(units_of(county)), name="id"),
    ).assign(tekun=10.0, x=0.0, y=0.0, setting=None)
    names = [c for c in columns("facilities") if c != "id"]
    rows = pd.DataFrame(
        [{**dict.fromkeys(names), "stage": "in_use", **row} for row in facilities],
        index=pd.Index([f"F{n}" for n in range(len(facilities))], name="id", dtype=str),
        columns=names,
        dtype=object,
    )
    rows["kinds"] = [frozenset(k) for k in rows["kinds"]]
    areas = pd.DataFrame(
        columns=[c for c in columns("residential") if c != "id"],
        index=pd.Index([], name="id", dtype=str),
        dtype=object,
    )
    tables = Tables(
        areas=area_columns(areas).assign(x=0.0, y=0.0, land_area_m2=0.0),
        facilities=facility_columns(rows).assign(x=0.0, y=0.0),
        units=units,
        containment=pd.DataFrame(columns=list(CONTAINMENT_COLUMNS)),
        sharing=pd.DataFrame(columns=["facility", "residential", "m2"]),
    )
    found = read_standard(standard)
    clauses = {
        name: clause
        for name, clause in found.clauses.items()
        if clause.measure in {"unit_coverage", "assignment", "count"} and clause.unit != "areas"
    }
    rules = put_in_force(dataclasses.replace(found, clauses=clauses), DAY)
    return judge_rules(tables, rules)[1]


def centre(code, kind="township_centre", **more):
    return {"name": code, "kinds": [kind], "unit": code, "qualified": True, **more}


def counts(result):
    return {status: n for status, n in result.counts.items() if status != "not_applicable"}


def test_the_counties_have_as_many_units_as_their_documents_say():
    sizes = {county: len(units_of(county)) for county in {of for _, _, of in UNITS}}
    assert sizes == {"370826": 15, "371721": 26, "370124": 8, "370828": 13}


def test_weishans_districts_hold_each_of_the_fifteen_units_once():
    clauses = read_standard("weishan-2023").clauses
    four = [clauses[f"WS-{n}"].options.districts[0] for n in (20, 21, 22, 23)]
    named = [unit for district in four for unit in district.units]
    assert sorted(named) == sorted(units_of("370826"))
    assert [len(d.units) for d in four] == [3, 4, 4, 4]
    assert tuple(four) == clauses["WS-09c"].options.districts
    for district in four:  # each host is named after the unit it stands in, inside its district
        home = [u for u in district.units if units_of("370826")[u] in district.host]
        assert len(home) == 1
    hosts = clauses["WS-24"].where["unit"]
    assert set(hosts) | set(clauses["WS-25"].where["unit"]) == set(named)


def test_weishan():
    """Three hosts serve, the fourth is still a care home; six of the other eleven care homes do.

    WS-09c: each unit has 10 people; hosts have 30, 40 and 39 beds for 30, 40 and 40: the north is
    short, the west has no centre: 2 of 4 districts. WS-28: the 3 hosts' units only, 3 of 15.
    """
    homes = {"370826101": 30, "370826001": 40, "370826104": 39}
    kinds = ["care_home", "regional_centre"]
    rows = [
        centre(code, name=f"{units_of('370826')[code]}敬老院", kinds=kinds, beds=beds)
        | {"has_clinic": True}
        for code, beds in homes.items()
    ]
    rows.append(centre("370826109", "care_home", name="赵庙镇敬老院", beds=50))
    others = read_standard("weishan-2023").clauses["WS-25"].where["unit"]
    done = {"full_care": True, "day_service": True, "home_service": True}
    rows += [centre(code, "care_home", name=f"{code}敬老院") | done for code in others[:6]]
    found = {name: one.result for name, one in judged("weishan-2023", "370826", rows).items()}
    status = {name: str(result.status) for name, result in found.items()}
    assert [status[f"WS-{n}"] for n in (20, 21, 22, 23)] == ["compliant"] * 3 + ["deficient"]
    assert counts(found["WS-23"]) == {"deficient": 4}
    assert counts(found["WS-09c"]) == {"compliant": 2, "deficient": 2}
    assert counts(found["WS-24"]) == {"compliant": 3, "deficient": 1}
    assert counts(found["WS-25"]) == {"compliant": 6, "deficient": 5}
    assert counts(found["WS-28"]) == {"compliant": 3, "deficient": 12}
    assert (status["WS-01"], found["WS-01b"].value) == ("deficient", 3)
    assert {status[n] for n in ("WS-24", "WS-25", "WS-28", "WS-01b")} == {"deficient"}


@pytest.mark.parametrize(
    ("covered", "streets", "towns"),
    [
        (4 + 6, "compliant", "compliant"),  # 4 of 4; 6 of 9 = 66.7 % > 60 %
        (4 + 5, "compliant", "deficient"),  # 5 of 9 = 55.6 %
        (3, "deficient", "deficient"),  # 3 of 4; none
    ],
)
def test_jinxiang(covered, streets, towns):
    codes = sorted(units_of("370828"))  # streets 001–004 first, then the nine towns
    found = judged("jinxiang-2023", "370828", [centre(code) for code in codes[:covered]])
    assert str(found["JX-12"].result.status) == streets
    assert str(found["JX-13"].result.status) == towns
    assert sum(counts(found["JX-12"].result).values()) == 4
    assert sum(counts(found["JX-13"].result).values()) == 9


def test_pingyin():
    """Seven of eight units have a centre, of either name (A22); rural ones: 0 to 7 of 8."""
    codes = sorted(units_of("370124"))
    rows = [centre(code, "regional_centre") for code in codes[:3]]
    rows += [centre(code) for code in codes[3:7]]
    found = judged("pingyin-2022", "370124", rows)
    for name in ("PY-03", "PY-19", "PY-32", "PY-35"):
        result = found[name].result
        assert counts(result) == {"compliant": 7, "deficient": 1}
        assert str(result.status) == "deficient"
        assert "overdue" not in map(str, result.flags)  # the deadline is this very day
    rural = found["PY-42"].result  # which of the seven stand in a village nobody says
    assert (rural.low, rural.high, str(rural.status)) == (0, 7, "deficient")
    complete = judged("pingyin-2022", "370124", [*rows, centre(codes[7])])
    assert str(complete["PY-19"].result.status) == "compliant"


def test_caoxian():
    """25 of 26 qualified, one not said: 待核实; that one not qualified: 25 of 26, overdue."""
    codes = sorted(units_of("371721"))
    rows = [centre(code) for code in codes]
    rows[25] |= {"qualified": None}
    open_ = judged("caoxian-2023", "371721", rows)["CX-17"].result
    assert counts(open_) == {"compliant": 25, "not_assessed": 1}
    assert str(open_.status) == "not_assessed"
    rows[25] |= {"qualified": False}
    short = judged("caoxian-2023", "371721", rows)["CX-17"].result
    assert str(short.status) == "deficient"
    assert list(map(str, short.flags)) == ["overdue"]
    rows[25] |= {"qualified": True}
    assert str(judged("caoxian-2023", "371721", rows)["CX-17"].result.status) == "compliant"
