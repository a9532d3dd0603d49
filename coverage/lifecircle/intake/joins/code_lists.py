"""The shipped code lists beside a study's own list of units: what it lacks is not known.

A unit that a county has and a study's list lacks is neither covered nor uncovered: nobody said.
It joins the study's units with the mark ``unlisted``, so that every clause on units leaves it
open. A study without a list of its own takes the shipped one, whose units are as good as any. So
does a unit that only a code or a name in the ledgers speaks of, in a county of which no list is
shipped.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from functools import lru_cache
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from lifecircle.intake.joins.names import NameIndex, kind_said, stem
from lifecircle.intake.joins.units import described_units
from lifecircle.intake.layers import as_layer
from lifecircle.intake.ledger.rows import texts
from lifecircle.model.dictionary import columns, fold
from lifecircle.model.gazetteer import (
    COUNTY_DIGITS,
    canonical_code,
    code_list,
    own_digits,
    unit_level,
    unit_type,
)
from lifecircle.model.inputs.layers import Layer
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lifecircle.intake.joins.units import UnitIndex
    from lifecircle.intake.ledger.rows import Ledger
    from lifecircle.intake.log import StudyLog

__all__ = ["with_code_list", "with_listed_codes", "with_written_units"]

_NAMES_SHOWN = 20


def with_listed_codes(ledger: Ledger, county: str) -> tuple[Ledger | None, tuple[Problem, ...]]:
    """Return a list of units with the codes of those that are written by name alone.

    By the shipped list of the county, where the name is one unit's: the same, else of the same
    stem. None where no row has a code and no list ships to give one.
    """
    written = ledger.frame["code"].tolist()
    named = [row for row, code in enumerate(written) if canonical_code(code) is None]
    known = code_list(county)
    if not named:
        return ledger, ()
    if not known and ledger.headers["code"] == ledger.headers["name"]:
        lost = ledger.raw.problem(
            ProblemCode.COLUMN_MISSING,
            Severity.ERROR,
            field="code",
            names=list(columns("units")["code"].aliases),
            option="code",
        )
        return None, (lost,)
    found = 0
    listed = [
        NameIndex([(c, n) for c, n in known if unit_level(c) == level], level)
        for level in ("township", "community")
    ]
    for row in named:
        code = _listed_as(written[row], listed)
        found += code is not None
        written[row] = code or written[row]
    frame = ledger.frame.assign(code=texts(written, ledger.frame.index))
    said = ledger.raw.problem(ProblemCode.UNITS_BY_NAME, Severity.INFO, count=found, county=county)
    return dataclasses.replace(ledger, frame=frame), (said,) if found else ()


def _listed_as(name: str, listed: Iterable[NameIndex]) -> str | None:
    """Return the one unit of a name, or of its stem where none has it; None: none, or several."""
    same = [code for names in listed for code in names.same(name)]
    fitting = same or [code for names in listed for code in names.alike(name)]
    return fitting[0] if len(fitting) == 1 else None


def with_code_list(own: Layer | None, crs: str, log: StudyLog) -> Layer | None:
    """Return the units of a study, complete by the shipped list of its county.

    Parameters
    ----------
    own
        The study's own units, described; None where it gives none.
    crs
        The study's CRS.
    log
        Gets what was found: the list taken, or the units that the study's list lacks.

    Returns
    -------
    Layer or None
        With a column ``unlisted``: True for a unit of the county that the study's list lacks. A
        study that says ``complete = true`` of its list gets none. None where the study has no
        units and its county no shipped list. The units' order is theirs, the missing ones after.
    """
    known = code_list(log.file.heading.county)
    if own is None:
        return _shipped(crs, log) if known else None
    options = log.file.layers.units
    complete = options is not None and options.complete
    lacking = _lacking(own.frame, known)
    if lacking:
        _tell(lacking, log, complete=complete)
    if not lacking or complete:
        return _marked(own.frame, own.frame.iloc[:0], crs)
    return _marked(own.frame, _frame(lacking), crs)


def with_written_units(
    own: Layer | None, listed: UnitIndex, ledgers: Iterable[Ledger], crs: str, log: StudyLog
) -> Layer | None:
    """Return the units of a study with those that only its other ledgers write, by code or name.

    Such a unit is one that the list lacks, or a slip: nobody knows, so it is ``unlisted``. Not
    where the list is said to be complete, nor beside a shipped list, which knows all there are;
    nor at a level of which the list has no unit at all. ``listed``: the index of ``own``.
    """
    county, options = log.file.heading.county, log.file.layers.units
    if own is None or code_list(county) or options is None or options.complete:
        return own
    levels = set(own.frame["level"])
    prefix = own_digits(county)
    cells = [
        (unit, community)
        for ledger in ledgers
        for unit, community in zip(ledger.frame["unit"], ledger.frame["community"], strict=True)
    ]
    codes = _written(cells, prefix).difference(map(str, own.frame.index))
    lacking = [(code, code) for code in sorted(codes) if unit_level(code) in levels]
    frames = [_frame(lacking)] if lacking else []
    if named := _Named(own.frame, listed, prefix).found(dict.fromkeys(cells)):
        frames.append(_named_frame(named))
    if not frames:
        return own
    missing = pd.concat(frames) if len(frames) > 1 else frames[0]
    _say(ProblemCode.UNITS_WRITTEN, Severity.WARNING, missing, log)
    return _marked(own.frame, missing, crs)


_LEVELS = ("township", "community")
_Cells = tuple[str | None, str | None]
"""What a row has in its cells of the unit and of the community."""


def _written(cells: Iterable[_Cells], prefix: str) -> set[str]:
    """Return the codes that ledgers write, and those of their streets and towns, none special."""
    codes = {canonical_code(text) for row in cells for text in row if text}
    found = {code for code in codes if code is not None and code.startswith(prefix)}
    found |= {code[:_TOWN] for code in found}
    return {code for code in found if unit_type(code) != "special"}


class _Named:
    """Finds the units that cells name and a list lacks: id → name, level and parent.

    Only what ends as the name of a street, a town, a community or a village does: other words say
    nothing of a unit. Nobody knows their codes: their ids are the county's, or their town's, with
    a letter after it, which no code has. One name in two towns is two communities.
    """

    def __init__(self, own: pd.DataFrame, listed: UnitIndex, prefix: str) -> None:
        self._listed, self._prefix = listed, prefix
        parts = {level: own.loc[own["level"] == level, "name"] for level in _LEVELS}
        self._known = {
            one: NameIndex(part.items(), one) for one, part in parts.items() if len(part)
        }
        self._found: dict[tuple[str, str], tuple[str, str, str, str | None]] = {}

    def found(self, cells: Iterable[_Cells]) -> list[tuple[str, str, str, str | None]]:
        """Return id, name, level and parent of each."""
        for unit, community in cells:
            town = self._town(unit) if unit else None
            beyond = town is not None and not town.startswith(self._prefix)
            if community and not beyond and self._lacks(community, "community", town or ""):
                self._add(community, "community", town)
        return list(self._found.values())

    def _town(self, text: str) -> str | None:
        """Return the code of a street or town that a cell says, or the id that it gets."""
        if (code := canonical_code(text)) is not None:
            return code[:_TOWN] if len(code) >= _TOWN else None
        if self._lacks(text, "township", ""):
            return self._add(text, "township", None)
        meant = self._listed.code(text, "township")
        return meant if meant is not None and canonical_code(meant) else None

    def _lacks(self, text: str, level: str, within: str) -> bool:
        if level not in self._known or kind_said(text, level) is None or canonical_code(text):
            return False
        if self._listed.code(text, level, within or None) is not None:
            return False
        return not any(code.startswith(within) for code in self._known[level].alike(text))

    def _add(self, text: str, level: str, parent: str | None) -> str:
        inside = self._prefix.ljust(COUNTY_DIGITS, "0") if level == "township" else parent
        inside = inside or self._prefix.ljust(COUNTY_DIGITS, "0") + _tail(0)
        key, at = (inside, stem(text, level)), len(self._found) + 1
        return self._found.setdefault(key, (f"{inside}{_tail(at)}", text, level, parent))[0]


def _named_frame(named: list[tuple[str, str, str, str | None]]) -> pd.DataFrame:
    """Return units of :class:`_Named` as a ledger of units would have them."""
    codes, names, levels, parents = zip(*named, strict=True)
    index = pd.Index(codes, name="id", dtype=object)
    frame = _blank(index).assign(seat_x=np.nan, seat_y=np.nan)
    kinds = [kind_said(name, level) for name, level in zip(names, levels, strict=True)]
    settings = [{"community": "urban", "village": "rural"}.get(str(kind)) for kind in kinds]
    said = {"code": codes, "name": names, "level": levels, "parent": parents}
    for column, values in {**said, "unit_type": kinds, "setting": settings}.items():
        frame[column] = texts(values, index)
    return frame


def _tail(number: int) -> str:
    """Return three characters that no code ends in: a letter and two digits."""
    return f"{ascii_uppercase[number // 100 % len(ascii_uppercase)]}{number % 100:02d}"


def _shipped(crs: str, log: StudyLog) -> Layer:
    """Return the layer of a shipped list alone; its units have no outlines and no seats."""
    units = _units_of(log.file.heading.county, crs)
    counted = units.frame[units.frame["unit_type"] != "special"]
    log.say(
        ProblemCode.UNITS_SHIPPED,
        Severity.INFO,
        value=log.file.heading.county,
        **_counts(counted),
    )
    return Layer(units.name, units.frame.copy(deep=False))  # a study has its own


@lru_cache(maxsize=8)
def _units_of(county: str, crs: str) -> Layer:
    """Return the layer of a county's shipped list, which is made once."""
    frame = _frame(code_list(county))
    return _marked(frame, frame.iloc[:0], crs)


def _frame(known: Iterable[tuple[str, str]]) -> pd.DataFrame:
    """Return units of a code list as a ledger of units would have them."""
    codes, names = zip(*known, strict=True)
    index = pd.Index(codes, name="id", dtype=object)
    frame = _blank(index)
    frame["code"], frame["name"] = texts(codes, index), texts(names, index)
    frame, _ = described_units(frame)
    return frame.assign(seat_x=np.nan, seat_y=np.nan)


def _blank(index: pd.Index) -> pd.DataFrame:
    """Return units of which nothing is said."""
    frame = pd.DataFrame(index=index)
    for column, spec in columns("units").items():
        frame[column] = (
            np.nan if spec.type == "number" else pd.Series(None, index=index, dtype=object)
        )
    return frame


def _lacking(units: pd.DataFrame, known: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return the units of a code list that a study's list has under no code and no name.

    Codes change with every reform: a street or town of the same name, or a community of the same
    name in the same one, is the same unit.
    """
    names: defaultdict[str, set[str]] = defaultdict(set)
    for code, name in units["name"].items():
        names[_parent(str(code))].update(_plain(str(code), name))
    same = {code: code for code in units.index}
    towns = {stem(n, "township"): c for c, n in units["name"].items() if len(c) == _TOWN}
    for code, name in known:
        if len(code) == _TOWN and code not in same and (own := towns.get(stem(name, "township"))):
            same[code] = own
    return tuple(
        (code, name)
        for code, name in known
        if code not in same
        and names[same.get(_parent(code), _parent(code))].isdisjoint(_plain(code, name))
    )


_TOWN = 9


def _parent(code: str) -> str:
    return code[:_TOWN] if len(code) > _TOWN else ""


def _plain(code: str, name: str) -> set[str]:
    """Return what a unit's name is compared by: 东关社区 and 东关社区居民委员会 are one.

    东关社区 and 东关村 are two: what a name says of its kind stays, where it says it.
    """
    if len(code) == _TOWN:
        return {stem(name, "township")}
    kind = kind_said(name, "community")
    return {fold(name), f"{stem(name, 'community')} {kind}"} if kind else {fold(name)}


def _tell(lacking: Iterable[tuple[str, str]], log: StudyLog, *, complete: bool) -> None:
    """Say which units are lacking; special and virtual ones count in no clause."""
    frame = _frame(lacking)
    counted = frame[frame["unit_type"] != "special"]
    if counted.empty or log.file.layers.units is None:
        return
    if complete:
        _say(ProblemCode.UNITS_LEFT_OUT, Severity.INFO, counted, log)
    else:
        _say(ProblemCode.UNITS_UNLISTED, Severity.WARNING, counted, log)


def _say(code: ProblemCode, severity: Severity, units: pd.DataFrame, log: StudyLog) -> None:
    towns = units.loc[units["level"] == "township", "name"]
    told = towns if len(towns) else units["name"]
    options = log.file.layers.units
    log.say(
        code,
        severity,
        file=None if options is None else options.paths[0],
        value=log.file.heading.county,
        names=list(told[:_NAMES_SHOWN]),
        **_counts(units),
    )


def _counts(units: pd.DataFrame) -> dict[str, Any]:
    levels = units["level"].value_counts()
    return {
        "towns": int(levels.get("township", 0)),
        "communities": int(levels.get("community", 0)),
    }


def _marked(own: pd.DataFrame, missing: pd.DataFrame, crs: str) -> Layer:
    """Return both as one layer, with ``unlisted``; ``own`` may have outlines."""
    index = pd.Index([*own.index, *missing.index], name="id", dtype=object)
    data = {
        str(column): pd.Series(
            [*own[column], *(missing[column] if column in missing else [None] * len(missing))],
            index=index,
            dtype=own[column].dtype,
        )
        for column in own.columns
        if column != "geometry"
    }
    shapes = np.full(len(index), None, dtype=object)
    if isinstance(own, gpd.GeoDataFrame):
        shapes[: len(own)] = own.geometry.to_numpy()
    frame = pd.DataFrame(data, index=index)
    frame["unlisted"] = np.arange(len(index)) >= len(own)
    return as_layer("units", frame, shapes, crs)
