"""The files of a province, together in one folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.outputs.province.document import write_province_json
from lifecircle.outputs.province.drawing import draw_province
from lifecircle.outputs.province.parquet import has_parquet, write_province_parquet
from lifecircle.outputs.province.workbook import write_province_workbook
from lifecircle.outputs.whole import whole_files

if TYPE_CHECKING:
    from pathlib import Path

    from lifecircle.model.results.province import Province

__all__ = ["withdraw_province", "write_province"]

_BOOK, _MAP = "province.xlsx", "province.html"
_TABLE, _DOCUMENT = "province.parquet", "province.json"


def write_province(province: Province, folder: Path, language: str = "zh") -> dict[str, Path]:
    """Write ``province.xlsx``, ``.html`` and ``.json``, and ``.parquet`` where its extra is.

    Returns
    -------
    dict
        ``workbook``, ``map``, ``json`` and perhaps ``parquet`` → path.

    Raises
    ------
    OutputError
        A file cannot be written; then none is, and former ones stand as they were.
    """
    names = {"workbook": _BOOK, "map": _MAP, "json": _DOCUMENT}
    with whole_files(folder, last=_DOCUMENT, former=[folder / _TABLE]) as part:
        write_province_workbook(province, part / _BOOK, language)
        draw_province(province, part / _MAP, language)
        if has_parquet():
            names["parquet"] = _TABLE
            write_province_parquet(province, part / _TABLE)
        write_province_json(province, part / _DOCUMENT)
    return {name: folder / file for name, file in names.items()}


def withdraw_province(folder: Path) -> None:
    """Take away the sums of a province whose counties are about to be judged again.

    A batch that is killed before it comes to its sums leaves none of the run before beside the
    counties of this one.

    Raises
    ------
    OutputError
        A file cannot be taken away (open in another program); then all of them stand.
    """
    former = [folder / name for name in (_BOOK, _MAP, _TABLE, _DOCUMENT)]
    if folder.is_dir() and any(file.exists() for file in former):
        with whole_files(folder, last=_DOCUMENT, former=former):
            pass  # none takes their place
