"""A study with a person's edits, or with positions in another datum: were the ledger so."""

from __future__ import annotations

import dataclasses
import datetime as dt
from numbers import Real
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from shapely import Point

from lifecircle.case.rows import with_rows, with_shape, with_values
from lifecircle.errors import EditError, UnknownNameError
from lifecircle.model.cell import marks_of
from lifecircle.model.dictionary import columns, kinds, unread, words
from lifecircle.model.inputs.edits import (
    AddFacility,
    ChangeArea,
    MoveFacility,
    RemoveFacility,
)
from lifecircle.model.inputs.layers import AS_READ, ROUNDED, ROUNDED_UNITS, Layer
from lifecircle.model.sites import (
    LENT,
    POSITION_OF,
    SITE_PART,
    parts_of_sites,
    places_of_sites,
)
from lifecircle.model.status import Stage
from lifecircle.model.strings import plain_strings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lifecircle.model.dictionary import ColumnSpec
    from lifecircle.model.inputs.edits import Edit
    from lifecircle.model.inputs.study import Study

__all__ = ["BANNER", "check_edits", "edited", "home_studies"]

BANNER = "edited"
"""Code of the banner of a study with edits: it is not what stands."""
_TOWN_DIGITS = 9
_CODES = ("unit", "community")
_IDENTITY = frozenset({"id", "serves", "lon", "lat", "datum"})
"""Columns that no edit changes: ids, records (m² of whom) and the places as they were written."""
_WORDS = frozenset({"stage", "age_class", "setting"})


@plain_strings()
def edited(study: Study, edits: Iterable[Edit]) -> Study:
    """Return a study with edits made one after the other, and a banner that says so.

    Raises
    ------
    UnknownNameError
        There is no such facility, area, column, kind or word.
    EditError
        An id is taken, a value is none of its column's, or a place is none; or a facility is
        moved or added in a study whose walks are a table that was handed in: nobody knows the
        walks to the new place.
    """
    made = study
    for edit in edits:
        made = _with(made, edit)
    if made is study or BANNER in made.banners:
        return made
    return dataclasses.replace(made, banners=(BANNER, *made.banners))


def check_edits(study: Study, name: str, crs: str) -> None:
    """Refuse saved edits of another study, or with places in another CRS.

    Raises
    ------
    EditError
        They are not of this study as it is.
    """
    if name != study.name:
        raise EditError("study", edits=name, study=study.name)
    if CRS.from_user_input(crs) != CRS.from_user_input(study.crs):
        raise EditError("crs", edits=crs, study=study.crs)


def _with(study: Study, edit: Edit) -> Study:
    if isinstance(edit, ChangeArea):
        _known(study.residential, edit.id, "area")
        frame = study.residential.frame
        frame = with_values(frame, edit.id, _values("residential", edit.columns, frame))
        return dataclasses.replace(study, residential=Layer("residential", frame))
    if isinstance(edit, AddFacility):
        return _added(study, edit)
    _known(study.facilities, edit.id, "facility")
    frame = study.facilities.frame
    if isinstance(edit, RemoveFacility):
        return dataclasses.replace(
            study,
            facilities=_facilities(study, _housed(study, frame.drop(index=edit.id))),
            sharing=study.sharing[study.sharing["facility"] != edit.id],
            likely=study.likely[study.likely["facility"] != edit.id],
        )
    if isinstance(edit, MoveFacility):
        frame = _moved(study, edit.id, _place(study, edit.x, edit.y))
    else:
        values = _values("facilities", edit.columns, frame)
        if LENT in frame:  # a code that is typed is the row's own
            lent = (frame.at[edit.id, LENT] or "").split()
            values[LENT] = " ".join(name for name in lent if name not in values) or None
        frame = _housed(study, with_values(frame, edit.id, values))
    return dataclasses.replace(study, facilities=_facilities(study, frame))


def _added(study: Study, edit: AddFacility) -> Study:
    frame = study.facilities.frame
    if edit.id in frame.index or not edit.id:
        raise EditError("id_taken", facility=edit.id)
    place = _place(study, edit.x, edit.y)
    said = {"kinds": list(edit.kinds), "name": edit.name, "stage": "in_use"}
    values = _values("facilities", {**said, **edit.columns}, frame)
    frame = with_rows(frame, [edit.id], {c: [v] for c, v in values.items()}, [(edit.x, edit.y)])
    if not {"unit", "community"} & edit.columns.keys():
        frame = with_values(frame, edit.id, _standing(study, frame, place))
    return dataclasses.replace(study, facilities=_facilities(study, _housed(study, frame)))


def _facilities(study: Study, frame: gpd.GeoDataFrame) -> Layer:
    """Return facilities with the parts of those sites whose rows stand otherwise than before.

    Of the others it stays as it was read, when a position may have been known that is none now.
    """
    old = study.facilities.frame
    before, after = (
        {str(one.index[row]): part for row, part in parts.items()}
        for one in (old, frame)
        for parts in [parts_of_sites(one, one.geometry.to_numpy())]
    )
    told = old[SITE_PART].to_dict() if SITE_PART in old else {}
    sites = old["site"].to_dict()
    for row, site in frame["site"].items():
        if before.get(row) != after.get(row) or sites.get(row) != site:
            told[row] = after.get(row)
    parts = [told.get(row) for row in frame.index]
    made = frame.drop(columns=SITE_PART, errors="ignore")
    if any(part is not None for part in parts):
        made = made.assign(**{SITE_PART: pd.Series(parts, made.index, dtype=object)})
    return Layer("facilities", made)


def _moved(study: Study, facility: str, place: Point) -> gpd.GeoDataFrame:
    """Return facilities of which one is moved, with the rows that stand where it does for its site.

    The house is moved, and its rows are where it is now, whatever codes were typed; but for those
    that another row of it keeps where it was: then nobody knows where they stand.
    """
    frame = study.facilities.frame
    there = _standing(study, frame, place)
    own: dict[str, Any] = dict.fromkeys((POSITION_OF, LENT) if POSITION_OF in frame else ())
    own |= {ROUNDED: 0.0} if ROUNDED in frame else {}  # a person says where it is
    moved = with_values(with_shape(frame, facility, place), facility, {**there, **own})
    if POSITION_OF not in frame:
        return _housed(study, moved)
    site = frame.at[facility, "site"]
    mates = frame.index[frame[POSITION_OF].notna() & (frame["site"] == site)].drop(
        facility, errors="ignore"
    )
    along, codes = moved, {name: there[name] for name in _CODES if name in there}
    for row in mates if codes else ():
        lent = (frame.at[row, LENT] or "").split()
        typed = {name: told for name, told in codes.items() if name not in lent}
        along = with_values(along, row, typed)
    along = _housed(study, along)
    return along if along.loc[mates, POSITION_OF].notna().all() else _housed(study, moved)


def _housed(study: Study, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return facilities with the positions that rows without one have by their sites now.

    Such a row moves with its site, is without a place where no other row of it has one any more or
    they no longer agree, and keeps a position that it is given.
    """
    lent = list(frame.index[frame[POSITION_OF].notna()]) if POSITION_OF in frame else []
    bare = frame
    for row in lent:
        bare = _without_place(bare, row)
    shapes, names = bare.geometry.to_numpy(), bare.index.tolist()
    for row, mate in places_of_sites(bare, shapes).taken.items():
        name, place = names[row], shapes[mate]
        if name in lent and frame.geometry.iloc[row] == place:  # as it was
            kept = (
                LENT,
                *(frame.at[name, LENT] or "").split(),
                "beyond_units",
                "near_units",
                ROUNDED_UNITS,
            )
            values = {column: frame.at[name, column] for column in kept if column in frame}
        else:
            values = _lent(bare, name, _standing(study, bare, place))
        if POSITION_OF not in bare:
            bare = bare.assign(**dict.fromkeys((POSITION_OF, LENT)))
        values[POSITION_OF] = str(names[mate])
        bare = with_values(with_shape(bare, name, place), name, values)
    return bare


def _without_place(frame: gpd.GeoDataFrame, row: str) -> gpd.GeoDataFrame:
    """Return facilities of which one has no place, nor the codes that its site's place gave it."""
    values = dict.fromkeys([*(frame.at[row, LENT] or "").split(), POSITION_OF, LENT])
    nowhere = {"beyond_units": False, "near_units": None, ROUNDED_UNITS: None}
    values |= {name: told for name, told in nowhere.items() if name in frame}
    return with_values(with_shape(frame, row, None), row, values)


def _lent(frame: gpd.GeoDataFrame, row: str, there: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a row has by its site's place, in the units ``there``: what it does not say."""
    blank = [name for name in _CODES if frame.at[row, name] is None]
    codes = {name: there[name] for name in blank if there.get(name)}
    silent = len(blank) == len(_CODES)
    rest = {k: v for k, v in there.items() if k not in _CODES and silent}
    return {**codes, **rest, LENT: " ".join(codes) or None}


def _known(layer: Layer, row: str, what: str) -> None:
    if row not in layer.frame.index:
        raise UnknownNameError(what, row, map(str, layer.frame.index))


def _place(study: Study, x: float, y: float) -> Point:
    if study.travel is not None:
        raise EditError("walks_given")
    if not (np.isfinite(x) and np.isfinite(y)):
        raise EditError("no_place", x=x, y=y)
    return Point(x, y)


def _standing(study: Study, frame: gpd.GeoDataFrame, place: Point) -> dict[str, Any]:
    """Return the columns that say in which unit a place is; none where no unit has an outline."""
    units = study.units
    drawn = None if units is None else units.frame[units.frame.geometry.notna()]
    if drawn is not None:
        drawn = drawn[shapely.area(drawn.geometry.to_numpy()) > 0]
    if drawn is None or drawn.empty:
        return {}
    shapes = drawn.geometry.to_numpy()
    hit = sorted(map(str, drawn.index[shapely.intersects(shapes, place)]))
    error = study.parameters.positional_error_m
    near = sorted(map(str, drawn.index[shapely.dwithin(shapes, place, error)]))
    found: dict[str, Any] = {
        "unit": next((code[:_TOWN_DIGITS] for code in hit), None),
        "community": next((code for code in hit if len(code) > _TOWN_DIGITS), None),
    }
    more = {
        "beyond_units": not hit,
        "near_units": " ".join(code for code in near if code not in hit) or None,
        ROUNDED_UNITS: None,  # a person says where it is
    }
    return found | {name: value for name, value in more.items() if name in frame}


def _values(layer: str, given: Mapping[str, Any], frame: pd.DataFrame) -> dict[str, Any]:
    """Return values as a study's table has them; what was typed and unreadable before is read."""
    known = columns(layer)
    found: dict[str, Any] = {}
    for name, value in given.items():
        if name not in known or name in _IDENTITY:
            raise UnknownNameError("column", name, sorted(set(known) - _IDENTITY))
        found[name] = _value(known[name], value)
        if known[name].doubtful and unread(name) in frame:
            found[unread(name)] = False
        found |= {mark: np.nan for mark in marks_of(name) if mark in frame}
    return found


def _value(spec: ColumnSpec, value: Any) -> Any:
    if spec.type == "kinds":
        return _kinds(value)
    if value is None:
        return None
    if spec.type in _WORDS:
        return _word(spec.type, str(value))
    if spec.type == "date" and isinstance(value, str):
        value = _day(value)
    taken: type = {"bool": bool, "date": dt.date}.get(spec.type, str)
    read: Any = value if isinstance(value, taken) else None
    if spec.type in {"number", "integer"}:
        read = _number(value, whole=spec.type == "integer")
    if read is None:
        raise EditError("value", field=spec.name, value=str(value))
    return read


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _number(value: Any, *, whole: bool) -> float | None:
    """Return a number of a column, 0 or more; None where it is none."""
    if isinstance(value, bool) or not isinstance(value, Real):
        return None
    read = float(value)
    usable = np.isfinite(read) and read >= 0 and (read.is_integer() or not whole)
    return read if usable else None


def _word(vocabulary: str, key: str) -> str:
    known = set(words(vocabulary).values())
    if key not in known:
        raise UnknownNameError(vocabulary, key, sorted(known))
    return Stage(key) if vocabulary == "stage" else key


def _kinds(value: Any) -> frozenset[str]:
    keys = [value] if isinstance(value, str) else list(value or ())
    known = [key for key, spec in kinds().items() if not spec.typed]  # none that only a name says
    for key in keys:
        if key not in known:
            raise UnknownNameError("kind", str(key), known)
    return frozenset(keys)


def home_studies(study: Study) -> Iterator[Study]:
    """Yield the study under each choice of layers that may lie elsewhere (``Study.homes``).

    Rows that stand otherwise than they were read, a person's trial, stay where they are.
    """
    for choice in study.homes:
        change: dict[str, Any] = {}
        for name, home in choice.items():
            layer = getattr(study, name)
            if isinstance(layer, Layer) and isinstance(home, gpd.GeoDataFrame):
                change[name] = _at_home(layer, home)
            elif name == "streets":
                change[name] = home
        yield dataclasses.replace(study, homes=(), **change)


def _at_home(layer: Layer, home: gpd.GeoDataFrame) -> Layer:
    frame = layer.frame
    ids = home.index[home.index.isin(frame.index)]
    at, home = frame.index.get_indexer(ids), home.loc[ids]
    shapes = frame.geometry.to_numpy().copy()
    same = shapely.to_wkb(shapes[at]) == shapely.to_wkb(home[AS_READ].to_numpy())
    at, home = at[same], home[same]
    shapes[at] = home.geometry.to_numpy()
    columns: dict[str, Any] = {frame.geometry.name: gpd.GeoSeries(shapes, frame.index, frame.crs)}
    for name in home.columns.difference([AS_READ, home.geometry.name]):
        values = frame[name].copy()
        values.iloc[at] = home[name].to_numpy()
        columns[name] = values
    return Layer(layer.name, frame.assign(**columns))
