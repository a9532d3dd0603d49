"""What keeps a county from its result is told in the reader's language, whoever ran the batch."""

from __future__ import annotations

import copy
import re

import pytest

from lifecircle.batch.troubles import troubled
from lifecircle.errors import StandardError, UnknownNameError
from lifecircle.standards import read_standard
from lifecircle.texts import LANGUAGES

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def refused(tmp_path, language):
    path = tmp_path / "own.toml"
    path.write_text('id = "own"\ninherits = "caoxian-2022"\nforce = 3\n', encoding="utf-8")
    with pytest.raises((StandardError, UnknownNameError)) as caught:
        read_standard(path, language)
    return caught.value


@pytest.mark.parametrize("first", LANGUAGES)
def test_mistakes_of_a_document_are_told_in_each_language(tmp_path, first):
    error = refused(tmp_path, first)
    assert isinstance(error, StandardError)
    for error_ in (error, copy.copy(error)):  # by the way that a worker's comes
        run = troubled("甲县", error_, tmp_path, first)
        assert len(run.spoken["en"]) == len(run.spoken["zh"]) > 1
        assert all(CHINESE.search(line) for line in run.spoken["zh"])
        assert not any(CHINESE.search(line) for line in run.spoken["en"])
        assert run.lines == run.spoken[first]


def test_a_name_that_is_not_known_is_told_in_each_language(tmp_path):
    error = UnknownNameError("standard", "caoxian-2022", ["caoxian-2023", "weishan-2023"])
    run = troubled("甲县", error, tmp_path, "zh")
    assert run.reason == "name"
    (chinese,), (english,) = run.spoken["zh"], run.spoken["en"]
    assert chinese.startswith("没有这个标准：“caoxian-2022”。可选：caoxian-2023、weishan-2023")
    assert chinese.endswith("是不是想写：caoxian-2023")
    assert english.startswith("there is no standard 'caoxian-2022'. Known: caoxian-2023")
    assert english.endswith("Did you mean: caoxian-2023")
