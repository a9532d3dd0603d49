"""Degrees, minutes and seconds written as one number are told: 117.0345 for 117°03′45″."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.intake.layers import read_draft
from lifecircle.intake.positions import packed as module
from lifecircle.intake.positions.packed import unpacked
from lifecircle.intake.settings.schema import LayerOptions
from lifecircle.model.problem import ProblemCode as P
from lifecircle.model.problem import describe


def packed(number):
    """Return a number D.MMSS of decimal degrees, to whole seconds."""
    minutes, seconds = divmod(round((number % 1) * 3600), 60)
    return f"{int(number)}.{minutes:02d}{seconds:02d}"


def plain(number):
    return f"{number:.5f}"


def told(folder, cells, units=None, layer="residential"):
    head = (
        "编号,小区名称,户数,经度,纬度"
        if layer == "residential"
        else "编号,小区名称,设施类型,经度,纬度"
    )
    what = "100" if layer == "residential" else "日间照料中心"
    units = units or [""] * len(cells)
    text = (
        head.replace("小区名称", "小区名称" if layer == "residential" else "设施名称")
        + ",所属镇街\n"
    )
    text += "".join(
        f"R{i},里{i},{what},{lon},{lat},{unit}\n"
        for i, ((lon, lat), unit) in enumerate(zip(cells, units, strict=True))
    )
    path = folder / "t.csv"
    path.write_text(text, encoding="utf-8")
    options = LayerOptions(path="t.csv", coordinates="wgs84")
    _, problems = read_draft([path], layer, options)
    return [p for p in problems if p.code is P.POSITION_PACKED]


# Six by five places, 0.0137 x 111,320 m x cos 35.3° = 1,245 m and 0.0173 x 111,320 m = 1,926 m
# apart. Third and fourth decimals: 00 37 74 11 48 85 to the east, 00 73 46 19 92 to the north; so
# of thirty places those of two columns and two rows, 2 x 5 + 2 x 6 - 4 = 18, are decimal degrees
# for certain. D.MMSS read as decimals lies 0.4 of the figure behind the point off: 0.2 and 0.1
# degrees, 20 km.
GRID = [(117.5 + 0.0137 * i, 35.25 + 0.0173 * j) for i in range(6) for j in range(5)]


def ledger(moved):
    return [
        (packed(lon), packed(lat)) if n in moved else (plain(lon), plain(lat))
        for n, (lon, lat) in enumerate(GRID)
    ]


@given(st.integers(0, 59), st.integers(0, 59), st.integers(0, 180))
def test_whole_seconds_are_read_back(minutes, seconds, degrees):
    number = float(f"{degrees}.{minutes:02d}{seconds:02d}")
    (found,) = unpacked(np.array([number]))
    assert found == pytest.approx(degrees + minutes / 60 + seconds / 3600, abs=1e-9)


@given(st.integers(0, 99), st.integers(0, 99))
def test_sixty_minutes_or_seconds_are_none(minutes, seconds):
    (found,) = unpacked(np.array([float(f"117.{minutes:02d}{seconds:02d}")]))
    assert np.isnan(found) == (minutes >= 60 or seconds >= 60)


def test_a_number_is_read_as_it_was_meant():
    # 3 / 60 + 45 / 3600 = 0.0625
    assert unpacked(np.array([117.0345]))[0] == pytest.approx(117.0625, abs=1e-9)


@pytest.mark.parametrize("moved", [range(15), range(1, 30, 2), range(0, 30, 7), range(27)])
@pytest.mark.parametrize("units", [None, ["370828001"] * 15 + ["370828101"] * 15])
@pytest.mark.parametrize("layer", ["residential", "facilities"])
def test_some_rows_are_told(moved, units, layer, tmp_path):
    """Half, every other, one in seven and nine of ten, with codes of units and without."""
    if len(moved) == 27 and units:
        units = None  # three sure places are no two units'
    (warning,) = told(tmp_path, ledger(moved), units, layer)
    assert warning.params["total"] == 30
    names = {int(name[1:]) for name in warning.params["names"]}
    assert names <= {*moved}
    assert warning.params["count"] == len(moved)
    assert len(names) == min(len(moved), 20)


def test_the_warning_says_how_far_and_how_to_write_it(tmp_path):
    (warning,) = told(tmp_path, ledger(range(0, 30, 7)))
    first = GRID[0]  # 117.5 = 117°30′00″, 35.25 = 35°15′00″
    assert first == (117.5, 35.25)
    assert (warning.params["written"], warning.params["meant"]) == ("117.3000", "117°30′00″")
    # rows 0, 7, 14, 21, 28 lie on a line; 14 in the middle: i = 2, j = 4, 117.5274 and 35.3192
    # are 117°31′38.64″ and 35°19′09.12″, 117.3139 and 35.1909
    east = (117.5274 - 117.3139) * 111_320 * np.cos(np.radians(35.28))
    north = (35.3192 - 35.1909) * 111_320
    assert warning.params["offset_m"] == pytest.approx(np.hypot(east, north), rel=0.05)
    assert "117°30′00″" in describe(warning, "zh")["remedy"]


def test_a_whole_ledger_is_told_by_its_digits(tmp_path):
    """120 places: of thirty-six numbers with other thousandths none has sixty or more by chance.

    0.6 to the 36th is 1e-8.
    """
    more = [(lon + 0.0023 * k, lat + 0.0017 * k) for k in range(4) for lon, lat in GRID]
    cells = [(packed(lon), packed(lat)) for lon, lat in more]
    (warning,) = told(tmp_path, cells)
    assert warning.params["count"] == warning.params["total"] == 120


# Thousandths of villages of one spot: below sixty in six of ten places where they may lie. Of two
# spots one, two ... five thousandths apart in five, four, three, two, one of ten; of six and more
# apart, or with spots between, in as many as leave all below sixty.
@pytest.mark.parametrize(
    ("steps", "chance"),
    [
        ([12], 0.6),
        ([12, 13], 0.5),
        ([10, 15], 0.6 * 0.6),  # two villages: 11 to 14 is empty
        ([10, 14], 0.2),
        ([10, 11, 12, 13, 14, 15], 0.1),
        ([15, 20], 0.6 * 0.6),
        ([10, 12, 14, 16], 0.0),  # 3 and 9 of them are never both below
        ([1, 11, 21, 31], 0.6**4),
    ],
)
def test_how_seldom_villages_lie_below_sixty_by_chance(steps, chance):
    assert module._by_chance(np.array(steps, dtype=float)) == pytest.approx(chance)


@pytest.mark.parametrize("layer", ["residential", "facilities"])
def test_a_whole_ledger_of_ten_places_is_told_where_none_is_in_line_with_another(tmp_path, layer):
    """The grid has six numbers to the east and five to the north: 0.6 to the eleventh is 4e-3.

    Thirty places on a slant have sixty numbers, each far from the next.
    """
    assert told(tmp_path, ledger(range(30)), layer=layer) == []
    far = [(117.3 + 0.0137 * n, 35.1 + 0.0173 * n) for n in range(30)]
    cells = [(packed(lon), packed(lat)) for lon, lat in far]
    (warning,) = told(tmp_path, cells, layer=layer)
    assert warning.params["count"] == 30
    assert told(tmp_path, cells[:8], layer=layer) == []  # 0.6 to the sixteenth is 3e-4
    assert len(told(tmp_path, cells[:10], layer=layer)) == 1  # to the twentieth 4e-5
    assert told(tmp_path, [(plain(lon), plain(lat)) for lon, lat in far], layer=layer) == []


def test_three_villages_below_sixty_tell_nothing(tmp_path):
    """Ten houses each, in one thousandth of a degree: 0.6 to the sixth is 5 in a hundred."""
    cells = [
        (f"117.{31 + v}4{n % 10}", f"35.{12 + 7 * v}3{n % 10}") for v in range(3) for n in range(10)
    ]
    assert told(tmp_path, cells) == []


@pytest.mark.parametrize("units", [None, ["370828001"] * 15 + ["370828101"] * 15])
def test_decimal_degrees_are_silent(units, tmp_path):
    assert told(tmp_path, ledger(()), units) == []


UNITS = ["370828001"] * 15 + ["370828101"] * 15


@pytest.mark.parametrize("units", [None, [*UNITS, *["370828001"] * 3]])
def test_places_far_from_the_others_are_silent(units, tmp_path):
    """Three places of a far village whose digits are below sixty: read otherwise it is not home.

    117.21122 and 35.41233 would be 117°21′12″ and 35°41′23″, 13 km west of all and 32 north.
    """
    far = [("117.21122", "35.41233"), ("117.22133", "35.42244"), ("117.23144", "35.43211")]
    assert told(tmp_path, [*ledger(()), *far], units) == []


# Four houses of one village beside the tenth place, 117.5274 and 35.25: 117°31′42″ to 46″ and
# 35°15′03″ to 06″, which read as 117.3142 and 35.1503 is 22 km off.
VILLAGE = [(f"117.31{42 + n}", f"35.150{3 + n % 4}") for n in range(4)]


def test_a_few_rows_of_one_village_are_told_where_they_come_home_to_their_unit(tmp_path):
    (warning,) = told(tmp_path, [*ledger(()), *VILLAGE], [*UNITS, *["370828001"] * 4])
    assert warning.params["names"] == ["里30", "里31", "里32", "里33"]
    assert warning.params["meant"] == "117°31′42″"


def test_two_rows_of_a_village_or_those_that_name_no_unit_tell_nothing(tmp_path):
    assert told(tmp_path, [*ledger(()), *VILLAGE[:2]], [*UNITS, *["370828001"] * 2]) == []
    assert told(tmp_path, [*ledger(()), *VILLAGE], [*UNITS, *[""] * 4]) == []


def test_a_village_that_comes_as_near_by_other_moves_is_not_told():
    """Places all around: whichever way the rows go, they come to their unit."""
    here = np.array([(117 + 0.02 * i, 35 + 0.02 * j) for i in range(1, 40) for j in range(1, 40)])
    moved = np.array([(117.3142, 35.1503), (117.3143, 35.1504), (117.3144, 35.1505)])
    apart = np.abs(here - moved[0]).max(axis=1) > 0.09  # 8 km around them stands nothing
    read = np.concatenate([here[apart], moved])
    may = np.arange(len(read)) >= apart.sum()
    unit = np.full(len(read), "370828001", dtype=object)
    assert not module._village(read, unpacked(read), may, unit).any()


def test_signs_of_degrees_say_what_is_meant(tmp_path):
    cells = [("117°30′00″", f"35°{15 + n % 30:02d}′{n % 60:02d}″") for n in range(40)]
    assert told(tmp_path, cells) == []


@settings(max_examples=25)
@given(seed=st.integers(0, 2**32 - 1))
def test_digits_of_places_of_chance_tell_nothing(seed):
    """Neither apart nor by their digits: places in a county of 30 km, in decimal degrees."""
    draw = np.random.default_rng(seed)
    read = np.round(draw.uniform((117.1, 35.0), (117.4, 35.3), (60, 2)), 5)
    may = np.isfinite(unpacked(read)).all(axis=1)
    assert not module._homecoming(read, unpacked(read), may, None).any()
    assert not module._digits_tell(read, may)
