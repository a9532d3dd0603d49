"""What a batch prints at its end."""

from __future__ import annotations

import pytest

from lifecircle.cli.many.summary import print_summary
from lifecircle.model.results.county_run import CountyRun, RunState


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("zh", "▲ 有 1 个县区的文件夹里仍是以前的成果，不是这一次的，未计入汇总：乙县"),
        ("en", "▲ the folder of this county still holds the result of an earlier run, "),
    ],
)
def test_an_earlier_result_of_a_county_that_failed_is_told(
    monkeypatch, capsys, tmp_path, language, told
):
    """甲县 is done, 乙县 failed and has its result of last year, 丙县 failed and has none."""
    monkeypatch.setenv("LIFECIRCLE_LANG", language)
    states = {"甲县": RunState.DONE, "乙县": RunState.FAILED, "丙县": RunState.FAILED}
    for name in ("甲县", "乙县"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "assessment.json").write_text("{}", encoding="utf-8")
    runs = [CountyRun(name, state) for name, state in states.items()]
    print_summary(runs, tmp_path, {}, stopped=False)
    [line] = [said for said in capsys.readouterr().out.splitlines() if said.startswith("▲")]
    assert line.startswith(told)
    assert line.endswith("乙县")
    (tmp_path / "乙县" / "assessment.json").unlink()
    print_summary(runs, tmp_path, {}, stopped=False)
    assert "▲" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("language", "told"), [("zh", "区划代码、口径和情景都相同"), ("en", "the same county")]
)
def test_results_that_are_summed_twice_are_told(monkeypatch, capsys, tmp_path, language, told):
    """A copy of a county's folder stands beside it in the folder of the list."""
    monkeypatch.setenv("LIFECIRCLE_LANG", language)
    print_summary([], tmp_path, {}, stopped=False, twice=[("曹县", "曹县 - 副本")])
    [line] = [said for said in capsys.readouterr().out.splitlines() if said.startswith("▲")]
    assert told in line
    for name in ("曹县", "曹县 - 副本"):
        assert name in line
