"""Does a layer lie in another datum? Asked row by row, of rows that say where they belong.

A row that bears the code of a unit, or names its area, either lies there as it was read or does
not; and either does or does not if its layer is really in another datum. What is weighed are the
rows that tell the two apart: those that fit only under the other datum, against those that fit
only as they are. 66 to none decides, however few rows the shift moves over a border; a clean layer
has none of the first and many of the second, and so has one that was put right. A ledger put
together from several sources has many of both: then each row is one or the other.

Each of these is a model of the rows (``models``), and the one under which they are most likely is
told, if it is far more likely than that nothing is wrong, and than shifts in other directions are.
All layers are asked together first: a disagreement of two is explained by moving the fewest, tables
of typed positions before files that bear their own system.

Rows that stay within their unit when moved say nothing so. What they say by the places around them
is asked beside (``crowd``), of the ledgers of homes and facilities.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.intake.doubts.ledgers import Ledgers
from lifecircle.intake.doubts.suspicion import Shifts
from lifecircle.intake.doubts.towns.asked import final
from lifecircle.intake.doubts.weights import Mixture, Paired, Weight

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lifecircle.intake.doubts.crowd import Crowd
    from lifecircle.intake.doubts.links import Link

__all__ = ["Mixture", "Paired", "found_of", "paired"]


def paired(
    links: Sequence[Link],
    declared: Mapping[str, str],
    crs: str,
    typed: Iterable[str],
    sure: Iterable[str] = (),
    crowd: Crowd | None = None,
) -> Paired:
    """Return the layers whose rows lie as another datum would.

    Parameters
    ----------
    links
        The rows that say where they belong.
    declared
        Layer → datum it was read in (``datum.DATUMS``).
    crs
        The study's CRS.
    typed
        Layers whose datum a person typed: they are the sooner wrong.
    sure
        Layers that agree with streets whose datum is beyond doubt: they are not moved.
    crowd
        The places of the ledgers of homes and facilities: how they stand together.
    """
    test = Ledgers(links, declared, Shifts(crs), frozenset(typed), frozenset(sure), crowd)
    if not test.layers:
        return Paired()
    found, asked = found_of(test)
    whole = {name: one.datum for name, one in found.items() if not one.mixed}
    right = {name: whole.get(name, read) for name, read in test.read.items()}
    agreed = tuple(
        (link.layer, link.other)
        for at, link in enumerate(test.links)
        if not {link.layer, link.other} & found.keys() and test.agree(at, right)
    )
    mixed = [one for some in (found, asked) for one in some.items() if one[1].mixed]
    return Paired(
        tuple(test.suspicion(name, one) for name, one in found.items() if not one.mixed),
        tuple(test.mixture(*one, right) for one in mixed),
        agreed,
        test.off,
        test.held(found, asked),
    )


def found_of(test: Ledgers) -> tuple[dict[str, Weight], dict[str, Weight]]:
    """Return the layers that are not as they were read, and how they are; and those that may be."""
    known, found, asked = test.explained(), dict[str, Weight](), dict[str, Weight]()
    # what one layer has, another has the sooner; what the places around say, once those are told
    for alone in (False, True, True):
        for name in test.layers:
            beside = {one.datum for other, one in found.items() if other != name}
            one = test.weighed(name, known, beside, found, alone=alone)
            found.pop(name, None)
            asked.pop(name, None)
            if one is not None and not one.sure:
                asked[name] = one  # no ground to think the same of another layer
            elif one is not None:
                found[name] = one
                known = {**known, name: test.read[name] if one.mixed else one.datum}
        known = {
            name: read if name not in found or found[name].mixed else found[name].datum
            for name, read in test.read.items()
        }
    found |= test.both(known, found, asked)
    return final(found, asked, test.towns(known, found))
