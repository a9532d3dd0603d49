"""What ships as text is parsed once, and kept under the terms of Python's own byte code."""

import sys
import tomllib

import pytest

from lifecircle.shipped import parsed


class Parser:
    """A parser that counts its calls."""

    def __init__(self):
        self.calls = 0

    def __call__(self, raw):
        self.calls += 1
        return tomllib.loads(raw.decode())


@pytest.fixture
def parser():
    return Parser()


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    file = tmp_path / "words.toml"
    file.write_text('a = ["居住区", 1.5, true]\n', encoding="utf-8")
    return file


def kept(tmp_path):
    return sorted(p.name for p in (tmp_path / "__pycache__").iterdir())


def test_a_second_reader_has_it_without_parsing(file, parser, tmp_path):
    first = parsed(file, "toml", parser)
    assert parsed(file, "toml", parser) == first == {"a": ["居住区", 1.5, True]}
    assert parser.calls == 1
    assert kept(tmp_path) == [f"words.toml.{sys.implementation.cache_tag}.parsed"]


def test_each_caller_has_its_own(file, parser):
    parsed(file, "toml", parser)
    parsed(file, "toml", parser)["a"].clear()
    assert parsed(file, "toml", parser) == {"a": ["居住区", 1.5, True]}


def test_other_bytes_or_another_parser_are_parsed_anew(file, parser):
    parsed(file, "toml", parser)
    file.write_text("a = 2\n", encoding="utf-8")
    assert parsed(file, "toml", parser) == {"a": 2}
    assert parsed(file, "toml, another", parser) == {"a": 2}
    assert parser.calls == 3


@pytest.mark.parametrize("byte", [0, 20, 25, -1])
def test_what_is_damaged_is_parsed_anew(file, parser, tmp_path, byte):
    parsed(file, "toml", parser)
    [name] = kept(tmp_path)
    place = tmp_path / "__pycache__" / name
    content = bytearray(place.read_bytes())
    content[byte] ^= 1
    place.write_bytes(content)
    assert parsed(file, "toml", parser) == {"a": ["居住区", 1.5, True]}
    place.write_bytes(content[:10])
    assert parsed(file, "toml", parser) == {"a": ["居住区", 1.5, True]}
    assert parser.calls == 3
    parsed(file, "toml", parser)
    assert parser.calls == 3  # and kept whole again


def test_nothing_is_kept_where_python_keeps_no_byte_code(file, parser, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    parsed(file, "toml", parser)
    assert not (tmp_path / "__pycache__").exists()
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / "__pycache__").write_text("a file where the folder would be")
    assert parsed(file, "toml", parser) == {"a": ["居住区", 1.5, True]}


def test_what_cannot_be_kept_is_read_each_time(file, parser, tmp_path):
    file.write_text("day = 2024-11-18\n", encoding="utf-8")  # marshal knows no days
    parsed(file, "toml", parser)
    assert parsed(file, "toml", parser)["day"].isoformat() == "2024-11-18"
    assert parser.calls == 2
    assert not (tmp_path / "__pycache__").exists()


def test_a_file_that_is_not_there_is_said_so(file, parser):
    with pytest.raises(FileNotFoundError):
        parsed(file.with_name("others.toml"), "toml", parser)


def test_a_prefix_for_byte_code_holds_for_it_too(file, parser, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "prefix"))
    parsed(file, "toml", parser)
    assert not (tmp_path / "__pycache__").exists()
    assert list((tmp_path / "prefix").rglob("words.toml.*.parsed"))
