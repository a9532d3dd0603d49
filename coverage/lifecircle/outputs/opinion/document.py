"""``opinion.docx``: 审查意见表, the Word file that an office edits and signs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import lifecircle
from lifecircle.outputs.office.paper.manuscript import Manuscript
from lifecircle.outputs.office.paper.markup import Cell, Line, label
from lifecircle.outputs.office.paper.typeface import FORM
from lifecircle.outputs.opinion.legend import legend_of
from lifecircle.outputs.opinion.rows import opinion_of
from lifecircle.outputs.opinion.sketch import HEIGHT, WIDTH, draw_sketch
from lifecircle.outputs.whole import whole_file
from lifecircle.outputs.words.names import Names
from lifecircle.outputs.words.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from lifecircle.model.results.review import Review, Sketch
    from lifecircle.outputs.opinion.rows import ClauseRow, Conclusion, ManualRow, Opinion

__all__ = ["opinion_bytes", "write_review_docx"]

_FACTS = (28.0, 57.0, 28.0, 57.0)
_CLAUSES = (12.0, 54.0, 31.0, 19.0, 17.0, 37.0)
_REFERENCES = (62.0, 31.0, 21.0, 17.0, 39.0)
_EFFECTS = (34.0, 20.0, 20.0, 20.0, 30.0, 46.0)
_SKETCH = (16.0, 52.0, 24.0, 22.0, 56.0)
_SKETCH_MM = 150.0
_MANUAL = (62.0, 38.0, 36.0, 34.0)
_SIGN = (83.0, 83.0)
_ALL = 170.0
"""Millimetres between the margins."""
_SIGNED_BELOW = 18.0
"""Room for an opinion in hand, millimetres."""
_STRONG, _SMALL = "TableStrong", "TableSmall"
_CHOSEN, _FREE = "■", "□"
_UNPARTED, _WIDE = "\u00a0", "\u2003"


def write_review_docx(review: Review, path: Path) -> Path:
    """Write the opinion on ``review`` to ``path`` and return the path.

    Raises
    ------
    OutputError
        The file cannot be written (often: it is open in another program).
    """
    with whole_file(path) as part:
        part.write_bytes(opinion_bytes(review))
    return path


def opinion_bytes(review: Review) -> bytes:
    """Return the opinion as a Word file."""
    told = opinion_of(review)
    words = Wording(told.language, "review", Names(review.names))
    paper = Manuscript(f"{told.name} {told.title}", review.as_of, FORM)
    paper.title(told.title)
    for banner in told.banners:
        paper.note(f"▲ {banner}", "center")
    paper.heading(1, words.say("part.project"))
    paper.table(_FACTS, (), _project(told, words.say("fact.name")))
    _clauses(paper, told, words)
    if review.sketch is not None:
        _sketch(paper, review.sketch, words)
    _effects(paper, told, words)
    _listed(paper, "conditions", told.conditions, words)
    for note in told.notes:
        paper.note(note)
    paper.heading(1, words.say("part.manual"))
    header = _head(words, "item", "of", "stated", "result")
    paper.table(_MANUAL, header, _manual(told.manual, words.say("tick")), align="llcc")
    _listed(paper, "supplements", told.supplements, words)
    paper.gap()
    paper.frame(_ALL, lambda part: _verdict(part, told.conclusion, words))
    if told.problems:
        colon = words.say("colon")
        lines = [f"{a}{colon}{words.phrases((b, c))}" for a, b, c in told.problems]
        _listed(paper, "problems", lines, words)
    paper.note(words.say("footer", version=lifecircle.__version__))
    paper.page_line(words.say("page", page="{page}", pages="{pages}"))
    return paper.file()


def _head(words: Wording, *codes: str) -> list[str]:
    return [words.say(f"column.{code}") for code in codes]


def _numbered(lines: Sequence[str], words: Wording) -> list[str]:
    """Return lines with their numbers; one alone has none."""
    if len(lines) == 1:
        return list(lines)
    return [words.say("listed", n=n, text=line) for n, line in enumerate(lines, start=1)]


def _listed(paper: Manuscript, part: str, lines: Sequence[str], words: Wording) -> None:
    paper.heading(1, words.say(f"part.{part}"))
    for line in _numbered(lines or (words.say(f"{part}.none"),), words):
        paper.line(line, "PaperList")


def _project(told: Opinion, name: str) -> Iterator[list[str | Cell]]:
    """Yield the rows of facts: two a row, those of many words over the whole width."""
    yield [label(name), Cell((Line(told.name),), span=3)]
    for at in range(0, len(told.facts), 2):
        pair = told.facts[at : at + 2]
        cells: list[str | Cell] = []
        for title, value in pair:
            cells += [label(title), Cell((Line(value),), span=1 if len(pair) > 1 else 3)]
        yield cells
    for title, lines in told.wide:
        yield [label(title), Cell(tuple(map(Line, lines)), span=3)]


def _clauses(paper: Manuscript, told: Opinion, words: Wording) -> None:
    paper.heading(1, words.say("part.clauses"))
    header = _head(words, "number", "content", "required", "provided", "status", "remedy")
    rows = ([row.number, *_asked(row), _status(row), _remedy(row)] for row in told.clauses)
    paper.table(_CLAUSES, header, rows, align="clcccl")
    if not told.references:
        return
    paper.note(words.say("part.references"))
    header = _head(words, "content", "required", "provided", "status", "found")
    rows = ([*_asked(row), row.status, _small(row.reason)] for row in told.references)
    paper.table(_REFERENCES, header, rows, align="lcccl")


def _small(text: str) -> Cell:
    return Cell((Line(text, _SMALL),))


def _asked(row: ClauseRow) -> list[str | Cell]:
    """Return what is asked, in the document's words, how much, and what the proposal has."""
    title = Line(f"{row.id} {row.title}".strip(), _STRONG)
    quoted = [Line(line, _SMALL) for line in (row.plot, row.quote) if line]
    first, _, rest = row.required.partition("\n")
    required = [Line(first), *([Line(rest, _SMALL)] if rest else [])]
    return [Cell((title, *quoted)), Cell(tuple(required)), row.provided]


def _status(row: ClauseRow) -> Cell:
    return Cell((Line(row.status, _STRONG), *(Line(flag, _SMALL) for flag in row.flags)))


def _remedy(row: ClauseRow) -> Cell:
    short = [Line(row.short, _STRONG)] if row.short else []
    cure = [] if short and not row.remedy else [Line(row.remedy or row.reason, _SMALL)]
    return Cell((*short, *cure))


def _sketch(paper: Manuscript, sketch: Sketch, words: Wording) -> None:
    """Put the picture, what its marks mean and its facilities; the three share a page."""
    paper.heading(1, words.say("part.sketch"))
    size = (_SKETCH_MM, _SKETCH_MM * HEIGHT / WIDTH)
    paper.picture(draw_sketch(sketch), size, words.say("part.sketch"))
    legend = legend_of(sketch, words)
    paper.note(legend.note)
    header = _head(words, "mark", "facility", "m2", "distance", "standing")
    rows: Iterator[list[str | Cell]] = (
        [row.number, row.name, row.m2, row.distance, _small(row.standing)] for row in legend.rows
    )
    paper.table(_SKETCH, header, rows, align="clccl")


def _effects(paper: Manuscript, told: Opinion, words: Wording) -> None:
    paper.heading(1, words.say("part.effects"))
    if not told.effects:
        paper.text(words.say("effects.none"))
        return
    header = _head(words, "neighbour", "before", "after", "change", "verdicts", "because")
    rows: Iterator[list[str | Cell]] = (
        [
            f"{row.name}\n{row.clause}",
            *(row.before, row.after, row.change),
            Cell((Line(row.verdicts, _STRONG if row.blocking else ""),)),
            _small(row.because),
        ]
        for row in told.effects
    )
    paper.table(_EFFECTS, header, rows, align="lccccl")


def _manual(rows: Sequence[ManualRow], tick: str) -> Iterator[list[str | Cell]]:
    """Yield what people check; an item of several facilities is said once."""
    for n, row in enumerate(rows):
        again = n > 0 and rows[n - 1].item == row.item
        more = n + 1 < len(rows) and rows[n + 1].item == row.item
        item = Cell(
            () if again else (Line(row.item),),
            block="on" if again else "first" if more else "",
        )
        yield [item, row.subject, row.stated, _small(tick)]


def _verdict(paper: Manuscript, told: Conclusion, words: Wording) -> None:
    """Write heading, conclusion and the boxes of who signs it into one frame: they share a page."""
    paper.line(words.say("part.verdict"), "FormLabel")
    # a choice is parted from the next, not in itself
    names = ((name.replace(" ", _UNPARTED), on) for name, on in told.choices)
    marks = f"{_WIDE} ".join(f"{_CHOSEN if on else _FREE}{name}" for name, on in names)
    paper.line(marks, "FormChoice")
    paper.line(told.why, "FormText")
    for n, line in enumerate(told.changes, start=1):
        paper.line(words.say("change.numbered", n=n, text=line), "FormText")
    if told.also:
        paper.line(told.also, "FormText")
    paper.gap()
    boxes = [_signature(office, words.say) for office in ("planning", "civil")]
    paper.table(_SIGN, (), [boxes], style="FormText")
    paper.gap()


def _signature(office: str, say: Callable[..., str]) -> Cell:
    return Cell(
        (
            Line(say(f"sign.{office}"), "FormLabel"),
            Line(say("sign.handled"), before=_SIGNED_BELOW),
            Line(say("sign.chief")),
            Line(say("sign.seal"), align="r"),
            Line(say("sign.date"), align="r"),
        )
    )
