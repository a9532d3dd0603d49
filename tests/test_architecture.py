"""The house rules that a machine can hold: borders, sizes, names, dictionaries, words."""

import ast
import importlib
import logging
import re
import tomllib
from collections import Counter
from functools import cache
from itertools import chain
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po
from importlinter.cli import lint_imports

from lifecircle.model import dictionary, status
from lifecircle.model.inputs.parameters import Parameters
from lifecircle.model.problem import ProblemCode, Severity
from lifecircle.model.reason import ReasonCode
from lifecircle.model.rules.measures import MEASURES
from lifecircle.texts import LANGUAGES, VOCABULARIES, catalogue

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "coverage" / "lifecircle"
MODULES = sorted(PACKAGE.rglob("*.py"))
LINES_OF_A_MODULE = 400
LINES_OF_A_FUNCTION = 60  # of code: the docstring, blank lines and comments are not counted
BRANCHES_OF_A_FUNCTION = 15  # cyclomatic complexity
MODULES_OF_A_FOLDER = 14  # beside its __init__; folders in it do not count

# What is over the bars still. The lists may only shrink: what stands in one and is mended fails.
LARGE_FUNCTIONS: set[str] = set()
CIRCLES: set[frozenset[str]] = set()

COLUMN_TYPES = {"text", "code", "number", "integer", "date", "bool", "kinds", "serves"} | {
    "stage",
    "age_class",
    "setting",
    "unit_type",
    "passage",
    "tenure",
}


def name_of(path):
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@pytest.fixture
def _loggers_as_they_were():
    """Let the checker's own set-up of logging silence no logger that other tests listen to."""
    loggers = [
        one for one in logging.Logger.manager.loggerDict.values() if hasattr(one, "disabled")
    ]
    before = [one.disabled for one in loggers]
    yield
    for one, disabled in zip(loggers, before, strict=True):
        one.disabled = disabled


@pytest.mark.usefixtures("_loggers_as_they_were")
def test_imports_go_down_only(capsys):
    broken = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True, no_logo=True)
    assert not broken, capsys.readouterr().out


def test_the_source_folder_is_no_package():
    # coverage.py owns the name `coverage`: a package here would hide it, or be hidden by it
    assert not (ROOT / "coverage" / "__init__.py").exists()


def test_every_folder_of_the_package_is_one():
    folders = {path.parent for path in MODULES}
    assert [f for f in folders if not (f / "__init__.py").exists()] == []


CONTENTS = [  # every room's first words are a table of contents
    path
    for path in sorted(PACKAGE.rglob("__init__.py"))
    if path.parent.name not in {"cli", "texts"}
][1:]


@pytest.mark.parametrize("path", CONTENTS, ids=name_of)
def test_a_room_names_what_is_in_it(path):
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    listed = re.findall(r"``(\w+)``", "".join(said.partition("\n- ")[1:]))
    there = {p.stem for p in path.parent.glob("*.py")} - {"__init__"}
    there |= {p.parent.name for p in path.parent.glob("*/__init__.py")}
    assert sorted(listed) == sorted(there)


# Sizes


def complexity(function):
    """Return the cyclomatic complexity as radon counts it, what stands inside included."""
    branches = ast.If | ast.IfExp | ast.For | ast.AsyncFor | ast.While | ast.ExceptHandler
    count = 1
    for node in ast.walk(function):
        if isinstance(node, branches | ast.Assert | ast.match_case):
            count += 1
        elif isinstance(node, ast.BoolOp):
            count += len(node.values) - 1
        elif isinstance(node, ast.comprehension):
            count += 1 + len(node.ifs)
    return count


def code_lines(function, lines):
    """Return how many lines of code a function has, its signature included."""
    first = function.body[0]
    begin = first.lineno
    if ast.get_docstring(function) is not None:
        begin = first.end_lineno + 1
    body = [line.strip() for line in lines[begin - 1 : function.end_lineno]]
    code = [line for line in body if line and not line.startswith("#")]
    return first.lineno - function.lineno + len(code)


@cache
def looked_through(path):
    """Return a module's functions, imports and attributes: it is parsed once for all that asks.

    Functions are (name, lines of code, complexity); imports (module, name imported from it, or
    None); attributes (name, attribute), as ``ReasonCode.QUOTA_MET``. Its tree is not kept: half a
    million nodes would be looked through for circles to the end.
    """
    source = path.read_text(encoding="utf-8")
    lines, room = source.splitlines(), name_of(path).removeprefix("lifecircle.")
    functions, imports, attributes = [], set(), set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            named = f"{room}.{node.name}"
            functions.append((named, code_lines(node, lines), complexity(node)))
        elif isinstance(node, ast.Import):
            imports |= {(alias.name, None) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imports |= {(node.module, alias.name) for alias in node.names}
        elif isinstance(node, ast.Call) and last_name(node.func).endswith("import_module"):
            said = [part.value for part in node.args if isinstance(part, ast.Constant)]
            imports |= {(one, None) for one in said}
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            attributes.add((node.value.id, node.attr))
    return functions, imports, attributes


def last_name(node):
    """Return the last name of a dotted one, empty for anything else."""
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def test_the_counters_count():
    source = """
def f(a, b):
    '''Docstring
    of two lines.'''
    # a comment

    if a and b or a:
        return [x for x in a if x if b]
    while a: pass
    try:
        assert a
    except ValueError:
        return 1 if a else 2
    match a:
        case 1:
            return b
"""
    function = ast.parse(source).body[0]
    # 1, if 1, and 1, or 1, comprehension 1 with two ifs 2, while, assert, except, if-else, case
    assert complexity(function) == 12
    assert code_lines(function, source.splitlines()) == 11  # the signature, and ten below


def test_modules_are_short():
    lengths = {name_of(p): len(p.read_text(encoding="utf-8").splitlines()) for p in MODULES}
    assert {n: length for n, length in lengths.items() if length > LINES_OF_A_MODULE} == {}


def test_functions_are_short_and_straight():
    large = {
        name
        for path in MODULES
        for name, lines, branches in looked_through(path)[0]
        if lines > LINES_OF_A_FUNCTION or branches > BRANCHES_OF_A_FUNCTION
    }
    assert sorted(large - LARGE_FUNCTIONS) == []
    assert sorted(LARGE_FUNCTIONS - large) == [], "mended: take these out of the list"


def test_folders_hold_few_modules():
    counts = Counter(path.parent for path in MODULES if path.stem != "__init__")
    crowded = {f.relative_to(PACKAGE): n for f, n in counts.items() if n > MODULES_OF_A_FOLDER}
    assert crowded == {}


# Circles


def imports():
    """Return module → modules of ours it imports anywhere: in functions, for types, by a string."""
    names = {name_of(path) for path in MODULES}
    found = {}
    for path in MODULES:
        asked = set()
        for module, name in looked_through(path)[1]:
            below = f"{module}.{name}"
            asked.add(below if below in names else module)
        found[name_of(path)] = asked & names - {name_of(path)}
    return found


def circles(graph):
    """Return the sets of modules that all lead to each other."""
    reached = {}
    for start in graph:
        seen, ahead = set(), [start]
        while ahead:
            fresh = graph[ahead.pop()] - seen
            seen |= fresh
            ahead += fresh
        reached[start] = seen
    return {
        frozenset(other for other in reached[name] if name in reached[other])
        for name in graph
        if name in reached[name]
    }


def test_the_search_finds_circles():
    graph = {"a": "b", "b": "c", "c": "ad", "d": "e", "e": "d", "f": "a", "g": ""}
    graph = {name: set(leads) for name, leads in graph.items()}
    assert circles(graph) == {frozenset("abc"), frozenset("de")}


def test_no_imports_go_round():
    found = {frozenset(n.removeprefix("lifecircle.") for n in c) for c in circles(imports())}
    assert sorted(map(sorted, found - CIRCLES)) == []
    assert sorted(map(sorted, CIRCLES - found)) == [], "opened: take these out of the list"


# Names


KNOW_THE_TOLERANCE = {
    "allocation.best_case.most_met",  # a bound no lower than what is met within it
    "allocation.programme",  # rounds what a solver returns
    "allocation.served",  # and compares gains of it
    "intake.proposal.positions",  # an overlap of no size
    "reach.search.legs",  # a stretch of no length
    "reach.search.travel",  # tells equal walks apart
}
"""Besides ``model.finding``, whose ``meets`` compares with every threshold."""


def test_a_threshold_is_compared_in_one_place():
    line = re.compile(r"^from lifecircle\.model\.finding import .*\bTOLERANCE\b", re.MULTILINE)
    know = {name_of(p) for p in MODULES if line.search(p.read_text(encoding="utf-8"))}
    assert know == {f"lifecircle.{name}" for name in KNOW_THE_TOLERANCE}


def test_modules_are_named_for_what_they_are_about():
    empty = re.compile(r"(utils?|helpers?|commons?|misc|tools?|manager|data\d?)$")
    assert [name_of(p) for p in MODULES if empty.search(p.stem)] == []


@pytest.mark.parametrize("name", [name_of(p) for p in MODULES if p.stem != "__main__"])
def test_public_names_exist(name):
    module = importlib.import_module(name)
    names = getattr(module, "__all__", [])
    assert [n for n in names if not hasattr(module, n)] == []
    assert len(names) == len(set(names))


# Texts


def messages(language, domain):
    with (PACKAGE / "texts" / language / f"{domain}.po").open("rb") as stream:
        return [m for m in read_po(stream, locale=language, abort_invalid=True) if m.id]


def domains(language):
    return sorted(path.stem for path in (PACKAGE / "texts" / language).glob("*.po"))


def fields(template):
    """Return the parameters that a template names."""
    return {re.split(r"[.\[]", name)[0] for _, name, _, _ in Formatter().parse(template) if name}


def test_both_languages_have_the_same_catalogues():
    assert domains("zh") == domains("en")
    assert LANGUAGES == ("zh", "en")


@pytest.mark.parametrize("domain", domains("zh"))
def test_both_languages_say_the_same(domain):
    zh, en = (catalogue(domain, language) for language in LANGUAGES)
    assert zh.keys() ^ en.keys() == set()
    assert {code for code in zh if fields(zh[code]) != fields(en[code])} == set()


@pytest.mark.parametrize("domain", domains("zh"))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_there_once(language, domain):
    # a second entry of one id would replace the first and leave no trace in the catalogue
    source = (PACKAGE / "texts" / language / f"{domain}.po").read_text(encoding="utf-8")
    ids = re.findall(r'^msgid "(.+)"$', source, re.MULTILINE)
    assert [code for code, times in Counter(ids).items() if times > 1] == []
    # and of two strings of one entry nobody sees which is said
    starts = re.findall(r"^msg(id|str) ", source, re.MULTILINE)
    assert starts == ["id", "str"] * (len(starts) // 2)
    texts = messages(language, domain)
    assert [m.id for m in texts if not str(m.string).strip()] == []
    assert [m.id for m in texts if m.fuzzy] == []


def test_every_reason_has_words():
    assert [str(code) for code in ReasonCode if code not in catalogue("reasons", "zh")] == []


def test_every_problem_says_what_why_and_what_to_do():
    wanted = (f"{code}.{part}" for code in ProblemCode for part in ("what", "why", "remedy"))
    assert [code for code in wanted if code not in catalogue("problems", "zh")] == []


@pytest.mark.parametrize("codes", [ReasonCode, ProblemCode])
def test_every_code_is_given_by_somebody(codes):
    # a code that nothing gives keeps its texts, its translations and its place in the schemas
    named = {one for path in MODULES for one in looked_through(path)[2]}
    used = {attribute for name, attribute in named if name == codes.__name__}
    assert [code.name for code in codes if code.name not in used] == []


def test_every_vocabulary_has_words():
    members = {
        "status": status.Status,
        "flag": status.Flag,
        "stage": status.Stage,
        "stage_view": status.StageView,
        "age_class": status.AgeClass,
        "setting": status.Setting,
        "coverage": status.Coverage,
        "severity": Severity,
        "layer": dictionary.LAYERS,
        "reach_group": dictionary.REACH_GROUPS,
        "unit": set(chain.from_iterable(spec.units for spec in MEASURES.values())),
    }
    words = catalogue("words", "zh")
    wanted = [f"{vocabulary}.{m}" for vocabulary, ms in members.items() for m in ms]
    assert [code for code in wanted if code not in words] == []
    known = {code.partition(".")[0] for code in words}
    assert set(VOCABULARIES.values()) - known == set()


# Dictionaries


def spellings(names):
    return [dictionary.without_unit(dictionary.fold(name)) for name in names]


@pytest.mark.parametrize("layer", dictionary.LAYERS)
def test_a_header_means_one_column(layer):
    claimed = Counter(
        chain.from_iterable(
            {*spellings(column.aliases), dictionary.fold(name)}
            for name, column in dictionary.columns(layer).items()
        )
    )
    assert [header for header, times in claimed.items() if times > 1] == []


@pytest.mark.parametrize("layer", dictionary.LAYERS)
def test_columns_are_described(layer):
    for column in dictionary.columns(layer).values():
        assert column.type in COLUMN_TYPES
        assert set(column.description) == set(LANGUAGES)
        assert all(column.description.values())
        assert column.aliases
        assert column.required or not column.needed


def test_a_name_means_one_kind():
    claimed = Counter(
        chain.from_iterable(
            {*spellings(kind.aliases), key} for key, kind in dictionary.kinds().items()
        )
    )
    assert [name for name, times in claimed.items() if times > 1] == []


def test_kinds_are_described():
    for kind in dictionary.kinds().values():
        assert set(kind.title) == set(LANGUAGES)
        assert kind.may_reach <= set(dictionary.REACH_GROUPS)
        ways = (kind.reach, kind.reach_with_service, kind.reach_if_typed)
        assert sum(map(len, ways)) == len(kind.may_reach)
    titles = [kind.title["zh"] for kind in dictionary.kinds().values()]
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize("key", [key for key in dictionary.kinds() if key != "other"])
def test_every_name_of_a_kind_is_recognised_as_that_kind(key):
    names = dictionary.kinds()[key].aliases
    assert {name: sorted(dictionary.match_kinds(name)) for name in names} == {
        name: [key] for name in names
    }


@pytest.mark.parametrize(
    "vocabulary", ["stage", "age_class", "setting", "bool", "passage", "tenure", "untold"]
)
def test_a_word_means_one_thing(vocabulary):
    file = PACKAGE / "model" / "words.toml"
    table = tomllib.loads(file.read_text(encoding="utf-8"))[vocabulary]
    claimed = Counter(
        chain.from_iterable({*map(dictionary.fold, words), key} for key, words in table.items())
    )
    assert [word for word, times in claimed.items() if times > 1] == []


def test_every_parameter_has_a_unit_and_a_bound():
    for record in Parameters().records():
        assert record.source == "default"
        low, _ = Parameters.bound(record.name)
        assert record.value is None or record.value >= low
