"""What the map says of facilities, and which kinds and stages its legend tells apart."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from lifecircle.model.cell import is_yes, listed, number_or_none, text_or_none
from lifecircle.model.problem import unread_remarks
from lifecircle.outputs.maps import shapes
from lifecircle.outputs.maps.labels import home_unit, list_or_none, one_line
from lifecircle.outputs.office.map_looks import (
    LOOKS,
    UNKNOWN_KIND,
    is_wide,
    kind_counts,
    kind_name,
    stage_look,
)
from lifecircle.outputs.words.problems import Unread
from lifecircle.outputs.words.quantities import quantity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lifecircle.model.results.assessment import Assessment
    from lifecircle.outputs.maps.labels import Labels
    from lifecircle.outputs.words.wording import Wording

__all__ = ["facility_features", "kind_legend", "stage_legend"]


def facility_features(
    assessment: Assessment, words: Wording, labels: Labels
) -> list[dict[str, Any]]:
    """Return one feature per facility, in the layer's order; drawn at its point on surface."""
    frame = assessment.layers.get("facilities")
    spots = shapes.spots(shapes.located(frame, assessment.crs))
    features, unread = [], Unread.of(assessment.problems, "facilities", words.language)
    remarks = unread_remarks(assessment.problems, "facilities")
    for row, spot in zip(shapes.rows(frame), spots, strict=True):
        key = row["id"]
        named = listed(row.get("kinds")) or [UNKNOWN_KIND]
        feature: dict[str, Any] = {
            "i": key,
            "n": words.name(key, "facilities"),
            "u": [
                code
                for code in (text_or_none(row.get("unit")), text_or_none(row.get("community")))
                if code
            ],
            "kinds": named,
            "st": stage_look(row.get("stage")),
            "s": one_line(
                [
                    words.list(kind_name(kind, words) for kind in named),
                    words.word_or_none("stage", row.get("stage")) or words.say("stage_unknown"),
                ]
            ),
            "p": labels.rows(
                {**_facts(row, words), "unread": unread.all(key), "remark": remarks.get(key)}
            ),
        }
        if any(map(is_wide, named)):
            feature["big"] = 1
        if is_yes(row.get("illustrative")):
            feature["x"] = 1
        if spot is not None:
            feature["at"] = spot
        features.append(feature)
    return features


def kind_legend(features: list[dict[str, Any]], words: Wording) -> list[dict[str, Any]]:
    """Return the kinds that occur, in the dictionary's order, with how many facilities each."""
    counts = kind_counts(kind for feature in features for kind in feature["kinds"])
    return [
        {
            "key": kind,
            "label": kind_name(kind, words),
            "count": count,
            **({"big": 1} if is_wide(kind) else {}),
        }
        for kind, count in counts.items()
    ]


def stage_legend(features: list[dict[str, Any]], words: Wording) -> list[dict[str, Any]]:
    """Return the looks of stages that occur."""
    counts = Counter(feature["st"] for feature in features)
    return [
        {"key": look, "label": words.say(f"stage_look.{look}"), "count": counts[look]}
        for look in LOOKS
        if counts[look]
    ]


def _facts(row: Mapping[str, Any], words: Wording) -> dict[str, str | None]:
    groups = [words.word_or_none("reach_group", group) for group in listed(row.get("reach_groups"))]
    served, perhaps = (
        [words.name(key, "residential") for key in listed(row.get(name))]
        for name in ("serves", "serves_perhaps")
    )
    star = number_or_none(row.get("star"))
    return {
        "place": home_unit((row.get("community"), row.get("unit")), words),
        "floor_area_m2": quantity(row.get("floor_area_m2"), words, "m2", 1),
        "community_area_m2": quantity(row.get("community_area_m2"), words, "m2", 1),
        "quota_m2": _interval(row, words),
        "beds": quantity(row.get("beds"), words, "beds"),
        "nursing_beds": quantity(row.get("nursing_beds"), words, "beds"),
        "family_beds": quantity(row.get("family_beds"), words, "beds"),
        "star": None if not star else quantity(star, words, "star"),
        "reach_counts": _counts(row.get("reach_counts"), words),
        "quota_counts": _counts(row.get("quota_counts"), words),
        "reach_groups": list_or_none(groups, words),
        "serves": list_or_none(served, words),
        "serves_perhaps": list_or_none(perhaps, words),
        "site": text_or_none(row.get("site")),
        "position_of": words.name_or_none(row.get("position_of"), "facilities"),
        "id": row["id"],
    }


def _interval(row: Mapping[str, Any], words: Wording) -> str | None:
    low, high = number_or_none(row.get("quota_m2_low")), number_or_none(row.get("quota_m2_high"))
    if low is None or high is None or low == high:
        return quantity(low if high is None else high, words, "m2", 1)
    return words.say(
        "value.range", low=quantity(low, words, digits=1), high=quantity(high, words, "m2", 1)
    )


def _counts(value: Any, words: Wording) -> str | None:
    found = text_or_none(value)
    return words.say(f"counts.{found}") if found in {"yes", "no", "unknown"} else None
