"""Words: message codes to Chinese and English, from gettext catalogues.

Each language has one folder, each domain one ``.po`` file in it (``words``, ``problems``,
``reasons``, ``report``, ``map``, ``cli`` …). A message's id is its code; its text is a
``str.format`` template over named parameters. The catalogues are read as they stand (Babel), so
that editing a text needs no compile step; a test holds that both languages have the same codes
and the same parameters.

A parameter that names a member of a closed vocabulary is written by its key and put into words
here: ``{stage}`` with ``stage="in_use"`` reads 运营 (see ``VOCABULARIES``). English says after a
number what it counts by that number: ``{n} {n:place|places}``; Chinese needs none of it.
"""

from __future__ import annotations

import io
import math
from functools import cache
from importlib.resources import files
from itertools import combinations
from string import Formatter
from typing import TYPE_CHECKING, Any

from lifecircle.shipped import parsed
from lifecircle.texts.unsaid import ENDLESS, UNKNOWN, in_words

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "LANGUAGES",
    "NO_TEXT",
    "VOCABULARIES",
    "catalogue",
    "decimals_apart",
    "known",
    "names_parameter",
    "number",
    "say",
    "unit",
    "word",
]

LANGUAGES = ("zh", "en")

_BY_NUMBER = "|"
"""Parts what stands beside 1 from what stands beside any other number: ``{n:place|places}``."""

NO_TEXT = (KeyError, ValueError, TypeError, FileNotFoundError)
"""What ``say`` raises where there is no such text, or one with other parameters."""

VOCABULARIES = {
    "layer": "layer",
    "stage": "stage",
    "setting": "setting",
    "age_class": "age_class",
    "status": "status",
    "reach_group": "reach_group",
    "severity": "severity",
    "unit_type": "unit_type",
    "counted": "counted",
    "field": "field",
    "fields": "field",
    "instead": "field",
    "indicator": "indicator",
    "papers": "document",
    "barrier": "barrier",
    "side": "side",
    "gate_method": "gate_method",
    "target": "layer",
    "detail": "detail",
    "datum": "datum",
    "datums": "datum",
    "declared": "datum",
    "system": "system",
}
"""Parameter name → vocabulary of domain ``words`` in which its value is looked up."""


@cache
def catalogue(domain: str, language: str) -> dict[str, str]:
    """Return code → template of one domain in one language.

    Raises
    ------
    FileNotFoundError
        There is no such catalogue.
    """
    return parsed(files("lifecircle.texts") / language / f"{domain}.po", "babel", _texts)


def _texts(raw: bytes) -> dict[str, str]:
    """Return id → text of a catalogue as it stands."""
    from babel.messages.pofile import read_po  # noqa: PLC0415 - not where they are kept parsed

    found = read_po(io.BytesIO(raw), abort_invalid=True)
    return {str(m.id): str(m.string) for m in found if m.id}


def known(domain: str, code: str) -> bool:
    """Return whether ``code`` has a text (in the first language)."""
    return code in catalogue(domain, LANGUAGES[0])


_DIGITS = {"": 2, ".0f": 0, ".1f": 1, ".2f": 2, ",.0f": 0, ",.1f": 1}
"""Format of a template → the decimals that it shows."""
_MOST_LISTED = {"areas": 8}
"""Parameter → how many names a text lists; a record may mean all areas of a town."""
_FIGURE = (int, float)
_NONE = frozenset({"0.00", "-0.00"})
_ALIKE, _MOST = 1e-6, 7
_UNITS = ("_m2", "_min", "_m", "_days", "_percent")
_RANGES = frozenset({"–", " to "})
"""Figures no farther apart are alike; decimals that tell all others apart."""


class _Number(float):
    """A float that prints plainly when a template names no format: 170, 12.5."""

    def __format__(self, spec: str) -> str:
        if _BY_NUMBER in spec:
            return _by_number(number(float(self)), spec)
        if not math.isfinite(self):
            return ENDLESS if math.isinf(self) else UNKNOWN
        return number(float(self)) if not spec else float(self).__format__(spec)


class _Text(str):
    """A text that may be a number somebody else wrote: 1,350."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        return _by_number(self, spec) if _BY_NUMBER in spec else super().__format__(spec)


def _by_number(shown: str, spec: str) -> str:
    one, _, many = spec.partition(_BY_NUMBER)
    return one if shown == "1" else many


def number(value: float, digits: int = 2) -> str:
    """Return ``value`` with at most ``digits`` decimals and no trailing zeros.

    What is not known (NaN) is –; what has no bound is a mark that ``say`` puts into words. A little
    of something is no 0: beyond the hundredth it has the decimals that show it.
    """
    if not math.isfinite(value):
        return ENDLESS if math.isinf(value) else "–"
    text = f"{value:,.2f}" if digits == 2 else f"{value:,.{digits}f}"  # noqa: PLR2004 - mostly
    if text in _NONE and abs(value) > _ALIKE:
        finer = decimals_apart((value, digits), (0.0, digits)) or digits
        text = f"{value:,.{finer}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def say(domain: str, code: str, language: str, /, **params: Any) -> str:
    """Return the text of ``code`` in ``language`` with its parameters filled in.

    A figure that is not known is said in words, with its unit: 面积不详, an unknown distance.

    Raises
    ------
    KeyError
        The catalogue has no such code, or the template names a parameter that is not given.
    """
    parts = _parts(domain, code, language)
    figures = _figures(domain, code, language)
    finer = _finer(figures, params) if figures else {}
    told = [
        part
        if name is None
        else value
        if plain and type(value := params[name]) is str
        else _exact(params[name], finer[name], part)
        if finer and name in finer
        else _shown(name, params[name], part, language)
        for name, part, plain in parts
    ]
    for at in _between(domain, code, language) if figures else ():
        first, last = (params[str(parts[n][0])] for n in (at - 1, at + 1))
        both = isinstance(first, _FIGURE) and isinstance(last, _FIGURE)
        if both and abs(first - last) <= _ALIKE:  # 75–75 m² are 75 m²
            told[at - 1] = told[at] = ""
    return in_words("".join(told), lambda key: word("unsaid", key, language))


def _exact(value: float, digits: int, spec: str) -> str:
    """Return a figure with as many decimals as tell it from another, grouped as its format says."""
    text = number(value, digits)
    return text.replace(",", "") if spec and "," not in spec else text


def _finer(figures: tuple[tuple[str, int], ...], params: Mapping[str, Any]) -> dict[str, int]:
    """Return the decimals of figures that would look alike beside each other, and are not.

    199.999 m² below 200 is no 200 below 200. Figures that meet each other as thresholds do
    (within 1e-6) are alike; metres are no minutes. ``figures``: those that a template shows, with
    their decimals.
    """
    told = [
        (name, float(value), shown)
        for name, shown in figures
        if isinstance(value := params[name], _FIGURE) and not isinstance(value, bool)
    ]
    found: dict[str, int] = {}
    for (one, first, more), (other, second, less) in combinations(told, 2):
        if len({_unit_of(one), _unit_of(other)} - {""}) > 1:
            continue
        digits = decimals_apart((first, more), (second, less))
        if digits is not None:
            found |= {name: max(digits, found.get(name, 0)) for name in (one, other)}
    return found


@cache
def _unit_of(name: str) -> str:
    """Return the unit that a parameter's name ends with; empty where it has none."""
    return next((unit for unit in _UNITS if name.endswith(unit)), "")


def decimals_apart(one: tuple[float, int], other: tuple[float, int]) -> int | None:
    """Return the decimals that tell two figures apart which look alike and are not; else None.

    Each with the decimals that it is shown with. None too where they meet as thresholds do (within
    1e-6).
    """
    (first, more), (second, less) = one, other
    if _ALIKE < abs(first - second) <= 1.0 and round(first, more) == round(second, less):
        digits = range(max(more, less), _MOST)
        return next((n for n in digits if round(first, n) != round(second, n)), _MOST)
    return None


@cache
def _figures(domain: str, code: str, language: str) -> tuple[tuple[str, int], ...]:
    """Return the parameters that a text may show beside another one, with their decimals."""
    found = tuple(
        (name, _DIGITS[spec])
        for name, spec, _ in _parts(domain, code, language)
        if name is not None and spec in _DIGITS and name not in VOCABULARIES
    )
    return found if len(found) > 1 else ()


@cache
def _between(domain: str, code: str, language: str) -> tuple[int, ...]:
    """Return the parts of a template that stand between the two ends of a range of figures."""
    parts = _parts(domain, code, language)
    figures = {name for name, _ in _figures(domain, code, language)}
    return tuple(
        at
        for at in range(1, len(parts) - 1)
        if parts[at][0] is None
        and parts[at][1] in _RANGES
        and {parts[at - 1][0], parts[at + 1][0]} <= figures
    )


def names_parameter(domain: str, code: str, parameter: str, language: str) -> bool:
    """Return whether the text of ``code`` names a parameter.

    Raises
    ------
    KeyError
        The catalogue has no such code.
    """
    return any(name == parameter for name, *_ in _parts(domain, code, language))


@cache
def _parts(domain: str, code: str, language: str) -> tuple[tuple[str | None, str, bool], ...]:
    """Return a template taken apart: text with no name before it, a parameter with its format.

    Behind them: whether a parameter that is text is shown as it is.
    """
    found: list[tuple[str | None, str, bool]] = []
    for text, name, spec, _ in Formatter().parse(catalogue(domain, language)[code]):
        if text:
            found.append((None, text, True))
        if name is not None:
            found.append((name, spec or "", not spec and name not in VOCABULARIES))
    return tuple(found)


def _shown(name: str, value: Any, spec: str, language: str) -> str:
    """Return a parameter as a template shows it."""
    if spec in _DIGITS and name not in VOCABULARIES:  # nearly all of a county's hundred thousand
        kind = type(value)
        if kind is str and not spec:
            return str(value)
        if kind is int or (kind is float and math.isfinite(value)):
            return format(float(value), spec) if spec else number(value)
    return format(_worded(name, value, language), spec)


def word(vocabulary: str, key: str, language: str) -> str:
    """Return a vocabulary's word (domain ``words``, id ``vocabulary.key``), or the key itself."""
    return catalogue("words", language).get(f"{vocabulary}.{key}", key)


def unit(key: str, shown: str, language: str) -> str:
    """Return the word of a unit behind a number as it is shown: facility behind 1, facilities."""
    one = shown == "1" and known("words", f"unit_of_one.{key}")
    return word("unit_of_one" if one else "unit", key, language)


def _worded(name: str, value: Any, language: str) -> Any:
    if isinstance(value, str):
        plain = _Text(value) if type(value) is str else value
        return word(VOCABULARIES[name], value, language) if name in VOCABULARIES else plain
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return _Number(value)
    if value is None:
        return _Number(math.nan)  # not known under every format
    if isinstance(value, list | tuple):
        most = _MOST_LISTED.get(name, len(value))
        words = [f"{_worded(name, v, language)}" for v in value[:most]]
        told = ("、" if language == "zh" else ", ").join(words)
        if len(value) > most:
            told = say("words", "listed.more", language, told=told, count=len(value))
        return _Text(told)
    return value
