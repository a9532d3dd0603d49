"""A batch that is killed at any moment says which counties are of this run, and mixes none."""

from __future__ import annotations

import json

import pytest

from lifecircle.batch.batch import PROVINCE, run_batch
from lifecircle.batch.roster import read_roster
from lifecircle.batch.standing import finished, standing
from lifecircle.outputs.saved.json_text import write_json_text


@pytest.mark.usefixtures("put_down")
def test_a_killed_batch_mixes_no_runs_without_saying_so(
    here, counties, tmp_path, moments, state_checks
):
    whole, _, shown = state_checks
    home, out = counties("a", "b"), tmp_path / "out"

    def run():
        runs = run_batch(read_roster(home), out, here())
        write_json_text({"of": [run.standing for run in runs]}, out / PROVINCE / "province.json")

    def results(name):
        return {
            key.removeprefix(f"{name}/"): value
            for key, value in shown(out).items()
            if key.startswith(f"{name}/") and not key.endswith("manifest.json")
        }

    run()
    old = {name: results(name) for name in "ab"}
    for name in "ab":
        ledger = home / name / "设施.csv"
        ledger.write_text(ledger.read_text("utf-8").replace(",30", ",45"), encoding="utf-8")
    now = {errand.name: standing(errand) for errand in read_roster(home)}
    states = moments(out, run)
    new = {name: results(name) for name in "ab"}
    assert len(states) > 12
    for state in states[1:]:
        whole(state)
        fresh = [n for n in "ab" if finished(n, state / n, now[n])]
        record = json.loads((state / "batch.json").read_text("utf-8"))
        done = {one["name"] for one in record["counties"] if one["standing"] in now.values()}
        assert done <= set(fresh)
        begun = False
        for name in "ab":
            mine = {k: v for k, v in shown(state / name).items() if k != "manifest.json"}
            assert any(mine.items() <= run.items() for run in (old[name], new[name]))
            assert name not in fresh or mine == new[name]
            begun |= mine != old[name]
        # once a county is touched, what is told is of this run alone
        told = {one["name"] for one in record["counties"] if one["state"] == "done"}
        assert not begun or told <= set(fresh)
        sums = (state / PROVINCE / "province.json").exists()
        assert not sums or not begun or fresh == ["a", "b"]
    assert (states[-1] / "province" / "province.json").exists()
