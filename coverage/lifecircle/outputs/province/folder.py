"""The files of a province, together in one folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.errors import OutputError
from lifecircle.outputs.province.document import write_province_json
from lifecircle.outputs.province.workbook import write_province_workbook
from lifecircle.outputs.whole import whole_files

if TYPE_CHECKING:
    from pathlib import Path

    from lifecircle.model.results.province import Province

__all__ = ["withdraw_province", "write_province"]

_BOOK, _DOCUMENT = "province.xlsx", "province.json"


def write_province(province: Province, folder: Path, language: str = "zh") -> dict[str, Path]:
    """Write ``province.xlsx`` and ``province.json``; return ``workbook`` and ``json`` → path.

    Raises
    ------
    OutputError
        A file cannot be written; then none is, and former ones stand as they were.
    """
    with whole_files(folder, last=_DOCUMENT) as part:
        write_province_workbook(province, part / _BOOK, language)
        write_province_json(province, part / _DOCUMENT)
    return {"workbook": folder / _BOOK, "json": folder / _DOCUMENT}


def withdraw_province(folder: Path) -> None:
    """Take away the sums of a province whose counties are about to be judged again.

    A batch that is killed before it comes to its sums leaves none of the run before beside the
    counties of this one.

    Raises
    ------
    OutputError
        A file cannot be taken away (open in another program).
    """
    for name in (_DOCUMENT, _BOOK):
        try:
            (folder / name).unlink(missing_ok=True)
        except NotADirectoryError:
            return
        except OSError as error:
            raise OutputError.of(folder / name, error) from error
