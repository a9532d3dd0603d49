"""What is the matter where it is open whose rooms are, so that only fitting remedies are asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.account.estates.names import Names
from lifecircle.counting.neighbourhood import without_place
from lifecircle.model.inputs.layers import REPEATS
from lifecircle.model.reason import Reason, ReasonCode

if TYPE_CHECKING:
    from lifecircle.model.tables import Tables

__all__ = ["cured_by"]


def cured_by(tables: Tables, reason: Reason) -> Reason:
    """Return why it is open whose rooms are, with what is the matter there and nothing else.

    That the name of the rooms fits all of the areas; that some of these lack a place; that they may
    be one estate on two rows.
    """
    if reason.code is not ReasonCode.NAME_UNCLEAR:
        return reason
    named = [one for one in reason.params["areas"] if one in tables.areas.index]
    areas, room = tables.areas.loc[named], reason.params["facility"]
    speaks = Names(areas).of(tables.facilities.loc[[room]])[room]
    again = areas[REPEATS].isin(named).sum() if REPEATS in areas else 0
    return reason.beside(
        {
            ReasonCode.NAME_FITS_ALL: len(named) if {*speaks} == {*named} and named[1:] else 0,
            ReasonCode.NAME_WITHOUT_PLACE: without_place(areas)[0].sum(),
            ReasonCode.NAME_ON_TWO_ROWS: again,
        }
    )
