"""Word and Excel files against the schemas of Office, which calls others damaged."""

import datetime as dt
import io
import zipfile

import pytest
from lxml import etree
from openpyxl.styles import Font

import lifecircle as lc
from lifecircle.outputs import write_outputs
from lifecircle.outputs.office.excel import book_bytes, first_worksheet, new_book
from lifecircle.outputs.report.brief.document import summary_bytes
from lifecircle.outputs.report.chapter.document import chapter_bytes

PRINTED = ("workbook", "summary", "chapter", "rectification")


@pytest.fixture(scope="module")
def files(briefed, short_future, short_plan, tmp_path_factory):
    home = tmp_path_factory.mktemp("office")
    write_outputs(briefed, home / "sample", PRINTED)
    write_outputs(short_future, home / "future", ("chapter",))
    lc.write_sites(short_plan, home / "plan")
    return sorted(path for path in home.rglob("*") if path.suffix in {".docx", ".xlsx"})


def test_every_file_keeps_the_schemas(files, office_faults):
    names = {path.name for path in files}
    assert {"report.docx", "summary.docx", "sites.docx", "report.xlsx", "sites.xlsx"} <= names
    assert {path.name: found for path in files if (found := office_faults(path))} == {}


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('<w:vAlign w:val="center"/>', '<w:vAlign w:val="middle"/>'),
        ("<w:cantSplit/><w:tblHeader/>", "<w:tblHeader/><w:cantSplitt/>"),
        ("<w:tblGrid>", "<w:tblGrid/><w:tblGrid>"),
    ],
)
def test_a_fault_is_found(files, office_faults, tmp_path, right, wrong):
    (path,) = [path for path in files if path.match("sample/report.docx")]
    broken = tmp_path / "broken.docx"
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(broken, "w") as made:
        for name in whole.namelist():
            data = whole.read(name)
            if name == "word/document.xml":
                assert right.encode() in data
                data = data.replace(right.encode(), wrong.encode(), 1)
            made.writestr(name, data)
    assert office_faults(broken)


def test_what_a_font_says_keeps_the_order_of_the_schema():
    book = new_book("试")
    cell = first_worksheet(book, "试").cell(1, 1)
    cell.value = "试"
    cell.font = Font(name="宋体", sz=12, b=True, i=True, u="single", color="FF0000", strike=True)
    with zipfile.ZipFile(io.BytesIO(book_bytes(book, dt.date(2024, 1, 1)))) as made:
        styles = etree.fromstring(made.read("xl/styles.xml"))
    told = styles.find("{*}fonts")
    fonts = [[one.tag.rpartition("}")[2] for one in font] for font in told]
    assert fonts[-1] == ["b", "i", "strike", "u", "sz", "color", "name"]


def test_nothing_of_the_template_s_own_document_is_left(briefed):
    for data in (chapter_bytes(briefed), summary_bytes(briefed)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            settings = archive.read("word/settings.xml").decode()
        # a second set of styles, which Word 2010 preferred, and the picture of an empty page
        assert not {"word/stylesWithEffects.xml", "docProps/thumbnail.jpeg"} & names
        assert 'w:percent="100"' in settings  # how large a page is shown must be said
