"""Sites laid over the map: whoever proposes them, or those of a plan that is taken as built."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from lifecircle import texts
from lifecircle.model.cell import listed, text_or_none
from lifecircle.outputs.maps import shapes
from lifecircle.outputs.maps.clauses import figures_today
from lifecircle.outputs.maps.columns import statuses
from lifecircle.outputs.maps.labels import list_or_none
from lifecircle.outputs.maps.pack import Codes
from lifecircle.outputs.words.banners import as_unbuilt
from lifecircle.outputs.words.quantities import quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import geopandas as gpd

    from lifecircle.model.results.assessment import Assessment, ClauseResult
    from lifecircle.model.results.siting_plan import PlannedPlace, SitingPlan
    from lifecircle.outputs.maps.columns import RowNumbers
    from lifecircle.outputs.maps.labels import Labels
    from lifecircle.outputs.maps.pack import Figures
    from lifecircle.outputs.words.wording import Wording

__all__ = ["PROPOSED_COLUMNS", "before_and_after", "planned_sites", "proposed_sites"]

PROPOSED_COLUMNS = ("name", "way", "m2", "serves", "note")
"""What is read of a table of proposed sites, each optional, beside its index and geometry.

``way``: how it comes about, in words (新建, 改建 …); ``m2``: floor area proposed; ``serves``: ids
of residential areas joined by ``;``, to which lines are drawn; ``note``: anything else.
"""
_TEXTS = (
    "switch",
    "before",
    "after",
    "shown_before",
    "shown_after",
    "reason",
    "reason_same",
    "touched",
    "serves",
    "serves_more",
)
_LAYER = "proposed:planned"
"""Its look is that of sites that somebody proposes."""


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


def planned_sites(
    assessment: Assessment, words: Wording, labels: Labels, areas: RowNumbers
) -> dict[str, Any]:
    """Return the planned places as a layer of the page, shown from the start.

    A feature's ``to`` are the areas it serves, by row; ``seq`` its number in the order of building.
    """
    frame, plan = assessment.layers["planned_sites"], _plan(assessment)
    features = []
    for place in plan.places:
        rows = [n for n in areas.of(one.area for one in place.serves).values.tolist() if n >= 0]
        features.append(
            {
                "i": place.candidate,
                "n": place.name,
                "p": labels.rows(_facts(place, plan, words)),
                "to": rows,
                "seq": place.sequence,
                "s": words.list(filter(None, (_nature(place, words), _size(place, words)))),
            }
        )
    return {
        "id": _LAYER,
        "label": words.say("layer.planned"),
        "one": words.say("one.planned"),
        "on": True,
        "count": len(features),
        "features": features,
        "shape": shapes.table(shapes.located(frame, assessment.crs)),
    }


def _plan(assessment: Assessment) -> SitingPlan:
    """Return the plan that is taken as built; asked only where there is one."""
    if assessment.sites is None:
        raise ValueError("nothing is planned")
    return assessment.sites


def _nature(place: PlannedPlace, words: Wording) -> str:
    return words.word("nature", place.nature)


def _size(place: PlannedPlace, words: Wording) -> str | None:
    """Return what is to be built; where no size is planned, what can be used there."""
    if place.size_m2 is not None:
        return quantity(place.size_m2, words, "m2", 1)
    if place.floor_area_m2 is None:
        return None
    return words.say("planned.usable", m2=quantity(place.floor_area_m2, words, "m2", 1))


def _facts(place: PlannedPlace, plan: SitingPlan, words: Wording) -> dict[str, str | None]:
    open_ = words.say("planned.open")
    missing = any(one.households is None for one in place.serves)
    households = quantity(place.households, words, "households")
    return {
        "sequence": words.say("planned.sequence", n=place.sequence, of=len(plan.places)),
        "nature": _nature(place, words),
        "kind": words.kind(place.kind),
        "planned_m2": _size(place, words) or open_,
        "land_m2": quantity(place.land_m2, words, "m2", 1) or open_,
        "beds": quantity(place.beds, words, "beds") or open_,
        "cost": open_ if place.cost is None else words.value(place.cost, "wan_yuan"),
        "place": words.name_or_none(place.community or place.unit, "units"),
        "serves": list_or_none((_served(one.area, one.m2, words) for one in place.serves), words),
        "served_households": words.say("at_least", n=households) if missing else households,
        "gains": list_or_none((words.name(area, "residential") for area in place.gains), words),
        "to_check": list_or_none((words.word("to_check", one) for one in place.to_check), words),
        "for_clause": words.clause(plan.clause),
        "id": place.candidate,
    }


def _served(area: str, m2: float | None, words: Wording) -> str:
    name = words.name(area, "residential")
    if m2 is None:
        return name
    return words.say("planned.share", area=name, m2=quantity(m2, words, "m2", 1))


def before_and_after(
    assessment: Assessment,
    words: Wording,
    shown: Sequence[ClauseResult],
    rows: Mapping[str, RowNumbers],
    block: Callable[[Wording, ClauseResult], dict[str, Any]],
) -> dict[str, Any]:
    """Return what the page's switch needs: every clause that comes out otherwise, as it is today.

    Parameters
    ----------
    shown
        The clauses in the page's order.
    rows
        Layer → its rows.
    block
        Returns the headline of a clause as printed.
    """
    plan = _plan(assessment)
    spoken = texts.catalogue("map", words.language)  # the page fills in what it counts
    told = [
        {"n": n, "block": block(words, as_unbuilt(clause)), **_today(assessment, clause, rows)}
        for n, clause in enumerate(shown)
        if clause.unbuilt is not None
    ]
    own = [n for n, c in enumerate(shown) if (c.standard, c.id) == (plan.standard, plan.clause)]
    standing = {place.facility for place in plan.places if place.nature in {"expand", "reuse"}}
    new = [place.facility for place in plan.places if place.facility not in standing]
    return {
        "clause": own[0] if own else 0,
        "clauses": told,
        "touched": _touched(shown, rows["residential"]),
        "built": [k for k, key in enumerate(rows["facilities"].ids) if key in new],
        "text": {code: spoken[f"planned.{code}"] for code in _TEXTS},
    }


def _touched(shown: Sequence[ClauseResult], areas: RowNumbers) -> Codes:
    """Return the areas of which the places change any figure: the nearest, or the m²."""
    found = {
        key
        for clause in shown
        if clause.unbuilt is not None and clause.subject == "residential"
        for key in clause.unbuilt.figures
    }
    return Codes(np.array([k for k, key in enumerate(areas.ids) if key in found], dtype=np.int64))


def _today(
    assessment: Assessment, clause: ClauseResult, rows: Mapping[str, RowNumbers]
) -> dict[str, Codes | Figures]:
    """Return status and figures of every subject of a clause without the places; whose differ.

    Nothing of a clause on the county: its headline says all.
    """
    if clause.unbuilt is None or clause.subject not in rows:
        return {}
    table = assessment.findings
    mine = table[(table["standard"] == clause.standard) & (table["clause"] == clause.id)]
    now = dict(zip(mine["id"].astype(str), mine["status"].astype(str), strict=True))
    verdicts = assessment.layers["residential"]["verdict"]
    own = dict(zip(verdicts.index.astype(str), verdicts, strict=True))  # the headline's
    ids, was = rows[clause.subject].ids, clause.unbuilt.statuses
    return {
        "status": statuses(was.get(key, now.get(key)) for key in ids),
        "verdict": statuses(was.get(key, own.get(key)) for key in ids),
        "rows": Codes(np.array([k for k, key in enumerate(ids) if key in was], dtype=np.int64)),
        **figures_today(clause, mine, ids),
    }
