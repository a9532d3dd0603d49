"""The ways in which a unit may have a facility: each sure, open or none, and the surest told."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pandas as pd
import pytest

from lifecircle.measures.units import unit_coverage as measure
from lifecircle.measures.units.hosts import host_answer, host_of
from lifecircle.measures.units.placing import homes, unplaced
from lifecircle.model.inputs.parameters import Parameters
from lifecircle.model.inputs.study import likely_table
from lifecircle.model.reason import ReasonCode as R
from lifecircle.model.rules.options import CoverageOptions, District

NAN = math.nan
TOWN, FIRST, SECOND = "370828101", "370828101001", "370828101002"
ELSEWHERE = "370828102001"


def answer(**found):
    return pd.Series(found, dtype=float)


def said(way):
    low, high, reason = way
    return low, high, reason.code, reason.params


@pytest.mark.parametrize(
    ("here", "expected"),
    [
        (answer(G=1, F=1, E=NAN), (1.0, 1.0, R.UNIT_HAS, {"facility": "F"})),
        (answer(G=NAN, F=NAN, E=0), (0.0, 1.0, R.UNIT_QUALIFIED_MISSING, {"facility": "F"})),
        (answer(F=0), (0.0, 0.0, R.UNIT_LACKS, {})),
        (answer(), (0.0, 0.0, R.UNIT_LACKS, {})),
    ],
)
def test_a_facility_on_the_territory(here, expected):
    home = pd.Series(TOWN, index=[*here.index], dtype=object)
    found = measure._own(here, home)
    assert said(found.get(TOWN, measure._LACKS)) == expected
    assert measure._own(here, pd.Series(None, index=here.index, dtype=object)) == {}


def shared(answers, *records, taken=("A27", "administrative_villages"), likely=()):
    sharing = pd.DataFrame(records, columns=["facility", "residential"])
    areas = pd.DataFrame({"community": [FIRST, FIRST, SECOND]}, index=["A", "B", "C"])
    tables = SimpleNamespace(sharing=sharing, likely=likely_table(likely), areas=areas)
    found = measure._shared(tables, SimpleNamespace(readings=dict([taken])), answers)
    return {unit: said(way) for unit, way in found.items()}


def test_a_village_shares_what_a_record_names():
    told = {"facility": "F"}
    assert shared(answer(F=1), ("F", "A")) == {FIRST: (1.0, 1.0, R.UNIT_SHARES, told)}
    assert shared(answer(F=NAN), ("F", "A")) == {FIRST: (0.0, 1.0, R.UNIT_SHARES, told)}
    assert shared(answer(F=0), ("F", "A")) == {}
    assert shared(answer(F=1), ("F", "A"), taken=("A26", "committee")) == {}
    assert shared(answer(F=1)) == {}
    # the sure one is told, wherever it stands in the list; each village by its own areas
    both = shared(answer(E=NAN, F=1, G=1), ("E", "A"), ("G", "B"), ("F", "B"), ("E", "C"))
    assert both == {
        FIRST: (1.0, 1.0, R.UNIT_SHARES, told),
        SECOND: (0.0, 1.0, R.UNIT_SHARES, {"facility": "E"}),
    }


def test_a_village_may_share_what_a_record_may_name():
    likely = [("F", "A", NAN, "甲村2组", False)]
    told = {"facility": "F", "written": ["甲村2组"], "areas": ["A"]}
    assert shared(answer(F=1), likely=likely) == {FIRST: (0.0, 1.0, R.RECORD_UNCLEAR, told)}
    assert shared(answer(F=0), likely=likely) == {}
    sure = shared(answer(E=1, F=1), ("E", "A"), likely=likely)
    assert sure == {FIRST: (1.0, 1.0, R.UNIT_SHARES, {"facility": "E"})}


def perhaps_shared(answers, *records, places, likely=()):
    sharing = pd.DataFrame(records, columns=["facility", "residential"])
    areas = pd.DataFrame(places, columns=["unit", "community"], index=["A", "B"], dtype=object)
    tables = SimpleNamespace(sharing=sharing, likely=likely_table(likely), areas=areas)
    rule, villages = SimpleNamespace(readings={"A27": ""}), pd.Index([FIRST, SECOND, ELSEWHERE])
    found = measure._perhaps_shared(tables, rule, answers, villages)
    return {unit: said(way) for unit, way in found.items()}


def test_a_village_may_share_by_a_record_of_an_area_whose_village_is_not_known():
    may = (0.0, 1.0, R.UNIT_MAY_SHARE, {"facility": "F", "residential": "A"})
    in_town, anywhere = [(TOWN, None), (TOWN, SECOND)], [(None, None), (TOWN, SECOND)]
    records = ("F", "A"), ("F", "B")
    # one of the two villages of the area's town; of a third where the town is not known either
    assert perhaps_shared(answer(F=1), *records, places=in_town) == {FIRST: may, SECOND: may}
    everywhere = dict.fromkeys((FIRST, SECOND, ELSEWHERE), may)
    assert perhaps_shared(answer(F=NAN), *records, places=anywhere) == everywhere
    likely = [("F", "A", NAN, "甲村2组", False)]
    assert perhaps_shared(answer(F=1), places=in_town, likely=likely) == {FIRST: may, SECOND: may}
    # what is none, and what names areas of known villages alone, leaves nothing open
    assert perhaps_shared(answer(F=0), *records, places=anywhere) == {}
    assert perhaps_shared(answer(F=1), ("F", "B"), places=anywhere) == {}


def near(answers, spots, *, seat=(0.0, 0.0), areas=(), adrift=(), taken="or_radius"):
    facilities = pd.DataFrame(spots, columns=["x", "y"], index=answers.index, dtype=float)
    units = pd.DataFrame(
        {"level": ["community", "township"], "x": [seat[0], 0.0], "y": [seat[1], 0.0]},
        index=[FIRST, TOWN],
    )
    tables = SimpleNamespace(
        facilities=facilities,
        units=units,
        # areas of the communities before and after it stand right beside each facility
        areas=pd.DataFrame(
            [
                *((FIRST, x, y, TOWN) for x, y in areas),
                *((None, x, y, unit) for x, y, unit in adrift),
                *((code, x, y, TOWN) for x, y in spots for code in ("370828101000", SECOND)),
            ],
            columns=["community", *"xy", "unit"],
        ),
        parameters=Parameters().having(reference_radius_m=1000.0),
    )
    found = measure._near(
        tables, SimpleNamespace(readings={"A28": taken}), answers, pd.Index([FIRST, TOWN])
    )
    return {unit: said(way) for unit, way in found.items()}


def test_areas_that_may_be_of_the_community_or_anywhere():
    far = [(9000.0, 0.0)]
    # 500 m from an area of the town, or of nobody knows which, that may be of the community
    for unit in (TOWN, None):
        assert near(answer(F=1), far, adrift=[(9300.0, 400.0, unit)]) == at(0.0, "F", 500.0)
    assert near(answer(F=1), far, adrift=[(9300.0, 400.0, ELSEWHERE[:9])]) == {}
    assert near(answer(F=1), far, adrift=[(9300.0, 1400.0, TOWN)]) == {}
    # one that is of it, or may be, stands nobody knows where
    for lost in ({"areas": [(NAN, NAN)]}, {"adrift": [(NAN, NAN, TOWN)]}):
        ((low, high, code, params),) = near(answer(F=1), far, **lost).values()
        assert (low, high, code, params["facility"]) == (0.0, 1.0, R.UNIT_NEAR, "F")
        assert math.isnan(params["distance_m"])
        assert near(answer(F=0), far, **lost) == {}
    # within the radius of the seat it is sure, wherever others are
    assert near(answer(F=1), [(600, 800)], adrift=[(NAN, NAN, None)]) == at(1.0, "F", 1000.0)


def at(low, facility, metres):
    params = {"facility": facility, "distance_m": metres, "limit_m": 1000.0}
    return {FIRST: (low, 1.0, R.UNIT_NEAR, params)}


def test_one_within_the_radius_of_the_seat_or_of_an_area():
    assert near(answer(F=1), [(600, 800)]) == at(1.0, "F", 1000.0)  # the border itself
    assert near(answer(F=1), [(600, 801)]) == {}
    assert near(answer(F=1), [(600, 800)], taken="code_then_place") == {}
    assert near(answer(F=NAN), [(600, 800)]) == at(0.0, "F", 1000.0)
    assert near(answer(F=0), [(600, 800)]) == {}
    # 5000 m from the seat, 500 m from an area of the community
    assert near(answer(F=1), [(5000, 0)], areas=[(9000, 0), (5300, 400)]) == at(1.0, "F", 500.0)
    # without its seat a community is where its areas are
    assert near(answer(F=1), [(10, 0)], seat=(NAN, NAN), areas=[(310, 400)]) == at(1.0, "F", 500.0)


def test_a_community_of_which_nothing_is_known_stays_open_whoever_else_may_be_of_it():
    """A far area that may be of it need not be: without it nobody knows where the place is."""
    for adrift in ([], [(9300.0, 1400.0, TOWN)]):
        found = near(answer(F=1), [(10, 0)], seat=(NAN, NAN), adrift=adrift)
        assert [way[:3] for way in found.values()] == [(0.0, 1.0, R.UNIT_NEAR)]


def test_the_nearest_sure_one_is_told():
    found = near(answer(E=NAN, F=1, G=1), [(10, 0), (900, 0), (700, 0)])
    assert found == at(1.0, "G", 700.0)
    assert near(answer(E=NAN, F=1), [(10, 0), (2000, 0)]) == at(0.0, "E", 10.0)


def test_one_without_a_place_may_be_near():
    (way,) = near(answer(F=1, E=1), [(NAN, NAN), (NAN, NAN)]).values()
    assert way[:3] == (0.0, 1.0, R.UNIT_NEAR)
    assert way[3]["facility"] == "E"
    assert math.isnan(way[3]["distance_m"])


def test_of_facilities_of_unknown_unit_the_first_is_told_and_how_many_there_are():
    places = {"G": "", "F": TOWN, "E": "370828999"}
    (way,) = measure._Adrift.of(places).ways(FIRST)
    assert said(way) == (0.0, 1.0, R.UNIT_UNPLACED, {"facility": "F", "count": 2})
    assert measure._Adrift.of({"E": "370828999"}).ways(FIRST) == []


def test_whose_unit_is_not_known():
    rows = pd.DataFrame(
        {
            "unit": [TOWN, TOWN, None, None, "某镇", None],
            "community": [FIRST, None, None, None, None, None],
            "beyond_units": [False, True, True, False, False, False],
        },
        index=list("ABCDEF"),
        dtype=object,
    )
    answers = answer(A=1, B=1, C=1, D=NAN, E=1, F=0)
    # A has its community; C stands outside every outline; F is not what is looked for
    assert unplaced(rows, answers) == {"B": TOWN, "D": "", "E": ""}
    bare = unplaced(rows.drop(columns="beyond_units"), answers)
    assert bare == {"B": TOWN, "C": "", "D": "", "E": ""}


def test_a_community_s_facility_is_its_town_s_too():
    rows = pd.DataFrame(
        {
            "unit": [TOWN, None, TOWN, None, "370828999"],
            "community": [None, FIRST, FIRST, "x", None],
        },
        index=list("ABCDE"),
        dtype=object,
    )
    assert homes(rows, pd.Index([TOWN])).tolist() == [TOWN, TOWN, TOWN, None, None]
    both = homes(rows, pd.Index([TOWN, FIRST]))
    assert both.tolist() == [TOWN, FIRST, FIRST, None, None]


HOME = frozenset({"care_home"})
WORKS = {"full_care": True, "day_service": True, "home_service": True}


def instead(kinds=("township_centre",), *, qualified=False, unit=TOWN, up_to_standard=True, **row):
    given = {"kinds": HOME, "open": 1.0, "beds": 9, "qualified": up_to_standard} | WORKS | row
    facilities = pd.DataFrame([given], index=["F"], dtype=object).astype({"open": float})
    rule = SimpleNamespace(kinds=kinds, options=CoverageOptions(qualified=qualified))
    home = pd.Series([unit], index=["F"], dtype=object)
    found = measure._homes_instead(SimpleNamespace(facilities=facilities), rule, home)
    return {unit: said(way) for unit, way in found.items()}


def test_a_home_that_does_a_centres_work_is_named_and_covers_nothing():
    named = {TOWN: (0.0, 0.0, R.UNIT_HOME_INSTEAD, {"facility": "F"})}
    assert instead() == named
    assert instead(qualified=True) == named
    assert instead(kinds=("township_centre", "care_home")) == {}
    assert instead(kinds=("day_care",)) == {}
    assert instead(open=0.0) == instead(open=NAN) == instead(unit=None) == {}
    assert instead(home_service=None) == instead(full_care=False) == {}
    assert instead(day_service=False) == {}
    # its standard is asked only where the clause asks it
    assert instead(up_to_standard=False) == named
    assert instead(qualified=True, up_to_standard=False) == {}


DISTRICT = District(name="东部", host="东镇敬老院", units=(TOWN, "370828102"), host_unit=TOWN)


def hosts(*rows):
    names = ["name", "kinds", "unit", "community", "stage", "beds"]
    index = [f"F{n}" for n in range(len(rows))]
    filled = [(*row, *("in_use", 9)[len(row) - 4 :]) for row in rows]
    return pd.DataFrame(filled, index, names, dtype=object)


def test_a_host_is_found_by_its_name_or_as_the_only_house_of_its_unit():
    exact = ("东镇敬老院", HOME, None, None)
    longer = ("某县东镇敬老院（新）", HOME, TOWN, None)
    renamed = ("东部养老服务中心", frozenset({"regional_centre"}), None, FIRST)
    other = ("西镇敬老院", HOME, "370828102", None)
    assert host_of(hosts(other, exact, longer), DISTRICT) == "F1"  # the exact one of two
    assert host_of(hosts(other, longer), DISTRICT) == "F1"
    assert host_of(hosts(longer, longer, other), DISTRICT) is None  # which of them?
    assert host_of(hosts(other, renamed), DISTRICT) == "F1"
    assert host_of(hosts(other, renamed, (*renamed, "closed")), DISTRICT) == "F1"
    assert host_of(hosts(renamed, renamed), DISTRICT) is None
    assert host_of(hosts(other, ("食堂", frozenset({"canteen"}), TOWN, None)), DISTRICT) is None
    nowhere = District(name="东部", host="东镇敬老院", units=(TOWN,), host_unit="")
    assert host_of(hosts(renamed), nowhere) is None


@pytest.mark.parametrize(
    ("row", "serves", "expected"),
    [
        (("东镇敬老院", HOME, TOWN, None), 1.0, (1.0, 1.0, R.HOST_SERVES)),
        (("东镇敬老院", HOME, None, FIRST), 1.0, (1.0, 1.0, R.HOST_SERVES)),
        (("东镇敬老院", HOME, "370828999", None), 1.0, (0.0, 0.0, R.HOST_OUTSIDE)),
        (("东镇敬老院", HOME, TOWN, None), 0.0, (0.0, 0.0, R.HOST_NOT_READY)),
        (("东镇敬老院", HOME, TOWN, None), NAN, (0.0, 1.0, R.HOST_UNKNOWN)),
        (("东镇敬老院", HOME, None, None), 1.0, (0.0, 1.0, R.HOST_UNKNOWN)),
        (("东部中心", HOME, TOWN, None), 1.0, (1.0, 1.0, R.HOST_RENAMED)),
        (("东部中心", HOME, "370828102", None), 1.0, (0.0, 1.0, R.HOST_MISSING)),
    ],
)
def test_whether_a_host_serves(row, serves, expected):
    low, high, reason = host_answer(hosts(row), answer(F0=serves), DISTRICT)
    assert (low, high, reason.code) == expected
    assert reason.params["district"] == "东部"
