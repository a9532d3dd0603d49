"""The closed keys of ``study.toml`` (design §8), as pydantic models."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

__all__ = [
    "Document",
    "Heading",
    "Indicator",
    "LayerList",
    "LayerOptions",
    "StreetOptions",
    "TravelOptions",
    "keys_at",
]

Datum = Literal["wgs84", "cgcs2000", "gcj02", "bd09"]


def _iso_date(value: Any) -> Any:
    """Take a quoted date too: TOML dates carry no quotes, and people forget."""
    return dt.date.fromisoformat(value) if isinstance(value, str) else value


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Heading(_Closed):
    """``[study]``: what is assessed, by which standard, on which day."""

    name: str = Field(min_length=1)
    county: str = Field(pattern=r"^\d{6}$")
    standard: Annotated[list[str], BeforeValidator(_listed), Field(min_length=1)]
    as_of: Annotated[dt.date, BeforeValidator(_iso_date)]
    language: Literal["zh", "en"] = "zh"
    crs: str | None = None
    headline: str | None = None
    banners: Annotated[list[str], BeforeValidator(_listed)] = []
    attribution: Annotated[list[str], BeforeValidator(_listed)] = []


class LayerOptions(_Closed):
    """``[layers.<name>]``: where a layer stands and how its file is to be read."""

    path: str = Field(min_length=1)
    sheet: str | None = None
    layer: str | None = None
    encoding: str | None = None
    coordinates: Datum | None = None
    crs: str | None = None
    columns: dict[str, str] = {}


class StreetOptions(_Closed):
    """``[layers.streets]``."""

    path: str = Field(min_length=1)
    layer: str | None = None
    coordinates: Datum | None = None
    crs: str | None = None


class TravelOptions(_Closed):
    """``[layers.travel]``: a ready table of costs; pairs beyond ``limit`` are not in it."""

    path: str = Field(min_length=1)
    unit: Literal["m", "min"]
    limit: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    sheet: str | None = None
    encoding: str | None = None
    columns: dict[str, str] = {}


class LayerList(_Closed):
    """``[layers]``."""

    residential: LayerOptions
    facilities: LayerOptions
    units: LayerOptions | None = None
    streets: StreetOptions | None = None
    candidates: LayerOptions | None = None
    gates: LayerOptions | None = None
    buildings: LayerOptions | None = None
    exemptions: LayerOptions | None = None
    travel: TravelOptions | None = None


class Indicator(_Closed):
    """One typed rate."""

    numerator: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    denominator: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    source: str = Field(min_length=1)


class Document(_Closed):
    """The whole file."""

    study: Heading
    layers: LayerList
    parameters: dict[str, Any] = {}
    readings: dict[str, str] = {}
    indicators: dict[str, Indicator] = {}
    evidence: dict[str, Any] = {}  # the self-assessment form's; read by the form


def keys_at(table: tuple[str, ...]) -> list[str]:
    """Return the keys that a table of the study file may have: ``("layers", "units")``."""
    model: Any = Document
    for part in table:
        if model is Document:
            model = {"study": Heading, "layers": LayerList, "indicators": Indicator}[part]
        elif model is LayerList:
            model = {"streets": StreetOptions, "travel": TravelOptions}.get(part, LayerOptions)
    return list(model.model_fields)
