"""A desk after any edits equals assessing the edited study, table by table."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import lifecircle as lc
from lifecircle.case.bench import open_bench
from lifecircle.counting.projects import leads
from lifecircle.model.dictionary import unread
from lifecircle.model.results.result_columns import LAYER_COLUMNS

X0, Y0 = 500_000.0, 3_850_000.0
FACILITIES = ("F1", "F2", "F3", "F4", "F5", "F6")
AREAS = ("R1", "R2", "R5", "R9")
PLACE = st.tuples(st.integers(-200, 14_000), st.integers(-50, 300))

EDIT = st.one_of(
    st.builds(
        lambda n, kind, at: lc.AddFacility(
            f"N{n}", "新站", (kind,), X0 + at[0], Y0 + at[1], {"floor_area_m2": 300.0}
        ),
        st.integers(1, 9),
        st.sampled_from(["day_care", "canteen", "nursing_institution"]),
        PLACE,
    ),
    st.builds(
        lambda one, at: lc.MoveFacility(one, X0 + at[0], Y0 + at[1]),
        st.sampled_from(FACILITIES),
        PLACE,
    ),
    st.builds(lc.RemoveFacility, st.sampled_from(FACILITIES)),
    st.builds(
        lambda one, m2: lc.ChangeFacility(one, floor_area_m2=m2),
        st.sampled_from(FACILITIES),
        st.sampled_from([None, 0.0, 120.0, 900.0]),
    ),
    st.builds(
        lambda one, stage: lc.ChangeFacility(one, stage=stage),
        st.sampled_from(FACILITIES),
        st.sampled_from([None, "idle", "in_use", "planned"]),
    ),
    st.builds(
        lambda one, name: lc.ChangeFacility(one, name=name),
        st.sampled_from(FACILITIES),
        st.sampled_from(["R4日间照料中心", "R8日间照料中心"]),
    ),
    st.builds(
        lambda one, homes: lc.ChangeArea(one, households=homes),
        st.sampled_from(AREAS),
        st.sampled_from([None, 0, 90, 700]),
    ),
    st.builds(
        lambda one, project: lc.ChangeArea(one, project=project),
        st.sampled_from(AREAS),
        st.sampled_from([None, "P1"]),
    ),
    st.builds(
        lambda one, age: lc.ChangeArea(one, age_class=age),
        st.sampled_from(AREAS),
        st.sampled_from([None, "new", "old"]),
    ),
)


def assert_alike(one, other):
    for name in ("clauses", "problems", "banners", "hosts", "exemptions", "settlements", "brief"):
        assert getattr(one, name) == getattr(other, name), name
    for name in ("findings", "reach", "allocation", "provision", "remedies", "stages"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), obj=name)
    for name in LAYER_COLUMNS:
        pd.testing.assert_frame_equal(one.layers[name], other.layers[name], obj=name)
    for name in ("sensitivity", "curves", "switches"):
        assert getattr(one, name) == getattr(other, name), name


def let_off(whom):
    """Return exemptions from CX-03 of areas, of some of which the end cannot be read."""
    columns = ["id", "clause", "reason", "reference", "until", unread("until")]
    rows = [(area, "CX-03", "改造", "会议纪要", None, open_) for area, open_ in whom.items()]
    return pd.DataFrame(rows, columns=columns)


@settings(deadline=None, max_examples=3)
@given(
    edits=st.lists(EDIT, min_size=1, max_size=4),
    view=st.sampled_from(["now", "plan"]),
    whom=st.dictionaries(st.sampled_from(["R3", *AREAS]), st.booleans(), max_size=2),
)
@example([lc.ChangeArea("R2", project="P1"), lc.RemoveFacility("F1")], "now", {"R1": True})
def test_a_desk_equals_assessing_the_edited_study(town, edits, view, whom):
    desk = lc.what_if(town(exemptions=let_off(whom)), standards=["caoxian-2023"], view=view)
    for edit in edits:
        try:
            desk.apply(edit)
        except (lc.EditError, KeyError):  # removed or added before
            continue
    assert_alike(desk.assessment, lc.assess(desk.study, standards=["caoxian-2023"], view=view))


def said_under(bench, clause):
    """Return area → all that the whole account of a bench says of it under a clause, in words."""
    anew = open_bench(bench.case, bench.rules.standard, arranging=False)
    account = anew.account
    frame = account.frame.reset_index(names=["residential", "clause"])
    said = {}
    for area, lead in leads(anew.bare.areas).items():
        row, *rest = (
            table[(table["residential"] == lead) & (table["clause"] == clause)].to_dict("records")
            for table in (frame, account.places, account.allocation)
        )
        said[area] = repr([row, rest, account.notes.get(lead)]) if row else ""
    return said


@settings(deadline=None, max_examples=4)
@given(edits=st.lists(EDIT, min_size=1, max_size=4), view=st.sampled_from(["now", "plan"]))
@example([lc.ChangeFacility("F2", stage=one) for one in ("planned", "idle")], "now")  # a note alone
@example([lc.ChangeFacility("F3", floor_area_m2=one) for one in (None, 220.0, 221.0)], "now")
@example([lc.ChangeArea(one, project="P1") for one in ("R1", "R2")], "now")  # phases of one
def test_of_an_account_drawn_up_in_part_what_is_said_otherwise_is_told(town, edits, view):
    desk = lc.what_if(town(), standards=["caoxian-2023"], view=view)
    quotas = [rule for rule in desk._now.benches[0].rules.of("provision") if rule.value]
    was = {rule.id: said_under(desk._now.benches[0], rule.id) for rule in quotas}
    for edit in edits:
        try:
            desk.apply(edit)
        except (lc.EditError, KeyError):  # removed or added before
            continue
        bench = desk._now.benches[0]
        for rule in quotas:
            now = said_under(bench, rule.id)
            others = {area for area, told in now.items() if told != was[rule.id][area]}
            was[rule.id] = now
            if bench.redrawn is not None:
                assert set(bench.redrawn.areas_of(rule)) == others, rule.id


def test_a_note_that_is_another_beside_the_same_m2_is_told(town):
    desk = lc.what_if(town(), standards=["caoxian-2023"])
    reasons = []
    for stage in ("planned", "idle"):  # its 30 m² count in neither
        desk.apply(lc.ChangeFacility("F2", stage=stage))
        found = desk.assessment.findings.set_index(["clause", "id"]).loc[("CX-03", "R3")]
        reasons.append(found["reason"].params["notes"])
        assert_alike(desk.assessment, lc.assess(desk.study, standards=["caoxian-2023"]))
    assert reasons[0] != reasons[1]


def test_what_could_be_arranged_is_told_though_the_account_was_known_without(town):
    # the last edit changes nothing: the account before it is taken, and then asked for more
    desk = lc.what_if(town(), standards=["caoxian-2023"])
    desk.apply(lc.MoveFacility("F6", X0 + 320.0, Y0 + 122.0))
    desk.apply(lc.ChangeFacility("F1", floor_area_m2=None))
    desk.apply(lc.ChangeFacility("F1", floor_area_m2=None))
    asked = lc.assess(desk.study, standards=["caoxian-2023"])
    assert_alike(desk.assessment, asked)
    assert any("adjustable" in flags for flags in asked.findings["flags"])


def test_a_step_back_is_the_result_before_and_forward_the_one_after(town):
    desk = lc.what_if(town(), standards=["caoxian-2023", "weishan-2023"])
    before = desk.assessment
    assert (desk.edits, desk.undo(), desk.redo()) == ((), False, False)
    one, two = lc.RemoveFacility("F1"), lc.ChangeArea("R1", households=10)
    desk.apply(one, two)
    after = desk.assessment
    assert (desk.edits, desk.undo()) == ((one, two), True)
    assert desk.assessment is before
    assert (desk.edits, desk.redo()) == ((), True)
    assert desk.assessment is after
    assert_alike(after, lc.assess(desk.study, standards=["caoxian-2023", "weishan-2023"]))
    desk.undo()
    desk.apply(lc.RemoveFacility("F2"))
    assert desk.redo() is False


def test_what_came_out_otherwise_is_named(town):
    desk = lc.what_if(town(), standards=["caoxian-2023"])
    assert desk.changed == lc.assessing.desk.Changed((), (), (), ())
    rows = desk.assessment.layers["residential"]
    home = rows.index[0]
    desk.apply(lc.ChangeArea(home, households=float(rows.at[home, "households"]) + 1000))
    assert home in desk.changed.areas
    assert desk.changed.clauses
    desk.apply(lc.ChangeArea(home, households=float(rows.at[home, "households"])))
    assert desk.changed.areas == ()
    assert "edited" in desk.assessment.banners  # its words: it is no plain result


@pytest.fixture(scope="module")
def untouched(town):
    """A desk at which nothing can be edited: every refusal leaves it as it was for the next."""
    return lc.what_if(town(), standards=["caoxian-2023"])


@pytest.mark.parametrize(
    ("edit", "error"),
    [
        (lc.MoveFacility("没有", X0, Y0), KeyError),
        (lc.ChangeArea("没有", households=1), KeyError),
        (lc.ChangeFacility("F1", 面积=1), KeyError),
        (lc.ChangeFacility("F1", stage="拆"), KeyError),
        (lc.ChangeFacility("F1", kinds=["没有"]), KeyError),
        (lc.ChangeFacility("F1", kinds=["named_care_home"]), KeyError),  # what a name says alone
        (lc.ChangeFacility("F1", id="F2"), KeyError),
        (lc.ChangeFacility("F1", floor_area_m2="大"), ValueError),
        (lc.ChangeFacility("F1", floor_area_m2=-1), ValueError),
        (lc.ChangeFacility("F1", floor_area_m2=float("nan")), ValueError),
        (lc.ChangeFacility("F1", registered="是"), ValueError),
        (lc.MoveFacility("F1", float("nan"), Y0), ValueError),
        (lc.AddFacility("F1", "又一个", ("day_care",), X0, Y0), ValueError),
    ],
)
def test_an_edit_that_cannot_be_made_changes_nothing(untouched, edit, error):
    desk, before = untouched, untouched.assessment
    with pytest.raises(error):
        desk.apply(lc.RemoveFacility("F2"), edit)
    assert desk.edits == ()
    assert desk.assessment is before
    assert "F2" in desk.study.facilities.frame.index


def test_saved_edits_are_read_back_and_judge_the_same(town, tmp_path):
    study = town()
    edits = (
        lc.AddFacility("N1", "新站", ("day_care",), X0, Y0, {"floor_area_m2": 300.0}),
        lc.MoveFacility("F1", X0 + 5.5, Y0),
        lc.RemoveFacility("F2"),
        lc.ChangeFacility("F3", stage="idle", kinds=["canteen"], registered=None),
        lc.ChangeArea("R1", households=10.0, accepted_on=dt.date(2024, 6, 30)),
    )
    desk = lc.what_if(study, standards=["caoxian-2023"])
    desk.apply(*edits)
    place = str(tmp_path / "e.json")  # as text, as docs/what-if.md has it
    file = lc.write_edits(desk.edits, place, study=study.name, crs=study.crs)
    assert file == tmp_path / "e.json"
    document, found = lc.read_edits(file)
    assert (document.study, document.crs) == (study.name, study.crs)
    again = lc.assess(lc.edited(study, found), standards=["caoxian-2023"])
    assert_alike(again, desk.assessment)
    assert lc.write_edits(
        found, tmp_path / "f.json", study=study.name, crs=study.crs
    ).read_bytes() == (file.read_bytes())
