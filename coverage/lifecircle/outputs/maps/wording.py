"""Codes, numbers and gaps in words, as a popup shows them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from lifecircle import texts
from lifecircle.model.reason import Reason
from lifecircle.outputs.words.showing import nameless_checks
from lifecircle.outputs.words.wording import Wording, number_or_none, text_or_none

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lifecircle.model.results.assessment import Assessment

__all__ = ["Words", "listed", "real", "text", "yes"]

text = text_or_none


def real(value: Any) -> float | None:
    """Return a table's number, infinity included; None where it is missing or no number."""
    try:
        return number_or_none(value)
    except (TypeError, ValueError):
        return None


def yes(value: Any) -> bool:
    """Return whether a cell says yes: True or 1, not an empty one."""
    return real(value) == 1


def listed(value: Any) -> list[str]:
    """Return the parts of a cell that holds several: ``"a;b"``, a tuple, a set or nothing."""
    if isinstance(value, (list, tuple)):
        return [str(part) for part in value]
    if isinstance(value, (set, frozenset)):
        return sorted(map(str, value))
    return [part.strip() for part in (text(value) or "").split(";") if part.strip()]


class Words:
    """Everything the map says of one Assessment, in its language.

    Names are kept by layer: an area and a facility may share an id.
    """

    def __init__(self, assessment: Assessment) -> None:
        known = assessment.language in texts.LANGUAGES
        self.language = assessment.language if known else texts.LANGUAGES[0]
        self.common = Wording(self.language, nameless=nameless_checks(assessment))
        self.search_limit_m = next(
            (p.value for p in assessment.parameters if p.name == "search_limit_m"), None
        )
        self._names: dict[str, dict[str, str]] = {}
        for layer in ("residential", "facilities", "units", "sites"):
            frame = assessment.layers.get(layer)
            if frame is not None:
                pairs = zip(frame.index, frame["name"], strict=True)
                self._names[layer] = {str(key): text(name) or str(key) for key, name in pairs}

    @property
    def tag(self) -> str:
        """Value of the page's ``lang`` attribute."""
        return "zh-CN" if self.language == "zh" else self.language

    def say(self, code: str, /, **params: Any) -> str:
        """Return a text of the domain ``map``."""
        return texts.say("map", code, self.language, **params)

    def word(self, vocabulary: str, key: Any) -> str | None:
        """Return a vocabulary's word, None for an empty cell."""
        found = text(key)
        return None if found is None else texts.word(vocabulary, found, self.language)

    def glyph(self, key: str) -> str:
        """Return the character (zh) or letters (en) that stand for a kind on the map."""
        code = f"glyph.{key}"
        return self.say(code if texts.known("map", code) else "glyph.other")

    def name(self, layer: str, key: Any) -> str | None:
        """Return the name of a feature by its id; the id where the layer does not have it."""
        found = text(key)
        return None if found is None else self._names.get(layer, {}).get(found, found)

    def place(self, *codes: Any) -> str | None:
        """Return the first of several units that is known, finest first."""
        return next((self.name("units", code) for code in codes if text(code)), None)

    def reason(self, value: Any) -> str | None:
        """Return a reason in words; its code where the catalogue does not have it."""
        if isinstance(value, Reason):
            layers = {"facility": "facilities", "residential": "residential", "site": "sites"}
            named = {
                key: self.name(layers[key], param) if key in layers else param
                for key, param in value.params.items()
            }
            value = Reason(value.code, named)
        return self.common.reason(value) or None

    def reasons(self, values: Iterable[Any]) -> list[str | None]:
        """Return many reasons in words; one that comes again is worded once."""
        found: dict[Any, str | None] = {}
        out: list[str | None] = []
        for value in values:
            key = value
            if isinstance(value, Reason):
                key = (value.code, *map(str, value.params.values()))
            if not isinstance(key, str | tuple):
                out.append(None)
                continue
            if key not in found:
                found[key] = self.reason(value)
            out.append(found[key])
        return out

    def remedy(self, value: Any) -> str | None:
        """Return what helps, in words."""
        if isinstance(value, Reason):
            return self.reason(value)
        return self.common.remedy(value) or None

    def number(self, value: Any, unit: str = "plain", digits: int = 0) -> str | None:
        """Return a number with its unit (text ``value.<unit>``); None where it is missing."""
        found = real(value)
        if found is None:
            return None
        return self.say(f"value.{unit}", n=texts.number(found, digits))

    def straight(self, metres: Any) -> str:
        """Return a straight line: metres, none at all, or not known."""
        found = real(metres)
        if found is None:
            return self.say("unknown")
        return self.say("none") if math.isinf(found) else self.number(found, "m") or ""

    def walk(self, metres: Any, minutes: Any) -> str:
        """Return a walk: metres and minutes, beyond the search limit, or not known."""
        known = [found for value in (metres, minutes) if (found := real(value)) is not None]
        if not known:
            return self.say("unknown")
        if all(math.isinf(found) for found in known):
            limit = self.search_limit_m
            return self.say("beyond") if limit is None else self.say("beyond_limit", limit_m=limit)
        return self.join(
            self.number(value, unit, digits)
            for value, unit, digits in ((metres, "m", 0), (minutes, "min", 1))
            if math.isfinite(real(value) or 0)
        )

    def measured(self, value: Any, unit: Any) -> str:
        """Return a measured or required value in the unit of its finding."""
        found, known = real(value), text(unit) or ""
        if found is not None and math.isinf(found) and known in {"m", "min"}:
            return self.say("none") if known == "m" else self.walk(None, found)
        return self.common.value(found, known)

    def percent(self, share: Any) -> str | None:
        """Return a share [0, 1] in per cent; None where it is unknown."""
        found = real(share)
        return None if found is None or math.isinf(found) else self.common.percent(found)

    def join(self, parts: Iterable[str | None]) -> str:
        """Return the known parts as one line."""
        return " · ".join(part for part in parts if part)

    def listing(self, parts: Iterable[str | None]) -> str | None:
        """Return the known parts as an enumeration; None where there are none."""
        return self.common.list(part for part in parts if part) or None
