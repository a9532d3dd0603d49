"""The study file: ``study.toml`` read against closed keys, every mistake at once."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from pyproj import CRS
from pyproj.exceptions import CRSError

from lifecircle.errors import file_refusal, nearest_name
from lifecircle.intake.settings.old_datums import old_datum
from lifecircle.intake.settings.paths import path_mistake
from lifecircle.intake.settings.schema import Document, LayerList, keys_at
from lifecircle.model.dictionary import columns
from lifecircle.model.inputs.mapping.basemap import basemap
from lifecircle.model.inputs.parameters import Parameters
from lifecircle.model.problem import Problem, ProblemCode, Severity
from lifecircle.sources.database import is_database
from lifecircle.sources.guarded_toml import TomlError, parse_toml, toml_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from lifecircle.intake.settings.schema import (
        AliasList,
        Evidence,
        Heading,
        Indicator,
        MapOptions,
    )
    from lifecircle.model.inputs.mapping.basemap import Basemap

__all__ = ["StudyFile", "read_study_file"]

_FORMS = frozenset({"<one>", "<several>", "<header>", "<constant>"})
"""Names of the forms a value may have (tags in ``settings.schema``)."""
_MISSING = ProblemCode.STUDY_KEY_MISSING
_SHOWN = 200
"""Characters of a wrong value that a message shows."""


@dataclass(frozen=True, slots=True, eq=False)
class StudyFile:
    """A study file that holds together; paths are as written, ``folder`` resolves them.

    ``notes`` is what to tell of it though it can be used.
    """

    path: Path
    heading: Heading
    layers: LayerList
    parameters: Parameters
    readings: Mapping[str, str]
    aliases: AliasList
    indicators: Mapping[str, Indicator]
    map: MapOptions
    evidence: Mapping[str, Sequence[Evidence]]
    notes: tuple[Problem, ...]

    def resolve(self, written: str) -> Path:
        """Return a path of the study file, relative ones from its own folder."""
        # Windows paths work everywhere; a backslash in a file name does not occur.
        return self.path.parent / written.replace("\\", "/")

    def source(self, written: str) -> Path | str:
        """Return where a layer is read from: a file, or a database's URL as it is written."""
        return written if is_database(written) else self.resolve(written)

    def sources(self, options: Any) -> list[Path | str]:
        """Return where the parts of a layer are read from, in their order."""
        return [self.source(path) for path in options.paths]

    @property
    def basemap(self) -> Basemap | None:
        """Tiles behind the map, where the study asks for them."""
        wanted = self.map
        if wanted.basemap is None:
            return None
        return basemap(wanted.basemap, wanted.basemap_key, wanted.basemap_attribution)

    @property
    def standards(self) -> tuple[str, ...]:
        """Library ids as they are, the user's own files resolved."""
        return tuple(
            str(self.resolve(name)) if name.lower().endswith((".toml", ".xlsx")) else name
            for name in self.heading.standard
        )


def read_study_file(
    path: Path, content: dict[str, Any] | None = None
) -> tuple[StudyFile | None, tuple[Problem, ...]]:
    """Read ``study.toml``; None and every mistake at once if it cannot be used.

    ``content``: what stands in it, where it has been parsed already.
    """
    if content is None:
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
    found += _gate_mistakes(content)
    found += _street_mistakes(content)
    outside: list[_Mistake] = []
    if document is not None:
        more, outside = _of_the_whole(document, path.parent)
        found += more
    if document is None or found:
        return None, tuple(mistake.problem(path) for mistake in found)
    return StudyFile(
        path=path,
        heading=document.study,
        layers=document.layers,
        parameters=parameters,
        readings=document.readings,
        aliases=document.aliases,
        indicators=document.indicators,
        map=document.map,
        evidence=document.evidence,
        notes=tuple(mistake.note(path) for mistake in outside),
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

    def note(self, path: Path) -> Problem:
        """Return what to say of a path out of the study's folder that the study allows."""
        code, shown = ProblemCode.PATH_OUTSIDE_READ, _shown(self.value)
        said = {"key": self.key}
        return Problem(code, Severity.INFO, said, layer="study", file=path.name, value=shown)


def _problem(
    code: ProblemCode, path: Path, *, value: Any = None, row: int | None = None, **params: Any
) -> Problem:
    shown = None if value is None else _shown(value)
    return Problem(
        code, Severity.ERROR, params, layer="study", file=path.name, row=row, value=shown
    )


def _shown(value: Any) -> str:
    try:
        text = str(value)
    except ValueError:  # a hexadecimal number of more digits than Python prints
        text = hex(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _parsed(path: Path) -> tuple[dict[str, Any] | None, tuple[Problem, ...]]:
    """Return the TOML of a file, or None and why it cannot be read."""
    try:
        return parse_toml(toml_bytes(path)), ()
    except FileNotFoundError:
        return None, (_problem(ProblemCode.STUDY_MISSING, path, value=path.name),)
    except OSError as error:
        detail = f"file_{file_refusal(error)}"
        return None, (_problem(ProblemCode.FILE_UNREADABLE, path, detail=detail),)
    except TomlError as error:
        code, row = ProblemCode.STUDY_SYNTAX, error.line
        return None, (_problem(code, path, row=row, detail=error.detail),)


def _validated(content: Mapping[str, Any]) -> tuple[Document | None, list[_Mistake]]:
    try:
        return Document.model_validate(content), []
    except ValidationError as error:
        found = [_mistake(one) for one in error.errors(include_url=False)]
    if any(one.key == "layers" and one.code is _MISSING for one in found):
        needed = (name for name, one in LayerList.model_fields.items() if one.is_required())
        found = [one for one in found if one.key != "layers"]
        found += [_missing(f"layers.{name}") for name in needed]
    return None, found


def _missing(key: str) -> _Mistake:
    """Return that a key is not there; ``needs``: the layer whose file is not named by it."""
    section, *names = key.split(".")
    told = {"needs": names[0]} if section == "layers" and names else {}
    return _Mistake(_MISSING, key, params=told)


def _mistake(error: Any) -> _Mistake:
    # the name of a form a value may have (one path, or a list of them) is no key
    where = [str(part) for part in error["loc"] if str(part) not in _FORMS]
    where = where or [str(part) for part in error["loc"][-1:]]
    key = ".".join(where)
    if error["type"] == "extra_forbidden":
        near = nearest_name(where[-1], keys_at(tuple(where[:-1])))
        return _Mistake(ProblemCode.STUDY_KEY_UNKNOWN, key, params={"nearest": near})
    if error["type"] == "missing":
        return _missing(key)
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
    if isinstance(value, bool) or not isinstance(value, int | float) or not _finite(value):
        return _Mistake(ProblemCode.STUDY_VALUE, key, value, {"detail": "float"})
    low, strict = Parameters.bound(name)
    if value < low or (strict and value == low):
        detail = "above" if strict else "at_least"
        return _Mistake(ProblemCode.STUDY_VALUE, key, value, {"detail": detail, "low": low})
    return None


def _finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # TOML's whole numbers have no end, a float has
        return False


def _basemap_mistake(wanted: MapOptions) -> _Mistake | None:
    """Return what is wrong with the background asked for; a key is never shown."""
    try:
        if wanted.basemap is not None:
            basemap(wanted.basemap, wanted.basemap_key)
    except ValueError as error:
        if str(error) == "key":
            detail = {"detail": "basemap_key"}
            return _Mistake(ProblemCode.STUDY_VALUE, "map.basemap_key", "", detail)
        detail = {"detail": "basemap"}
        return _Mistake(ProblemCode.STUDY_VALUE, "map.basemap", wanted.basemap, detail)
    return None


def _of_the_whole(document: Document, folder: Path) -> tuple[list[_Mistake], list[_Mistake]]:
    """Return what is wrong with paths and background, and the ways out that the study allows."""
    wrong = list(_paths(document, folder))
    allowed = document.study.allow_outside
    outside = [m for m in wrong if allowed and m.code is ProblemCode.PATH_OUTSIDE]
    found = [mistake for mistake in wrong if mistake not in outside]
    if mistake := _basemap_mistake(document.map):
        found.append(mistake)
    return found, outside


def _paths(document: Document, folder: Path) -> Iterator[_Mistake]:
    """Yield the paths that cannot be opened or lead out of the study's folder."""
    written = [
        (f"layers.{name}.path", path)
        for name in LayerList.model_fields
        if (options := getattr(document.layers, name)) is not None
        for path in options.paths
    ]
    if (shapes := document.layers.residential.shapes) is not None:
        written += [("layers.residential.shapes.path", path) for path in shapes.paths]
    own = [name for name in document.study.standard if name.lower().endswith((".toml", ".xlsx"))]
    written += [("study.standard", name) for name in own]
    for key, value in written:
        mistake = None if is_database(value) else path_mistake(folder, value)
        if mistake == "outside":
            yield _Mistake(ProblemCode.PATH_OUTSIDE, key, value)
        elif mistake is not None:
            yield _Mistake(ProblemCode.STUDY_VALUE, key, value, {"detail": mistake})


def _street_mistakes(content: Mapping[str, Any]) -> Iterator[_Mistake]:
    """Yield what is wrong with where the streets come from: a file or a place, one of them."""
    layers = content.get("layers")
    streets = layers.get("streets") if isinstance(layers, dict) else None
    if not isinstance(streets, dict):
        return
    if "path" in streets and "place" in streets:
        value, detail = streets["place"], {"detail": "path_or_place"}
        yield _Mistake(ProblemCode.STUDY_VALUE, "layers.streets.place", value, detail)
    elif "path" not in streets and "place" not in streets:
        yield _missing("layers.streets.path")


def _gate_mistakes(content: Mapping[str, Any]) -> Iterator[_Mistake]:
    """Yield the layer that the study's gates are to come from and that it does not have."""
    heading, layers = content.get("study"), content.get("layers")
    choice = heading.get("gates") if isinstance(heading, dict) else None
    needed = {"given": "gates", "osm": "streets", "infer": "streets"}.get(str(choice))
    if needed is not None and isinstance(layers, dict) and needed not in layers:
        yield _missing(f"layers.{needed}")


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
    if old_datum(crs):
        return "crs_old_datum"
    # Web Mercator stretches lengths by 1/cos(latitude): 1000 m there is 821 m at 34.8°N.
    method = crs.coordinate_operation.method_name if crs.coordinate_operation else ""
    return "crs_mercator" if "Pseudo" in method else None


def _unknown_columns(content: Mapping[str, Any]) -> Iterator[_Mistake]:
    found = content.get("layers")
    layers: dict[tuple[str, ...], dict[str, Any]] = {
        (name,): options
        for name, options in (found.items() if isinstance(found, dict) else ())
        if name in LayerList.model_fields and name != "streets" and isinstance(options, dict)
    }
    outlined = layers.get(("residential",), {}).get("shapes")
    if isinstance(outlined, dict):
        layers["residential", "shapes"] = outlined
    for layer, options in layers.items():
        given = options.get("columns")
        known = columns(layer[-1])
        for name in given if isinstance(given, dict) else ():
            if name not in known:
                near = nearest_name(name, known)
                key = ".".join(("layers", *layer, "columns", name))
                yield _Mistake(ProblemCode.STUDY_KEY_UNKNOWN, key, params={"nearest": near})
