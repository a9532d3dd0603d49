"""Pictures of polygons and lines as PNG, drawn with numpy alone: nothing more is installed for it.

A shape is filled by signed coverage: every edge adds, on each of a few scan lines a pixel, what
lies to its right; summed up along the line this is how often a pixel is wound round. Holes run the
other way than their shell and shapes of one call all the same way, so that overlaps fill once.
"""

from __future__ import annotations

import struct
import zlib
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["GLYPHS", "Picture"]

_SCAN = 3
"""Scan lines a pixel."""
_STEP = 200_000
"""Most edges filled at once: what bounds the memory."""
_CIRCLE = 28
_HAIR_STEPS = 1.0
"""Places a pixel's length at which a hair leaves its ink."""
_LEVEL, _LEVEL_OF_HAIRS = 6, 2
"""Of zlib; among very many lines a longer look finds 4 % in three times the time."""
_FAINT = 1e-4
"""What float32 leaves of a line that went in and out again."""

GLYPHS: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    "0": (((0, 0), (2, 0), (2, 4), (0, 4), (0, 0)),),
    "1": (((0.4, 3.2), (1.2, 4), (1.2, 0)),),
    "2": (((0, 4), (2, 4), (2, 2), (0, 2), (0, 0), (2, 0)),),
    "3": (((0, 4), (2, 4), (2, 0), (0, 0)), ((0.4, 2), (2, 2))),
    "4": (((0, 4), (0, 1.6), (2, 1.6)), ((1.5, 3), (1.5, 0))),
    "5": (((2, 4), (0, 4), (0, 2.2), (2, 2.2), (2, 0), (0, 0)),),
    "6": (((2, 4), (0, 4), (0, 0), (2, 0), (2, 2), (0, 2)),),
    "7": (((0, 4), (2, 4), (0.8, 0)),),
    "8": (((0, 0), (2, 0), (2, 4), (0, 4), (0, 0)), ((0, 2), (2, 2))),
    "9": (((2, 2), (0, 2), (0, 4), (2, 4), (2, 0), (0, 0)),),
    "k": (((0, 4), (0, 0)), ((1.7, 2.7), (0, 1.2)), ((0.6, 1.6), (1.8, 0))),
    "m": (((0, 0), (0, 2.7), (2.6, 2.7), (2.6, 0)), ((1.3, 2.7), (1.3, 0))),
    "N": (((0, 0), (0, 4), (2, 0), (2, 4)),),
    " ": (),
}
"""Strokes of the figures, the units of a scale bar and the north, on a grid 4 high."""


class Picture:
    """A picture of ``width`` × ``height`` pixels, y downwards, white at first."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._pixels = np.full((height, width, 3), 255.0, dtype=np.float32)
        self._level = _LEVEL

    def fill(self, shapes: NDArray[Any], colour: str, opacity: float = 1.0) -> None:
        """Fill polygons (shapely, in pixels), each once however they overlap."""
        polygons = shapely.orient_polygons(np.asarray(shapes, dtype=object))
        rings = shapely.get_rings(shapely.get_parts(polygons))
        if len(rings):
            points, ring = shapely.get_coordinates(rings, return_index=True)
            joined = ring[1:] == ring[:-1]
            self._blend(points[:-1][joined], points[1:][joined], colour, opacity)

    def stroke(
        self, lines: NDArray[Any], colour: str, width: float = 1.0, opacity: float = 1.0
    ) -> None:
        """Draw lines and the rings of polygons (shapely, in pixels), ``width`` pixels wide."""
        given = shapely.get_parts(np.asarray(lines, dtype=object))
        surface = shapely.get_dimensions(given) > 1
        parts = np.concatenate([shapely.get_rings(given[surface]), given[~surface]])
        points, part = shapely.get_coordinates(parts, return_index=True)
        joined = part[1:] == part[:-1]
        self._segments(points[:-1][joined], points[1:][joined], colour, width, opacity)

    def hairs(
        self,
        lines: NDArray[Any],
        colour: str,
        width: float = 1.0,
        frame: Callable[[Floats], Floats] = np.asarray,
    ) -> None:
        """Draw very many lines (shapely) a pixel wide, with the ink of ``width`` pixels.

        Each pixel takes the ink of what runs through it; no outline is made. ``frame`` is the way
        of their vertices to pixels.
        """
        points, part = shapely.get_coordinates(shapely.get_parts(lines), return_index=True)
        joined = np.flatnonzero(part[1:] == part[:-1])
        # one axis after the other: rows of two are slow
        axes = [np.ascontiguousarray(axis) for axis in frame(points).T]
        along = [np.diff(axis).take(joined) for axis in axes]
        length = np.hypot(*along)
        steps = np.maximum(np.ceil(length * _HAIR_STEPS), 1).astype(np.int32)
        each = np.repeat(np.arange(len(steps)), steps)
        number = np.arange(len(each)) - (np.cumsum(steps) - steps).take(each) + 0.5
        x, y = (
            np.floor(axis.take(joined).take(each) + number * (way / steps).take(each))
            for axis, way in zip(axes, along, strict=True)
        )
        inside = np.flatnonzero((x >= 0) & (x < self.width) & (y >= 0) & (y < self.height))
        place = (y.take(inside) * self.width + x.take(inside)).astype(np.int64)
        ink = (width * length / steps).take(each.take(inside))
        laid = np.bincount(place, ink, minlength=self.width * self.height)
        covered = np.minimum(laid, 1.0).reshape(self.height, self.width).astype(np.float32)
        self._ink(covered, 0, 0, colour)
        self._level = _LEVEL_OF_HAIRS

    def over(self, ground: Picture) -> None:
        """Begin with a copy of another picture of the same size."""
        self._pixels, self._level = ground._pixels.copy(), ground._level

    def dots(self, centres: Floats, radius: float, colour: str, opacity: float = 1.0) -> None:
        """Fill circles of one radius round ``centres`` (n × 2)."""
        angle = np.linspace(0.0, 2.0 * np.pi, _CIRCLE + 1)
        ring = radius * np.column_stack([np.cos(angle), np.sin(angle)])
        rings = centres[:, None, :] + ring[None, :, :]
        starts, ends = rings[:, :-1].reshape(-1, 2), rings[:, 1:].reshape(-1, 2)
        self._blend(starts, ends, colour, opacity)

    def text(
        self, text: str, centre: tuple[float, float], height: float, colour: str, width: float
    ) -> None:
        """Write figures round ``centre``; characters without strokes (``GLYPHS``) are left out."""
        unit, left = height / 4.0, 0.0
        lines: list[Sequence[tuple[float, float]]] = []
        for character in text:
            strokes = GLYPHS.get(character, ())
            lines += [[(left + x, y) for x, y in stroke] for stroke in strokes]
            reach = max((x for stroke in strokes for x, _ in stroke), default=1.0)
            left += reach + 1.0
        if not lines:
            return
        middle = (left - 1.0) / 2.0
        placed = [
            [(centre[0] + unit * (x - middle), centre[1] - unit * (y - 2.0)) for x, y in line]
            for line in lines
        ]
        made = np.array([shapely.LineString(line) for line in placed], dtype=object)
        self.stroke(made, colour, width)

    def png(self) -> bytes:
        """Return the picture as a PNG file: 8 bits a colour, no time in it."""
        pixels = np.rint(self._pixels).astype(np.uint8)
        filtered = np.zeros((self.height, 1 + 3 * self.width), dtype=np.uint8)
        flat = pixels.reshape(self.height, -1)
        # every row less the one above it: large even areas become zeros
        filtered[0, 1:], filtered[1:, 1:] = flat[0], flat[1:] - flat[:-1]
        filtered[1:, 0] = 2
        head = struct.pack(">IIBBBBB", self.width, self.height, 8, 2, 0, 0, 0)
        body = zlib.compress(filtered.tobytes(), self._level)
        chunks = ((b"IHDR", head), (b"IDAT", body), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)

    def _segments(
        self, starts: Floats, ends: Floats, colour: str, width: float, opacity: float
    ) -> None:
        """Fill one box a segment, longer by a little so that joints close."""
        along = ends - starts
        length = np.hypot(along[:, 0], along[:, 1])
        drawn = length > 0
        starts, ends = starts[drawn], ends[drawn]
        along = along[drawn] / length[drawn, None] * (width / 2.0)
        across = np.column_stack([-along[:, 1], along[:, 0]])
        starts, ends = starts - along / 2.0, ends + along / 2.0
        corners = np.stack([starts + across, starts - across, ends - across, ends + across], axis=1)
        following = np.roll(corners, -1, axis=1)
        self._blend(corners.reshape(-1, 2), following.reshape(-1, 2), colour, opacity)

    def _blend(self, starts: Floats, ends: Floats, colour: str, opacity: float) -> None:
        """Lay a colour over what the edges enclose."""
        box = _bounds(starts, self.width, self.height)
        if box is None:
            return
        left, top, right, bottom = box
        shift = np.array([left, top], dtype=float)
        covered = _coverage(starts - shift, ends - shift, right - left, bottom - top) * opacity
        self._ink(covered, left, top, colour)

    def _ink(self, covered: NDArray[np.float32], left: int, top: int, colour: str) -> None:
        """Lay a colour over the pixels from ``left`` and ``top`` on, as much as each is covered."""
        pixels = self._pixels.reshape(-1, 3)
        laid = covered.ravel()
        touched = np.flatnonzero(laid > _FAINT)  # mostly paper: the rest costs nothing
        row, column = np.divmod(touched, covered.shape[1])
        place = (row + top) * self.width + column + left
        part, here = laid.take(touched), pixels.take(place, axis=0)
        for at in range(3):  # one colour after the other: rows of three are slow
            ink, paper = np.float32(int(colour[1 + 2 * at : 3 + 2 * at], 16)), here[:, at]
            paper += part * (ink - paper)
        pixels[place] = here


def _chunk(name: bytes, data: bytes) -> bytes:
    checked = name + data
    return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))


def _bounds(points: Floats, width: int, height: int) -> tuple[int, int, int, int] | None:
    """Return left, top, right, bottom of the pixels that may be touched; None for none."""
    if not len(points):
        return None
    x, y = np.ascontiguousarray(points.T)
    left, top = (int(max(np.floor(axis.min()), 0)) for axis in (x, y))
    right, bottom = int(min(np.ceil(x.max()), width)), int(min(np.ceil(y.max()), height))
    return None if right <= left or bottom <= top else (left, top, right, bottom)


def _coverage(starts: Floats, ends: Floats, width: int, height: int) -> NDArray[np.float32]:
    """Return how much of every pixel closed rings cover, [0, 1]; the rings as their edges.

    All scan lines go from left to right at once, a column of pixels after the other, which takes a
    fifth of the time of one line after the other.
    """
    lines = np.zeros((width + 2) * _SCAN * height, dtype=np.float32)
    for at in range(0, len(starts), _STEP):
        _wind(lines, starts[at : at + _STEP], ends[at : at + _STEP], width, height)
    wound = lines.reshape(width + 2, _SCAN, height)[:width]
    for left, here in pairwise(wound):
        np.add(here, left, out=here)
    np.abs(wound, out=wound)
    np.minimum(wound, 1.0, out=wound)
    covered = wound[:, 0].copy()
    for at in range(1, _SCAN):
        covered += wound[:, at]
    covered /= np.float32(_SCAN)
    return np.ascontiguousarray(covered.T)


def _wind(
    lines: NDArray[np.float32], starts: Floats, ends: Floats, width: int, height: int
) -> None:
    """Add to each scan line where edges cross it, and which way: x, line of the pixel, y."""
    down = ends[:, 1] > starts[:, 1]
    top = np.where(down[:, None], starts, ends)
    foot = np.where(down[:, None], ends, starts)
    rows = height * _SCAN
    first = np.clip(np.ceil(top[:, 1] * _SCAN - 0.5), 0, rows).astype(np.int64)
    after = np.clip(np.ceil(foot[:, 1] * _SCAN - 0.5), 0, rows).astype(np.int64)
    count = np.maximum(after - first, 0)
    edge = np.repeat(np.arange(len(top)), count)
    if not len(edge):
        return
    offset = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
    row = first[edge] + offset
    y = (row + 0.5) / _SCAN
    slope = (foot[edge, 0] - top[edge, 0]) / (foot[edge, 1] - top[edge, 1])
    x = np.clip(top[edge, 0] + (y - top[edge, 1]) * slope, 0.0, float(width))
    pixel = np.floor(x).astype(np.int64)
    part = x - pixel
    way = np.where(down[edge], 1.0, -1.0)
    place = pixel * rows + row % _SCAN * height + row // _SCAN
    places = np.concatenate([place, place + rows])
    weights = np.concatenate([way * (1.0 - part), way * part])
    np.add.at(lines, places, weights.astype(lines.dtype))
