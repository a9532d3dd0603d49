"""How things look on paper: fills, hatches and symbols that survive a black-and-white copy."""

from __future__ import annotations

from dataclasses import dataclass

from lifecircle.model.status import AgeClass, Status
from lifecircle.outputs.office.colours import MAP_FILLS, MAP_LINES, NO_VERDICT_FILL, NO_VERDICT_LINE

__all__ = [
    "AGE_LOOKS",
    "DEFICIT_LOOKS",
    "NEIGHBOUR_LOOK",
    "NONE_MISSING",
    "NO_LOOK",
    "STATUS_LOOKS",
    "Look",
]


@dataclass(frozen=True, slots=True)
class Look:
    """Fill, outline and hatch of a surface; ``symbol`` (matplotlib's) stands for a small one.

    ``strength`` [0, 1] is how much the fill covers: what is in order stays pale, also in grey.

    The hatch and the symbol tell classes apart where colours do not.
    """

    fill: str
    line: str
    hatch: str = ""
    symbol: str = "o"
    width: float = 0.2
    strength: float = 0.85


def _status(
    status: Status, hatch: str, symbol: str, width: float = 0.2, strength: float = 0.85
) -> Look:
    return Look(MAP_FILLS[status], MAP_LINES[status], hatch, symbol, width, strength)


STATUS_LOOKS = {
    Status.COMPLIANT: _status(Status.COMPLIANT, "", "o", strength=0.55),
    Status.DEFICIENT: _status(Status.DEFICIENT, "////", "^", 0.35),
    Status.NOT_ASSESSED: _status(Status.NOT_ASSESSED, "....", "s"),
    Status.EXEMPT: _status(Status.EXEMPT, "xxx", "D"),
    Status.REPORTED: _status(Status.REPORTED, "---", "h"),
    Status.NOT_IN_FORCE: _status(Status.NOT_IN_FORCE, "|||", "p"),
    Status.NOT_APPLICABLE: _status(Status.NOT_APPLICABLE, "", "."),
}
"""Status → look; the legend names them in this order."""

NO_LOOK = Look(NO_VERDICT_FILL, NO_VERDICT_LINE, "", ".")
"""Of what the Assessment says nothing."""

NEIGHBOUR_LOOK = Look("#ece7d8", "#b7ae97", "", ".")
"""Of areas beyond the subject of a sheet, as on the sketches of field sheets: no verdict."""

AGE_LOOKS = {
    AgeClass.NEW: Look("#f3b562", "#7c5414", "", "o"),
    AgeClass.APPROVED: Look("#fdeccb", "#7c5414", "///", "s"),
    AgeClass.EXISTING: Look("#f7e7a6", "#857233", "", "D"),
    AgeClass.OLD: Look("#d8c48a", "#6d5b22", "....", "^"),
}
"""Age class → look, in the yellows of residential land."""

NONE_MISSING = Look("#d3e8e6", "#0b5c60", "", "o")
"""Of areas that miss nothing, on the sheet of what is missing: pale, so that the gaps show."""

DEFICIT_LOOKS = (
    Look("#fbdcc4", "#93330b", "//", "^"),
    Look("#f2a06f", "#93330b", "///", "^"),
    Look("#d9622b", "#6d2305", "////", "^"),
    Look("#8f3009", "#4b1602", "", "^"),
)
"""Classes of m² that are missing, the smallest first: darker is more."""
