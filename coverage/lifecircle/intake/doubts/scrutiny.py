"""What a study's layers say about each other that can hardly be right; nothing is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lifecircle.intake.doubts.overlaps import check_outlines
from lifecircle.intake.doubts.plausibility import (
    astray,
    elsewhere,
    outside,
    repeated,
)
from lifecircle.intake.positions.decimals import rounded_beside_fine
from lifecircle.model.dictionary import kinds, unread
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lifecircle.intake.joins.units import UnitIndex
    from lifecircle.intake.layers import Settled
    from lifecircle.intake.ledger.rows import Ledger
    from lifecircle.model.inputs.layers import Layer

__all__ = ["canteens_alone", "scrutinise"]

_CANTEENS_SHOWN = 20
_NAMED = ("residential", "facilities", "candidates")


def scrutinise(
    settled: Mapping[str, Settled], layers: Mapping[str, Layer], unit_index: UnitIndex
) -> tuple[Problem, ...]:
    """Return the warnings on places: outlines that overlap, places outside or entered twice.

    Parameters
    ----------
    settled
        Layer name → its rows and shapes in projected metres.
    layers
        The layers made of them, with units and communities as codes.
    unit_index
        The units; without polygons nothing is outside.
    """
    problems: list[Problem] = []
    areas = settled["residential"].shapes
    territories = np.array(list(unit_index.territories().values()), dtype=object)
    whole = unit_index.outlined or not unit_index.unlisted()
    problems += check_outlines(settled["residential"].ledger, areas)
    for name in _NAMED:
        if name not in settled:
            continue
        ledger, shapes = settled[name].ledger, settled[name].shapes
        # A place in a town that the list lacks is in none of the others.
        beyond = outside(ledger, shapes, territories) if whole else ()
        # What is outside the county is far from everything too: said once.
        said = {problem.row for problem in beyond}
        problems += beyond
        problems += (p for p in astray(ledger, shapes, areas) if p.row not in said)
        problems += (
            p
            for p in elsewhere(ledger, layers[name].frame, shapes, unit_index)
            if p.row not in said
        )
        problems += repeated(ledger, shapes)
    for name in (*_NAMED, "gates"):
        if name in settled:
            fine = settled["residential"].ledger
            problems += rounded_beside_fine(settled[name].ledger, fine)
    return tuple(problems)


def canteens_alone(facilities: Ledger) -> tuple[Problem, ...]:
    """Return one note on the rows that reach nobody because their day service is blank.

    They are those of kinds that reach a group only where a service is typed, and none other of
    their kinds reaches it anyway. A word that cannot be read is told by itself.
    """
    specs, frame = kinds(), facilities.frame
    alone = []
    for own, service, odd in zip(
        frame["kinds"], frame["day_service"], frame[unread("day_service")], strict=True
    ):
        mine = [specs[kind] for kind in own or ()]
        asked = {group for kind in mine for group in kind.reach_if_typed}
        met = {group for kind in mine for group in kind.reach | kind.reach_with_service}
        more = any(kind.serves for kind in mine)
        alone.append(service is None and not odd and not more and bool(asked - met))
    names = [name for name, lone in zip(frame["name"], alone, strict=True) if lone]
    if not names:
        return ()
    return (
        facilities.raw.problem(
            ProblemCode.CANTEENS_ALONE,
            Severity.INFO,
            header=facilities.headers.get("day_service"),
            count=len(names),
            names=names[:_CANTEENS_SHOWN],
        ),
    )
