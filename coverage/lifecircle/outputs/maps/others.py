"""Everything on the map beside areas and facilities: units, reach, checks, sites, the ground."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapely

from lifecircle.model.dictionary import REACH_GROUPS
from lifecircle.model.status import Setting
from lifecircle.outputs.maps import shapes
from lifecircle.outputs.maps.pack import Texts
from lifecircle.outputs.maps.wording import real, text, yes
from lifecircle.outputs.words.showing import units_with_gaps
from lifecircle.outputs.words.site_uses import site_uses
from lifecircle.outputs.words.street_classes import STREET_CLASSES, street_class

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import geopandas as gpd

    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.maps.labels import Labels
    from lifecircle.outputs.maps.wording import Words

__all__ = ["barriers", "overlays", "reach_layers", "streets", "unit_features"]


def unit_features(assessment: Assessment, words: Words, labels: Labels) -> dict[str, Any]:
    """Return the administrative units: their shapes, and one feature each, in the layer's order."""
    frame = assessment.layers.get("units")
    gaps = units_with_gaps(assessment)

    def facts(row: Mapping[str, Any], words: Words) -> dict[str, str | None]:
        found = _unit_facts(row, words)
        if row["id"] in gaps and found["households"] is not None:
            found["households"] = words.say("at_least", n=found["households"])
        return found

    features = _features(frame, words, labels, facts)
    for feature, row in zip(features, shapes.rows(frame), strict=True):
        feature["s"] = words.word("unit_type", row.get("unit_type")) or ""
        # a community lies within its town: drawn after it, so that it can be clicked
        if row.get("level") == "community":
            feature["small"] = 1
    places = shapes.located(frame, assessment.crs)
    return {
        "features": features,
        "shape": shapes.table(places),
        "at": shapes.inner_points(places),
    }


def overlays(assessment: Assessment, words: Words, labels: Labels) -> list[dict[str, Any]]:
    """Return the layers of what is checked, in drawing order; empty ones are left out."""
    found = []
    given = {**_OVERLAYS, "sites": _site_facts_of(assessment)}
    for name, facts in given.items():
        for group, frame in _parts(assessment, name):
            features = _features(frame, words, labels, facts)
            if features:
                places = shapes.located(frame, assessment.crs)
                if name == "sites":
                    places = shapely.point_on_surface(places)
                label = words.say(f"layer.{name}")
                if group:
                    named = words.word("reach_group", group)
                    label = words.say(f"layer.{name}_of", group=named)
                found.append(
                    {
                        "id": f"{name}:{group}" if group else name,
                        "label": label,
                        "one": words.say(f"one.{name}"),
                        "on": False,
                        "count": _count(frame),
                        "features": features,
                        "shape": shapes.table(places),
                    }
                )
    return found


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


def _count(frame: gpd.GeoDataFrame | None) -> int:
    """Return how many areas a layer speaks of; its rows where it speaks of something else."""
    if frame is None:
        return 0
    own = "residential" in frame and frame["residential"].notna().any() and "source" not in frame
    return int(frame["residential"].nunique()) if own else len(frame)


def reach_layers(assessment: Assessment, words: Words) -> list[dict[str, Any]]:
    """Return service areas and reached streets: one layer per method, group and threshold.

    The main group's walk is the only one shown from the start.
    """
    merged: dict[tuple[str, str, float, str], dict[str, list[Any]]] = {}
    for name, part in (("service_areas", "areas"), ("reached_streets", "streets")):
        frame = assessment.layers.get(name)
        places = shapes.located(frame, assessment.crs)
        for row, place in zip(shapes.rows(frame), places, strict=True):
            if place is None:
                continue
            method = text(row.get("method")) or "walk"
            group, unit = text(row.get("reach_group")) or "", text(row.get("unit")) or ""
            key = (method, group, real(row.get("threshold")) or 0.0, unit)
            layer = merged.setdefault(key, {"areas": [], "streets": []})
            layer[part].append(place)
    order = {group: n for n, group in enumerate(REACH_GROUPS)}
    main = next((key for key in sorted(merged) if key[:2] == ("walk", REACH_GROUPS[0])), None)
    return [
        {
            "id": f"reach:{key[0]}:{key[1]}:{key[2]:g}",
            "method": key[0],
            "group": key[1],
            "label": words.say(
                "reach_label",
                group=words.word("reach_group_short", key[1])
                if words.word("reach_group_short", key[1]) != key[1]
                else words.word("reach_group", key[1]),
                threshold=words.measured(key[2], key[3]),
            ),
            "on": key == main,
            "areas": shapes.table(merged[key]["areas"]),
            "streets": shapes.table(merged[key]["streets"]),
        }
        for key in sorted(merged, key=lambda key: (key[0], order.get(key[1], len(order)), key))
    ]


def streets(assessment: Assessment) -> dict[str, Any]:
    """Return the street base: lines with their class and name, wider classes first.

    Of streets with one name the longest piece comes first, and is the one that is named.
    """
    frame = assessment.layers.get("streets")
    places = shapes.located(frame, assessment.crs)
    if frame is None:
        return {"shape": shapes.table(places), "class": Texts([]), "name": Texts([])}
    classes = [street_class(text(highway) or "") for highway in _column(frame, "highway")]
    names = [text(name) for name in _column(frame, "name")]
    lengths = shapely.length(places)
    rank = {name: n for n, name in enumerate(STREET_CLASSES)}
    order = sorted(
        (k for k in range(len(frame)) if shapely.get_dimensions(places[k]) == 1),
        key=lambda k: (rank[classes[k]], names[k] or "", -lengths[k], k),
    )
    return {
        "shape": shapes.table(places[order]),
        "class": Texts([classes[k] for k in order]),
        "name": Texts([names[k] for k in order]),
    }


def barriers(assessment: Assessment) -> dict[str, Any]:
    """Return rivers, railways, motorways and walls, waters first."""
    frame = assessment.layers.get("barriers")
    places = shapes.located(frame, assessment.crs)
    if frame is None:
        return {"shape": shapes.table(places), "kind": Texts([]), "name": Texts([])}
    kinds = [text(kind) or "wall" for kind in _column(frame, "barrier")]
    names = [text(name) for name in _column(frame, "name")]
    order = sorted(
        (k for k in range(len(frame)) if shapely.get_dimensions(places[k]) > 0),
        key=lambda k: kinds[k] != "river",
    )
    return {
        "shape": shapes.table(places[order]),
        "kind": Texts([kinds[k] for k in order]),
        "name": Texts([names[k] for k in order]),
    }


def _column(frame: gpd.GeoDataFrame, name: str) -> list[Any]:
    return list(frame[name]) if name in frame.columns else [None] * len(frame)


def _features(
    frame: gpd.GeoDataFrame | None,
    words: Words,
    labels: Labels,
    facts: Callable[[Mapping[str, Any], Words], dict[str, str | None]],
) -> list[dict[str, Any]]:
    features = []
    for row in shapes.rows(frame):
        key = row["id"]
        found = facts(row, words)
        title = found.pop("title", None) or key
        feature: dict[str, Any] = {"i": key, "n": title, "p": labels.rows(found)}
        if yes(row.get("illustrative")):
            feature["x"] = 1
        features.append(feature)
    return features


def _unit_facts(row: Mapping[str, Any], words: Words) -> dict[str, str | None]:
    return {
        "title": text(row.get("name")),
        "setting": words.word("setting", row.get("setting")),
        "population": words.number(row.get("population"), "people"),
        "elders": words.number(row.get("elders"), "people"),
        "areas": words.number(row.get("areas"), "areas"),
        "households": words.number(row.get("households"), "households"),
        "facilities": words.number(row.get("facilities"), "places"),
        "compliant": words.number(row.get("compliant"), "areas"),
        "deficient": words.number(row.get("deficient"), "areas"),
        "not_assessed": words.number(row.get("not_assessed"), "areas"),
        "rate": words.percent(row.get("rate")),
        "id": row["id"],
    }


def _site_facts_of(
    assessment: Assessment,
) -> Callable[[Mapping[str, Any], Words], dict[str, str | None]]:
    uses = site_uses(assessment)

    def facts(row: Mapping[str, Any], words: Words) -> dict[str, str | None]:
        mine = uses.get(row["id"], [])
        named = [
            words.say("named_for_one", area=words.name("residential", area), m2=m2)
            for area, m2 in mine
        ]
        total = sum(m2 for _, m2 in mine)
        return _site_facts(row, words) | {
            "named_for": words.listing(named),
            "named_m2": words.number(total, "m2", 1) if mine else None,
        }

    return facts


def _site_facts(row: Mapping[str, Any], words: Words) -> dict[str, str | None]:
    return {
        "title": text(row.get("name")),
        "type": text(row.get("type")),
        "floor_area_m2": words.number(row.get("floor_area_m2"), "m2", 1),
        "place": words.place(row.get("community"), row.get("unit")),
        "id": row["id"],
    }


def _disagreement_facts(row: Mapping[str, Any], words: Words) -> dict[str, str | None]:
    detour, walk = real(row.get("detour")), real(row.get("walk_m"))
    endless = float("inf") in {detour, walk}
    return {
        "title": words.join([text(row.get("name")), words.say("one.disagreements")]),
        "reach_group": words.word("reach_group", row.get("reach_group")),
        "facility": words.name("facilities", row.get("facility")),
        "radius_m": words.straight(row.get("radius_m")),
        "walk_m": words.walk(row.get("walk_m"), row.get("walk_min")),
        "detour": None if endless else words.number(detour, "times", 2),
        "barrier": _barrier(row, words),
    }


def _route_facts(row: Mapping[str, Any], words: Words) -> dict[str, str | None]:
    return {
        "title": words.join([text(row.get("name")), words.say("one.routes")]),
        "reach_group": words.word("reach_group", row.get("reach_group")),
        "facility": words.name("facilities", row.get("facility")),
        "walk_m": words.walk(row.get("walk_m"), row.get("walk_min")),
        "streets": text(row.get("streets")),
        "steps_m": words.number(row.get("steps_m") or None, "m"),
        "ferry_m": words.number(row.get("ferry_m") or None, "m"),
    }


def _close_call_facts(row: Mapping[str, Any], words: Words) -> dict[str, str | None]:
    unit = row.get("unit")
    return {
        "title": words.join([text(row.get("name")), words.say("one.close_calls")]),
        "clause": words.common.clause(row.get("clause")),
        "facility": words.name("facilities", row.get("facility")),
        "measured": words.measured(row.get("measured"), unit),
        "required": words.measured(row.get("required"), unit),
        "margin": words.common.margin(row.get("margin"), str(unit)),
    }


def _diagnosis_facts(row: Mapping[str, Any], words: Words) -> dict[str, str | None]:
    return {
        "title": words.word("street_diagnosis", row.get("kind"))
        or words.say("one.street_diagnosis"),
        "street_name": words.name("units", row.get("name")),
        "length_m": words.number(row.get("length_m"), "m", 1),
        "areas": words.number(row.get("areas"), "areas"),
        "facilities": words.number(row.get("facilities"), "places"),
        "verdicts": words.listing(
            words.name("residential", area) for area in (text(row.get("verdicts")) or "").split(";")
        ),
        "households": words.number(row.get("households") or None, "households"),
    }


def _gate_facts(row: Mapping[str, Any], words: Words) -> dict[str, str | None]:
    known = row.get("open")
    closed = known is not None and known == known and not known  # noqa: PLR0124 - NaN: not known
    return {
        "title": words.join(
            [
                words.name("residential", row.get("residential")),
                text(row.get("name")) or words.say("one.gates"),
                words.say("gate.closed") if closed else None,
            ]
        ),
        "source": words.word("gate_source", row.get("source")),
    }


def _gate_effect_facts(row: Mapping[str, Any], words: Words) -> dict[str, str | None]:
    return {
        "title": words.join([text(row.get("name")), words.say("one.gate_effects")]),
        "reach_group": words.word("reach_group", row.get("reach_group")),
        "gate": words.common.gate(row.get("gate"), row.get("side")),
        "facility": words.name("facilities", row.get("facility")),
        "walk_m": words.walk(row.get("walk_m"), row.get("walk_min")),
        "opened_walk": words.walk(row.get("opened_walk_m"), row.get("opened_walk_min")),
        "cures": words.say(f"answer.{row.get('cures')}"),
    }


def _barrier(row: Mapping[str, Any], words: Words) -> str | None:
    """Return the barrier by its name and kind, or by its kind alone."""
    named = words.word("barrier", row.get("barrier"))
    kind = words.word("barrier", row.get("barrier_kind"))
    return words.join(dict.fromkeys([named, kind])) or None


_OVERLAYS = {
    "gates": _gate_facts,
    "gate_effects": _gate_effect_facts,
    "street_diagnosis": _diagnosis_facts,
    "routes": _route_facts,
    "close_calls": _close_call_facts,
    "disagreements": _disagreement_facts,
}
