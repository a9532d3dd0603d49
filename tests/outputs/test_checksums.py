"""A workbook of several ledgers is one file: its checksum stands once, with the sheets read."""

import dataclasses
import re

import openpyxl

from lifecircle.model.inputs.contents import Contents
from lifecircle.model.inputs.study import InputRecord
from lifecircle.outputs.report.page.document import render_report
from lifecircle.outputs.report.workbook.book import write_workbook
from lifecircle.outputs.words.sources_read import checksums

BOOK, STREETS = "ab" * 32, "cd" * 32
SHEETS = {"residential": "小区", "facilities": "设施", "units": "村居", "indicators": "指标"}
INPUTS = (
    *(
        InputRecord(layer, "台账.xlsx", BOOK, 3, 3, 0, Contents(read=(sheet,)))
        for layer, sheet in SHEETS.items()
    ),
    InputRecord("streets", "道路.osm", STREETS, 9, 9, 0),
    InputRecord("exemptions", "台账.xlsx", BOOK, 3, 3, 0, Contents(read=("小区",))),
    # of one name and another content: written anew between two layers
    InputRecord("gates", "台账.xlsx", STREETS, 1, 1, 0, Contents(read=("出入口",))),
)


def test_a_file_stands_once_with_its_sheets():
    assert checksums(INPUTS) == [
        ("台账.xlsx", BOOK, ["小区", "设施", "村居", "指标"]),
        ("道路.osm", STREETS, []),
        ("台账.xlsx", STREETS, ["出入口"]),
    ]
    assert checksums(()) == []


def test_report_and_workbook_print_it_once(shared_sample, tmp_path):
    given = dataclasses.replace(shared_sample, inputs=INPUTS)
    page = render_report(given)
    assert (page.count(BOOK), page.count(STREETS)) == (1, 2)
    line = page[page.rindex("<tr>", 0, page.index(BOOK)) : page.index(BOOK)]
    assert re.sub(r"<[^>]*>", " ", line).split() == ["台账.xlsx", "小区、设施、村居、指标"]
    sheet = openpyxl.load_workbook(write_workbook(given, tmp_path / "r.xlsx"))["依据"]
    files = [row[4] for row in sheet.iter_rows(values_only=True) if row[0] == "文件"]
    again = "与上面同一文件，SHA-256 相同"
    book, streets = f"SHA-256 {BOOK}", f"SHA-256 {STREETS}"
    assert files == [book, again, again, again, streets, again, streets]
