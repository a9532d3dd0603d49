"""Typed reading of TOML: every wrong value becomes a mistake, none an exception."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any

from lifecircle.sources.guarded_toml import TomlError, parse_toml, toml_bytes
from lifecircle.standards.mistakes import Mistake, Place, shown, unknown
from lifecircle.texts import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from importlib.resources.abc import Traversable

__all__ = ["RawTable", "load_toml"]


def load_toml(file: Traversable, mistakes: list[Mistake]) -> dict[str, Any] | None:
    """Return a TOML file's content; None, and a mistake, where it cannot be read."""
    place = Place(file.name)
    try:
        return parse_toml(toml_bytes(file))
    except OSError:
        mistakes.append(Mistake("file_missing", Place(str(file))))
    except TomlError as error:
        mistakes.append(_syntax(error, place))
    return None


def _syntax(error: TomlError, place: Place) -> Mistake:
    """Return the mistake of what is no TOML, or not read."""
    if error.detail == "not_utf8":
        return Mistake("encoding", place, {"position": error.column})
    if error.line is None:
        return Mistake("not_read", place, {"detail": error.detail})
    at = {"line": error.line, "column": error.column, "detail": error.detail}
    return Mistake("key_twice" if error.detail == "toml_twice" else "syntax", place, at)


class RawTable:
    """One TOML table, where it stands, and the list its mistakes go to.

    The readers return a harmless value (empty text, None, empty tuple) for what is missing or
    wrong, so that reading goes on and all mistakes are found in one pass.
    """

    def __init__(self, raw: Mapping[str, Any], place: Place, mistakes: list[Mistake]) -> None:
        self.raw = raw
        self.place = place
        self.mistakes = mistakes

    def __contains__(self, key: str) -> bool:
        return key in self.raw

    def blame(self, code: str, key: str, **params: Any) -> None:
        """Add a mistake at ``key``."""
        self.mistakes.append(Mistake(code, self.place.at(key), params))

    def accept(self, known: Collection[str]) -> None:
        """Add a mistake for every key that is not ``known``."""
        for key in self.raw:
            if key not in known:
                self.mistakes.append(unknown("key_unknown", self.place.at(key), key, known))

    def _value(self, key: str, kind: type | tuple[type, ...], name: str, *, required: bool) -> Any:
        if key not in self.raw:
            if required:
                self.blame("key_missing", key)
            return None
        value = self.raw[key]
        # TOML's true is an int in Python, and its date-time is a date
        strange = isinstance(value, bool) and kind is not bool
        if strange or isinstance(value, dt.datetime) or not isinstance(value, kind):
            self.blame(f"type_{name}", key, value=shown(value))
            return None
        return value

    def text(self, key: str, *, required: bool = True) -> str:
        """Return a text; a required one may not be blank."""
        value = self._value(key, str, "text", required=required)
        if value is not None and required and not value.strip():
            self.blame("text_blank", key)
        return str(value or "")

    def date(self, key: str, *, required: bool = False) -> dt.date | None:
        """Return a date, written as 2023-07-12 without quotes."""
        value: dt.date | None = self._value(key, dt.date, "date", required=required)
        return value

    def number(self, key: str) -> float | None:
        """Return a finite number that is not negative, or None."""
        value = self._value(key, (int, float), "number", required=False)
        if value is None:
            return None
        if not math.isfinite(value) or value < 0:
            self.blame("number_range", key, value=shown(value))
            return None
        return float(value)

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Return true or false."""
        value = self._value(key, bool, "flag", required=False)
        return default if value is None else bool(value)

    def choice(self, key: str, allowed: Collection[str], *, required: bool = True) -> str | None:
        """Return one of a closed list of words."""
        value = self._value(key, str, "text", required=required)
        if value is not None and value not in allowed:
            self.mistakes.append(unknown("value_unknown", self.place.at(key), value, allowed))
            return None
        return None if value is None else str(value)

    def texts(self, key: str, allowed: Collection[str] | None = None) -> tuple[str, ...]:
        """Return a list of texts, of a closed list if ``allowed`` is given; each once."""
        found: dict[str, None] = {}
        for value in self._value(key, list, "list", required=False) or []:
            if not isinstance(value, str):
                self.blame("type_text", key, value=shown(value))
            elif allowed is not None and value not in allowed:
                self.mistakes.append(unknown("value_unknown", self.place.at(key), value, allowed))
            elif value in found:
                self.blame("value_twice", key, value=shown(value))
            else:
                found[value] = None
        if key in self.raw and self.raw[key] == []:
            self.blame("list_empty", key)
        return tuple(found)

    def table(self, key: str, *, required: bool = False) -> RawTable:
        """Return a table below this one; an empty one where it is missing."""
        value = self._value(key, dict, "table", required=required)
        return RawTable(value or {}, self.place.at(key), self.mistakes)

    def tables(self, key: str) -> list[RawTable]:
        """Return a list of tables below this one; the first stands at ``key[1]``."""
        rows = self._value(key, list, "list", required=False) or []
        found = []
        for number, row in enumerate(rows, start=1):
            if isinstance(row, dict):
                place = self.place.at(f"{key}[{number}]")
                found.append(RawTable(row, place, self.mistakes))
            else:
                self.blame("type_table", f"{key}[{number}]", value=shown(row))
        return found

    def words(self, key: str) -> dict[str, str]:
        """Return a text in every language."""
        below = self.table(key, required=True)
        if key not in self.raw or not isinstance(self.raw[key], dict):
            return dict.fromkeys(LANGUAGES, "")
        below.accept(LANGUAGES)
        return {language: below.text(language) for language in LANGUAGES}
