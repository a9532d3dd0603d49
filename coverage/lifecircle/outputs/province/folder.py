"""The files of a province, together in one folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.outputs.province.document import write_province_json
from lifecircle.outputs.province.workbook import write_province_workbook
from lifecircle.outputs.whole import whole_files

if TYPE_CHECKING:
    from pathlib import Path

    from lifecircle.model.results.province import Province

__all__ = ["write_province"]


def write_province(province: Province, folder: Path, language: str = "zh") -> dict[str, Path]:
    """Write ``province.xlsx`` and ``province.json``; return ``workbook`` and ``json`` → path.

    Raises
    ------
    OutputError
        A file cannot be written; then none is, and former ones stand as they were.
    """
    with whole_files(folder, last="province.json") as part:
        write_province_workbook(province, part / "province.xlsx", language)
        write_province_json(province, part / "province.json")
    return {"workbook": folder / "province.xlsx", "json": folder / "province.json"}
