"""The hook for proposed sites: a table laid over the map, whoever made it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapely

from lifecircle.outputs.maps import shapes
from lifecircle.outputs.maps.wording import listed, text

if TYPE_CHECKING:
    import geopandas as gpd

    from lifecircle.outputs.maps.areas import Places
    from lifecircle.outputs.maps.labels import Labels
    from lifecircle.outputs.maps.wording import Words

__all__ = ["PROPOSED_COLUMNS", "proposed_sites"]

PROPOSED_COLUMNS = ("name", "way", "m2", "serves", "note")
"""What is read of a table of proposed sites, each optional, beside its index and geometry.

``way``: how it comes about, in words (新建, 改建 …); ``m2``: floor area proposed; ``serves``: ids
of residential areas joined by ``;``, to which lines are drawn; ``note``: anything else.
"""


def proposed_sites(
    frame: gpd.GeoDataFrame, crs: str, words: Words, labels: Labels, areas: Places
) -> dict[str, Any]:
    """Return proposed sites as a layer of the page, shown from the start."""
    features = []
    for row in shapes.rows(frame):
        served = listed(row.get("serves"))
        facts = {
            "way": text(row.get("way")),
            "proposed_m2": words.number(row.get("m2"), "m2", 1),
            "serves": words.listing(words.name("residential", key) for key in served),
            "note": text(row.get("note")),
            "id": row["id"],
        }
        rows = [n for n in areas.of(served).values.tolist() if n >= 0]
        name = text(row.get("name")) or row["id"]
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
