"""What every small map has beside its subject: a scale bar and an arrow to the north."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from lifecircle.outputs.office.picture import Picture

__all__ = ["north_arrow", "scale_bar"]

_INK, _PAPER = "#1c2733", "#ffffff"
_KILOMETRE = 1000


def scale_bar(picture: Picture, metres: float, letters: float) -> None:
    """Draw a bar of a round length, at most a fifth of the width.

    ``metres``: a pixel's; ``letters``: their height, pixels.
    """
    most = picture.width / 5.0 * metres
    power = 10.0 ** np.floor(np.log10(most))
    length = float(next(n for n in (5.0, 2.0, 1.0) if n * power <= most) * power)
    pixels = length / metres
    left, y = 20.0, picture.height - 18.0
    ends = [(left, y - 7), (left, y), (left + pixels, y), (left + pixels, y - 7)]
    bar = np.array([shapely.LineString(ends)], dtype=object)
    picture.stroke(bar, _PAPER, 6.0)
    picture.stroke(bar, _INK, 2.4)
    told = f"{length / _KILOMETRE:g} km" if length >= _KILOMETRE else f"{length:g} m"
    picture.text(
        told, (left + pixels / 2.0, y - 0.8 * letters - 6.0), letters, _INK, 0.13 * letters
    )


def north_arrow(picture: Picture, letters: float) -> None:
    """Draw an arrow upwards with an N, in the upper right corner; ``letters``: its height."""
    x, top = picture.width - 30.0, 21.0 + letters
    half = [(x, top), (x, top + 32), (x - 10, top + 42)]
    other = [(x, top), (x, top + 32), (x + 10, top + 42)]
    picture.fill(np.array([shapely.Polygon(half)], dtype=object), _INK)
    both = np.array([shapely.Polygon(half), shapely.Polygon(other)], dtype=object)
    picture.stroke(both, _INK, 1.4)
    picture.text("N", (x, top - 0.8 * letters), letters, _INK, 0.14 * letters)
