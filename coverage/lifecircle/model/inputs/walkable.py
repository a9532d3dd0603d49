"""What may be walked: closed lists of what a street's or a gate's tags say.

A word that is not in a list is neither walked nor barred: whatever hangs on it is not decided, and
the word is told. ``foot`` goes before ``access``, what is out of use before both. Words are
compared without case and white space; of a list (``yes;no``, merged ways of OSMnx) every value is
heard, and the least of them counts. What holds at times only (``access:conditional``,
``opening_hours``) is not known, unless it says the same at all times.
"""

from __future__ import annotations

import re
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lifecircle.model.inputs.street_words import BARRED_STATES, USED_STATES, words
from lifecircle.model.strings import words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import NDArray

__all__ = [
    "ON_FOOT",
    "Folded",
    "Passage",
    "directions",
    "post_passage",
    "state_passage",
    "tag",
    "tagged",
    "unknown_words",
    "way_passage",
    "word_passage",
]


class Passage(IntEnum):
    """Who passes on foot; of several answers the least counts."""

    SHUT = 0
    PRIVATE = 1
    """Only those it belongs to."""
    UNKNOWN = 2
    OPEN = 3


_S, _P, _U, _O = Passage

ON_FOOT = words("highway", "walked")
"""Values of ``highway`` that people on foot use."""
_UNLESS_ALLOWED = words("highway", "unless_allowed")
_NEVER = words("highway", "never")

_ALLOWED = words("access", "allowed")
_ACCESS: Mapping[str, Passage] = {
    **dict.fromkeys(words("access", "allowed", "open"), _O),
    **dict.fromkeys(words("access", "private"), _P),
    **dict.fromkeys(words("access", "shut"), _S),
}
_ALWAYS, _NEVER_OPEN = words("hours", "always"), words("hours", "never")
_CONDITION = re.compile(r"\s*([^;@()]+?)\s*@\s*(?:\([^()]*\)|[^;()]*)\s*(?:;|$)")
"""A value and its condition: ``no @ (Mo-Fr 07:00-09:00; PH off)``."""
_YES = frozenset({"yes", "true", "1", "y", "t", "是"})
_NO = frozenset({"", "no", "false", "0", "n", "f", "none", "否"})

_BARS, _HALF, _LOW = (words("posts", name) for name in ("bars", "half", "low"))
_PASSED = words("posts", "doors", "half", "low") | _NO


class Folded:
    """The tags of many rows, each column folded once: what is asked of it is asked of its words.

    Stands wherever a table of tags may; the table is not to be changed meanwhile.
    """

    def __init__(self, tags: pd.DataFrame) -> None:
        self.index = tags.index
        self._tags = tags
        self._known: dict[str, tuple[NDArray[np.int64], list[str]]] = {}

    @classmethod
    def of(cls, tags: pd.DataFrame | Folded) -> Folded:
        """Return the tags folded, if they are not already."""
        return tags if isinstance(tags, cls) else cls(tags)

    def __len__(self) -> int:
        return len(self.index)

    def words(self, name: str) -> tuple[NDArray[np.int64], list[str]]:
        """Return the folded words of a tag, and which each row has; the last is empty."""
        if name not in self._known:
            if name in self._tags:
                told = words_of(self._tags[name])
                codes = told.codes
                words = [*(str(word).strip().casefold() for word in told.words), ""]
            else:
                codes, words = np.zeros(len(self), dtype=np.int64), [""]
            self._known[name] = codes, words
        return self._known[name]


def tag(tags: pd.DataFrame | Folded, name: str) -> pd.Series[str]:
    """Return one tag of every row, folded: no white space, no case; empty where there is none."""
    codes, found = Folded.of(tags).words(name)
    return pd.Series(np.array(found, dtype=object)[codes], index=tags.index, dtype=object)


def tagged(
    tags: pd.DataFrame | Folded, name: str, holds: Callable[[str], bool]
) -> NDArray[np.bool_]:
    """Return whether one tag's folded word is such a one, row by row: each word is asked once."""
    codes, found = Folded.of(tags).words(name)
    rows: NDArray[np.bool_] = np.array([holds(word) for word in found], dtype=bool)[codes]
    return rows


def way_passage(tags: pd.DataFrame | Folded) -> NDArray[np.int8]:
    """Return who passes each way on foot, in whatever direction (``Passage``, one a row).

    Motorways are no ways on foot, nor ``motorroad=yes`` unless ``foot`` allows it outright. A
    trunk road is walked unless it says otherwise: 国道 through a county seat are its main streets.
    A fast road with entries of its own (``expressway=yes``), or in a tunnel without a pavement
    (``tunnel`` and ``sidewalk=no``), is not known to be walked unless ``foot`` allows it.
    A row without any class is a way: who hands in a street layer means it.
    """
    tags = Folded.of(tags)
    told, allowed = _told_on_foot(tags), _among(tags, "foot", _ALLOWED)
    fast = np.minimum(_passages(tags, "motorroad", _flag(_S)), _underground(tags))
    fast = np.minimum(fast, _passages(tags, "expressway", _flag(_U)))
    highway = _passages(tags, "highway", _highway)
    highway[_among(tags, "highway", _UNLESS_ALLOWED) & allowed] = _O
    found = np.minimum(highway, state_passage(tags))
    found = np.minimum(found, _by_word(tags, told))
    found = np.minimum(found, _hours(tags))
    least: NDArray[np.int8] = np.minimum(found, np.where(allowed, _O, fast)).astype(np.int8)
    return least


def state_passage(tags: pd.DataFrame | Folded) -> NDArray[np.int8]:
    """Return whether each way is there and in use: open, shut, or not known."""
    return _passages(Folded.of(tags), "state", _state)


def directions(tags: pd.DataFrame | Folded) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    """Return who walks each way ahead, as it is drawn, and back, were it open.

    ``oneway`` binds vehicles; ``oneway:foot``, ``foot:forward``, ``foot:backward`` and the
    direction of an escalator (``conveying``) bind people on foot.
    """
    tags = Folded.of(tags)
    ahead = _passages(tags, "foot:forward", word_passage)
    back = _passages(tags, "foot:backward", word_passage)
    for name, only_ahead, only_back in (
        ("oneway:foot", _YES, frozenset({"-1", "reverse"})),
        ("conveying", frozenset({"forward"}), frozenset({"backward"})),
    ):
        shut_ahead, shut_back = _among(tags, name, only_back), _among(tags, name, only_ahead)
        known = shut_ahead | shut_back | _among(tags, name, _NO)
        ahead = np.minimum(ahead, np.where(shut_ahead, _S, np.where(known, _O, _U)))
        back = np.minimum(back, np.where(shut_back, _S, np.where(known, _O, _U)))
    return ahead.astype(np.int8), back.astype(np.int8)


def post_passage(tags: pd.DataFrame | Folded) -> NDArray[np.int8]:
    """Return who passes each barrier that stands on a way (``barrier``, ``foot`` …).

    A wall or fence nobody; a gate by ``foot``, else ``access``, and nobody where it is ``locked``;
    a bollard everybody. What is locked though ``foot`` allows it, and a barrier of no known kind,
    are not known.
    """
    tags = Folded.of(tags)
    told = _told_on_foot(tags)
    foot = _passages(tags, "foot", word_passage)
    by_word, hours = _by_word(tags, told), _hours(tags)
    locked = _passages(tags, "locked", _flag(_S))
    locked[hours == _U] = np.maximum(locked[hours == _U], _U)  # locked out of hours
    locked[_among(tags, "barrier", _LOW)] = _O
    beside = _among(tags, "barrier", _HALF) | (told & (foot == _O))
    locked[beside] = np.maximum(locked[beside], _U)
    kind = _passages(tags, "barrier", _kind)
    least: NDArray[np.int8] = np.minimum.reduce([kind, by_word, locked, hours]).astype(np.int8)
    return least


def _told_on_foot(tags: Folded) -> NDArray[np.bool_]:
    blank = frozenset({""})
    return ~(_among(tags, "foot", blank) & _among(tags, "foot:conditional", blank))


def _by_word(tags: Folded, told: NDArray[np.bool_]) -> NDArray[np.int8]:
    """Return what ``foot``, where it is told, else ``access`` says, each with its conditions."""
    foot, access = _passages(tags, "foot", word_passage), _passages(tags, "access", word_passage)
    own = ~_among(tags, "foot", frozenset({""}))
    access = _conditioned(tags, "access", access)
    by_word: NDArray[np.int8] = _conditioned(tags, "foot", np.where(own, foot, access))
    return np.where(told, by_word, access)


def _conditioned(tags: Folded, name: str, always: NDArray[np.int8]) -> NDArray[np.int8]:
    """Return what holds whatever the hour: not known where a condition says otherwise."""
    codes, found = tags.words(f"{name}:conditional")
    least = always.copy()
    for code, word in enumerate(found):
        if word:
            rows = codes == code
            values, whole = _conditions(word)
            least[rows] = (
                min(values) if whole else np.where(_all(values, least[rows]), least[rows], _U)
            )
    return least


def _conditions(word: str) -> tuple[set[Passage], bool]:
    """Return what the values of a condition say, and whether they hold at all times."""
    if "@" not in word:
        return {_least(word, word_passage)}, True
    values = _CONDITION.findall(word)
    if _CONDITION.sub("", word).strip(" ;"):
        return {_U}, False
    return {word_passage(value.strip()) for value in values}, False


def _all(values: set[Passage], rows: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Return which rows are what every one of the values says."""
    same: NDArray[np.bool_] = rows == min(values)
    return same & (len(values) == 1)


def _hours(tags: Folded) -> NDArray[np.int8]:
    """Return whether each row is open at all times, at none, or at some."""
    codes, found = tags.words("opening_hours")
    return np.array([_hour(word) for word in found], np.int8)[codes]


def _hour(word: str) -> Passage:
    if not word or word in _ALWAYS:
        return _O
    return _S if word in _NEVER_OPEN else _U


def _at_times(word: str) -> Passage:
    return _U if word else _O


def word_passage(word: str) -> Passage:
    """Return what one folded value of ``access`` or ``foot`` says; blank is open."""
    return _ACCESS.get(word, _U) if word else _O


def unknown_words(tags: pd.DataFrame, *, posts: bool = False) -> Iterator[tuple[int, str]]:
    """Return row and word (``highway=xyz``) of every value of a way, or a post, not known.

    Only of rows that hang on it: a way that is barred anyway is not told. A row that is not known
    for what its words say together is told by all of them.
    """
    folded_tags = Folded(tags)
    found = (
        post_passage(folded_tags)
        if posts
        else np.minimum(way_passage(folded_tags), np.maximum(*directions(folded_tags)))
    )
    readers = _POST_READERS if posts else _WAY_READERS
    rows = np.flatnonzero(found == _U)
    some = tags.iloc[rows]
    folded = {name: tag(some, name).tolist() for name in readers}
    for at, row in enumerate(rows.tolist()):
        said = {name: folded[name][at] for name in readers if folded[name][at]}
        guilty = [name for name, word in said.items() if _least(word, readers[name]) == _U]
        yield row, " ".join(f"{name}={said[name]}" for name in guilty or said)


def _passages(tags: Folded, name: str, reader: Callable[[str], Passage]) -> NDArray[np.int8]:
    """Return what a tag says of every row: of several values the least."""
    codes, found = tags.words(name)
    least: NDArray[np.int8] = np.array([_least(word, reader) for word in found], np.int8)[codes]
    return least


def _among(tags: Folded, name: str, listed: frozenset[str]) -> NDArray[np.bool_]:
    """Return whether a tag's whole word is one of a list."""
    return tagged(tags, name, listed.__contains__)


def _least(word: str, reader: Callable[[str], Passage]) -> Passage:
    return min(reader(part.strip()) for part in word.split(";"))


def _highway(word: str) -> Passage:
    if word in _NEVER or word in _UNLESS_ALLOWED:
        return _S
    return _O if word in ON_FOOT or not word else _U


def _state(word: str) -> Passage:
    if not word or word in USED_STATES:
        return _O
    return _S if word in BARRED_STATES else _U


def _flag(yes: Passage) -> Callable[[str], Passage]:
    def read(word: str) -> Passage:
        return yes if word in _YES else _O if word in _NO else _U

    return read


def _direction(word: str) -> Passage:
    known = _YES | _NO | {"-1", "reverse", "forward", "backward"}
    return _O if word in known else _U


def _kind(word: str) -> Passage:
    if word in _BARS:
        return _S
    return _O if word in _PASSED else _U


def _underground(tags: Folded) -> NDArray[np.int8]:
    """Return what a tunnel without a pavement is: not known, where the road is a trunk road."""
    bare = _among(tags, "sidewalk", frozenset({"no", "none"})) & ~_among(tags, "tunnel", _NO)
    bare &= _among(tags, "highway", frozenset({"trunk", "trunk_link"}))
    return np.where(bare, _U, _O).astype(np.int8)


_WAY_READERS: Mapping[str, Callable[[str], Passage]] = {
    "highway": _highway,
    "state": _state,
    "foot": word_passage,
    "access": word_passage,
    "foot:conditional": _at_times,
    "access:conditional": _at_times,
    "opening_hours": _hour,
    "motorroad": _flag(_S),
    "expressway": _flag(_U),
    "oneway:foot": _direction,
    "conveying": _direction,
    "foot:forward": word_passage,
    "foot:backward": word_passage,
}
_POST_READERS: Mapping[str, Callable[[str], Passage]] = {
    "barrier": _kind,
    "foot": word_passage,
    "access": word_passage,
    "foot:conditional": _at_times,
    "access:conditional": _at_times,
    "opening_hours": _hour,
    "locked": _flag(_S),
}
