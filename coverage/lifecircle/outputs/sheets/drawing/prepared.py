"""What all sheets of one Assessment share, made ready once: its ground, surfaces and symbols."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.outputs.sheets.drawing.ground import Ground, surface_path
from lifecircle.outputs.sheets.drawing.surfaces import Surfaces
from lifecircle.outputs.sheets.drawing.symbols import facilities_of

if TYPE_CHECKING:
    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.words.wording import Wording

__all__ = ["Prepared"]


class Prepared:
    """The layers of an Assessment as maps draw them; coordinates in metres.

    Parameters
    ----------
    ground
        Streets, barriers and boundaries.
    surfaces
        ``residential``, ``units`` → the surfaces of the layer.
    facilities
        In the order they are drawn.
    towns
        Ids of the streets and towns that have a surface.
    sites
        Id of a candidate site → a point on it.
    planned, links
        Number in the order of building of each planned place → where it is; lines to whom it
        serves.
    service
        Id of a service area → its reach group and its surface.
    """

    def __init__(self, assessment: Assessment, words: Wording) -> None:
        self.words = words
        self.ground = Ground(assessment)
        self.surfaces = {
            name: Surfaces(assessment.layers[name]) for name in ("residential", "units")
        }
        self.facilities = facilities_of(assessment.layers["facilities"], words)
        units = assessment.layers["units"]
        township = set(units.index[units["level"] == "township"].astype(str))
        self.towns = [i for i in self.surfaces["units"].spots if i in township]
        sites = assessment.layers.get("sites")
        self.sites = {} if sites is None else Surfaces(sites).middles()
        self.planned: dict[str, tuple[float, float]] = {}
        self.links: list[list[tuple[float, float]]] = []
        if assessment.sites is not None:
            places = assessment.layers["planned_sites"]
            numbers = places["sequence"].astype(int).astype(str)
            spots = ((p.x, p.y) for p in places.geometry)
            self.planned = dict(zip(numbers, spots, strict=True))
            lines = assessment.layers["planned_links"].geometry
            self.links = [list(line.coords) for line in lines]
        service = assessment.layers["service_areas"]
        self.service = {
            str(i): (str(group), surface_path(geometry))
            for i, group, geometry in zip(
                service.index, service["reach_group"], service.geometry, strict=True
            )
            if geometry is not None and not geometry.is_empty
        }
