"""Positions that look like another datum: told over every output, and open where they decide."""

from __future__ import annotations

import re
import sqlite3

import numpy as np
import openpyxl
import pytest
from pyproj import Transformer
from tests.two_ledgers import in_degrees

import lifecircle as lc
from lifecircle.intake import read_study
from lifecircle.intake.positions.datum import gcj02_to_bd09, wgs84_to_gcj02
from lifecircle.model.problem import ProblemCode
from lifecircle.model.status import Flag, Status
from lifecircle.outputs.maps.draw import map_data
from lifecircle.outputs.report.page.document import render_report
from lifecircle.outputs.report.workbook.book import write_workbook
from lifecircle.outputs.saved.assessment_json import document
from lifecircle.outputs.saved.geopackage import write_geopackage

X0, Y0 = 437_000.0, 3_882_000.0
BACK = Transformer.from_crs(4548, 4490, always_xy=True)
SIX = [(3000.0 * i, 900.0 * (i % 2)) for i in range(6)]
WORDS = "坐标系存疑"


def degrees(x, y, datum="cgcs2000"):
    lon, lat = BACK.transform(np.array([X0 + x]), np.array([Y0 + y]))
    lon, lat = wgs84_to_gcj02(lon, lat) if datum != "cgcs2000" else (lon, lat)
    lon, lat = gcj02_to_bd09(lon, lat) if datum == "bd09" else (lon, lat)
    return f"{lon[0]:.8f}", f"{lat[0]:.8f}"


def county(folder, more, *, real="gcj02", declared="cgcs2000", off=range(6), saying=()):
    """Six estates, each with a room of its own at 67 m; ``off``: rooms that lie as ``real`` has it.

    ``more``: other estates, id → east and north of the first room.
    """
    folder.mkdir(exist_ok=True)
    homes = {f"R{i}": spot for i, spot in enumerate(SIX)}
    homes |= {name: (60 + x, 30 + y) for name, (x, y) in more.items()}
    estates = [
        [k, f"小区{k}", 400, "已建成", "城镇", "城关街道", *degrees(*s)] for k, s in homes.items()
    ]
    rooms = []
    for i, (x, y) in enumerate(SIX):
        datum = real if i in off else declared
        spot = degrees(x + 60, y + 30, datum)
        said = real if i in saying else ""
        name = f"小区R{i}照料中心"
        rooms.append([f"F{i}", name, "日间照料中心", "运营", 200, "城关街道", f"R{i}", *spot, said])
    path = in_degrees(folder, estates, rooms, declared=declared, beside=["坐标系"])
    return lc.assess(read_study(path))


def of_clause(result, clause, column="status"):
    found = result.findings[result.findings["clause"] == clause].set_index("id")
    return found[column]


def test_what_the_shift_decides_is_not_known_and_the_rest_is_marked(tmp_path):
    # GCJ-02 moves a room here by about 514 m east and 79 m south: X is 700 m from the room, 1207 m
    # as read; Y 1350 m, 847 m as read; Z 250 m, 267 m as read
    more = {"X": (-700, 0), "Y": (1350, 0), "Z": (250, 0)}
    result = county(tmp_path, more)
    status, low, high = (of_clause(result, "CX-06", name) for name in ("status", "low", "high"))
    flags = of_clause(result, "CX-06", "flags")
    for name, near, far in (("X", 700, 1207), ("Y", 847, 1350)):
        assert status[name] == Status.NOT_ASSESSED
        assert (low[name], high[name]) == (pytest.approx(near, abs=1), pytest.approx(far, abs=1))
    assert status["Z"] == Status.COMPLIANT
    assert all(Flag.DATUM_DOUBTED in flags[name] for name in "XYZ")
    clause = result.clause("CX-06")
    # either X or Y is too far, wherever the rooms lie: not everybody is within 1000 m
    assert clause.status == Status.DEFICIENT
    assert Flag.DATUM_DOUBTED in clause.flags
    # eight of nine, wherever they lie
    assert (clause.official.low, clause.official.high) == (pytest.approx(8 / 9),) * 2
    # who has rooms by name has them wherever they lie
    assert all(of_clause(result, "CX-03")[f"R{i}"] == Status.COMPLIANT for i in range(6))
    # put right in study.toml all is decided, and nothing is marked
    right = county(tmp_path, more, declared="gcj02")
    assert of_clause(right, "CX-06")[["X", "Y", "Z"]].tolist() == [
        "compliant",
        "deficient",
        "compliant",
    ]
    assert "datum_doubted" not in right.banners
    assert not any(Flag.DATUM_DOUBTED in one.flags for one in right.clauses)


def test_a_clause_that_hangs_on_it_is_not_assessed(tmp_path):
    result = county(tmp_path, {"X": (-700, 0)})
    clause = result.clause("CX-06")
    assert clause.status == Status.NOT_ASSESSED
    assert clause.official.low == pytest.approx(6 / 7)
    assert clause.official.high == pytest.approx(1)
    reason = of_clause(result, "CX-06", "reason")["X"]
    assert reason.code == "datum_doubted"
    assert reason.params["datum"] == "gcj02"
    home = result.layers["residential"].loc["X"]
    assert home["radius_status"] == Status.NOT_ASSESSED


def test_every_output_says_so_at_its_head(tmp_path):
    result = county(tmp_path / "a", {"X": (-700, 0)})
    page = re.sub(r"<[^>]+>|\s+", " ", render_report(result))
    assert WORDS in page[: page.index("CX-01")]
    assert any(WORDS in banner for banner in map_data(result)["banners"])
    assert "datum_doubted" in document(result)["banners"]
    sheet = openpyxl.load_workbook(write_workbook(result, tmp_path / "a.xlsx")).worksheets[0]
    assert any(WORDS in str(c.value) for row in sheet.iter_rows(max_row=8) for c in row)
    with sqlite3.connect(write_geopackage(result, tmp_path / "a.gpkg")) as base:
        about = {row[0] for row in base.execute("select description from gpkg_contents")}
    assert any(WORDS in one for one in about)


@pytest.mark.parametrize("real", ["gcj02", "bd09"])
@pytest.mark.parametrize("seed", range(3))
def test_what_is_firm_is_so_as_read_and_once_put_right(tmp_path, real, seed):
    random = np.random.default_rng(seed)
    more = {f"X{n}": tuple(random.uniform(-2500, 2500, 2)) for n in range(12)}
    doubted = county(tmp_path, more, real=real)
    right = county(tmp_path, more, real=real, declared=real)
    assert "datum_doubted" in doubted.banners
    both = doubted.findings.merge(
        right.findings, on=["clause", "id", "part"], suffixes=("", "_right")
    )
    assert len(both) == len(doubted.findings)
    firm = both[both["status"] != Status.NOT_ASSESSED]
    assert firm["status"].tolist() == firm["status_right"].tolist()
    differ = (firm["measured"] - firm["measured_right"]).abs() > 1e-3
    assert all(Flag.DATUM_DOUBTED in flags for flags in firm[differ]["flags"])
    for one in doubted.clauses:
        other = right.clause(one.id)
        assert one.status in {other.status, Status.NOT_ASSESSED}
        if one.official is not None and one.official.low is not None:
            assert one.official.low - 1e-9 <= other.official.low
            assert other.official.high <= one.official.high + 1e-9


def test_of_two_layers_of_which_one_is_off_both_ways_are_judged_and_told(tmp_path):
    """Rooms are read as GCJ-02 and lie as CGCS2000, or homes are in GCJ-02 too: 700 m, either way.

    As read the room is 507 m farther west: 1207 m from X.
    """
    result = county(tmp_path, {"X": (700, 0)}, real="cgcs2000", declared="gcj02")
    (told,) = (p for p in result.problems if p.code is ProblemCode.DATUM_SUSPECTED)
    assert {told.layer, told.params["target"]} == {"facilities", "residential"}
    assert told.params["instead"] == told.params["declared"]
    homes = read_study(tmp_path / "study.toml").homes
    assert sorted(map(sorted, homes)) == [["facilities"], ["residential"]]  # never both
    found = result.findings[result.findings["clause"] == "CX-06"].set_index("id").loc["X"]
    assert found["status"] == Status.NOT_ASSESSED
    assert (found["low"], found["high"]) == (pytest.approx(700, abs=2), pytest.approx(1207, abs=2))
    page = re.sub(r"<[^>]+>|\s+", " ", render_report(result))
    assert re.search("或者“[^”]+”是", page)


def test_only_the_rows_that_are_suspected_are_moved(tmp_path):
    # three rooms say that they are GCJ-02 and are read so; of the others, which say nothing, all
    # look like it too: those that say it are beyond doubt
    more = {"X": (-700, 0), "Q": (3000 - 700, 900)}
    result = county(tmp_path, more, saying=(1, 3, 5))
    if "datum_doubted" not in result.banners:
        pytest.skip("three rows are too few to suspect")
    status = of_clause(result, "CX-06")
    assert status["X"] == Status.NOT_ASSESSED
    assert status["Q"] == Status.COMPLIANT


HALF = (0, 2, 4)
"""Rooms that lie elsewhere: 3000 m from each that lies right, so that an estate has one near."""


def of_some(folder, more, off=HALF, **said):
    return county(folder, more, off=off, **said)


def mixed(result):
    return [p.params["rows"] for p in result.problems if p.code is ProblemCode.DATUM_MIXED]


def test_of_a_ledger_of_two_kinds_what_hangs_on_the_rows_named_is_not_known(tmp_path):
    """X, Y, Z as above beside the first room, which was moved; their like beside the second.

    That one stands where it was read: 700 m, 1350 m and 250 m hold.
    """
    spots = {"X": (-700, 0), "Y": (1350, 0), "Z": (250, 0)}
    like = {f"{name}2": (3000 + x, 900 + y) for name, (x, y) in spots.items()}
    result = of_some(tmp_path, spots | like)
    assert mixed(result) == [["F0", "F2", "F4"]]
    found = result.findings[result.findings["clause"] == "CX-06"].set_index("id")
    for name, status, low, high in (
        ("X", Status.NOT_ASSESSED, 700, 1207),
        ("Y", Status.NOT_ASSESSED, 847, 1350),
        ("Z", Status.COMPLIANT, 264, 264),
        ("X2", Status.COMPLIANT, 700, 700),
        ("Y2", Status.DEFICIENT, 1350, 1350),
        ("Z2", Status.COMPLIANT, 250, 250),
    ):
        row = found.loc[name]
        assert (name, row["status"]) == (name, status)
        assert (Flag.DATUM_DOUBTED in row["flags"]) is (len(name) == 1)
        ends = (row["low"], row["high"]) if status == Status.NOT_ASSESSED else (row["measured"],)
        assert all(any(abs(end - one) < 1 for one in (low, high)) for end in ends)
    reason = found["reason"]["X"]
    assert (reason.code, reason.params["datum"]) == ("datum_doubted", "gcj02")
    # Y2 is too far wherever they lie: the clause is decided, its share is not
    clause = result.clause("CX-06")
    assert clause.status == Status.DEFICIENT
    assert "datum_doubted" in result.banners
    # the six that own a room by name, Z, Z2 and X2 for certain, of twelve; X or Y besides
    assert clause.official.low == pytest.approx(10 / 12)
    assert clause.official.high == pytest.approx(10 / 12)


def test_two_rows_of_six_are_no_second_kind(tmp_path):
    """As many as lie elsewhere by a slip: nothing is open, and that it was not tested is said."""
    result = of_some(tmp_path, {"X": (-700, 0)}, off=(0, 2))
    assert mixed(result) == []
    assert ProblemCode.DATUM_UNTESTED in {p.code for p in result.problems}
    assert of_clause(result, "CX-06")["X"] == Status.DEFICIENT


@pytest.mark.parametrize("real", ["gcj02", "bd09"])
def test_of_two_kinds_what_is_firm_is_so_as_read_and_once_put_right_by_row(tmp_path, real):
    random = np.random.default_rng(7)
    more = {f"X{n}": tuple(random.uniform(-2500, 2500, 2)) for n in range(12)}
    doubted = of_some(tmp_path, more, real=real)
    right = of_some(tmp_path, more, real=real, saying=HALF)
    assert mixed(doubted) == [["F0", "F2", "F4"]]
    assert mixed(right) == []
    both = doubted.findings.merge(
        right.findings, on=["clause", "id", "part"], suffixes=("", "_right")
    )
    firm = both[both["status"] != Status.NOT_ASSESSED]
    assert firm["status"].tolist() == firm["status_right"].tolist()
    turned = both[both["status"] != both["status_right"]]
    # who is too far in a straight line as read or there is so for a walk; streets there are none
    assert {reason.code for reason in turned["reason"]} <= {"datum_doubted", "no_streets"}
    for one in doubted.clauses:
        assert one.status in {right.clause(one.id).status, Status.NOT_ASSESSED}
