"""A corrected copy is never lost, and can be handed back."""

from __future__ import annotations

import builtins
import datetime as dt
import io
import json
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from typer.testing import CliRunner

from lifecircle.cli import app
from lifecircle.intake import inspect_study
from lifecircle.outputs import take_copy, write_checkup
from lifecircle.outputs.checkup.rows import rows_told

STUDY = """[study]
name = "手工县"
county = "370827"
standard = "jinxiang-2023"
as_of = 2025-12-31
crs = "EPSG:4548"
[layers.residential]
path = "台账.xlsx"
sheet = "小区"
coordinates = "cgcs2000"
[layers.facilities]
path = "台账.xlsx"
sheet = "设施"
coordinates = "cgcs2000"
"""
DAYS = [dt.datetime(y, 3, 1, tzinfo=dt.UTC).replace(tzinfo=None) for y in (1950, 2024, 2050)]
COPY = Path("maps/out/county/check/台账-检查.xlsx")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A study of one ledger of two worksheets, with looks, a formula, a chart and a drop-down."""
    folder = tmp_path_factory.mktemp("made") / "county"
    folder.mkdir()
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    book = openpyxl.Workbook()
    areas = book.active
    areas.title = "小区"
    areas.append(["编号", "名称", "户数", "经度", "纬度", "楼栋", "每栋"])
    areas.append(["R1", "甲苑", "许多", 117, 35.0512, 10, 12])
    areas.append(["R2", "乙苑", "=F3*G3", 117.01, 35.0512, 10, 12])
    areas["A2"].font = Font(bold=True, color="FF0000")
    areas["C2"].comment = Comment("原有批注", "某人")
    areas["F2"].number_format = "0.00"
    rule = DataValidation(type="list", formula1='"甲苑,乙苑"')
    rule.add("B2:B9")
    areas.add_data_validation(rule)
    chart = BarChart()
    chart.add_data(Reference(areas, min_col=6, min_row=2, max_row=3))
    areas.add_chart(chart, "J2")
    places = book.create_sheet("设施")
    places.append(["编号", "名称", "类型", "状态", "床位数", "经度", "纬度"])
    places.append(["F1", "甲站", "托老所", "运营", -5, 117, 35.0512])
    book.save(folder / "台账.xlsx")
    return folder


@pytest.fixture
def county(made, tmp_path, monkeypatch):
    monkeypatch.setenv("LIFECIRCLE_LANG", "zh")
    monkeypatch.chdir(tmp_path)
    return Path(shutil.copytree(made, "county"))


def check(*words):
    return CliRunner().invoke(app, ["check", *map(str, words)])


def edit(path, **cells):
    """Set cells as ``小区_C2=200``, and save as another program does."""
    book = openpyxl.load_workbook(path)
    for place, value in cells.items():
        sheet, cell = place.split("_")
        book[sheet][cell] = value
    book.save(path)


def cells(path):
    book = openpyxl.load_workbook(path)
    return {
        (w.title, c.coordinate): c.value for w in book for r in w for c in r if c.value is not None
    }


def test_an_edited_copy_is_not_overwritten_and_handed_back(county):
    ledger = county / "台账.xlsx"
    check(county, "-q")
    before, bytes_before = cells(ledger), ledger.read_bytes()
    edit(COPY, 小区_C2=200, 设施_E2=5, 设施_H2="新写的")
    mine = COPY.read_bytes()
    again = check(county, "-q")
    assert COPY.read_bytes() == mine
    assert COPY.with_name("台账-检查2.xlsx").is_file()
    assert "--take" in again.output
    page = (COPY.parent / "check.html").read_text(encoding="utf-8")
    assert "以下副本有人改过，没有覆盖：台账-检查.xlsx" in page
    taken = check("--take", COPY, county)
    assert taken.exit_code == 0, taken.output
    wanted = before | {("小区", "C2"): 200, ("设施", "E2"): 5, ("设施", "H2"): "新写的"}
    assert cells(ledger) == wanted
    assert (county / "台账-原件.xlsx").read_bytes() == bytes_before
    for word in ("许多", "200", "-5", "台账-原件.xlsx"):
        assert word in taken.output
    twice = check("--take", COPY, county)  # by mistake: the ledger says all of it
    assert twice.exit_code == 0, twice.output
    assert "没有差别" in twice.output
    assert cells(ledger) == wanted
    check(county, "-q")  # what was handed back may go
    assert COPY.read_bytes() != mine
    assert sorted(p.name for p in COPY.parent.iterdir()) == [
        "check.html",
        "台账-检查.xlsx",
        "台账-检查2.xlsx",
    ]


def test_all_else_in_the_ledger_stays(county):
    ledger = county / "台账.xlsx"
    check(county, "-q")
    edit(COPY, 小区_C2=200)
    with zipfile.ZipFile(ledger) as archive:
        before = {name: archive.read(name) for name in archive.namelist()}
    assert check("--take", COPY).exit_code == 0  # the copy says whose it is
    with zipfile.ZipFile(ledger) as archive:
        after = {name: archive.read(name) for name in archive.namelist()}
    changed = {name for name in before if before[name] != after[name]}
    assert before.keys() == after.keys()
    # chart, comments, styles: byte for byte; the workbook asks for computing when it is opened
    assert changed == {"xl/worksheets/sheet1.xml", "xl/workbook.xml"}
    book = openpyxl.load_workbook(ledger)
    assert book.sheetnames == ["小区", "设施"]
    assert book["小区"]["A2"].font.bold
    assert book["小区"]["C2"].comment.text == "原有批注"
    assert book["小区"]["C2"].fill == PatternFill()
    assert book["小区"].data_validations.dataValidation[0].sqref.ranges


def test_a_ledger_changed_since_is_refused_and_stays(county):
    ledger = county / "台账.xlsx"
    check(county, "-q")
    edit(COPY, 小区_C2=200)
    book = openpyxl.load_workbook(ledger)
    book["小区"].insert_rows(2)
    book.save(ledger)
    before = ledger.read_bytes()
    for words in ((COPY,), (COPY, county)):
        refused = check("--take", *words)
        assert refused.exit_code == 2
        assert "台账又改动过" in refused.output
    assert ledger.read_bytes() == before
    assert not (county / "台账-原件.xlsx").exists()


def test_a_copy_may_be_handed_back_again(county):
    """A correction was wrong itself, and one was forgotten: 二次、三次 from one copy."""
    ledger = county / "台账.xlsx"
    check(county, "-q")
    before = cells(ledger)
    edit(COPY, 小区_C2=200, 设施_E2=5)
    assert check("--take", COPY, county).exit_code == 0
    first = ledger.read_bytes()
    edit(COPY, 小区_C2=210, 设施_H2="新写的")
    again = check("--take", COPY, county)
    assert again.exit_code == 0, again.output
    wanted = before | {("小区", "C2"): 210, ("设施", "E2"): 5, ("设施", "H2"): "新写的"}
    assert cells(ledger) == wanted
    assert (county / "台账-原件2.xlsx").read_bytes() == first
    edit(COPY, 设施_D2="在建")
    assert check("--take", COPY).exit_code == 0
    assert cells(ledger) == wanted | {("设施", "D2"): "在建"}


@pytest.mark.parametrize("how", ["another copy", "the ledger was edited", "no original", "undone"])
def test_a_copy_that_would_undo_what_was_handed_back_is_refused(county, how):
    ledger = county / "台账.xlsx"
    check(county, "-q")
    other = COPY.with_name("同事的副本.xlsx")
    shutil.copy(COPY, other)
    edit(COPY, 小区_C2=200, 设施_E2=5)
    assert check("--take", COPY, county).exit_code == 0
    edit(COPY, 设施_H2="新写的")
    mine = COPY
    if how == "another copy":  # of the same ledger: it has not the 200
        edit(other, 设施_E2=6)
        mine = other
    elif how == "the ledger was edited":
        edit(ledger, 小区_B3="别处")
    elif how == "no original":
        (county / "台账-原件.xlsx").unlink()
    else:
        edit(COPY, 小区_C2="许多")
    before = ledger.read_bytes()
    refused = check("--take", mine, county)
    assert refused.exit_code == 2
    assert "台账又改动过" in refused.output
    assert ledger.read_bytes() == before


@pytest.mark.parametrize("what", ["ledger", "text", "absent", "renamed"])
def test_what_is_no_copy_is_refused(county, what):
    check(county, "-q")
    path = {"ledger": county / "台账.xlsx", "text": Path("a.xlsx")}.get(what, COPY)
    if what == "text":
        path.write_text("no workbook")
    if what == "absent":
        path.unlink()
    if what == "renamed":
        book = openpyxl.load_workbook(COPY)
        book["设施"].title = "设施2"
        book.save(COPY)
    before = (county / "台账.xlsx").read_bytes()
    refused = check("--take", path, county)
    assert refused.exit_code == 2
    assert "Traceback" not in refused.output
    assert (county / "台账.xlsx").read_bytes() == before
    if what == "renamed":
        assert "设施" in refused.output


@pytest.mark.parametrize(("language", "told"), [("zh", "请关闭后再交回"), ("en", "Close it and")])
def test_a_ledger_that_is_open_elsewhere_stays(county, locked, monkeypatch, language, told):
    check(county, "-q")
    edit(COPY, 小区_C2=200)
    ledger = county / "台账.xlsx"
    before = ledger.read_bytes()
    monkeypatch.setenv("LIFECIRCLE_LANG", language)
    refused = locked(ledger, lambda: check("--take", COPY))
    assert refused.exit_code == 2
    for said in (told, "台账.xlsx", "WPS"):
        assert said in refused.output.replace("\n", "")
    assert ledger.read_bytes() == before
    assert sorted(p.name for p in county.iterdir()) == ["study.toml", "台账.xlsx"]
    assert check("--take", COPY).exit_code == 0
    assert cells(ledger)["小区", "C2"] == 200


@pytest.mark.parametrize("which", ["copy", "ledger"])
def test_a_file_that_the_system_will_not_open_is_named(county, monkeypatch, which):
    """It is there: another program lets nobody read it."""
    check(county, "-q")
    edit(COPY, 小区_C2=200)
    file = COPY if which == "copy" else county / "台账.xlsx"
    real = open

    def opened(name, *args, **how):
        if isinstance(name, str | Path) and Path(name).name == file.name:
            raise PermissionError(13, "Permission denied", str(name))
        return real(name, *args, **how)

    for module in (builtins, io):
        monkeypatch.setattr(module, "open", opened)
    refused = check("--take", COPY)
    assert refused.exit_code == 2, refused.output
    assert f"{file.name}: 没有权限，或被别的程序占用" in refused.output


def test_nothing_changed_is_said(county):
    check(county, "-q")
    before = (county / "台账.xlsx").read_bytes()
    said = check("--take", COPY)
    assert said.exit_code == 0
    assert "没有差别" in said.output
    assert (county / "台账.xlsx").read_bytes() == before


def test_formulas_dates_and_new_rows(county):
    ledger = county / "台账.xlsx"
    check(county, "-q")
    edit(COPY, 小区_C3="=F3*11", 小区_H2=DAYS[1], 小区_C9=7, 小区_A5="R5")
    edit(COPY, 小区_G3=None)
    said = json.loads(check("--take", COPY, "--json").stdout)
    assert [c["cell"] for c in said["cells"]] == ["H2", "C3", "G3", "A5", "C9"]
    assert said["uncomputed"] == 1  # no program has computed =F3*11 yet
    found = cells(ledger)
    assert found["小区", "C3"] == "=F3*11"
    assert found["小区", "H2"] == DAYS[1]  # its format went with it
    assert ("小区", "G3") not in found
    assert (found["小区", "A5"], found["小区", "C9"]) == ("R5", 7)


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**9), 10**9),
    st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: round(x, 4)),
    st.text("甲乙 <&>\"'=1", min_size=1, max_size=6).filter(lambda t: not t.startswith("=")),
    st.datetimes(DAYS[0], DAYS[2]).map(lambda d: d.replace(microsecond=0)),
)
PLACES = st.tuples(st.sampled_from(["小区", "设施"]), st.integers(2, 9), st.integers(1, 9))


@settings(settings.get_profile("dear"), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(corrections=st.dictionaries(PLACES, VALUES, max_size=6))
def test_the_ledger_says_what_the_copy_says(made, tmp_path_factory, corrections):
    county = shutil.copytree(made, tmp_path_factory.mktemp("one") / "county")
    copy = write_checkup(inspect_study(county), county / "out")["台账.xlsx"]
    book = openpyxl.load_workbook(copy)
    for (sheet, row, column), value in corrections.items():
        book[sheet].cell(row, column).value = value
    book.save(copy)
    take_copy(copy)
    wanted = {place: value for place, value in cells(copy).items() if place[0] != "问题清单"}
    found = cells(county / "台账.xlsx")
    assert found.keys() == wanted.keys()
    for place, value in wanted.items():
        assert found[place] == (pytest.approx(value) if isinstance(value, float) else value), place


def sheet_of(*rows):
    """Return the grid of one worksheet whose first row is 1; a blank row is None."""
    return {
        ("表", f"{'ABC'[at]}{number}"): value
        for number, row in enumerate(rows, start=1)
        for at, value in enumerate(row or ())
    }


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        # the second row is out, and of what is the third now one cell is changed
        (("甲1", "乙2", "丙3", "丁4"), ("甲1", "丙3", "丁5"), ((2,), (), (("B", 4, 3),))),
        (("甲1", "乙2"), ("甲1", "新9", "乙2"), ((), (2,), ())),
        (("甲1", None, "乙2"), ("甲1", "乙2"), ((), (), ())),  # only a blank row is out
        (("甲1", "乙2"), ("甲1", "乙3"), None),  # nothing stands elsewhere
        (("甲1", "乙2"), ("甲1", "乙2", "丙3"), None),  # put in behind the last
        (("甲1", "乙2", "丙3"), ("甲1", "乙2"), None),
    ],
)
def test_rows_taken_out_or_put_in_are_told_as_rows(old, new, told):
    found = rows_told(sheet_of(*old), sheet_of(*new), "表")
    assert (found and (found.removed, found.added, found.cells)) == told


def test_a_row_taken_out_of_a_copy_is_told_as_a_row(county):
    """Every cell below it differs from what stood there: of them nothing is told."""
    book = openpyxl.load_workbook(county / "台账.xlsx")
    for number in range(2, 12):
        book["设施"].append([f"F{number}", f"{number}站", "托老所", "运营", number, 117, 35.05])
    book.save(county / "台账.xlsx")
    check(county, "-q")
    copy = openpyxl.load_workbook(COPY)
    copy["设施"].delete_rows(4)  # F3
    copy["设施"]["E2"] = 5
    copy["设施"]["E9"] = 90  # F9, in row 10 of the ledger
    copy.save(COPY)
    taken = check("--take", COPY, county)
    assert taken.exit_code == 0, taken.output
    assert "设施：删去 1 行（原第 4 行），其下各行位置随之变动" in taken.output
    lines = [line.split("│")[1:5] for line in taken.output.splitlines() if "│" in line]
    assert [[part.strip() for part in line] for line in lines] == [
        ["设施", "E2", "-5", "5"],
        ["设施", "E9", "9", "90"],
    ]
    ledger = openpyxl.load_workbook(county / "台账.xlsx")["设施"]
    assert [row[0] for row in ledger.iter_rows(min_row=2, max_row=11, values_only=True)] == [
        "F1", "F2", *(f"F{n}" for n in range(4, 12)),
    ]  # fmt: skip


@pytest.mark.parametrize("numbered", [True, False])
@pytest.mark.parametrize("way", ["corrected", "sorted", "one taken out"])
def test_rows_of_one_name_are_told_by_where_they_stand(county, numbered, way):
    """Two estates and two stations of one name: what is corrected is the row that was."""
    ledger = county / "台账.xlsx"
    head = [["编号"], ["R1"], ["R2"], ["R3"]]
    rows = [
        ["名称", "户数", "经度", "纬度"],
        ["甲苑", 300, 117, 35.05],
        ["甲苑", 300, 117.01, 35.05],
    ]
    rows += [["乙苑", 90, 117.02, 35.05]]
    book = openpyxl.Workbook()
    areas = book.active
    areas.title = "小区"
    for first, rest in zip(head, rows, strict=True):
        areas.append([*first, *rest] if numbered else rest)
    places = book.create_sheet("设施")
    places.append(["名称", "类型", "状态", "建筑面积", "经度", "纬度"])
    for m2 in (60, 60):
        places.append(["甲站", "托老所", "运营", m2, 117, 35.0512])
    book.save(ledger)
    check(county, "-q")
    column = "C" if numbered else "B"
    copy = openpyxl.load_workbook(COPY)
    copy["设施"]["D3"] = 90
    page = copy["小区"]
    page[f"{column}3"] = 200
    if way == "sorted":
        second, third = ([cell.value for cell in page[n]] for n in (2, 3))
        for n, values in ((2, third), (3, second)):
            for at, value in enumerate(values, start=1):
                page.cell(n, at).value = value
    elif way == "one taken out":
        page.delete_rows(2)
    copy.save(COPY)
    wanted = [[cell.value for cell in row] for row in page.iter_rows()]
    assert check("--take", COPY, county).exit_code == 0
    now = openpyxl.load_workbook(ledger)
    found = [[cell.value for cell in row] for row in now["小区"].iter_rows()]
    assert [r for r in found if any(r)] == [r for r in wanted if any(r)]
    assert [now["设施"][f"D{n}"].value for n in (2, 3)] == [60, 90]
    by_place = {row[-2]: row[-3] for row in found[1:] if any(row)}
    assert by_place[117.01] == 200
    assert by_place.get(117, 300) == 300
