"""Earlier names: what a facility was called when a document named it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from lifecircle.intake.joins.references import IdIndex

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lifecircle.model.inputs.layers import Layer

__all__ = ["once_called"]


def once_called(facilities: Layer, aliases: Mapping[str, str]) -> Layer:
    """Return the facilities with the study's names for them among their earlier names.

    ``aliases``: name as written elsewhere (a document, say) → id or name of the row; one that
    means no row changes nothing.
    """
    names = IdIndex(facilities.frame)
    found = [(names.find(meant), name) for name, meant in aliases.items()]
    if not any(key for key, _ in found):
        return facilities
    frame = facilities.frame.copy()
    for key, name in found:
        if key is not None:
            before = frame.at[key, "former_name"]
            frame.at[key, "former_name"] = f"{before}、{name}" if before else name
    return dataclasses.replace(facilities, frame=frame)
