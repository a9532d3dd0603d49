"""TOML of a stranger: every way to be wrong has one plain word, and none takes long."""

from __future__ import annotations

import string
import tomllib
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecircle.errors import StandardError, UnknownNameError
from lifecircle.intake.settings.file import read_study_file
from lifecircle.model.problem import ProblemCode, describe
from lifecircle.sources.guarded_toml import LARGEST, TomlError, parse_toml
from lifecircle.standards import read_scenario, read_standard
from lifecircle.texts import known, word

DEEP = b"a = " + b"[" * 5000 + b"]" * 5000
TABLES = b"".join(b"[" + b".".join([b"a"] * n) + b"]\nx = 1\n" for n in (25,))
DOTTED = b".".join([b"a"] * 50_000) + b" = 1"
DIGITS = b"a = " + b"9" * 10_000
WRONG = [
    (b'a = "C:\\Users\\x"', "toml_backslash", 1),
    ('a = "C:\\路"'.encode(), "toml_backslash", 1),
    (b'a = "C:\\U00110000"', "toml_backslash", 1),
    (b"x = 1\na", "toml_no_equals", 2),
    ("a ＝ 1".encode(), "toml_no_equals", 1),
    (b"a = ", "toml_value", 1),
    ("a = “x”".encode(), "toml_value", 1),
    (b"a = tru", "toml_value", 1),
    (b'a = "x', "toml_open_text", 1),
    (b'a = "x\ny"', "toml_open_text", 1),
    (b"a = '''x", "toml_open_text", 1),
    (b"a = [1", "toml_open_bracket", 1),
    (b"a = {b = 1", "toml_open_bracket", 1),
    (b"[a", "toml_open_bracket", 1),
    (b"a = 1\na = 2", "toml_twice", 2),
    (b"[a]\n[a]", "toml_twice", 2),
    (b"a = {x = 1, x = 2}", "toml_twice", 1),
    (b"a = 1 2", "toml_more_behind", 1),
    (b"a = 2024-13-45", "toml_more_behind", 1),
    (b'a = "\x01"', "toml_character", 1),
    (b"= 1", "toml_statement", 1),
    ("ａ = 1".encode(), "toml_statement", 1),
    (b"a = 1\n\xff", "not_utf8", 2),
    (DEEP, "too_deep", None),
    (TABLES, "too_deep", None),
    (DOTTED, "too_deep", 1),
    (DIGITS, "number_digits", None),
    (b"#" * (LARGEST + 1), "too_large", None),
]


@pytest.mark.parametrize(("raw", "detail", "line"), WRONG, ids=range(len(WRONG)))
def test_each_mistake_is_named_with_its_line(raw, detail, line):
    with pytest.raises(TomlError) as wrong:
        parse_toml(raw)
    assert (wrong.value.detail, wrong.value.line) == (detail, line)


@pytest.mark.parametrize(("raw", "detail", "_line"), WRONG, ids=range(len(WRONG)))
def test_the_same_guard_stands_before_every_reader(raw, detail, _line, tmp_path):
    path = tmp_path / "study.toml"
    path.write_bytes(raw)
    said = word("detail", detail, "zh")
    study, problems = read_study_file(path)
    assert study is None
    assert said in describe(problems[0], "zh")["what"]
    for read in (read_standard, read_scenario):
        with pytest.raises(StandardError) as refused:
            read(path)
        lines = "\n".join(refused.value.mistakes)
        assert said in lines or detail in {
            "not_utf8",
            "toml_twice",
        }  # these have lines of their own


def test_every_word_is_there():
    for detail in {detail for _, detail, _ in WRONG}:
        assert known("words", f"detail.{detail}")


def test_a_long_key_costs_little():
    tracemalloc.start()
    with pytest.raises(TomlError):
        parse_toml(DOTTED)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 << 20  # the parser alone took gigabytes


def test_a_list_of_coordinates_is_no_dotted_key():
    line = ", ".join(["117.123, 35.456"] * 300)
    assert len(parse_toml(f"a = [\n{line}\n]".encode())["a"]) == 600


@given(
    st.text(
        alphabet=string.ascii_letters + string.digits + " =\"'[]{}\\.#\n甲＝“”\x00,", max_size=60
    )
)
def test_anything_is_read_as_the_library_reads_it_or_refused_in_words(text):
    try:
        found = parse_toml(text.encode())
    except TomlError as error:
        assert known("words", f"detail.{error.detail}")  # noqa: PT017 - a refusal is as good
        with pytest.raises((tomllib.TOMLDecodeError, RecursionError, ValueError)):
            tomllib.loads(text)
    else:
        assert found == tomllib.loads(text)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no /dev/zero on this system")
@pytest.mark.parametrize("device", ["/dev/zero", "/dev/urandom"])
def test_a_device_is_no_file(device):
    study, problems = read_study_file(Path(device))
    assert (study, problems[0].code) == (None, ProblemCode.STUDY_MISSING)
    for read in (read_standard, read_scenario):
        with pytest.raises((StandardError, UnknownNameError)):
            read(Path(device))
