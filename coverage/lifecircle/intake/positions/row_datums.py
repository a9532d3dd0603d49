"""A column that says row by row which datum a position is in: GCJ02, 百度, GPS."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from pyproj import CRS
from pyproj.exceptions import CRSError

from lifecircle.model.dictionary import fold
from lifecircle.model.inputs.datums import DATUMS, SHIFTED, datum_of, names_no_datum
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from lifecircle.intake.ledger.rows import Ledger
    from lifecircle.intake.settings.schema import LayerOptions

__all__ = ["RowDatums", "in_system_of_rows", "parts_by_datum", "row_datums"]

_CODE = re.compile(r"epsg[:_\s]*(\d{4,5})")


@dataclass(frozen=True, slots=True, eq=False)
class RowDatums:
    """Datum of each row (None: the layer's own), and the rows whose word is not known."""

    datums: NDArray[np.object_]
    unknown: NDArray[np.bool_]

    def of(self, layer: str | None) -> NDArray[np.object_]:
        """Return the datum of each row, where ``layer`` is what the study declares for all."""
        blank = np.array([one is None for one in self.datums], dtype=bool)
        return np.where(blank, np.array(layer, dtype=object), self.datums)

    @classmethod
    def silent(cls, count: int) -> RowDatums:
        """Return it of so many rows that say nothing."""
        return cls(np.full(count, None, dtype=object), np.zeros(count, dtype=bool))

    def declared(self, options: LayerOptions, placed: NDArray[np.bool_]) -> LayerOptions:
        """Return the options, in degrees where the rows say it all and the study nothing."""
        said = np.array([one is not None for one in self.datums], dtype=bool) | self.unknown
        if options.coordinates or options.crs or not said.any() or not said[placed].all():
            return options
        return options.model_copy(update={"coordinates": "cgcs2000"})


def in_system_of_rows(
    ledger: Ledger, options: LayerOptions, placed: NDArray[np.bool_]
) -> LayerOptions:
    """Return the options, in the one EPSG code that all placed rows say where nothing else does."""
    if options.coordinates or options.crs or ledger.raw.crs is not None:
        return options
    said = {_code(word) for word, here in zip(_said(ledger), placed, strict=False) if here}
    code = said.pop() if len(said) == 1 else None
    return options if code is None else options.model_copy(update={"crs": f"EPSG:{code}"})


def _said(ledger: Ledger) -> list[str | None]:
    return ledger.frame["datum"].tolist() if "datum" in ledger.frame else []


def _code(word: str | None) -> int | None:
    """Return the EPSG code that a cell is, of a system that is no plain datum."""
    found = None if word is None else _CODE.fullmatch(fold(word))
    return None if found is None or datum_of(str(word)) is not None else int(found[1])


def _own_code(ledger: Ledger, options: LayerOptions) -> int | None:
    """Return the EPSG code of a layer's system, as declared or as its file says."""
    own = options.crs or ledger.raw.crs
    try:
        return None if own is None else CRS.from_user_input(own).to_epsg()
    except CRSError:
        return None


def row_datums(ledger: Ledger, options: LayerOptions) -> tuple[RowDatums, tuple[Problem, ...]]:
    """Return what the column ``datum`` of a ledger says, and what is to be told of it.

    A word that is not known, or that names two datums, makes the row's position unknown: taken
    for the layer's own it could be 1,250 m off. The EPSG code of the layer's system is its own.
    """
    count = len(ledger.frame)
    datums: NDArray[np.object_] = np.full(count, None, dtype=object)
    unknown = np.zeros(count, dtype=bool)
    said = _said(ledger)
    own = _own_code(ledger, options) if any(map(_code, said)) else None
    for row, word in enumerate(said):
        if word is not None and not names_no_datum(word) and (own is None or _code(word) != own):
            datums[row] = datum_of(word)
            unknown[row] = datums[row] is None
    problems = [
        ledger.problem(ProblemCode.DATUM_UNKNOWN, Severity.WARNING, int(row), "datum")
        for row in np.flatnonzero(unknown)
    ]
    counts = {name: int((datums == name).sum()) for name in DATUMS}
    if any(counts.values()):
        header = ledger.headers.get("datum")
        note = ledger.raw.problem(
            ProblemCode.DATUM_BY_ROW,
            Severity.INFO,
            header=header,
            count=sum(counts.values()),
            **{name: counts[name] for name in SHIFTED},
        )
        problems.insert(0, note)
    return RowDatums(datums, unknown), tuple(problems)


def parts_by_datum(frame: gpd.GeoDataFrame, declared: str) -> list[tuple[str, NDArray[np.bool_]]]:
    """Return the datums that the placed rows of a layer were read in, each with its rows (n,).

    The datum of most rows first; none where no row says any. WGS 84 and CGCS2000 are one at this
    scale, named as most rows do.

    Parameters
    ----------
    frame
        The layer, with what its column ``datum`` says.
    declared
        The datum of the layer, which blank rows have.
    """
    if "datum" not in frame or not frame["datum"].notna().any():
        return []
    said, placed = frame["datum"].tolist(), frame.geometry.notna().to_numpy()
    words = {word: datum_of(word) or declared for word in {*said} if word is not None}
    read = np.array([declared if word is None else words[word] for word in said], dtype=object)
    counts = {name: int((placed & (read == name)).sum()) for name in {*read}}
    kinds: dict[str, list[str]] = {}
    for name in sorted(counts, key=lambda name: (-counts[name], name)):
        kinds.setdefault(name if name in SHIFTED else "", []).append(name)
    parts = [(names[0], np.isin(read, names)) for names in kinds.values() if counts[names[0]]]
    return sorted(parts, key=lambda part: -int((placed & part[1]).sum()))
