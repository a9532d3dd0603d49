"""The reference page says what the program does now, and names every key."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from lifecircle.intake.settings.schema import Document, LayerList, keys_at
from lifecircle.texts import LANGUAGES

DOCS = Path(__file__).parents[1] / "docs"


@pytest.fixture(scope="module")
def reference():
    spec = importlib.util.spec_from_file_location("build_reference", DOCS / "build_reference.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_current(reference, language):
    said = (DOCS / reference.NAMES[language]).read_text(encoding="utf-8")
    assert said == reference.page(language), "make reference"


def test_every_key_of_the_study_file_is_on_it(reference):
    page = reference.page("en")
    tables = [(name,) for name in Document.model_fields if name not in {"parameters", "readings"}]
    tables += [("layers", name) for name in LayerList.model_fields]
    for table in tables:
        for key in keys_at(table) if table != ("layers",) else ():
            assert f"| `{key}` |" in page, (table, key)
