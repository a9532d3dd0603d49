"""Columns that whoever opens a workbook does not see go behind those that he does."""

import openpyxl
import pytest

from lifecircle.intake import check_study
from lifecircle.model.problem import ProblemCode as P

HEADERS = ["小区名称", "户数", "已建户数", "X", "Y"]


@pytest.mark.parametrize(
    ("hidden", "columns", "households"),
    [
        ("", "", 500.0),  # as ever: of two names of one column the shorter is weaker
        ("B", "", 500.0),
        ("C", "", 900.0),  # 户数 is what can be seen
        ("C", 'columns = { households = "已建户数" }', 500.0),  # said by the study
        ("BC", "", 500.0),  # neither is seen: the stronger name
    ],
)
def test_the_column_that_can_be_seen_is_read(county, hidden, columns, households):
    book = openpyxl.Workbook()
    book.active.append(HEADERS)
    book.active.append(["东园", 900, 500, 500_000, 3_880_000])
    book.active.append(["西园", 900, 500, 501_000, 3_880_000])
    for letter in hidden:
        book.active.column_dimensions[letter].hidden = True
    book.save(county.folder / "areas.xlsx")
    county.layers["residential"] = f'path = "areas.xlsx"\ncrs = "EPSG:4548"\n{columns}'
    study, problems = check_study(county.finish())
    assert set(study.residential.frame["households"]) == {households}
    read = "C" if households == 500 else "B"
    assert any(p.code is P.COLUMNS_HIDDEN for p in problems) == (read in hidden)
