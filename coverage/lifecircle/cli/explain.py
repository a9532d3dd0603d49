"""``lifecircle explain``: one area, from its inputs to every verdict."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated

import typer
from rich.padding import Padding
from rich.text import Text

from lifecircle.cli.console import (
    STATUS_COLOUR,
    fail,
    print_json,
    problem_table,
    progress,
    screen,
    study_file,
)
from lifecircle.cli.language import help_text, own_language, tell
from lifecircle.cli.run import AsJson, Quiet, StudyPath
from lifecircle.cli.shell.failures import failure_text
from lifecircle.errors import LifecircleError, StudyError, UnknownNameError
from lifecircle.model.problem import unread_text
from lifecircle.model.status import Flag, Status
from lifecircle.texts import say, word

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from lifecircle.assessing.explanation import ClauseStory, Explanation
    from lifecircle.outputs.words.wording import Wording

__all__ = ["explain"]

_NEAR = 12
"""Names offered where the one given is not found, or not the only one."""
_OF_THE_DAY = (Flag.OVERDUE, Flag.NOT_DUE)
"""Marks of a clause for those that do not meet it."""


def explain(
    study: StudyPath,
    area: Annotated[str, typer.Argument(help=help_text("area"), show_default=False)],
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Explain one residential area, named by id or name."""
    path = study_file(study)
    with progress(quiet=quiet or as_json) as step:
        step("loading")
        from lifecircle.assessing.assess import assess  # noqa: PLC0415
        from lifecircle.assessing.explanation import explain as story_of  # noqa: PLC0415
        from lifecircle.intake import read_study  # noqa: PLC0415 - geopandas loads here
        from lifecircle.outputs.words.banners import banner_lines  # noqa: PLC0415
        from lifecircle.outputs.words.wording import Wording  # noqa: PLC0415

        problems, message, story = (), "", None
        try:
            step("reading")
            assessment = assess(read_study(path), progress=step)
            story = story_of(assessment, area)
        except StudyError as error:
            problems, message = error.problems, tell("study_unusable")
        except UnknownNameError as error:
            near = "\n".join(error.known[:_NEAR])
            message = tell("area_unknown" if near else "area_like_none", area=area, near=near)
        except LifecircleError as error:
            message = failure_text(error)
    if story is None:
        if problems:
            problem_table(problems, own_language())
        fail(message)
    words = Wording.of(assessment).in_language(own_language())
    if as_json:
        print_json(_as_json(story))
    else:
        _print(screen(), story, words, banner_lines(assessment, words))


def _print(console: Console, story: Explanation, words: Wording, banners: Iterable[str]) -> None:
    language = words.language
    for banner in banners:
        console.print(Text(f"▲ {banner}", style="yellow"), soft_wrap=True)
    console.print(Text(tell("explain.named", language, name=story.name, id=story.id), style="bold"))
    console.print(Text(say("explain", "facts", language), style="bold"))
    for name, value in story.facts.items():
        gap = value is None or (isinstance(value, float) and math.isnan(value))
        shown = _blank(name, story, language) if gap else _fact(name, value, words)
        line = tell("explain.fact", language, label=tell(f"fact.{name}", language), value=shown)
        console.print(Padding(Text(line), (0, 0, 0, 2)))
    _print_remarks(console, story, words)
    for one in story.stories:
        _print_clause(console, one, words)


def _print_remarks(console: Console, story: Explanation, words: Wording) -> None:
    """Print what nobody understood of the rows behind the verdicts: no verdict goes by it."""
    if not any(story.remarks.values()):
        return
    console.print(Text(tell("explain.remarks", words.language), style="bold yellow"))
    for layer, remarks in story.remarks.items():
        for row, text in remarks.items():
            label = tell("explain.named", words.language, name=words.name(row, layer), id=row)
            line = tell("explain.fact", words.language, label=label, value=text)
            console.print(Padding(Text(line), (0, 0, 0, 2)))


def _blank(name: str, story: Explanation, language: str) -> str:
    """Return why nothing is known of a fact: what is written there, with its cell, is no blank."""
    problem = story.unread.get(name)
    if problem is not None:
        return unread_text(problem, language)
    return tell(f"explain.{'unread' if name in story.unread else 'missing'}", language)


def _fact(name: str, value: object, words: Wording) -> str:
    if name in {"age_class", "setting"}:
        return words.word(name, value)
    if name == "stage":
        return words.word("housing_stage", value)
    if name in {"unit", "community"}:
        return tell("explain.named", words.language, name=words.name(value, "units"), id=value)
    return words.number(value)


def _print_clause(console: Console, one: ClauseStory, words: Wording) -> None:
    from lifecircle.outputs.words.showing import relayed  # noqa: PLC0415 - loads pandas

    language, result, finding = words.language, one.result, one.finding
    console.print()
    heading = Text(f"{words.clause(result.id)}  {words.title(result.title)}  ", style="bold")
    status = words.status_word(finding["status"], finding["flags"])
    flags = _marks(one)
    if flags:
        marks = words.list(word("flag", flag, language) for flag in flags)
        status = tell("table.flagged", language, status=status, flags=marks)
    heading.append(status, STATUS_COLOUR.get(finding["status"]))
    console.print(heading)
    lines = []
    if finding["status"] == "not_applicable":
        console.print(Padding(Text(words.reason(finding["reason"])), (0, 0, 0, 2)))
        return
    if result.quote:
        told = {"quote": result.quote, "section": result.section}
        lines.append(tell("explain.quote", language, **told))
    elif (source := relayed(result, words)) is not None:
        lines.append(source)
    target = words.target(result.comparison, result.target, result.unit)
    lines.append(tell("explain.fact", language, label=tell("table.target", language), value=target))
    lines += [
        say("explain", step.code, language, **_named(step.params, words)) for step in one.steps
    ]
    lines.append(words.reason(finding["reason"]))
    if result.reading and result.quote:
        label = tell("explain.readings", language)
        readings = words.list(result.reading)
        lines.append(tell("explain.fact", language, label=label, value=readings))
    for line in lines:
        if line:
            console.print(Padding(Text(line), (0, 0, 0, 2)))


def _marks(one: ClauseStory) -> list[str]:
    """Return the marks of a finding: its own, and what its clause rests on and its day."""
    from lifecircle.outputs.words.showing import marks_of  # noqa: PLC0415 - loads pandas

    status = one.finding["status"]
    told = marks_of(status, one.finding["flags"], one.result)
    met = status in {Status.COMPLIANT, Status.NOT_APPLICABLE}
    days = () if met else (f for f in _OF_THE_DAY if f in one.result.flags)
    return list(dict.fromkeys((*told, *days)))


def _named(params: dict[str, object], words: Wording) -> dict[str, object]:
    return {k: words.name(v, "facilities") if k == "facility" else v for k, v in params.items()}


def _as_json(story: Explanation) -> dict[str, object]:
    def plain(value: object) -> object:
        if isinstance(value, float) and not math.isfinite(value):
            return None
        return value

    return {
        "id": story.id,
        "name": story.name,
        "facts": {k: plain(v) for k, v in story.facts.items()},
        "unread": {k: None if p is None else p.to_json() for k, p in story.unread.items()},
        "remarks": {layer: dict(told) for layer, told in story.remarks.items()},
        "reach": [{k: plain(v) for k, v in row.items()} for row in story.reach.to_dict("records")],
        "clauses": [
            {
                "id": one.result.id,
                "quote": one.result.quote,
                "target": one.result.target,
                "unit": one.result.unit,
                "status": str(one.finding["status"]),
                "flags": [str(f) for f in _marks(one)],
                **{
                    k: plain(one.finding[k])
                    for k in ("required", "measured", "low", "high", "deficit")
                },
                "reason": None
                if one.finding["reason"] is None
                else one.finding["reason"].to_json(),
                "steps": [
                    {"code": s.code, "params": {k: plain(v) for k, v in s.params.items()}}
                    for s in one.steps
                ],
            }
            for one in story.stories
        ],
    }
