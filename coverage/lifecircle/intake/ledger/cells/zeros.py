"""Zeros that are no figures: what a ledger, and above all a shapefile, writes for a blank.

Fields of numbers in a shapefile hold no blank for ArcGIS: it writes 0. Other programs do write one,
and of a file that has one its zeros are meant.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from lifecircle.intake.ledger.values import missing
from lifecircle.model.problem import Problem, ProblemCode, Severity
from lifecircle.model.status import Stage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lifecircle.model.dictionary import ColumnSpec
    from lifecircle.sources.tables.files import RawTable

__all__ = ["Zeros"]

_NEVER = frozenset(
    {
        ("residential", "required_m2"),
        ("residential", "households_planned"),
        ("residential", "population_planned"),
        ("facilities", "floor_area_m2"),
        ("project", "required_m2"),
        ("project", "population"),
        ("plots", "required_m2"),
        ("plots", "population"),
        ("planned", "floor_area_m2"),
    }
)
"""Layer and column of which 0 is no figure in any file: who has none of it leaves it blank."""
_IN_SHAPEFILES = frozenset({"m²", "人", "张"})
"""Units of which a shapefile's 0 may be a blank; of 0 households an estate is empty."""
_AGAINST = {
    ("residential", "population"): ("elders",),
    ("residential", "households"): ("population", "elders"),
    ("facilities", "beds"): ("nursing_beds", "public_beds"),
    ("units", "population"): ("elders", "tekun"),
    ("project", "total_floor_m2"): ("above_ground_m2", "dwelling_m2"),
}
"""Layer and column → figures of the same row beside which a 0 there cannot be, in any file."""
_PLANNED = {
    ("residential", "households"): ("households_planned", "population_planned", "required_m2"),
}
"""The same, where nobody may have moved in yet: only of a shapefile without blanks, and not before
the estate stands."""
_UNBUILT = frozenset({Stage.PLANNED, Stage.UNDER_CONSTRUCTION})
_TYPES = frozenset({"number", "integer", "bool"})


class Zeros(NamedTuple):
    """The columns of a table in which 0 may be a blank.

    Parameters
    ----------
    raw, headers
        The table, and column → header.
    specs
        Columns in which a single 0 is taken for a blank.
    whole
        Columns of which every row is 0: nobody filled them in.
    unblank
        Whether it is a shapefile whose fields of numbers have no blank anywhere.
    """

    raw: RawTable
    headers: Mapping[str, str]
    specs: tuple[ColumnSpec, ...]
    whole: tuple[ColumnSpec, ...]
    unblank: bool

    @classmethod
    def of(
        cls, raw: RawTable, headers: Mapping[str, str], specs: Mapping[str, ColumnSpec]
    ) -> Zeros:
        """Return them for one table."""
        mine = [specs[column] for column in headers]
        filled = _without_blanks(raw, [headers[spec.name] for spec in mine])
        whole = [
            spec
            for spec in mine
            if filled and spec.unit != "°" and spec.type in _TYPES and len(raw) > 1
            if all(_is_zero(cell) for cell in raw.frame[headers[spec.name]])
        ]
        single = [
            spec
            for spec in mine
            if (raw.layer, spec.name) in _NEVER or (filled and spec.unit in _IN_SHAPEFILES)
            if spec not in whole
        ]
        return cls(raw, headers, tuple(single), tuple(whole), filled)

    def told(self) -> list[Problem]:
        """Return a word on every column of which nothing was filled in."""
        code, warning = ProblemCode.COLUMN_ALL_ZERO, Severity.WARNING
        return [self.raw.problem(code, warning, header=self.headers[s.name]) for s in self.whole]

    def blanked(self, row: dict[str, Any], position: int) -> list[Problem]:
        """Make the zeros of a row that are no figures missing, and say which they are."""
        for spec in self.whole:
            row[spec.name] = missing(spec.type)
        found = [spec for spec in self.specs if row[spec.name] == 0]
        row |= dict.fromkeys([spec.name for spec in found], math.nan)
        return self._contradicted(row, position) + [
            self.raw.problem(
                ProblemCode.ZERO_AS_BLANK,
                Severity.WARNING,
                at=position,
                header=self.headers[spec.name],
                value=0,
            )
            for spec in found
        ]

    def _contradicted(self, row: dict[str, Any], position: int) -> list[Problem]:
        """Make the zeros of a row missing that another of its figures contradicts."""
        problems = []
        for (layer, column), others in _AGAINST.items():
            if layer != self.raw.layer or column not in self.headers or row[column] != 0:
                continue
            built = row.get("stage") not in _UNBUILT
            more = _PLANNED.get((layer, column), ()) if self.unblank and built else ()
            other = next((o for o in (*others, *more) if row.get(o, math.nan) > 0), None)
            if other is None:
                continue
            row[column] = math.nan
            code, warning = ProblemCode.ZERO_CONTRADICTED, Severity.WARNING
            said = {"of": self.headers[other], "other": row[other]}
            header = self.headers[column]
            problems.append(
                self.raw.problem(code, warning, at=position, header=header, value=0, **said)
            )
        return problems


def _is_zero(cell: Any) -> bool:
    return isinstance(cell, int | float) and cell == 0


def _without_blanks(raw: RawTable, headers: list[str]) -> bool:
    """Return whether it is a shapefile whose fields of numbers have no blank anywhere."""
    if raw.header_bytes is None:
        return False
    if raw.blanks.intersection(headers):
        return False
    cells = [raw.frame[header] for header in headers]
    numbers = [c for c in cells if any(isinstance(v, int | float) and v == v for v in c)]  # noqa: PLR0124 - NaN
    return not any(c.isna().any() for c in numbers)
