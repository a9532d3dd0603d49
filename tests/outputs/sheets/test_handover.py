"""What is handed over: field sheets, schedule, papers, findings, layers for other systems."""

import csv
import dataclasses
import io
import math
import re
import runpy
import shutil
import struct
import subprocess
from pathlib import Path

import openpyxl
import pyogrio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from lifecircle import texts
from lifecircle.errors import OutputError, UnknownNameError
from lifecircle.model.results.result_columns import LAYER_COLUMNS
from lifecircle.outputs.handover.exchange import meaning, short_names
from lifecircle.outputs.handover.folder import PARTS, file_stem, write_handover
from lifecircle.outputs.handover.forms import form_of
from lifecircle.outputs.handover.visits import visits_of
from lifecircle.outputs.sheets.drawing.canvas import Canvas
from lifecircle.outputs.sheets.faces import find_face
from lifecircle.outputs.sheets.field_forms import field_forms
from lifecircle.outputs.sheets.field_sketch import Sketch
from lifecircle.outputs.sheets.paper import Box, Page, Window
from lifecircle.outputs.words.wording import Wording
from lifecircle.texts import LANGUAGES


@pytest.fixture(scope="module")
def words(shared_sample):
    return Wording.of(shared_sample, "handover")


@pytest.fixture(scope="module")
def visits(shared_sample, words):
    return {(visit.layer, visit.id): visit for visit in visits_of(shared_sample, words)}


@pytest.fixture(scope="module")
def written(shared_sample, tmp_path_factory, font_file):
    return write_handover(shared_sample, tmp_path_factory.mktemp("handover"), PARTS, font=font_file)


def test_a_place_has_all_its_questions_and_its_position(visits):
    """R04 is a close call of the radius and a walk across the railway, both to F1."""
    visit = visits["residential", "R04"]
    close, walk = visit.questions[:2]
    assert (close.sort, close.clause) == ("close_call", "CX-05")
    assert close.told == "现值 990 米，要求 1,000 米，富余 10 米"
    assert walk.sort == "disagreement"
    assert walk.told == "到服务站1直线 400 米，步行 1,440 米（21.6 分钟），中间隔铁路"
    assert visit.facilities == ["F1"]
    assert visit.at is not None
    # EPSG:4548 is central meridian 117 with 500 km false easting: x near 1 km lies far to the west
    assert visit.lon < 117


def test_what_is_not_assessed_is_asked_with_who_supplies_it(visits):
    unknown = [q for q in visits["residential", "R06"].questions if q.sort == "unknown"]
    assert [q.clause for q in unknown] == ["CX-03"]
    # its dwellings are not known: the town has them, or the housing bureau
    who = "镇街或住建部门（物业服务企业台账）"
    assert unknown[0].look == f"补齐资料；由谁提供：{who}"
    # R07 has rooms of unknown m²
    (rooms,) = [q for q in visits["residential", "R07"].questions if q.sort == "unknown"]
    assert rooms.look.endswith("民政部门与设施运营单位（建筑面积、验收移交资料）")


def test_reference_checks_and_rates_of_others_ask_nothing(visits):
    asked = [q for visit in visits.values() for q in visit.questions if q.sort == "unknown"]
    assert all("CX-07" not in q.clause for q in asked)


def test_places_stand_town_by_town(shared_sample, words):
    order = [v.unit or "~" for v in visits_of(shared_sample, words)]
    assert order == sorted(order)


def test_files_are_named_county_product_day(written):
    names = {key: path.name for key, path in written.items()}
    assert names == {
        "field.pdf": "金乡县_现场核查表_2025-12-31.pdf",
        "field.xlsx": "金乡县_现场核查表_2025-12-31.xlsx",
        "schedule": "金乡县_镇街月调度表_2025-12-31.xlsx",
        "evidence": "金乡县_佐证材料目录_2025-12-31.xlsx",
        "csv": "findings.csv",
        "shapefile": "金乡县_矢量数据_2025-12-31",
        "gdb": "金乡县_矢量数据_2025-12-31.gdb",
    }
    assert all(path.exists() for path in written.values())


def test_a_county_whose_name_does_not_ship_is_called_as_its_study(shared_sample, words):
    other = dataclasses.replace(shared_sample, county="990101", study='甲/乙:"县"')
    assert file_stem(other, "field", words) == "甲_乙__县__现场核查表_2025-12-31"


def test_one_page_a_place_in_the_pdf(written, visits):
    data = written["field.pdf"].read_bytes()
    assert data.count(b"/Type /Page ") == len(visits)
    assert b"/CreationDate" not in data


def test_one_page_a_place_in_the_workbook_and_the_list_has_all(written, visits):
    book = openpyxl.load_workbook(written["field.xlsx"])
    listed, forms = book["核查清单"], book["现场核查表"]
    assert listed.max_row == 1 + len(visits)
    assert len(forms.row_breaks.brk) == len(visits)
    placed = sum(visit.at is not None for visit in visits.values())
    assert len(forms._images) == placed
    assert (forms.page_setup.orientation, int(forms.page_setup.paperSize)) == ("portrait", 9)
    texts_ = [cell.value for row in forms.iter_rows() for cell in row if cell.value]
    assert texts_.count("社区养老服务设施现场核查表") == len(visits)
    assert sum(str(t).startswith("没有位置") for t in texts_) == len(visits) - placed


def test_a_sketch_is_drawn_once_for_page_and_workbook(
    shared_sample, visits, words, tmp_path, font_file, monkeypatch
):
    drawn = []
    draw = Sketch.draw

    def counted(self, canvas, box, form):
        drawn.append(form.place)
        draw(self, canvas, box, form)

    monkeypatch.setattr(Sketch, "draw", counted)
    chosen = [visits["residential", "R04"], *(v for v in visits.values() if v.at is None)][:2]
    forms = [form_of(visit, n, 2, "", words) for n, visit in enumerate(chosen, start=1)]
    with field_forms(shared_sample, words, forms, font_file) as made:
        picture, none = made.write(forms, tmp_path / "two.pdf")
    assert drawn == ["R04"]
    assert none is None
    # 182 by 96 mm and the width of the rule around them, at 110 dots an inch: 789.7 by 417.3
    wide, high = struct.unpack(">II", picture[16:24])
    assert (abs(wide - 789.7) < 2, abs(high - 417.3) < 2) == (True, True)


def test_more_places_than_forms_are_in_the_list(shared_sample, visits, tmp_path, font_file):
    told = []
    how = {"most": 2, "font": font_file, "progress": lambda *step, **n: told.append((*step, n))}
    written = write_handover(shared_sample, tmp_path, ["field"], **how)
    assert told == [
        ("handover", {"n": 1, "of": 1}),
        ("form", {"n": 1, "of": 2}),
        ("form", {"n": 2, "of": 2}),
    ]
    book = openpyxl.load_workbook(written["field.xlsx"])
    assert book["核查清单"].max_row == 1 + len(visits)
    assert len(book["现场核查表"].row_breaks.brk) == 2
    assert written["field.pdf"].read_bytes().count(b"/Type /Page ") == 2


def test_questions_without_room_are_told_by_their_number(shared_sample, visits, words, font_file):
    visit = next(iter(visits.values()))
    form = form_of(visit, 1, 1, "", words)
    many = dataclasses.replace(form, rows=[(str(n), "CX", "话" * 200, "看", "") for n in range(40)])
    with field_forms(shared_sample, words, [many], font_file) as drawn:
        canvas = Canvas(Page(210, 297), drawn.sketch.font)
        drawn._rows(canvas, Box(14, 30, 182, 100), many)
        printed = [t.get_text() for t in canvas.paper.texts] + [
            t.get_text() for t in canvas.paper.artists if hasattr(t, "get_text")
        ]
    numbers = [t for t in printed if t.isdigit()]
    told = "".join(t.replace("\n", "") for t in printed if t.startswith("另有"))
    assert numbers
    assert told == f"另有 {40 - len(numbers)} 项，见核查清单"


def test_a_long_fact_has_lines_of_readable_letters(shared_sample, visits, words, font_file):
    """Letters of 9 points (3.2 mm) at least, in a row as high as its lines."""
    form = form_of(next(iter(visits.values())), 1, 1, "", words)
    long = dataclasses.replace(form, facts=(("设施", "某某社区日间照料中心、" * 4), ("甲", "乙")))
    with field_forms(shared_sample, words, [long], font_file) as drawn:
        (high, ((_, lines, size), (_, short, normal))) = drawn._laid_facts(long)[0]
        box = drawn._sketch_box(long)
    # 44 characters of 3.175 mm in 91 - 24 - 3 = 64 mm: 20 a line
    assert [len(line) for line in lines] == [20, 20, 4]
    assert (size, normal, short) == (pytest.approx(3.175), pytest.approx(10.5 * 25.4 / 72), ["乙"])
    assert high == pytest.approx(3 * 3.175 * 1.25 + 3)
    assert box.y + box.height == pytest.approx(297 - 33 - high - 3)


def test_a_sketch_draws_the_areas_on_it_and_no_others(shared_sample, words, font_file):
    """Of a county nearly all areas lie elsewhere: a form must not take as long as a whole map."""
    frame = shared_sample.layers["residential"]
    with field_forms(shared_sample, words, [], font_file) as drawn:
        window = Window(Box(0, 0, 100, 100), 1000, 350.0, 60.0)  # 100 m by 100 m
        seen = len(drawn.sketch._seen(window))
        polygons = frame.geometry.geom_type.isin(["Polygon", "MultiPolygon"])
        assert seen == int((polygons & frame.intersects(box(*window.bounds))).sum())
        assert seen < int(polygons.sum())


def test_the_schedule_lists_towns_and_what_each_has_to_do(written):
    book = openpyxl.load_workbook(written["schedule"])
    towns = [row for row in book["镇街调度"].iter_rows(min_row=5, values_only=True) if row[0]]
    # of two units one has areas: 8 with a quota, 284.5 m² missing in sum
    assert [row[:2] for row in towns] == [(1, "金乡街道")]
    assert towns[0][5] == 284.5
    assert towns[0][6:] == (None,) * 7
    tasks = [row for row in book["逐小区任务"].iter_rows(min_row=5, values_only=True) if row[0]]
    assert [row[3] for row in tasks] == [170, 60, 50, 4.5]
    assert tasks[2][4] == "与服务站2签订调剂协议，调剂 50 m²"


def test_what_is_filled_in_and_signed_is_set_as_word_is(written):
    """黑体 heads on a grey ground, 仿宋 within black rules, a bold 宋体 title, as forms."""
    for key, name, top in (("schedule", "镇街调度", 4), ("evidence", "佐证材料目录", 3)):
        sheet = openpyxl.load_workbook(written[key])[name]
        head, below, title = sheet.cell(top, 2), sheet.cell(top + 1, 2), sheet["A1"]
        assert (head.font.name, head.font.sz, head.fill.fgColor.rgb) == ("黑体", 10.5, "00F2F2F2")
        assert (below.font.name, below.font.sz) == ("仿宋", 10.5)
        assert (title.font.name, title.font.sz, title.font.b) == ("宋体", 20, True)
        for cell in (head, below):
            sides = [getattr(cell.border, one) for one in ("left", "right", "top", "bottom")]
            assert {(side.style, side.color.rgb) for side in sides} == {("thin", "00000000")}
    forms = openpyxl.load_workbook(written["field.xlsx"])["现场核查表"]
    named = {c.value: c for row in forms.iter_rows(max_row=40) for c in row if c.value}
    assert (named["小区"].font.name, named["小区"].fill.fgColor.rgb) == ("黑体", "00F2F2F2")
    assert named["社区养老服务设施现场核查表"].font.name == "宋体"


def test_no_heading_of_the_schedule_is_cut(written):
    """Two lines of four characters beside the button of the filter, in a row high enough."""
    sheet = openpyxl.load_workbook(written["schedule"])["镇街调度"]
    heads = {sheet.cell(4, n).value: n for n in range(1, 14)}
    at = heads["本月完成\n（处）"]
    assert sheet.column_dimensions["ABCDEFGHIJKLM"[at - 1]].width == 11
    assert sheet.row_dimensions[4].height == 36


def test_papers_are_listed_clause_by_clause_without_references(written):
    sheet = openpyxl.load_workbook(written["evidence"]).active
    rows = [row for row in sheet.iter_rows(min_row=4, values_only=True) if row[0]]
    assert [row[1] for row in rows] == ["CX-03", "CX-07", "CX-10"]
    assert rows[0][5].startswith("住宅小区户数台账")
    assert all(row[7:] == (None,) * 4 for row in rows)


def _rows(written):
    data = written["csv"].read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def test_findings_open_in_a_spreadsheet(written, shared_sample):
    rows = _rows(written)
    assert len(rows) == len(shared_sample.findings)
    first = next(r for r in rows if r["编号"] == "R03" and r["条款"] == "CX-03")
    assert (first["要求"], first["现值"], first["缺口"], first["结论"]) == (
        "170",
        "0",
        "170",
        "不达标",
    )
    assert first["结论代码"] == "deficient"
    open_ = next(r for r in rows if r["编号"] == "R06" and r["条款"] == "CX-03")
    assert (open_["上限"], open_["结论"]) == ("inf", "待核实")


def test_no_text_of_the_csv_is_a_formula(written):
    for row in _rows(written):
        for value in row.values():
            if value[:1] in "=+-@" and value:
                float(value)  # a number may have a sign
    assert any(row["名称"].startswith("'=cmd()") for row in _rows(written))


def test_shapefiles_are_gbk_and_say_what_the_layers_say(written, shared_sample):
    folder = written["shapefile"]
    assert {p.read_text() for p in folder.glob("*.cpg")} == {"GBK"}
    read = pyogrio.read_dataframe(folder / "facilities.shp", encoding="GBK").set_index("id")
    frame = shared_sample.layers["facilities"]
    placed = frame[frame.geometry.notna() & ~frame.geometry.is_empty]
    assert sorted(read.index) == sorted(placed.index)
    assert read.loc["F1", "name"] == placed.loc["F1", "name"]
    assert read.loc["F1", "floor_m2"] == placed.loc["F1", "floor_area_m2"]
    area = pyogrio.read_dataframe(next(folder.glob("residential*.shp")), encoding="GBK")
    area = area.set_index("id")
    assert area.loc["R03", "lack_m2"] == 170
    assert area.loc["R03", "reason"] == "应配 170 ㎡，已配 0 ㎡，缺 170 ㎡"  # GBK has no ²
    assert math.isnan(area.loc["R05", "radius_m"])  # beyond reach: a shapefile has no infinity


def test_every_field_is_in_the_dictionary(written):
    for name, book in (
        ("shapefile", next(written["shapefile"].glob("*.xlsx"))),
        ("gdb", next(written["gdb"].parent.glob("*_字段说明.xlsx"))),
    ):
        rows = list(openpyxl.load_workbook(book).active.iter_rows(min_row=2, values_only=True))
        told = {(row[0], row[1]) for row in rows}
        assert all(row[5] for row in rows)
        if name == "shapefile":
            for path in written["shapefile"].glob("*.shp"):
                fields = pyogrio.read_info(path)["fields"]
                assert all(len(field) <= 10 for field in fields)
                assert {(path.name, field) for field in fields} <= told
            continue
        for layer, _ in pyogrio.list_layers(written["gdb"]):
            fields = pyogrio.read_info(written["gdb"], layer=layer)["fields"]
            assert {(layer, field) for field in fields} <= told


def test_the_geodatabase_has_the_rows_of_every_layer(written, shared_sample):
    layers = {name for name, _ in pyogrio.list_layers(written["gdb"])}
    for name in LAYER_COLUMNS:
        frame = shared_sample.layers[name]
        placed = int((frame.geometry.notna() & ~frame.geometry.is_empty).sum())
        mine = [one for one in layers if one == name or one.removesuffix(one[-3:]) == name]
        read = sum(pyogrio.read_info(written["gdb"], layer=one)["features"] for one in mine)
        assert read == placed, name


def test_every_column_has_a_meaning_in_both_languages(sample_en, words):
    english = Wording.of(sample_en, "handover")
    for layer, columns in LAYER_COLUMNS.items():
        for column in ("id", *columns):
            assert meaning(layer, column, words)
            told = meaning(layer, column, english)
            assert not any("　" <= c <= "鿿" or "＀" <= c <= "￯" for c in told)
    assert texts.catalogue("handover", "zh").keys() == texts.catalogue("handover", "en").keys()


_NAMES = st.lists(
    st.text("abcdefghij_0123456789", min_size=1, max_size=24), unique=True, max_size=40
)


@given(_NAMES)
def test_short_names_are_short_and_differ(columns):
    found = short_names(columns)
    assert list(found) == columns
    assert len(set(found.values())) == len(columns)
    assert all(0 < len(name) <= 10 for name in found.values())


def test_same_result_same_bytes(shared_sample, written, tmp_path, font_file):
    again = write_handover(shared_sample, tmp_path, PARTS, font=font_file)
    for part, path in again.items():
        pairs = [(path, written[part])]
        if path.is_dir():
            pairs = [(p, written[part] / p.name) for p in path.iterdir()]
        assert pairs
        assert all(new.read_bytes() == old.read_bytes() for new, old in pairs), part


def test_forms_in_several_fonts_are_the_same_bytes(sample, tmp_path):
    """Three fonts, one each for titles, headings and text: no order among them is by chance."""
    if find_face("Noto Sans CJK SC") is None:
        pytest.skip("no Chinese font installed")
    files = [write_handover(sample, tmp_path / str(n), ["field"]) for n in range(4)]
    (first, *others) = [{part: p.read_bytes() for part, p in one.items()} for one in files]
    assert all(other == first for other in others)


def test_layers_of_two_runs_do_not_mix(sample, tmp_path):
    kept = {"residential", "sites"}
    layers = {
        name: frame if name in kept else frame.iloc[:0] for name, frame in sample.layers.items()
    }
    two = dataclasses.replace(sample, layers=layers)
    first = write_handover(two, tmp_path, ["shapefile", "gdb"])
    assert list(first["shapefile"].glob("sites.*"))
    fewer = dataclasses.replace(two, layers=layers | {"sites": layers["sites"].iloc[:0]})
    second = write_handover(fewer, tmp_path, ["shapefile", "gdb"])
    assert second == first
    assert not list(second["shapefile"].glob("sites.*"))
    assert "sites" not in {name for name, _ in pyogrio.list_layers(second["gdb"])}


def test_nothing_is_left_of_a_hand_over_that_fails(sample, tmp_path, monkeypatch, font_file):
    def refuse(*_, **__):
        raise OutputError("no")

    monkeypatch.setattr("lifecircle.outputs.handover.forms.write_book", refuse)
    with pytest.raises(OutputError):
        write_handover(sample, tmp_path / "there", ["csv", "field"], most=1, font=font_file)
    assert not (tmp_path / "there").exists()
    with pytest.raises(UnknownNameError):
        write_handover(sample, tmp_path, ["paper"])


def test_english_has_no_full_width_punctuation(sample_en, tmp_path, font_file):
    written = write_handover(
        sample_en, tmp_path, ["field", "schedule", "evidence"], most=1, font=font_file
    )
    own = {str(v) for f in sample_en.layers.values() if "name" in f for v in f["name"].dropna()}
    own |= {c.quote for c in sample_en.clauses} | {c.section for c in sample_en.clauses}
    for path in (p for p in written.values() if p.suffix == ".xlsx"):
        for sheet in openpyxl.load_workbook(path):
            for row in sheet.iter_rows():
                for cell in row:
                    told = str(cell.value or "")
                    for name in sorted(own, key=len, reverse=True):
                        told = told.replace(name, "") if name else told
                    assert not set("（），；：。、") & set(told.replace(sample_en.study, "")), told


def test_workbooks_keep_the_schemas_of_office(written, office_faults):
    books = [path for path in written.values() if path.suffix == ".xlsx"]
    assert len(books) >= 3
    assert [found for path in books for found in office_faults(path)] == []


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_number_of_a_field_sheet_is_saved(shared_sample, language):
    tracing = runpy.run_path(str(Path(__file__).parents[1] / "tracing.py"))
    saved, said = tracing["Saved"](shared_sample), Wording(language, "handover")
    told = []
    for n, visit in enumerate(visits_of(shared_sample, said), start=1):
        form = form_of(visit, n, n, shared_sample.study, said)
        told += [value for _, value in form.facts]
        told += [cell for row in form.rows for cell in row[1:]]  # the first is the row's number
    assert len(told) > 50
    # degrees are the layers' own metres, converted
    assert saved.untraced(re.sub(r"\d+\.\d{6}\b", " ", "\n".join(told))) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_of_the_field_sheets_is_saved(briefed, tmp_path, font_file, language):
    """Coordinates too: they are those of the saved shapes, reprojected by another library."""
    tracing = runpy.run_path(str(Path(__file__).parents[1] / "tracing.py"))
    forms = tracing["FORMS"]
    one = dataclasses.replace(briefed, language=language)
    saved = tracing["Saved"](one)
    written = write_handover(one, tmp_path, ["field"], most=6, font=font_file)
    told = forms.sub("", tracing["told_in_book"](written["field.xlsx"]))
    assert re.search(r"\d\d\.\d{6}", told)
    assert saved.untraced(told) == []
    moved = re.sub(r"(\d\d)\.(\d{6})", r"\1.5\2", told)
    assert saved.untraced(moved) != []
    if (reader := shutil.which("pdftotext")) is None:
        return
    command = [reader, "-layout", written["field.pdf"], "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    # bars of scale have figures of their own; a row of the table begins with its number
    lines = [line for line in text.splitlines() if not re.fullmatch(r"[\d\s,.]+(米|m)?\s*", line)]
    plain = re.sub(r"(?m)^\s*\d+\s{2,}", "", forms.sub("", "\n".join(lines)))
    assert re.search(r"\d\d\.\d{6}", plain)
    assert saved.untraced(plain) == []
