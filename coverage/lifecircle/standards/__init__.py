"""Standards as data: policy documents read from TOML, checked, inherited and varied.

A document is one file of ``library/`` or of the user's own, a clause one table of it::

    standard = read_standard("caoxian-2023")          # or a path
    clauses_in_force(standard, dt.date(2025, 12, 31))
    apply_scenario(standard, {"CX-03.value": 20}, "existing areas at 20 m²")

In the order of the work:

- ``mistakes``, ``raw``: typed reading, in which every wrong value becomes a mistake
- ``readings``, ``options``: the choices A1–A42, and what each measure may be told
- ``clauses``: one clause; ``reader``: a document with what it inherits
- ``file_schema``: the JSON Schema of a document's file, for editors
- ``scenarios``: named changes; ``forms``: the 100-point form
- ``costs``: what a study lacks, and which clauses that leaves open
- ``unasked``: figures that no clause asks for, papers answered in no word that is known
- ``templates``: what a county has to fill in
"""

from __future__ import annotations

from lifecircle.standards.costs import costs_of
from lifecircle.standards.forms import form_of, forms, read_form
from lifecircle.standards.reader import check_standard, clauses_in_force, library, read_standard
from lifecircle.standards.readings import ReadingSpec, readings
from lifecircle.standards.scenarios import apply_scenario, changed_terms, read_scenario
from lifecircle.standards.templates import template_of
from lifecircle.standards.unasked import papers_asked, unasked_figures, unread_papers

__all__ = [
    "ReadingSpec",
    "apply_scenario",
    "changed_terms",
    "check_standard",
    "clauses_in_force",
    "costs_of",
    "form_of",
    "forms",
    "library",
    "papers_asked",
    "read_form",
    "read_scenario",
    "read_standard",
    "readings",
    "template_of",
    "unasked_figures",
    "unread_papers",
]
