"""Administrative units: what a division code says, and which unit a row belongs to.

A code has 12 digits: 2 province, 2 city, 2 county, 3 township, 3 community or village. The 7th to
9th say street (001-099), town (100-199), township (200-399) or special unit (400-599); the 10th to
12th say community (001-199) or village (200-399).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from lifecircle.intake.rows import texts
from lifecircle.model.dictionary import fold
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    import geopandas as gpd

    from lifecircle.intake.rows import Ledger
    from lifecircle.model.layers import Layer

__all__ = ["Gazetteer", "canonical_code", "describe_units", "unit_level", "unit_type"]

_COUNTY, _TOWNSHIP, _COMMUNITY = 6, 9, 12
_TOWNSHIP_TYPES = ((1, 99, "street"), (100, 199, "town"), (200, 399, "township"))
_COMMUNITY_TYPES = ((1, 199, "community"), (200, 399, "village"))
_COMMITTEE = re.compile(r"(居民委员会|村民委员会|居委会|村委会)$")
_VIRTUAL = "虚拟"


def canonical_code(text: str) -> str | None:
    """Return a code at its own length: ``370828001000`` is the street ``370828001``.

    None where ``text`` is not a code of a county (6 digits), a town (9) or a community (12).
    """
    if not text.isascii() or not text.isdigit():
        return None
    if len(text) not in {_COUNTY, _TOWNSHIP, _COMMUNITY}:
        return None
    for length in (_TOWNSHIP, _COUNTY):
        if len(text) > length and set(text[length:]) == {"0"}:
            shorter = text[:length]
            return canonical_code(shorter)
    return text


def unit_level(code: str) -> str:
    """Return ``county``, ``township`` or ``community`` of a canonical code."""
    return {_COUNTY: "county", _TOWNSHIP: "township"}.get(len(code), "community")


def unit_type(code: str, name: str = "") -> str:
    """Return street, town, township, community, village, county or special.

    A community of a special unit and a row called 虚拟 are special.
    """
    if _VIRTUAL in name:
        return "special"
    if len(code) == _COUNTY:
        return "county"
    township = _between(_TOWNSHIP_TYPES, int(code[_COUNTY:_TOWNSHIP]))
    if len(code) == _TOWNSHIP or township == "special":
        return township
    return _between(_COMMUNITY_TYPES, int(code[_TOWNSHIP:]))


def _between(ranges: tuple[tuple[int, int, str], ...], number: int) -> str:
    return next((kind for low, high, kind in ranges if low <= number <= high), "special")


def describe_units(ledger: Ledger) -> tuple[Ledger, tuple[Problem, ...]]:
    """Add ``level``, ``unit_type`` and ``parent``, and fill ``setting`` where it is missing.

    A row whose code is no code is set aside. ``setting`` falls back on community → urban and
    village → rural (A26), never on street or town: streets contain villages and towns contain
    communities. How many were filled is reported.
    """
    problems: list[Problem] = []
    codes = [canonical_code(code) for code in ledger.frame["code"]]
    bad = np.zeros(len(codes), dtype=bool)
    first: dict[str, int] = {}
    for row, code in enumerate(codes):
        if code is None:
            problem = ledger.problem(ProblemCode.CODE_UNKNOWN, Severity.ERROR, row, "code")
        elif code in first:
            problem = ledger.problem(
                ProblemCode.ID_DUPLICATE,
                Severity.ERROR,
                row,
                "code",
                first_row=int(ledger.raw.rows[ledger.at[first[code]]]),
            )
        else:
            first[code] = row
            continue
        bad[row] = True
        problems.append(problem)
    good = ledger.without(bad)
    frame = good.frame.copy()
    own = [code for code, wrong in zip(codes, bad, strict=True) if not wrong and code is not None]
    frame.index = pd.Index(own, name="id", dtype=object)
    frame["code"] = texts(own, frame.index)
    frame["level"] = texts([unit_level(code) for code in own], frame.index)
    types = [unit_type(code, name) for code, name in zip(own, frame["name"], strict=True)]
    frame["unit_type"] = texts(types, frame.index)
    parents = [code[:_TOWNSHIP] if len(code) == _COMMUNITY else None for code in own]
    frame["parent"] = texts(parents, frame.index)
    fallback = frame["unit_type"].map({"community": "urban", "village": "rural"})
    inferred = frame["setting"].isna() & fallback.notna()
    filled = [f if i else s for s, f, i in zip(frame["setting"], fallback, inferred, strict=True)]
    frame["setting"] = texts(filled, frame.index)
    if inferred.any():
        problems.append(
            good.raw.problem(ProblemCode.SETTING_INFERRED, Severity.INFO, count=int(inferred.sum()))
        )
    return type(good)(good.raw, good.headers, frame, good.at, good.set_aside), tuple(problems)


class Gazetteer:
    """Finds the unit a row means, by code, by name or by position.

    Parameters
    ----------
    units
        The units layer, or None: codes then stand as given and names stay names.
    """

    def __init__(self, units: Layer | None) -> None:
        self.frame: gpd.GeoDataFrame | None = None if units is None else units.frame
        self._names: dict[str, dict[str, list[str]]] = {"township": {}, "community": {}}
        self._trees: dict[str, tuple[shapely.STRtree, list[str]]] = {}
        if self.frame is None:
            return
        for code, name, level in zip(
            self.frame.index, self.frame["name"], self.frame["level"], strict=True
        ):
            if level in self._names:
                self._names[level].setdefault(_COMMITTEE.sub("", fold(name)), []).append(code)
        for level in self._names:
            part = self.frame[(self.frame["level"] == level) & self.frame.geometry.notna()]
            part = part.sort_index()
            if len(part):
                tree = shapely.STRtree(part.geometry.to_numpy())
                self._trees[level] = (tree, list(part.index))

    def code(self, text: str, level: str, within: str | None = None) -> str | None:
        """Return the code that a cell means at a level; None if it means none, or several.

        Parameters
        ----------
        text
            A code or a name (居民委员会 and 村民委员会 at its end do not matter).
        level
            ``township`` or ``community``.
        within
            Township code that parts communities of one name.
        """
        code = canonical_code(text)
        if code is not None:
            if level == "township" and len(code) == _COMMUNITY:
                code = code[:_TOWNSHIP]
            known = self.frame is None or not self._has(level) or code in self.frame.index
            return code if known and unit_level(code) == level else None
        if self.frame is None:
            return text
        hits = self._names[level].get(_COMMITTEE.sub("", fold(text)), [])
        if len(hits) > 1 and within is not None:
            hits = [hit for hit in hits if hit.startswith(within)]
        return hits[0] if len(hits) == 1 else None

    def at(self, point: shapely.Point, level: str) -> str | None:
        """Return the unit whose territory holds a point (on a border: the lowest code)."""
        if level not in self._trees:
            return None
        tree, codes = self._trees[level]
        hits = tree.query(point, predicate="intersects")
        return codes[int(hits.min())] if len(hits) else None

    def setting(self, code: str | None) -> str | None:
        """Return urban or rural of a unit, None if unknown."""
        if self.frame is None or code is None or code not in self.frame.index:
            return None
        value = self.frame.at[code, "setting"]
        return value if isinstance(value, str) else None

    def _has(self, level: str) -> bool:
        return bool(self._names[level])

    def _township(self, text: str) -> str | None:
        code = canonical_code(text)
        return self.code(code, "township") if code and len(code) == _TOWNSHIP else None

    def place(
        self, ledger: Ledger, shapes: list[shapely.Geometry | None]
    ) -> tuple[pd.DataFrame, tuple[Problem, ...]]:
        """Return the ledger's frame with ``unit`` and ``community`` as codes.

        The unit is the one written, else the community's first nine digits, else the one whose
        territory holds the representative point; the community the one written, else by position.
        """
        frame = ledger.frame.copy()
        problems: list[Problem] = []
        units: list[str | None] = []
        communities: list[str | None] = []
        for row, (unit, community, shape) in enumerate(
            zip(frame["unit"], frame["community"], shapes, strict=True)
        ):
            town = self.code(unit, "township") if unit else None
            if unit and town is None:
                problems.append(
                    ledger.problem(ProblemCode.CODE_UNKNOWN, Severity.WARNING, row, "unit")
                )
            local = self.code(community, "community", town) if community else None
            if community and local is None and (broad := self._township(community)):
                # 行政区划代码 may be the street's own: then it says the unit.
                town = town or broad
            elif community and local is None:
                problems.append(
                    ledger.problem(ProblemCode.CODE_UNKNOWN, Severity.WARNING, row, "community")
                )
            if shape is not None:
                point = shape if shape.geom_type == "Point" else shape.point_on_surface()
                local = local or self.at(point, "community")
            if town is None and local is not None and canonical_code(local):
                town = local[:_TOWNSHIP]
            if town is None and shape is not None:
                town = self.at(point, "township")
            units.append(town)
            communities.append(local)
        frame["unit"] = texts(units, frame.index)
        frame["community"] = texts(communities, frame.index)
        return frame, tuple(problems)
