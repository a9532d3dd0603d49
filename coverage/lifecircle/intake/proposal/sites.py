"""Sites of planned rooms: one place, several, or what stands in the ledger under their id (A8)."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from typing import TYPE_CHECKING

from lifecircle.intake.bonds_written import with_site_parts
from lifecircle.intake.ledger.numbering import one_spelling
from lifecircle.intake.ledger.rows import texts
from lifecircle.model.finding import meets
from lifecircle.model.problem import Problem, ProblemCode, Severity
from lifecircle.model.sites import ONE_YARD_M, SITE_PART

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import shapely

    from lifecircle.intake.layers import Settled
    from lifecircle.model.inputs.study import Study

__all__ = ["with_sites"]


def with_sites(
    planned: Settled,
    around: Sequence[shapely.Geometry | None],
    study: Study,
    removes: Sequence[str],
) -> tuple[Settled, list[Problem]]:
    """Return planned rooms whose sites are places of their own, or those of the study they extend.

    An id that the study has, of a site or a facility without one, is that place where the rooms
    stand within :data:`ONE_YARD_M` of it by their own coordinates, and perhaps where they have
    none and their plot does, or where nobody knows where it is. Farther off it is another place.

    Parameters
    ----------
    planned
        The rooms with a position each.
    around
        Where each stands by its own coordinates, else its plot; None where there is neither.
    removes
        Facilities of the study that the plan pulls down.
    """
    ledger, found = with_site_parts(planned.ledger, planned.shapes)
    problems, frame = list(found), ledger.frame
    sites = frame["site"].tolist()
    parts = frame[SITE_PART].tolist() if SITE_PART in frame else [None] * len(frame)
    standing = _standing(study, removes)
    for spelled, mine in _of_both(sites, standing):
        there = standing[spelled]
        away = there.away([around[row] for row in mine])
        told = {"names": list(there.names), "limit_m": ONE_YARD_M}
        code = ProblemCode.SITE_STANDING
        if meets(away, ">", ONE_YARD_M):
            code, told["distance_m"] = ProblemCode.SITE_ELSEWHERE, round(away)
        if there.typed or code is ProblemCode.SITE_STANDING:
            problems.append(ledger.problem(code, Severity.WARNING, mine[0], "site", **told))
        for row in mine:
            if code is ProblemCode.SITE_ELSEWHERE:
                sites[row] = f"new:{sites[row]}"
            elif not (there.typed and parts[row] is None and there.has(around[row])):
                parts[row] = f"new:{parts[row] or there.site}"
                sites[row] = there.site
            else:
                sites[row] = there.site
    frame = frame.assign(site=texts(sites, frame.index))
    if any(part is not None for part in parts):
        frame = frame.assign(**{SITE_PART: texts(parts, frame.index)})
    return dataclasses.replace(planned, ledger=dataclasses.replace(ledger, frame=frame)), problems


def _of_both(
    sites: Sequence[object], standing: Mapping[str, _Place]
) -> Iterator[tuple[str, list[int]]]:
    """Yield the ids that the study has too, as they are compared, and the planned rows of each."""
    rows: dict[str, list[int]] = defaultdict(list)
    for row, site in enumerate(sites):
        if isinstance(site, str):
            rows[one_spelling(site)].append(row)
    yield from ((spelled, mine) for spelled, mine in rows.items() if spelled in standing)


@dataclasses.dataclass(frozen=True, slots=True)
class _Place:
    """A place of the study: its id, whether that is typed as a site, its rows' names and shapes."""

    site: str
    typed: bool
    names: Sequence[str]
    shapes: Sequence[shapely.Geometry]

    def away(self, rooms: Sequence[shapely.Geometry | None]) -> float:
        """Return how far the nearest of some rooms is, metres; 0 where nobody knows."""
        known = [room for room in rooms if room is not None]
        return min(
            (float(room.distance(one)) for room in known for one in self.shapes), default=0.0
        )

    def has(self, room: shapely.Geometry | None) -> bool:
        """Return whether a room stands here for certain: by its own coordinates, near enough."""
        if room is None or room.geom_type != "Point" or not self.shapes:
            return False
        return bool(meets(self.away([room]), "<=", ONE_YARD_M))


def _standing(study: Study, removes: Sequence[str]) -> Mapping[str, _Place]:
    """Return, by the spelling of its id, every place of the study: a site, else a facility."""
    frame = study.facilities.frame.drop(index=list(removes))
    rows: dict[tuple[str, bool], list[int]] = defaultdict(list)
    labels = dict[str, str]()
    for row, (key, site) in enumerate(zip(frame.index, frame["site"], strict=True)):
        label, typed = (site, True) if isinstance(site, str) else (str(key), False)
        spelled = one_spelling(label)
        rows[spelled, typed].append(row)
        labels.setdefault(f"{spelled}{typed}", label)
    names, shapes = frame["name"].tolist(), frame.geometry.tolist()
    return {
        spelled: _Place(
            labels[f"{spelled}{typed}"],
            typed,
            [str(names[row]) for row in mine],
            [shapes[row] for row in mine if shapes[row] is not None],
        )
        for (spelled, typed), mine in sorted(rows.items(), key=lambda one: one[0])
    }
