"""The hook for proposed sites: a table laid over the map, whoever made it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapely

from lifecircle.model.cell import listed, text_or_none
from lifecircle.outputs.maps import shapes
from lifecircle.outputs.maps.labels import list_or_none
from lifecircle.outputs.words.quantities import quantity

if TYPE_CHECKING:
    import geopandas as gpd

    from lifecircle.outputs.maps.columns import RowNumbers
    from lifecircle.outputs.maps.labels import Labels
    from lifecircle.outputs.words.wording import Wording

__all__ = ["PROPOSED_COLUMNS", "proposed_sites"]

PROPOSED_COLUMNS = ("name", "way", "m2", "serves", "note")
"""What is read of a table of proposed sites, each optional, beside its index and geometry.

``way``: how it comes about, in words (新建, 改建 …); ``m2``: floor area proposed; ``serves``: ids
of residential areas joined by ``;``, to which lines are drawn; ``note``: anything else.
"""


def proposed_sites(
    frame: gpd.GeoDataFrame, crs: str, words: Wording, labels: Labels, areas: RowNumbers
) -> dict[str, Any]:
    """Return proposed sites as a layer of the page, shown from the start."""
    features = []
    for row in shapes.rows(frame):
        served = listed(row.get("serves"))
        facts = {
            "way": text_or_none(row.get("way")),
            "proposed_m2": quantity(row.get("m2"), words, "m2", 1),
            "serves": list_or_none((words.name(key, "residential") for key in served), words),
            "note": text_or_none(row.get("note")),
            "id": row["id"],
        }
        rows = [n for n in areas.of(served).values.tolist() if n >= 0]
        name = text_or_none(row.get("name")) or row["id"]
        features.append({"i": row["id"], "n": name, "p": labels.rows(facts), "to": rows})
    return {
        "id": "proposed",
        "label": words.say("layer.proposed"),
        "one": words.say("one.proposed"),
        "on": True,
        "count": len(features),
        "features": features,
        "shape": shapes.table(shapely.point_on_surface(shapes.located(frame, crs))),
    }
