"""What a result says in numbers, and which numbers of a text are none of them.

By rule, and never by listing values: names and quotes of the result are taken out first, so are
dates, numbers of rows and parts, captions and figures of the fixed texts; what is left must be a
number of ``assessment.json`` or of a table beside it, or the length of one of its lists.
"""

import html
import io
import re
from collections.abc import Mapping

import docx
import numpy as np
import openpyxl
import pandas as pd
from docx.oxml.ns import qn

from lifecircle.model.reason import Reason
from lifecircle.outputs.saved.assessment_json import document
from lifecircle.texts import LANGUAGES, catalogue

NUMBER = re.compile(r"(?<![\d.,A-Za-z_])\d[\d,]*(?:\.\d+)?(?![\d_])")
DOMAINS = ("report", "brief", "chapter", "words", "reasons", "standards", "districts", "problems")
FORMS = re.compile(r"第 \d+ 处，共 \d+ 处|Place \d+ of \d+|1:[\d  ]+")
"""Numbers of forms, and the scale of a sketch."""


class Saved:
    """The numbers and the texts of a result."""

    def __init__(self, assessment):
        tables = [assessment.findings, assessment.reach, assessment.allocation]
        tables += [assessment.provision, assessment.remedies, *assessment.layers.values()]
        self._gather([document(assessment), _degrees(assessment)], tables, DOMAINS)

    @classmethod
    def of_documents(cls, *documents, domains):
        """Return what saved documents say, and the fixed texts of ``domains``."""
        made = cls.__new__(cls)
        made._gather(documents, (), (*DOMAINS, *domains))
        return made

    def _gather(self, documents, tables, domains):
        self.values, self.texts, self.lengths = [], set(), {0.0}
        for one in documents:
            self._take(one)
        for table in tables:
            self._table(table)
        for language in LANGUAGES:
            for domain in domains:
                for text in catalogue(domain, language).values():
                    self.values += map(as_number, NUMBER.findall(re.sub(r"{[^}]*}", " ", text)))
        known = np.array([float(v) for v in self.values if np.isfinite(v)])
        # a share is told in per cent
        self.known = np.unique(np.concatenate([known, 100.0 * known, np.array([*self.lengths])]))

    def _take(self, value):
        if isinstance(value, Mapping):
            for inner in value.values():
                self._take(inner)
        elif isinstance(value, list | tuple | set):
            self.lengths.add(float(len(value)))
            for inner in value:
                self._take(inner)
        elif isinstance(value, Reason):
            self._take(value.params)
        elif isinstance(value, bool) or value is None:
            pass
        elif isinstance(value, int | float):
            self.values.append(float(value))
        elif isinstance(value, str) and re.search(r"\d", value):
            self.texts.add(value)

    def _table(self, table):
        plain = pd.DataFrame(table.drop(columns="geometry", errors="ignore"))
        self.lengths.add(float(len(plain)))
        for name in plain.columns:
            # a list tells its part of one status, one clause or one kind
            if plain[name].map(lambda v: isinstance(v, str)).any():
                self.lengths |= set(map(float, plain[name].astype(str).value_counts()))
            for value in plain[name]:
                self._take(value if not isinstance(value, np.generic) else value.item())
        for key in plain.index:
            self._take(str(key))

    def bare(self, text):
        """Return a text without dates and without the names and quotes that have figures."""
        text = re.sub(r"\d{4}-\d\d-\d\d", " ", text)
        for told in sorted(self.texts, key=len, reverse=True):
            # a code is a name; a short one would eat the figures it stands in
            if len(told) >= 6 or not told.replace(".", "").isdigit():
                text = text.replace(told, " ")
        return text

    def untraced(self, text):
        """Return the numbers of a text that nothing saved comes to."""
        found = []
        for token in NUMBER.findall(self.bare(text)):
            digits = len(token.partition(".")[2])
            slack = 0.5 * 10.0**-digits + 1e-9
            if digits == 1:  # 99.96 % is told as 99.9, 0.04 % as 0.1: never as all or none
                slack += 0.05
            if np.abs(self.known - as_number(token)).min() > slack:
                found.append(token)
        return found


def _degrees(assessment):
    """Return longitude and latitude of a point on every area and facility, by GeoPandas."""
    found = []
    for name in ("residential", "facilities"):
        shapes = assessment.layers[name].geometry
        shapes = shapes[~(shapes.isna() | shapes.is_empty)]
        points = shapes.representative_point().to_crs("EPSG:4326")
        found += [{"x": x, "y": y} for x, y in zip(points.x, points.y, strict=True)]
    return found


def as_number(token):
    return float(token.replace(",", ""))


def told_in_word(data):
    """Return a Word file's text without fields, row numbers, list numbers and part numbers."""
    lines = []
    for paragraph in docx.Document(io.BytesIO(data)).element.body.iter(qn("w:p")):
        style = paragraph.style
        first = paragraph.getparent().tag == qn("w:tc") and paragraph.getparent().getprevious()
        numbering = first is not None and first is not False and first.tag == qn("w:trPr")
        if style == "Caption" or (numbering and style == "TableText"):
            text = "".join(t.text or "" for t in paragraph.iter(qn("w:t")))
            lines.append("" if text.strip().isdigit() or style == "Caption" else text)
            continue
        text = "".join(t.text or "" for t in paragraph.iter(qn("w:t")))
        lines.append(
            re.sub(r"^\s*\d+(\.\d+)*[.．]?\s?(?=\D)", "", text) if style != "TableText" else text
        )
    return "\n".join(lines)


def told_in_book(path):
    """Return a workbook's texts, and its numbers as they are, a line each; no row numbers."""
    lines = []
    for sheet in openpyxl.load_workbook(path):
        for row in sheet.iter_rows(values_only=True):
            first = isinstance(row[0], int)  # the number of the row
            lines += [str(cell) for cell in row[first:] if cell is not None]
    return "\n".join(lines)


def told_on_page(page):
    """Return a page's text without styles, scripts, drawings, checksums and the footer."""
    page = re.sub(r"(?s)<(style|script|svg|footer|code)\b.*?</\1>", " ", page)
    page = re.sub(r'(?s)<td class="n">\d+</td><td class="name">', "<td>", page)  # numbers of rows
    page = re.sub(r"<br>|<small>|</(td|th|p|li|dd|dt|h\d|div|span|small|b|figcaption)>", "\n", page)
    return html.unescape(re.sub(r"<[^>]*>", "", page))
