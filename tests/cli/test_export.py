"""``lifecircle export``: what is handed over, and what it says when it cannot."""

from __future__ import annotations

import lifecircle as lc


def test_findings_and_layers_of_saved_results(run, make_study, loaded, tmp_path):
    saved = tmp_path / "saved"
    lc.write_outputs(lc.assess(lc.read_study(make_study())), saved, ["json", "gpkg"])
    result = run("export", saved, "--csv", "--evidence", "--json")
    files = loaded(result.stdout)["files"]
    assert list(files) == ["evidence", "csv"]
    assert (saved / "handover" / "findings.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    result = run("export", saved, "--shapefile", "-o", tmp_path / "o", "-q")
    assert result.exit_code == 0, result.output
    assert "矢量数据（shapefile，GBK）" in result.output
    (folder,) = (tmp_path / "o").iterdir()
    assert (folder / "residential.shp").is_file()


def test_field_sheets_are_refused_before_anything_is_judged(run, make_study, tmp_path, monkeypatch):
    def nothing(*_, **__):
        raise AssertionError

    monkeypatch.setattr("lifecircle.cli.handing.export.result_of", nothing)
    result = run("export", make_study(), "--field", "--font", tmp_path / "no.ttf")
    assert result.exit_code == 2
    assert "no.ttf" in result.output
