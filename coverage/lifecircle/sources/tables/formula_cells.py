"""Formulas of a workbook that were never computed: they hold no value, and are not blank."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import openpyxl

from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["uncomputed"]


def uncomputed(path: Path, sheets: Iterable[str]) -> tuple[Problem, ...]:
    """Return an error for each formula of the sheets that has no stored value."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # styles and extensions that openpyxl does not know
        written = openpyxl.load_workbook(path)
        computed = openpyxl.load_workbook(path, data_only=True)
    return tuple(
        Problem(
            ProblemCode.FORMULA_EMPTY,
            Severity.ERROR,
            layer="proposal",
            file=path.name,
            sheet=name,
            row=cell.row,
            cell=cell.coordinate,
            value=str(cell.value),
        )
        for name in sheets
        for line in written[name].iter_rows()
        for cell in line
        if cell.data_type == "f" and computed[name][cell.coordinate].value is None
    )
