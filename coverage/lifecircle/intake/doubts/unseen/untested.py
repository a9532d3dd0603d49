"""Of which positions does nothing say whether they lie right: of a ledger, towns, or half of it.

A diagnosis that was not made is not "nothing found": it is said, once where two ledgers share it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from lifecircle.intake.doubts.weights import Held
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from lifecircle.intake.doubts.links import Link
    from lifecircle.model.inputs.layers import Layer

    Mask = NDArray[np.bool_]

__all__ = ["LEDGERS", "Known", "notes"]

LEDGERS = ("facilities", "residential")
_FEW = 5
"""Places from which it is said without streets: four are looked up in a map before one reads on."""

_NONE_HELD = Held()


@dataclass(frozen=True, slots=True)
class Known:
    """What was found of the ledgers.

    Parameters
    ----------
    asked
        The ledgers whose positions are degrees of a declared datum.
    told
        What was told of layers' datums, or asked about.
    agreed
        Pairs of layers that agree.
    links
        The rows that say where they belong.
    held
        Ledger → the towns whose rows show that they lie as they were read.
    unseen
        Ledger → which of its rows (n,) may lie in another datum → the datums in which half of these
        could lie without being told.
    bare
        Ledger → which of its rows (n,) nothing says where they belong.
    """

    asked: set[str]
    told: Sequence[Problem]
    agreed: Sequence[tuple[str, str]]
    links: Sequence[Link]
    held: Mapping[str, Held]
    unseen: Callable[[Mapping[str, Mask]], Sequence[str]]
    bare: Mapping[str, Mask]


def notes(
    layers: Mapping[str, Layer], sources: Mapping[str, Any], known: Known, *, beside: bool
) -> Iterator[Problem]:
    """Yield that nothing says whether a ledger lies right, or some of its towns, or half of it.

    Of a ledger that has outlines of units, or agrees with something, the towns and the halves are
    asked, unless anything is told: then there is something to put right first. Where it agrees and
    has no outlines, only those towns of which rows lie elsewhere and would come home in another
    datum: homes of a town and its facilities may be off together everywhere.
    """
    asked = known.asked - {problem.layer for problem in known.told}
    free = _agree_with_none(asked, known.agreed)
    outlined = {link.layer for link in known.links if link.other == "units"}
    some = set() if known.told else asked - ({*free} - outlined)
    whole = [name for name in free if name not in some]
    yield from _untested(layers, whole, sources, beside=beside)
    near = some - {*free} - outlined
    yield from _towns(layers, some, sources, known.held, agreed=near, beside=beside)
    yield from _halves(layers, some, sources, known)


def _untested(
    layers: Mapping[str, Layer], free: Iterable[str], sources: Mapping[str, Any], *, beside: bool
) -> Iterator[Problem]:
    """Yield that nothing says whether the positions of a layer lie right, where it has any.

    Once of both ledgers where no streets are ``beside`` them: they may be off together. Of a few
    places anyone sees where they lie.
    """
    least = 1 if beside else _FEW
    some = [name for name in free if layers[name].located.sum() >= least]
    together = len(some) == len(LEDGERS) and not beside
    for name in some[-1:] if together else some:
        file, declared = sources[name]
        words = {"declared": declared, **({"together": True} if together else {})}
        yield Problem(ProblemCode.DATUM_UNTESTED, Severity.INFO, words, layer=name, file=file)


def _towns(
    layers: Mapping[str, Layer],
    names: Iterable[str],
    sources: Mapping[str, Any],
    held: Mapping[str, Held],
    *,
    agreed: set[str],
    beside: bool,
) -> Iterator[Problem]:
    """Yield of which towns nothing says whether their rows lie right, once of both ledgers.

    Of each by itself where they were read in two datums, or rows say their own: somebody knows it
    of those, and they are not meant.
    """
    found = dict[str, _Free]()
    for name in sorted(names):
        if layers[name].located.sum() >= (1 if beside else _FEW):
            known = held.get(name, _NONE_HELD)
            one = _free_towns(layers[name], known, only_coming=name in agreed)
            found |= {name: one} if one.rows else {}
    read = {sources[name][1] for name in found}
    together = len(read) < len(found) and not any(_says_datums(layers[name]) for name in found)
    for mine in [[*found]] if together else [[name] for name in found]:
        words = _words(layers, [found[name] for name in mine])
        if together:
            words |= {"together": True, **{f"{n}_rows": found[n].rows.total() for n in mine}}
        file, words["declared"] = sources[mine[-1]]
        yield Problem(ProblemCode.DATUM_UNTESTED, Severity.INFO, words, layer=mine[-1], file=file)


def _says_datums(layer: Layer) -> bool:
    """Return whether any row of a layer says in which datum it is."""
    return "datum" in layer.frame and bool(layer.frame["datum"].notna().any())


class _Free(NamedTuple):
    """The towns of a ledger that nothing holds: code → its rows, and those that would come home."""

    rows: Counter[str]
    come: Counter[str]


def _free_towns(layer: Layer, known: Held, *, only_coming: bool) -> _Free:
    """Return the towns of a ledger that nothing holds, of ``only_coming`` those with such rows."""
    rows = layer.frame.loc[_free(layer), "unit"].value_counts()
    rows = rows[~rows.index.isin([*known.towns])]
    if only_coming:
        rows = rows[rows.index.isin([code for code, some in known.come.items() if some])]
    come = {code: known.come.get(code, 0) for code in rows.index}
    return _Free(Counter(rows.to_dict()), Counter(come))


def _words(layers: Mapping[str, Layer], ledgers: Iterable[_Free]) -> dict[str, Any]:
    """Return towns with their rows; those of which rows would come home in another datum first."""
    called = layers["units"].frame["name"] if "units" in layers else {}
    rows, come = Counter[str](), Counter[str]()
    for one in ledgers:
        rows.update(one.rows)
        come.update(one.come)
    towns = sorted(rows, key=lambda code: (-come[code], -rows[code], code))
    names = [str(called.get(code, code)) for code in towns]
    return {"towns": names, "count": rows.total(), "come": come.total() or None}


def _halves(
    layers: Mapping[str, Layer], names: Iterable[str], sources: Mapping[str, Any], known: Known
) -> Iterator[Problem]:
    """Yield in which datums half of a ledger could lie without being told, once of both ledgers.

    And of how many rows nothing says where they belong, though it is said of others.
    Rows that say their own datum are not meant, nor ledgers of a few rows: whoever looks at half of
    them has looked at all.
    """
    free = {name: _free(layers[name]) for name in sorted(names)}
    free = {name: rows for name, rows in free.items() if rows.sum() >= _FEW}
    datums = known.unseen(free) if free else ()
    bare = {name: int((known.bare[name] & rows).sum()) for name, rows in free.items()}
    bare = {name: count for name, count in bare.items() if count >= _FEW}
    if datums:
        words: dict[str, Any] = {"bare": sum(bare.values())} if bare else {}
        words |= {"together": True} if len(free) == len(LEDGERS) else {}
        yield _note(max(free), sources, free, datums=[*datums], **words)
        return
    for name, count in bare.items():
        if count < free[name].sum():
            yield _note(name, sources, free, bare=count)


def _note(name: str, sources: Mapping[str, Any], free: Mapping[str, Mask], **words: Any) -> Problem:
    """Return a note on the rows of a ledger that say no datum of their own."""
    file, declared = sources[name]
    words |= {"declared": declared, "count": int(free[name].sum())}
    return Problem(ProblemCode.DATUM_UNTESTED, Severity.INFO, words, layer=name, file=file)


def _free(layer: Layer) -> Mask:
    """Return which rows (n,) of a layer have a position and do not say in which datum it is."""
    rows: Mask = layer.located.to_numpy().copy()
    if "datum" in layer.frame:
        rows &= layer.frame["datum"].isna().to_numpy()
    return rows


def _agree_with_none(asked: set[str], agreed: Iterable[tuple[str, str]]) -> list[str]:
    """Return the layers that agree with nothing but each other."""
    pairs = list(agreed)
    held = {name for pair in pairs for name in pair} - asked
    for _ in asked:
        held |= {name for pair in pairs if held & set(pair) for name in pair}
    return sorted(asked - held)
