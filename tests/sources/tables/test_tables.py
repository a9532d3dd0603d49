import codecs
import hashlib

import geopandas as gpd
import openpyxl
import pytest
import shapely

from lifecircle.model.problem import ProblemCode as P
from lifecircle.model.problem import Severity, describe
from lifecircle.sources.tables.files import fingerprint, read_table

HEADERS = frozenset({"名称", "户数", "建筑面积"})


def read(path, **options):
    return read_table(path, name="residential", **options)


def write_csv(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


def write_book(path, *rows, sheet="小区", merge=()):
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for row in rows:
        page.append(row)
    for block in merge:
        page.merge_cells(block)
    book.create_sheet("说明")
    book.save(path)
    return path


def write_shapefile(path, encoding, *, cpg):
    frame = gpd.GeoDataFrame(
        {"名称": ["东园小区", "西园"], "户数": [10, 20]},
        geometry=[shapely.Point(0, 0), shapely.Point(1, 1)],
        crs=4548,
    )
    frame.to_file(path, encoding=encoding)
    if not cpg:
        path.with_suffix(".cpg").unlink()
    return path


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("utf-8-sig", None), ("utf-8", "utf-8"), ("gbk", "gb18030"), ("utf-16", None)],
)
def test_csv_encodings_are_found_and_said(tmp_path, encoding, said):
    path = write_csv(tmp_path / "a.csv", "名称,户数\n东园,007\n", encoding)
    table, problems = read(path)
    assert table.frame.to_dict("list") == {"名称": ["东园"], "户数": ["007"]}
    assert [(p.code, p.severity, p.params) for p in problems] == (
        [(P.ENCODING_CHOSEN, Severity.INFO, {"encoding": said})] if said else []
    )


@pytest.mark.parametrize("name", ["a.csv", "a.xls", "a.txt"])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", "\t"])
def test_utf_16_without_a_mark_is_told_by_its_zeros(tmp_path, name, encoding, separator):
    """The upper half of separators, digits and ends of lines is 0; of 一 (U+4E00) the lower."""
    for rows in (
        ["名称,户数", "东园,7"],
        ["name,x", "A,7"],
        ["名称,户数", "Ā园一期,007", "一品家园,"],
    ):
        text = "\n".join(rows).replace(",", separator) + "\n"
        table, problems = read(write_csv(tmp_path / name, text, encoding))
        header, *body = (row.split(",") for row in rows)
        expected = {h: [row[n] or None for row in body] for n, h in enumerate(header)}
        assert table.frame.to_dict("list") == expected
        assert [p.params for p in problems] == [{"encoding": encoding}]


@pytest.mark.parametrize(
    "raw",
    [
        "名称,户数\n东园,7\n".encode("utf-16-le")[:-1],  # torn off in a character
        "名称,户数\n东园,7\n".encode("utf-16-le") + "西园,8\n".encode("utf-16-be"),
        "名称,户数\n东园,7\n".encode("gbk") + b"\0" * 7,
        "名称,户数\n东园,7\n".encode() + b"\0\0",
        b"\0" * 64,
    ],
)
def test_zeros_that_prove_no_encoding_are_told_with_what_to_do(tmp_path, raw):
    path = tmp_path / "a.csv"
    path.write_bytes(raw)
    table, (problem,) = read(path)
    assert table is None
    assert problem.params == {"detail": "zeros"}
    assert "另存为 xlsx" in describe(problem, "zh")["what"]
    assert "save it as xlsx" in describe(problem, "en")["what"]


@pytest.mark.parametrize("given", [None, "gbk"])
def test_the_mark_of_utf_8_before_gbk_is_no_text(tmp_path, given):
    """Scripts put it there so that Excel opens the file, whatever the text behind it is in."""
    path = tmp_path / "a.csv"
    path.write_bytes(codecs.BOM_UTF8 + "名称,户数\n东园,7\n".encode("gbk"))
    table, problems = read(path, encoding=given)
    assert table.frame.to_dict("list") == {"名称": ["东园"], "户数": ["7"]}
    assert [p.params for p in problems] == ([] if given else [{"encoding": "gb18030"}])


def test_commas_of_full_width_part_cells_where_no_others_do(tmp_path):
    wide = write_csv(tmp_path / "a.csv", "名称，户数\n东园，7\n", "utf-8-sig")
    assert read(wide)[0].frame.to_dict("list") == {"名称": ["东园"], "户数": ["7"]}
    both = write_csv(tmp_path / "b.csv", "名称,备注\n东园，西园,无\n", "utf-8-sig")
    assert read(both)[0].frame.to_dict("list") == {"名称": ["东园，西园"], "备注": ["无"]}


@pytest.mark.parametrize("part", ["shx", "dbf"])
def test_a_shapefile_of_which_a_part_was_left_behind_says_which(tmp_path, part):
    path = write_shapefile(tmp_path / "a.shp", "GBK", cpg=False)
    path.with_suffix(f".{part}").unlink()
    table, (problem,) = read(path)
    assert (table, problem.code) == (None, P.FILE_UNREADABLE)
    assert f".{part} " in describe(problem, "zh")["what"]


def test_a_file_named_without_its_ending_is_not_there(tmp_path):
    write_csv(tmp_path / "a.csv", "名称\n东园\n", "utf-8")
    assert [p.code for p in read(tmp_path / "a")[1]] == [P.FILE_MISSING]


def test_a_given_encoding_is_not_said_and_a_wrong_one_is_refused(tmp_path):
    path = write_csv(tmp_path / "a.csv", "名称\n东园\n", "gbk")
    table, problems = read(path, encoding="GBK")
    assert (list(table.frame["名称"]), problems) == (["东园"], ())
    table, problems = read(path, encoding="utf-8")
    assert table is None
    assert [p.code for p in problems] == [P.FILE_UNREADABLE]
    table, (problem,) = read(path, encoding="gb-18031")
    assert (table, problem.params) == (None, {"detail": "encoding_name"})


def test_csv_rows_are_counted_as_a_spreadsheet_counts_them(tmp_path):
    text = '台账,,\n编号,名称,户数（户）\n1,"东\n园",5\n,,\n3,西园,6\n'
    table, _ = read(write_csv(tmp_path / "a.csv", text), headers=HEADERS)
    assert table.header_row == 2
    assert list(table.rows) == [3, 5]
    problem = table.problem(
        P.NUMBER_UNREADABLE, Severity.WARNING, at=1, header="户数（户）", value="6"
    )
    assert (problem.file, problem.row, problem.cell, problem.column, problem.value) == (
        "a.csv",
        5,
        "C5",
        "户数（户）",
        "6",
    )


@pytest.mark.parametrize("separator", [";", "\t"])
def test_csv_separators(tmp_path, separator):
    text = "名称,户数\n东园,5\n".replace(",", separator)
    table, _ = read(write_csv(tmp_path / "a.csv", text))
    assert list(table.frame.columns) == ["名称", "户数"]


def test_a_workbook_keeps_values_cells_and_merged_blocks(tmp_path):
    path = write_book(
        tmp_path / "a.xlsx",
        ["某县台账", None, None, None],
        ["镇街", "名称", "代码", "名称"],
        ["甲镇", "东园", 370828001001, "x"],
        [None, "西园", "370828001002", None],
        [None, None, None, None],
        ["乙镇", "南园", 3.5, None],
        merge=["A3:A4", "A1:D1"],
    )
    table, problems = read(path, headers=HEADERS)
    assert problems == ()
    assert (table.sheet, table.header_row, list(table.rows)) == ("小区", 2, [3, 4, 6])
    assert list(table.frame["镇街"]) == ["甲镇", "甲镇", "乙镇"]
    assert list(table.frame["代码"]) == [370828001001, "370828001002", 3.5]
    assert type(table.frame["代码"][0]) is int
    assert dict(table.letters) == {"镇街": "A", "名称": "B", "代码": "C", "名称#2": "D"}


def test_a_header_of_two_levels_is_not_read_as_a_row(tmp_path):
    path = write_book(
        tmp_path / "a.xlsx",
        ["名称", "户数", "面积", None],
        [None, None, "建筑面积", "用地面积"],
        ["东园", 5, 100, 900],
        merge=["A1:A2", "B1:B2", "C1:D1"],
    )
    table, _ = read(path, headers=HEADERS)
    assert (table.header_row, list(table.frame.columns)) == (
        2,
        ["名称", "户数", "建筑面积", "用地面积"],
    )
    same, _ = read(path, headers=HEADERS - {"建筑面积"})
    assert (same.header_row, list(same.rows)) == (2, [3])


def test_a_named_sheet_and_one_that_is_not_there(tmp_path):
    path = write_book(tmp_path / "a.xlsx", ["名称"], ["东园"])
    assert read(path, sheet="小区")[0].sheet == "小区"
    table, (problem,) = read(path, sheet="设施")
    assert table is None
    assert (problem.code, problem.sheet, problem.params) == (
        P.SHEET_MISSING,
        "设施",
        {"sheets": ["小区", "说明"]},
    )
    table, (problem,) = read(path, sheet="说明")
    assert (table, problem.code) == (None, P.LAYER_EMPTY)


@pytest.mark.parametrize(
    ("encoding", "cpg", "found", "said"),
    [
        ("GBK", True, "gbk", False),
        ("GBK", False, "gb18030", True),
        ("UTF-8", True, "utf-8", False),
        ("UTF-8", False, "utf-8", True),
    ],
)
def test_shapefile_encodings(tmp_path, encoding, cpg, found, said):
    table, problems = read(write_shapefile(tmp_path / "a.shp", encoding, cpg=cpg))
    assert table.frame.to_dict("list") == {"名称": ["东园小区", "西园"], "户数": [10, 20]}
    assert table.encoding == found
    assert [p.params for p in problems] == ([{"encoding": found}] if said else [])


def test_a_shapefile_whose_declaration_its_bytes_contradict(tmp_path):
    path = write_shapefile(tmp_path / "a.shp", "GBK", cpg=True)
    path.with_suffix(".cpg").write_text("UTF-8")
    table, _ = read(path)
    assert (table.encoding, table.frame["名称"][0]) == ("gb18030", "东园小区")


def test_a_shapefile_that_declares_itself_by_its_language_driver(tmp_path):
    path = write_shapefile(tmp_path / "a.shp", "GBK", cpg=False)
    raw = bytearray(path.with_suffix(".dbf").read_bytes())
    raw[29] = 0x4D  # code page 936
    path.with_suffix(".dbf").write_bytes(raw)
    table, problems = read(path)
    assert (table.encoding, table.frame["名称"][0], problems) == ("gbk", "东园小区", ())


def test_vector_files_keep_whole_numbers_beside_nulls_and_their_crs(tmp_path):
    frame = gpd.GeoDataFrame(
        {"code": [370828001001, 370828001002], "name": ["东园", None]},
        geometry=[shapely.Point(0, 0), None],
        crs=4548,
    ).astype({"code": "Int64"})
    frame.loc[1, "code"] = None
    frame.to_file(tmp_path / "a.gpkg", layer="一")
    frame.to_file(tmp_path / "a.gpkg", layer="二")
    table, problems = read(tmp_path / "a.gpkg", layer="二")
    assert problems == ()
    assert table.frame.to_dict("list") == {"code": [370828001001, None], "name": ["东园", None]}
    assert list(table.rows) == [1, 2]
    assert table.geometry[1] is None
    assert gpd.GeoSeries([], crs=table.crs).crs.to_epsg() == 4548
    table, (problem,) = read(tmp_path / "a.gpkg", layer="三")
    assert (problem.code, problem.params) == (P.SHEET_MISSING, {"sheets": ["一", "二"]})


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_a_geopackage_without_crs_has_none(tmp_path):
    gpd.GeoDataFrame({"name": ["东园"]}, geometry=[shapely.Point(0, 0)]).to_file(
        tmp_path / "a.gpkg"
    )
    assert read(tmp_path / "a.gpkg")[0].crs is None


@pytest.mark.parametrize(
    ("name", "content", "code", "params"),
    [
        ("a.dwg", b"x", P.FORMAT_UNKNOWN, {"suffix": ".dwg"}),
        ("a.xls", b"x", P.FILE_UNREADABLE, {"detail": "no_workbook"}),
        ("a.xls", b"<html><table></table></html>", P.FILE_UNREADABLE, {"detail": "web_page"}),
        ("a.xlsx", b"not a workbook", P.FILE_UNREADABLE, None),
        ("a.gpkg", b"not a package", P.FILE_UNREADABLE, None),
        ("a.geojson", b"{", P.FILE_UNREADABLE, None),
        ("a.shp", b"x", P.FILE_UNREADABLE, None),
        ("a.csv", b"a\n\x81", P.FILE_UNREADABLE, {"detail": "encoding_wrong"}),
        ("a.csv", b'name\n"open', P.FILE_UNREADABLE, None),
        ("a.csv", b"", P.LAYER_EMPTY, {}),
    ],
)
def test_files_that_cannot_be_read(tmp_path, name, content, code, params):
    (tmp_path / name).write_bytes(content)
    table, (problem,) = read(tmp_path / name, file=f"数据/{name}")
    assert table is None
    assert (problem.code, problem.severity, problem.layer, problem.file) == (
        code,
        Severity.ERROR,
        "residential",
        f"数据/{name}",
    )
    if params is not None:
        assert problem.params == params


def test_a_missing_file(tmp_path):
    table, (problem,) = read(tmp_path / "a.gpkg")
    assert (table, problem.code, problem.file) == (None, P.FILE_MISSING, "a.gpkg")


def test_the_fingerprint_covers_every_part_of_a_shapefile(tmp_path):
    path = write_csv(tmp_path / "a.csv", "x")
    assert fingerprint(path) == hashlib.sha256(b"x").hexdigest()
    shape = write_shapefile(tmp_path / "a.shp", "GBK", cpg=True)
    before = fingerprint(shape)
    shape.with_suffix(".cpg").write_text("GB18030")
    assert fingerprint(shape) != before


FLAT = ["编号", "小区名称", "规划户数", "现状户数", "建筑面积", "其中社区用房", "X", "Y"]
UPPER = ["编号", "小区名称", "户数", None, "建筑面积", None, "位置", None]
LOWER = [None, None, "规划", "现状", "合计", "其中社区用房", "X", "Y"]
KNOWN = frozenset({*FLAT, "户数", "备注", "阶段"}) - {"其中社区用房"}
ROWS = [["R1", "甲苑", 200, 100, 60, 20, 1, 2], ["R2", "乙苑", 400, 200, 90, 30, 3, 4]]


def _line(row):
    return ",".join("" if cell is None else str(cell) for cell in row)


@pytest.mark.parametrize("title", [False, True])
@pytest.mark.parametrize("looks", ["merged", "merged across", "taken apart", "csv", "x and y last"])
def test_a_header_of_two_levels_says_the_same_however_its_blocks_are_written(
    tmp_path, looks, title
):
    """As the one of one level: 户数 over 规划 and 现状 is none of the two by itself."""
    upper, lower = list(UPPER), list(LOWER)
    if looks == "x and y last":  # the lower level ends before the upper, where cells are counted
        upper, lower = [*upper[:4], "建筑面积", "备注"], lower[:4]
    rows = [row[: len(upper)] for row in ROWS]
    above = [["全县小区台账"]] if title else []
    if looks in {"csv", "x and y last"}:
        lines = map(_line, [*above, upper, lower, *rows])
        raw, _ = read(write_csv(tmp_path / "a.csv", "\n".join(lines)), headers=KNOWN)
        assert not raw.uneven
    else:
        at = len(above) + 1
        across = [f"{a}{at}:{b}{at}" for a, b in ("CD", "EF", "GH")]
        down = [f"{c}{at}:{c}{at + 1}" for c in "AB"]
        blocks = {"merged": across + down, "merged across": across}.get(looks, [])
        path = write_book(tmp_path / "a.xlsx", *above, upper, lower, *rows, merge=blocks)
        raw, _ = read(path, headers=KNOWN)
    wanted = FLAT[:4] + (["建筑面积", "备注"] if looks == "x and y last" else FLAT[4:])
    assert list(raw.frame) == wanted
    assert [list(map(str, row)) for row in raw.frame.to_numpy()] == [
        list(map(str, row)) for row in rows
    ]
    assert raw.header_row == len(above) + 2


@pytest.mark.parametrize(
    "first",
    [
        ["R1", "甲苑", "许多", "不详", None, None],  # a row of words is no header
        [None, "甲苑", "许多", "不详", None, None],
        [None, None, None, None, "本表由镇街填报", None],  # nor is a note below one heading
    ],
)
def test_a_row_of_words_below_the_header_is_a_row(tmp_path, first):
    upper = ["编号", "小区名称", "户数", None, "备注", "阶段"]
    rows = [first, ["R2", "乙苑", 400, 200, "", "入住"]]
    path = write_csv(tmp_path / "a.csv", "\n".join(map(_line, [upper, *rows])))
    raw, _ = read(path, headers=KNOWN)
    assert raw.header_row == 1
    assert len(raw) == 2
