"""Places that nobody listed: rooms on the plots of areas that are short."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lifecircle.counting.eligibility import number_of
from lifecircle.model.finding import meets
from lifecircle.siting.plans.candidates import Candidate, free_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lifecircle.case.bench import Bench
    from lifecircle.model.inputs.study import Study

__all__ = ["own_plots"]


def own_plots(bench: Bench, areas: Iterable[str]) -> Iterator[Candidate]:
    """Yield rooms of an area's own, for that area alone: by enlarging what it has, else new ones.

    New rooms stand at the representative point; without one there are none. Nobody has said how
    much room there is, nor whether there is any: that is to be checked. A place of which the ledger
    says by how much it could be enlarged is left to that.
    """
    study, table = bench.case.study, bench.bare.areas
    taken = set(study.facilities.frame.index)
    if study.candidates is not None:
        taken |= set(map(str, study.candidates.frame.index))
    large = _enlargeable(bench)
    for area in areas:
        row = table.loc[area]
        if area in large:
            yield _enlarged(study, area, *large[area])
        elif np.isfinite(row["x"]):
            name = free_id(f"N-{area}", taken)
            yield Candidate(
                id=name,
                facility=name,
                source="residential",
                source_id=str(area),
                name=str(row["name"]),
                nature="new",
                x=float(row["x"]),
                y=float(row["y"]),
                unit=_text(row.get("unit")),
                community=_text(row.get("community")),
                to_check=("plot",),
                only=str(area),
            )


def _enlargeable(bench: Bench) -> dict[str, tuple[str, float]]:
    """Return area → its largest own place of known m² and position, one row of the ledger."""
    facts, places = bench.bare.facilities, bench.prepared.places
    if not len(places):
        return {}
    told = number_of(facts, "extra_m2").notna()
    known = meets(facts["quota_m2_low"], "=", facts["quota_m2_high"]) & (facts["quota_m2_low"] > 0)
    known &= facts["x"].notna() & (facts["built"] == 1) & ~told
    site = facts["site"].where(facts["site"].notna(), facts.index.to_series())
    known &= ~site.duplicated(keep=False)
    mine = places[places["sure"] & places["facility"].isin(facts.index[known])]
    mine = mine.sort_values(["m2_low", "facility"], ascending=[False, True], kind="stable")
    mine = mine.drop_duplicates("residential")
    return {
        str(area): (str(facility), float(m2))
        for area, facility, m2 in mine[["residential", "facility", "m2_low"]].to_numpy()
    }


def _enlarged(study: Study, area: str, facility: str, m2: float) -> Candidate:
    row = study.facilities.frame.loc[facility]
    spot = study.facilities.frame.geometry[facility].representative_point()
    kinds = row["kinds"]
    return Candidate(
        id=facility,
        facility=facility,
        source="facilities",
        source_id=facility,
        name=str(row["name"]),
        nature="expand",
        x=float(spot.x),
        y=float(spot.y),
        kind=min(kinds) if kinds else None,
        unit=_text(row["unit"]),
        community=_text(row["community"]),
        standing_m2=m2,
        to_check=("plot",),
        only=str(area),
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
