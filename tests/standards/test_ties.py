"""Every choice a study may switch to: a case that comes out otherwise than under the default.

A reading is printed with its choice; that choice has to be what was computed. So every measure a
choice acts on in the shipped documents has a case here, worked out by hand under both choices.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass

import pytest

from lifecircle.judge.readings import put_in_force
from lifecircle.standards import read_standard, readings

DAY = dt.date(2024, 6, 30)
DOCUMENTS = {
    "WS": "weishan-2023",
    "CX": "caoxian-2023",
    "PY": "pingyin-2022",
    "JX": "jinxiang-2023",
}
ELSEWHERE = {
    ("A17", "accepted", "radius"): "tests/assessing/test_switches.py, RUNS: R3",
    ("A17", "accepted", "walk"): "tests/assessing/test_walked_readings.py",
    ("A18", "for_distance", "radius"): "tests/case/test_border.py",
    ("A18", "for_distance", "walk"): "tests/case/test_border.py",
    ("A33", "from_villages", "assignment"): "tests/measures/units/test_assignment.py, villages",
}
"""Choices that change what is sought on the ground, not how a table is read."""

STREET, TOWN = "370826001", "370826111"
C1, C2, V1 = f"{STREET}001", f"{STREET}002", f"{TOWN}200"
NEW, PUT = {"age_class": "new"}, "handed_over"
CENTRE = {"kinds": ["township_centre"], "unit": STREET, "qualified": True}


@dataclass(frozen=True)
class Tie:
    """One case: the statuses of its subjects (or the clause's value) by default, and switched."""

    reading: str
    choice: str
    clause: str
    default: object
    switched: object
    case: dict
    subject: str | None = None

    def __str__(self):
        return f"{self.reading}={self.choice} {self.clause}"


def quota(households, m2, *, near="E", room="F", at=0, **area):
    """Return an area with households and one room beside it."""
    return {
        "areas": {near: {"households": households, **area}},
        "facilities": {room: {"floor_area_m2": m2}},
        "near": [[room, near, at, at]],
    }


def joined(*cases, **more):
    """Return several cases as one."""
    found = {"areas": {}, "facilities": {}, "near": []}
    for case in cases:
        found["areas"] |= case["areas"]
        found["facilities"] |= case["facilities"]
        found["near"] = found["near"] + case["near"]
    return found | more


def put(case, **room):
    """Return a case with more said of its room F."""
    return case | {"facilities": {**case["facilities"], "F": {**case["facilities"]["F"], **room}}}


def within(**reach):
    """Return an area that reaches something so far away."""
    return {"areas": {"E": {"households": 100}}, "reach": {"E": reach}}


def seats(*units, **facilities):
    """Return units by code, and facilities by name."""
    kinds = {STREET: "street", TOWN: "town", C1: "community", C2: "community", V1: "village"}
    found = {code: {"unit_type": kinds[code], "x": 400 * n} for n, code in enumerate(units)}
    return {"units": found, "facilities": facilities}


# 400 households: 60 m² in Caoxian (15), 80 in Jinxiang (20)
MET, MISSED = quota(100, 15), quota(900, 0, near="G", room="H")
HALF = joined(MET, MISSED)
PEOPLE = joined(quota(100, 15, population=300), quota(900, 0, near="G", room="H", population=700))
SHARED = joined(
    quota(400, 120), quota(400, 0, near="G", room="H"), sharing=[["F", "E", "?"], ["F", "G", "?"]]
)
SHARED["near"] = [*SHARED["near"], ["F", "G", 300, 300]]
SPARE = SHARED | {"sharing": []}
POOLED = {
    "areas": {n: {"households_planned": 300, **NEW} for n in ("N", "M")},
    "facilities": {"F": {"floor_area_m2": 220}},
    "near": [["F", "N", 0, 0], ["F", "M", 40, 40]],
    "sharing": [["F", "N", "?"], ["F", "M", "?"]],
}
SMALL = {
    "areas": {n: {"households_planned": h, **NEW} for n, h in (("N", 600), ("M", 300))},
    "facilities": {"F": {"floor_area_m2": 150}, "G": {"floor_area_m2": 400}},
    "near": [["F", "N", 0, 0], ["G", "M", 0, 0], ["G", "N", 300, 300]],
    "sharing": [["G", "M", "?"], ["G", "N", "?"]],
}
VILLAGE = {"setting": "urban", "community": f"{STREET}210"}
NEARLY = within(radius_m=900, radius_share=0.4, walk_m=900, walk_share=0.4)
MOSTLY = within(radius_m=1100, radius_share=0.85, walk_m=1100, walk_share=0.85)
HOST = {"name": "韩庄镇区域性养老服务中心", "kinds": ["regional_centre"], "unit": "370826101"}
BEDS = {"F": {"kinds": ["care_home"], "beds": 100, "nursing_beds": 70}}

TIES = [
    # by areas 1 of 2; by households 100 of 1000; by people 300 of 1000
    Tie("A1", "households", "CX-07", 50.0, 10.0, HALF),
    Tie("A1", "population", "CX-07", 50.0, 30.0, PEOPLE),
    # G needs 60 m² and has none of its own; F has 120, gives 60 to E and by record the rest to G
    Tie("A3", "own", "CX-03", "compliant", "deficient", SHARED, "G"),
    Tie("A3", "allocated", "CX-03", "deficient", "compliant", SPARE, "G"),
    # 350 households: 52.5 m², or four started hundreds: 60
    Tie("A5", "ceil", "CX-03", "compliant", "deficient", quota(350, 52.5), "E"),
    # 100 built: 15 m²; 150 planned: 22.5
    Tie(
        "A6",
        "planned",
        "CX-03",
        "compliant",
        "deficient",
        quota(100, 18, households_planned=150),
        "E",
    ),
    # a new area of 300 planned: 60 m²; of 400 built: 80
    Tie(
        "A6",
        "built",
        "CX-01",
        "compliant",
        "deficient",
        quota(400, 60, households_planned=300, **NEW),
        "E",
    ),
    # existing: 80 m² at 20 a hundred; or a place of 200
    Tie("A8", "all_areas", "JX-06", "compliant", "deficient", quota(400, 80), "E"),
    Tie("A8", "all_areas", "JX-04", "not_applicable", "deficient", quota(400, 80), "E"),
    # N and M need a place of 200 each; pooled 90 m² each of one of 220
    Tie("A8", "pooled", "JX-03", "deficient", "compliant", POOLED, "M"),
    # N needs a place of 200 and has one of 150; pooled it takes 180 of the 310 m² that M leaves of
    # 400, and its own small place is no fault
    Tie("A8", "pooled", "JX-04", "deficient", "not_applicable", SMALL, "N"),
    # 1000 households at the province's 15: 150 m²; or any room
    Tie("A11", "has_facility", "PY-24", "deficient", "compliant", quota(1000, 50), "E"),
    # 500 planned at the province's 20: 100 m²; or any room
    Tie(
        "A12",
        "has_facility",
        "WS-30",
        "deficient",
        "compliant",
        quota(0, 50, households_planned=500, **NEW),
        "E",
    ),
    # the point is inside, four tenths of the area are
    *(
        Tie("A14", choice, clause, "compliant", "deficient", NEARLY, "E")
        for clause in ("CX-06", "CX-05")
        for choice in ("whole", "share>=0.5")
    ),
    # the point is outside, 85 % of the area are inside; 90 % are not
    *(
        Tie("A14", "share>=0.8", clause, "deficient", "compliant", MOSTLY, "E")
        for clause in ("CX-06", "CX-05")
    ),
    *(
        Tie("A14", "share>=0.9", clause, "compliant", "deficient", NEARLY, "E")
        for clause in ("CX-06", "CX-05")
    ),
    # 900 m in a straight line, 1,200 on foot
    Tie(
        "A14", "network", "CX-06", "compliant", "deficient", within(radius_m=900, walk_m=1200), "E"
    ),
    # handed over, not yet in use
    Tie("A17", "in_use", "CX-03", "compliant", "deficient", put(quota(400, 60), stage=PUT), "E"),
    Tie("A17", "in_use", "WS-30b", "compliant", "deficient", put(quota(400, 60), stage=PUT), "E"),
    Tie(
        "A17",
        "in_use",
        "JX-04",
        "compliant",
        "not_applicable",
        put(quota(0, 250, households_planned=600, **NEW), stage=PUT),
        "E",
    ),
    Tie(
        "A17",
        "accepted",
        "WS-01",
        0.0,
        1.0,
        {"facilities": {"F": {"kinds": ["county_centre"], "stage": PUT}}},
    ),
    # in use: 1 of 1 beside a health centre; with the one handed over 1 of 2
    Tie(
        "A17",
        "accepted",
        "WS-05",
        100.0,
        50.0,
        {
            "facilities": {
                "F": {"kinds": ["care_home"], "x": 0},
                "G": {"kinds": ["care_home"], "x": 9000, "stage": PUT},
                "H": {"kinds": ["health_centre"], "x": 0},
            }
        },
    ),
    Tie(
        "A17",
        "accepted",
        "WS-20",
        "deficient",
        "compliant",
        seats(TOWN, F=HOST | {"stage": PUT}),
        TOWN,
    ),
    Tie(
        "A17",
        "accepted",
        "CX-17",
        "deficient",
        "compliant",
        seats(STREET, F=CENTRE | {"stage": PUT}),
        STREET,
    ),
    Tie(
        "A17",
        "accepted",
        "CX-09",
        0.0,
        600.0,
        {"facilities": {"F": {"kinds": ["family_bed"], "family_beds": 600, "stage": PUT}}},
    ),
    # registered 1 of 1; with the one handed over 1 of 2
    Tie(
        "A17",
        "accepted",
        "WS-13",
        100.0,
        50.0,
        {
            "facilities": {
                "F": {"kinds": ["care_home"], "registered": True},
                "G": {"kinds": ["care_home"], "registered": False, "stage": PUT},
            }
        },
    ),
    # 70 of 100 beds; with 100 more of which none is a nursing bed 70 of 200
    Tie(
        "A17",
        "accepted",
        "CX-16",
        70.0,
        35.0,
        {
            "facilities": BEDS
            | {"G": {"kinds": ["care_home"], "beds": 100, "nursing_beds": 0, "stage": PUT}}
        },
    ),
    Tie(
        "A20",
        "assigned",
        "WS-28",
        "deficient",
        "compliant",
        seats(TOWN, F=HOST | {"qualified": True}),
        TOWN,
    ),
    # three regional centres and a township's own: four of the two kinds
    Tie(
        "A22",
        "either",
        "WS-09b",
        3.0,
        4.0,
        {
            "facilities": {
                "F": {"kinds": ["township_centre"]},
                "G": {"kinds": ["regional_centre"], "times": 3},
            }
        },
    ),
    Tie(
        "A22",
        "either",
        "JX-12",
        "deficient",
        "compliant",
        seats(STREET, F={"kinds": ["regional_centre"], "unit": STREET}),
        STREET,
    ),
    # a 幸福院 with 100 beds for the day is no 养老机构
    Tie(
        "A24",
        "all_beds",
        "CX-16",
        70.0,
        35.0,
        {"facilities": BEDS | {"G": {"kinds": ["happiness_home"], "beds": 100, "nursing_beds": 0}}},
    ),
    Tie(
        "A25",
        "more_than",
        "PY-04",
        "compliant",
        "deficient",
        {"facilities": {"F": {"kinds": ["care_home"], "beds": 1000, "public_beds": 1000}}},
        "county",
    ),
    # a residents' committee whose code of 2023 is a village's
    Tie(
        "A26",
        "statistical_code",
        "WS-10",
        "deficient",
        "not_applicable",
        {"units": {C1: {"unit_type": "community", "setting": "rural"}}},
        C1,
    ),
    Tie(
        "A26",
        "committee",
        "PY-06",
        "not_applicable",
        "deficient",
        {"units": {C1: {"unit_type": "community", "setting": "rural"}}},
        C1,
    ),
    # a villagers' committee that the ledger calls urban
    Tie("A26", "committee", "CX-03", "deficient", "not_applicable", quota(400, 0, **VILLAGE), "E"),
    Tie(
        "A26",
        "committee",
        "CX-02",
        "not_assessed",
        "not_applicable",
        quota(0, 60, households_planned=300, **NEW, **VILLAGE),
        "E",
    ),
    Tie(
        "A26",
        "committee",
        "PY-33b",
        "compliant",
        "not_applicable",
        quota(400, 60, **VILLAGE | {"age_class": "old"}),
        "E",
    ),
    Tie(
        "A26",
        "committee",
        "PY-33",
        "compliant",
        None,
        quota(400, 60, **VILLAGE | {"age_class": "old"}),
        "E",
    ),
    *(
        Tie(
            "A26",
            "committee",
            clause,
            "compliant",
            "not_applicable",
            within(radius_m=900, walk_m=900) | {"areas": {"E": {"households": 100, **VILLAGE}}},
            "E",
        )
        for clause in ("CX-06", "CX-05")
    ),
    Tie(
        "A26",
        "committee",
        "JX-04",
        "compliant",
        "not_applicable",
        quota(0, 250, households_planned=600, **NEW, **VILLAGE),
        "E",
    ),
    # of two natural villages of one administrative village one has the home
    Tie(
        "A27",
        "natural_villages",
        "PY-23",
        100.0,
        50.0,
        {
            "areas": {
                n: {"households": 80, "setting": "rural", "community": V1} for n in ("E", "G")
            },
            "units": {V1: {"unit_type": "village"}},
            "facilities": {
                "F": {"kinds": ["happiness_home"], "community": V1, "floor_area_m2": 100}
            },
            "near": [["F", "E", 0, 0]],
        },
    ),
    # C2 has none of its own; one of C1 stands 400 m from its seat
    Tie(
        "A28",
        "or_radius",
        "WS-10",
        "deficient",
        "compliant",
        seats(C1, C2, F={"kinds": ["day_care"], "community": C1, "x": 0}),
        C2,
    ),
    # the quota is met, the radius is not
    Tie(
        "A35",
        "with_radius",
        "CX-07",
        "compliant",
        "deficient",
        quota(100, 15) | {"reach": {"E": {"radius_m": 1500}}},
        "E",
    ),
    Tie(
        "A35",
        "all_urban",
        "CX-06",
        "not_applicable",
        "deficient",
        quota(0, 60, households_planned=300, **NEW) | {"reach": {"E": {"radius_m": 1500}}},
        "E",
    ),
]


@pytest.mark.parametrize("tie", TIES, ids=str)
def test_the_choice_that_is_printed_is_what_is_computed(judge_seen, tie):
    sheet = {"standard": DOCUMENTS[tie.clause[:2]], "as_of": DAY}

    def found(**taken):
        judged = judge_seen(sheet, {"clause": tie.clause, **tie.case, **taken})
        if tie.subject is None:
            return judged.result.value
        return judged.findings["status"].get(tie.subject)

    assert found() == tie.default
    assert found(readings={tie.reading: tie.choice}) == tie.switched
    assert tie.default != tie.switched


def acted_on():
    """Return (reading, choice, measure) of all that a switch changes in the shipped documents."""
    needed = set()
    for name in DOCUMENTS.values():
        rules = put_in_force(read_standard(name), DAY)
        for spec in readings().values():
            for choice in spec.switchable:
                other = put_in_force(rules.standard, DAY, {spec.id: choice})
                needed |= {
                    (spec.id, choice, rule.measure)
                    for rule in rules
                    if spec.id in rule.readings
                    and other[rule.id].readings[spec.id] == choice != rule.readings[spec.id]
                }
    return needed


READ_WHILE_MEASURING = {"A3", "A5", "A6", "A14", "A17", "A18", "A26", "A28", "A33"}
"""Readings that tables and measures ask for; ``put_in_force`` makes rules of the rest."""


@pytest.mark.parametrize("name", [*DOCUMENTS.values(), "quotas-by-province", "shandong"])
def test_no_clause_prints_a_choice_that_makes_the_same_rule(name):
    """A clause that would be judged alike under another choice does not print which it takes.

    PY-05 says 超过1000: with A25 it printed 不少于 and was judged by more than.
    """
    rules = put_in_force(read_standard(name), DAY)
    for spec in readings().values():
        for choice in () if spec.id in READ_WHILE_MEASURING else spec.switchable:
            other = put_in_force(rules.standard, DAY, {spec.id: choice})
            for rule in rules:
                taken, made = rule.readings.get(spec.id), other[rule.id]
                if made.readings.get(spec.id) == taken or spec.id == "A8":
                    continue  # A8 pooled: the quota beside JX-04 pools, it only says so too
                alike = [dataclasses.replace(one, readings={}) for one in (rule, made)]
                assert alike[0] != alike[1], (rule.id, spec.id, choice)


def test_a_choice_that_a_document_gives_nothing_to_act_on_is_not_printed():
    """Jinxiang asks for no radius and has no service districts: neither is taken there."""
    choices = {"A20": "assigned", "A35": "with_radius"}
    rules = put_in_force(read_standard("jinxiang-2023"), DAY, choices)
    assert rules["JX-07"].readings["A35"] == "quota_only"
    assert rules["JX-13"].readings["A20"] == "own_territory"
    taken = put_in_force(read_standard("caoxian-2023"), DAY, choices)
    assert taken["CX-07"].readings["A35"] == "with_radius"
    assert taken["CX-07"].options.clauses == ("CX-01", "CX-03", "CX-06")
    taken = put_in_force(read_standard("weishan-2023"), DAY, choices)
    assert taken["WS-28"].readings["A20"] == "assigned"


def test_every_choice_has_a_tie_in_every_measure_it_acts_on():
    measure = {
        rule.id: rule.measure
        for n in DOCUMENTS.values()
        for rule in put_in_force(read_standard(n), DAY)
    }
    tied = {(tie.reading, tie.choice, measure[tie.clause]) for tie in TIES}
    assert acted_on() - tied - ELSEWHERE.keys() == set()
    assert not tied & ELSEWHERE.keys()
