"""What a street layer says in words: which are known, and what a study says of the others."""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import TYPE_CHECKING, Any

import pandas as pd

from lifecircle.model.inputs.walkable import tag, unknown_words
from lifecircle.model.problem import ProblemCode, Severity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

    from lifecircle.model.inputs.streets import StreetLines
    from lifecircle.sources.streets.lines import StreetSource

__all__ = ["Told", "said_of_days", "said_of_words", "with_words"]

_MOST = 8
"""Words that a message names, the most frequent first."""
_SAID = {
    "highway": ("road", "no"),
    "state": ("open", "closed"),
    "barrier": ("entrance", "wall"),
    "locked": ("no", "yes"),
    "oneway:foot": ("no", "no"),
    "conveying": ("no", "no"),
    "opening_hours": ("24/7", "off"),
}
"""Key → the word for what is walked, and for what is not; of others ``yes`` and ``no``."""
_PASSED = ("yes", "no")
_WHOLE = frozenset({"opening_hours", "foot:conditional", "access:conditional"})
"""Keys whose texts have semicolons of their own."""

Told = tuple[ProblemCode, Severity, dict[str, Any]]


def with_words(lines: StreetLines, walked: Mapping[str, bool]) -> StreetLines:
    """Return the streets with a study's own words made known.

    Parameters
    ----------
    walked
        Word → whether what bears it is walked, in whatever column it stands; case and white space
        do not count.
    """
    if not walked:
        return lines
    own = {word.strip().casefold(): use for word, use in walked.items()}
    posts = lines.posts
    if posts is not None:
        posts = posts.assign(**_made_known(pd.DataFrame(posts.drop(columns="geometry")), own))
    return dataclasses.replace(
        lines, tags=lines.tags.assign(**_made_known(lines.tags, own)), posts=posts
    )


def _made_known(tags: pd.DataFrame, own: Mapping[str, bool]) -> dict[str, pd.Series[Any]]:
    changed = {}
    keys = {"highway", "state", "foot", "access", "motorroad", "expressway", *_SAID, *_WHOLE}
    for key in keys & {*tags.columns}:
        said = tag(tags, key)
        some = said.map(lambda word, key=key: any(p.strip() in own for p in _parts(key, word)))
        if some.any():
            column = tags[key].astype(object)
            column[some] = [
                ";".join(_known(key, part, own) for part in _parts(key, word))
                for word in said[some]
            ]
            changed[key] = column
    return changed


def _parts(key: str, word: str) -> list[str]:
    return [word] if key in _WHOLE else word.split(";")


def _known(key: str, word: str, own: Mapping[str, bool]) -> str:
    use = own.get(word.strip())
    if use is None:
        return word
    yes, no = _SAID.get(key, _PASSED)
    return yes if use else no


def said_of_days(barred: Counter[str], day: dt.date) -> Iterator[Told]:
    """Return what there is to say of ways that are not walked for their day: → how many."""
    if barred:
        params = {"count": barred.total(), "words": _frequent(barred), "day": day.isoformat()}
        yield ProblemCode.STREETS_OTHER_DAY, Severity.INFO, params


def _frequent(words: Counter[str]) -> list[str]:
    """Return the most frequent words, each with its number; … stands for the others."""
    told = [f"{word} ({count})" for word, count in words.most_common(_MOST)]
    return told + ["…"] * (len(words) > _MOST)


def said_of_words(source: StreetSource, lines: StreetLines) -> Iterator[Told]:
    """Return what there is to say of columns, drawing layers and words: code, severity, params."""
    if source.unread:
        params: dict[str, Any] = {"columns": list(source.unread)}
        yield ProblemCode.STREETS_COLUMN_UNREAD, Severity.WARNING, params
    if source.drawn:
        params = {
            kind: [f"{name} ({count})" for name, count, what in source.drawn if what == kind]
            for kind in ("street", "no", "unknown")
        }
        yield ProblemCode.STREETS_DRAWN, Severity.WARNING, params
    words = Counter(word for _, word in unknown_words(lines.tags))
    if lines.posts is not None:
        words += Counter(word for _, word in unknown_words(lines.posts, posts=True))
    if words:
        params = {"count": words.total(), "words": _frequent(words)}
        yield ProblemCode.STREETS_WORDS_UNKNOWN, Severity.WARNING, params
