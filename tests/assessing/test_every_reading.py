"""Every reading that is printed and cannot be switched: a case the other choice would turn.

Expected values are worked out in the comments. Switchable readings have such cases in
``tests/assessing/test_switches.py`` (RUNS) and in the rule cases.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from pathlib import Path

import pandas as pd
import pytest

import lifecircle as lc
from lifecircle.intake.ledger.values import read_value
from lifecircle.judge.rates import rate_status
from lifecircle.model.dictionary import columns
from lifecircle.model.inputs.parameters import Parameters, reading_figures
from lifecircle.model.problem import ProblemCode
from lifecircle.model.status import Flag, Status
from lifecircle.outputs.report.readings_taken import readings_taken
from lifecircle.outputs.words.wording import Wording
from lifecircle.standards import readings

ELSEWHERE = {
    "A15": ("standards/caoxian-2023.toml", "CX-05 at the study's own speed"),
    "A29": ("case/test_age_class.py", "def test_the_dates_tell_the_class"),
    "A30": ("standards/jinxiang-2023.toml", "handed over before it is accepted, as the housing is"),
    "A31": ("scoring/test_scoring.py", "def test_figures_without_a_formula_are_for_a_person"),
    "A33": ("measures/units/test_assignment.py", "def test_villages_stand_in_for_the_seat_and_may"),
    "A37": ("reviewing/test_neighbours.py", "def test_what_is_too_far_to_make_up_is_refused"),
    "A41": ("standards/pingyin-2022.toml", "one unit lacks one"),
    "A42": ("standards/jinxiang-2023.toml", "JX-11 one place of two stars"),
}
"""Where a reading that needs more than a few areas has its case."""


@pytest.fixture
def judge(town, make_layer):
    """Return a function: areas and facilities, id → (metres east, columns) → an Assessment."""

    def run(standard, areas, rooms, sharing=(), **more):
        return lc.assess(
            town(
                standards=(standard,),
                residential=make_layer("residential", areas, setting="urban", stage="in_use"),
                facilities=make_layer(
                    "facilities", rooms, stage="in_use", kinds=frozenset({"day_care"})
                ),
                sharing=pd.DataFrame(
                    [(*pair, math.nan) for pair in sharing],
                    columns=["facility", "residential", "m2"],
                ),
                **more,
            )
        )

    return run


def found(result, clause, area):
    return result.findings.set_index(["clause", "id"]).loc[(clause, area)]


def of(*kinds, **columns_):
    return {"kinds": frozenset(kinds), **columns_}


TESTS = Path(__file__).parents[1]
FIGURES = {"A4": ("50", "30"), "A15": ("1000", "720"), "A39": ("50", "30"), "A40": ("20", "5")}
"""Reading → a figure that it names by default, and under a study's own parameters."""
POOLED = {"zh": "并入片区", "en": "pool"}
NEW = {"age_class": "new", "households_planned": 300}
OLD = {"age_class": "existing", "households": 200}


def test_a2_counts_are_compared_not_percentages():
    status = pd.Series([Status.COMPLIANT] * 1999 + [Status.DEFICIENT])
    assert rate_status(status, "=", 100.0) is Status.DEFICIENT
    assert Wording("zh").percent(1999 / 2000) == "99.9 %"  # rounded it would be 100


def test_a4_a_new_area_takes_no_shared_rooms(judge):
    # F stands in E and serves N by record too: 200 − 30 = 170 m² are left, N needs 20 × 3 = 60
    result = judge(
        "caoxian-2023",
        {"N": (400, NEW), "E": (0, OLD)},
        {"F": (0, of("day_care", floor_area_m2=200))},
        [("F", "E"), ("F", "N")],
    )
    assert found(result, "CX-01", "N")["status"] == "deficient"
    assert found(result, "CX-03", "E")["status"] == "compliant"


@pytest.mark.parametrize(
    ("m2", "status"), [(50, "compliant"), (40, "compliant"), (36, "deficient")]
)
def test_a7_thirty_and_twenty_are_two_quotas(judge, m2, status):
    # 25, 20 and 18 m² a hundred households: an existing area needs 20, never 30
    result = judge("jinxiang-2023", {"E": (0, OLD)}, {"F": (0, of("day_care", floor_area_m2=m2))})
    assert found(result, "JX-06", "E")["status"] == status


def test_a9_planned_people_never_residents(judge):
    area = NEW | {"households_planned": 600, "population_planned": 1680, "population": 500}
    result = judge("pingyin-2022", {"N": (0, area)}, {"F": (0, of("day_care", floor_area_m2=60))})
    # 1680 × 100 / 1000; 500 residents would ask for 50 and pass
    assert found(result, "PY-31", "N")["required"] == 168.0
    assert found(result, "PY-31", "N")["status"] == "deficient"
    bare = NEW | {"population": 500}
    result = judge("pingyin-2022", {"N": (0, bare)}, {"F": (0, of("day_care", floor_area_m2=60))})
    assert found(result, "PY-31", "N")["status"] == "not_assessed"


def test_a10_all_community_kinds_together(judge):
    rooms = {
        "S": (0, of("community_station", floor_area_m2=50)),
        "C": (0, of("canteen", floor_area_m2=30)),
        "A": (0, of("activity_centre", floor_area_m2=20)),
    }
    area = NEW | {"population_planned": 1000}
    # 50 + 30 + 20 = 100 of 100; no kind alone has it
    result = judge("pingyin-2022", {"N": (0, area)}, rooms)
    assert found(result, "PY-31", "N")["status"] == "compliant"


def test_a13_more_than_the_standard_is_no_fault(judge):
    result = judge("caoxian-2023", {"N": (0, NEW)}, {"F": (0, of("day_care", floor_area_m2=61))})
    assert found(result, "CX-01", "N")["status"] == "compliant"  # 60 asked, 61 there


def test_a16_no_bed_space_counts(judge):
    # 3,000 m² of a home with nothing typed for the community: never 30 m² for certain
    home = of("care_home", floor_area_m2=3000, community_area_m2=0, beds=100, day_service=False)
    result = judge("caoxian-2023", {"E": (0, OLD)}, {"H": (0, home)})
    assert found(result, "CX-03", "E")["status"] == "deficient"


def test_a18_nothing_over_the_county_line_counts(judge):
    abroad = of("day_care", floor_area_m2=60, unit="370998001")
    result = judge("caoxian-2023", {"E": (0, OLD)}, {"F": (0, abroad)})
    assert found(result, "CX-03", "E")["status"] == "deficient"
    assert "facility_over_line" in {str(p.code) for p in result.problems}


@pytest.mark.parametrize(
    ("have", "towns", "status"),
    [(5, 9, Status.DEFICIENT), (6, 9, Status.COMPLIANT), (3, 5, Status.DEFICIENT)],
)
def test_a19_towns_are_counted(have, towns, status):
    rows = [Status.COMPLIANT] * have + [Status.DEFICIENT] * (towns - have)
    assert rate_status(pd.Series(rows), ">", 60.0) is status  # 5.4 and 5.4 and 3 towns: more


def test_a21_qualified_is_typed_or_not_known(judge):
    centre = of("township_centre", unit="370999001", floor_area_m2=900)
    result = judge("weishan-2023", {"E": (0, OLD)}, {"F": (0, centre)})
    assert found(result, "WS-28", "370999001")["status"] == "not_assessed"
    result = judge("weishan-2023", {"E": (0, OLD)}, {"F": (0, centre | {"qualified": True})})
    assert found(result, "WS-28", "370999001")["status"] == "compliant"


@pytest.mark.parametrize("written", ["二星级", "二级", "2", "2星"])
def test_a23_stars_and_levels_are_one_scale(written):
    assert read_value(columns("facilities")["star"], written).value == 2


@pytest.mark.parametrize(
    ("standard", "clause", "day", "flags"),
    [
        # by the end of October 2023 every house is to have medical service; no plan ends with it
        ("caoxian-2023", "CX-10", "2023-10-30", {Flag.NOT_DUE}),
        ("caoxian-2023", "CX-10", "2023-10-31", set()),
        ("caoxian-2023", "CX-10", "2023-11-01", {Flag.OVERDUE}),
        # the target and its plan end on one day: then it is late, and nothing is carried on
        ("pingyin-2022", "PY-10", "2025-12-30", {Flag.NOT_DUE}),
        ("pingyin-2022", "PY-10", "2025-12-31", set()),
        ("pingyin-2022", "PY-10", "2026-01-01", {Flag.OVERDUE, Flag.EXPIRED}),
    ],
)
def test_a32_overdue_and_expired_are_two_things(judge, standard, clause, day, flags):
    no = dict.fromkeys(("has_clinic", "medical_contract", "pass_safety", "pass_quality"), False)
    home = of("nursing_institution", beds=10, **no)
    result = judge(standard, {"E": (0, OLD)}, {"H": (0, home)}, as_of=dt.date.fromisoformat(day))
    found = result.clause(clause)
    assert (found.status, found.value) == ("deficient", 0.0)
    assert {*found.flags} & {Flag.NOT_DUE, Flag.OVERDUE, Flag.EXPIRED} == flags


def test_a34_registered_and_resident_people_are_told_apart():
    names = {alias for spec in columns("residential").values() for alias in spec.aliases}
    assert {"常住人口", "规划人口"} <= names
    owner = {a: n for n, s in columns("residential").items() for a in s.aliases}
    assert owner["常住人口"] != owner["规划人口"]
    assert "户籍人口" not in owner


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("户籍人口", None),
        ("小区户籍人口", None),
        ("60岁以上常住人口", "elders"),  # of the people only some
        ("80岁以上老年人口", None),
        ("失能老年人口", None),
        ("小区常住人口", "population"),
        ("小区老年人口", "elders"),
        ("户籍老年人口", "elders"),  # nowhere else but in Pingyin is it said which 60+ are meant
    ],
)
def test_others_are_never_offered_as_the_residents(tmp_path, header, field):
    """A column nobody knows is asked about, and only as what it may be; 100 × 3 = 300 people."""
    (tmp_path / "r.csv").write_text(
        f"编号,小区名称,户数,类别,城乡,阶段,{header},X,Y\nA,甲苑,100,已建成,城镇,入住,300,500000,3850000\n",
        encoding="utf-8",
    )
    (tmp_path / "f.csv").write_text(
        "编号,设施名称,设施类型,状态,建筑面积,X,Y\nF,站,日间照料中心,运营,30,500000,3850000\n",
        encoding="utf-8",
    )
    layers = "".join(
        f'[layers.{name}]\npath = "{name[0]}.csv"\ncrs = "EPSG:4548"\n'
        for name in ("residential", "facilities")
    )
    (tmp_path / "study.toml").write_text(
        '[study]\nname = "县"\ncounty = "370124"\nstandard = "pingyin-2022"\n'
        f"as_of = 2024-06-30\n{layers}",
        encoding="utf-8",
    )
    study = lc.read_study(tmp_path / "study.toml")
    asked = [p.params["field"] for p in study.problems if p.code is ProblemCode.COLUMN_LIKELY]
    assert asked == ([] if field is None else [field])
    assert study.residential.frame["population"].isna().all()


def test_a36_what_the_document_does_not_ask_is_a_reference(judge):
    result = judge("jinxiang-2023", {"E": (5000, OLD)}, {"F": (0, of("day_care"))})
    radius = result.clause("REF-radius-community")
    assert radius.status == "deficient"  # 5,000 m
    assert Flag.REFERENCE in radius.flags
    assert radius.quote == ""


@pytest.mark.parametrize(("sites", "status"), [("SS", "compliant"), ("ST", "deficient")])
def test_a38_rooms_of_one_site_are_one_place(judge, sites, status):
    area = NEW | {"households_planned": 600}
    rooms = {
        f"F{n}": (0, of("day_care", floor_area_m2=120, site=site)) for n, site in enumerate(sites)
    }
    record = [(room, "N") for room in rooms]
    # 120 + 120 on one site are a place of 240 >= 200; on two neither counts. 0.3 × 600 = 180
    result = judge("jinxiang-2023", {"N": (0, area)}, rooms, record)
    assert found(result, "JX-03", "N")["status"] == status


def test_a39_the_record_goes_before_the_place(judge):
    areas = {"E": (0, OLD), "G": (300, OLD)}
    # the room stands at E; its record names G alone
    result = judge(
        "caoxian-2023", areas, {"F": (0, of("day_care", floor_area_m2=60))}, [("F", "G")]
    )
    assert found(result, "CX-03", "G")["status"] == "compliant"
    assert found(result, "CX-03", "E")["status"] == "deficient"


@pytest.mark.parametrize(("m2", "small"), [(25.5, True), (10, False)])
def test_a40_nobody_builds_less_than_twenty(judge, m2, small):
    # 30 − 25.5 = 4.5 m² go into the area around; 30 − 10 = 20 are built
    result = judge("caoxian-2023", {"E": (0, OLD)}, {"F": (0, of("day_care", floor_area_m2=m2))})
    words = Wording("zh")
    told = [words.remedy(r) for r in result.remedies["remedy"]]
    assert any("并入片区" in line for line in told) is small


def test_every_reading_of_one_choice_has_a_case():
    fixed = {name for name, spec in readings().items() if not spec.switch}
    here = {name.split("_")[1].upper() for name in globals() if name.startswith("test_a")}
    assert fixed <= here | set(ELSEWHERE)
    for file, case in ELSEWHERE.values():
        assert case in (TESTS / file).read_text(encoding="utf-8"), case


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_printed_reading_names_the_figures_that_were_computed_with(judge, language):
    # 40 m off: E's own within 50 m, perhaps beyond 30 (a point). 30 − 24 = 6 m² of G are small
    # below 20, not below 5. 0.8 m/s × 900 s = 720 m
    def run(**parameters):
        return judge(
            "caoxian-2023",
            {"E": (0, OLD), "G": (5000, OLD)},
            {
                "F": (40, of("day_care", floor_area_m2=30)),
                "H": (5000, of("day_care", floor_area_m2=24)),
            },
            parameters=Parameters().having(**parameters),
        )

    words = Wording(language)
    own = {"own_tolerance_m": 30.0, "recorded_sharing_note_m": 700.0}
    own |= {"small_deficit_m2": 5.0, "walk_speed_m_s": 0.8}
    told = {}
    for name, result in (("default", run()), ("own", run(**own))):
        taken = {one["id"]: one["choice"] for one in readings_taken(result, words)}
        told[name] = {key: re.findall(r"\d+(?:\.\d+)?", taken[key]) for key in FIGURES}
        status = found(result, "CX-03", "E")["status"]
        assert status == {"default": "compliant", "own": "not_assessed"}[name]
        pooled = [words.remedy(r) for r in result.remedies["remedy"]]
        assert any(POOLED[language] in line for line in pooled) is (name == "default")
    for key, (default, other) in FIGURES.items():
        assert default in told["default"][key]
        assert other in told["own"][key]
        assert default not in told["own"][key]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_reading_by_radius_names_the_radius_of_the_study(language):
    words = Wording(language)
    for metres in (1000.0, 700.0):
        figures = reading_figures(Parameters().having(reference_radius_m=metres).records())
        told = words.reading("A28", "or_radius", **figures)
        assert re.findall(r"\d+", told) == [f"{metres:g}"]
