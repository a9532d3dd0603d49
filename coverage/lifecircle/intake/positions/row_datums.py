"""A column that says row by row which datum a position is in: GCJ02, 百度, GPS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lifecircle.model.inputs.datums import DATUMS, SHIFTED, datum_of, names_no_datum
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from lifecircle.intake.ledger.rows import Ledger
    from lifecircle.intake.settings.schema import LayerOptions

__all__ = ["RowDatums", "parts_by_datum", "row_datums"]


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


def row_datums(ledger: Ledger) -> tuple[RowDatums, tuple[Problem, ...]]:
    """Return what the column ``datum`` of a ledger says, and what is to be told of it.

    A word that is not known, or that names two datums, makes the row's position unknown: taken
    for the layer's own it could be 1,250 m off.
    """
    count = len(ledger.frame)
    datums: NDArray[np.object_] = np.full(count, None, dtype=object)
    unknown = np.zeros(count, dtype=bool)
    said = ledger.frame["datum"].tolist() if "datum" in ledger.frame else []
    for row, word in enumerate(said):
        if word is not None and not names_no_datum(word):
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
