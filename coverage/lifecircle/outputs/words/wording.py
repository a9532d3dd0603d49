"""Results in words: values with units, targets, rates with their range, reasons, remedies.

Shared by every output for people, so that a figure reads the same wherever it stands.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from lifecircle import texts
from lifecircle.model.cell import listed, number_or_none, text_or_none
from lifecircle.model.dictionary import INSTITUTIONS, fold, group_of, kinds
from lifecircle.model.finding import meets
from lifecircle.model.inputs.parameters import reading_figures
from lifecircle.model.reason import Reason, ReasonCode
from lifecircle.model.status import Flag
from lifecircle.outputs.words.figures import (
    decimals,
    no_figure,
    one_decimal,
    out_of,
    span_of_shares,
    told_as,
)
from lifecircle.outputs.words.names import Names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lifecircle.model.finding import Rate
    from lifecircle.model.results.assessment import Assessment, ClauseResult, SensitivityRow
    from lifecircle.model.results.comparison import Comparison
    from lifecircle.outputs.words.names import Side

__all__ = ["Wording"]

_BEHIND = {"sheets": ("map",)}
"""Domain → the domains asked after it; last of all ``report``, which has what all share."""
_SPOKEN_OF = {
    "facility": "facilities",
    "nearest": "facilities",
    "residential": "residential",
    "site": "sites",
}
"""Parameter of a reason → layer of the id it holds."""
_LISTED = {"facilities": "facilities", "areas": "residential"}  # the same, of several ids

_BLANK = "–"  # an empty cell in running text

_SAID: WeakKeyDictionary[Assessment, dict[tuple[str, int], tuple[Reason, str]]] = (
    WeakKeyDictionary()
)
"""Reasons of an Assessment in words: map, page and workbook say the same ones."""


@dataclass(frozen=True, slots=True)
class Wording:
    """Words in one language.

    A method that says ``or_none`` gives None for an empty cell; the others –, as it stands in
    running text.

    Parameters
    ----------
    language
        ``zh`` or ``en``.
    domain
        The catalogue of the product that speaks; what it does not have is said as ``report``
        says it.
    names
        Who is called what.
    search_limit_m
        How far walks were searched for, metres: said of one that is longer.
    said
        Language and identity of a reason → it, and its words with these names, so far.
    """

    language: str
    domain: str = "report"
    names: Names = field(default_factory=Names)
    search_limit_m: float | None = None
    said: dict[tuple[str, int], tuple[Reason, str]] = field(
        default_factory=dict, compare=False, repr=False
    )

    @classmethod
    def of(cls, assessment: Assessment, domain: str = "report") -> Wording:
        """Return the words for an Assessment, in its language, with its names."""
        known = assessment.language in texts.LANGUAGES
        limits = (p.value for p in assessment.parameters if p.name == "search_limit_m")
        return cls(
            assessment.language if known else texts.LANGUAGES[0],
            domain,
            Names.of(assessment),
            next(limits, None),
            _SAID.setdefault(assessment, {}),
        )

    @classmethod
    def of_both(cls, comparison: Comparison) -> Wording:
        """Return the words for a comparison, in the language of its later side."""
        after = cls.of(comparison.after, "compare")
        return replace(after, names=Names.of_both(comparison), said={})

    def in_domain(self, domain: str) -> Wording:
        """Return the same words with another product's catalogue."""
        return replace(self, domain=domain)

    def in_language(self, language: str) -> Wording:
        """Return the same words in another language: a screen speaks its reader's."""
        return replace(self, language=language)

    @property
    def tag(self) -> str:
        """Value of a page's ``lang`` attribute."""
        return "zh-CN" if self.language == "zh" else self.language

    # Texts

    def say(self, code: str, /, **params: Any) -> str:
        """Return a text of the domain, else as ``report`` has it; KeyError where neither has it."""
        return texts.say(_home(self.domain, code) or self.domain, code, self.language, **params)

    def knows(self, code: str) -> bool:
        """Return whether there is a text for ``code``."""
        return _home(self.domain, code) is not None

    def word(self, vocabulary: str, key: Any) -> str:
        """Return the word of a vocabulary; – for an empty cell."""
        return self.word_or_none(vocabulary, key) or _BLANK

    def word_or_none(self, vocabulary: str, key: Any) -> str | None:
        """Return the word of a vocabulary; None for an empty cell."""
        found = text_or_none(key)
        return None if found is None else texts.word(vocabulary, found, self.language)

    def list(self, parts: Iterable[Any]) -> str:
        """Return several words as one enumeration."""
        return ("、" if self.language == "zh" else ", ").join(map(str, parts))

    def phrases(self, parts: Iterable[str]) -> str:
        """Return several phrases as one sentence."""
        return ("；" if self.language == "zh" else "; ").join(parts)

    def title(self, titles: Mapping[str, str], default: str = "") -> str:
        """Return a title in this language, else in whatever language it has."""
        return titles.get(self.language) or next(iter(titles.values()), default)

    # Names

    def name(self, key: Any, layer: str | None = None, side: Side | None = None) -> str:
        """Return the name of a row, else its id; – for an empty cell.

        A name that several rows have comes with what tells them apart: 书香苑（R2）.

        Parameters
        ----------
        layer
            Whose id it is; without it the only layer that names this id is meant.
        side
            Which result it is of; needed where two are compared.
        """
        return self.name_or_none(key, layer, side) or _BLANK

    def name_or_none(
        self, key: Any, layer: str | None = None, side: Side | None = None
    ) -> str | None:
        """Return the name of a row by its id, the id where it has none; None for an empty cell."""
        found = text_or_none(key)
        if found is None:
            return None
        names = self.names.on(side)
        name, apart = names.row(found, layer) or found, names.apart(found, layer)
        return name if apart is None else self.say("name.apart", name=name, apart=apart)

    def host(self, host: str | None, named: str) -> str:
        """Return a host's name, with the document's own (``named``) where that is another."""
        if not host:
            return named
        name = self.name(host, "facilities")
        if fold(named) in fold(name):
            return name
        return self.in_domain("districts").say("renamed", facility=name, host=named)

    def clause(self, key: Any, side: Side | None = None) -> str:
        """Return a clause's number; 参考 for a check that no document asks for."""
        found = text_or_none(key)
        if found is None:
            return _BLANK
        return self.say("clause.reference") if found in self.names.on(side).nameless else found

    def kind(self, key: str) -> str:
        """Return the name of a facility kind, or of a reach group that a clause names."""
        group = group_of((key,))
        if group is not None:
            return self.word("reach_group", group)
        if key == INSTITUTIONS:
            return self.word("facility_set", "institutions")
        spec = kinds().get(key)
        return self.title(spec.title) if spec else key

    def kinds(self, joined: Any) -> str:
        """Return the names of kinds joined by ``;``."""
        found = text_or_none(joined)
        return _BLANK if found is None else self.list(self.kind(k) for k in listed(found))

    def status_word(self, status: Any, flags: Iterable[str] = ()) -> str:
        """Return the word of a status; outside the verdict (参考) 达到 or 未达到, never 不达标."""
        code = f"reference_status.{status}"
        if Flag.REFERENCE in set(flags) and texts.known("report", code):
            return self.say(code)
        return self.word("status", status)

    # Figures

    def number(self, value: Any, unit: str = "") -> str:
        """Return a number in the decimals of its unit: – for missing, words for endless."""
        found = number_or_none(value)
        if found is not None and math.isinf(found):  # a way that leads nowhere; m² without bound
            nowhere = self.word("unsaid", "beyond" if unit == "min" else "other")
            return self.say("value.unreached") if unit == "m" else nowhere
        return _BLANK if found is None else texts.number(found, decimals(unit))

    def value(self, value: Any, unit: str) -> str:
        """Return a number with its unit: ``15 m²/百户``, ``64.3 %``."""
        found = number_or_none(value)
        if found is None or math.isinf(found):
            return self.number(value, unit)
        if unit == "%":
            return f"{one_decimal(found)} %"
        if unit == "steps":  # which one, not how many
            return self.say("value.step", n=found)
        shown = self.number(found, unit)
        return f"{shown} {texts.unit(unit, shown, self.language) if unit else ''}".strip()

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
            return _BLANK
        if meets(found, "=", 0.0):
            return self.say("margin.exact")
        least = 10.0 ** -decimals(unit)
        size = self.value(max(abs(found), least), unit)
        if abs(found) < least / 2:
            size = self.say("margin.under", value=size)
        upper = unit in {"m", "min"}
        code = "spare" if (found < 0) == upper else "over" if upper else "short"
        return self.say(f"margin.{code}", value=size)

    def percent(self, share: float | None) -> str:
        """Return a share [0, 1] in per cent, one decimal; 100 and 0 only where they are exact."""
        return _BLANK if share is None else f"{one_decimal(100 * share)} %"

    def range(self, low: float | None, high: float | None) -> str:
        """Return the range that the unknowns leave a share: ``61.6–65.8 %``."""
        if low is None or high is None:
            return self.say("range.unknown")
        return span_of_shares(low, high)

    def share(self, rate: Rate | SensitivityRow | None) -> str:
        """Return a rate in per cent; its range where nothing decided has met it, and – for none."""
        if rate is None or no_figure(rate):
            return _BLANK
        return self.range(rate.low, rate.high) if rate.told is None else self.percent(rate.told)

    def span(self, low: Any, high: Any, unit: str) -> str | None:
        """Return the range of a clause's value; None where nothing is left open."""
        lower, upper = number_or_none(low), number_or_none(high)
        if lower is None and upper is None:
            return None
        if lower is not None and upper is not None and meets(upper, "=", lower):
            return None
        if not lower and (upper is None or math.isinf(upper)):  # "0 户 起" would be read as none
            return self.say("range.nothing")
        if lower is not None and (upper is None or math.isinf(upper)):
            return self.say("range.from", low=self.value(lower, unit))
        if unit == "%" and lower is not None and upper is not None:
            return self.range(lower / 100, upper / 100)
        many = texts.unit(unit, "", self.language)  # 0–1 places
        return f"{self.number(lower, unit)}–{self.number(upper, unit)} {many}".strip()

    def rate(self, rate: Rate | None) -> str:
        """Return a rate whole: ``45/70 = 64.3 %（待核实 3，范围 61.6–65.8 %）``.

        Of one that nothing decided has met, the range alone where others are open.
        """
        if rate is None:
            return _BLANK
        if rate.rate is None:
            told = self.say("rate.undecided" if rate.not_assessed else "rate.no_subject")
        else:
            told = f"{out_of(rate)} = {self.percent(rate.rate)}"
        code = told_as(rate)
        if code is None:
            return told
        unknown, range_ = texts.number(rate.not_assessed), self.range(rate.low, rate.high)
        return self.say(f"rate.{code}", rate=told, unknown=unknown, range=range_)

    def clause_value(self, clause: ClauseResult) -> str:
        """Return what a clause comes to: its value, official rate or open range, else –."""
        rate = clause.official
        if rate is not None and rate.rate is not None and rate.told is None:
            return self.share(rate)
        if clause.value is not None:
            return self.value(clause.value, clause.unit)
        if rate is not None:  # of what is known alone, if it says so
            return self.rate(rate) if rate.not_assessed else self.share(rate)
        return self.span(clause.low, clause.high, clause.unit) or _BLANK

    def told_value(self, clause: ClauseResult) -> str:
        """Return what a clause comes to, in words where it has no figure: a step, a ranking."""
        value = self.clause_value(clause)
        return (self.reason(clause.said) or value) if value == _BLANK else value

    # Reasons, remedies, readings

    def reason(self, value: Any) -> str:
        """Return a reason in words, and its ``notes`` after it; its code where it has no text."""
        if not isinstance(value, Reason):
            return text_or_none(value) or ""
        notes = [Reason.from_json(note) for note in value.params.get("notes", ())]
        told = self._bare_reason(value)
        if not notes:
            return told
        return self.say("reason.noted").join((told, *map(self._reason_anew, notes)))

    def _bare_reason(self, value: Reason) -> str:
        """Return one reason in words; all outputs of an Assessment say the same ones."""
        key = (self.language, id(value))
        if key not in self.said:
            self.said[key] = value, self._reason_anew(value)  # kept with it: no other has its id
        return self.said[key][1]

    def _reason_anew(self, value: Reason) -> str:
        params = dict(value.params)
        for key, one in value.params.items():
            if key in _SPOKEN_OF:
                params[key] = self.name(one, _SPOKEN_OF[key])
            elif isinstance(one, list | tuple) and (key in _LISTED or key == "lacking"):
                layer = _LISTED.get(key, params.get("target"))
                params[key] = [self.name(part, layer) for part in one]
            elif isinstance(one, list | tuple) and key == "kinds":
                params[key] = [self.kind(kind) for kind in one]
        if value.code == ReasonCode.NOT_YET_LIVED_IN:  # of housing, not of a facility
            params["stage"] = self.word("housing_stage", params["stage"])
        try:
            return texts.say("reasons", str(value.code), self.language, **params)
        except texts.NO_TEXT:
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
        return self.say("gate.open", gate=name) if name else self.say("gate.new", side=str(side))

    def banner(self, value: str) -> str:
        """Return a banner: a code, or the study's own words."""
        return self._coded("banner", value, ("words",))

    def reading(self, reading: str, choice: str | None = None, **figures: float | None) -> str:
        """Return a reading's question, or what one of its choices means with a study's figures."""
        prefix, key = ("reading", reading) if choice is None else (f"reading.{reading}", choice)
        return self._coded(prefix, key, ("standards",), **(reading_figures(()) | figures))

    def _coded(self, prefix: str, value: str, domains: tuple[str, ...], **params: Any) -> str:
        for domain in domains:
            try:
                return texts.say(domain, f"{prefix}.{value}", self.language, **params)
            except texts.NO_TEXT:
                continue
        return value


@cache
def _home(domain: str, code: str) -> str | None:
    """Return the catalogue that has a code, asked from one domain on."""
    asked = (domain, *_BEHIND.get(domain, ()), "report")
    return next((home for home in asked if texts.known(home, code)), None)
