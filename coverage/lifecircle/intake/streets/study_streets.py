"""The streets a study names: a file of its own, or downloaded by the name of a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.model.inputs.study import InputRecord
from lifecircle.sources.database import shown_source
from lifecircle.sources.osm_file import is_overpass
from lifecircle.sources.streets.packed import built_from_osm
from lifecircle.sources.tables.files import fingerprint

if TYPE_CHECKING:
    from lifecircle.intake.log import StudyLog
    from lifecircle.intake.settings.file import StudyFile
    from lifecircle.model.inputs.layers import Layer
    from lifecircle.model.inputs.streets import StreetLines

__all__ = ["attribution", "study_streets"]

_OSM_SUFFIXES = (".osm", ".osm.bz2", ".osm.gz", ".pbf", ".graphml")
_OSM_CREDIT = "© OpenStreetMap contributors, ODbL 1.0"


def study_streets(crs: str, residential: Layer, log: StudyLog) -> StreetLines | None:
    """Return the street lines in ``crs``; None where the study has none, or none can be used.

    Streets far from every residential area are told of. What is found goes to the log.
    """
    options = log.file.layers.streets
    if options is None:
        return None
    from lifecircle.intake.streets.kept import (  # noqa: PLC0415 - OSM readers, if needed
        read_kept_streets,
    )
    from lifecircle.intake.streets.named_place import place_streets  # noqa: PLC0415

    located = residential.frame.geometry[residential.located]
    west, south, east, north = map(float, located.total_bounds)
    near = None if located.empty else (west, south, east, north)
    if options.path is not None:
        written, source = options.path, log.file.source(options.path)
    else:
        kept, found = place_streets(str(options.place))
        log.problems += found
        if kept is None:
            return None
        written, source = f"OpenStreetMap: {options.place}", kept
    lines, found, digest = read_kept_streets(
        source,
        cache=options.cache,
        crs=crs,
        source_crs=options.crs,
        coordinates=options.coordinates,
        layer=options.layer,
        near=near,
        node_crossings=options.node_crossings,
        walk_words=options.walk_words,
        day=log.file.heading.as_of,
    )
    log.problems += found
    if lines is not None:
        digest = digest or fingerprint(source, options.layer)
        count = len(lines)
        shown = shown_source(written, options.layer)
        log.inputs.append(InputRecord("streets", shown, digest, count, count, 0, lines.contents))
    return lines


def attribution(file: StudyFile, streets: StreetLines | None) -> tuple[str, ...]:
    """Return what the study says, and OpenStreetMap's where its streets are used (ODbL 4.3)."""
    typed, options = file.heading.attribution, file.layers.streets
    place = getattr(options, "place", None)
    path = getattr(options, "path", None)
    osm = bool(place) or (path is not None and _is_osm(file, path))
    said = any("openstreetmap" in line.lower() for line in typed)
    return (*typed, _OSM_CREDIT) if streets is not None and osm and not said else tuple(typed)


def _is_osm(file: StudyFile, path: str) -> bool:
    """Return whether a file's kind tells that it is OpenStreetMap's: answers of Overpass too."""
    if path.lower().endswith(_OSM_SUFFIXES):
        return True
    source = file.source(path)
    if isinstance(source, str):
        return False
    return built_from_osm(source) or is_overpass(source)
