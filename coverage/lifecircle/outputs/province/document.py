"""``province.json``: every clause's rates in every county, and their sums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import lifecircle
from lifecircle.model.allowed import OneOf, Words
from lifecircle.model.results.province import (
    PROVINCE_SCHEMA,
    Province,
    ProvinceClause,
    ProvinceCounty,
)
from lifecircle.outputs.saved.described import CLOSED
from lifecircle.outputs.saved.json_text import plain, write_json_text

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["OtherCounty", "ProvinceDocument", "write_province_json"]


@dataclass(frozen=True, slots=True)
class OtherCounty:
    """A county without a result.

    Parameters
    ----------
    state
        ``failed`` or ``left``.
    reason
        A code.
    lines
        The same for people.
    """

    name: str
    state: str
    reason: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProvinceDocument:
    """The counties of a batch side by side, as it is saved.

    Parameters
    ----------
    version
        Version of lifecircle.
    others
        Counties without a result.
    """

    schema: Annotated[int, OneOf((PROVINCE_SCHEMA,))]
    version: str
    counties: tuple[ProvinceCounty, ...]
    others: tuple[OtherCounty, ...]
    clauses: tuple[ProvinceClause, ...]
    standard_titles: dict[str, Words]

    __pydantic_config__ = CLOSED


def write_province_json(province: Province, path: Path) -> Path:
    """Write a province and return the path.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    document = ProvinceDocument(
        schema=PROVINCE_SCHEMA,
        version=lifecircle.__version__,
        counties=province.counties,
        others=tuple(
            OtherCounty(run.name, str(run.state), run.reason, run.lines) for run in province.others
        ),
        clauses=province.clauses,
        standard_titles=province.standard_titles,
    )
    return write_json_text(plain(document), path)
