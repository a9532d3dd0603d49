"""A batch on a disk that refuses a write: what is finished stays, the rest is told and redone."""

from __future__ import annotations

import errno
import json
import shutil
from functools import cache

import pytest
from typer.testing import CliRunner

from lifecircle.batch import batch
from lifecircle.batch import standing as rests
from lifecircle.batch.roster import read_roster
from lifecircle.batch.standing import finished, standing
from lifecircle.cli import app
from lifecircle.outputs.saved.json_text import write_json_text
from lifecircle.outputs.whole import whole_files

REASONS = {
    errno.ENOSPC: "磁盘空间不足",
    errno.EROFS: "只读",
    errno.EACCES: "无权写入",
    errno.EDQUOT: "磁盘空间不足",
}
SUMS = "province.json"


class Sums(list):
    """What the counties rest on, in place of what they come to."""

    counted_twice = ()


@pytest.fixture
def quick(put_down, here, monkeypatch):  # noqa: ARG001 - writes instead of judging
    """Counties and their sums are not judged but written, in files that take places at once."""

    def summed(of, folder, _):
        with whole_files(folder, last=SUMS) as part:
            write_json_text({"of": list(of)}, part / SUMS)
        return {}

    monkeypatch.setattr(batch, "choose_engine", lambda *_: here())
    gathered = "lifecircle.batch.province.gather_province"
    monkeypatch.setattr(gathered, lambda _, runs, *__: Sums(str(run.standing) for run in runs))
    monkeypatch.setattr("lifecircle.outputs.province.folder.write_province", summed)
    monkeypatch.setattr(batch, "_SAVE_EVERY_S", 0.0)
    monkeypatch.setattr(rests, "_standard", cache(rests._standard))
    monkeypatch.setenv("LIFECIRCLE_LANG", "zh")
    monkeypatch.setenv("COLUMNS", "200")


@pytest.mark.usefixtures("quick")
def test_whatever_write_is_refused_nothing_is_mixed_and_the_next_run_makes_up_for_it(
    counties, tmp_path, on_disk, state_checks
):
    whole, _, shown = state_checks
    home, out = counties("a", "b"), tmp_path / "各县成果"

    def act():
        return CliRunner().invoke(app, ["batch", str(home), "--out", str(out), "-q"])

    def results(folder):
        of = {n: shown(folder / n) for n in "ab" if (folder / n).is_dir()}
        gone = {"manifest.json"}
        return {n: {k: v for k, v in files.items() if k not in gone} for n, files in of.items()}

    assert act().exit_code == 0
    kept, old = shutil.copytree(out, tmp_path / "kept"), results(out)
    for name in "ab":
        ledger = home / name / "设施.csv"
        ledger.write_text(ledger.read_text("utf-8").replace(",30", ",45"), encoding="utf-8")
    now = {errand.name: standing(errand) for errand in read_roster(home)}
    done, seen = on_disk(out, act)
    assert done.exit_code == 0
    new, last = results(out), shown(out / "province")
    told = {0: 0, 1: 0, 2: 0}
    for stop in range(len(seen)):
        number = list(REASONS)[stop % len(REASONS)]
        shutil.rmtree(out)
        shutil.copytree(kept, out)
        done, _ = on_disk(out, act, stop, number)
        about = seen[stop], number, done.output
        told[done.exit_code] += 1
        whole(out)
        stands = results(out)
        fresh = [name for name in "ab" if finished(name, out / name, now[name])]
        for name in "ab":
            assert stands[name] in (old[name], new[name]), about
            assert name not in fresh or stands[name] == new[name], about
        sums = out / "province" / SUMS
        if done.exit_code:
            assert REASONS[number] in done.output.replace("\n", ""), about
        if done.exit_code == 1:  # a county that could not be written; the other goes on
            record = json.loads((out / "batch.json").read_text("utf-8"))
            states = {one["name"]: (one["state"], one["reason"]) for one in record["counties"]}
            assert sorted(states.values()) == [("done", ""), ("failed", "output")], about
            assert fresh == [name for name in "ab" if states[name][0] == "done"], about
            assert json.loads(sums.read_text("utf-8"))["of"], about
        if done.exit_code == 0:
            assert fresh == ["a", "b"], about
        assert not [p for p in out.rglob("*") if p.name.startswith(".")], about
        assert act().exit_code == 0, about
        assert (results(out), shown(out / "province")) == (new, last), about
    assert min(told.values()) > 3
