"""Figures of the county: what is open moves them as far as any way it may fall, and no further."""

from __future__ import annotations

import itertools
import math
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.measures.county.count import count
from lifecircle.measures.county.document import document
from lifecircle.measures.county.idle_sites import idle_sites
from lifecircle.measures.county.indicator import indicator
from lifecircle.measures.county.out_of_use import out_of_use
from lifecircle.measures.county.ratio import ratio
from lifecircle.measures.county.sum import total
from lifecircle.model.reason import ReasonCode as R
from lifecircle.model.rules.options import (
    CountOptions,
    DocumentOptions,
    IndicatorOptions,
    RatioOptions,
    SumOptions,
)

NAN, INF = math.nan, math.inf
NOBODY = pd.Index([])
HOME, OTHER, UNKNOWN = frozenset({"care_home"}), frozenset({"canteen"}), frozenset()


def ledger(*rows, names=("kinds", "open", "beds", "nursing_beds")):
    """Return facilities F0, F1, …"""
    index = pd.Index([f"F{n}" for n in range(len(rows))], name="id")
    frame = pd.DataFrame([list(row) for row in rows], index, list(names), dtype=object)
    return frame.astype({"open": float})


def tables(facilities, **more):
    return SimpleNamespace(facilities=facilities, **more)


OPTIONS = {"field": SumOptions, "numerator": RatioOptions, "indicators": IndicatorOptions}
OPTIONS |= {"items": DocumentOptions}


def rule(value=None, kinds=("care_home",), unit="", **options):
    kind = next((OPTIONS[name] for name in options if name in OPTIONS), SimpleNamespace)
    given = kind(**options)
    return SimpleNamespace(value=value, kinds=kinds, unit=unit, options=given, comparison=">=")


def told(found):
    (reason,) = found["reason"]
    return reason.code, {name: one for name, one in reason.params.items() if name != "notes"}


def named(found):
    """Return the facilities that a reason names as what leaves its figure open."""
    (reason,) = found["reason"]
    told = [reason.params, *(note["params"] for note in reason.params.get("notes", ()))]
    return {name for params in told for name in params.get("facilities", ())}


BEDS = {"numerator": "nursing_beds", "denominator": "beds"}
ROW = st.tuples(
    st.sampled_from([HOME, OTHER, UNKNOWN]),
    st.sampled_from([1.0, 0.0, NAN]),
    st.integers(0, 4),
    st.sampled_from([None, 0, 1, 2, 3, 4]),
)


def every_ratio(rows):
    """Return numerator / denominator in per cent of every way the unknowns may fall."""
    ways = []
    for kinds, open_, beds, nursing in rows:
        if kinds == OTHER or open_ == 0:
            continue
        tops = [nursing] if nursing is not None else [0, beds]
        taken = [(top, beds) for top in tops]
        sure = kinds == HOME and open_ == 1
        ways.append(taken if sure else [*taken, (0, 0)])
    sums = [[sum(part) for part in zip(*way, strict=True)] for way in itertools.product(*ways)]
    return [100 * one[0] / one[1] for one in sums if one and one[1] > 0]


@settings(deadline=None)
@given(st.lists(ROW, max_size=4))
def test_a_ratio_is_as_wide_as_what_is_not_known(rows):
    rows = [(k, o, beds, None if n is None else min(n, beds)) for k, o, beds, n in rows]
    found = ratio(tables(ledger(*rows)), rule(55.0, **BEDS), NOBODY)
    ways = every_ratio(rows)
    if not ways:
        assert found.empty
        return
    assert found[["low", "high"]].iloc[0].tolist() == pytest.approx([min(ways), max(ways)])


@settings(deadline=None)
@given(st.lists(ROW, min_size=1, max_size=4), st.sampled_from([ratio, total]))
def test_a_figure_is_known_once_all_that_its_reason_names_is(rows, measure):
    """Who supplies what is named need ask for nothing more."""
    rows = [(k, o, beds, None if n is None else min(n, beds)) for k, o, beds, n in rows]
    options = BEDS if measure is ratio else {"field": "nursing_beds"}
    found = measure(tables(ledger(*rows)), rule(55.0, **options), NOBODY)
    if found.empty:
        return
    names = named(found)
    if found["reason"].iloc[0].code is not R.NO_DATA:  # of a column nobody filled in all is asked
        rows = [
            (HOME, 1.0, beds, beds) if f"F{n}" in names else (kinds, open_, beds, nursing)
            for n, (kinds, open_, beds, nursing) in enumerate(rows)
        ]
        then = measure(tables(ledger(*rows)), rule(55.0, **options), NOBODY)
        assert then["low"].tolist() == pytest.approx(then["high"].tolist())
    open_ = not math.isclose(found["low"].iloc[0], found["high"].iloc[0])
    assert names or not open_ or found["reason"].iloc[0].code is R.NO_DATA


def test_a_sum_over_a_ledger_names_a_house_of_unknown_stage_and_both_columns():
    """100 beds, and 50 of a house of unknown stage: no column is blank."""
    homes = ledger((HOME, 1, 100, 0), (HOME, NAN, 50, 0))
    units = pd.DataFrame({"level": ["township"], "parent": [None], "elders": [NAN]}, ["T"])
    asked = rule(40.0, numerator="beds", denominator="units.elders", unit="/1000p")
    found = ratio(tables(homes, units=units), asked, NOBODY)
    (reason,) = found["reason"]
    assert (reason.code, reason.params["total"]) == (R.SUMMED, 100)
    notes = [(note["code"], note["params"]) for note in reason.params["notes"]]
    assert notes[0] == (R.PERHAPS_COUNTED, {"count": 1, "facilities": ["F1"]})
    assert (notes[1][0], notes[1][1]["lacking"]) == (R.SUM_GAPS, ["T"])


def test_what_a_ratio_is_told_with():
    facilities = ledger(
        (HOME, 1, 100, 60),
        (HOME, 1, 50, None),
        (UNKNOWN, 1, 40, 40),
        (OTHER, 1, 10, 10),
        (HOME, 0, 10, 10),
    )
    found = ratio(tables(facilities), rule(55.0, **BEDS), NOBODY)
    figures = {"numerator": 60.0, "denominator": 100.0, "missing": 1, "not_assessed": 1}
    assert told(found) == (
        R.VALUE_MISSING,
        {**figures, "facilities": ["F1"], "fields": ["nursing_beds"]},
    )
    assert named(found) == {"F1", "F2"}  # a blank, and one of unknown kind
    # at least (60 + 0) / 150 without F2, at most (60 + 50 + 40) / 190 with it
    assert found[["low", "high"]].iloc[0].tolist() == pytest.approx([40.0, 15000 / 190])
    whole = ratio(tables(ledger((HOME, 1, 100, 60))), rule(55.0, **BEDS), NOBODY)
    assert told(whole)[0] is R.RATE


def test_a_ratio_without_a_denominator_goes_by_the_part_that_is_known():
    found = ratio(tables(ledger((HOME, 1, None, 3), (HOME, 1, 10, 5))), rule(55.0, **BEDS), NOBODY)
    # the 3 may be all the beds that there are: 8 of 13; or next to nothing of very many
    assert found[["low", "high"]].iloc[0].tolist() == [0.0, pytest.approx(800 / 13)]
    assert told(found)[1]["facilities"] == ["F0"]
    assert told(found)[1]["fields"] == ["beds"]
    # 5 of the 10 beds of which both figures are known: not 8 of 10
    assert [told(found)[1][name] for name in ("numerator", "denominator")] == [5.0, 10.0]


@pytest.mark.parametrize(
    ("rows", "high"),
    [
        (((HOME, 1, None, None), (HOME, 1, 10, 5)), 100.0),  # a house as large as you like
        (((UNKNOWN, 1, None, 0), (HOME, 1, 10, 5)), 50.0),  # it can only take away
        (((UNKNOWN, 1, None, 8), (HOME, 1, 10, 5)), 1300 / 18),
        (((HOME, 1, None, 0), (HOME, 1, None, 0)), 0.0),  # no nursing bed anywhere
    ],
)
def test_a_ratio_where_beds_are_not_typed(rows, high):
    found = ratio(tables(ledger(*rows)), rule(55.0, **BEDS), NOBODY)
    assert found[["low", "high"]].iloc[0].tolist() == [0.0, pytest.approx(high)]


@pytest.mark.parametrize(
    ("rows", "kinds", "figures", "missing"),
    [
        ([(HOME, 1, 30, 0), (OTHER, 1, 20, 0)], ("care_home",), (50, 50), []),
        ([(HOME, 1, 30, 0), (HOME, 1, None, 0)], ("care_home",), (30, INF), ["F1"]),
        ([(HOME, 1, 30, 0), (OTHER, 1, None, 0)], ("care_home",), (30, 30), []),
        ([(HOME, 1, 30, 0), (UNKNOWN, 1, None, 0)], ("care_home",), (30, INF), ["F1"]),
        ([(HOME, 1, 30, 0), (HOME, NAN, 20, 0), (HOME, 0, 5, 0)], ("care_home",), (30, 50), []),
        ([(HOME, 1, 30, 0), (HOME, NAN, None, 0)], ("care_home",), (30, INF), ["F1"]),
        ([(HOME, 1, 30, 0), (HOME, 0, None, 0)], ("care_home",), (30, 30), []),
        ([(HOME, 1, 30, 0), (HOME, 1, None, 0)], (), (30, 30), []),  # nobody must have it
    ],
)
def test_a_sum_is_open_upwards_where_a_figure_is_missing(rows, kinds, figures, missing):
    found = total(tables(ledger(*rows)), rule(40.0, kinds, field="beds"), NOBODY)
    assert found[["low", "high"]].iloc[0].tolist() == list(figures)
    low, high = figures
    params = {"total": low, "most": high, "target": 40.0, "fields": ["beds"]}
    code = R.VALUE_MISSING if missing else R.SUMMED
    assert told(found) == (code, {**params, "missing": len(missing), "facilities": missing})


PUBLIC = ("kinds", "open", "beds", "public_beds")


@pytest.mark.parametrize(
    ("rows", "high", "code"),
    [
        # 970 typed, and 20 beds of which at most 20 are public: 1000 cannot be reached
        ([(HOME, 1, 980, 970), (HOME, 1, 20, None)], 990, R.VALUE_MISSING),
        ([(HOME, 1, 980, 970), (HOME, 1, None, None)], INF, R.VALUE_MISSING),
        ([(HOME, 1, 980, 970), (HOME, NAN, 30, None)], 1000, R.VALUE_MISSING),
        ([(HOME, 1, 980, 970), (HOME, 0, 30, None)], 970, R.SUMMED),
        # not a single figure: all beds there are, unless nobody knows of those either
        ([(HOME, 1, 600, None), (HOME, 1, 300, None)], 900, R.VALUE_MISSING),
        ([(HOME, 1, 600, None), (HOME, 1, None, None)], INF, R.NO_DATA),
    ],
)
def test_public_beds_are_never_more_than_the_beds(rows, high, code):
    found = total(tables(ledger(*rows, names=PUBLIC)), rule(1000.0, field="public_beds"), NOBODY)
    assert found["high"].tolist() == [high]
    assert told(found)[0] is code


@given(
    st.lists(
        st.integers(0, 5).flatmap(
            lambda beds: st.tuples(st.just(beds), st.none() | st.integers(0, beds))
        ),
        min_size=1,
        max_size=4,
    )
)
@settings(deadline=None)
def test_a_sum_of_some_of_the_beds_is_as_wide_as_what_is_not_known(rows):
    every = [
        sum(w)
        for w in itertools.product(*([n] if n is not None else range(b + 1) for b, n in rows))
    ]
    facilities = ledger(*((HOME, 1, b, n) for b, n in rows), names=PUBLIC)
    found = total(tables(facilities), rule(1000.0, field="public_beds"), NOBODY)
    assert found[["low", "high"]].iloc[0].tolist() == [min(every), max(every)]


def test_a_ledger_without_a_single_figure_says_nothing():
    found = total(tables(ledger((OTHER, 1, None, 0))), rule(40.0, field="beds"), NOBODY)
    assert found[["low", "high"]].iloc[0].tolist() == [0.0, INF]
    assert told(found) == (R.NO_DATA, {"field": "beds"})


def test_a_home_that_may_not_be_in_use_bounds_nothing_alone():
    # in use it has 60 public beds at most; closed, the ledger has no figure, and says nothing
    asked = rule(1000.0, field="public_beds")
    may = total(tables(ledger((HOME, None, 60, None), names=PUBLIC)), asked, NOBODY)
    assert may[["low", "high"]].iloc[0].tolist() == [0.0, INF]
    sure = total(tables(ledger((HOME, 1, 60, None), names=PUBLIC)), asked, NOBODY)
    assert sure[["low", "high"]].iloc[0].tolist() == [0.0, 60.0]


def typed(*rows):
    names = ["id", "numerator", "denominator", "source"]
    return SimpleNamespace(indicators=pd.DataFrame(rows, columns=names))


@pytest.mark.parametrize(
    ("row", "unit", "figure"),
    [
        (("a", 3.0, 4.0, "x"), "%", 75.0),
        (("a", 3.0, 400.0, "x"), "/1000p", 7.5),
        (("a", 3.0, None, "x"), "persons", 3.0),
        (("a", 3.0, 0.0, "x"), "%", None),  # nobody the rate is about
    ],
)
def test_a_typed_figure(row, unit, figure):
    found = indicator(typed(row), rule(50.0, unit=unit, indicators=("a",)), NOBODY)
    if figure is None:
        assert found.empty
        return
    assert found[["low", "high"]].iloc[0].tolist() == [figure, figure]
    assert told(found) == (R.TYPED, {"indicator": "a", "total": figure, "source": "x"})


@pytest.mark.parametrize(
    ("rows", "unit", "most"),
    [
        ([], "%", 100.0),
        ([], "persons", INF),
        ([("a", None, 4.0, "x")], "%", 100.0),
        ([("a", 3.0, None, "x")], "%", 100.0),
        ([("b", 3.0, 4.0, "x")], "/1000p", INF),
    ],
)
def test_a_figure_that_is_not_typed(rows, unit, most):
    found = indicator(typed(*rows), rule(50.0, unit=unit, indicators=("a",)), NOBODY)
    assert found[["low", "high"]].iloc[0].tolist() == [0.0, most]
    assert told(found) == (R.NOT_TYPED, {"indicator": "a"})


@pytest.mark.parametrize(
    ("rows", "named"),
    [([], ["a", "b"]), ([("a", 3.0, 3.0, "x")], "b"), ([("b", 3.0, 3.0, "x")], "a")],
)
def test_every_figure_that_is_not_typed_is_named(rows, named):
    found = indicator(typed(*rows), rule(100.0, unit="%", indicators=("a", "b")), NOBODY)
    assert told(found) == (R.NOT_TYPED, {"indicator": named})


@pytest.mark.parametrize(
    ("figures", "named", "bounds"),
    [
        ((60.0, 40.0, 70.0), "b", (40.0, 40.0)),  # the least
        ((60.0, None, 40.0), "c", (0.0, 40.0)),  # short already
        ((60.0, None, 50.0), "b", (0.0, 50.0)),  # what is typed meets the 50: b decides
        ((0.0, None, 60.0), "a", (0.0, 0.0)),  # nothing can be below nothing
    ],
)
def test_of_several_figures_the_one_that_decides_is_told(figures, named, bounds):
    rows = [(n, f, 100.0, "x") for n, f in zip("abc", figures, strict=True) if f is not None]
    found = indicator(typed(*rows), rule(50.0, unit="%", indicators=tuple("abc")), NOBODY)
    assert found[["low", "high"]].iloc[0].tolist() == list(bounds)
    assert told(found)[1]["indicator"] == named


@pytest.mark.parametrize(
    ("ticked", "low", "high"),
    [
        ({}, 0.0, 2.0),
        ({"a": True}, 1.0, 2.0),
        ({"a": True, "b": False}, 1.0, 1.0),
        ({"a": False, "c": True}, 0.0, 1.0),
    ],
)
def test_papers_that_are_there(ticked, low, high):
    found = document(SimpleNamespace(evidence=ticked), rule(2.0, items=("a", "b")), NOBODY)
    assert found[["low", "high"]].iloc[0].tolist() == [low, high]
    params, open_ = {"count": low, "most": high, "total": 2.0}, {"a", "b"} - ticked.keys()
    expected = (
        (R.DOCUMENTS_OPEN, {**params, "papers": sorted(open_)}) if open_ else (R.DOCUMENTS, params)
    )
    assert told(found) == expected
    bare = document(SimpleNamespace(evidence=ticked), rule(items=()), NOBODY)
    assert (bare["reason"].iloc[0], math.isnan(bare["low"].iloc[0])) == (None, True)


PLACED = ("kinds", "open", "site", "tenure", "community", "unit")
TOWN = "371721101"


def counted(rows, unit, **options):
    facilities = ledger(*rows, names=PLACED)
    units = pd.DataFrame(
        {
            "setting": ["urban", "rural", "rural", None],
            "parent": [TOWN, TOWN, "371721102", "371721102"],
        },
        index=[f"{TOWN}001", f"{TOWN}002", "371721102001", "371721102002"],
    )
    given = rule(1.0, unit=unit)
    given.options = CountOptions(**options)
    found = count(tables(facilities, units=units), given, NOBODY)
    assert told(found) == (
        R.COUNTED if found["low"].iloc[0] == found["high"].iloc[0] else R.COUNTED_OPEN,
        {"count": found["low"].iloc[0], "most": found["high"].iloc[0], "target": 1.0},
    )
    return found[["low", "high"]].iloc[0].tolist()


def row(kinds=HOME, open_=1.0, site=None, tenure=None, community=None, unit=None):
    return kinds, open_, site, tenure, community, unit


def test_rows_of_one_site_are_one_place():
    rows = [row(site="s"), row(site="s"), row(), row(), row(UNKNOWN, site="s"), row(UNKNOWN)]
    assert counted(rows, "facilities") == [4.0, 6.0]
    assert counted(rows, "places") == [3.0, 4.0]  # s, and two of their own; one more perhaps
    assert counted([row(site="s", open_=0.0), row(site="s")], "places") == [1.0, 1.0]
    assert counted([row(OTHER, site="s"), row(open_=NAN, site="s")], "places") == [0.0, 1.0]


def test_who_runs_it():
    rows = [row(tenure="移交"), row(tenure="自建"), row()]
    assert counted(rows, "facilities", tenure=("移交",)) == [1.0, 2.0]
    # a word that nobody knows may mean any of those asked for; one the document names is itself
    rows = [row(tenure="移交（无偿）"), row(tenure="划拨"), row(tenure="租赁")]
    assert counted(rows, "facilities", tenure=("移交",)) == [0.0, 2.0]
    assert counted(rows, "facilities", tenure=("移交", "划拨")) == [1.0, 2.0]


def test_a_setting_is_that_of_the_community_and_never_of_a_mixed_town():
    rows = [
        row(community=f"{TOWN}001"),  # urban
        row(community=f"{TOWN}002"),  # rural
        row(unit=TOWN),  # has both: open
        row(unit="371721102"),  # a rural community, and one of which nobody knows: open
        row(community="371721102002", unit="371721102"),  # that one: open
        row(),  # open
    ]
    assert counted(rows, "facilities", setting="rural") == [1.0, 5.0]
    assert counted(rows, "facilities", setting="urban") == [1.0, 5.0]


@pytest.mark.parametrize(
    ("m2", "ends", "code", "params"),
    [
        (None, (0, INF), R.SITES_ABSENT, {}),  # nobody listed any: that is not none
        ([], (0, 0), R.SITES_LISTED, {"count": 0, "m2": 0, "missing": 0}),
        ([300, 500], (2, 2), R.SITES_LISTED, {"count": 2, "m2": 800, "missing": 0}),
        ([300, NAN], (2, 2), R.SITES_LISTED_GAPS, {"count": 2, "m2": 300, "missing": 1}),
    ],
)
def test_idle_sites_are_told_with_their_m2(m2, ends, code, params):
    listed = None if m2 is None else pd.DataFrame({"floor_area_m2": m2}, dtype=float)
    found = idle_sites(SimpleNamespace(candidates=listed), rule(), NOBODY)
    assert (found["low"].tolist(), found["high"].tolist()) == ([ends[0]], [ends[1]])
    assert told(found) == (code, params)


def test_what_is_out_of_use_is_told_by_its_stage_with_its_m2():
    # idle 100 m², misused 50, closed and not measured: 3 of 150 m²; blank, it may be a fourth. In
    # use and the care home they are none
    rows = [
        (HOME, "idle", 500.0),
        (OTHER, "idle", 100.0),
        (OTHER, "misused", 50.0),
        (OTHER, "closed", NAN),
        (OTHER, "in_use", 80.0),
        (OTHER, None, 70.0),
    ]
    names = ["kinds", "stage", "floor_area_m2"]
    index = pd.Index([f"F{n}" for n in range(len(rows))], name="id")
    frame = pd.DataFrame([list(row) for row in rows], index, names, dtype=object)
    found = out_of_use(tables(frame), rule(kinds=("canteen",)), NOBODY)
    assert (found["low"].tolist(), found["high"].tolist()) == ([3], [4])
    code, params = told(found)
    assert code is R.OUT_OF_USE
    assert params == {
        "idle": 1,
        "misused": 1,
        "closed": 1,
        "count": 3,
        "m2": 150,
        "facilities": ["F1", "F2", "F3"],
    }
