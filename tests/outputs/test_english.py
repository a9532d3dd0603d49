"""A run in English, all its files: no Chinese but the documents' own words, and English numbers."""

import dataclasses
import html
import re
from enum import Enum
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn

import lifecircle as lc
from lifecircle import texts
from lifecircle.outputs import write_handover, write_outputs, write_score
from lifecircle.outputs.words.wording import Wording
from lifecircle.texts import catalogue

CHINESE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\u3000-\u303f]")
COUNTED = "areas facilities places clauses households documents beds people points parts papers"
PLURALS = (
    "areas|beds|cells|clauses|communities|counties|days|documents|errors|facilities|features|"
    "formulas|gaps|hosts|households|mistakes|operators|papers|parts|places|polygons|positions|"
    "problems|readings|records|rooms|rows|shapes|sheets|stages|streets|units|villages|ways"
)
DOMAINS = sorted(path.stem for path in Path(texts.__path__[0], "en").glob("*.po"))
ONE_OF_MANY = re.compile(rf"(?<![\d.,–/])\b1 (?:{'|'.join(COUNTED.split())})\b|\(s\)")
NAMES = {
    "选址小县": "Small county",
    "甲苑": "Alder",
    "乙苑": "Birch",
    "丙苑": "Cedar",
    "丁苑": "Dogwood",
    "戊苑": "Elm",
    "=己苑<b>": "Gum",
    "一站": "Station one",
    "二站": "Station two",
    "旧小学": "Old school",
    "村西地块": "West field",
}
TYPED = ("闲置校舍", "空地", "小区.csv", "设施.csv", "候选.csv")
"""What the study itself says in Chinese: kinds of sites, names of files."""
PROPOSAL = """
[project]
"项目名称" = "New court"
"坐标系" = "EPSG:4548"
"规划总户数" = 300
[[plots]]
"地块编号" = "One"
outline = [[500400, 3850000], [500600, 3850000], [500600, 3850100], [500400, 3850000]]
[[facilities]]
"设施名称" = "Court station"
"设施类型" = "社区养老服务站"
"建筑面积" = 40
"""


@pytest.fixture(scope="module")
def study(short_county, tmp_path_factory):
    home = tmp_path_factory.mktemp("english")
    for path in short_county.iterdir():
        told = path.read_text(encoding="utf-8")
        for chinese, english in NAMES.items():
            told = told.replace(chinese, english)
        if path.name == "study.toml":
            told = told.replace("[study]", '[study]\nlanguage = "en"', 1)
        (home / path.name).write_text(told, encoding="utf-8")
    (home / "proposal.toml").write_text(PROPOSAL, encoding="utf-8")
    return home


@pytest.fixture(scope="module")
def run(study):
    """Return the files of the run, and the words of documents and of the study in them."""
    read = lc.read_study(study / "study.toml")
    plan = lc.site(read, "CX-06", sites=2)
    now, future = lc.assess(read), lc.assess(read, sites=plan)
    score = lc.score(read, now, "caoxian")
    review = lc.review(read, lc.read_proposal(study / "proposal.toml", read))
    home = study / "out"
    lc.write_sites(plan, home / "plan")
    write_outputs(future, home / "future")
    write_handover(future, home / "handover", ["schedule", "evidence", "csv"])
    write_score(score, home / "form")
    lc.write_comparison(lc.compare(now, future), home / "compared")
    lc.write_review(review, home / "opinion")
    own = {*TYPED, review.standard_number}
    for one in (*now.clauses, *review.clauses, *review.conditions, score.form):
        own |= set(chinese_in(one))
    return sorted(home.rglob("*")), sorted(filter(None, own), key=len, reverse=True)


def chinese_in(value):
    """Yield the texts of a document in a result: quotes, sections, titles, a whole form."""
    if isinstance(value, str) and not isinstance(value, Enum):
        if CHINESE.search(value):
            yield value.strip("《》")
            yield from value.split("\n")
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from chinese_in(getattr(value, field.name))
    elif isinstance(value, dict):
        for inner in value.values():
            yield from chinese_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from chinese_in(inner)


def texts_of(path):
    """Yield what a reader of a file reads."""
    if path.suffix == ".docx":
        for one in docx.Document(str(path)).element.body.iter(qn("w:p")):
            yield "".join(t.text or "" for t in one.iter(qn("w:t")))
    elif path.suffix == ".xlsx":
        for sheet in openpyxl.load_workbook(path):
            yield sheet.title
            yield from (
                c.value for row in sheet.iter_rows() for c in row if isinstance(c.value, str)
            )
    elif path.suffix == ".html":
        page = re.sub(r"(?s)<(style|script|svg)\b.*?</\1>", " ", path.read_text(encoding="utf-8"))
        yield from map(html.unescape, re.split(r"<[^>]*>", page))
    elif path.suffix == ".csv":
        yield from path.read_text(encoding="utf-8-sig").splitlines()


def test_only_the_documents_speak_chinese(run):
    files, own = run
    found, read = set(), set()
    for path in files:
        for text in texts_of(path):
            read.add(path.suffix)
            if not CHINESE.search(text):
                continue
            bare = text.replace("\n(", "(")  # a form's heading, in two lines
            for told in own:
                bare = bare.replace(told, "")
            if CHINESE.search(bare):
                found.add((path.name, bare.strip()[:80]))
    assert read == {".docx", ".xlsx", ".html", ".csv"}
    assert found == set()


def test_one_of_many_is_one(run):
    found = {
        (path.name, told[0], text.strip()[:80])
        for path in run[0]
        for text in texts_of(path)
        if (told := ONE_OF_MANY.search(text))
    }
    assert found == set()


def test_what_is_counted_goes_by_its_number():
    words = Wording("en", "report")
    assert [words.value(n, "documents") for n in (0, 1, 2)] == [
        "0 documents",
        "1 document",
        "2 documents",
    ]
    assert words.value(1.0, "facilities") == "1 facility"
    assert words.value(1.2, "beds") == "1 bed"  # as it is shown


def test_texts_have_no_full_width_marks():
    marks = re.compile("[，。；：！？（）、【】《》「」\u3000－～％＝．]")
    quoted = re.compile(r'\\?"[^"]*\\?"|“[^”]*”')
    for domain in DOMAINS:
        for code, text in catalogue(domain, "en").items():
            # several are typed with 、 between them; the form is the document's, headings and all
            found = {*marks.findall(quoted.sub("", text))} - (
                {"、"} if domain == "problems" else set()
            )
            assert not found or (domain, code) == ("score", "form.responsible"), (domain, code)


@pytest.mark.parametrize("domain", DOMAINS)
def test_what_is_counted_agrees_with_its_number(domain):
    """``{n} areas`` would print 1 areas: the noun stands in both numbers, or elsewhere."""
    plural = re.compile(rf"\{{\w+(?::[^}}|]*)?\}} (?:more |of the |other )?(?:{PLURALS})\b")
    assert not [code for code, text in catalogue(domain, "en").items() if plural.search(text)]


def test_one_clause_and_several_are_named_in_one_sentence():
    said = texts.say("report", "streets.clauses_settled", "en", clauses="CX-05")
    assert said == "judged by a walk, and all settled by the straight line: CX-05"
