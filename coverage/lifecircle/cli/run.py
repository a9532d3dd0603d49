"""``lifecircle assess`` and ``lifecircle demo``."""

from __future__ import annotations

import gc
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.text import Text

from lifecircle.cli.console import (
    clause_table,
    fail,
    print_json,
    print_json_file,
    problem_table,
    progress,
    screen,
    shown_path,
    study_file,
)
from lifecircle.cli.homes import Replace, default_home, keeper, say_kept
from lifecircle.cli.language import help_text, listed, own_language, tell
from lifecircle.cli.shell.failures import failure_text
from lifecircle.cli.shell.side_by_side import side_by_side
from lifecircle.errors import (
    EditError,
    LifecircleError,
    SitingError,
    StandardError,
    StudyError,
    UnknownNameError,
)
from lifecircle.model.problem import Severity
from lifecircle.texts import known, word

if TYPE_CHECKING:
    from lifecircle.model.inputs.study import Study
    from lifecircle.model.results.assessment import Assessment

__all__ = ["assess", "demo", "report_failure", "stop_at_refused"]

StudyPath = Annotated[Path, typer.Argument(help=help_text("study"), show_default=False)]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help=help_text("quiet"))]
AsJson = Annotated[bool, typer.Option("--json", help=help_text("json"))]
Out = Annotated[Path | None, typer.Option("--out", "-o", help=help_text("out"))]


_LISTED = 40
"""Most known names that are listed where one is not known."""


def assess(
    study: StudyPath,
    out: Out = None,
    stage: Annotated[
        str | None, typer.Option("--stage", help=help_text("stage"), show_default="now")
    ] = None,
    standard: Annotated[
        list[str] | None, typer.Option("--standard", "-s", help=help_text("standard"))
    ] = None,
    scenario: Annotated[Path | None, typer.Option("--scenario", help=help_text("scenario"))] = None,
    edits: Annotated[Path | None, typer.Option("--edits", help=help_text("edits"))] = None,
    with_: Annotated[Path | None, typer.Option("--with", help=help_text("with"))] = None,
    fail_on_deficit: Annotated[
        bool, typer.Option("--fail-on-deficit", help=help_text("fail_on_deficit"))
    ] = False,
    postgis: Annotated[str | None, typer.Option("--postgis", help=help_text("postgis"))] = None,
    schema: Annotated[str, typer.Option("--schema", help=help_text("schema"))] = "lifecircle",
    replace: Replace = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Judge a study and write the map, the reports and the data."""
    if stage not in {None, "now", "plan"}:
        fail(tell("stage_unknown", given=stage))
    if with_ is not None and scenario is not None:
        fail(tell("with.scenario"))
    result, _ = _run(
        study_file(study),
        out,
        stage=stage,
        standards=tuple(standard or ()),
        scenario=scenario,
        sites=with_,
        edits=edits,
        database=None if postgis is None else (postgis, schema),
        replace=replace,
        as_json=as_json,
        quiet=quiet,
    )
    stop_at_refused(result)
    if fail_on_deficit:
        raise typer.Exit(_exit_code(result))


def demo(
    name: Annotated[str, typer.Argument(help=help_text("demo_name"))] = "guixi",
    out: Out = None,
    replace: Replace = False,
    quiet: Quiet = False,
) -> None:
    """Run a study that ships with the package, end to end."""
    in_clone = Path(__file__).parents[3] / "data"
    shipped = in_clone if in_clone.is_dir() else Path(str(files("lifecircle") / "data"))
    names = sorted(path.parent.name for path in shipped.glob("*/study.toml"))
    if name not in names:
        fail(tell("unknown_name", what=tell("what.study"), name=name, known=names))
    path = shipped / name / "study.toml"
    _, written = _run(path, out, replace=replace, quiet=quiet)
    opened = tell("open_map", path=str(written["map"].resolve()))
    screen().print(Text(opened, style="bold"), soft_wrap=True)
    if not quiet:
        screen().print(Text(tell("demo.next")), soft_wrap=True)


def _run(
    path: Path,
    out: Path | None,
    *,
    stage: str | None = None,
    standards: tuple[str, ...] = (),
    scenario: Path | None = None,
    sites: Path | None = None,
    edits: Path | None = None,
    database: tuple[str, str] | None = None,
    replace: bool = False,
    as_json: bool = False,
    quiet: bool = False,
) -> tuple[Assessment, dict[str, Path]]:
    """Read, judge, write, print; every known error becomes a message and exit code 2."""
    with progress(quiet=quiet or as_json) as step:
        step("loading")
        from lifecircle.assessing.assess import assess as judge  # noqa: PLC0415
        from lifecircle.intake import read_study  # noqa: PLC0415 - geopandas loads here
        from lifecircle.outputs import read_sites, write_outputs, write_postgis  # noqa: PLC0415
        from lifecircle.outputs.whole import check_place  # noqa: PLC0415
        from lifecircle.standards import read_scenario  # noqa: PLC0415

        _settled()
        try:
            step("reading")
            study = _tried(read_study(path), edits)
            check_place(out or Path("maps") / "out")
            asked: dict[str, Any] = {"standards": standards, "view": stage}
            asked["scenario"] = None if scenario is None else read_scenario(scenario)
            asked["sites"] = None if sites is None else read_sites(sites, own_language())
            result = judge(study, progress=step, **asked)
            step("writing")
            home = out or default_home(
                path,
                study.language,
                standards=() if standards in {(), study.standards} else result.standards,
                scenario=result.scenario,
                planned=None if result.sites is None else result.sites.clause,
                tried=edits is not None,
                stage=result.stage,
            )
            earlier = keeper(study.language, replace=replace)
            written = write_outputs(result, home, basemap=study.basemap, earlier=earlier)
            if database is not None:
                write_postgis(result, *database)
        except LifecircleError as error:
            failure: LifecircleError | None = error
        else:
            failure = None
    if failure is not None:
        report_failure(failure, as_json=as_json)
    if as_json:
        say_kept(earlier, as_json=True)
        print_json_file(written["json"])
        return result, written
    places = {name: shown_path(file) for name, file in written.items()}
    _print(result, places if database is None else {**places, "postgis": database[1]}, quiet=quiet)
    say_kept(earlier)
    return result, written


def _settled() -> None:
    """Look through the modules for garbage no more, once a process: they stay to its end."""
    if not gc.get_freeze_count():
        gc.freeze()


def _tried(study: Study, file: Path | None) -> Study:
    """Return the study with the edits of a file made; without one as it is."""
    if file is None:
        return study
    from lifecircle.case.edited import check_edits, edited  # noqa: PLC0415 - geopandas loads
    from lifecircle.outputs.saved.plans.edits_json import read_edits_json  # noqa: PLC0415

    document, found = read_edits_json(file, own_language())
    check_edits(study, document.study, document.crs)
    for number, edit in enumerate(found, start=1):
        try:
            study = edited(study, [edit])
        except (EditError, UnknownNameError) as error:
            error.add_note(tell("edit.at", file=file.name, number=number, id=edit.id))
            raise
    return study


def _print(result: Assessment, places: dict[str, str], *, quiet: bool) -> None:
    """Print the compliance table, the problems and where everything is."""
    clause_table(result)
    if len(result.standards) > 1:
        side_by_side(result)
    if result.problems and not quiet:
        problem_table(result.problems)
    for name, place in places.items():
        line = f"{tell(f'output.{name}')}  {place}"
        screen().print(Text(line), soft_wrap=True)


def report_failure(error: LifecircleError, *, as_json: bool) -> NoReturn:
    """Say what is wrong, as a table where there are problems, and leave with 2."""
    if isinstance(error, StudyError) and error.problems:
        if as_json:
            print_json({"problems": [p.to_json() for p in error.problems]})
        else:
            problem_table(error.problems, own_language())
        fail(tell("study_unusable"))
    if isinstance(error, EditError):
        fail(_placed(error, tell(f"edit.refused.{error.code}", None, **error.params)))
    if isinstance(error, SitingError):
        fail(tell(f"site.refused.{error.code}", None, **error.params))
    if isinstance(error, StandardError):
        fail("\n".join(error.told(own_language())))
    if isinstance(error, UnknownNameError):
        what = f"what.{error.what}"
        named = tell(what) if known("cli", what) else error.what
        told = tell("unknown_name", what=named, name=error.name, known=listed(error.known, _LISTED))
        near = tell("typer.near", near=[error.nearest]) if error.nearest else ""
        fail(_placed(error, told + near))
    fail(failure_text(error))


def _placed(error: LifecircleError, told: str) -> str:
    """Return what is wrong behind where it stands, if that is known."""
    return "".join((*getattr(error, "__notes__", ()), told))


def stop_at_refused(result: Assessment) -> None:
    """Leave with 2 where whole layers could not be read, naming them; results are written."""
    found = (p for p in result.problems if p.severity is Severity.ERROR and p.row is None)
    named = ((p.layer, p.file or "") for p in found if p.layer)
    layers = [
        f"{word('layer', layer, own_language())} {file}".strip()
        for layer, file in dict.fromkeys(named)
    ]
    if layers:
        fail(tell("assess.layer_unusable", layers=layers))


def _exit_code(result: Assessment) -> int:
    """Return 1 if a clause is deficient, else 3 if one is undecided, else 0; references apart."""
    found = {str(c.status) for c in result.clauses if "reference" not in set(map(str, c.flags))}
    return 1 if "deficient" in found else 3 if "not_assessed" in found else 0
