"""Templates: from a standard to what a county has to fill in, derived from its clauses."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from lifecircle.model.gazetteer import code_list, county_name
from lifecircle.model.inputs.template import Template, TemplateLine
from lifecircle.model.rules.form import PartKind
from lifecircle.model.rules.needs import fields_of
from lifecircle.standards.forms import form_of, read_form
from lifecircle.standards.reader import read_standard
from lifecircle.texts import word

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping

    from lifecircle.model.rules.clause import Clause, Standard
    from lifecircle.model.rules.form import FormPart

__all__ = ["template_of"]

_COMPUTED = {PartKind.RATE, PartKind.COUNT}
"""Parts of the form that the assessment decides: nothing is to be typed for them."""


def template_of(
    standard: str,
    as_of: dt.date,
    *,
    county: str | None = None,
    language: str = "zh",
    coordinates: str = "cgcs2000",
) -> Template:
    """Return the empty study of a standard.

    Parameters
    ----------
    standard
        As for :func:`lifecircle.standards.read_standard`.
    county
        6-digit code, full-width digits too; by default the standard's own.

    Raises
    ------
    StandardError, UnknownNameError
        The standard cannot be read.
    """
    found = read_standard(standard, language)
    code = unicodedata.normalize("NFKC", county).strip() if county else found.county
    form = form_of(found.id)
    asked = [*found.clauses.values()]
    if form is not None:  # the form asks for figures of its own, such as the monthly visits
        asked += read_form(form).clauses.values()
    return Template(
        standard=Path(standard).name if _own(standard) else standard,
        title=found.title.get(language, found.id),
        county=code,
        county_name=county_name(code).get(language, code),
        as_of=as_of,
        language=language,
        coordinates=coordinates,
        units=code_list(code),
        indicators=tuple(_lines(asked, "indicators", "indicator", language)),
        evidence=tuple(_evidence(found, form, language)),
        gaps=_gaps(asked, found.clauses),
        clauses=len(found.clauses),
        form=form,
    )


def _own(standard: str) -> bool:
    return standard.endswith((".toml", ".xlsx"))


def _gaps(asked: Iterable[Clause], clauses: Mapping[str, Clause]) -> dict[str, tuple[str, ...]]:
    """Return ``layer.column`` → the clauses that need it, the document's, then its form's."""
    found: dict[str, list[str]] = {}
    for clause in asked:
        for field in fields_of(clause, clauses):
            found.setdefault(field, []).append(clause.id)
    return {field: tuple(names) for field, names in found.items()}


def _lines(
    asked: Iterable[Clause], option: str, vocabulary: str, language: str
) -> Iterator[TemplateLine]:
    """Yield what the clauses name in an option, each once, and which of them do."""
    named: dict[str, list[str]] = {}
    for clause in asked:
        items = getattr(clause.options, option, ())
        if option == "indicators" and (instead := getattr(clause.options, "typed", "")):
            items = (*items, instead)
        for item in items:
            named.setdefault(item, []).append(clause.id)
    for item, clauses in named.items():
        yield TemplateLine(item, word(vocabulary, item, language), tuple(clauses))


def _evidence(standard: Standard, form: str | None, language: str) -> Iterator[TemplateLine]:
    """Yield the parts of the 100-point form that people answer, then the papers of clauses.

    A paper that is a part of the form stands under its own name, so that one answer serves both.
    """
    papers = {
        line.id: line for line in _lines(standard.clauses.values(), "items", "document", language)
    }
    for item in () if form is None else read_form(form).items:
        for part in item.parts:
            if part.kind not in _COMPUTED:
                asked = papers.pop(part.document, None)
                clauses = () if asked is None else asked.clauses
                yield TemplateLine(part.document or part.id, _asked(part, language), clauses)
    yield from papers.values()


def _asked(part: FormPart, language: str) -> str:
    """Return what a part asks, with the answers it knows."""
    said = part.words.get(language, part.id)
    options = " / ".join(option.words.get(language, option.key) for option in part.options)
    if not options:
        return said
    return f"{said}（{options}）" if language == "zh" else f"{said} ({options})"
