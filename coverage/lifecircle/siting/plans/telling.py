"""Places of a plan as they are told: where, what, how large, whom they serve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from lifecircle.model.results.siting_plan import PlannedPlace, ServedArea

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from lifecircle.case.bench import Bench
    from lifecircle.siting.plans.candidates import Candidate

__all__ = ["Share", "called", "of_projects", "told_places"]

_WGS84 = "EPSG:4326"


@dataclass(frozen=True, slots=True)
class Share:
    """What a place is to one area: m² for it (None: reach), and the way there (None: its own)."""

    area: str
    m2: float | None
    cost: float | None


def told_places(
    order: Iterable[tuple[Candidate, float | None, list[Share]]],
    areas: pd.DataFrame,
    weight: Mapping[str, float],
    *,
    kind: str,
    crs: str,
    gained: Collection[str],
    by_m2: bool = False,
) -> tuple[PlannedPlace, ...]:
    """Return the places in the order of building.

    Parameters
    ----------
    order
        Candidate, m² to be built (None: no size is planned), and whom it serves.
    areas
        The tables' areas: ``name``, ``counted``.
    weight
        Of the areas planned for.
    gained
        Areas that become compliant with all places together.
    by_m2
        Whether an area is met by the last place that serves it; else the first one does.
    """
    order = list(order)
    fresh = _gains([shares for _, _, shares in order], gained, by_m2=by_m2)
    spots = gpd.GeoSeries(
        gpd.points_from_xy([c.x for c, _, _ in order], [c.y for c, _, _ in order]), crs=crs
    ).to_crs(_WGS84)
    told = []
    for k, ((one, m2, shares), spot) in enumerate(zip(order, spots, strict=True)):
        served = tuple(_served(share, areas, fresh[k]) for share in shares)
        told.append(
            PlannedPlace(
                sequence=k + 1,
                candidate=one.id,
                facility=one.facility,
                source=one.source,
                source_id=one.source_id,
                name=one.name,
                nature=one.nature,
                kind=one.kind or kind,
                unit=one.unit,
                community=one.community,
                floor_area_m2=one.floor_area_m2,
                size_m2=m2,
                land_m2=one.land_m2,
                beds=one.beds,
                cost=one.cost(one.floor_area_m2 if m2 is None else m2),
                x=one.x,
                y=one.y,
                lon=round(float(spot.x), 7),
                lat=round(float(spot.y), 7),
                serves=served,
                gains=tuple(fresh[k]),
                gained_weight=float(sum(weight[area] for area in fresh[k])),
                households=float(sum(area.households or 0.0 for area in served)),
                to_check=one.to_check,
            )
        )
    return tuple(told)


def called(
    leads: Iterable[str], lead: pd.Series, planned: Iterable[str], met: Collection[str]
) -> dict[str, str]:
    """Return lead → the phase by which its project is told: itself, else one that is planned for.

    One that is perhaps exempt leads and does not become compliant, where another of its phases
    does (``met``). ``lead``: area → the phase that leads it.
    """
    mine: dict[str, list[str]] = {}
    for area in planned:
        mine.setdefault(str(lead[area]), []).append(area)
    return {
        one: min(mine.get(one, [one]), key=lambda area: (area not in met, area != one))
        for one in leads
    }


def of_projects(bench: Bench) -> pd.DataFrame:
    """Return the name and households of every area: of a phase that leads, the project's."""
    areas: pd.DataFrame = bench.bare.areas[["name", "counted"]].copy()
    areas.update(bench.prepared.tables.areas[["counted"]])
    return areas


def _gains(served: list[list[Share]], gained: Collection[str], *, by_m2: bool) -> list[list[str]]:
    """Return whom each place in its order makes compliant."""
    decides: dict[str, int] = {}
    for k, shares in enumerate(served):
        for share in shares:
            if share.area in gained and (by_m2 or share.area not in decides):
                decides[share.area] = k
    return [
        [share.area for share in shares if decides.get(share.area) == k]
        for k, shares in enumerate(served)
    ]


def _served(share: Share, areas: pd.DataFrame, fresh: list[str]) -> ServedArea:
    return ServedArea(
        area=share.area,
        name=str(areas.at[share.area, "name"]),
        households=_known(areas.at[share.area, "counted"]),
        m2=share.m2,
        cost=share.cost,
        gained=share.area in fresh,
    )


def _known(value: object) -> float | None:
    return None if pd.isna(value) else float(value)  # type: ignore[arg-type]
