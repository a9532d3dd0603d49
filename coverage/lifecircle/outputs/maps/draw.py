"""``draw_map``: an Assessment becomes one HTML file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from lifecircle import texts
from lifecircle.model.dictionary import REACH_GROUPS, kinds
from lifecircle.model.status import Coverage, Status
from lifecircle.outputs.maps import areas, facilities, others, page, shapes, summary
from lifecircle.outputs.maps.wording import Words, text
from lifecircle.outputs.showing import covered_by
from lifecircle.outputs.whole import whole_file

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from lifecircle.model.assessment import Assessment

__all__ = ["draw_map", "map_data"]


def draw_map(assessment: Assessment, path: str | os.PathLike[str]) -> Path:
    """Write the gap map of an Assessment as one HTML file.

    The file opens by double click and asks the network for nothing: Leaflet, styles and data are
    inside, and there is no background but what the Assessment carries (``streets``,
    ``barriers``). The same Assessment gives the same bytes. It is written beside the target and
    then renamed, so that it is there whole or not at all.

    Parameters
    ----------
    assessment
        Read, never computed with; layers in any projected CRS, drawn in EPSG:4326.
    path
        Target file; its folder is made if need be.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    OutputError
        The file cannot be written, or the page would load something from outside.

    Examples
    --------
    >>> draw_map(assessment, "map.html")  # doctest: +SKIP
    PosixPath('map.html')
    """
    words = Words(assessment)
    content = page.render(
        map_data(assessment, words),
        heading=words.say("page_title", study=assessment.study),
        language=words.tag,
    )
    target = Path(path)
    with whole_file(target) as part:
        # a name cut in the middle of a character cannot be written; the rest of it can
        part.write_bytes(content.encode("utf-8", "replace"))
    return target


def map_data(assessment: Assessment, words: Words | None = None) -> dict[str, Any]:
    """Return everything the page draws as plain JSON values, without NaN or infinity."""
    words = words or Words(assessment)
    labels = areas.Labels(words)
    homes = shapes.located(assessment.layers.get("residential"), assessment.crs)
    places = shapes.located(assessment.layers.get("facilities"), assessment.crs)
    area_features = areas.area_features(assessment, words, labels, homes)
    facility_features = facilities.facility_features(assessment, words, labels, places)
    units = others.unit_features(assessment, words, labels)
    street_lines, street_names = others.streets(assessment)
    unplaced = sum("g" not in feature for feature in [*area_features, *facility_features])
    # the areas fill the first view; facilities only where no area has a place
    extent = list(homes.values()) or list(places.values())
    for layer in ("units", "streets"):
        extent = extent or list(
            shapes.located(assessment.layers.get(layer), assessment.crs).values()
        )
    return {
        "lang": words.tag,
        "text": {
            code.removeprefix("ui."): words.say(code)
            for code in texts.catalogue("map", words.language)
            if code.startswith("ui.")
        },
        "words": {
            "status": _vocabulary("status", Status, words),
            "coverage": _vocabulary("coverage", Coverage, words),
            "reach_group": _vocabulary("reach_group", REACH_GROUPS, words),
        },
        "glyphs": {key: words.glyph(key) for key in (*kinds(), facilities.UNKNOWN_KIND, "site")},
        "title": summary.title(assessment, words),
        "banners": summary.banners(assessment, words),
        "attribution": [line for line in map(text, assessment.attribution) if line],
        "headline": summary.headline(assessment, words),
        "legend": summary.legend(assessment, words),
        "legend_title": words.say(
            "legend_verdict_first" if len(assessment.standards) > 1 else "legend_verdict"
        ),
        "legend_coverage": words.say(f"legend_coverage.{covered_by(assessment)}"),
        "notes": summary.notes(assessment, words, unplaced),
        "clauses": areas.clause_quotes(assessment, words),
        "areas": area_features,
        "facilities": facility_features,
        "kinds": facilities.kind_legend(facility_features, words),
        "stages": facilities.stage_legend(facility_features, words),
        "units": units,
        "reach": others.reach_layers(assessment, words),
        "overlays": others.overlays(assessment, words, labels),
        "streets": street_lines,
        "street_names": street_names,
        "barriers": others.barriers(assessment),
        "bounds": shapes.bounds(extent),
        "labels": labels.texts,
    }


def _vocabulary(name: str, keys: Iterable[str], words: Words) -> dict[str, str | None]:
    return {str(key): words.word(name, str(key)) for key in keys}
