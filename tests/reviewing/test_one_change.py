"""One measure, told once: changes of the same rooms that cure several clauses."""

from lifecircle.outputs.opinion.verdicts import needed


def test_of_two_changes_of_one_room_the_one_that_cures_both_is_told(reviewed, row):
    """1500 dwellings ask for 450 m²: 250 count and 199 do not.

    Enlarged by 1 m² they do; put together with the 250 they are 449, 1 short.
    """
    review = reviewed("jinxiang-2023", [(250, "1"), (199, "2")], households=1500)
    quota, single = row(review, "JX-03"), row(review, "JX-04")
    assert quota.remedy == single.remedy
    assert (quota.remedy.params["from_m2"], quota.remedy.params["to_m2"]) == (199, 200)
    assert (quota.cures, single.cures) == (("JX-04",), ("JX-03",))


def test_a_plan_without_rooms_is_asked_for_them_once(reviewed, row):
    """The 200 m² that JX-03 asks for are the rooms that JX-08 misses beside the dwellings."""
    review = reviewed("jinxiang-2023", [])
    assert row(review, "JX-03").cures == ("JX-08",)
    missed = [c for c in review.clauses if c.decides and str(c.status) == "deficient"]
    assert [c.id for c in needed(missed)] == ["JX-03"]
