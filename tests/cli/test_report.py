"""``lifecircle report``: the papers of saved results, and what is said without a browser."""

from __future__ import annotations

from lifecircle.outputs.office.browser import VARIABLE


def test_papers_of_saved_results(run, writing, make_study, tmp_path, loaded, monkeypatch):
    home = tmp_path / "out"
    with writing("summary", "chapter"):
        assert run("assess", make_study(), "--out", home, "--quiet").exit_code == 0
    before = {name: (home / name).read_bytes() for name in ("summary.docx", "report.docx")}
    again = run("report", home, "--out", tmp_path / "again", "--json", "--quiet")
    assert again.exit_code == 0, again.output
    files = loaded(again.stdout)["files"]
    assert [file.rpartition("/")[2] for file in files] == [
        *("report.html", "summary.docx", "report.docx"),
    ]
    # judged or read back: the same bytes
    for name, data in before.items():
        assert (tmp_path / "again" / name).read_bytes() == data
    monkeypatch.setenv(VARIABLE, str(tmp_path / "none"))
    refused = run("report", home, "--pdf", "--out", tmp_path / "pdf", "--quiet")
    assert refused.exit_code == 2
    assert VARIABLE in refused.output.replace("\n", "")
    assert not (tmp_path / "pdf").exists()
