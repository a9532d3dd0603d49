"""Explain: one area from its inputs through the readings to every verdict, step by step."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from lifecircle.errors import UnknownNameError, nearest_name
from lifecircle.model.dictionary import fold, group_of
from lifecircle.model.finding import meets
from lifecircle.model.problem import LOST, lost_cells, unread_remarks
from lifecircle.model.reach import LEGS
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.status import AgeClass, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pandas as pd

    from lifecircle.model.problem import Problem
    from lifecircle.model.results.assessment import Assessment, ClauseResult

__all__ = ["ClauseStory", "Explanation", "Step", "explain"]

_FACTS = (
    "unit",
    "community",
    "age_class",
    "setting",
    "stage",
    "households",
    "population",
    "elders",
)


_COUNTED = {
    "own": ("own",),
    "recorded": ("own", "recorded"),
    "allocated": ("own", "recorded", "suggested"),
}
"""Choice of reading A3 → bases of an allocation that count."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of arithmetic: a code of the texts' domain ``explain`` and its numbers."""

    code: str
    params: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ClauseStory:
    """One clause for this area: its result, the arithmetic that led there, and the verdict."""

    result: ClauseResult
    finding: pd.Series
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """Everything that is known of one area.

    ``unread``: those of the facts that are written and not used, each with the problem that says
    what stands there; None where it stands under a header that nobody has named. ``remarks``: layer
    → id → what the area, its phases, and the facilities counted, nearest or named remark of
    themselves and nothing has understood: no verdict goes by it.
    """

    id: str
    name: str
    facts: dict[str, Any]
    reach: pd.DataFrame
    stories: tuple[ClauseStory, ...]
    unread: Mapping[str, Problem | None] = field(default_factory=dict)
    remarks: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def explain(assessment: Assessment, area: str) -> Explanation:
    """Explain one residential area, named by id or by its exact or only matching name.

    Raises
    ------
    UnknownNameError
        No area, or more than one, is called that.
    """
    layer = assessment.layers["residential"]
    found = _find(layer, area)
    row = layer.loc[found]
    findings = assessment.findings
    mine = findings[(findings["layer"] == "residential") & (findings["id"] == found)]
    stories = tuple(
        ClauseStory(result, finding, _steps(assessment, row, finding, result, found))
        for _, finding in mine.iterrows()
        for result in [assessment.clause(finding["clause"], finding["standard"])]
    )
    reach = assessment.reach[assessment.reach["residential"] == found]
    codes = {reason.code for reason in mine["reason"] if isinstance(reason, Reason)}
    unread: dict[str, Problem | None] = {}
    if ReasonCode.STAGE_UNREAD in codes:
        unread["stage"] = None
    for problem in lost_cells(assessment.problems, "residential").get(found, ()):
        unread |= {name: problem for name in problem.params[LOST] if name in _FACTS}
    facts = {k: row[k] for k in _FACTS}
    remarks = _remarks(assessment, found, reach, stories)
    return Explanation(found, str(row["name"]), facts, reach, stories, unread, remarks)


def _remarks(
    assessment: Assessment, area: str, reach: pd.DataFrame, stories: Iterable[ClauseStory]
) -> dict[str, dict[str, str]]:
    """Return what nobody understood of the rows that stand behind an area's verdicts."""
    areas = assessment.layers["residential"]
    lead = areas.at[area, "counted_with"]
    lead = lead if isinstance(lead, str) else area
    phases = areas.index[(areas.index == lead) | (areas["counted_with"] == lead)]
    near = reach.reindex(columns=["radius_facility", "walk_facility"])  # of no facility, none
    named = {*near["radius_facility"], *near["walk_facility"]}
    given = assessment.allocation
    named |= set(given.loc[given["residential"].isin([area, lead]), "facility"])
    for one in stories:
        named |= {step.params.get("facility") for step in one.steps}
        if isinstance(one.finding["reason"], Reason):
            named |= set(_named_in(one.finding["reason"].to_json()))
    of = {"residential": {area, *phases}, "facilities": named}
    left = {name: unread_remarks(assessment.problems, name) for name in of}
    return {
        name: {row: text for row, text in left[name].items() if row in rows}
        for name, rows in of.items()
    }


def _named_in(told: object) -> Iterator[str]:
    """Yield every text in a reason and its notes, the ids of facilities among them."""
    if isinstance(told, str):
        yield told
    elif isinstance(told, dict | list | tuple):
        for one in told.values() if isinstance(told, dict) else told:
            yield from _named_in(one)


def _one_off(name: str, area: str) -> bool:
    """Return whether one character is another: half of a name of two, which is little alike."""
    return len(name) == len(area) > 1 and sum(map(str.__ne__, name, area)) == 1


def _find(layer: pd.DataFrame, area: str) -> str:
    if area in layer.index:
        return area
    folded = layer["name"].map(fold)
    for hit in (folded == fold(area), folded.str.contains(fold(area), regex=False)):
        if hit.sum() == 1:
            return str(layer.index[hit][0])
        if hit.sum() > 1:
            break
    else:
        hit = folded.map(lambda name: bool(nearest_name(name, [fold(area)])))
        if not hit.any():
            hit = folded.map(lambda name: _one_off(name, fold(area)))
    near = [f"{name}（{i}）" for i, name in layer["name"][hit].items()]
    raise UnknownNameError("residential area", area, near)


def _steps(
    assessment: Assessment, row: pd.Series, finding: pd.Series, result: ClauseResult, area: str
) -> tuple[Step, ...]:
    if finding["status"] in {Status.NOT_APPLICABLE, Status.EXEMPT}:
        return ()
    steps: tuple[Step, ...] = ()
    if result.measure == "provision":
        steps = _provision_steps(assessment, row, finding, result, area)
    if result.measure == "walk":
        steps = _walk_steps(assessment, result, area)
    named = [step.params.get("facility") for step in steps]
    if result.measure in {"radius", "walk"}:
        mine = _reach_of(assessment, result, area)
        named += mine[f"{result.measure}_facility"].tolist()
    return (*steps, *_by_site(assessment, named))


def _reach_of(assessment: Assessment, result: ClauseResult, area: str) -> pd.DataFrame:
    """Return the row of the group that a clause on reach judges; none where it is not there."""
    table, group = assessment.reach, group_of(result.kinds) or result.id
    return table[(table["residential"] == area) & (table["reach_group"] == group)]


def _by_site(assessment: Assessment, named: Iterable[object]) -> Iterator[Step]:
    """Yield which of some facilities stand where the other rows of their sites do."""
    layer = assessment.layers["facilities"]
    for facility in dict.fromkeys(named):
        if facility in layer.index and isinstance(layer.at[facility, "position_of"], str):
            params = {"facility": facility, "site": layer.at[facility, "site"]}
            yield Step("position_of_site", params)


def _walk_steps(assessment: Assessment, result: ClauseResult, area: str) -> tuple[Step, ...]:
    """Return the legs of the walk that a clause judges; nothing where no walk is known."""
    mine = _reach_of(assessment, result, area)
    names = [*LEGS, "walk_m"]
    if mine.empty or not np.isfinite(mine.iloc[0][names].astype(float)).all():
        return ()
    legs = {name: float(mine.iloc[0][name]) for name in names}
    if meets(legs["access_m"], ">=", legs["walk_m"]):  # straight there, inside the area
        return (Step("walk_direct", {"walk_m": legs["walk_m"]}),)
    return (Step("walk_legs", legs),)


def _provision_steps(
    assessment: Assessment, row: pd.Series, finding: pd.Series, result: ClauseResult, area: str
) -> tuple[Step, ...]:
    """Return the requirement, what counts, its sum, and what is beside it.

    The rows before the sum add up to it (to its lower end where it is a range); phases of one
    project have one account, that of the leading phase.
    """
    lead = row["counted_with"] if isinstance(row["counted_with"], str) else area
    layer = assessment.layers["residential"]
    phases = layer[(layer.index == lead) | (layer["counted_with"] == lead)]
    phases = phases[~phases.index.isin(_let_off(assessment, result))]
    steps = [] if np.isnan(finding["required"]) else _asked(assessment, phases, finding, result)
    given = assessment.allocation
    given = given[
        (given["residential"] == lead)
        & (given["clause"] == result.id)
        & (given["standard"] == result.standard)
    ]
    taken = result.reading.get("A3", "recorded")
    counts = given["basis"].isin(_COUNTED[taken])
    steps += _credits(given[counts], taken)
    return (*steps, *_balance(finding), *_credits(given[~counts], taken))


def _asked(
    assessment: Assessment, phases: pd.DataFrame, finding: pd.Series, result: ClauseResult
) -> list[Step]:
    """Return how the requirement comes about: by households, or by people (A9), where it does so.

    Residents say nothing of new areas; who is planned for stands in no layer, so that a
    requirement that neither they nor the dwellings make has its figures alone.
    """
    homes, people = (phases[n].astype(float) for n in ("households", "population"))
    households, rate = float(homes.sum(skipna=False)), result.target or 0.0
    base = {"rate": result.target, "required": finding["required"]}
    ceil = "_ceil" if result.reading.get("A5") == "ceil" else ""
    built = phases["age_class"].isin([AgeClass.EXISTING, AgeClass.OLD]).all()
    if result.unit == "m2/100hh":
        code = _by_homes(households * rate / 100.0, finding["required"], ceil, built=built)
        return [Step(code, {"households": households, **base})]
    if result.unit != "m2/1000p":
        return []
    typed = {one.name: one.value for one in assessment.parameters}.get("persons_per_household")
    persons = float(typed) if isinstance(typed, int | float) else np.nan
    residents = float(people.fillna(homes * persons).sum(skipna=False))
    told = [
        ("requirement_people", residents, built and not people.isna().all()),
        ("requirement_persons", households * persons, not built or people.isna().all()),
    ]
    for code, whole, fits in told:
        if fits and np.isclose(whole * rate / 1000.0, finding["required"]):
            by_homes = {"households": households, "persons": persons}
            more = by_homes if code == "requirement_persons" else {}
            return [Step(code, {**more, "people": whole, **base})]
    return [Step(f"requirement_people_set{ceil}", base)]


def _by_homes(asked: float, required: float, ceil: str, *, built: bool) -> str:
    """Return how a requirement is told of which the households alone ask ``asked``."""
    if np.isclose(asked, required):
        return "requirement"
    # of what stands nothing but the planning conditions asks for less
    less = built and bool(meets(required, "<", asked))
    return "requirement_typed" if less else f"requirement_set{ceil}"


def _balance(finding: pd.Series) -> tuple[Step, ...]:
    """Return what counts beside what is asked: more may stand there (A8).

    A requirement that is a range or not known stands in the reason, not here a second time.
    """
    low, high = finding["low"], finding["high"]
    asked = {} if np.isnan(finding["required"]) else {"required": finding["required"]}
    alone = "" if asked else "_alone"
    if low == high:
        return (Step(f"balance{alone}", {"provided": low, **asked}),)
    if np.isinf(high):
        return (Step(f"balance_unbounded{alone}", {"low": low, **asked}),)
    if np.isnan(low):
        return ()
    return (Step(f"balance_open{alone}", {"low": low, "high": high, **asked}),)


def _let_off(assessment: Assessment, result: ClauseResult) -> set[str]:
    """Return the areas exempt from a clause: their households are in nobody's requirement."""
    rows = assessment.findings
    mine = (rows["standard"] == result.standard) & (rows["clause"] == result.id)
    return set(rows.loc[mine & (rows["status"] == Status.EXEMPT), "id"])


def _credits(given: pd.DataFrame, taken: str) -> list[Step]:
    """Return who gives how much, and by a code of its own where a reading counts it otherwise.

    Of what could be arranged how far off it is, too: nobody has agreed to it yet.
    """
    otherwise = {("own", "recorded"): "_aside", ("allocated", "suggested"): "_counted"}
    columns = (given[name] for name in ("facility", "m2", "basis", "distance_m"))
    return [
        Step(
            f"credit_{basis}{otherwise.get((taken, basis), '')}",
            {"facility": facility, "m2": m2}
            | ({"distance_m": metres} if basis == "suggested" else {}),
        )
        for facility, m2, basis, metres in zip(*columns, strict=True)
    ]
