"""What the map says of facilities, and how their kinds and stages are told apart."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from lifecircle.model.dictionary import kinds
from lifecircle.model.status import Stage
from lifecircle.outputs.maps import shapes
from lifecircle.outputs.maps.wording import listed, real, text, yes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.maps.labels import Labels
    from lifecircle.outputs.maps.wording import Words

__all__ = ["STAGE_LOOKS", "facility_features", "kind_legend", "stage_legend"]

STAGE_LOOKS = {
    Stage.IN_USE: "open",
    Stage.ACCEPTED: "built",
    Stage.HANDED_OVER: "built",
    Stage.PLANNED: "planned",
    Stage.UNDER_CONSTRUCTION: "planned",
    Stage.IDLE: "off",
    Stage.MISUSED: "off",
    Stage.CLOSED: "off",
}
"""Stage → look: solid, hollow, dashed, or grey and crossed; an unknown stage is dotted."""

UNKNOWN_KIND = "unknown"
"""Key of a facility whose record names no kind."""

_LOOKS = ("open", "built", "planned", "off", "unknown")


def facility_features(assessment: Assessment, words: Words, labels: Labels) -> list[dict[str, Any]]:
    """Return one feature per facility, in the layer's order; drawn at its point on surface."""
    frame = assessment.layers.get("facilities")
    spots = shapes.spots(shapes.located(frame, assessment.crs))
    features = []
    for row, spot in zip(shapes.rows(frame), spots, strict=True):
        key = row["id"]
        named = listed(row.get("kinds")) or [UNKNOWN_KIND]
        stage = text(row.get("stage"))
        feature: dict[str, Any] = {
            "i": key,
            "n": text(row.get("name")) or key,
            "u": [code for code in (text(row.get("unit")), text(row.get("community"))) if code],
            "kinds": named,
            "st": STAGE_LOOKS[Stage(stage)] if stage in set(Stage) else "unknown",
            "s": words.join(
                [
                    words.listing(_kind(kind, words) for kind in named),
                    words.word("stage", stage) or words.say("stage_unknown"),
                ]
            ),
            "p": labels.rows(_facts(row, words)),
        }
        if any(_wide(kind) for kind in named):
            feature["big"] = 1
        if yes(row.get("illustrative")):
            feature["x"] = 1
        if spot is not None:
            feature["at"] = spot
        features.append(feature)
    return features


def kind_legend(features: list[dict[str, Any]], words: Words) -> list[dict[str, Any]]:
    """Return the kinds that occur, in the dictionary's order, with how many facilities each."""
    counts = Counter(kind for feature in features for kind in feature["kinds"])
    known = [kind for kind in kinds() if kind in counts]
    return [
        {
            "key": kind,
            "label": _kind(kind, words),
            "count": counts[kind],
            **({"big": 1} if _wide(kind) else {}),
        }
        for kind in [*known, *sorted(set(counts) - set(known))]
    ]


def stage_legend(features: list[dict[str, Any]], words: Words) -> list[dict[str, Any]]:
    """Return the looks of stages that occur."""
    counts = Counter(feature["st"] for feature in features)
    return [
        {"key": look, "label": words.say(f"stage_look.{look}"), "count": counts[look]}
        for look in _LOOKS
        if counts[look]
    ]


def _kind(key: str, words: Words) -> str:
    return words.say("kind_unknown") if key == UNKNOWN_KIND else words.common.kind(key)


def _wide(kind: str) -> bool:
    """Return whether a kind serves a whole town or county, and is drawn larger."""
    spec = kinds().get(kind)
    return spec is not None and (spec.level == "county" or "centre" in spec.reach)


def _facts(row: Mapping[str, Any], words: Words) -> dict[str, str | None]:
    groups = [words.word("reach_group", group) for group in listed(row.get("reach_groups"))]
    served = [words.name("residential", key) for key in listed(row.get("serves"))]
    star = real(row.get("star"))
    return {
        "place": words.place(row.get("community"), row.get("unit")),
        "floor_area_m2": words.number(row.get("floor_area_m2"), "m2", 1),
        "community_area_m2": words.number(row.get("community_area_m2"), "m2", 1),
        "quota_m2": _interval(row, words),
        "beds": words.number(row.get("beds"), "beds"),
        "nursing_beds": words.number(row.get("nursing_beds"), "beds"),
        "family_beds": words.number(row.get("family_beds"), "beds"),
        "star": None if not star else words.number(star, "star"),
        "reach_counts": _counts(row.get("reach_counts"), words),
        "quota_counts": _counts(row.get("quota_counts"), words),
        "reach_groups": words.listing(groups),
        "serves": words.listing(served),
        "site": text(row.get("site")),
        "id": row["id"],
    }


def _interval(row: Mapping[str, Any], words: Words) -> str | None:
    low, high = real(row.get("quota_m2_low")), real(row.get("quota_m2_high"))
    if low is None or high is None or low == high:
        return words.number(low if high is None else high, "m2", 1)
    return words.say(
        "value.range", low=words.number(low, "plain", 1), high=words.number(high, "m2", 1)
    )


def _counts(value: Any, words: Words) -> str | None:
    found = text(value)
    return words.say(f"counts.{found}") if found in {"yes", "no", "unknown"} else None
