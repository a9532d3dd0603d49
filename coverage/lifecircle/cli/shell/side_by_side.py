"""Several documents on one study: their clauses side by side, one line a topic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from lifecircle.cli.console import screen
from lifecircle.cli.language import own_language, tell
from lifecircle.model.rules.own_checks import is_own_check

if TYPE_CHECKING:
    from lifecircle.model.results.assessment import Assessment, ClauseResult
    from lifecircle.outputs.words.wording import Wording

__all__ = ["side_by_side", "topic_rows"]

_PAPERS = "document"


def topic_rows(assessment: Assessment) -> list[dict[str, list[ClauseResult]]]:
    """Return, topic by topic, standard → its clauses on it; references of ours are left out."""
    topics: dict[str, dict[str, list[ClauseResult]]] = {}
    for clause in assessment.clauses:
        if is_own_check(clause.id) or clause.measure == _PAPERS:
            continue
        row = topics.setdefault(clause.topic or clause.measure, {})
        row.setdefault(clause.standard, []).append(clause)
    return list(topics.values())


def side_by_side(assessment: Assessment) -> None:
    """Print the clauses of several standards topic by topic; – where a document is silent."""
    from lifecircle.outputs.words.wording import Wording  # noqa: PLC0415 - loads pandas

    language = own_language()
    words = Wording.of(assessment).in_language(language)
    table = Table(title=tell("table.side_by_side", language))
    table.add_column(tell("table.content", language), overflow="fold")
    for name in assessment.standards:
        title = words.title(assessment.standard_titles.get(name, {}), name)
        table.add_column(Text(f"{name}\n{title}"), overflow="fold")
    for row in topic_rows(assessment):
        first = next(iter(row.values()))[0]
        cells = ["\n".join(_cell(c, words) for c in row.get(s, [])) for s in assessment.standards]
        table.add_row(Text(words.title(first.title)), *(Text(cell or "–") for cell in cells))
    screen().print(table)


def _cell(clause: ClauseResult, words: Wording) -> str:
    from lifecircle.outputs.words.banners import asked  # noqa: PLC0415 - loads pandas

    rated = clause.official is not None and clause.subject != "county"
    value = words.rate(clause.official) if rated else words.clause_value(clause)
    target = asked(clause, words)
    status = words.status_word(clause.status, clause.flags)
    return "  ".join(part for part in (clause.id, target, status, value) if part and part != "–")
