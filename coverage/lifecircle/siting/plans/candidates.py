"""Where a study could build: its candidates, facilities to be enlarged or put back into use."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lifecircle.case.built import Built, with_built
from lifecircle.counting.eligibility import countable_m2, members, number_of
from lifecircle.errors import SitingError
from lifecircle.model.dictionary import group_of, kinds
from lifecircle.model.finding import meets
from lifecircle.model.results.siting_plan import SitingNote
from lifecircle.reach.areas.demand import positions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from lifecircle.case.bench import Bench
    from lifecircle.model.inputs.layers import Layer
    from lifecircle.model.inputs.study import Study
    from lifecircle.model.rules.options import Options
    from lifecircle.model.rules.rule import Rule

__all__ = [
    "YUAN",
    "Candidate",
    "Offered",
    "as_built",
    "candidates_of",
    "free_id",
    "kind_for",
    "with_candidates",
]

_BY_M2 = frozenset({"provision", "compliance_rate"})
_BACK_INTO_USE = ("idle", "misused")
_IDLE = "闲置"
_SMALLEST = ("day_care", "canteen", "happiness_home", "township_centre")
"""The least that serves each reach group: what is planned unless another kind is asked for."""
_ROOMS = "community_station"
"""What rooms for a quota are planned as."""
_BELOW_GROUND = re.compile(r"地下|负|夹层|basement|mezzanine|^\s*[-−]|\bB\d", re.IGNORECASE)
_MIXED = re.compile(r"工业|工矿|采矿|矿业|交通|industr|mining|transport", re.IGNORECASE)
YUAN = 10_000.0
"""A price is in 10,000 yuan, that of an m² in yuan."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One place where something could be built, enlarged or put back into use.

    Parameters
    ----------
    facility
        Id of its row in the facility layer once it is built.
    source, source_id
        As :class:`lifecircle.model.results.siting_plan.PlannedPlace` has them.
    kind
        Of a facility that exists, else None: what is asked for.
    floor_area_m2
        That it offers; of a facility to be enlarged, by how much. None: not known.
    standing_m2
        Countable m² that stand there already: of a facility to be enlarged or put back into use.
    price, per_m2
        10,000 yuan, and yuan for each m²; None: nothing is said.
    to_check
        What is not known of it and may rule it out.
    only
        Area that alone it may serve; None: any.
    """

    id: str
    facility: str
    source: str
    source_id: str | None
    name: str
    nature: str
    x: float
    y: float
    kind: str | None = None
    unit: str | None = None
    community: str | None = None
    floor_area_m2: float | None = None
    standing_m2: float = 0.0
    land_m2: float | None = None
    beds: float | None = None
    price: float | None = None
    per_m2: float | None = None
    to_check: tuple[str, ...] = ()
    only: str | None = None

    def cost(self, m2: float | None) -> float | None:
        """Return what so many m² cost there, 10,000 yuan; None where nothing is said of it."""
        if self.price is None and (self.per_m2 is None or m2 is None):
            return None
        return (self.price or 0.0) + (self.per_m2 or 0.0) * (m2 or 0.0) / YUAN


@dataclass(slots=True)
class Offered:
    """Candidates in the order of their ids, and what was left out and why."""

    candidates: tuple[Candidate, ...] = ()
    notes: list[SitingNote] = field(default_factory=list)

    def add(self, more: Iterable[Candidate]) -> None:
        """Offer more places."""
        self.candidates = tuple(sorted([*self.candidates, *more], key=lambda one: one.id))

    def note(self, code: str, ids: Iterable[str]) -> None:
        """Say something of some ids, if there are any."""
        if told := tuple(sorted(ids)):
            self.notes.append(SitingNote(code, told))


def kind_for(rule: Rule[Options], wanted: str | None = None) -> str:
    """Return the kind to plan for a clause: the wanted one, else the least that it counts.

    Raises
    ------
    SitingError
        The clause does not count the wanted kind.
    """
    if rule.measure in _BY_M2:
        known = tuple(one.key for one in kinds().values() if one.floor_area)
        least: tuple[str, ...] = (_ROOMS,)
    else:
        group, least = group_of(rule.kinds), _SMALLEST
        known = tuple(rule.kinds)
        if group is not None:
            known = tuple(one.key for one in kinds().values() if group in one.reach)
    if wanted is None:
        return next((one for one in least if one in known), known[0])
    if wanted not in known:
        raise SitingError("kind", kind=wanted, names=list(known))
    return wanted


def as_built(built: Iterable[Candidate], kind: str) -> list[Built]:
    """Return candidates as built, each as large as it offers."""
    return [
        Built(
            one.facility,
            one.nature,
            one.name,
            one.kind or kind,
            one.unit,
            one.community,
            one.floor_area_m2,
            one.x,
            one.y,
        )
        for one in built
    ]


def with_candidates(study: Study, built: Iterable[Candidate], kind: str) -> Layer:
    """Return the facility layer with candidates in use, each as large as it offers."""
    return with_built(study, as_built(built, kind))


def candidates_of(study: Study, bench: Bench, rule: Rule[Options]) -> Offered:
    """Return where a clause's facility could stand.

    Facilities that are idle or misused are candidates where their kinds are certainly the
    clause's; for quotas also where their m² are known, and those in use that offer more m².
    Left out, and told: what has no position, lies below ground, between floors or on land mixed
    with industry, mining or transport.
    """
    found = Offered()
    listed = list(_listed(study, found))
    unused = list(_unused(study, bench, rule, found))
    larger = list(_larger(study, bench, found)) if rule.measure in _BY_M2 else []
    found.add([*listed, *unused, *larger])
    return found


def free_id(wanted: str, taken: Iterable[str]) -> str:
    """Return an id that nothing has yet: a candidate may bear that of a facility."""
    known = set(taken)
    while wanted in known:
        wanted = f"{wanted}'"
    return wanted


def _listed(study: Study, found: Offered) -> Iterator[Candidate]:
    if study.candidates is None:
        return
    frame, xy = study.candidates.frame, positions(study.candidates)
    taken = set(study.facilities.frame.index)
    out: dict[str, list[str]] = {"no_position": [], "floor": [], "land_use": []}
    for (name, row), (x, y) in zip(frame.iterrows(), xy, strict=True):
        wrong = _unfit(row, x)
        if wrong is not None:
            out[wrong].append(str(name))
            continue
        own = free_id(str(name), taken)
        idle = _IDLE in str(_text(row, "type") or "") or _IDLE in str(row["name"])
        unknown = [code for code in ("floor", "land_use") if _text(row, code) is None]
        yield Candidate(
            id=own,
            facility=own,
            source="candidates",
            source_id=str(name),
            name=str(row["name"]),
            nature="convert" if idle else "new",
            x=float(x),
            y=float(y),
            unit=_text(row, "unit"),
            community=_text(row, "community"),
            floor_area_m2=_number(row, "floor_area_m2"),
            land_m2=_number(row, "land_area_m2"),
            beds=_number(row, "beds"),
            price=_number(row, "price"),
            per_m2=_number(row, "price_per_m2"),
            to_check=tuple(unknown),
        )
    for code, ids in out.items():
        found.note(code, ids)


def _unfit(row: pd.Series, x: float) -> str | None:
    """Return why nothing may be planned there, if so."""
    if np.isnan(x):
        return "no_position"
    if _BELOW_GROUND.search(_text(row, "floor") or ""):
        return "floor"
    return "land_use" if _MIXED.search(_text(row, "land_use") or "") else None


def _unused(study: Study, bench: Bench, rule: Rule[Options], found: Offered) -> Iterator[Candidate]:
    """Yield facilities that could be put back into use."""
    frame, xy = study.facilities.frame, positions(study.facilities)
    m2 = countable_m2(frame)
    if rule.measure in _BY_M2:
        mine = (m2["high"] > 0).to_numpy()
        known = mine & meets(m2["low"], "=", m2["high"])
    else:
        rows = bench.bare.facilities
        mine = (members(rows, bench.bare.reach_kinds[rule.reach_key]) == 1).to_numpy()
        known = mine
    unused = frame["stage"].isin(_BACK_INTO_USE).to_numpy() & mine
    placed = ~np.isnan(xy[:, 0])
    found.note("no_position", map(str, frame.index[unused & ~placed]))
    found.note("m2_unknown", map(str, frame.index[unused & placed & ~known]))
    for at in np.flatnonzero(unused & placed & known):
        row = frame.iloc[at]
        yield _of_facility(
            row,
            (str(frame.index[at]), "reuse", (float(xy[at, 0]), float(xy[at, 1]))),
            _number(row, "floor_area_m2"),
            float(m2["low"].iloc[at]),
        )


def _larger(study: Study, bench: Bench, found: Offered) -> Iterator[Candidate]:
    """Yield facilities in use that offer more m²; their own must be known."""
    frame, xy = study.facilities.frame, positions(study.facilities)
    if "extra_m2" not in frame or not (number_of(frame, "extra_m2") > 0).any():
        found.notes.append(SitingNote("nothing_to_enlarge", ()))
        return
    rows = bench.bare.facilities
    more = (number_of(frame, "extra_m2") > 0).to_numpy() & (rows["built"] == 1).to_numpy()
    sure = meets(rows["quota_m2_low"], "=", rows["quota_m2_high"]) & (rows["quota_m2_low"] > 0)
    known = np.asarray(sure) & ~np.isnan(xy[:, 0]) & _alone(frame)
    found.note("m2_unknown", map(str, frame.index[more & ~known]))
    for at in np.flatnonzero(more & known):
        row = frame.iloc[at]
        yield _of_facility(
            row,
            (str(frame.index[at]), "expand", (float(xy[at, 0]), float(xy[at, 1]))),
            _number(row, "extra_m2"),
            float(rows["quota_m2_low"].iloc[at]),
        )


def _alone(frame: pd.DataFrame) -> NDArray[np.bool_]:
    """Return whether each facility is the only row of its site: whose rooms grow is clear then."""
    if "site" not in frame:
        return np.ones(len(frame), dtype=bool)
    site = frame["site"].where(frame["site"].notna(), pd.Series(frame.index, frame.index))
    alone: NDArray[np.bool_] = ~site.duplicated(keep=False).to_numpy(dtype=bool)
    return alone


def _of_facility(
    row: pd.Series, whose: tuple[str, str, tuple[float, float]], offered: float | None, m2: float
) -> Candidate:
    name, nature, (x, y) = whose
    known = row["kinds"]
    return Candidate(
        id=name,
        facility=name,
        source="facilities",
        source_id=name,
        name=str(row["name"]),
        nature=nature,
        x=x,
        y=y,
        kind=min(known) if known else None,
        unit=_text(row, "unit"),
        community=_text(row, "community"),
        floor_area_m2=offered,
        standing_m2=m2,
        beds=_number(row, "beds"),
    )


def _text(row: pd.Series, column: str) -> str | None:
    value: Any = row.get(column)
    return None if value is None or pd.isna(value) or not str(value).strip() else str(value)


def _number(row: pd.Series, column: str) -> float | None:
    value: Any = row.get(column)
    return None if value is None or pd.isna(value) else float(value)
