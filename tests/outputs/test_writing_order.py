"""The order in which outputs are written: always one, whatever the process hashes names to."""

import importlib

import pandas as pd
import pytest

from lifecircle.outputs import OUTPUTS, write_outputs


@pytest.mark.parametrize("only", [None, ("json", "gpkg"), ("map", "summary", "report", "json")])
def test_report_first_then_as_listed_and_the_json_last(shared_sample, tmp_path, monkeypatch, only):
    written = []

    def writer(name):
        def write(*given, **_):
            written.append(name)
            given[1].write_text(name)

        return write

    monkeypatch.setattr("lifecircle.outputs._checksums", lambda *_: {})
    for name, (_, module, function) in OUTPUTS.items():
        monkeypatch.setattr(importlib.import_module(module), function, writer(name))
    found = write_outputs(shared_sample, tmp_path, only=only)
    chosen = [name for name in OUTPUTS if only is None or name in only]
    between = [name for name in chosen if name not in {"report", "json"}]
    ends = [[name] if name in chosen else [] for name in ("report", "json")]
    assert written == [*ends[0], *between, *ends[1]]
    assert list(found) == chosen


def test_text_of_tables_is_pythons_while_files_are_written(shared_sample, tmp_path, monkeypatch):
    """Where pyarrow is installed pandas would copy every text into Arrow's arrays and out again."""
    kept = []

    def write(_, path, **__):
        kept.append(pd.Series(["文"], dtype="str").dtype.storage)
        path.write_text("")

    monkeypatch.setattr(importlib.import_module(OUTPUTS["report"][1]), "write_report", write)
    before = pd.Series(["文"], dtype="str").dtype.storage
    write_outputs(shared_sample, tmp_path, only=["report"])
    assert kept == ["python"]
    assert pd.Series(["文"], dtype="str").dtype.storage == before
