"""Reading a study to see what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from lifecircle.intake.settings.file import StudyFile, read_study_file
from lifecircle.intake.study import Intake
from lifecircle.model.dictionary import columns
from lifecircle.model.inputs.checkup import Checkup
from lifecircle.model.problem import ProblemCode, by_severity
from lifecircle.texts import LANGUAGES

if TYPE_CHECKING:
    from lifecircle.model.inputs.study import Study

__all__ = ["inspect_study"]


def inspect_study(path: str | Path, language: str = LANGUAGES[0]) -> Checkup:
    """Read a study as :func:`lifecircle.intake.check_study` does and return what was found.

    Parameters
    ----------
    path
        ``study.toml``, or the folder it stands in.
    language
        Of a study whose file cannot be read; else the study's own.

    Returns
    -------
    Checkup
        Bad input never raises.
    """
    path = Path(path)
    path = path / "study.toml" if path.is_dir() else path
    file, problems = read_study_file(path)
    if file is None:
        return Checkup(
            name=None,
            path=path,
            language=language,
            usable=False,
            crs=None,
            inputs=(),
            problems=by_severity(problems),
            files={},
            declared={},
        )
    intake = Intake(file)
    study, problems = intake.run()
    chosen = (p.params["crs"] for p in problems if p.code is ProblemCode.PROJECTION_CHOSEN)
    return Checkup(
        name=file.heading.name,
        path=path,
        language=file.heading.language,
        usable=study is not None,
        crs=study.crs if study is not None else file.heading.crs or next(chosen, None),
        inputs=tuple(intake.log.inputs),
        problems=problems,
        files=_files(file),
        declared=_declared(file),
        standards=tuple(file.standards),
        as_of=file.heading.as_of,
        lacking={} if study is None else _lacking(study),
        study=study,
    )


def _lacking(study: Study) -> dict[str, tuple[str, ...] | None]:
    """Return what no row of the study has: columns by layer, and tables that are empty."""
    found: dict[str, tuple[str, ...] | None] = {}
    for layer in (study.residential, study.facilities, study.units, study.candidates):
        if layer is not None:
            frame = layer.frame
            own = [name for name in columns(layer.name) if name in frame]
            found[layer.name] = tuple(name for name in own if frame[name].isna().all())
    for name in ("units", "candidates"):
        if getattr(study, name) is None:
            found[name] = None
    if study.streets is None and study.travel is None:
        found["streets"] = None
    if study.indicators.empty:
        found["indicators"] = None
    if study.materials is None or study.materials.empty:
        found["evidence"] = None
    return found


def _files(file: StudyFile) -> dict[str, Path]:
    """Return the files of the layers by the name the study writes; a database is no file."""
    written = {path for options in _options(file).values() for path in options.paths}
    sources = {name: file.source(name) for name in sorted(written)}
    return {name: source for name, source in sources.items() if isinstance(source, Path)}


def _declared(file: StudyFile) -> dict[str, str]:
    said = {
        name: getattr(options, "coordinates", None) or getattr(options, "crs", None)
        for name, options in _options(file).items()
    }
    return {name: text for name, text in said.items() if text is not None}


def _options(file: StudyFile) -> dict[str, Any]:
    """Return the options of every layer given, the file of outlines among them."""
    layers = file.layers
    found = {name: getattr(layers, name) for name in type(layers).model_fields}
    found["shapes"] = layers.residential.shapes
    return {name: options for name, options in found.items() if options is not None}
