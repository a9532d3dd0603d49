"""Facilities and candidate sites: round for what serves its neighbourhood, square for a town's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matplotlib.patches import Circle, Rectangle

from lifecircle.model.cell import listed
from lifecircle.model.dictionary import REACH_GROUPS, kinds
from lifecircle.outputs.office.colours import REACH_COLOURS
from lifecircle.outputs.office.map_looks import UNKNOWN_KIND, glyph, is_wide, stage_look
from lifecircle.outputs.sheets.drawing.canvas import points
from lifecircle.outputs.sheets.paper import Box

if TYPE_CHECKING:
    import geopandas as gpd

    from lifecircle.outputs.sheets.drawing.canvas import Canvas
    from lifecircle.outputs.words.wording import Wording

__all__ = [
    "SITE_COLOUR",
    "SIZE",
    "Facility",
    "draw_kind",
    "draw_planned",
    "draw_site",
    "facilities_of",
]

SIZE = 4.0
"""Width of a facility's symbol, mm."""
SITE_COLOUR = "#047857"
_PLAIN = "#3b4650"
_MOST = 3
_LONG = 3
"""Digits from which on a number is written smaller."""
_STEP = 0.86
"""Symbols of one facility's kinds stand side by side, overlapping a little."""


@dataclass(frozen=True, slots=True)
class Facility:
    """What is drawn of a facility; ``at`` in metres."""

    id: str
    name: str
    kinds: tuple[str, ...]
    look: str
    at: tuple[float, float]

    def box(self, x: float, y: float, size: float) -> Box:
        """Return the paper its symbols take when drawn at (x, y)."""
        width = size * (1 + _STEP * (len(self.kinds) - 1))
        return Box(x - width / 2, y - size / 2, width, size)

    def draw(self, canvas: Canvas, words: Wording, x: float, y: float, size: float) -> None:
        """Draw one symbol a kind."""
        first = x - size * _STEP * (len(self.kinds) - 1) / 2
        for n, kind in enumerate(self.kinds):
            draw_kind(canvas, words, kind, self.look, first + n * size * _STEP, y, size)


def facilities_of(frame: gpd.GeoDataFrame, words: Wording) -> list[Facility]:
    """Return the facilities that have a position, those of a town or county last (drawn on top)."""
    order = {key: n for n, key in enumerate(kinds())}
    found = []
    rows = zip(map(str, frame.index), frame["kinds"], frame["stage"], frame.geometry, strict=True)
    for key, named, stage, geometry in rows:
        if geometry is None or geometry.is_empty:
            continue
        known = sorted(listed(named), key=lambda k: (order.get(k, len(order)), k))
        spot = geometry.representative_point()
        found.append(
            Facility(
                key,
                words.name(key, "facilities"),
                tuple(known[:_MOST]) or (UNKNOWN_KIND,),
                stage_look(stage),
                (spot.x, spot.y),
            )
        )
    return sorted(found, key=lambda f: any(map(is_wide, f.kinds)))


def draw_kind(  # noqa: PLR0917 - what and where
    canvas: Canvas, words: Wording, kind: str, look: str, x: float, y: float, size: float
) -> None:
    """Draw the symbol of one kind in the look of a stage (``map_looks.stage_look``)."""
    colour = _colour(kind)
    solid = look == "open"
    fill = colour if solid else "#c9cdd1" if look == "off" else "white"
    style = {"planned": (0, (2.2, 1.2)), "unknown": (0, (0.8, 1.0))}.get(look, "-")
    pen: dict[str, Any] = {
        "facecolor": fill,
        "edgecolor": "white" if solid else _PLAIN if look == "off" else colour,
        "linewidth": points(0.22 if solid else 0.35),
        "linestyle": style,
        "zorder": 6.0,
    }
    half = size / 2
    if is_wide(kind):
        canvas.paper.add_patch(Rectangle((x - half, y - half), size, size, **pen))
    else:
        canvas.paper.add_patch(Circle((x, y), half, **pen))
    ink = "white" if solid else _PLAIN if look == "off" else colour
    canvas.text(
        x,
        y - size * 0.02,
        glyph(kind, words),
        size * 0.62,
        align="center",
        valign="center_baseline",
        colour=ink,
        level=6.1,
    )
    if look == "off":
        canvas.line((x - half, x + half), (y - half, y + half), 0.3, _PLAIN, level=6.2)


def draw_site(canvas: Canvas, x: float, y: float, size: float = 2.6) -> None:
    """Draw a candidate site: a white diamond."""
    half = size / 2
    canvas.shape(
        ((x, y + half), (x + half, y), (x, y - half), (x - half, y)),
        facecolor="white",
        edgecolor=SITE_COLOUR,
        linewidth=points(0.4),
        zorder=5.5,
    )


def draw_planned(canvas: Canvas, x: float, y: float, number: str, size: float = 3.8) -> None:
    """Draw a planned place: a disc with its number in the order of building."""
    canvas.paper.add_patch(
        Circle(
            (x, y),
            size / 2,
            facecolor=SITE_COLOUR,
            edgecolor="white",
            linewidth=points(0.3),
            zorder=7.5,
        )
    )
    canvas.text(
        x,
        y - size * 0.02,
        number,
        size * (0.62 if len(number) < _LONG else 0.45),
        align="center",
        valign="center_baseline",
        colour="white",
        level=7.6,
    )


def _colour(kind: str) -> str:
    spec = kinds().get(kind)
    # a centre belongs to the community's group too: its own group tells more
    groups = ("centre", *REACH_GROUPS)
    found = None if spec is None else next((g for g in groups if g in spec.reach), None)
    return _PLAIN if found is None else REACH_COLOURS[found]
