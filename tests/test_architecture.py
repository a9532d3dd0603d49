"""The house rules that a machine can hold: borders, sizes, names, dictionaries, words."""

import ast
import importlib
import re
import tomllib
from collections import Counter
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
LIMIT = 420  # lines of a module

COLUMN_TYPES = {"text", "code", "number", "integer", "date", "bool", "kinds", "serves"} | {
    "stage",
    "age_class",
    "setting",
    "unit_type",
}


def name_of(path):
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_imports_go_down_only(capsys):
    broken = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True, no_logo=True)
    assert not broken, capsys.readouterr().out


def test_the_source_folder_is_no_package():
    # coverage.py owns the name `coverage`: a package here would hide it, or be hidden by it
    assert not (ROOT / "coverage" / "__init__.py").exists()


def test_every_folder_of_the_package_is_one():
    folders = {path.parent for path in MODULES}
    assert [f for f in folders if not (f / "__init__.py").exists()] == []


def test_modules_are_short():
    lengths = {name_of(p): len(p.read_text(encoding="utf-8").splitlines()) for p in MODULES}
    assert {name: length for name, length in lengths.items() if length > LIMIT} == {}


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
    used = {
        node.attr
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == codes.__name__
    }
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
        assert kind.reach | kind.reach_with_service <= set(dictionary.REACH_GROUPS)
        assert not kind.reach & kind.reach_with_service
    titles = [kind.title["zh"] for kind in dictionary.kinds().values()]
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize("key", [key for key in dictionary.kinds() if key != "other"])
def test_every_name_of_a_kind_is_recognised_as_that_kind(key):
    names = dictionary.kinds()[key].aliases
    assert {name: sorted(dictionary.match_kinds(name)) for name in names} == {
        name: [key] for name in names
    }


@pytest.mark.parametrize("vocabulary", ["stage", "age_class", "setting", "bool"])
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
