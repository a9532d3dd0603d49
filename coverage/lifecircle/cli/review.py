"""``lifecircle review``: one development proposal, or a folder of them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from lifecircle.cli.console import (
    STATUS_COLOUR,
    fail,
    print_json,
    problem_table,
    progress,
    screen,
    shown_path,
    study_file,
)
from lifecircle.cli.homes import Replace, default_home, keeper, say_kept
from lifecircle.cli.language import help_text, own_language, tell
from lifecircle.cli.run import AsJson, Quiet, StudyPath, report_failure
from lifecircle.cli.shell.failures import failure_text
from lifecircle.errors import LifecircleError, OutputError, ProposalError, fault_place
from lifecircle.stopping import heed
from lifecircle.texts import say, word

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lifecircle.model.inputs.study import Study
    from lifecircle.model.problem import Problem
    from lifecircle.model.results.review import Review
    from lifecircle.outputs.earlier import Earlier
    from lifecircle.outputs.opinion.folder import SummaryRow
    from lifecircle.outputs.opinion.rows import Opinion

__all__ = ["review"]

_WORST = (0, 3, 1, 2)
"""Exit codes, the worst last: 同意, 待补充材料, 修改后同意 or 不同意, not to be read."""
_UNUSABLE = 2


def review(
    study: StudyPath,
    proposal: Annotated[Path, typer.Argument(help=help_text("proposal"), show_default=False)],
    out: Annotated[Path | None, typer.Option("--out", "-o", help=help_text("out_review"))] = None,
    standard: Annotated[
        str | None, typer.Option("--standard", "-s", help=help_text("standard_review"))
    ] = None,
    replace: Replace = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Review a proposal. Exit 0 agreed, 1 not (yet), 2 unusable, 3 cannot be decided."""
    path = study_file(study)
    many = proposal.is_dir()
    failure: LifecircleError | None = None
    with progress(quiet=quiet or as_json) as step:
        step("loading")
        from lifecircle.intake import read_study  # noqa: PLC0415 - geopandas loads here

        try:
            step("reading")
            read = read_study(path)
        except LifecircleError as error:
            failure = error
        else:
            home = out or _home(path, read, standard)
            earlier = keeper(read.language, replace=replace)
            found = _files(proposal) if many else [proposal]
            folders = _folders(found, home, alone=not many and out is not None)
            results = [_one(read, f, folders[f], standard, step, earlier) for f in found]
    if failure is not None:
        report_failure(failure, as_json=as_json)
    if not results:
        from lifecircle.intake import PROPOSAL_SUFFIXES  # noqa: PLC0415

        fail(say("review", "summary.none", own_language(), suffixes=" ".join(PROPOSAL_SUFFIXES)))
    if as_json:
        told = [one.document() for one in results]
        print_json(told if many else told[0])
    else:
        for one in results:
            one.print()
    if many:
        _summary(results, home, read, earlier, quiet=as_json)
    say_kept(earlier, as_json=as_json)
    raise typer.Exit(max((one.code for one in results), key=_WORST.index))


def _home(path: Path, study: Study, standard: str | None) -> Path:
    """Return the folder of a study's reviews; under another document than its own, another."""
    other = () if standard is None or standard in study.standards else (standard,)
    return default_home(path, study.language, standards=other) / "review"


class _Result:
    """One proposal judged, or why it could not be."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.review: Review | None = None
        self.problems: Sequence[Problem] = ()
        self.error: LifecircleError | None = None
        self.written: dict[str, Path] = {}

    @property
    def code(self) -> int:
        return _UNUSABLE if self.review is None or self.error else self.review.verdict.exit_code

    def document(self) -> dict[str, Any]:
        """Return what ``--json`` prints of it."""
        if self.review is None:
            return {
                "proposal": self.file.name,
                "problems": [p.to_json() for p in self.problems],
                **({} if self.error is None else {"error": failure_text(self.error)}),
            }
        from lifecircle.outputs.saved.review_json import review_document  # noqa: PLC0415

        document: dict[str, Any] = json.loads(json.dumps(review_document(self.review)))
        return document if self.error is None else {**document, "error": failure_text(self.error)}

    def print(self) -> None:
        """Print the conclusion, the clauses and where the sheets are; or the problems."""
        console = screen()
        if self.review is None:
            console.print(Text(f"{self.file.name}", style="bold"))
            if self.problems:
                problem_table(self.problems, own_language(), rest_in="review")
                why = tell("proposal_unusable")
            else:
                why = "" if self.error is None else failure_text(self.error)
            screen(stderr=True).print(Text(why, style="red"))
            return
        _print_review(self.review)
        for name, path in self.written.items():
            label = say("review", f"output.{name}", own_language())
            console.print(Text(f"{label}  {shown_path(path)}"), soft_wrap=True)
        if self.error is not None:
            screen(stderr=True).print(Text(failure_text(self.error), style="red"))


def _one(
    study: Study,
    file: Path,
    folder: Path,
    standard: str | None,
    step: Callable[[str], None],
    earlier: Earlier | None,
) -> _Result:
    from lifecircle.intake import read_proposal  # noqa: PLC0415
    from lifecircle.outputs import write_review  # noqa: PLC0415
    from lifecircle.reviewing.review import review as judge  # noqa: PLC0415

    result = _Result(file)
    try:
        step("reading")
        proposal = read_proposal(file, study)
        result.review = judge(study, proposal, standard=standard, progress=step)
        step("writing")
        result.written = write_review(result.review, folder, earlier=earlier)
    except ProposalError as error:
        result.error, result.problems = error, error.problems
    except OutputError as error:
        result.error = error
    except LifecircleError as error:  # the standard: wrong for all
        report_failure(error, as_json=False)
    except Exception as error:  # noqa: BLE001 - one file must not keep the others from being told
        heed()
        result.error = LifecircleError(
            say("review", "unexpected", own_language(), file=file.name, detail=fault_place(error))
        )
    return result


def _files(folder: Path) -> list[Path]:
    """Return the proposals of a folder by name; office programs' lock files are none."""
    from lifecircle.intake import PROPOSAL_SUFFIXES  # noqa: PLC0415

    return sorted(
        path
        for path in folder.iterdir()
        if path.is_file()
        and path.suffix.lower() in PROPOSAL_SUFFIXES
        and not path.name.startswith((".", "~$"))
    )


def _folders(files: Sequence[Path], home: Path, *, alone: bool) -> dict[Path, Path]:
    """Return each proposal's folder, by its name; those of one stem keep their endings."""
    if alone:
        return dict.fromkeys(files, home)
    stems = [file.stem for file in files]
    return {
        file: home / (file.stem if stems.count(file.stem) == 1 else file.name) for file in files
    }


def _print_review(review: Review) -> None:
    from lifecircle.outputs.opinion.rows import opinion_of  # noqa: PLC0415

    told, console = opinion_of(review, own_language()), screen()
    end = told.conclusion
    style = {"agree": "green", "supply": "yellow"}.get(end.key, "red")
    console.print()
    console.print(Text(f"{told.name}  {end.verdict}", style=f"bold {style}"))
    for banner in told.banners:
        console.print(Text(f"▲ {banner}", style="yellow"), soft_wrap=True)
    console.print(_clauses(told))
    for effect in told.effects:
        parts = (effect.name, effect.clause, effect.change, effect.verdicts, effect.because)
        console.print(Text("  ".join(filter(None, parts))))
    for line in filter(None, (end.why, *(f"· {c}" for c in end.changes), end.also)):
        console.print(Text(line, style=style))
    for line in told.supplements:
        console.print(Text(f"· {line}", style="yellow"))
    for where, what, remedy in told.problems:  # the sheet puts them to a person
        console.print(Text(f"▲ {where}{say('report', 'colon', told.language)}{what}", "yellow"))
        console.print(Text(f"  {remedy}", "yellow"))


def _clauses(told: Opinion) -> Table:
    """Return what is asked of the proposal and what it has, the references last and grey."""
    table = Table()
    for name in ("clause", "content", "required", "provided", "status", "remedy"):
        table.add_column(say("review", f"column.{name}", told.language), overflow="fold")
    for row in (*told.clauses, *told.references):
        reference = row in told.references
        lines = [part for part in (row.short, row.remedy) if part] or [row.reason]
        colour = STATUS_COLOUR.get(row.status_key, "")
        table.add_row(
            Text(row.id or word("flag", "reference", told.language)),
            Text(f"{row.title}\n{row.plot}".strip()),
            Text(row.required),
            Text(row.provided),
            Text("\n".join((row.status, *row.flags)), "dim" if reference else colour),
            Text("\n".join(lines)),
        )
    return table


def _summary(
    results: Sequence[_Result], home: Path, study: Study, earlier: Earlier | None, *, quiet: bool
) -> None:
    """Write the summary in the study's language, and print it in the shell's."""
    from lifecircle.outputs.opinion.folder import write_summary  # noqa: PLC0415

    rows = [_row(one, study.language) for one in results]
    try:
        path = write_summary(
            rows, home / "summary.xlsx", study.as_of, study.language, earlier=earlier
        )
    except OutputError as error:
        fail(failure_text(error))
    if quiet:
        return
    language = own_language()
    table = Table(title=say("review", "summary.title", language))
    for name in ("file", "project", "conclusion", "deficient", "supply"):
        table.add_column(say("review", f"column.{name}", language), overflow="fold")
    for row in (_row(one, language) for one in results):
        table.add_row(
            *map(Text, (row.file, row.project, row.conclusion, row.deficient, row.supply))
        )
    console = screen()
    console.print(table)
    label = say("review", "output.summary", language)
    console.print(Text(f"{label}  {shown_path(path)}"), soft_wrap=True)


def _row(one: _Result, language: str) -> SummaryRow:
    from lifecircle.outputs.opinion.folder import SummaryRow, summary_row  # noqa: PLC0415

    if one.review is None:
        count = say("review", "summary.unusable", language, count=len(one.problems))
        why = "" if one.problems or one.error is None else failure_text(one.error)
        return SummaryRow(one.file.name, "", count, "", why, "")
    folder = next((p.parent.name for p in one.written.values()), "")
    row = summary_row(one.review, one.file.name, folder, language)
    return row if one.error is None else replace(row, supply=failure_text(one.error))
