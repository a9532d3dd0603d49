"""Whole districts as ledgers have them: told right, silent when clean or put right.

The districts are those whose figures ``tests/benchmarks/districts.py`` prints: what has to be told
is known from how they were made.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import shapely.affinity

from lifecircle.intake import check_study
from lifecircle.intake.doubts.crowd import Around, Crowd
from lifecircle.model.problem import Problem, Severity, describe
from lifecircle.model.problem import ProblemCode as P

pytestmark = pytest.mark.one_in(2)  # words and layers in many combinations

PLACE = Path(__file__).parents[2] / "benchmarks" / "districts.py"
SPEC = importlib.util.spec_from_file_location("districts", PLACE)
districts = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(districts)

SEEDS = (201, 202, 203)


def told(name, seed, **more):
    district = districts.District(seed, **more)
    case = {**districts.CLEAN, **districts.CASES}[name]
    return district.told(**districts.given(district, case)), districts.expected(case)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", districts.CLEAN)
def test_clean_and_remedied_districts_are_silent(name, seed):
    assert told(name, seed) == (set(), set())


@pytest.mark.parametrize("seed", SEEDS)
def test_facilities_that_stand_half_a_kilometre_off_are_no_other_datum(seed):
    """Every facility 500 m from a place, as far as GCJ-02 moves, in a direction of its own."""
    assert told("clean, wgs84", seed, off_m=500.0)[0] == set()


@pytest.mark.parametrize("seed", SEEDS)
def test_facilities_that_all_stand_at_the_seats_are_no_other_datum(seed):
    """Each is written at its town's office: what that lacks in company by chance is said once."""
    district = districts.District(seed)
    home = district.home(district.xy["facilities"])
    district.xy["facilities"] = district.seats[home] + district.random.normal(0, 30, (60, 2))
    district.codes["facilities"] = np.array(district.codes_of, dtype=object)[home]
    assert district.heard() == (set(), set())


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("side", "east", "north"), [("ne", 177, 177), ("e", 250, 0)])
def test_outlines_drawn_off_are_no_other_datum_and_told(seed, side, east, north):
    """All of them 250 m to one side: rows on the other side of each lie in the neighbour."""
    district = districts.District(seed)
    moved = [shapely.affinity.translate(one, east, north) for one in district.outlines]
    district.outlines = np.array(moved, dtype=object)
    problems = district.problems()
    assert districts.said(problems) == (set(), set())
    (off,) = problems
    assert (off.code, off.layer, off.file) == (P.OUTLINES_OFF, "units", "units.gpkg")
    assert off.params["side"] in {"ne": ("n", "ne", "e"), "e": ("ne", "e", "se")}[side]
    assert 150 <= off.params["offset_m"] <= 350
    words = [describe(off, language) for language in ("zh", "en")]
    names = {"n": "北", "ne": "东北", "e": "东", "se": "东南"}
    assert f"偏{names[off.params['side']]}约 {off.params['offset_m']} 米" in words[0]["what"]
    assert f"of {off.params['total']} rows" in words[1]["what"]
    assert off.params["before"] >= off.params["come"] > off.params["left"]


@pytest.mark.parametrize("how", ["half", "first half", "every other"])
@pytest.mark.parametrize("ledgers", ["both", "residential", "facilities"])
def test_of_half_ledgers_no_outline_is_to_blame(how, ledgers):
    """Outlines were put right by 300 m where seven rows lay out, of half of both ledgers."""
    case = (how, "gcj02")
    for seed in (930000, 930003):
        district = districts.District(seed, held=True)
        right = districts.RIGHT
        both = (right if ledgers == "facilities" else case, right if ledgers[0] == "r" else case)
        problems = district.problems(**districts.given(district, both))
        assert problems
        assert not [p for p in problems if p.code is P.OUTLINES_OFF]


@pytest.mark.parametrize("seed", SEEDS)
def test_positions_taken_to_400_metres_are_no_other_datum(seed):
    """Such places come nearer to others whichever way they are moved."""
    assert told("clean, wgs84", seed, rough_m=400.0)[0] == set()


@pytest.mark.parametrize("seed", [7112, 7119])
def test_half_of_both_ledgers_is_told_where_the_places_around_say_little(seed):
    """The homes are told; of the facilities, a few rows come home to their unit."""
    found, expected = told("half of both gcj02", seed)
    assert found == expected


def test_a_whole_ledger_is_told_by_its_company_where_no_row_crosses_a_border():
    """Not one of sixty facilities leaves its unit in GCJ-02, or comes home: all miss the homes."""
    found, expected = told("facilities gcj02", 160008)
    assert found == expected


def test_beside_a_ledger_of_halves_the_other_is_told_as_one_too():
    """All facilities were told to be in GCJ-02 where the homes were told to be so in part."""
    found, expected = told("half of both gcj02", 97019)
    assert found == expected


def test_what_is_likely_and_not_sure_is_asked():
    """Facilities half in GCJ-02 of which hardly one comes home, or nearer to homes of its unit."""
    district = districts.District(40036)
    case = districts.CASES["half of facilities gcj02"]
    found, asked = district.heard(**districts.given(district, case))
    assert found == set()
    assert asked == districts.expected(case)


@pytest.mark.parametrize("seed", [70009, 930011])
def test_facilities_are_told_where_the_homes_stand_better_among_them_too(seed):
    """By their own company they came to 4.4 and 4.9, which is asked; the homes add 4.5 and 7.9."""
    district = districts.District(seed, held=True)
    case = districts.CASES["half of facilities gcj02"]
    found, asked = district.heard(**districts.given(district, case))
    assert (found, asked) == (districts.expected(case), set())


def test_half_of_both_ledgers_is_told_where_one_alone_is_not_sure():
    """Half of the homes was asked about: 4.6 alone; with the facilities, both come to 40."""
    district = districts.District(930002, held=True)
    case = districts.CASES["half of both gcj02"]
    found, asked = district.heard(**districts.given(district, case))
    assert (found, asked) == (districts.expected(case), set())


@pytest.mark.parametrize("how", ["half", "first half"])
def test_where_half_of_both_lies_off_and_little_shows_it_is_not_passed_over(how):
    """Few rows of this cross a border; those of the homes do so everywhere, by half."""
    district = districts.District(930003, held=True)
    case = ((how, "gcj02"), (how, "gcj02"))
    found, asked = district.heard(**districts.given(district, case))
    assert ("residential", "gcj02", True) in found | asked
    assert found | asked <= districts.expected(case)


def test_a_half_that_is_not_told_is_noted_though_any_other_half_would_be():
    """The first half of the facilities was moved: by 1.7 likelier than none, which tells nothing.

    Each half of the rows as they were then read would have been told: so nothing was said.
    """
    district = districts.District(82002)
    case = districts.ORDERED["first half of facilities gcj02"]
    datums = districts.given(district, case)
    problems = district.problems(**datums, degrees={*datums})
    assert districts.outcome(problems, districts.expected(case)) == "half noted"
    (note,) = (p.params for p in problems if "datums" in p.params)
    assert note["datums"] == ["gcj02"]


@pytest.mark.parametrize("real", ["gcj02", "bd09"])
@pytest.mark.parametrize("ledger", ["residential", "facilities"])
@pytest.mark.parametrize("seed", SEEDS)
def test_without_outlines_a_whole_ledger_is_told_by_the_other(ledger, real, seed):
    """All homes move as little among themselves as they lose company: of facilities it is seen."""
    case = dict.fromkeys(("residential", "facilities"), districts.RIGHT)
    case[ledger] = (real, "wgs84")
    district = districts.District(seed)
    assert district.heard(**case, outlined=False) == ({(ledger, real, False)}, set())
    assert districts.District(seed).heard(outlined=False) == (set(), set())


ONE_OF_TWO = {
    "residential declared gcj02, are wgs84": (("wgs84", "gcj02"), districts.RIGHT),
    "facilities declared gcj02, are wgs84": (districts.RIGHT, ("wgs84", "gcj02")),
    "facilities gcj02 beside homes declared so": (("gcj02", "gcj02"), ("gcj02", "wgs84")),
}


@pytest.mark.parametrize("outlined", [True, False])
@pytest.mark.parametrize("name", ONE_OF_TWO)
def test_of_two_ledgers_that_say_two_datums_and_are_in_one_either_may_be_wrong(name, outlined):
    """They lie beside each other in either; outlines tell in which. All facilities were blamed."""
    case, district = ONE_OF_TWO[name], districts.District(871001)
    (problem,) = (p for p in district.problems(*case, outlined=outlined) if "target" in p.params)
    other = {"residential": "facilities", "facilities": "residential"}[problem.layer]
    declared = {"residential": case[0][1], "facilities": case[1][1]}
    assert problem.params["declared"] == declared[problem.layer]
    if outlined:
        assert "instead" not in problem.params
        assert districts.said([problem])[0] == districts.expected(case)
        return
    assert (problem.params["target"], problem.params["datum"]) == (other, declared[other])
    assert problem.params["instead"] == declared[problem.layer]
    for language, either in (("zh", "分不出"), ("en", "nothing says which")):
        words = describe(problem, language)
        assert either in words["what"]
        assert all(f'coordinates = "{one}"' in words["remedy"] for one in declared.values())


@pytest.mark.parametrize("real", ["gcj02", "bd09"])
def test_a_datum_that_neither_ledger_says_is_one_ledgers_alone(real):
    """Homes could not lie so beside facilities that are WGS 84 whatever those really were in."""
    found = districts.District(871001).problems(
        districts.RIGHT, (real, "wgs84"), outlined=False, degrees={"facilities"}
    )
    assert [p.params["datum"] for p in found if "target" in p.params] == [real]
    assert not any("instead" in p.params for p in found)


def test_a_ledger_of_which_half_may_lie_right_is_told_as_one_of_two_kinds():
    """Few of those that lie right would leave their unit: declared for all they came out wrong."""
    found, expected = told("half of facilities gcj02", 930012, held=True)
    assert found == expected


@pytest.mark.parametrize("code", [P.DATUM_ASKED, P.DATUM_MIXED])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_where_it_does_not_show_which_rows_none_are_named(code, language):
    params = {"datum": "GCJ-02", "declared": "WGS 84", "target": "units", "offset_m": 520}
    params |= {"total": 310, "count": 0, "names": []}
    what = describe(Problem(code, Severity.WARNING, params, layer="residential"), language)["what"]
    assert "310" in what
    assert " 0 " not in what
    assert {"zh": "看不出是哪些行", "en": "show which"}[language] in what


def test_where_two_datums_suit_nearly_as_well_the_planner_is_asked():
    """Facilities half in GCJ-02 were told to be in BD-09 in part: 7.1 against 6.2."""
    assert told("half of facilities gcj02", 150012)[0] == set()


def test_a_whole_ledger_is_not_told_as_some_rows_by_chance():
    """All facilities are WGS 84; one in five, left in GCJ-02, would do as well by 1.1."""
    found, expected = told("both declared gcj02, are wgs84", 300000)
    assert found == expected


def test_facilities_that_lie_right_are_not_told_by_chance():
    """Declared rightly; without a row that comes home their company came to 2.4 by chance."""
    assert told("remedied, facilities gcj02", 98012)[0] == set()


@pytest.mark.parametrize("name", districts.ORDERED)
def test_the_order_of_the_rows_tells_which_were_moved(name):
    """Two lists put under each other, or two people who took turns: the rows tell it together."""
    district = districts.District(SEEDS[0])
    case = districts.ORDERED[name]
    datums = districts.given(district, case)
    problems = district.problems(**datums)
    assert districts.said(problems)[0] == districts.expected(case)
    for problem in problems:
        moved = np.flatnonzero(datums[problem.layer][0] == "gcj02")
        rows = {int(one[1:]) for one in problem.params["names"]}
        assert len(rows & {*moved.tolist()}) >= 0.95 * len(rows)
        assert 0.5 * len(moved) <= problem.params["count"] <= 1.1 * len(moved)


@pytest.mark.parametrize("seed", SEEDS)
def test_towns_that_sent_in_another_datum_are_told_with_their_rows(seed):
    """Homes and facilities of a town lie beside each other wherever it is: borders alone tell.

    And of a town only if one of its rows crosses a border: of the others nothing is named.
    """
    district = districts.District(seed)
    gone = set(district.codes_of[::2])
    datums = {
        name: (np.where([code in gone for code in codes], "gcj02", "wgs84"), "wgs84")
        for name, codes in district.codes.items()
    }
    problems = district.problems(**datums)
    found = districts.said(problems)[0]
    assert found == {("residential", "gcj02", True), ("facilities", "gcj02", True)}
    (homes,) = (p for p in problems if p.layer == "residential")
    moved = np.flatnonzero(datums["residential"][0] == "gcj02")
    rows = {int(one[1:]) for one in homes.params["names"]}
    assert len(rows & {*moved.tolist()}) >= 0.95 * len(rows)
    assert 0.3 * len(moved) <= homes.params["count"] <= 1.05 * len(moved)


def test_one_town_that_sent_in_bd09_is_asked_about_with_all_of_its_rows():
    """Eleven of 26 rows lie in one neighbour and come home; nothing was said but of each row."""
    district = districts.District(7100000, held=True)
    codes, count = np.unique(district.codes["residential"], return_counts=True)
    gone = codes[np.argsort(-count)[4]]
    real = {name: np.where(row == gone, "bd09", "wgs84") for name, row in district.codes.items()}
    problems = district.problems(**{name: (one, "wgs84") for name, one in real.items()})
    found = {("residential", "bd09", True), ("facilities", "bd09", True)}
    assert districts.said(problems) == (set(), found)
    for problem in problems:
        rows = np.flatnonzero(district.codes[problem.layer] == gone)
        assert problem.params["count"] == len(rows)
        assert {int(one[1:]) for one in problem.params["names"]} <= set(rows.tolist())


def one_town(seed, real, ledgers, rank):
    """Return a district of which one town sent some ledgers in a datum, and its code.

    ``rank``: how many towns have more homes.
    """
    district = districts.District(seed, held=True)
    codes, count = np.unique(district.codes["residential"], return_counts=True)
    gone = codes[np.argsort(-count)[rank]]
    datums = {
        name: (np.where((codes == gone) & (name in ledgers), real, "wgs84"), "wgs84")
        for name, codes in district.codes.items()
    }
    return district, gone, datums


LEDGERS = (("residential", "facilities"), ("residential",), ("facilities",))


@pytest.mark.one_in(4)
@pytest.mark.parametrize("real", ["gcj02", "bd09"])
@pytest.mark.parametrize("ledgers", LEDGERS)
def test_of_towns_that_sent_alone_in_another_datum_no_other_is_told(real, ledgers):
    """Six towns: where nothing crosses a border there is nothing to tell it by.

    Where both datums bring the same rows home the planner is asked.
    """
    heard = 0
    for seed in (7600000, 7600001, 7600003):
        for rank in (0, 4):
            district, gone, datums = one_town(seed, real, ledgers, rank)
            for problem in district.problems(**datums):
                heard += problem.layer == ledgers[0]
                if "towns" in problem.params:
                    assert problem.params["datum"] == real or problem.code is P.DATUM_ASKED
                    assert problem.params["towns"] == [gone]
                    rows = np.flatnonzero(district.codes[problem.layer] == gone)
                    assert problem.params["count"] == len(rows)
                    assert {int(one[1:]) for one in problem.params["names"]} <= set(rows.tolist())
    assert heard >= 2


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_town_is_told_with_its_figures_and_what_to_do_and_put_right_by_row(tmp_path, language):
    district, gone, datums = one_town(7600000, "bd09", ("residential",), 4)
    write(tmp_path, district, *datums.values())
    (problem,) = (p for p in check_study(tmp_path)[1] if p.code is P.DATUM_MIXED)
    words = describe(problem, language)
    rows = int((district.codes["residential"] == gone).sum())
    assert problem.params["towns"] == [f"镇{gone}"]
    for said in (f"镇{gone}", "BD-09", f" {problem.params['come']} ", f"{rows} "):
        assert said in words["what"]
    assert "bd09" in words["remedy"]
    said = column(datums["residential"][0], {"bd09": "BD09"})
    write(tmp_path, district, *datums.values(), words={"residential": said})
    found = [p for p in check_study(tmp_path)[1] if p.code in {P.DATUM_MIXED, P.DATUM_ASKED}]
    assert found == []


@pytest.mark.parametrize("seed", [40006, 40007, 40032])
def test_ledgers_taken_roughly_are_in_no_other_datum_by_their_borders(seed):
    """Of places taken to 400 m some come home that way, and others lie beside their unit even so.

    Told in three of forty such districts, as a mixture and as a whole, before the others counted.
    """
    assert told("clean, wgs84", seed, rough_m=400.0)[0] == set()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", [name for name in districts.CASES if "gcj02" not in name])
def test_bd09_is_told(name, seed):
    found, expected = told(name, seed)
    assert found == expected


@pytest.mark.parametrize("name", [name for name in districts.CASES if "gcj02" in name])
def test_gcj02_is_told_of_the_right_ledgers(name):
    """520 m in territories of 2 to 5 km: of one district in twenty too few rows show it."""
    right = 0
    for seed in SEEDS:
        found, expected = told(name, seed)
        layers = {one[:2] for one in expected}
        assert {one[:2] for one in found} <= layers  # never another ledger, nor another datum
        right += {one[:2] for one in found} == layers
    assert right >= len(SEEDS) - 1


@pytest.mark.parametrize("seed", [104, 107, 109, 111])
def test_half_the_facilities_are_told_as_half_and_all_as_all(seed):
    """What is told for all is asked anew: would some rows come home by going back?"""
    for name in ("half of facilities gcj02", "facilities gcj02"):
        found, expected = told(name, seed)
        assert found == expected


def test_half_of_both_ledgers_are_told_where_borders_alone_say_little():
    """The facilities of these were not told by their borders, nor by a fixed kind of company."""
    for seed in (27, 28, 30):
        found, expected = told("half of both gcj02", seed)
        assert {one[:2] for one in found} == {one[:2] for one in expected}


def test_a_ledger_half_in_one_datum_is_not_told_to_be_all_in_another():
    """Few of its rows cross a border: by those alone all of them could be in GCJ-02."""
    found, expected = told("half of facilities bd09", 101)
    assert found == expected


def test_rows_are_told_apart_by_the_places_around_them():
    """Three villages of five places, 2 km apart, a facility beside each place.

    Five more places of each stand 600 m east of it.
    """
    village = np.array([(0, 0), (50, 0), (0, 50), (-50, 0), (0, -50)], dtype=float)
    ways = np.array([(0, 0), (2000, 0), (0, 2000)], dtype=float)
    points = np.concatenate(
        [village + way for way in np.concatenate([ways, ways + np.array([600, 0])])]
    )
    spots = {"residential": points, "facilities": points[:15] + 20.0}
    crowd = Crowd(
        {name: np.arange(len(xy)) for name, xy in spots.items()},
        spots,
        {name: np.full(len(xy), "1", dtype=object) for name, xy in spots.items()},
    )
    around = crowd.around("residential", crowd.points)
    west, inside = points - (600, 0), np.ones(len(points), dtype=bool)
    back = around.split(west, 0.0, inside, inside)
    assert (back.moved > 0.5).tolist() == [False] * 15 + [True] * 15
    # all of them there would take fifteen places from their facilities
    assert around.moved(west, 0.0, inside) < 0.0
    # as far in other directions nothing comes together
    for way in ((-600, 0), (0, 600), (0, -600)):
        assert around.split(points - way, 0.0, inside, inside).gain < back.gain


@pytest.mark.parametrize(
    ("seed", "name"), [(930013, "half of both gcj02"), (9700033, "half of both gcj02")]
)
def test_records_tell_of_facilities_what_places_alone_leave_open(seed, name):
    """The homes are told without records too; of the facilities the planner would be asked."""
    district = districts.District(seed, held=True)
    datums = districts.given(district, districts.CASES[name])
    heard = district.heard(**datums, records=district.records(200))
    assert heard == (districts.expected(districts.CASES[name]), set())


@pytest.mark.parametrize("within_m", [200, 900])
@pytest.mark.parametrize("seed", SEEDS)
def test_records_of_ledgers_that_lie_right_tell_nothing(seed, within_m):
    district = districts.District(seed)
    told, asked = district.heard(records=district.records(within_m))
    assert not told
    assert within_m > 200 or not asked


# -- from files ------------------------------------------------------------------------------------


def write(folder, district, residential, facilities, village="", words=None):
    """Write ledgers and outlines as a bureau has them; (real datum, declared) given.

    ``village``: digits that make the codes of the rows those of a village of their town;
    ``words``: layer → what a column 坐标系 says of each row.
    """
    heads = {
        "residential": ("小区.xlsx", "小区名称", {"户数": 300, "类别": "已建成", "城乡": "城镇"}),
        "facilities": ("设施.csv", "设施名称", {"设施类型": "日间照料中心", "状态": "运营"}),
    }
    text = f'[study]\nname = "区"\ncounty = "{district.codes_of[0][:6]}"\n'
    text += 'standard = "caoxian-2023"\nas_of = 2025-12-31\n'
    for name, (real, declared) in (("residential", residential), ("facilities", facilities)):
        file, head, more = heads[name]
        lon, lat = district.degrees(name, real)
        frame = pd.DataFrame({head: [f"{name[0]}{n:03d}处" for n in range(len(lon))]})
        cells = {"所属社区" if village else "所属镇街": district.codes[name] + village}
        frame = frame.assign(**cells, 经度=lon, 纬度=lat, **more)
        if words and name in words:
            frame["坐标系"] = words[name]
        if file.endswith("csv"):
            frame.to_csv(folder / file, index=False, encoding="gbk")
        else:
            frame.to_excel(folder / file, index=False)
        text += f'[layers.{name}]\npath = "{file}"\ncoordinates = "{declared}"\n'
    units = gpd.GeoDataFrame(
        {"行政区划代码": district.codes_of, "名称": [f"镇{code}" for code in district.codes_of]},
        geometry=list(district.outlines),
        crs=districts.CRS,
    )
    units.to_crs(4490).to_file(folder / "镇街.gpkg")
    text += '[layers.units]\npath = "镇街.gpkg"\ncomplete = true\n'
    (folder / "study.toml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("outlined", [True, False])
def test_a_note_asks_to_check_one_place_where_nothing_else_tells(tmp_path, outlined):
    """Ledgers in degrees on streets: with outlines whose codes they bear there is no need.

    But for towns of which no row would leave: those are named, once of both ledgers.
    """
    district = districts.District(SEEDS[0])
    right = ("wgs84", "wgs84")
    write(tmp_path, district, right, right)
    west, south = district.xy["residential"].min(axis=0)
    lines = [shapely.LineString([(west, south), (west + 9000, south + 9000)])]
    gpd.GeoDataFrame(geometry=lines, crs=districts.CRS).to_file(tmp_path / "道路.gpkg")
    path = tmp_path / "study.toml"
    text = path.read_text(encoding="utf-8")
    text = text if outlined else text.partition("[layers.units]")[0]
    path.write_text(text + '[layers.streets]\npath = "道路.gpkg"\n', encoding="utf-8")
    _, problems = check_study(tmp_path)
    notes = [p for p in problems if p.code is P.DATUM_UNTESTED]
    ledgers = [("facilities", "设施.csv"), ("residential", "小区.xlsx")]
    assert [(p.layer, p.file) for p in notes] == (ledgers[1:] if outlined else ledgers)
    assert {("towns" in p.params, "datums" in p.params) for p in notes} == {(outlined, False)}


def by_town(district, folder, code, words=None):
    """Return what is said of ledgers of which one town's rows, of ``code``, are in GCJ-02."""
    real = {
        name: np.where(codes == code, "gcj02", "wgs84") for name, codes in district.codes.items()
    }
    write(
        folder, district, *((real[n], "wgs84") for n in ("residential", "facilities")), words=words
    )
    _, problems = check_study(folder)
    return [p for p in problems if "datum" in p.code and p.code is not P.DATUM_BY_ROW]


def test_of_each_town_that_lies_in_another_datum_something_is_said(tmp_path):
    """It is told, or asked about, or named among the towns of which nothing shows it: none is held.

    Those of which rows would come home are named first; the count is that of all rows of the towns.
    """
    district = districts.District(SEEDS[0])
    said, all_ = set(), district.codes
    for code in np.unique(all_["residential"])[:5]:
        folder = tmp_path / code
        folder.mkdir()
        found = [p for p in by_town(district, folder, code) if p.layer == "residential"]
        assert found
        said |= {p.code for p in found}
        for note in (p for p in found if p.code is P.DATUM_UNTESTED):
            names = note.params["towns"]
            assert f"镇{code}" in names
            of_both = {n: np.isin(r, [name[1:] for name in names]).sum() for n, r in all_.items()}
            # of a town that one ledger holds the other may say nothing
            assert note.params.get("residential_rows", 0) <= of_both["residential"]
            assert of_both["residential"] <= note.params["count"] <= sum(of_both.values())
    assert P.DATUM_UNTESTED in said


def test_rows_that_say_their_datum_are_not_said_to_be_untested(tmp_path):
    """Somebody looked: of that town's rows 坐标系 says GCJ-02, of a second one's WGS 84.

    Of the others, which are few and say nothing, it may be said still.
    """
    district = districts.District(SEEDS[0])
    rows = district.codes["residential"]
    (tmp_path / "one").mkdir()
    one, two = np.unique(rows)[:2]
    words = {
        name: np.select([codes == one, codes == two], ["GCJ02", "WGS84"], "")
        for name, codes in district.codes.items()
    }
    found = by_town(district, tmp_path / "one", one, words)
    assert {p.code for p in found} <= {P.DATUM_UNTESTED}
    assert not {f"镇{one}", f"镇{two}"} & {n for p in found for n in p.params.get("towns", ())}
    names = ("residential", "facilities")
    said = {name: int((frame != "").sum()) for name, frame in words.items()}
    rows = {name: len(district.codes[name]) - said[name] for name in names}
    assert all(p.params["count"] <= rows[p.layer] for p in found)


def test_what_is_said_of_a_town_that_nothing_holds():
    words = {"declared": "wgs84", "towns": ["甲镇"], "count": 9, "come": 2}
    note = Problem(P.DATUM_UNTESTED, Severity.INFO, words, layer="residential", file="a.xlsx")
    told = {language: describe(note, language) for language in ("zh", "en")}
    assert "不等于没有问题" in told["zh"]["why"]
    assert "坐标系" in told["zh"]["remedy"]
    assert "nothing says" in told["en"]["what"]
    both = {"together": True, "residential_rows": 9, "facilities_rows": 2, "count": 11}
    for come, ends in ((2, ("其中 2 行", "2 of them lie")), (None, ("或没有界线", "no outline"))):
        params = {**words, **both, "come": come}
        one = Problem(P.DATUM_UNTESTED, Severity.INFO, params, layer="residential", file="a")
        zh, en = (describe(one, language)["what"] for language in ("zh", "en"))
        assert "小区 9 行、设施 2 行" in zh
        assert "9 rows of homes, 2 of facilities" in en
        assert ends[0] in zh
        assert ends[1] in en


@pytest.mark.parametrize("real", ["wgs84", "gcj02"])
def test_two_ledgers_beside_nothing_are_said_once_to_be_untested(tmp_path, real):
    """Both in GCJ-02 stand beside each other as both in WGS 84 do: no outlines, no streets."""
    district = districts.District(SEEDS[0])
    write(tmp_path, district, (real, "wgs84"), (real, "wgs84"))
    path = tmp_path / "study.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.partition("[layers.units]")[0], encoding="utf-8")
    _, problems = check_study(tmp_path)
    (note,) = (p for p in problems if "datum" in p.code)
    assert (note.code, note.layer) == (P.DATUM_UNTESTED, "residential")
    words = {language: describe(note, language) for language in ("zh", "en")}
    assert "一起错开" in words["zh"]["what"]
    assert "off together" in words["en"]["what"]
    assert "底图" in words["zh"]["why"]


def datums(folder):
    study, problems = check_study(folder)
    assert study is not None
    return [p for p in problems if p.code in {P.DATUM_SUSPECTED, P.DATUM_MIXED}]


def test_check_names_ledger_share_distance_datum_and_remedy(tmp_path):
    district = districts.District(SEEDS[0])
    wrong = ("gcj02", "wgs84")
    write(tmp_path, district, wrong, wrong)
    both = datums(tmp_path)
    assert [(p.layer, p.file) for p in both] == [
        ("facilities", "设施.csv"),
        ("residential", "小区.xlsx"),
    ]
    for problem in both:
        assert problem.params["datum"] == "gcj02"
        assert 450 <= problem.params["offset_m"] <= 600
        assert problem.params["count"] > problem.params["before"]
        words = describe(problem, "zh")
        assert "GCJ-02" in words["what"]
        assert 'coordinates = "gcj02"' in words["remedy"]
    right = ("gcj02", "gcj02")
    write(tmp_path, district, right, right)
    assert datums(tmp_path) == []


def test_check_holds_rows_with_codes_of_villages_against_the_outline_of_their_town(tmp_path):
    district = districts.District(SEEDS[0])
    write(tmp_path, district, ("wgs84", "wgs84"), ("gcj02", "wgs84"), village="201")
    (problem,) = datums(tmp_path)
    assert (problem.code, problem.layer) == (P.DATUM_SUSPECTED, "facilities")
    assert problem.params["total"] == 60
    assert problem.params["target"] == "units"


def test_check_tells_the_rows_of_a_mixed_ledger(tmp_path):
    district = districts.District(SEEDS[0])
    rows = district.half("facilities", "bd09")
    write(tmp_path, district, ("wgs84", "wgs84"), (rows, "wgs84"))
    (problem,) = datums(tmp_path)
    assert (problem.code, problem.layer, problem.file) == (P.DATUM_MIXED, "facilities", "设施.csv")
    assert problem.params["total"] == 60
    assert 15 <= problem.params["count"] <= 33  # of the thirty that were moved
    moved = np.flatnonzero(rows == "bd09")
    ids = list(check_study(tmp_path)[0].facilities.frame.index)
    named = [ids.index(name) for name in problem.params["names"]]
    assert len(set(named) & set(moved.tolist())) >= 0.85 * len(named)
    assert 1100 <= problem.params["offset_m"] <= 1350
    # taken apart and each part declared as it is, nothing is left to say
    write(tmp_path, district, ("wgs84", "wgs84"), ("wgs84", "wgs84"))
    assert datums(tmp_path) == []


WGS, GCJ = ("wgs84", "wgs84"), ("gcj02", "wgs84")


def column(real, said):
    """Return words of a column: what is said of the rows that really are in a datum."""
    return [said.get(datum, "") for datum in real]


@pytest.mark.one_in(4)
@pytest.mark.parametrize("said", ["GCJ02", "百度", "2000国家大地坐标系"])
@pytest.mark.parametrize("real", ["wgs84", "gcj02", "bd09"])
def test_what_all_rows_say_of_their_datum_is_what_the_study_may_declare(tmp_path, real, said):
    """Before, such a ledger was held against the shifts from WGS 84, which its rows never had."""
    declared = {"GCJ02": "gcj02", "百度": "bd09"}.get(said, "cgcs2000")
    write(tmp_path, districts.District(SEEDS[0]), WGS, (real, declared))
    study = [(p.layer, p.params["datum"], p.params["count"]) for p in datums(tmp_path)]
    district = districts.District(SEEDS[0])
    write(tmp_path, district, WGS, (real, "wgs84"), words={"facilities": [said] * 60})
    rows = datums(tmp_path)
    assert [(p.layer, p.params["datum"], p.params["count"]) for p in rows] == study
    right = real == declared or {real, declared} == {"wgs84", "cgcs2000"}
    assert len(rows) == (0 if right else 1)
    for problem in rows:
        assert problem.params["declared"] == declared
        assert "“坐标系”一栏" in describe(problem, "zh")["remedy"]
        assert "coordinates =" not in describe(problem, "zh")["remedy"]


@pytest.mark.parametrize(
    ("really", "said", "found"),
    [
        (("gcj02", "wgs84"), {"gcj02": "高德", "wgs84": "GPS"}, None),
        (("gcj02", "wgs84"), {"gcj02": "高德"}, None),
        (("bd09", "wgs84"), {"bd09": "GCJ02"}, ("bd09", "gcj02")),
        (("cgcs2000", "wgs84"), {"cgcs2000": "GCJ02"}, ("wgs84", "gcj02")),
        (("gcj02", "bd09"), {"gcj02": "GCJ02"}, ("bd09", "wgs84")),
    ],
)
def test_the_rows_of_each_datum_that_a_column_says_are_asked_by_themselves(
    tmp_path, really, said, found
):
    """Half of the homes is one, half the other; what the column says is wrong of one half."""
    district = districts.District(SEEDS[0])
    real = district.half("residential", *really)
    write(tmp_path, district, (real, "wgs84"), WGS, words={"residential": column(real, said)})
    problems = datums(tmp_path)
    told = [(p.params["datum"], p.params["declared"], p.params["total"]) for p in problems]
    assert told == ([] if found is None else [(*found, 125)])
    assert {p.code for p in problems} <= {P.DATUM_SUSPECTED}


@pytest.mark.parametrize("outlines", ["wgs84", "gcj02"])
def test_what_rows_say_of_their_datum_is_not_said_of_outlines_joined_by_name(tmp_path, outlines):
    """Homes in GCJ-02, as their rows say, ten of which keep their point; of the others outlines."""
    district = districts.District(SEEDS[0])
    write(tmp_path, district, GCJ, WGS, words={"residential": ["高德"] * 250})
    lon, lat = districts.TO_DEGREES.transform(*district.xy["residential"].T)
    lon, lat = districts.written_in(lon, lat, outlines)
    squares = [
        shapely.box(x - 1e-3, y - 1e-3, x + 1e-3, y + 1e-3) for x, y in zip(lon, lat, strict=True)
    ]
    names = [f"r{n:03d}处" for n in range(250)]
    drawn = gpd.GeoDataFrame({"小区名称": names[10:]}, geometry=squares[10:], crs=4490)
    drawn.to_file(tmp_path / "边界.gpkg")
    path = tmp_path / "study.toml"
    text = path.read_text(encoding="utf-8")
    text = text.replace('"小区.xlsx"\n', '"小区.xlsx"\nshapes = "边界.gpkg"\n')
    path.write_text(text, encoding="utf-8")
    told = [(p.layer, p.file, p.params["datum"]) for p in datums(tmp_path)]
    assert told == ([] if outlines == "wgs84" else [("residential", "边界.gpkg", "gcj02")])


@pytest.mark.parametrize("count", [1, 4])
def test_facilities_at_one_office_say_it_once(count):
    """However many stand 300 m from the only village, they keep its company once."""
    homes = np.array([(100.0 * n, 0.0) for n in range(20)])

    def still(times):
        own = np.repeat([[900.0, 300.0]], times, axis=0)
        units = np.array(["1"] * (times + 20), dtype=object)
        return Around(own=own, rest=homes, parts=np.ones(20), units=units).still

    assert still(count) == pytest.approx(still(1))
