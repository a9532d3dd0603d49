"""What the commands print: problems, the compliance table, paths, progress."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import typer
from rich.cells import cell_len
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from lifecircle.cli.language import listed, own_language, tell
from lifecircle.cli.shell.spared import load_when_asked
from lifecircle.model.dictionary import REACH_GROUPS, columns
from lifecircle.model.problem import ProblemCode, Severity, describe
from lifecircle.model.reason import ReasonCode
from lifecircle.model.rules.own_checks import is_own_check, own_check_id
from lifecircle.model.status import Flag
from lifecircle.texts import word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from lifecircle.model.problem import Problem
    from lifecircle.model.results.assessment import Assessment, ClauseResult
    from lifecircle.outputs.words.wording import Wording

__all__ = [
    "STATUS_COLOUR",
    "clause_table",
    "fail",
    "print_json",
    "print_json_file",
    "problem_table",
    "progress",
    "screen",
    "shown_path",
    "study_file",
]

STATUS_COLOUR = {
    "compliant": "green",
    "deficient": "red",
    "not_assessed": "yellow",
    "reported": "cyan",
}
_SEVERITY_COLOUR = {"error": "red", "warning": "yellow", "info": "dim"}
_LONGEST_LIST = 30
_CELL = 30
"""How many columns of the screen what a clause says may take in the table."""
_CLAUSES = 10
"""How many clauses are named that a column leaves open."""
_UTF8 = frozenset({"utf-8", "utf8", "cp65001"})
_PAPERS = "document"
_COVERAGE = ("radius", "walk")
"""Measure of clauses about papers: in the report, not in the table on screen."""


def screen(*, stderr: bool = False) -> Console:
    """Return the console; as wide as 120 columns where the output is no terminal."""
    stream = sys.stderr if stderr else sys.stdout
    return Console(file=stream, width=None if stream.isatty() else 120, highlight=False)


@contextmanager
def progress(*, quiet: bool) -> Iterator[Callable[..., None]]:
    """Show on stderr which step runs and for how long; yields the function that names a step.

    Named arguments fill the step's text: ``step("sheet", n=3, of=17)``. What is loaded from here on
    is without what nothing here uses (:mod:`lifecircle.cli.shell.spared`).
    """
    load_when_asked()
    if quiet:
        yield lambda _step, **_params: None
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=screen(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda step, **params: bar.update(
            task, description=tell(f"step.{step}", None, **params)
        )


def print_json(value: Any) -> None:
    """Print one JSON document to stdout, whole whatever the stream can say.

    Where it is not UTF-8 everything beyond ASCII is escaped, as JSON has it: ``m²`` never becomes
    ``m?`` in what a script reads.
    """
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("_", "-")
    text = json.dumps(value, ensure_ascii=encoding not in _UTF8, indent=1, default=str)
    typer.echo(text)


def print_json_file(path: Path) -> None:
    """Print the JSON document of a file to stdout, as :func:`print_json` does."""
    print_json(json.loads(path.read_text(encoding="utf-8")))


def fail(message: str, code: int = 2) -> NoReturn:
    """Print what is wrong to stderr and leave with ``code``."""
    screen(stderr=True).print(Text(message, style="red"))
    raise typer.Exit(code)


def problem_table(
    problems: Sequence[Problem], language: str | None = None, *, rest_in: str = "report"
) -> None:
    """Print the problems as a table, worst first, those of one kind and place in one row.

    Where there are errors or warnings, notes are told only in number; ``rest_in`` names where
    they stand (``report``, ``check``, ``review``). Of what is refused there is no report.
    """
    from lifecircle.outputs.words.problems import group_problems  # noqa: PLC0415

    language = language or own_language()
    groups = group_problems(problems)
    shown = [g for g in groups if g.first.severity is not Severity.INFO] or groups
    shown = shown[:_LONGEST_LIST]
    table = Table(show_lines=True, title=_counted(problems, language))
    for name in ("severity", "where", "what", "remedy"):
        table.add_column(tell(f"problems.{name}", language), overflow="fold")
    for group in shown:
        words = describe(group.first, language)
        severity = group.first.severity
        table.add_row(
            Text(word("severity", severity, language), style=_SEVERITY_COLOUR[severity]),
            Text(group.where(language)),
            Text(f"{group.title(language)}\n{words['why']}"),
            Text(words["remedy"]),
        )
    console = screen()
    console.print(table)
    rest = len(problems) - sum(map(len, shown))
    if rest:
        if rest_in == "report" and any(p.severity is Severity.ERROR for p in problems):
            rest_in = "refused"
        console.print(Text(tell(f"problems.more_{rest_in}", language, rest=rest), style="dim"))
    told = {id(problem) for group in shown for problem in group.problems}
    _say_absent([problem for problem in problems if id(problem) not in told], language)


def _say_absent(untold: Sequence[Problem], language: str) -> None:
    """Print for each layer how many columns it lacks, and the one that leaves most clauses open.

    They are notes, for nothing in the files is wrong, but what a table without them asks for is
    to be verified throughout.
    """
    for problem in untold:
        if problem.code != ProblemCode.COLUMNS_ABSENT:
            continue
        about = problem.params
        clauses = about["costs"][about["key"]]
        said = tell(
            "problems.absent",
            language,
            layer=problem.layer,
            count=about["count"],
            header=columns(problem.layer)[about["key"]].header(language),
            clauses=listed(clauses, _CLAUSES),
        )
        screen().print(Text(f"▲ {said}", style="yellow"), soft_wrap=True)


def _counted(problems: Sequence[Problem], language: str) -> str:
    """Return how many problems there are of each severity, the worst first."""
    counts = Counter(p.severity for p in problems)
    told = [tell(f"problems.count.{s}", language, n=counts[s]) for s in Severity if counts[s]]
    return tell("problems.title", language, counts=told)


def _style(clause: ClauseResult) -> str:
    """Return the colour of a clause's status; none for what stands outside the verdict."""
    outside = Flag.REFERENCE in clause.flags
    return "dim" if outside else STATUS_COLOUR.get(clause.status, "dim")


def clause_table(assessment: Assessment) -> None:
    """Print the compliance table: every fact with its clauses, target, value, status and counts.

    Who is covered is told also where the document asks neither for a radius nor for a walk.
    In the shell's own language, whatever that of the study's outputs is.
    """
    from lifecircle.outputs.words.banners import banner_lines  # noqa: PLC0415
    from lifecircle.outputs.words.showing import tally_line  # noqa: PLC0415
    from lifecircle.outputs.words.wording import Wording  # noqa: PLC0415 - loads pandas

    language = own_language()
    words = Wording.of(assessment).in_language(language)
    console = screen()
    console.print(
        Text(
            tell(
                "table.title",
                language,
                study=assessment.study,
                as_of=assessment.as_of.isoformat(),
                stage=word("stage_view", assessment.stage, language),
            ),
            style="bold",
        )
    )
    for banner in banner_lines(assessment, words):
        console.print(Text(f"▲ {banner}", style="yellow"), soft_wrap=True)
    table = Table()
    for name in ("clause", "content", "target", "value", "status", "counts"):
        table.add_column(tell(f"table.{name}", language), overflow="fold")
    own = [c for c in assessment.clauses if not is_own_check(c.id) and c.measure != _PAPERS]
    judged = {clause.measure for clause in own}
    covered = [own_check_id(m, REACH_GROUPS[0]) for m in _COVERAGE if m not in judged]
    own += [c for c in assessment.clauses if c.id in covered]
    below = _filled(table, own, words, language)
    console.print(table)
    for sentence in below:
        console.print(Text(sentence), soft_wrap=True)
    console.print(Text(tell("table.tally", language, counts=tally_line(assessment, words))))
    rest = len(assessment.clauses) - len(own)
    if rest:
        console.print(Text(tell("table.references", language, rest=rest), style="dim"))


def _filled(
    table: Table, clauses: Sequence[ClauseResult], words: Wording, language: str
) -> list[str]:
    """Fill in the table, a row a fact; return the sentences that are told below it."""
    below = []
    for clause in clauses:
        if not clause.repeated:
            value, sentence = _value(clause, words, language)
            table.add_row(*_cells(clause, value, words, language))
            below += [sentence] if sentence else []
    return below


def _value(clause: ClauseResult, words: Wording, language: str) -> tuple[str, str | None]:
    """Return what a clause comes to, in the room of a cell, and what is then told below the table.

    A clause without a figure says a sentence: what is missing and where to put it, or a list of
    sites. Whole in a narrow column it would be ten lines high.
    """
    if clause.official is not None and clause.subject != "county":
        return words.rate(clause.official), None
    told = words.told_value(clause)
    if told == words.clause_value(clause) or cell_len(told) <= _CELL:
        return told, None
    silent = clause.said is not None and clause.said.code == ReasonCode.LEDGER_SILENT
    short = tell("table.silent" if silent else "table.below", language)
    return short, tell("table.sentence", language, clause=clause.id, said=told)


def _cells(clause: ClauseResult, value: str, words: Wording, language: str) -> tuple[Text, ...]:
    """Return the row of one clause, and of those that state the same fact."""
    from lifecircle.outputs.words.banners import asked  # noqa: PLC0415 - loads pandas
    from lifecircle.outputs.words.showing import cited  # noqa: PLC0415 - loads pandas

    counts = (" " if language == "zh" else ", ").join(
        f"{words.status_word(status, clause.flags)} {count}"
        for status, count in clause.counts.items()
    )
    flags = words.list(word("flag", flag, language) for flag in clause.flags)
    status = words.status_word(clause.status, clause.flags)
    if flags:
        status = tell("table.flagged", language, status=status, flags=flags)
    return (
        Text(cited(clause, words)),
        Text(words.title(clause.title)),
        Text(asked(clause, words)),
        Text(value),
        Text(status, style=_style(clause)),
        Text(counts if clause.subject != "county" else ""),
    )


def study_file(path: Path) -> Path:
    """Return the study file that is meant by it or by its folder."""
    return path / "study.toml" if path.is_dir() else path


def shown_path(path: Path) -> str:
    """Return a path as short as it can be named from here."""
    try:
        return os.path.relpath(path)
    except ValueError:  # another drive on Windows
        return str(path)
