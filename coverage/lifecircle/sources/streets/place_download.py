"""Streets of a named place, downloaded from OpenStreetMap by OSMnx and kept.

OSMnx waits without a word (a minute where a server does not answer, for ever where it is busy),
asks a public name server over HTTPS, and writes its cache into the current folder. So the download
runs in a process of its own, set up here, which ends at the deadline whatever it is waiting for.

``LIFECIRCLE_CACHE``, ``LIFECIRCLE_OVERPASS_URL``, ``LIFECIRCLE_NOMINATIM_URL`` and
``LIFECIRCLE_DOWNLOAD_SECONDS`` set the folder, the servers (an office may run its own) and the
deadline.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

from lifecircle.keeping.folder import cache_folder
from lifecircle.model.inputs.streets import POST_TAGS, TAGS
from lifecircle.model.problem import ProblemCode
from lifecircle.sources.raw import SourceError
from lifecircle.sources.streets.lines import BARRIER_TAGS, STATE_TAGS

__all__ = ["download_streets", "kept_streets"]

_SECONDS = 180.0
_BEYOND_M = 3000.0
"""Streets are taken this far beyond the place: people cross its border on foot."""
_FILTERS = (
    '["highway"]',
    '["route"="ferry"]',
    '["railway"~"^(rail|light_rail|narrow_gauge|subway)$"]',
    '["waterway"~"^(river|canal|riverbank|drain|ditch|stream)$"]',
    '["natural"="water"]',
    '["barrier"~"^(wall|fence|city_wall|hedge|retaining_wall)$"]',
)
"""What is asked for: streets and ferries, and what bars a walk beside them."""
_ASKED = 2
"""Number of what is asked for and kept: a file of an earlier one, without gates, is not used."""
_ENDS = {3: "unreachable", 4: "place", 5: "refused", 6: "no_streets"}
"""Exit code of the download's process → what kept it from ending well."""


def kept_streets(place: str) -> Path:
    """Return the file in which a place's streets are kept, whether it is there or not."""
    readable = re.sub(r"[^\w-]+", "-", place).strip("-")[:40]
    mark = hashlib.sha256(f"{place}\n{_ASKED}".encode()).hexdigest()[:8]
    return cache_folder() / "streets" / f"{readable}-{mark}.graphml"


def download_streets(place: str) -> Path:
    """Return the GraphML file of a place's streets; downloaded if it is not kept yet.

    Raises
    ------
    SourceError
        The place is not known, or the download did not end well within the deadline.
    """
    kept = kept_streets(place)
    if kept.is_file():
        return kept
    seconds = _deadline()
    command = [sys.executable, "-P", "-m", __name__, place, str(kept), f"{seconds:g}"]
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        ended = subprocess.run(  # noqa: S603 - this module, by this Python
            command, timeout=seconds, check=False, capture_output=True
        ).returncode
    except subprocess.TimeoutExpired:
        kept.with_suffix(".part").unlink(missing_ok=True)
        raise SourceError(
            ProblemCode.DOWNLOAD_FAILED, place=place, detail="deadline", seconds=seconds
        ) from None
    if ended == 0 and kept.is_file():
        return kept
    detail = _ENDS.get(ended, "refused")
    if detail == "place":
        raise SourceError(ProblemCode.PLACE_UNKNOWN, place=place)
    raise SourceError(ProblemCode.DOWNLOAD_FAILED, place=place, detail=detail, seconds=seconds)


def _deadline() -> float:
    try:
        return max(float(os.environ["LIFECIRCLE_DOWNLOAD_SECONDS"]), 1.0)
    except (KeyError, ValueError):
        return _SECONDS


def _download(place: str, kept: Path, seconds: float) -> int:
    """Download in this process and return its exit code; it owns OSMnx's settings."""
    import osmnx as ox  # noqa: PLC0415 - loads in the download's process only
    import requests  # noqa: PLC0415 - comes with OSMnx

    settings = ox.settings
    settings.overpass_url = os.environ.get("LIFECIRCLE_OVERPASS_URL", settings.overpass_url)
    settings.nominatim_url = os.environ.get("LIFECIRCLE_NOMINATIM_URL", settings.nominatim_url)
    settings.doh_url_template = None
    settings.overpass_rate_limit = False
    settings.requests_timeout = seconds
    settings.use_cache = False  # what is kept is the result: deleting that asks anew
    own = (tag for tag in TAGS if tag not in {"osm_id", "state"})
    settings.useful_tags_way = [*own, *STATE_TAGS, *BARRIER_TAGS]
    settings.useful_tags_node = [*settings.useful_tags_node, *POST_TAGS]
    step = "place"
    try:
        area = ox.geocode_to_gdf(place)
        metres = area.to_crs(area.estimate_utm_crs()).buffer(_BEYOND_M)
        step = "no_streets"
        graph = ox.graph_from_polygon(
            metres.to_crs("EPSG:4326").union_all(),
            custom_filter=list(_FILTERS),
            simplify=False,
            retain_all=True,
            truncate_by_edge=True,
        )
        # Only within one way: tags stay exact, and ways join where they share a node.
        # What stands on a way stays a node: it may bar it.
        graph = ox.simplify_graph(
            graph, node_attrs_include=["barrier", "locked"], edge_attrs_differ=["osmid"]
        )
        part = kept.with_suffix(".part")
        ox.save_graphml(graph, part)
        part.replace(kept)
    except requests.exceptions.RequestException:
        step = "unreachable"
    except ox._errors.ResponseStatusCodeError:  # noqa: SLF001 - no public name
        step = "refused"
    except (ValueError, TypeError):  # OSMnx: nothing found, or a place that is only a point
        pass
    else:
        return 0
    return next(code for code, name in _ENDS.items() if name == step)


if __name__ == "__main__":
    sys.exit(_download(sys.argv[1], Path(sys.argv[2]), float(sys.argv[3])))
