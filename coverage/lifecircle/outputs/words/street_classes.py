"""How wide a street is drawn: the classes of its highway value."""

from __future__ import annotations

__all__ = ["STREET_CLASSES", "street_class"]

STREET_CLASSES = {
    "major": ("motorway", "trunk", "primary", "secondary"),
    "middle": ("tertiary",),
    "minor": (),
    "path": ("footway", "path", "steps", "cycleway", "bridleway", "track", "corridor", "crossing"),
}
"""How wide a highway value is drawn; any other is ``minor``."""


def street_class(highway: str) -> str:
    """Return the class of a highway value, links like the road they lead to."""
    plain = highway.removesuffix("_link")
    return next((name for name, values in STREET_CLASSES.items() if plain in values), "minor")
