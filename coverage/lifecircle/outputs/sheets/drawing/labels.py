"""Names on a map: put one after another where nothing printed yet is hidden."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lifecircle.outputs.sheets.paper import Box

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lifecircle.outputs.sheets.drawing.fonts import Font

__all__ = ["LINE", "Labels", "Printed"]

LINE = 1.22
"""Height of a line, of the size of its letters."""
_CELL = 8.0
_AIR = 0.35
_AROUND = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))
"""Where a name is tried around its spot: right, left, above, below, then the corners."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A name and where it stands: the middle of its lines, mm."""

    x: float
    y: float
    lines: tuple[str, ...]


class Labels:
    """What is printed on one map, kept so that nothing is printed over it."""

    def __init__(self, font: Font, box: Box) -> None:
        self.font, self.box = font, box
        self._cells: dict[tuple[int, int], list[Box]] = defaultdict(list)

    def take(self, box: Box) -> None:
        """Keep ``box`` free of names."""
        for cell in _cells(box):
            self._cells[cell].append(box)

    def fit(
        self,
        x: float,
        y: float,
        lines: Sequence[str],
        size: float,
        *,
        reach: tuple[float, float] = (0.0, 0.0),
        inside: bool = False,
    ) -> Printed | None:
        """Return where ``lines`` can be printed for a thing at (x, y), or None.

        Parameters
        ----------
        reach
            Half the width and height (mm) of the thing, which the name stands beside.
        inside
            The name is tried on the thing first.
        """
        width = max(self.font.width(line, size) for line in lines)
        height = size * LINE * len(lines)
        tried = [(x, y)] if inside else []
        tried += [
            (
                x + right * (reach[0] + width / 2 + _AIR),
                y + up * (reach[1] + height / 2 + _AIR * (right == 0)),
            )
            for right, up in _AROUND
        ]
        for middle_x, middle_y in tried:
            box = Box(middle_x - width / 2, middle_y - height / 2, width, height)
            if self._free(box):
                self.take(box)
                return Printed(middle_x, middle_y, tuple(lines))
        return None

    def along(
        self, text: str, size: float, ends: tuple[float, float, float, float]
    ) -> tuple[float, float, float] | None:
        """Return middle and angle (degrees) of ``text`` printed along a line, or None.

        ``ends``: x, y, x, y of the line, mm; a name longer than its line is not printed.
        """
        x, y, to_x, to_y = ends
        length, width = math.hypot(to_x - x, to_y - y), self.font.width(text, size)
        if width > length:
            return None
        angle = math.atan2(to_y - y, to_x - x)
        middle_x, middle_y = (x + to_x) / 2, (y + to_y) / 2
        count = max(len(text), 1)
        boxes = []
        for n in range(count):
            at = ((n + 0.5) / count - 0.5) * width
            middle = (middle_x + at * math.cos(angle), middle_y + at * math.sin(angle))
            boxes.append(Box(middle[0] - size / 2, middle[1] - size / 2, size, size))
        if not all(self._free(box) for box in boxes):
            return None
        for box in boxes:
            self.take(box)
        turn = math.degrees(angle)
        return middle_x, middle_y, turn - 180 if turn > 90 else turn + 180 if turn < -90 else turn  # noqa: PLR2004 - never upside down

    def _free(self, box: Box) -> bool:
        frame = self.box
        if box.x < frame.x or box.y < frame.y or box.right > frame.right or box.top > frame.top:
            return False
        return not any(_meet(box, other) for cell in _cells(box) for other in self._cells[cell])


def _meet(a: Box, b: Box) -> bool:
    return a.x < b.right and b.x < a.right and a.y < b.top and b.y < a.top


def _cells(box: Box) -> Iterator[tuple[int, int]]:
    for column in range(int(box.x // _CELL), int(box.right // _CELL) + 1):
        for row in range(int(box.y // _CELL), int(box.top // _CELL) + 1):
            yield column, row
