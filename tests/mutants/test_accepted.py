"""What is accepted speaks of the code as it is: a line that went, or changed, is taken off."""

from __future__ import annotations

import tomllib
from pathlib import Path

HERE = Path(__file__).parent
PACKAGE = HERE.parents[1] / "coverage" / "lifecircle"
ACCEPTED = tomllib.loads((HERE / "accepted.toml").read_text("utf-8"))["mutant"]


def test_every_accepted_mutant_is_of_a_line_that_stands():
    for one in ACCEPTED:
        lines = (PACKAGE / one["module"]).read_text("utf-8").splitlines()
        assert one["line"] in [line.strip() for line in lines], one
        assert one["becomes"] != one["line"]


def test_every_accepted_mutant_has_one_reason():
    assert all(len(one["why"]) > 20 for one in ACCEPTED)
    named = [(one["module"], one["line"], one["becomes"]) for one in ACCEPTED]
    assert len(set(named)) == len(named)
