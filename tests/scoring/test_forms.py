"""The forms that ship: the documents' own words, and 100 points each."""

from __future__ import annotations

import copy
import math
import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from lifecircle.errors import StandardError, UnknownNameError
from lifecircle.model.dictionary import INSTITUTIONS
from lifecircle.model.rules.form import PartKind
from lifecircle.standards import form_of, forms, library, read_form, read_standard
from lifecircle.texts import LANGUAGES, catalogue

DOCUMENTS = Path(__file__).parents[1] / "standards" / "documents"
FOLDER = files("lifecircle.standards") / "forms"


def squeezed(text):
    return re.sub(r"\s+", "", text)


def document(name):
    return squeezed((DOCUMENTS / f"{name}-2023.txt").read_text(encoding="utf-8"))


def digits(points):
    return f"{points:g}"


def test_there_are_two():
    assert forms() == ("caoxian", "weishan")
    assert [form_of(name) for name in ("caoxian-2023", "weishan-2023", "jinxiang-2023")] == [
        "caoxian",
        "weishan",
        None,
    ]


@pytest.mark.parametrize("name", forms())
def test_the_points_add_up_at_every_level(name):
    form = read_form(name)
    assert [g.points for g in form.groups] == [18, 11, 19, 14, 14, 14, 10]
    assert len(form.items) == 31
    assert math.fsum(i.points for i in form.items) == 100
    assert math.fsum(p.points for p in form.parts.values()) == 100
    for item in form.items:
        assert math.fsum(p.points for p in item.parts) == item.points
        assert [p.id for p in item.parts] == sorted(p.id for p in item.parts)
    assert len(form.parts) == sum(len(i.parts) for i in form.items)


def test_weishans_table_is_the_documents_row_by_row():
    # all cells of a row stand side by side in the document's text, in the order of its columns
    form, text = read_form("weishan"), document("weishan")
    at = text.index("附件2" + squeezed(form.title["zh"]))
    assert "".join(c.words for c in form.columns if not c.added) in text[at:]
    for item in form.items:
        check = "".join(item.check)
        responsible = f"牵头单位：{item.lead}责任单位：{item.units}"
        row = item.words + digits(item.points) + item.rule + check + responsible
        at = text.index(row, at)  # and the rows in the document's order
    for group in form.groups:
        assert group.words in text


def test_caoxians_table_is_the_documents_row_by_row():
    form = read_form("caoxian")
    text = (DOCUMENTS / "caoxian-2023.txt").read_text(encoding="utf-8")
    assert squeezed(form.title["zh"]) in squeezed(text)
    header, second = (
        [c for c in line.split("\t") if c]
        for line in text.splitlines()
        if "指标" in line and "\t" in line
    )
    tops = dict.fromkeys(c.above or c.words for c in form.columns)
    assert list(tops) == header
    assert [c.words for c in form.columns if c.above] == second
    rows = [line.split("\t") for line in text.splitlines() if re.match(r"\d?\t", line)]
    rows = [[squeezed(c) for c in row] for row in rows if row[2]]
    rows = [row for row in rows if row[3].isdigit()]
    numbers = {group.id: group.words for group in form.groups}
    seen = set()
    for item, row in zip(form.items, rows, strict=True):
        assert row[2:5] == [item.words, digits(item.points), item.rule]
        if row[0]:
            assert (row[0], row[1]) == (item.group, numbers[item.group])
            seen.add(item.group)
        assert row[5:] in ([""] * 2, ["", ""], [""])
    assert seen == set(numbers)


@pytest.mark.parametrize("name", forms())
def test_every_part_quotes_its_rule_and_the_quotes_cover_its_points(name):
    for item in read_form(name).items:
        for part in item.parts:
            assert part.quote in item.rule
            assert set(part.words) == set(LANGUAGES)
        # each number of points of the rule is in the quote of some part
        quoted = "".join(p.quote for p in item.parts)
        for said in re.findall(r"[\d.]+分", item.rule):
            assert said in quoted, (item.id, said)


@pytest.mark.parametrize("name", forms())
def test_the_forms_own_clauses_quote_the_part_they_decide(name):
    form = read_form(name)
    own_words = {part.id: item.words for item in form.items for part in item.parts}
    for part in form.parts.values():
        for clause in part.clauses:
            if clause in form.clauses:
                # what can only refuse a yes is asked in the item's own words (5.3, fire safety)
                asked = own_words[part.id] if part.kind is PartKind.BOOL else part.quote
                assert form.clauses[clause].quote in asked
                assert form.clauses[clause].standard == form.id
            else:
                assert clause in read_standard(form.standard).clauses
    used = {c for p in form.parts.values() for c in p.clauses}
    assert set(form.clauses) <= used


WHOM = {
    "41a": {INSTITUTIONS},  # 养老机构 … 失智老年人照护专区
    "42b": {"care_home"},  # 全部敬老院达到二星级
    "43": {"day_care", "happiness_home", "community_station"},  # 日间照料中心、农村幸福院…
    "44": {"canteen"},  # 助老食堂
    "44b": {"canteen"},
    "51b": {INSTITUTIONS},  # 养老机构登记备案
    "52a": {INSTITUTIONS},
    "52b": {INSTITUTIONS},
    "53a": {INSTITUTIONS},  # 养老机构消防验收
    "63b": {"day_care", "community_station"},  # 社区养老服务设施, run as one
    "64a": {"care_home"},  # 敬老院 … 委托运营率
}
"""Number of a form's own clause → whom its words count; those that are not here count nobody."""


@pytest.mark.parametrize("name", ["weishan", "caoxian"])
def test_the_forms_own_clauses_count_whom_their_words_name(name):
    form = read_form(name)
    numbers = {clause.partition("-")[2]: one for clause, one in form.clauses.items()}
    told = {number: set(one.kinds) for number, one in numbers.items() if one.kinds}
    assert told == {number: WHOM[number] for number in WHOM.keys() & numbers.keys()}
    typed = {number for number, one in numbers.items() if not one.kinds}
    assert {numbers[number].measure for number in typed} == {"indicator"}
    assert numbers["63b"].where == {"unit_level": ("township",)}
    assert numbers["64a"].options.all_of == ("entrusted",)


def test_where_the_two_differ():
    ws, cx = read_form("weishan"), read_form("caoxian")
    points = {name: part.points for name, part in ws.parts.items()}
    others = {name: part.points for name, part in cx.parts.items()}
    changed = {
        k: (points.get(k), others.get(k)) for k in points | others if points.get(k) != others.get(k)
    }
    assert changed == {"2.1a": (1, None), "2.1c": (2, 3)}
    kinds = {k: p.kind for k, p in ws.parts.items()}
    assert all(kinds[k] == p.kind for k, p in cx.parts.items())
    assert "数量" not in ws.parts["4.3a"].quote
    assert "数量" in cx.parts["4.3a"].quote
    assert (len(ws.parts["4.3a"].clauses), len(cx.parts["4.3a"].clauses)) == (1, 2)


def test_every_figure_a_form_asks_for_has_a_name():
    for name in forms():
        for clause in read_form(name).clauses.values():
            for figure in getattr(clause.options, "indicators", ()):
                for language in LANGUAGES:
                    assert f"indicator.{figure}" in catalogue("words", language)


# The reader


@pytest.fixture
def content():
    return (FOLDER / "weishan.toml").read_text(encoding="utf-8")


def refused(tmp_path, text):
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StandardError) as caught:
        read_form(path, "en")
    return caught.value.mistakes


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'id = "1.1a"\nkind = "bool"\npoints = 2',
            'id = "1.1a"\nkind = "bool"\npoints = 1',
            "add up to 3 and should be 4",
        ),
        (
            '[groups.7]\nwords = "七、加强特色创新"\npoints = 10',
            '[groups.7]\nwords = "七、加强特色创新"\npoints = 9',
            "should be 100",
        ),
        (
            'quote = "召开年度联席会议的得1分"',
            'quote = "召开联席会议的得1分"',
            "not in the scoring rule",
        ),
        ('kind = "bool"', 'kind = "boll"', "bool"),
        ('clauses = ["WS-27"]', 'clauses = ["WS-99"]', "WS-99"),
        ('vetoes = ["5.3a"]', 'vetoes = ["5.3z"]', "5.3"),
        ('id = "1.1a"', 'id = "11a"', "11a"),
        ('standard = "weishan-2023"', 'standard = "weishan-2024"', "weishan-2023"),
        ('heading = "附件2"', 'headline = "附件2"', "heading"),
        ("bands = [2, 1, 0.5, 0]", 'bands = ["2"]', "number"),
    ],
)
def test_a_form_with_a_mistake_is_refused(tmp_path, content, old, new, said):
    assert old in content
    mistakes = refused(tmp_path, content.replace(old, new, 1))
    assert any(said in line for line in mistakes), mistakes


def test_all_mistakes_at_once(tmp_path, content):
    text = content.replace('kind = "bool"', 'kind = "boll"', 1).replace('county = "', 'cuonty = "')
    assert len(refused(tmp_path, text)) >= 3


def test_a_form_of_ones_own_and_one_that_is_not_there(tmp_path, content):
    path = tmp_path / "own.toml"
    path.write_text(content.replace('id = "weishan"', 'id = "jining"', 1), encoding="utf-8")
    assert read_form(path).id == "jining"
    with pytest.raises(UnknownNameError, match="weishan"):
        read_form("weishann")


def test_the_forms_are_no_standards():
    assert not set(forms()) & set(library())
    assert tomllib.loads((FOLDER / "caoxian.toml").read_text(encoding="utf-8"))["id"] == "caoxian"
    assert copy.copy(read_form("caoxian")) == read_form("caoxian")


PRESUPPOSING = ("其中", "其余", "剩余", "拓展", "子栏目")


@pytest.mark.parametrize("name", forms())
def test_words_that_speak_of_another_part_name_it(name):
    parts = read_form(name).parts
    for part in parts.values():
        if any(word in part.quote for word in PRESUPPOSING):
            assert part.depends, part.id
    tied = {part.id: part.depends for part in parts.values() if part.depends}
    # besides: the yearly meeting of 1.1's body, and 3.2's three systems, the allowance among them
    others = "1.1b:1.1a 1.1c:1.1a 1.2b:1.2a 3.1b:3.1a 3.1d:3.1c 3.2b:3.2a 3.4b:3.4a 3.5b:3.5a"
    others += " 3.6b:3.6a 3.7b:3.7a 3.8b:3.8a 4.5b:4.5a 5.4b:5.4a 6.2b:6.2a"
    assert {f"{part}:{base}" for part, base in tied.items()} == set(others.split())


@pytest.mark.parametrize("name", forms())
def test_points_come_in_halves_as_the_document_has_them(name):
    parts = read_form(name).parts
    assert {part.step for part in parts.values()} == {0.5}
    assert parts["3.1d"].claimable == (0.0, 0.5)
    assert parts["6.1b"].claimable == (2.0, 1.0, 0.5, 0.0)
    assert parts["4.5b"].claimable == (0.0, 0.5, 1.0, 1.5, 2.0)
