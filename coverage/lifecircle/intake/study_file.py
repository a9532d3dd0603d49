"""The study file: ``study.toml`` read against closed keys, every mistake at once."""

from __future__ import annotations

import math
import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from pyproj import CRS
from pyproj.exceptions import CRSError

from lifecircle.errors import nearest_name
from lifecircle.intake.study_schema import Document, LayerList, keys_at
from lifecircle.model.dictionary import columns
from lifecircle.model.parameters import Parameters
from lifecircle.model.problem import Problem, ProblemCode, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from lifecircle.intake.study_schema import Heading, Indicator

__all__ = ["StudyFile", "read_study_file"]


@dataclass(frozen=True, slots=True, eq=False)
class StudyFile:
    """A study file that holds together; paths are as written, ``folder`` resolves them."""

    path: Path
    heading: Heading
    layers: LayerList
    parameters: Parameters
    readings: Mapping[str, str]
    indicators: Mapping[str, Indicator]
    evidence: Mapping[str, Any]

    def resolve(self, written: str) -> Path:
        """Return a path of the study file, relative ones from its own folder."""
        # Windows paths work everywhere; a backslash in a file name does not occur.
        return self.path.parent / written.replace("\\", "/")

    @property
    def standards(self) -> tuple[str, ...]:
        """Library ids as they are, the user's own files resolved."""
        return tuple(
            str(self.resolve(name)) if name.lower().endswith(".toml") else name
            for name in self.heading.standard
        )


def read_study_file(path: Path) -> tuple[StudyFile | None, tuple[Problem, ...]]:
    """Read ``study.toml``; None and every mistake at once if it cannot be used."""
    content, mistakes = _parsed(path)
    if content is None:
        return None, mistakes
    document, found = _validated(content)
    parameters, parameter_mistakes = _parameters(content)
    found += parameter_mistakes
    heading = content.get("study")
    crs = heading.get("crs") if isinstance(heading, dict) else None
    if isinstance(crs, str) and (detail := _crs_mistake(crs)):
        found.append(_Mistake(ProblemCode.STUDY_VALUE, "study.crs", crs, {"detail": detail}))
    found += _unknown_columns(content)
    if document is None or found:
        return None, tuple(mistake.problem(path) for mistake in found)
    return StudyFile(
        path=path,
        heading=document.study,
        layers=document.layers,
        parameters=parameters,
        readings=document.readings,
        indicators=document.indicators,
        evidence=document.evidence,
    ), ()


@dataclass(frozen=True, slots=True)
class _Mistake:
    """A key that is wrong: which, what it says, and why."""

    code: ProblemCode
    key: str
    value: Any = None
    params: Mapping[str, Any] = field(default_factory=dict)

    def problem(self, path: Path) -> Problem:
        return _problem(self.code, path, value=self.value, key=self.key, **self.params)


def _problem(
    code: ProblemCode, path: Path, *, value: Any = None, row: int | None = None, **params: Any
) -> Problem:
    shown = None if value is None else str(value)
    return Problem(
        code, Severity.ERROR, params, layer="study", file=path.name, row=row, value=shown
    )


def _parsed(path: Path) -> tuple[dict[str, Any] | None, tuple[Problem, ...]]:
    """Return the TOML of a file, or None and why it cannot be read."""
    code, row, detail = ProblemCode.STUDY_SYNTAX, None, "not_utf8"
    text = ""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        return tomllib.loads(text), ()
    except FileNotFoundError:
        return None, (_problem(ProblemCode.STUDY_MISSING, path, value=path),)
    except OSError as error:
        code, detail = ProblemCode.FILE_UNREADABLE, str(error.strerror)
    except UnicodeDecodeError:
        pass
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        row = int(line[1]) if line else text.count("\n") + 1
        detail = str(error)
    return None, (_problem(code, path, row=row, detail=detail),)


def _validated(content: Mapping[str, Any]) -> tuple[Document | None, list[_Mistake]]:
    try:
        return Document.model_validate(content), []
    except ValidationError as error:
        return None, [_mistake(one) for one in error.errors(include_url=False)]


def _mistake(error: Any) -> _Mistake:
    where = [str(part) for part in error["loc"]]
    key = ".".join(where)
    if error["type"] == "extra_forbidden":
        near = nearest_name(where[-1], keys_at(tuple(where[:-1])))
        return _Mistake(ProblemCode.STUDY_KEY_UNKNOWN, key, params={"nearest": near})
    if error["type"] == "missing":
        return _Mistake(ProblemCode.STUDY_KEY_MISSING, key)
    value = error["input"]
    shown = None if isinstance(value, dict) else value
    return _Mistake(ProblemCode.STUDY_VALUE, key, shown, _detail(error))


def _parameters(content: Mapping[str, Any]) -> tuple[Parameters, list[_Mistake]]:
    given = content.get("parameters")
    good: dict[str, float | None] = {}
    mistakes = []
    for name, value in given.items() if isinstance(given, dict) else ():
        mistake = _parameter_mistake(name, value)
        if mistake is None:
            good[name] = float(value)
        else:
            mistakes.append(mistake)
    return Parameters().having(**good), mistakes


def _detail(error: Any) -> dict[str, Any]:
    """Return the closed reason for a value, a text of domain ``problems`` (``detail.<it>``)."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "literal_error":
        return {"detail": "one_of", "allowed": re.findall("'([^']*)'", context["expected"])}
    if kind in {"greater_than", "greater_than_equal", "finite_number"}:
        return {"detail": "number_range"}
    for prefix in ("string", "date", "float", "list", "model", "dict"):
        if kind.startswith(prefix):
            too_short = kind == "string_too_short"
            mismatch = kind == "string_pattern_mismatch"
            return {"detail": "empty" if too_short else "six_digits" if mismatch else prefix}
    if kind == "value_error":  # only dates have a validator of their own
        return {"detail": "date"}
    return {"detail": "empty" if kind == "too_short" else str(error["msg"])}


def _parameter_mistake(name: str, value: Any) -> _Mistake | None:
    key = f"parameters.{name}"
    if name not in Parameters.names():
        near = nearest_name(name, Parameters.names())
        return _Mistake(ProblemCode.STUDY_KEY_UNKNOWN, key, params={"nearest": near})
    # TOML has nan, inf and true; none of them is a number of metres.
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return _Mistake(ProblemCode.STUDY_VALUE, key, value, {"detail": "float"})
    low, strict = Parameters.bound(name)
    if value < low or (strict and value == low):
        detail = "above" if strict else "at_least"
        return _Mistake(ProblemCode.STUDY_VALUE, key, value, {"detail": detail, "low": low})
    return None


def _crs_mistake(text: str) -> str | None:
    """Return why ``text`` cannot be the study's CRS, or None."""
    try:
        crs = CRS.from_user_input(text)
    except CRSError:
        return "crs_unknown"
    if not crs.is_projected:
        return "crs_degrees"
    if any(axis.unit_name != "metre" for axis in crs.axis_info):
        return "crs_not_metres"
    # Web Mercator stretches lengths by 1/cos(latitude): 1000 m there is 821 m at 34.8°N.
    method = crs.coordinate_operation.method_name if crs.coordinate_operation else ""
    return "crs_mercator" if "Pseudo" in method else None


def _unknown_columns(content: Mapping[str, Any]) -> Iterator[_Mistake]:
    layers = content.get("layers")
    for layer, options in layers.items() if isinstance(layers, dict) else ():
        given = options.get("columns") if isinstance(options, dict) else None
        if layer not in LayerList.model_fields or layer == "streets" or not isinstance(given, dict):
            continue
        known = columns(layer)
        for name in given:
            if name not in known:
                near = nearest_name(name, known)
                key = f"layers.{layer}.columns.{name}"
                yield _Mistake(ProblemCode.STUDY_KEY_UNKNOWN, key, params={"nearest": near})
