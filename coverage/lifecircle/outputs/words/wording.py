"""Results in words: values with units, targets, rates with their range, reasons, remedies.

Shared by every output for people, so that a figure reads the same wherever it stands.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from lifecircle import texts
from lifecircle.model.dictionary import kinds
from lifecircle.model.finding import TOLERANCE
from lifecircle.model.problem import describe
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.status import Flag
from lifecircle.outputs.words.showing import nameless_checks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lifecircle.model.finding import Rate
    from lifecircle.model.problem import Problem
    from lifecircle.model.results.assessment import Assessment, ClauseResult

__all__ = ["Wording", "number_or_none", "text_or_none"]

_NAMED = ("residential", "facilities", "units", "sites")
"""Layers whose rows have names."""

_SPOKEN_OF = {
    "facility": "facilities",
    "nearest": "facilities",
    "residential": "residential",
    "site": "sites",
}
"""Parameter of a reason → layer of the id it holds."""

_NO_TEXT = (KeyError, ValueError, TypeError, FileNotFoundError)
"""What a catalogue without the code, or with other parameters, raises."""

_DIGITS = {"m": 0, "min": 1, "places": 0, "facilities": 0, "areas": 0, "beds": 0}
"""Decimals by unit; 2 for the others, trailing zeros dropped."""


def number_or_none(value: Any) -> float | None:
    """Return a table's number, infinity included; None where the cell is empty."""
    return None if value is None or pd.isna(value) else float(value)


def text_or_none(value: Any) -> str | None:
    """Return a table's text; None where the cell is empty."""
    return None if value is None or pd.isna(value) or str(value) == "" else str(value)


@dataclass(frozen=True, slots=True)
class Wording:
    """Words in one language.

    Parameters
    ----------
    language
        ``zh`` or ``en``.
    names
        Layer → id → name, for reasons that speak of them; two layers may have the same id.
    nameless
        Ids of checks that no document asks for; people read 参考 (reference) instead.
    """

    language: str
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    nameless: frozenset[str] = frozenset()

    @classmethod
    def of(cls, assessment: Assessment) -> Wording:
        """Return the words for an Assessment, in its language, with its names."""
        names: dict[str, dict[str, str]] = {}
        for layer in _NAMED:
            frame = assessment.layers.get(layer)
            if frame is not None and "name" in frame:
                found = {str(i): text_or_none(v) for i, v in frame["name"].items()}
                names[layer] = {i: name for i, name in found.items() if name}
        return cls(assessment.language, names, nameless_checks(assessment))

    def say(self, code: str, /, **params: Any) -> str:
        """Return a text of the domain ``report``."""
        return texts.say("report", code, self.language, **params)

    def word(self, vocabulary: str, key: Any) -> str:
        """Return the word of a vocabulary; an empty cell is ``–``."""
        found = text_or_none(key)
        return "–" if found is None else texts.word(vocabulary, found, self.language)

    def name(self, key: Any, layer: str | None = None) -> str:
        """Return the name of a row by its id; the id where it has none.

        ``layer`` says whose id it is; without it the only layer that names this id is meant.
        """
        found = text_or_none(key)
        if found is None:
            return "–"
        asked = _NAMED if layer is None else (layer,)
        named = [self.names[one][found] for one in asked if found in self.names.get(one, {})]
        return named[0] if len(named) == 1 else found

    def status_word(self, status: Any, flags: Iterable[str] = ()) -> str:
        """Return the word of a status; outside the verdict (参考) 达到 or 未达到, never 不达标."""
        code = f"reference_status.{status}"
        if Flag.REFERENCE in set(flags) and texts.known("report", code):
            return self.say(code)
        return self.word("status", status)

    def list(self, parts: Any) -> str:
        """Return several words as one enumeration."""
        return ("、" if self.language == "zh" else ", ").join(map(str, parts))

    def title(self, titles: Mapping[str, str], default: str = "") -> str:
        """Return a title in this language, else in whatever language it has."""
        return titles.get(self.language) or next(iter(titles.values()), default)

    def clause(self, key: Any) -> str:
        """Return a clause's number; 参考 for a check that no document asks for."""
        found = text_or_none(key)
        if found is None:
            return "–"
        return self.say("clause.reference") if found in self.nameless else found

    def kind(self, key: str) -> str:
        """Return the name of a facility kind, or of a reach group given as ``group:…``."""
        if key.startswith("group:"):
            return self.word("reach_group", key.removeprefix("group:"))
        spec = kinds().get(key)
        return self.title(spec.title) if spec else key

    def kinds(self, joined: Any) -> str:
        """Return the names of kinds joined by ``;``."""
        found = text_or_none(joined)
        return "–" if found is None else self.list(self.kind(k) for k in found.split(";"))

    def number(self, value: Any, unit: str = "") -> str:
        """Return a number in the decimals of its unit: – for missing, ∞ for unbounded."""
        found = number_or_none(value)
        return "–" if found is None else texts.number(found, _DIGITS.get(unit, 2))

    def value(self, value: Any, unit: str) -> str:
        """Return a number with its unit: ``15 m²/百户``, ``64.3 %``."""
        found = number_or_none(value)
        if found is None or math.isinf(found):
            return self.number(value, unit)
        if unit == "%":
            return f"{_one_decimal(found)} %"
        return f"{self.number(found, unit)} {self.word('unit', unit) if unit else ''}".strip()

    def target(self, comparison: str | None, target: Any, unit: str) -> str:
        """Return a clause's target: ``不低于 15 m²/百户``; without a number, that it has none."""
        if comparison is None or number_or_none(target) is None:
            return self.say("target.none")
        figure = f"{self.number(target)} %" if unit == "%" else self.value(target, unit)
        return f"{self.word('comparison', comparison)} {figure}"

    def margin(self, value: Any, unit: str) -> str:
        """Return measured minus required as 富余, 超出 or 不足 with its size, never a sign.

        Of metres and minutes less is better, of all else more.
        """
        found = number_or_none(value)
        if found is None:
            return "–"
        if abs(found) <= TOLERANCE:
            return self.say("margin.exact")
        least = 10.0 ** -_DIGITS.get(unit, 2)
        size = self.value(max(abs(found), least), unit)
        if abs(found) < least / 2:
            size = self.say("margin.under", value=size)
        upper = unit in {"m", "min"}
        code = "spare" if (found < 0) == upper else "over" if upper else "short"
        return self.say(f"margin.{code}", value=size)

    def percent(self, share: float | None) -> str:
        """Return a share [0, 1] in per cent, one decimal; 100 and 0 only where they are exact."""
        return "–" if share is None else f"{_one_decimal(100 * share)} %"

    def range(self, low: float | None, high: float | None) -> str:
        """Return the range that the unknowns leave a share: ``61.6–65.8 %``."""
        if low is None or high is None:
            return self.say("range.unknown")
        if abs(high - low) <= TOLERANCE:
            return self.percent(low)
        return f"{_one_decimal(100 * low)}–{_one_decimal(100 * high)} %"

    def span(self, low: Any, high: Any, unit: str) -> str | None:
        """Return the range of a clause's value; None where nothing is left open."""
        lower, upper = number_or_none(low), number_or_none(high)
        if lower is None and upper is None:
            return None
        if lower is not None and upper is not None and abs(upper - lower) <= TOLERANCE:
            return None
        if unit == "%" and lower is not None and upper is not None:
            return self.range(lower / 100, upper / 100)
        if lower is not None and (upper is None or math.isinf(upper)):
            return self.say("range.from", low=self.value(lower, unit))
        return f"{self.number(lower, unit)}–{self.value(upper, unit)}"

    def rate(self, rate: Rate | None) -> str:
        """Return a rate whole: ``45/70 = 64.3 %（待核实 3，范围 61.6–65.8 %）``."""
        if rate is None:
            return "–"
        counted = f"{texts.number(rate.numerator)}/{texts.number(rate.denominator)}"
        if rate.rate is None:
            told = self.say("rate.undecided") if rate.not_assessed else self.say("rate.no_subject")
        else:
            told = f"{counted} = {self.percent(rate.rate)}"
        if not rate.not_assessed:
            return told
        if rate.low is None or rate.high is None:
            return self.say("rate.missing", rate=told, unknown=texts.number(rate.not_assessed))
        return self.say(
            "rate.open",
            rate=told,
            unknown=texts.number(rate.not_assessed),
            range=self.range(rate.low, rate.high),
        )

    def clause_value(self, clause: ClauseResult) -> str:
        """Return what a clause comes to: its value, official rate or open range, else –."""
        if clause.value is not None:
            return self.value(clause.value, clause.unit)
        if clause.official is not None:
            return self.percent(clause.official.rate)
        return self.span(clause.low, clause.high, clause.unit) or "–"

    def reason(self, value: Any) -> str:
        """Return a reason in words; its code where the catalogue has no text for it."""
        if not isinstance(value, Reason):
            return text_or_none(value) or ""
        params = {
            k: self.name(v, _SPOKEN_OF[k]) if k in _SPOKEN_OF else v
            for k, v in value.params.items()
        }
        if value.code == ReasonCode.NOT_YET_LIVED_IN:  # of housing, not of a facility
            params["stage"] = self.word("housing_stage", params["stage"])
        if isinstance(params.get("facilities"), list | tuple):
            params["facilities"] = [self.name(f, "facilities") for f in params["facilities"]]
        if isinstance(params.get("kinds"), list | tuple):
            params["kinds"] = [self.kind(k) for k in params["kinds"]]
        try:
            return texts.say("reasons", str(value.code), self.language, **params)
        except _NO_TEXT:
            return f"{value.code} " + ", ".join(f"{k}={v}" for k, v in params.items())

    def remedy(self, value: Any) -> str:
        """Return what helps: a reason, a code ``remedy.…`` of ``reasons`` or ``words``, or text."""
        if isinstance(value, Reason):
            return self.reason(value)
        found = text_or_none(value)
        return "" if found is None else self._coded("remedy", found, ("reasons", "words"))

    def gate(self, gate: Any, side: Any) -> str:
        """Return which gate to open: a closed one by its name, else a new one by its side."""
        name = text_or_none(gate)
        if name is not None:
            return self.say("gate.open", gate=name)
        return self.say("gate.new", side=str(side))

    def banner(self, value: str) -> str:
        """Return a banner: a code, or the study's own words."""
        return self._coded("banner", value, ("words",))

    def problem(self, problem: Problem) -> tuple[str, str, str]:
        """Return what is wrong, why it matters, and the remedy."""
        try:
            said = describe(problem, self.language)
        except _NO_TEXT:  # written by another version
            return str(problem.code), "", ""
        return said["what"], said["why"], said["remedy"]

    def place(self, problem: Problem) -> str:
        """Return where a problem stands: file, sheet, cell or row, column."""
        try:
            return describe(problem, self.language)["where"]
        except _NO_TEXT:  # written by another version
            return text_or_none(problem.file) or ""

    def reading(self, reading: str, choice: str | None = None) -> str:
        """Return a reading's question, or what one of its choices means."""
        code = f"reading.{reading}" if choice is None else f"reading.{reading}.{choice}"
        try:
            return texts.say("standards", code, self.language)
        except _NO_TEXT:
            return choice or reading

    def _coded(self, prefix: str, value: str, domains: tuple[str, ...]) -> str:
        for domain in domains:
            try:
                return texts.say(domain, f"{prefix}.{value}", self.language)
            except _NO_TEXT:
                continue
        return value


def _one_decimal(percent: float) -> str:
    """Return a percentage with one decimal that never rounds 99.96 to 100 nor 0.04 to 0 (A2)."""
    rounded = round(percent, 1)
    if rounded == 100 and percent < 100 - TOLERANCE:  # noqa: PLR2004 - per cent
        rounded = 99.9
    if rounded == 0 and percent > TOLERANCE:
        rounded = 0.1
    return f"{rounded:.1f}".removesuffix(".0") if rounded in {0.0, 100.0} else f"{rounded:.1f}"
