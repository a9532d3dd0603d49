"""A case: one study under one stage view, its ground prepared and its reach ready to be asked."""

from __future__ import annotations

import dataclasses
import functools
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from lifecircle.case.ground import Ground, prepare_ground
from lifecircle.counting.clause_ids import key_parts
from lifecircle.errors import StandardError
from lifecircle.judge.exemptions import exemptions_under
from lifecircle.model.status import StageView
from lifecircle.reach.areas.demand import positions
from lifecircle.reach.context import moved_facilities, prepare_reach
from lifecircle.reach.rounded import rounding
from lifecircle.standards import library, read_standard

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from lifecircle.model.inputs.layers import Layer
    from lifecircle.model.inputs.study import Study
    from lifecircle.model.rules.clause import Standard
    from lifecircle.model.rules.rule import Rules
    from lifecircle.reach.context import ReachContext
    from lifecircle.reach.rounded import Rounding

__all__ = ["Case", "Plots", "exemptions_of", "open_case"]


@dataclass(frozen=True, slots=True)
class Plots:
    """The plots of a proposal, and what it plans.

    A project provides what it plans. What stands on its land or beside it is another's, however
    large the plot is drawn (A39 gives by position only where nobody says whose rooms they are).
    """

    residential: frozenset[str]
    facilities: frozenset[str]

    def without_strangers(self, near: pd.DataFrame) -> pd.DataFrame:
        """Return pairs of facility and area with nobody near a plot but what is planned there."""
        stranger = ~near["facility"].isin(self.facilities)
        plot = near["residential"].isin(self.residential)
        return near.assign(to_area_m=near["to_area_m"].mask(stranger & plot, np.inf))


@dataclass(frozen=True, eq=False)
class Case:
    """One study, ready to be judged. It never changes, and can be pickled.

    Parameters
    ----------
    given
        The study as it was handed in.
    ground
        The same with its gates found and its streets joined.
    view
        ``now`` or ``plan`` (A17).
    walked
        Whether the streets are asked; without them there is the straight line only.
    plots
        Of a proposal that has joined the study.
    former
        The case that this one differs from in its facilities alone, if any: what is prepared of
        streets and areas is taken from it.
    """

    given: Study
    ground: Ground
    view: StageView
    walked: bool = True
    plots: Plots | None = None
    former: Case | None = field(default=None, repr=False)
    _exempt: dict[int, tuple[Standard, pd.DataFrame]] = field(default_factory=dict, repr=False)

    @property
    def study(self) -> Study:
        """The study with its gates and its joined streets."""
        return self.ground.study

    @property
    def day(self) -> dt.date:
        """The day on which it is judged."""
        return self.given.as_of

    @cached_property
    def centre(self) -> NDArray[np.float64]:
        """Representative point of every area, (areas, 2), metres; NaN: place unknown."""
        # a change of this case leaves areas where they are
        return positions(self.study.residential) if self.former is None else self.former.centre

    @cached_property
    def facility_xy(self) -> NDArray[np.float64]:
        """Where every facility stands, (facilities, 2), metres; NaN: place unknown."""
        former = self.former
        if former is not None and former.study.facilities is self.study.facilities:
            return former.facility_xy
        return positions(self.study.facilities)

    @cached_property
    def rounding(self) -> Rounding | None:
        """How far off the places of areas, facilities and gates may be; None: none is rounded."""
        return rounding(self.study.residential, self.study.facilities, self.ground.perhaps_passed)

    @cached_property
    def prepared(self) -> object:
        """What stands for streets, areas and gates as prepared: the same object, the same reach."""
        return object() if self.former is None else self.former.prepared

    @cached_property
    def context(self) -> ReachContext:
        """Demand points, network and positions, prepared when a walk or radius is asked."""
        study = self.study
        if self.former is not None:
            context = dataclasses.replace(self.former.context, residential=study.residential)
            return moved_facilities(context, study.facilities)
        if not self.walked:
            return prepare_reach(study.residential, study.facilities, study.parameters)
        return prepare_reach(
            study.residential,
            study.facilities,
            study.parameters,
            streets=study.streets,
            gates=self.ground.gates,
            gate_doubt=self.ground.gate_doubt,
            buildings=study.buildings,
            travel=study.travel,
        )

    def exemptions(self, rules: Rules) -> pd.DataFrame:
        """Return the study's exemptions from the clauses of a document, read once a document."""
        standard = rules.standard
        if id(standard) not in self._exempt:
            self._exempt[id(standard)] = standard, exemptions_of(self.given, rules)
        return self._exempt[id(standard)][1]

    def __getstate__(self) -> dict[str, Any]:
        state = {name: value for name, value in self.__dict__.items() if name != "prepared"}
        state["_exempt"] = {}  # found by what objects are here
        if self.former is not None:  # what is sent stands alone
            state |= {"context": self.context, "former": None}
        return state

    def changed(
        self,
        *,
        facilities: Layer | None = None,
        areas: Layer | None = None,
        sharing: pd.DataFrame | None = None,
        likely: pd.DataFrame | None = None,
        readings: Mapping[str, str] | None = None,
        plots: Plots | None = None,
        candidates: Layer | None = None,
        banners: tuple[str, ...] | None = None,
    ) -> Case:
        """Return the case of the study with other layers, records or readings.

        Only what the change can touch is prepared anew: for readings and attributes nothing, for
        other facilities their positions on the streets, for other places of areas everything.
        """
        taken = None if readings is None else {**self.given.readings, **readings}
        asked = {
            "facilities": facilities,
            "residential": areas,
            "sharing": sharing,
            "likely": likely,
            "readings": taken,
            "candidates": candidates,
            "banners": banners,
        }
        change: dict[str, Any] = {name: new for name, new in asked.items() if new is not None}
        if plots is not None:  # exemptions are of what stands: a plot has none by its id
            listed = self.given.exemptions
            change["exemptions"] = listed[~listed["id"].isin(plots.residential | plots.facilities)]
        given = dataclasses.replace(self.given, **change)
        if areas is not None and not _same_places(areas, self.given.residential):
            return dataclasses.replace(open_case(given, self.view, walked=self.walked), plots=plots)
        study = dataclasses.replace(self.ground.study, **change)
        return Case(
            given,
            dataclasses.replace(self.ground, study=study),
            self.view,
            walked=self.walked,
            plots=plots or self.plots,
            former=self._foremost(),
            _exempt=self._exempt if given.exemptions is self.given.exemptions else {},
        )

    def _foremost(self) -> Case:
        """Return the case that all changes of it go back to, so that none keeps a chain."""
        return self if self.former is None else self.former


def open_case(study: Study, view: StageView | str = StageView.NOW, *, walked: bool = True) -> Case:
    """Return the case of a study: gates found, gaps joined.

    ``walked = False`` leaves the streets aside, for what no walk is asked of.
    """
    ground = prepare_ground(study) if walked else Ground(study, None, None)
    return Case(study, ground, StageView(view), walked=walked)


def exemptions_of(study: Study, rules: Rules) -> pd.DataFrame:
    """Return a study's exemptions from the clauses of a document, as the words of each mean them.

    See :func:`~lifecircle.judge.exemptions.exemptions_under`.
    """

    @functools.cache
    def letters() -> frozenset[str]:
        return frozenset().union(*map(_letters, (*study.standards, *library())))

    return exemptions_under(study.exemptions, rules, lambda said: said in letters())


def _letters(name: str) -> frozenset[str]:
    """Return the letters that the ids of a document begin with; none where it cannot be read."""
    try:
        clauses = read_standard(name).clauses
    except StandardError:
        return frozenset()
    return frozenset(parts[0] for clause in clauses if (parts := key_parts(clause)) is not None)


def _same_places(one: Layer, other: Layer) -> bool:
    """Return whether two layers have the same rows in the same places, whatever else they say."""
    if not one.frame.index.equals(other.frame.index):
        return False
    shapes = [layer.frame.geometry.to_numpy() for layer in (one, other)]
    others = [n for n, (a, b) in enumerate(zip(*shapes, strict=True)) if a is not b]
    was, now = (shapely.to_wkb(found[others]) for found in shapes)
    return bool((was == now).all())
