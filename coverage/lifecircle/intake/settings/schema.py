"""The closed keys of ``study.toml`` (design §8), as pydantic models."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag

__all__ = [
    "AliasList",
    "Document",
    "Evidence",
    "Heading",
    "Indicator",
    "LayerList",
    "LayerOptions",
    "MapOptions",
    "ResidentialOptions",
    "StreetOptions",
    "TravelOptions",
    "UnitOptions",
    "keys_at",
]

Datum = Literal["wgs84", "cgcs2000", "gcj02", "bd09"]


def _iso_date(value: Any) -> Any:
    """Take a quoted date too: TOML dates carry no quotes, and people forget."""
    return dt.date.fromisoformat(value) if isinstance(value, str) else value


def _path_alone(value: Any) -> Any:
    return {"path": value} if isinstance(value, str) else value


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Heading(_Closed):
    """``[study]``: what is assessed, by which standard, on which day.

    ``gates``: where people leave an area. ``given``: by the gates of ``[layers.gates]`` (so by
    default); ``osm``: areas without one there, by the gates of the street data on their outline;
    ``infer``: by the places where a walked street crosses it; ``none``: all areas are open. Walks
    start at the gates, and the radius is taken from the nearest one.
    """

    name: str = Field(min_length=1)
    county: str = Field(pattern=r"^\d{6}$")
    standard: Annotated[list[str], BeforeValidator(_listed), Field(min_length=1)]
    as_of: Annotated[dt.date, BeforeValidator(_iso_date)]
    language: Literal["zh", "en"] = "zh"
    crs: str | None = None
    headline: str | None = None
    gates: Literal["given", "osm", "infer", "none"] | None = None
    banners: Annotated[list[str], BeforeValidator(_listed)] = []
    attribution: Annotated[list[str], BeforeValidator(_listed)] = []
    allow_outside: bool = False


class Constant(_Closed):
    """``{ value = … }`` under ``columns``: what a column says in every row; no header holds it."""

    value: str | bool | int | float | dt.date


def _by_type(kind: type, inner: str, outer: str) -> Discriminator:
    return Discriminator(lambda value: inner if isinstance(value, kind) else outer)


_Name = Annotated[str, Field(min_length=1)]
Parts = Annotated[
    Annotated[_Name, Tag("<one>")]
    | Annotated[Annotated[list[_Name], Field(min_length=1)], Tag("<several>")],
    _by_type(list, "<several>", "<one>"),
]
Header = Annotated[
    Annotated[str, Tag("<header>")] | Annotated[Constant, Tag("<constant>")],
    _by_type(dict, "<constant>", "<header>"),
]
"""Which of two forms a value has is told by its type; mistakes are those of that form."""


class _Table(_Closed):
    """What a layer with rows has: the files, the sheets, and the columns."""

    path: Parts
    sheet: Parts | None = None
    encoding: str | None = None
    columns: dict[str, Header] = {}

    @property
    def paths(self) -> tuple[str, ...]:
        """Every file, as it is written."""
        return (self.path,) if isinstance(self.path, str) else tuple(self.path)

    @property
    def sheets(self) -> str | tuple[str, ...] | None:
        """The sheets named."""
        return tuple(self.sheet) if isinstance(self.sheet, list) else self.sheet

    @property
    def headers(self) -> dict[str, str]:
        """Column → the header that the study names for it."""
        return {name: said for name, said in self.columns.items() if isinstance(said, str)}

    @property
    def constants(self) -> dict[str, Any]:
        """Column → what it says in every row."""
        return {name: c.value for name, c in self.columns.items() if isinstance(c, Constant)}


class LayerOptions(_Table):
    """``[layers.<name>]``: where a layer stands and how its file is to be read.

    ``path``, ``sheet``, ``layer``: one or a list; ``"*"`` for every sheet or layer that fits.
    ``columns``: column → header, or ``{ value = "…" }`` for all rows.
    ``swap``: the two coordinates stand in each other's place (X is north, or lat before lon).
    ``repair_text``: text that was garbled before (ÉèÊ©Ãû³Æ) is restored while reading.
    """

    layer: Parts | None = None
    coordinates: Datum | None = None
    crs: str | None = None
    swap: bool = False
    repair_text: bool = False

    @property
    def layers(self) -> str | tuple[str, ...] | None:
        """The layers named."""
        return tuple(self.layer) if isinstance(self.layer, list) else self.layer


class ResidentialOptions(LayerOptions):
    """``[layers.residential]``: a table without outlines takes them from ``shapes``, by name.

    ``shapes = "小区边界.gpkg"``, or a table with the keys of a layer.
    """

    shapes: Annotated[LayerOptions | None, BeforeValidator(_path_alone)] = None


class UnitOptions(LayerOptions):
    """``[layers.units]``: the county's streets, towns, communities and villages.

    ``complete``: the list has all units the study is about, though the county's code list has
    more (units merged since, or a study of a part of the county); none is added from there.
    """

    complete: bool = False


class AliasList(_Closed):
    """``[aliases]``: names as planners write them → the code, id or name that is meant."""

    units: dict[str, str] = {}
    residential: dict[str, str] = {}
    facilities: dict[str, str] = {}


class StreetOptions(_Closed):
    """``[layers.streets]``: a file, or a ``place`` whose streets OpenStreetMap is asked for.

    ``node_crossings``: streets that cross or touch in the drawing without a shared vertex are
    joined there (``true``), or are right as they are (``false``). By default they are not joined,
    and told. ``walk_words``: words of the data that are in no list → whether what bears them is
    walked. ``cache = false``: the streets are read anew each time, and nothing made of them is
    kept in the user's cache folder.
    """

    path: str | None = Field(default=None, min_length=1)
    place: str | None = Field(default=None, min_length=1)
    layer: str | None = None
    coordinates: Datum | None = None
    crs: str | None = None
    node_crossings: bool | None = None
    walk_words: dict[str, bool] = {}
    cache: bool = True

    @property
    def paths(self) -> tuple[str, ...]:
        """The file, as it is written; none where the streets are downloaded."""
        return () if self.path is None else (self.path,)


class TravelOptions(_Table):
    """``[layers.travel]``: a ready table of costs; pairs beyond ``limit`` are not in it."""

    unit: Literal["m", "min"]
    limit: Annotated[float, Field(gt=0, allow_inf_nan=False)]


class LayerList(_Closed):
    """``[layers]``."""

    residential: ResidentialOptions
    facilities: LayerOptions
    units: UnitOptions | None = None
    streets: StreetOptions | None = None
    candidates: LayerOptions | None = None
    gates: LayerOptions | None = None
    buildings: LayerOptions | None = None
    exemptions: LayerOptions | None = None
    indicators: LayerOptions | None = None
    evidence: LayerOptions | None = None
    travel: TravelOptions | None = None


class MapOptions(_Closed):
    """``[map]``: what the maps carry beside the results (``model.map_settings``).

    ``basemap``: tiles behind the HTML map (``model.basemap``); without it the map asks for none.
    """

    prepared_by: str = ""
    approval_number: str = ""
    sheet_prefix: str = ""
    basemap: str | None = None
    basemap_key: str = ""
    basemap_attribution: str = ""


class Indicator(_Closed):
    """One typed rate."""

    numerator: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    denominator: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    source: str = Field(min_length=1)


def _answer_alone(value: Any) -> Any:
    return value if isinstance(value, dict) else {"value": value}


def _rows(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


class Evidence(_Closed):
    """One row of ``[evidence]``: an answer to a part of the form, and the paper that shows it.

    ``layout_plan = true`` alone is the answer without a paper; the keys are the columns of the
    sheet of evidence.
    """

    value: bool | int | float | str | None = None
    claimed: Annotated[float | None, Field(ge=0, allow_inf_nan=False)] = None
    work: str | None = None
    title: str | None = None
    number: str | None = None
    file: str | None = None
    note: str | None = None


EvidenceRows = Annotated[
    list[Annotated[Evidence, BeforeValidator(_answer_alone)]], BeforeValidator(_rows)
]


class Document(_Closed):
    """The whole file."""

    study: Heading
    layers: LayerList
    parameters: dict[str, Any] = {}
    readings: dict[str, str] = {}
    aliases: AliasList = AliasList()
    indicators: dict[str, Indicator] = {}
    map: MapOptions = MapOptions()
    evidence: dict[str, EvidenceRows] = {}


def keys_at(table: tuple[str, ...]) -> list[str]:
    """Return the keys that a table of the study file may have: ``("layers", "units")``."""
    model: Any = Document
    for part in table:
        if model is Document:
            model = _TABLES[part]
        elif model is LayerList:
            model = _LAYERS.get(part, LayerOptions)
        elif model is ResidentialOptions:
            model = LayerOptions
    return list(model.model_fields)


_TABLES = {
    "study": Heading,
    "layers": LayerList,
    "indicators": Indicator,
    "aliases": AliasList,
    "map": MapOptions,
    "evidence": Evidence,
}
_LAYERS = {
    "residential": ResidentialOptions,
    "streets": StreetOptions,
    "travel": TravelOptions,
    "units": UnitOptions,
}
