"""A comparison in words: causes, directions, both sides of a figure."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from lifecircle import texts
from lifecircle.model.finding import TOLERANCE
from lifecircle.model.results.comparison import CauseCode, Direction
from lifecircle.model.status import Flag
from lifecircle.outputs.words.showing import has_figures
from lifecircle.outputs.words.wording import Wording, number_or_none

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from lifecircle.model.results.assessment import Assessment, ClauseResult
    from lifecircle.model.results.comparison import (
        Cause,
        ClauseChange,
        Comparison,
        FindingState,
        SubjectChange,
    )

__all__ = ["ComparisonWording"]

_FIELDS = {"place": "position", "reach_groups": "kinds", "level": "unit_type"}
"""Columns told under another field's name."""
_WORDED = {"stage": "stage", "setting": "setting", "age_class": "age_class"}


@dataclass(frozen=True, slots=True)
class ComparisonWording(Wording):
    """Words of a comparison in the language of its later side; texts of the domain ``compare``.

    Parameters
    ----------
    sides
        The words of each side. Every id is named by its own side: ids are often row numbers, and
        one id may be two facilities. ``names`` and ``nameless`` of the whole stay empty.
    """

    sides: tuple[Wording, Wording] = field(kw_only=True)

    @classmethod
    def of_both(cls, comparison: Comparison) -> ComparisonWording:
        """Return the words for a comparison."""
        old, new = Wording.of(comparison.before), Wording.of(comparison.after)
        return cls(new.language, sides=(replace(old, language=new.language), new))

    def subject(self, ids: Mapping[str, str | None], layer: str) -> str:
        """Return the name of a row by its ids on both sides: the later one where it has two."""
        old, new = self.sides
        if ids["after"] is None:
            return old.name(ids["before"], layer)
        return new.name(ids["after"], layer)

    def say(self, code: str, /, **params: Any) -> str:
        """Return a text of the domain ``compare``, else of ``report``."""
        if texts.known("compare", code):
            return texts.say("compare", code, self.language, **params)
        return super(ComparisonWording, self).say(code, **params)

    def side(self, assessment: Assessment) -> str:
        """Return what a side is: study, date, stage view, scenario."""
        told = self.say(
            "side.label",
            study=assessment.study,
            as_of=assessment.as_of.isoformat(),
            stage=self.word("stage_view", assessment.stage),
        )
        if assessment.scenario is None:
            return told
        return f"{told} {self.say('side.scenario', scenario=assessment.scenario)}"

    def facts(self, comparison: Comparison) -> list[str]:
        """Return how much changed, line by line."""
        if comparison.empty:
            return [self.say("empty")]
        ways = Counter(area.direction for area in comparison.areas)
        named = (Direction.BETTER, Direction.WORSE, Direction.SAME)
        other = sum(count for way, count in ways.items() if way not in named)
        there = Counter((s.layer, s.change) for s in comparison.subjects)
        return [
            self.say("summary.findings", count=len(comparison.findings)),
            self.say("summary.areas", other=other, **{str(way): ways[way] for way in named}),
            self.say(
                "summary.subjects",
                areas_added=there["residential", "added"],
                areas_removed=there["residential", "removed"],
                facilities_added=there["facilities", "added"],
                facilities_removed=there["facilities", "removed"],
            ),
        ]

    def change(self, change: ClauseChange) -> str:
        """Return how a clause's rate, else its value, changed."""
        rated = change.official is not None and change.official.change is not None
        clause = change.after or change.before
        if change.before is None or change.after is None or clause is None:
            return self.say("only")
        if rated and change.official is not None and clause.subject != "county":
            return self.points(change.official.change)
        if change.change is None:
            return "–"
        if clause.unit == "%":
            return self.points(change.change / 100)
        if abs(change.change) <= TOLERANCE:
            return self.say("unchanged")
        sign = "+" if change.change > 0 else "−"
        return f"{sign}{self.value(abs(change.change), clause.unit)}"

    def clause_title(self, change: ClauseChange) -> str:
        """Return what a clause is about."""
        clause = change.after or change.before
        return "–" if clause is None else self.title(clause.title, clause.id)

    def clause_ids(self, change: ClauseChange) -> str:
        """Return a clause's number, both where they differ."""
        both = zip(self.sides, (change.before, change.after), strict=True)
        ids = [side.clause(c.id) for side, c in both if c is not None]
        return " → ".join(dict.fromkeys(ids))

    def status(self, clause: ClauseResult | None, status: str | None) -> str | None:
        """Return a status in words; of a check outside the verdict, that it is a reference."""
        if clause is None or status is None:
            return None
        code = f"reference.{status}"
        reference = Flag.REFERENCE in clause.flags and texts.known("compare", code)
        return self.say(code) if reference else self.word("status", status)

    def direction(self, clause: ClauseResult | None, direction: Direction) -> str:
        """Return which way a finding went; a reference is neither better nor worse."""
        reference = clause is not None and Flag.REFERENCE in clause.flags
        if reference and direction is not Direction.SAME:
            return self.say("direction.reference")
        return self.say(f"direction.{direction}")

    def figure(
        self, clause: ClauseResult | None, state: FindingState | None, *, measured: bool
    ) -> str | None:
        """Return a measured or required value with its unit; None where there is none."""
        value = None if state is None else state.measured if measured else state.required
        if state is None or value is None or clause is None or not has_figures(clause):
            return None
        return self.say("value.unreached") if math.isinf(value) else self.value(value, state.unit)

    def points(self, change: float | None) -> str:
        """Return a change of a share in percentage points."""
        if change is None:
            return "–"
        if abs(change) < 5e-4:  # noqa: PLR2004 - less than half of the last decimal
            return self.say("unchanged")
        return texts.catalogue("compare", self.language)["points"].format(points=100 * change)

    def kinds_of_cause(self, causes: Iterable[Cause]) -> str:
        """Return the sorts of causes, each once."""
        return self.list(dict.fromkeys(self.say(f"kind.{cause.kind}") for cause in causes))

    def causes(self, causes: Iterable[Cause]) -> str:
        """Return several causes as one line."""
        return ("；" if self.language == "zh" else "; ").join(map(self.cause, causes))

    def cause(self, cause: Cause) -> str:
        """Return one cause in words."""
        told = self.say(f"cause.{self._code(cause)}", **self._params(cause))
        return self.say("cause.eliminated", cause=told) if cause.eliminated else told

    def setting(self, what: str, name: str) -> str:
        """Return the name of a setting, parameter, reading or file."""
        if what == "parameter":
            return self.parameter(name)
        if what == "input":
            return self.word("layer", name)
        if what == "reading":
            clause, _, reading = name.partition(" ")
            return f"{self.sides[1].clause(clause)} {reading} {self.reading(reading)}"
        return self.say(f"setting.{name}")

    def setting_value(self, what: str, name: str, value: Any) -> str:
        """Return the value of a setting on one side."""
        if value is None:
            return self.say("none")
        if what == "reading":
            return self.reading(name.partition(" ")[2], str(value))
        if what == "setting" and name == "stage":
            return self.word("stage_view", value)
        return texts.number(value, 3) if isinstance(value, int | float) else str(value)

    def parameter(self, name: str) -> str:
        """Return the name of a parameter."""
        code = f"parameter.{name}"
        if name == "crs":
            return self.say("setting.crs")
        return self.say(code) if texts.known("report", code) else name

    def changes(self, subject: SubjectChange) -> str:
        """Return what is described otherwise of a subject, column by column."""
        told = []
        for column, (old, new) in subject.columns.items():
            if column == "place":
                told.append(self._moved(new))
                continue
            told.append(
                self.say(
                    "from_to",
                    column=self.word("field", _FIELDS.get(column, column)),
                    before=self._cell(column, old, self.sides[0]),
                    after=self._cell(column, new, self.sides[1]),
                )
            )
        return ("；" if self.language == "zh" else "; ").join(told)

    def _moved(self, metres: float | None) -> str:
        known = metres is not None and math.isfinite(metres)
        return self.say("moved", metres=metres) if known else self.say("placed")

    def _cell(self, column: str, value: Any, side: Wording) -> str:
        if value is None:
            return "–"
        if column in _WORDED:
            return self.word(_WORDED[column], value)
        if column == "kinds":
            return self.kinds(value)
        if column == "serves":
            return self.list(side.name(key, "residential") for key in str(value).split(";"))
        found = None if isinstance(value, str | bool) else number_or_none(value)
        return str(value) if found is None else texts.number(found)

    def _code(self, cause: Cause) -> str:
        """Return the code of a cause's text: some figures want other words."""
        metres = cause.params.get("metres", 0.0)
        if cause.code is CauseCode.FACILITY_MOVED and (metres is None or math.isinf(metres)):
            return "facility_placed"
        if cause.code is CauseCode.GATES and not min(cause.params.values()):
            return "gates_none"
        return str(cause.code)

    def _params(self, cause: Cause) -> dict[str, Any]:
        """Return a cause's parameters in words."""
        params = dict(cause.params)
        unit, reading = params.get("measure_unit", ""), params.get("reading", "")
        each: dict[CauseCode, Callable[[Any], str]] = {
            CauseCode.FACILITY_STAGE: lambda v: self.word("stage", v),
            CauseCode.AREA_STAGE: lambda v: self.word("housing_stage", v),
            CauseCode.TARGET: lambda v: self.value(v, unit),
            CauseCode.STAGE_VIEW: lambda v: self.word("stage_view", v),
            CauseCode.READING: lambda v: self.reading(reading, v),
            CauseCode.PARAMETER: lambda v: self.setting_value("parameter", "", v),
            CauseCode.SCENARIO: lambda v: v or self.say("none"),
        }
        if cause.code in each:
            params |= {side: each[cause.code](params[side]) for side in ("before", "after")}
        named: dict[str, Callable[[Any], str]] = {
            "facility": lambda ids: self.subject(ids, "facilities"),
            "parameter": self.parameter,
            "facilities": lambda all_: self.list(self.subject(o, "facilities") for o in all_),
            "clauses": lambda ids: self.list(map(self.sides[1].clause, ids)),
            "candidates": lambda names: self.list(map(self._candidate, names)),
            "columns": self._columns,
        }
        return {name: named[name](v) if name in named else v for name, v in params.items()}

    def _columns(self, names: Iterable[str]) -> str:
        """Return columns of a layer, or terms of a clause, by their names."""
        shown = dict.fromkeys(_FIELDS.get(name, name) for name in names)
        return self.list(
            self.say(f"terms.{name}")
            if texts.known("compare", f"terms.{name}")
            else self.word("field", name)
            for name in shown
        )

    def _candidate(self, name: str) -> str:
        """Return the name of a difference: a setting, a file's layer, a parameter, a reading."""
        for what, known in (("setting", "compare"), ("parameter", "report")):
            if texts.known(known, f"{what}.{name}"):
                return self.setting(what, name)
        word = self.word("layer", name)
        return word if word != name else f"{name} {self.reading(name)}"
