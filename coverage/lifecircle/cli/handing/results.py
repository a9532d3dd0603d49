"""The result that a command works on: saved, or judged now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecircle.cli.console import study_file
from lifecircle.cli.homes import default_home
from lifecircle.cli.language import own_language

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lifecircle.model.inputs.mapping.basemap import Basemap
    from lifecircle.model.results.assessment import Assessment

__all__ = ["result_of"]


def result_of(source: Path, step: Callable[..., None]) -> tuple[Assessment, Path, Basemap | None]:
    """Return the Assessment of a study, judged now, or of a folder of results, and its home.

    The basemap is the study's wish; results do not carry it, since it may hold a key.
    """
    folder = source if source.is_dir() else source.parent
    saved = source.name == "assessment.json" or not (folder / "study.toml").is_file()
    if saved and (folder / "assessment.json").is_file():
        from lifecircle.outputs import read_assessment  # noqa: PLC0415 - geopandas loads here

        step("reading_saved")
        return read_assessment(folder, own_language()), folder, None
    from lifecircle.assessing.assess import assess  # noqa: PLC0415
    from lifecircle.intake import read_study  # noqa: PLC0415

    step("reading")
    study = read_study(study_file(source))
    home = default_home(study_file(source), study.language)
    return assess(study, progress=step), home, study.basemap
