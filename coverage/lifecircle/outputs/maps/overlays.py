"""What lies over the map beside areas and facilities: units, districts, all that is checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from lifecircle.model.cell import is_no, is_yes, listed, number_or_none, text_or_none
from lifecircle.model.dictionary import REACH_GROUPS
from lifecircle.model.finding import telling
from lifecircle.model.reach import LEGS
from lifecircle.model.status import Setting
from lifecircle.outputs.maps import shapes
from lifecircle.outputs.maps.labels import home_unit, list_or_none, one_line
from lifecircle.outputs.words.quantities import measured, quantity, straight, walk
from lifecircle.outputs.words.showing import units_with_gaps
from lifecircle.outputs.words.site_uses import site_uses

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import geopandas as gpd
    from numpy.typing import NDArray

    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.maps.labels import Labels
    from lifecircle.outputs.words.wording import Wording

__all__ = ["district_overlays", "overlays", "unit_features"]


def unit_features(assessment: Assessment, words: Wording, labels: Labels) -> dict[str, Any]:
    """Return the administrative units: their shapes, and one feature each, in the layer's order."""
    frame = assessment.layers.get("units")
    gaps = units_with_gaps(assessment)

    def facts(row: Mapping[str, Any], words: Wording) -> dict[str, str | None]:
        found = _unit_facts(row, words)
        if row["id"] in gaps and found["households"] is not None:
            found["households"] = words.say("at_least", n=found["households"])
        return found

    features = _features(frame, words, labels, facts)
    for feature, row in zip(features, shapes.rows(frame), strict=True):
        feature["s"] = words.word_or_none("unit_type", row.get("unit_type")) or ""
        # a community lies within its town: drawn after it, so that it can be clicked
        if row.get("level") == "community":
            feature["small"] = 1
    geometries = shapes.located(frame, assessment.crs)
    return {
        "features": features,
        "shape": shapes.table(geometries),
        "at": shapes.inner_points(geometries),
    }


def overlays(assessment: Assessment, words: Wording, labels: Labels) -> list[dict[str, Any]]:
    """Return the layers of what is checked, in drawing order; empty ones are left out."""
    facts_of = {**_OVERLAYS, "sites": _site_facts_of(assessment)}
    parts = [
        (name, group, frame)
        for name in facts_of
        for group, frame in _parts(assessment, name)
        if frame is not None and len(frame)
    ]
    return [
        {
            "id": f"{name}:{group}" if group else name,
            "label": _overlay_label(name, group, words),
            "one": words.say(f"one.{name}"),
            "on": False,
            "count": _count(frame),
            "features": _features(frame, words, labels, facts_of[name]),
            "shape": shapes.table(_drawn(name, frame, assessment.crs)),
        }
        for name, group, frame in parts
    ]


def _overlay_label(name: str, group: str, words: Wording) -> str:
    if not group:
        return words.say(f"layer.{name}")
    return words.say(f"layer.{name}_of", group=words.word("reach_group", group))


def _drawn(name: str, frame: gpd.GeoDataFrame, crs: str) -> NDArray[np.object_]:
    """Return the geometries as they are drawn: sites as points, the rest as they are."""
    geometries = shapes.located(frame, crs)
    if name == "sites":
        geometries = shapely.point_on_surface(geometries)
    return geometries


def _parts(assessment: Assessment, name: str) -> list[tuple[str, gpd.GeoDataFrame | None]]:
    """Return a layer as it is drawn: of disagreements the main group first, each other apart.

    The main group is the community's; in villages, the village's.
    """
    frame = assessment.layers.get(name)
    if name not in {"disagreements", "routes"} or frame is None or frame.empty:
        return [("", frame)]
    setting = assessment.layers["residential"]["setting"]
    rural = frame["residential"].map(setting) == str(Setting.RURAL)
    main = frame["reach_group"] == rural.map({True: "village", False: REACH_GROUPS[0]})
    others = [
        (group, frame[(~main & (frame["reach_group"] == group)).to_numpy(dtype=bool)])
        for group in REACH_GROUPS
    ]
    return [("", frame[main.to_numpy(dtype=bool)]), *others]


def _count(frame: gpd.GeoDataFrame) -> int:
    """Return how many areas a layer speaks of; its rows where it speaks of something else."""
    own = "residential" in frame and frame["residential"].notna().any() and "source" not in frame
    return int(frame["residential"].nunique()) if own else len(frame)


def district_overlays(
    assessment: Assessment, words: Wording, labels: Labels
) -> list[dict[str, Any]]:
    """Return a layer for every service district, each with a colour of its own (``look``).

    The units lie below the ways to the host, and the host is on top.
    """
    frame = assessment.layers.get("districts")
    if frame is None or frame.empty:
        return []
    found = []
    for number in sorted(frame["number"].unique()):
        mine = frame[(frame["number"] == number).to_numpy(dtype=bool)]
        order = mine["role"].map({"unit": 0, "way": 1, "host": 2}).to_numpy()
        mine = mine.iloc[np.argsort(order, kind="stable")]
        first = mine.iloc[0]
        district = str(first["district"])
        found.append(
            {
                "id": f"districts:{int(number)}",
                "label": words.say(
                    "layer.districts_of", district=district, host=_host_of(first, words)
                ),
                "one": words.say("one.districts"),
                "on": False,
                "count": int((mine["role"] == "unit").sum()),
                "look": int(number),
                "features": [_district_feature(row, words, labels) for row in shapes.rows(mine)],
                "shape": shapes.table(shapes.located(mine, assessment.crs)),
            }
        )
    return found


def _host_of(row: Mapping[str, Any], words: Wording) -> str:
    return words.name_or_none(row.get("host"), "facilities") or str(row["host_name"])


def _district_feature(row: Mapping[str, Any], words: Wording, labels: Labels) -> dict[str, Any]:
    """Return what a click on a unit, a way or the host tells; hosts are drawn large."""
    unit, role = text_or_none(row.get("unit")), str(row["role"])
    facts = {
        "district": str(row["district"]),
        "district_host": _host_of(row, words),
        "straight_m": quantity(row.get("straight_m"), words, "m"),
        "drive_min": quantity(row.get("drive_min"), words, "min"),
        "nearer": words.name_or_none(row.get("nearer"), "facilities"),
    }
    name = _host_of(row, words) if role == "host" else words.name_or_none(unit, "units")
    return {"i": row["id"], "n": name or row["id"], "p": labels.rows(facts), "k": role}


def _features(
    frame: gpd.GeoDataFrame | None,
    words: Wording,
    labels: Labels,
    facts: Callable[[Mapping[str, Any], Wording], dict[str, str | None]],
) -> list[dict[str, Any]]:
    features = []
    for row in shapes.rows(frame):
        key = row["id"]
        found = facts(row, words)
        title = found.pop("title", None) or key
        feature: dict[str, Any] = {"i": key, "n": title, "p": labels.rows(found)}
        if is_yes(row.get("illustrative")):
            feature["x"] = 1
        features.append(feature)
    return features


def _unit_facts(row: Mapping[str, Any], words: Wording) -> dict[str, str | None]:
    return {
        "title": text_or_none(row.get("name")),
        "setting": words.word_or_none("setting", row.get("setting")),
        "population": quantity(row.get("population"), words, "people"),
        "elders": quantity(row.get("elders"), words, "people"),
        "areas": quantity(row.get("areas"), words, "areas"),
        "households": quantity(row.get("households"), words, "households"),
        "facilities": quantity(row.get("facilities"), words, "places"),
        "compliant": quantity(row.get("compliant"), words, "areas"),
        "deficient": quantity(row.get("deficient"), words, "areas"),
        "not_assessed": quantity(row.get("not_assessed"), words, "areas"),
        "rate": _share(row, words),
        "id": row["id"],
    }


def _site_facts_of(
    assessment: Assessment,
) -> Callable[[Mapping[str, Any], Wording], dict[str, str | None]]:
    uses = site_uses(assessment)

    def facts(row: Mapping[str, Any], words: Wording) -> dict[str, str | None]:
        mine = uses.get(row["id"], [])
        named = [
            words.say("named_for_one", area=words.name(area, "residential"), m2=m2)
            for area, m2 in mine
        ]
        total = sum(m2 for _, m2 in mine)
        return _site_facts(row, words) | {
            "named_for": list_or_none(named, words),
            "named_m2": quantity(total, words, "m2", 1) if mine else None,
        }

    return facts


def _site_facts(row: Mapping[str, Any], words: Wording) -> dict[str, str | None]:
    return {
        "title": text_or_none(row.get("name")),
        "type": text_or_none(row.get("type")),
        "floor_area_m2": quantity(row.get("floor_area_m2"), words, "m2", 1),
        "place": home_unit((row.get("community"), row.get("unit")), words),
        "id": row["id"],
    }


def _whose(row: Mapping[str, Any], words: Wording) -> str | None:
    """Return the area that a line or a place is about."""
    return words.name_or_none(row.get("residential"), "residential")


def _disagreement_facts(row: Mapping[str, Any], words: Wording) -> dict[str, str | None]:
    detour = number_or_none(row.get("detour"))
    endless = float("inf") in {detour, number_or_none(row.get("walk_m"))}
    return {
        "title": one_line([_whose(row, words), words.say("one.disagreements")]),
        "reach_group": words.word_or_none("reach_group", row.get("reach_group")),
        "facility": words.name_or_none(row.get("facility"), "facilities"),
        "radius_m": straight(row.get("radius_m"), words),
        "walk_m": walk(row.get("walk_m"), row.get("walk_min"), words),
        "detour": None if endless else quantity(detour, words, "times", 2),
        "barrier": _barrier(row, words),
    }


def _route_facts(row: Mapping[str, Any], words: Wording) -> dict[str, str | None]:
    return {
        "title": one_line([_whose(row, words), words.say("one.routes")]),
        "reach_group": words.word_or_none("reach_group", row.get("reach_group")),
        "facility": words.name_or_none(row.get("facility"), "facilities"),
        "walk_m": walk(row.get("walk_m"), row.get("walk_min"), words),
        "legs": _legs(row, words),
        "streets": text_or_none(row.get("streets")),
        "steps_m": quantity(row.get("steps_m") or None, words, "m"),
        "ferry_m": quantity(row.get("ferry_m") or None, words, "m"),
    }


def _legs(row: Mapping[str, Any], words: Wording) -> str | None:
    """Return the three legs of a walk, metres; None where they are not told."""
    legs = [number_or_none(row.get(leg)) for leg in LEGS]
    if any(leg is None for leg in legs):
        return None
    rounded = (round(leg or 0.0) for leg in legs)
    return words.say("legs_told", **dict(zip("ane", rounded, strict=True)))


def _close_call_facts(row: Mapping[str, Any], words: Wording) -> dict[str, str | None]:
    unit = row.get("unit")
    return {
        "title": one_line([_whose(row, words), words.say("one.close_calls")]),
        "clause": words.clause(row.get("clause")),
        "facility": words.name_or_none(row.get("facility"), "facilities"),
        "measured": measured(row.get("measured"), unit, words, row.get("required")),
        "required": measured(row.get("required"), unit, words, row.get("measured")),
        "margin": words.margin(row.get("margin"), str(unit)),
    }


def _diagnosis_facts(row: Mapping[str, Any], words: Wording) -> dict[str, str | None]:
    return {
        "title": words.word_or_none("street_diagnosis", row.get("kind"))
        or words.say("one.street_diagnosis"),
        "street_name": words.name_or_none(row.get("name"), "units"),
        "length_m": quantity(row.get("length_m"), words, "m", 1),
        "areas": quantity(row.get("areas"), words, "areas"),
        "facilities": quantity(row.get("facilities"), words, "places"),
        "verdicts": list_or_none(
            (words.name(area, "residential") for area in listed(row.get("verdicts"))), words
        ),
        "households": quantity(row.get("households") or None, words, "households"),
    }


def _gate_facts(row: Mapping[str, Any], words: Wording) -> dict[str, str | None]:
    return {
        "title": one_line(
            [
                words.name_or_none(row.get("residential"), "residential"),
                text_or_none(row.get("name")) or words.say("one.gates"),
                words.say("gate.closed") if is_no(row.get("open")) else None,
            ]
        ),
        "source": words.word_or_none("gate_source", row.get("source")),
    }


def _gate_effect_facts(row: Mapping[str, Any], words: Wording) -> dict[str, str | None]:
    return {
        "title": one_line([_whose(row, words), words.say("one.gate_effects")]),
        "reach_group": words.word_or_none("reach_group", row.get("reach_group")),
        "gate": words.gate(row.get("gate"), row.get("side")),
        "facility": words.name_or_none(row.get("facility"), "facilities"),
        "walk_m": walk(row.get("walk_m"), row.get("walk_min"), words),
        "opened_walk": walk(row.get("opened_walk_m"), row.get("opened_walk_min"), words),
        "cures": words.say(f"answer.{row.get('cures')}"),
    }


def _share(row: Mapping[str, Any], words: Wording) -> str | None:
    """Return a unit's rate; None where nothing decided has met it and others are open."""
    unknown = number_or_none(row.get("not_assessed")) or 0.0
    found = telling(number_or_none(row.get("rate")), unknown)
    return None if found is None else words.percent(found)


def _barrier(row: Mapping[str, Any], words: Wording) -> str | None:
    """Return the barrier by its name and kind, or by its kind alone."""
    named = words.word_or_none("barrier", row.get("barrier"))
    kind = words.word_or_none("barrier", row.get("barrier_kind"))
    return one_line(dict.fromkeys([named, kind])) or None


_OVERLAYS = {
    "gates": _gate_facts,
    "gate_effects": _gate_effect_facts,
    "street_diagnosis": _diagnosis_facts,
    "routes": _route_facts,
    "close_calls": _close_call_facts,
    "disagreements": _disagreement_facts,
}
