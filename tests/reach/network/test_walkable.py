from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lifecircle.model.inputs.street_words import words
from lifecircle.model.inputs.walkable import (
    Folded,
    Passage,
    post_passage,
    tag,
    tagged,
    unknown_words,
    way_passage,
)
from lifecircle.reach.network.walkable import way_use

LISTED = (
    words("highway", "walked", "never", "unless_allowed")
    | words("access", "allowed", "open", "private", "shut")
    | words("posts", "bars", "doors", "half", "low")
    | words("states", "used", "barred")
)


@pytest.mark.parametrize(
    ("tags", "walked"),
    [
        ({}, True),
        ({"highway": "residential"}, True),
        ({"highway": "residential", "oneway": "yes"}, True),
        ({"highway": "footway"}, True),
        ({"highway": "trunk"}, True),
        ({"highway": "trunk", "foot": "no"}, False),
        ({"highway": "motorway", "foot": "yes"}, False),
        ({"highway": "motorway_link"}, False),
        ({"highway": "construction"}, False),
        ({"highway": "proposed"}, False),
        ({"highway": "service", "access": "private"}, False),
        ({"highway": "service", "access": "no"}, False),
        ({"highway": "service", "access": "private", "foot": "yes"}, True),
        ({"highway": "service", "access": "no", "foot": "designated"}, True),
        ({"highway": "service", "access": "no", "foot": "permissive"}, True),
        ({"highway": "service", "access": "destination"}, True),
        ({"highway": "path", "foot": "private"}, False),
        ({"highway": "primary", "motorroad": "yes"}, False),
        ({"highway": "footway", "foot": " No "}, False),
        ({"highway": "Footway"}, True),
        ({"highway": "demolished"}, False),
        ({"highway": "residential", "state": "disused"}, False),
        ({"highway": "支路"}, False),  # the reader translates; no reader left it so
        ({"highway": "residential", "state": "现状"}, True),
        ({"highway": "residential", "state": "规划"}, False),
        ({"highway": "service", "access": "emergency"}, False),
        ({"highway": "service", "access": "emergency", "foot": "yes"}, True),
        ({"highway": "track", "access": "agricultural;forestry"}, False),
        ({"highway": "service", "access": "yes;no"}, False),
        ({"highway": "service", "access": "no;yes"}, False),
        ({"highway": "footway;steps"}, True),
        ({"highway": "motorway;motorway_link"}, False),
        ({"highway": "busway"}, False),
        ({"highway": "busway", "foot": "yes"}, True),
        ({"highway": "trunk", "expressway": "yes"}, False),
        ({"highway": "trunk", "expressway": "yes", "foot": "yes"}, True),
        ({"highway": "trunk", "tunnel": "yes", "sidewalk": "no"}, False),
        ({"highway": "trunk", "sidewalk": "no"}, True),
        ({"highway": "footway", "oneway:foot": "yes"}, True),  # in one direction
        ({"highway": "steps", "conveying": "yes"}, False),  # nobody knows in which
        ({"route": "ferry"}, False),  # carried, not walked
        ({"route": "ferry", "foot": "yes"}, False),
    ],
)
def test_who_walks_where(tags, walked):
    assert way_use(pd.DataFrame([tags], index=[0])).walked.tolist() == [walked]


def test_steps_and_ferries_are_known():
    use = way_use(
        pd.DataFrame(
            {
                "highway": ["steps", "steps", None, "path"],
                "foot": [None, "no", None, None],
                "route": [None, None, "ferry", None],
            }
        )
    )
    assert use.walked.tolist() == [True, False, False, True]
    assert use.steps.tolist() == [True, False, False, False]
    assert use.ferry.tolist() == [False, False, True, False]


def test_lines_without_tag_columns_are_all_walked():
    use = way_use(pd.DataFrame(index=range(3)))
    assert use.walked.tolist() == [True] * 3
    assert not use.ferry.any()
    assert way_use(pd.DataFrame(index=range(0))).walked.shape == (0,)


@pytest.mark.parametrize(
    ("tags", "ahead", "back"),
    [
        ({"oneway": "yes"}, (True, True), (True, True)),  # binds vehicles
        ({"oneway:foot": "yes"}, (True, True), (False, False)),
        ({"oneway:foot": "-1"}, (False, False), (True, True)),
        ({"oneway:foot": "no"}, (True, True), (True, True)),
        ({"oneway:foot": "alternating"}, (False, True), (False, True)),
        ({"conveying": "forward"}, (True, True), (False, False)),
        ({"conveying": "backward"}, (False, False), (True, True)),
        ({"conveying": "reversible"}, (False, True), (False, True)),
        ({"foot:backward": "no"}, (True, True), (False, False)),
        ({"foot": "no", "oneway:foot": "yes"}, (False, False), (False, False)),
    ],
)
def test_the_directions_that_bind_people_on_foot(tags, ahead, back):
    row = pd.DataFrame([{"highway": "footway", **tags}])
    certain, possible = (way_use(row, possible=p) for p in (False, True))
    assert (bool(certain.ahead[0]), bool(possible.ahead[0])) == ahead
    assert (bool(certain.back[0]), bool(possible.back[0])) == back


@pytest.mark.parametrize(
    ("tags", "who"),
    [
        ({"barrier": "gate"}, Passage.OPEN),
        ({"barrier": "gate", "locked": "yes"}, Passage.SHUT),
        ({"barrier": "gate", "locked": "Yes "}, Passage.SHUT),
        ({"barrier": "gate", "locked": "yes", "foot": "yes"}, Passage.UNKNOWN),
        ({"barrier": "gate", "access": "private"}, Passage.PRIVATE),
        ({"barrier": "gate", "access": "private", "foot": "yes"}, Passage.OPEN),
        ({"barrier": "gate", "access": "no"}, Passage.SHUT),
        ({"barrier": "gate", "foot": "no", "access": "yes"}, Passage.SHUT),
        ({"barrier": "gate", "access": "whoever"}, Passage.UNKNOWN),
        ({"barrier": "turnstile", "access": "no"}, Passage.SHUT),
        ({"barrier": "lift_gate", "locked": "yes"}, Passage.UNKNOWN),
        ({"barrier": "bollard", "locked": "yes"}, Passage.OPEN),
        ({"barrier": "wall"}, Passage.SHUT),
        ({"barrier": "fence", "foot": "yes"}, Passage.SHUT),
        ({"barrier": "yes"}, Passage.UNKNOWN),
        ({"barrier": "debris"}, Passage.UNKNOWN),
        ({"barrier": "no"}, Passage.OPEN),
    ],
)
def test_who_passes_a_post(tags, who):
    assert post_passage(pd.DataFrame([tags]))[0] == who


OUTSIDE = st.text("abcdefghijklmnopqrstuvwxyz_路桥", min_size=4, max_size=12).map(lambda w: f"{w}x")


@given(word=OUTSIDE, key=st.sampled_from(["highway", "state", "foot", "access", "motorroad"]))
def test_a_word_in_no_list_is_neither_walked_nor_barred(word, key):
    row = pd.DataFrame([{"highway": "footway", key: word}])
    assume(word not in LISTED)
    certain, possible = (way_use(row, possible=p) for p in (False, True))
    assert (bool(certain.walked[0]), bool(possible.walked[0])) == (False, True)
    assert [text for _, text in unknown_words(row)] == [f"{key}={word}"]


@given(word=OUTSIDE, key=st.sampled_from(["barrier", "foot", "access", "locked"]))
def test_a_post_of_a_word_in_no_list_is_not_known(word, key):
    assume(word not in LISTED)
    row = pd.DataFrame([{"barrier": "gate", key: word}])
    assert post_passage(row)[0] == Passage.UNKNOWN


def test_tags_folded_once_say_what_the_table_says():
    """A column is folded when it is first asked for, and never again."""
    tags = pd.DataFrame(
        {"highway": ["Footway ", "motorway", None, "steps"], "foot": [None, "yes", "NO", "odd"]},
        dtype=object,
    )
    folded = Folded.of(tags)
    assert Folded.of(folded) is folded
    assert len(folded) == 4
    assert tag(folded, "highway").tolist() == ["footway", "motorway", "", "steps"]
    assert tag(folded, "access").tolist() == [""] * 4
    assert folded.words("foot") is folded.words("foot")
    who = [Passage.OPEN, Passage.SHUT, Passage.SHUT, Passage.UNKNOWN]
    assert way_passage(folded).tolist() == way_passage(tags).tolist() == who


def test_a_word_is_asked_once_for_all_rows_that_have_it():
    tags = pd.DataFrame({"highway": ["Steps ", None, "path", "steps", "path;STEPS"]}, dtype=object)
    asked = []

    def stair(word):
        asked.append(word)
        return "steps" in word

    assert tagged(tags, "highway", stair).tolist() == [True, False, False, True, True]
    assert sorted(asked) == ["", "path", "path;steps", "steps", "steps"]
    assert tagged(tags, "route", lambda word: word == "").tolist() == [True] * 5
