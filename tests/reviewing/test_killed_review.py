"""A review that is killed at any moment leaves whole files, of one opinion."""

from __future__ import annotations

import json

import lifecircle as lc


def test_an_opinion_is_of_one_review_whenever_it_is_killed(
    reviewed, tmp_path, moments, state_checks
):
    whole, of_one_run, shown = state_checks
    old, new = (
        reviewed("caoxian-2023", [(size, "甲")], file=f"{size}.toml") for size in (120, 160)
    )
    folder, anew = tmp_path / "opinion", tmp_path / "new"
    lc.write_review(old, folder)
    lc.write_review(new, anew)
    runs = [shown(folder), shown(anew)]
    assert runs[0]["review.json"] != runs[1]["review.json"]
    states = moments(folder, lambda: lc.write_review(new, folder))
    assert len(states) > len(runs[1])
    for state in states:
        whole(state)
        mine = of_one_run(state, *runs)
        if (state / "review.json").exists():  # without it the other files are no result
            assert json.loads((state / "review.json").read_text("utf-8"))
            assert shown(state) == runs[mine[0]]
