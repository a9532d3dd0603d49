"""One problem of the input: where it stands, and how it is told."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from lifecircle.model.allowed import Params
from lifecircle.model.dictionary import LAYERS, PROPOSAL_PARTS, columns
from lifecircle.model.problem.codes import ProblemCode, Severity
from lifecircle.texts import NO_TEXT, known, say, word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Problem", "by_severity", "describe", "unread_text", "worst"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with the input, and where it stands.

    Parameters
    ----------
    params
        What the code speaks of; numbers in the unit of their name.
    row
        As the user's program counts it (Excel and CSV: the header is row 1; GIS files: the
        feature's number from 1).
    cell
        An Excel address such as ``B7``.
    value
        What stands there, as text.
    """

    code: ProblemCode
    severity: Severity
    params: Params = field(default_factory=lambda: MappingProxyType({}))
    layer: str | None = None
    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    cell: str | None = None
    column: str | None = None
    value: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the plain mapping that ``assessment.json`` and ``--json`` carry."""
        return {
            "code": str(self.code),
            "severity": str(self.severity),
            "params": dict(self.params),
            "layer": self.layer,
            "file": self.file,
            "sheet": self.sheet,
            "row": self.row,
            "cell": self.cell,
            "column": self.column,
            "value": self.value,
        }


_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


def by_severity(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems with the errors first, else in their order."""
    return tuple(sorted(problems, key=lambda problem: _ORDER[problem.severity]))


def worst(problems: Iterable[Problem]) -> Severity | None:
    """Return the worst severity among ``problems``; None if there are none above ``info``."""
    found = [p.severity for p in problems if p.severity is not Severity.INFO]
    return min(found, key=_ORDER.__getitem__) if found else None


_TEXTS = "problems"
_KNOWN_BESIDES = (
    "to_metres",
    "proposal",
    "trial",
    "unopened",
    "nearest",
    "allowed",
    "low",
    "suggest",
    "service",
    "towns",
    "by_row",
    "instead",
    "needs",
    "datums",
    "bare",
)
"""Where it stands (a proposal is mended in its own file) and what is known besides (a near name,
the allowed values) make the remedy more exact."""


def describe(problem: Problem, language: str) -> dict[str, str]:
    """Return a problem in words: ``what`` is wrong, ``why`` it matters, ``remedy``, ``where``.

    Parameters
    ----------
    problem
        The problem.
    language
        ``"zh"`` or ``"en"``.
    """
    stands = problem.to_json()
    params = {**stands, **problem.params}
    if "allowed" in params:
        params["allowed"] = _spoken(params["allowed"], language)
    params |= _headers(problem, language)
    # What is to be pasted into study.toml is quoted as TOML has it.
    params |= {
        f"toml_{name}": json.dumps(str(params[name]), ensure_ascii=False)
        for name in ("value", "column", "key", "nearest")
        if params.get(name) is not None
    }
    remedies = (
        f"remedy_{name}"
        for name in (problem.layer, *(n for n in _KNOWN_BESIDES if params.get(n) is not None))
    )
    remedy = next((r for r in remedies if known(_TEXTS, f"{problem.code}.{r}")), "remedy")
    what = next((w for w in _whats(problem) if known(_TEXTS, f"{problem.code}.{w}")), "what")
    why = _why(problem, params)
    return {
        "what": say(_TEXTS, f"{problem.code}.{what}", language, **params),
        "why": say(_TEXTS, f"{problem.code}.{why}", language, **params),
        "remedy": say(_TEXTS, f"{problem.code}.{remedy}", language, **params),
        "where": _where(stands, language),
    }


def unread_text(problem: Problem, language: str) -> str:
    """Return what is written in a row and not used, and where it stands: file, sheet, cell."""
    stands = {**problem.to_json(), "column": None}
    try:
        what = describe(problem, language)["what"]
    except NO_TEXT:  # written by another version
        what = str(problem.code)
    return say(_TEXTS, "where.unread", language, what=what, where=_where(stands, language))


def _why(problem: Problem, params: Mapping[str, Any]) -> str:
    """Return which sentence says why it matters."""
    special = {
        "why_none": params.get("unknown") == 0,  # nothing was lost by it
        "why_towns": "towns" in params,
        "why_datums": "datums" in params,
        "why_bare": "bare" in params,
        "why_layer": "needs" in params,
    }
    for name, fits in special.items():
        if fits and known(_TEXTS, f"{problem.code}.{name}"):
            return name
    if known(_TEXTS, f"{problem.code}.why_{problem.layer}"):
        return f"why_{problem.layer}"
    if "together" in params:  # two ledgers that nothing but each other is beside
        return "why_together"
    graver = f"why_{problem.severity}"  # what a row set aside costs is more than what a gap does
    return graver if known(_TEXTS, f"{problem.code}.{graver}") else "why"


_WHAT_IF = {
    "names": "what_named",
    "needs": "what_layer",
    "approximate": "what_about",
    "instead": "what_instead",
    "open": "what_open",
}
"""What is known besides, and the words that say it: ``needs`` is a layer, ``instead`` the datum in
which the other of two layers may be."""


def _whats(problem: Problem) -> list[str]:
    """Return the ways to say what is wrong, the most exact first: of some there are no words."""
    whats = [f"what_{problem.severity}"]  # what stops a proposal is not taken as anything
    if problem.params.get("count") == 0:  # a list of nobody
        whats.append("what_none")
    whats += [what for name, what in _WHAT_IF.items() if name in problem.params]
    if problem.layer in PROPOSAL_PARTS:
        whats.append("what_planned")
    if "stage" in problem.params and problem.params["stage"] is None:  # a blank one is lived in
        whats.append("what_untold")
    both = "_together" if "together" in problem.params else ""
    if "towns" in problem.params:  # without outlines none of their rows lies elsewhere
        outlined = problem.params.get("come") is not None
        whats.append(f"what_towns{'' if outlined else '_near'}{both}")
    bare = "_bare" if "bare" in problem.params else ""
    if "datums" in problem.params:  # half of the rows may lie in any of them
        whats.append(f"what_half{both}{bare}")
    return [*whats, *(f"what{end}" for end in (bare, both) if end)]


def _spoken(allowed: Any, language: str) -> Any:
    """Return allowed words in one language, where there are some in both; keys of a file stay."""
    if not isinstance(allowed, list | tuple):
        return allowed
    english = [one for one in allowed if str(one).isascii() and str(one)[:1].isalpha()]
    chinese = [one for one in allowed if not str(one).isascii()]
    other = {"zh": english, "en": chinese}.get(language, [])
    return [one for one in allowed if one not in other] if english and chinese else allowed


def _headers(problem: Problem, language: str) -> dict[str, Any]:
    """Return what a problem says of columns as headers that are understood when they are read."""
    about, specs = (
        problem.params,
        columns(problem.layer) if problem.layer in {*LAYERS, *PROPOSAL_PARTS} else {},
    )

    def header(name: Any) -> str:
        return specs[name].header(language) if name in specs else str(name)

    found: dict[str, Any] = {"header_needed": header(about.get("field"))}
    if "needs" in about:
        found["needed"] = word("layer", about["needs"], language)
    if "side" in about:
        found["side"] = word("side", about["side"], language)
    if problem.code is ProblemCode.COLUMNS_ABSENT:
        costs = {header(name): " ".join(clauses) for name, clauses in about["costs"].items()}
        template = "{}（{}）" if language == "zh" else "{} ({})"
        found["names"] = [template.format(*one) for one in costs.items()]
        found["header"] = header(about["key"])
    if problem.code in {ProblemCode.COLUMN_CUT, ProblemCode.COLUMN_AMBIGUOUS}:
        found["names"] = [header(name) for name in about["names"]]
    return found


def _where(stands: Mapping[str, Any], language: str) -> str:
    """Return file, sheet, cell (or row) and column in words, as far as they are known."""
    parts = [part for part in ("file", "sheet", "cell") if stands[part]]
    if stands["row"] and not stands["cell"]:
        parts.append("row")
    if stands["column"]:
        parts.append("column")
    said = [say(_TEXTS, f"where.{part}", language, **{part: stands[part]}) for part in parts]
    return say(_TEXTS, "where.separator", language).join(said)
