"""Of which towns the rows show that they lie as they were read.

That no town is told to lie in another datum may mean that all lie right, or that nothing would show
it: rows that stay within their town wherever they are moved, and take along what stands near them.
A town is held where its rows would lie clearly worse in each other datum, moved all together or
those of one ledger alone. Of the others nobody knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.intake.doubts.suspicion import datums_but
from lifecircle.intake.doubts.towns.evidence import EXACTLY
from lifecircle.intake.doubts.weights import Held

if TYPE_CHECKING:
    from lifecircle.intake.doubts.towns.evidence import Evidence

__all__ = ["held"]

_HELD = 3.0
"""How much likelier (natural logarithm) rows lie as they were read than in another datum: twenty
times. A row that would leave its unit says 5.5."""


def held(evidence: Evidence) -> dict[str, Held]:
    """Return the towns of each ledger whose rows lie in no other datum than they were read in."""
    found = {name: Held() for name in evidence.ledgers}
    for code in evidence.codes:
        free = [one for one in _ways(evidence, code) if not _worse(evidence, code, *one)]
        for name, one in found.items():
            mine = [real for real, way in free if name in way]
            known = [evidence.crossing((code,), name, real) for real in mine]
            if known:
                one.come[code] = max(some[0] if some is not None else 0 for some in known)
            else:
                one.towns.add(code)
    return found


def _ways(evidence: Evidence, code: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return each datum in which a town's rows of some ledgers may be, and were not read."""
    ways = [
        (real, tuple(name for name in way if evidence.start[name] != real))
        for real in datums_but()
        for way in evidence.ways(code)
    ]
    return [*dict.fromkeys(one for one in ways if one[1])]


def _worse(evidence: Evidence, code: str, real: str, layers: tuple[str, ...]) -> bool:
    """Return whether a town's rows of some ledgers would lie clearly worse in a datum."""
    said = evidence.borders(code, real, layers, dict.fromkeys(layers, EXACTLY))
    said += evidence.company.gain(code, evidence.moves(real, 0.0), layers, roughly=True)
    return said <= -_HELD
