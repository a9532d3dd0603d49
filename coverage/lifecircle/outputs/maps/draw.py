"""``draw_map``: an Assessment becomes one HTML file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from lifecircle import texts
from lifecircle.model.cell import text_or_none
from lifecircle.model.dictionary import REACH_GROUPS, kinds
from lifecircle.model.status import Coverage, Status
from lifecircle.outputs.maps import (
    areas,
    clauses,
    facilities,
    ground,
    overlays,
    page,
    shapes,
    summary,
)
from lifecircle.outputs.maps.columns import COVERAGES, STATUSES, RowNumbers
from lifecircle.outputs.maps.labels import Labels
from lifecircle.outputs.maps.pack import packed
from lifecircle.outputs.maps.proposed import before_and_after, planned_sites, proposed_sites
from lifecircle.outputs.office.map_looks import UNKNOWN_KIND, glyph
from lifecircle.outputs.office.page import write_page
from lifecircle.outputs.words.quantities import walk
from lifecircle.outputs.words.showing import covered_by, map_banners
from lifecircle.outputs.words.wording import Wording

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    import geopandas as gpd

    from lifecircle.model.inputs.mapping.basemap import Basemap
    from lifecircle.model.results.assessment import Assessment

__all__ = ["draw_map", "map_data"]


def draw_map(
    assessment: Assessment,
    path: str | os.PathLike[str],
    *,
    basemap: Basemap | None = None,
    proposed: gpd.GeoDataFrame | None = None,
) -> Path:
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
    basemap
        A background of tiles, which the page then asks for (its key stands in the file); None,
        the default, asks for nothing.
    proposed
        Sites that somebody proposes, laid over the map; columns ``PROPOSED_COLUMNS``.

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
    words = Wording.of(assessment, "map")
    content = page.render(
        packed(map_data(assessment, words, basemap=basemap, proposed=proposed)),
        heading=words.say("page_title", study=assessment.study),
        language=words.tag,
        plain=[*map_banners(assessment, words), words.say("no_script")],
        origins=() if basemap is None else basemap.origins,
        scripts=page.SCRIPTS if assessment.sites is None else (*page.SCRIPTS, page.FUTURE),
    )
    return write_page(content, Path(path))


def map_data(
    assessment: Assessment,
    words: Wording | None = None,
    *,
    basemap: Basemap | None = None,
    proposed: gpd.GeoDataFrame | None = None,
) -> dict[str, Any]:
    """Return everything the page draws: plain values, and columns of ``maps.pack``."""
    words = words or Wording.of(assessment, "map")
    labels = Labels(words)
    rows = {
        name: RowNumbers(assessment.layers.get(name))
        for name in ("residential", "facilities", "units")
    }
    shown = clauses.shown_clauses(assessment)
    first = assessment.standards[0] if assessment.standards else ""
    homes = areas.area_columns(assessment, words, clauses.applying(shown, first))
    features = facilities.facility_features(assessment, words, labels)
    over = overlays.overlays(assessment, words, labels)
    over += overlays.district_overlays(assessment, words, labels)
    future: dict[str, Any] = {}
    if assessment.sites is not None:
        over.append(planned_sites(assessment, words, labels, rows["residential"]))
        asked = (assessment, words, shown, rows, clauses.headline_block)
        future = {"planned": before_and_after(*asked)}
    if proposed is not None and len(proposed):
        over.append(proposed_sites(proposed, assessment.crs, words, labels, rows["residential"]))
    unplaced = int((homes["shape"]["dim"].values == shapes.NOWHERE).sum()) + sum(
        "at" not in feature for feature in features
    )
    units = overlays.unit_features(assessment, words, labels)
    return {
        **_said(assessment, words),
        "notes": summary.notes(assessment, words, unplaced, based=basemap is not None),
        "areas": homes,
        "clauses": clauses.clause_columns(assessment, words, shown, rows),
        "reach_of": areas.reach_columns(assessment, rows["residential"], rows["facilities"]),
        "links": areas.links(assessment, rows["residential"], rows["facilities"]),
        "facilities": features,
        "kinds": facilities.kind_legend(features, words),
        "stages": facilities.stage_legend(features, words),
        "units": units,
        "reach": ground.reach_layers(assessment, words),
        "overlays": over,
        "streets": ground.streets(assessment),
        "barriers": ground.barriers(assessment),
        "variants": summary.variants(assessment, words),
        "bounds": _bounds(assessment),
        "labels": labels.texts,
        "basemap": None if basemap is None else _basemap(basemap),
        **future,
    }


def _said(assessment: Assessment, words: Wording) -> dict[str, Any]:
    """Return what the page says of the whole: its own words, the title."""
    covered = covered_by(assessment)
    return {
        "lang": words.tag,
        "text": _texts(words),
        "status": list(STATUSES),
        "coverage": list(COVERAGES),
        "words": {
            "status": _vocabulary("status", Status, words) | {"none": words.say("no_verdict")},
            "reference": {
                str(key): words.say(f"reference.{key}")
                for key in Status
                if texts.known("map", f"reference.{key}")
            },
            "coverage": _vocabulary("coverage", Coverage, words),
            "reach_group": _vocabulary("reach_group", REACH_GROUPS, words),
        },
        "glyphs": {key: glyph(key, words) for key in (*_drawn_kinds(), UNKNOWN_KIND, "site")},
        "title": summary.title(assessment, words),
        "banners": map_banners(assessment, words),
        "attribution": [line for line in map(text_or_none, assessment.attribution) if line],
        "legend_coverage": words.say(f"legend_coverage.{covered}"),
        "coverage_label": words.say(f"label.coverage_{covered}"),
        "search_limit": walk(None, float("inf"), words),
    }


def _basemap(basemap: Basemap) -> dict[str, Any]:
    return {
        "urls": list(basemap.urls),
        "subdomains": list(basemap.subdomains),
        "attribution": basemap.attribution,
        "max_zoom": basemap.max_zoom,
    }


def _bounds(assessment: Assessment) -> list[list[float]] | None:
    """Return the first view: areas, and facilities about them; else the first layer there is."""
    homes, places = (
        shapes.located(assessment.layers.get(name), assessment.crs)
        for name in ("residential", "facilities")
    )
    for one in (shapes.together(homes, places), homes, places):
        if (found := shapes.bounds(one)) is not None:
            return found
    for name in ("units", "streets"):
        frame = assessment.layers.get(name)
        found = shapes.bounds(shapes.located(frame, assessment.crs))
        if found is not None:
            return found
    return None


def _texts(words: Wording) -> dict[str, str]:
    """Return the page's own texts: what it says itself, labels of rows, numbers with units."""
    return {
        code.removeprefix("ui.").replace(".", "_"): template
        for code, template in texts.catalogue("map", words.language).items()
        if code.startswith(("ui.", "value.")) or code in _LABELS
    }


_LABELS = frozenset(
    f"label.{name}"
    for name in (
        "households",
        "population",
        "elders",
        "required_m2",
        "own_m2",
        "recorded_m2",
        "arrangeable_m2",
        "deficit_m2",
        "deficit_if_arranged_m2",
        "project",
        "remark",
        "id",
        "measured",
        "required",
    )
) | {"missing", "none", "unknown", "at_least", "share_reached", "households_missing"}
"""Texts of the catalogue that the page uses as the popups of other layers do."""


def _vocabulary(name: str, keys: Iterable[str], words: Wording) -> dict[str, str]:
    return {str(key): words.word(name, str(key)) for key in keys}


def _drawn_kinds() -> list[str]:
    """Return the kinds that a ledger types; what a name says beside them is not drawn."""
    return [key for key, spec in kinds().items() if not spec.typed]
